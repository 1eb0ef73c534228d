"""The trainer's view and free play as the documentation shows them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from cashier_app.demo.free_play import ServerPlay
from cashier_app.demo.server import DemoServer
from cashier_app.domain.free_play import PRESETS, Preset
from cashier_app.domain.points import PointName
from cashier_app.services.lesson_view import LessonView
from cashier_app.trainer_opening import TrainerBooks
from cashier_app.wording import Hours, Wording
from tests.fakes.clock import FakeClock
from tests.fakes.runner import Immediate
from tests.fakes.training_runs import NOW, FakeLessonBook, lessons, many_runs, run
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import make_window
from tests.ui.training_states import stand_coach, words_in
from ui.main_window import MainWindow
from ui.screens.drawer import Drawer
from ui.theme.motion import STILL
from ui.theme.tokens import LIGHT, Theme
from ui.training.free_play_page import FreePlayPage
from ui.training.trainer_page import TrainerPage

_NAMES = ("Asha Rao", "Vikram Shah", "Leela Iyer", "Imran Sheikh", "Grace Fernandes", "Dev Malhotra")
_TRY = run(
    of="lesson-2",
    seconds=(31, 15.5, 24, 9, 12, 18),
    mistakes=[["not-her", "not-her"], [], ["ten-times"]],
    hints=[1, 0, 0, 0, 1],
    minutes_ago=6,
)


def results_picture(theme: Theme = LIGHT) -> QImage:
    """Return everybody in a table."""
    window, page = _trainer(theme)
    return _shown(window, page)


def try_picture(theme: Theme = LIGHT) -> QImage:
    """Return one try step by step."""
    window, page = _trainer(theme)
    page.trainee = _NAMES[0]
    page.choose("2")
    page.choose("S")
    page.next_row()
    page.open_row()
    return _shown(window, page)


def free_play_picture(theme: Theme = LIGHT) -> QImage:
    """Return free play on a bad day."""
    view = sample_views.member()
    window = make_window(FakeTill(view), theme=theme, training=True, view=view)
    with closing(DemoServer()) as server:
        play = ServerPlay(lambda: server)
        play.stage(PRESETS[Preset.BAD_MOBILE])
        for count in range(31):
            server.faults.count()
            if count % 8 == 0:
                server.faults.count(failed=True)
        page = FreePlayPage(play, _wording(), lambda: None, runner=Immediate(), motion=STILL, parent=window)
        _open(window, page)
        return _shown(window, page)


def _trainer(theme: Theme) -> tuple[MainWindow, TrainerPage]:
    window = make_window(FakeTill(sample_views.idle()), theme=theme, training=True)
    runs = [_TRY]
    for place, name in enumerate(_NAMES):
        done = many_runs(1, lessons()[: 17 - 3 * place], seed=place, name=name)
        runs += [
            replace(one, began_at=one.began_at - timedelta(hours=place))
            for one in done
            if (name, one.lesson_id) != (_TRY.trainee, _TRY.lesson_id)
        ]
    books = TrainerBooks(FakeLessonBook(runs), lessons, "Practice shop", FakeClock(NOW))
    page = TrainerPage(
        books, lambda source: source, _wording(), lambda: NOW, runner=Immediate(), motion=STILL, parent=window
    )
    _open(window, page)
    return window, page


def _wording() -> Wording:
    zone = ZoneInfo("Asia/Kolkata")
    return Wording.of("en_IN", zone, PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)


def _open(window: MainWindow, page: Drawer) -> None:
    stand_coach(window, words_in(window, LessonView()))  # it stands below every page of training
    window.drawers.take_in(page)
    window.drawers.open(page)


def _shown(window: MainWindow, page: Drawer) -> QImage:
    QApplication.processEvents()
    image = window.grab().toImage()
    page.close_drawer()
    window.hide()
    window.deleteLater()
    return image


PICTURES: dict[str, Callable[[Theme], QImage]] = {
    "training-results": results_picture,
    "training-try": try_picture,
    "training-free-play": free_play_picture,
}
"""By the name of their files."""
