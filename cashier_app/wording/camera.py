"""The camera in words: what it does or why not, what helps, and several codes at once."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording


class CameraMoment(StrEnum):
    """What there is to say about the camera."""

    STARTING = "starting"
    LOOKING = "looking"
    RESTING = "resting"
    READ = "read"
    NOT_OURS = "not ours"
    SEVERAL = "several"
    BRIGHTER = "brighter"
    FURTHER_AWAY = "further away"
    WHOLE_CODE = "whole code"
    NO_CAMERA = "no camera"
    REFUSED = "refused"
    STOPPED = "stopped"


class CameraWords(Struct, frozen=True):
    """What the finder says.

    Args:
        line: Beneath the picture; None where there is nothing to say.
        sentence: In the place of the picture; None while there is one, or will be in a moment.
        spoken: The state for a screen reader.
    """

    line: Sentence | None
    sentence: Sentence | None
    spoken: str


def camera_words(moment: CameraMoment, wording: Wording, *, reason: str = "", count: int = 0) -> CameraWords:
    """Return what to say.

    Args:
        moment: What there is to say.
        wording: The voice.
        reason: The reader's own sentence where it sees nothing.
        count: How many codes are in view, for `SEVERAL`.
    """
    match moment:
        case CameraMoment.SEVERAL:
            return _line(several_codes(count, wording).full)
        case CameraMoment.NOT_OURS:
            return _line(wording.text("This is not a loyalty code"), wording.text("Not a loyalty code"))
        case CameraMoment.NO_CAMERA | CameraMoment.REFUSED | CameraMoment.STOPPED:
            return _instead(_why_not(moment, wording, plain(reason)))
        case CameraMoment.LOOKING | CameraMoment.RESTING | CameraMoment.READ:
            return CameraWords(None, None, _only_spoken(moment, wording))
        case _:
            return _line(_helps(moment, wording))


def _why_not(moment: CameraMoment, wording: Wording, reason: str) -> str:
    match moment:
        case CameraMoment.NO_CAMERA:
            return reason or wording.text("No camera found. Type the phone number.")
        case CameraMoment.REFUSED:
            return wording.text(
                "The camera is not allowed. Allow it in the system settings, or type the phone number."
            )
        case _:
            return reason or wording.text("The camera shows nothing. Type the phone number.")


def _only_spoken(moment: CameraMoment, wording: Wording) -> str:
    match moment:
        case CameraMoment.READ:
            return wording.text("A code was read")
        case CameraMoment.RESTING:
            return wording.text("The camera rests until this sale is finished")
        case _:
            return wording.text("The camera looks for a code")


def _helps(moment: CameraMoment, wording: Wording) -> str:
    match moment:
        case CameraMoment.BRIGHTER:
            return wording.text("Turn the screen brighter")
        case CameraMoment.FURTHER_AWAY:
            return wording.text("Hold the code 15 cm away")
        case CameraMoment.WHOLE_CODE:
            return wording.text("Show the whole code")
        case _:
            return wording.text("The camera is starting")


def several_codes(count: int, wording: Wording) -> Sentence:
    """Return what is said while several codes are in view."""
    n = wording.figures.count(count)
    full = wording.plural("{n} code in view. Show one.", "{n} codes in view. Show one.", count, n=n)
    return Sentence.of(full)


def finder_name(wording: Wording) -> str:
    """Return what a screen reader calls the camera's picture."""
    return wording.text("Camera picture")


def _line(full: str, brief: str = "") -> CameraWords:
    return CameraWords(Sentence.of(full, brief), None, full)


def _instead(sentence: str) -> CameraWords:
    return CameraWords(None, Sentence.of(sentence), sentence)
