"""The return screen in each state worth a picture: the real session over a database made for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.bill import Line, bill_of
from cashier_app.domain.circumstances import Circumstances
from cashier_app.domain.member import Account, Way
from cashier_app.domain.money import Money
from cashier_app.domain.refund import Returned, ReturnedLine, Sold
from cashier_app.domain.sale import Effect, EffectKind, EffectState, ReturnReason, Sale, SoldLine
from cashier_app.ports.journal import SaleLine
from cashier_app.services import return_lines as lines
from cashier_app.services import return_steps as steps
from cashier_app.services.asked_first import NOT_SAID
from cashier_app.services.exchanging import ExchangeTerms
from cashier_app.services.other_tills import NotFromHere, WhyNotFromHere
from cashier_app.services.return_view import ReturnRemark, ReturnRemarkKind, ReturnStep, ReturnView
from cashier_app.services.returnable import AskedReturn, Returnable
from cashier_app.services.searched_sales import (
    AlreadyReturned,
    ListedSale,
    NobodyHere,
    NoMember,
    NotHere,
    OtherTill,
)
from tests.fakes.shop import COINS, PRIYA, RUPEE
from tests.ui.fake_session import FakeSession
from tests.ui.sample_shop import NOW
from ui.main_window import MainWindow


def sale(count: int, bill: int, discount: int, days: int, minutes: int, name: str = "Priya R.") -> Sale:
    """Return a finished sale of so many rupees."""
    return Sale(
        sale_id=f"sale-{count}",
        number=f"2-{count:04d}",
        member_id="m-1" if name else "",
        display_name=name,
        way=Way.WALLET_CODE if name else None,
        bill=Money(bill * 100, RUPEE),
        discount=Money(discount * 100, RUPEE),
        paid=Money((bill - discount) * 100, RUPEE),
        points_used=Decimal(discount),
        points_expected=Decimal((bill - discount) // 100),
        at=NOW - timedelta(days=days, minutes=minutes),
        program_version="7",
    )


PRIYAS = sale(392, 2360, 200, 1, -213)
LISTED = tuple(
    ListedSale(line, line.sale.bill)
    for line in (
        SaleLine(sale(418, 2360, 200, 0, 3), EffectState.POSTED),
        SaleLine(sale(417, 640, 0, 0, 8, "Rahul D."), EffectState.POSTED),
        SaleLine(sale(416, 118400, 0, 0, 11, ""), EffectState.POSTED),
        SaleLine(sale(415, 1150, 0, 0, 24, "Anil K."), EffectState.WAITING),
        SaleLine(sale(414, 320, 0, 0, 47, "Devika S."), EffectState.POSTED),
        SaleLine(sale(413, 2810, 250, 0, 65, "Maximiliana-Alexandrina V."), EffectState.POSTED),
    )
)


def returnable(**other: object) -> Returnable:
    """Return Priya's sale of yesterday, with some things otherwise."""
    made = Returnable(
        sale=PRIYAS,
        sold=Sold(
            bill=bill_of(PRIYAS.bill),
            now=Circumstances(PRIYAS.at),
            taken=(PRIYAS.discount.minor,),
            discount=PRIYAS.discount.minor,
            points_used=PRIYAS.points_used,
            earned=PRIYAS.points_expected,
            redeemed=True,
        ),
        program=COINS,
        rules_kept=True,
        before=(),
        last_return=None,
        about=False,
        posted=True,
        parts=True,
        restores=True,
    )
    return replace(made, **other)


def amount(found: Returnable | None = None, typed: str = "", balance: int | None = 1061) -> ReturnView:
    """Return the view of a sale found, with an amount typed."""
    known = None if balance is None else Decimal(balance)
    view = replace(steps.found(ReturnView(listed=LISTED), found or returnable()), balance=known)
    for character in typed:
        view = steps.with_point(view) if character == "." else steps.with_digit(view, character)
    return view


def _line(label: str, price: int, quantity: int, taken: int) -> SoldLine:
    return SoldLine(label, Line(price * quantity * 100, quantity=Decimal(quantity)), taken * 100)


WITH_LINES = replace(
    PRIYAS,
    lines=(
        _line("Cotton kurta, blue, M", 620, 2, 105),
        _line("Steel bottle 750 ml", 500, 1, 42),
        _line("Filter coffee 500 g", 420, 1, 36),
        _line("Gift wrap", 200, 1, 17),
    ),
)
LONG = replace(
    PRIYAS,
    lines=tuple(_line(f"Article {n} with a name that goes on and on", 236, 1, 20) for n in range(1, 11)),
)


