"""The page of licences in every state worth a picture."""

from __future__ import annotations

from cashier_app.errors import KnownError
from cashier_app.licences import Licences, LicenceText, LicensedPart
from tests.fakes.runner import Immediate
from ui.main_window import MainWindow
from ui.screens.licences_page import LicencesPage
from ui.theme.motion import STILL

ABOUT = """What this program is made of, besides its own code
==================================================

Qt, PySide6 and Shiboken are used under the GNU Lesser General Public License, version 3.
You may replace them by builds of your own of a compatible version."""
PARTS = (
    LicensedPart("cashier-app", "0.1.0", "MIT License"),
    LicensedPart("anyio", "4.16.0", "MIT", "https://github.com/agronholm/anyio"),
    LicensedPart(
        "cryptography", "50.0.2", "Apache-2.0 OR BSD-3-Clause", "https://github.com/pyca/cryptography"
    ),
    LicensedPart("fontpkg-noto-sans-devanagari", "2.007", "OFL-1.1"),
    LicensedPart(
        "opencv-python-headless",
        "5.0.0.93",
        "Apache-2.0; GNU Lesser General Public License v2.1 or later (LGPLv2.1+); BSD 3-Clause; and others",
    ),
    *(LicensedPart(f"part-{number:02}", f"{number}.0", "BSD-3-Clause") for number in range(40)),
    LicensedPart("PySide6_Essentials", "6.11.3", "LGPL-3.0", "https://code.qt.io/pyside/pyside-setup"),
    LicensedPart("zxing-cpp", "3.0.0", "Apache-2.0"),
)
TEXT = "\n".join(
    ["MIT License", ""]
    + ["Permission is hereby granted, free of charge, to any person obtaining a copy <b>&amp;</b>,"] * 90
)
STATES = (
    "licences",
    "licences-source",
    "licences-marked",
    "licences-text",
    "licences-texts",
    "licences-none",
)


class FakeShelf:
    """Hands out what a test puts in."""

    def __init__(self, found: Licences | None = None) -> None:
        self.found = found or Licences(ABOUT, PARTS)
        self.texts = {"zxing-cpp": (), "cryptography": (LicenceText("LICENSE.APACHE", "Apache"),) * 1}
        self.refusal: KnownError | None = None

    def read(self) -> Licences:
        """Return all parts."""
        self._refuse()
        return self.found

    def texts_of(self, part: str) -> tuple[LicenceText, ...]:
        """Return the texts of one."""
        self._refuse()
        if part == "PySide6_Essentials":
            return (LicenceText("LGPL-3.0.txt", TEXT), LicenceText("GPL-3.0.txt", TEXT))
        return self.texts.get(part, (LicenceText("LICENSE", TEXT),))

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal


def page_in(window: MainWindow, shelf: FakeShelf, **how: object) -> LicencesPage:
    """Return the page over a window, not yet open."""
    how = {"runner": Immediate(), **how}
    screen = window.screen_of_till
    page = LicencesPage(
        screen.wording(),
        motion=STILL,
        read=shelf.read,
        texts=shelf.texts_of,
        parent=window,
        **how,  # type: ignore[arg-type]
    )
    return window.drawers._once(LicencesPage, lambda: page)


def open_in(window: MainWindow, name: str) -> LicencesPage:
    """Bring a window that is shown into one of the states."""
    shelf = FakeShelf(Licences("", PARTS) if name == "licences-source" else None)
    page = page_in(window, shelf)
    window.drawers.open(page)
    names = [part.name for part in PARTS]
    match name:
        case "licences-marked":
            page.turn_page(+1)
        case "licences-text":
            page.list.open(0)
        case "licences-texts":
            page.list.open(names.index("PySide6_Essentials") + 1)
        case "licences-none":
            page.list.open(names.index("zxing-cpp") + 1)
    return page
