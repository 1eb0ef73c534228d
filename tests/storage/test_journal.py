"""The journal: every move one transaction, nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from cashier_app.domain.member import Account, Lapse, Member, TierStanding
from cashier_app.domain.money import Money, zero
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import FORWARD, EffectKind, EffectState, Sale, SaleState
from cashier_app.ports.journal import DayFigures, EffectRow, QueueCounts
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id
from tests.fakes.shop import RUPEE

BOOKED = Booked("hold-1", Decimal(1040), Decimal(200), START + timedelta(minutes=15))
ZONE = ZoneInfo("Asia/Kolkata")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "till.sqlite", "2", zone=ZONE)
    yield opened
    opened.close()


def only(rows: list[EffectRow]) -> EffectRow:
    (row,) = rows
    return row


def commit(journal: SqliteJournal, count: int, member_id: str = "m-1", at: datetime = START) -> Sale:
    """Commit the n-th sale, with its one effect where there is a member."""
    effects = [effect(EffectKind.SALE, count, member_id=member_id, at=at)] if member_id else []
    return journal.commit_sale(sale(count, member_id=member_id, at=at), effects)


def send(journal: SqliteJournal, count: int, state: EffectState, **more: datetime) -> None:
    """Send the n-th sale's effect, with this result."""
    key = effect(EffectKind.SALE, count).key
    journal.move(key, EffectState.SENDING, answer="", at=START)
    journal.move(key, state, answer=state.value, at=START, **more)  # type: ignore[arg-type]


# Holding.
def test_a_hold_is_written_down_before_it_is_asked_for(journal: SqliteJournal) -> None:
    journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    row = only(journal.drafts())
    assert row.state is EffectState.SENDING
    assert journal.interrupted() == [row]
    assert journal.sale(sale_id(1)) is None
    assert journal.counts() == QueueCounts(0, 0)


@pytest.mark.parametrize(
    ("booked", "answer", "state"),
    [
        (BOOKED, "held", EffectState.POSTED),
        (None, "balance_too_low", EffectState.DROPPED),
        (None, "unknown", EffectState.UNKNOWN),
    ],
)
def test_how_a_hold_went(
    journal: SqliteJournal, booked: Booked | None, answer: str, state: EffectState
) -> None:
    journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    journal.reservation_made(sale_id(1), booked, answer)
    row = only(journal.drafts())
    assert (row.state, row.booked, row.last_answer) == (state, booked, answer)


def test_a_hold_needs_its_draft(journal: SqliteJournal) -> None:
    with pytest.raises(ValueError, match="needs its draft"):
        journal.reservation_made(sale_id(1), BOOKED, "held")


def test_an_abandoned_draft_leaves_its_release(journal: SqliteJournal) -> None:
    journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    journal.reservation_made(sale_id(1), BOOKED, "held")
    for _ in range(2):
        journal.abandon_draft(sale_id(1), effect(EffectKind.RELEASE), "went back")
    assert journal.drafts() == []
    assert [row.effect.kind for row in journal.effects_of(sale_id(1))] == [
        EffectKind.RESERVE,
        EffectKind.RELEASE,
    ]
    with pytest.raises(ValueError, match="abandoned"):
        journal.commit_sale(sale(1), [])


def test_a_committed_sale_is_not_abandoned(journal: SqliteJournal) -> None:
    commit(journal, 1)
    journal.abandon_draft(sale_id(1), effect(EffectKind.RELEASE), "too late")
    assert [row.effect.kind for row in journal.effects_of(sale_id(1))] == [EffectKind.SALE]


# Committing.
def test_a_sale_and_its_effects_come_back_as_they_were(journal: SqliteJournal) -> None:
    journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    journal.reservation_made(sale_id(1), BOOKED, "held")
    capture = effect(EffectKind.CAPTURE, reservation="hold-1")
    committed = journal.commit_sale(sale(1), [capture, effect(EffectKind.SALE)])
    assert committed == replace(sale(1), number="2-0001")
    assert journal.sale(sale_id(1)) == (committed, SaleState.COMMITTED)
    rows = journal.effects_of(sale_id(1))
    assert [row.effect for row in rows] == [effect(EffectKind.RESERVE), capture, effect(EffectKind.SALE)]
    assert rows[1].state is EffectState.WAITING
    assert rows[1].attempts == 0
    assert journal.drafts() == []


