"""The coach's strip hides nothing of the till, takes none of its keys, and says things whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Lesson
from cashier_app.services.lesson_view import LessonStage, LessonView, MistakeSeen, StepDone, WentBack
from cashier_app.wording import Translator, Wording
from cashier_app.wording.coach import CoachAct, CoachWords, Note, coach_keys, coach_words, help_keys
from cashier_app.wording.lessons import lesson_filler
from tests.ui import sample_views
from tests.ui.till_host import Hands, focus, window_of
from tests.ui.training_states import FIRST, LESSONS, PEOPLE, RUPEE, asking, stand_coach, words_in
from tests.ui.who_host import cut_off, outside, overlaps, too_small
from tests.unit.test_wording_complete import Brackets
from ui.key_table import act_for
from ui.key_words import Stroke, Where
from ui.main_window import MainWindow
from ui.theme.tokens import DARK, LIGHT, Theme, contrast
from ui.training.coach_keys import COACH_KEYS, CoachKeys
from ui.training.coach_strip import CoachStrip
from ui.widgets.button import ActionButton

SIZES = ((1024, 600), (1280, 720), (1280, 800), (1366, 768), (1920, 1080))
STATES = sorted(sample_views.STATES)
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)


def with_strip(
    qtbot: QtBot, state: str = "idle", view: LessonView | None = None, **how: object
) -> tuple[MainWindow, CoachStrip]:
    window, _ = window_of(sample_views.STATES[state](), training=True, **how)
    qtbot.addWidget(window)
    return window, stand_coach(window, words_in(window, view or asking(0)))


def texts(root: QWidget) -> set[tuple[str, str]]:
    """Return what stands below a widget, and what else there is."""
    return {
        (type(child).__name__, child.text() if isinstance(child, QLabel) else "")
        for child in root.findChildren(QWidget)
        if child.isVisible()
    }


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1080)])
def test_nothing_of_the_till_is_hidden_cut_off_or_too_small(qtbot: QtBot, size: tuple[int, int]) -> None:
    for state in STATES:
        window, _ = with_strip(qtbot, state, size=size)
        screen = window.screen_of_till
        for part in (screen.bill, screen.reward, screen.today, screen.pay, screen.action_row):
            if part.isVisible():
                found = (overlaps(part), outside(part), cut_off(part, set()), too_small(part))
                assert found == ([], [], [], []), (state, type(part).__name__)
                crowded = [
                    b.words() for b in part.findChildren(ActionButton) if b.isVisible() and not b.has_room()
                ]
                assert crowded == [], state
        assert overlaps(screen.who) == [], state
        assert outside(screen.who) == [], state
        window.hide()


def test_all_of_a_small_till_is_still_there(qtbot: QtBot) -> None:
    for state in STATES:
        window, _ = window_of(sample_views.STATES[state](), training=True, size=(1024, 600))
        qtbot.addWidget(window)
        before = texts(window.screen_of_till)
        stand_coach(window, words_in(window, asking(0)))
        assert texts(window.screen_of_till) == before, state
        window.hide()


@pytest.mark.parametrize("size", SIZES)
def test_the_strip_stands_below_the_till_and_whatever_lies_over_it(
    qtbot: QtBot, size: tuple[int, int]
) -> None:
    window, strip = with_strip(qtbot, "offer", size=size)
    screen, place = window.screen_of_till, strip.geometry()
    assert place.bottom() == window.rect().bottom()
    for part in (screen.who, screen.pay, screen.action_row, screen.keys.keypad):
        assert part.mapTo(window, part.rect().bottomLeft()).y() < place.top()
    window.ways.show_queue()
    drawer = window.drawers.top()
    assert drawer is not None
    assert not drawer.geometry().intersects(place)
    window.drawers.close()
    before = {
        name: QRect(part.geometry()) for name, part in vars(screen).items() if isinstance(part, QWidget)
    }
    strip.show_words(words_in(window, asking(1, hint=True), hint_last=True))
    after = {name: part.geometry() for name, part in vars(screen).items() if isinstance(part, QWidget)}
    assert after == before, "nothing of the till moves when the coach says something else"


def test_a_press_asks_and_takes_no_focus(qtbot: QtBot) -> None:
    window, strip = with_strip(qtbot, "offer")
    qtbot.waitUntil(window.isActiveWindow)
    held = focus()
    asked: list[CoachAct] = []
    strip.asked.connect(asked.append)
    for act in strip.words().acts:
        qtbot.mouseClick(strip.buttons[act.act], LEFT)
    qtbot.mouseClick(strip, LEFT)
    assert asked == [act.act for act in strip.words().acts]
    assert focus() is held is window.screen_of_till.bill


def test_tab_never_comes_to_the_strip(qtbot: QtBot) -> None:
    window, strip = with_strip(qtbot, "reward")
    qtbot.waitUntil(window.isActiveWindow)
    hands = Hands(window)
    for _ in range(14):
        hands.press("Tab")
        assert focus() is not None
        assert not strip.isAncestorOf(focus())


@pytest.mark.parametrize("where", list(Where))
def test_no_key_of_the_coach_means_anything_to_the_till(where: Where) -> None:
    for view in (make() for make in sample_views.STATES.values()):
        for key in COACH_KEYS:
            assert act_for(Stroke(key, "", CONTROL), view, where) is None, (where, key)


def test_every_key_that_is_shown_is_taken_and_listed_in_the_help(qtbot: QtBot) -> None:
    window, strip = with_strip(qtbot, view=asking(0))
    wording = window.screen_of_till.wording()
    shown = coach_keys(wording)
    taken = {act: f"Ctrl+{chr(key)}" for key, acts in COACH_KEYS.items() for act in acts}
    assert shown == taken
    window.help.more = lambda: help_keys(strip.words())
    window.ways.show_help()
    listed = {keycap.words() for keycap, _ in window.help.now._rows[: window.help.now._used]}
    assert {act.key for act in strip.words().acts} <= listed


def test_keys_go_to_the_coach_first_and_all_others_to_the_till(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.offer(), training=True)
    qtbot.addWidget(window)
    seen: list[tuple[CoachAct, ...]] = []

    def act(acts: tuple[CoachAct, ...]) -> bool:
        seen.append(acts)
        return True

    CoachKeys(window, act)
    handle = window.windowHandle()
    qtbot.keyClick(handle, Qt.Key.Key_H, CONTROL)
    qtbot.keyClick(handle, Qt.Key.Key_L, CONTROL)
    qtbot.keyClick(handle, Qt.Key.Key_H, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(handle, Qt.Key.Key_H, Qt.KeyboardModifier.AltModifier)
    # A key may be the first of a scan: it is let go a moment later.
    qtbot.waitUntil(lambda: len(seen) > 1)
    assert seen == [(CoachAct.HINT,), (CoachAct.LEAVE, CoachAct.LESSONS)]
    Hands(window).press("Enter")
    assert till.asked == [("confirm",)]


def test_keys_are_taken_from_a_window_that_is_shown_later(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    seen: list[tuple[CoachAct, ...]] = []
    CoachKeys(window, lambda acts: bool(seen.append(acts)) or True)
    window.show()
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_S, CONTROL)
    assert seen == [(CoachAct.SCAN,)]


# --- what is said -------------------------------------------------------------------------------------------


def said_of(lesson: Lesson) -> Iterator[tuple[str, LessonView, bool]]:
    """Yield everything the strip says in the course of a lesson."""
    for place, step in enumerate(lesson.steps):
        on = LessonView(LessonStage.RUNNING, lesson, "Asha", place)
        yield f"{step.name} hint", replace(on, hint=True), True
        for mistake in step.mistakes:
            yield f"{step.name} {mistake.name}", replace(on, remark=MistakeSeen(mistake)), False
        if place:
            yield f"{step.name} praise", replace(on, remark=StepDone(lesson.steps[place - 1])), False
        yield f"{step.name} back", replace(on, remark=WentBack()), False
    last = StepDone(lesson.steps[-1])
    yield (
        "learned",
        LessonView(LessonStage.FINISHED, lesson, "Asha", len(lesson.steps) - 1, remark=last),
        False,
    )


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.lesson_id)
@pytest.mark.parametrize("size", [(1024, 600), (1280, 800)])
def test_every_sentence_of_a_lesson_is_whole(qtbot: QtBot, lesson: Lesson, size: tuple[int, int]) -> None:
    window, strip = with_strip(qtbot, size=size)
    too_long = []
    for what, view, hint_last in said_of(lesson):
        strip.show_words(words_in(window, view, hint_last=hint_last))
        if not strip.has_room():
            too_long.append(what)
    assert too_long == []


def test_what_has_no_room_below_the_step_is_read_alone_and_spoken_whole(qtbot: QtBot) -> None:
    window, strip = with_strip(qtbot, size=(1024, 600))
    words = replace(
        strip.words(), say="Take this code away. " * 5, note="That was another one. " * 5,
        note_kind=Note.MISTAKE, spoken="all of it",
    )  # fmt: skip
    strip.show_words(words)
    assert not strip.has_room()
    assert strip.accessibleName() == "all of it"
    window.grab()


def test_what_came_last_is_what_is_read() -> None:
    mistake = FIRST.steps[0].mistakes[0]
    view = asking(0, hint=True, remark=MistakeSeen(mistake), remarks=1)
    wording = Wording.of("en_IN", sample_views.ZONE, sample_views.PROGRAM.point_name)
    fill = lesson_filler(PEOPLE, RUPEE, wording)
    assert coach_words(view, wording, fill).note == fill(mistake.say)
    assert coach_words(view, wording, fill, hint_last=True).note == fill(FIRST.steps[0].hint)
    assert coach_words(replace(view, trouble="No disk."), wording, fill, hint_last=True).note == "No disk."


def test_everything_said_can_be_translated() -> None:
    wording = Wording.of("en_IN", sample_views.ZONE, sample_views.PROGRAM.point_name)
    bracketed = replace(wording, translator=Translator(Brackets(), "xx"))
    fill = lesson_filler(PEOPLE, RUPEE, bracketed)
    for view in (asking(0), asking(1, remark=StepDone(FIRST.steps[0])), LessonView(), asking(1, hint=True)):
        words = coach_words(view, bracketed, fill, shows_codes=True, plays=True)
        for text in (words.title.full, words.say, *(act.label.full for act in words.acts)):
            assert text.startswith("["), text


def test_acts_are_those_of_the_moment() -> None:
    wording = Wording.of("en_IN", sample_views.ZONE, sample_views.PROGRAM.point_name)

    def acts(view: LessonView, **how: bool) -> list[CoachAct]:
        return [act.act for act in coach_words(view, wording, str, **how).acts]

    code = [CoachAct.SHOW_CODE, CoachAct.SCAN]
    end = [CoachAct.AGAIN, CoachAct.LEAVE]
    assert acts(asking(0), shows_codes=True) == [CoachAct.HINT, *code, *end]
    assert acts(asking(0)) == [CoachAct.HINT, CoachAct.SCAN, *end]
    assert acts(asking(0, hint=True), shows_codes=True) == [CoachAct.HINT, *code, *end], "none moves"
    assert acts(asking(1), shows_codes=True) == [CoachAct.HINT, *end]
    assert acts(asking(0), shows_codes=True, playing=True) == [CoachAct.LEAVE]
    assert acts(LessonView()) == [CoachAct.LESSONS]


def test_a_small_window_has_room_for_all_buttons_but_the_one_with_another_way(qtbot: QtBot) -> None:
    window, strip = with_strip(qtbot, size=(1024, 600))
    assert strip.buttons[CoachAct.AGAIN].isHidden()
    assert too_small(strip) == []
    assert overlaps(strip) == []
    seen = [button for button in strip.buttons.values() if not button.isHidden()]
    assert [b.words.act for b in seen] == [CoachAct.HINT, CoachAct.SHOW_CODE, CoachAct.SCAN, CoachAct.LEAVE]
    assert min(button.height() for button in seen) >= 48
    window.resize(1280, 800)
    assert not strip.buttons[CoachAct.AGAIN].isHidden()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_what_stands_on_violet_can_be_read(theme: Theme) -> None:
    for ink in ("ink", "ink2", "train_text", "red_text", "accent_text", "amber_text"):
        assert contrast(theme.colour(ink), theme.colour("train_tint")) >= 4.5, ink
    assert contrast(theme.colour("edge"), theme.colour("train_tint")) >= 3.0
    assert contrast(theme.colour("train"), theme.colour("bg")) >= 3.0


def test_words_that_did_not_change_paint_nothing(qtbot: QtBot) -> None:
    _, strip = with_strip(qtbot)
    before = dict(strip.buttons)
    same: CoachWords = replace(strip.words())
    strip.show_words(same)
    assert strip.buttons == before
