"""What a camera tells the till: its state, hints for whoever holds the phone, and pictures for the eye.

Plain values: importing this loads neither OpenCV nor numpy.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from cashier_app.errors import KnownError


class CameraPhase(Enum):
    """What the camera is doing, or why it does nothing."""

    OFF = "off"
    OPENING = "opening"
    LOOKING = "looking"
    NO_CAMERA = "no camera"
    """None is there, or not the one chosen; it is looked for again until `stop`."""
    UNPLUGGED = "unplugged"
    """It was there a moment ago; it is looked for again until `stop`."""
    REFUSED = "refused"
    """The computer does not allow it; tried again, for somebody may allow it meanwhile."""
    IN_USE = "in use"
    """Another program has it; tried again."""
    NOT_ANSWERING = "not answering"
    """The driver hangs while opening or reading; nothing to do but wait or unplug."""
    ENDED = "ended"
    """A video file has been shown to its end."""
    FAILED = "failed"
    """A file that can never be shown, or a fault of the program; not tried again."""


class CameraHint(Enum):
    """What may help after five seconds without a read; the wording has the words."""

    BRIGHTER = "brighter"
    """The picture is dark: turn the phone's screen brighter, or put on a light."""
    FURTHER_AWAY = "further away"
    """The picture is blurred: hold the code about 15 cm away."""
    WHOLE_CODE = "whole code"
    """Bright and sharp, yet nothing is read: the code is not in view, cut off, or far."""


class CameraState(Struct, frozen=True):
    """A camera's state.

    Args:
        phase: What it is doing.
        name: The camera's name, or the name of a file; empty until one is found.
        reason: One sentence for people where the phase is a trouble, else empty.
        hint: What may help, only while looking.
    """

    phase: CameraPhase
    name: str = ""
    reason: str = ""
    hint: CameraHint | None = None


class Preview(Struct, frozen=True):
    """A small picture of what the camera sees, for the eye only: nothing is ever decoded from it.

    Args:
        pixels: Blue, green and red bytes, rows from the top, `width * 3` bytes each, no padding.
        width: In px.
        height: In px.
        mirrored: Left and right are swapped, as in a looking glass.
        frame_width: Width in px of the whole frame it was made from; corners of codes refer to that.
        frame_height: Height in px of that frame.
        number: Grows with every preview; the same number is the same picture.
    """

    pixels: bytes
    width: int
    height: int
    mirrored: bool
    frame_width: int
    frame_height: int
    number: int


class CameraFault(KnownError):  # noqa: N818 - as KnownError
    """A camera or file that cannot show frames.

    Args:
        phase: The state it puts the camera in.
        sentence: One sentence for people.
    """

    def __init__(self, phase: CameraPhase, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence, detail=detail)
        self.phase = phase
