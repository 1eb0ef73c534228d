"""A customer joins, in the window: by keys alone and by touch alone over the real till, and every state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.services.enrol_view import EnrolStep, EnrolView
from cashier_app.services.enrolling import CLEARS_SECONDS
from cashier_app.services.till_view import NoticeKind, Serving, ServingUnseen, Step
from cashier_app.wording.menu import Entry
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE
from tests.fakes.joining import JoiningBackend
from tests.ui import enrol_states
from tests.ui.enrol_states import STATES, FakeEnrolling
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import SIZES, Shop, make_window
from ui.enrolling import EnrolEntry
from ui.key_words import Where
from ui.menu import menu_entries
from ui.screens.enrol_screen import EnrolScreen
from ui.screens.frame import Frame
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.button import ActionButton
from ui.widgets.keypad import KeypadKey
from ui.widgets.letter_keys import LetterKey
from ui.widgets.text import ElidedLabel, PlainLabel

FIELD = EnrolmentField
PHONE = "9845033310"


class Counting(Shop):
    """The real till with its window, which can add members."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.joining = JoiningBackend(self.counter.backend)
        self.counter.session.start()
        self.window.ways.enrolment = EnrolEntry(self.window, self.counter.enrolling)
        self.window.screen_of_till.show_keypad(False)

    @property
    def form(self) -> EnrolView:
        return self.counter.enrolling.view

    @property
    def screen(self) -> EnrolScreen:
        assert self.window.ways.enrolment is not None
        return self.window.ways.enrolment.screen

    @property
    def where(self) -> Where:
        return self.window.drawers.place_of_keys()

    def touch(self, widget: QWidget) -> None:
        """Press what is seen with a finger, as far as Qt lets one without a screen."""
        assert widget.isVisible(), widget
        assert widget.isEnabled(), widget
        assert min(widget.width(), widget.height()) >= 48, widget.size()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def touch_letters(self, text: str) -> None:
        """Press letter keys."""
        for letter in text:
            self.touch(self.screen.letters.space if letter == " " else self.screen.letters.key(letter))


@pytest.fixture
def shop(qtbot: QtBot, tmp_path: Path) -> Iterator[Counting]:
    made = Counting(tmp_path)
    qtbot.addWidget(made.window)
    yield made
    made.window.closing.answer()
    made.close()


def name_of(shop: Counting) -> str:
    person = shop.view.person
    assert isinstance(person, Serving)
    return person.member.name


def test_not_found_enter_name_enter_enter_is_three_presses_and_the_name(shop: Counting) -> None:
    shop.hands.type(PHONE)
    assert shop.window.screen_of_till.action_row.primary.words() == "Add as member"
    pressed, digits = shop.hands.presses, shop.hands.digits
    shop.hands.press("Enter")
    assert shop.where is Where.ENROL_FORM
    shop.hands.type("Kavya N")
    shop.hands.press("Enter")
    assert shop.screen.action_row.primary.words() == "Agreed, enrol"
    shop.hands.press("Enter")
    assert name_of(shop) == "Kavya N"
    assert shop.where is Where.TILL
    beyond = shop.hands.presses - pressed - len("Kavya N")
    assert (beyond, shop.hands.digits - digits) == (3, 0)
    assert beyond <= 12


def test_the_name_begun_at_once_saves_one_press(shop: Counting) -> None:
    shop.hands.type(PHONE)
    pressed = shop.hands.presses
    shop.hands.type("Kavya N")
    assert shop.form.name == "Kavya N"
    shop.hands.press("Enter", "Enter")
    assert name_of(shop) == "Kavya N"
    assert shop.hands.presses - pressed - len("Kavya N") == 2


