"""Training opened from the work till: the till is covered and locked, its devices go and come back."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier_app.domain.staff import Right
from cashier_app.ports.journal import QueueCounts
from cashier_app.preferences import Preferences
from cashier_app.wording.menu import Entry
from cashier_app.wording.training_cover import TrainingStage, cover_words
from tests.fakes.staff import ASHA, MEERA, STAFF
from tests.ui import sample_views, staff_states
from tests.ui.fake_till import FakeTill, StoppedClock
from tests.ui.till_host import SIZES, Hands, make_window
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from tests.unit.wording_shown import WORDING
from ui.main_window import MainWindow
from ui.menu import menu_entries
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.training.entry import TrainingEntry

# Stands in for training: says that it is open, notes what it is told, and does as it says.
CHILD = """
import os, sys
told = sys.stdin.buffer
sys.stderr.write("handed " + told.readline().decode())
os.write(1, b"opened\\n")
for line in told:
    if b"end" in line and {heeds}:
        os._exit({code})
if {ends}:
    os._exit(0)
import time
time.sleep(60)
"""


def child(*, heeds: bool = True, ends: bool = True, code: int = 0) -> list[str]:
    """Return the command of a stand-in: `heeds` when asked to end, `ends` with the pipe."""
    return [sys.executable, "-I", "-S", "-c", CHILD.format(heeds=heeds, ends=ends, code=code)]


class Scanner:
    """The serial link, as far as training asks it."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def rest(self) -> None:
        self.calls.append("rest")

    def go_on(self) -> None:
        self.calls.append("go on")

    def close(self) -> None:
        self.calls.append("close")


class Camera:
    """The camera, as far as training asks it."""

    def __init__(self) -> None:
        self.is_on = True

    def set_on(self, on: bool) -> None:  # noqa: FBT001 - as the real one
        self.is_on = on


