"""The pay panel: the largest figure of the screen, on paper, in ink, in green, or in pale amber."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtGui import QAccessible, QColor, QHideEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.pay_panel import Fill, PayPanelWords, pay_panel
from ui.theme.look import Look, spread_look
from ui.theme.motion import Motion
from ui.theme.painting import RIGHT, draw_frame, painting
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.big_text import AmountText, WordText
from ui.widgets.icon_view import IconView
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtCore import QVariantAnimation

    from ui.widgets.progress import TimerBar

_NOTHING = Sentence.of("")
_ABOVE_TEXT = 4
"""Of a line's height, px at 1x: what is empty above its capitals."""


class _Paint(Struct, frozen=True):
    """Tokens of one fill."""

    kind: PanelKind
    title: str
    quiet: str
    hero: str
    icon: str
    bar: str
    track: str


_PAINTS = {
    Fill.PLAIN: _Paint(PanelKind.PLAIN, "ink", "ink2", "ink", "ink2", "accent", "bar_bg"),
    Fill.OFF: _Paint(PanelKind.OFF, "ink3", "ink3", "ink3", "ink3", "ink3", "bar_bg"),
    Fill.SOLID: _Paint(PanelKind.SOLID, "on_solid", "on_solid2", "on_solid", "on_solid", "on_solid", "ink2"),
    Fill.DONE: _Paint(PanelKind.DONE, "on_done", "on_done2", "on_done", "on_done", "on_done", "accent_press"),
    Fill.AMBER: _Paint(PanelKind.AMBER, "ink", "ink2", "ink", "amber_text", "amber_edge", "bar_bg"),
}


