"""The window of the first start on every page worth a picture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from cashier_app.domain.points import PointName
from cashier_app.first_run_opening import FirstRun, Surroundings, guess_of
from cashier_app.ports.runner import Runner
from cashier_app.scanning.calibration import LONG_TEST, RawKey
from cashier_app.services.first_run import Answers, BackendAnswer, Step
from cashier_app.wording import Translator, Wording
from tests.fakes.runner import Immediate
from ui.theme.tokens import LIGHT, Theme
from ui.wizard.backend_page import BackendPage
from ui.wizard.camera_page import CameraPage
from ui.wizard.country_page import CountryPage
from ui.wizard.desk import WizardDesk
from ui.wizard.language_page import LanguagePage
from ui.wizard.manager_page import ManagerPage
from ui.wizard.ready_page import ReadyPage
from ui.wizard.scanner_page import ScannerPage
from ui.wizard.shop_page import ShopPage
from ui.wizard.window import WizardWindow

SQUARE = BackendAnswer("square", "", {"location": "L8GTM4Q1XYZ0A"})
ANSWERED = Answers(
    language="en",
    store="Marigold Stores",
    till="2",
    region="IN",
    currency="INR",
    decimals=2,
    time_zone="Asia/Kolkata",
    backend=SQUARE,
)
STATES = (
    "language",
    "shop",
    "shop-wrong",
    "country",
    "country-unsure",
    "country-list",
    "country-not-found",
    "backend",
    "backend-kept",
    "backend-form",
    "scanner",
    "scanner-found",
    "camera",
    "manager",
    "manager-no-name",
    "manager-pin",
    "manager-weak",
    "ready",
    "ready-demo",
    "went-on",
    "scan",
    "fleet",
    "letters",
)
CAMERAS = ("Front camera (046d:0825)", "Document camera")


class MadeUpVoice(Translator):
    """Every sentence in Arabic letters, a third longer than it was, with its places filled in."""

    def text(self, message: str, /, **values: str) -> str:
        filled = super().text(message, **values)
        return "ابجد هوز " + " ".join("كلمة" if word.isalpha() else word for word in filled.split())


def open_window(
    folder: Path,
    answers: Answers | None = None,
    *,
    size: tuple[int, int] = (1280, 800),
    theme: Theme = LIGHT,
    system: Surroundings | None = None,
    given: str = "",
    went_on: bool = False,
    runner: Runner | None = None,
    cameras: Callable[[], Sequence[str]] = lambda: CAMERAS,
    arabic: bool = False,
) -> WizardWindow:
    """Return a shown window at its first page."""
    given_by = None
    if given:
        given_by = folder / "fleet.toml"
        given_by.write_text(given, encoding="utf-8")
    first_run = FirstRun(folder / "config" / "till.toml", folder / "data", given_by)
    guess = guess_of(system or Surroundings("en", "IN", "Asia/Kolkata"), "My shop")
    desk = WizardDesk(first_run, answers or first_run.answers(), guess, runner or Immediate())
    if arabic:
        voice = Wording.of("ar_KW", ZoneInfo("Asia/Kuwait"), PointName("p", "p"), MadeUpVoice())
        desk._voice = lambda: voice  # type: ignore[method-assign]
        desk.wording = voice
    pages = (LanguagePage, ShopPage, CountryPage, BackendPage, ScannerPage, ManagerPage, ReadyPage)
    made = {page.step: page(desk) for page in pages}
    made[Step.CAMERA] = CameraPage(desk, list_cameras=cameras)
    window = WizardWindow(desk, made, went_on=went_on)
    window.set_theme(theme)
    window.begin(Step.LANGUAGE)
    window.resize(*size)
    window.show()
    window.activateWindow()
    return window


def open_in(folder: Path, name: str, **how: object) -> WizardWindow:
    """Return a window in one of the states."""
    answers = replace(ANSWERED, backend=BackendAnswer("demo")) if name == "ready-demo" else ANSWERED
    if name in {"language", "shop-wrong", "country-unsure", "went-on", "letters"}:
        answers = Answers() if name == "language" else Answers(language="en")
    if name == "backend":  # nothing is chosen yet, what comes before is answered
        answers = replace(ANSWERED, backend=None)
    system = Surroundings("", "", "UTC") if name == "country-unsure" else None
    given = '[store]\nname = "Marigold Stores"\n' if name == "fleet" else ""
    window = open_window(
        folder,
        answers,
        system=system,
        given=given,
        went_on=name == "went-on",
        **how,  # type: ignore[arg-type]
    )
    page = name.partition("-")[0]
    step = {"went": Step.SHOP, "scan": Step.BACKEND, "fleet": Step.SHOP, "letters": Step.SHOP}.get(page)
    if name == "went-on":
        window.begin(Step.SHOP)
    elif name != "language":
        window.go_to(step or Step(page))
    _bring(window, name)
    return window


def _bring(window: WizardWindow, name: str) -> None:
    page = window.page
    match page:
        case ShopPage() if name == "shop-wrong":
            page.store.edit.setText("Marigold Stores")
            page.till.edit.setText("TRAIN 2")
            page.go_on()
        case ShopPage() if name == "letters":
            window.letters.by_touch()
        case CountryPage() if name in {"country-list", "country-not-found"}:
            page.choose("1")
            page.picker.search.edit.setText("united" if name == "country-list" else "atlantis")
            page.picker._search()
        case BackendPage() if name == "backend-form":
            page.do_second()
        case BackendPage() if name == "scan":
            window.wedge.scanned.emit("LC1:MADEUP")
        case ScannerPage() if name == "scanner-found":
            page.take_raw(scan())
            page.take_raw(scan())
        case ManagerPage():
            _bring_manager(page, name)
        case _:
            pass


def _bring_manager(page: ManagerPage, name: str) -> None:
    if name == "manager-no-name":
        page.go_on()
    elif name in {"manager-pin", "manager-weak"}:
        page.name.edit.setText("Meera Nair")
        page.go_on()
        for _ in range(2 if name == "manager-weak" else 0):
            type_digits(page, "123456")
            page.go_on()
        type_digits(page, "482")


def type_digits(page: ManagerPage, digits: str) -> None:
    """Type digits one after the other."""
    for digit in digits:
        page.choose(digit)


def scan() -> tuple[RawKey, ...]:
    """Return the keys of one scan of the test code, as a quick scanner types them."""
    return tuple(RawKey(at * 4, sign, sign) for at, sign in enumerate(LONG_TEST + "\r"))


def picture(name: str, size: tuple[int, int], theme: Theme) -> QImage:
    """Return one of the states as a picture; the application wears the theme already."""
    with tempfile.TemporaryDirectory() as folder:
        window = open_in(Path(folder), name, size=size, theme=theme)
        QApplication.processEvents()
        image = window.grab().toImage()
        window.close()
        window.deleteLater()
    return image


PICTURES: dict[str, Callable[[Theme], QImage]] = {
    f"first-run-{name}": partial(picture, name, (1280, 800))
    for name in ("shop-wrong", "backend", "manager-pin")
}
"""Those of the documentation."""
