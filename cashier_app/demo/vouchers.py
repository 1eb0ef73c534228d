"""The demo shop's vouchers: what a code gives on a bill, why it gives nothing, and its uses."""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.demo.ledger import Declined, Document, Ledger
from cashier_app.demo.messages import VoucherBody
from cashier_app.demo.shop import Shop
from cashier_app.documents.program_document import program_value, read_program_value
from cashier_app.domain.program import Program
from cashier_app.domain.program.rewards import Reward

NO_SUCH_VOUCHER = Declined("no_such_voucher", "no voucher has this code", status=404)
GONE = "voucher_gone"


class Voucher(Struct, frozen=True):
    """One voucher: what it gives, whose it is (empty: anybody's), its days and how often it may be used."""

    code: str
    reward: Reward
    member_id: str = ""
    first_day: date | None = None
    last_day: date | None = None
    uses: int = 1
    with_points: bool = True


class Vouchers:
    """Reads and uses the vouchers of a ledger."""

    def __init__(self, ledger: Ledger, shop: Shop) -> None:
        self._ledger = ledger
        self._shop = shop

    def add(self, voucher: Voucher) -> None:
        """Put a voucher into the books."""
        program = replace(self._shop.program, rewards=(voucher.reward,))
        rewards = program_value(program)["rewards"]
        assert isinstance(rewards, list)  # noqa: S101 - one was put there
        self._ledger.execute(
            "INSERT INTO vouchers (code, reward, member_id, first_day, last_day, uses, with_points)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (voucher.code, msgspec.json.encode(rewards[0]).decode(), voucher.member_id or None,
             voucher.first_day and voucher.first_day.isoformat(),
             voucher.last_day and voucher.last_day.isoformat(), voucher.uses, int(voucher.with_points)),
        )  # fmt: skip

    def check(self, body: VoucherBody) -> Document | Declined:
        """Say what a voucher gives on a bill, or why it gives nothing."""
        currency = self._shop.program.currency
        if body.bill.currency != currency.code:
            return Declined("not_allowed", f"this program counts in {currency.code}")
        voucher = self.read(body.code)
        today = self._shop.local(self._ledger.clock.now()).date()
        declined = self._not_good(voucher, body.member_id or "", today)
        if declined is not None or voucher is None:
            return declined or NO_SUCH_VOUCHER
        least = voucher.reward.minimum_bill
        if body.bill.minor < least:
            minimum = {"minor": int(least), "currency": currency.code}
            return Declined("voucher_bill_too_small", "the bill is too small", more={"minimum": minimum})
        answer: Document = {
            "code": voucher.code,
            "reward": self._reward_document(voucher.code),
            "with_points": voucher.with_points and self._shop.program.combining.points_with_rewards,
        }
        return answer | ({"until": voucher.last_day.isoformat()} if voucher.last_day else {})

    def use(self, code: str, sale_id: str, member_id: str, day: date) -> Declined | None:
        """Use a voucher up for a sale of this day; inside the sale's transaction."""
        voucher = self.read(code)
        declined = self._not_good(voucher, member_id, day)
        if declined is not None or voucher is None:
            why = declined or NO_SUCH_VOUCHER
            return Declined(GONE, why.detail)
        self._ledger.execute(
            "INSERT INTO voucher_uses (code, sale_id) VALUES (?, ?)", (voucher.code, sale_id)
        )
        return None

    def give_back(self, sale_id: str) -> None:
        """Let the voucher of a sale that never should have been be used again."""
        self._ledger.execute("DELETE FROM voucher_uses WHERE sale_id = ?", (sale_id,))

    def over(self, program: Program, code: str | None) -> Program:
        """Return the program with what a voucher gives among its rewards."""
        voucher = self.read(code) if code else None
        return program if voucher is None else replace(program, rewards=(*program.rewards, voucher.reward))

    def read(self, code: str) -> Voucher | None:
        """Return the voucher of a code, typed in capitals or not."""
        rows = self._ledger.rows(
            "SELECT code, member_id, first_day, last_day, uses, with_points FROM vouchers"
            " WHERE code = ? COLLATE NOCASE",
            (code,),
        )
        if not rows:
            return None
        found, member_id, first, last, uses, with_points = rows[0]
        value = program_value(replace(self._shop.program, rewards=()))
        program = read_program_value({**value, "rewards": [self._reward_document(found)]})
        return Voucher(
            code=found,
            reward=program.rewards[0],
            member_id=member_id or "",
            first_day=date.fromisoformat(first) if first else None,
            last_day=date.fromisoformat(last) if last else None,
            uses=uses,
            with_points=bool(with_points),
        )

    def _reward_document(self, code: str) -> Document:
        text = self._ledger.rows("SELECT reward FROM vouchers WHERE code = ?", (code,))[0][0]
        return msgspec.json.decode(text, type=dict[str, object])

    def _not_good(self, voucher: Voucher | None, member_id: str, day: date) -> Declined | None:
        if voucher is None:
            return NO_SUCH_VOUCHER
        used = self._ledger.rows("SELECT count(*) FROM voucher_uses WHERE code = ?", (voucher.code,))[0][0]
        if voucher.member_id and voucher.member_id != member_id:
            return Declined("voucher_of_other_member", "the voucher is another member's")
        if voucher.last_day is not None and voucher.last_day < day:
            last = voucher.last_day.isoformat()
            return Declined("voucher_expired", "the voucher has run out", more={"on": last})
        if voucher.first_day is not None and voucher.first_day > day:
            first = voucher.first_day.isoformat()
            return Declined("voucher_not_yet", "the voucher is not good yet", more={"on": first})
        if used >= voucher.uses:
            return Declined("voucher_used", "the voucher was used already")
        return None
