"""A return at the till: every step of the screen's state, and that the points come out right."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.outcome import Applied, Outcome
from cashier_app.domain.refund import MoreThanSold
from cashier_app.domain.sale import OF_RETURNS, Effect, EffectKind, EffectState, Sale
from cashier_app.errors import KnownError
from cashier_app.services.receipt_search import AmountAt, ReceiptNumber, asked_for, receipt_number
from cashier_app.services.return_session import ReturnSession
from cashier_app.services.return_view import ReturnRemarkKind, ReturnStep, ReturnView
from cashier_app.services.searched_sales import AlreadyReturned, NoMember, NotAReceipt, NotHere, OtherTill
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, RAHULS_CODE, Counter
from tests.fakes.shop import COINS, RUPEE, altered
from tests.fakes.told_points import told_points

BEFORE = Decimal(1240)


@pytest.fixture(autouse=True)
def _told_points(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the backend told of points, not of goods."""
    monkeypatch.setattr(counter.backend, "plan_refund", told_points)


def sell(counter: Counter, bill: str = "2360", code: str = PRIYAS_CODE, *, post: bool = True) -> Sale:
    """Sell to a member, using as many coins as can be."""
    counter.session.scan(code)
    counter.type(bill)
    counter.press_enter(3)
    counter.session.next_customer()
    if post:
        counter.drain()
    return counter.journal.recent(1)[0].sale


def typed(session: ReturnSession, text: str) -> ReturnView:
    for character in text:
        session.type(character)
    return session.view


def opened(counter: Counter, text: str = "2-0001") -> ReturnView:
    """Find a sale by what is typed."""
    counter.returns.begin()
    typed(counter.returns, text)
    counter.returns.confirm()
    return counter.returns.view


def give_back(counter: Counter, amount: str = "") -> ReturnView:
    """Return an amount of the open sale, or all that is left."""
    typed(counter.returns, amount)
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.CONFIRM
    counter.returns.confirm()
    return counter.returns.view


def balance(counter: Counter) -> Decimal:
    return counter.backend.members["m-1"].balance


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2-0418", ReceiptNumber("2", 418)),
        (" 2-0418 ", ReceiptNumber("2", 418)),
        ("1025 14:20", AmountAt(Money(102500, RUPEE), time(14, 20))),
        ("1025.50 1420", AmountAt(Money(102550, RUPEE), time(14, 20))),
        ("0418", AmountAt(Money(41800, RUPEE), None, 418)),
        ("12,5", AmountAt(Money(1250, RUPEE), None)),
        ("1025 25:00", None),
        ("12.505", None),
        ("0", None),
        ("99999999999", None),
        ("", None),
        ("LC1:priya0001", None),
        ("]C02-0418", ReceiptNumber("2", 418)),
        ("]C0]C02-0418", None),
        ("2-", None),
        ("2-0418-1", None),
    ],
)
def test_what_finds_a_sale(text: str, meaning: object) -> None:
    assert asked_for(text, RUPEE) == meaning


@given(st.text(max_size=40))
def test_no_text_breaks_the_search(text: str) -> None:
    asked_for(text, RUPEE)
    receipt_number(text)


def test_the_sale_just_made_comes_back_whole(counter: Counter) -> None:
    sale = sell(counter)
    counter.returns.begin(sale)
    view = counter.returns.view
    assert view.step is ReturnStep.AMOUNT
    assert view.plan is not None
    assert (view.plan.money_back, view.plan.discount_back) == (Money(216000, RUPEE), Money(20000, RUPEE))
    assert (view.plan.taken_back, view.plan.restored, view.balance) == (21, 200, BEFORE - 200 + 21)
    done = give_back(counter)
    assert done.step is ReturnStep.DONE
    assert done.done == view.plan
    counter.drain()
    assert balance(counter) == BEFORE


