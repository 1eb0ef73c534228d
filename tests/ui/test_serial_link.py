"""The serial scanner at the window: over a pseudo-terminal into the real till, and what is said about it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.bootstrap import Till
from cashier_app.device_opening import open_serial_scanner
from cashier_app.device_sections import DeviceSettings, SerialSection
from cashier_app.domain.identifier import MAX_LENGTH
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.ports.serial_scanner import (
    Overlong,
    ScannedText,
    SerialRead,
    SerialState,
    SerialStatus,
    Unmarked,
)
from cashier_app.services.till_view import Serving, Step
from tests.fakes.counter import PRIYAS_CODE, SETTINGS
from tests.fakes.pty_scanner import PtyScanner
from tests.fakes.runner import Immediate, SteppedRunner
from tests.ui import sample_views
from tests.ui.till_host import Shop, window_of
from ui.after_first_frame import link_serial_scanner
from ui.background import Background
from ui.main_window import MainWindow
from ui.serial_link import MOST_WAITING, SerialLink

needs_ptys = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


class FakeScanner:
    """A scanner that says and reads what a test tells it to."""

    def __init__(
        self, on_read: Callable[[SerialRead], None], on_status: Callable[[SerialStatus], None]
    ) -> None:
        self.read, self._on_status = on_read, on_status
        self.status = SerialStatus(SerialState.OFF)
        self.chosen: list[str] = []

    def become(self, state: SerialState) -> None:
        self.status = SerialStatus(state, self.chosen[-1])
        self._on_status(self.status)

    def choose(self, device_id: str) -> None:
        self.chosen.append(device_id)

    def stop(self) -> bool:
        self.chosen.append("")
        return True


class Taker:
    """Notes what it is given."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def take_scan(self, text: str) -> None:
        self.taken.append(text)

    def take_overlong(self) -> None:
        self.taken.append("overlong")

    def take_foreign(self) -> None:
        self.taken.append("foreign")


class Linked:
    """A link over a fake scanner, with everything it says."""

    def __init__(self, runner: SteppedRunner | Immediate) -> None:
        self.taker, self.remembered, self.said = Taker(), list[str](), list[SerialState]()
        self.changes = 0
        self.made: list[FakeScanner] = []
        self.link = SerialLink(self._open, runner, self.taker, remember=self.remembered.append)
        assert self.made == [], "nothing is made before a device is chosen"
        self.link._listen_to("COM3")
        self.scanner = self.made[0]
        self.scanner.chosen.clear()
        self.link.to_be_said.connect(lambda: self.said.append(self.link.status.state))
        self.link.changed.connect(self._count)

    def _open(
        self, on_read: Callable[[SerialRead], None], on_status: Callable[[SerialStatus], None]
    ) -> FakeScanner:
        self.made.append(FakeScanner(on_read, on_status))
        return self.made[-1]

    def _count(self) -> None:
        self.changes += 1


@pytest.fixture
def steps() -> SteppedRunner:
    return SteppedRunner()


def test_every_read_comes_in_its_order_one_at_a_time(qtbot: QtBot, steps: SteppedRunner) -> None:
    linked = Linked(steps)
    for read in (ScannedText("one"), Unmarked(), ScannedText("two"), Overlong()):
        linked.scanner.read(read)
    for count in range(1, 5):
        steps.step()
        assert len(linked.taker.taken) == count, "whatever else waits gets its turn in between"
    assert linked.taker.taken == ["one", "foreign", "two", "overlong"]
    assert steps.waiting == 0


def test_a_flood_is_one_remark_and_no_look_up(qtbot: QtBot, steps: SteppedRunner) -> None:
    linked = Linked(steps)
    for number in range(MOST_WAITING + 1):
        linked.scanner.read(ScannedText(str(number)))
    steps.run_all()
    assert linked.taker.taken == ["overlong"]
    linked.scanner.read(ScannedText("after"))
    steps.run_all()
    assert linked.taker.taken == ["overlong", "after"]


def test_a_missing_scanner_is_said_once_and_its_return_too(qtbot: QtBot) -> None:
    linked = Linked(Immediate())
    linked.link.choose("COM3")
    for state in (SerialState.OPENING, SerialState.LISTENING):
        linked.scanner.become(state)
    assert linked.said == [], "that all is well is not worth a word"
    for state in (SerialState.MISSING, SerialState.LISTENING, SerialState.IN_USE, SerialState.REFUSED):
        linked.scanner.become(state)
    assert linked.said == [
        SerialState.MISSING,
        SerialState.LISTENING,
        SerialState.IN_USE,
        SerialState.REFUSED,
    ]
    assert linked.changes == 7, "a page about devices hears of every change"


def test_a_choice_is_remembered_on_a_worker(qtbot: QtBot, steps: SteppedRunner) -> None:
    linked = Linked(steps)
    linked.link.choose("1EAB:0003:AB12")
    assert (linked.scanner.chosen, linked.remembered) == (["1EAB:0003:AB12"], [])
    steps.run_all()
    assert linked.remembered == ["1EAB:0003:AB12"]


def test_after_the_end_nothing_comes_any_more(qtbot: QtBot, steps: SteppedRunner) -> None:
    linked = Linked(steps)
    linked.link.begin(lambda: "COM3")
    linked.scanner.read(ScannedText("late"))
    linked.link.close()
    linked.scanner.chosen.clear()
    steps.run_all()
    assert (linked.taker.taken, linked.scanner.chosen) == ([], [])


