"""Reads customers and their balances, and enrols new ones.

Where there are both ways into Nector, a balance is shown as the webhook tells it, for it is the webhook that
takes coins; the merchant API knows the name and the tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path

from cashier_app.backends.amounts import main_units
from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.nector import values
from cashier_app.backends.nector.calls import (
    CheckoutWebhook,
    MerchantApi,
    knows_nobody,
    offers_nothing,
    said,
)
from cashier_app.backends.nector.identity import Identities, Named, may_be, new_customer_id, shown
from cashier_app.backends.nector.kind import API_KEY, KNOWN_CUSTOMER, WEBHOOK_ID, NectorRules, NectorSettings
from cashier_app.backends.nector.messages import Lead, LeadAnswer
from cashier_app.backends.nector.noted import Noted
from cashier_app.backends.nector.values import Listing
from cashier_app.backends.plain_backend import PlainBackend
from cashier_app.backends.replies import Answered, Reply, Strange, reason_of, unusable
from cashier_app.documents.program_document import load_program
from cashier_app.domain.enrolment import AlreadyMember, Enrolled, EnrolmentAnswer, EnrolmentRefused, NewMember
from cashier_app.domain.identifier import Identifier, way_of
from cashier_app.domain.member import Account, Member
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import (
    Lookup,
    MemberFound,
    NoSuchMember,
    RetryLater,
    Unknown,
    Unreachable,
)
from cashier_app.domain.program import Program
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret

NOBODY = Named(customer_id="custom_website-nobody-0")
NOT_OURS = "this member was noted under other settings or another webhook id"


class NectorReader(NectorRules, PlainBackend):
    """A shop's workspace at Nector, as far as it is read. Safe from any thread.

    Raises:
        KnownError: The address, a secret or a setting cannot be used.
    """

    def __init__(self, settings: NectorSettings, secrets: Mapping[str, Secret], around: Surroundings) -> None:
        super().__init__(settings)
        webhook_id = secrets[WEBHOOK_ID.name] if settings.has_checkout else None
        self._around = around
        self._deadlines = around.deadlines
        self._known = secrets.get(KNOWN_CUSTOMER.name)
        self._ids = Identities(settings, around.region, webhook_id)
        self._merchant = (
            MerchantApi(settings, secrets[API_KEY.name], around) if settings.has_merchant else None
        )
        self._webhook = CheckoutWebhook(settings, webhook_id, around) if webhook_id else None
        self.clocks = tuple(way for way in (self._merchant, self._webhook) if way is not None)
        self._noted = Noted(around.clock)
        self._shop_program: Program | None = None

    def program(self) -> Program:
        """Return the shop's own program document, as far as Nector's keys let it be kept.

        Raises:
            KnownError: The file cannot be read, or is of another currency.
        """
        program = load_program(self._around.folder / Path(self.settings.program))
        if program.currency != self._around.currency:
            raise KnownError(f"backend.settings.program: {self.settings.program} is of another currency.")
        if not program.version:
            raise KnownError(f"backend.settings.program: {self.settings.program} has no version.")
        self._shop_program = values.program_here(program, self.settings)
        return self._shop_program

    # Members.
    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to, with the account. At most 3 s."""
        known = way_of(identifier) in self.capabilities.finds_by
        named = self._ids.asked_for(identifier) if known else None
        return NoSuchMember() if named is None else self._read(named)

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again. At most 3 s."""
        named = self._ids.named(member_id)
        return NoSuchMember() if named is None else self._read(named)

    def _read(self, named: Named) -> Lookup:
        """Return the member by the merchant API, and the balance by the channel that takes the coins."""
        if why := self._lacks_program():
            return Unreachable(why)
        with self._within(self._deadlines.find):
            lead: Lead | None = None
            if self._merchant is not None:
                answer = self._lead(named, self._deadlines.find)
                if not isinstance(answer, Lead):
                    return _looked_up(answer)
                lead = answer
            known = self._known_by(named, lead)
            if known is None:
                return Unreachable("this API key is not told by what the webhook knows the customer")
            balance = self._balance(known, lead)
        if not isinstance(balance, Decimal):
            return balance
        return self._noted_down(known, lead, balance, self._program())

    def _noted_down(self, known: Named, lead: Lead | None, balance: Decimal, program: Program) -> MemberFound:
        member = Member(
            member_id=self._ids.member_id(known),
            name=plain_name(lead.name or "") if lead else "",
            masked_phone=self._ids.masked(known.mobile)
            if known.mobile
            else shown(lead.mobile if lead else ""),
        )
        account = Account(
            balance=balance,
            as_of=self._around.clock.now(),
            tier=values.tier_of(lead.tier, program) if lead else None,
            store_credit=self._credit(lead),
        )
        self._noted.account(member.member_id, account)
        return MemberFound(member, account)

    def _credit(self, lead: Lead | None) -> Money | None:
        shows = lead is not None and self.settings.credits
        return values.credit_of(lead.credits, self._around.currency) if lead and shows else None

    def _known_by(self, named: Named, lead: Lead | None) -> Named | None:
        """Return the one name everything is done by."""
        if self._webhook is None:
            return Named(lead_id=lead.lead_id) if lead and lead.lead_id else None
        if self.settings.identify_by == "mobile":
            return Named(mobile=named.mobile) if named.mobile else None
        customer_id = named.customer_id or (lead.customer_id if lead else "")
        return Named(customer_id=customer_id) if customer_id else None

    def _balance(self, known: Named, lead: Lead | None) -> Decimal | Lookup:
        coins = lead.coins if lead else None
        if self._webhook is None:
            return Unreachable("a balance that makes no sense") if coins is None else coins
        listing = self._listing(known, self._probe_bill, self._deadlines.find)
        if not isinstance(listing, Listing):
            return _looked_up(listing)
        if listing.balance is not None:
            return listing.balance
        # Without an offer the webhook need not say the balance. Nothing can be used then, and where there is
        # nobody else to ask, this may as well be no member at all.
        return NoSuchMember() if coins is None else coins

    def _lead(self, named: Named, seconds: float, *, waited_for: bool = True) -> Lead | Reply:
        """Return the customer, or the reply that is none: of the wrong form, or about another customer."""
        assert self._merchant is not None  # noqa: S101 - callers have looked
        reply = self._merchant.lead(named, seconds, waited_for=waited_for)
        if not (isinstance(reply, Answered) and reply.is_success):
            return reply
        answer = read_answer(reply.body, LeadAnswer)
        if answer is None:
            return _strange("an answer of the wrong form")
        lead = answer.data.item
        same = named.lead_id in {"", lead.lead_id} and lead.customer_id in {
            None,
            named.customer_id or lead.customer_id,
        }
        if not same or not may_be(lead.mobile, named.mobile or lead.mobile or ""):
            return _strange("an answer about another member")
        return lead

    def _listing(self, known: Named, bill: Money, seconds: float) -> Listing | Reply:
        """Return what the webhook offers on a bill, or the reply that cannot be used."""
        assert self._webhook is not None  # noqa: S101 - callers have looked
        reply = self._webhook.call("list", known, main_units(bill), seconds)
        if isinstance(reply, Answered) and reply.is_success:
            listing = values.listing_of(reply, bill, self._program().point_scale)
            return listing if isinstance(listing, Listing) else _strange(listing)
        return (
            values.refused_listing(reply) if offers_nothing(reply) and isinstance(reply, Answered) else reply
        )

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member, unless the phone number or e-mail address is known. At most 8 s."""
        if self._merchant is None or not self.settings.writes:
            return super().enrol(new)
        if why := self._lacks_program():
            return RetryLater(reason=why)
        mobile = self._ids.mobile_of(new.phone) if new.phone else ""
        if new.phone and not mobile:
            return EnrolmentRefused(None, "Nector has no form for phone numbers of this country")
        customer_id = new_customer_id(self.settings.new_prefix, new.key)
        named = Named(mobile=mobile) if mobile else Named(email=new.email)
        with self._within(self._deadlines.post):
            before = self._enrolled(named, customer_id)
            if not isinstance(before, NoSuchMember):
                return before
            reply = self._merchant.enrol(
                values.new_lead(new, mobile, customer_id, self.settings.country), self._deadlines.post
            )
            if (other := unusable(reply)) is not None:
                return other
            after = self._enrolled(named, customer_id)
            if not isinstance(after, NoSuchMember):
                return after
            if isinstance(reply, Answered) and not reply.is_success:
                return EnrolmentRefused(None, said(reply))
            return Unknown("enrolled, and not found yet")

    def _enrolled(self, named: Named, customer_id: str) -> EnrolmentAnswer | NoSuchMember:
        """Return the member of this name, and whether it is the one this till made."""
        lead = self._lead(named, self._deadlines.post)
        if not isinstance(lead, Lead):
            return NoSuchMember() if knows_nobody(lead) else unusable(lead) or Unknown(reason_of(lead))
        known = self._known_by(named, lead)
        found = self._noted_down(known, lead, lead.coins or Decimal(0), self._program()) if known else None
        if found is None:
            return Unknown("this API key is not told whose account it is")
        return Enrolled(found) if lead.customer_id == customer_id else AlreadyMember(found)

    def close(self) -> None:
        """Let go of connections; further calls are bugs."""
        for way in (self._merchant, self._webhook):
            if way is not None:
                way.close()

    @property
    def _probe_bill(self) -> Money:
        currency = self._around.currency
        return Money(self.settings.probe_amount * currency.minor_per_unit, currency)

    def _lacks_program(self) -> str:
        """Return why the shop's program cannot be had; empty where it can: nothing is asked without it."""
        try:
            self._program()
        except KnownError as error:
            return error.sentence[:200]
        return ""

    def _program(self) -> Program:
        return self._shop_program or self.program()

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        with ExitStack() as both:
            for way in (self._merchant, self._webhook):
                if way is not None:
                    both.enter_context(way.within(seconds))
            yield


def _strange(reason: str) -> Strange:
    """Return a reply that cannot be believed."""
    return Strange(502, reason)


def _looked_up(reply: Reply) -> Lookup:
    return NoSuchMember() if knows_nobody(reply) else Unreachable(why_not(reply))


def why_not(reply: Reply) -> str:
    """Return why a reply cannot be used, in words for the person who set the till up."""
    if isinstance(reply, Answered | Strange) and reply.status in {400, 401, 403, 404}:
        return f"Nector refuses this till's keys or settings ({reply.status})"
    return reason_of(reply)
