"""Run `cashier-app`: the window."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from cashier_app import system_libraries
from cashier_app.standard_streams import tell
from ui.qt_loading import load_qt

EXIT_BAD_INPUT = 2


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage text before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_BAD_INPUT, f"{self.prog}: {message}. Try {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the till's window and return the exit code."""
    options = _parser().parse_args(arguments)
    if options.version:
        return _tell_version()
    if options.training and options.demo:
        return _fail("Say --training or --demo, not both.")
    if options.till_fd is not None and not options.training:
        return _fail("--till-fd goes with --training.")
    if options.tour and not options.demo:
        return _fail("The tour needs the demo shop: cashier-app --demo --tour")
    if options.screenshots and not options.tour:
        return _fail("Screenshots are taken by the tour: cashier-app --demo --tour --screenshots FOLDER")
    missing = system_libraries.missing_required()
    if missing:
        return _fail(system_libraries.sentence(missing))
    if options.self_check:
        from ui.self_check import run as check

        return check()
    if no_display():
        return _fail("There is no display here. Set DISPLAY, or QT_QPA_PLATFORM=offscreen for the tour.")
    # Collecting garbage while thousands of objects are made finds none; it begins with the first frame.
    gc.disable()
    # Only now: without the system's libraries importing Qt ends in a traceback.
    load_qt()
    from ui.application import run

    return run(options)


def _tell_version() -> int:
    from cashier_app.build_stamp import version_line

    if sys.stdout is None:  # on Windows, started from a menu
        tell(version_line())
    else:
        sys.stdout.write(f"{version_line()}\n")
    return 0


def no_display() -> bool:
    """Say whether Qt would end the program because no window can open."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return False
    return not (os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY"))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="cashier-app", description="The loyalty till.")
    parser.add_argument("--version", action="store_true", help="say version and commit, and end")
    parser.add_argument(
        "--self-check",
        action="store_true",
        help="look whether all that belongs to this installation is there and works, and end",
    )
    shop = parser.add_mutually_exclusive_group()
    shop.add_argument("--demo", action="store_true", help="open the demo shop; nothing in it is real")
    shop.add_argument("--config", type=Path, help="the till's settings file")
    parser.add_argument(
        "--training",
        action="store_true",
        help="open the practice shop, where nothing is real; with --config in the shop's own language",
    )
    parser.add_argument("--data", type=Path, help="the till's data folder")
    parser.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="read the passphrase of the till's secrets from this open file, where they have one",
    )
    # A till that opens training says through this pipe who learns; training ends when it does.
    parser.add_argument("--till-fd", type=int, help=argparse.SUPPRESS)
    parser.add_argument(
        "--tour", action="store_true", help="let the demo shop serve four customers by itself"
    )
    parser.add_argument(
        "--screenshots", type=Path, metavar="FOLDER", help="keep a picture of each step of the tour"
    )
    parser.add_argument(
        "--camera",
        type=_camera,
        metavar="CAMERA",
        help="switch on this camera: its name, or file:clip.mp4 or file:folder in its place",
    )
    parser.add_argument(
        "--theme", choices=("light", "dark", "system"), help="colours; as chosen in the menu when not given"
    )
    parser.add_argument("--full-screen", action="store_true", help="open the window as large as the screen")
    parser.add_argument(
        "--size", type=_size, metavar="WIDTHxHEIGHT", help="size of the window, such as 1280x800"
    )
    return parser


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    digits = width.isascii() and height.isascii() and width.isdigit() and height.isdigit()
    if digits and 800 <= int(width) <= 8192 and 480 <= int(height) <= 8192:
        return int(width), int(height)
    raise argparse.ArgumentTypeError(f"{text!r} is not a size from 800x480 to 8192x8192")


def _camera(text: str) -> str:
    """Return what names a camera; a file or folder that is there may go without its prefix."""
    from cashier_app.scanning.frame_source import FILE_PREFIX

    is_file = text and not text.startswith(FILE_PREFIX) and Path(text).expanduser().exists()
    return FILE_PREFIX + text if is_file else text


def _fail(sentence: str) -> int:
    tell(sentence)
    return EXIT_BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