@pytest.mark.expects_log("the choice of a scanner failed")
def test_a_choice_that_cannot_be_read_ends_nothing(qtbot: QtBot) -> None:
    linked = Linked(Immediate())

    def fail() -> str:
        raise ZeroDivisionError

    linked.link.begin(fail)
    assert linked.scanner.chosen == []


# --- at the window ------------------------------------------------------------------------------------


def test_overlong_and_foreign_reads_look_nobody_up(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.idle())
    qtbot.addWidget(window)
    window.take_scan("LC1:x")
    window.take_overlong()
    window.take_foreign()
    assert till.asked == [("scan", "LC1:x"), ("scan", "?" * (MAX_LENGTH + 1)), ("scan", "?")]


def test_a_bare_tag_is_no_loyalty_code(qtbot: QtBot, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    qtbot.addWidget(shop.window)
    shop.window.take_foreign()
    card = shop.window.screen_of_till.who.card()
    assert "not a loyalty code" in card.accessibleName()
    assert shop.view.step is Step.PROBLEM
    shop.window.closing.answer()
    shop.close()


def _no_backend() -> LoyaltyBackend:
    raise KnownError("There is no backend.")


def till_with(folder: Path, section: SerialSection) -> Till:
    return Till(SETTINGS, folder, _no_backend, devices=DeviceSettings(serial=section))


class AtTheWindow:
    """The real window and till with a scanner on a pseudo-terminal."""

    def __init__(self, qtbot: QtBot, folder: Path, chosen: str | None) -> None:
        self.qtbot = qtbot
        self.plugged = PtyScanner(folder / "scanner")
        self.plugged.plug_in()
        (folder / "shop").mkdir()
        self.shop = Shop(folder / "shop")
        qtbot.addWidget(self.window)
        self.till = till_with(folder / "till", SerialSection(device=self.plugged.device))
        if chosen is not None:
            self.till.preferences.change(serial_device=chosen)
        self.background = Background()
        self.link = link_serial_scanner(self.window, self.till, self.background)
        self.changes = 0
        self.link.changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1

    @property
    def window(self) -> MainWindow:
        return self.shop.window

    def until(self, state: SerialState) -> None:
        self.qtbot.waitUntil(lambda: self.link.status.state is state, timeout=10_000)

    def until_said(self, words: str) -> None:
        who = self.window.screen_of_till.who
        self.qtbot.waitUntil(lambda: words in who.toast.words(), timeout=10_000)
        assert not who.toast.isHidden()

    def close(self) -> None:
        self.link.close()
        self.background.close()
        self.till.close()
        self.plugged.pull_out()
        self.window.closing.answer()
        self.shop.close()


@pytest.fixture
def at_the_window(qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[AtTheWindow]:
    made = AtTheWindow(qtbot, tmp_path, getattr(request, "param", None))
    yield made
    made.close()


@needs_ptys
def test_a_serial_scan_finds_the_member(at_the_window: AtTheWindow) -> None:
    at_the_window.until(SerialState.LISTENING)
    at_the_window.plugged.send(PRIYAS_CODE.encode() + b"\r\n")
    shop = at_the_window.shop
    at_the_window.qtbot.waitUntil(lambda: isinstance(shop.view.person, Serving), timeout=10_000)


@needs_ptys
def test_an_unplugged_scanner_is_a_calm_line_and_works_again(at_the_window: AtTheWindow) -> None:
    at_the_window.until(SerialState.LISTENING)
    at_the_window.plugged.pull_out()
    at_the_window.until_said("The scanner is not connected")
    assert at_the_window.shop.view.step is Step.IDLE, "the sale does not care"
    at_the_window.shop.counter.session.tick()
    assert not at_the_window.window.screen_of_till.who.toast.isHidden(), (
        "nor does the toast care for the clock"
    )
    at_the_window.plugged.plug_in()
    at_the_window.until_said("The scanner is ready")


@needs_ptys
@pytest.mark.parametrize("at_the_window", [""], indirect=True)
def test_none_on_purpose_counts_more_than_the_settings_and_another_may_be_chosen_at_once(
    at_the_window: AtTheWindow,
) -> None:
    at_the_window.qtbot.waitUntil(lambda: at_the_window.changes > 0)
    assert at_the_window.link.status == SerialStatus(SerialState.OFF)
    at_the_window.link.choose(at_the_window.plugged.device)
    at_the_window.until(SerialState.LISTENING)
    at_the_window.qtbot.waitUntil(
        lambda: at_the_window.till.preferences.read().serial_device == at_the_window.plugged.device
    )


def test_bootstrap_opens_nothing_before_a_device_is_chosen() -> None:
    scanner = open_serial_scanner(SerialSection(), on_read=print, on_status=print)
    assert scanner.status == SerialStatus(SerialState.OFF)
    assert scanner.stop()


def test_a_port_lent_to_another_program_is_listened_to_again(qtbot: QtBot) -> None:
    made: list[FakeScanner] = []

    def opened(
        on_read: Callable[[SerialRead], None], on_status: Callable[[SerialStatus], None]
    ) -> FakeScanner:
        made.append(FakeScanner(on_read, on_status))
        return made[-1]

    window, _ = window_of(sample_views.STATES["idle"]())
    qtbot.addWidget(window)
    kept: list[str] = []
    link = SerialLink(opened, Immediate(), window, remember=kept.append)
    link.begin(lambda: "0403:6001:A1")
    link.rest()
    link.choose("0403:6001:B2")
    assert made[0].chosen == ["0403:6001:A1", ""]
    link.go_on()
    assert made[0].chosen[-1] == "0403:6001:B2"
    assert kept == ["0403:6001:B2"]
    link.close()
    link.go_on()
    assert made[0].chosen[-1] == "", "closed for good"
