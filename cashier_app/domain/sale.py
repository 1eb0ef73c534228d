"""A sale and the effects it has on the loyalty backend."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.bill import Bill, Line
from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.returned import ReturnedLine


class EffectKind(StrEnum):
    """What an effect does at the backend.

    `RESERVE` holds points, `CAPTURE` takes what is held, `RELEASE` lets it go. `REDEEM` takes points that
    nothing holds. `SALE` tells the sale, and with it what was earned. `REFUND` tells of goods that came back,
    and the backend works out the points; where the till must, `CLAW_BACK` takes earned points back and
    `RESTORE` gives used points back. `ENROL` makes a customer a member, `LINK` gives a sale told without a
    member to one, `MERGE` asks that two records of one person be joined.
    """

    RESERVE = "reserve"
    CAPTURE = "capture"
    RELEASE = "release"
    REDEEM = "redeem"
    SALE = "sale"
    REFUND = "refund"
    CLAW_BACK = "clawback"
    RESTORE = "restore"
    ENROL = "enrol"
    LINK = "link"
    MERGE = "merge"


TAKES_POINTS = frozenset({EffectKind.CAPTURE, EffectKind.REDEEM})
"""What takes points for a discount."""

OF_SALES = TAKES_POINTS | {EffectKind.RELEASE, EffectKind.SALE}
"""What a backend may be told of a committed sale, holds made for it offline left out."""

OF_RETURNS = frozenset({EffectKind.REFUND, EffectKind.CLAW_BACK, EffectKind.RESTORE})
"""What goods that come back lead to."""

OF_MEMBERS = frozenset({EffectKind.ENROL, EffectKind.LINK, EffectKind.MERGE})
"""What is done about members around their sales."""


class ReturnReason(StrEnum):
    """Why a sale, or a part of it, is undone: goods came back, it should not have been, or was another's."""

    RETURN = "return"
    VOID = "void"
    MOVED = "moved"


class EffectState(StrEnum):
    """Where an effect stands. States move forward only; see `FORWARD`.

    `DROPPED` is for holds and releases that turned out to have nothing to do, for what a manager settled by
    hand as not booked, and for points used offline that the backend then refused, with a discrepancy written.
    Nothing else drops a sale or a use of points.
    """

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"
    POSTED = "posted"
    NEEDS_ATTENTION = "needs attention"
    DROPPED = "dropped"


FORWARD: dict[EffectState, frozenset[EffectState]] = {
    EffectState.WAITING: frozenset(
        {
            EffectState.SENDING,
            EffectState.NEEDS_ATTENTION,  # it cannot be sent, or has waited too long
            EffectState.DROPPED,
        }
    ),
    EffectState.SENDING: frozenset(
        {
            EffectState.WAITING,  # certainly not applied, to be sent again
            EffectState.UNKNOWN,
            EffectState.POSTED,
            EffectState.NEEDS_ATTENTION,
            EffectState.DROPPED,
        }
    ),
    EffectState.UNKNOWN: frozenset(
        {
            EffectState.SENDING,
            EffectState.POSTED,
            EffectState.NEEDS_ATTENTION,
            EffectState.DROPPED,
        }
    ),
    EffectState.NEEDS_ATTENTION: frozenset(
        {
            EffectState.SENDING,
            EffectState.POSTED,
            EffectState.DROPPED,  # by hand, or a return asked for first that was refused
        }
    ),
    EffectState.POSTED: frozenset(),
    EffectState.DROPPED: frozenset(),
}
"""Which state may follow which; `SENDING` to `WAITING` is the one step back, and only when it is certain."""


UNDOES_A_SALE = frozenset({ReturnReason.VOID, ReturnReason.MOVED})
"""Why a sale as such is undone; goods that come back are no reason to say that it never was."""


class SaleState(StrEnum):
    """A draft exists from the moment points are held; only a committed sale is a sale.

    An act is what effects hang on that belong to no sale of this till: a member made, a sale of another till.
    """

    DRAFT = "draft"
    COMMITTED = "committed"
    ABANDONED = "abandoned"
    ACT = "act"


