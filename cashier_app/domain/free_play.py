"""What a trainer may let go wrong while somebody practises freely: values, and the troubles of four days."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

MOST_DELAY_MS = 5_000
MOST_JITTER_MS = 2_500
MOST_LOST = 50
MOST_REFUSED = 90
MOST_CLOCK_MINUTES = 15


class Trouble(Struct, frozen=True, kw_only=True):
    """What goes wrong between the practice till and its loyalty system, all at once.

    Args:
        delay_ms: How long each answer takes, milliseconds.
        jitter_ms: How much longer or shorter than that, milliseconds.
        lost_percent: Of what is written: done there, but the answer never comes.
        away_percent: Of what is asked: answered with "not now" (503).
        limited_percent: Of what is asked: answered with "too many requests" (429).
        down: No connection at all.
        portal: A guest network's sign-in page answers everything.
        clock_minutes: How far the loyalty system's clock for wallet codes is fast; below zero, slow.
        lose_next: How many of the next writes are done, but their answers never come.
        blocked: How many members were blocked for practice.
    """

    delay_ms: int = 0
    jitter_ms: int = 0
    lost_percent: int = 0
    away_percent: int = 0
    limited_percent: int = 0
    down: bool = False
    portal: bool = False
    clock_minutes: int = 0
    lose_next: int = 0
    blocked: int = 0

    @property
    def is_none(self) -> bool:
        """Say whether all is well."""
        return self == ALL_WELL


ALL_WELL = Trouble()


class Preset(StrEnum):
    """Days everybody knows who has stood at a till."""

    ALL_WELL = "all well"
    SATURDAY_NOON = "saturday noon"
    BAD_MOBILE = "bad mobile network"
    BACKEND_RESTARTS = "backend restarts"


PRESETS = {
    Preset.ALL_WELL: ALL_WELL,
    # Everybody asks at once: slow, and some are sent away.
    Preset.SATURDAY_NOON: Trouble(delay_ms=1_200, jitter_ms=800, limited_percent=8, away_percent=2),
    # Slow and uneven, and one answer in ten never arrives although the points moved.
    Preset.BAD_MOBILE: Trouble(delay_ms=2_000, jitter_ms=1_800, lost_percent=10),
    # Most of what is asked meets a door that is just being closed or opened.
    Preset.BACKEND_RESTARTS: Trouble(delay_ms=200, jitter_ms=200, away_percent=70),
}


def preset_of(trouble: Trouble) -> Preset | None:
    """Return the preset this is, or None where somebody set it otherwise."""
    known = replace(trouble, blocked=0)
    return next((preset for preset, one in PRESETS.items() if one == known), None)


def with_preset(trouble: Trouble, preset: Preset) -> Trouble:
    """Return the trouble of a day everybody knows; members blocked by hand stay so."""
    return replace(PRESETS[preset], blocked=trouble.blocked)