def test_from_anywhere_by_f2_with_the_bill_kept(shop: Counting) -> None:
    shop.hands.press("F8")
    shop.hands.type("640")
    pressed = shop.hands.presses
    shop.hands.press("F2")
    shop.hands.type(PHONE)
    shop.hands.press("Enter")
    shop.hands.type("Kavya N")
    shop.hands.press("Tab")
    assert shop.form.field is FIELD.EMAIL
    shop.hands.type("kavya@example.com")
    shop.hands.press("Enter", "Enter")
    assert shop.hands.presses - pressed - len("Kavya Nkavya@example.com") <= 12
    assert name_of(shop) == "Kavya N"
    assert shop.view.bill.money.minor == 64000
    assert shop.joining.told[0].email == "kavya@example.com"


def test_by_touch_alone(shop: Counting) -> None:
    screen_of_till = shop.window.screen_of_till
    screen_of_till.show_keypad(True)
    shop.touch(screen_of_till.who.idle.find_actions.new_member)
    assert shop.where is Where.ENROL
    for digit in PHONE:
        key = next(key for key in shop.screen.keypad.findChildren(KeypadKey) if key.value() == digit)
        shop.touch(key)
    shop.touch(shop.screen.action_row.primary)
    assert shop.screen.letters.isVisible()
    shop.touch_letters("Kav")
    shop.touch(shop.screen.letters.delete)
    shop.touch_letters("vya N")
    shop.touch(shop.screen.action_row.primary)
    assert not shop.screen.letters.isVisible()
    assert shop.screen.question.isVisible()
    shop.touch(shop.screen.question.language)
    shop.touch(shop.screen.question.terms)
    assert shop.screen.terms.isVisible()
    shop.touch(shop.screen.action_row.primary)
    shop.touch(shop.screen.action_row.primary)
    assert name_of(shop) == "Kavya N"
    assert shop.joining.told[0].consent is not None
    assert shop.joining.told[0].consent.language == "hi"


def test_by_touch_from_an_open_sale_through_the_menu(shop: Counting) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    menu_entries(shop.window)[Entry.NEW_MEMBER]()
    assert shop.where is Where.ENROL
    shop.touch(shop.screen.action_row.escape)
    assert shop.where is Where.TILL
    assert shop.view.bill.money.minor == 236000


def test_letters_of_another_script_and_signs_have_keys(shop: Counting) -> None:
    shop.window.screen_of_till.show_keypad(True)
    shop.hands.press("F2")
    shop.hands.type(PHONE)
    shop.hands.press("Enter")
    letters = shop.screen.letters
    assert letters.key("K").isVisible(), "a name begins with a capital"
    shop.touch(letters.script)
    shop.touch_letters("क")
    shop.touch(letters.key("ा"))
    shop.touch(letters.shift)
    shop.touch(letters.key("ख"))
    shop.touch(letters.signs)
    shop.touch(letters.key("2"))
    assert shop.form.name == "काख2"
    shop.touch(letters.signs)
    shop.touch(letters.shift)
    shop.touch_letters("q")
    assert shop.form.name == "काख2q"


def test_every_letter_key_is_large_enough_and_none_lies_on_another(shop: Counting) -> None:
    shop.window.screen_of_till.show_keypad(True)
    shop.hands.press("F2")
    shop.hands.type(PHONE)
    shop.hands.press("Enter")
    for size in SIZES:
        shop.window.resize(*size)
        letters = shop.screen.letters
        for turn in (None, letters.script, letters.shift, letters.script, letters.signs, letters.signs):
            if turn is not None:
                turn.pressed.emit()
            keys = [key for key in letters.findChildren(LetterKey) if key.isVisible()]
            for index, key in enumerate(keys):
                assert min(key.width(), key.height()) >= 48, (size, key.words(), key.size())
                assert letters.rect().contains(key.geometry()), (size, key.words())
                for other in keys[index + 1 :]:
                    assert not key.geometry().intersects(other.geometry()), (key.words(), other.words())


def test_offline_the_toast_says_they_will_be(shop: Counting) -> None:
    shop.counter.backend.silent = True
    shop.hands.press("F2")
    shop.hands.type(PHONE)
    shop.hands.press("Enter")
    shop.hands.type("Kavya N")
    shop.hands.press("Enter", "Enter")
    assert isinstance(shop.view.person, ServingUnseen)
    assert shop.view.notice is not None
    assert shop.view.notice.kind is NoticeKind.WILL_JOIN
    toast = shop.window.screen_of_till.who.toast
    assert toast.isVisible()


