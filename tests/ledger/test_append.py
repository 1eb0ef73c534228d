"""The ledger's own rules: order, no gap, no repeat, first sales, months, and two tills at once."""

from __future__ import annotations

import json
import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cashier_app.domain.figures import Figures
from cashier_app.ledger.checking import check
from tests.fakes.chain_till import ChainTill
from tests.fakes.ledger_truth import wrongs
from tests.fakes.ledgers import FIRST, LAST, Ledger
from tests.fakes.postgres_server import MANAGER, TILL

START = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
MEMBER = "00000000-0000-4000-8000-00000000000a"


class RawTill:
    """A till that speaks to the ledger without any of our own code, and may say anything."""

    def __init__(self, ledger: Ledger, till: str = "1", store: str = "Jayanagar") -> None:
        self.line = str(uuid.uuid4())
        self._connection = psycopg.connect(ledger.address(TILL).url, password="till-secret", autocommit=True)
        self._connection.execute("SELECT * FROM ledger.open_feed(%s, %s, %s)", (self.line, store, till))
        self._till = till

    def row(self, sequence: int, **told: object) -> dict[str, Any]:
        """Return one movement: a sale at half past nine, unless something else is told."""
        return {
            "sequence": sequence,
            "day": "2026-11-20",
            "act": f"{self.line[:8]}-{sequence}",
            "at": "2026-11-20T04:00:00Z",
            "hour": 9,
            "currency": "INR",
            "till": self._till,
            "staff": "meera",
            "tier": "",
            "way": "phone",
            "restated": False,
            "whole": True,
            "sales": 1,
            "bill": 100,
        } | told

    def append(self, rows: list[dict[str, Any]], first: int | None = None) -> int:
        """Append movements and return how far the line is then."""
        start = rows[0]["sequence"] if first is None else first
        values = (self.line, start, f"mark {start}", json.dumps(rows))
        row = self._connection.execute("SELECT ledger.append(%s, %s, %s, %s)", values).fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def raw(ledger: Ledger) -> Iterator[RawTill]:
    with closing(RawTill(ledger)) as till:
        yield till


def bills(ledger: Ledger) -> list[int]:
    return [row["bill"] for row in ledger.run("SELECT bill FROM ledger.movement ORDER BY sequence")]


def test_movements_are_taken_in_order(raw: RawTill, ledger: Ledger) -> None:
    assert raw.append([raw.row(1), raw.row(2)]) == 2
    assert raw.append([raw.row(3)]) == 3
    assert len(bills(ledger)) == 3


def test_what_was_taken_is_passed_over_when_it_comes_again(raw: RawTill, ledger: Ledger) -> None:
    batch = [raw.row(1), raw.row(2)]
    raw.append(batch)
    assert raw.append(batch) == 2
    assert raw.append([raw.row(2, bill=999), raw.row(3)]) == 3
    assert bills(ledger) == [100, 100, 100]
    assert ledger.recomputed().total.sales == 3


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ([2], None),  # the first one is missing
        ([1, 3], None),  # one in the middle
        ([2, 1], 1),  # the wrong way round is put right
        ([1, 1], 1),  # twice the same
        ([1, 2], 0),
        ([], 1),
    ],
)
def test_a_gap_or_a_repeat_inside_a_batch_is_refused_whole(
    raw: RawTill, ledger: Ledger, rows: list[int], first: int | None
) -> None:
    told = [raw.row(sequence) for sequence in rows]
    if rows == [2, 1]:
        assert raw.append(told, first) == 2
        return
    with pytest.raises(psycopg.errors.DatabaseError) as refusal:
        raw.append(told, first)
    assert str(refusal.value.sqlstate).startswith("CL")
    assert bills(ledger) == []
    assert ledger.run("SELECT last_sequence FROM ledger.feed") == [{"last_sequence": 0}]


def test_a_line_nobody_opened_takes_nothing(raw: RawTill) -> None:
    raw.line = str(uuid.uuid4())
    with pytest.raises(psycopg.errors.DatabaseError) as refusal:
        raw.append([raw.row(1)])
    assert refusal.value.sqlstate == "CL001"


