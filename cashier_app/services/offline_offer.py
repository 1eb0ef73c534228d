"""What may be redeemed offline by whoever is served, and the question for a manager's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.identifier import Identifier, Origin, WalletToken
from cashier_app.domain.money import Money
from cashier_app.domain.offline_policy import (
    OfflineAllowed,
    OfflineAnswer,
    OfflineCase,
    Proof,
    offline_allowance,
)
from cashier_app.services.pasted_bill import bill_on_show
from cashier_app.services.till_view import Serving, Step, Target, TillView

if TYPE_CHECKING:
    from cashier_app.domain.program import Program
    from cashier_app.domain.quote import Quote

LONGEST_TYPED = 60


def proof_of(identifier: Identifier, origin: Origin) -> Proof:
    """Return how sure an identifier makes the till: a code must have been read by a device or picture."""
    if origin is Origin.TYPED or not isinstance(identifier, WalletToken):
        return Proof.TYPED
    return Proof.ROTATING_CODE if identifier.is_rotating else Proof.CODE


def offline_answer(view: TillView) -> OfflineAnswer | None:
    """Return what the policy says for whoever is served, or None where it is not asked."""
    person = view.person
    if not isinstance(person, Serving) or person.fresh:
        return None
    case = OfflineCase(person.proof, person.account.as_of, view.occasion.at, person.record)
    return offline_allowance(view.offline_policy, case)


def quoted_offline(program: Program, person: Serving, view: TillView, allowed: OfflineAllowed) -> Quote:
    """Quote the bill with at most what is allowed."""
    from cashier_app.domain.offline_quote import offline_quote  # loaded behind the first frame

    most = Money(allowed.most, view.bill.currency)
    bill = bill_on_show(view)
    return offline_quote(program, person.member, person.account, bill, view.choice, view.occasion, most)


def needs_manager(view: TillView) -> bool:
    """Say whether a manager must confirm what is redeemed offline."""
    return (
        isinstance(view.offline, OfflineAllowed)
        and view.quote is not None
        and view.quote.points_used > 0
        and view.offline_policy.asks_manager(view.quote.discount.minor)
    )


def asking_manager(view: TillView) -> TillView:
    """Return the screen that asks for a manager's name; the offer stays as it is."""
    return replace(view, step=Step.REWARD, target=Target.MANAGER, entry="", busy=False, trouble="")


def not_asking(view: TillView) -> TillView:
    """Return the offer without the question for a manager."""
    if view.target is not Target.MANAGER:
        return view
    return replace(view, target=Target.DISCOUNT, entry="", trouble="")


def with_name_character(view: TillView, character: str) -> TillView:
    """Return the screen after a character of the manager's name."""
    if not character.isprintable() or len(view.entry) >= LONGEST_TYPED:
        return view
    return replace(view, entry=view.entry + character, trouble="")
