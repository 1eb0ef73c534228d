"""The ways to the trainer's view and to free play: who may, when, and what is left behind at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.demo.free_play import ServerPlay
from cashier_app.demo.server import DemoServer
from cashier_app.domain.free_play import Trouble
from cashier_app.services.approval import Matter
from cashier_app.services.lesson_view import LessonStage, LessonView
from cashier_app.trainer_opening import TrainerBooks
from cashier_app.wording.coach import CoachAct
from tests.fakes.clock import FakeClock
from tests.fakes.runner import Immediate
from tests.fakes.staff import ASHA, MEERA, pin_of
from tests.fakes.training_runs import NOW, FakeLessonBook, few_runs, lessons
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill, StoppedClock
from tests.ui.staff_states import Counter
from tests.ui.till_host import Hands, make_window
from ui.training.extras import FreePlayEntry, TrainerEntry
from ui.training.trainer_page import TrainerPage

PRIYA = "mem-priya"


class FakePlayer:
    """Says what stage the lesson is in."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[LessonView], None]] = []

    def subscribe(self, listener: Callable[[LessonView], None]) -> None:
        """Keep the listener."""
        self.listeners.append(listener)

    def show(self, stage: LessonStage) -> None:
        """Tell everybody."""
        for listener in self.listeners:
            listener(LessonView(stage))


class FakeRoom:
    """The part of the lessons' room that is looked at."""

    def __init__(self) -> None:
        self.player = FakePlayer()


class FakeCoach:
    """What the entries ask of the coach."""

    def __init__(self) -> None:
        self.room = FakeRoom()
        self.more: dict[CoachAct, Callable[[], None]] = {}
        self.staged: Callable[[], str] = str
        self.refreshed = 0

    def refresh(self, _: object = None) -> None:
        """Count."""
        self.refreshed += 1

    def sentence(self, source: str) -> str:
        """Return it as it is."""
        return source


@pytest.fixture
def server() -> Iterator[DemoServer]:
    made = DemoServer()  # not listening: nothing is asked of it here
    yield made
    made.close()


class Class:
    """A window with free play in it."""

    def __init__(self, qtbot: QtBot, server: DemoServer) -> None:
        self.window = make_window(FakeTill(sample_views.idle()), training=True)
        qtbot.addWidget(self.window)
        self.coach = FakeCoach()
        self.play = ServerPlay(lambda: server)
        self.entry = FreePlayEntry(
            self.window,
            self.play,
            self.coach,  # type: ignore[arg-type]
            Immediate(),
            lambda: None,
        )


@pytest.fixture
def classroom(qtbot: QtBot, server: DemoServer) -> Class:
    return Class(qtbot, server)


def test_trouble_is_said_while_it_is_on_and_one_act_ends_it(classroom: Class) -> None:
    assert classroom.coach.staged() == ""
    classroom.play.stage(Trouble(down=True))
    assert classroom.coach.staged() == "network down"
    classroom.coach.more[CoachAct.ALL_WELL]()
    assert classroom.coach.staged() == ""
    assert classroom.play.trouble.is_none
    assert classroom.window.drawers.top() is None, "it ends without a page"


def test_the_page_opens_by_its_key_but_not_in_a_lesson(classroom: Class) -> None:
    classroom.coach.room.player.show(LessonStage.RUNNING)
    classroom.coach.more[CoachAct.FREE_PLAY]()
    assert classroom.window.drawers.top() is None
    classroom.coach.room.player.show(LessonStage.NONE)
    classroom.coach.more[CoachAct.FREE_PLAY]()
    assert classroom.window.drawers.top() is classroom.entry.page


def test_what_a_lesson_stages_is_not_free_plays_to_tell(classroom: Class) -> None:
    classroom.play.stage(Trouble(down=True))
    classroom.coach.room.player.show(LessonStage.RUNNING)
    assert classroom.coach.staged() == ""


def test_a_lesson_finds_nobody_blocked_for_practice(classroom: Class, server: DemoServer) -> None:
    classroom.play.block(PRIYA, blocked=True)
    classroom.coach.room.player.show(LessonStage.PREPARING)
    row = server.ledger.member(PRIYA)
    assert row is not None
    assert row.blocked_since is None


def test_leaving_ends_everything(classroom: Class, server: DemoServer) -> None:
    classroom.play.stage(Trouble(delay_ms=500))
    classroom.play.block(PRIYA, blocked=True)
    classroom.entry.leave()
    assert classroom.play.trouble.is_none
    row = server.ledger.member(PRIYA)
    assert row is not None
    assert row.blocked_since is None


def test_the_strip_follows_what_the_server_counts_down(qtbot: QtBot, classroom: Class) -> None:
    classroom.play.stage(Trouble(lose_next=1))
    qtbot.waitUntil(lambda: classroom.coach.refreshed == 1)
    classroom.play.stage(Trouble())
    qtbot.waitUntil(lambda: classroom.coach.refreshed == 2)


# --- who may see what everybody did -----------------------------------------------------------------


class Office:
    """Somebody at the till, and the way to the trainer's view."""

    def __init__(self, qtbot: QtBot) -> None:
        self.clock = StoppedClock()
        self.window = make_window(FakeTill(sample_views.idle()), training=True, clock=self.clock)
        qtbot.addWidget(self.window)
        qtbot.waitUntil(self.window.isActiveWindow)
        self.counter = Counter(self.window, clock=self.clock, expected=True, start=True)
        books = TrainerBooks(FakeLessonBook(few_runs()), lambda: lessons(4), "Practice shop", FakeClock(NOW))
        self.entry = TrainerEntry(
            self.window,
            books,
            FakeCoach(),  # type: ignore[arg-type]
            Immediate(),
            FakeClock(NOW),
        )
        self.hands = Hands(self.window)

    def top(self) -> object:
        """Return the page that is open."""
        return self.window.drawers.top()


def test_who_may_train_opens_the_view_at_once(qtbot: QtBot) -> None:
    office = Office(qtbot)
    office.counter.sign_in_as(MEERA)
    office.entry.open()
    assert isinstance(office.top(), TrainerPage)


def test_a_cashier_is_asked_for_the_pin_of_who_may_train(qtbot: QtBot) -> None:
    office = Office(qtbot)
    office.counter.sign_in_as(ASHA)
    office.entry.open()
    assert office.top() is None
    prompt = office.counter.desk.view.prompt
    assert prompt is not None
    assert prompt.asked is not None
    assert prompt.asked.matter is Matter.RESULTS
    assert office.window.gate is not None
    assert office.window.gate.dialog.title.text() == "Open the trainer's view?"
    assert [one.staff_id for one in prompt.people] == [MEERA.staff_id]
    for digit in pin_of(MEERA):
        office.clock.seconds += 1
        office.hands.press(digit)
    if office.top() is None:
        office.clock.seconds += 1
        office.hands.press("Enter")
    assert isinstance(office.top(), TrainerPage)
    office.window.drawers.close()
    office.entry.open()
    assert office.top() is None, "the visit ended with the page"


def test_without_sign_in_everybody_may(qtbot: QtBot) -> None:
    window = make_window(FakeTill(sample_views.idle()), training=True)
    qtbot.addWidget(window)
    books = TrainerBooks(FakeLessonBook(), lambda: lessons(4), "Practice shop", FakeClock(NOW))
    entry = TrainerEntry(window, books, FakeCoach(), Immediate(), FakeClock(NOW))  # type: ignore[arg-type]
    entry.open()
    assert isinstance(window.drawers.top(), TrainerPage)
