"""How to find a member, in words: the buttons beside the finder and the help of the scan field."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording


class FindActionWords(Struct, frozen=True):
    """What can be done without holding a code to the reader.

    Args:
        camera_on: What stands beside the button of a camera that is on.
        camera_spoken: The button of a camera that is on, for a screen reader.
    """

    camera: Sentence
    camera_on: Sentence
    camera_spoken: str
    paste: Sentence
    without_member: Sentence
    new_member: Sentence


def find_actions(wording: Wording) -> FindActionWords:
    """Return the buttons for those who have no code to hold up."""
    return FindActionWords(
        camera=Sentence.of(wording.text("Camera")),
        camera_on=Sentence.of(wording.text("on")),
        camera_spoken=wording.text("Camera, on"),
        paste=Sentence.of(wording.text("Paste or drop a picture"), wording.text("Paste a picture")),
        without_member=Sentence.of(wording.text("Without a member")),
        new_member=Sentence.of(wording.text("New member")),
    )


def scan_field_help(wording: Wording) -> str:
    """Return how the scan field is used, for a screen reader."""
    return wording.text(
        "Scan a code, or type a phone or member number and press Enter. Esc clears what was typed."
    )
