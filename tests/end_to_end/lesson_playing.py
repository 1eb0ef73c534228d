"""Plays lessons in the practice shop's real window with real keys: right, wrong, and left in the middle."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.demo.faults import FaultPlan
from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.lesson import Hand, Lesson, Step
from cashier_app.domain.sale import Sale
from cashier_app.domain.till_facts import At, Facts, Page, Posted
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.practice import LessonRun
from cashier_app.services.lesson_run import GONE_SECONDS
from cashier_app.services.lesson_view import LessonStage, LessonView, MistakeSeen
from cashier_app.services.workshop import Workshop
from cashier_app.staff_opening import demo_pins
from tests.end_to_end.practice_till import PracticeTill
from ui.training.demonstration import Acting
from ui.training.hands import Hands, Pause, Performance, Steps, Wait

PATIENCE_SECONDS = 8.0
"""How long a step may take to be confirmed, and a mistake to be recognised: none takes a tenth of it."""

LESSONS = load_lessons()
TAUGHT = tuple(lesson for lesson in LESSONS if lesson.number > 0)
"""Without lesson zero, which plays by itself."""

_FINGER_MS, _SCANNER_MS = 400, 3


class NotPlayedError(AssertionError):
    """A lesson did not do what it says; the text says where."""


class QuickHands(Hands):
    """Hands whose keys say when a person would have pressed them, without taking that long."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, finger_ms=0)
        self._filter = window.wedge  # type: ignore[attr-defined]
        self._at, self._gap = 10_000, _FINGER_MS
        self._filter.reader.stamp = self._stamp

    def key(self, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key, so long after the last one."""
        self._at += self._gap
        super().key(key, modifiers)
        if self._gap == _FINGER_MS:
            self._let_go()

    def burst(self, text: str) -> None:
        """Type as a scanner does."""
        self._at += 1000
        self._gap = _SCANNER_MS
        super().burst(text)
        self._gap = _FINGER_MS

    def _let_go(self) -> None:
        """Let the moment pass in which a key might be the first of a scan."""
        kept = self._filter._wedge.expire(self._at + _FINGER_MS - 1)
        if kept is not None:
            self._filter._end(kept)
            self._filter._wait_for_deadline()

    def _stamp(self, _event: QKeyEvent) -> int:
        return self._at


class Seen(Struct, frozen=True):
    """A mistake the coach remarked on, and the step it was on."""

    step: str
    mistake: str


class Player:
    """One practice till with hands that do what lessons say."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._skipped = 0.0  # seconds of rest that nobody waited for
        self._clocks = pytest.MonkeyPatch()
        self._clocks.setattr(SystemClock, "monotonic", lambda _: time.monotonic() + self._skipped)
        self._clocks.setattr(SystemClock, "now", lambda _: datetime.now(UTC) + timedelta(0, self._skipped))
        self.till = PracticeTill(folder, qtbot, trainee="Asha")
        self.hands = QuickHands(self.till.window)
        self.acting = Acting(self.till.room, self.hands, self.till.background, demo_pins)
        self.seen: list[Seen] = []
        self._finished: LessonRun | None = None  # the window leaves what it came to a moment later
        self._before: set[str] = set()
        self._booked_before = 0
        self._remarks = 0
        self.till.room.player.subscribe(self._note)

    def close(self) -> None:
        """Close everything."""
        for timer in self.till.window.findChildren(QTimer):
            timer.stop()  # a test that failed late meets them before the window is gone
        self.till.close()
        self._clocks.undo()

    @property
    def view(self) -> LessonView:
        """Return what the coach shows."""
        return self.till.view

    @property
    def facts(self) -> Facts:
        """Return what lessons see."""
        return self.till.room.facts.facts

    # --- playing ------------------------------------------------------------------------------------

    def play(self, lesson: Lesson, *, wrong: int | None = None) -> LessonRun:
        """Play a lesson to its end, making the mistake of this place in each step that has so many.

        Raises:
            NotPlayedError: A step was not confirmed, or a mistake not recognised by its name.
        """
        self.begin(lesson)
        for place, step in enumerate(lesson.steps):
            self.reach(place)
            if wrong is not None and self._is_on(place) and wrong < len(step.mistakes):
                self.slip(step, wrong)
                self._come_back(lesson, place)
            if self._is_on(place):
                self.do(step.do, f"{step.name} is done")
        self.reach(len(lesson.steps))
        self.until(lambda: self._finished is not None, lambda: f"the record of {lesson.lesson_id}")
        assert self._finished is not None
        for step, taken in zip(lesson.steps, self._finished.steps, strict=True):
            # Mistakes named before the one that is made may come on the way to it.
            may = [mistake.name for mistake in step.mistakes[: 0 if wrong is None else wrong + 1]]
            if too_many := set(taken.mistakes) - set(may):
                raise NotPlayedError(f"{self._name}: {step.name} was also taken for {too_many}")
        return self._finished

    def play_to(self, lesson: Lesson, place: int) -> None:
        """Play the steps before this one right, of a lesson that has begun."""
        for before, step in enumerate(lesson.steps[:place]):
            self.reach(before)
            if self._is_on(before):
                self.do(step.do, f"{step.name} is done")
        self.reach(place)

    def begin(self, lesson: Lesson) -> None:
        """Begin a lesson and wait for its first step."""
        self.seen.clear()
        self._finished = None
        self._before = {sale.sale_id for sale in self._journal()}
        if self._before:  # the server runs since the first sale at the latest
            ledger = self.till.shop.server.ledger
            self._booked_before = ledger.rows("SELECT coalesce(max(sequence), 0) FROM movements")[0][0]
        if lesson in TAUGHT or lesson not in LESSONS:
            self.till.classroom.page._begin(lesson)
        else:
            self.till.coach.begin(lesson, "Asha")  # from its page it plays by itself
        self.reach(0)

    def reach(self, place: int) -> None:
        """Wait until this step is on, or behind; the end comes behind the last."""
        self.until(lambda: self._is_at(place), lambda: f"step {place + 1} of {self._name} to come")

    def slip(self, step: Step, which: int = 0) -> None:
        """Do a step wrong on purpose, and have that recognised as the mistake that was made, once."""
        mistake, before = step.mistakes[which], len(self.seen)
        wanted = Seen(step.name, mistake.name)
        self.do(mistake.slip, f"{step.name} goes wrong")
        self.until(lambda: wanted in self.seen[before:], lambda: f"{wanted} to be recognised")
        if (times := self.seen[before:].count(wanted)) != 1:
            raise NotPlayedError(f"{wanted} was recognised {times} times {self._told()}")

    def _come_back(self, lesson: Lesson, place: int) -> None:
        """Go on to a step once more where its slip led out of it: back a few steps, or to the beginning."""
        needs = lesson.steps[place].needs
        if self._is_on(place) and needs is not None and not needs.holds(self.facts):
            self._skipped += GONE_SECONDS
            self.until(lambda: not self._is_on(place), lambda: f"a step back from step {place + 1}")
        if self.view.place < place and self._finished is None:
            self.reach(0)
            while self.view.place < place:
                on = self.view.place
                self.do(lesson.steps[on].do, f"{lesson.steps[on].name} is done once more")
                self.reach(on + 1)

    def do(self, hands: tuple[Hand, ...], what: str) -> None:
        """Let the hands do this."""
        self.perform(self.acting.do_all(hands), what)

    def press(self, key: str) -> None:
        """Press a key."""
        self.perform(self.hands.press(key), key)

    def perform(self, steps: Steps, what: str) -> None:
        """Let the hands do these steps."""
        faults: list[str] = []
        performance = Performance(self._hurried(steps), self.till.window)
        performance.ended.connect(faults.append)
        performance.start()
        self.until(lambda: bool(faults), lambda: what, PATIENCE_SECONDS * 2)
        if faults != [""]:
            raise NotPlayedError(f"{self._name}, {what}: {faults[0]} {self._told()}")

    def until(self, holds: Callable[[], bool], what: Callable[[], str], seconds: float | None = None) -> None:
        """Let the window work until this holds.

        Raises:
            NotPlayedError: It never does.
        """
        try:
            self._qtbot.waitUntil(holds, timeout=round((seconds or PATIENCE_SECONDS) * 1000))
        except self._qtbot.TimeoutError:
            raise NotPlayedError(f"waited in vain for {what()} {self._told()}") from None

    # --- what is found afterwards -------------------------------------------------------------------

    def sold(self) -> list[Sale]:
        """Return the sales made since the lesson began, the newest first."""
        return [sale for sale in self._journal() if sale.sale_id not in self._before]

    def settle(self) -> None:
        """Wait until everything that was sold is posted."""
        self.until(self._is_settled, lambda: "the queue to be empty")

    def _is_settled(self) -> bool:
        facts = self.facts
        posted = facts.sale_posting not in {Posted.POSTING, Posted.WAITING}
        return posted and facts.online and not facts.waiting and not facts.needs_attention

    def audit(self) -> None:
        """Hold the practice server's books to what the till sold in this lesson: each sale exactly once.

        So are sales of an earlier lesson that were posted only now.

        Raises:
            NotPlayedError: A sale is missing, stands there twice or with other figures; or one is too many.
        """
        self.settle()
        with suppress(NotPlayedError):  # a sale just moved to somebody else may not be counted as waiting yet
            self.until(lambda: not any(map(self._misbooked, self.sold())), lambda: "the books")
        rows = self.till.shop.server.ledger.rows(
            "SELECT DISTINCT sale_id FROM movements WHERE kind IN ('sale', 'capture') AND sequence > ?",
            (self._booked_before,),
        )
        booked, made = {row[0] for row in rows}, self._journal()
        for sale in made:
            wrong = ""
            if sale.sale_id in booked or sale.sale_id not in self._before:
                wrong = self._misbooked(sale)
            if wrong:
                raise NotPlayedError(f"{self._name}: sale {sale.number} of {sale.paid} is {wrong}")
        strange = booked - {sale.sale_id for sale in made}
        if strange or self.till.shop.server.ledger.open_reservations():
            raise NotPlayedError(f"{self._name}: {len(strange)} sales booked that the till did not make")

    def _misbooked(self, sale: Sale) -> str:
        """Say what is wrong with a sale in the server's books; nothing where nothing is."""
        rows = self.till.shop.server.ledger.movements(sale_id=sale.sale_id)
        kinds = Counter(row.kind for row in rows)
        if any(one.sale.sale_id == sale.sale_id for one in self._workshop.queue.settled()):
            return f"booked as {dict(kinds)}, and settled as not booked" if rows else ""
        if not sale.member_id:
            return "booked for somebody" if kinds["sale"] > self.facts.claimed else ""
        if kinds["sale"] != 1 or kinds["capture"] != int(sale.points_used > 0):
            return f"booked as {dict(kinds)}"
        paid = sum(row.spend for row in rows if row.kind == "sale")
        used = -sum(row.units for row in rows if row.kind in {"reserve", "capture", "release"})
        return "" if (paid, used) == (sale.paid.minor, sale.points_used) else f"booked with {paid}, {used}"

    def _journal(self) -> list[Sale]:
        return [line.sale for line in self._workshop.undoing._journal.recent(200)]

    @property
    def _workshop(self) -> Workshop:
        return self.till.shop.till.workshop()

    def is_clear(self) -> bool:
        """Say whether the till waits for the next customer at a server that does as it should."""
        facts = self.facts
        idle = facts.at is At.IDLE and facts.member == "" and facts.page in {Page.TILL, Page.OTHER}
        return idle and self.till.shop.server.faults.plan == FaultPlan()

    # --- inside -------------------------------------------------------------------------------------

    def _is_on(self, place: int) -> bool:
        return self.view.stage is LessonStage.RUNNING and self.view.place == place

    def _is_at(self, place: int) -> bool:
        view = self.view
        if self._finished is not None:
            return True
        if view.stage is LessonStage.CANNOT:
            raise NotPlayedError(f"{self._name} cannot go on: {view.trouble}")
        if view.stage is LessonStage.NONE:
            raise NotPlayedError(f"{self._name} was left")
        return view.stage is LessonStage.RUNNING and view.place >= place

    def _note(self, view: LessonView) -> None:
        if view.remarks > self._remarks and isinstance(view.remark, MistakeSeen) and view.step is not None:
            self.seen.append(Seen(view.step.name, view.remark.mistake.name))
        self._remarks = view.remarks
        if view.stage is LessonStage.FINISHED:
            self._finished = view.run

    def _hurried(self, steps: Steps) -> Steps:
        """Yield the steps with no more patience than a test has; where hands rest, clocks go on at once."""
        for step in steps:
            match step:
                case Wait():
                    yield replace(step, seconds=PATIENCE_SECONDS)
                case Pause(milliseconds):
                    self._skipped += milliseconds / 1000
                    yield Pause(0)

    @property
    def _name(self) -> str:
        return self.view.lesson.lesson_id if self.view.lesson is not None else "no lesson"

    def _told(self) -> str:
        view = self.view
        return f"(at {view.stage} {view.step.name if view.step else ''}; seen {self.seen}; {self.facts})"


@contextmanager
def playing(folder: Path, qtbot: QtBot) -> Iterator[Player]:
    """Open a practice till for one test."""
    player = Player(folder, qtbot)
    try:
        yield player
    finally:
        player.close()
