"""The adapter for Voucherify's legacy loyalty, interface v1.

Voucherify knows no idempotency keys. What keeps a repeat away is what can be looked up: the order carries the
sale's id as its `source_id` and says which redemptions were made on it; a change of a balance carries the
effect's key as its `source_id`. A hold cannot be looked up by its key; see `Holds`.

Importing this module imports httpx.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from cashier_app.backends.amounts import iso_decimals
from cashier_app.backends.authorization import SecretHeaders
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.paths import path_of
from cashier_app.backends.plain_backend import PlainBackend
from cashier_app.backends.replies import (
    Answered,
    Reply,
    Strange,
    answer_of,
    outcome_of,
    probed,
    reason_of,
)
from cashier_app.backends.voucherify.balances import Balances
from cashier_app.backends.voucherify.bill_offers import BillOffers
from cashier_app.backends.voucherify.cards import CARD_ID, REFUSED, Cards, KnownCard
from cashier_app.backends.voucherify.holds import Holds
from cashier_app.backends.voucherify.kind import VoucherifyRules, VoucherifySettings, exchange_of
from cashier_app.backends.voucherify.late_claims import LateClaims
from cashier_app.backends.voucherify.messages import (
    CampaignAnswer,
    CardAnswer,
    Coin,
    EarningRulesAnswer,
    TiersAnswer,
)
from cashier_app.backends.voucherify.orders import Orders
from cashier_app.backends.voucherify.values import (
    Units,
    block_of,
    coin_rule,
    declined,
    program_of,
)
from cashier_app.backends.voucherify.vouchers import Vouchers
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import (
    AlreadyMember,
    Enrolled,
    EnrolmentAnswer,
    EnrolmentRefused,
    NewMember,
)
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.money import Currency
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    Applied,
    Booked,
    Lookup,
    MemberFound,
    NoSuchMember,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SeveralMembers,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Probed, Right
from cashier_app.domain.program import Program
from cashier_app.domain.program.redemption import RedemptionRule
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.domain.vouchers import VoucherAnswer
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret

CHANNEL = "till"
NO_CARD = "Voucherify knows no such card of this campaign."
VERSION = {"X-Voucherify-API-Version": "v2018-08-01"}
AnyAnswer = TypeVar("AnyAnswer")
_IDENTIFIERS: Mapping[str, Callable[[str], Identifier]] = {
    "wallet": WalletToken,
    "phone": PhoneNumber,
    "number": MemberNumber,
}
_READS = {
    Right.FIND: ("v1", "customers", "nobody"),
    Right.ACCOUNT: ("v1", "vouchers", "nobody"),
    Right.REWARDS: ("v1", "loyalties", "members", "nobody", "rewards"),
    Right.LEDGER: ("v1", "loyalties", "members", "nobody", "transactions"),
    Right.SALES: ("v1", "orders", "nothing"),
}


class VoucherifyBackend(VoucherifyRules, PlainBackend):
    """A project at Voucherify with a legacy loyalty campaign. Safe from any thread.

    Raises:
        KnownError: The settings, the address or a secret cannot be used.
    """

    def __init__(
        self, settings: VoucherifySettings, app_id: Secret, app_token: Secret, surroundings: Surroundings
    ) -> None:
        super().__init__(settings)
        self._clock = surroundings.clock
        self._deadlines = surroundings.deadlines
        self._currency = surroundings.currency
        self._units = units_of(settings, surroundings.currency)
        self._http = HttpClient(
            surroundings.address,
            SecretHeaders(("X-App-Id", "", app_id), ("X-App-Token", "", app_token)),
            headers=VERSION,
            clock=surroundings.clock,
            authorities=surroundings.authorities,
        )
        self.clocks = (self._http,)
        self._campaign = path_of("v1", "loyalties", settings.campaign)
        self._cards = Cards(
            self._http,
            surroundings.clock,
            settings.campaign,
            settings.customer_id_is,
            show_tiers=settings.show_tiers,
        )
        self._balances = Balances(self._http, surroundings.clock)
        self._holds = Holds(self._http, self._cards, surroundings.clock, self._units, settings.hold_minutes)
        self._orders = Orders(self._http, self._units)
        self._late_claims = LateClaims(self._orders, self._cards)
        self._vouchers = Vouchers(self._http, self._units)
        self._offers = BillOffers(self._http, surroundings.clock, self._units)

    # Reading.
    def program(self) -> Program:
        """Return the program in force: its earning rules; what may be redeemed is asked for each bill.

        Raises:
            KnownError: It cannot be had or makes no sense; the sentence says which.
        """
        seconds = self._deadlines.find
        with self._http.within(seconds):
            campaign = _read(self._http.get(self._campaign, seconds=seconds), CampaignAnswer)
            many = {"limit": "100"}
            reply = self._http.get(f"{self._campaign}/earning-rules", seconds=seconds, query=many)
            rules = _read(reply, EarningRulesAnswer)
            if self.settings.show_tiers:
                reply = self._http.get(f"{self._campaign}/tiers", seconds=seconds, query=many)
                self._cards.all_tiers = _read(reply, TiersAnswer).data
        if campaign.id != self.settings.campaign:
            raise KnownError("Voucherify answered about another campaign.")
        return program_of(campaign, rules.data, self._units, self._estimate())

    def _estimate(self) -> RedemptionRule | None:
        """Return what points are worth by the shop's own settings, before Voucherify was asked."""
        if not self.settings.coin_reward:
            return None
        coin = Coin(exchange_of(self.settings), self.settings.points_ratio)
        block = block_of(coin, self._units)
        return coin_rule(self.settings.coin_reward, "", block, self._units) if block else None

    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to, with the account. At most 3 s."""
        with self._http.within(self._deadlines.find):
            return self._cards.find(identifier, self._deadlines.find)

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again. At most 3 s."""
        if not CARD_ID.fullmatch(member_id):
            raise ValueError("not a member id of Voucherify's legacy loyalty")
        with self._http.within(self._deadlines.find):
            return self._cards.by_code(member_id, self._deadlines.find)

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Ask what this member may redeem on this bill, holding nothing. At most 3 s."""
        seconds = self._deadlines.find
        with self._http.within(seconds):
            card = self._cards.card(member_id, seconds)
            if isinstance(card, NoSuchMember):
                return Unreachable("the card is gone")
            return card if isinstance(card, Unreachable) else self._offers.of(card, bill.total, seconds)

    # Effects.
    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold. At most 8 s."""
        seconds = self._deadlines.post
        if effect.points != effect.points.to_integral_value():
            return Refused(RefusedBecause.INVALID, "Voucherify counts whole points.")
        with self._http.within(seconds):
            if effect.kind is EffectKind.REFUND:
                return self._orders.undo(effect, seconds)
            card = self._card_of(effect, seconds)
            if not isinstance(card, KnownCard):
                return card
            match effect.kind:
                case EffectKind.RESERVE:
                    return self._holds.make(card, effect, seconds)
                case EffectKind.RELEASE:
                    return self._holds.release(card, effect.reservation or effect.key, seconds)
                case EffectKind.CAPTURE | EffectKind.REDEEM:
                    return self._orders.redeem(card, effect, seconds)
                case EffectKind.SALE:
                    return self._told(card, effect, seconds)
                case EffectKind.CLAW_BACK:
                    return self._balances.claw_back(card, effect, seconds)
                case EffectKind.RESTORE:
                    reason = f"Return of {effect.sale_id}"
                    return self._balances.move(card, effect.key, effect.points, reason, seconds)
        raise ValueError(f"Voucherify has no {effect.kind.value}")

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up, changing nothing. At most 8 s."""
        seconds = self._deadlines.post
        with self._http.within(seconds):
            match effect.kind:
                case EffectKind.RESERVE | EffectKind.RELEASE:
                    return self._holds.look_up(effect, seconds)
                case EffectKind.CLAW_BACK | EffectKind.RESTORE:
                    return self._change(effect.member_id, effect.key, seconds)
                case EffectKind.SALE if not (effect.member_id or effect.identified_by):
                    return self._late_claims.whose(effect, seconds)
            return self._orders.look_up(effect, seconds)

    def _told(self, card: KnownCard, effect: Effect, seconds: float) -> Outcome:
        first = self._late_claims.before(card, effect, seconds) if effect.claimed else None
        if first is not None:
            return first
        tells = self._vouchers.tell if effect.voucher and card.holder else self._orders.tell
        return tells(card, effect, seconds)

    def _card_of(self, effect: Effect, seconds: float) -> KnownCard | Refused | RetryLater | SignInNeeded:
        """Return the card an effect is for, looked for if the member was met offline."""
        if effect.member_id or not effect.identified_by:
            return self._card(effect.member_id, seconds)
        way, _, text = effect.identified_by.partition(":")
        match self._cards.find(_IDENTIFIERS[way](text), seconds):
            case MemberFound(member=member):
                return self._card(member.member_id, seconds)
            case Unreachable(reason):
                return _not_read(reason)
            case SeveralMembers():
                return Refused(RefusedBecause.NOT_ALLOWED, "Several cards answer to this.")
        return Refused(RefusedBecause.OTHER, NO_CARD)

    def _card(self, member_id: str, seconds: float) -> KnownCard | Refused | RetryLater | SignInNeeded:
        """Return a card; reading it sends nothing that could take hold."""
        match self._cards.known(member_id, seconds):
            case KnownCard() as card:
                return card
            case Unreachable(reason):
                return _not_read(reason)
        return Refused(RefusedBecause.OTHER, NO_CARD)

    def _change(self, member_id: str, key: str, seconds: float) -> Reconciled:
        """Look a change of a balance up by its key."""
        card = self._card(member_id, seconds)
        if isinstance(card, Refused):
            return Unknown(card.detail)
        return self._balances.look_up(card, key, seconds) if isinstance(card, KnownCard) else card

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        """Ask what a voucher takes off this bill, holding nothing. At most 3 s."""
        seconds = self._deadlines.find
        with self._http.within(seconds):
            card = self._cards.known(member_id, seconds) if member_id else None
            if isinstance(card, Unreachable):
                return card
            holder = card.holder if isinstance(card, KnownCard) else ""
            return self._vouchers.check(code, holder, bill.total, seconds)

    # Members.
    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member, unless they are one; then read the account. At most 8 s."""
        seconds = self._deadlines.post
        source = {"phone": new.phone, "number": new.number, "email": new.email}[self.settings.customer_id_is]
        if not source:
            return EnrolmentRefused()
        told_of = {"name": new.name, "phone": new.phone, "email": new.email}
        if new.birthday:
            told_of["birthdate"] = new.birthday.isoformat()
        customer = {"source_id": source, **{name: text for name, text in told_of.items() if text}}
        with self._http.within(seconds):
            match self._cards.by_customer(source, seconds):
                case MemberFound() as member:
                    return AlreadyMember(member)
                case SeveralMembers(found=several):
                    return AlreadyMember(several[0])
                case Unreachable(reason):
                    return _not_read(reason)
            reply = self._http.post(
                f"{self._campaign}/members", {"customer": customer, "channel": CHANNEL}, seconds=seconds
            )
            match outcome := outcome_of(reply, _card_made, declined):
                case Applied(booked):
                    found = self._cards.by_code(booked.reference, seconds)
                    return Enrolled(found) if isinstance(found, MemberFound) else Unknown("no account")
                case Refused(detail=detail):
                    return EnrolmentRefused(detail=detail)
                case RetryLater() | SignInNeeded() | Unknown():
                    return outcome
        return Unknown("an answer of the wrong form")

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Correct a balance. At most 8 s."""
        points = adjustment.points
        if points != points.to_integral_value():
            return Refused(RefusedBecause.INVALID, "Voucherify counts whole points.")
        reason = f"{adjustment.reason} ({adjustment.by})"
        seconds = self._deadlines.post
        with self._http.within(seconds):
            card = self._card(adjustment.member_id, seconds)
            if not isinstance(card, KnownCard):
                return card
            return self._balances.move(card, adjustment.key, points, reason, seconds)

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Look a correction up by its key, changing nothing. At most 8 s."""
        with self._http.within(self._deadlines.post):
            return self._change(adjustment.member_id, adjustment.key, self._deadlines.post)

    # Setting up.
    def probe(self) -> Probed:
        """Try every right the till needs with one harmless read each. At most 20 s."""
        seconds = self._deadlines.find
        reply = self._http.get(self._campaign, seconds=seconds)
        campaign = answer_of(reply, CampaignAnswer) if isinstance(reply, Answered) else None
        name = plain_name(campaign.name) if campaign else ""
        rights = [probed(Right.PROGRAM, reply, name, there=frozenset())]
        for right, parts in _READS.items():
            rights.append(probed(right, self._http.get(path_of(*parts), seconds=seconds)))
        remark = (
            f"Voucherify does not say which currency the project has: it must be {self._currency.code}, with "
            f"{self._units.decimals} decimals."
        )
        return Probed(tuple(rights), program_name=name, clock_ahead=self.clock_ahead, remarks=(remark,))

    def is_reachable(self) -> bool:
        """Say whether Voucherify answers at all, with one harmless request. At most 3 s."""
        reply = self._http.get(self._campaign, seconds=self._deadlines.find)
        return isinstance(reply, Answered) and reply.status < 500

    def close(self) -> None:
        """Let go of connections; further calls are bugs."""
        self._http.close()


