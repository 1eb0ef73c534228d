"""The till's devices put together: pictures, cameras, serial scanners, sound and the scanner's sheet.

The window and the command line reach them here. No library is loaded before a device is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cashier_app.device_sections import LIVE_FORMATS, SerialSection

if TYPE_CHECKING:
    from cashier_app.ports.serial_scanner import SerialDevice, SerialRead, SerialScanner, SerialStatus
    from cashier_app.scanning.camera import CameraReader
    from cashier_app.scanning.camera_state import CameraState
    from cashier_app.scanning.decoders import DecodedSymbol
    from cashier_app.sound.player import Player
    from cashier_app.sound.sounds import Level
    from cashier_app.wording.speech import Wording


def second_decoder_works() -> bool:
    """Say whether libzbar is installed."""
    from cashier_app.scanning.decoders import zbar_works

    return zbar_works()


def cameras() -> list[str]:
    """Return the names of the cameras plugged in, as `open_camera` takes them. Blocking, up to a second."""
    from cashier_app.scanning.camera_names import list_cameras  # loads OpenCV

    return [camera.name for camera in list_cameras()]


def open_camera(
    choice: str,
    *,
    on_symbols: Callable[[list[DecodedSymbol], float], None],
    on_state: Callable[[CameraState], None],
    formats: tuple[str, ...] = LIVE_FORMATS,
    loop: bool = True,
    rests: Callable[[], bool] = lambda: False,
) -> CameraReader:
    """Return a reader of codes, not yet started; nothing is opened and no library loaded before `start`.

    Args:
        choice: A camera's name, empty for the first one, or ``file:`` with a video, a picture or a folder.
        on_symbols: Called from another thread with what was read and its frame's monotonic arrival.
        on_state: Called from other threads with each change of state.
        formats: Kinds of code, as in `device_sections`.
        loop: Show a file again and again, or once.
        rests: Asked before each frame, on another thread: while true no code is looked for.
    """
    from cashier_app.scanning.camera import CameraReader
    from cashier_app.scanning.decoders import LiveDecoder
    from cashier_app.scanning.frame_source import open_source
    from cashier_app.scanning.resting_decoder import RestingDecoder

    return CameraReader(
        lambda: open_source(choice, loop=loop),
        lambda: RestingDecoder(LiveDecoder(formats), rests),
        on_symbols=on_symbols,
        on_state=on_state,
    )


def sound_player(level: Level) -> Player:
    """Return what plays the till's sounds, on a thread that begins with the first of them."""
    from cashier_app.sound.player import Player

    return Player(level)


def write_scanner_sheet(
    path: Path, wording: Wording, paper: Literal["A4", "Letter"] = "A4", *, training: bool = False
) -> None:
    """Write the test codes of a scanner's set-up as PDF, over a file that is there. Blocking.

    Raises:
        KnownError: The file cannot be written.
    """
    from cashier_app.scanning.scanner_sheet import write_sheet  # loads fpdf, which takes 0.2 s
    from cashier_app.wording.scanner_sheet import sheet_words

    write_sheet(path, sheet_words(wording, training=training), paper)


def serial_devices() -> list[SerialDevice]:
    """Return the serial devices plugged in, for people to choose from. Blocking, up to 50 ms."""
    from cashier_app.scanning import serial_devices as plugged  # loads pyserial

    return plugged.serial_devices()


def open_serial_scanner(
    section: SerialSection,
    *,
    on_read: Callable[[SerialRead], None],
    on_status: Callable[[SerialStatus], None],
) -> SerialScanner:
    """Return a scanner on a serial port; `choose` a device to start it. No library is loaded before.

    Args:
        section: Speed and marks; its device is not chosen yet.
        on_read: Called from another thread with every scan.
        on_status: Called from another thread whenever the scanner comes, goes or is not ours to use.
    """
    from cashier_app.scanning.serial_framing import SerialFraming
    from cashier_app.scanning.serial_port import SerialPortScanner

    framing = SerialFraming(section.prefixes, section.suffix)
    return SerialPortScanner(on_read, on_status, baud=section.baud, framing=framing)


def picture_symbols(source: Path | bytes, formats: tuple[str, ...] = LIVE_FORMATS) -> list[DecodedSymbol]:
    """Return text, symbology and corners of all codes in a picture file or its bytes. Blocking.

    Args:
        source: The file, or its bytes.
        formats: Kinds of code, as in `device_sections`.

    Raises:
        KnownError: It cannot be read or is no picture.
    """
    from cashier_app.scanning import picture_files

    if isinstance(source, bytes):
        return picture_files.decode_picture_bytes(source, formats)
    return picture_files.decode_picture_file(source, formats)


def picture_texts(source: Path | bytes, formats: tuple[str, ...] = LIVE_FORMATS) -> list[str]:
    """Return the texts of all codes in a picture, each behind its AIM identifier; see `picture_symbols`."""
    return [symbol.announced for symbol in picture_symbols(source, formats)]
