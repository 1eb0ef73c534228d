"""For whom a claimed sale counts, and what of it: what is told of it late is reckoned here."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.bill import Bill
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.identifier import Identifier, way_of
from cashier_app.domain.member import Account, Member, Way
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.outcome import MemberFound, Remembered
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.refund import Sold, bill_left, next_return, no_returns
from cashier_app.domain.sale import Effect, EffectKind, Sale
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import BackendRules
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.made_sale import came_back
from cashier_app.services.ticket import Ticket
from cashier_app.services.till_settings import TillSettings

_UNSEEN_ACCOUNT = Account(balance=NO_POINTS, as_of=datetime(1970, 1, 1, tzinfo=UTC))


class ClaimFor(Struct, frozen=True):
    """Who claims a sale.

    Args:
        member: None where nobody can be looked up now: they are named when it is posted.
        account: As the backend said, or as last known.
        identifier: What they were found by.
        fresh: Whether the backend said it just now.
    """

    member: Member | None
    account: Account
    identifier: Identifier | None
    fresh: bool


class Kept(Struct, frozen=True):
    """What of a sale is still sold when it is claimed.

    Args:
        ticket: It, for whoever claims it.
        points: What it earns.
        left_out: The points it earns less than all of it would.
    """

    ticket: Ticket
    points: Decimal = NO_POINTS
    left_out: Decimal = NO_POINTS

    def marked(self, told: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """Return what is told of it with what a return of the rest must know."""
        more = {"tier": _tier_of(self.ticket), "left_out": self.left_out}
        links = any(one.kind is EffectKind.LINK for one in told)
        more |= {"points": self.points} if links else {}
        earning = {EffectKind.SALE, EffectKind.LINK}
        return tuple(replace(one, **more) if one.kind in earning else one for one in told)


class ClaimTerms:
    """Blocking: for worker threads; asks nobody but for the program."""

    def __init__(self, rules: BackendRules, lookup: MemberLookup, settings: TillSettings) -> None:
        self._rules, self._lookup, self._settings = rules, lookup, settings

    def kept(self, sale: Sale, who: ClaimFor, staff_id: str, rows: list[EffectRow]) -> Kept | None:
        """Return what of a sale is still sold, to be told late; None where its points cannot be told apart.

        Raises:
            KnownError: No program is known.
        """
        ticket, before = self.ticket(sale, who, staff_id), came_back(rows)
        if ticket.quote is None:
            return Kept(ticket)
        if not before:
            return Kept(ticket, ticket.quote.earns)
        sold = Sold(
            bill=sale.itemised,
            now=Circumstances(sale.at.astimezone(self._settings.zone), tier=_tier_of(ticket)),
            taken=tuple(line.taken for line in sale.lines) or (sale.discount.minor,),
            discount=sale.discount.minor,
            earned=ticket.quote.earns,
        )
        so_far, left_out, program = no_returns(sold), NO_POINTS, self._program_of(sale)
        for each in before:
            plan, so_far = next_return(program, sold, so_far, each)
            left_out += plan.taken_back
        if self._rules.capabilities.tells_anonymous:
            # The backend was told of all of it, and of what came back.
            return Kept(ticket, ticket.quote.earns - left_out, left_out)
        rest = self.ticket(sale, who, staff_id, bill_left(sold, so_far))
        told = rest.quote.earns if rest.quote else NO_POINTS
        if sale.discount.minor or told != ticket.quote.earns - left_out:
            return None
        return Kept(rest, told, left_out)

    def _program_of(self, sale: Sale) -> Program:
        kept = self._lookup.program_of(sale.program_version) if sale.program_version else None
        return kept or self._lookup.program()

    def ticket(self, sale: Sale, who: ClaimFor, staff_id: str, bill: Bill | None = None) -> Ticket:
        """Return a sale, or what is left of it, for whoever claims it.

        Raises:
            KnownError: No program is known.
        """
        from cashier_app.domain.quote import quote  # loaded behind the first frame

        program, bill = self._program_of(sale), bill or sale.itemised
        local = sale.at.astimezone(self._settings.zone).replace(second=0, microsecond=0)
        occasion = Occasion(local, self._settings.store, online=who.fresh)
        member = who.member or Member("", "")
        return Ticket(
            sale_id=sale.sale_id,
            member=who.member,
            identifier=who.identifier if who.member is None else None,
            way=Way.PHONE if who.identifier is None else way_of(who.identifier),
            bill=bill.total,
            quote=quote(program, member, who.account, bill, TakeNothing(), occasion),
            staff_id=staff_id,
        )


def _tier_of(ticket: Ticket) -> str:
    quoted = ticket.quote
    return quoted.tier.name if quoted is not None and quoted.tier and ticket.member else ""


def claim_for(identifier: Identifier | None, found: MemberFound | Remembered | None) -> ClaimFor:
    """Return who claims: the member found, or somebody known by what was scanned or typed."""
    if found is None:
        return ClaimFor(None, _UNSEEN_ACCOUNT, identifier, fresh=False)
    return ClaimFor(found.member, found.account, identifier, fresh=isinstance(found, MemberFound))