def test_committing_twice_is_one_sale(journal: SqliteJournal) -> None:
    first = commit(journal, 1)
    later = replace(sale(1, at=START + timedelta(hours=1)), points_used=Decimal(1))
    assert journal.commit_sale(later, [effect(EffectKind.SALE)]) == first
    assert len(journal.effects_of(sale_id(1))) == 1
    assert len(journal.recent(5)) == 1


def test_numbers_have_no_gap(journal: SqliteJournal) -> None:
    journal.open_draft(sale_id(9), effect(EffectKind.RESERVE, 9))
    journal.abandon_draft(sale_id(9), None, "went back")
    assert [commit(journal, count).number for count in (1, 2, 3)] == ["2-0001", "2-0002", "2-0003"]
    assert commit(journal, 12345).number == "2-0004"


def test_a_sale_that_cannot_be_written_whole_is_not_written(journal: SqliteJournal) -> None:
    commit(journal, 1)
    with pytest.raises(Exception, match="UNIQUE"):
        journal.commit_sale(sale(2), [effect(EffectKind.SALE, 2), effect(EffectKind.SALE, 1)])
    assert journal.sale(sale_id(2)) is None
    assert journal.effects_of(sale_id(2)) == []
    assert journal.first_broken_audit_row() is None


# Moving.
@pytest.mark.parametrize(("before", "after"), list(product(EffectState, EffectState)))
def test_states_move_only_forward(journal: SqliteJournal, before: EffectState, after: EffectState) -> None:
    ways: dict[EffectState, list[EffectState]] = {
        EffectState.WAITING: [],
        EffectState.SENDING: [EffectState.SENDING],
        EffectState.UNKNOWN: [EffectState.SENDING, EffectState.UNKNOWN],
        EffectState.POSTED: [EffectState.SENDING, EffectState.POSTED],
        EffectState.NEEDS_ATTENTION: [EffectState.SENDING, EffectState.NEEDS_ATTENTION],
        EffectState.DROPPED: [EffectState.DROPPED],
    }
    commit(journal, 1)
    key = effect(EffectKind.SALE).key
    for state in ways[before]:
        journal.move(key, state, answer="", at=START)
    if after in FORWARD[before]:
        journal.move(key, after, answer="moved", at=START)
        assert only(journal.effects_of(sale_id(1))).state is after
    else:
        with pytest.raises(ValueError, match="cannot go"):
            journal.move(key, after, answer="moved", at=START)
        assert only(journal.effects_of(sale_id(1))).state is before


def test_an_unknown_key_is_a_bug(journal: SqliteJournal) -> None:
    with pytest.raises(ValueError, match="no such effect"):
        journal.move("nobody", EffectState.SENDING, answer="", at=START)


def test_attempts_answers_and_times_are_kept(journal: SqliteJournal) -> None:
    commit(journal, 1)
    key, later = effect(EffectKind.SALE).key, START + timedelta(seconds=5)
    journal.move(key, EffectState.SENDING, answer="", at=START)
    journal.move(key, EffectState.UNKNOWN, answer="no answer", at=later, next_attempt_at=later)
    row = only(journal.effects_of(sale_id(1)))
    assert (row.attempts, row.last_attempt_at, row.next_attempt_at) == (1, START, later)
    again = later + timedelta(seconds=5)
    journal.postpone(key, answer="still none", at=later, next_attempt_at=again)
    row = only(journal.effects_of(sale_id(1)))
    assert (row.attempts, row.last_attempt_at, row.next_attempt_at) == (2, later, again)
    assert (row.state, row.last_answer) == (EffectState.UNKNOWN, "still none")
    journal.move(key, EffectState.POSTED, answer="posted", at=again, booked=BOOKED)
    assert only(journal.effects_of(sale_id(1))).booked == BOOKED


