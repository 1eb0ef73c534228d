"""The camera in the window: switched by F6, on while the window is seen, its picture in the finder.

All of it runs on the UI thread and none of it waits: the reader has threads of its own, and letting go of a
camera is work for the background. Off, there is no timer and no thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from cashier_app.device_sections import LIVE_FORMATS
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.scanning.camera_state import CameraHint, CameraPhase, CameraState
from cashier_app.services.sightings import Presented, SeveralInView, Sightings
from cashier_app.services.till_view import Step, TillView
from cashier_app.sound.sounds import Sound
from cashier_app.wording.camera import CameraMoment, camera_words, finder_name, several_codes
from ui.camera_permission import when_answered
from ui.main_window import MainWindow
from ui.widgets.camera_picture import CameraPicture
from ui.widgets.finder_content import NO_CAMERA_ON, FinderContent, FinderShape, Outline

if TYPE_CHECKING:
    from cashier_app.scanning.camera_state import Preview
    from cashier_app.scanning.decoders import DecodedSymbol

PICTURE_MS = 70
"""Between two looks for a new picture: 14 a second."""

SHOWN_MS = 1200
"""How long the finder says what became of a code."""

HINT_AFTER_SECONDS = 5.0

_HINTS = {
    CameraHint.BRIGHTER: CameraMoment.BRIGHTER,
    CameraHint.FURTHER_AWAY: CameraMoment.FURTHER_AWAY,
    CameraHint.WHOLE_CODE: CameraMoment.WHOLE_CODE,
}
_SHAPES = {
    CameraMoment.READ: FinderShape.READ,
    CameraMoment.NOT_OURS: FinderShape.REFUSED,
    CameraMoment.SEVERAL: FinderShape.SEVERAL,
}


class Reader(Protocol):
    """A camera's reader, such as `cashier_app.scanning.camera.CameraReader`."""

    def start(self) -> None:
        """Begin, in threads of its own."""

    def stop(self) -> None:
        """End them and let go of the camera. Blocking."""

    def ask_preview(self, width: int, height: int, *, mirrored: bool = True) -> None:
        """Say how large pictures are to be, in px of the screen."""

    def newest_preview(self) -> Preview | None:
        """Return the newest picture."""


class OpenCamera(Protocol):
    """Makes a reader, such as `cashier_app.device_opening.open_camera`."""

    def __call__(
        self,
        choice: str,
        *,
        on_symbols: Callable[[list[DecodedSymbol], float], None],
        on_state: Callable[[CameraState], None],
        formats: tuple[str, ...],
        rests: Callable[[], bool],
    ) -> Reader:
        """Return a reader of the camera or file, not yet started."""


