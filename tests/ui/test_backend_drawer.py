"""The loyalty system set up by keys and by touch; secrets go in, and never come out again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.backend_setup import TriedOut
from cashier_app.errors import KnownError
from tests.fakes.runner import SteppedRunner
from tests.ui import backend_states, sample_views
from tests.ui.fake_backend_setup import REFUSED, FakeBackendSetup
from tests.ui.fake_till import FakeTill, StoppedClock
from tests.ui.till_host import SIZES, Hands, focus, make_window
from tests.ui.who_host import cut_off, overlaps, seen, too_small
from tests.unit.wording_shown import WORDING
from ui.screens.backend_drawer import BackendDrawer, BackendPage
from ui.theme.motion import STILL
from ui.theme.tokens import DARK

TOKEN = "EAAA-s3cret"
SECRET = "secret access token"


class Bench:
    def __init__(self, qtbot: QtBot) -> None:
        self.till = FakeTill(sample_views.idle())
        self.window = make_window(self.till)
        qtbot.addWidget(self.window)
        self.setup = FakeBackendSetup()
        self.window.ways.backend = self.setup
        qtbot.waitUntil(self.window.isActiveWindow)
        self.hands = Hands(self.window)

    @property
    def drawer(self) -> BackendDrawer:
        return self.window.drawers.backend_page(self.setup)

    def open(self) -> None:
        rows = self.window.drawers.menu
        self.hands.press("F10")
        digit = next(row.key() for row in rows.rows.values() if row.words() == "Loyalty system")
        self.hands.press(digit)
        assert self.drawer.isVisible()

    def fill(self) -> None:
        """Change the one that is set up, by keys alone."""
        self.open()
        self.hands.press("C")
        self.hands.press("Enter", "Enter")
        assert focus() is self.drawer.form.edit(SECRET)
        QTest.keyClicks(focus(), TOKEN)
        self.hands.press("Enter")
        for letter in "Mira":
            self.hands.type(letter)

    def shown(self) -> str:
        """Return everything anybody can read in the window, also by a screen reader."""
        texts: list[str] = []
        for widget in self.window.findChildren(QWidget):
            texts += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
            if isinstance(widget, QLineEdit):
                texts += [widget.displayText(), widget.placeholderText()]
            for name in ("text", "words", "detail"):
                read = getattr(widget, name, None)
                if callable(read) and not isinstance(widget, QLineEdit):
                    texts.append(str(read()))
        return "\n".join(texts)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def said(bench: Bench) -> list[str]:
    page = bench.drawer.page
    return (bench.drawer.rows if page is BackendPage.OVERVIEW else bench.drawer.results).texts()


def test_what_is_set_up_and_what_it_can_do_is_said(bench: Bench) -> None:
    bench.open()
    assert bench.drawer.title.text() == "Square Loyalty"
    assert said(bench)[0] == "At https://connect.squareup.com"
    assert "Only what it offers may be redeemed, no amount in between." in said(bench)
    bench.hands.press("T")
    assert said(bench)[1] == "Tried out 14:32: Everything works."
    assert "Its program is called “Corner Points”." in said(bench)
    bench.hands.press("Esc")
    assert not bench.drawer.isVisible()
    bench.open()
    assert said(bench)[1].startswith("Tried out"), "it is remembered"
    assert bench.till.asked == []


def test_a_token_is_entered_tried_out_and_kept_by_keys_alone(bench: Bench) -> None:
    bench.fill()
    assert bench.drawer.form.edit(SECRET).echoMode() is QLineEdit.EchoMode.Password
    assert not bench.drawer.buttons.save.isEnabled(), "tried out first"
    bench.hands.press("Enter")
    assert said(bench)[0] == "Everything works."
    assert focus() is bench.drawer.buttons.save
    assert TOKEN not in bench.shown()
    bench.hands.press("Enter")
    (draft, by), *more = bench.setup.kept
    assert (more, by.by, draft.kind) == ([], "Mira", "square")
    assert draft.secrets["access token"].reveal() == TOKEN
    assert draft.settings["location"] == "L8GTM4Q1XYZ0A"
    assert bench.drawer.page is BackendPage.OVERVIEW
    assert said(bench)[1].startswith("Saved.")
    bench.hands.press("C")
    assert bench.drawer.form.edit(SECRET).text() == "", "never shown again"
    assert bench.drawer.form.edit(SECRET).placeholderText().startswith("Stored.")
    assert TOKEN not in bench.shown()
    assert bench.till.asked == []


def test_a_stored_secret_is_kept_by_leaving_it_empty(bench: Bench) -> None:
    bench.open()
    bench.hands.press("C")
    bench.drawer.try_out()
    assert bench.setup.drafts[0].secrets == {}


def test_another_one_is_chosen_by_its_digit(bench: Bench) -> None:
    bench.open()
    bench.hands.press("A", "1")
    assert bench.drawer.title.text() == "Reference contract"
    QTest.keyClicks(focus(), "https://loyalty.example")
    bench.hands.press("Enter")
    QTest.keyClicks(focus(), TOKEN)
    bench.hands.press("Enter", "Enter")
    assert bench.setup.drafts[0].address == "https://loyalty.example"
    assert bench.setup.drafts[0].secrets["token"].reveal() == TOKEN
    assert focus() is bench.drawer.form.edit("by"), "a manager is wanted"
    bench.drawer.keep()
    assert said(bench) == ["A manager confirms this: type a name or staff number."]
    assert bench.setup.kept == []


def test_by_touch(bench: Bench) -> None:
    bench.open()
    steps = (
        lambda: bench.drawer.buttons.another,
        lambda: bench.drawer.choice.rows()[1],
        lambda: bench.drawer.buttons.test,
    )
    for step in steps:
        QTest.mouseClick(step(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert len(bench.setup.drafts) == 1
    choice = next(stop for stop in bench.drawer.form.stops() if not isinstance(stop, QLineEdit))
    before = bench.drawer.form.typed()
    bench.drawer.form.ensureWidgetVisible(choice)
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert bench.drawer.form.typed() != before
    assert not bench.drawer.buttons.save.isEnabled(), "what was tried out was something else"


def test_escape_asks_before_it_forgets(bench: Bench) -> None:
    bench.fill()
    bench.hands.press("Esc")
    assert said(bench) == ["What you typed is not kept. Esc again leaves; typing goes on."]
    QTest.keyClicks(focus(), " K")
    assert bench.drawer.form.typed()["by"] == "Mira K"
    bench.hands.press("Esc", "Esc")
    assert bench.drawer.page is BackendPage.OVERVIEW
    assert bench.drawer.form.stops() == []
    assert bench.setup.kept == []


def test_a_form_nobody_typed_in_goes_at_once(bench: Bench) -> None:
    bench.open()
    bench.hands.press("C", "Esc")
    assert bench.drawer.page is BackendPage.OVERVIEW


def test_what_does_not_work_is_marked_and_not_kept(bench: Bench) -> None:
    bench.setup.answer = TriedOut(REFUSED, bench.setup.answer.capabilities)
    bench.fill()
    bench.hands.press("Enter")
    shown = said(bench)
    assert shown[0] == "Not everything works yet. See what is marked."
    assert any(row.startswith("Find members: refused") for row in shown)
    assert "It reckons in USD, this shop in INR: amounts would be wrong." in shown
    assert "This computer's clock is 7 min behind. Set it right." in shown
    assert not bench.drawer.buttons.save.isEnabled()
    bench.drawer.keep()
    assert bench.setup.kept == []


def test_an_error_stands_beside_the_form_and_nothing_typed_is_lost(bench: Bench) -> None:
    bench.setup.problem = KnownError("3 sales are not posted to https://a.example yet.")
    bench.fill()
    bench.hands.press("Enter")
    assert said(bench) == ["3 sales are not posted to https://a.example yet."]
    assert bench.drawer.form.typed()[SECRET] == TOKEN
    bench.drawer.form.edit(SECRET).setText("two words é")
    bench.drawer.try_out()
    assert said(bench)[0].startswith("Access token: this is none.")
    assert focus() is bench.drawer.form.edit(SECRET)


def test_a_secret_is_pasted(bench: Bench) -> None:
    bench.open()
    bench.hands.press("C", "Enter", "Enter")
    QApplication.clipboard().setText(TOKEN)
    QTest.keySequence(focus(), "Ctrl+V")
    assert bench.drawer.form.typed()[SECRET] == TOKEN
    edit = bench.drawer.form.edit(SECRET)
    QApplication.clipboard().clear()
    edit.selectAll()
    QTest.keySequence(edit, "Ctrl+C")
    assert QApplication.clipboard().text() == "", "nothing hidden can be copied"


def test_an_answer_about_something_typed_over_is_not_believed(qtbot: QtBot) -> None:
    window = make_window(FakeTill(sample_views.idle()))
    qtbot.addWidget(window)
    setup, runner = FakeBackendSetup(), SteppedRunner()
    drawer = BackendDrawer(setup, WORDING, runner=runner, clock=StoppedClock(), motion=STILL, parent=window)
    drawer.resize(1280, 800)
    drawer.open_drawer()
    assert not drawer.buttons.check.isEnabled(), "the settings are being read"
    runner.run_all()
    drawer.choose("C")
    drawer.try_out()
    assert drawer.results.texts() == ["Asking the loyalty system, 20 s at most…"]
    assert not drawer.buttons.test.isEnabled()
    drawer.form.edit(SECRET).setFocus()
    QTest.keyClicks(drawer.form.edit(SECRET), "x")
    runner.run_all()
    assert not drawer.buttons.save.isEnabled()
    assert drawer.results.texts()[0].startswith("Enter goes to the next field.")
    drawer.try_out()
    drawer.close_drawer()
    runner.run_all()
    assert drawer.page is BackendPage.OVERVIEW


def test_a_passphrase_unlocks_and_a_wrong_one_is_one_sentence(bench: Bench) -> None:
    bench.setup.passphrase = "four made up words"
    bench.open()
    assert bench.drawer.page is BackendPage.UNLOCK
    QTest.keyClicks(focus(), "wrong words")
    bench.hands.press("Enter")
    assert said(bench) == ["This is not the till's passphrase."]
    bench.drawer.form.edit("passphrase").clear()
    QTest.keyClicks(focus(), "four made up words")
    bench.hands.press("Enter")
    assert bench.drawer.page is BackendPage.OVERVIEW
    assert any(row.startswith("Unlocked.") for row in said(bench))
    assert "four made up words" not in bench.shown()


def test_selling_goes_on_while_it_is_locked(bench: Bench) -> None:
    bench.setup.passphrase = "four made up words"
    bench.open()
    bench.hands.press("Esc")
    assert not bench.drawer.isVisible()
    bench.hands.type("9")
    assert bench.till.asked[-1] == ("type_character", "9")


def test_a_scan_is_not_used_here(bench: Bench) -> None:
    bench.fill()
    assert not bench.window.takes_scans()
    bench.window.take_scan("LC1:priya0001")
    assert said(bench) == ["Scan not used: close this page first."]
    assert bench.drawer.form.typed()["by"] == "Mira"
    assert bench.till.asked == []


def test_a_closed_page_remembers_nothing_typed(bench: Bench) -> None:
    bench.fill()
    bench.drawer.close_drawer()
    assert bench.drawer.form.stops() == []
    assert TOKEN not in bench.shown()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", backend_states.STATES)
def test_everything_fits(qtbot: QtBot, name: str, size: tuple[int, int]) -> None:
    window = make_window(FakeTill(sample_views.idle()), size=size, theme=DARK)
    qtbot.addWidget(window)
    backend_states.open_in(window, name)
    drawer = window.drawers.top()
    assert drawer is not None
    assert cut_off(drawer, set()) == []
    assert overlaps(drawer) == []
    assert too_small(drawer) == []
    assert seen(drawer)
