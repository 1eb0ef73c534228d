"""Days of a shop with several tills: bills with lines, vouchers, one person twice, others who claim."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.claim_code import facts_of, receipt_code
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.outcome import AlreadyApplied, Applied, Refused
from cashier_app.domain.quote import quote
from cashier_app.domain.refund import RefundPlan, Returned, ReturnedLine
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.errors import KnownError
from cashier_app.services.claimed_elsewhere import ASK_LATER, ClaimedElsewhere
from cashier_app.services.claims import Claimable, Claimed, NotClaimable, WhyNotClaimed
from cashier_app.services.delivery import Delivery
from cashier_app.services.returnable import Returnable
from cashier_app.services.ticket import Ticket
from cashier_app.services.undoable import Undoable
from tests.fakes.books_by_hand import NOBODY, SaleByHand, coins_for
from tests.fakes.counter import Counter
from tests.fakes.day_steps import Backend, More, MoreStep, Step
from tests.fakes.goods_by_hand import VOUCHER_OFF, LineByHand, LinesByHand, VoucherByHand
from tests.fakes.shop import RUPEE, ZONE
from tests.fakes.shop_days import ENDED, PRIYA, RAHUL, ShopDays, as_it_is


class SharesKeys:
    """Says that other tills read this one's receipts."""

    shared = True


