"""Lessons given to a practice till: the coach below it, the page of lessons, and what else there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from cashier_app.demo_shop import DemoShop
from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.lesson import Lesson
from cashier_app.lesson_opening import open_lesson_room
from cashier_app.ports.runner import Runner
from cashier_app.services.lesson_view import LessonStage, LessonView
from cashier_app.services.till_session import TillSession
from cashier_app.staff_opening import demo_pins
from cashier_app.wording.coach import CoachWords, choosing_words
from cashier_app.wording.lessons_page import Extra
from ui.main_window import MainWindow
from ui.theme.motion import Motion
from ui.training.coach import Coach, Teaching
from ui.training.demonstration import TO_BE_READ, Pace
from ui.training.extras import give_extras
from ui.training.holding_up import HoldsUp
from ui.training.lessons_page import LessonsPage, LessonsShown
from ui.training.material import MaterialDesk

SUMMARY_AFTER_MS = 2_500
"""How long the finished sale stays in sight before what the lesson came to covers it."""

_TOUR = 0


def open_classroom(
    window: MainWindow, session: TillSession, shop: DemoShop, runner: Runner, trainee: str = ""
) -> Classroom:
    """Return the lessons of a practice shop, joined to its window; their page opens with it."""
    room = open_lesson_room(shop, session, runner)
    teaching = Teaching(room, shop.till.settings.currency, demo_pins)
    made = Classroom(window, teaching, load_lessons, runner, motion=Motion(), trainee=trainee)
    give_extras(made, window, session, shop, runner)
    desk = MaterialDesk(window, runner, shop.till.clock)
    made.offer(Extra.MATERIAL, desk.open_passes)
    made.hold_up_with(desk)
    # In the window's own loop: it is shown first.
    QTimer.singleShot(0, made, made.open_lessons)
    return made


class Classroom(QObject):
    """Joins coach and page. Others add what else there is by `offer`.

    Args:
        window: The practice till's.
        lessons: Reads the lessons; blocking.
        trainee: Who is learning, where that is known.
        pace: How slowly a lesson is shown.
    """

    def __init__(
        self,
        window: MainWindow,
        teaching: Teaching,
        lessons: Callable[[], Sequence[Lesson]],
        runner: Runner,
        *,
        motion: Motion,
        trainee: str = "",
        pace: Pace = TO_BE_READ,
        summary_after_ms: int = SUMMARY_AFTER_MS,
    ) -> None:
        super().__init__(window)
        self._window = window
        self.coach = Coach(window, teaching, runner, pace=pace)
        self.page = LessonsPage(
            lessons,
            teaching.room.book,
            window.screen_of_till.wording(),
            self.coach.sentence,
            runner=runner,
            motion=motion,
            extras=lambda: self.coach.extras,
            keypad=window.screen_of_till.shows_keypad,
            parent=window,
        )
        window.drawers.take_in(self.page)
        self.page.set_trainee(trainee)
        self.page.begun.connect(self._begin)
        self.page.watched.connect(self.coach.show)
        self.coach.open_lessons = self.open_lessons
        window.lessons = self.leave_for_lessons
        self.coach.finished.connect(self._finished)
        self.coach.choosing = self._choosing
        self.page.marked_changed.connect(self.coach.refresh)
        window.drawers.opened.connect(self.coach.refresh)
        window.drawers.left.connect(self.coach.refresh)
        self._summary_due = QTimer(self)
        self._summary_due.setSingleShot(True)
        self._summary_due.setInterval(summary_after_ms)
        self._summary_due.timeout.connect(self._show_summary)

    def offer(self, extra: Extra, act: Callable[[], None]) -> None:
        """Let the page of lessons open something else, too."""
        self.coach.extras[extra] = act
        self.coach.refresh()

    def hold_up_with(self, holds_up: HoldsUp) -> None:
        """Let codes be held up by this."""
        self.coach.holds_up = holds_up
        self.coach.refresh()

    def open_lessons(self) -> None:
        """Open the page with the lessons, or with the question who is learning."""
        self._summary_due.stop()
        self.page.show_list()
        self._window.drawers.open(self.page)

    def close(self) -> None:
        """Stop watching: the window closes, and nobody takes work any more."""
        self._summary_due.stop()
        self.coach.close()

    def leave_for_lessons(self) -> None:
        """Leave the lesson and open the page."""
        self.coach.leave()
        self.open_lessons()

    def is_under_way(self) -> bool:
        """Return whether somebody is in the middle of a lesson."""
        view = self.coach.room.player.view
        return view.stage in {LessonStage.PREPARING, LessonStage.RUNNING} and self.coach.showing is None

    def _begin(self, lesson: Lesson) -> None:
        self._summary_due.stop()
        if lesson.number == _TOUR:
            self.coach.show(lesson)
        else:
            self.coach.begin(lesson, self.page.trainee)

    def _finished(self, _: LessonView) -> None:
        self._summary_due.start()

    def _show_summary(self) -> None:
        view = self.coach.room.player.view
        if view.lesson is None or self._window.drawers.top() is self.page:
            return
        gate = self._window.gate
        if self.coach.showing is not None or (gate is not None and gate.covers()):
            self._summary_due.start()  # hands are on their way back, or somebody must sign in first
            return
        if view.run is not None and view.run.trainee:
            self.page.show_summary(view.lesson, view.run)
        else:
            self.page.show_list()
        self.coach.leave()
        self._window.drawers.open(self.page)

    def _choosing(self) -> CoachWords | None:
        """Return what stands in the strip while the page is open."""
        if self._window.drawers.top() is not self.page:
            return None
        wording = self._window.screen_of_till.wording()
        known = self.page.shown is not LessonsShown.WHO
        return choosing_words(self.page.marked(), wording, self.coach.sentence, known=known)