def test_a_line_belongs_to_one_till(raw: RawTill) -> None:
    with pytest.raises(psycopg.errors.DatabaseError) as refusal:
        raw._connection.execute("SELECT * FROM ledger.open_feed(%s, 'Jayanagar', '7')", (raw.line,))
    assert refusal.value.sqlstate == "CL001"


def test_two_thousand_movements_are_the_most_at_once(raw: RawTill) -> None:
    assert raw.append([raw.row(number) for number in range(1, 2001)]) == 2000
    with pytest.raises(psycopg.errors.DatabaseError, match="1 to 2000"):
        raw.append([raw.row(number) for number in range(2001, 4002)])


@pytest.mark.parametrize(
    "told", [{"hour": 24}, {"currency": "RUPEES AND MORE"}, {"staff": "x" * 65}, {"day": None}, {"act": ""}]
)
def test_what_no_till_of_ours_says_is_refused(raw: RawTill, ledger: Ledger, told: dict[str, Any]) -> None:
    with pytest.raises(psycopg.errors.IntegrityError):
        raw.append([raw.row(1, **told)])
    assert bills(ledger) == []


def test_told_again_as_it_stands_only_the_difference_counts(raw: RawTill, ledger: Ledger) -> None:
    raw.append([raw.row(1, act="sale"), raw.row(2, act="sale", sales=0, bill=0, waiting_earned=10000)])
    with closing(RawTill(ledger)) as anew:
        as_it_stands = {"act": "sale", "restated": True, "tenths": 55, "timed_sales": 1}
        anew.append([anew.row(1, **as_it_stands, earned=10000, staff="arjun")])
    shown = ledger.figures()
    found = shown.figures(FIRST, LAST)
    shown.close()
    assert found.total == ledger.recomputed().total
    assert (found.total.sales, found.total.bill) == (1, 100)
    assert (found.total.waiting_earned, found.total.earned) == (0, 1)
    assert found.times.median == 55
    # What was told first says where it counts.
    assert set(found.times_by_staff) == {"meera"}


def test_the_first_sale_of_a_member_is_the_earliest_however_late_it_comes(ledger: Ledger) -> None:
    with closing(RawTill(ledger, "1")) as first, closing(RawTill(ledger, "2")) as second:
        late = {"member": MEMBER, "at": "2026-11-20T09:00:00Z", "hour": 14, "known_sales": 1}
        early = {"member": MEMBER, "at": "2026-11-18T09:00:00Z", "day": "2026-11-18", "known_sales": 1}
        first.append([first.row(1, **late)])
        assert _firsts(ledger) == {("2026-11-20", "1"): 1}
        second.append([second.row(1, **early)])
        assert _firsts(ledger) == {("2026-11-18", "2"): 1}
        first.append([first.row(2, **late)])
        assert _firsts(ledger) == {("2026-11-18", "2"): 1}
    with closing(RawTill(ledger, "1", "Malleswaram")) as elsewhere:
        elsewhere.append([elsewhere.row(1, **late)])
    assert ledger.recomputed().total.first_sales == 2
    assert check(ledger.address(MANAGER)).problems == ()


def _firsts(ledger: Ledger) -> dict[tuple[str, str], int]:
    rows = ledger.run(
        "SELECT day, till.name, sum(first_sales)::int AS n "
        "FROM ledger.day_figure JOIN ledger.till USING (till_id) WHERE split = 'staff' "
        "GROUP BY 1, 2 HAVING sum(first_sales) <> 0"
    )
    return {(str(row["day"]), row["name"]): row["n"] for row in rows}


def test_each_month_has_a_partition_and_the_default_stays_empty(raw: RawTill, ledger: Ledger) -> None:
    days = ["2026-01-31", "2026-02-01", "2024-02-29"]
    raw.append([raw.row(number, day=day) for number, day in enumerate(days, 1)])
    names = "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = %s::regclass"
    made = {row["name"] for row in ledger.run(names, "ledger.movement")}
    assert {f"ledger.movement_{month}" for month in ("2026_01", "2026_02", "2024_02", "2024_03")} <= made
    assert ledger.run("SELECT 1 FROM ledger.movement_other") == []
    rows = ledger.run("SELECT tableoid::regclass::text AS name, day FROM ledger.movement ORDER BY day")
    assert [row["name"] for row in rows] == [
        "ledger.movement_2024_02",
        "ledger.movement_2026_01",
        "ledger.movement_2026_02",
    ]


