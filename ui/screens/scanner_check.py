"""Checking the scanner that types: codes to scan, what came of it, and the settings that fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cashier_app.domain.calibration import Calibration, NotCalibrated, Obstacle
from cashier_app.scanning.calibration import RawKey, calibrate
from cashier_app.scanning.printed_codes import PrintedCode
from cashier_app.wording import Tone, Wording
from cashier_app.wording.calibration import (
    CheckWords,
    check_buttons,
    failed_words,
    found_words,
    waiting_words,
)
from cashier_app.wording.sentences import Row
from ui.accessibility import announce
from ui.screens.device_choice import TONES
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.code_view import CodeView
from ui.widgets.gap_strip import GapStrip
from ui.widgets.icon_view import IconView
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel, PlainLabel

_MOST_SCANS = 4
_QR_SHARE = 0.3
_TITLE_TONES = {**TONES, Tone.PLAIN: "ink"}
_MOST_ROWS = 5


class ResultPanel(Panel):
    """What came of the scans: a title, a sentence, rows, and the measured gaps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.FRAMED, parent=parent)
        self._icon = IconView(size=26, parent=self)
        self.title = ElidedLabel(role="label_large", weight=SEMIBOLD, parent=self)
        self.sentence = PlainLabel(colour="ink2", wrap=True, parent=self)
        self._rows = [
            (IconView(size=20, parent=self), ElidedLabel(weight=MEDIUM, parent=self))
            for _ in range(_MOST_ROWS)
        ]
        self.strip = GapStrip(self)
        self._shown: tuple[Row, ...] = ()

    def show_words(self, words: CheckWords) -> None:
        """Say something else."""
        self._icon.set_icon(words.icon, _TITLE_TONES[words.tone])
        self.title.set_text(words.title.full, words.title.short)
        self.title.set_colour(_TITLE_TONES[words.tone])
        self.sentence.set_text(words.sentence.full)
        self._shown = words.rows[:_MOST_ROWS]
        for (icon, label), row in zip(self._rows, self._shown, strict=False):
            icon.set_icon(row.icon, TONES[row.tone])
            label.set_text(row.sentence.full, row.sentence.short)
            label.set_colour("ink" if row.tone is Tone.GOOD else TONES[row.tone])
        self.setAccessibleName(words.spoken)
        self._arrange()

    def rows(self) -> list[str]:
        """Return what the rows say."""
        return [row.sentence.full for row in self._shown]

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = self.look.px
        side, icon = px(20), px(26)
        wide = self.width() - 2 * side
        has_gaps = bool(self.strip.gaps())
        self._icon.setGeometry(side, px(16), icon, icon)
        self.title.setGeometry(side + icon + px(12), px(13), wide - icon - px(12), px(32))
        left_wide = round(wide * 0.56) if has_gaps else wide
        top = px(54)
        high = self.sentence.heightForWidth(left_wide)
        self.sentence.setGeometry(side, top, left_wide, high)
        top += high + px(8)
        for place, (symbol, label) in enumerate(self._rows):
            fits = place < len(self._shown) and top + px(28) <= self.height() - px(8)
            symbol.setVisible(fits)
            label.setVisible(fits)
            symbol.setGeometry(side, top + px(4), px(20), px(20))
            label.setGeometry(side + px(30), top, left_wide - px(30), px(28))
            top += px(28)
        self.strip.setVisible(has_gaps)
        left = side + left_wide + px(24)
        self.strip.setGeometry(left, px(58), side + wide - left, max(1, self.height() - px(58) - px(20)))


