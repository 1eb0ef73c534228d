"""What failed is seen at every step, whole; what takes a moment says so, and nothing moves."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.till_view import TillView
from tests.ui import sample_views
from tests.ui.till_host import SIZES, Hands, focus, window_of
from tests.ui.who_host import cut_off, outside, overlaps, rectangle_in
from ui.main_window import MainWindow
from ui.screens.till import TillScreen
from ui.theme.tokens import DARK, LIGHT, Theme, high_contrast
from ui.widgets.trouble_box import TroubleBox

SENTENCES = (
    "The disk is full. This was not saved. Free space, then try again.",
    "The loyalty system does not allow this. Take a smaller amount or none.",
    "No token for the loyalty system is stored. Run: cashier-cli sign-in",
    "The disk reports an error. This was not saved. Try again, or restart.",
)
STEPS = ("idle", "two-members", "too-old", "lookup", "member", "offer", "reward", "partial", "pay", "done")
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)


def shown(qtbot: QtBot, view: TillView, **how: object) -> MainWindow:
    window, _ = window_of(view, **how)
    qtbot.addWidget(window)
    return window


def box_of(screen: TillScreen) -> TroubleBox:
    """Return the one box that is seen."""
    (box,) = (box for box in (screen.reward.trouble(), screen.today.trouble()) if box.isVisible())
    return box


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_trouble_is_seen_whole_at_every_step(qtbot: QtBot, size: tuple[int, int], sentence: str) -> None:
    for step in STEPS:
        window = shown(qtbot, replace(sample_views.STATES[step](), trouble=sentence), size=size)
        screen = window.screen_of_till
        box = box_of(screen)
        assert box.label.text().replace("\n", " ") == sentence, step
        assert box.accessibleName() == sentence
        panel = screen.reward if screen.reward.isVisible() else screen.today
        assert (overlaps(panel), outside(panel), cut_off(panel, set())) == ([], [], []), step
        window.hide()


def test_a_box_without_trouble_is_not_there(qtbot: QtBot) -> None:
    window, till = window_of(replace(sample_views.offer(), trouble=SENTENCES[0]))
    qtbot.addWidget(window)
    till.show(sample_views.offer())
    assert window.screen_of_till.reward.trouble().isHidden()
    assert window.screen_of_till.reward.spoken_rows().startswith("Capped at")
    till.show(sample_views.idle())
    assert window.screen_of_till.today.trouble().isHidden()
    assert window.screen_of_till.today.accessibleName().startswith("Today at this till")


def test_a_long_sentence_keeps_its_beginning_and_is_whole_in_the_tooltip(qtbot: QtBot) -> None:
    sentence = "The loyalty <b>system</b> said this. " + "It went on and on about it. " * 12
    window = shown(qtbot, replace(sample_views.offer(), trouble=sentence), size=(1024, 600))
    box = box_of(window.screen_of_till)
    assert box.label.text().startswith("The loyalty <b>system</b> said this.")
    assert len(box.label.text()) < len(sentence)
    assert "&lt;b&gt;" in box.toolTip()
    assert box.accessibleName() == sentence.strip()
    assert overlaps(window.screen_of_till.reward) == []
    endless = replace(sample_views.offer(), trouble="never " * 90)
    endless_box = box_of(shown(qtbot, endless, size=(1024, 600)).screen_of_till)
    assert endless_box.label.text().endswith("…")


@pytest.mark.parametrize("theme", [LIGHT, DARK, high_contrast(LIGHT), high_contrast(DARK)])
def test_trouble_is_red_on_red(qtbot: QtBot, theme: Theme) -> None:
    window = shown(qtbot, sample_views.disk_full(), theme=theme)
    box = box_of(window.screen_of_till)
    image = box.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {theme.red_text.lower(), theme.red_tint.lower()} <= seen


def test_a_hold_says_so_only_when_it_takes_a_moment(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.reward(), keypad=False)
    qtbot.addWidget(window)
    screen = window.screen_of_till
    row = screen.action_row
    places = parts(screen)
    till.show(sample_views.holding())
    assert (row.primary.words(), row.primary.isEnabled()) == ("Use 200 coins", True)
    qtbot.waitUntil(lambda: row.primary.words() == "Holding 200 coins…")
    assert not row.primary.isEnabled()
    assert (row.escape.words(), row.escape.isEnabled()) == ("Cancel", True)
    assert parts(screen) == places, "nothing jumps"
    Hands(window).press("Esc")
    assert till.asked[-1] == ("back",)
    till.show(sample_views.reward())
    assert (row.primary.words(), row.primary.isEnabled()) == ("Use 200 coins", True)
    assert row.escape.words() == "Back"


def test_a_quick_hold_says_nothing(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.reward())
    qtbot.addWidget(window)
    screen = window.screen_of_till
    till.show(sample_views.holding())
    till.show(sample_views.pay())
    assert not screen._busy_due.isActive()
    assert screen.action_row.primary.words() == "Paid, finish sale"


def test_saving_cannot_be_called_off_and_keeps_the_focus(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.pay())
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    row = window.screen_of_till.action_row
    row.primary.setFocus()
    till.show(sample_views.saving())
    qtbot.waitUntil(lambda: row.primary.words() == "Saving…")
    assert (row.primary.isEnabled(), row.escape.isEnabled()) == (False, False)
    assert focus() is window.screen_of_till.pay
    till.show(sample_views.disk_full())
    assert (row.primary.words(), row.primary.isEnabled()) == ("Try again to finish", True)
    assert row.escape.isEnabled()


@pytest.mark.parametrize("size", SIZES)
def test_no_entry_of_the_list_of_keys_is_cut_off(qtbot: QtBot, size: tuple[int, int]) -> None:
    for state, make in sample_views.STATES.items():
        window = shown(qtbot, make(), size=size, keypad=False)
        keys = window.screen_of_till.keys.list
        assert cut_off(keys, set()) == [], state
        caps = [cap for cap, _ in keys._rows[: keys._used]]
        assert all(cap.isVisible() for cap in caps), state
        window.hide()


@pytest.mark.parametrize("state", ["offer", "reward", "pay", "done", "two-members"])
def test_words_beside_the_keys_begin_at_one_edge_where_they_fit(qtbot: QtBot, state: str) -> None:
    window = shown(qtbot, sample_views.STATES[state](), keypad=False)
    keys = window.screen_of_till.keys.list
    assert len({label.x() for _, label in keys._rows[: keys._used]}) == 1


def parts(screen: TillScreen) -> list[object]:
    """Return where everything in the money and keys columns stands."""
    columns: tuple[QWidget, ...] = (screen.bill, screen.reward, screen.pay, screen.action_row)
    return [
        rectangle_in(widget, screen)
        for column in columns
        for widget in (column, *column.findChildren(QWidget))
        if widget.isVisible()
    ]