def test_a_day_no_calendar_has_is_kept_counted_and_said(raw: RawTill, ledger: Ledger) -> None:
    raw.append([raw.row(1, day="2099-05-05"), raw.row(2, day="1999-05-05")])
    found = check(ledger.address(MANAGER))
    assert any("no calendar has" in word for word in found.problems)
    assert sum(one.sales for one in ledger.recomputed().by_day.values()) == 2


def test_what_came_before_its_month_moves_there(raw: RawTill, ledger: Ledger) -> None:
    """A till whose calendar was ahead has filled the default partition: its months can still be made."""
    ahead = datetime.now(UTC).date() + timedelta(days=130)
    raw.append([raw.row(1, day=ahead.isoformat())])
    assert len(ledger.run("SELECT 1 FROM ledger.movement_other")) == 1
    body = ledger.run("SELECT pg_get_functiondef('ledger.make_partitions'::regproc) AS body")[0]["body"]
    ledger.run(body.replace("current_date + 62", "current_date + 300").replace("%", "%%"))
    raw.append([raw.row(2, day=ahead.isoformat())])
    assert ledger.run("SELECT 1 FROM ledger.movement_other") == []
    assert ledger.recomputed().total.sales == 2


def test_months_that_were_put_away_still_count_and_are_never_told_again(raw: RawTill, ledger: Ledger) -> None:
    raw.append([raw.row(number, day=f"2026-0{number}-15", act=f"act-{number}") for number in range(1, 6)])
    before = _total(ledger)
    assert ledger.run("SELECT ledger.put_away('2026-04-20') AS n")[0]["n"] >= 3
    assert len(ledger.run("SELECT 1 FROM ledger.movement")) == 2
    assert _total(ledger) == before
    with closing(RawTill(ledger)) as anew:
        again = [anew.row(n, day=f"2026-0{n}-15", act=f"act-{n}", restated=True) for n in range(1, 6)]
        assert anew.append(again) == 5
        assert _total(ledger) == before
        # What happens now to a sale of then is news all the same.
        anew.append([anew.row(6, day="2026-01-15", act="act-1", sales=0, bill=0, earned=10000)])
    assert _total(ledger).earned == 1
    assert check(ledger.address(MANAGER)).problems == ()


def _total(ledger: Ledger) -> Figures:
    manager = ledger.figures()
    with closing(manager):
        return manager.figures(FIRST, LAST).total


def test_two_tills_that_see_the_same_members_at_once(ledger: Ledger, tmp_path: Path) -> None:
    tills = [
        ChainTill(tmp_path / number, "Jayanagar", number, random.Random(int(number))) for number in "1234"
    ]
    for till in tills:
        till.delivery(ledger.line()).prepare()
        till.live(START, 40)
    together = threading.Barrier(len(tills))

    def deliver(till: ChainTill) -> None:
        together.wait()
        till.deliver(ledger.line())

    threads = [threading.Thread(target=deliver, args=(till,)) for till in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrongs(ledger, tills) == []
    for till in tills:
        till.journal.close()


def test_one_till_waits_for_no_other(ledger: Ledger) -> None:
    """While one till's transaction is open, another's goes through: they share no row."""
    with closing(RawTill(ledger, "1")) as first, closing(RawTill(ledger, "2")) as second:
        first.append([first.row(1)])
        second.append([second.row(1)])
        first._connection.autocommit = False
        first.append([first.row(2)])
        second._connection.execute("SET lock_timeout = '200ms'")
        assert second.append([second.row(2)]) == 2
        first._connection.rollback()
    assert ledger.recomputed().total.sales == 3
    assert check(ledger.address(MANAGER)).problems == ()
