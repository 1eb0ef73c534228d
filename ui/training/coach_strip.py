"""The strip below the till in training: the step, what to do now, and what may be asked of the coach."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.wording.coach import CoachAct, CoachWords, Note
from ui.accessibility import announce, install_roles
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.metrics import Metrics
from ui.theme.painting import draw_icon, fill_rectangle, painting, text_width, training_frame_width
from ui.theme.paragraph import Paragraph
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.training.coach_button import CoachButton
from ui.training.mark_badge import MarkBadge
from ui.widgets.text import ElidedLabel

LINES = 3
LINE_HEIGHT = 1.25
_ICONS = {
    Note.HINT: ("info", "train_text"),
    Note.MISTAKE: ("warning", "red_text"),
    Note.PRAISE: ("check-circle", "accent_text"),
    Note.BACK: ("arrow-u-up-left", "amber_text"),
    Note.TROUBLE: ("warning", "red_text"),
    Note.STAGED: ("cloud-slash", "train_text"),
}
_SIDE_WIDTH = (116, 176)  # px at 1x: compact, regular
_ICON, _ICON_GAP, _BUTTON_GAP, _BAR = 18, 6, 6, 4
_PAD = (3, 6)
_MOST_WHERE_BRIEF = 4
_MARK_GAP, _MARK_APART = 4, 2


class CoachStrip(QWidget):
    """A band across the foot of the window; it takes presses, never the focus, and covers nothing.

    `asked` carries the `CoachAct` of a button.
    """

    asked = Signal(object)
    accessible_role = QAccessible.Role.StatusBar

    def __init__(self, words: CoachWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()
        self._look = DEFAULT_LOOK
        self._words = words
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.mark = MarkBadge(words.mark, self)
        self.count = ElidedLabel(role="body", weight=SEMIBOLD, colour="train_text", parent=self)
        self.buttons: dict[CoachAct, CoachButton] = {}
        self._text = QRect()
        self._beside, self._beside_width = QPointF(), 0
        self._show()

    # --- what it says -----------------------------------------------------------------------------

    def show_words(self, words: CoachWords) -> None:
        """Say something else; the same again does nothing."""
        if words == self._words:
            return
        before, self._words = self._words, words
        self._show()
        if words.spoken != before.spoken:
            announce(self, words.spoken, assertive=words.note_kind is Note.MISTAKE)

    def words(self) -> CoachWords:
        """Return what it says."""
        return self._words

    def has_room(self) -> bool:
        """Return whether the step and what stands below it are shown whole."""
        say, note = self._paragraphs()
        return say.line_count + (note.line_count if note else 0) <= LINES

    def _show(self) -> None:
        words = self._words
        self.setAccessibleName(words.spoken)
        self.mark.show_words(words.mark)
        self.count.set_text(words.count.full, words.count.short)
        for gone in self.buttons.keys() - {act.act for act in words.acts}:
            button = self.buttons.pop(gone)
            button.hide()
            button.deleteLater()
        made, self.buttons = self.buttons, {}
        for act in words.acts:
            button = made.get(act.act) or self._new_button(words, act.act)
            self.buttons[act.act] = button
        self._arrange()
        self.update()

    def _new_button(self, words: CoachWords, wanted: CoachAct) -> CoachButton:
        act = next(one for one in words.acts if one.act is wanted)
        button = CoachButton(act, self)
        button.set_look(self._look)
        button.clicked.connect(lambda: self.asked.emit(wanted))
        button.show()
        return button

    # --- where it is ------------------------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.mark.set_look(look)
        self.count.set_look(look)
        for button in self.buttons.values():
            button.set_look(look)
        self._arrange()
        self.update()

    @staticmethod
    def room(window: QSize) -> tuple[int, int]:
        """Return how high the strip is in a window of this size, and what is left for the till; px.

        The strip takes the place of the till's bottom margin, which stays as the gap between them.
        """
        metrics = Metrics.of(window.width(), window.height())
        lines = round(LINES * metrics.body * LINE_HEIGHT)
        high = lines + 2 * metrics.px(_PAD[0] if metrics.compact else _PAD[1]) + metrics.px(8)
        gap = metrics.px(6 if metrics.compact else 8)
        return high, window.height() - high - gap + metrics.bottom_margin

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        return QSize(self.width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let no press through to what may lie below."""
        event.accept()

    def _arrange(self) -> None:
        look, px = self._look, self._look.px
        compact = look.metrics.compact
        margin, stripe = look.metrics.side_margin, training_frame_width(look)
        inside = QRect(margin, 0, self.width() - 2 * margin, self.height() - stripe)
        side = px(_SIDE_WIDTH[0] if compact else _SIDE_WIDTH[1])
        self._beside_width = side
        high, lines = round(self._step()), self._title().line_count + 1
        apart = px(_MARK_APART) if lines < LINES else 0
        top = max(px(_BAR) + 1, round(self._middle(lines, inside)) - apart // 2)
        # Where something is counted, the one word leaves it room.
        counted = round(text_width(self._words.count.short, self.count.font()) + 0.5)
        counted += px(_MARK_GAP) if counted else 0
        end = self.mark.stand_at(inside.left(), top, side - counted, high) + px(_MARK_GAP)
        self.count.setGeometry(end, top, max(0, inside.left() + side - end), high)
        self.count.setVisible(bool(counted) and not self.count.is_elided())  # the bar above says it, too
        self._beside = QPointF(inside.left(), top + high + apart)
        right = self._place_buttons(inside.adjusted(0, px(_PAD[0]), 0, -px(_PAD[0])), brief=compact)
        left = inside.left() + side + px(12)
        self._text = QRect(left, inside.top(), max(1, right - left - px(12)), inside.height())

    def _place_buttons(self, inside: QRect, *, brief: bool) -> int:
        """Place the buttons from the right and return where they begin, px."""
        right = inside.right() + 1
        crowded = brief and len(self.buttons) > _MOST_WHERE_BRIEF
        for button in reversed(self.buttons.values()):
            # No room for it beside a code to hold up: its key works, and leaving is the way by touch.
            button.setVisible(not (crowded and button.words.act is CoachAct.AGAIN))
            if button.isHidden():
                continue
            width = button.wanted_width(brief=brief)
            button.setGeometry(right - width, inside.top(), width, inside.height())
            right -= width + self._look.px(_BUTTON_GAP)
        return right

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the band, how far the lesson is, and the sentences."""
        look = self._look
        with painting(self) as painter:
            fill_rectangle(painter, self.rect(), look.colour("train_tint"))
            self._paint_progress(painter)
            painter.setPen(look.colour("ink2"))
            self._title().draw(painter, self._beside)
            say, note = self._paragraphs()
            lines = say.line_count + (note.line_count if note else 0)
            if lines > LINES and note is not None:
                # What came last is what must be read; all of it is in the accessible name.
                say, lines = note, note.line_count
                note = None
                self._paint_note(painter, say, self._middle(lines, self._text))
                return
            top = self._middle(lines, self._text)
            painter.setPen(look.colour("ink"))
            say.draw(painter, QPointF(self._text.left(), top))
            if note is not None:
                self._paint_note(painter, note, top + say.line_count * self._step())

    def _paint_note(self, painter: QPainter, note: Paragraph, top: float) -> None:
        kind = self._words.note_kind
        if kind is None:
            return
        icon, ink = _ICONS[kind]
        px, side = self._look.px, self._look.px(_ICON)
        box = QRectF(self._text.left(), top + (self._step() - side) / 2, side, side)
        draw_icon(painter, box, icon, ink, self._look)
        painter.setPen(self._look.colour(ink))
        note.draw(painter, QPointF(self._text.left() + px(_ICON + _ICON_GAP), top))

    def _paint_progress(self, painter: QPainter) -> None:
        """Paint how much of the lesson is done along the upper edge."""
        look, high = self._look, self._look.px(_BAR)
        fill_rectangle(painter, QRect(0, 0, self.width(), high), look.colour("bg"))
        if self._words.steps:
            done = round(self.width() * self._words.place / self._words.steps)
            fill_rectangle(painter, QRect(0, 0, done, high), look.colour("train"))

    def _paragraphs(self) -> tuple[Paragraph, Paragraph | None]:
        width = self._text.width()
        say = Paragraph(self._words.say, self._look.font("body", SEMIBOLD), width, line_height=LINE_HEIGHT)
        if not self._words.note:
            return say, None
        beside = width - self._look.px(_ICON + _ICON_GAP)
        note = Paragraph(self._words.note, self._look.font("body", REGULAR), beside, line_height=LINE_HEIGHT)
        return say, note

    def _title(self) -> Paragraph:
        """Return the lesson's title, on as many lines as there are below the mark."""
        words, font, width = self._words.title, self._look.font("body", MEDIUM), self._beside_width
        whole = Paragraph(words.full, font, width, line_height=LINE_HEIGHT)
        if whole.line_count < LINES:
            return whole
        brief = QFontMetricsF(font).elidedText(words.short, Qt.TextElideMode.ElideRight, width)
        return Paragraph(brief, font, width, line_height=LINE_HEIGHT)

    def _step(self) -> float:
        return self._look.metrics.body * LINE_HEIGHT

    def _middle(self, lines: int, inside: QRect) -> float:
        bar = self._look.px(_BAR) / 2
        return bar + inside.top() + (inside.height() - lines * self._step()) / 2
