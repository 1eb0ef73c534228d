"""Render the till: python scripts/screenshots.py FOLDER [--all FOLDER] [--only offer pay] [--sizes 1280x800].

The first folder gets the pictures of the documentation: a dozen states and the example programs, light,
1280x800, with few colours, so that they stay small. The second gets every state in three sizes and themes.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from cashier_app.scanning.keyboard_wedge import KeyboardWedge
from cashier_app.services.return_view import ReturnView
from cashier_app.services.till_view import TillView
from cashier_app.wording import Hours, Wording
from tests.fakes.runner import Immediate
from tests.ui import (
    backend_states,
    camera_states,
    close_states,
    day_states,
    device_states,
    drawer_states,
    enrol_states,
    licence_states,
    practice_states,
    return_states,
    sample_programs,
    sample_queue,
    sample_views,
    staff_states,
    trainer_states,
    training_states,
    undo_states,
    wizard_states,
)
from tests.ui.fake_backend_setup import FakeBackendSetup
from tests.ui.fake_till import FakeQueue, FakeTill, StoppedClock
from ui.main_window import MainWindow
from ui.screens.till import Place
from ui.theme.motion import Motion
from ui.theme.style import apply_theme
from ui.theme.tokens import DARK, LIGHT, Theme

SIZES = ((1024, 600), (1280, 800), (1920, 1080))
AT_ONCE = Motion(fill_ms=0, drawer_ms=0)
WITH_KEY_LIST = frozenset({"reward", "pay-keys", "return", "return-find", "return-lines-part", "enrol"})
DRAWERS = (
    *drawer_states.STATES,
    "help",
    *camera_states.STATES,
    *device_states.STATES,
    *backend_states.STATES,
    *return_states.STATES,
    *day_states.STATES,
    *staff_states.STATES,
    *close_states.STATES,
    *enrol_states.STATES,
    *undo_states.STATES,
    *licence_states.STATES,
    *training_states.STATES,
)
OPENED: dict[tuple[str, ...], Callable[[MainWindow, str], object]] = {
    tuple(drawer_states.STATES): drawer_states.open_in,
    tuple(device_states.STATES): device_states.open_in,
    tuple(backend_states.STATES): backend_states.open_in,
    tuple(camera_states.STATES): camera_states.camera_in,
    tuple(return_states.STATES): return_states.open_in,
    tuple(day_states.STATES): day_states.open_in,
    tuple(staff_states.STATES): staff_states.open_in,
    tuple(close_states.STATES): close_states.open_in,
    tuple(enrol_states.STATES): enrol_states.open_in,
    tuple(undo_states.STATES): undo_states.open_in,
    tuple(licence_states.STATES): licence_states.open_in,
    tuple(training_states.STATES): training_states.open_in,
}
IN_THE_DARK = "tiers-multipliers"
DAY_IN_THE_DARK = "day"
CHOSEN = (
    "idle", "member", "offer", "reward", "partial", "pay", "done", "done-offline", "offline-allowed",
    "two-members", "blocked", "too-old", "queue", "camera-read", "camera-two-codes", "camera-none",
    "return-find", "return", "return-part", "return-confirm", "return-confirm-untold", "return-lines-part",
    "exchange", "enrol", "enrol-name", "undo", "undo-move",
    "done-claimable", "claim-for-member",
    "lock-switch", "lock-wait", "pin", "staff",
    "menu", "devices", "scanner-found", "backend", "backend-refused",
    "day", "day-month", "day-figures", "day-empty", "close-day",
    "coach", "coach-mistake", "lessons", "lesson-done",
)  # fmt: skip


def main() -> None:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="for the chosen pictures")
    parser.add_argument("--all", type=Path, help="a folder for every state in every size and theme")
    parser.add_argument("--only", nargs="*", help="names of states; all if left out")
    parser.add_argument("--sizes", nargs="*", help="such as 1280x800; three if left out")
    asked = parser.parse_args()
    application = QApplication(sys.argv[:1])
    apply_theme(application, LIGHT)
    for name in CHOSEN:
        if asked.only is None or name in asked.only:
            write(picture(name, 1280, 800, LIGHT), asked.folder, f"till-{name}")
            with_few_colours(asked.folder / f"till-{name}.png")
    for name in sample_programs.EXAMPLES:
        if asked.only is None or name in asked.only:
            write(program_picture(name, LIGHT), asked.folder, f"program-{name}")
            with_few_colours(asked.folder / f"program-{name}.png")
    write_practice_material(asked)
    write_dark_ones(application, asked)
    if asked.all is None:
        return
    sizes = [tuple(map(int, size.split("x"))) for size in asked.sizes or ()] or list(SIZES)
    for theme in (LIGHT, DARK):
        apply_theme(application, theme)
        for width, height in sizes:
            for name in asked.only or [*sample_views.STATES, *DRAWERS]:
                image = picture(name, width, height, theme)
                write(image, asked.all, f"till-{name}-{width}x{height}-{theme.name}")
            for name in () if asked.only else wizard_states.STATES:
                image = wizard_states.picture(name, (width, height), theme)
                write(image, asked.all, f"first-run-{name}-{width}x{height}-{theme.name}")


def write_practice_material(asked: argparse.Namespace) -> None:
    """Write the pictures of passes, phone and sheet, and what a trainer sees."""
    drawn = practice_states.PICTURES | trainer_states.PICTURES | wizard_states.PICTURES
    for name, draw in drawn.items():
        if asked.only is None or name in asked.only:
            write(draw(LIGHT), asked.folder, name)
            with_few_colours(asked.folder / f"{name}.png")


def write_dark_ones(application: QApplication, asked: argparse.Namespace) -> None:
    """Write the pictures of the documentation that show the dark theme."""
    apply_theme(application, DARK)
    if asked.only is None or DAY_IN_THE_DARK in asked.only:
        write(picture(DAY_IN_THE_DARK, 1280, 800, DARK), asked.folder, f"till-{DAY_IN_THE_DARK}-dark")
        with_few_colours(asked.folder / f"till-{DAY_IN_THE_DARK}-dark.png")
    if asked.only is None or IN_THE_DARK in asked.only:
        write(program_picture(IN_THE_DARK, DARK), asked.folder, f"program-{IN_THE_DARK}-dark")
        with_few_colours(asked.folder / f"program-{IN_THE_DARK}-dark.png")


def write(image: QImage, folder: Path, name: str) -> None:
    """Write a picture; one that cannot be written is an OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.png"
    if not image.save(str(target), None, 0):
        raise OSError(f"{target} could not be written")


