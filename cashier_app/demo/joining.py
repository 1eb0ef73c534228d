"""How people come into the demo ledger: new members, what they agreed to, records of one person."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import apsw
from msgspec import Struct

from cashier_app.demo.ledger import Declined, Document, Done, Ledger, Write, Written, stamp, undo_for
from cashier_app.demo.messages import EnrolBody, MergeBody, ReferralBody
from cashier_app.demo.shop import MemberRow, Shop
from cashier_app.domain.points import from_units, to_units
from cashier_app.domain.sale import short_name

NO_SUCH_MEMBER = Declined("no_such_member", "nobody is known by this", status=404)
NO_SUCH_REFERRAL = Declined("no_such_referral", "no member gives this code", status=404)


class Noted(Struct, frozen=True, forbid_unknown_fields=True):
    """What the books note of a member beside points.

    Args:
        consents: Versions of what they agreed to, in the order it came.
        referred_with: The code they came with, or empty.
        merges: Other records that are said to be theirs.
    """

    consents: tuple[str, ...] = ()
    referred_with: str = ""
    merges: tuple[str, ...] = ()


class Joining:
    """Takes people in. Each method runs inside a write of the ledger."""

    def __init__(self, ledger: Ledger, shop: Shop) -> None:
        self._ledger = ledger
        self._shop = shop

    def enrol(self, write: Write, body: EnrolBody) -> Written:
        """Take a new member in, or say who they are already."""
        return self._ledger.write_once(write, lambda: self.joined(write, body))

    def merge(self, write: Write, body: MergeBody) -> Written:
        """Note that two records are of one person; the operator decides."""
        return self._ledger.write_once(write, lambda: self._merge(write, body))

    def referral(self, body: ReferralBody) -> Document | Declined:
        """Say whose referral code this is, as far as a stranger may know."""
        found = self._ledger.rows(
            "SELECT referral, name FROM members WHERE referral = ? COLLATE NOCASE", (body.code,)
        )
        return {"code": found[0][0], "by": short_name(found[0][1])} if found else NO_SUCH_REFERRAL

    def noted(self, member_id: str) -> Noted:
        """Return what the books note of a member beside points."""
        rows = self._ledger.rows
        came = rows("SELECT referred_with FROM members WHERE member_id = ?", (member_id,))
        agreed = rows("SELECT version FROM consents WHERE member_id = ? ORDER BY at, key", (member_id,))
        others = rows(
            "SELECT other_member_id FROM merge_requests WHERE member_id = ? ORDER BY at, key", (member_id,)
        )
        return Noted(
            consents=tuple(version for (version,) in agreed),
            referred_with=came[0][0] if came else "",
            merges=tuple(other for (other,) in others),
        )

    def joined(self, write: Write, body: EnrolBody) -> Done:
        """Take a new member in, inside a transaction: a phone number that is somebody's makes nobody."""
        before = self._ledger.read_members("phone", body.phone)
        member_id = before[0].member_id if before else self._made(body)
        given = 0
        if not before:
            self._ledger.move(write.key, "opening", member_id, 0, at=body.at, sale_id=body.sale_id)
            given = self._paid_for_coming(write, body, member_id)
        if body.consent is not None:
            agreed = body.consent
            self._ledger.execute(
                "INSERT INTO consents (key, member_id, version, language, at, staff_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (write.key, member_id, agreed.version, agreed.language, stamp(agreed.at), agreed.staff_id),
            )
        row = self._ledger.read_members("member_id", member_id)[0]
        answer = self._answer(write, row, member_id, given)
        return Done(answer | ({"existing": True} if before else {}))

    def _paid_for_coming(self, write: Write, body: EnrolBody, member_id: str) -> int:
        """Give both their points where a friend sent the new member; return what the new one has of it."""
        units = to_units(Decimal(self._shop.referral_points), self._shop.program.point_scale)
        friends = self._ledger.rows(
            "SELECT member_id, blocked_since IS NULL FROM members WHERE referral = ? COLLATE NOCASE",
            (body.referral or "",),
        )
        if not units or not friends:
            return 0
        [(friend, earns)] = friends
        self._give(f"{write.key}-joined", member_id, units, body)
        if earns:
            self._ledger.settle(friend)
            self._give(f"{write.key}-friend", friend, units, body)
        return units

    def _give(self, key: str, member_id: str, units: int, body: EnrolBody) -> None:
        self._ledger.move(key, "referral", member_id, units, at=body.at, sale_id=body.sale_id)

    def _made(self, body: EnrolBody) -> str:
        member_id = f"mem-{uuid.uuid4().hex}"
        token = body.wallet_token.removeprefix("LC1:") if body.wallet_token else None
        try:
            self._ledger.execute(
                "INSERT INTO members (member_id, name, phone, number, token, email, birthday,"
                " agrees_to_marketing, referred_with) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (member_id, body.name, body.phone, body.member_number, token, body.email,
                 _day(body.birthday), int(body.agrees_to_marketing), body.referral or ""),
            )  # fmt: skip
        except apsw.ConstraintError as error:
            raise undo_for(error) from error
        return member_id

    def _merge(self, write: Write, body: MergeBody) -> Done | Declined:
        if body.member_id == body.other_member_id:
            return Declined("not_allowed", "these are one record already")
        for member_id in (body.member_id, body.other_member_id):
            if not self._ledger.read_members("member_id", member_id):
                return NO_SUCH_MEMBER
        self._ledger.execute(
            "INSERT INTO merge_requests (key, member_id, other_member_id, at) VALUES (?, ?, ?, ?)",
            (write.key, body.member_id, body.other_member_id, stamp(body.at)),
        )
        row = self._ledger.read_members("member_id", body.member_id)[0]
        return Done(self._answer(write, row, f"mg-{write.key}"))

    def _answer(self, write: Write, row: MemberRow, reference: str, units: int = 0) -> Document:
        scale = self._shop.program.point_scale
        return {
            "key": write.key,
            "sale_id": write.sale_id,
            "kind": write.kind,
            "reference": reference,
            "member_id": row.member_id,
            "points": format(from_units(units, scale), "f"),
            "balance": format(from_units(row.balance, scale), "f"),
            "version": str(row.version),
            "booked_at": stamp(self._ledger.clock.now()),
        }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