@pytest.mark.parametrize("asked", ["2-0001", "2360 20:02", "2160 2002", "2360", "1", "0001"])
def test_a_sale_is_found_by_number_by_amount_and_time(counter: Counter, asked: str) -> None:
    sale = sell(counter)
    local = sale.at.astimezone(counter.settings.zone)
    text = asked.replace("20:02", f"{local:%H:%M}").replace("2002", f"{local:%H%M}")
    view = opened(counter, text)
    assert view.found is not None
    assert view.found.sale == sale


def test_a_sale_is_picked_from_todays_last_ones(counter: Counter) -> None:
    first, second = sell(counter), sell(counter, "640", RAHULS_CODE)
    counter.returns.begin()
    assert [one.line.sale for one in counter.returns.view.listed] == [second, first]
    counter.returns.mark_next()
    counter.returns.confirm()
    found = counter.returns.view.found
    assert found is not None
    assert found.sale == first


def test_two_sales_of_one_amount_are_offered(counter: Counter) -> None:
    sales = [sell(counter, "640", RAHULS_CODE), sell(counter, "640", RAHULS_CODE)]
    view = opened(counter, "640")
    assert view.step is ReturnStep.FIND
    assert view.several
    assert [one.line.sale for one in view.listed] == sales[::-1]
    counter.returns.back()
    assert not counter.returns.view.several


def test_a_receipt_of_another_till_or_of_nobody(counter: Counter) -> None:
    assert opened(counter, "7-0001").problem == OtherTill("7-0001")
    assert opened(counter, "2-0099").problem == NotHere("2-0099")
    assert opened(counter, "hello").problem == NotAReceipt("hello")
    typed(counter.returns, "2")
    assert (counter.returns.view.problem, counter.returns.view.entry) == (None, "2"), "typing begins again"


def test_a_wrong_receipt_and_enter_take_no_other_sale(counter: Counter) -> None:
    """Scan, Enter, Enter is what hands do: where the receipt is none, somebody else's sale is not meant."""
    sales = [sell(counter, "640", RAHULS_CODE), sell(counter, "320", RAHULS_CODE)]
    counter.returns.begin()
    counter.returns.scan("7-0418")
    assert counter.returns.view.problem == OtherTill("7-0418")
    assert not counter.returns.view.takes_marked
    for _ in range(4):
        counter.returns.confirm()
    assert (counter.returns.view.step, counter.returns.view.found) == (ReturnStep.FIND, None)
    counter.returns.mark_next()
    assert (counter.returns.view.problem, counter.returns.view.marked) == (None, 0)
    counter.returns.mark_next()
    counter.returns.confirm()
    assert counter.returns.view.found is not None
    assert counter.returns.view.found.sale.sale_id == sales[0].sale_id
    counter.returns.begin()
    counter.returns.scan("7-0418")
    counter.returns.pick(0)
    assert counter.returns.view.found is not None, "a row that is pressed is meant"


def test_a_sale_without_a_member_moves_no_points(counter: Counter) -> None:
    counter.session.without_member()
    counter.type("100")
    counter.press_enter(2)
    problem = opened(counter).problem
    assert isinstance(problem, NoMember)
    assert not problem.later


def test_parts_leave_the_rest_and_the_whole_is_told_apart(counter: Counter) -> None:
    sell(counter)
    opened(counter)
    give_back(counter, "1025")
    view = opened(counter)
    assert view.found is not None
    assert (view.found.returned, view.found.left) == (Money(102500, RUPEE), Money(133500, RUPEE))
    give_back(counter)
    problem = opened(counter).problem
    assert isinstance(problem, AlreadyReturned)
    assert problem.on == counter.clock.now()
    counter.drain()
    assert balance(counter) == BEFORE


def test_more_than_was_sold_cannot_be_confirmed(counter: Counter) -> None:
    sell(counter)
    opened(counter)
    view = typed(counter.returns, "2360.01")
    assert view.plan is not None
    assert view.plan.refused == MoreThanSold(amount=Money(236000, RUPEE))
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.AMOUNT
    counter.returns.delete()
    assert counter.returns.view.goods == Money(236000, RUPEE)