def with_few_colours(path: Path) -> None:
    """Write a picture anew with 256 colours of its own and no dots between them: a third of the size."""
    with Image.open(path) as image:
        few = image.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def view_for(name: str) -> TillView:
    """Return what the till knows in one state."""
    view = sample_views.STATES[name if name in sample_views.STATES else "idle"]()
    if name in drawer_states.STATES:
        view = drawer_states.view_of(name, view)
    if name in camera_states.STATES:
        view = camera_states.view_of(name)
    if name in enrol_states.STATES:
        view = enrol_states.view_of(name)
    if name in undo_states.STATES:
        view = sample_views.STATES["done"]()
    if name in day_states.STATES:
        view = day_states.view_of(name, view)
    if name in training_states.STATES:
        view = training_states.view_of(name)
    return view


def picture(name: str, width: int, height: int, theme: Theme) -> QImage:
    """Return one state as a picture."""
    view = view_for(name)
    window = window_for(name, view)
    window.set_theme(theme)
    window.resize(width, height)
    window.screen_of_till.take_undo()
    window.screen_of_till.show_keypad(name not in WITH_KEY_LIST)
    window.show()
    window.ways.backend = FakeBackendSetup()
    for states, open_in in OPENED.items():
        if name in states:
            open_in(window, name)
    if name == "help":
        window.ways.show_help()
    QApplication.processEvents()
    while name == "lookup" and window.screen_of_till.who.lookup.isHidden():
        QApplication.processEvents()  # the card of a look-up comes only when it takes a moment
    image = window.grab().toImage()
    window.hide()
    window.deleteLater()
    return image


def program_picture(name: str, theme: Theme) -> QImage:
    """Return one of the example programs at a till of its country."""
    example = sample_programs.EXAMPLES[name]
    view = example.view()
    program = example.program
    wording = Wording.of(example.locale, sample_views.ZONE, program.point_name, hours=Hours.TWENTY_FOUR)
    window = MainWindow(
        FakeTill(view),
        FakeQueue(sample_queue.queue()),
        wording,
        place=Place(program.name, "2", example.region),
        runner=Immediate(),
        clock=StoppedClock(),
        read_picture=lambda _: [],
        motion=AT_ONCE,
        wedge=KeyboardWedge(),
    )
    window.set_theme(theme)
    window.resize(1280, 800)
    window.screen_of_till.show_keypad(True)
    window.show()
    QApplication.processEvents()
    image = window.grab().toImage()
    window.hide()
    window.deleteLater()
    return image


def window_for(name: str, view: TillView) -> MainWindow:
    """Return a window that shows this view and nothing else."""
    program = view.program or sample_views.PROGRAM
    locale = "en_KW" if program is sample_views.SOUQ else "en_IN"
    wording = Wording.of(locale, sample_views.ZONE, program.point_name, hours=Hours.TWENTY_FOUR)
    training = name == "training" or name in training_states.STATES
    stores = dict.fromkeys(("training", *training_states.STATES), "Practice shop")
    stores["long-values"] = "Shri Venkateshwara General Stores"
    store = "Souq Al Bahar" if program is sample_views.SOUQ else stores.get(name, "Marigold Stores")
    return MainWindow(
        FakeTill(view),
        drawer_states.queue_of(name),
        wording,
        place=Place(store, "2", sample_views.REGION),
        runner=Immediate(),
        clock=StoppedClock(),
        read_picture=lambda _: [],
        motion=AT_ONCE,
        wedge=KeyboardWedge(),
        training=training,
        returns=lambda: return_states.FakeReturns(return_states.STATES.get(name, ReturnView)()),
    )


if __name__ == "__main__":
    main()
