"""Where everything on the till stands: one frame, three columns, worked out once for a window's size.

Explicit rectangles, not box layouts: those overlap fixed heights silently when the sum does not fit, and
the same rectangles in every state are the point of the frame.
"""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRect

from ui.theme.metrics import Metrics


class Frame(Struct, frozen=True):
    """The rectangles of one window size, px. `last_sales` is empty in the compact layout."""

    header: QRect
    who: QRect
    bill: QRect
    reward: QRect
    pay: QRect
    actions: QRect
    last_sales: QRect
    keys: QRect

    @classmethod
    def of(cls, metrics: Metrics) -> Frame:
        """Return the frame for these measures."""
        top = metrics.header_height
        height = metrics.height - top - metrics.bottom_margin
        gap = metrics.panel_gap
        money_left = metrics.side_margin + metrics.who_width + metrics.column_gap
        keys_left = money_left + metrics.money_width + metrics.column_gap
        last_sales = QRect(keys_left, top, metrics.keys_width, metrics.last_sales_height)
        keys_top = top + (metrics.last_sales_height + gap if metrics.last_sales_height else 0)

        def money(at: int, high: int) -> QRect:
            return QRect(money_left, at, metrics.money_width, high)

        reward_top = top + metrics.bill_height + gap
        pay_top = reward_top + metrics.reward_height + gap
        actions_top = pay_top + metrics.pay_height + gap
        return cls(
            header=QRect(0, 0, metrics.width, metrics.header_height),
            who=QRect(metrics.side_margin, top, metrics.who_width, height),
            bill=money(top, metrics.bill_height),
            reward=money(reward_top, metrics.reward_height),
            pay=money(pay_top, metrics.pay_height),
            actions=money(actions_top, metrics.action_height),
            last_sales=last_sales,
            keys=QRect(keys_left, keys_top, metrics.keys_width, top + height - keys_top),
        )