def test_keys_of_the_amount(counter: Counter) -> None:
    sell(counter)
    opened(counter)
    assert typed(counter.returns, "10.5").goods == Money(1050, RUPEE)
    assert typed(counter.returns, "*").goods is None
    counter.returns.amount_instead()
    assert counter.returns.view.goods == Money(0, RUPEE)
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.AMOUNT, "nothing cannot come back"
    typed(counter.returns, "5")
    counter.returns.delete()
    assert counter.returns.view.goods is None, "an amount emptied is everything again"
    typed(counter.returns, "7a")
    assert counter.returns.view.goods is None


def test_back_goes_one_step_and_then_to_the_till(counter: Counter) -> None:
    sell(counter)
    opened(counter)
    typed(counter.returns, "100")
    counter.returns.confirm()
    steps = []
    for _ in range(3):
        counter.returns.back()
        steps.append((counter.returns.view.step, counter.returns.view.closed))
    assert steps == [(ReturnStep.AMOUNT, False), (ReturnStep.FIND, False), (ReturnStep.FIND, True)]
    assert not OF_RETURNS & set(counter.kinds())


def test_a_return_of_a_sale_still_waiting_goes_behind_it(counter: Counter) -> None:
    counter.backend.silent = True
    sale = sell_offline(counter)
    counter.returns.begin(sale)
    view = counter.returns.view
    assert view.found is not None
    assert not view.found.posted
    assert view.balance is None, "nobody can say it now"
    assert give_back(counter, "1000").step is ReturnStep.DONE
    counter.backend.silent = False
    counter.drain()
    assert counter.kinds(EffectState.POSTED)[-2:] == [EffectKind.SALE, EffectKind.CLAW_BACK]


def sell_offline(counter: Counter) -> Sale:
    """Sell to a member this till has met, while nothing answers."""
    counter.backend.silent = False
    counter.session.scan(PRIYAS_CODE)
    counter.backend.silent = True
    counter.type("2360")
    counter.session.take_nothing()
    counter.press_enter()
    assert counter.view.finished is not None
    return counter.view.finished.sale


def test_a_backend_that_takes_back_whole_sales_says_so_before(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, partial_refund=False)
    sell(counter)
    opened(counter)
    view = typed(counter.returns, "5")
    assert view.amount is None
    assert view.remark is not None
    assert view.remark.kind is ReturnRemarkKind.WHOLE_ONLY
    counter.returns.amount_instead()
    assert counter.returns.view.amount is None
    assert give_back(counter).step is ReturnStep.DONE


def test_points_that_cannot_be_given_back_are_not_promised(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, restores_points=False)
    sell(counter)
    plan = opened(counter).plan
    assert plan is not None
    assert (plan.restored, plan.balance_change) == (0, -21)


def test_points_that_follow_later_are_not_missed_in_a_balance(counter: Counter) -> None:
    counter.backend.can = replace(CAPABILITIES, earns_later=True)
    sale = sell(counter)
    counter.returns.begin(sale)
    assert counter.returns.view.balance is None
    counter.clock.advance(24 * 3600)
    counter.returns.begin(sale)
    assert counter.returns.view.balance == balance(counter)


