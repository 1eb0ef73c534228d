"""Spells offline and answer times in the till's database, through everything a clock and a process can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import apsw
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.health import HourBucket, SpellState
from cashier_app.services.answer_times import AnswerTimes
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.health_recorder import HealthRecorder
from cashier_app.services.latency import UNANSWERED, bucket_of
from cashier_app.storage.health_rows import SqliteHealth
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from tests.fakes.clock import START, FakeClock
from tests.fakes.effects import effect, sale

ZONE = ZoneInfo("Europe/London")
EVENING = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)  # 22:00 in London; the clocks go back that night


class Recording:
    """A recorder over a database, with its clock; begun again as after a kill."""

    def __init__(self, path: Path, now: datetime = START, zone: ZoneInfo = ZONE) -> None:
        self.clock = FakeClock(now)
        self.path, self.zone = path, zone
        self.woken = 0
        self.open()

    def open(self) -> None:
        self.journal = SqliteJournal(self.path, "2")
        self.rows = SqliteHealth(self.journal.database)
        self.connection = ConnectionWatch(self.clock)
        self.times = AnswerTimes(self.clock, self.zone)
        self.recorder = HealthRecorder(
            self.rows, self.times, self.connection, self.clock, self.zone, self._wake
        )
        self.recorder.settle_left_open()

    def _wake(self) -> None:
        self.woken += 1

    def kill(self) -> None:
        """End the process without a word."""
        self.journal.close()

    def days(self) -> dict[date, int]:
        """Return milliseconds by day, as they stand in the database; days of nothing are left out."""
        with self.journal.database.reading() as connection:
            rows = connection.execute("SELECT day, milliseconds FROM offline_day WHERE milliseconds > 0")
            return {date.fromisoformat(str(day)): int(str(ms)) for day, ms in rows}


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[Recording]:
    made = Recording(tmp_path / "till.sqlite", EVENING)
    yield made
    made.kill()


def spells(recording: Recording) -> list[tuple[SpellState, int]]:
    return [(one.state, one.milliseconds) for one in reversed(recording.rows.spells(EVENING))]


def test_a_spell_is_split_at_the_shops_midnight(recording: Recording) -> None:
    recording.connection.silent()
    recording.recorder.write()
    recording.clock.advance(2.5 * 3600)
    recording.connection.answered()
    recording.recorder.write()
    assert spells(recording) == [(SpellState.ENDED, 9_000_000)]
    assert recording.days() == {date(2026, 10, 24): 7_200_000, date(2026, 10, 25): 1_800_000}
    assert recording.rows.offline_seconds(date(2026, 10, 24), date(2026, 10, 24)) == 7200
    assert recording.rows.offline_seconds(date(2026, 10, 24), date(2026, 10, 31)) == 9000


def test_a_day_on_which_the_clocks_go_back_may_be_offline_for_25_hours(recording: Recording) -> None:
    recording.connection.silent()
    for _ in range(40):
        recording.recorder.write()
        recording.clock.advance(3600)
    recording.connection.answered()
    recording.recorder.write()
    assert recording.rows.offline_seconds(date(2026, 10, 25), date(2026, 10, 25)) == 25 * 3600


def test_what_was_never_watched_is_not_known(recording: Recording) -> None:
    assert recording.rows.offline_seconds(date(2026, 10, 24), date(2026, 10, 24)) is None
    recording.recorder.write()
    assert recording.rows.offline_seconds(date(2026, 10, 24), date(2026, 10, 24)) == 0
    assert recording.rows.offline_seconds(date(2026, 10, 1), date(2026, 10, 23)) is None


def test_a_killed_process_leaves_its_spell_to_the_next_start(recording: Recording) -> None:
    recording.connection.silent()
    recording.recorder.write()
    recording.clock.advance(600)
    recording.recorder.write()
    recording.clock.advance(45)
    recording.kill()
    recording.clock.advance(8 * 3600)
    recording.open()
    assert spells(recording) == [(SpellState.CUT_SHORT, 600_000)], "the night was nobody's outage"
    assert sum(recording.days().values()) == 600_000
    recording.kill()
    recording.open()
    assert spells(recording) == [(SpellState.CUT_SHORT, 600_000)], "once"


def test_a_sale_is_proof_of_life(recording: Recording) -> None:
    recording.connection.silent()
    recording.recorder.write()
    recording.clock.advance(50)
    made = replace(sale(1), at=recording.clock.now())
    recording.journal.commit_sale(made, [effect(EffectKind.SALE, 1)])
    recording.kill()
    recording.clock.advance(3600)
    recording.open()
    assert spells(recording) == [(SpellState.CUT_SHORT, 50_000)]


def test_a_sale_of_another_run_is_no_proof(recording: Recording) -> None:
    recording.connection.silent()
    recording.recorder.write()
    recording.journal.note("s", "later", "", recording.clock.now() + timedelta(hours=3))
    recording.kill()
    recording.open()
    assert spells(recording) == [(SpellState.CUT_SHORT, 0)]


def test_a_till_closed_while_offline_ends_the_spell(recording: Recording) -> None:
    recording.connection.silent()
    recording.clock.advance(90)
    recording.recorder.close()
    assert spells(recording) == [(SpellState.ENDED, 90_000)]


def test_changes_wake_whoever_writes_and_write_nothing_themselves(recording: Recording) -> None:
    recording.connection.silent()
    recording.connection.silent()
    recording.connection.answered()
    assert recording.woken == 2, "once for each change"
    assert spells(recording) == []
    recording.recorder.write()
    assert spells(recording) == [(SpellState.ENDED, 0)]


def test_a_full_disk_loses_no_spell(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    recording.times.note(0.12, answered=True)
    recording.connection.silent()
    with monkeypatch.context() as patch:
        patch.setattr(recording.journal.database, "writing", full)
        with pytest.raises(KnownError):
            recording.recorder.write()
    recording.clock.advance(60)
    recording.connection.answered()
    recording.recorder.write()
    assert spells(recording) == [(SpellState.ENDED, 60_000)]
    assert sum(recording.rows.calls(date(2026, 10, 1), date(2026, 10, 31)).values()) == 1


def full() -> object:
    raise KnownError("The disk is full. This was not saved. Free space, then try again.")


def test_written_twice_it_counts_once(recording: Recording) -> None:
    """Whether a commit took hold may be unknown; then the same is written again."""
    number = recording.rows.begin_spell(EVENING)
    assert recording.rows.begin_spell(EVENING) == number
    days = {date(2026, 10, 24): 5000}
    for _ in range(2):
        recording.rows.grow_spell(number, 5000, days, EVENING)
    for _ in range(2):
        recording.rows.end_spell(number, 7000, {date(2026, 10, 24): 2000}, EVENING)
    recording.rows.grow_spell(number, 9000, {date(2026, 10, 24): 2000}, EVENING)
    assert recording.days() == {date(2026, 10, 24): 7000}
    assert spells(recording) == [(SpellState.ENDED, 7000)]


def test_answers_are_counted_by_the_shops_day_and_hour(recording: Recording) -> None:
    recording.times.note(0.12, answered=True)
    recording.times.note(0.121, answered=True)
    recording.times.note(3, answered=False)
    recording.times.note(0.0001, answered=True)  # never left this computer
    recording.recorder.write()
    recording.clock.advance(2 * 3600)
    recording.times.note(0.3, answered=True)
    recording.recorder.write()
    recording.times.note(0.3, answered=True)
    recording.recorder.write()
    first, second = date(2026, 10, 24), date(2026, 10, 25)
    assert recording.rows.calls(first, second) == {
        HourBucket(first, 22, bucket_of(0.12)): 2,
        HourBucket(first, 22, UNANSWERED): 1,
        HourBucket(second, 0, bucket_of(0.3)): 2,
    }
    assert set(recording.rows.calls(second, second)) == {HourBucket(second, 0, bucket_of(0.3))}


def test_what_is_old_is_let_go(recording: Recording) -> None:
    recording.times.note(0.12, answered=True)
    recording.connection.silent()
    recording.clock.advance(60)
    recording.connection.answered()
    recording.recorder.write()
    recording.clock.advance(400 * 86400)
    recording.recorder.forget()
    assert spells(recording), "400 days ago is not longer than 400 days ago"
    recording.clock.advance(86400)
    recording.recorder.forget()
    assert (spells(recording), recording.days()) == ([], {})
    assert recording.rows.calls(date(2026, 1, 1), date(2028, 1, 1)) == {}


class Spells(RuleBasedStateMachine):
    """A till whose connection, clock and process do as they like, beside a model that counts each second."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.recording = Recording(Path(self.folder.name) / "till.sqlite", EVENING)
        self.model: Counter[date] = Counter()
        self.unsure: Counter[date] = Counter()

    @rule(seconds=st.sampled_from([1, 7, 59, 61, 3600, 40_000]))
    def time_passes(self, seconds: int) -> None:
        recording = self.recording
        if not recording.connection.online:
            recording.recorder.write()  # so that all is laid on the calendar by the clock as it is now
            self.settle()
            for second in range(seconds):
                at = recording.clock.now() + timedelta(seconds=second)
                self.unsure[at.astimezone(ZONE).date()] += 1000
        recording.clock.advance(seconds)

    @rule(offline=st.booleans())
    def connection_changes(self, offline: bool) -> None:  # noqa: FBT001 - Hypothesis
        if offline:
            self.recording.connection.silent()
        else:
            self.recording.connection.answered()

    @rule()
    def somebody_writes(self) -> None:
        self.recording.recorder.write()
        self.settle()

    @rule(seconds=st.sampled_from([-400 * 86400, -3600, 5, 90_000, 400 * 86400]))
    def clock_is_set(self, seconds: int) -> None:
        self.recording.recorder.write()
        self.settle()
        self.recording.clock.jump(seconds)

    @rule(hours=st.integers(0, 30))
    def process_is_killed(self, hours: int) -> None:
        self.recording.kill()
        self.unsure.clear()  # nobody wrote it down
        self.recording.clock.advance(hours * 3600)
        self.recording.open()

    @precondition(lambda self: not self.recording.connection.online)
    @rule()
    def till_is_closed_and_opened(self) -> None:
        self.recording.recorder.close()
        self.settle()
        self.recording.kill()
        self.recording.open()

    def settle(self) -> None:
        self.model += self.unsure
        self.unsure.clear()

    @invariant()
    def the_books_are_as_the_model(self) -> None:
        recording = self.recording
        if not self.unsure:
            assert recording.days() == dict(self.model)
        with recording.journal.database.reading() as connection:
            total, least = connection.execute(
                "SELECT coalesce(sum(milliseconds), 0), coalesce(min(milliseconds), 0) FROM offline_spell"
            ).fetchone() or (0, 0)
        assert total == sum(recording.days().values()), "spells and days say the same"
        assert int(str(least)) >= 0

    def teardown(self) -> None:
        self.recording.kill()
        self.folder.cleanup()


