"""The frame never moves, one panel at most wears the ink frame, and nothing that must be read is cut off."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.till_view import Step, Target
from tests.ui import sample_views
from tests.ui.fake_till import StoppedClock
from tests.ui.till_host import SIZES, Hands, focus, window_of
from tests.ui.who_host import cut_off, outside, overlaps, too_small, wording_of
from ui.main_window import MainWindow
from ui.screens.frame import Frame
from ui.screens.till import TillScreen
from ui.theme.metrics import Metrics
from ui.theme.motion import STILL, Motion
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.big_text import AmountText
from ui.widgets.button import ActionButton
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.pay_panel import PayPanel

STATES = sorted(sample_views.STATES)
LEFT = Qt.MouseButton.LeftButton
TYPED_INTO_IT = {Target.SCAN, Target.MANAGER, Target.VOUCHER}
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)


def parts(screen: TillScreen) -> dict[str, QWidget]:
    return {
        "header": screen.header,
        "who": screen.who,
        "bill": screen.bill,
        "reward": screen.reward,
        "today": screen.today,
        "pay": screen.pay,
        "actions": screen.action_row,
        "last sales": screen.last_sales,
        "keypad": screen.keys.keypad,
        "keys": screen.keys.list,
    }


def shown(qtbot: QtBot, state: str, **how: object) -> MainWindow:
    window, _ = window_of(sample_views.STATES[state](), **how)
    qtbot.addWidget(window)
    return window


@pytest.mark.parametrize("size", SIZES)
def test_every_panel_stands_still_through_all_states(qtbot: QtBot, size: tuple[int, int]) -> None:
    window, till = window_of(sample_views.idle(), size=size)
    qtbot.addWidget(window)
    screen = window.screen_of_till
    first = {name: QRect(part.geometry()) for name, part in parts(screen).items()}
    frame = Frame.of(Metrics.of(*size))
    assert (first["bill"], first["reward"], first["pay"]) == (frame.bill, frame.reward, frame.pay)
    for state in STATES:
        till.show(sample_views.STATES[state]())
        stands = {name: part.geometry() for name, part in parts(screen).items()}
        if screen.letters.are_shown():
            # They leave no corner beside the two buttons.
            assert stands["actions"].right() == frame.keys.right(), state
            stands["actions"].setRight(frame.actions.right())
        assert stands == first, state


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_nothing_overlaps_is_cut_off_or_too_small(qtbot: QtBot, size: tuple[int, int], theme: Theme) -> None:
    for state in STATES:
        window = shown(qtbot, state, size=size, theme=theme)
        screen = window.screen_of_till
        money = (screen.bill, screen.reward, screen.today, screen.pay, screen.action_row, screen.last_sales)
        for part in money:
            if part.isVisible():
                assert overlaps(part) == [], state
                assert outside(part) == [], state
                assert cut_off(part, set()) == [], state
                assert too_small(part) == [], state
                crowded = [
                    b.words() for b in part.findChildren(ActionButton) if b.isVisible() and not b.has_room()
                ]
                assert crowded == [], state
        window.hide()


@pytest.mark.parametrize("state", STATES)
def test_exactly_what_takes_the_keys_is_framed(qtbot: QtBot, state: str) -> None:
    window = shown(qtbot, state)
    screen, view = window.screen_of_till, sample_views.STATES[state]()
    framed = [
        panel for panel in screen.findChildren(Panel) if panel.isVisible() and panel.kind is PanelKind.FRAMED
    ]
    expected: dict[Target, list[QWidget]] = {
        Target.BILL: [screen.bill],
        Target.DISCOUNT: [screen.reward],
        Target.MEMBERS: [screen.who.choosing],
    }
    assert framed == expected.get(view.target, [])
    assert screen.who.scan_field.content().framed == (view.target in TYPED_INTO_IT)


@pytest.mark.parametrize("state", STATES)
def test_focus_follows_the_frame(qtbot: QtBot, state: str) -> None:
    window, till = window_of(sample_views.idle())
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    till.show(sample_views.STATES[state]())
    assert focus() is window.screen_of_till.framed()
    assert focus() is not None
    assert window.screen_of_till.framed().isEnabled()


@pytest.mark.parametrize("state", STATES)
def test_tab_goes_round_without_a_trap(qtbot: QtBot, state: str) -> None:
    window = shown(qtbot, state)
    qtbot.waitUntil(window.isActiveWindow)
    hands = Hands(window)
    visited: list[QWidget | None] = []
    for _ in range(13):
        hands.press("Tab")
        if focus() in visited:
            break
        visited.append(focus())
    assert len(visited) <= 12, [type(widget).__name__ for widget in visited]
    assert None not in visited
    assert all(widget.isEnabled() and widget.isVisible() for widget in visited if widget)
    screen = window.screen_of_till
    assert screen.who.scan_field in visited
    if screen.action_row.primary.isEnabled():
        assert screen.action_row.primary in visited
    assert not any(screen.keys.keypad.isAncestorOf(widget) for widget in visited if widget)


def test_tab_order_is_that_of_reading(qtbot: QtBot) -> None:
    window = shown(qtbot, "reward")
    qtbot.waitUntil(window.isActiveWindow)
    screen, hands = window.screen_of_till, Hands(window)
    screen.who.scan_field.setFocus()
    order = []
    for _ in range(5):
        hands.press("Tab")
        order.append(focus())
    row = screen.action_row
    choices = list(screen.reward.choices().values())
    assert order[1:] == [screen.reward, choices[0], row.escape, row.primary]
    assert screen.who.member.isAncestorOf(order[0])


def test_arrows_go_on_inside_the_choice(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.reward())
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    hands = Hands(window)
    next(iter(window.screen_of_till.reward.choices().values())).setFocus()
    hands.press("Right")
    assert till.asked == [("start_discount_entry",)], "the next choice, not one step more"


def test_focus_leaves_a_button_before_it_goes_dead(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.offer())
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    primary = window.screen_of_till.action_row.primary
    primary.setFocus()
    till.show(sample_views.lookup())
    assert not primary.isEnabled()
    assert focus() is window.screen_of_till.bill


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["offer", "pay", "refused", "long-values", "arabic-three-decimals"])
def test_bill_discount_and_sum_end_at_one_edge(qtbot: QtBot, size: tuple[int, int], state: str) -> None:
    window = shown(qtbot, state, size=size)
    screen = window.screen_of_till
    edges = [
        last_ink(amount) for amount in (screen.bill.amount(), screen.reward.discount(), screen.pay.amount())
    ]
    assert max(edges) - min(edges) <= 1, edges


def last_ink(amount: AmountText) -> int:
    """Return the column of the window in which the amount's last glyph ends."""
    window = amount.window()
    image = window.grab(QRect(amount.mapTo(window, amount.rect().topLeft()), amount.size())).toImage()
    grey = image.convertToFormat(image.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    inside = rows[:, : grey.width()].astype(int)
    columns = np.nonzero((abs(inside - inside[0, 0]) > 60).any(axis=0))[0]
    return int(columns.max()) + amount.mapTo(window, amount.rect().topLeft()).x()


@pytest.mark.parametrize("state", STATES)
def test_all_text_is_plain_and_large_enough(qtbot: QtBot, state: str) -> None:
    window = shown(qtbot, state, size=(1024, 600))
    for label in window.screen_of_till.findChildren(QLabel):
        assert label.textFormat().name == "PlainText"
        assert label.font().pixelSize() >= 16


def test_pay_is_never_counted_down_and_done_is(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.done())
    qtbot.addWidget(window)
    right = window.screen_of_till.pay._right
    assert right.text() == "Clears in 6 s"
    till.show(sample_views.pay())
    assert "Clears" not in right.text()


def test_only_the_last_seconds_of_other_screens_are_told(qtbot: QtBot) -> None:
    clock = StoppedClock()
    window, till = window_of(replace(sample_views.too_old(), clears_after=30), clock=clock)
    qtbot.addWidget(window)
    right = window.screen_of_till.pay._right
    window.screen_of_till.countdown.tick()
    assert "Clears" not in right.text()
    clock.seconds = 16.5
    window.screen_of_till.countdown.tick()
    assert right.text() == "Clears in 14 s"
    Hands(window).press("F12")
    assert "Clears" not in right.text(), "any key stops it"
    clock.seconds = 60.0
    window.screen_of_till.countdown.tick()
    assert till.asked[-1] == ("expire",)


def test_every_panel_is_named_for_those_who_listen(qtbot: QtBot) -> None:
    window = shown(qtbot, "offer")
    screen = window.screen_of_till
    assert screen.bill.accessibleName() == "Bill, 2,360 rupees"
    assert screen.pay.accessibleName() == "To pay 2,160 rupees"
    assert screen.reward.accessibleDescription() == "Discount, 200 rupees"
    spoken = [button.accessibleName() for button in screen.reward.choices().values()]
    assert spoken[0] == "Use coins: maximum 200 rupees, selected, 1 of 3"
    assert screen.action_row.primary.accessibleName() == "Next: use coins"


def test_training_is_framed_and_takes_no_presses(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.offer(), training=True)
    qtbot.addWidget(window)
    assert "TRAINING" in window.windowTitle()
    Hands(window).press("F7")
    for left in (0, window.width() - 8):
        edge = window.grab(QRect(left, 300, 8, 60)).toImage()
        seen = {edge.pixelColor(3, y).name() for y in range(edge.height())}
        assert LIGHT.train.lower() in seen, "over the drawer too"
    Hands(window).press("Esc")
    qtbot.mouseClick(window.screen_of_till.action_row.primary, LEFT)
    assert till.asked == [("confirm",)]


def test_keypad_types_and_gives_way_to_the_list_of_keys(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.offer())
    qtbot.addWidget(window)
    screen = window.screen_of_till
    keys = screen.keys.keypad.keys()
    for key in keys:
        key.pressed.emit()  # keys answer on the way down
    typed = [("type_character", str(n)) for n in range(1, 10)]
    assert till.asked == [*typed, ("press_point",), ("type_character", "0"), ("delete",)]
    screen.show_keypad(False)
    assert screen.keys.list.isVisible()
    assert not screen.keys.keypad.isVisible()


@pytest.mark.parametrize(("state", "corner"), [("idle", "+"), ("offer", "."), ("two-members", "+")])
def test_keypad_corner_fits_what_is_typed(qtbot: QtBot, state: str, corner: str) -> None:
    window = shown(qtbot, state)
    assert window.screen_of_till.keys.keypad._corner.value() == corner
    assert window.screen_of_till.keys.keypad.isEnabled()


def test_keypad_is_dead_while_paying(qtbot: QtBot) -> None:
    assert not shown(qtbot, "pay").screen_of_till.keys.keypad.isEnabled()


def test_pressing_the_bill_goes_back_to_it(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.reward())
    qtbot.addWidget(window)
    qtbot.mouseClick(window.screen_of_till.bill, LEFT)
    assert till.asked == [("back",)]


def test_choice_buttons_ask(qtbot: QtBot) -> None:
    window, till = window_of(sample_views.offer())
    qtbot.addWidget(window)
    for button in window.screen_of_till.reward.choices().values():
        qtbot.mouseClick(button, LEFT)
    assert till.asked == [("take_maximum",), ("start_discount_entry",), ("take_nothing",)]
    assert sample_views.offer().step is Step.BILL


def test_roles_are_those_people_listen_for(qtbot: QtBot) -> None:
    window = shown(qtbot, "offer")
    screen, role = window.screen_of_till, QAccessible.Role
    expected: dict[QWidget, QAccessible.Role] = {
        screen.who.scan_field: role.EditableText,
        screen.bill: role.SpinBox,
        screen.reward: role.Grouping,
        screen.pay: role.StaticText,
        screen.last_sales: role.List,
        screen.last_sales._rows[0]: role.ListItem,
        screen.action_row.primary: role.Button,
        screen.action_row.escape: role.Button,
        **dict.fromkeys(screen.reward.choices().values(), role.RadioButton),
    }
    for widget, wanted in expected.items():
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface is not None
        assert interface.role() == wanted, type(widget).__name__
        assert interface.text(QAccessible.Text.Name) == widget.accessibleName() != ""


def test_fill_changes_at_once_without_motion_and_arrives_with_it(qtbot: QtBot) -> None:
    wanted = LIGHT.solid.lower()
    for motion in (STILL, Motion(fill_ms=40)):
        panel = PayPanel(motion)
        qtbot.addWidget(panel)
        panel.resize(540, 232)
        voice = wording_of()
        panel.show_view(sample_views.offer(), voice)
        panel.show()
        panel.show_view(sample_views.pay(), voice)
        if motion is STILL:
            assert panel.grab().toImage().pixelColor(8, 116).name() == wanted
        else:
            assert panel.grab().toImage().pixelColor(8, 116).name() != wanted
            qtbot.waitUntil(lambda p=panel: p.grab().toImage().pixelColor(8, 116).name() == wanted)