def test_a_doubt_is_as_old_as_the_first_attempt_nobody_is_sure_of(journal: SqliteJournal) -> None:
    commit(journal, 1)
    key, later = effect(EffectKind.SALE).key, START + timedelta(seconds=5)
    journal.move(key, EffectState.SENDING, answer="", at=START)
    journal.move(key, EffectState.WAITING, answer="certainly not", at=later)
    assert only(journal.effects_of(sale_id(1))).in_doubt_since is None
    for hour in (1, 2):
        at = START + timedelta(hours=hour)
        journal.move(key, EffectState.SENDING, answer="", at=at)
        journal.move(key, EffectState.UNKNOWN, answer="no answer", at=at + timedelta(seconds=8))
    assert only(journal.effects_of(sale_id(1))).in_doubt_since == START + timedelta(hours=1)


def test_only_what_is_in_doubt_is_postponed(journal: SqliteJournal) -> None:
    commit(journal, 1)
    before = only(journal.effects_of(sale_id(1)))
    journal.postpone(before.effect.key, answer="x", at=START, next_attempt_at=START + timedelta(days=1))
    assert only(journal.effects_of(sale_id(1))) == before


# What is due.
def test_one_effect_of_each_account_is_due_oldest_first(journal: SqliteJournal) -> None:
    for count, member in enumerate(["a", "b", "a", "c"], start=1):
        commit(journal, count, member)
    assert [row.effect.member_id for row in journal.due(START, 50)] == ["a", "b", "c"]
    assert len(journal.due(START, 2)) == 2


@pytest.mark.parametrize("state", [EffectState.WAITING, EffectState.UNKNOWN])
def test_nothing_overtakes_an_unfinished_effect_of_its_account(
    journal: SqliteJournal, state: EffectState
) -> None:
    commit(journal, 1)
    commit(journal, 2)
    later = START + timedelta(minutes=5)
    send(journal, 1, state, next_attempt_at=later)
    assert journal.due(START, 50) == []
    assert journal.next_due_at() == later
    assert [row.effect.sale_id for row in journal.due(later, 50)] == [sale_id(1)]


@pytest.mark.parametrize("state", [EffectState.POSTED, EffectState.NEEDS_ATTENTION, EffectState.DROPPED])
def test_what_is_settled_or_parked_lets_the_next_pass(journal: SqliteJournal, state: EffectState) -> None:
    commit(journal, 1)
    commit(journal, 2)
    send(journal, 1, state)
    assert [row.effect.sale_id for row in journal.due(START, 50)] == [sale_id(2)]


def test_people_identified_offline_are_ordered_by_what_was_scanned(journal: SqliteJournal) -> None:
    for count, text in enumerate(["phone:+91", "phone:+91", "wallet:x"], start=1):
        unseen = replace(effect(EffectKind.SALE, count, member_id=""), identified_by=text)
        journal.commit_sale(sale(count), [unseen])
    assert [row.effect.sale_id for row in journal.due(START, 50)] == [sale_id(1), sale_id(3)]


def test_waiting_effects_are_made_due_all_or_one(journal: SqliteJournal) -> None:
    later = START + timedelta(hours=1)
    for count, member in enumerate("abc", start=1):
        commit(journal, count, member)
        send(journal, count, EffectState.WAITING, next_attempt_at=later)
    journal.make_due(effect(EffectKind.SALE, 2).key)
    assert [row.effect.member_id for row in journal.due(START, 50)] == ["b"]
    journal.make_due()
    assert [row.effect.member_id for row in journal.due(START, 50)] == ["a", "b", "c"]


def test_nothing_waits_in_an_empty_journal(journal: SqliteJournal) -> None:
    assert journal.next_due_at() is None
    assert journal.due(START, 50) == []
    assert journal.unsent() == []
    assert journal.recent(3) == []