def test_escape_step_by_step_leaves_the_sale_as_it_was(shop: Counting) -> None:
    shop.hands.scan(PRIYAS_CODE)
    shop.hands.type("2360")
    before = shop.view
    shop.hands.press("F2")
    shop.hands.type(PHONE)
    shop.hands.press("Enter")
    shop.hands.type("Kavya")
    shop.hands.press("Enter", "Esc", "Esc")
    assert shop.where is Where.TILL
    assert (shop.view.person, shop.view.bill) == (before.person, before.bill)
    assert shop.joining.told == []
    assert not any(edit.text() for edit in shop.screen.findChildren(QLineEdit))


def test_a_scan_opens_a_card_and_escape_brings_the_form_back(shop: Counting) -> None:
    shop.hands.press("F2")
    shop.hands.type(PHONE)
    shop.hands.press("Enter")
    shop.hands.type("Kavya")
    shop.hands.scan(RAHULS_CODE)
    assert shop.where is Where.TILL
    assert name_of(shop).startswith("Rahul")
    shop.hands.press("Esc")
    assert shop.where is Where.ENROL_FORM
    assert shop.screen.card.edits[FIELD.NAME].text() == "Kavya"
    shop.hands.press("Enter", "Enter")
    assert name_of(shop) == "Kavya"


def test_a_sale_to_who_was_scanned_drops_the_form(shop: Counting) -> None:
    shop.hands.press("F2")
    shop.hands.type(PHONE)
    shop.hands.scan(RAHULS_CODE)
    shop.hands.type("640")
    shop.hands.press("-", "Enter")
    assert shop.view.step is Step.DONE
    shop.hands.press("Enter")
    assert shop.where is Where.TILL
    assert shop.form == EnrolView(closed=True)


def test_keys_that_would_lose_the_form_are_dead(shop: Counting) -> None:
    shop.hands.press("F2")
    shop.hands.type("98")
    shop.hands.press("F2", "F3", "F4", "F5", "F7", "F8", "F9", "F10")
    assert shop.where is Where.ENROL
    assert shop.form.phone == "98"
    shop.hands.press("F1")
    assert shop.screen.terms.isVisible()
    shop.hands.press("F1", "Backspace")
    assert shop.form.phone == "9"


def test_a_form_that_cleared_behind_the_lock_does_not_come_back(shop: Counting) -> None:
    shop.hands.press("F2")
    shop.hands.type("98")
    shop.window.drawers.go_behind_lock()
    assert shop.form.phone == "98"
    shop.window.drawers.come_back()
    assert shop.where is Where.ENROL
    shop.window.drawers.go_behind_lock()
    shop.counter.clock.advance(CLEARS_SECONDS)
    assert shop.window.ways.enrolment is not None
    shop.window.ways.enrolment.tick()
    shop.window.drawers.come_back()
    assert shop.where is Where.TILL


def test_nobody_is_added_while_money_is_taken(shop: Counting) -> None:
    shop.hands.press("F8")
    shop.hands.type("640")
    shop.hands.press("Enter", "F2")
    assert shop.view.step is Step.PAY
    assert shop.where is Where.TILL
    assert shop.window.screen_of_till.who.toast.isVisible()


def test_a_window_without_enrolment_types_letters_as_ever(shop: Counting) -> None:
    shop.hands.type(PHONE)
    shop.window.ways.enrolment = None
    shop.hands.type("M")
    shop.hands.press("F2")
    assert shop.view.entry == "M"


# --- every state ----------------------------------------------------------------------------------------


