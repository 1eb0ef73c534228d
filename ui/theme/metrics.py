"""Every measure of the frame, worked out from the window's size. Knows no Qt."""

from enum import Enum
from math import floor

from msgspec import Struct

from ui.theme.tokens import AMOUNT_STEPS, RADIUS_CONTROL, RADIUS_FIELD, RADIUS_KEYCAP, RADIUS_PANEL

_REGULAR_SIZE = (1280, 800)
_COMPACT_SIZE = (1024, 600)
_REGULAR_LEAST = (1200, 720)
_TIGHT_BELOW = 760
_LOW_BELOW = 560
_THREE_REWARDS_FROM = 790
_BIG_HERO_FROM = 1.25


class Layout(Enum):
    """Which of the two arrangements the window has room for."""

    COMPACT = "compact"
    REGULAR = "regular"


class Metrics(Struct, frozen=True, kw_only=True):
    """The measures for one window size, all in logical px and already multiplied by `factor`."""

    width: int
    height: int
    layout: Layout
    factor: float  # k in the specification
    tight: bool  # regular, but too low for the full reward panel
    low: bool  # compact, but too low for its measures: something stands below the till

    # the grid
    header_height: int
    banner_height: int
    side_margin: int
    bottom_margin: int
    column_gap: int
    panel_gap: int
    who_width: int
    money_width: int
    keys_width: int
    scan_height: int
    bill_height: int
    reward_height: int
    pay_height: int
    action_height: int
    esc_width: int
    panel_padding: int
    last_sales_height: int  # 0: not shown in this layout
    keypad_gap: int
    choice_height: int
    reward_row_height: int
    other_rewards: int  # how many the member card shows
    drawer_width: int

    # type, in px
    hero: int
    word: int
    figure: int
    balance: int
    balance_unit: int
    title: int
    title_large: int
    label: int
    label_large: int
    label_small: int  # titles of small panels
    button: int
    button_second: int  # Esc and its like
    button_large: int  # the primary
    body: int
    body_large: int
    digits: int  # typed digits in the scan field
    keypad_digit: int
    keycap: int
    badge: int

    @classmethod
    def of(cls, width: int, height: int, text_scale: float = 1.0) -> "Metrics":
        """Return the measures for a window of this inner size; text_scale is the 1.0 to 1.5 setting."""
        layout, factor = _layout_and_factor(width, height, text_scale)
        compact = layout is Layout.COMPACT
        tight = not compact and height / factor < _TIGHT_BELOW
        low = compact and height / factor < _LOW_BELOW

        def px(small: float, large: float) -> int:
            return round((small if compact else large) * factor)

        side_margin, column_gap, panel_gap = px(16, 24), px(16, 20), px(8, 12)
        columns = width - 2 * side_margin - 2 * column_gap
        who = px(316, 0) if compact else round(columns * 0.31208)
        keys = px(240, 0) if compact else round(columns * 0.2349)
        header, bottom = px(48 if low else 52, 64), px(16, 24)
        reward = px(196, 236 if tight else 264)
        bill, action = px(64 if low else 76, 104), px(56 if low else 64, 76)
        return cls(
            width=width,
            height=height,
            layout=layout,
            factor=factor,
            tight=tight,
            low=low,
            header_height=header,
            banner_height=px(40, 44),
            side_margin=side_margin,
            bottom_margin=bottom,
            column_gap=column_gap,
            panel_gap=panel_gap,
            who_width=who,
            money_width=columns - who - keys,
            keys_width=keys,
            scan_height=px(48 if low else 56, 68),
            bill_height=bill,
            reward_height=reward,
            pay_height=height - header - bottom - bill - reward - action - 3 * panel_gap,
            action_height=action,
            esc_width=px(140, 152),
            panel_padding=px(16, 24),
            last_sales_height=px(0, 160),
            keypad_gap=px(8, 8),
            choice_height=px(48, 56),
            reward_row_height=px(48, 52),
            other_rewards=3 if not compact and height / factor >= _THREE_REWARDS_FROM else 2,
            drawer_width=width if compact else min(width, px(0, 820)),
            hero=px(80, 96 if tight else 124 if factor >= _BIG_HERO_FROM else 104),
            word=px(52, 64 if tight else 72),
            figure=px(36, 44),
            balance=px(40, 48),
            balance_unit=px(20, 24),
            title=px(20, 24),
            title_large=px(22, 26),
            label=px(18, 20),
            label_large=px(20, 22),
            label_small=px(17, 18),
            button=px(16, 17),
            button_second=px(17, 18),
            button_large=px(19, 21),
            body=px(16, 17),
            body_large=px(16, 18),
            digits=px(24, 28),
            keypad_digit=px(26, 28),
            keycap=px(16, 16),
            badge=px(16, 16),
        )

    @property
    def compact(self) -> bool:
        """Return whether this is the compact layout."""
        return self.layout is Layout.COMPACT

    def px(self, value: float) -> int:
        """Return a measure given at 1x in the px of this window."""
        return round(value * self.factor)

    @property
    def radius_panel(self) -> int:
        """Return the corner radius of panels, px."""
        return self.px(RADIUS_PANEL)

    @property
    def radius_control(self) -> int:
        """Return the corner radius of buttons and keys, px."""
        return self.px(RADIUS_CONTROL)

    @property
    def radius_field(self) -> int:
        """Return the corner radius of fields and boxes inside panels, px."""
        return self.px(RADIUS_FIELD)

    @property
    def radius_keycap(self) -> int:
        """Return the corner radius of keycaps, px."""
        return self.px(RADIUS_KEYCAP)

    def type_size(self, role: str) -> int:
        """Return the px size of a type role such as "hero"; an unknown name is an AttributeError."""
        return int(getattr(self, role))

    def steps_down(self, largest: int) -> tuple[int, ...]:
        """Return the sizes an amount may take, in px, from `largest` px down."""
        return (largest, *(size for size in map(self.px, AMOUNT_STEPS) if size < largest))


def _layout_and_factor(width: int, height: int, text_scale: float) -> tuple[Layout, float]:
    scale = min(max(text_scale, 1.0), 1.5)
    base = _eighths(min(width / _REGULAR_SIZE[0], height / _REGULAR_SIZE[1]))
    wanted = base * scale
    if width / wanted >= _REGULAR_LEAST[0] and height / wanted >= _REGULAR_LEAST[1]:
        return Layout.REGULAR, wanted
    if scale > 1.0:
        # Larger text was asked for: as large as the compact layout can be without losing a panel.
        return Layout.COMPACT, min(wanted, _eighths(min(width / _COMPACT_SIZE[0], height / _COMPACT_SIZE[1])))
    return Layout.COMPACT, 1.0


def _eighths(value: float) -> float:
    """Return the largest eighth not above the value, at least 1."""
    return max(1.0, floor(value * 8) / 8)
