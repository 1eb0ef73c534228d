"""What a merchant's backend does with points: hold, take, give back, earn, undo. Rules from the domain."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

import apsw
from msgspec.structs import replace

from cashier_app.demo.codes import Names, Nothing, Stale, read_code
from cashier_app.demo.joining import NO_SUCH_MEMBER
from cashier_app.demo.ledger import Declined, Document, Done, Ledger, Write, Written, stamp, undo_for
from cashier_app.demo.messages import (
    AdjustBody,
    MoneyBody,
    QuoteBody,
    RefundBody,
    ReserveBody,
    SaleBody,
    SettleBody,
    in_units,
)
from cashier_app.demo.offering import Offering
from cashier_app.demo.records import Records
from cashier_app.demo.returns import Returns, differs
from cashier_app.demo.shop import MemberRow, Shop, member_of
from cashier_app.demo.sold import Amounts, as_claimed, as_told, frozen, rules_had, unclaimed
from cashier_app.demo.vouchers import Vouchers
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import (
    TakeNothing,
)
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.points import NO_POINTS, from_units, to_units
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.refund import Sold


class Bookings:
    """The writes of the contract, each in one transaction, each at most once for its key."""

    def __init__(self, ledger: Ledger, shop: Shop) -> None:
        self._ledger = ledger
        self.shop = shop
        self.records = Records(ledger, shop)
        self.returns = Returns(ledger, shop)
        self.vouchers = Vouchers(ledger, shop)
        self._offering = Offering(ledger, shop, self.records, self.vouchers)
        ledger.publish(shop.program)

    def quote(self, body: QuoteBody) -> Quote | Declined:
        """Say what may be redeemed: the till's own function with the ledger's account."""
        row = self._ledger.member(body.member_id)
        if row is None:
            return NO_SUCH_MEMBER
        choice = self._offering.choice(body)
        if choice is None:
            return Declined("not_allowed", "the choice lacks its amount or its reward")
        amounts = [body.bill] if body.choice.amount is None else [body.bill, body.choice.amount]
        declined = self._wrong_currency(*amounts)
        return declined or self._offering.quote(row, body.bill.minor, choice)

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
        declined = self._wrong_currency(body.bill, body.discount) or self._offering.refusal_of(
            rows[0], body, units
        )
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
        return self.done(write, body.member_id, reservation_id, -units, {"expires_at": stamp(expires_at)})

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
        return self.done(write, member_id, reservation_id, moved)

    def _sale(self, write: Write, body: SaleBody) -> Done | Declined:
        if body.member_id is None and body.identified_by is None:
            return self._anonymous(write, body)
        row = self.whose(body.member_id, body.identified_by, body.at)
        if isinstance(row, Declined):
            return row
        program = self._ledger.published(body.program_version) or self.shop.program
        declined = self._wrong_currency(body.bill, body.discount, body.paid) or _unbalanced(body)
        booked = declined or self.earned(row, program, body)
        if isinstance(booked, Declined):
            return booked
        earned = self._units(booked.earned)
        declined = self._keep(write, body, program, booked, row.member_id)
        if declined is not None:
            return declined
        for name in rules_had(program, self.records.account(row, body.at), booked):
            self._ledger.execute("INSERT INTO rule_uses (sale_key, name) VALUES (?, ?)", (write.key, name))
        self._ledger.move(
            write.key, "sale", row.member_id, earned, at=body.at, sale_id=body.sale_id, spend=body.paid.minor
        )
        self.note_visit(row.member_id, body.at)
        return self.done(write, row.member_id, f"bk-{body.sale_id}", earned)

    def _anonymous(self, write: Write, body: SaleBody) -> Done | Declined:
        """Book a sale nobody earns from, until it is linked."""
        declined = self._wrong_currency(body.bill, body.discount, body.paid) or _unbalanced(body)
        if declined is not None:
            return declined
        if body.points is not None and in_units(body.points, self.shop.program.point_scale) != 0:
            return Declined("not_allowed", "a sale without a member earns nothing")
        if self.returns.captured(body.sale_id):
            return Declined("not_allowed", "points of a member were used on this sale")
        program = self._ledger.published(body.program_version) or self.shop.program
        amounts = Amounts(body.bill.minor, body.discount.minor, bool(body.discount.minor))
        declined = self._keep(write, body, program, unclaimed(self.shop, program, amounts, body.at), None)
        if declined is not None:
            return declined
        return Done(self._answer(write, f"bk-{body.sale_id}", 0))

    def _keep(
        self, write: Write, body: SaleBody, program: Program, sold: Sold, member_id: str | None
    ) -> Declined | None:
        """Write a sale down, and use its voucher up; or return why not."""
        local = self.shop.local(body.at).date()
        if body.voucher:
            declined = self.vouchers.use(body.voucher, body.sale_id, member_id or "", local)
            if declined is not None:
                return declined
        try:
            self._ledger.execute(
                "INSERT INTO sales (key, sale_id, member_id, bill, discount, paid, tier, program_version,"
                " earned, points_used, reward_id, voucher, at, day, frozen)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (write.key, body.sale_id, member_id, body.bill.minor, body.discount.minor,
                 body.paid.minor, sold.now.tier, program.version, self._units(sold.earned),
                 self.returns.captured(body.sale_id), body.reward_id or "", body.voucher or "",
                 stamp(body.at), local.isoformat(), frozen(sold)),
            )  # fmt: skip
        except apsw.ConstraintError as error:
            raise undo_for(error) from error
        return None

    def note_visit(self, member_id: str, at: datetime) -> None:
        """Note that a member bought something at a time."""
        day = at.date().isoformat()
        self._ledger.execute(
            "UPDATE members SET last_visit = ? WHERE member_id = ? AND coalesce(last_visit, '') < ?",
            (day, member_id, day),
        )

    def _refund(self, write: Write, body: RefundBody) -> Done | Declined:
        declined = self._wrong_currency(body.bill, body.discount, body.paid) or _unbalanced(body)
        if declined is not None:
            return declined
        found = self._ledger.rows(
            "SELECT sale_id, bill, member_id, refunded_bill, refunded_discount, taken_back, given_back"
            " FROM sales WHERE key = ?",
            (body.original_key,),
        )
        if not found or body.member_id not in {None, found[0][2]}:
            return Declined("unknown_sale", "no sale of this member was booked under this key")
        sale_id, sold, *_ = found[0]
        member_id, *before = found[0][2:]
        self._ledger.settle(member_id or "")
        plan = self.returns.plan(body.original_key, body.bill.minor, body.discount.minor)
        declined = differs(plan)
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
                "INSERT INTO returns (key, sale_key, bill, discount, reason) VALUES (?, ?, ?, ?, ?)",
                (write.key, body.original_key, body.bill.minor, body.discount.minor, body.reason),
            )
        except apsw.ConstraintError as error:
            raise undo_for(error) from error
        if body.reason != "return" and before[0] + body.bill.minor == sold:
            self.vouchers.give_back(sale_id)
        if member_id is None:
            return Done(self._answer(write, f"rf-{write.key}", 0) | self._parts(0, 0))
        self._ledger.move(
            write.key, "refund", member_id, returned - back,
            at=body.at, sale_id=body.sale_id, spend=-body.paid.minor,
        )  # fmt: skip
        parts = self._parts(back, returned)
        return self.done(write, member_id, f"rf-{write.key}", returned - back, parts)

    def _adjust(self, write: Write, body: AdjustBody) -> Done | Declined:
        self._ledger.settle(body.member_id)
        if not self._ledger.read_members("member_id", body.member_id):
            return NO_SUCH_MEMBER
        units = in_units(body.points, self.shop.program.point_scale)
        if not units:
            return Declined("not_allowed", "a correction moves points, with no more decimals than they have")
        self._ledger.move(write.key, "adjust", body.member_id, units, at=body.at, sale_id=body.sale_id)
        self._ledger.change_lapse(body.member_id, min(units, 0))
        return self.done(write, body.member_id, f"ad-{body.sale_id}", units)

    def whose(self, member_id: str | None, identified_by: str | None, at: datetime) -> MemberRow | Declined:
        """Return the member somebody is named by in exactly one way, at this moment."""
        if (member_id is None) == (identified_by is None):
            return Declined("not_allowed", "name the member in exactly one way")
        if member_id is not None:
            self._ledger.settle(member_id)
            found: list[MemberRow] | Stale = self._ledger.read_members("member_id", member_id)
        else:
            found = self.identify(identified_by or "", at)
        if isinstance(found, Stale):
            return too_old(found, self.shop)
        if len(found) > 1:
            return Declined("not_allowed", "several members answer to this; name one by its id")
        return found[0] if found else NO_SUCH_MEMBER

    def earned(self, row: MemberRow, program: Program, body: SaleBody) -> Sold | Declined:
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

    def _wrong_currency(self, *amounts: MoneyBody) -> Declined | None:
        code = self.shop.program.currency.code
        if all(amount.currency == code for amount in amounts):
            return None
        return Declined("not_allowed", f"this program counts in {code}")

    def done(
        self, write: Write, member_id: str, reference: str, units: int, more: Document | None = None
    ) -> Done:
        """Return the answer to a write that moved this many units of a member's points."""
        row = self._ledger.read_members("member_id", member_id)[0]
        stands: Document = {
            "member_id": member_id,
            "balance": self._points(row.balance),
            "version": str(row.version),
        }
        return Done(self._answer(write, reference, units) | stands | (more or {}))

    def _answer(self, write: Write, reference: str, units: int) -> Document:
        return {
            "key": write.key,
            "sale_id": write.sale_id,
            "kind": write.kind,
            "reference": reference,
            "points": self._points(units),
            "booked_at": stamp(self._ledger.clock.now()),
        }

    def _parts(self, back: int, returned: int) -> Document:
        return {"taken_back": self._points(back), "given_back": self._points(returned)}

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
