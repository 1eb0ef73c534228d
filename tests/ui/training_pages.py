"""Every page there is over the till, found in the source, and how each is opened in a window of training."""

from __future__ import annotations

import ast
from collections.abc import Callable

from cashier_app.demo.free_play import ServerPlay
from cashier_app.demo.server import DemoServer
from cashier_app.trainer_opening import TrainerBooks
from tests.fakes.clock import FakeClock
from tests.fakes.runner import Immediate
from tests.fakes.training_runs import NOW, FakeLessonBook, few_runs, lessons
from tests.ui import (
    backend_states,
    close_states,
    day_states,
    device_states,
    drawer_states,
    enrol_states,
    licence_states,
    return_states,
    sample_views,
    staff_states,
    support_states,
    training_states,
    undo_states,
)
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import make_window
from tests.ui.training_outlets import ROOT
from ui.main_window import MainWindow
from ui.screens.drawer import Drawer
from ui.theme.motion import STILL
from ui.training.free_play_page import FreePlayPage
from ui.training.trainer_page import TrainerPage

Opener = Callable[[MainWindow], object]
_ENROL, _RETURN = next(iter(enrol_states.STATES)), next(iter(return_states.STATES))
_BASES = {"Drawer", "OverTill"}
_KINDS_OF_PAGE = {"OverTill"}  # no page itself


def page_classes() -> list[str]:
    """Return the names of all pages in the source of the till's window."""
    found = {
        node.name
        for file in (ROOT / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in _BASES for base in node.bases)
    }
    return sorted(found - _KINDS_OF_PAGE)


def window_for(page: str, **how: object) -> MainWindow:
    """Return a window of training in which this page can be opened; the rest as `make_window` takes it."""
    view = enrol_states.view_of(_ENROL) if page == "EnrolScreen" else sample_views.STATES["idle"]()
    queue = drawer_states.queue_of("compare" if page == "CompareDrawer" else "queue")
    made: MainWindow = make_window(
        FakeTill(view),
        queue,
        returns=lambda: return_states.FakeReturns(return_states.STATES[_RETURN]()),
        **how,  # type: ignore[arg-type]
    )
    return made


def _taken_in(window: MainWindow, page: Drawer) -> None:
    window.drawers.take_in(page)
    window.drawers.open(page)


def _licences(window: MainWindow) -> None:
    _taken_in(window, licence_states.page_in(window, licence_states.FakeShelf()))


def _trainer(window: MainWindow) -> None:
    books = TrainerBooks(FakeLessonBook(few_runs()), lessons, "Practice shop", FakeClock(NOW))
    wording = window.screen_of_till.wording()
    page = TrainerPage(books, str, wording, lambda: NOW, runner=Immediate(), motion=STILL, parent=window)
    _taken_in(window, page)


def _free_play(window: MainWindow) -> None:
    play = ServerPlay(DemoServer)
    wording = window.screen_of_till.wording()
    page = FreePlayPage(play, wording, lambda: None, runner=_Never(), motion=STILL, parent=window)
    _taken_in(window, page)


def _lessons(window: MainWindow) -> None:
    window.drawers.open(training_states.page_in(window, FakeLessonBook(few_runs())))


class _Never(Immediate):
    """Works on nothing: what the page asks for is not what is looked at."""

    def run(self, *_: object) -> None:
        """Do nothing."""


PAGES: dict[str, Opener] = {
    "BackendDrawer": lambda window: backend_states.open_in(window, backend_states.STATES[0]),
    "CloseDayPage": lambda window: close_states.open_in(window, close_states.STATES[0]),
    "CompareDrawer": lambda window: drawer_states.open_in(window, "compare"),
    "DayPage": lambda window: day_states.open_in(window, "day"),
    "DevicesDrawer": lambda window: device_states.open_in(window, "devices"),
    "EnrolScreen": lambda window: enrol_states.open_in(window, _ENROL),
    "FreePlayPage": _free_play,
    "HelpPanel": lambda window: window.ways.show_help(),
    "LessonsPage": _lessons,
    "LicencesPage": _licences,
    "MenuDrawer": lambda window: window.ways.show_menu(),
    "NewsPage": lambda window: window.drawers.open(window.drawers.news_page()),
    "QueueDrawer": lambda window: drawer_states.open_in(window, "queue"),
    "ReturnScreen": lambda window: return_states.open_in(window, _RETURN),
    "StaffDrawer": lambda window: staff_states.open_in(window, "staff"),
    "SupportPage": lambda window: support_states.open_in(window, "support"),
    "TrainerPage": _trainer,
    "TrainingCover": lambda window: window.drawers.open(window.drawers.training_cover()),
    "UndoDialog": lambda window: undo_states.open_in(window, "undo"),
}
"""By the name of their class."""

OVER_PAGES: dict[str, Opener] = {
    "settling by hand": lambda window: drawer_states.open_in(window, "settle"),
    "lock": lambda window: staff_states.open_in(window, "lock"),
    "PIN": lambda window: staff_states.open_in(window, "pin"),
    "nothing": lambda _window: None,
}
"""What else lies over the till, and the till itself."""
