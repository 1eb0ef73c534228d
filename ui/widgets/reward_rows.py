"""The other rewards of a member, as rows to be pressed; those that cannot be used are sunken."""

from html import escape

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.text import ElidedLabel
from ui.widgets.who_card import Flow

_MOST = 3


class RewardRowContent(Struct, frozen=True):
    """One reward.

    Args:
        detail: What it costs, or what it needs.
        icon: "lock" where something is missing.
        key: The keycap, on one row only.
        usable: Whether it may be pressed.
        taken: Whether it is the one chosen.
        marked: Whether the arrow keys stand on it.
        spoken: The accessible name.
    """

    reward_id: str
    name: str
    detail: str
    icon: str
    spoken: str
    key: str = ""
    usable: bool = False
    taken: bool = False
    marked: bool = False


class RewardRow(ActionButton):
    """One reward; a name that is cut off stands whole in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(kind=ButtonKind.ROW, parent=parent)
        self.reward_id = ""

    def show_content(self, content: RewardRowContent) -> None:
        """Show another reward."""
        self.reward_id = content.reward_id
        self.set_words(content.name)
        self.set_detail(content.detail)
        self.set_icon("check-circle" if content.taken else content.icon)
        self.set_key(content.key)
        self.set_selected(content.taken or content.marked)
        self.setEnabled(content.usable)
        self.setAccessibleName(content.spoken)
        self._update_tooltip()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the whole name in the tooltip where it is cut off."""
        super().resizeEvent(event)
        self._update_tooltip()

    def _update_tooltip(self) -> None:
        # Tooltips guess at rich text: a name such as "<b>x" must come out as it is.
        self.setToolTip("" if self.has_room() else f"<span>{escape(self.words())}</span>")


class RewardRows(QWidget):
    """A title and as many rows as there is height for; the marked one is always among them."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(role="body", colour="ink2", parent=self)
        self.rows = [RewardRow(self) for _ in range(_MOST)]
        for row in self.rows:
            row.clicked.connect(lambda *_, row=row: self.picked.emit(row.reward_id))
        self._contents: tuple[RewardRowContent, ...] = ()
        self._look = DEFAULT_LOOK

    def show_rows(self, title: str, contents: tuple[RewardRowContent, ...]) -> None:
        """Show other rewards; `place` must follow."""
        self.title.set_text(title)
        # What can be used comes first: it must not be the row there is no height for.
        self._contents = tuple(sorted(contents, key=lambda content: not content.usable))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)

    def place(self, flow: Flow, end: int, *, compact: bool) -> None:
        """Take what height is left down to `end`, and show the rows that fit."""
        look, px = self._look, self._look.px
        lead, title = px(14 if compact else 24), px(22 if compact else 24)
        first, gap = px(4 if compact else 8), px(6 if compact else 8)
        height = look.metrics.reward_row_height
        room = end - flow.at - lead - title - first
        fitting = max(0, (room + gap) // (height + gap))
        count = min(len(self._contents), look.metrics.other_rewards, fitting, _MOST)
        self.setVisible(count > 0)
        if not count:
            return
        whole = title + first + count * (height + gap) - gap
        self.setGeometry(flow.take(whole, lead))
        self.title.setGeometry(0, 0, self.width(), title)
        for index, row in enumerate(self.rows):
            row.setVisible(index < count)
            row.setGeometry(0, title + first + index * (height + gap), self.width(), height)
        for row, content in zip(self.rows, self._window(count), strict=False):
            row.show_content(content)

    def _window(self, count: int) -> tuple[RewardRowContent, ...]:
        """Return the rewards that are shown: from the first on, or as far down as the marked one is."""
        last = next((index for index, content in enumerate(self._contents) if content.marked), 0)
        start = max(0, last - count + 1)
        return self._contents[start : start + count]
