"""Free play: sliders and switches by keys and fingers, and what the coach's strip keeps saying of it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleValueInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.demo.free_play import ServerPlay
from cashier_app.demo.server import DemoServer
from cashier_app.domain.free_play import ALL_WELL, PRESETS, Preset, Trouble
from cashier_app.domain.points import PointName
from cashier_app.ports.free_play import Asked
from cashier_app.services.lesson_view import LessonView
from cashier_app.services.till_view import Serving, TillView
from cashier_app.wording import Hours, Wording
from cashier_app.wording.coach import CoachAct, Note, choosing_words, coach_words, with_staged
from cashier_app.wording.free_play import Dial, Switch, free_play_words, trouble_words
from tests.fakes.runner import Immediate
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import SIZES, Hands, make_window
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from ui.theme.motion import STILL
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.training.coach_strip import CoachStrip
from ui.training.free_play_page import FreePlayPage

WORDING = Wording.of("en_IN", ZoneInfo("Asia/Kolkata"), PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)
PRIYA = "mem-priya"
WORST = Trouble(
    delay_ms=4_900,
    jitter_ms=2_400,
    lost_percent=45,
    away_percent=85,
    limited_percent=75,
    down=True,
    portal=True,
    clock_minutes=-14,
    lose_next=12,
    blocked=3,
)


def serving_priya() -> TillView:
    """Return a till that serves the member of the demo server."""
    view = sample_views.member()
    assert isinstance(view.person, Serving)
    member = replace(view.person.member, member_id=PRIYA)
    return replace(view, person=replace(view.person, member=member))


class Play:
    """The page open over a till that serves Priya, and the server it troubles, which nobody asks anything."""

    def __init__(
        self,
        qtbot: QtBot,
        server: DemoServer | None,
        *,
        size: tuple[int, int] = (1280, 800),
        theme: Theme = LIGHT,
        serving: bool = True,
    ) -> None:
        view = serving_priya() if serving else sample_views.idle()
        self.window = make_window(FakeTill(view), size=size, theme=theme, training=True, view=view)
        qtbot.addWidget(self.window)
        self.server = server
        self.play = ServerPlay(lambda: self.server)
        self.refreshed: list[None] = []
        self.page = FreePlayPage(
            self.play,
            WORDING,
            lambda: self.refreshed.append(None),
            runner=Immediate(),
            motion=STILL,
            parent=self.window,
        )
        self.window.drawers.take_in(self.page)
        self.window.drawers.open(self.page)
        self.hands = Hands(self.window)

    def press(self, *names: str) -> None:
        """Press keys of the window."""
        self.hands.press(*names)

    def focus(self, widget: QWidget) -> None:
        """Put the keys on a widget, as Tab does."""
        widget.setFocus(Qt.FocusReason.TabFocusReason)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    made = DemoServer()  # not listening: nothing is asked of it here
    yield made
    made.close()


@pytest.fixture
def play(qtbot: QtBot, server: DemoServer) -> Play:
    made = Play(qtbot, server)
    qtbot.waitUntil(made.window.isActiveWindow)
    return made


def test_arrows_page_home_and_end_set_the_delay_at_once(play: Play) -> None:
    slider = play.page.dials[Dial.DELAY].slider
    assert slider.hasFocus()
    steps = (("Right", 100), ("Up", 200), ("Left", 100), ("PageUp", 600), ("PageDown", 100))
    for key, expected in (*steps, ("End", 5000), ("Home", 0)):
        play.press(key)
        assert play.play.trouble.delay_ms == expected, key
    play.press("Right")
    assert play.page.dials[Dial.DELAY].value.text() == "0.1 s"


@pytest.mark.parametrize("dial", Dial)
def test_every_slider_has_a_name_a_value_in_words_and_reaches_the_server(play: Play, dial: Dial) -> None:
    row = play.page.dials[dial]
    play.focus(row.slider)
    before, said = row.slider.value(), row.value.text()
    play.press("Right")
    assert getattr(play.play.trouble, dial.value) == before + row.slider.singleStep()
    assert row.value.text() not in {"", said}
    heard = QAccessible.queryAccessibleInterface(row.slider)
    assert heard.role() is QAccessible.Role.Slider
    assert heard.text(QAccessible.Text.Name)
    assert heard.text(QAccessible.Text.Description) == row.value.text()
    assert isinstance(heard.valueInterface(), QAccessibleValueInterface)


def test_the_clock_goes_both_ways(play: Play) -> None:
    row = play.page.dials[Dial.CLOCK]
    play.focus(row.slider)
    play.press("Left")
    assert (play.play.trouble.clock_minutes, row.value.text()) == (-1, "1 min slow")
    play.press("Right", "Right")
    assert (play.play.trouble.clock_minutes, row.value.text()) == (1, "1 min fast")


def test_a_finger_drags_a_slider_to_a_whole_step(play: Play) -> None:
    slider = play.page.dials[Dial.DELAY].slider
    at = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    assert play.play.trouble.delay_ms == 2500
    QTest.mouseMove(slider, QPoint(slider.width() + 50, at.y()))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at)
    assert play.play.trouble.delay_ms % 100 == 0


@pytest.mark.parametrize(("key", "preset"), list(zip("123", list(Preset)[1:], strict=True)))
def test_a_ready_made_day_is_one_key_and_all_well_another(play: Play, key: str, preset: Preset) -> None:
    play.press(key)
    assert play.play.trouble == PRESETS[preset]
    assert play.page.presets[preset].is_selected()
    play.press("0")
    assert play.play.trouble == ALL_WELL
    assert play.page.presets[Preset.ALL_WELL].is_selected()


def test_switches_go_on_and_off(play: Play) -> None:
    for key, switch in (("N", Switch.DOWN), ("G", Switch.PORTAL)):
        play.press(key)
        assert getattr(play.play.trouble, switch.value)
        assert play.page.switches[switch].isChecked()
        play.press(key)
        assert play.play.trouble == ALL_WELL


def test_the_next_answers_can_be_lost_one_by_one(play: Play) -> None:
    play.press("A", "A")
    assert play.play.trouble.lose_next == 2
    assert play.server is not None
    assert play.server.faults.take("lose_answers")
    play.page._show()
    assert play.play.trouble.lose_next == 1


def test_the_member_served_spends_elsewhere_and_is_blocked_and_freed(play: Play) -> None:
    assert play.server is not None
    before = play.server.ledger.member(PRIYA)
    assert before is not None
    play.press("B")
    after = play.server.ledger.member(PRIYA)
    assert after is not None
    assert after.balance == before.balance - (before.balance + 1) // 2
    assert "just spent" in play.page.toast.words()
    assert play.refreshed == [], "the till learns of it when it asks"
    play.press("L")
    blocked = play.server.ledger.member(PRIYA)
    assert blocked is not None
    assert blocked.blocked_since is not None
    assert len(play.refreshed) == 1
    assert play.play.trouble.blocked == 1
    play.press("0")
    free = play.server.ledger.member(PRIYA)
    assert free is not None
    assert free.blocked_since is None
    assert play.play.trouble == ALL_WELL


def test_without_a_member_served_nothing_is_done_to_anybody(qtbot: QtBot, server: DemoServer) -> None:
    play = Play(qtbot, server, serving=False)
    assert not play.page.spend.isEnabled()
    assert not play.page.block.isEnabled()
    assert play.page.note.text().startswith("Scan a member first")
    play.press("B", "L")
    assert play.play.trouble == ALL_WELL


def test_before_the_server_runs_a_sentence_says_so(qtbot: QtBot) -> None:
    play = Play(qtbot, None)
    play.press("N")
    assert "still starting" in play.page.toast.words()
    assert not play.page.switches[Switch.DOWN].isChecked()


def test_what_was_asked_is_counted_along(play: Play) -> None:
    assert play.server is not None
    play.server.faults.count()
    play.server.faults.count()
    play.server.faults.count(failed=True)
    play.page._show()
    assert play.page.asked.text().startswith("2 requests, 1 failed, ")


def test_the_page_closes_and_the_trouble_stays(play: Play) -> None:
    play.press("N", "Esc")
    assert play.page.isHidden()
    assert play.play.trouble.down


def test_tab_goes_round_and_every_stop_is_reached(play: Play) -> None:
    seen = set()
    for _ in range(30):
        focus = play.page.focusWidget()
        seen.add(focus)
        play.press("Tab")
    for part in (*play.page.presets.values(), *play.page.switches.values()):
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert part in seen
    for row in play.page.dials.values():
        assert row.slider in seen


@pytest.mark.parametrize(("size", "theme"), [*((size, LIGHT) for size in SIZES), ((1280, 800), DARK)])
@pytest.mark.parametrize("trouble", [ALL_WELL, replace(WORST, blocked=0)], ids=["well", "worst"])
def test_nothing_overlaps_is_cut_off_or_too_small(
    qtbot: QtBot, server: DemoServer, trouble: Trouble, size: tuple[int, int], theme: Theme
) -> None:
    play = Play(qtbot, server, size=size, theme=theme)
    play.play.stage(trouble)
    play.page.follow(play.window.view, play.window.view)
    # With the coach's strip below it, a page has this much less.
    play.page.resize(size[0], size[1] - CoachStrip.room(play.window.size())[0])
    assert overlaps(play.page) == []
    assert outside(play.page) == []
    assert too_small(play.page) == []
    assert cut_off(play.page, {play.page.title}) == []
    for button in (*play.page.presets.values(), play.page.lose_next, *play.page.switches.values()):
        assert button.has_room(), button.words()


# --- what is always in sight --------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_the_strip_says_the_trouble_whole_and_offers_the_way_back(
    qtbot: QtBot, size: tuple[int, int]
) -> None:
    staged = trouble_words(WORST, WORDING).full
    assert "and 6 more" in staged
    words = coach_words(LessonView(), WORDING, str, shows_codes=True, plays=True, staged=staged)
    assert (words.acts[0].act, words.acts[0].key) == (CoachAct.ALL_WELL, "Ctrl+0")
    assert (words.note, words.note_kind) == (staged, Note.STAGED)
    assert staged in words.spoken
    window = make_window(FakeTill(sample_views.idle()), size=size, training=True)
    qtbot.addWidget(window)
    strip = CoachStrip(words, window)
    window.stand_on(strip)
    strip.show()
    assert strip.has_room()


def test_the_strip_says_nothing_of_trouble_when_all_is_well() -> None:
    words = coach_words(LessonView(), WORDING, str, plays=True)
    assert words.note_kind is None
    assert CoachAct.ALL_WELL not in {one.act for one in words.acts}
    assert CoachAct.FREE_PLAY in {one.act for one in words.acts}
    assert with_staged(words, "") is words
    chosen = choosing_words(None, WORDING, str)
    assert with_staged(chosen, "network down").note == "network down"


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (ALL_WELL, "All well"),
        (Trouble(down=True), "network down"),
        (Trouble(delay_ms=800), "answers take 0.8 s"),
        (Trouble(jitter_ms=300), "answers take 0 s, give or take 0.3 s"),
        (Trouble(lose_next=1), "the next answer lost"),
        (Trouble(lose_next=3), "the next 3 answers lost"),
        (Trouble(clock_minutes=-3), "code clock 3 min slow"),
        (Trouble(blocked=1), "1 member blocked"),
        (PRESETS[Preset.BAD_MOBILE], "10% of the answers lost, answers take 2 s, give or take 1.8 s"),
    ],
)
def test_troubles_are_said_in_plain_words(trouble: Trouble, said: str) -> None:
    assert trouble_words(trouble, WORDING).full == said


def test_a_blocked_member_can_be_freed_in_words() -> None:
    view = sample_views.blocked()
    assert isinstance(view.person, Serving)
    member = view.person.member
    words = free_play_words(ALL_WELL, Asked(1, 0), 2, member, WORDING)
    assert words.block.full.startswith("Free ")
    assert words.asked.full == "1 request, 0 failed, 2 sales wait"
