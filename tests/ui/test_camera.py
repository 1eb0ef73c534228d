"""The camera in the window: its picture, what is held up to it, and that it is let go of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QColor
from pytestqt.qtbot import QtBot

from cashier_app.scanning.camera_state import CameraHint, CameraPhase
from cashier_app.services.till_view import Serving, Step, Unrecognised
from cashier_app.sound.sounds import Sound
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE
from tests.fakes.runner import Immediate, SteppedRunner
from tests.ui import sample_views
from tests.ui.camera_host import BLUE, RED, Camera, LiveSource, live_camera, preview
from tests.ui.fake_till import StoppedClock
from tests.ui.pictures import picture
from tests.ui.till_host import Hands, Shop, window_of
from ui.background import Background
from ui.main_window import MainWindow
from ui.theme.painting import text_width
from ui.theme.typography import SEMIBOLD
from ui.widgets.finder import Finder
from ui.widgets.finder_content import NO_CAMERA_ON, FinderShape
from ui.widgets.finder_overlay import sentence_lines


class Desk:
    """A window that shows a sample, its camera, and the till that notes what it is asked."""

    def __init__(
        self, qtbot: QtBot, name: str = "idle", *, runner: Immediate | SteppedRunner | None = None
    ) -> None:
        self.clock = StoppedClock()
        self.window, self.till = window_of(sample_views.STATES[name](), clock=self.clock)
        qtbot.addWidget(self.window)
        self.camera = Camera(self.window, runner or Immediate(), self.clock)
        self.control = self.camera.control

    @property
    def finder(self) -> Finder:
        """Return the finder to be seen."""
        finder = self.window.screen_of_till.who.finders.seen()
        assert finder is not None
        return finder

    def look(self, number: int = 1) -> None:
        """Switch on and see a picture."""
        self.control.set_on(True)
        self.camera.reader.picture = preview(number)
        self.camera.reader.look()
        self.control._pictures.timeout.emit()

    def scans(self) -> list[object]:
        """Return what the till was asked to look up."""
        return [asked[1] for asked in self.till.asked if asked[0] == "scan"]


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.control.close()


def near(colour: QColor, wanted: tuple[int, int, int]) -> bool:
    """Say whether a colour is this one, given blue, green, red."""
    blue, green, red = wanted
    return abs(colour.blue() - blue) + abs(colour.green() - green) + abs(colour.red() - red) < 30


# --- on and off -------------------------------------------------------------------------------------


def test_f6_switches_the_camera_on_and_off_and_the_picture_comes_and_goes(desk: Desk) -> None:
    empty = picture(desk.finder)
    hands = Hands(desk.window)
    hands.press("F6")
    assert desk.camera.reader.started == 1
    desk.camera.reader.picture = preview(1)
    desk.camera.reader.look()
    desk.control._pictures.timeout.emit()
    seen, middle = picture(desk.finder), desk.finder.height() // 2
    assert desk.camera.reader.asked == (desk.finder.width(), desk.finder.height())
    assert near(seen.pixelColor(20, middle), BLUE)
    assert near(seen.pixelColor(desk.finder.width() - 20, middle), RED)
    assert seen.pixelColor(0, 0).name() == "#ffffff", "the corners are round"
    hands.press("F6")
    assert desk.camera.reader.stopped == 1
    assert picture(desk.finder) == empty


def test_the_button_of_the_card_does_what_f6_does_and_says_that_it_is_on(desk: Desk) -> None:
    button = desk.window.screen_of_till.who.idle.find_actions.camera
    assert (button.key(), button.accessibleName(), button.is_selected()) == ("F6", "Camera", False)
    button.click()
    assert desk.control.is_on
    assert (button.accessibleName(), button.is_selected()) == ("Camera, on", True)
    button.click()
    assert not desk.control.is_on
    assert button.accessibleName() == "Camera"


def test_off_there_is_no_timer_and_the_finder_says_nothing(desk: Desk) -> None:
    assert not desk.control._pictures.isActive()
    assert desk.finder.content == NO_CAMERA_ON
    desk.look()
    assert desk.control._pictures.isActive()
    desk.control.set_on(False)
    assert not desk.control._pictures.isActive()
    assert not desk.control._decision.isActive()
    assert desk.finder.content == NO_CAMERA_ON


def test_minimised_or_hidden_the_camera_is_let_go_of_and_taken_again(desk: Desk, qtbot: QtBot) -> None:
    desk.look()
    desk.window.showMinimized()
    qtbot.waitUntil(lambda: desk.camera.reader.stopped == 1)
    assert desk.control.is_on
    desk.window.showNormal()
    qtbot.waitUntil(lambda: len(desk.camera.readers) == 2 and desk.camera.reader.started == 1)
    desk.window.hide()
    assert desk.camera.reader.stopped == 1


def test_a_camera_being_let_go_of_is_not_opened_a_second_time(qtbot: QtBot) -> None:
    runner = SteppedRunner()
    desk = Desk(qtbot, runner=runner)
    desk.control.set_on(True)
    desk.control.set_on(False)
    desk.control.set_on(True)
    assert len(desk.camera.readers) == 1, "the old one still has it"
    runner.step()
    assert [reader.stopped for reader in desk.camera.readers] == [1, 0]
    desk.control.close()
    runner.run_all()


def test_what_an_old_reader_still_says_is_not_heard(desk: Desk) -> None:
    desk.look()
    old = desk.camera.reader
    desk.control.choose("Other")
    assert old.stopped == 1
    assert desk.camera.reader.choice == "Other"
    old.see(1.0, PRIYAS_CODE)
    old.trouble(CameraPhase.UNPLUGGED, "gone")
    assert desk.scans() == []
    assert desk.finder.content.sentence == ""


def test_a_window_that_is_refused_says_so_in_place(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.camera_control.when_answered", lambda _context, then: then(False))
    desk.control.set_on(True)
    assert desk.camera.readers == []
    assert "not allowed" in desk.finder.content.sentence


# --- what is held up --------------------------------------------------------------------------------


def test_a_code_is_outlined_where_the_glass_shows_it_and_taken(desk: Desk) -> None:
    desk.look()
    before = picture(desk.finder)
    desk.camera.reader.see(1.0, PRIYAS_CODE)
    assert desk.scans() == [PRIYAS_CODE], "the text is not mirrored"
    assert desk.finder.content.shape is FinderShape.READ
    after = picture(desk.finder)
    # The code is left of the middle of the frame, so right of it in the glass.
    assert desk.finder._picture is not None
    shown, box = desk.finder._picture, QRectF(desk.finder.rect())
    places = [shown.place_of(corner, box) for corner in desk.finder._outlines[0]]
    assert all(place.x() > desk.finder.width() / 2 for place in places)
    edge = (places[0] + places[3]) / 2
    x, y = round(edge.x()), round(edge.y())
    assert before.pixelColor(x, y) != after.pixelColor(x, y)
    desk.control._decision.timeout.emit()
    assert desk.finder.content.shape is FinderShape.LOOKING


def test_a_foreign_code_changes_shape_words_and_colour(desk: Desk) -> None:
    desk.look()
    desk.camera.reader.see(1.0, "https://example.com/menu")
    assert desk.finder.content.shape is FinderShape.REFUSED
    assert desk.finder.content.line == "This is not a loyalty code"
    assert desk.scans() == ["https://example.com/menu"], "the till says why, with its sound"


def test_two_codes_are_said_once_as_long_as_they_are_in_view(desk: Desk) -> None:
    desk.look()
    for step in range(30):
        desk.camera.reader.see(1 + step / 15, PRIYAS_CODE, RAHULS_CODE)
    assert desk.finder.content.line == "2 codes in view. Show one."
    assert desk.finder.content.shape is FinderShape.SEVERAL
    assert desk.camera.heard == [Sound.NOT_USED]
    assert desk.scans() == []
    desk.camera.reader.see(3.2, RAHULS_CODE)
    assert desk.scans() == [], "the frame may have missed one"
    desk.camera.reader.see(4.0, RAHULS_CODE)
    assert desk.scans() == [RAHULS_CODE]
    assert desk.finder.content.shape is FinderShape.READ
    assert desk.finder.content.line == ""


def test_two_codes_taken_away_are_said_no_more(desk: Desk) -> None:
    desk.look()
    desk.camera.reader.see(1.0, PRIYAS_CODE, RAHULS_CODE)
    desk.control._decision.timeout.emit()
    assert desk.finder.content.line == ""


def test_where_no_finder_is_seen_two_codes_are_a_remark_that_goes_by_itself(qtbot: QtBot) -> None:
    desk = Desk(qtbot, "offer")
    who = desk.window.screen_of_till.who
    desk.control.set_on(True)
    desk.camera.reader.look()
    for step in range(5):
        desk.camera.reader.see(1 + step / 15, PRIYAS_CODE, RAHULS_CODE)
    assert who.toast.words() == "2 codes in view. Show one."
    assert who.toast.isVisible()
    desk.control._decision.timeout.emit()
    assert not who.toast.isVisible()
    desk.control.close()


def test_while_money_is_taken_nothing_is_looked_for(desk: Desk) -> None:
    desk.look()
    assert not desk.camera.reader.rests()
    desk.till.show(sample_views.STATES["pay"]())
    assert desk.camera.reader.rests()
    desk.camera.reader.see(1.0, PRIYAS_CODE)
    assert desk.scans() == []
    desk.till.show(sample_views.STATES["done"]())
    assert not desk.camera.reader.rests()
    assert desk.camera.reader.stopped == 0, "it stays on"
    desk.camera.reader.see(1.1, RAHULS_CODE)
    assert desk.scans() == [RAHULS_CODE]


def test_a_dialog_takes_no_codes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.look()
    monkeypatch.setattr(desk.window, "takes_scans", lambda: False)
    desk.camera.reader.see(1.0, PRIYAS_CODE)
    assert desk.scans() == []
    assert desk.finder.content.shape is FinderShape.LOOKING


def test_the_picture_rests_where_no_finder_is_seen(desk: Desk) -> None:
    desk.look()
    desk.till.show(sample_views.STATES["offer"]())
    assert not desk.control._pictures.isActive()
    looks = desk.camera.reader.looks
    desk.control._pictures.timeout.emit()
    assert desk.camera.reader.looks == looks
    desk.till.show(sample_views.STATES["too-old"]())
    assert desk.control._pictures.isActive()
    desk.control._pictures.timeout.emit()
    assert desk.finder is desk.window.screen_of_till.who.message.finder
    assert desk.finder.picture_number == 1


def test_the_same_picture_again_is_not_painted_again(desk: Desk) -> None:
    desk.look()
    shown = desk.finder._picture
    desk.control._pictures.timeout.emit()
    assert desk.finder._picture is shown
    desk.camera.reader.picture = preview(2)
    desk.control._pictures.timeout.emit()
    assert desk.finder._picture is not shown


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "reason", "sentence"),
    [
        (CameraPhase.NO_CAMERA, "", "No camera found. Type the phone number."),
        (CameraPhase.NO_CAMERA, "The camera chosen is not connected.", "The camera chosen is not connected."),
        (CameraPhase.UNPLUGGED, "The camera is unplugged.", "The camera is unplugged."),
        (CameraPhase.IN_USE, "Another program uses it.", "Another program uses it."),
        (CameraPhase.FAILED, "", "The camera shows nothing. Type the phone number."),
    ],
)
def test_a_camera_that_shows_nothing_says_why_in_the_place_of_the_picture(
    desk: Desk, phase: CameraPhase, reason: str, sentence: str
) -> None:
    desk.look()
    desk.camera.reader.trouble(phase, reason)
    assert desk.finder.content.sentence == sentence
    assert desk.finder.picture_number == 0
    assert desk.finder.accessibleDescription() == sentence
    desk.camera.reader.look()
    assert desk.finder.content.sentence == ""


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (CameraHint.BRIGHTER, "Turn the screen brighter"),
        (CameraHint.FURTHER_AWAY, "Hold the code 15 cm away"),
        (CameraHint.WHOLE_CODE, "Show the whole code"),
    ],
)
def test_a_hint_comes_five_seconds_after_somebody_could_begin(
    desk: Desk, hint: CameraHint, words: str
) -> None:
    desk.look()
    desk.camera.reader.look(hint)
    assert desk.finder.content.line == "", "the reader counts from when it was opened, we from here"
    desk.clock.seconds = 4.9
    desk.control._pictures.timeout.emit()
    assert desk.finder.content.line == ""
    desk.clock.seconds = 5.1
    desk.control._pictures.timeout.emit()
    assert desk.finder.content.line == words
    desk.camera.reader.look()
    assert desk.finder.content.line == ""


def test_a_screen_reader_knows_the_finder_while_the_camera_is_on(desk: Desk) -> None:
    assert desk.finder.accessibleName() == ""
    desk.look()
    interface = QAccessible.queryAccessibleInterface(desk.finder)
    assert interface is not None
    assert interface.role() is QAccessible.Role.Graphic
    assert interface.text(QAccessible.Text.Name) == "Camera picture"
    assert interface.text(QAccessible.Text.Description) == "The camera looks for a code"


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (1920, 1080)])
def test_the_words_of_the_finder_fit(qtbot: QtBot, size: tuple[int, int]) -> None:
    desk = Desk(qtbot)
    desk.window.resize(*size)
    desk.look()
    look = desk.window.screen_of_till.look()
    room = desk.finder.width() - look.px(24)
    desk.camera.reader.see(1.0, PRIYAS_CODE, RAHULS_CODE)
    assert text_width(desk.finder.content.line, look.font("body", SEMIBOLD)) <= room
    longest = "Another program uses the camera. Close that program, or type the phone number."
    desk.camera.reader.trouble(CameraPhase.IN_USE, longest)
    assert sentence_lines(desk.finder.content.sentence, look, room).height <= desk.finder.height() - look.px(
        72
    )
    desk.control.close()


# --- the real threads, the real decoder, the real till ----------------------------------------------


class LiveShop:
    """A counter whose window has a camera in the test's hand."""

    def __init__(self, folder: Path) -> None:
        self.shop = Shop(folder)
        self.background = Background()
        self.source = LiveSource()

    @property
    def window(self) -> MainWindow:
        """Return the window."""
        return self.shop.window


