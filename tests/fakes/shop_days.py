"""Days of a shop in which anything may be done around a sale and anything may go wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import AlreadyApplied, Applied, MemberFound, Remembered, Unreachable
from cashier_app.domain.refund import RefundPlan, Returned
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.ports.loyalty import Idempotency, Reserving
from cashier_app.services.claim_terms import ClaimFor, claim_for
from cashier_app.services.claims import Claimable, Claimed, NotClaimable, WhyNotClaimed
from cashier_app.services.delivery import Delivery
from cashier_app.services.enrolments import Joined, Waits, WasMember
from cashier_app.services.exchanging import Exchanged
from cashier_app.services.returnable import Returnable
from cashier_app.services.ticket import new_sale_id
from cashier_app.services.till_view import Serving, ServingUnseen
from cashier_app.services.till_view import Step as TillStep
from cashier_app.services.undoable import NotForThem, NotMovable, NotUndoable, Undoable
from tests.fakes.backend import Fault, LedgerMember
from tests.fakes.books_by_hand import NOBODY, RUPEE, BooksByHand, SaleByHand, coins_for, most_coins
from tests.fakes.counter import PRIYAS_PHONE, RAHULS_PHONE, Counter
from tests.fakes.day_steps import Act, Backend, Step, Trouble
from tests.fakes.dying_till import DyingBackend, DyingTill, PowerCut
from tests.fakes.shop import RUPEE as RUPEES
from tests.fakes.shop import ZONE

PRIYA, RAHUL = f"+91{PRIYAS_PHONE}", f"+91{RAHULS_PHONE}"
NEW = ("+919845077001", "+919845077002")
STRANGER = "+919845077009"
ENDED = {EffectState.POSTED, EffectState.DROPPED}
PLENTY = 40_000
A_NIGHT = 17 * 3600.0
Done = TypeVar("Done")


def as_it_is(_till: Counter) -> None:
    """Plant nothing."""


class ShopDays:
    """A shop's days: whatever happens in whatever order, the books are as reckoned by hand.

    Each method says by `AssertionError` what is not as it must be.
    """

    def __init__(
        self,
        before: Backend,
        delivery: type[Delivery] = Delivery,
        plant: Callable[[Counter], None] = as_it_is,
    ) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.till = DyingTill(Path(self.folder.name), delivery, plant)
        assert isinstance(self.till.backend, DyingBackend)
        self.backend = self.till.backend
        self.books = BooksByHand()
        self.strangers: list[SaleByHand] = []
        self.open_the_shop(before)

    def open_the_shop(self, before: Backend) -> None:
        """Open before a backend that can do what this one can."""
        links = before.links
        can = replace(self.backend.can, tells_anonymous=links, links_sales=links, negative_balance=True)
        if not before.holds:
            can = replace(can, reserving=Reserving.NONE, hold=None)
        if before.keyless:
            lag, keys = timedelta(seconds=20), Idempotency.READ_BACK
            can = replace(can, idempotency=keys, key_life=timedelta(0), search_lag=lag)
        self.backend.can, self.backend.forgets_keys = can, before.keyless
        for phone, coins in ((PRIYA, PLENTY), (RAHUL, PLENTY // 2)):
            self.member(phone).balance = Decimal(coins)
            self.books.began[phone] = coins
        self.till.open_for_business()

    def close(self) -> None:
        """End the day, whatever came of it."""
        self.till.close()
        self.folder.cleanup()

    def do(self, step: Step) -> None:
        """Do one thing, if there is something to do it to."""
        self.befall(step.trouble)
        known = step.phone if step.phone in self.books.began else PRIYA
        match step.act:
            case Act.SELL | Act.SELL_TO_NOBODY:
                phone = NOBODY if step.act is Act.SELL_TO_NOBODY else known
                self.ring_up(phone, step.bill, points=step.points and phone in {PRIYA, RAHUL})
            case Act.JOIN:
                phone = NEW[step.which % len(NEW)]
                self.backend.silent = self.backend.silent or step.part % 3 == 0
                self.enrol(phone)
                self.ring_up(phone, step.bill, points=False)
            case Act.SELL_TO_A_STRANGER:
                self.sell_to_a_stranger(step.bill)
            case Act.WAIT:
                self.let_the_sender_work(step.seconds)
            case Act.SETTLE | Act.SLEEP:
                self.come_to_rest()
                self.till.clock.advance(A_NIGHT if step.act is Act.SLEEP else 0)
            case _:
                self.do_afterwards(step)

    def do_afterwards(self, step: Step) -> None:
        """Do something to a sale that was made, if there is one."""
        sales = [sale for sale in self.books.sales if step.act is not Act.CLAIM or self.claimable(sale)]
        if not sales:
            return
        sale = sales[-1 - step.which % len(sales)]
        match step.act:
            case Act.TAKE_BACK:
                self.take_back(sale, step.part)
            case Act.VOID:
                self.void(sale)
            case Act.MOVE:
                self.move(sale, step.phone)
            case Act.EXCHANGE:
                self.exchange(sale, step.part, step.bill)
            case Act.CLAIM:
                self.claim(sale, step)

    def claimable(self, sale: SaleByHand) -> bool:
        """Say whether it was nobody's when it was made."""
        return sale.owner == NOBODY or sale.claimed

    def claim(self, sale: SaleByHand, step: Step) -> None:
        """Credit it here; and perhaps at another till, too, from the same receipt."""
        if sale.owner == NOBODY:
            self.credit(
                sale, step.phone if step.phone in self.books.began else PRIYA, typed=bool(step.part % 2)
            )
        # Of goods that came back before, no other till hears: their receipt is kept here.
        if step.points and sale.claimed and self.collides() and not sale.returned:
            self.tell_elsewhere(sale)

    def sell_to_a_stranger(self, bill: int) -> None:
        """Sell offline to somebody who turns out to be nobody: it is refused, and seen to be."""
        before, self.backend.silent = self.backend.silent, True
        self.ring_up(STRANGER, bill, points=False)
        self.backend.silent = before

    def let_the_sender_work(self, seconds: int) -> None:
        """Let some time pass, with the sender at work."""
        for _ in range(3):
            self.alive(self.till.deliver)
            self.till.clock.advance(seconds)

    # What is done at the till.

    def enrol(self, phone: str) -> None:
        """Have somebody enrolled."""
        at = self.till.clock.now()
        new = NewMember(new_sale_id(), at, name="Asha Verma", phone=phone, agrees_to_terms=True)
        answer = self.alive(lambda: self.till.workshop.enrolments.enrol(new, looked_up=False))
        assert isinstance(answer, Joined | Waits | WasMember | None)
        self.books.began.setdefault(phone, 0)

    def take_back(self, sale: SaleByHand, part: int) -> None:
        """Take some of it back."""
        found = self.returnable(sale)
        if found is None:
            return
        amount = max(1, sale.left * part // 1000)
        before = sale.money_back
        plan = self.till.workshop.returns.take_back(found, Money(amount, RUPEES))
        assert isinstance(plan, RefundPlan)
        sale.returned += amount
        assert plan.money_back.minor == sale.money_back - before

    def exchange(self, sale: SaleByHand, part: int, bill: int) -> None:
        """Take some of it back, and sell something else."""
        found = self.returnable(sale)
        if found is None or found.nobodys:
            return  # without a member nothing is sold in its place
        amount = max(1, sale.left * part // 1000)
        exchanges = self.till.workshop.exchanges
        terms = exchanges.terms(found)
        back = Returned(amount=Money(amount, RUPEES))
        for _ in range(2):  # pressed twice
            made = exchanges.commit(found, back, None, terms, Money(bill, RUPEES))
            assert isinstance(made, Exchanged)
        sale.returned += amount
        self.books.sales.append(SaleByHand(terms.sale_id, self.today(), bill, 0, sale.owner))

    def void(self, sale: SaleByHand) -> None:
        """Undo it."""
        found = self.undoable(sale)
        if found is None:
            return
        undoing = self.till.workshop.undoing
        assert undoing.void(found) == found.sale
        assert isinstance(undoing.void(found), NotUndoable)  # pressed twice
        sale.undone = True

    def move(self, sale: SaleByHand, to: str) -> None:
        """Give it to another member."""
        found = self.undoable(sale)
        if found is None or to == sale.owner:
            return
        undoing = self.till.workshop.undoing
        shown = undoing.look_for_member(found, PhoneNumber(to))
        if isinstance(shown, NotMovable):
            assert shown.why is NotForThem.NOBODY
            assert to in NEW
            return
        if to not in self.books.began:
            return  # nobody would be found by it: see `sell_to_a_stranger`
        for _ in range(2):  # pressed twice
            made = undoing.move(shown)
            assert isinstance(made, Sale)
            assert made.sale_id == shown.sale_id
        sale.undone = True
        unseen = shown.member is None
        self.books.sales.append(SaleByHand(shown.sale_id, self.today(), sale.bill, 0, to, unseen=unseen))

    def credit(self, sale: SaleByHand, by: str, *, typed: bool) -> None:
        """Give it to a member by its receipt."""
        claims = self.till.workshop.claims
        codes = claims.codes(self.kept(sale))
        found = claims.read(codes.claim if typed else codes.receipt)
        if not sale.left:
            assert isinstance(found, NotClaimable)
            assert found.why is WhyNotClaimed.RETURNED
            return
        assert isinstance(found, Claimable)
        who = self.who(by)
        if who is None:
            return
        assert isinstance(claims.credit(found, who), Claimed)
        again = claims.credit(found, who)  # pressed twice
        assert isinstance(again, NotClaimable)
        assert again.why is WhyNotClaimed.CLAIMED
        sale.owner, sale.unseen, sale.claimed = by, who.member is None, True

    # What the world does.

    def befall(self, trouble: Trouble | Fault | None) -> None:
        """Let something go wrong, now or soon."""
        match trouble:
            case Fault():
                self.backend.faults.append(trouble)
            case Trouble.OFFLINE | Trouble.ONLINE:
                self.backend.silent = trouble is Trouble.OFFLINE
            case Trouble.DIES_BEFORE | Trouble.DIES_AFTER:
                self.backend.dies = (0, trouble is Trouble.DIES_AFTER)
            case Trouble.DIES_LATER:
                self.backend.dies = (1, True)
            case Trouble.RESTARTED:
                self.till.restart()

    def come_to_rest(self) -> None:
        """Let all of it come to rest, and compare the books."""
        self.backend.silent = False
        for _ in range(10):
            try:
                self.till.drain()
                break
            except PowerCut:
                self.till.restart()
        self.backend.faults.clear()
        self.compare()

    # What must hold.

    def compare(self) -> None:
        """Compare the books of the backend, of the till and of the hand."""
        twice = {of: count for of, count in self.backend.took_hold.items() if self.times_too_often(of, count)}
        assert not twice
        assert {phone: self.member(phone).balance for phone in self.books.began} == {
            phone: self.books.balance(phone) for phone in self.books.began
        }
        left = [row for row in self.till.rows() if row.state not in ENDED]
        assert {(row.effect.sale_id, row.state) for row in left} == {
            (sale.sale_id, EffectState.NEEDS_ATTENTION) for sale in self.strangers
        }
        assert not self.backend.open_holds()
        assert self.till.journal.figures_apart() == []
        assert self.till.journal.first_broken_audit_row() is None
        counts = self.till.journal.counts()
        assert (counts.waiting, counts.needs_attention) == (0, len(self.strangers))

    def collides(self) -> bool:
        """Say whether two tills tell a claimed receipt by one key, and the backend keeps it."""
        return not (self.backend.can.tells_anonymous or self.backend.forgets_keys)

    def tell_elsewhere(self, sale: SaleByHand) -> None:
        """Have the same member claim the same receipt at another till, by the key of the sale."""
        at_a_loss = [row for row in self.backend.members.values() if f"phone:{sale.owner}" in row.known_by]
        if not at_a_loss:
            return  # they join only later
        bill = Money(sale.bill, RUPEES)
        told = Effect(
            key=effect_key(sale.sale_id, EffectKind.SALE),
            kind=EffectKind.SALE,
            sale_id=sale.sale_id,
            member_id=at_a_loss[0].member.member_id,
            points=Decimal(coins_for(sale.bill)),
            bill=bill,
            discount=Money(0, RUPEES),
            paid=bill,
            at=self.till.clock.now(),
            program_version="7",
        )
        assert isinstance(self.backend.book_elsewhere(told), Applied | AlreadyApplied)

    def times_too_often(self, of: tuple[str, EffectKind], count: int) -> bool:
        """Say whether it took hold more often than it was asked for; a sale may come back in parts."""
        sale_id, kind = of
        asked = [row for row in self.till.journal.effects_of(sale_id) if row.effect.kind is kind]
        return count > len(asked)

    # Steps of the rules.

    def ring_up(self, phone: str, bill: int, *, points: bool) -> bool:
        """Sell, and write down what the receipt promises; say whether it came to a sale."""
        till = self.till
        sure = self.all_is_well()
        owed = self.books.balance(phone) if phone in self.books.began else 0
        sold = self.alive(lambda: self.at_the_till(phone, bill, points=points))
        if not sold:
            till.session.clear_all()
            return False
        finished = till.view.finished
        assert finished is not None
        receipt = finished.sale
        used = int(receipt.points_used)
        if sure:
            assert used == (most_coins(bill, owed) if points else 0)
        assert used <= (most_coins(bill, PLENTY) if points else 0)
        assert receipt.points_expected == (coins_for(bill - used * RUPEE) if phone else 0)
        unseen = bool(phone) and not receipt.member_id
        sale = SaleByHand(receipt.sale_id, self.today(), bill, used, phone, unseen=unseen)
        (self.strangers if phone == STRANGER else self.books.sales).append(sale)
        till.session.next_customer()
        return True

    def at_the_till(self, phone: str, bill: int, *, points: bool) -> bool:
        """Serve somebody; say whether it came to a sale."""
        till, session = self.till, self.till.session
        session.clear_all()
        if phone:
            session.look_up(PhoneNumber(phone))
        else:
            session.without_member()
        person = till.view.person
        will_join = phone in self.books.began or phone == STRANGER
        if phone and not (isinstance(person, Serving) or (isinstance(person, ServingUnseen) and will_join)):
            return False
        if till.view.here_before is not None:
            till.press_enter()
        till.type(f"{bill / 100:.2f}")
        if phone and not points:
            session.take_nothing()
        for _ in range(20):  # each fault on the way may take one more
            till.press_enter()
            if till.view.step is TillStep.DONE:
                return True
        return False

    def returnable(self, sale: SaleByHand) -> Returnable | None:
        """Return the sale where some of it may come back; it may not only for a reason that holds by hand."""
        found = self.till.workshop.returns.open(self.kept(sale))
        if not isinstance(found, Returnable):
            assert not sale.left or sale.owner == NOBODY or sale.unseen
            return None
        assert found.left.minor == sale.left
        return found

    def undoable(self, sale: SaleByHand) -> Undoable | None:
        """Return the sale where it may be undone; it may not only for a reason that holds by hand, too."""
        found = self.till.workshop.undoing.look_at(sale.sale_id)
        reasons = {
            WhyNotVoid.UNDONE: sale.undone,
            WhyNotVoid.RETURNED: sale.returned > 0,
            WhyNotVoid.OTHER_DAY: sale.day != self.today(),
            WhyNotVoid.WHOSE: sale.unseen,
        }
        if isinstance(found, NotUndoable):
            assert reasons[found.why]
            return None
        assert sale.left == sale.bill
        assert sale.day == self.today()
        return found

    def who(self, phone: str) -> ClaimFor | None:
        """Return who claims, if somebody with this phone may."""
        identifier = PhoneNumber(phone)
        match self.till.workshop.lookup.find(identifier):
            case (MemberFound() | Remembered()) as found:
                return claim_for(identifier, found)
            case Unreachable() if phone in self.books.began:
                return claim_for(identifier, None)
        return None

    def alive(self, step: Callable[[], Done]) -> Done | None:
        """Do it; where the power is cut, start again and return None."""
        try:
            return step()
        except PowerCut:
            self.till.restart()
            return None

    def all_is_well(self) -> bool:
        """Say whether the till knows all that the books do, and nothing is about to go wrong."""
        trouble = self.backend.silent or self.backend.faults or self.backend.dies
        return not trouble and self.till.connection.online and not self.till.unfinished()

    def kept(self, sale: SaleByHand) -> Sale:
        """Return it as the till keeps it."""
        found = self.till.journal.sale(sale.sale_id)
        assert found is not None
        return found[0]

    def member(self, phone: str) -> LedgerMember:
        """Return the one record of a phone number at the backend."""
        (row,) = [row for row in self.backend.members.values() if f"phone:{phone}" in row.known_by]
        return row

    def today(self) -> date:
        """Return the business day."""
        return self.till.clock.now().astimezone(ZONE).date()


def live(
    before: Backend,
    steps: Iterable[Step],
    delivery: type[Delivery] = Delivery,
    plant: Callable[[Counter], None] = as_it_is,
) -> None:
    """Do all of it and let it come to rest.

    Raises:
        AssertionError: Something is not as it must be.
    """
    days = ShopDays(before, delivery, plant)
    try:
        for step in steps:
            days.do(step)
        days.come_to_rest()
    finally:
        days.close()
