"""What scanning a test code can tell about an unknown scanner, and why sometimes nothing."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cashier_app.device_sections import ScannerSection

LONGEST_GAP_MS = 120
"""A longer silence ends a scan, whatever the settings say."""

SLOWEST_MEAN_MS = 80
"""No setting lets a scanner be slower than this in the mean: people who type are not far above."""

MOST_MARKS = 16
"""How many characters a prefix or a suffix may have."""


class Terminator(StrEnum):
    """What a scanner presses after a code."""

    ENTER = "enter"
    TAB = "tab"
    LINE_FEED = "line feed"
    NOTHING = "nothing"


class Remark(StrEnum):
    """Worth knowing about a scanner that works."""

    ANNOUNCES_KIND = "announces kind"  # AIM identifiers are on
    OTHER_LAYOUT_HERE = "other layout here"  # letters alone would come out wrong; positions do not
    COMPUTER_LAYOUT = "computer layout"  # the scanner was set to this computer's keyboard
    CAPS_LOCK = "caps lock"  # on at the computer, and harmless
    NOTHING_AFTER = "nothing after"  # only silence ends a code: 0.12 s later than with Enter
    SLOW = "slow"  # near the limit


class Obstacle(StrEnum):
    """Why no settings were found; each has a sentence that says what to do."""

    NOTHING_SCANNED = "nothing scanned"
    BY_HAND = "by hand"
    OTHER_CODE = "other code"
    ONLY_PART = "only part"
    TWICE = "twice"
    CAPITALS = "capitals"
    SMALL_LETTERS = "small letters"
    CASE_SWAPPED = "case swapped"
    OTHER_LAYOUT = "other layout"
    DROPPED = "dropped"
    DOUBLED = "doubled"
    GARBLED = "garbled"
    TOO_SLOW = "too slow"
    STOPS = "stops"
    MARKS_DIFFER = "marks differ"
    MARKS_UNUSABLE = "marks unusable"


class Calibration(Struct, frozen=True):
    """A scanner's settings, as its test scans showed them.

    Args:
        found: What to set.
        terminator: What the scanner presses after a code.
        gaps: Milliseconds between keys, one tuple for each scan, oldest first.
        mean_gap_ms: The mean gap of the slowest scan, to the nearest millisecond.
        longest_gap_ms: The longest gap of all.
        remarks: What else was seen.
        scans: How many scans agree.
    """

    found: ScannerSection
    terminator: Terminator
    gaps: tuple[tuple[int, ...], ...]
    mean_gap_ms: int
    longest_gap_ms: int
    remarks: tuple[Remark, ...] = ()
    scans: int = 1

    @property
    def is_sure(self) -> bool:
        """Return whether a second scan said the same."""
        return self.scans >= 2


class NotCalibrated(Struct, frozen=True):
    """No settings.

    Args:
        why: What stands in the way.
        count: How many characters were lost, doubled or came, or how many ms were too long; else 0.
        gaps: Milliseconds between the keys of the scan that failed.
    """

    why: Obstacle
    count: int = 0
    gaps: tuple[int, ...] = ()
