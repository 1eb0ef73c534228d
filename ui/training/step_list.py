"""One try step by step: what was to do, how long it took beside the shop's best, and what went wrong."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cashier_app.wording.sentences import Row
from cashier_app.wording.trainer_run import RunWords, StepWords
from ui.accessibility import install_roles
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.painting import (
    RIGHT,
    draw_frame,
    draw_icon,
    draw_line,
    fill_rectangle,
    painting,
    snapped,
    text_width,
)
from ui.theme.paragraph import Paragraph
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.row_list import TONES

_PAD, _ICON, _ICON_GAP, _GAP, _BAR = 12, 20, 8, 6, 10
_TIME, _BEST, _BAR_SHARE, _HEAD = 72, 118, 0.24, 40
_LEAST_BAR = 3  # px at 1x: something that took time is seen
_TICK = 3


class StepRow(QWidget):
    """One step, as high as its words need."""

    accessible_role = QAccessible.Role.ListItem

    def __init__(self, words: StepWords, parent: QWidget) -> None:
        super().__init__(parent)
        install_roles()
        self._look = DEFAULT_LOOK
        self.words = words
        self.setAccessibleName(words.spoken)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        self.update()

    def height_for(self, width: int) -> int:
        """Return the height wanted at this width, px."""
        px = self._look.px
        high = max(self._say(width).height, px(_ICON))
        for note in self.words.notes:
            high += px(_GAP) + max(self._note(note, width).height, px(_ICON))
        return high + 2 * px(_PAD)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint words, times and bar."""
        look, px, width = self._look, self._look.px, self.width()
        with painting(self) as painter:
            say = self._say(width)
            painter.setPen(look.colour("ink"))
            top = px(_PAD)
            say.draw(painter, QRectF(0, top, 1, 1).topLeft())
            self._paint_times(painter, QRect(0, top, width, max(say.height, px(_ICON))))
            top += max(say.height, px(_ICON))
            for note in self.words.notes:
                top += px(_GAP)
                text, tone = self._note(note, width), TONES[note.tone]
                draw_icon(painter, QRectF(0, top, px(_ICON), px(_ICON)), note.icon, tone, look)
                painter.setPen(look.colour(tone))
                text.draw(painter, QRectF(px(_ICON + _ICON_GAP), top, 1, 1).topLeft())
                top += max(text.height, px(_ICON))
            line = QRectF(0, self.height() - 1, width, 1)
            painter.fillRect(snapped(painter, line), look.colour("line"))

    def _paint_times(self, painter: QPainter, box: QRect) -> None:
        look, px = self._look, self._look.px
        line = QRect(box.left(), box.top(), box.width(), max(px(22), look.metrics.body + px(6)))
        right = line.right() + 1
        best = QRect(right - px(_BEST), line.top(), px(_BEST), line.height())
        draw_line(painter, best, self.words.best, look.font("body"), look.colour("ink2"), RIGHT)
        time = QRect(best.left() - px(_TIME), line.top(), px(_TIME), line.height())
        draw_line(painter, time, self.words.time, look.font("body", SEMIBOLD), look.colour("ink"), RIGHT)
        bar = bar_box(self.width(), look)
        high = px(_BAR)
        track = QRectF(bar[0], line.center().y() - high / 2 + 0.5, bar[1], high)
        if self.words.share is None:
            return
        draw_frame(painter, track, high / 2, fill=look.colour("bar_bg"))
        filled = QRectF(track)
        filled.setWidth(max(px(_LEAST_BAR), track.width() * self.words.share))
        draw_frame(painter, filled, high / 2, fill=look.colour("ink2"))
        if self.words.best_share is not None:
            at = track.left() + track.width() * self.words.best_share
            tick = QRectF(at - px(_TICK) / 2, track.top() - px(4), px(_TICK), high + 2 * px(4))
            tick.moveLeft(min(max(tick.left(), track.left()), track.right() - px(_TICK)))
            around = tick.adjusted(-1, 0, 1, 0)
            fill_rectangle(painter, around.toAlignedRect(), look.colour("surface"))
            fill_rectangle(painter, tick.toRect(), look.colour("accent"))

    def _say(self, width: int) -> Paragraph:
        room = bar_box(width, self._look)[0] - self._look.px(20)
        return Paragraph(self.words.say, self._look.font("body", MEDIUM), room)

    def _note(self, note: Row, width: int) -> Paragraph:
        room = bar_box(width, self._look)[0] - self._look.px(_ICON + _ICON_GAP + 20)
        return Paragraph(note.sentence.full, self._look.font("body"), room)


class StepList(QScrollArea):
    """The steps of one try, scrolled where there are more than fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._page = QWidget()
        self._page.setProperty("scrolled", True)
        self._heads = _Heads(self)
        self.rows: list[StepRow] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._page)

    def show_run(self, words: RunWords) -> None:
        """Show another try, from the top."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [StepRow(step, self._page) for step in words.steps]
        for row in self.rows:
            row.set_look(self._look)
            row.show()
        self._heads.words = (words.step, words.time, words.best)
        self.setAccessibleName(words.title.full)
        self.verticalScrollBar().setValue(0)
        self._arrange()

    def move_by(self, rows: int) -> None:
        """Go down by so many lines, up for a negative number."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + rows * self._look.px(56))

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        for row in self.rows:
            row.set_look(look)
        self._heads.look = look
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = self._look.px
        self.setViewportMargins(0, px(_HEAD), 0, 0)
        width = max(1, self.width())
        if sum(row.height_for(width) for row in self.rows) > self.height() - px(_HEAD):
            width = max(1, width - self.verticalScrollBar().sizeHint().width() - px(8))
        self._heads.setGeometry(0, 0, width, px(_HEAD))
        self._heads.update()
        top = 0
        for row in self.rows:
            high = row.height_for(width)
            row.setGeometry(0, top, width, high)
            top += high
        self._page.resize(width, max(1, top))


class _Heads(QWidget):
    """What the columns are; it stays while the steps scroll."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = DEFAULT_LOOK
        self.words = ("", "", "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, px, (step, time, best) = self.look, self.look.px, self.words
        font, ink = look.font("body"), look.colour("ink2")
        with painting(self) as painter:
            box = self.rect()
            draw_line(painter, box, step, font, ink)
            draw_line(painter, box, best, font, ink, RIGHT)
            # What the tick on the bars is.
            left = box.right() + 1 - round(text_width(best, font)) - px(12)
            high = px(_BAR + 8)
            fill_rectangle(
                painter, QRect(left, (box.height() - high) // 2, px(_TICK), high), look.colour("accent")
            )
            draw_line(painter, box.adjusted(0, 0, -px(_BEST), 0), time, font, ink, RIGHT)
            line = QRectF(0, self.height() - 1, self.width(), 1)
            painter.fillRect(snapped(painter, line), look.colour("edge"))


def bar_box(width: int, look: Look) -> tuple[int, int]:
    """Return where the bars of a row so wide begin and how long they are, px."""
    long = round(width * _BAR_SHARE)
    return width - look.px(_BEST + _TIME) - long, long
