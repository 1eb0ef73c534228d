"""What the till wants done at the backend for one sale, before the backend's own plan is made of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from cashier_app.domain.claim_code import claim_until
from cashier_app.domain.identifier import identified_by
from cashier_app.domain.money import zero
from cashier_app.domain.outcome import Booked
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import OF_RETURNS, Effect, EffectKind, effect_key
from cashier_app.ports.capabilities import Capabilities
from cashier_app.services.ticket import Ticket

_USES_POINTS = {EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.REDEEM}
_OF_A_HOLD = {EffectKind.RELEASE, EffectKind.CAPTURE}


def wanted_effects(
    ticket: Ticket, can: Capabilities, at: datetime, utc_offset: int | None = None
) -> tuple[Effect, ...]:
    """Return what a paid sale is to have done, in order; nothing without a member who may earn.

    A backend that is told of every sale is told of one that names nobody, so that it can be linked later.

    Args:
        ticket: The sale.
        can: What its backend can do.
        at: When the cashier acts, UTC.
        utc_offset: Minutes the shop's clock is ahead of UTC then.
    """
    if ticket.way is None:
        return (wanted_effect(ticket, EffectKind.SALE, at, utc_offset),) if can.tells_anonymous else ()
    if ticket.member and ticket.member.blocked_since:
        return ()
    kinds = [EffectKind.SALE]
    if ticket.points > 0:
        # Points are taken before the sale is told: the backend's balance then agrees with the receipt's.
        kinds.insert(0, EffectKind.CAPTURE if can.holds_points else EffectKind.REDEEM)
        if ticket.offline is not None and can.holds_points:
            kinds.insert(0, EffectKind.RESERVE)
    return tuple(wanted_effect(ticket, kind, at, utc_offset) for kind in kinds)


def wanted_effect(ticket: Ticket, kind: EffectKind, at: datetime, utc_offset: int | None = None) -> Effect:
    """Return one effect of a sale; see `wanted_effects`."""
    quote = ticket.quote
    expects = quote.earns if quote else NO_POINTS
    member_id = ticket.member.member_id if ticket.member else ""
    unseen = ticket.identifier if not member_id else None
    offline = ticket.offline if kind in _USES_POINTS else None
    return Effect(
        key=effect_key(ticket.sale_id, kind),
        kind=kind,
        sale_id=ticket.sale_id,
        member_id=member_id,
        points=expects if kind is EffectKind.SALE else ticket.points,
        bill=ticket.bill,
        discount=quote.discount if quote else zero(ticket.bill.currency),
        paid=quote.to_pay if quote else ticket.bill,
        at=at,
        program_version=quote.program_version if quote else ticket.program_version,
        reservation=ticket.reservation,
        reward_id=quote.reward.reward_id if quote and quote.reward else "",
        rule_id=quote.rule_id if quote and not quote.reward and quote.points_used else "",
        identified_by=identified_by(unseen) if unseen else "",
        offline=offline is not None,
        approved_by=offline.approved_by if offline else "",
        approved_because=offline.approved_because if offline else "",
        approved_over=offline.approved_over if offline else None,
        staff_id=ticket.staff_id,
        voucher=ticket.voucher,
        utc_offset=utc_offset,
    )


def claimable_until(ticket: Ticket, can: Capabilities, at: datetime, utc_offset: int) -> datetime | None:
    """Return until when a paid sale may be claimed, UTC; None where it has a member, or none can earn by it.

    A sale for somebody nobody could look up has the code too: it proves whose it is should they not be found.
    What a backend was told without a member can only be linked, never told again.
    """
    linkable = can.links_sales or not can.tells_anonymous
    if ticket.member is not None or not (can.earns and linkable):
        return None
    return claim_until(at, ticket.claim_days, utc_offset)


def needs_reference(effect: Effect) -> bool:
    """Say whether an effect builds on another whose reference it does not know yet."""
    if effect.kind in _OF_A_HOLD:
        return not effect.reservation
    return effect.kind in OF_RETURNS and not effect.original_reference


def with_references(effect: Effect, of_sale: Iterable[tuple[Effect, Booked | None]]) -> Effect | None:
    """Return the effect with the backend's references of what it builds on.

    None for the release of what was never held.

    Args:
        effect: About to be sent or looked up.
        of_sale: All effects of its sale, and what the backend booked for each.
    """
    if not needs_reference(effect):
        return effect
    if effect.kind in _OF_A_HOLD:
        held = next(
            (booked.reference for one, booked in of_sale if one.kind is EffectKind.RESERVE and booked), ""
        )
        if not held:
            return None if effect.kind is EffectKind.RELEASE else effect
        return replace(effect, reservation=held)
    undone = (booked.reference for one, booked in of_sale if one.key == effect.original_key and booked)
    return replace(effect, original_reference=next(undone, ""))
