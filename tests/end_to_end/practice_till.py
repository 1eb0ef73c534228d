"""The practice shop with its window, coach and lessons, in this process: all real but the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.exceptions import TimeoutError  # noqa: A004 - what the bot raises
from pytestqt.qtbot import QtBot

from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.lesson import Lesson
from cashier_app.lesson_opening import open_lesson_room
from cashier_app.ports.practice import LessonRun
from cashier_app.services.lesson_view import LessonStage, LessonView
from cashier_app.staff_opening import demo_pins
from cashier_app.training_shop import TrainingShop
from ui.application import build_window
from ui.background import Background
from ui.staff_link import StaffLink
from ui.theme.motion import STILL
from ui.till_pages import give_enrolment, give_undo
from ui.training.classroom import Classroom
from ui.training.coach import Teaching
from ui.training.demonstration import AT_ONCE, Acting
from ui.training.hands import Performance, Steps

PATIENCE_MS = 20_000


class PracticeTill:
    """One training, on a folder of its own.

    Args:
        teaches: Reads the lessons; those that come with the till when not given.
    """

    def __init__(
        self,
        folder: Path,
        qtbot: QtBot,
        *,
        size: tuple[int, int] = (1280, 800),
        trainee: str = "",
        teaches: Callable[[], tuple[Lesson, ...]] = load_lessons,
    ) -> None:
        self._qtbot = qtbot
        self.background = Background()
        self.shop = TrainingShop(folder)
        till = self.shop.till
        self.link = StaffLink(till, self.background, demo_pins)
        self.session = self.link.session
        self.window = build_window(till, self.session, self.background, motion=STILL, staff=self.link)
        self.link.stand_before(self.window, training=True)
        give_enrolment(self.window, till, self.session, self.background)
        give_undo(self.window, till, self.link, self.background)
        self.room = open_lesson_room(self.shop, self.session, self.background)
        teaching = Teaching(self.room, till.settings.currency, demo_pins)
        self.classroom = Classroom(
            self.window,
            teaching,
            teaches,
            self.background,
            motion=STILL,
            trainee=trainee,
            pace=AT_ONCE,
            summary_after_ms=50,
        )
        self.coach = self.classroom.coach
        self.acting = Acting(self.room, self.coach.hands, self.background, demo_pins)
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()
        self.session.start()
        self.link.start()
        self.until(lambda: self.session.view.program is not None)

    @property
    def view(self) -> LessonView:
        """Return what the coach shows."""
        return self.room.player.view

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the window work until this holds; else say where the till is."""
        try:
            self._qtbot.waitUntil(holds, timeout=PATIENCE_MS)
        except TimeoutError as error:
            told = (self.view.stage, self.view.place, self.view.trouble, self.room.facts.facts)
            raise AssertionError(f"in vain: {told}") from error

    def do(self, steps: Steps) -> None:
        """Let the hands do this."""
        faults: list[str] = []
        performance = Performance(steps, self.window)
        performance.ended.connect(faults.append)
        performance.start()
        self._qtbot.waitUntil(lambda: bool(faults), timeout=PATIENCE_MS)
        assert faults == [""], faults

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.do(self.coach.hands.press(key))

    def begin(self, lesson: Lesson) -> None:
        """Begin a lesson and wait for its first step."""
        self.coach.begin(lesson, "Asha")
        self.until(lambda: self.view.stage is not LessonStage.PREPARING)
        assert self.view.stage is LessonStage.RUNNING, self.view.trouble

    def runs(self) -> list[LessonRun]:
        """Return what stands in the book, once everything under way is done."""
        self.until(lambda: not self.room.player._errands._busy)
        return list(self.room.book.runs())

    def close(self) -> None:
        """Close everything."""
        self.classroom.close()
        self.window.closing.answer()
        self.window.close()
        self.background.close()
        self.shop.till.close()


def shipped(number: int) -> Lesson:
    """Return a lesson that comes with the till."""
    return next(lesson for lesson in load_lessons() if lesson.number == number)
