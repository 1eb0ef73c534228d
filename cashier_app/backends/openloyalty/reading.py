"""Reads members of Open Loyalty: who somebody is, what they have, where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.openloyalty.kind import OpenLoyaltySettings
from cashier_app.backends.openloyalty.messages import MemberAnswer, ProgressAnswer, WalletsAnswer
from cashier_app.backends.openloyalty.store import Store
from cashier_app.backends.openloyalty.values import (
    StrangeAnswerError,
    found_of,
    levels_of,
    money_of,
    phone_forms,
    tier_of,
)
from cashier_app.backends.replies import Answered, lookup_of, reason_of
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import TierStanding
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import Lookup, MemberFound, NoSuchMember, Unreachable
from cashier_app.domain.program import Program
from cashier_app.ports.backend_kind import Surroundings

USUAL_WALLET = "default"
OTHER_MEMBER = Unreachable("an answer about another member")

_CARD = re.compile(r"[0-9A-Za-z._-]{1,64}\Z")


class Reading:
    """Safe from any thread; one deadline a call, given by the caller.

    Args:
        store: Where the members are.
        settings: Which wallets and tier set are looked at.
        around: The till.
        program: The shop's document.
    """

    def __init__(
        self, store: Store, settings: OpenLoyaltySettings, around: Surroundings, program: Program
    ) -> None:
        self._store = store
        self._settings = settings
        self._around = around
        self._program = program
        self._levels = levels_of(program)
        self._phone_form = 0

    def find(self, identifier: Identifier) -> Lookup:
        """Find a member by phone, or by the number of their card; capital letters matter there."""
        if isinstance(identifier, PhoneNumber):
            return self._by_phone(identifier.e164)
        number = identifier.number if isinstance(identifier, MemberNumber) else self._on_pass(identifier)
        if not _CARD.match(number):
            return NoSuchMember()
        return self._lookup(
            f"loyaltyCardNumber={number}", lambda member: member.loyalty_card_number == number
        )

    def by_id(self, member_id: str) -> Lookup:
        """Read a member by the vendor's id."""
        return self._lookup(member_id, lambda member: member.customer_id.casefold() == member_id.casefold())

    def member(self, answer: MemberAnswer) -> Lookup:
        """Return the till's values of a record, with wallets and progress read where they are looked at."""
        here, settings = self._around.currency, self._settings
        if answer.anonymized:
            return NoSuchMember()
        if answer.currency not in {None, here.code}:
            return Unreachable("an account in another currency than the till's")
        if (answer.store_code or settings.store_code).casefold() != settings.store_code.casefold():
            return Unreachable("a member of another store")
        try:
            units = self._wallets(answer)
            if isinstance(units, Unreachable):
                return units
            balance, credit = units
            return found_of(
                answer,
                balance,
                self._around.clock.now(),
                self._around.region,
                tier=self._progress(answer.customer_id),
                store_credit=credit,
                program=self._program,
            )
        except StrangeAnswerError as error:
            return Unreachable(str(error))

    def _on_pass(self, code: WalletToken) -> str:
        """Return the card number in the text of a pass; empty where passes hold something else."""
        prefix = self._settings.pass_prefix
        if not self._settings.passes_hold_card_numbers or not code.token.startswith(prefix):
            return ""
        return code.token.removeprefix(prefix)

    def _by_phone(self, e164: str) -> Lookup:
        """Try the forms in which a tenant may keep numbers, the one that last found somebody first."""

        def asked(form: str) -> Lookup:
            return self._lookup(
                f"phone={form}", lambda member: member.phone == form or member.phone in phone_forms(e164)
            )

        # The usual form needs no numbering plan, which takes longer to ask than the rest of a look-up.
        first = phone_forms(e164)[self._phone_form] if self._phone_form else e164
        found = asked(first)
        if not isinstance(found, NoSuchMember):
            return found
        for index, form in enumerate(phone_forms(e164)):
            if form != first and not isinstance(found := asked(form), NoSuchMember):
                self._phone_form = index if isinstance(found, MemberFound) else self._phone_form
                return found
        return found

    def _lookup(self, reference: str, is_asked: Callable[[MemberAnswer], bool]) -> Lookup:
        def found(reply: Answered) -> Lookup:
            answer = read_answer(reply.body, MemberAnswer)
            if answer is None:
                return Unreachable("an answer of the wrong form")
            return self.member(answer) if is_asked(answer) else OTHER_MEMBER

        return lookup_of(self._store.get("member", reference), found)

    def _wallets(self, answer: MemberAnswer) -> tuple[Decimal, Money | None] | Unreachable:
        """Return the balance and the store credit; the usual wallet stands in the member's own record."""
        settings = self._settings
        if settings.wallet_code == USUAL_WALLET and not settings.store_credit_wallet:
            return answer.default_account.active_points, None
        reply = self._store.get("member", answer.customer_id, "wallet")
        usable = isinstance(reply, Answered) and reply.is_success
        wallets = read_answer(reply.body, WalletsAnswer) if isinstance(reply, Answered) and usable else None
        if wallets is None:
            return Unreachable(reason_of(reply))
        units = {one.wallet_type.code: one.account.active_units for one in wallets.items}
        if settings.wallet_code not in units:
            return Unreachable("a member without the program's wallet")
        credit = units.get(settings.store_credit_wallet)
        money = None if credit is None else money_of(credit, self._around.currency)
        return units[settings.wallet_code], money

    def _progress(self, member_id: str) -> TierStanding | None:
        """Return the standing with its progress; None where it is not looked at, or not to be had."""
        if not self._settings.tier_set:
            return None
        reply = self._store.get("member", member_id, "tierSet", self._settings.tier_set)
        usable = isinstance(reply, Answered) and reply.is_success
        answer = read_answer(reply.body, ProgressAnswer) if isinstance(reply, Answered) and usable else None
        return None if answer is None else tier_of(answer, self._around.currency, self._levels)