def test_what_the_backend_booked_meanwhile_is_shown_before_it_counts(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = sell(counter, post=False)
    counter.returns.begin(sale)
    counter.returns.confirm()
    apply = counter.backend.apply

    def generous(effect: Effect) -> Outcome:
        outcome = apply(effect)
        if isinstance(outcome, Applied) and effect.kind is EffectKind.SALE:
            return replace(outcome, booked=replace(outcome.booked, points=Decimal(25)))
        return outcome

    monkeypatch.setattr(counter.backend, "apply", generous)
    counter.drain()
    counter.returns.confirm()
    view = counter.returns.view
    assert (view.step, view.changed) == (ReturnStep.AMOUNT, True)
    assert view.plan is not None
    assert view.plan.taken_back == 25
    assert not OF_RETURNS & set(counter.kinds())
    assert give_back(counter).done == view.plan


def test_a_program_changed_since_does_not_change_the_return(counter: Counter) -> None:
    sell(counter)
    counter.backend.the_program = altered(COINS, version="8", refunds={"used": "never", "earned": "never"})
    counter.workshop.lookup.program()
    view = opened(counter)
    assert view.found is not None
    assert view.found.rules_kept
    assert view.plan is not None
    assert (view.plan.taken_back, view.plan.restored) == (21, 200)


def test_a_scan_loads_a_receipt_or_asks(counter: Counter) -> None:
    first, second = sell(counter), sell(counter, "640", RAHULS_CODE)
    session = counter.returns
    session.begin()
    assert session.scan("2-0001")
    assert found_sale(session) == first
    session.scan("2-0002")
    assert found_sale(session) == second, "nothing was changed by hand"
    typed(session, "100")
    session.scan("2-0001")
    assert found_sale(session) == second
    assert session.view.remark is not None
    assert session.view.remark.kind is ReturnRemarkKind.RECEIPT_OFFERED
    session.back()
    assert (session.view.remark, session.view.goods) == (None, Money(10000, RUPEE))
    session.scan("2-0001")
    session.accept_receipt()
    assert found_sale(session) == first
    typed(session, "100")
    assert session.scan(PRIYAS_CODE), "not used, and the till does not get it either"
    assert session.view.remark is not None
    assert session.view.remark.kind is ReturnRemarkKind.SCAN_NOT_USED
    session.confirm()
    session.confirm()
    assert not session.scan(PRIYAS_CODE), "it is done: the till may have it"


def found_sale(session: ReturnSession) -> Sale:
    assert session.view.found is not None
    return session.view.found.sale


def test_a_full_disk_loses_nothing(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    sell(counter)
    opened(counter)

    def full(*_: object) -> bool:
        raise KnownError("The disk is full. Nothing was saved.")

    with monkeypatch.context() as patch:
        patch.setattr(counter.journal, "queue_refund", full)
        counter.returns.confirm()
        counter.returns.confirm()
    view = counter.returns.view
    assert (view.step, view.busy, view.trouble) == (
        ReturnStep.CONFIRM,
        False,
        "The disk is full. Nothing was saved.",
    )
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.DONE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(st.lists(st.integers(1, 90_000), min_size=1, max_size=6))
def test_any_parts_add_up_to_the_whole(counter: Counter, parts: list[int]) -> None:
    """Each part is what stands shown, nothing is counted twice, and the rest settles it to the point."""
    sale = sell(counter)
    before = balance(counter) - sale.points_expected + sale.points_used
    done = []
    for minor in parts:
        view = opened(counter, sale.number)
        assert view.found is not None
        if minor >= view.found.left.minor:
            break
        finished = give_back(counter, f"{minor // 100}.{minor % 100:02}")
        assert finished.done is not None
        assert (finished.done.money_back + finished.done.discount_back).minor == minor
        done.append(finished.done)
    opened(counter, sale.number)
    last = give_back(counter).done
    assert last is not None
    done.append(last)
    assert sum(plan.money_back.minor for plan in done) == sale.paid.minor
    assert sum(plan.discount_back.minor for plan in done) == sale.discount.minor
    assert sum(plan.restored for plan in done) == sale.points_used
    assert sum(plan.taken_back for plan in done) == sale.points_expected
    counter.drain()
    assert balance(counter) == before
    assert isinstance(opened(counter, sale.number).problem, AlreadyReturned)


def test_parts_that_move_no_points_are_remembered(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter.backend, "plan_refund", lambda _: ())
    sell(counter, "640", RAHULS_CODE)
    opened(counter)
    give_back(counter, "40")
    view = opened(counter)
    assert view.found is not None
    assert view.found.left == Money(60000, RUPEE)
    assert counter.unfinished() == []