TestSpells = Spells.TestCase
TestSpells.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_the_model_catches_a_recorder_that_trusts_the_wall_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the wall clock for a stopwatch, a clock set back makes a spell absurd."""
    made = Recording(tmp_path / "till.sqlite", EVENING)
    with closing(made.journal):
        monkeypatch.setattr(made.clock, "monotonic", lambda: made.clock.now().timestamp())
        made.connection.silent()
        made.recorder.write()
        made.clock.jump(90_000)
        made.connection.answered()
        made.recorder.write()
        assert sum(made.days().values()) == 90_000_000


def test_a_negative_spell_is_forbidden_by_the_database(recording: Recording) -> None:
    with recording.journal.database.reading() as connection, pytest.raises(apsw.ConstraintError):
        connection.execute("INSERT INTO offline_day VALUES ('2026-10-24', -1)")


@pytest.mark.expects_log("the sales database was damaged")
def test_a_rescue_keeps_what_the_backup_knows(recording: Recording) -> None:
    recording.journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    recording.times.note(0.12, answered=True)
    recording.connection.silent()
    recording.clock.advance(60)
    recording.recorder.write()
    recording.journal.back_up(recording.clock.now())
    calls = recording.rows.calls(date(2026, 10, 1), date(2026, 10, 31))
    recording.kill()
    recording.path.write_bytes(recording.path.read_bytes()[:4000])
    open_journal(recording.path, "2", recording.clock.now()).close()
    recording.open()
    assert spells(recording) == [(SpellState.CUT_SHORT, 60_000)]
    assert recording.days() == {date(2026, 10, 24): 60_000}
    assert recording.rows.calls(date(2026, 10, 1), date(2026, 10, 31)) == calls != {}
