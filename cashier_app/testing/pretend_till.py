"""Does at a backend what the till does, one step after the other and by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import Choice, TakeMaximum, TakeNothing, TakeReward
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money, zero
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    MemberFound,
    NotApplied,
    Outcome,
    Reconciled,
)
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.sale import Effect, EffectKind, Sale, SaleReturn, effect_key
from cashier_app.domain.vouchers import VoucherOffer
from cashier_app.ports.loyalty import LoyaltyBackend, Quoting
from cashier_app.services.sale_effects import wanted_effect, wanted_effects, with_references
from cashier_app.services.ticket import Ticket


class PretendTill:
    """One sale at a time, as the services make it: quote, hold, plan, post."""

    def __init__(self, backend: LoyaltyBackend) -> None:
        self.backend = backend
        self.done: dict[str, tuple[Effect, Booked | None]] = {}

    def quoted(self, found: MemberFound, bill: Money, choice: Choice | None = None) -> Ticket:
        """Return the sale as it would be offered and accepted.

        Without a choice: as many points as may pay; the reward worth most where they pay for rewards only.
        """
        program, account = self.backend.program(), found.account
        if self.backend.capabilities.quoting is Quoting.VENDOR:
            offers = self.backend.options(found.member.member_id, bill_of(bill))
            assert isinstance(offers, Offers), offers
            program, account = offers.over(program), offers.account or account
        occasion = Occasion(datetime.now(UTC))

        def asked(choice: Choice) -> Quote:
            return quote(program, found.member, account, bill_of(bill), choice, occasion)

        answer = asked(choice or TakeMaximum())
        usable = [option for option in answer.rewards if option.refusal is None]
        if choice is None and not program.redemption and usable:
            best = max(usable, key=lambda option: option.discount.minor)
            answer = asked(TakeReward(best.reward.reward_id))
        return Ticket(
            sale_id=str(uuid7()),
            member=found.member,
            identifier=None,
            way=Way.MEMBER_NUMBER,
            bill=bill,
            quote=answer,
        )

    def hold(self, ticket: Ticket) -> Effect:
        """Return the effect that holds a ticket's points."""
        return wanted_effect(ticket, EffectKind.RESERVE, datetime.now(UTC))

    def release(self, ticket: Ticket) -> Effect:
        """Return the effect that lets a ticket's points go."""
        return wanted_effect(ticket, EffectKind.RELEASE, datetime.now(UTC))

    def held(self, ticket: Ticket) -> Ticket:
        """Hold a ticket's points where that can be done, and return it as the till has it then."""
        if not (ticket.points > 0 and self.backend.capabilities.holds_points):
            return ticket
        booked = self.post(self.hold(ticket))
        return replace(ticket, reservation=booked.reference, held_until=booked.expires_at)

    def planned(self, ticket: Ticket) -> tuple[Effect, ...]:
        """Return what the backend wants to be told of the paid sale."""
        wanted = wanted_effects(ticket, self.backend.capabilities, datetime.now(UTC))
        return self.backend.plan(wanted)

    def told_of_nobody(self, bill: Money, sale_id: str) -> Effect:
        """Return the effect that tells a sale without a member."""
        nobody = Ticket(sale_id, None, None, None, bill, None)
        told = wanted_effect(nobody, EffectKind.SALE, datetime.now(UTC))
        return replace(told, program_version=self.backend.program().version)

    def link(self, bill: Money, sale_id: str, member_id: str) -> Effect:
        """Return the effect that gives such a sale to a member."""
        told = self.told_of_nobody(bill, sale_id)
        key = effect_key(sale_id, EffectKind.LINK)
        return replace(told, key=key, kind=EffectKind.LINK, member_id=member_id)

    def claim(self, found: MemberFound, bill: Money) -> Effect:
        """Return the effect that tells a sale of nobody's late, for the member who claims it."""
        told = wanted_effect(self.quoted(found, bill, TakeNothing()), EffectKind.SALE, datetime.now(UTC))
        return replace(told, claimed=True)

    def merge(self, bill: Money, member_id: str, other_member_id: str) -> Effect:
        """Return the effect that asks to join two records."""
        asked = self.link(bill, str(uuid7()), member_id)
        key = effect_key(asked.sale_id, EffectKind.MERGE)
        return replace(asked, key=key, kind=EffectKind.MERGE, other_member_id=other_member_id)

    def with_voucher(self, ticket: Ticket, offer: VoucherOffer, off: Money) -> Effect:
        """Return the effect that tells a sale on which a voucher took this much off, without points."""
        told = wanted_effect(ticket, EffectKind.SALE, datetime.now(UTC))
        return replace(
            told,
            points=NO_POINTS,
            discount=off,
            paid=ticket.bill - off,
            reward_id=offer.reward.reward_id,
            voucher=offer.code,
        )

    def send(self, effect: Effect) -> Outcome:
        """Send one effect as the sender does, and remember what was booked."""
        complete = self._complete(effect)
        asks = {EffectKind.LINK: self.backend.link, EffectKind.MERGE: self.backend.ask_to_merge}
        return self._noted(effect, asks.get(effect.kind, self.backend.apply)(complete))

    def look_up(self, effect: Effect) -> Reconciled:
        """Look one effect up as the sender does, and remember what was booked."""
        found = self.backend.reconcile(self._complete(effect))
        if isinstance(found, NotApplied):
            return found
        self._noted(effect, found)
        return found

    def post(self, effect: Effect) -> Booked:
        """Send one effect, which must take hold."""
        outcome = self.send(effect)
        assert isinstance(outcome, Applied | AlreadyApplied), (effect.kind, outcome)
        return outcome.booked

    def sell(
        self, found: MemberFound, bill: Money, choice: Choice | None = None
    ) -> tuple[Ticket, Sequence[Effect]]:
        """Make a whole sale; return it with what the backend was told."""
        ticket = self.held(self.quoted(found, bill, choice))
        effects = self.planned(ticket)
        for effect in effects:
            self.post(effect)
        return ticket, effects

    def returned(
        self, ticket: Ticket, effects: Sequence[Effect], earned: Decimal, *, halves: int = 2
    ) -> SaleReturn:
        """Return the facts of a return: half of a sale (`halves` 1), or the whole of it (2)."""
        quote = ticket.quote
        discount = quote.discount if quote else zero(ticket.bill.currency)
        part = [amount.minor * halves // 2 for amount in (ticket.bill, discount)]
        bill, off = (Money(minor, ticket.bill.currency) for minor in part)
        whole = halves == 2
        return SaleReturn(
            sale=Sale(
                sale_id=ticket.sale_id,
                number="2-0001",
                member_id=ticket.member.member_id if ticket.member else "",
                display_name="",
                way=ticket.way,
                bill=ticket.bill,
                discount=discount,
                paid=ticket.bill - discount,
                points_used=ticket.points,
                points_expected=quote.earns if quote else NO_POINTS,
                at=effects[0].at,
                program_version=quote.program_version if quote else "",
            ),
            count=1,
            whole=whole,
            bill=bill,
            discount=off,
            paid=bill - off,
            taken_back=earned if whole else earned // 2,
            restored=ticket.points if whole else ticket.points // 2,
            at=datetime.now(UTC),
            effects=tuple(effects),
        )

    def _complete(self, effect: Effect) -> Effect:
        return with_references(effect, self.done.values()) or effect

    def _noted(self, effect: Effect, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Applied | AlreadyApplied):
            self.done[effect.key] = (effect, outcome.booked)
        return outcome
