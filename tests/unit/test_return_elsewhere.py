"""Receipts that are not this till's: another till's by its signed code, and all that cannot be believed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.claim_opening import OpenClaimKeys
from cashier_app.domain.claim_code import facts_of, receipt_code
from cashier_app.domain.ledger import LedgerLine, LedgerRead
from cashier_app.domain.member import Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import Unknown
from cashier_app.domain.sale import OF_RETURNS, Effect, EffectKind, Sale, effect_key
from cashier_app.security.claim_keys import ClaimKeys
from cashier_app.services.other_tills import NotFromHere, WhyNotFromHere
from cashier_app.services.return_view import ReturnStep
from cashier_app.services.searched_sales import NobodyHere, NoMember, NotAReceipt, NotHere, OtherTill
from tests.fakes.backend import CAPABILITIES
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, RAHULS_CODE, STRANGERS_CODE, Counter
from tests.fakes.shop import RUPEE
from tests.fakes.told_points import told_points


@pytest.fixture(autouse=True)
def _books(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the backend be told of points, and tell what it booked for the sale of till 7."""
    monkeypatch.setattr(counter.backend, "plan_refund", told_points)
    counter.backend.can = replace(CAPABILITIES, reads_ledger=True, guards_returns=True)


def sale_of_till_7(counter: Counter) -> Sale:
    return Sale(
        sale_id=str(uuid7()),
        number="7-0031",
        member_id="m-1",
        display_name="",
        way=Way.PHONE,
        bill=Money(236000, RUPEE),
        discount=Money(20000, RUPEE),
        paid=Money(216000, RUPEE),
        points_used=Decimal(200),
        points_expected=Decimal(21),
        at=counter.clock.now() - timedelta(days=1),
        program_version=counter.view.program.version if counter.view.program else "",
    )


def booked(counter: Counter, sale: Sale, monkeypatch: pytest.MonkeyPatch, *more: LedgerLine) -> None:
    lines = (
        LedgerLine(effect_key(sale.sale_id, EffectKind.CAPTURE), "capture", Decimal(-200)),
        LedgerLine(effect_key(sale.sale_id, EffectKind.SALE), "sale", Decimal(21), sale.paid),
    )
    monkeypatch.setattr(counter.backend, "ledger", lambda _: LedgerRead((*lines, *more)), raising=False)


def code(counter: Counter, sale: Sale) -> str:
    return receipt_code(
        facts_of(sale, "Marigold Stores"), OpenClaimKeys(lambda: None, counter._folder)().sign
    )


def scanned(counter: Counter, text: str) -> object:
    counter.returns.begin()
    counter.returns.scan(text)
    return counter.returns.view.problem


