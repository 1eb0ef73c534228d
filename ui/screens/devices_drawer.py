"""Scanner, camera and sound: a card for each, and behind each card the page where it is set."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from cashier_app.device_sections import ScannerSection
from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.ports.serial_scanner import SerialDevice
from cashier_app.scanning.calibration import RawKey
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.calibration import check_buttons, settings_taken_words, sheet_saved_words
from cashier_app.wording.devices import (
    ChoiceWords,
    camera_page_words,
    devices_words,
    scan_not_used_here,
    serial_page_words,
    sound_page_words,
)
from cashier_app.wording.menu import SoundLevel
from ui.accessibility import announce
from ui.devices import Devices
from ui.key_words import Stroke, Where
from ui.raw_scans import RawScans
from ui.screens.device_choice import DeviceChoice
from ui.screens.drawer import Drawer
from ui.screens.scanner_check import ScannerCheck
from ui.screens.sheet_dialog import ask_for_sheet
from ui.theme.motion import Motion
from ui.widgets.device_card import DeviceCard
from ui.widgets.text import PlainLabel

logger = logging.getLogger(__name__)

LOOK_AGAIN_MS = 3_000
_LEVELS: dict[str, SoundLevel] = {"off": "off", "quiet": "quiet", "normal": "normal"}


class DevicePage(Enum):
    """What the drawer shows; those with a card have its digit."""

    CARDS = ""
    SCANNER = "1"
    CAMERA = "2"
    SERIAL = "3"
    SOUND = "4"


class DevicesDrawer(Drawer):
    """Everything that asks a device goes through the runner; nothing here waits.

    Args:
        devices: The devices of this till.
        raw_scans: Takes the window's keys while a scanner is checked.
        runner: Takes the blocking calls off this thread.
    """

    where = Where.DEVICES
    page = DevicePage.CARDS
    _raw: RawScans | None = None  # known before Qt first hides the drawer

    def __init__(
        self,
        devices: Devices,
        raw_scans: RawScans,
        wording: Wording,
        *,
        runner: Runner,
        motion: Motion,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._devices, self._runner, self._wording = devices, runner, wording
        self._raw = raw_scans
        self._cameras: Sequence[str] | None = None
        self._serial: Sequence[SerialDevice] | None = None
        self._listing = False
        self._said: Sentence | None = None
        self._trouble = False
        self.close_button.clicked.disconnect()
        self.close_button.clicked.connect(self.go_back)
        self.cards = {page: DeviceCard(self._panel) for page in DevicePage if page.value}
        for page, card in self.cards.items():
            card.clicked.connect(lambda _=False, page=page: self.show_page(page))
        self.note = PlainLabel(colour="ink2", wrap=True, parent=self._panel)
        self.choice = DeviceChoice(self._panel)
        self.choice.chosen.connect(self._choose)
        self.choice.acted.connect(self._act)
        self.check = ScannerCheck(wording, self._panel)
        self.check.used.connect(self._use_scanner)
        self.check.undone.connect(self._undo_scanner)
        self.check.sheet_wanted.connect(self.ask_for_sheet)
        raw_scans.scanned.connect(self._scanned)
        raw_scans.pressed.connect(self._pressed)
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.timeout.connect(self.look_again)
        devices.subscribe(self._changed)
        self.show_page(DevicePage.CARDS)

    # --- what the window asks ---------------------------------------------------------------------

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.check.set_wording(wording)
        self._show()

    def open_drawer(self) -> None:
        """Slide in with the cards."""
        self._said = None
        self.show_page(DevicePage.CARDS)
        super().open_drawer()

    def close_drawer(self) -> None:
        """Go away from any page."""
        if not self.isHidden():
            self.show_page(DevicePage.CARDS)
            super().close_drawer()

    def go_back(self) -> None:
        """Do what Esc does: a page back, then away."""
        if self.page is DevicePage.CARDS:
            self.close_drawer()
            return
        came_from = self.cards[self.page]
        self.show_page(DevicePage.CARDS)
        came_from.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refuse_scan(self) -> bool:
        """Say that a scan is not used while devices are set; return whether that is so."""
        if self.isHidden():
            return False
        self._say(scan_not_used_here(self._wording), trouble=True)
        return True

    def first_focus(self) -> QWidget:
        """Return the first card, or what a page begins with."""
        match self.page:
            case DevicePage.CARDS:
                return self.cards[DevicePage.SCANNER]
            case DevicePage.SCANNER:
                return self.check.sheet
            case _:
                return self.choice.first_focus()

    # --- keys -------------------------------------------------------------------------------------

    def choose(self, character: str) -> None:
        """Open the card with this digit; on a page take the row with it, or press the button of a letter."""
        if self.page is not DevicePage.CARDS:
            self.choice.choose(character)
            return
        page = next((page for page in self.cards if page.value == character), None)
        if page is not None:
            self.show_page(page)

    def next_row(self) -> None:
        """Mark what comes next."""
        self._mark(+1)

    def previous_row(self) -> None:
        """Mark what was before."""
        self._mark(-1)

    def open_row(self) -> None:
        """Do what Enter does: press what is marked."""
        focus = self.focusWidget()
        if self.page is DevicePage.SCANNER:
            self.check.confirm()
        elif isinstance(focus, QAbstractButton):
            focus.click()

    # --- pages ------------------------------------------------------------------------------------

    def show_page(self, page: DevicePage) -> None:
        """Show a page; the till has its keys back as soon as it is not the scanner's."""
        self.page = page
        self._said = None
        raw = self._raw
        if raw is None:
            return
        if page is DevicePage.SCANNER:
            self._begin_check(raw)
        else:
            raw.end()
        self._again.stop()
        if page in {DevicePage.CAMERA, DevicePage.SERIAL}:
            self.look_again()
            self._again.start()
        self._show()
        if not self.isHidden():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def look_again(self) -> None:
        """List the devices of the page anew; one look at a time."""
        if self._listing or self.page not in {DevicePage.CAMERA, DevicePage.SERIAL}:
            return
        self._listing = True
        if self.page is DevicePage.CAMERA:
            self._runner.run(self._devices.cameras, self._cameras_came, self._not_listed)
        else:
            self._runner.run(self._devices.serial_devices, self._serial_came, self._not_listed)

    def ask_for_sheet(self) -> None:
        """Ask for a file, and write the codes to it."""
        ask_for_sheet(self, self._wording, self.save_sheet)

    def save_sheet(self, path: Path) -> None:
        """Write the codes to a file, and say so."""
        done = sheet_saved_words(path.name, self._wording)
        wording = self._wording
        self._runner.run(
            lambda: self._devices.write_sheet(path, wording), lambda _: self._say(done), self._failed
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the keys back, whatever hides the drawer."""
        if self._raw is not None:
            self._raw.end()
            self._again.stop()
        super().hideEvent(event)

    def arrange_inside(self, inside: QRect) -> None:
        """Place the page, px."""
        self.choice.setGeometry(inside)
        self.check.setGeometry(inside)
        px = self._look.px
        note = self.note.heightForWidth(inside.width()) if self.note.text() else 0
        gap, columns = px(12), 2
        wide = (inside.width() - gap) // columns
        high = px(132 if self._look.metrics.compact else 148)
        for place, card in enumerate(self.cards.values()):
            left = inside.left() + place % columns * (wide + gap)
            card.setGeometry(left, inside.top() + place // columns * (high + gap), wide, high)
        self.note.setGeometry(inside.left(), inside.top() + 2 * (high + gap) + px(8), inside.width(), note)

    # --- what is shown ----------------------------------------------------------------------------

    def _show(self) -> None:
        facts = self._devices.facts()
        around = devices_words(facts, self._wording)
        on_cards = self.page is DevicePage.CARDS
        for card, words in zip(self.cards.values(), around.cards, strict=True):
            card.show_words(words)
            card.setVisible(on_cards)
        self.check.setVisible(self.page is DevicePage.SCANNER)
        self.choice.setVisible(self.page in {DevicePage.CAMERA, DevicePage.SERIAL, DevicePage.SOUND})
        title = around.title
        match self.page:
            case DevicePage.CARDS:
                pass
            case DevicePage.SCANNER:
                title = check_buttons(self._wording).title
            case DevicePage.CAMERA:
                title = self._show_choice(camera_page_words(facts, self._cameras, self._wording))
            case DevicePage.SERIAL:
                title = self._show_choice(serial_page_words(facts, self._serial, self._wording))
            case DevicePage.SOUND:
                title = self._show_choice(sound_page_words(facts, self._wording))
        self.say(title, around.close if on_cards else around.back)
        said, trouble = self._said, self._trouble and self._said is not None
        self.note.set_text(said.full if said else around.note.full)
        self.note.set_colour("amber_text" if trouble else "ink2")
        self.note.setVisible(on_cards)
        self.choice.say(said.full if said else "", trouble=trouble)
        self.arrange()

    def _show_choice(self, words: ChoiceWords) -> Sentence:
        self.choice.show_words(words)
        return words.title

    def _say(self, said: Sentence, *, trouble: bool = False) -> None:
        self._said, self._trouble = said, trouble
        self._show()
        if self.page is DevicePage.SCANNER:
            self.check.intro.set_text(said.full, said.short)
        announce(self.note, said.full, assertive=trouble)

    def _changed(self) -> None:
        if not self.isHidden():
            self._show()

    def _mark(self, direction: int) -> None:
        if self.page in {DevicePage.CAMERA, DevicePage.SERIAL, DevicePage.SOUND}:
            self.choice.mark(direction)
        elif self.page is DevicePage.CARDS:
            cards = list(self.cards.values())
            here = next((place for place, card in enumerate(cards) if card.hasFocus()), -direction)
            cards[min(max(here + direction, 0), len(cards) - 1)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- choices ----------------------------------------------------------------------------------

    def _choose(self, value: str) -> None:
        self._said = None
        if self.page is DevicePage.CAMERA:
            self._devices.use_camera(value)
        elif self.page is DevicePage.SERIAL:
            self._devices.use_serial(value)
        elif self.page is DevicePage.SOUND:
            self._devices.use_sound(_LEVELS[value])
            self._devices.hear()
        self._show()

    def _act(self) -> None:
        if self.page is DevicePage.SOUND:
            self._devices.hear()
        else:
            self.look_again()

    def _cameras_came(self, found: Sequence[str]) -> None:
        self._listing = False
        self._cameras = found
        self._show()

    def _serial_came(self, found: Sequence[SerialDevice]) -> None:
        self._listing = False
        self._serial = found
        self._show()

    def _not_listed(self, error: BaseException) -> None:
        self._listing = False
        self._failed(error)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self._say(Sentence.of(error.sentence), trouble=True)
        else:
            logger.error("the page of devices failed", exc_info=error)

    # --- the scanner ------------------------------------------------------------------------------

    def _begin_check(self, raw: RawScans) -> None:
        from cashier_app.scanning.printed_codes import screen_codes

        self.check.set_wording(self._wording)
        self.check.begin(may_undo=self._devices.scanner_before() is not None)
        self._runner.run(screen_codes, self.check.show_codes, self._failed)
        raw.begin()

    def _scanned(self, keys: tuple[RawKey, ...]) -> None:
        self.check.take(keys)

    def _pressed(self, stroke: Stroke) -> None:
        """Act on a key pressed by itself while a scanner is checked."""
        acts: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Escape: self.go_back,
            Qt.Key.Key_F10: self.close_drawer,
            Qt.Key.Key_Return: self._enter,
            Qt.Key.Key_Enter: self._enter,
            Qt.Key.Key_S: self.check.sheet.click,
            Qt.Key.Key_U: self.check.before.click,
            Qt.Key.Key_Tab: lambda: self._tab(forward=True),
            Qt.Key.Key_Backtab: lambda: self._tab(forward=False),
        }
        if stroke.key in acts:
            acts[stroke.key]()

    def _enter(self) -> None:
        focus = self.focusWidget()
        rung = next((b for b in (self.check.sheet, self.check.before) if b is focus and b.shows_ring()), None)
        if rung is not None:
            rung.click()
        else:
            self.check.confirm()

    def _tab(self, *, forward: bool) -> None:
        self.focusNextPrevChild(forward)

    def _use_scanner(self, section: ScannerSection) -> None:
        self._devices.use_scanner(section)
        self.show_page(DevicePage.CARDS)
        self._say(settings_taken_words(self._wording))

    def _undo_scanner(self) -> None:
        before = self._devices.scanner_before()
        if before is not None:
            self._use_scanner(before)
