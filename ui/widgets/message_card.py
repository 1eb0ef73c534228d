"""The message card: what happened, what it means, what to do next."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.find_member import FindActionWords
from cashier_app.wording.problems import MessageCardWords
from cashier_app.wording.sentences import Tone
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import draw_frame, draw_icon, painting
from ui.theme.typography import SEMIBOLD
from ui.widgets.finder import Finder
from ui.widgets.idle_card import FindActions
from ui.widgets.offered import Offered
from ui.widgets.panel import PanelKind
from ui.widgets.text import PlainLabel
from ui.widgets.who_card import WhoCard

_TILE_FILLS = {Tone.WAIT: "amber_tint", Tone.STOP: "red_tint", Tone.GOOD: "accent_tint"}
_TILE_INKS = {Tone.WAIT: "amber_text", Tone.STOP: "red_text", Tone.GOOD: "accent_text"}
_CARDS = {Tone.WAIT: PanelKind.WARNED, Tone.STOP: PanelKind.STOPPED}


class IconTile(QWidget):
    """An icon in the middle of a tinted square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._icon, self._tone = "info", Tone.PLAIN

    def show_icon(self, icon: str, tone: Tone) -> None:
        """Show another icon."""
        self._icon, self._tone = icon, tone
        self.update()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        look, box = self._look, QRectF(self.rect())
        with painting(self) as painter:
            fill = look.colour(_TILE_FILLS.get(self._tone, "sunken"))
            ink = _TILE_INKS.get(self._tone, "ink")
            edge = look.colour("edge") if look.theme.high_contrast else None
            draw_frame(painter, box, look.metrics.radius_field, fill=fill, edge=edge, width=look.px(2))
            side = round(box.width() * 0.46)
            place = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
            draw_icon(painter, place, self._icon, ink, look)


class MessageCard(WhoCard):
    """A tile, a title and a sentence or two; then the actions, or the finder when a scan comes next."""

    def __init__(self, actions: FindActionWords, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._words: MessageCardWords | None = None
        self._offered = Offered.NOTHING
        self.tile = IconTile(self)
        self.title = PlainLabel(role="title", weight=SEMIBOLD, wrap=True, parent=self)
        self.body = PlainLabel(colour="ink2", wrap=True, parent=self)
        self.find_actions = FindActions(actions, self)
        self.finder = Finder(self)

    def show_message(self, words: MessageCardWords, offered: Offered) -> None:
        """Say something else; the same again does nothing."""
        if (words, offered) == (self._words, self._offered):
            return
        self._words, self._offered = words, offered
        self.set_kind(_CARDS.get(words.tone, PanelKind.PLAIN))
        self.tile.show_icon(words.icon, words.tone)
        self.title.set_text(words.title.full)
        self.body.set_text(words.body.full)
        self.setAccessibleName(words.title.full)
        self.setAccessibleDescription(words.body.full)
        self.arrange()

    def arrange(self) -> None:
        """Put the parts from the top; the finder fills the bottom where it has room."""
        flow, px = self.flow(), self.look.px
        tile = self.sized(48, 60, 40)
        self.tile.setGeometry(flow.take(tile).adjusted(0, 0, tile - flow.width, 0))
        self.title.setGeometry(flow.take(self._height_of(self.title, flow.width), self.sized(14, 20, 8)))
        self.body.setGeometry(flow.take(self._height_of(self.body, flow.width), self.sized(4, 6)))
        offered = self._offered is not Offered.NOTHING
        self.find_actions.setVisible(offered)
        if offered:
            button, lead = self.sized(48, 56), self.sized(16, 32, 10)
            # Where height is short, seeing the next scan goes before the button of a key that works anyway.
            scans_next = self._words is not None and self._words.finder
            camera = not (scans_next and self.look.metrics.compact)
            paste = self._offered is Offered.ALL
            self.find_actions.place(flow, button, px(8), lead, paste=paste, camera=camera)
        end = self.height() - self.padding()
        high = min(end - flow.at - self.sized(16, 24, 10), self.sized(190, 210))
        shown = self._words is not None and self._words.finder and high >= px(120)
        self.finder.setVisible(shown)
        if shown:
            self.finder.setGeometry(flow.left, end - high, flow.width, high)

    @staticmethod
    def _height_of(label: PlainLabel, width: int) -> int:
        return max(label.heightForWidth(width), 1)
