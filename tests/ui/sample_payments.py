"""Views while the customer pays, and after the sale."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.ports.journal import QueueCounts, SaleLine
from cashier_app.services.till_view import Finished, Posting, Serving, Step, Target, TillView, Today
from tests.fakes.shop import PRIYA, RUPEE
from tests.ui.sample_offers import offer, offline
from tests.ui.sample_shop import (
    GOLD,
    NOW,
    OFFLINE,
    ONLINE,
    PRIYAS_ACCOUNT,
    TODAY,
    at,
    day_of,
    id_of,
    quoted,
    sold,
)


def pay() -> TillView:
    """The customer pays; the coins are held."""
    return replace(offer(), step=Step.PAY, target=Target.NOTHING, held_until=at(14, 42))


def saving() -> TillView:
    """The paid sale is being written down."""
    return replace(pay(), busy=True)


def hold_over() -> TillView:
    """The hold ran out while the customer was paying."""
    return replace(pay(), hold_over=True)


def disk_full() -> TillView:
    """The paid sale could not be saved."""
    return replace(pay(), trouble="The disk is full. This was not saved. Free space, then try again.")


def done() -> TillView:
    """Finished and posted: 21 earned, balance 1,061."""
    view = offer()
    answer = quoted(view)
    richer = replace(
        PRIYAS_ACCOUNT,
        balance=answer.balance_after,
        tier=replace(GOLD, missing=Money(476000, RUPEE) - answer.to_pay, progress=848),
        lapses=None,
    )
    return replace(
        view,
        step=Step.DONE,
        target=Target.SCAN,
        person=Serving(PRIYA, richer, Way.WALLET_CODE, fresh=True),
        finished=_finished(view, Posting.POSTED, balance=answer.balance_after),
        today=_after(view, EffectState.POSTED),
        clears_after=6,
    )


def posting() -> TillView:
    """Finished, the backend has not answered yet."""
    view = done()
    assert view.finished is not None
    waiting = replace(view.finished, posting=Posting.POSTING, balance=None, posted_at=None)
    return replace(view, finished=waiting, person=Serving(PRIYA, PRIYAS_ACCOUNT, Way.WALLET_CODE, fresh=True))


def done_offline() -> TillView:
    """Finished and kept on this till until the backend answers again."""
    view = offline()
    return replace(
        view,
        step=Step.DONE,
        target=Target.SCAN,
        connection=replace(OFFLINE, counts=QueueCounts(3, 0)),
        finished=_finished(view, Posting.WAITING),
        today=_after(view, EffectState.WAITING),
        clears_after=8,
    )


def done_stuck() -> TillView:
    """Finished, but the backend refused the sale: a person must look at it."""
    view = done_offline()
    assert view.finished is not None
    stuck = replace(view.finished, posting=Posting.NEEDS_ATTENTION)
    return replace(view, finished=stuck, connection=replace(ONLINE, counts=QueueCounts(0, 1)))


def _finished(view: TillView, posting_state: Posting, *, balance: Decimal | None = None) -> Finished:
    answer = quoted(view)
    sale = Sale(
        sale_id=id_of("2-0418"),
        number="2-0418",
        member_id=PRIYA.member_id,
        display_name="Priya R.",
        way=Way.WALLET_CODE,
        bill=answer.bill,
        discount=answer.discount,
        paid=answer.to_pay,
        points_used=answer.points_used,
        points_expected=answer.earns,
        at=NOW,
        program_version=answer.program_version,
    )
    posted_at = NOW if posting_state is Posting.POSTED else None
    return Finished(sale, posting_state, earned=answer.earns, balance=balance, posted_at=posted_at)


def _after(view: TillView, state: EffectState) -> Today:
    """Return the day after the sale in this view."""
    answer = quoted(view)
    newest = SaleLine(sold("2-0418", "Priya R.", answer.to_pay.minor, at(14, 32)), state)
    return day_of((newest, *TODAY.last_sales[:2]))
