"""Posts of which every fourth answer is lost: with keys, without any, and with keys that have run out."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.quote import quote
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import Capabilities, Idempotency, LoyaltyBackend
from cashier_app.services.delivery import Delivery
from cashier_app.services.doubt import Doubts
from cashier_app.services.ticket import Ticket, new_sale_id
from tests.fakes.delivering import deliver_due
from tests.fakes.shop import OCCASION
from tests.faults import misbehaviour as bad
from tests.faults.keyless import KeylessBackend
from tests.faults.network_till import NetworkTill, WrappedBackend, row_of
from tests.faults.proxy import Behaviour, Request, honest
from tests.faults.table import Budget, Row
from tests.faults.till_process import NewNamesEachTry

POSTS = {Budget.SHORT: 500, Budget.FULL: 5000}
CONTROL_POSTS = 60
SHARE_LOST = 0.25
LAG = timedelta(seconds=15)
DECLARED_LAG = timedelta(seconds=20)
KEY_LIFE = timedelta(minutes=30)
YOUNG = -90
"""Seconds before the end of a key's life when a repeat is still in time."""

AGES = [KEY_LIFE + timedelta(seconds=second) for second in (YOUNG, -1, 0, 1)]
SALES_EACH_AGE = 4


def run(budget: Budget) -> list[Row]:
    """Lose answers of every kind of backend, and show that each planted bug doubles."""
    posts = POSTS[budget]
    return [
        _with_keys("answers lost, backend honours keys", posts),
        _without_keys("answers lost, no keys, search lags 15 s", posts, declared=DECLARED_LAG),
        *(_aged(age, searchable=True) for age in AGES),
        *(_aged(age, searchable=False) for age in AGES),
        _control(_with_keys("names remade at every try", CONTROL_POSTS, delivery=NewNamesEachTry)),
        _control(_without_keys("a search believed at once", CONTROL_POSTS, declared=timedelta(0))),
        _control(_aged(AGES[-1], searchable=False, delivery=_KeysForEver)),
    ]


def _control(row: Row) -> Row:
    """Return a planted bug's row: caught when something was booked twice, under its own name or another."""
    return replace(row, control=True, caught=row.doubled + row.phantom > 0)


def _declaring(**changes: object) -> Callable[[LoyaltyBackend], LoyaltyBackend]:
    """Return how to open an adapter that declares something else than the contract's."""

    class Declaring(WrappedBackend):
        @property
        def capabilities(self) -> Capabilities:
            return replace(self.inner.capabilities, **changes)

    return Declaring


def _with_keys(name: str, posts: int, delivery: type[Delivery] = Delivery) -> Row:
    started = time.monotonic()
    with NetworkTill(seed=31, delivery=delivery) as till:
        lost = [0]
        lose = bad.after_applying(bad.hang_up)

        def plan(request: Request) -> Behaviour:
            if not request.is_write or till.chance.random() >= SHARE_LOST:
                return honest
            lost[0] += 1
            return lose

        _queue(till, posts)
        till.proxy.plan = plan
        till.drain()
        writes = sum(request.is_write for request in till.proxy.requests)
        detail = f"{posts:,} sales, {writes:,} posts, {lost[0]:,} answers lost"
        return row_of(name, writes, till.findings(), started, detail)


def _without_keys(name: str, posts: int, *, declared: timedelta) -> Row:
    started = time.monotonic()
    wrap = _declaring(idempotency=Idempotency.READ_BACK, search_lag=declared)
    with NetworkTill(seed=32, wrap=wrap) as till:
        backend = KeylessBackend(till, lag=LAG, lose=lambda: till.chance.random() < SHARE_LOST)
        _queue(till, posts)
        till.proxy.plan = backend.plan
        till.drain()
        detail = f"{posts:,} sales, {backend.posts:,} posts, {backend.lost:,} answers lost"
        return row_of(name, backend.posts, backend.compare(), started, detail)


class _BlindDoubts(Doubts):
    def may_repeat(self, row: EffectRow) -> bool:
        return True


class _KeysForEver(Delivery):
    """Planted bug: a key is taken to protect for ever."""

    def recover(self) -> None:
        self._doubts = _BlindDoubts(self._backend, self._clock)
        super().recover()


def _aged(age: timedelta, *, searchable: bool, delivery: type[Delivery] = Delivery) -> Row:
    """Lose an answer, let nobody answer until the key is this old, then go on."""
    started = time.monotonic()
    lag = DECLARED_LAG if searchable else None
    with NetworkTill(seed=33, wrap=_declaring(key_life=KEY_LIFE, search_lag=lag), delivery=delivery) as till:
        till.delivery.recover()
        losing = [True]
        backend = KeylessBackend(
            till, lag=LAG, key_life=KEY_LIFE, lose=lambda: losing[0], searchable=searchable
        )
        _queue(till, SALES_EACH_AGE, members=SALES_EACH_AGE)
        till.proxy.plan = backend.plan
        for _ in range(SALES_EACH_AGE):
            till.connection.answered()
            deliver_due(till.delivery)
        till.proxy.go_down()
        begun = min(booking.at for bookings in backend.bookings.values() for booking in bookings)
        till.live(age.total_seconds() - (till.clock.monotonic() - begun))
        losing[0] = False
        till.proxy.come_back()
        till.drain()
        older = (age - KEY_LIFE).total_seconds()
        name = f"key's life {older:+.0f} s, {'looked up' if searchable else 'cannot be looked up'}"
        parked = len(till.parked())
        expected = 0 if searchable or older == YOUNG or delivery is not Delivery else SALES_EACH_AGE
        broken = "" if parked == expected else f"{expected} should have been handed to a person"
        detail = f"{parked} of {SALES_EACH_AGE} handed to a person"
        return row_of(name, backend.posts, backend.compare(), started, detail, broken)


def _queue(till: NetworkTill, sales: int, members: int = 1_000) -> None:
    """Commit this many sales without points, to be posted later."""
    known = [till.lookup.find(WalletToken(token)) for token in till.tokens[:members]]
    found = [one for one in known if isinstance(one, MemberFound)]
    for count in range(sales):
        one = found[count % len(found)]
        bill = Money(till.chance.randrange(20_000, 400_000), till.program.currency)
        offer = quote(till.program, one.member, one.account, bill_of(bill), TakeNothing(), OCCASION)
        ticket = Ticket(
            sale_id=new_sale_id(),
            member=one.member,
            identifier=None,
            way=Way.WALLET_CODE,
            bill=bill,
            quote=offer,
        )
        till.done.add(till.checkout.commit(ticket).sale_id)
