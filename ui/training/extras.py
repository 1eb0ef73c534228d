"""What a trainer has beside the lessons: the book of who did what, and free play. Made when first wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from cashier_app.demo_shop import DemoShop
from cashier_app.domain.free_play import ALL_WELL
from cashier_app.domain.staff import Right
from cashier_app.free_play_opening import open_free_play
from cashier_app.ports.clock import Clock
from cashier_app.ports.free_play import FreePlay
from cashier_app.ports.runner import Runner
from cashier_app.services.approval import Matter
from cashier_app.services.lesson_view import LessonStage, LessonView
from cashier_app.services.till_session import TillSession
from cashier_app.wording.coach import CoachAct
from cashier_app.wording.free_play import trouble_words
from cashier_app.wording.lessons_page import Extra
from ui.main_window import MainWindow
from ui.theme.motion import Motion
from ui.training.coach import Coach

if TYPE_CHECKING:
    from ui.training.classroom import Classroom
    from ui.training.free_play_page import FreePlayPage
    from ui.training.trainer import Books
    from ui.training.trainer_page import TrainerPage

LOOK_MS = 500


def give_extras(
    classroom: Classroom, window: MainWindow, session: TillSession, shop: DemoShop, runner: Runner
) -> None:
    """Let the trainer's view and free play be opened from the page of lessons and by their keys."""
    from cashier_app.documents.lesson_document import load_lessons
    from cashier_app.trainer_opening import TrainerBooks

    coach, clock = classroom.coach, shop.till.clock
    books = TrainerBooks(coach.room.book, load_lessons, shop.till.settings.store, clock)
    classroom.offer(Extra.RESULTS, TrainerEntry(window, books, coach, runner, clock).open)
    play = FreePlayEntry(window, open_free_play(shop), coach, runner, session.refresh_account)
    classroom.offer(Extra.FREE_PLAY, play.open)


class TrainerEntry(QObject):
    """The way to the trainer's view: for who may train, after a PIN for others."""

    def __init__(self, window: MainWindow, books: Books, coach: Coach, runner: Runner, clock: Clock) -> None:
        super().__init__(window)
        self._window, self._books, self._coach, self._runner = window, books, coach, runner
        self._clock = clock

    @cached_property
    def page(self) -> TrainerPage:
        """Return the page."""
        from ui.training.trainer_page import TrainerPage

        window = self._window
        made = TrainerPage(
            self._books,
            self._coach.sentence,
            window.screen_of_till.wording(),
            self._clock.now,
            runner=self._runner,
            motion=Motion(),
            parent=window,
        )
        window.drawers.take_in(made)
        return made

    def open(self) -> None:
        """Open it over the till, for who may train; others are asked for such a person's PIN."""
        window = self._window
        if window.gate is None:
            window.drawers.open(self.page)
        else:
            window.gate.ask_right(Right.TRAIN, lambda: window.drawers.open(self.page), Matter.RESULTS)


class FreePlayEntry(QObject):
    """The way to free play, and what goes wrong shown in the coach's strip as long as it does.

    Args:
        window: The practice till's.
        play: The practice loyalty system.
        coach: Shows it, and has the keys.
        runner: Takes what may wait off this thread.
        refresh: Reads the served member's account again.
    """

    def __init__(
        self, window: MainWindow, play: FreePlay, coach: Coach, runner: Runner, refresh: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._refresh = refresh
        self._window, self._play, self._coach, self._runner = window, play, coach, runner
        self._stage = LessonStage.NONE
        self._shown = ALL_WELL
        coach.more |= {CoachAct.FREE_PLAY: self.open, CoachAct.ALL_WELL: self.all_well}
        coach.staged = self.staged
        coach.room.player.subscribe(self._follow)
        self._look_again = QTimer(self)
        self._look_again.setInterval(LOOK_MS)
        self._look_again.timeout.connect(self._look)
        self._look_again.start()
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.leave)  # the program waits for its workers

    @cached_property
    def page(self) -> FreePlayPage:
        """Return the page."""
        from ui.training.free_play_page import FreePlayPage

        window = self._window
        made = FreePlayPage(
            self._play,
            window.screen_of_till.wording(),
            self._refresh,
            runner=self._runner,
            motion=Motion(),
            parent=window,
        )
        made.changed.connect(self._coach.refresh)
        window.drawers.take_in(made)
        return made

    def open(self) -> None:
        """Open it over the till; a lesson has its own troubles."""
        if self._is_free():
            self._window.drawers.open(self.page)

    def all_well(self) -> None:
        """End all troubles, from wherever it is asked."""
        self.page.all_well()

    def staged(self) -> str:
        """Return what goes wrong now, where that is free play's doing."""
        trouble = self._play.trouble
        if trouble.is_none or not self._is_free():
            return ""
        return trouble_words(trouble, self._window.screen_of_till.wording()).full

    def _is_free(self) -> bool:
        return self._stage not in {LessonStage.PREPARING, LessonStage.RUNNING}

    def _follow(self, view: LessonView) -> None:
        before, self._stage = self._stage, view.stage
        if view.stage is LessonStage.PREPARING and before is not view.stage:
            # The network is made well by the lesson itself, in its own order.
            self._runner.run(self._play.free_all, _nothing, _nothing)

    def _look(self) -> None:
        """Say it anew once it is otherwise: answers that are to be lost are counted down by the server."""
        trouble = self._play.trouble
        if trouble != self._shown:
            self._shown = trouble
            self._coach.refresh()

    def leave(self) -> None:
        """End all troubles: training ends."""
        self._runner.run(self._play.end, _nothing, _nothing)


def _nothing(_: object) -> None:
    """Leave it: a practice shop that is gone troubles nobody."""