@pytest.fixture
def live(qtbot: QtBot, tmp_path: Path) -> Iterator[LiveShop]:
    made = LiveShop(tmp_path)
    qtbot.addWidget(made.window)
    with live_camera(made.window, made.background, made.source):
        yield made
    made.background.close()
    assert made.source.held == 0, "the camera is let go of"
    made.shop.close()


def test_a_member_is_found_by_what_is_held_up(live: LiveShop, qtbot: QtBot) -> None:
    live.shop.hands.press("F6")
    finder = live.window.screen_of_till.who.idle.finder
    qtbot.waitUntil(lambda: finder.picture_number > 1)
    live.source.show(PRIYAS_CODE, RAHULS_CODE)
    qtbot.waitUntil(lambda: finder.content.line == "2 codes in view. Show one.")
    assert live.shop.view.step is Step.IDLE
    live.source.show(PRIYAS_CODE)
    qtbot.waitUntil(lambda: isinstance(live.shop.view.person, Serving))
    person = live.shop.view.person
    assert isinstance(person, Serving)
    assert person.member.first_name == "Priya"
    before = live.shop.view
    live.source.show("https://example.com/menu")
    qtbot.waitUntil(lambda: live.shop.view != before)
    assert isinstance(live.shop.view.person, Serving)


def test_unplugged_and_plugged_in_again_it_goes_on(live: LiveShop, qtbot: QtBot) -> None:
    live.shop.hands.press("F6")
    finder = live.window.screen_of_till.who.idle.finder
    qtbot.waitUntil(lambda: finder.picture_number > 0)
    live.source.plugged = False
    qtbot.waitUntil(lambda: "unplugged" in finder.content.sentence)
    live.source.plugged = True
    qtbot.waitUntil(lambda: finder.content.sentence == "" and finder.picture_number > 0)
    live.source.show("4111 1111 1111 1111")
    qtbot.waitUntil(lambda: isinstance(live.shop.view.person, Unrecognised))


def test_closing_the_window_ends_the_threads(live: LiveShop, qtbot: QtBot) -> None:
    live.shop.hands.press("F6")
    qtbot.waitUntil(lambda: live.source.held == 1)
    live.window.close()
    qtbot.waitUntil(lambda: live.source.held == 0)
