"""What is done about members around their sales, asked of the backend and answered as for any effect."""

from __future__ import annotations

from datetime import timedelta

from cashier_app.domain.enrolment import AlreadyMember, Enrolled, EnrolmentAnswer, EnrolmentRefused
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    MemberFound,
    Outcome,
    Refused,
    RefusedBecause,
)
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import LoyaltyBackend

CANNOT_BE_TAKEN = "the loyalty system cannot take this"
"""Nothing was asked: a person does it there by hand, and settles it here."""

PERSON_LOST = "whom it is for cannot be read any more"
"""The key they were kept with is gone, or their row was damaged."""

LINK_PATIENCE = timedelta(hours=24)
"""So long the till that made a sale may take to tell of it before somebody is asked about linking it."""


class MemberEffects:
    """Speaks to the backend for the sender: `OF_MEMBERS` by methods of their own, all else by `apply`."""

    def __init__(self, backend: LoyaltyBackend) -> None:
        self._backend = backend

    def hindrance(self, row: EffectRow) -> str | None:
        """Return why an effect is not even asked for, in the words of the log; None where it may be."""
        effect, can = row.effect, self._backend.capabilities
        if row.lost_person or (effect.kind is EffectKind.ENROL and effect.new_member is None):
            return PERSON_LOST
        takes = {
            EffectKind.ENROL: can.enrolling is not None,
            EffectKind.LINK: can.links_sales,
            EffectKind.MERGE: can.merges,
        }
        return None if takes.get(effect.kind, True) else CANNOT_BE_TAKEN

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold; see `LoyaltyBackend.apply`."""
        match effect.kind:
            case EffectKind.ENROL if effect.new_member is not None:
                return _as_outcome(self._backend.enrol(effect.new_member))
            case EffectKind.LINK:
                return self._backend.link(effect)
            case EffectKind.MERGE:
                return self._backend.ask_to_merge(effect)
            case _:
                return self._backend.apply(effect)


def asked_again(effect: Effect) -> bool:
    """Say whether an effect in doubt is asked for again, never looked up: it makes nobody a second time."""
    return effect.kind is EffectKind.ENROL


def may_come_true(effect: Effect, because: RefusedBecause, age: timedelta) -> bool:
    """Say whether what is refused now may be taken later: the sale to link may still wait at its own till."""
    is_early = effect.kind is EffectKind.LINK and because is RefusedBecause.UNKNOWN_SALE
    return is_early and age < LINK_PATIENCE


def _as_outcome(answer: EnrolmentAnswer) -> Outcome:
    match answer:
        case Enrolled(found):
            return Applied(_booked(found))
        case AlreadyMember(found):
            return AlreadyApplied(_booked(found))
        case EnrolmentRefused(_, detail):
            return Refused(RefusedBecause.INVALID, detail)
        case _:
            return answer


def _booked(found: MemberFound) -> Booked:
    """Return the member's id as what was booked: by it they are served from now on."""
    return Booked(found.member.member_id, found.account.balance)
