"""What each event contributes to the figures: by named cases; whole days are in tests/storage."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.counting import (
    MOST_POINTS,
    WAITING,
    Recorded,
    Standing,
    as_it_stands,
    business_hour,
    corrected,
    done,
    finished,
    lost,
    moved,
    points_of,
    returned,
    together,
    utc_offset_of,
)
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.figures import NO_FIGURES, Figures, Split
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectKind, EffectState, ReturnReason, Sale, effect_key
from tests.fakes.clock import START
from tests.fakes.effects import BILL, DISCOUNT, PAID, effect, sale

KOLKATA = ZoneInfo("Asia/Kolkata")
POSTED = Standing(EffectState.POSTED)
STUCK = Standing(EffectState.NEEDS_ATTENTION)


def sold(**more: object) -> Sale:
    return replace(sale(), number="2-0418", **more)


def refund(**more: object) -> Effect:
    return replace(
        effect(EffectKind.REFUND),
        points=Decimal(0),
        original_key=effect_key(sale().sale_id, EffectKind.SALE),
        **more,
    )


def booked(points: int | str | None) -> Standing:
    return Standing(EffectState.POSTED, Booked("r", points=None if points is None else Decimal(points)))


# Sales.
def test_a_sale_counts_where_and_as_what_it_was_made() -> None:
    made = sold(staff_id="meera", tier="Gold", utc_offset=330, took_tenths=84, offline=True)
    movement = finished(made, [effect(EffectKind.CAPTURE), effect(EffectKind.SALE)], UTC)
    assert movement.figures == Figures(
        sales=1,
        member_sales=1,
        redeemed_sales=1,
        known_sales=1,
        offline_sales=1,
        timed_sales=1,
        bill=BILL.minor,
        redeemed_bill=BILL.minor,
        discount=DISCOUNT.minor,
        paid=PAID.minor,
        waiting_earned=Decimal(21),
        waiting_used=Decimal(200),
    )
    local = START.astimezone(KOLKATA)
    assert movement.place.day == local.date()
    assert movement.place.parts == {
        Split.HOUR: str(local.hour),
        Split.STAFF: "meera",
        Split.TILL: "2",
        Split.TIER: "Gold",
        Split.WAY: "wallet code",
    }
    assert (movement.subject, movement.at, movement.took_tenths, movement.member_id) == (
        made.sale_id,
        START,
        84,
        "m-1",
    )


def test_a_sale_without_a_member_counts_its_money_alone() -> None:
    plain = replace(sale(member_id=""), number="2-0001")
    movement = finished(plain, [], KOLKATA)
    assert movement.figures == Figures(sales=1, bill=BILL.minor, paid=BILL.minor)
    assert movement.place.parts[Split.WAY] == ""


def test_a_reward_without_points_or_discount_is_a_redemption() -> None:
    nothing_off = sold(points_used=Decimal(0), discount=replace(DISCOUNT, minor=0))
    told = replace(effect(EffectKind.SALE), reward_id="coffee")
    assert finished(nothing_off, [told], UTC).figures.redeemed_sales == 1
    assert finished(nothing_off, [effect(EffectKind.SALE)], UTC).figures.redeemed_sales == 0


def test_a_managers_word_counts_once_however_many_effects_carry_it() -> None:
    carried = [
        replace(effect(kind), offline=True, approved_by="Meera")
        for kind in (EffectKind.RESERVE, EffectKind.CAPTURE)
    ]
    assert finished(sold(), carried, UTC).figures.overrides == 1


# Points in their buckets.
@pytest.mark.parametrize(
    ("kind", "state", "name", "points"),
    [
        (EffectKind.SALE, EffectState.WAITING, "waiting_earned", 21),
        (EffectKind.SALE, EffectState.SENDING, "waiting_earned", 21),
        (EffectKind.SALE, EffectState.UNKNOWN, "waiting_earned", 21),
        (EffectKind.SALE, EffectState.POSTED, "earned", 21),
        (EffectKind.SALE, EffectState.NEEDS_ATTENTION, "refused_earned", 21),
        (EffectKind.SALE, EffectState.DROPPED, "refused_earned", 21),
        (EffectKind.CAPTURE, EffectState.UNKNOWN, "waiting_used", 200),
        (EffectKind.REDEEM, EffectState.POSTED, "used", 200),
        (EffectKind.CAPTURE, EffectState.NEEDS_ATTENTION, "refused_used", 200),
        (EffectKind.REDEEM, EffectState.DROPPED, "refused_used", 200),
        (EffectKind.CLAW_BACK, EffectState.SENDING, "waiting_back", 200),
        (EffectKind.CLAW_BACK, EffectState.POSTED, "taken_back", 200),
        (EffectKind.RESTORE, EffectState.POSTED, "given_back", 200),
        (EffectKind.RESTORE, EffectState.DROPPED, "refused_back", 200),
    ],
)
def test_points_are_counted_in_the_bucket_of_the_state(
    kind: EffectKind, state: EffectState, name: str, points: int
) -> None:
    assert points_of(effect(kind), Standing(state)) == Figures(**{name: Decimal(points)})


@pytest.mark.parametrize("kind", [EffectKind.RESERVE, EffectKind.RELEASE])
@pytest.mark.parametrize("state", list(EffectState))
def test_holds_and_their_release_count_nothing(kind: EffectKind, state: EffectState) -> None:
    assert points_of(effect(kind), Standing(state)) == NO_FIGURES


def test_what_the_backend_booked_counts_not_what_was_expected() -> None:
    assert points_of(effect(EffectKind.SALE), booked(19)) == Figures(earned=Decimal(19))
    assert points_of(effect(EffectKind.CLAW_BACK), booked(-5)) == Figures(taken_back=Decimal(5))
    # A capture may change nothing any more: the hold took the points.
    assert points_of(effect(EffectKind.CAPTURE), booked(0)) == Figures(used=Decimal(200))


def test_an_absurd_word_of_a_backend_is_counted_only_so_far() -> None:
    assert points_of(effect(EffectKind.SALE), booked("9e40")) == Figures(earned=MOST_POINTS)
    assert points_of(effect(EffectKind.SALE), booked("0.123456")) == Figures(earned=Decimal("0.1234"))


# Returns whose points the backend works out.
@pytest.mark.parametrize(
    ("change", "taken", "given"),
    [(180, 20, 200), (200, 0, 200), (-7, 207, 200), (230, 0, 230)],
)
def test_of_a_change_of_the_balance_the_till_knows_what_was_given_back(
    change: int, taken: int, given: int
) -> None:
    told = refund(taken_back=Decimal(21), restored=Decimal(200))
    figures = Figures(taken_back=Decimal(taken), given_back=Decimal(given))
    assert points_of(told, booked(change)) == figures
    assert points_of(told, WAITING) == Figures(waiting_back=Decimal(221))
    assert points_of(told, STUCK) == Figures(refused_back=Decimal(221))


def test_a_return_the_backend_says_nothing_of_claims_nothing() -> None:
    told = refund(taken_back=Decimal(21), restored=Decimal(200))
    assert points_of(told, POSTED) == points_of(told, booked(None)) == NO_FIGURES


def test_a_refund_with_points_is_of_the_effect_it_undoes() -> None:
    whole = replace(refund(), points=Decimal(200), original_key=effect_key(sale().sale_id, EffectKind.REDEEM))
    assert points_of(whole, POSTED) == Figures(given_back=Decimal(200))
    part = replace(refund(), points=Decimal(9))
    assert points_of(part, booked(-8)) == Figures(taken_back=Decimal(8))
    assert points_of(part, WAITING) == Figures(waiting_back=Decimal(9))


def test_a_return_counts_once_on_its_own_day_by_its_own_cashier() -> None:
    later = datetime(2026, 12, 3, 20, tzinfo=UTC)
    both = [
        replace(effect(kind, at=later), staff_id="arun", utc_offset=330)
        for kind in (EffectKind.CLAW_BACK, EffectKind.RESTORE)
    ]
    movement = returned(sold(staff_id="meera", tier="Gold"), both, WAITING, KOLKATA)
    assert movement.figures == Figures(
        returns=1,
        returned_bill=BILL.minor,
        returned_discount=DISCOUNT.minor,
        returned_paid=PAID.minor,
        waiting_back=Decimal(400),
    )
    assert movement.place.day == date(2026, 12, 4)
    assert (movement.place.hour, movement.place.staff_id, movement.place.tier) == (1, "arun", "Gold")


@pytest.mark.parametrize(("reason", "voids"), [("return", 0), ("void", 1), ("moved", 1)])
def test_only_what_should_not_have_been_sold_is_a_void(reason: str, voids: int) -> None:
    undone = replace(effect(EffectKind.CLAW_BACK), reason=ReturnReason(reason))
    assert returned(sold(), [undone], WAITING, UTC).figures.voids == voids


# What moves later.
def test_a_move_takes_from_one_bucket_and_puts_into_another_on_the_day_of_the_sale() -> None:
    made = sold(utc_offset=330)
    movement = moved(made, effect(EffectKind.SALE), WAITING, booked(19), UTC)
    assert movement is not None
    assert movement.figures == Figures(waiting_earned=Decimal(-21), earned=Decimal(19))
    assert movement.place == finished(made, [], UTC).place
    assert moved(made, effect(EffectKind.SALE), WAITING, Standing(EffectState.SENDING), UTC) is None


def test_the_points_of_a_return_move_on_the_day_of_the_return() -> None:
    later = replace(effect(EffectKind.CLAW_BACK), at=datetime(2027, 1, 2, tzinfo=UTC))
    movement = moved(sold(), later, WAITING, POSTED, UTC)
    assert movement is not None
    assert movement.place.day == date(2027, 1, 2)


def test_corrections_and_losses_count_with_their_sale() -> None:
    made = sold(utc_offset=330)
    assert corrected(made, effect(EffectKind.SALE), UTC).figures == Figures(corrections=1)
    loss = Discrepancy("key", made.sale_id, "2-0418", "m-1", DISCOUNT, "x", datetime(2027, 1, 2, tzinfo=UTC))
    movement = lost(made, loss, UTC)
    assert movement.figures == Figures(discrepancies=1, discrepancy=DISCOUNT.minor)
    assert movement.place == finished(made, [], UTC).place


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        (ActKind.ENROLLED, Figures(enrolled=1)),
        (ActKind.OVERRIDE, Figures(overrides=1)),
        (ActKind.LAPSED, Figures(lapsed=Decimal(12))),
    ],
)
def test_acts_besides_the_sales_count_where_they_were_done(kind: ActKind, figures: Figures) -> None:
    act = Act("act-1", kind, START, 330, "INR", "2", staff_id="meera", points=Decimal(12))
    movement = done(act)
    assert movement.figures == figures
    assert (movement.place.day, movement.place.till) == (START.astimezone(KOLKATA).date(), "2")


# All of it.
def test_a_sale_as_it_stands_is_the_sum_of_what_moved_it() -> None:
    made = sold(utc_offset=330)
    told, taken = effect(EffectKind.SALE), effect(EffectKind.CAPTURE)
    back = [effect(kind, at=datetime(2027, 1, 2, tzinfo=UTC)) for kind in (EffectKind.CLAW_BACK,)]
    loss = Discrepancy("key", made.sale_id, "2-0418", "m-1", DISCOUNT, "x", START)
    dropped = Standing(EffectState.DROPPED)
    rows = [
        Recorded(effect(EffectKind.RESERVE), POSTED),
        Recorded(taken, dropped, settled=True),
        Recorded(told, POSTED),
        Recorded(back[0], booked(18)),
    ]
    steps = [
        finished(made, [taken, told], UTC),
        returned(made, back, WAITING, UTC),
        moved(made, taken, WAITING, dropped, UTC),
        moved(made, told, WAITING, POSTED, UTC),
        moved(made, back[0], WAITING, booked(18), UTC),
        corrected(made, taken, UTC),
        lost(made, loss, UTC),
    ]
    stands = as_it_stands(made, rows, [loss], UTC)
    assert stands == together(step for step in steps if step is not None)
    assert len(stands) == 2


def test_what_comes_to_nothing_is_no_movement() -> None:
    there = finished(sold(), [], UTC)
    gone = replace(there, figures=NO_FIGURES - there.figures)
    assert together([there, gone]) == []


# Days.
@pytest.mark.parametrize(
    ("zone", "at", "day", "hour", "ahead"),
    [
        ("Asia/Kolkata", "2026-03-01T18:30:00+00:00", "2026-03-02", 0, 330),
        ("Europe/Berlin", "2026-10-25T00:30:00+00:00", "2026-10-25", 2, 120),
        ("Europe/Berlin", "2026-10-25T01:30:00+00:00", "2026-10-25", 2, 60),
        ("Europe/Berlin", "2026-03-29T01:00:00+00:00", "2026-03-29", 3, 120),
        ("America/New_York", "2026-01-01T04:59:59+00:00", "2025-12-31", 23, -300),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00+00:00", "2026-10-04", 2, 660),
        ("Australia/Lord_Howe", "2026-10-03T15:29:00+00:00", "2026-10-04", 1, 630),
    ],
)
def test_a_day_begins_at_midnight_in_the_shop(zone: str, at: str, day: str, hour: int, ahead: int) -> None:
    moment = datetime.fromisoformat(at)
    expected = (date.fromisoformat(day), hour)
    assert utc_offset_of(moment, ZoneInfo(zone)) == ahead
    assert business_hour(moment, ahead, UTC) == expected
    # What was recorded before the shop's clock was goes by the zone of the settings.
    assert business_hour(moment, None, ZoneInfo(zone)) == expected
