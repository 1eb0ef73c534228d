"""The practice till without a window: the real sessions, a demo server over HTTP, lessons played on top."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cashier_app.demo_shop import DemoShop
from cashier_app.documents.lesson_document import read_lesson
from cashier_app.domain.lesson import (
    Code,
    Hand,
    HoldUp,
    HoldUpReceipt,
    Lesson,
    Press,
    TypeIn,
    TypePhone,
    WaitFor,
)
from cashier_app.domain.till_facts import Facts, Page
from cashier_app.lesson_opening import open_lesson_room
from cashier_app.services.enrol_steps import begun_from
from cashier_app.services.lesson_view import LessonStage, LessonView, MistakeSeen

Result = TypeVar("Result")
PATIENCE_SECONDS = 15.0


class Pumped:
    """Works at once; what other threads post waits until the test's own thread looks."""

    def __init__(self) -> None:
        self._posted: deque[Callable[[], None]] = deque()
        self._came = threading.Event()

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Do the work now and call back."""
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - handed on, as a runner does
            failed(error)
        else:
            done(result)

    def post(self, callback: Callable[[], None]) -> None:
        """Keep the callback for `pump`; from any thread."""
        self._posted.append(callback)
        self._came.set()

    def pump(self, seconds: float = 0.0) -> None:
        """Call back what was posted; wait so long for something where nothing was."""
        self._came.wait(seconds)
        self._came.clear()
        while self._posted:
            self._posted.popleft()()


class LessonTill:
    """One practice till that learns lessons."""

    def __init__(self, folder: Path) -> None:
        self.runner = Pumped()
        self.shop = DemoShop(folder)
        till = self.shop.till
        self.session = till.new_session(self.runner)
        self.room = open_lesson_room(self.shop, self.session, self.runner)
        self.player, self.practice, self.book = self.room.player, self.room.practice, self.room.book
        self.returns = till.new_return(self.runner)
        self.enrolment = till.new_enrolment(self.runner, self.session)
        self.undo = till.new_undo(self.runner, self.session)
        facts = self.room.facts
        self.enrolment.subscribe(facts.see_enrol)
        self.undo.subscribe(facts.see_undo)
        self.returns.subscribe(facts.see_return)
        self.session.start()
        self.runner.pump()

    def close(self) -> None:
        """Close the till with its server."""
        self.shop.till.close()

    @property
    def facts(self) -> Facts:
        """Return what the lesson sees."""
        return self.room.facts.facts

    @property
    def view(self) -> LessonView:
        """Return what the coach would show."""
        return self.player.view

    @property
    def on(self) -> str:
        """Return the name of the step that is on, or how the lesson stands where none is."""
        return self.view.step.name if self.view.step is not None else self.view.stage.value

    def begin(self, text: str) -> Lesson:
        """Begin a lesson written in TOML."""
        lesson = read_lesson(text.encode())
        self.player.begin(lesson, "Asha")
        self.until(lambda: self.view.stage is not LessonStage.PREPARING)
        assert self.view.stage is LessonStage.RUNNING, self.view.trouble
        return lesson

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the till work until this holds."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < until, (self.on, self.facts, self.view.trouble)
            self.runner.pump(0.02)
            self.session.tick()
            self.player.tick()

    def step(self, name: str) -> None:
        """Let the till work until this step is on, or the lesson stands so."""
        self.until(lambda: self.on == name)

    def mistake(self, name: str) -> None:
        """Check that this mistake was recognised last."""
        remark = self.view.remark
        assert isinstance(remark, MistakeSeen), (remark, self.facts)
        assert remark.mistake.name == name

    # Hands.
    def scan(self, member: str, code: Code = Code.FIXED) -> None:
        """Scan a member's code at the till."""
        self.room.facts.see_scan()
        self.session.scan(self.practice.text_of(HoldUp(member, code)))

    def receipt(self) -> str:
        """Return what the receipt of the last sale says to a scanner."""
        return self.practice.text_of(HoldUpReceipt())

    def type(self, text: str) -> None:
        """Type at the till."""
        for character in text:
            self.session.press_point() if character == "." else self.session.type_character(character)

    def enter(self, times: int = 1) -> None:
        """Press Enter so often."""
        for _ in range(times):
            self.session.confirm()

    def act(self, hand: Hand) -> None:
        """Do what hands do at the till itself; pages have their own sessions."""
        match hand:
            case HoldUp(member, code):
                self.scan(member, code)
            case TypeIn(text):
                self.type(text)
            case TypePhone(member):
                self.type(self.practice.people()[member].phone)
            case Press(key, times):
                for _ in range(times):
                    self._keys[key]()
            case WaitFor(condition):
                self.until(lambda: condition.holds(self.facts))
            case _:
                raise ValueError(f"{hand} needs a window")

    @property
    def _keys(self) -> dict[str, Callable[[], None]]:
        session = self.session
        return {
            "Enter": session.confirm,
            "Esc": session.back,
            "*": session.take_maximum,
            "-": session.take_nothing,
            "Backspace": session.delete,
            "F8": session.without_member,
        }

    def sell(self, member: str, bill: str) -> None:
        """Make a whole sale of the most points to a member, and clear the screen."""
        self.scan(member)
        self.type(bill)
        self.session.take_nothing()
        self.enter()
        self.until(lambda: self.facts.at == "done")

    def open_page(self, page: Page) -> None:
        """Say that this lies on top."""
        self.room.facts.see_page(page)

    def open_enrolment(self, phone: str) -> None:
        """Open the form with a phone number typed."""
        can = self.session.view.can
        assert can is not None
        self.open_page(Page.ENROL)
        self.enrolment.begin(begun_from(self.session.view, ""), can, "coins")
        if not self.enrolment.view.phone:  # it was typed at the till before
            for digit in phone:
                self.enrolment.type(digit)
