"""Finds members: by phone, by the reference of their customer profile, by the id of their account."""

from __future__ import annotations

import re
from collections.abc import Callable

from cashier_app.backends.replies import Answered, Reply, lookup_of, reason_of
from cashier_app.backends.square.client import SquareClient, account_in, error_of, read
from cashier_app.backends.square.messages import (
    AccountAnswer,
    AccountsRead,
    CustomerAnswer,
    CustomerRead,
    CustomersRead,
)
from cashier_app.backends.square.values import found_of
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.outcome import Lookup, MemberFound, NoSuchMember, SeveralMembers, Unreachable
from cashier_app.ports.backend_kind import Surroundings

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SEVERAL = 5


class SquareMembers:
    """Two requests for most: the account, and the profile that holds the name."""

    def __init__(self, client: SquareClient, around: Surroundings) -> None:
        self._client = client
        self._around = around

    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to, with the account."""
        match identifier:
            case PhoneNumber(e164):
                return self.by_phone(e164)
            case MemberNumber(number):
                return self._by_reference(number)
            case WalletToken(token) if _PHONE.fullmatch(token):
                return self.by_phone(token)
            case WalletToken(token):
                found = self._by_reference(token)
                if isinstance(found, NoSuchMember) and _UUID.fullmatch(token):
                    return self.by_id(token)
                return found

    def by_phone(self, e164: str) -> Lookup:
        """Find by a phone number in E.164; Square keeps one account for each."""
        body = {"query": {"mappings": [{"phone_number": e164}]}, "limit": _SEVERAL}
        reply = self._client.post("loyalty", "accounts", "search", body=body)
        error = error_of(reply)
        if error is not None and error.code == "INVALID_PHONE_NUMBER":
            return NoSuchMember()

        def is_theirs(account: AccountAnswer) -> bool:
            return account.mapping is None or account.mapping.phone_number in {None, e164}

        return lookup_of(reply, lambda _: self._accounts(reply, is_theirs, {}), nobody=frozenset())

    def _by_reference(self, text: str) -> Lookup:
        """Find by what the seller, or a maker of passes, keeps as the customer's reference."""
        body = {"query": {"filter": {"reference_id": {"exact": text}}}, "limit": _SEVERAL}
        reply = self._client.post("customers", "search", body=body)
        answer = read(reply, CustomersRead)
        if answer is None:
            return lookup_of(reply, lambda _: Unreachable("an answer of the wrong form"), nobody=frozenset())
        if any(customer.reference_id != text for customer in answer.customers):
            return Unreachable("an answer about another member")
        customers = {customer.id: customer for customer in answer.customers}
        if not customers:
            return NoSuchMember()
        body = {"query": {"customer_ids": list(customers)}, "limit": 2 * _SEVERAL}
        reply = self._client.post("loyalty", "accounts", "search", body=body)
        return lookup_of(
            reply,
            lambda _: self._accounts(reply, lambda account: account.customer_id in customers, customers),
            nobody=frozenset(),
        )

    def by_id(self, account_id: str) -> Lookup:
        """Read an account."""
        reply = self._client.account(account_id)

        def found(_: Answered) -> Lookup:
            account = account_in(reply, account_id)
            if account is None:
                return Unreachable("an answer of the wrong form, or about another member")
            return self._members([account], {})

        return lookup_of(reply, found)

    def _accounts(
        self,
        reply: Reply,
        is_theirs: Callable[[AccountAnswer], bool],
        customers: dict[str, CustomerAnswer],
    ) -> Lookup:
        answer = read(reply, AccountsRead)
        if answer is None:
            return Unreachable("an answer of the wrong form")
        if not all(is_theirs(account) for account in answer.loyalty_accounts):
            return Unreachable("an answer about another member")
        return self._members(list(answer.loyalty_accounts), customers)

    def _members(self, accounts: list[AccountAnswer], customers: dict[str, CustomerAnswer]) -> Lookup:
        """Return the members of these accounts, their names read where they are not known yet."""
        found: list[MemberFound] = []
        for account in accounts:
            customer = customers.get(account.customer_id or "")
            if customer is None and account.customer_id:
                reply = self._client.get("customers", account.customer_id)
                answer = read(reply, CustomerRead)
                customer = answer.customer if answer else None
                if customer is not None and customer.id != account.customer_id:
                    return Unreachable("an answer about another member")
                # Without the right to read profiles, or once one is deleted, nobody knows the name.
                if customer is None and not (isinstance(reply, Answered) and reply.status in {403, 404}):
                    return Unreachable(reason_of(reply))
            found.append(found_of(account, customer, self._around.clock.now(), self._around.zone))
        if not found:
            return NoSuchMember()
        return found[0] if len(found) == 1 else SeveralMembers(tuple(found))