def by_lines(whole: Sale = WITH_LINES, back: str = "", **other: object) -> ReturnView:
    """Return the view of a sale with lines; `back` is what was typed since."""
    sold = replace(returnable().sold, bill=whole.itemised, taken=tuple(line.taken for line in whole.lines))
    found = returnable(sale=whole, sold=sold, **other)
    view = replace(steps.found(ReturnView(listed=LISTED), found), balance=Decimal(1061))
    for key in back:
        if key in "+-":
            view = lines.counted(view, view.marked, +1 if key == "+" else -1)
        elif key == " ":
            view = lines.switched(view, view.marked)
        else:
            view = steps.marked(view, +1 if key == "d" else -1)
    return view


def exchanging(typed: str, view: ReturnView | None = None) -> ReturnView:
    """Return the view of an exchange, with a new bill typed."""
    terms = ExchangeTerms(
        "sale-500", PRIYA, Account(Decimal(1061), NOW), COINS, online=True, at=NOW, store="Marigold Stores"
    )
    made = steps.exchanging(view or by_lines(back="+ddd uu d d "), terms)
    for character in typed:
        made = steps.with_bill_digit(made, character)
    return made


def done(view: ReturnView) -> ReturnView:
    """Return the view once that is given back."""
    return replace(view, step=ReturnStep.DONE, done=view.plan, done_at=NOW)


def untold(*, shown: bool, reason: ReturnReason = ReturnReason.RETURN) -> Returnable:
    """Return Priya's sale with a return that was asked for a while ago and not seen to its end."""
    paid, goods = Money(102_500, RUPEE), Money(112_000, RUPEE)
    effect = Effect(
        key=f"{PRIYAS.sale_id}-refund-1",
        kind=EffectKind.REFUND,
        sale_id=PRIYAS.sale_id,
        member_id="m-1",
        points=Decimal(0),
        bill=goods,
        discount=goods - paid,
        paid=paid,
        at=NOW - timedelta(minutes=4),
        program_version="7",
        asked_first=True,
        reason=reason,
    )
    return returnable(asks_first=True, untold=AskedReturn(effect, shown=shown))


BEFORE = (Returned(amount=Money(50000, RUPEE)),)
_PART = "1120"
STATES: dict[str, Callable[[], ReturnView]] = {
    "return-find": lambda: ReturnView(listed=LISTED, marked=0),
    "return-find-none": ReturnView,
    "return-typed": lambda: ReturnView(listed=LISTED, entry="1025 14:20"),
    "return-several": lambda: ReturnView(listed=LISTED[:2], several=True, marked=1),
    "return-not-here": lambda: ReturnView(listed=LISTED, entry="2-0499", problem=NotHere("2-0499")),
    "return-other-shop": lambda: ReturnView(listed=LISTED, entry="7-0418", problem=OtherTill("7-0418")),
    "return-already": lambda: ReturnView(
        listed=LISTED, problem=AlreadyReturned(PRIYAS, NOW - timedelta(hours=20))
    ),
    "return-no-member": lambda: ReturnView(listed=LISTED, problem=NoMember(LISTED[2].line.sale, later=False)),
    "return-error": lambda: ReturnView(
        listed=LISTED, trouble="The disk reports an error. Nothing was saved. Try again, or restart."
    ),
    "return": amount,
    "return-part": lambda: amount(typed=_PART),
    "return-again": lambda: amount(
        returnable(before=BEFORE, last_return=NOW - timedelta(hours=2)), typed="860.5"
    ),
    "return-too-much": lambda: amount(typed="23600"),
    "return-whole-only": lambda: replace(
        amount(returnable(parts=False, restores=False)), remark=ReturnRemark(1, ReturnRemarkKind.WHOLE_ONLY)
    ),
    "return-waiting": lambda: amount(
        returnable(posted=False, rules_kept=False, about=True, before=BEFORE, last_return=NOW), balance=None
    ),
    "return-switch": lambda: replace(
        amount(typed=_PART), remark=ReturnRemark(2, ReturnRemarkKind.RECEIPT_OFFERED, "2-0417")
    ),
    "return-confirm-ask-first": lambda: steps.confirming(amount(returnable(asks_first=True), typed=_PART)),
    "return-confirm-not-said": lambda: replace(
        steps.confirming(amount(returnable(asks_first=True), typed=_PART)), trouble=NOT_SAID
    ),
    "return-confirm-untold": lambda: amount(untold(shown=False), balance=None),
    "return-confirm-untold-said": lambda: amount(untold(shown=True), balance=None),
    "return-done-untold-said": lambda: done(amount(untold(shown=True), balance=None)),
    "return-find-untold": lambda: ReturnView(listed=(replace(LISTED[1], untold=True), *LISTED[2:])),
    "return-done-asked-first": lambda: done(amount(returnable(asks_first=True), typed=_PART)),
    "return-confirm": lambda: steps.confirming(amount(typed=_PART)),
    "return-not-saved": lambda: replace(
        steps.confirming(amount(typed=_PART)), trouble="The disk is full. Nothing was saved. Free space."
    ),
    "return-done": lambda: done(amount(typed=_PART)),
    "return-done-later": lambda: done(amount(returnable(posted=False), typed=_PART, balance=None)),
}