class WorkTill:
    """A till that works, with a stand-in for training behind its menu."""

    def __init__(
        self,
        qtbot: QtBot,
        command: list[str],
        *,
        state: str = "idle",
        size: tuple[int, int] = (1280, 800),
        theme: Theme = LIGHT,
    ) -> None:
        self._qtbot = qtbot
        self.window: MainWindow = make_window(
            FakeTill(sample_views.STATES[state]()), clock=StoppedClock(), size=size, theme=theme
        )
        qtbot.addWidget(self.window)
        self.hands = Hands(self.window)
        self.scanner, self.camera = Scanner(), Camera()
        self.window.serial, self.window.camera = self.scanner, self.camera  # type: ignore[assignment]
        self.entry = TrainingEntry(self.window, command, Preferences)
        self.window.practice = self.entry

    @property
    def cover_shown(self) -> bool:
        return self.window.drawers.top() is self.entry.page

    def until(self, holds: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(holds, timeout=10_000)

    def opened(self) -> None:
        self.entry.open()
        self.until(self.entry.page.action_row.primary.isEnabled)

    def ended(self) -> None:
        self.until(lambda: self.entry.process is None)


@pytest.fixture
def till(qtbot: QtBot) -> WorkTill:
    return WorkTill(qtbot, child())


def test_the_menu_holds_it_for_who_may_only(till: WorkTill, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Entry.TRAINING in menu_entries(till.window)
    asked: list[Right] = []

    def may(right: Right) -> bool:
        asked.append(right)
        return right is not Right.TRAIN

    monkeypatch.setattr(till.window, "may", may)
    assert Entry.TRAINING not in menu_entries(till.window)
    assert Right.TRAIN in asked
    till.window.practice = None
    monkeypatch.undo()
    assert Entry.TRAINING not in menu_entries(till.window)


def test_it_covers_the_till_and_ends_by_key(till: WorkTill) -> None:
    till.opened()
    assert till.cover_shown
    assert till.scanner.calls == ["rest"]
    assert not till.camera.is_on
    before = till.window.view
    for key in ("F1", "F2", "F4", "F7", "F8", "F9", "F10", "F12", "5", "Space"):
        till.hands.press(key)
        assert till.cover_shown, key
    till.hands.scan("LC1:RAVI5N8C2H6ZD4KP")
    assert till.cover_shown
    assert till.window.view is before
    assert not till.window.takes_scans()
    till.hands.press("Enter")
    assert till.cover_shown
    till.hands.press("Esc")
    till.ended()
    assert till.window.drawers.top() is None
    assert till.scanner.calls == ["rest", "go on"]
    assert till.camera.is_on
    till.opened()
    till.entry.close()
    assert till.scanner.calls == ["rest", "go on", "rest"]


def test_what_is_handed_over_is_not_on_the_command_line(
    till: WorkTill, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till.entry, "_trainee", lambda: "Asha Rao")
    till.opened()
    assert till.entry.process is not None
    till.entry.close()
    told = capfd.readouterr().err
    assert '"trainee":"Asha Rao"' in told
    assert "Asha" not in " ".join(child())


@pytest.mark.parametrize("state", ["member", "offer", "pay", "lookup"])
def test_a_sale_under_way_is_finished_first(qtbot: QtBot, state: str) -> None:
    till = WorkTill(qtbot, child(), state=state)
    till.entry.open()
    assert till.entry.process is None
    assert till.window.drawers.top() is None
    assert till.scanner.calls == []


DIED = "Training ended by itself. Nothing of it was real."
NOT_OPENED = "Training could not be opened. Look whether it is open already."
REFUSES = [sys.executable, "-I", "-S", "-c", "raise SystemExit(2)"]


@pytest.mark.parametrize(
    ("command", "seen", "told"),
    [(child(code=3), True, DIED), (["/nowhere/at/all"], False, NOT_OPENED), (REFUSES, False, NOT_OPENED)],
    ids=["dies", "cannot start", "is open already"],
)
def test_training_that_dies_brings_the_till_back(
    qtbot: QtBot, command: list[str], *, seen: bool, told: str
) -> None:
    till = WorkTill(qtbot, command)
    said: list[str] = []
    till.window.screen_of_till.who.remark = lambda words, **_: said.append(words.full)  # type: ignore[method-assign]
    till.entry.open()
    if seen:
        till.until(till.entry.page.action_row.primary.isEnabled)
        till.hands.press("Esc")
    till.ended()
    assert till.window.drawers.top() is None
    assert till.scanner.calls == ["rest", "go on"]
    assert said == [told]


def test_who_presses_twice_is_not_asked_again(qtbot: QtBot) -> None:
    till = WorkTill(qtbot, child(heeds=False))
    till.opened()
    till.hands.press("Esc")
    assert till.entry.process is not None, "asked, it may say that a lesson is under way"
    assert till.entry.page.action_row.escape.accessibleName() == "End now"
    till.hands.press("Esc")
    till.ended()
    assert till.window.drawers.top() is None


def test_training_that_does_not_listen_is_killed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.training.process.PATIENCE_MS", 50)
    for act in ("keys", "close"):
        till = WorkTill(qtbot, child(heeds=False, ends=False))
        till.opened()
        process = till.entry.process
        assert process is not None
        assert process.process_id
        if act == "keys":
            till.hands.press("Esc", "Esc")
            till.ended()
        else:
            till.entry.close()
            assert process.process_id == 0


def test_the_till_comes_back_locked(qtbot: QtBot) -> None:
    till = WorkTill(qtbot, child())
    counter, gate = staff_states.Counter(till.window, *STAFF), till.window.gate
    assert gate is not None
    counter.sign_in_as(MEERA)
    assert not gate.covers()
    till.opened()
    assert gate.covers(), "behind the page the till is locked from the start"
    assert till.cover_shown
    till.hands.press("F12", "1", "2", "Esc")
    till.ended()
    assert till.window.drawers.top() is None
    assert gate.covers()
    assert gate.lock.isVisible()


def test_a_cashier_learns_by_the_pin_of_somebody_who_may(
    qtbot: QtBot, capfd: pytest.CaptureFixture[str]
) -> None:
    till = WorkTill(qtbot, child())
    counter = staff_states.Counter(till.window, *STAFF)
    counter.sign_in_as(ASHA)
    till.entry.open()
    assert till.entry.process is None, "a PIN is asked for"
    assert counter.desk.view.prompt is not None
    assert {one.staff_id for one in counter.desk.view.prompt.people} == {MEERA.staff_id}
    counter.sign_in_as(MEERA)
    till.until(lambda: till.entry.process is not None and till.entry.page.action_row.primary.isEnabled())
    till.entry.close()
    assert '"trainee":"Asha"' in capfd.readouterr().err


def test_it_says_what_becomes_of_the_real_sales() -> None:
    connection = sample_views.STATES["idle"]().connection
    cases = {
        QueueCounts(0, 0): "All real sales are posted",
        QueueCounts(2, 0): "2 real sales will be posted",
        QueueCounts(1, 1): "1 real sale needs attention",
    }
    for counts, said in cases.items():
        words = cover_words(TrainingStage.OPEN, replace(connection, counts=counts), WORDING)
        assert words.state.full == said
    wanted = cover_words(TrainingStage.OPEN, replace(connection, sign_in_needed=True), WORDING)
    assert "new sign-in" in wanted.state.full


@pytest.mark.parametrize(("size", "theme"), [*((size, LIGHT) for size in SIZES), ((1280, 800), DARK)])
def test_nothing_of_it_overlaps_or_is_cut_off(qtbot: QtBot, size: tuple[int, int], theme: Theme) -> None:
    till = WorkTill(qtbot, child(), size=size, theme=theme)
    page = till.entry.page
    till.window.drawers.open(page)
    for stage in TrainingStage:
        page.show_stage(stage)
        QApplication.processEvents()
        for broken in (overlaps(page), cut_off(page, set()), outside(page), too_small(page)):
            assert not broken, (stage, broken)
