"""The page of scanners, camera and sound, in words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cashier_app.device_sections import ScannerSection
from cashier_app.ports.serial_scanner import SerialDevice, SerialState, SerialStatus
from cashier_app.wording.calibration import scanner_in_brief
from cashier_app.wording.menu import SoundLevel, sound_words
from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.serial_scanner import serial_sentence
from cashier_app.wording.speech import Wording


class CardWords(Struct, frozen=True):
    """One device on the page: what it is, what is chosen, and whether it works."""

    key: str
    icon: str
    title: Sentence
    chosen: Sentence
    state: Row


class DevicesWords(Struct, frozen=True):
    """The page itself."""

    title: Sentence
    close: Sentence
    back: Sentence
    cards: tuple[CardWords, ...]
    note: Sentence


class DeviceFacts(Struct, frozen=True):
    """What is chosen at this till, and how it does.

    Args:
        scanner: How the scanner that types is read.
        camera: The camera's name; empty for the first one found.
        camera_on: Whether the camera is on; None where this till has none to switch.
        serial: The serial device's id; empty for none.
        status: What is known about it.
        sound: How loud.
        last_serial: What it read last, masked; empty for nothing yet.
    """

    scanner: ScannerSection = ScannerSection()
    camera: str = ""
    camera_on: bool | None = None
    serial: str = ""
    status: SerialStatus = SerialStatus(SerialState.OFF)
    sound: SoundLevel = "normal"
    last_serial: str = ""


class ChoiceRow(Struct, frozen=True):
    """One thing to choose; its key is a digit."""

    value: str
    label: str
    detail: str = ""
    taken: bool = False


class ChoiceWords(Struct, frozen=True):
    """A page on which one of several is chosen; `action` is a button below with its key."""

    title: Sentence
    intro: Sentence
    rows: tuple[ChoiceRow, ...]
    note: Row | None
    action: Sentence
    action_key: str


def devices_words(facts: DeviceFacts, wording: Wording) -> DevicesWords:
    """Return the page of all devices."""
    return DevicesWords(
        title=Sentence.of(wording.text("Scanner and camera")),
        close=Sentence.of(wording.text("Close")),
        back=Sentence.of(wording.text("Back")),
        cards=(
            CardWords(
                "1",
                "barcode",
                Sentence.of(wording.text("Scanner that types")),
                Sentence.of(wording.text("Most scanners on a USB cable")),
                Row("check-circle", scanner_in_brief(facts.scanner, wording), Tone.GOOD),
            ),
            CardWords(
                "2",
                "camera",
                Sentence.of(wording.text("Camera")),
                Sentence.of(plain(facts.camera) or wording.text("The first one found")),
                _camera_state(facts, wording),
            ),
            CardWords(
                "3",
                "identification-card",
                Sentence.of(wording.text("Serial scanner or NFC reader"), wording.text("Serial or NFC")),
                Sentence.of(plain(facts.serial) or wording.text("None")),
                _serial_row(facts.status, wording),
            ),
            CardWords(
                "4",
                "speaker",
                Sentence.of(wording.text("Sound")),
                Sentence.of(wording.text("Says what became of a code")),
                Row("check-circle", Sentence.of(sound_words(facts.sound, wording)), Tone.PLAIN),
            ),
        ),
        note=Sentence.of(
            wording.text("Scans are not used while this page is open. The sale behind it stays as it is."),
            wording.text("Scans are not used while this page is open."),
        ),
    )


def scan_not_used_here(wording: Wording) -> Sentence:
    """Say that a scan was not used, and what to do."""
    return Sentence.of(
        wording.text("Scan not used: close this page first. To check a scanner press 1."),
        wording.text("Scan not used: close this page first."),
    )


def camera_page_words(facts: DeviceFacts, cameras: Sequence[str] | None, wording: Wording) -> ChoiceWords:
    """Return the page of cameras; None while they are being listed."""
    first = ChoiceRow("", wording.text("The first one found"), taken=not facts.camera)
    names = list(cameras or ())
    rows = [ChoiceRow(name, plain(name), taken=name == facts.camera) for name in names]
    if facts.camera and facts.camera not in names:
        detail = "" if cameras is None else wording.text("Not plugged in")
        rows.append(ChoiceRow(facts.camera, plain(facts.camera), detail, taken=True))
    note = _camera_state(facts, wording)
    if cameras is None:
        note = Row("hourglass-medium", Sentence.of(wording.text("Looking for cameras…")), Tone.MUTED)
    elif not names:
        note = Row(
            "info",
            Sentence.of(
                wording.text("No camera found. Plug one in; it appears here by itself."),
                wording.text("No camera found. Plug one in."),
            ),
            Tone.WAIT,
        )
    return ChoiceWords(
        title=Sentence.of(wording.text("Camera")),
        intro=Sentence.of(
            wording.text("The camera reads codes held up to it. It is remembered by its name."),
            wording.text("The camera reads codes held up to it."),
        ),
        rows=(first, *rows),
        note=note,
        action=Sentence.of(wording.text("Look again")),
        action_key="R",
    )


def serial_page_words(
    facts: DeviceFacts, devices: Sequence[SerialDevice] | None, wording: Wording
) -> ChoiceWords:
    """Return the page of serial devices; None while they are being listed."""
    rows = [ChoiceRow("", wording.text("None"), taken=not facts.serial)]
    rows += [
        ChoiceRow(device.device_id, plain(device.name), taken=device.device_id == facts.serial)
        for device in devices or ()
    ]
    if facts.serial and not any(row.taken for row in rows):
        detail = "" if devices is None else wording.text("Not plugged in")
        rows.append(ChoiceRow(facts.serial, plain(facts.serial), detail, taken=True))
    note: Row | None = _serial_row(facts.status, wording)
    if devices is None:
        note = Row("hourglass-medium", Sentence.of(wording.text("Looking for devices…")), Tone.MUTED)
    elif not devices and not facts.serial:
        full = wording.text(
            "No serial device found. Plug one in; it appears here by itself. "
            "Most scanners type instead: nothing is to be chosen for them."
        )
        note = Row("info", Sentence.of(full, wording.text("No serial device found. Plug one in.")), Tone.WAIT)
    elif facts.last_serial:
        full = wording.text("Ready. Last read: {code}", code=facts.last_serial)
        note = Row("check-circle", Sentence.of(full), Tone.GOOD)
    return ChoiceWords(
        title=Sentence.of(wording.text("Serial scanner or NFC reader"), wording.text("Serial or NFC")),
        intro=Sentence.of(
            wording.text(
                "A scanner on a serial or USB-COM port needs no other settings and no keyboard layout."
            ),
            wording.text("For scanners on a serial or USB-COM port."),
        ),
        rows=tuple(rows),
        note=note,
        action=Sentence.of(wording.text("Look again")),
        action_key="R",
    )


def sound_page_words(facts: DeviceFacts, wording: Wording) -> ChoiceWords:
    """Return the page of sounds."""
    levels: tuple[SoundLevel, ...] = ("off", "quiet", "normal")
    return ChoiceWords(
        title=Sentence.of(wording.text("Sound")),
        intro=Sentence.of(
            wording.text("A short sound says what became of a code: found, a question, not used, too old."),
            wording.text("A short sound says what became of a code."),
        ),
        rows=tuple(
            ChoiceRow(level, sound_words(level, wording), taken=level == facts.sound) for level in levels
        ),
        note=None,
        action=Sentence.of(wording.text("Hear it")),
        action_key="T",
    )


def masked(text: str) -> str:
    """Return a code fit to be shown on a settings page: its ends only."""
    clean = plain(text)
    if len(clean) <= 8:
        return "•" * len(clean)
    return f"{clean[:3]}…{clean[-2:]}"


def _camera_state(facts: DeviceFacts, wording: Wording) -> Row:
    if facts.camera_on:
        return Row("check-circle", Sentence.of(wording.text("On. F6 switches it off.")), Tone.GOOD)
    return Row("minus-circle", Sentence.of(wording.text("Off. F6 switches it on.")), Tone.MUTED)


def _serial_row(status: SerialStatus, wording: Wording) -> Row:
    sentence = serial_sentence(status, wording)
    match status.state:
        case SerialState.LISTENING:
            return Row("check-circle", sentence, Tone.GOOD)
        case SerialState.OFF | SerialState.OPENING:
            return Row("minus-circle", sentence, Tone.MUTED)
        case SerialState.MISSING | SerialState.IN_USE | SerialState.REFUSED:
            return Row("warning", sentence, Tone.WAIT)
