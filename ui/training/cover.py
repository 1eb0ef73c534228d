"""The page over the work till while training is open: what waits, and two keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording import Tone, Wording
from cashier_app.wording.training_cover import TrainingStage, cover_words
from ui.key_words import Where
from ui.screens.drawer import Drawer
from ui.screens.frame import Frame
from ui.screens.till import Place
from ui.theme.look import Look, spread_look
from ui.theme.motion import STILL
from ui.theme.painting import fill_background, painting
from ui.theme.typography import SEMIBOLD
from ui.widgets.action_row import ActionRow
from ui.widgets.header import Header
from ui.widgets.message_card import IconTile
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import PlainLabel

_INKS = {Tone.STOP: "red_text", Tone.WAIT: "amber_text", Tone.GOOD: "accent_text"}


class TrainingCover(Drawer):
    """Covers the till and its lock; it goes only when training has ended.

    Args:
        place: Whose till it covers.
        now: The time of day, UTC.
    """

    where = Where.COVER
    keeps_behind_lock = True
    front_asked = Signal()
    end_asked = Signal()

    def __init__(
        self, wording: Wording, place: Place, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(STILL, parent)
        self._wording = wording
        self._stage = TrainingStage.OPENING
        self._view: TillView | None = None
        self._panel.hide()
        self.header = Header(wording, place.store, place.till, now, parent=self)
        # What waits is told, but nothing opens from here.
        self.header.menu.hide()
        self.header.queue.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.header.queue.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.box = Panel(kind=PanelKind.PLAIN, parent=self)
        self.tile = IconTile(self.box)
        self.heading = PlainLabel(role="title_large", weight=SEMIBOLD, wrap=True, parent=self.box)
        self.body = PlainLabel(role="body_large", colour="ink2", wrap=True, parent=self.box)
        self.state = PlainLabel(role="body_large", weight=SEMIBOLD, wrap=True, parent=self.box)
        self.action_row = ActionRow(self)
        self.action_row.confirmed.connect(self.open_row)
        self.action_row.went_back.connect(self.end_asked)

    def show_stage(self, stage: TrainingStage) -> None:
        """Show how far training is."""
        self._stage = stage
        self._fill()

    # --- what the window asks of a drawer -----------------------------------------------------------

    def follow(self, before: TillView, view: TillView) -> None:
        """Say what becomes of the real sales meanwhile."""
        del before
        self._view = view
        self.header.show_view(replace(view, cashier=None))
        self._fill()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.header.set_wording(wording)
        self._fill()

    def open_row(self) -> None:
        """Do what Enter does: bring training to the front."""
        if self._stage is not TrainingStage.OPENING:
            self.front_asked.emit()

    def go_back(self) -> None:
        """Do what Esc does: ask training to end."""
        self.end_asked.emit()

    def refuse_scan(self) -> bool:
        """Let no scan through: the scanner is for training now."""
        return not self.isHidden()

    def first_focus(self) -> QWidget:
        """Return what has the focus: what Enter does, once it does it."""
        primary = self.action_row.primary
        return primary if primary.isEnabled() else self.action_row.escape

    def focus_stops(self) -> list[QWidget]:
        """Return what Tab visits, in order."""
        return [one for one in (self.action_row.escape, self.action_row.primary) if one.isEnabled()]

    def _fill(self) -> None:
        if self._view is None:
            return
        words = cover_words(self._stage, self._view.connection, self._wording)
        focus: QWidget | None = self.window().focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        self.setAccessibleName(words.title.full)
        self.tile.show_icon("graduation-cap", Tone.PLAIN)
        self.heading.set_text(words.title.full)
        self.body.set_text(words.body)
        self.state.set_text(words.state.full)
        self.state.set_colour(_INKS.get(words.tone, "ink2"))
        self.action_row.show_actions(words.end, words.front, enabled=words.can_front)
        self.arrange()
        if had_focus and not self.isHidden():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    # --- places -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let no press through; a press beside the buttons is none."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the background, so that nothing shines through."""
        with painting(self) as painter:
            fill_background(painter, self, self._look)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        spread_look(self.box, look)
        super().set_look(look)

    def arrange(self) -> None:
        """Put everything in its place."""
        frame, px = Frame.of(self._look.metrics), self._look.px
        self.header.setGeometry(frame.header)
        bottom = frame.actions.top() - self._look.metrics.panel_gap
        left, right = frame.who.left(), frame.keys.right()
        box = QRect(left, frame.who.top(), right - left + 1, bottom - frame.who.top())
        self.box.setGeometry(box)
        # The words stand over the keys that answer them, which are where they are always.
        width, side = frame.actions.width(), frame.actions.left() - left
        tile, gap = px(60), px(16)
        parts = (self.heading, self.body, self.state)
        highs = [part.heightForWidth(width) for part in parts]
        top = max(px(12), (box.height() - tile - sum(highs) - gap * len(parts)) // 2)
        self.tile.setGeometry(side, top, tile, tile)
        top += tile + gap
        for part, high in zip(parts, highs, strict=True):
            part.setGeometry(side, top, width, high)
            top += high + gap
        self.action_row.setGeometry(frame.actions)
