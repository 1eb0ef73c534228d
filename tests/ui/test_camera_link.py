"""What the window saw and heard with when it was last open, and what the command line asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from cashier_app.bootstrap import Till
from cashier_app.config import till_settings
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.device_sections import CameraSection, DeviceSettings, SoundSection
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.till_view import Step
from cashier_app.sound.sounds import Level, Sound
from tests.fakes.runner import Immediate
from tests.ui import sample_views
from tests.ui.camera_host import FakeReader
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import Hands, make_window
from ui import camera_link, camera_permission
from ui.__main__ import _parser
from ui.feedback import Feedback
from ui.main_window import MainWindow


class FakePlayer:
    """Notes what it is asked to play."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.heard: list[Sound] = []

    def play(self, sound: Sound) -> None:
        self.heard.append(sound)

    def set_level(self, level: Level) -> None:
        self.level = level


class Opened:
    """The windows opened one after the other over one data folder."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self._folder, self._qtbot = folder, qtbot
        self.readers: list[FakeReader] = []
        self.till = FakeTill(sample_views.idle())

    def open_camera(self, choice: str, **said: Any) -> FakeReader:  # noqa: ANN401
        self.readers.append(FakeReader(choice, **said))
        return self.readers[-1]

    def window(self, devices: DeviceSettings | None = None, asked: str | None = None) -> MainWindow:
        till = Till(till_settings(DEMO_CONFIG), self._folder, _no_backend, devices=devices)
        self.till = FakeTill(sample_views.idle())
        window = make_window(self.till)
        self._qtbot.addWidget(window)
        camera_link.link_camera_and_sounds(window, till, self.till, Immediate(), asked)
        till.close()
        return window


def _no_backend() -> LoyaltyBackend:
    raise AssertionError("nobody is looked up here")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    made = Opened(tmp_path, qtbot)
    monkeypatch.setattr(camera_link, "open_camera", made.open_camera)
    monkeypatch.setattr(camera_link, "sound_player", FakePlayer)
    yield made
    assert [reader.started - reader.stopped for reader in made.readers] == [0] * len(made.readers)


def close(window: MainWindow) -> None:
    assert window.camera is not None
    window.camera.close()
    window.hide()


def test_on_and_off_are_remembered_across_a_restart(opened: Opened) -> None:
    first = opened.window()
    assert opened.readers == [], "off until somebody wants it"
    Hands(first).press("F6")
    assert opened.readers[-1].started == 1
    close(first)
    second = opened.window()
    assert len(opened.readers) == 2, "on again without a key"
    Hands(second).press("F6")
    close(second)
    close(opened.window())
    assert len(opened.readers) == 2


def test_the_camera_picked_goes_before_the_one_in_the_settings(opened: Opened, tmp_path: Path) -> None:
    devices = DeviceSettings(camera=CameraSection(name="Shop camera"))
    first = opened.window(devices)
    Hands(first).press("F6")
    assert opened.readers[-1].choice == "Shop camera"
    close(first)
    till = Till(till_settings(DEMO_CONFIG), tmp_path, _no_backend)
    till.preferences.change(camera="Picked here")
    till.close()
    close(opened.window(devices))
    assert opened.readers[-1].choice == "Picked here"


def test_a_camera_asked_for_is_on_and_not_remembered(opened: Opened) -> None:
    first = opened.window(asked="file:clip.mp4")
    assert opened.readers[-1].choice == "file:clip.mp4"
    Hands(first).press("F6", "F6")
    close(first)
    count = len(opened.readers)
    close(opened.window())
    assert len(opened.readers) == count


def test_the_level_of_sounds_comes_from_choice_or_settings(opened: Opened, tmp_path: Path) -> None:
    window = opened.window(DeviceSettings(sound=SoundSection("quiet")))
    assert window.sounds is not None
    assert window.sounds.level == "quiet"
    close(window)


def test_what_the_screen_shows_is_heard(opened: Opened) -> None:
    window = opened.window()
    assert isinstance(window.sounds, FakePlayer)
    for name in ("lookup", "member", "offer", "pay", "done", "idle", "too-old"):
        opened.till.show(sample_views.STATES[name]())
    assert window.sounds.heard == [Sound.FOUND, Sound.DONE, Sound.TOO_OLD]
    close(window)


def test_a_sound_is_asked_for_before_anybody_sees_why() -> None:
    till = FakeTill(sample_views.idle())
    heard: list[Sound] = []
    Feedback(till, heard.append)
    assert heard == [], "the first view is no change"
    till.show(sample_views.two_members())
    assert till.view.step is Step.CHOOSING
    assert heard == [Sound.QUESTION]


def test_a_file_may_be_named_without_its_prefix(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"")

    def asked(text: str) -> str:
        choice: str = _parser().parse_args(["--demo", "--camera", text]).camera
        return choice

    assert asked(str(clip)) == asked(f"file:{clip}") == f"file:{clip}"
    assert asked(str(tmp_path)) == f"file:{tmp_path}"
    assert asked("HD Webcam") == "HD Webcam"
    assert asked("") == ""


@pytest.mark.parametrize(
    ("status", "answered", "allowed"),
    [
        (Qt.PermissionStatus.Granted, None, True),
        (Qt.PermissionStatus.Denied, None, False),
        (Qt.PermissionStatus.Undetermined, Qt.PermissionStatus.Granted, True),
        (Qt.PermissionStatus.Undetermined, Qt.PermissionStatus.Denied, False),
    ],
)
def test_the_system_is_asked_for_the_camera(
    monkeypatch: pytest.MonkeyPatch,
    status: Qt.PermissionStatus,
    answered: Qt.PermissionStatus | None,
    *,
    allowed: bool,
) -> None:
    class Answer:
        def status(self) -> Qt.PermissionStatus | None:
            return answered

    class Application:
        asked = 0

        def checkPermission(self, _permission: object) -> Qt.PermissionStatus:  # noqa: N802 - as in Qt
            return status

        def requestPermission(  # noqa: N802 - as in Qt
            self, _permission: object, _context: QObject, then: Callable[[Answer], None]
        ) -> None:
            self.asked += 1
            then(Answer())

    class Core:
        @staticmethod
        def instance() -> Application:
            return application

    application = Application()
    monkeypatch.setattr(camera_permission, "QCoreApplication", Core)
    heard: list[bool] = []
    camera_permission.when_answered(QObject(), heard.append)
    assert heard == [allowed]
    assert application.asked == (status is Qt.PermissionStatus.Undetermined)


def test_qt_itself_answers(qapp: QObject) -> None:
    heard: list[bool] = []
    camera_permission.when_answered(qapp, heard.append)
    assert heard == [True], "here nobody is asked"
