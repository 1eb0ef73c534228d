"""What Nector's books and balances say of a sale in doubt."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.backends.nector.noted import Noted
from cashier_app.backends.nector.values import (
    found_by_hash,
    found_by_likeness,
)
from cashier_app.backends.replies import Answered
from cashier_app.domain.member import Account
from cashier_app.domain.outcome import AlreadyApplied, NotApplied, Unknown
from cashier_app.domain.sale import EffectKind
from tests.unit.nector_samples import (
    AT,
    OTHER_SALE,
    SALE_ID,
    SetClock,
    effect,
)


def row(**more: object) -> dict[str, object]:
    made = {
        "_id": "w-1",
        "operation": "dr",
        "amount": 400,
        "title": "Redeemed",
        "description": "Order",
        "hash": "",
    }
    return made | {"created_at": AT.isoformat()} | more


def ledger(*rows: dict[str, object], more: bool = False) -> Answered:
    return Answered(200, {"data": {"items": list(rows), "cursor": {"has_next": more}}})


class TestLikeness:
    def judge(self, reply: Answered, others: Sequence[str] = ()) -> object:
        found = found_by_likeness(reply, effect(EffectKind.REDEEM), AT - timedelta(seconds=5), others)
        return type(found)

    @pytest.mark.parametrize("place", ["hash", "title", "description"])
    def test_a_row_that_names_the_sale_decides(self, place: str) -> None:
        named = row(**{place: f"Order {SALE_ID}" if place != "hash" else SALE_ID}, _id="w-2")
        assert self.judge(ledger(row(), named)) is AlreadyApplied

    def test_one_alike_is_taken_for_it(self) -> None:
        assert self.judge(ledger(row())) is AlreadyApplied

    @pytest.mark.parametrize(
        "rows",
        [
            (row(), row(_id="w-2")),
            (row(amount=300),),
            (row(amount=None),),
            (row(), row(_id="w-2", amount=100)),
            (row(created_at="yesterday"), row(_id="w-2")),
        ],
    )
    def test_what_is_open_stays_open(self, rows: Sequence[dict[str, object]]) -> None:
        assert self.judge(ledger(*rows)) is Unknown

    @pytest.mark.parametrize(
        "other",
        [
            row(created_at=(AT - timedelta(seconds=6)).isoformat()),
            row(operation="cr"),
            row(description=f"Order {OTHER_SALE}"),
            row(hash=f"{SALE_ID}-clawback-1"),
            row(hash=None, description="Till 2, sale 444455556666"),
        ],
    )
    def test_what_is_something_else_is_not_it(self, other: dict[str, object]) -> None:
        assert self.judge(ledger(other)) is NotApplied

    def test_a_row_of_another_sale_of_this_till(self) -> None:
        assert self.judge(ledger(row()), ["w-1"]) is NotApplied

    def test_a_page_full_of_late_rows_leaves_it_open(self) -> None:
        others = [row(_id=f"w-{count}", description=f"Order {OTHER_SALE}") for count in range(3)]
        assert self.judge(ledger(*others, more=True)) is Unknown
        assert self.judge(Answered(200, {"data": {"items": [{"amount": "many"}]}})) is Unknown


class TestHash:
    KEY = f"{SALE_ID}-sale-1"

    def judge(self, reply: Answered) -> object:
        return type(found_by_hash(reply, self.KEY, "cr", Decimal(21)))

    def test_rows(self) -> None:
        mine = row(hash=self.KEY, operation="cr", amount="21")
        assert self.judge(ledger(mine)) is AlreadyApplied
        assert self.judge(ledger()) is NotApplied
        assert self.judge(ledger(row(hash="another"), mine)) is AlreadyApplied
        assert self.judge(ledger(row(hash="another", operation="cr", amount=21))) is NotApplied
        assert self.judge(ledger(row(hash=None, operation="cr", amount=21))) is Unknown
        assert self.judge(ledger(row(hash=None, operation="cr", amount=22))) is NotApplied
        assert self.judge(ledger(mine | {"amount": 22})) is Unknown
        assert self.judge(ledger(mine | {"operation": "dr"})) is Unknown
        assert self.judge(ledger(row(hash="another"), more=True)) is Unknown


class TestBalances:
    def noted(self) -> tuple[Noted, SetClock]:
        clock = SetClock()
        return Noted(clock), clock

    @pytest.mark.parametrize(
        ("now", "judged"), [(600, AlreadyApplied), (1000, NotApplied), (900, Unknown), (None, Unknown)]
    )
    def test_a_balance_from_just_before_tells(self, now: int | None, judged: type) -> None:
        noted, _ = self.noted()
        noted.before(effect(EffectKind.REDEEM), Decimal(1000))
        balance = None if now is None else Decimal(now)
        assert isinstance(noted.judged(effect(EffectKind.REDEEM), balance, Decimal(-400)), judged)

    def test_a_balance_told_after_the_cashier_acted_tells_nothing(self) -> None:
        """After a restart the member is met again: the balance may have the effect in it already."""
        noted, _ = self.noted()
        noted.account("mobile-x", Account(Decimal(600), AT + timedelta(seconds=1)))
        judged = noted.judged(effect(EffectKind.REDEEM), Decimal(600), Decimal(-400))
        assert isinstance(judged, Unknown)

    def test_what_another_run_asked_for_is_not_judged_by_a_balance(self) -> None:
        """Whatever the clock says: only a balance noted with the effect itself tells of one in doubt."""
        noted, _ = self.noted()
        noted.account("mobile-x", Account(Decimal(600), AT))
        redeem = effect(EffectKind.REDEEM)
        assert isinstance(noted.judged(redeem, Decimal(600), Decimal(-400)), NotApplied)
        in_doubt = replace(redeem, in_doubt_since=AT)
        assert isinstance(noted.judged(in_doubt, Decimal(600), Decimal(-400)), Unknown)

    def test_an_old_balance_tells_nothing(self) -> None:
        noted, clock = self.noted()
        noted.before(effect(EffectKind.REDEEM), Decimal(1000))
        clock.seconds = 601
        judged = noted.judged(effect(EffectKind.REDEEM), Decimal(1000), Decimal(-400))
        assert isinstance(judged, Unknown)

    def test_little_is_remembered(self) -> None:
        noted, _ = self.noted()
        for count in range(600):
            noted.account(f"mobile-{count}", Account(Decimal(1), AT))
        assert noted.last_account("mobile-0") is None
        assert noted.last_account("mobile-599") is not None
