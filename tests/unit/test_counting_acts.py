"""What is done beside the sales, or later about one, counts once: where it was done, or with its sale."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.counting import (
    WAITING,
    Movement,
    Recorded,
    Standing,
    each_as_it_stands,
    finished,
    queued_later,
    together,
)
from cashier_app.domain.counting_acts import acts_as_they_stand, done_here, of_this_till
from cashier_app.domain.figures import NO_FIGURES, Figures
from cashier_app.domain.ledger_line import act_of
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectKind, EffectState, ReturnReason, Sale
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale

LATER = START + timedelta(days=3)
POSTED = Standing(EffectState.POSTED, Booked("r", points=Decimal(23)))
STUCK = Standing(EffectState.NEEDS_ATTENTION)


def facts(**more: object) -> Sale:
    """Return the facts of a sale of till 7."""
    return replace(sale(), number="7-0031", staff_id="of till 7", tier="Gold", **more)


def done(kind: EffectKind, **more: object) -> Effect:
    """Return what is done about it three days later, by Asha at till 2."""
    return replace(effect(kind, at=LATER), staff_id="asha", utc_offset=330, **more)


def figures_of(movements: list[Movement]) -> Figures:
    total = NO_FIGURES
    for movement in movements:
        total = total + movement.figures
    return total


def test_a_claim_at_the_till_that_sold_counts_with_the_sale() -> None:
    made = replace(sale(member_id=""), number="2-0418")
    for kind in (EffectKind.SALE, EffectKind.LINK):
        claim = done(kind)
        later = queued_later(made, claim, UTC)
        assert later is not None
        assert later.figures == Figures(waiting_earned=Decimal(claim.points))
        assert later.place == finished(made, [], UTC).place, (
            "the day of the sale, which stays without a member"
        )
        whole = together(each_as_it_stands(made, [Recorded(claim, WAITING)], (), UTC))
        assert whole[0].figures == finished(made, [], UTC).figures + later.figures
    assert queued_later(made, done(EffectKind.ENROL), UTC) is None
    assert queued_later(made, done(EffectKind.MERGE), UTC) is None


def test_what_is_done_about_another_tills_sale_counts_here_and_now() -> None:
    claim = done(EffectKind.SALE)
    (movement,) = acts_as_they_stand(facts(), "2", [Recorded(claim, WAITING)], UTC)
    assert (movement.place.till, movement.place.staff_id, movement.place.tier) == ("2", "asha", "Gold")
    assert movement.place.day == LATER.date()
    assert movement.figures == Figures(waiting_earned=Decimal(21))
    here = done_here(facts(), claim, "2")
    assert (here.number, here.at, here.staff_id, here.utc_offset) == ("2-", LATER, "asha", 330)


def test_a_claim_moves_with_what_became_of_it() -> None:
    for standing, wanted in (
        (POSTED, Figures(earned=Decimal(23))),
        (STUCK, Figures(refused_earned=Decimal(21))),
    ):
        rows = [Recorded(done(EffectKind.SALE), standing)]
        assert figures_of(acts_as_they_stand(facts(), "2", rows, UTC)) == wanted
    settled = [Recorded(done(EffectKind.MERGE), STUCK, settled=True)]
    assert figures_of(acts_as_they_stand(facts(), "2", settled, UTC)) == Figures(corrections=1)


def test_a_return_of_another_tills_sale_counts_once_however_many_effects_it_has() -> None:
    back = [
        Recorded(done(kind, reason=ReturnReason.RETURN), WAITING)
        for kind in (EffectKind.CLAW_BACK, EffectKind.RESTORE)
    ]
    total = figures_of(acts_as_they_stand(facts(), "2", back, UTC))
    assert (total.returns, total.voids, total.sales, total.waiting_back) == (1, 0, 0, Decimal(400))


def test_no_two_tills_tell_of_one_sale_under_one_name() -> None:
    claim = done(EffectKind.SALE)
    own = queued_later(replace(sale(), number="7-0031"), claim, UTC)
    assert own is not None
    theirs = of_this_till(own, "2")
    assert act_of(own.subject) == claim.sale_id
    assert act_of(theirs.subject) == theirs.subject == f"2:{claim.key}"
