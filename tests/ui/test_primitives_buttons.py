import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent, QFocusEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.pictures import colour_at, picture
from ui.theme.look import Look
from ui.theme.metrics import Metrics
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.badge import Badge, BadgeKind
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.keypad import DELETE, Keypad

LEFT_BUTTON = Qt.MouseButton.LeftButton


def fill_of(button: QWidget) -> str:
    """Return the colour just inside the left edge, where no label is."""
    return colour_at(picture(button), 8, button.height() // 2)


def button_of(qtbot: QtBot, kind: ButtonKind, theme: Theme = LIGHT) -> ActionButton:
    button = ActionButton("Use 200 coins", kind=kind, key="Enter")
    qtbot.addWidget(button)
    button.set_look(Look(theme, Metrics.of(1280, 800)))
    button.resize(300, 76)
    return button


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("kind", "normal", "hover", "press"),
    [
        (ButtonKind.PRIMARY, "accent", "accent_hover", "accent_press"),
        (ButtonKind.DANGER, "red", "red_hover", "red_press"),
        (ButtonKind.SECONDARY, "key", "sunken", "key_press"),
    ],
)
def test_each_state_has_its_fill(
    theme: Theme, kind: ButtonKind, normal: str, hover: str, press: str, qtbot: QtBot
) -> None:
    button = button_of(qtbot, kind, theme)
    assert fill_of(button) == theme.colour(normal)
    here = QPointF(5, 5)
    QApplication.sendEvent(button, QEnterEvent(here, here, here))
    assert fill_of(button) == theme.colour(hover)
    QTest.mousePress(button, LEFT_BUTTON)
    assert fill_of(button) == theme.colour(press)  # on the down event, not on release
    QTest.mouseRelease(button, LEFT_BUTTON)
    QApplication.sendEvent(button, QEvent(QEvent.Type.Leave))
    assert fill_of(button) == theme.colour(normal)
    button.setEnabled(False)
    assert fill_of(button) == theme.sunken


def test_a_finger_leaves_no_hover_behind(qtbot: QtBot) -> None:
    button = button_of(qtbot, ButtonKind.PRIMARY)
    finger = QPointingDevice(
        "screen",
        1,
        QPointingDevice.DeviceType.TouchScreen,
        QPointingDevice.PointerType.Finger,
        QPointingDevice.Capability.Position,
        1,
        1,
    )
    here = QPointF(5, 5)
    QApplication.sendEvent(button, QEnterEvent(here, here, here, finger))
    assert not button.shows_hover()
    assert fill_of(button) == LIGHT.accent


@pytest.mark.parametrize(
    ("reason", "ring"),
    [
        (Qt.FocusReason.TabFocusReason, True),
        (Qt.FocusReason.BacktabFocusReason, True),
        (Qt.FocusReason.ShortcutFocusReason, True),
        (Qt.FocusReason.MouseFocusReason, False),
        (Qt.FocusReason.OtherFocusReason, False),
    ],
)
def test_the_ring_is_for_keys_only(reason: Qt.FocusReason, ring: bool, qtbot: QtBot) -> None:  # noqa: FBT001
    button = button_of(qtbot, ButtonKind.PRIMARY)
    window = QWidget()
    qtbot.addWidget(window)
    button.setParent(window)
    window.resize(500, 200)
    button.move(100, 80)  # away from where a test's pointer rests
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    button.setFocus(reason)
    QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusIn, reason))
    assert button.hasFocus()
    assert button.shows_ring() is ring
    middle = button.height() // 2
    image = picture(button)
    across = [colour_at(image, x, middle) for x in range(6)]
    if ring:
        assert across == [LIGHT.focus] * 3 + ["#FFFFFF"] * 2 + [LIGHT.accent]
    else:
        assert across == [LIGHT.accent] * 6


def test_words_are_shown_and_spoken_as_they_are(qtbot: QtBot) -> None:
    button = ActionButton("Marks & Co", key="F9")
    qtbot.addWidget(button)
    assert button.words() == "Marks & Co"
    assert button.text() == ""
    face = QAccessible.queryAccessibleInterface(button)
    assert face.text(QAccessible.Text.Name) == "Marks & Co"
    assert face.role() == QAccessible.Role.Button
    assert button.shortcut().isEmpty()


def test_the_short_label_comes_before_eliding(qtbot: QtBot) -> None:
    button = ActionButton("Use 1,23,456 coins", kind=ButtonKind.PRIMARY, key="Enter", short="Use 1,23,456")
    qtbot.addWidget(button)
    button.resize(380, 76)
    assert button.shown_words() == "Use 1,23,456 coins"
    button.resize(250, 76)
    assert button.shown_words() == "Use 1,23,456"
    assert button.has_room()
    assert button.accessibleName() == "Use 1,23,456 coins"
    button.resize(120, 76)
    assert not button.has_room()


def test_a_narrow_button_shows_no_keycap(qtbot: QtBot) -> None:
    def label_room(width: int) -> bool:
        button = ActionButton("Undo", key="Enter")
        qtbot.addWidget(button)
        button.resize(width, 60)
        return button.has_room()

    assert label_room(109)  # without a keycap the label has the button to itself
    assert not label_room(110)
    assert label_room(180)


