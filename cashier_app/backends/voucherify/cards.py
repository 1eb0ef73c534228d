"""Whose card it is: customers and loyalty cards read from Voucherify, one request after the other."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec
from msgspec import Struct

from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.paths import path_of
from cashier_app.backends.replies import Answered, Strange, answer_of, reason_of
from cashier_app.backends.voucherify.messages import (
    CardAnswer,
    CustomerAnswer,
    HeldAnswer,
    TierAnswer,
    TiersAnswer,
)
from cashier_app.backends.voucherify.values import CARD, found_of, tier_of
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.outcome import Lookup, MemberFound, NoSuchMember, SeveralMembers, Unreachable
from cashier_app.ports.clock import Clock

CARD_ID = re.compile(r"v_[A-Za-z0-9]{1,60}")
MAX_PAGES = 10
MAX_KNOWN = 1000
REFUSED = "the backend refuses this till's credentials"
AnyAnswer = TypeVar("AnyAnswer")


class KnownCard(Struct, frozen=True):
    """What writes need of a card: its code, and the customer orders are made for."""

    card_id: str
    code: str
    holder: str


class Cards:
    """Finds cards of one campaign. Safe from any thread.

    Args:
        http: The client of the adapter.
        campaign: Only cards of this campaign are members.
        customer_id_is: What customers' `source_id` is.
        show_tiers: Whether the tier is read too.
    """

    def __init__(
        self, http: HttpClient, clock: Clock, campaign: str, customer_id_is: str, *, show_tiers: bool
    ) -> None:
        self._http = http
        self._clock = clock
        self._campaign = campaign
        self._customer_id_is = customer_id_is
        self._show_tiers = show_tiers
        self._known: dict[str, KnownCard] = {}
        self.all_tiers: list[TierAnswer] = []

    def find(self, identifier: Identifier, seconds: float) -> Lookup:
        """Find the member this belongs to."""
        match identifier:
            case PhoneNumber(text) if self._customer_id_is == "phone":
                return self.by_customer(text, seconds)
            case MemberNumber(text) if self._customer_id_is == "number":
                return self.by_customer(text, seconds)
            case WalletToken(token) if token.startswith("cust_"):
                return self.by_customer(token, seconds)
            case WalletToken(token) if not token.startswith(("lmbr_", "lcrd_", "lprg_")):
                return self.by_code(token, seconds)
        return NoSuchMember()

    def by_code(self, code: str, seconds: float) -> Lookup:
        """Find the member by the card's code or id."""
        card = self.card(code, seconds)
        if not isinstance(card, CardAnswer):
            return card
        if card.holder_id is None:
            return self._with_tier(card, None, seconds)
        customer = self._customer(card.holder_id, seconds)
        if not isinstance(customer, CustomerAnswer):
            return Unreachable("the card's holder is not there") if customer == NoSuchMember() else customer
        if customer.id != card.holder_id:
            return Unreachable("an answer about another customer")
        return self._with_tier(card, customer, seconds)

    def by_customer(self, customer_id: str, seconds: float) -> Lookup:
        """Find the members who are this customer: one for each card of the campaign they hold."""
        if customer_id in {"", ".", ".."}:
            return NoSuchMember()
        customer = self._customer(customer_id, seconds)
        if not isinstance(customer, CustomerAnswer):
            return customer
        if customer_id not in {customer.id, customer.source_id}:
            return Unreachable("an answer about another customer")
        cards = self._cards_of(customer, seconds)
        if isinstance(cards, Unreachable):
            return cards
        found = []
        for card in cards:
            one = self._with_tier(card, customer, seconds)
            if not isinstance(one, MemberFound):
                return one
            found.append(one)
        if not found:
            return NoSuchMember()
        return found[0] if len(found) == 1 else SeveralMembers(tuple(found))

    def card(self, code: str, seconds: float) -> CardAnswer | NoSuchMember | Unreachable:
        """Read a card by its code or id; one of another campaign is nobody's."""
        if code in {"", ".", ".."}:
            return NoSuchMember()
        # Members are read by their codes, as documented; vouchers by their ids as well.
        place = ("vouchers",) if CARD_ID.fullmatch(code) else ("loyalties", "members")
        card = self._read(path_of("v1", *place, code), CardAnswer, seconds)
        if not isinstance(card, CardAnswer):
            return card
        if card.type != CARD or card.campaign_id != self._campaign:
            return NoSuchMember()
        if code not in {card.id, card.code} or card.loyalty_card is None:
            return Unreachable("an answer about another card")
        self._note(card)
        return card

    def known(self, card_id: str, seconds: float) -> KnownCard | NoSuchMember | Unreachable:
        """Return what is known of a card, read only if it was not before."""
        known = self._known.get(card_id)
        if known is None:
            card = self.card(card_id, seconds)
            if not isinstance(card, CardAnswer):
                return card
            known = self._note(card)
        return known

    def _note(self, card: CardAnswer) -> KnownCard:
        known = KnownCard(card.id, card.code, card.holder_id or "")
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        if known.holder:
            self._known[card.id] = known
        return known

    def _customer(self, customer_id: str, seconds: float) -> CustomerAnswer | NoSuchMember | Unreachable:
        return self._read(path_of("v1", "customers", customer_id), CustomerAnswer, seconds)

    def _cards_of(self, customer: CustomerAnswer, seconds: float) -> list[CardAnswer] | Unreachable:
        cards: list[CardAnswer] = []
        query: dict[str, str] = {"limit": "100"}
        for _ in range(MAX_PAGES):
            path = path_of("v1", "customers", customer.id, "redeemables")
            page = self._read(path, HeldAnswer, seconds, query)
            if not isinstance(page, HeldAnswer):
                return page if isinstance(page, Unreachable) else Unreachable("the customer has gone")
            for line in page.data:
                card = _card_in(line.redeemable.voucher) if line.redeemable else None
                if card is not None and card.campaign_id == self._campaign:
                    cards.append(card)
                    self._note(card)
            if not (page.has_more and page.more_starting_after):
                return cards
            query["starting_after_id"] = page.more_starting_after
        return Unreachable("the customer holds more than can be read")

    def _with_tier(self, card: CardAnswer, customer: CustomerAnswer | None, seconds: float) -> Lookup:
        tier = None
        if self._show_tiers:
            path = path_of("v1", "loyalties", "members", card.code, "tiers")
            held = self._read(path, TiersAnswer, seconds)
            if isinstance(held, Unreachable):
                return held
            tier = tier_of(held.data, self.all_tiers) if isinstance(held, TiersAnswer) else None
        now = self._clock.now()
        return found_of(card, customer, tier, now, customer_id_is=self._customer_id_is)

    def _read(
        self, path: str, kind: type[AnyAnswer], seconds: float, query: dict[str, str] | None = None
    ) -> AnyAnswer | NoSuchMember | Unreachable:
        reply = self._http.get(path, seconds=seconds, query=query)
        if isinstance(reply, Answered) and reply.status == 404:
            return NoSuchMember()
        if isinstance(reply, Answered | Strange) and reply.status in {401, 403}:
            return Unreachable(REFUSED)
        if not (isinstance(reply, Answered) and reply.is_success):
            return Unreachable(reason_of(reply))
        return answer_of(reply, kind) or Unreachable("an answer of the wrong form")


def _card_in(voucher: object) -> CardAnswer | None:
    """Return the card, if this voucher is one that can be used."""
    try:
        card = msgspec.convert(voucher, CardAnswer)
    except (msgspec.ValidationError, OverflowError):
        return None
    return card if card.type == CARD and card.loyalty_card is not None else None