class PayPanel(Panel):
    """Shows what is to be paid, or that it is done; its fill changes within 120 ms and never moves.

    Args:
        motion: How long the fill takes and whether the timer bar is shown.
    """

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, motion: Motion, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.OFF, parent=parent)
        self._motion = motion
        self._words = PayPanelWords(_NOTHING, "", Fill.OFF, "")
        self._title = ElidedLabel(role="label_large", weight=SEMIBOLD, parent=self)
        self._icon = IconView(size=26, parent=self)
        self._context = ElidedLabel(role="body", weight=MEDIUM, align=RIGHT, parent=self)
        self._amount = AmountText(role="hero", parent=self)
        self._word = WordText(role="word", parent=self)
        self._left = ElidedLabel(role="body", weight=MEDIUM, parent=self)
        self._right = ElidedLabel(role="body", weight=MEDIUM, align=RIGHT, parent=self)
        self._counted = _NOTHING
        self._from = QColor()
        self._blend = 1.0

    @cached_property
    def _animation(self) -> QVariantAnimation:
        """Return what runs while the fill changes, made with the first change."""
        from PySide6.QtCore import QVariantAnimation

        made = QVariantAnimation(self)
        made.setStartValue(0.0)
        made.setEndValue(1.0)
        made.setDuration(self._motion.fill_ms)
        made.valueChanged.connect(self._take_blend)
        return made

    @cached_property
    def _bar(self) -> TimerBar:
        """Return the bar of the countdown, made with the first sale that is done."""
        from ui.widgets.progress import TimerBar

        made = TimerBar(parent=self)
        made.hide()
        made.set_look(self.look)
        paint = _PAINTS[self._words.fill]
        made.set_colours(paint.bar, paint.track)
        return made

    def _shows_bar(self) -> bool:
        return "_bar" in self.__dict__ and not self._bar.isHidden()

    def _stop(self) -> None:
        if "_animation" in self.__dict__:
            self._animation.stop()
        self._blend = 1.0

    def words(self) -> PayPanelWords:
        """Return what the panel says."""
        return self._words

    def amount(self) -> AmountText:
        """Return the hero amount, for tests of alignment."""
        return self._amount

    def show_view(self, view: TillView, wording: Wording, *, enrols: bool = False) -> None:
        """Show the pay panel of this view; `enrols` where Enter adds who was not found."""
        self.show_words(pay_panel(view, wording, enrols=enrols))

    def show_words(self, words: PayPanelWords) -> None:
        """Say something else, changing the fill if that is another."""
        self._change_fill(words.fill)
        self._words = words
        paint = _PAINTS[words.fill]
        _say(self._title, words.title)
        self._title.set_colour(paint.title)
        self._icon.set_icon(words.icon, paint.icon)
        self._icon.setVisible(bool(words.icon))
        _say(self._context, words.context)
        self._amount.set_amount("" if words.hero_is_word else words.hero)
        self._amount.setVisible(not words.hero_is_word)
        self._amount.set_colour(paint.hero)
        self._word.set_text(words.hero if words.hero_is_word else "")
        self._word.setVisible(words.hero_is_word)
        self._word.set_colour(paint.hero)
        _say(self._left, words.left)
        self._show_right()
        for quiet in (self._context, self._left, self._right):
            quiet.set_colour(paint.quiet)
        if "_bar" in self.__dict__:
            self._bar.set_colours(paint.bar, paint.track)
        self.setAccessibleName(words.spoken)
        self._place()

    def show_countdown(self, words: Sentence | None, fraction: float | None) -> None:
        """Count at the lower right: words such as "Clears in 6 s", and what is left of the bar, 1 to 0.

        No words: nothing is counted. No fraction: no bar.
        """
        words = words or _NOTHING
        bar = fraction is not None and self._motion.timer_bar
        changed = words != self._counted or bar != self._shows_bar()
        self._counted = words
        if bar and fraction is not None:
            self._bar.set_fraction(fraction)
        if changed:
            if bar or "_bar" in self.__dict__:
                self._bar.setVisible(bar)
            self._show_right()
            self._place()

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        self._stop()
        spread_look(self, look)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the fill, between two colours while it changes."""
        if self._blend >= 1.0:
            super().paintEvent(event)
            return
        look, kind = self.look, self.kind
        end = self._fill_colour(kind)
        mixed = QColor.fromRgbF(
            *(
                start + (stop - start) * self._blend
                for start, stop in zip(_channels(self._from), _channels(end), strict=True)
            )
        )
        _, edge, width = kind.value
        with painting(self) as painter:
            draw_frame(
                painter,
                self.rect(),
                look.metrics.radius_panel,
                fill=mixed,
                edge=look.colour(edge) if edge else None,
                width=look.px(width),
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the parts to the new size."""
        super().resizeEvent(event)
        self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop what runs."""
        self._stop()
        super().hideEvent(event)

    def _change_fill(self, fill: Fill) -> None:
        kind = _PAINTS[fill].kind
        if kind is self.kind:
            return
        self._from = self._fill_colour(self.kind)
        self._stop()
        if self._motion.fill_ms > 0 and self.isVisible():
            self._blend = 0.0
            self._animation.start()
        self.set_kind(kind)

    def _fill_colour(self, kind: PanelKind) -> QColor:
        fill, _, _ = kind.value
        return self.look.colour(fill or "bg")

    def _take_blend(self, blend: object) -> None:
        if isinstance(blend, float):
            self._blend = blend
            self.update()

    def _show_right(self) -> None:
        _say(self._right, self._counted if self._counted.full else self._words.right)

    def _place(self) -> None:
        px, metrics = self.look.px, self.look.metrics
        compact = metrics.compact
        side, width = metrics.panel_padding, self.width() - 2 * metrics.panel_padding
        line = px(28)
        top = px(24 if compact else 34) - line // 2
        self._place_title(side, width, top, line)
        lifted = self._shows_bar()
        low = self.height() - px((34 if lifted else 21) if compact else (43 if lifted else 31)) - line // 2
        self._place_pair(self._left, self._right, side, width, low, line)
        bar = px(4)
        if lifted:
            self._bar.setGeometry(side, self.height() - px(13 if compact else 22) - bar, width, bar)
        # The hero keeps its place whether or not a bar is shown.
        first, last = top + line, self.height() - px(21 if compact else 31) - line // 2
        self._amount.setGeometry(side, first, width, last - first)
        self._word.setGeometry(side, first, width, last - first)
        if (
            lifted
            and not self._amount.isHidden()
            and first + self._amount.lowest_ink() > low + px(_ABOVE_TEXT)
        ):
            # In a low panel, such as above the coach, a comma would hang into the lifted line.
            self._amount.setGeometry(side, first, width, low + px(_ABOVE_TEXT) - first)

    def _place_title(self, side: int, width: int, top: int, line: int) -> None:
        left = side
        if not self._icon.isHidden():
            icon = self.look.px(26)
            self._icon.setGeometry(side, top + (line - icon) // 2, icon, icon)
            left += icon + self.look.px(14)
        self._place_pair(self._title, self._context, left, side + width - left, top, line)

    def _place_pair(
        self, first: ElidedLabel, second: ElidedLabel, left: int, width: int, top: int, line: int
    ) -> None:
        """Give the first what it needs and the second the rest; the first shortens before the second cuts."""
        gap = self.look.px(12)
        wanted = min(first.sizeHint().width(), width)
        if second.text():
            wanted = min(wanted, max(width // 3, width - gap - second.sizeHint().width()))
        first.setGeometry(left, top, wanted, line)
        start = left + wanted + gap
        second.setGeometry(start, top, max(1, left + width - start), line)


def _say(label: ElidedLabel, sentence: Sentence | None) -> None:
    sentence = sentence or _NOTHING
    label.set_text(sentence.full, sentence.short if sentence.short != sentence.full else "")


def _channels(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()
