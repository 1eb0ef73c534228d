"""What the window sees and hears with: the camera and the sounds, begun after the first frame."""

from __future__ import annotations

import logging

from cashier_app.bootstrap import Till
from cashier_app.device_opening import open_camera, sound_player
from cashier_app.ports.runner import Runner
from cashier_app.preferences import Preferences
from cashier_app.services.sightings import Sightings
from ui.camera_control import CameraControl
from ui.feedback import Feedback
from ui.main_window import MainWindow
from ui.till import Till as Session

logger = logging.getLogger(__name__)


def link_camera_and_sounds(
    window: MainWindow, till: Till, session: Session, runner: Runner, asked: str | None
) -> None:
    """Let the window see and hear as it did when the till was last used.

    Args:
        window: Gets `camera` and `sounds`.
        till: Its preferences go before its settings.
        session: What it shows is heard.
        runner: Where disk and devices are waited for.
        asked: The camera, file or folder named on the command line: on, and not remembered.
    """
    devices = till.devices
    sounds = sound_player("off")
    Feedback(session, sounds.play)
    camera = CameraControl(
        window,
        open_camera,
        sightings=Sightings(till.settings.rules),
        play=sounds.play,
        runner=runner,
        clock=till.clock,
        formats=devices.camera.formats,
    )
    window.camera, window.sounds = camera, sounds

    def restore(chosen: Preferences) -> None:
        sounds.set_level(chosen.sound or devices.sound.level)
        picked = devices.camera.name if chosen.camera is None else chosen.camera
        camera.choose(picked if asked is None else asked)
        if asked is not None or chosen.camera_on:
            camera.set_on(True)

    def remember(on: bool) -> None:  # noqa: FBT001 - of a signal
        if asked is None:
            runner.run(till.preferences.choose(camera_on=on), lambda _: None, _not_kept)

    camera.switched.connect(remember)
    runner.run(till.preferences.read, restore, _not_kept)


def _not_kept(error: BaseException) -> None:
    logger.error("the preferences failed", exc_info=error)
