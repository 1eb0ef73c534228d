"""What is done around the sales is on disk whole, in order, counted once, and survives damage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.bill import Line
from cashier_app.domain.day_close import OpenDay
from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.outcome import Booked
from cashier_app.domain.returned import ReturnedLine
from cashier_app.domain.sale import (
    Effect,
    EffectKind,
    EffectState,
    ReturnReason,
    Sale,
    SaleState,
    SoldLine,
    effect_key,
)
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.errors import KnownError
from cashier_app.ports.day_closings import Letterhead
from cashier_app.storage import retention
from cashier_app.storage.database import DamagedError
from cashier_app.storage.day_closings import SqliteDayClosings
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id
from tests.fakes.shop import RUPEE

PHONE = "phone:+919845012210"
MADE = NewMember(key=sale_id(90), at=START, phone="+919845012210", name="Asha Verma")


def enrolment(count: int = 90, known_by: str = PHONE) -> Effect:
    bare = effect(EffectKind.ENROL, count, member_id="")
    return replace(bare, identified_by=known_by, new_member=MADE, points=Decimal(0))


def unseen_sale(count: int) -> tuple[Sale, Effect]:
    """Return a sale for somebody the till could not look up, and what is told of it."""
    bare = replace(effect(EffectKind.SALE, count, member_id=""), identified_by=PHONE)
    return replace(sale(count), member_id=""), bare


def undoing(count: int, reason: ReturnReason = ReturnReason.MOVED) -> list[Effect]:
    bare = effect(EffectKind.CLAW_BACK, count)
    return [replace(bare, reason=reason, original_key=effect_key(sale_id(count), EffectKind.SALE))]


def post(journal: SqliteJournal, key: str, reference: str = "b-1") -> None:
    journal.move(key, EffectState.SENDING, answer="", at=START)
    journal.move(key, EffectState.POSTED, answer="posted", at=START, booked=Booked(reference))


def due(journal: SqliteJournal) -> list[str]:
    return [row.effect.key for row in journal.due(START + timedelta(hours=1), 50)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as opened:
        yield opened


# Enrolments.
def test_an_enrolment_is_queued_once_and_counted_once(journal: SqliteJournal) -> None:
    act = Act(enrolment().key, ActKind.ENROLLED, START, 330, "INR", "2", "asha", way="phone")
    assert journal.queue_act(sale_id(90), [enrolment()], "enrolment", counted=act)
    assert not journal.queue_act(sale_id(90), [enrolment()], "enrolment", counted=act)
    (row,) = journal.effects_of(sale_id(90))
    assert row.effect == enrolment()
    assert journal.figures_apart() == []
    (counted,) = journal.database.connection().execute(
        "SELECT enrolled FROM day_figure WHERE split = 'staff' AND part = 'asha'"
    ).fetchone() or (0,)
    assert counted == 1
    assert journal.sale(sale_id(90)) is None, "it is no sale"


def test_sales_of_a_new_member_go_behind_the_enrolment_and_carry_the_id_it_got(
    journal: SqliteJournal,
) -> None:
    made, told = unseen_sale(1)
    before, before_told = unseen_sale(2)
    journal.commit_sale(before, [before_told])
    journal.queue_act(sale_id(90), [enrolment()], "enrolment")
    journal.commit_sale(made, [told])
    assert due(journal) == [before_told.key]
    post(journal, before_told.key)
    assert due(journal) == [enrolment().key]
    post(journal, enrolment().key, "m-77")
    (row,) = journal.effects_of(made.sale_id)
    assert (row.effect.member_id, row.effect.identified_by) == ("m-77", "")
    assert row.effect == replace(told, member_id="m-77", identified_by="")
    assert due(journal) == [told.key]


def test_what_may_have_been_sent_keeps_whom_it_named(journal: SqliteJournal) -> None:
    made, told = unseen_sale(1)
    journal.queue_act(sale_id(90), [enrolment()], "enrolment")
    journal.commit_sale(made, [told])
    for state in (EffectState.SENDING, EffectState.NEEDS_ATTENTION):
        journal.move(enrolment().key, state, answer="invalid", at=START)
    journal.move(told.key, EffectState.SENDING, answer="", at=START)
    journal.move(told.key, EffectState.WAITING, answer="try later", at=START)
    post(journal, enrolment().key, "m-77")
    (row,) = journal.effects_of(made.sale_id)
    assert row.effect == told, "a key that was sent says the same each time"


def test_other_peoples_sales_are_left_alone_by_an_enrolment(journal: SqliteJournal) -> None:
    made, told = unseen_sale(1)
    told = replace(told, identified_by="phone:+919845000000")
    journal.queue_act(sale_id(90), [enrolment()], "enrolment")
    journal.commit_sale(made, [told])
    post(journal, enrolment().key, "m-77")
    assert journal.effects_of(made.sale_id)[0].effect == told


# What stands in the queue.
def test_an_act_that_needs_a_person_is_counted_listed_and_settled(journal: SqliteJournal) -> None:
    journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    merge = replace(effect(EffectKind.MERGE, 91), other_member_id="m-2", points=Decimal(0))
    journal.queue_act(sale_id(91), [merge], "merge")
    journal.move(merge.key, EffectState.NEEDS_ATTENTION, answer="cannot", at=START)
    assert journal.counts().needs_attention == 1
    assert journal.counts().waiting == 1
    first, second = journal.unsent()
    assert (first.act, first.sale.number, first.sale.bill.minor) == ("merge", "", 0)
    assert [row.effect.key for row in first.effects] == [merge.key]
    assert (second.act, second.sale.number) == ("", "2-0001")
    assert journal.oldest_unsent() == START
    assert journal.settle_by_hand(Settlement(merge.key, Truth.TOOK_HOLD, "Meera", "joined there", START))
    assert [one.row.effect.key for one in journal.settled()] == [merge.key]
    assert journal.counts().needs_attention == 0
    assert journal.figures_apart() == []


# Claims.
@pytest.mark.parametrize("kind", [EffectKind.SALE, EffectKind.LINK])
def test_a_sale_of_this_till_is_claimed_and_stays_what_it_is(
    journal: SqliteJournal, kind: EffectKind
) -> None:
    sold = journal.commit_sale(sale(1, member_id=""), [])
    claim = replace(effect(kind, 1), points=Decimal(23))
    assert journal.queue_act(sold.sale_id, [claim], "claim")
    assert not journal.queue_act(sold.sale_id, [claim], "claim")
    assert journal.sale(sold.sale_id) == (sold, SaleState.COMMITTED)
    assert [row.effect for row in journal.effects_of(sold.sale_id)] == [claim]
    assert journal.day_figures(START.date()).points_earned == 23
    assert [one.sale for one in journal.sales_of("m-1", 5)] == [sold]
    post(journal, claim.key)
    assert journal.figures_apart() == []
    assert journal.look_for_damage() == 0


def test_a_sale_of_another_till_is_kept_and_comes_back_here(journal: SqliteJournal) -> None:
    facts = replace(sale(5), number="7-0031")
    assert journal.keep_sale(facts, "return")
    assert not journal.keep_sale(facts, "return")
    assert journal.sale(facts.sale_id) == (facts, SaleState.ACT)
    back = undoing(5, ReturnReason.RETURN)
    assert journal.queue_refund(back)
    assert not journal.queue_refund(back)
    assert journal.figures_apart() == []
    (unsent,) = journal.unsent()
    assert (unsent.sale, unsent.act) == (facts, "return")
    assert journal.sold_as(31) is None, "it has no number of this till"
    assert journal.sales_of("m-1", 5) == []
    assert journal.counts().waiting == 1


def test_facts_fill_in_what_was_claimed_without(journal: SqliteJournal) -> None:
    journal.queue_act(sale_id(5), [effect(EffectKind.LINK, 5)], "claim")
    assert journal.sale(sale_id(5)) is None
    facts = replace(sale(5), number="7-0031")
    assert journal.keep_sale(facts, "return")
    assert journal.sale(facts.sale_id) == (facts, SaleState.ACT)
    assert [row.effect.kind for row in journal.effects_of(sale_id(5))] == [EffectKind.LINK]


def test_nothing_more_is_done_about_a_draft_or_an_abandoned_sale(journal: SqliteJournal) -> None:
    journal.open_draft(sale_id(1), effect(EffectKind.RESERVE, 1))
    for _ in range(2):
        with pytest.raises(ValueError, match="draft"):
            journal.queue_act(sale_id(1), [effect(EffectKind.LINK, 1)], "claim")
        with pytest.raises(ValueError, match="draft"):
            journal.keep_sale(replace(sale(1), number="7-0031"), "return")
        journal.abandon_draft(sale_id(1), None, "not paid")
    with pytest.raises(ValueError, match="one act"):
        journal.queue_act(sale_id(9), [effect(EffectKind.LINK, 8)], "claim")
    assert journal.effects_of(sale_id(8)) == []


# Undoing and selling at once.
def test_a_sale_is_moved_in_one_transaction_the_reversal_first(journal: SqliteJournal) -> None:
    journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    again = replace(sale(2), moved_from=sale_id(1))
    new = journal.commit_sale(again, [effect(EffectKind.SALE, 2)], undoing(1))
    assert journal.commit_sale(again, [effect(EffectKind.SALE, 2)], undoing(1)) == new
    rows = [*journal.effects_of(sale_id(1)), *journal.effects_of(sale_id(2))]
    assert [row.effect.key for row in sorted(rows, key=lambda row: row.sequence)] == [
        effect_key(sale_id(1), EffectKind.SALE),
        effect_key(sale_id(1), EffectKind.CLAW_BACK),
        effect_key(sale_id(2), EffectKind.SALE),
    ]
    (voids, sales) = journal.database.connection().execute(
        "SELECT voids, sales FROM day_figure WHERE split = ''"
    ).fetchone() or (0, 0)
    assert (voids, sales) == (1, 2)
    assert journal.figures_apart() == []


def test_a_sale_whose_other_half_came_back_before_is_not_made(journal: SqliteJournal) -> None:
    journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    journal.queue_refund(undoing(1, ReturnReason.RETURN))
    with pytest.raises(KnownError, match="happened to this sale meanwhile"):
        journal.commit_sale(sale(2), [effect(EffectKind.SALE, 2)], undoing(1))
    assert journal.sale(sale_id(2)) is None
    assert journal.effects_of(sale_id(2)) == []
    assert journal.figures_apart() == []


def test_what_moves_no_points_is_kept_with_the_sale_that_replaces_it(journal: SqliteJournal) -> None:
    journal.commit_sale(sale(1, member_id=""), [])
    nothing = [replace(one, points=Decimal(0), member_id="") for one in undoing(1)]
    journal.commit_sale(sale(2), [effect(EffectKind.SALE, 2)], nothing)
    assert [row.state for row in journal.effects_of(sale_id(1))] == [EffectState.POSTED]
    assert journal.figures_apart() == []


def test_a_reversal_of_an_unseen_sale_stays_behind_it(journal: SqliteJournal) -> None:
    made, told = unseen_sale(1)
    journal.commit_sale(made, [told])
    back = [replace(one, member_id="") for one in undoing(1, ReturnReason.VOID)]
    journal.queue_refund(back)
    assert due(journal) == [told.key]
    post(journal, told.key)
    assert due(journal) == [back[0].key]
    assert journal.effects_of(made.sale_id)[1].effect.identified_by == PHONE


# Deadlines.
def test_what_undoes_a_sale_is_found_by_its_age_until_it_ends(journal: SqliteJournal) -> None:
    journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    journal.commit_sale(sale(2), [effect(EffectKind.SALE, 2)])
    journal.queue_refund(undoing(2, ReturnReason.RETURN))
    assert journal.oldest_reversal() is None, "goods that came back may wait"
    journal.queue_refund(undoing(1, ReturnReason.VOID))
    key = undoing(1)[0].key
    assert journal.oldest_reversal() == START
    assert journal.late_reversals(START) == []
    assert [row.effect.key for row in journal.late_reversals(START + timedelta(seconds=1))] == [key]
    journal.move(key, EffectState.NEEDS_ATTENTION, answer="late", at=START)
    assert journal.oldest_reversal() is None
    assert journal.late_reversals(START + timedelta(days=9)) == []


# The bill, and the day.
def test_lines_are_kept_with_their_sale_and_their_returns(journal: SqliteJournal) -> None:
    lines = (
        SoldLine("Cotton shirt", Line(200_000, quantity=Decimal(2), item="S-1", categories=("men",)), 20_000),
        SoldLine("", Line(36_000)),
    )
    sold = journal.commit_sale(replace(sale(1), lines=lines), [effect(EffectKind.SALE, 1)])
    assert journal.sale(sold.sale_id) == (sold, SaleState.COMMITTED)
    assert sold.itemised.lines == tuple(one.line for one in lines)
    assert sum(one.taken for one in lines) == sold.discount.minor
    back = [replace(undoing(1, ReturnReason.RETURN)[0], lines=(ReturnedLine(0, Decimal(1)),))]
    journal.queue_refund(back)
    assert journal.effects_of(sold.sale_id)[1].effect == back[0]


def test_the_day_is_closed_until_the_last_close(journal: SqliteJournal) -> None:
    assert journal.closed_until() is None
    journal.commit_sale(sale(1), [])
    closings = SqliteDayClosings(journal.database, "2", journal.reserve)
    letterhead = Letterhead("Marigold Stores", "2", RUPEE, START.tzinfo)  # type: ignore[arg-type]
    for number in (1, 2):
        day: OpenDay = closings.open_day(letterhead, START + timedelta(hours=number))
        closings.close_day(day.number, letterhead, START + timedelta(hours=number), by="Meera")
    assert journal.closed_until() == START + timedelta(hours=2)


def test_a_members_sales_are_found_the_newest_first(journal: SqliteJournal) -> None:
    made, told = unseen_sale(4)
    for count in (1, 2, 3):
        journal.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
    journal.commit_sale(made, [told])
    journal.commit_sale(sale(5, member_id="m-2"), [effect(EffectKind.SALE, 5, member_id="m-2")])
    post(journal, effect_key(sale_id(2), EffectKind.SALE))
    assert [line.sale.number for line in journal.sales_of("m-1", 2)] == ["2-0003", "2-0002"]
    assert [line.state for line in journal.sales_of("m-1", 2)] == [EffectState.WAITING, EffectState.POSTED]
    assert journal.sales_of("", 5) == []
    plan = journal.database.connection().execute(
        "EXPLAIN QUERY PLAN SELECT sale_id FROM effect WHERE kind = 'sale' AND account_key <> '' "
        "AND account_key = 'm-1'"
    )
    assert any("effect_of_member" in str(step[3]) for step in plan)


# Damage and time.
def rescued(folder: Path, damage: Sequence[str]) -> SqliteJournal:
    """Break rows by hand, and return the journal the next start opens."""
    path = folder / "till.sqlite"
    with closing(SqliteJournal(path, "2")) as journal, journal.database.writing() as connection:
        for statement in damage:
            connection.execute(statement)
    return open_journal(path, "2", START)


@pytest.mark.expects_log("the sales database was damaged")
def test_acts_survive_the_rescue_with_whom_they_are_for(tmp_path: Path) -> None:
    facts = replace(sale(5), number="7-0031")
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as journal:
        journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
        journal.queue_act(sale_id(90), [enrolment()], "enrolment")
        journal.queue_act(sale_id(5), [effect(EffectKind.SALE, 5)], "claim", of_sale=facts)
    with closing(rescued(tmp_path, ["UPDATE sale SET opened_at = 'x' WHERE counter = 1"])) as journal:
        assert journal.recovery is not None
        assert journal.effects_of(sale_id(90))[0].effect == enrolment()
        assert journal.sale(sale_id(5)) == (facts, SaleState.ACT)
        assert {one.act for one in journal.unsent()} == {"", "claim", "enrolment"}
        assert journal.figures_apart() == []


@pytest.mark.expects_log("the sales database was damaged")
@pytest.mark.parametrize("table", ["sale", "effect"])
def test_an_act_whose_row_is_gone_is_made_again_and_waits_for_a_person(tmp_path: Path, table: str) -> None:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as journal:
        journal.queue_act(sale_id(90), [enrolment()], "enrolment")
    with closing(rescued(tmp_path, [f"UPDATE {table} SET seal = x'00'"])) as one:  # noqa: S608 - ours
        assert one.recovery is not None
        assert one.recovery.lost_rows == 1
        (row,) = one.effects_of(sale_id(90))
        if table == "sale":
            assert row.effect == enrolment()
        else:
            assert (row.effect.kind, row.effect.new_member) == (EffectKind.ENROL, None)
            assert row.state is EffectState.NEEDS_ATTENTION
        assert one.look_for_damage() == 0
        assert len(one.unsent()) == 1


@pytest.mark.expects_log("the sales database was damaged")
def test_a_claim_whose_row_is_gone_is_made_again(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as journal:
        journal.commit_sale(sale(1, member_id=""), [])
        journal.queue_act(sale_id(1), [effect(EffectKind.SALE, 1)], "claim")
    with closing(rescued(tmp_path, ["UPDATE effect SET body = '{}'"])) as one:
        (row,) = one.effects_of(sale_id(1))
        assert (row.effect.kind, row.state) == (EffectKind.SALE, EffectState.NEEDS_ATTENTION)


def test_nothing_is_hung_on_a_damaged_row(journal: SqliteJournal) -> None:
    journal.keep_sale(replace(sale(5), number="7-0031"), "return")
    with journal.database.writing() as connection:
        connection.execute("UPDATE sale SET seal = x'00'")
    with pytest.raises(DamagedError):
        journal.queue_act(sale_id(5), [effect(EffectKind.LINK, 5)], "claim")
    with pytest.raises(ValueError, match="committed"):
        journal.queue_refund(undoing(5))


def test_old_acts_are_forgotten_and_still_count(journal: SqliteJournal) -> None:
    facts = replace(sale(5), number="7-0031")
    journal.queue_act(sale_id(5), [effect(EffectKind.SALE, 5)], "claim", of_sale=facts)
    journal.queue_act(sale_id(90), [enrolment()], "enrolment")
    post(journal, effect(EffectKind.SALE, 5).key)
    later = START + timedelta(days=1000)
    assert retention.forget_names(journal.database, later) == 1
    assert retention.compact(journal.database, journal.rollups, later) == 1
    found = journal.sale(sale_id(5))
    assert found is not None
    assert (found[0].display_name, found[0].member_id) == ("", "")
    assert journal.effects_of(sale_id(5)) == []
    assert journal.effects_of(sale_id(90)) != [], "nothing unsent is forgotten"
    assert journal.figures_apart() == []
    journal.count_again()
    assert journal.figures_apart() == []
    assert journal.look_for_damage() == 0
