"""Photograph a sale and a return at each vendor: python scripts/vendor_screenshots.py FOLDER [--only square].

Each vendor's stand-in runs beside the real window, with the settings of its example, served by keys alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from cashier_app.testing.people import Person
from scripts.screenshots import with_few_colours, write
from tests.end_to_end.test_vendors_in_the_window import DAYS, Day
from tests.end_to_end.vendor_till import VendorTill
from ui.theme.style import apply_theme
from ui.theme.tokens import LIGHT

_MOMENTS = ("member", "offer", "asking", "pay", "done", "return")
_MOMENTS_OF_VARIANTS = ("return",)


def photograph(day: Day, folder: Path) -> None:
    """Serve one customer and take their goods back, with a picture of each moment."""
    name = "-".join((day.kind, *(f"{name}-{value}" for name, value in day.settings.items())))
    name = name.replace("_", "-").replace(" ", "-")

    before = []

    def keep(moment: str) -> None:
        if moment == "member":
            before.append(till.view.person)
        if moment == "done":
            till.wait(lambda: till.view.person not in before, "the balance after the sale")
        if moment not in (_MOMENTS if not day.settings else _MOMENTS_OF_VARIANTS):
            return
        if moment == "asking":
            # A stand-in on this computer answers before there would be words.
            till.window.screen_of_till._show_busy()  # noqa: SLF001
        else:
            QApplication.processEvents()
        write(till.window.grab().toImage(), folder, f"{name}-{moment}")
        with_few_colours(folder / f"{name}-{moment}.png")

    person = Person("Priya Raghunathan", day.phone, "MG-104210", "LC1:priya0001", points=Decimal(day.points))
    with (
        TemporaryDirectory() as place,
        VendorTill(day.kind, Path(place), person, keep, settings=day.settings) as till,
    ):
        till.open()
        till.serve(day.bill, *day.keys)
        till.books()  # what the vendor does later is done
        till.give_back(day.goods)


def main() -> None:
    """Photograph the vendors asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", metavar="KIND")
    asked = parser.parse_args()
    application = QApplication([])
    apply_theme(application, LIGHT)
    for day in DAYS:
        if day.kind == "contract":
            continue  # the demo shop's own pictures show it
        if asked.only is None or day.kind in asked.only:
            photograph(day, asked.folder)


if __name__ == "__main__":
    main()