def test_another_tills_sale_comes_back_here(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = sale_of_till_7(counter)
    booked(counter, sale, monkeypatch)
    sent: list[Effect] = []
    apply = counter.backend.apply
    counter.backend.apply = lambda effect: (sent.append(effect), apply(effect))[1]  # type: ignore[method-assign]
    assert scanned(counter, code(counter, sale)) is None
    view = counter.returns.view
    assert view.found is not None
    assert view.found.elsewhere
    assert view.plan is not None
    assert (view.plan.money_back, view.plan.taken_back, view.plan.restored) == (sale.paid, 21, 200)
    for key in "1000":
        counter.returns.type(key)
    counter.returns.confirm()
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.DONE
    queued = counter.journal.effects_of(sale.sale_id)
    assert {row.effect.original_key for row in queued} == {
        effect_key(sale.sale_id, EffectKind.SALE),
        effect_key(sale.sale_id, EffectKind.CAPTURE),
    }
    scanned(counter, code(counter, sale))
    again = counter.returns.view
    assert again.found is not None
    assert again.found.left == Money(136000, RUPEE), "what came back here is known here"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"at": timedelta(days=2)}, WhyNotFromHere.FUTURE),
        ({"currency": Currency("USD", 2)}, WhyNotFromHere.OTHER_CURRENCY),
    ],
)
def test_a_receipt_that_cannot_be(
    change: dict[str, object], why: WhyNotFromHere, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = sale_of_till_7(counter)
    booked(counter, sale, monkeypatch)
    if "at" in change:
        sale = replace(sale, at=counter.clock.now() + timedelta(days=2))
    else:
        dollars = Currency("USD", 2)
        sale = replace(
            sale,
            bill=Money(236000, dollars),
            discount=Money(20000, dollars),
            paid=Money(216000, dollars),
        )
    text = code(counter, sale)
    unchanged(counter, text, NotFromHere(why, "7-0031"))


def test_another_shops_receipt_and_a_damaged_one(counter: Counter) -> None:
    sale = sale_of_till_7(counter)
    other = receipt_code(facts_of(sale, "Elsewhere"), ClaimKeys([b"x" * 32]).sign)
    unchanged(counter, other, NotFromHere(WhyNotFromHere.NOT_OURS))
    unchanged(counter, other[:60], NotFromHere(WhyNotFromHere.UNREADABLE))


@pytest.mark.parametrize(
    ("situation", "why"),
    [
        ("offline", WhyNotFromHere.OFFLINE),
        ("no answer", WhyNotFromHere.OFFLINE),
        ("cannot tell", WhyNotFromHere.NOT_TOLD),
        ("does not guard", WhyNotFromHere.NOT_TOLD),
        ("nothing booked", WhyNotFromHere.NOT_BOOKED),
        ("other amount", WhyNotFromHere.NOT_BOOKED),
        ("returned elsewhere", WhyNotFromHere.RETURNED_ELSEWHERE),
    ],
)
def test_another_tills_sale_needs_the_loyalty_systems_word(
    situation: str, why: WhyNotFromHere, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = sale_of_till_7(counter)
    booked(counter, sale, monkeypatch)
    match situation:
        case "offline":
            counter.connection.silent()
        case "no answer":
            monkeypatch.setattr(counter.backend, "ledger", lambda _: Unknown("lost"), raising=False)
        case "cannot tell":
            counter.backend.can = replace(CAPABILITIES, reads_ledger=False, guards_returns=True)
        case "does not guard":
            counter.backend.can = replace(CAPABILITIES, reads_ledger=True, guards_returns=False)
        case "nothing booked":
            monkeypatch.setattr(counter.backend, "ledger", lambda _: LedgerRead(()), raising=False)
        case "other amount":
            booked(counter, replace(sale, paid=Money(1, RUPEE)), monkeypatch)
        case _:
            back = LedgerLine(effect_key(sale.sale_id, EffectKind.REFUND), "refund", Decimal(-3))
            booked(counter, sale, monkeypatch, back)
    unchanged(counter, code(counter, sale), NotFromHere(why, "7-0031"))


def test_what_came_back_elsewhere_between_looking_and_pressing_enter_is_not_given_twice(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = sale_of_till_7(counter)
    booked(counter, sale, monkeypatch)
    scanned(counter, code(counter, sale))
    back = LedgerLine(effect_key(sale.sale_id, EffectKind.REFUND), "refund", Decimal(-21))
    booked(counter, sale, monkeypatch, back)
    counter.returns.confirm()
    counter.returns.confirm()
    view = counter.returns.view
    assert view.step is ReturnStep.CONFIRM
    assert "another till" in view.trouble
    assert not counter.journal.effects_of(sale.sale_id)


def test_a_receipt_of_this_till_scanned_as_a_code_is_the_sale_itself(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("640")
    counter.press_enter(3)
    sale = counter.journal.recent(1)[0].sale
    assert scanned(counter, code(counter, sale)) is None
    assert counter.returns.view.found is not None
    assert counter.returns.view.found.sale == sale
    assert not counter.returns.view.found.elsewhere


def test_a_receipt_without_a_member_moves_no_points(counter: Counter) -> None:
    sale = replace(sale_of_till_7(counter), member_id="")
    assert isinstance(scanned(counter, code(counter, sale)), NoMember)


def image(counter: Counter) -> list[tuple[object, ...]]:
    """Return every row of every table: what must not change by as much as a byte."""
    with counter.journal.database.reading() as connection:
        tables = [
            str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return [(table, *row) for table in tables for row in connection.execute(f'SELECT * FROM "{table}"')]  # noqa: S608


def unchanged(counter: Counter, text: str, problem: object) -> None:
    counter.returns.begin()
    before = image(counter)
    counter.returns.scan(text)
    view = counter.returns.view
    assert view.problem == problem
    assert view.found is None
    counter.returns.confirm()
    assert image(counter) == before


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2-0499", NotHere),
        ("7-0001", OtherTill),
        ("8901234567894", NotAReceipt),
        ("https://elsewhere.example/x", NotAReceipt),
        (STRANGERS_CODE, NobodyHere),
        (RAHULS_CODE, NobodyHere),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(text: str, kind: type, counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("640")
    counter.press_enter(3)
    counter.workshop.lookup.refresh("m-2")
    counter.returns.begin()
    counter.returns.scan(text)
    before = image(counter)
    counter.returns.begin()
    counter.returns.scan(text)
    assert isinstance(counter.returns.view.problem, kind)
    assert [row for row in image(counter) if row[0] in {"sale", "effect"}] == [
        row for row in before if row[0] in {"sale", "effect"}
    ]
    assert not [row for row in counter.rows() if row.effect.kind in OF_RETURNS]


def test_a_card_code_that_ran_out_is_nobodys_for_that_reason(counter: Counter) -> None:
    assert scanned(counter, "LR1:priya0001:aaaa:bbbbbbbb") == NobodyHere(stale=True)


@pytest.mark.parametrize("asked", ["2-0001", "2-0001-594201", "]C02-0001"])
def test_what_stands_on_the_receipt_finds_the_sale(asked: str, counter: Counter) -> None:
    assert scanned(counter, asked) == NotHere("2-0001")
    counter.session.scan(PRIYAS_CODE)
    counter.type("640")
    counter.press_enter(3)
    assert scanned(counter, asked) is None
    assert counter.returns.view.found is not None
    assert counter.returns.view.found.sale.number == "2-0001"


def test_a_refund_above_the_sale_changes_nothing(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)
    counter.type("640")
    counter.press_enter(3)
    counter.drain()
    scanned(counter, "2-0001")
    before = image(counter)
    for key in "640.01":
        counter.returns.type(key)
    counter.returns.confirm()
    counter.returns.confirm()
    assert counter.returns.view.step is ReturnStep.AMOUNT
    assert image(counter) == before


@pytest.mark.parametrize("asked", [PRIYAS_PHONE, PRIYAS_CODE])
def test_a_members_sales_the_newest_first_with_what_is_left(asked: str, counter: Counter) -> None:
    for bill in ("640", "1200"):
        counter.session.scan(PRIYAS_CODE)
        counter.type(bill)
        counter.session.take_nothing()
        counter.press_enter()
        counter.session.next_customer()
        counter.drain()
        counter.clock.advance(60)
    scanned(counter, "2-0001")
    for key in "100":
        counter.returns.type(key)
    counter.returns.confirm()
    counter.returns.confirm()
    counter.returns.begin()
    for key in asked:
        counter.returns.type(key)
    counter.returns.confirm()
    view = counter.returns.view
    assert view.of_member
    assert [one.line.sale.number for one in view.listed] == ["2-0002", "2-0001"]
    assert [one.left for one in view.listed] == [Money(120000, RUPEE), Money(54000, RUPEE)]
    assert view.entry == "", "a phone number does not stay on the screen"
    counter.returns.mark_next()
    counter.returns.confirm()
    assert counter.returns.view.found is not None
    assert UUID(counter.returns.view.found.sale.sale_id)
