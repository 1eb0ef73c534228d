"""Lessons and tries made up for the trainer's view: a few to read, or as many as a large shop has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from cashier_app.domain.lesson import Check, Compare, Condition, Lesson, Mistake, Step
from cashier_app.errors import KnownError
from cashier_app.ports.practice import Best, Ended, LessonRun, StepTaken

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HOSTILE = "=HYPERLINK(1)"
LONGEST = "Thiruvananthapuram Venkataraghavan Subrahmanyeshwaran Krishnamurthy-Iyer"
ARABIC = "فاطمة الزهراء بنت عبد الرحمن"
_ALWAYS = Condition((Check("busy", Compare.IS, (False,)),))
_TITLES = (
    "First scan",
    "Phone number",
    "Bill and redemption",
    "Why it is capped",
    "Not enough points",
    "A new member",
    "Goods come back",
    "Wrong customer: undo",
    "Two members, one phone",
    "A stale rotating code",
    "A screenshot of a code",
    "The customer wants the points later",
    "Network down in the middle of a sale",
    "An answer is lost",
    "The same code twice",
    "The balance changes at the last second",
    "The queue needs attention",
)


def mistake(name: str, say: str) -> Mistake:
    """Return a mistake that is never looked for."""
    return Mistake(name, _ALWAYS, say)


def lesson(number: int, title: str = "", steps: int = 4) -> Lesson:
    """Return a lesson; each of its steps knows two mistakes."""
    return Lesson(
        lesson_id=f"lesson-{number}",
        number=number,
        title=title or f"Lesson {number}",
        goal="You can do it.",
        minutes=1,
        steps=tuple(_step(place) for place in range(1, steps + 1)),
    )


def _step(place: int) -> Step:
    says = (
        "Priya holds up her code: scan it.",
        "Her bill is ₹2,360.00: type 2360.",
        "Press Enter, and Enter again to take ₹200.00 off for 200 coins.",
        "Take ₹2,160.00 at your till, then press Enter.",
    )
    return Step(
        name=f"step-{place}",
        say=says[(place - 1) % len(says)],
        until=_ALWAYS,
        hint="Point the scanner at it.",
        mistakes=(
            mistake("not-her", "That is somebody else. Press Esc and scan her code."),
            mistake("ten-times", "That is ten times too much. Backspace takes the last figure back."),
        ),
    )


def lessons(count: int = 17) -> tuple[Lesson, ...]:
    """Return so many lessons of four to six steps."""
    return tuple(
        lesson(number, _TITLES[(number - 1) % len(_TITLES)], 4 + number % 3) for number in range(1, count + 1)
    )


def run(
    trainee: str = "Asha Rao",
    of: str = "lesson-1",
    *,
    seconds: Sequence[float] = (8, 12, 5, 7),
    mistakes: Sequence[Sequence[str]] = (),
    hints: Sequence[int] = (),
    left: bool = False,
    minutes_ago: int = 0,
) -> LessonRun:
    """Return one try; the n-th of `seconds`, `mistakes` and `hints` belong to the n-th step."""
    steps = tuple(
        StepTaken(
            f"step-{place + 1}",
            round(second * 1000),
            tuple(mistakes[place]) if place < len(mistakes) else (),
            hints[place] if place < len(hints) else 0,
            done=not (left and place == len(seconds) - 1),
        )
        for place, second in enumerate(seconds)
    )
    began = NOW - timedelta(minutes=minutes_ago)
    return LessonRun(trainee, of, began, Ended.LEFT if left else Ended.FINISHED, steps)


def few_runs() -> tuple[LessonRun, ...]:
    """Return what three trainees did, the newest first."""
    return (
        run(minutes_ago=2),
        run(
            of="lesson-2",
            mistakes=[["not-her", "not-her"], [], ["gone-from-the-lesson"]],
            hints=[1, 0, 2],
            seconds=(31, 15.5, 64, 9),
            minutes_ago=6,
        ),
        run("Vikram Shah", "lesson-3", seconds=(20, 41), hints=[0, 1], left=True, minutes_ago=50),
        run("Vikram Shah", seconds=(10, 9, 12, 6.2), minutes_ago=60),
        run(HOSTILE, "lesson-of-before", seconds=(3,), minutes_ago=60 * 26),
    )


def best_of(runs: Sequence[LessonRun]) -> Best:
    """Return the shortest time of each step done without a mistake or a hint."""
    best: dict[tuple[str, str], int] = {}
    for one in runs:
        for step in one.steps:
            if step.done and not step.mistakes and not step.hints:
                key = (one.lesson_id, step.name)
                best[key] = min(step.milliseconds, best.get(key, step.milliseconds))
    return best


def many_runs(
    trainees: int = 200, of: Sequence[Lesson] = (), seed: int = 5, *, name: str = ""
) -> tuple[LessonRun, ...]:
    """Return a try of every lesson by every trainee, some with mistakes, some left; the newest first."""
    dice, made = Random(seed), []
    for person in range(trainees):
        called = LONGEST if person == 7 else ARABIC if person == 11 else f"Trainee {person + 1:03}"
        for place, one in enumerate(of or lessons()):
            left = dice.random() < 0.1
            reached = dice.randrange(1, len(one.steps)) if left else len(one.steps)
            made.append(
                run(
                    name or called,
                    one.lesson_id,
                    seconds=[dice.uniform(2, 40) for _ in range(reached)],
                    mistakes=[["not-her"] * (dice.random() < 0.15) for _ in range(reached)],
                    hints=[int(dice.random() < 0.1) for _ in range(reached)],
                    left=left,
                    minutes_ago=person * 97 + place * 3,
                )
            )
    return tuple(sorted(made, key=lambda one: one.began_at, reverse=True))


class FakeLessonBook:
    """A book in memory. Set `trouble` and every method raises it."""

    def __init__(self, runs: Sequence[LessonRun] = ()) -> None:
        self.kept = list(runs)
        self.trouble: KnownError | None = None

    def write(self, run: LessonRun) -> None:
        """Write down one run."""
        self._check()
        self.kept.append(run)

    def trainees(self) -> list[str]:
        """Return who did lessons, the latest first."""
        return list(dict.fromkeys(one.trainee for one in self._newest()))

    def finished(self, trainee: str) -> dict[str, LessonRun]:
        """Return the last finished run of each lesson somebody did, by lesson id."""
        mine = [one for one in self._newest() if one.trainee == trainee and one.ended is Ended.FINISHED]
        return {one.lesson_id: one for one in reversed(mine)}

    def runs(self, lesson_id: str = "", trainee: str = "", limit: int = 1000) -> Sequence[LessonRun]:
        """Return runs, the newest first."""
        return [
            one for one in self._newest() if lesson_id in {"", one.lesson_id} and trainee in {"", one.trainee}
        ][:limit]

    def best(self) -> Best:
        """Return the shortest time of each step."""
        self._check()
        return best_of(self.kept)

    def reset(self, trainee: str = "") -> None:
        """Forget everybody and everything, or all that one trainee did."""
        self._check()
        self.kept = [one for one in self.kept if trainee not in {"", one.trainee}]

    def restore(self, runs: Sequence[LessonRun]) -> None:
        """Write runs down again that were just forgotten."""
        self._check()
        self.kept += runs

    def _newest(self) -> list[LessonRun]:
        self._check()
        return sorted(self.kept, key=lambda one: one.began_at, reverse=True)

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble
