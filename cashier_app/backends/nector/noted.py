"""What the till remembers of Nector while it runs: the last balances, and which rows are whose."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from msgspec.structs import replace

from cashier_app.domain.member import Account
from cashier_app.domain.outcome import AlreadyApplied, Booked, NotApplied, Unknown
from cashier_app.domain.sale import Effect
from cashier_app.ports.clock import Clock

MOST = 500
DECISIVE = timedelta(minutes=10)
"""How long after a try a balance still tells of it: later others may have moved it as well."""

Kept = TypeVar("Kept")


class _Latest(Generic[Kept]):
    """The latest of each name, the oldest forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, name: str, value: Kept) -> None:
        with self._lock:
            self._kept.pop(name, None)
            self._kept[name] = value
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def of(self, name: str) -> Kept | None:
        with self._lock:
            return self._kept.get(name)

    def items(self) -> list[tuple[str, Kept]]:
        with self._lock:
            return list(self._kept.items())


class Noted:
    """Balances and rows seen by this very program. Safe from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accounts: _Latest[Account] = _Latest()
        self._before: _Latest[tuple[Decimal, float]] = _Latest()
        self._rows: _Latest[str] = _Latest()

    def account(self, member_id: str, account: Account) -> None:
        """Note a member's account as it was just told."""
        self._accounts.note(member_id, account)

    def last_account(self, member_id: str) -> Account | None:
        """Return the account as last told."""
        return self._accounts.of(member_id)

    def told(self, member_id: str, balance: Decimal) -> Account | None:
        """Note a member's balance as it was just told; return the account, None for one never told."""
        account = self._accounts.of(member_id)
        if account is not None:
            account = replace(account, balance=balance, as_of=self._clock.now())
            self._accounts.note(member_id, account)
        return account

    def changed(self, effect: Effect, before: Decimal | None, change: Decimal) -> None:
        """Note what an effect left of a balance."""
        if before is not None:
            self.told(effect.member_id, before + change)

    def before(self, effect: Effect, balance: Decimal) -> None:
        """Note a balance just before an effect is asked for."""
        self._before.note(effect.key, (balance, self._clock.monotonic()))

    def row(self, effect: Effect, reference: str) -> None:
        """Note that a row of the ledger is this effect's."""
        if reference:
            self._rows.note(effect.key, reference)

    def rows_of_others(self, effect: Effect) -> list[str]:
        """Return the rows that are other effects'."""
        return [reference for key, reference in self._rows.items() if key != effect.key]

    def judged(
        self, effect: Effect, balance: Decimal | None, change: Decimal
    ) -> AlreadyApplied | NotApplied | Unknown:
        """Say by the balance alone whether an effect took hold.

        Only a balance from just before it was asked for can tell: noted with the effect itself, or, where it
        was never asked for by this program, told before the cashier acted. A balance told later may already
        have the effect in it.

        Args:
            effect: In doubt.
            balance: Now; None where Nector does not tell it.
            change: What the effect does to it.
        """
        had = self._balance_before(effect)
        if had is None or balance is None:
            return Unknown("there is no balance from before to compare with")
        if balance == had + change:
            self.told(effect.member_id, balance)
            return AlreadyApplied(Booked("", balance=balance, points=effect.points))
        return NotApplied() if balance == had else Unknown("the balance changed otherwise")

    def _balance_before(self, effect: Effect) -> Decimal | None:
        noted = self._before.of(effect.key)
        if noted is not None:
            balance, at = noted
            return balance if self._clock.monotonic() - at <= DECISIVE.total_seconds() else None
        account = self._accounts.of(effect.member_id)
        if effect.in_doubt_since is not None:
            return None  # asked for before, and not with a balance this program knows
        if account is None or not effect.at - DECISIVE <= account.as_of <= effect.at:
            return None
        return account.balance
