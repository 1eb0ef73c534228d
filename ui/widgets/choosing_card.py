"""The choosing card: several members share a phone, and the customer says which one they are."""

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.people import ChoiceOfMember, ChoosingWords
from ui.theme.look import Look, spread_look
from ui.theme.painting import RIGHT, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.keycap import Keycap
from ui.widgets.painted_button import PaintedButton
from ui.widgets.panel import PanelKind
from ui.widgets.text import ElidedLabel, PlainLabel
from ui.widgets.tier_badge import TierBadge
from ui.widgets.who_card import WhoCard

_MOST_ROWS = 9  # as many as there are digits to choose with


class MemberRow(PaintedButton):
    """One member: name and key, number and last visit, tier and balance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._marked = False
        self._has_tier = False
        self.name = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self.keycap = Keycap(parent=self)
        self.number = ElidedLabel(colour="ink2", parent=self)
        self.visit = ElidedLabel(colour="ink2", align=RIGHT, parent=self)
        self.tier = TierBadge(self)
        self.balance = ElidedLabel(weight=MEDIUM, align=RIGHT, parent=self)
        for part in (self.name, self.keycap, self.number, self.visit, self.tier, self.balance):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_member(self, words: ChoiceOfMember) -> None:
        """Show another member."""
        self._marked = words.marked
        self.name.set_text(words.name)
        self.keycap.set_words(words.key)
        self.number.set_text(words.number.full, words.number.short)
        self.visit.set_text(words.last_visit)
        self.balance.set_text(words.balance.full, words.balance.short)
        self._has_tier = words.tier is not None
        if words.tier is not None:
            self.tier.set_tier(words.tier.name, words.tier.rank, words.tier.of)
            self.tier.set_fill("surface" if words.marked else "sunken")
        self.setAccessibleName(words.spoken)
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)

    def arrange(self, *, low: bool) -> None:
        """Put the parts in three lines, or in one where the row is low."""
        px = self._look.px
        side = px(14)
        width = max(1, self.width() - 2 * side)
        key = self.keycap.sizeHint()
        for part in (self.number, self.visit):
            part.setVisible(not low)
        self.tier.setVisible(not low and self._has_tier)
        line = self.height() if low else px(27)
        top = 0 if low else (self.height() - px(87)) // 2
        self.keycap.setGeometry(
            side + width - key.width(), top + (line - key.height()) // 2, key.width(), key.height()
        )
        room = max(1, width - key.width() - px(10))
        if low:
            balance = min(self.balance.sizeHint().width(), room // 2)
            self.name.setGeometry(side, 0, max(1, room - balance - px(10)), line)
            self.balance.setGeometry(side + room - balance, 0, balance, line)
        else:
            self.name.setGeometry(side, top, room, line)
            self._place_lines(side, width, top + line)
        self.setToolTip(f"<span>{escape(self.name.text())}</span>" if self.name.is_elided() else "")

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self._look.px(284), self._look.px(102))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        fill, edge, width = ("accent_tint", "accent", 2) if self._marked else ("surface", "edge", 1)
        if self.isDown():
            fill = "key_press"
        elif self.shows_hover() and not self._marked:
            fill = "sunken"
        with painting(self) as painter:
            self.paint_ground(painter, fill, edge, width)

    def _place_lines(self, side: int, width: int, top: int) -> None:
        px = self._look.px
        visit = min(self.visit.sizeHint().width(), width // 2)
        self.number.setGeometry(side, top, max(1, width - visit - px(8)), px(24))
        self.visit.setGeometry(side + width - visit, top, visit, px(24))
        balance = min(self.balance.sizeHint().width(), round(width * 0.6))
        tier = min(self.tier.sizeHint().width(), max(1, width - balance - px(8)))
        self.tier.setGeometry(side, top + px(28), tier, px(32))
        self.balance.setGeometry(side + width - balance, top + px(28), balance, px(32))


class ChoosingCard(WhoCard):
    """Wears the frame: the digits and the arrow keys go here."""

    chosen = Signal(int)  # place in the list, from 0
    same_person_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.FRAMED, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shown: ChoosingWords | None = None
        self.title = ElidedLabel(role="title_large", weight=SEMIBOLD, parent=self)
        self.body = PlainLabel(colour="ink2", wrap=True, parent=self)
        # Made at once, so that Tab finds them between the scan field and the bill.
        self.rows = [self._row(place) for place in range(_MOST_ROWS)]
        self._first = 0
        self.same = ActionButton(kind=ButtonKind.ROW, key="J", parent=self)
        self.same.hide()
        self.same.clicked.connect(self.same_person_pressed)

    def show_members(self, words: ChoosingWords) -> None:
        """Show other members; the same again does nothing."""
        if words == self._shown:
            return
        self._shown = words
        self.title.set_text(words.title.full, words.title.short)
        self.body.set_text(words.body.full)
        self.setAccessibleName(words.title.full)
        self.setAccessibleDescription(words.body.full)
        self.same.setVisible(words.same is not None)
        if words.same is not None:
            self.same.set_words(words.same.full, words.same.short)
        self.arrange()

    def arrange(self) -> None:
        """Put as many rows as fit, the marked one always among them."""
        if self._shown is None:
            return
        flow, px = self.flow(), self.look.px
        self.title.setGeometry(flow.take(self.sized(30, 34)))
        self.body.setGeometry(flow.take(max(self.body.heightForWidth(flow.width), px(22)), px(1)))
        members = self._shown.members
        full, low, gap = self.sized(102, 112), px(52), px(10)
        button = px(48) if self._shown.same is not None else 0
        end = self.height() - self.padding() - button
        self.same.setGeometry(flow.left, end, flow.width, button)
        room = end - (gap if button else 0) - flow.at - self.sized(20, 24)
        is_low = len(members) * (full + gap) - gap > room
        height = low if is_low else full
        fitting = (room + gap) // (height + gap)
        count = max(1, min(len(members), _MOST_ROWS, fitting))
        marked = next((place for place, member in enumerate(members) if member.marked), 0)
        self._first = max(0, min(marked - count // 2, len(members) - count))
        for index, row in enumerate(self.rows):
            row.setVisible(index < count)
            if index < count:
                row.show_member(members[self._first + index])
                row.setGeometry(flow.take(height, self.sized(20, 24) if index == 0 else gap))
                row.arrange(low=is_low)

    def _row(self, place: int) -> MemberRow:
        row = MemberRow(self)
        row.hide()
        row.clicked.connect(lambda *_: self.chosen.emit(self._first + place))
        return row