_OF_TWO = "+dd d uuu"
STATES |= {
    "return-lines": by_lines,
    "return-lines-part": lambda: by_lines(back=_OF_TWO),
    "return-lines-again": lambda: by_lines(
        back="dd",
        before=(Returned(lines=(ReturnedLine(0, Decimal(1)), ReturnedLine(1, Decimal(1)))),),
        last_return=NOW - timedelta(hours=2),
    ),
    "return-lines-many": lambda: by_lines(LONG, back="ddd d"),
    "return-lines-confirm": lambda: steps.confirming(by_lines(back=_OF_TWO)),
    "return-spent": lambda: steps.with_balance(by_lines(), Decimal(-190)),
    "return-spent-shop": lambda: steps.with_balance(by_lines(below_zero=False), Decimal(-190)),
    "return-member": lambda: ReturnView(
        listed=(
            ListedSale(LISTED[0].line, LISTED[0].line.sale.bill),
            ListedSale(SaleLine(PRIYAS, EffectState.POSTED), Money(124000, RUPEE)),
            ListedSale(SaleLine(sale(301, 640, 0, 12, 90), EffectState.POSTED), Money(0, RUPEE)),
        ),
        several=True,
        of_member=True,
    ),
    "return-nobody": lambda: ReturnView(listed=LISTED, problem=NobodyHere()),
    "return-elsewhere-offline": lambda: ReturnView(
        listed=LISTED, problem=NotFromHere(WhyNotFromHere.OFFLINE, "7-0418")
    ),
    "return-elsewhere-returned": lambda: ReturnView(
        listed=LISTED, problem=NotFromHere(WhyNotFromHere.RETURNED_ELSEWHERE, "7-0418")
    ),
    "exchange-empty": lambda: exchanging(""),
    "exchange": lambda: exchanging("1850"),
    "exchange-less": lambda: exchanging("400"),
    "exchange-confirm": lambda: steps.confirming(exchanging("1850")),
    "exchange-confirm-ask-first": lambda: steps.confirming(
        exchanging("400", by_lines(back="+ddd uu d d ", asks_first=True))
    ),
    "exchange-done-asked-first": lambda: replace(
        done(exchanging("400", by_lines(back="+ddd uu d d ", asks_first=True))),
        sold=sale(419, 400, 0, 0, 0),
    ),
    "exchange-done": lambda: replace(
        done(steps.confirming(exchanging("1850"))), sold=sale(419, 1850, 0, 0, 0)
    ),
}


class FakeReturns(FakeSession[ReturnView]):
    """Shows a view and notes what it is asked."""

    def __init__(self, view: ReturnView | None = None) -> None:
        super().__init__(view or ReturnView())

    def begin(self, sale: Sale | None = None) -> None:
        self.asked.append(("begin", sale))

    def scan(self, text: str) -> bool:
        self.asked.append(("scan", text))
        return True

    def read_picture(self, decode: Callable[[], Sequence[str]]) -> None:
        self.asked.append(("read_picture", *decode()))

    def pick(self, index: int) -> None:
        self.asked.append(("pick", index))

    def accept_receipt(self) -> None:
        self.asked.append(("accept_receipt",))

    def amount_instead(self) -> None:
        self.asked.append(("amount_instead",))

    def everything(self) -> None:
        self.asked.append(("everything",))

    def switch_line(self, place: int) -> None:
        self.asked.append(("switch_line", place))

    def count_line(self, place: int, direction: int = +1) -> None:
        self.asked.append(("count_line", place, direction))

    def exchange(self) -> None:
        self.asked.append(("exchange",))

    def mark_next(self) -> None:
        self.asked.append(("mark_next",))

    def mark_previous(self) -> None:
        self.asked.append(("mark_previous",))


def open_in(window: MainWindow, name: str) -> None:
    """Open the return screen in this state, in a window whose returns are `FakeReturns(STATES[name]())`."""
    assert name in STATES
    window.ways.show_return()
