"""One sale comes back bit by bit, by lines and by amounts, at one of two tills, under any rules of rounding.

What the till promises at each return is what the server books, and all of it together is the whole sale.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace

from cashier_app.backends.contract import ContractBackend
from cashier_app.demo.server import DemoServer
from cashier_app.demo.shop import load_shop
from cashier_app.domain.money import Money
from cashier_app.domain.points import to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import GivenBack, Refunds, TakenBack
from cashier_app.domain.refund import Returned, ReturnedLine
from cashier_app.domain.rounding import Rounding
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.services.pasted_bill import PastedBill, read_pasted_bill
from cashier_app.services.returnable import Returnable
from tests.contract.support import TurnedClock
from tests.fakes.returning_till import ReturningTill
from tests.fakes.shop import RUPEE

PRIYA = "mem-priya"
SALES = 12
PROGRAM = load_shop().program


def variant(
    mode: Rounding, used: GivenBack = GivenBack.PROPORTIONAL, *, scale: int = 0, **refunds: object
) -> Program:
    """Return the demo shop's rules with other roundings of points and other rules of returns."""
    how = Refunds(used=used, **refunds)  # type: ignore[arg-type]
    return replace(PROGRAM, version="mixed", point_rounding=mode, point_scale=scale, refunds=how)


PROGRAMS = {
    "floor": variant(Rounding.FLOOR),
    "half up": variant(Rounding.HALF_UP),
    "half even": variant(Rounding.HALF_EVEN),
    "up, two decimals": variant(Rounding.UP, scale=2),
    "points first": variant(Rounding.FLOOR, GivenBack.POINTS_FIRST),
    "money first": variant(Rounding.HALF_UP, GivenBack.MONEY_FIRST),
    "whole return": variant(Rounding.FLOOR, GivenBack.WHOLE_RETURN),
    "by share": variant(Rounding.FLOOR, earned=TakenBack.PROPORTIONAL, rounding=Rounding.HALF_UP),
}


class Shop:
    """Two tills and their server, under one program."""

    def __init__(self, folder: Path, server: DemoServer, clock: TurnedClock) -> None:
        self.server, self.clock = server, clock
        self.tills = [self._till(folder, number) for number in "23"]

    def _till(self, folder: Path, number: str) -> ReturningTill:
        backend = ContractBackend(self.server.base_url, self.server.token)
        till = ReturningTill(folder / number, number, backend, self.clock)
        till.lookup.program()
        return till

    def close(self) -> None:
        for till in self.tills:
            till.close()
            till.backend.close()

    def points(self) -> int:
        row = self.server.ledger.member(PRIYA)
        assert row is not None
        return row.balance

    def sell(self, chance: random.Random) -> Sale:
        """Sell some lines, points paying for a part of most of them."""
        lines = [
            {
                "name": f"Line {n}",
                "price": chance.randint(6_000, 90_000) / 100,
                "quantity": chance.randint(1, 3),
            }
            for n in range(chance.randint(2, 4))
        ]
        program = self.tills[0].lookup.program()
        pasted = read_pasted_bill(json.dumps({"lines": lines}), program.currency, program.point_scale)
        assert isinstance(pasted, PastedBill)
        most = 200 if pasted.bill.total.minor >= 500_00 else 0
        off = chance.choice([0, chance.randint(1, most), chance.randint(1, most)]) if most else 0
        sale = self.tills[0].sell_to(PRIYA, off=off, pasted=pasted)
        self.tills[0].drain()
        return sale

    def booked(self, sale: Sale, count: int) -> int:
        """Return the units the server moved for the n-th return."""
        rows = self.server.ledger.movements(sale_id=sale.sale_id)
        return sum(row.units for row in rows if row.key == f"{sale.sale_id}-refund-{count}")


