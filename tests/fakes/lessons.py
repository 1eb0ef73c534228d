"""A lesson of three steps, a staged world that keeps what was asked of it, and a player over both."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from cashier_app.documents.lesson_document import read_lesson
from cashier_app.domain.lesson import Lesson, Network, Stage
from cashier_app.domain.till_facts import At, Facts
from cashier_app.errors import KnownError
from cashier_app.ports.practice import LessonRun
from cashier_app.services.lesson_player import LessonPlayer
from cashier_app.services.lesson_view import LessonView
from tests.fakes.clock import FakeClock
from tests.fakes.runner import Immediate, SteppedRunner

LESSON = read_lesson(b"""
id = "sample"
number = 1
title = "Sample"
goal = "Try it."
minutes = 1
[[steps]]
name = "scan"
say = "Scan."
hint = "Point at it."
until = { at = "bill", member = "a" }
mistakes = [
  { name = "other", when = { at = "bill", member = "b" }, say = "Not them." },
  { name = "remarked", when = { remark = "scan not used" }, say = "Not now." },
]
[[steps]]
name = "bill"
say = "Type."
hint = "Type it."
hint_after = 5
needs = { at = ["bill", "reward", "pay"], member = "a" }
stage = { down = true }
until = { bill_at_least = 1000 }
mistakes = [{ name = "too-much", when = { bill_at_least = 500, busy = true }, say = "Too much." }]
[[steps]]
name = "pay"
say = "Pay."
hint = "Enter."
stage = { clear = true, spend_elsewhere = [{ member = "a", points = 5 }] }
needs = { at = "pay" }
until = { sales_at_least = 1 }
""")
SERVED = Facts(at=At.BILL, member="a")
WRONG = Facts(at=At.BILL, member="b")
BILLED = replace(SERVED, bill=1000)
PAYING = replace(BILLED, at=At.PAY)
SOLD = replace(BILLED, at=At.DONE, sales=1)


@dataclass
class World:
    """A staged world that keeps what was asked of it; also the till that is cleared and watched."""

    asked: list[str] = field(default_factory=list)
    network: Network = field(default_factory=Network)
    stages: list[Stage] = field(default_factory=list)
    fails: str = ""
    cleared: int = 0
    asks_within: int | None = None
    runs: list[LessonRun] = field(default_factory=list)
    full: bool = False
    facts: Facts = field(default_factory=Facts)

    def prepare(self, lesson: Lesson) -> None:
        self._ask("prepare")
        self.network = Network()

    def stage(self, stage: Stage) -> None:
        self._ask("stage")
        self.stages.append(stage)
        self.network = stage.network or self.network

    def clear(self) -> None:
        self._ask("clear")
        self.network = Network()

    def people(self) -> dict[str, object]:
        return {}

    def text_of(self, held_up: object) -> str:
        return ""

    def write(self, run: LessonRun) -> None:
        if self.full:
            raise KnownError("The disk is full.")
        self.runs.append(run)

    def clear_all(self) -> None:
        self.cleared += 1

    def ask_about_same_member(self, minutes: int | None = None) -> None:
        self.asks_within = minutes

    def begin(self) -> Facts:
        return self.facts

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.fails == what:
            raise KnownError(f"It cannot {what}.")


class Desk:
    """A player over such a world."""

    def __init__(self, runner: Immediate | SteppedRunner | None = None) -> None:
        self.world, self.clock = World(), FakeClock()
        self.runner = runner or Immediate()
        self.player = LessonPlayer(
            self.world,  # type: ignore[arg-type]
            self.world,  # type: ignore[arg-type]
            self.world,
            self.world,
            self.runner,
            self.clock,
        )
        self.shown: list[LessonView] = []
        self.player.subscribe(self.shown.append)

    @property
    def view(self) -> LessonView:
        return self.player.view

    @property
    def on(self) -> str:
        return self.view.step.name if self.view.step else self.view.stage.value

    def see(self, facts: Facts, after: float = 0.0) -> None:
        """Let so many seconds pass, then show these facts."""
        self.clock.advance(after)
        self.world.facts = facts
        self.player.see(facts)

    def tick(self, after: float = 0.0) -> None:
        """Let so many seconds pass, then look at the clock."""
        self.clock.advance(after)
        self.player.tick()
