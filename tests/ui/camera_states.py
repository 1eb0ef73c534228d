"""The states of the camera in the window, each over a picture drawn here: a phone held up at a counter."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import segno
from numpy.typing import NDArray

from cashier_app.scanning.camera_state import CameraHint, CameraPhase, Preview
from cashier_app.services.till_view import TillView
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE
from tests.fakes.runner import Immediate
from tests.ui import sample_views
from tests.ui.camera_host import FRAME_SIZE, Camera
from tests.ui.fake_till import StoppedClock
from ui.main_window import MainWindow

Picture = NDArray[np.uint8]

_UNDER = {"camera-too-old": "too-old", "camera-offer-two-codes": "offer"}
STATES = (
    "camera",
    "camera-starting",
    "camera-read",
    "camera-not-ours",
    "camera-two-codes",
    "camera-hint",
    "camera-none",
    "camera-unplugged",
    *_UNDER,
)
_PHONE_AT = ((640, 350),)
_TWO_PHONES_AT = ((450, 350), (850, 370))
_CODE_SIDE = 200
_ROUND = ((-1, -1), (1, -1), (1, 1), (-1, 1))


def view_of(name: str) -> TillView:
    """Return what the till shows behind the camera."""
    return sample_views.STATES[_UNDER.get(name, "idle")]()


def camera_in(window: MainWindow, name: str) -> Camera:
    """Bring the window's camera into a state."""
    clock = StoppedClock()
    camera = Camera(window, Immediate(), clock)
    camera.control.set_on(True)
    reader = camera.reader
    if name == "camera-starting":
        return camera
    if name in {"camera-none", "camera-unplugged"}:
        gone = CameraPhase.NO_CAMERA if name == "camera-none" else CameraPhase.UNPLUGGED
        unplugged = "The camera is unplugged. Plug it in again, or type the phone number."
        reader.trouble(gone, unplugged if gone is CameraPhase.UNPLUGGED else "")
        return camera
    two = name.endswith("two-codes")
    places = _TWO_PHONES_AT if two else _PHONE_AT
    reader.picture = _preview(at_the_counter(() if name == "camera-hint" else places))
    reader.look(CameraHint.BRIGHTER if name == "camera-hint" else None)
    clock.seconds = 6.0
    camera.control._pictures.timeout.emit()
    if two:
        reader.see_at(1.0, {PRIYAS_CODE: _corners(places[0]), RAHULS_CODE: _corners(places[1])})
    elif name in {"camera-read", "camera-not-ours"}:
        text = PRIYAS_CODE if name == "camera-read" else "https://example.com/menu"
        reader.see_at(1.0, {text: _corners(places[0])})
    return camera


def at_the_counter(places: tuple[tuple[int, int], ...]) -> Picture:
    """Return a camera's frame: a shop out of focus, and phones with a code held up in it."""
    width, height = FRAME_SIZE
    frame = np.empty((height, width, 3), np.uint8)
    frame[:] = (120, 140, 150)
    for left, top, right, bottom, colour in (
        (0, 0, 420, 300, (90, 120, 170)),
        (460, 0, 760, 260, (140, 150, 110)),
        (820, 0, 1280, 330, (80, 90, 120)),
        (0, 430, 1280, 720, (70, 85, 105)),
        (900, 380, 1200, 640, (60, 130, 190)),
    ):
        frame[top:bottom, left:right] = colour
    blurred: Any = cv2.GaussianBlur(frame, (0, 0), 38)
    for place in places:
        _hold_up(blurred, place)
    return np.asarray(blurred, np.uint8)


def _hold_up(frame: Picture, place: tuple[int, int]) -> None:
    left, top = place[0] - 160, place[1] - 300
    cv2.rectangle(frame, (left, top), (left + 320, top + 660), (28, 26, 24), -1)
    cv2.rectangle(frame, (left + 12, top + 14), (left + 308, top + 646), (106, 76, 11), -1)
    half = _CODE_SIDE // 2 + 20
    cv2.rectangle(
        frame, (place[0] - half, place[1] - half), (place[0] + half, place[1] + half), (250, 250, 250), -1
    )
    rows = [
        [30 if dark else 250 for dark in row]
        for row in segno.make_qr(PRIYAS_CODE, error="m").matrix_iter(border=0)
    ]
    code = cv2.resize(np.array(rows, np.uint8), (_CODE_SIDE, _CODE_SIDE), interpolation=cv2.INTER_NEAREST)
    side = _CODE_SIDE // 2
    frame[place[1] - side : place[1] + side, place[0] - side : place[0] + side] = code[:, :, None]


def _corners(place: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    side = _CODE_SIDE // 2
    return tuple((place[0] + across * side, place[1] + down * side) for across, down in _ROUND)


def _preview(frame: Picture) -> Preview:
    small = cv2.flip(cv2.resize(frame, (960, 540), interpolation=cv2.INTER_AREA), 1)
    return Preview(small.tobytes(), 960, 540, True, *FRAME_SIZE, 1)
