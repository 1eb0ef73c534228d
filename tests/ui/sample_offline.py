"""Views of a shop that lets a little be redeemed while offline, to be confirmed later."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.offline_policy import (
    OfflineMode,
    OfflinePolicy,
    OfflineRecord,
    Proof,
)
from cashier_app.ports.journal import QueueCounts
from cashier_app.services.offline_offer import asking_manager
from cashier_app.services.till_steps import requoted
from cashier_app.services.till_view import Serving, Step, Target, TillView
from tests.fakes.shop import PRIYA, RUPEE
from tests.ui.sample_offers import offline
from tests.ui.sample_payments import done_offline
from tests.ui.sample_shop import OFFLINE, PRIYAS_ACCOUNT, WENT_OFFLINE, quoted, serving

FLOOR = OfflinePolicy(
    mode=OfflineMode.FLOOR,
    per_redemption=150_00,
    open_at_till=500_00,
    manager_over=100_00,
)
"""At most ₹150 a sale, ₹500 at this till; a manager confirms more than ₹100."""


def with_policy(
    view: TillView,
    policy: OfflinePolicy = FLOOR,
    *,
    proof: Proof = Proof.CODE,
    record: OfflineRecord | None = None,
) -> TillView:
    """Return the view of a shop with this policy."""
    assert isinstance(view.person, Serving)
    person = replace(view.person, proof=proof, record=record or OfflineRecord())
    return requoted(replace(view, person=person, offline_policy=policy))


def offline_allowed() -> TillView:
    """Priya may use some of her coins as known at 14:02."""
    return with_policy(offline(), replace(FLOOR, manager_over=150_00))


def offline_manager() -> TillView:
    """A manager is asked to confirm, and types."""
    return replace(asking_manager(with_policy(offline())), entry="Asha Nair")


def offline_pay() -> TillView:
    """The customer pays; the coins are confirmed later."""
    view = offline_allowed()
    return replace(view, step=Step.PAY, target=Target.NOTHING, offline_accepted=True, clears_after=None)


def offline_done() -> TillView:
    """Finished and kept: coins were used and are confirmed later."""
    view, finished = offline_allowed(), done_offline().finished
    assert finished is not None
    answer = quoted(view)
    sale = replace(
        finished.sale, discount=answer.discount, paid=answer.to_pay, points_used=answer.points_used,
        points_expected=answer.earns,
    )  # fmt: skip
    return replace(
        done_offline(),
        person=view.person,
        quote=answer,
        finished=replace(finished, sale=sale, earned=answer.earns),
        offline_accepted=True,
        connection=replace(OFFLINE, counts=QueueCounts(3, 0)),
    )


def offline_too_old() -> TillView:
    """The balance was heard of two days ago."""
    known = replace(PRIYAS_ACCOUNT, as_of=WENT_OFFLINE - timedelta(days=2))
    return with_policy(serving(PRIYA, known, replace(offline().bill), connection=OFFLINE))


def offline_member() -> TillView:
    """No bill yet."""
    return with_policy(
        serving(PRIYA, replace(PRIYAS_ACCOUNT, as_of=WENT_OFFLINE), AmountEntry(RUPEE), connection=OFFLINE)
    )