def shown(
    name: str, size: tuple[int, int], qtbot: QtBot, *, keypad: bool = True, theme: Theme = LIGHT
) -> tuple[EnrolScreen, FakeEnrolling]:
    view = enrol_states.view_of(name)
    window = make_window(FakeTill(view), size=size, view=view, keypad=keypad, theme=theme)
    qtbot.addWidget(window)
    fake = FakeEnrolling(STATES[name]())
    window.ways.enrolment = EnrolEntry(window, fake)
    window.ways.new_member()
    return window.ways.enrolment.screen, fake


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_everything_stands_where_it_stands_on_the_till(
    size: tuple[int, int], theme: Theme, qtbot: QtBot
) -> None:
    screen, fake = shown("enrol", size, qtbot, theme=theme)
    frame = Frame.of(screen._look.metrics)
    for name, make in STATES.items():
        fake.show(make())
        letters = screen.letters.isVisible()
        assert screen.header.geometry() == frame.header, name
        assert (screen.bill.geometry(), screen.question.geometry()) == (frame.bill, frame.reward), name
        assert screen.join.geometry() == frame.pay, name
        assert screen.action_row.geometry().topLeft() == frame.actions.topLeft(), name
        assert screen.action_row.height() == frame.actions.height(), name
        assert letters == (fake.view.types_text and not fake.view.reading), name
        assert letters != screen.bill.isVisible(), name
        for label in screen.findChildren(ElidedLabel):
            if label.isVisible():
                assert not label.is_elided(), (name, label.text())
        for text in screen.findChildren(PlainLabel):
            if text.isVisible() and text.wordWrap() and text is not screen.terms.text:
                assert text.heightForWidth(text.width()) <= text.height() + 1, (name, text.text())
        for button in screen.findChildren(ActionButton):
            if button.isVisible():
                assert button.has_room(), (name, button.words())
                assert button.height() >= 48, (name, button.words())
        for panel in (screen.card, screen.question, screen.join):
            _apart(panel, name)


def _apart(card: QWidget, name: str) -> None:
    parts = [part for part in card.children() if isinstance(part, QWidget) and part.isVisible()]
    for index, part in enumerate(parts):
        assert card.rect().contains(part.geometry()), (name, part, part.geometry(), card.rect())
        for other in parts[index + 1 :]:
            assert not part.geometry().intersects(other.geometry()), (name, part, other)


@pytest.mark.parametrize("name", STATES)
def test_the_focus_is_on_what_the_keys_go_to(name: str, qtbot: QtBot) -> None:
    screen, fake = shown(name, (1280, 800), qtbot, keypad=False)
    assert screen.window().focusWidget() is screen.framed()
    assert screen.question.accessibleName()
    assert screen.card.phone.accessibleName()
    text = fake.view.types_text and not fake.view.reading
    assert screen.place_of_keys() is (Where.ENROL_FORM if text else Where.ENROL)
    assert isinstance(screen.window().focusWidget(), QLineEdit) == text
    framed = screen.question.isVisible() and screen.question.kind.name == "FRAMED"
    assert framed == (fake.view.step is not EnrolStep.FORM and not fake.view.reading)


def test_a_hostile_name_is_shown_as_it_is(qtbot: QtBot) -> None:
    screen, fake = shown("enrol-name", (1024, 600), qtbot)
    screen.card.edits[FIELD.NAME].setFocus()
    for text in ("<b>x</b>", "Marks & Co", "a\u202eb", "\U0001d4a6" * 40, "é" * 200):
        fake.put(FIELD.NAME, text)
        assert screen.card.edits[FIELD.NAME].text() == text[:100]
    found = STATES["enrol-known"]()
    fake.show(found)
    assert screen.question.text.textFormat() is Qt.TextFormat.PlainText


def test_tab_goes_from_field_to_field_and_to_those_without_room(qtbot: QtBot) -> None:
    screen, fake = shown("enrol-demanding", (1024, 600), qtbot)
    fake.show(enrol_states.replace(fake.view, field=FIELD.BIRTHDAY))
    assert screen.focusNextPrevChild(True)
    assert fake.asked[-1] == ("go_to", FIELD.REFERRAL)
    fake.show(enrol_states.replace(fake.view, field=FIELD.NAME))
    assert screen.focusNextPrevChild(False)
    assert fake.asked[-1] == ("go_to", FIELD.PHONE)