class CameraControl(QObject):
    """Switches the camera, shows its picture and hands on what is held up to it.

    Args:
        window: Whose finder shows the picture and which takes the codes.
        open_camera: Makes a reader.
        sightings: Tells a code held up from one that lies there.
        play: Plays a sound.
        runner: Where a reader is stopped, and by which its threads are heard.
        clock: Monotonic seconds, the same as the reader's.
        choice: The camera's name, empty for the first one, or a file.
        formats: Kinds of code.
    """

    switched = Signal(bool)  # by a person: to be remembered

    def __init__(
        self,
        window: MainWindow,
        open_camera: OpenCamera,
        *,
        sightings: Sightings,
        play: Callable[[Sound], None],
        runner: Runner,
        clock: Clock,
        choice: str = "",
        formats: tuple[str, ...] = LIVE_FORMATS,
    ) -> None:
        super().__init__(window)
        self._window, self._who = window, window.screen_of_till.who
        self._open_camera, self._sightings, self._play = open_camera, sightings, play
        self._runner, self._clock = runner, clock
        self._choice, self._formats = choice, formats
        self._on = False
        self._refused = False
        self._reader: Reader | None = None
        self._opened = 0
        self._stopping = False
        self._state = CameraState(CameraPhase.OFF)
        self._rests = False
        self._looking_since = clock.monotonic()
        self._decided: CameraMoment | None = None
        self._several = 0
        self._outlines: list[Outline] = []
        self._pictures = self._timer(PICTURE_MS, self._show_picture, once=False)
        self._decision = self._timer(SHOWN_MS, self._forget_decision)
        self._view: TillView = window.view
        window.camera_requested.connect(self.switch)
        window.view_shown.connect(self._follow)
        window.installEventFilter(self)

    # --- on and off -------------------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        """Return whether the camera is wanted; it looks only while the window is seen."""
        return self._on

    def switch(self) -> None:
        """Switch on or off, as somebody wants it."""
        self.set_on(not self._on)
        self.switched.emit(self._on)

    def set_on(self, on: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Switch on or off."""
        if on == self._on:
            return
        self._on = on
        if not on:
            self._settle()
            self._show()
            return
        self._refused = False
        when_answered(self, self._allowed)

    def choose(self, choice: str) -> None:
        """Take another camera: its name, empty for the first one, or a file."""
        if choice == self._choice:
            return
        self._choice = choice
        self._let_go()
        self._settle()

    def close(self) -> None:
        """Let go of the camera for good; the background that does it is waited for by whoever closes that."""
        self._window.removeEventFilter(self)
        self._on = False
        self._settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let go of the camera while nobody can see the window."""
        if watched is self._window and event.type() in {
            QEvent.Type.Show,
            QEvent.Type.Hide,
            QEvent.Type.WindowStateChange,
        }:
            self._settle()
            self._show()
        return False

    def _allowed(self, allowed: bool) -> None:  # noqa: FBT001 - a callback
        self._refused = not allowed
        self._settle()
        self._show()

    def _settle(self) -> None:
        """Bring the reader to what is wanted, one step at a time."""
        seen = self._window.isVisible() and not self._window.isMinimized()
        wanted = self._on and seen and not self._refused
        if not wanted:
            self._let_go()
        elif self._reader is None and not self._stopping:
            self._start()

    def _start(self) -> None:
        self._opened += 1
        opened = self._opened
        post = self._runner.post
        self._state = CameraState(CameraPhase.OPENING)
        self._looking_since = self._clock.monotonic()
        self._sightings.look_again(self._looking_since)
        self._reader = self._open_camera(
            self._choice,
            on_symbols=lambda symbols, at: post(partial(self._saw, opened, symbols, at)),
            on_state=lambda state: post(partial(self._became, opened, state)),
            formats=self._formats,
            rests=lambda: self._rests,
        )
        self._reader.start()
        self._pictures.start()

    def _let_go(self) -> None:
        reader, self._reader = self._reader, None
        if reader is None:
            return
        self._opened += 1  # what the old one still says is not heard
        self._stopping = True
        self._state = CameraState(CameraPhase.OFF)
        self._decided, self._several, self._outlines = None, 0, []
        self._pictures.stop()
        self._decision.stop()
        self._who.finders.forget_picture()
        self._runner.run(reader.stop, lambda _: self._let_go_of(), self._not_let_go)

    def _let_go_of(self) -> None:
        self._stopping = False
        self._settle()

    def _not_let_go(self, error: BaseException) -> None:
        self._let_go_of()
        raise error  # a fault of the program: logged by whoever catches what nobody caught

    # --- what the reader says ---------------------------------------------------------------------

    def _became(self, opened: int, state: CameraState) -> None:
        if opened != self._opened:
            return
        self._state = state
        if state.phase is not CameraPhase.LOOKING:
            self._who.finders.forget_picture()
        self._show()

    def _saw(self, opened: int, symbols: list[DecodedSymbol], at: float) -> None:
        if opened != self._opened or not symbols:
            return
        if self._rests or not self._window.takes_scans():
            self._sightings.look_again(at)
            return
        seen = self._sightings.see([symbol.announced for symbol in symbols], at, self._view)
        if isinstance(seen, SeveralInView):
            self._outlines = [symbol.corners for symbol in symbols]
            self._show_several(seen.count)
        elif isinstance(seen, Presented):
            self._end_several()
            self._outlines = [symbols[0].corners]
            self._decide(CameraMoment.READ if seen.ours else CameraMoment.NOT_OURS)
            self._show_picture(again=True)
            self._window.take_seen(seen.text)

    def _show_several(self, count: int) -> None:
        if not self._several:
            self._play(Sound.NOT_USED)
            self._who.end_remark()
        if count != self._several and self._who.finders.seen() is None:
            self._who.remark(several_codes(count, self._window.screen_of_till.wording()))
        self._several = count
        self._decide(CameraMoment.SEVERAL)
        self._show_picture(again=True)

    def _end_several(self) -> None:
        if self._several:
            self._several = 0
            self._who.end_remark()

    def _decide(self, moment: CameraMoment) -> None:
        self._decided = moment
        self._decision.start()
        self._show()

    def _forget_decision(self) -> None:
        self._decided, self._outlines = None, []
        self._end_several()
        self._show()

    # --- what is shown ----------------------------------------------------------------------------

    def _follow(self, view: TillView) -> None:
        rested, self._view = self._rests, view
        self._rests = view.step is Step.PAY or view.busy
        if self._reader is None:
            return
        if rested and not self._rests:
            self._sightings.look_again(self._clock.monotonic())
        if self._who.finders.seen() is None:
            self._looking_since = self._clock.monotonic()
            self._pictures.stop()
        elif not self._pictures.isActive():
            self._pictures.start()
        if rested != self._rests:
            self._show()

    def _show_picture(self, *, again: bool = False) -> None:
        finder = self._who.finders.seen()
        if finder is None or self._reader is None or self._state.phase is not CameraPhase.LOOKING:
            return
        ratio = finder.devicePixelRatioF()
        self._reader.ask_preview(round(finder.width() * ratio), round(finder.height() * ratio))
        preview = self._reader.newest_preview()
        if preview is not None and (again or preview.number != finder.picture_number):
            finder.show_picture(CameraPicture(preview), self._outlines)
        self._show()

    def _show(self) -> None:
        if not self._on:
            self._who.finders.show(NO_CAMERA_ON, on=False)
            return
        wording = self._window.screen_of_till.wording()
        moment = self._moment()
        words = camera_words(moment, wording, reason=self._state.reason, count=self._several)
        line = words.line
        content = FinderContent(
            shape=_SHAPES.get(moment, FinderShape.LOOKING),
            line=line.full if line else "",
            short=line.short if line else "",
            sentence=words.sentence.full if words.sentence else "",
            name=finder_name(wording),
            spoken=words.spoken,
        )
        self._who.finders.show(content, on=True)

    def _moment(self) -> CameraMoment:
        if self._refused:
            return CameraMoment.REFUSED
        match self._state.phase:
            case CameraPhase.OFF | CameraPhase.OPENING:
                return CameraMoment.STARTING
            case CameraPhase.NO_CAMERA:
                return CameraMoment.NO_CAMERA
            case CameraPhase.LOOKING:
                return self._moment_of_looking()
            case _:
                return CameraMoment.STOPPED

    def _moment_of_looking(self) -> CameraMoment:
        if self._decided is not None:
            return self._decided
        if self._rests:
            return CameraMoment.RESTING
        hint = self._state.hint
        waited = self._clock.monotonic() - self._looking_since >= HINT_AFTER_SECONDS
        return _HINTS[hint] if hint is not None and waited else CameraMoment.LOOKING

    def _timer(self, milliseconds: int, due: Callable[[], None], *, once: bool = True) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(once)
        timer.setInterval(milliseconds)
        timer.timeout.connect(due)
        return timer
