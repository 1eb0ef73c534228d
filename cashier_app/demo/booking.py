"""What a merchant's backend does with points: hold, take, give back, earn, undo. Rules from the domain."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

import apsw
from msgspec.structs import replace

from cashier_app.demo.codes import Names, Nothing, Stale, read_code
from cashier_app.demo.ledger import Declined, Document, Done, Ledger, Write, Written, stamp, undo_for
from cashier_app.demo.messages import (
    AdjustBody,
    EnrolBody,
    MoneyBody,
    QuoteBody,
    RefundBody,
    ReserveBody,
    SaleBody,
    SettleBody,
    in_units,
)
from cashier_app.demo.records import Records
from cashier_app.demo.returns import Returns, differs
from cashier_app.demo.shop import MemberRow, Shop, member_of
from cashier_app.demo.sold import Amounts, as_claimed, as_told, frozen, rules_had
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import Choice, TakeAmount, TakeMaximum, TakeNothing, TakeReward
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.reasons import MemberBlocked, NeedsPoints, WholeBalance, WholeSteps
from cashier_app.domain.refund import Sold

NO_SUCH_MEMBER = Declined("no_such_member", "nobody is known by this", status=404)


class Bookings:
    """The writes of the contract, each in one transaction, each at most once for its key."""

    def __init__(self, ledger: Ledger, shop: Shop) -> None:
        self._ledger = ledger
        self.shop = shop
        self.records = Records(ledger, shop)
        self.returns = Returns(ledger, shop)
        ledger.publish(shop.program)

    def quote(self, body: QuoteBody) -> Quote | Declined:
        """Say what may be redeemed: the till's own function with the ledger's account."""
        row = self._ledger.member(body.member_id)
        if row is None:
            return NO_SUCH_MEMBER
        choice = self._choice(body)
        if choice is None:
            return Declined("not_allowed", "the choice lacks its amount or its reward")
        amounts = [body.bill] if body.choice.amount is None else [body.bill, body.choice.amount]
        declined = self._wrong_currency(*amounts)
        return declined or self._quote(row, body.bill.minor, choice)

    def reserve(self, write: Write, body: ReserveBody) -> Written:
        """Hold points until the customer has paid."""
        return self._ledger.write_once(write, lambda: self._reserve(write, body))

    def capture(self, write: Write, reservation_id: str, body: SettleBody) -> Written:
        """Take held points for good; after the hold ran out, if the balance still covers them."""
        return self._ledger.write_once(write, lambda: self._end(write, reservation_id, body))

    def release(self, write: Write, reservation_id: str, body: SettleBody) -> Written:
        """Give held points back."""
        return self._ledger.write_once(write, lambda: self._end(write, reservation_id, body))

    def sale(self, write: Write, body: SaleBody) -> Written:
        """Book a finished sale and what it earns."""
        return self._ledger.write_once(write, lambda: self._sale(write, body))

    def refund(self, write: Write, body: RefundBody) -> Written:
        """Undo a sale or a part: earned points are taken back, used ones given back."""
        return self._ledger.write_once(write, lambda: self._refund(write, body))

    def enrol(self, write: Write, body: EnrolBody) -> Written:
        """Take a new member in."""
        return self._ledger.write_once(write, lambda: self._enrol(write, body))

    def adjust(self, write: Write, body: AdjustBody) -> Written:
        """Correct a balance by hand, never to below zero."""
        return self._ledger.write_once(write, lambda: self._adjust(write, body))

    def identify(self, identified_by: str, at: datetime) -> list[MemberRow] | Stale:
        """Return whom ``wallet:…``, ``phone:…`` or ``number:…`` means at this moment."""
        kind, _, value = identified_by.partition(":")
        found: list[MemberRow] = []
        if kind == "wallet":
            match read_code(value, at, self.shop.code_key, self.shop.code_life_seconds):
                case Stale() as stale:
                    return stale
                case Names(token):
                    found = self._ledger.read_members("token", token)
                case Nothing():
                    pass
        else:
            found = self._ledger.read_members("phone" if kind == "phone" else "number", value)
        return [row for row in (self._ledger.member(one.member_id) for one in found) if row is not None]

    def _reserve(self, write: Write, body: ReserveBody) -> Done | Declined:
        self._ledger.settle(body.member_id)
        rows = self._ledger.read_members("member_id", body.member_id)
        if not rows:
            return NO_SUCH_MEMBER
        units = in_units(body.points, self.shop.program.point_scale)
        declined = self._wrong_currency(body.bill, body.discount) or self._not_allowed(rows[0], body, units)
        if declined is not None or units is None:
            return declined or Declined("not_allowed", "points have too many decimals")
        reservation_id = f"res-{uuid.uuid4().hex}"
        expires_at = self._ledger.clock.now() + timedelta(minutes=self.shop.hold_minutes)
        lapsing = min(units, rows[0].lapse_units)
        self._ledger.execute(
            "INSERT INTO reservations (reservation_id, key, sale_id, member_id, units, lapsing_units,"
            " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (reservation_id, write.key, body.sale_id, body.member_id, units, lapsing, stamp(expires_at)),
        )
        self._ledger.move(
            write.key, "reserve", body.member_id, -units,
            at=body.at, sale_id=body.sale_id, reservation_id=reservation_id,
        )  # fmt: skip
        self._ledger.change_lapse(body.member_id, -lapsing)
        return self._done(write, body.member_id, reservation_id, -units, {"expires_at": stamp(expires_at)})

    def _end(self, write: Write, reservation_id: str, body: SettleBody) -> Done | Declined:
        self._ledger.settle(body.member_id)
        held = self._ledger.rows(
            "SELECT r.sale_id, r.member_id, r.units, r.lapsing_units, count(m.key) FROM reservations AS r"
            " LEFT JOIN movements AS m ON m.reservation_id = r.reservation_id AND m.kind = 'expire'"
            " WHERE r.reservation_id = ? GROUP BY r.reservation_id",
            (reservation_id,),
        )
        if not held:
            return Declined("reservation_gone", "no such reservation", status=404)
        sale_id, member_id, units, lapsing, expired = held[0]
        if (sale_id, member_id) != (body.sale_id, body.member_id):
            return Declined("not_allowed", "the reservation belongs to another sale")
        if in_units(body.points, self.shop.program.point_scale) != units:
            return Declined("not_allowed", "the reservation holds another number of points")
        if write.kind == "capture":
            # The sale may have come first.
            self._ledger.execute(
                "UPDATE sales SET points_used = points_used + ? WHERE sale_id = ?", (units, sale_id)
            )
        if write.kind == "release":
            moved = 0 if expired else units
            self._ledger.change_lapse(member_id, 0 if expired else lapsing)
        else:
            moved = -units if expired else 0
        self._ledger.move(
            write.key,
            write.kind,
            member_id,
            moved,
            at=body.at,
            sale_id=sale_id,
            reservation_id=reservation_id,
        )
        return self._done(write, member_id, reservation_id, moved)

    def _sale(self, write: Write, body: SaleBody) -> Done | Declined:
        row = self._seller_of(body)
        if isinstance(row, Declined):
            return row
        program = self._ledger.published(body.program_version) or self.shop.program
        declined = self._wrong_currency(body.bill, body.discount, body.paid) or _unbalanced(body)
        if declined is not None:
            return declined
        booked = self._earned(row, program, body)
        if isinstance(booked, Declined):
            return booked
        earned, used = self._units(booked.earned), self.returns.captured(body.sale_id)
        try:
            self._ledger.execute(
                "INSERT INTO sales (key, sale_id, member_id, bill, discount, paid, tier, program_version,"
                " earned, points_used, reward_id, day, frozen)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (write.key, body.sale_id, row.member_id, body.bill.minor, body.discount.minor,
                 body.paid.minor, booked.now.tier, program.version, earned, used,
                 body.reward_id or "", self.shop.local(body.at).date().isoformat(), frozen(booked)),
            )  # fmt: skip
        except apsw.ConstraintError as error:
            raise undo_for(error) from error
        for name in rules_had(program, self.records.account(row, body.at), booked):
            self._ledger.execute("INSERT INTO rule_uses (sale_key, name) VALUES (?, ?)", (write.key, name))
        self._ledger.move(
            write.key, "sale", row.member_id, earned, at=body.at, sale_id=body.sale_id, spend=body.paid.minor
        )
        day = body.at.date().isoformat()
        self._ledger.execute(
            "UPDATE members SET last_visit = ? WHERE member_id = ? AND coalesce(last_visit, '') < ?",
            (day, row.member_id, day),
        )
        return self._done(write, row.member_id, f"bk-{body.sale_id}", earned)

    def _refund(self, write: Write, body: RefundBody) -> Done | Declined:
        declined = self._wrong_currency(body.bill, body.discount, body.paid) or _unbalanced(body)
        if declined is not None:
            return declined
        found = self._ledger.rows(
            "SELECT member_id, refunded_bill, refunded_discount, taken_back, given_back FROM sales"
            " WHERE key = ?",
            (body.original_key,),
        )
        if not found or found[0][0] != body.member_id:
            return Declined("unknown_sale", "no sale of this member was booked under this key")
        member_id, *before = found[0]
        self._ledger.settle(member_id)
        plan = self.returns.plan(body.original_key, body.bill.minor)
        declined = differs(body, plan)
        if declined is not None:
            return declined
        back, returned = self._units(plan.taken_back), self._units(plan.restored)
        added = (body.bill.minor, body.discount.minor, back, returned)
        try:
            self._ledger.execute(
                "UPDATE sales SET refunded_bill = ?, refunded_discount = ?, taken_back = ?, given_back = ?"
                " WHERE key = ?",
                (*(old + new for old, new in zip(before, added, strict=True)), body.original_key),
            )
            self._ledger.execute(
                "INSERT INTO returns (key, sale_key, bill) VALUES (?, ?, ?)",
                (write.key, body.original_key, body.bill.minor),
            )
        except apsw.ConstraintError as error:
            raise undo_for(error) from error
        self._ledger.move(
            write.key, "refund", member_id, returned - back,
            at=body.at, sale_id=body.sale_id, spend=-body.paid.minor,
        )  # fmt: skip
        parts: Document = {"taken_back": self._points(back), "given_back": self._points(returned)}
        return self._done(write, member_id, f"rf-{write.key}", returned - back, parts)

    def _enrol(self, write: Write, body: EnrolBody) -> Done | Declined:
        member_id = f"mem-{uuid.uuid4().hex}"
        token = body.wallet_token.removeprefix("LC1:") if body.wallet_token else None
        try:
            self._ledger.execute(
                "INSERT INTO members (member_id, name, phone, number, token) VALUES (?, ?, ?, ?, ?)",
                (member_id, body.name, body.phone, body.member_number, token),
            )
        except apsw.ConstraintError as error:
            raise undo_for(error) from error
        self._ledger.move(write.key, "opening", member_id, 0, at=body.at, sale_id=body.sale_id)
        return self._done(write, member_id, member_id, 0)

    def _adjust(self, write: Write, body: AdjustBody) -> Done | Declined:
        self._ledger.settle(body.member_id)
        if not self._ledger.read_members("member_id", body.member_id):
            return NO_SUCH_MEMBER
        units = in_units(body.points, self.shop.program.point_scale)
        if not units:
            return Declined("not_allowed", "a correction moves points, with no more decimals than they have")
        self._ledger.move(write.key, "adjust", body.member_id, units, at=body.at, sale_id=body.sale_id)
        self._ledger.change_lapse(body.member_id, min(units, 0))
        return self._done(write, body.member_id, f"ad-{body.sale_id}", units)

    def _not_allowed(self, row: MemberRow, body: ReserveBody, units: int | None) -> Declined | None:
        """Return why the rules do not let this member use these points on this bill, or None."""
        program = self.shop.program
        discount = Money(body.discount.minor, program.currency)
        # A request does not say by which rule: any that gives just this will do.
        choices: list[Choice] = [TakeReward(body.reward_id)] if body.reward_id else [TakeAmount(discount)]
        if not body.reward_id and len(program.redemption) > 1:
            choices += [TakeAmount(discount, rule.rule_id) for rule in program.redemption]
        offers = [self._quote(row, body.bill.minor, choice) for choice in choices]
        if any(
            (offer.discount, to_units(offer.points_used, program.point_scale)) == (discount, units)
            for offer in offers
        ):
            return None
        refusal = offers[0].choice_refusal if body.reward_id else offers[0].refusal
        match refusal:
            case MemberBlocked():
                return Declined("member_blocked", "the member is blocked", member_id=row.member_id)
            case NeedsPoints():
                return Declined("balance_too_low", "the balance does not cover it", member_id=row.member_id)
        limit = offers[0].limit
        if isinstance(limit, WholeBalance | WholeSteps) and offers[0].maximum < discount:
            return Declined("balance_too_low", "the balance does not cover it", member_id=row.member_id)
        return Declined("not_allowed", "the program does not allow this", member_id=row.member_id)

    def _seller_of(self, body: SaleBody) -> MemberRow | Declined:
        """Return the member a sale belongs to."""
        if (body.member_id is None) == (body.identified_by is None):
            return Declined("not_allowed", "a sale names its member in exactly one way")
        if body.member_id is not None:
            self._ledger.settle(body.member_id)
            found: list[MemberRow] | Stale = self._ledger.read_members("member_id", body.member_id)
        else:
            found = self.identify(body.identified_by or "", body.at)
        if isinstance(found, Stale):
            return too_old(found, self.shop)
        if len(found) > 1:
            return Declined("not_allowed", "several members answer to this; name one by its id")
        return found[0] if found else NO_SUCH_MEMBER

    def _earned(self, row: MemberRow, program: Program, body: SaleBody) -> Sold | Declined:
        """Return the sale with what it earns; the till's frozen figure stands if the rules explain it."""
        redeemed = bool(body.discount.minor or self.returns.captured(body.sale_id))
        amounts = Amounts(body.bill.minor, body.discount.minor, redeemed)
        account = self.records.account(row, body.at)
        told = as_told(self.shop, program, account, amounts, body.at)
        nothing = replace(told, earned=NO_POINTS)
        claimed = None if body.points is None else in_units(body.points, program.point_scale)
        if row.blocked_since is not None and row.blocked_since <= body.at.date():
            if claimed:
                return Declined("member_blocked", "the member was blocked then", member_id=row.member_id)
            return nothing
        if body.points is None:
            if redeemed:
                return told
            occasion = Occasion(self.shop.local(body.at), self.shop.store)
            bill = bill_of(Money(body.bill.minor, program.currency))
            answer = quote(program, member_of(row), account, bill, TakeNothing(), occasion)
            claimed = self._units(answer.earns)
        sold = None
        if claimed is not None:
            sold = as_claimed(self.shop, program, account, amounts, body.at, claimed)
        if sold is not None or claimed == 0:
            return sold or nothing
        return Declined("not_allowed", "no rule and no tier earns this on this sale")

    def _quote(self, row: MemberRow, bill: int, choice: Choice) -> Quote:
        now, program = self._ledger.clock.now(), self.shop.program
        local = self.shop.local(now)
        occasion = Occasion(local, self.shop.store, rewards_given=self.records.rewards_given(local.date()))
        account, total = self.records.account(row, now), bill_of(Money(bill, program.currency))
        return quote(program, member_of(row), account, total, choice, occasion)

    def _choice(self, body: QuoteBody) -> Choice | None:
        match body.choice.kind:
            case "maximum":
                return TakeMaximum()
            case "nothing":
                return TakeNothing()
            case "amount" if body.choice.amount is not None:
                return TakeAmount(Money(body.choice.amount.minor, self.shop.program.currency))
            case "reward" if body.choice.reward_id is not None:
                return TakeReward(body.choice.reward_id)
            case _:
                return None

    def _wrong_currency(self, *amounts: MoneyBody) -> Declined | None:
        code = self.shop.program.currency.code
        if all(amount.currency == code for amount in amounts):
            return None
        return Declined("not_allowed", f"this program counts in {code}")

    def _done(
        self, write: Write, member_id: str, reference: str, units: int, more: Document | None = None
    ) -> Done:
        row = self._ledger.read_members("member_id", member_id)[0]
        answer: Document = {
            "key": write.key,
            "sale_id": write.sale_id,
            "kind": write.kind,
            "reference": reference,
            "member_id": member_id,
            "points": self._points(units),
            "balance": self._points(row.balance),
            "version": str(row.version),
            "booked_at": stamp(self._ledger.clock.now()),
        }
        return Done(answer | (more or {}))

    def _units(self, points: Decimal) -> int:
        return to_units(points, self.shop.program.point_scale)

    def _points(self, units: int) -> str:
        return format(from_units(units, self.shop.program.point_scale), "f")


def too_old(stale: Stale, shop: Shop) -> Declined:
    """Return the answer to a rotating code that had run out."""
    more: Document = {"made_at": stamp(stale.made_at), "life_seconds": shop.code_life_seconds}
    return Declined("code_too_old", "this code has run out", status=410, more=more)


def _unbalanced(body: SaleBody | RefundBody) -> Declined | None:
    if body.bill.minor == body.discount.minor + body.paid.minor:
        return None
    return Declined("not_allowed", "the bill is not discount and payment together")
