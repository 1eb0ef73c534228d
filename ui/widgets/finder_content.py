"""What a finder shows beside the picture. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

Outline = Sequence[tuple[float, float]]


class FinderShape(Enum):
    """Icon and colour of the marks, and whether something was decided about a code: they then close in."""

    WAITING = ("qr-code", "ink2", False)
    LOOKING = ("camera", "ink2", False)
    READ = ("check-circle", "accent", True)
    REFUSED = ("prohibit", "amber_edge", True)
    SEVERAL = ("qr-code", "amber_edge", True)

    def __init__(self, icon: str, colour: str, decided: bool) -> None:  # noqa: FBT001 - a row of the table
        self.icon = icon
        self.colour = colour
        self.decided = decided


class FinderContent(Struct, frozen=True):
    """What a finder shows beside the picture.

    Args:
        shape: Marks and icon.
        line: Words at the foot; none if empty. `short` is taken where they have no room.
        sentence: Words in the place of the picture.
        name: What a screen reader calls it; empty for nothing at all.
        spoken: The state for a screen reader.
    """

    shape: FinderShape = FinderShape.WAITING
    line: str = ""
    short: str = ""
    sentence: str = ""
    name: str = ""
    spoken: str = ""


NO_CAMERA_ON = FinderContent()