@contextmanager
def shop_of(program: Program) -> Iterator[Shop]:
    clock, shop = TurnedClock(), load_shop().with_program(program)
    with TemporaryDirectory() as folder, DemoServer(clock=clock, shop=shop) as server:
        made = Shop(Path(folder), server, clock)
        try:
            yield made
        finally:
            made.close()


def some_of(found: Returnable, chance: random.Random) -> Returned | Money | None:
    """Return what comes back next: a line or two, an amount, or all that is left."""
    places = [place for place, rest in enumerate(found.rests) if rest.items]
    if not places or found.left.minor < 2 or chance.random() < 0.1:
        return None
    if found.has_lines and chance.random() < 0.6:
        picked = chance.sample(places, chance.randint(1, min(2, len(places))))
        return Returned(
            lines=tuple(
                ReturnedLine(place, Decimal(chance.randint(1, int(found.rests[place].items))))
                for place in sorted(picked)
            )
        )
    return Money(chance.randint(1, found.left.minor - 1), RUPEE)


def comes_back(shop: Shop, chance: random.Random) -> None:
    """Sell something and take it back bit by bit.

    Raises:
        AssertionError: A promise was not kept, or the whole is not the sum of its parts.
    """
    program = shop.tills[0].lookup.program()
    before, sale = shop.points(), shop.sell(chance)
    till = chance.choice(shop.tills)
    receipt = shop.tills[0].receipt(sale)
    money, count = 0, 0
    while True:
        found = till.returning.find(receipt)
        if not isinstance(found, Returnable):
            break
        back = None if count >= 6 else some_of(found, chance)
        promised = found.plan(back)
        if promised.refused is not None:
            back, promised = None, found.plan(None)
        answer = till.returning.take_back(found, back)
        assert answer == promised, answer
        till.drain()
        count += 1
        money += promised.money_back.minor
        units = shop.booked(sale, count) - to_units(promised.restored, program.point_scale)
        apart = abs(units + to_units(promised.taken_back, program.point_scale))
        # The server knows the sum of the bill alone, the till its lines: where that matters it says "about".
        assert apart <= (2 if found.about else 0), "what was promised is what is booked"
    assert {row.state for row in till.journal.effects_of(sale.sale_id)} == {EffectState.POSTED}
    assert money == sale.paid.minor
    assert shop.points() == before
    assert till.journal.figures_apart() == []


def all_come_back(shop: Shop, seed: str) -> None:
    """Sell and take back one sale after the other, each seed others."""
    for place in range(SALES):
        comes_back(shop, random.Random(f"{seed} {place}"))


@pytest.mark.parametrize("rules", PROGRAMS)
def test_any_mixture_comes_to_the_whole_and_is_booked_as_promised(rules: str) -> None:
    with shop_of(PROGRAMS[rules]) as shop:
        all_come_back(shop, rules)


def forgets_an_amount(shop: Shop) -> None:
    """The till forgets the first return of each sale."""
    for till in shop.tills:
        refunds, returnable = till.refunds, till.refunds.returnable

        def forgot(
            sale_id: str, *, of_nobody: bool = False, of: Callable[..., Returnable] = returnable
        ) -> Returnable:
            found = of(sale_id, of_nobody=of_nobody)
            return replace(found, before=found.before[1:])

        refunds.returnable = forgot  # type: ignore[method-assign]


def gives_a_point_too_many(shop: Shop) -> None:
    """The server gives one unit more with each return."""
    plan = shop.server.bookings.returns.plan

    def more(*asked: object) -> object:
        undone = plan(*asked)  # type: ignore[arg-type]
        return replace(undone, restored=undone.restored + 1)

    shop.server.bookings.returns.plan = more  # type: ignore[assignment]


@pytest.mark.parametrize("bug", [forgets_an_amount, gives_a_point_too_many])
def test_a_planted_bug_is_caught(bug: Callable[[Shop], None]) -> None:
    with shop_of(PROGRAMS["floor"]) as shop:
        bug(shop)
        with pytest.raises(AssertionError):
            all_come_back(shop, "bug")
