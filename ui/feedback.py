"""What is heard: the till's sounds follow what the screen shows."""

from __future__ import annotations

from collections.abc import Callable

from cashier_app.services.till_view import TillView
from cashier_app.sound.cues import cue
from cashier_app.sound.sounds import Sound
from ui.till import Till


class Feedback:
    """Plays the sound each change of the screen deserves.

    Args:
        till: What it shows is followed.
        play: Plays a sound soon, without waiting for anything.
    """

    def __init__(self, till: Till, play: Callable[[Sound], None]) -> None:
        self._before = till.view
        self._play = play
        till.subscribe(self._follow)

    def _follow(self, view: TillView) -> None:
        before, self._before = self._before, view
        sound = cue(before, view)
        if sound is not None:
            self._play(sound)