class ScannerCheck(QWidget):
    """Shows the codes and takes scans; what to do with the settings found is for others to say."""

    used = Signal(object)  # the ScannerSection found
    undone = Signal()
    sheet_wanted = Signal()

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = DEFAULT_LOOK
        self._wording = wording
        self._scans: list[Sequence[RawKey]] = []
        self._answer: Calibration | NotCalibrated = NotCalibrated(Obstacle.NOTHING_SCANNED)
        self.intro = ElidedLabel(colour="ink2", parent=self)
        self.qr, self.bars = CodeView(self), CodeView(self)
        self.result = ResultPanel(self)
        self.sheet = ActionButton(kind=ButtonKind.SECONDARY, key="S", parent=self)
        self.before = ActionButton(kind=ButtonKind.SECONDARY, key="U", parent=self)
        self.use = ActionButton(kind=ButtonKind.PRIMARY, key="Enter", parent=self)
        self.sheet.clicked.connect(self.sheet_wanted)
        self.before.clicked.connect(self.undone)
        self.use.clicked.connect(self.confirm)
        self.set_wording(wording)

    @property
    def answer(self) -> Calibration | NotCalibrated:
        """Return what the scans so far say."""
        return self._answer

    def begin(self, *, may_undo: bool) -> None:
        """Start anew, waiting for a scan."""
        self._scans.clear()
        self._answer = NotCalibrated(Obstacle.NOTHING_SCANNED)
        self.before.setVisible(may_undo)
        self._show(waiting_words(self._wording))

    def show_codes(self, codes: Sequence[PrintedCode]) -> None:
        """Show the codes to scan: one for scanners that see, one for those with a laser line."""
        for view, code in zip((self.qr, self.bars), codes, strict=True):
            view.show_code(code)

    def take(self, keys: Sequence[RawKey]) -> None:
        """Take one scan, and say what all of them tell."""
        alone = calibrate([keys])
        if isinstance(alone, NotCalibrated):
            # What went before stays true: a mistake made since does not undo it.
            self._answer = alone
            self._show(failed_words(alone, self._wording))
            return
        self._scans = [*self._scans, keys][-_MOST_SCANS:]
        self._answer = calibrate(self._scans)
        if isinstance(self._answer, NotCalibrated):
            self._scans.clear()
            self._show(failed_words(self._answer, self._wording))
        else:
            self._show(found_words(self._answer, self._wording))

    def confirm(self) -> None:
        """Use what was found, if anything was."""
        if isinstance(self._answer, Calibration):
            self.used.emit(self._answer.found)

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        words = check_buttons(wording)
        self.intro.set_text(words.scan.full, words.scan.short)
        self.sheet.set_words(words.sheet.full, words.sheet.short)
        self.before.set_words(words.before.full, words.before.short)
        self.use.set_words(words.use.full, words.use.short)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _show(self, words: CheckWords) -> None:
        found = self._answer if isinstance(self._answer, Calibration) else None
        gaps = found.gaps[-1] if found else getattr(self._answer, "gaps", ())
        labels = check_buttons(self._wording)
        # A prefix makes it certain at any pace.
        allowed = found.found.mean_gap_ms if found and not found.found.prefix else 0
        self.result.strip.show_gaps(gaps, allowed, (labels.allowed, labels.longest), words.sentence.full)
        self.result.show_words(words)
        self.use.setEnabled(found is not None)
        announce(self.result, words.spoken, assertive=words.tone is Tone.WAIT)

    def _arrange(self) -> None:
        px, width, height = self._look.px, self.width(), self.height()
        compact = self._look.metrics.compact
        self.intro.setGeometry(0, 0, width, px(28))
        top, codes = px(34), px(164 if compact else 222)
        gap = px(12)
        self.qr.setGeometry(0, top, codes, codes)
        self.bars.setGeometry(codes + gap, top, width - codes - gap, codes)
        high = px(56 if compact else 64)
        bottom = height - high
        panel = top + codes + gap
        self.result.setGeometry(0, panel, width, max(1, bottom - gap - panel))
        self._arrange_buttons(QRect(0, bottom, width, high))

    def _arrange_buttons(self, row: QRect) -> None:
        gap, left = self._look.px(10), row.left()
        for button in (self.sheet, self.before):
            if not button.isHidden():
                wide = button.sizeHint().width()
                button.setGeometry(left, row.top(), wide, row.height())
                left += wide + gap
        self.use.setGeometry(left, row.top(), row.right() + 1 - left, row.height())
