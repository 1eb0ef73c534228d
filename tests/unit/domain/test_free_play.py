"""The troubles of free play as values."""

from __future__ import annotations

import pytest
from msgspec.structs import fields, replace

from cashier_app.domain.free_play import (
    ALL_WELL,
    MOST_DELAY_MS,
    MOST_JITTER_MS,
    MOST_LOST,
    MOST_REFUSED,
    PRESETS,
    Preset,
    Trouble,
    preset_of,
    with_preset,
)


@pytest.mark.parametrize("preset", Preset)
def test_each_preset_is_known_again_and_within_the_sliders(preset: Preset) -> None:
    trouble = PRESETS[preset]
    assert preset_of(trouble) is preset
    assert trouble.is_none is (preset is Preset.ALL_WELL)
    assert trouble.delay_ms <= MOST_DELAY_MS
    assert trouble.jitter_ms <= min(trouble.delay_ms, MOST_JITTER_MS)
    assert trouble.lost_percent <= MOST_LOST
    assert max(trouble.away_percent, trouble.limited_percent) <= MOST_REFUSED


@pytest.mark.parametrize("name", [one.name for one in fields(Trouble)])
def test_whatever_is_changed_is_no_more_all_well(name: str) -> None:
    changed = replace(ALL_WELL, **{name: 1})
    assert not changed.is_none


def test_what_somebody_set_is_no_preset_and_who_is_blocked_stays_so() -> None:
    assert preset_of(Trouble(delay_ms=300)) is None
    blocked = Trouble(blocked=2, down=True)
    assert with_preset(blocked, Preset.ALL_WELL) == Trouble(blocked=2)
    assert preset_of(Trouble(blocked=2)) is Preset.ALL_WELL
    assert not Trouble(blocked=2).is_none
