"""A lesson played by itself: the hands do each step's `do`, when the player says that the step is on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from cashier_app.domain.lesson import (
    DropPicture,
    Hand,
    HoldUp,
    HoldUpReceipt,
    Lesson,
    Press,
    Rest,
    TypeIn,
    TypePhone,
    TypePin,
    WaitFor,
)
from cashier_app.lesson_opening import LessonRoom
from cashier_app.paths import resources
from cashier_app.ports.runner import Runner
from cashier_app.services.lesson_view import LessonStage, LessonView
from ui.training.hands import FINGER_MS, LOOK_MS, Hands, HandsError, Pause, Performance, Steps, Wait

_ON = frozenset({LessonStage.RUNNING, LessonStage.FINISHED})


class Pace(Struct, frozen=True):
    """How slowly a lesson is shown.

    Args:
        finger_ms: From key to key.
        least_ms: How long a caption stands before the hands act.
        letter_ms: How much longer for each of its characters.
        after_ms: How long what a step did may be looked at.
    """

    finger_ms: int = FINGER_MS
    least_ms: int = 0
    letter_ms: int = 0
    after_ms: int = 0

    def reading_ms(self, caption: str) -> int:
        """Return how long a caption stands before the hands act, ms."""
        return self.least_ms + self.letter_ms * len(caption)


AT_ONCE = Pace()
"""As fast as fingers are, for nobody to read."""

TO_BE_READ = Pace(finger_ms=170, least_ms=900, letter_ms=38, after_ms=700)
"""For somebody who watches."""


class Demonstration(QObject):
    """Plays one lesson. `ended` has the fault, empty without one; the lesson is on show until it is left.

    Args:
        room: Whose player plays it, unrecorded.
        hands: Work the window.
        pins: Reads the PINs of the practice shop's staff, by staff id; for workers.
        before: What is done before the lesson begins.
        took: Says what is done once a step is, by its name.
    """

    ended = Signal(str)

    def __init__(
        self,
        lesson: Lesson,
        room: LessonRoom,
        hands: Hands,
        runner: Runner,
        pace: Pace,
        pins: Callable[[], Mapping[str, str]],
        parent: QObject,
        *,
        before: Callable[[], Steps] | None = None,
        took: Callable[[str], Steps] | None = None,
    ) -> None:
        super().__init__(parent)
        self._lesson, self._room, self._pace = lesson, room, pace
        self.acting = Acting(room, hands, runner, pins)
        self._before, self._took = before, took
        self._performance = Performance(self._steps(), self)
        self._performance.ended.connect(self.ended)

    def start(self) -> None:
        """Begin."""
        self._performance.start()

    def stop(self) -> None:
        """Leave off; `ended` is not emitted any more."""
        self._performance.stop()

    def _steps(self) -> Steps:
        if self._before is not None:
            yield from self._before()
        self._room.player.begin(self._lesson, recorded=False)
        for place, step in enumerate(self._lesson.steps):
            yield self._until(place, step.name)
            if self._view.stage is LessonStage.RUNNING and self._view.place == place:
                # A till that has time notices by itself that it is offline: then the hands come first.
                reading = Pause(self._pace.reading_ms(step.say))
                if step.stage is None:
                    yield reading
                yield from self.acting.do_all(step.do)
                if step.stage is not None:
                    yield reading
                yield self._until(place + 1, step.name)
            if self._took is not None:
                yield from self._took(step.name)
            yield Pause(self._pace.after_ms)

    def _until(self, place: int, name: str) -> Wait:
        return Wait(lambda: self._is_past(place), f"step {name} of the lesson")

    def _is_past(self, place: int) -> bool:
        """Say whether a step is on, or behind."""
        view = self._view
        if view.stage is LessonStage.CANNOT:
            raise HandsError(view.trouble)
        if view.stage is LessonStage.NONE or view.lesson is not self._lesson:
            raise HandsError("The lesson was left.")
        return view.stage is LessonStage.FINISHED or (view.stage in _ON and view.place >= place)

    @property
    def _view(self) -> LessonView:
        return self._room.player.view


class Acting:
    """Does what a lesson says hands do: in demonstrations, and in tests that play it right and wrong.

    Args:
        pins: See `Demonstration`.
    """

    def __init__(
        self, room: LessonRoom, hands: Hands, runner: Runner, pins: Callable[[], Mapping[str, str]]
    ) -> None:
        self._room, self._hands, self._runner, self._pins = room, hands, runner, pins

    def do_all(self, hands: tuple[Hand, ...]) -> Steps:
        """Do one after the other."""
        for hand in hands:
            yield from self.do(hand)

    def do(self, hand: Hand) -> Steps:
        """Do one."""
        match hand:
            case HoldUp() | HoldUpReceipt():
                self._hands.burst((yield from self._asked(lambda: self._room.practice.text_of(hand))))
            case DropPicture(picture):
                self._hands.drop(resources() / "demo" / picture)
            case Press(key, times):
                for _ in range(times):
                    yield from self._hands.press(key)
            case WaitFor(condition):
                facts = self._room.facts
                yield Wait(lambda: condition.holds(facts.facts), f"{condition.checks}")
            case Rest(milliseconds):
                yield Pause(milliseconds)
            case TypeIn() | TypePhone() | TypePin():
                yield from self._hands.type((yield from self._asked(lambda: self._figures(hand))))
        yield Pause(LOOK_MS)

    def _figures(self, hand: TypeIn | TypePhone | TypePin) -> str:
        """Return what is to be typed. For workers."""
        match hand:
            case TypeIn(text):
                return text
            case TypePhone(member):
                return self._room.practice.people()[member].phone
            case TypePin(staff):
                return self._pins()[staff]

    def _asked(self, work: Callable[[], str]) -> Generator[Wait | Pause, None, str]:
        """Have a worker say something, wait for it, and return it."""
        answers: list[str] = []
        failures: list[BaseException] = []
        self._runner.run(work, answers.append, failures.append)
        yield Wait(lambda: bool(answers or failures), "the practice shop")
        if failures:
            raise HandsError(str(failures[0]))
        return answers[0]
