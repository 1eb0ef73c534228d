"""Lines that come back: counted round, mixed with amounts, and in sum exactly what was sold and booked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.basket import Basket
from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.earning import EarningSale, points_earned
from cashier_app.domain.money import Money
from cashier_app.domain.refund import RefundPlan, Returned, ReturnedLine, Sold
from cashier_app.domain.rounding import shared_out
from cashier_app.domain.sale import OF_RETURNS, Sale, SoldLine
from cashier_app.services.return_lines import next_count
from cashier_app.services.return_session import ReturnSession
from cashier_app.services.return_view import ReturnRemarkKind, ReturnStep, ReturnView
from cashier_app.services.returnable import Returnable
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.fakes.shop import COINS, RUPEE
from tests.fakes.told_points import told_points

LINES = (("Kurta", 620, 2), ("Bottle", 500, 1), ("Coffee", 420, 1), ("Wrap", 200, 1))


@pytest.fixture(autouse=True)
def _told_points(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter.backend, "plan_refund", told_points)


def bill_of_lines(lines: tuple[tuple[str, int, int], ...] = LINES) -> str:
    told = [{"name": name, "price": price, "quantity": count} for name, price, count in lines]
    return json.dumps({"lines": told})


def sell(counter: Counter, bill: str = "", *, post: bool = True) -> Sale:
    counter.session.scan(PRIYAS_CODE)
    counter.session.scan(bill or bill_of_lines())
    counter.press_enter(3)
    counter.session.next_customer()
    if post:
        counter.drain()
    return counter.journal.recent(1)[0].sale


def opened(counter: Counter) -> ReturnView:
    counter.returns.begin()
    counter.returns.scan("2-0001")
    return counter.returns.view


def keyed(session: ReturnSession, keys: str) -> ReturnView:
    """Press keys: ``v`` and ``^`` for the arrows, others as typed."""
    for key in keys:
        if key == "v":
            session.mark_next()
        elif key == "^":
            session.mark_previous()
        else:
            session.type(key)
    return session.view


def balance(counter: Counter) -> Decimal:
    return counter.backend.members["m-1"].balance


def test_all_lines_are_picked_at_first_and_come_back_in_two_enters(counter: Counter) -> None:
    before = balance(counter)
    sell(counter)
    view = opened(counter)
    assert (view.step, view.picks, view.picks_all) == (ReturnStep.AMOUNT, (2, 1, 1, 1), True)
    counter.returns.confirm()
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.DONE
    counter.drain()
    assert balance(counter) == before


def test_a_part_by_lines_then_the_rest(counter: Counter) -> None:
    before = balance(counter)
    sell(counter)
    opened(counter)
    view = keyed(counter.returns, "+v v ")
    assert view.picks == (1, 0, 0, 1)
    assert view.back.lines == (ReturnedLine(0, Decimal(1)), ReturnedLine(3, Decimal(1)))
    assert view.plan is not None
    assert view.plan.money_back + view.plan.discount_back == Money(82000, RUPEE)
    counter.returns.confirm()
    counter.returns.confirm()
    kept = [row.effect.lines for row in counter.rows() if row.effect.kind in OF_RETURNS]
    assert set(kept) == {view.back.lines}
    again = opened(counter)
    assert again.picks == (1, 1, 1, 0)
    assert keyed(counter.returns, "vvv ").picks == (1, 1, 1, 0), "what came back cannot again"
    counter.returns.everything()
    counter.returns.confirm()
    counter.returns.confirm()
    counter.drain()
    assert balance(counter) == before
    assert opened(counter).problem is not None


def test_lines_after_an_amount_and_an_amount_after_lines(counter: Counter) -> None:
    before = balance(counter)
    sell(counter)
    opened(counter)
    counter.returns.amount_instead()
    for key in "333.33":
        counter.returns.type(key)
    counter.returns.confirm()
    counter.returns.confirm()
    assert opened(counter).picks == (2, 1, 1, 1), "an amount takes no goods away"
    keyed(counter.returns, " v v  ")
    counter.returns.confirm()
    counter.returns.confirm()
    opened(counter)
    counter.returns.amount_instead()
    counter.returns.type("1")
    counter.returns.confirm()
    counter.returns.confirm()
    opened(counter)
    counter.returns.confirm()
    counter.returns.confirm()
    counter.drain()
    assert balance(counter) == before


@pytest.mark.parametrize(
    ("picked", "left", "direction", "after"),
    [
        (2, 2, +1, 1),
        (1, 2, +1, 2),
        (1, 2, -1, 2),
        (0, 2, +1, 1),
        (0, 2, -1, 2),
        (1, 1, +1, 1),
        ("1.5", "1.5", +1, 1),
        (1, "1.5", +1, "1.5"),
        ("1.5", "1.5", -1, 1),
        ("0.4", "0.4", +1, "0.4"),
        ("0.4", "0.4", -1, "0.4"),
    ],
)
def test_the_count_goes_round(picked: object, left: object, direction: int, after: object) -> None:
    assert next_count(Decimal(str(picked)), Decimal(str(left)), direction) == Decimal(str(after))


@given(
    left=st.decimals("0.001", "40", places=3),
    picked=st.integers(0, 40),
    ways=st.lists(st.sampled_from((1, -1))),
)
def test_no_count_leaves_what_is_left(left: Decimal, picked: int, ways: list[int]) -> None:
    now = min(Decimal(picked), left)
    for way in ways:
        now = next_count(now, left, way)
        assert 0 < now <= left


def test_nothing_picked_cannot_come_back(counter: Counter) -> None:
    sell(counter, bill_of_lines((("Kurta", 620, 1), ("Bottle", 500, 1))))
    opened(counter)
    keyed(counter.returns, " v ")
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.AMOUNT


def test_a_backend_that_takes_back_whole_sales_lets_no_line_be_picked(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, partial_refund=False)
    sell(counter)
    opened(counter)
    view = keyed(counter.returns, " ")
    assert view.picks_all
    assert view.remark is not None
    assert view.remark.kind is ReturnRemarkKind.WHOLE_ONLY
    counter.returns.confirm()
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.DONE


def test_a_sale_still_waiting_comes_back_by_lines_behind_it(counter: Counter) -> None:
    before = balance(counter)
    counter.session.scan(PRIYAS_CODE)
    counter.backend.down = True
    counter.session.scan(bill_of_lines())
    counter.session.take_nothing()
    counter.press_enter()
    view = opened(counter)
    assert view.found is not None
    assert not view.found.posted
    counter.returns.confirm()
    counter.returns.confirm()
    counter.backend.down = False
    counter.drain()
    assert balance(counter) == before


# --- against a model that knows none of the code -----------------------------------------------------


def model(sale: Sale, returns: list[Returned]) -> list[Fraction]:
    """Return what is left of each line in exact minor units times its share, reckoned without the domain.

    A line gives up its worth item by item; an amount takes from every line in step with what is left.
    """
    items = [Fraction(sold.line.quantity) for sold in sale.lines]
    each = [Fraction(sold.line.amount) / Fraction(sold.line.quantity) for sold in sale.lines]
    for back in returns:
        for one in back.lines:
            items[one.line] -= Fraction(one.quantity)
        if back.amount is not None:
            worth = sum(left * price for left, price in zip(items, each, strict=True))
            kept = 1 - Fraction(back.amount.minor) / worth
            each = [price * kept for price in each]
    return [left * price for left, price in zip(items, each, strict=True)]


class Lost(Returnable, frozen=True, dict=True):
    """Takes lines that came back for an amount: the bug the property must catch."""

    def kept_as(self, back: Returned) -> Returned:
        plan = self.plan(back)
        return Returned(amount=plan.money_back + plan.discount_back)


class Forgets(Returnable, frozen=True, dict=True):
    """Forgets the return before the last one."""

    def kept_as(self, back: Returned) -> Returned | None:
        return back if len(self.before) % 2 == 0 else None


class Right(Returnable, frozen=True, dict=True):
    """Keeps what came back as the journal does."""

    def kept_as(self, back: Returned) -> Returned:
        plan, told = self.plan(back), self.as_lines(back)
        return Returned(lines=told) if told else Returned(amount=plan.money_back + plan.discount_back)


Kept = Lost | Forgets | Right


def sold_by_lines(data: st.DataObject, kind: type[Kept]) -> Kept:
    """Return a sale of some lines that used and earned some points by the shop's rules."""
    drawn = data.draw(st.lists(st.tuples(st.integers(1, 9000), st.integers(1, 4)), min_size=2, max_size=4))
    goods = tuple(Line(price * count, quantity=Decimal(count)) for price, count in drawn)
    total = sum(line.amount for line in goods)
    bill = Bill(Money(total, RUPEE), 0, goods)
    discount = data.draw(st.integers(0, total // 2))
    taken = tuple(shared_out(discount, [line.amount for line in goods]))
    basket = Basket(bill)
    basket.take(taken)
    used = Decimal(data.draw(st.integers(1, 500))) if discount else Decimal(0)
    now = Circumstances(datetime(2026, 11, 21, 12, tzinfo=UTC))
    earned = points_earned(COINS, EarningSale(basket=basket, now=now, redeemed=used > 0)).points
    sale = Sale(
        sale_id="s",
        number="2-0001",
        member_id="m-1",
        display_name="",
        way=None,
        bill=bill.total,
        discount=Money(discount, RUPEE),
        paid=Money(total - discount, RUPEE),
        points_used=used,
        points_expected=earned,
        at=now.at,
        program_version="",
        lines=tuple(SoldLine("", line, off) for line, off in zip(goods, taken, strict=True)),
    )
    return kind(
        sale=sale,
        sold=Sold(bill, now, taken, discount, used, earned, redeemed=used > 0),
        program=COINS,
        rules_kept=True,
        before=(),
        last_return=None,
        about=False,
        posted=True,
        parts=True,
        restores=True,
    )


def holds(data: st.DataObject, kind: type[Kept]) -> None:
    """Take a sale back bit by bit by what is drawn, then the rest, and compare with the model throughout."""
    found = sold_by_lines(data, kind)
    sale = found.sale
    plans: list[RefundPlan] = []
    made: list[Returned] = []
    for _ in range(data.draw(st.integers(1, 5))):
        left = [rest.items for rest in found.rests]
        by_lines = data.draw(st.booleans())
        places = [n for n, items in enumerate(left) if items]
        if by_lines and places:
            place = data.draw(st.sampled_from(places))
            count = data.draw(st.integers(1, int(left[place])))
            back = Returned(lines=(ReturnedLine(place, Decimal(count)),))
        elif found.left.minor > 1:
            back = Returned(amount=Money(data.draw(st.integers(1, found.left.minor - 1)), RUPEE))
        else:
            break
        plan = found.plan(back)
        assert plan.refused is None
        plans.append(plan)
        made.append(back)
        kept = found.kept_as(back)
        found = replace(found, before=(*found.before, *((kept,) if kept else ())))
        assert [rest.items for rest in found.rests] == _items(sale, made)
        for rest, exact in zip(found.rests, model(sale, made), strict=True):
            assert abs(rest.worth - exact) < 2 * len(made), (
                "a return rounds a line by less than two minor units"
            )
        back_so_far = sum(plan.money_back.minor + plan.discount_back.minor for plan in plans)
        assert found.left.minor == sale.bill.minor - back_so_far
    if any(rest.share for rest in found.rests):
        plans.append(found.plan())
    assert sum(plan.money_back.minor for plan in plans) == sale.paid.minor
    assert sum(plan.discount_back.minor for plan in plans) == sale.discount.minor
    assert sum(plan.restored for plan in plans) == sale.points_used
    assert sum(plan.taken_back for plan in plans) == sale.points_expected


def _items(sale: Sale, made: list[Returned]) -> list[Fraction]:
    left = [Fraction(sold.line.quantity) for sold in sale.lines]
    for back in made:
        for one in back.lines:
            left[one.line] -= Fraction(one.quantity)
    return left


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_mixture_of_lines_and_amounts_comes_to_the_whole(data: st.DataObject) -> None:
    holds(data, Right)


@pytest.mark.parametrize("broken", [Lost, Forgets])
def test_the_property_catches_planted_bugs(broken: type[Kept]) -> None:
    @settings(max_examples=150, deadline=None, phases=(Phase.generate,), database=None)
    @given(data=st.data())
    def caught(data: st.DataObject) -> None:
        holds(data, broken)

    with pytest.raises((AssertionError, ExceptionGroup)):
        caught()