def _read(reply: Reply, kind: type[AnyAnswer]) -> AnyAnswer:
    """Return an answer about the program.

    Raises:
        KnownError: There is none.
    """
    if isinstance(reply, Answered | Strange) and reply.status in {401, 403}:
        raise KnownError("Voucherify refuses this till's keys. Run: cashier-cli sign-in")
    if isinstance(reply, Answered) and reply.status == 404:
        raise KnownError("Voucherify knows no legacy loyalty campaign of this id.")
    answer = answer_of(reply, kind) if isinstance(reply, Answered) and reply.is_success else None
    if answer is None:
        raise KnownError("The loyalty program could not be read.", detail=reason_of(reply))
    return answer


def units_of(settings: VoucherifySettings, currency: Currency) -> Units:
    """Return what the project counts money in.

    Raises:
        KnownError: The till counts in finer ones.
    """
    decimals = iso_decimals(currency.code) if settings.decimals < 0 else settings.decimals
    if currency.decimals > decimals:
        raise KnownError("backend.settings.decimals: The till's amounts are finer than the project's.")
    return Units(currency, decimals)


def _not_read(reason: str) -> RetryLater | SignInNeeded:
    return SignInNeeded() if reason == REFUSED else RetryLater(0, reason)


def _card_made(reply: Answered) -> Outcome:
    card = answer_of(reply, CardAnswer)
    return Applied(Booked(card.id)) if card else Unknown("an answer of the wrong form")
