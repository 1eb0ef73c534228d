"""What is read around the sale: the state of the till's own files, for as long as it is news."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from cashier_app.ports.local_state import LEAST_FREE_BYTES, Damage, LocalState, Recovery
from cashier_app.services.till_status import TOLD_FOR, StatusReader
from cashier_app.services.till_view import Today
from tests.fakes.counter import Counter

FINE = LocalState(LEAST_FREE_BYTES, reserve_kept=True, last_backup_at=None, damaged_rows=0, recovery=None)


def today(counter: Counter, state: LocalState) -> Today:
    """Return what is read of a till whose files are in this state."""
    reader = StatusReader(counter.journal, counter.connection, counter.clock, counter.settings, lambda: state)
    return reader.read(None).today


@pytest.mark.parametrize(("ago", "told"), [(timedelta(0), True), (TOLD_FOR, False)])
def test_a_rescue_is_told_for_a_day(counter: Counter, ago: timedelta, told: bool) -> None:  # noqa: FBT001
    at = counter.clock.now() - ago
    rescue = Recovery(at, Damage.UNREADABLE, rescued=3, lost_rows=0, aside=())
    assert (today(counter, replace(FINE, recovery=rescue)).recovery == rescue) is told


@pytest.mark.parametrize(("missing", "short"), [(0, False), (1, True)])
def test_a_nearly_full_disk_is_told(counter: Counter, missing: int, short: bool) -> None:  # noqa: FBT001
    assert today(counter, replace(FINE, free_bytes=LEAST_FREE_BYTES - missing)).short_of_space is short