class Effect(Struct, frozen=True):
    """One thing to happen at the backend, exactly once.

    Args:
        key: ``<sale id>-<kind>-<n>``: made once, sent with every attempt, never remade.
        sale_id: UUIDv7 of the sale it belongs to.
        member_id: Whose account it moves; empty when the member was identified while offline.
        identified_by: What was scanned or typed, when `member_id` is empty: ``wallet:…``, ``phone:…`` or
            ``number:…``. Kept only until the effect is posted.
        points: Points to hold, take or expect to earn.
        bill: The bill before any discount.
        discount: What was taken off the bill for the points.
        paid: What the customer paid.
        reservation: The backend's reference of the reservation, for capture and release.
        reward_id: The catalogue reward used, or empty.
        rule_id: The redemption rule points were used by, or empty.
        program_version: The rules the quote followed.
        at: When the cashier acted, UTC.
        original_key: The effect that is undone, for what goods that come back lead to.
        original_reference: The backend's own reference of that effect, known once that is posted.
        in_doubt_since: When it is looked up: when the first attempt began that may have taken hold, UTC; None
            for at the earliest `at`.
        others: With that, the backend's references of other effects lately: none of them is this one.
        staff_id: Who acted; empty where nobody signs in.
        utc_offset: Minutes the shop's clock was ahead of UTC then: what makes a business day; None for what
            was made before it was kept.
        reason: Of a return.
        voucher: The code of the voucher or coupon used, or empty.
        new_member: Whom `ENROL` makes a member. Kept only until the effect is posted.
        other_member_id: With `MERGE`: the record that is to go into `member_id`.
        lines: Of a return: which lines of the bill came back; empty where only an amount is known.
        offline: Points were used while the backend could not be asked: nothing was held for them.
        approved_by: Who confirmed that: with their staff id by PIN, or as typed where nobody signs in.
        approved_because: Why, from the choice there was; empty where there was none.
        approved_over: The limit that was lifted, minor units; None for none.
        taken_back: Of a return whose points the backend works out: the earned points the till reckons it
            takes back, and with `restored` the used points it gives.
        claimed: Of a `SALE`: it was nobody's until a member claimed it, at this till or at another.
        tier: With that, and of a `LINK`: name of the tier its points were reckoned by; empty for none.
        left_out: With that, too: points it would have earned besides, for goods that came back before.
        asked_first: Of a return: the backend books it before any money is given. It counts from then on.
    """

    key: str
    kind: EffectKind
    sale_id: str
    member_id: str
    points: Decimal
    bill: Money
    discount: Money
    paid: Money
    at: datetime
    program_version: str
    reservation: str = ""
    reward_id: str = ""
    original_key: str = ""
    identified_by: str = ""
    offline: bool = False
    approved_by: str = ""
    approved_because: str = ""
    approved_over: int | None = None
    rule_id: str = ""
    original_reference: str = ""
    in_doubt_since: datetime | None = None
    others: tuple[str, ...] = ()
    staff_id: str = ""
    utc_offset: int | None = None
    taken_back: Decimal = NO_POINTS
    restored: Decimal = NO_POINTS
    reason: ReturnReason = ReturnReason.RETURN
    voucher: str = ""
    new_member: NewMember | None = None
    other_member_id: str = ""
    lines: tuple[ReturnedLine, ...] = ()
    claimed: bool = False
    tier: str = ""
    left_out: Decimal = NO_POINTS
    asked_first: bool = False

    @property
    def is_hold(self) -> bool:
        """Say whether this holds points for a customer who is still to pay: never asked for a second time."""
        return self.kind is EffectKind.RESERVE and not self.offline

    @property
    def account_key(self) -> str:
        """Return what orders this effect: effects of one account are sent strictly one after the other.

        What names nobody, and what links a sale to a known member, follows its own sale and nothing else.
        """
        if self.kind is EffectKind.LINK and self.member_id:
            return f"sale {self.sale_id}"
        return self.member_id or self.identified_by or f"sale {self.sale_id}"


class SoldLine(Struct, frozen=True):
    """One line of a bill as it was sold.

    Args:
        label: What the bill calls it, plain text; empty where it does not say.
        line: Quantity, minor units and what rules look at; see `domain.bill.Line`.
        taken: Minor units points and rewards took off it.
    """

    label: str
    line: Line
    taken: int = 0


