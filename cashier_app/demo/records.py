"""What the ledger knows of a member, as the domain's rules want it: an account with its past."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cashier_app.demo.ledger import Ledger
from cashier_app.demo.shop import MemberRow, Shop
from cashier_app.domain.member import Account, Lapse, RewardUse, Usage, Used, Visit
from cashier_app.domain.money import Money
from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.domain.points import from_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.tiers import Spend

_EVER = date.min

SET_BACK = "set-back-"
"""How the keys of movements begin that make a member what they were: no sale before them counts any more."""


class Records:
    """Reads accounts, their history and their usage out of the ledger."""

    def __init__(self, ledger: Ledger, shop: Shop) -> None:
        self._ledger = ledger
        self._shop = shop

    def account(self, row: MemberRow, at: datetime) -> Account:
        """Return a member's account at a time, with all that tiers and limits count."""
        program, today = self._shop.program, self._shop.local(at).date()
        scale = program.point_scale
        lapses = None
        if row.lapse_units > 0 and row.lapse_on is not None:
            lapses = Lapse(from_units(row.lapse_units, scale), row.lapse_on)
        return Account(
            balance=from_units(row.balance, scale),
            as_of=at,
            lapses=lapses,
            store_credit=None if row.store_credit is None else Money(row.store_credit, program.currency),
            version=str(row.version),
            usage=self.usage(row.member_id, today),
            reward_uses=self._reward_uses(row.member_id, today),
            rule_uses=self._rule_uses(row.member_id, today),
            history=self._history(row.member_id, program),
            offers=self._offers(row.member_id, today),
        )

    def usage(self, member_id: str, today: date) -> Usage:
        """Return what a member redeemed and earned up to a day, what was returned left out."""
        return Usage(
            day=self._used(member_id, today, today),
            week=self._used(member_id, today - timedelta(days=today.weekday()), today),
            month=self._used(member_id, today.replace(day=1), today),
            year=self._used(member_id, today.replace(month=1, day=1), today),
            ever=self._used(member_id, _EVER, today),
        )

    def rewards_given(self, today: date) -> dict[str, int]:
        """Return how many of each reward the shop gave on a day."""
        found = self._ledger.rows(
            "SELECT reward_id, count(*) FROM sales WHERE reward_id <> '' AND day = ? GROUP BY reward_id",
            (today.isoformat(),),
        )
        return dict(found)

    def _used(self, member_id: str, first: date, last: date) -> Used:
        scale = self._shop.program.point_scale
        points, discount, uses, earned = self._ledger.rows(
            "SELECT coalesce(sum(points_used - given_back), 0),"
            " coalesce(sum(discount - refunded_discount), 0),"
            " coalesce(sum((points_used > 0 OR discount > 0) AND refunded_bill < bill), 0),"
            " coalesce(sum(earned - taken_back), 0)"
            " FROM sales WHERE member_id = ? AND day BETWEEN ? AND ? AND at >= ?",
            (member_id, first.isoformat(), last.isoformat(), self._since(member_id)),
        )[0]
        return Used(from_units(points, scale), discount, uses, from_units(earned, scale))

    def _offers(self, member_id: str, today: date) -> tuple[PersonalOffer, ...]:
        """Return what there is for this member in particular: not over, and its voucher not used up."""
        found = self._ledger.rows(
            "SELECT o.kind, o.title, o.last_day, coalesce(o.voucher, '') FROM personal_offers AS o"
            " LEFT JOIN vouchers AS v ON v.code = o.voucher"
            " WHERE o.member_id = ? AND coalesce(o.last_day, '9999') >= ? AND (v.code IS NULL OR v.uses >"
            " (SELECT count(*) FROM voucher_uses AS u WHERE u.code = v.code)) ORDER BY o.rowid LIMIT 20",
            (member_id, today.isoformat()),
        )
        return tuple(
            PersonalOffer(
                OfferKind(kind.replace("_", " ")), title, date.fromisoformat(last) if last else None, voucher
            )
            for kind, title, last, voucher in found
        )

    def _reward_uses(self, member_id: str, today: date) -> dict[str, RewardUse]:
        found = self._ledger.rows(
            "SELECT reward_id, sum(day = ?), count(*) FROM sales WHERE member_id = ? AND reward_id <> ''"
            " AND at >= ? GROUP BY reward_id",
            (today.isoformat(), member_id, self._since(member_id)),
        )
        return {reward_id: RewardUse(of_today, ever) for reward_id, of_today, ever in found}

    def _rule_uses(self, member_id: str, today: date) -> dict[str, RewardUse]:
        found = self._ledger.rows(
            "SELECT name, sum(day = ?), count(*) FROM rule_uses JOIN sales ON sales.key = sale_key"
            " WHERE member_id = ? AND at >= ? GROUP BY name",
            (today.isoformat(), member_id, self._since(member_id)),
        )
        return {name: RewardUse(of_today, ever) for name, of_today, ever in found}

    def _history(self, member_id: str, program: Program) -> tuple[Visit, ...]:
        """Return earlier sales, what was returned left out; what a member brought along is one of them."""
        spend = "bill - refunded_bill"
        if program.tiers.spend is Spend.PAID:
            spend = "paid - (refunded_bill - refunded_discount)"
        found = self._ledger.rows(
            "SELECT substr(at, 1, 10), spend, units FROM movements"  # noqa: S608 - one of two expressions
            " WHERE member_id = ?1 AND kind = 'opening' AND (spend > 0 OR units > 0) UNION ALL"
            f" SELECT day, {spend}, earned - taken_back FROM sales"
            " WHERE member_id = ?1 AND (refunded_bill < bill OR bill = 0) AND at >= ?2",
            (member_id, self._since(member_id)),
        )
        scale = program.point_scale
        return tuple(
            Visit(date.fromisoformat(day), spent, from_units(units, scale)) for day, spent, units in found
        )

    def _since(self, member_id: str) -> str:
        """Return from when on a member's sales count; empty for always."""
        found = self._ledger.rows(
            "SELECT max(at) FROM movements WHERE member_id = ? AND substr(key, 1, ?) = ?",
            (member_id, len(SET_BACK), SET_BACK),
        )
        return found[0][0] or ""