class FullerDays(ShopDays):
    """`ShopDays` in a shop of several tills."""

    def __init__(
        self,
        before: Backend,
        delivery: type[Delivery] = Delivery,
        plant: Callable[[Counter], None] = as_it_is,
    ) -> None:
        def shared(till: Counter) -> None:
            keys = SharesKeys()
            asks = ClaimedElsewhere(till.backend, till.connection, lambda: keys)  # type: ignore[arg-type, return-value]
            till.workshop.returns._refunds._claimed = asks
            plant(till)

        self.asked_to_join: list[tuple[str, str]] = []
        self.too_late: set[str] = set()
        self.foreign: set[str] = set()
        self.elsewhere: list[tuple[Sale, SaleByHand]] = []
        super().__init__(before, delivery, shared)
        self.backend.can = replace(self.backend.can, knows_claims=not before.keyless, guards_returns=True)

    def do_more(self, step: MoreStep) -> None:
        """Do one of these, if there is something to do it to."""
        self.befall(step.of.trouble)
        of = step.of
        member = RAHUL if of.which % 2 else PRIYA
        match step.act:
            case More.SELL_LINES:
                self.sell_lines(member, of)
            case More.TAKE_LINES:
                self.take_lines(of)
            case More.SELL_WITH_VOUCHER:
                self.sell_with_voucher(member, of.bill)
            case More.SAY_THEY_ARE_ONE:
                one, other = self.member(PRIYA).member, self.member(RAHUL).member
                self.till.workshop.same_person.ask_to_join(one, other)
                self.asked_to_join.append((one.member_id, other.member_id))
            case More.CLAIMED_ELSEWHERE:
                self.claimed_elsewhere(member, of)
            case More.GOODS_OF_ANOTHER_TILL:
                self.goods_of_another_till(member, of)

    def happened(self) -> set[str]:
        """Return what came about in these days, in words."""
        sales = self.books.sales
        lines = [sale for sale in sales if isinstance(sale, LinesByHand)]
        came = {
            "lines came back": any(line.items < line.count for sale in lines for line in sale.lines),
            "a voucher was used": any(isinstance(sale, VoucherByHand) for sale in sales),
            "two are one": bool(self.asked_to_join),
            "another till was first": bool(self.foreign),
            "this till was too late": bool(self.too_late),
            "given away elsewhere, back here": any(
                sale.left < sale.bill for sale in sales if sale.sale_id in self.foreign
            ),
            "goods of another till": any(sale.returned for sale in self.books.others),
        }
        return {what for what, did in came.items() if did}

    # Bills with lines.

    def sell_lines(self, phone: str, of: Step) -> None:
        """Sell some lines to a member, who may use points."""
        counts = [1 + of.seconds % 3, 1 + of.part % 4, 1]
        prices = [of.bill // 100, 199 + of.part, 37 * (1 + of.which)]
        told = [
            {"name": f"Line {place}", "price": price, "quantity": count}
            for place, (price, count) in enumerate(zip(prices, counts, strict=True))
        ]
        till, session = self.till, self.till.session
        session.clear_all()
        session.look_up(PhoneNumber(phone))
        if till.view.here_before is not None:
            till.press_enter()
        session.scan(json.dumps({"lines": told}))
        if not of.points:
            session.take_nothing()

        def paid() -> bool:
            for _ in range(20):
                till.press_enter()
                if till.view.finished is not None and till.view.step.name == "DONE":
                    return True
            return False

        if not self.alive(paid):
            session.clear_all()
            return
        assert till.view.finished is not None
        receipt = till.view.finished.sale
        total = sum(price * count for price, count in zip(prices, counts, strict=True)) * 100
        assert receipt.bill.minor == total
        lines = [
            LineByHand(price * count * 100, count, sold.taken)
            for price, count, sold in zip(prices, counts, receipt.lines, strict=True)
        ]
        assert sum(line.off for line in lines) == receipt.discount.minor
        sale = LinesByHand(
            receipt.sale_id,
            self.today(),
            total,
            int(receipt.points_used),
            phone,
            unseen=not receipt.member_id,
            lines=lines,
        )
        assert receipt.points_expected == coins_for(total - sale.discount)
        self.books.sales.append(sale)
        session.next_customer()

    def take_lines(self, of: Step) -> None:
        """Take some of a bill with lines back: lines, or an amount."""
        sales = [sale for sale in self.books.sales if isinstance(sale, LinesByHand) and sale.left]
        if not sales:
            return
        sale = sales[of.which % len(sales)]
        found = self.returnable(sale)
        if found is None:
            return
        there = [place for place, line in enumerate(sale.lines) if line.items]
        before = sale.money_back
        if of.points and there:
            place = there[of.part % len(there)]
            count = 1 + of.part % int(sale.lines[place].items)
            back: Returned | Money = Returned(lines=(ReturnedLine(place, Decimal(count)),))
            sale.take_items(place, count)
        else:
            amount = max(1, sale.left * of.part // 1000)
            back = Money(amount, RUPEE)
            sale.take_amount(amount)
        plan = self.till.workshop.returns.take_back(found, back)
        assert isinstance(plan, RefundPlan), plan
        assert plan.money_back.minor == sale.money_back - before

    def take_back(self, sale: SaleByHand, part: int) -> None:
        """Take some of it back by an amount."""
        if not isinstance(sale, LinesByHand):
            super().take_back(sale, part)
            return
        found = self.returnable(sale)
        if found is not None:
            amount = max(1, sale.left * part // 1000)
            assert isinstance(self.till.workshop.returns.take_back(found, Money(amount, RUPEE)), RefundPlan)
            sale.take_amount(amount)

    def exchange(self, sale: SaleByHand, part: int, bill: int) -> None:
        """Exchange what has no lines."""
        if not isinstance(sale, LinesByHand):
            super().exchange(sale, part, bill)

    # Vouchers.

    def sell_with_voucher(self, phone: str, bill: int) -> None:
        """Sell something for which a voucher pays a part, and no points."""
        row = self.member(phone)
        program = self.till.workshop.lookup.program()
        local = self.till.clock.now().astimezone(ZONE).replace(second=0, microsecond=0)
        account = self.backend.account(row)
        off = Money(VOUCHER_OFF, RUPEE)
        offer = quote(
            program, row.member, account, bill_of(Money(bill, RUPEE) - off), TakeNothing(), Occasion(local)
        )
        code = f"FIFTY-{len(self.backend.used) + len(self.books.sales)}"
        ticket = Ticket(
            sale_id=str(uuid7()),
            member=row.member,
            identifier=None,
            way=Way.PHONE,
            bill=Money(bill, RUPEE),
            quote=replace(offer, discount=off),
            voucher=code,
        )
        sale = self.till.checkout.commit(ticket)
        assert (sale.discount, sale.points_used) == (off, 0)
        self.books.sales.append(VoucherByHand(sale.sale_id, self.today(), bill, 0, phone))

    # Other tills.

    def claimed_elsewhere(self, phone: str, of: Step) -> None:
        """Have another till give one of this till's sales to a member, and this one try to as well."""
        sales = [
            sale
            for sale in self.books.sales
            if sale.owner == NOBODY and sale.left == sale.bill and sale.day == self.today()
        ]
        if not sales or not self.backend.can.knows_claims:
            return
        sale = sales[of.which % len(sales)]
        kept, can = self.kept(sale), self.backend.can
        told = Effect(
            key=effect_key(sale.sale_id, EffectKind.LINK, 700)
            if can.tells_anonymous
            else effect_key(sale.sale_id, EffectKind.SALE),
            kind=EffectKind.LINK if can.tells_anonymous else EffectKind.SALE,
            sale_id=sale.sale_id,
            member_id=self.member(phone).member.member_id,
            points=Decimal(coins_for(sale.bill)),
            bill=kept.bill,
            discount=kept.discount,
            paid=kept.paid,
            at=kept.at,
            program_version="7",
            claimed=True,
        )
        answer = self.backend.book_elsewhere(told)
        if isinstance(answer, Refused):
            return  # this till has not told of it yet: they come again
        assert isinstance(answer, Applied | AlreadyApplied)
        sale.owner, sale.claimed, sale.unseen = phone, False, False
        self.foreign.add(sale.sale_id)
        self.claim_too_late(sale, RAHUL if phone == PRIYA else PRIYA)

    def times_too_often(self, of: tuple[str, EffectKind], count: int) -> bool:
        """Say whether it took hold more often than all tills asked for it."""
        there = {sale.sale_id for sale in self.books.others} | self.foreign
        elsewhere = of[0] in there and of[1] in {EffectKind.SALE, EffectKind.LINK}
        return super().times_too_often(of, count - elsewhere)

    def claim_too_late(self, sale: SaleByHand, by: str) -> None:
        """Claim here what another till gave away: told at once, or seen to be refused."""
        claims = self.till.workshop.claims
        found = claims.read(claims.codes(self.kept(sale)).receipt)
        if isinstance(found, NotClaimable):
            assert found.why is WhyNotClaimed.CLAIMED
            return
        assert isinstance(found, Claimable)
        assert not self.all_is_well()
        who = self.who(by)
        if who is not None and isinstance(claims.credit(found, who), Claimed):
            self.too_late.add(sale.sale_id)

    def returnable(self, sale: SaleByHand) -> Returnable | None:
        """Return the sale where some of it may come back now."""
        if sale.sale_id in self.too_late:
            return None  # a person looks after it
        if sale.sale_id in self.foreign and self.backend.can.tells_anonymous:
            return None  # who links sales is told of goods, not of points: see the tests against the server
        with self.nobody_can_say():
            return super().returnable(sale)
        return None

    def undoable(self, sale: SaleByHand) -> Undoable | None:
        """Return the sale where it may be undone now."""
        linked = sale.sale_id in self.foreign and self.backend.can.tells_anonymous
        if linked or sale.sale_id in self.too_late:
            return None
        with self.nobody_can_say():
            return super().undoable(sale)
        return None

    @contextmanager
    def nobody_can_say(self) -> Iterator[None]:
        """Let it be refused for want of an answer, where there may be none."""
        try:
            yield
        except KnownError as refused:
            if refused.sentence != ASK_LATER or self.all_is_well():
                raise AssertionError(refused.sentence) from refused

    def claimable(self, sale: SaleByHand) -> bool:
        """Say whether it is nobody's, or was claimed here."""
        return super().claimable(sale) and sale.sale_id not in self.foreign

    def goods_of_another_till(self, phone: str, of: Step) -> None:
        """Take goods back that till 7 sold; while offline it says so."""
        if not self.elsewhere or of.points:
            self.sold_at_till_7(phone, of.bill)
        sale, hand = self.elsewhere[of.which % len(self.elsewhere)]
        keys = self.till.workshop.claims._keys()
        code = receipt_code(facts_of(sale, self.till.settings.store), keys.sign)
        found = self.till.workshop.returns.scanned(code)
        if not isinstance(found, Returnable):
            assert not hand.left or not self.all_is_well()
            return
        assert found.left.minor == hand.left
        amount = max(1, hand.left * of.part // 1000)
        try:
            plan = self.till.workshop.returns.take_back(found, Money(amount, RUPEE))
        except KnownError:
            assert not self.all_is_well()
            return
        assert isinstance(plan, RefundPlan)
        hand.returned += amount

    def sold_at_till_7(self, phone: str, bill: int) -> None:
        """Have till 7 sell something, and tell of it."""
        money, now = Money(bill, RUPEE), self.till.clock.now()
        member_id = self.member(phone).member.member_id
        sale = Sale(
            sale_id=str(uuid7()),
            number=f"7-{len(self.elsewhere) + 1:04d}",
            member_id=member_id,
            display_name="",
            way=Way.PHONE,
            bill=money,
            discount=Money(0, RUPEE),
            paid=money,
            points_used=Decimal(0),
            points_expected=Decimal(coins_for(bill)),
            at=now - timedelta(minutes=3),
            program_version=self.till.workshop.lookup.program().version,
        )
        told = Effect(
            key=effect_key(sale.sale_id, EffectKind.SALE),
            kind=EffectKind.SALE,
            sale_id=sale.sale_id,
            member_id=member_id,
            points=sale.points_expected,
            bill=money,
            discount=sale.discount,
            paid=money,
            at=sale.at,
            program_version=sale.program_version,
        )
        assert isinstance(self.backend.book_elsewhere(told), Applied)
        hand = SaleByHand(sale.sale_id, self.today(), bill, 0, phone)
        self.elsewhere.append((sale, hand))
        self.books.others.append(hand)

    def compare(self) -> None:
        """Compare the books, with what is a person's to settle left out."""
        left = [row for row in self.till.rows() if row.state not in ENDED]
        stuck = {row.effect.sale_id for row in left if row.effect.sale_id in self.too_late}
        for row in left:
            if row.effect.sale_id in stuck:
                assert row.state is EffectState.NEEDS_ATTENTION
                self.till.journal.move(
                    row.effect.key, EffectState.DROPPED, answer="settled", at=self.till.clock.now()
                )
        super().compare()
        assert self.backend.merged == self.asked_to_join


def live_fully(
    before: Backend,
    steps: Iterable[Step | MoreStep],
    delivery: type[Delivery] = Delivery,
    plant: Callable[[Counter], None] = as_it_is,
) -> None:
    """Do all of it and let it come to rest.

    Raises:
        AssertionError: Something is not as it must be.
    """
    days = FullerDays(before, delivery, plant)
    try:
        for step in steps:
            if isinstance(step, MoreStep):
                days.do_more(step)
            else:
                days.do(step)
        days.come_to_rest()
    finally:
        days.close()
