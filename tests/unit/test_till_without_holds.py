"""A backend that holds nothing: the balance is read again before the money, and points are taken after."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.sale import EffectKind, EffectState, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import Reserving
from cashier_app.services.ticket import Ticket
from cashier_app.services.till_view import Posting, Serving, Step
from tests.fakes.backend import CAPABILITIES, Fault
from tests.fakes.counter import PRIYAS_CODE, Counter


@pytest.fixture(params=[Reserving.NONE, Reserving.SOFT])
def till(counter: Counter, request: pytest.FixtureRequest) -> Counter:
    counter.backend.can = replace(CAPABILITIES, reserving=request.param, hold=None)
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    return counter


def balance(counter: Counter) -> Decimal:
    return counter.backend.members["m-1"].balance


def test_points_are_taken_after_the_payment_and_nothing_is_held(till: Counter) -> None:
    before = balance(till)
    till.press_enter(2)
    assert till.view.step is Step.PAY
    assert till.view.held_until is None
    assert not till.backend.sent, "nobody was asked to hold anything"
    till.press_enter()
    till.drain()
    assert till.kinds() == [EffectKind.REDEEM, EffectKind.SALE]
    assert balance(till) == before - 200 + 21
    assert till.backend.took_hold.most_common(1)[0][1] == 1


def test_the_balance_is_read_again_right_before_the_money(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_at: list[float] = []
    refresh = till.backend.refresh
    monkeypatch.setattr(
        till.backend, "refresh", lambda member: (read_at.append(till.clock.monotonic()), refresh(member))[1]
    )
    till.press_enter()
    till.clock.advance(240)
    till.press_enter()
    assert till.view.step is Step.PAY
    assert till.clock.monotonic() - read_at[-1] < 5


def test_a_balance_that_changed_meanwhile_is_shown_and_quoted_again(till: Counter) -> None:
    till.press_enter()
    till.backend.members["m-1"].balance = Decimal(120)
    till.press_enter()
    assert till.view.step is not Step.PAY
    assert till.view.balance_was == Decimal(1240)
    assert till.view.quote is not None
    assert till.view.quote.points_used <= 120
    till.press_enter(2)
    till.drain()
    assert balance(till) >= 0


def test_without_an_answer_the_sale_goes_on_without_points(till: Counter) -> None:
    till.press_enter()
    till.backend.silent = True
    till.press_enter()
    assert till.view.step is Step.BILL
    assert isinstance(till.view.person, Serving)
    assert not till.view.person.fresh
    till.press_enter(2)
    till.backend.silent = False
    till.clock.advance(600)
    till.drain()
    assert till.kinds() == [EffectKind.SALE]


def test_going_back_gives_nothing_back_for_nothing_was_held(till: Counter) -> None:
    till.press_enter(2)
    till.session.back()
    till.session.clear_all()
    assert till.rows() == []
    till.restart()
    till.drain()
    assert till.backend.sent == []


def test_points_gone_after_the_payment_are_a_persons_business(till: Counter) -> None:
    till.press_enter(2)
    till.backend.faults.append(Fault.REFUSED)
    till.backend.refuse_because = RefusedBecause.BALANCE_TOO_LOW
    till.press_enter()
    till.drain()
    taken = next(row for row in till.rows() if row.effect.kind is EffectKind.REDEEM)
    assert taken.state is EffectState.NEEDS_ATTENTION
    assert till.view.finished is not None
    assert till.view.finished.posting in {Posting.POSTING, Posting.NEEDS_ATTENTION}


def reads_counted(till: Counter, patch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that every reading of a balance is added to from now on."""
    reads: list[str] = []
    refresh = till.backend.refresh
    patch.setattr(till.backend, "refresh", lambda member: (reads.append(member), refresh(member))[1])
    return reads


def test_a_customer_who_pays_at_once_is_not_read_again(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.press_enter(2)
    reads = reads_counted(till, monkeypatch)
    till.clock.advance(4)
    till.press_enter()
    assert till.view.step is Step.DONE
    assert reads == []


def test_after_a_long_payment_the_balance_is_read_once_more(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.press_enter(2)
    reads = reads_counted(till, monkeypatch)
    till.clock.advance(600)
    till.press_enter()
    assert till.view.step is Step.DONE
    assert reads == ["m-1"]
    till.drain()
    assert till.kinds() == [EffectKind.REDEEM, EffectKind.SALE]


def test_a_balance_that_changed_during_the_payment_makes_no_sale(till: Counter) -> None:
    till.press_enter(2)
    till.clock.advance(600)
    till.backend.members["m-1"].balance = Decimal(120)
    till.press_enter()
    assert till.view.step is not Step.DONE
    assert till.view.balance_was == Decimal(1240)
    assert till.rows() == []
    till.press_enter(2)
    assert till.view.step is Step.DONE
    till.drain()
    assert till.view.finished is not None
    assert till.view.finished.sale.points_used <= 120
    assert balance(till) >= 0


def test_a_customer_who_paid_is_not_kept_for_want_of_an_answer(till: Counter) -> None:
    till.press_enter(2)
    till.clock.advance(600)
    till.backend.silent = True
    till.press_enter()
    assert till.view.step is Step.DONE
    till.backend.silent = False
    till.clock.advance(600)
    till.drain()
    assert till.kinds() == [EffectKind.REDEEM, EffectKind.SALE]
    assert {row.state for row in till.rows()} == {EffectState.POSTED}


def test_a_sale_that_was_written_is_not_judged_by_the_balance_it_left(
    till: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk said nothing, the sale was there, and its points were taken before Enter was pressed again."""
    till.press_enter(2)
    commit = till.checkout.commit

    def silent(ticket: Ticket) -> Sale:
        commit(ticket)
        raise KnownError("Whether the sale was written is not known.")

    with monkeypatch.context() as patch:
        patch.setattr(till.checkout, "commit", silent)
        till.press_enter()
    assert till.view.step is Step.PAY
    till.clock.advance(600)
    till.drain()
    till.press_enter()
    assert till.view.step is Step.DONE
    assert till.view.finished is not None
    assert till.view.finished.sale.number == "2-0001"
    assert till.kinds() == [EffectKind.REDEEM, EffectKind.SALE]


def test_what_is_held_is_not_read_again(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    counter.press_enter(2)
    reads = reads_counted(counter, monkeypatch)
    counter.clock.advance(600)
    counter.press_enter()
    assert counter.view.step is Step.DONE
    assert reads == []