class Sale(Struct, frozen=True):
    """A finished sale as the till recorded it.

    Args:
        sale_id: UUIDv7; also the reference the backend echoes.
        number: What people read, such as ``2-0418``: till and a count without gaps.
        member_id: Empty for a sale without a member.
        display_name: First name and initial, for lists.
        at: When it was committed, UTC.
        staff_id: Who rang it up; empty where nobody signs in.
        tier: Name of the member's tier then; empty where there is none.
        took_tenths: Tenths of a second from the scan, or the first key, to the commit, by a clock that never
            jumps; None where that is not known.
        offline: The backend could not be asked when it was committed.
        utc_offset: Minutes the shop's clock was ahead of UTC: what makes a business day; None for sales made
            before it was kept.
        claim_until: End of the time in which a sale without a member may be claimed by one, UTC; None where
            it cannot be.
        moved_from: The sale this one was rung up anew for, because it was another member's.
        voucher: The code of the voucher or coupon used, or empty.
        lines: Of the bill, in its order, adding up to `bill` and what was taken off them to `discount`; empty
            where only the total is known.
    """

    sale_id: str
    number: str
    member_id: str
    display_name: str
    way: Way | None
    bill: Money
    discount: Money
    paid: Money
    points_used: Decimal
    points_expected: Decimal
    at: datetime
    program_version: str
    staff_id: str = ""
    tier: str = ""
    took_tenths: int | None = None
    offline: bool = False
    utc_offset: int | None = None
    claim_until: datetime | None = None
    moved_from: str = ""
    voucher: str = ""
    lines: tuple[SoldLine, ...] = ()

    @property
    def itemised(self) -> Bill:
        """Return the bill with the lines that are known, as rules look at it."""
        lines = tuple(sold.line for sold in self.lines)
        return Bill(self.bill, sum(line.tax for line in lines), lines)


class SaleReturn(Struct, frozen=True):
    """Goods of one sale that came back, and what follows from it.

    Args:
        count: The how many-th return of this sale, from 1.
        whole: Everything came back at once.
        bill: What the goods cost on the bill: `discount` and `paid` together.
        discount: The part of it that points or a reward had paid.
        paid: What the customer gets back in money.
        taken_back: Earned points to take back.
        restored: Used points to give back.
        at: When the goods came back, UTC.
        effects: What the sale had the backend do, in order.
        staff_id: Who took the goods back; empty where nobody signs in.
        utc_offset: Minutes the shop's clock was ahead of UTC then.
        reason: Why it is undone.
        lines: Which lines of the bill came back; empty where only an amount is known.
    """

    sale: Sale
    count: int
    whole: bool
    bill: Money
    discount: Money
    paid: Money
    taken_back: Decimal
    restored: Decimal
    at: datetime
    effects: tuple[Effect, ...]
    staff_id: str = ""
    utc_offset: int | None = None
    reason: ReturnReason = ReturnReason.RETURN
    lines: tuple[ReturnedLine, ...] = ()

    def effect(self, kind: EffectKind, points: Decimal, original: EffectKind) -> Effect:
        """Return an effect of this return that undoes, in part or whole, the sale's effect of a kind."""
        done = next((one for one in self.effects if one.kind is original), None)
        return Effect(
            key=effect_key(self.sale.sale_id, kind, self.count),
            kind=kind,
            sale_id=self.sale.sale_id,
            member_id=self.sale.member_id,
            points=points,
            bill=self.bill,
            discount=self.discount,
            paid=self.paid,
            at=self.at,
            program_version=self.sale.program_version,
            reward_id=done.reward_id if done else "",
            rule_id=done.rule_id if done else "",
            original_key=done.key if done else effect_key(self.sale.sale_id, original),
            staff_id=self.staff_id,
            utc_offset=self.utc_offset,
            reason=self.reason,
            lines=self.lines,
        )


def effect_key(sale_id: str, kind: EffectKind, count: int = 1) -> str:
    """Return the idempotency key of a sale's n-th effect of this kind."""
    return f"{sale_id}-{kind.value}-{count}"


def short_name(name: str) -> str:
    """Return first name and initial, such as ``Priya R.``: enough to know a sale by, no more."""
    words = name.split()
    if len(words) < 2:
        return words[0][:24] if words else ""
    return f"{words[0][:24]} {words[-1][0]}."