def test_a_click_does_not_choose_but_only_asks(qtbot: QtBot) -> None:
    frame = QWidget()
    qtbot.addWidget(frame)
    row = QHBoxLayout(frame)
    choices = [ActionButton(words, kind=ButtonKind.CHOICE) for words in ("Max ₹200", "Other", "None")]
    for choice in choices:
        row.addWidget(choice)
    choices[0].set_selected(True)
    with qtbot.waitSignal(choices[2].clicked):
        QTest.mouseClick(choices[2], LEFT_BUTTON)
    assert [choice.isChecked() for choice in choices] == [True, False, False]
    assert [choice.is_selected() for choice in choices] == [True, False, False]
    choices[0].set_selected(False)
    choices[2].set_selected(True)
    assert [choice.isChecked() for choice in choices] == [False, False, True]
    assert QAccessible.queryAccessibleInterface(choices[0]).role() == QAccessible.Role.RadioButton


def test_the_chosen_one_is_tinted_and_framed(qtbot: QtBot) -> None:
    choice = ActionButton("Max ₹200", kind=ButtonKind.CHOICE, key="*")
    qtbot.addWidget(choice)
    choice.resize(159, 56)
    choice.set_selected(True)
    image = picture(choice)
    across = [colour_at(image, x, 28) for x in range(3)]
    assert across == [LIGHT.accent, LIGHT.accent, LIGHT.accent_tint]
    assert choice.has_room()


def test_no_button_takes_enter_in_a_dialog(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    button = ActionButton("Undo the sale", kind=ButtonKind.DANGER)
    button.setParent(dialog)
    pressed: list[bool] = []
    button.clicked.connect(pressed.append)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert pressed == []


def test_badges_are_low_to_see_and_high_to_hit(qtbot: QtBot) -> None:
    badge = Badge("2 waiting", icon="clock", spoken="2 sales waiting. Opens the queue, F7")
    qtbot.addWidget(badge)
    badge.resize(badge.sizeHint().width(), 64)
    image = picture(badge)
    column = [colour_at(image, badge.width() // 2, y) for y in (14, 18, 45, 49)]
    assert column == ["#FFFFFF", LIGHT.sunken, LIGHT.sunken, "#FFFFFF"]
    with qtbot.waitSignal(badge.clicked):
        QTest.mouseClick(badge, LEFT_BUTTON, pos=QPoint(10, 2))
    assert badge.accessibleName() == "2 sales waiting. Opens the queue, F7"
    badge.set_badge("1 needs attention", icon="warning", kind=BadgeKind.RED)
    assert badge.accessibleName() == "1 needs attention"


@pytest.fixture
def keypad(qtbot: QtBot) -> Keypad:
    made = Keypad()
    qtbot.addWidget(made)
    made.resize(280, 540)
    made.show()
    return made


def test_keys_fill_the_keypad_without_touching(keypad: Keypad) -> None:
    keys = keypad.keys()
    assert [key.value() for key in keys] == [*"123456789", ".", "0", DELETE]
    assert {key.width() for key in keys} == {88}
    assert {key.height() for key in keys} == {129}
    assert keys[-1].geometry().bottomRight() == keypad.rect().bottomRight()
    for index, key in enumerate(keys):
        assert not any(key.geometry().intersects(other.geometry()) for other in keys[index + 1 :])


def test_a_key_answers_on_the_down_event_and_takes_no_focus(keypad: Keypad, qtbot: QtBot) -> None:
    typed: list[str] = []
    keypad.pressed_key.connect(typed.append)
    QTest.mousePress(keypad.keys()[4], LEFT_BUTTON)
    assert typed == ["5"]
    QTest.mouseRelease(keypad.keys()[4], LEFT_BUTTON)
    QTest.mouseDClick(keypad.keys()[10], LEFT_BUTTON)
    assert typed == ["5", "0"]
    assert {key.focusPolicy() for key in list(keypad.keys())} == {Qt.FocusPolicy.NoFocus}


def test_the_corner_key_and_the_order_can_be_set(keypad: Keypad) -> None:
    typed: list[str] = []
    keypad.pressed_key.connect(typed.append)
    keypad.set_corner("00")
    keypad.set_calculator_order(True)
    assert [key.value() for key in list(keypad.keys())] == [*"789456123", "00", "0", DELETE]
    QTest.mousePress(keypad.keys()[9], LEFT_BUTTON)
    QTest.mousePress(keypad.keys()[0], LEFT_BUTTON)
    QTest.mousePress(keypad.keys()[11], LEFT_BUTTON)
    assert typed == ["00", "7", DELETE]
    assert keypad.keys()[0].accessibleName() == "7"
    assert keypad.keys()[11].accessibleName() == "Delete"


def test_a_disabled_keypad_types_nothing(keypad: Keypad) -> None:
    typed: list[str] = []
    keypad.pressed_key.connect(typed.append)
    keypad.setEnabled(False)
    QTest.mousePress(keypad.keys()[0], LEFT_BUTTON)
    assert typed == []
    assert fill_of(keypad.keys()[0]) == LIGHT.sunken