# The queue as people see it.
def test_unsent_sales_show_what_needs_a_person_first(journal: SqliteJournal) -> None:
    for count, member in enumerate("abcd", start=1):
        commit(journal, count, member)
    commit(journal, 5, "")
    send(journal, 1, EffectState.POSTED)
    send(journal, 3, EffectState.NEEDS_ATTENTION)
    send(journal, 4, EffectState.UNKNOWN)
    assert [one.sale.number for one in journal.unsent()] == ["2-0003", "2-0002", "2-0004"]
    assert len(journal.unsent(1)) == 1
    assert journal.counts() == QueueCounts(waiting=2, needs_attention=1)
    states = [(line.sale.number, line.state.value) for line in journal.recent(5)]
    assert states == [
        ("2-0005", "posted"),
        ("2-0004", "unknown"),
        ("2-0003", "needs attention"),
        ("2-0002", "waiting"),
        ("2-0001", "posted"),
    ]


def test_a_hold_is_no_sale_in_the_queue(journal: SqliteJournal) -> None:
    journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
    journal.reservation_made(sale_id(1), None, "unknown")
    journal.abandon_draft(sale_id(1), effect(EffectKind.RELEASE), "no answer")
    assert journal.unsent() == []
    assert journal.counts() == QueueCounts(0, 0)


# The day.
def test_figures_of_a_day_begin_at_the_shops_midnight(journal: SqliteJournal) -> None:
    midnight = datetime(2026, 11, 20, tzinfo=ZONE).astimezone(UTC)
    commit(journal, 1, at=midnight - timedelta(seconds=1))
    commit(journal, 2, "", at=midnight)
    commit(journal, 3, at=midnight + timedelta(hours=12))
    last_hour = midnight + timedelta(hours=23)
    journal.commit_sale(
        replace(sale(4, at=last_hour), points_used=Decimal(0), discount=zero(RUPEE)),
        [effect(EffectKind.SALE, 4, at=last_hour)],
    )
    commit(journal, 5, at=midnight + timedelta(days=1))
    figures = journal.day_figures(date(2026, 11, 20))
    assert figures == DayFigures(
        sales=3,
        with_member=2,
        redeemed=1,
        points_earned=Decimal(42),
        best_share=100,
        since=midnight,
    )
    assert journal.day_figures(date(2026, 11, 18)) == DayFigures(0, 0, 0, Decimal(0), None, None)
    assert journal.day_figures(date(2026, 12, 1)).best_share is None


def test_a_day_on_which_the_clocks_change_has_its_own_length(tmp_path: Path) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    last_hour = datetime(2026, 10, 25, 23, 30, tzinfo=berlin).astimezone(UTC)
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2", zone=berlin)) as journal:
        commit(journal, 1, at=last_hour)
        assert journal.day_figures(date(2026, 10, 25)).sales == 1
        assert journal.day_figures(date(2026, 10, 25)).since == last_hour
        assert journal.day_figures(date(2026, 10, 26)).sales == 0


# What the till remembers.
def test_a_member_is_remembered_as_they_were(journal: SqliteJournal) -> None:
    member = Member("m-1", "श्रीमती Priya", "+91 ••••• ••210", "MB1", date(2026, 1, 1), date(2026, 2, 2))
    account = Account(
        balance=Decimal("1240.50"),
        as_of=START,
        tier=TierStanding("Gold", 3, 4, "Platinum", Money(476000, RUPEE), 720),
        lapses=Lapse(Decimal(80), date(2026, 11, 27)),
        store_credit=Money(100, RUPEE),
        version="9",
    )
    journal.remember_member(member, account, "hash")
    assert journal.remembered_member("hash") == (member, account)
    newer = replace(account, balance=Decimal(1))
    journal.remember_member(member, newer, "hash")
    assert journal.remembered_member("hash") == (member, newer)
    assert journal.remembered_member("other") is None


def test_a_document_is_kept_under_its_name(journal: SqliteJournal) -> None:
    assert journal.recall("program") is None
    journal.remember("program", "one")
    journal.remember("program", "two")
    assert journal.recall("program") == "two"


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    first = SqliteJournal(tmp_path / "till.sqlite", "2")
    commit(first, 1)
    first.open_draft(sale_id(2), effect(EffectKind.RESERVE, 2))
    lines, drafts = first.recent(5), first.drafts()
    first.close()
    again = SqliteJournal(tmp_path / "till.sqlite", "2")
    assert (again.recent(5), again.drafts()) == (lines, drafts)
    assert again.first_broken_audit_row() is None
    again.close()
