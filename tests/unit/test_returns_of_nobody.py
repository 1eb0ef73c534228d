"""Goods sold without a member come back, and nobody gets points for them afterwards."""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.sale import EffectState, Sale
from cashier_app.scanning.printed_codes import bar_code
from cashier_app.services.claims import Claimable, Claimed, WhyNotClaimed, claim_for
from cashier_app.services.return_view import ReturnStep
from cashier_app.services.till_view import ClaimShown
from cashier_app.wording import Hours, Wording
from cashier_app.wording.return_pay import return_pay
from cashier_app.wording.returns import return_card
from tests.fakes.counter import PRIYAS_CODE, Counter
from tests.fakes.shop import COINS, PRIYA, RUPEE, ZONE

WORDING = Wording.of("en_IN", ZONE, COINS.point_name, hours=Hours.TWENTY_FOUR)


def sold_to_nobody(counter: Counter) -> Sale:
    counter.backend.the_program = replace(counter.backend.the_program, claim_days=14)
    counter.open_for_business()
    counter.session.without_member()
    counter.type("1025")
    counter.press_enter(2)
    assert counter.view.finished is not None
    sale = counter.view.finished.sale
    assert sale.claim_until is not None
    return sale


def scanned(counter: Counter, text: str) -> None:
    counter.returns.begin()
    counter.returns.scan(text)


def test_what_came_back_cannot_be_claimed_any_more(counter: Counter) -> None:
    sale = sold_to_nobody(counter)
    assert counter.view.receipt is not None
    receipt = counter.view.receipt.receipt
    counter.session.next_customer()
    scanned(counter, sale.number)
    view = counter.returns.view
    assert view.step is ReturnStep.AMOUNT
    assert view.found is not None
    words = return_card(view, view.found, WORDING, counter.clock.now())
    assert words.name == "Without a member"
    assert words.exchange is None
    assert {row.figure for row in (words.taken_back, words.restored, words.balance)} == {"\N{EN DASH}"}
    assert "It cannot be claimed any more once goods came back" in [row.sentence.full for row in words.notes]
    counter.returns.confirm()
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.DONE
    done = return_pay(counter.returns.view, WORDING, online=True)
    assert done.left is not None
    assert done.left.full == "No coins were on it. Nothing to do."
    assert [row.state for row in counter.journal.effects_of(sale.sale_id)] == [EffectState.POSTED]
    counter.session.scan(receipt)
    shown = counter.view.person
    assert isinstance(shown, ClaimShown)
    assert shown.refused is not None
    assert shown.refused.why is WhyNotClaimed.RETURNED


def test_a_part_of_it_and_the_rest(counter: Counter) -> None:
    sale = sold_to_nobody(counter)
    for typed, left in (("25", 100000), ("", 0)):
        scanned(counter, sale.number)
        for key in typed:
            counter.returns.type(key)
        counter.returns.exchange()
        assert counter.returns.view.step is ReturnStep.AMOUNT, "nobody is there to exchange for"
        counter.returns.confirm()
        counter.returns.confirm()
        scanned(counter, sale.number)
        found = counter.returns.view.found
        assert (found.left if found else Money(0, RUPEE)) == Money(left, RUPEE)


def test_the_receipt_of_a_members_sale_carries_its_number_in_bars_and_a_code(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("640")
    counter.press_enter(3)
    codes = counter.view.receipt
    assert codes is not None
    assert codes.receipt.startswith("CL1:")
    assert codes.number == "2-0001"
    assert codes.bars == bar_code("2-0001").rows[0]
    assert (codes.claim, codes.days) == ("", 0)
    assert counter.session.next_customer() is None
    counter.returns.begin()
    counter.returns.scan(codes.number)
    assert counter.returns.view.found is not None


def test_no_balance_is_shown_while_what_the_claim_earns_is_on_its_way(counter: Counter) -> None:
    """Points that are not in the balance yet must not be taken for points that were spent."""
    sale = sold_to_nobody(counter)
    counter.drain()
    found = counter.workshop.lookup.refresh(PRIYA.member_id)
    assert isinstance(found, MemberFound)
    claims = counter.workshop.claims
    assert isinstance(claims.credit(Claimable(sale), claim_for(None, found)), Claimed)
    scanned(counter, sale.number)
    view = counter.returns.view
    assert view.found is not None
    assert view.found.sale.member_id == PRIYA.member_id
    assert view.balance is None
    counter.drain()
    scanned(counter, sale.number)
    assert counter.returns.view.balance == 1250
