"""Points that expired: told by the reference server, counted by a till exactly once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.backends.contract import ContractBackend
from cashier_app.config import till_settings
from cashier_app.demo import api
from cashier_app.demo.server import DemoServer
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.domain.acts import Act
from cashier_app.domain.lapsed import LapsedAnswer, LapsedPoints, LapsedRead, PlaceUnknown
from cashier_app.domain.outcome import Unknown
from cashier_app.errors import KnownError
from cashier_app.ledger_section import LedgerSection
from cashier_app.services.lapsed_points import READ_EVERY_SECONDS, LapsedReader
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.lapsed_rows import SqliteLapsed
from tests.contract.support import RawServer, answer
from tests.fakes.backend import CAPABILITIES, FakeBackend
from tests.fakes.clock import FakeClock
from tests.fakes.counter import SETTINGS
from tests.fakes.shop import COINS, ZONE

NEVER = threading.Event()
TODAY = date(2026, 11, 20)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def server(clock: FakeClock) -> Iterator[DemoServer]:
    with DemoServer(clock=clock) as running:
        yield running


@pytest.fixture
def backend(server: DemoServer) -> Iterator[ContractBackend]:
    with closing(ContractBackend(server.base_url, server.token)) as opened:
        yield opened


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2", zone=ZONE)) as opened:
        yield opened


def lapse(server: DemoServer, units: int, times: int = 1) -> None:
    """Let points of a member expire now."""
    ledger = server.ledger
    with ledger.transaction():
        for _ in range(times):
            count = len(ledger.rows("SELECT 1 FROM movements"))
            ledger.move(f"made-up-{count}", "lapse", "mem-priya", -units, at=server.clock.now())


def counted(journal: SqliteJournal) -> dict[str, int]:
    """Return whole points by day, as they stand in the figures."""
    with journal.database.reading() as connection:
        rows = connection.execute("SELECT day, lapsed FROM day_figure WHERE split = '' AND lapsed <> 0")
        return {str(day): int(str(units)) // 10_000 for day, units in rows}


def reader(backend: object, journal: SqliteJournal, clock: FakeClock) -> LapsedReader:
    return LapsedReader(backend, SqliteLapsed(journal), clock, SETTINGS)  # type: ignore[arg-type]


def test_points_of_a_member_nobody_asks_about_expire_too(
    server: DemoServer, backend: ContractBackend, clock: FakeClock
) -> None:
    first = backend.lapsed("", TODAY)
    assert isinstance(first, LapsedRead)
    clock.advance(30 * 86400)
    read = backend.lapsed(first.after, TODAY)
    assert isinstance(read, LapsedRead)
    due = server.ledger.rows("SELECT sum(units) FROM movements WHERE kind = 'lapse' AND at >= '2026-11-20'")
    assert -sum(one.points for one in read.lapsed) == due[0][0] < 0


def test_pages_tell_each_once(
    server: DemoServer, backend: ContractBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "LAPSED_A_PAGE", 3)
    lapse(server, 1, times=7)
    told, after, more = [], "", True
    while more:
        page = backend.lapsed(after, TODAY)
        assert isinstance(page, LapsedRead)
        assert len(page.lapsed) <= 3
        told += page.lapsed
        after, more = page.after, page.more
    assert len({one.reference for one in told}) == len(told) == 7


def test_what_lapsed_before_the_first_day_is_never_told(
    server: DemoServer, backend: ContractBackend, clock: FakeClock
) -> None:
    lapse(server, 5)
    clock.advance(86400)
    tomorrow = TODAY + timedelta(days=1)
    first = backend.lapsed("", tomorrow)
    assert isinstance(first, LapsedRead)
    assert first.lapsed == ()
    assert backend.lapsed(first.after, tomorrow) == LapsedRead((), first.after)


def test_a_till_counts_each_lapse_once_however_often_it_reads(
    server: DemoServer, backend: ContractBackend, journal: SqliteJournal, clock: FakeClock
) -> None:
    lapses = reader(backend, journal, clock)
    lapse(server, 12)
    lapse(server, 30)
    assert lapses.read(NEVER)
    assert lapses.read(NEVER)
    assert reader(backend, journal, clock).read(NEVER), "after a restart, too"
    clock.advance(86400)
    lapse(server, 5)
    lapses.read_when_due(NEVER)
    lapses.read_when_due(NEVER)
    assert counted(journal) == {"2026-11-20": 42, "2026-11-21": 5}
    assert journal.figures_apart() == []
    assert journal.first_broken_audit_row() is None


def test_it_asks_once_an_hour(backend: ContractBackend, journal: SqliteJournal, clock: FakeClock) -> None:
    asked = []
    lapses = reader(backend, journal, clock)
    lapses.read = lambda stop: asked.append(stop) or True  # type: ignore[method-assign,func-returns-value]
    for _ in range(int(2 * READ_EVERY_SECONDS / 60)):
        lapses.read_when_due(NEVER)
        clock.advance(60)
    assert len(asked) == 2


@pytest.mark.parametrize("written", [False, True])
def test_killed_at_any_page_nothing_is_counted_twice_or_left_out(
    server: DemoServer,
    backend: ContractBackend,
    journal: SqliteJournal,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    written: bool,  # noqa: FBT001 - pytest
) -> None:
    monkeypatch.setattr(api, "LAPSED_A_PAGE", 2)
    for page in range(1, 5):
        lapse(server, 1, times=9)
        killed = LapsedReader(backend, Failing(journal, page, written=written), clock, SETTINGS)
        with pytest.raises(KnownError, match="killed"):
            killed.read(NEVER)
    reader(backend, journal, clock).read(NEVER)
    assert counted(journal) == {"2026-11-20": 36}
    assert journal.figures_apart() == []


class Failing(SqliteLapsed):
    """A book whose process is killed at the n-th page, when it is written or just before."""

    def __init__(self, journal: SqliteJournal, page: int, *, written: bool) -> None:
        super().__init__(journal)
        self._left = page
        self._written = written

    def count(self, acts: Sequence[Act], after: str) -> None:
        self._left -= 1
        if self._written or self._left:
            super().count(acts, after)
        if not self._left:
            raise KnownError("killed")


def test_a_book_that_keeps_its_place_apart_is_caught(
    server: DemoServer, backend: ContractBackend, journal: SqliteJournal, clock: FakeClock
) -> None:
    """The control: killed between the count and the place, such a till counts twice."""

    class Apart(SqliteLapsed):
        def after(self) -> str:
            return ""

    lapse(server, 10)
    for _ in range(2):
        LapsedReader(backend, Apart(journal), clock, SETTINGS).read(NEVER)
    assert counted(journal) == {"2026-11-20": 20}


@pytest.mark.expects_log("begun anew")
def test_books_begun_anew_are_read_from_today(
    backend: ContractBackend,
    journal: SqliteJournal,
    server: DemoServer,
    clock: FakeClock,
) -> None:
    lapse(server, 10, times=30)
    reader(backend, journal, clock).read(NEVER)
    with DemoServer(clock=clock) as anew, closing(ContractBackend(anew.base_url, anew.token)) as other:
        lapses = reader(other, journal, clock)
        assert isinstance(other.lapsed(SqliteLapsed(journal).after(), TODAY), PlaceUnknown)
        lapse(anew, 7)
        assert lapses.read(NEVER)
        assert lapses.read(NEVER)
    assert counted(journal) == {"2026-11-20": 307}


class Telling(FakeBackend):
    """A backend that tells of one absurd lapse."""

    at = datetime(9000, 1, 1, tzinfo=UTC)

    def lapsed(self, after: str, since: date) -> LapsedAnswer:
        return LapsedRead(
            (LapsedPoints("x", Decimal(-4), self.at), LapsedPoints("y", Decimal(3), self.at)),
            "1",
            more=True,
        )


def test_an_absurd_time_counts_now_and_a_page_that_leads_nowhere_ends(
    journal: SqliteJournal, clock: FakeClock
) -> None:
    assert reader(Telling(clock, COINS, can=CAPABILITIES), journal, clock).read(NEVER)
    assert set(counted(journal)) == {"2026-11-20"}


NONSENSE = [
    {},
    {"after": ""},
    {"after": "a b"},
    {"lapsed": [{"reference": "x", "points": "-1", "at": "2026-11-20T00:00:00Z"}]},
    {"lapsed": [{"reference": "x", "points": "1e9", "at": "2026-11-20T00:00:00Z"}]},
    {"lapsed": [{"reference": "x", "points": "1", "at": "0001-01-01T00:00:00+14:00"}]},
    {"lapsed": [{"reference": "x", "points": "1", "at": "2026-11-20"}]},
    {"lapsed": [{"reference": "x y", "points": "1", "at": "2026-11-20T00:00:00Z"}]},
]


@pytest.mark.parametrize("body", NONSENSE)
def test_nonsense_counts_nothing(body: dict[str, object], server: DemoServer) -> None:
    told = json.dumps({"lapsed": [], "after": "1", "more": False} | body if body else {}).encode()
    with (
        RawServer(answer(told)) as strange,
        closing(ContractBackend(strange.base_url, server.token)) as adapter,
    ):
        assert isinstance(adapter.lapsed("", TODAY), Unknown)


def test_of_tills_that_share_a_ledger_only_the_one_named_counts(
    server: DemoServer, backend: ContractBackend, journal: SqliteJournal, clock: FakeClock
) -> None:
    lapse(server, 12)
    settings = replace(SETTINGS, counts_expired=False)
    LapsedReader(backend, SqliteLapsed(journal), clock, settings).read_when_due(NEVER)
    assert counted(journal) == {}


@pytest.mark.parametrize(
    ("ledger", "counts"),
    [
        (LedgerSection(), True),
        (LedgerSection(url="postgresql://till@localhost/ledger"), False),
        (LedgerSection(url="postgresql://till@localhost/ledger", tells_expired=True), True),
    ],
)
def test_without_a_ledger_every_till_counts_for_itself(ledger: LedgerSection, counts: bool) -> None:  # noqa: FBT001
    assert till_settings(replace(DEMO_CONFIG, ledger=ledger)).counts_expired is counts
