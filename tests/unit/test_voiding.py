"""Whether a sale may still be undone: every rule at its edge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from cashier_app.domain.sale import ReturnReason, SaleState
from cashier_app.domain.voiding import VoidFacts, WhyNotVoid, why_not_void
from tests.fakes.effects import sale as a_sale

ZONE = ZoneInfo("Asia/Kolkata")
NOON = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
SALE = replace(a_sale(), number="2-0418", at=NOON, utc_offset=330)
FACTS = VoidFacts(
    sale=SALE,
    state=SaleState.COMMITTED,
    returned=(),
    till="2",
    now=NOON + timedelta(minutes=1),
    zone=ZONE,
    closed_until=None,
)


def test_a_sale_of_today_at_this_till_may_be_undone() -> None:
    assert why_not_void(FACTS) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"state": SaleState.DRAFT}, WhyNotVoid.NOT_COMMITTED),
        ({"state": SaleState.ABANDONED}, WhyNotVoid.NOT_COMMITTED),
        ({"state": SaleState.ACT}, WhyNotVoid.OTHER_TILL),
        ({"here_known": False, "nameable": False}, WhyNotVoid.OTHER_SYSTEM),
        ({"till": "3"}, WhyNotVoid.OTHER_TILL),
        ({"sale": replace(SALE, number="22-0418")}, WhyNotVoid.OTHER_TILL),
        ({"returned": (ReturnReason.RETURN,)}, WhyNotVoid.RETURNED),
        ({"returned": (ReturnReason.RETURN, ReturnReason.VOID)}, WhyNotVoid.RETURNED),
        ({"returned": (ReturnReason.VOID,)}, WhyNotVoid.UNDONE),
        ({"returned": (ReturnReason.MOVED, ReturnReason.MOVED)}, WhyNotVoid.UNDONE),
        ({"closed_until": NOON}, WhyNotVoid.DAY_CLOSED),
        ({"closed_until": NOON - timedelta(microseconds=1)}, None),
        ({"nameable": False}, WhyNotVoid.WHOSE),
    ],
)
def test_each_rule(changed: dict[str, object], why: WhyNotVoid | None) -> None:
    assert why_not_void(replace(FACTS, **changed)) is why


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (datetime(2026, 3, 2, 18, 29, 59, tzinfo=UTC), None),
        (datetime(2026, 3, 2, 18, 30, tzinfo=UTC), WhyNotVoid.OTHER_DAY),
        (datetime(2026, 3, 1, 18, 29, 59, tzinfo=UTC), WhyNotVoid.OTHER_DAY),
    ],
)
def test_the_business_day_ends_at_midnight_in_the_shop(now: datetime, why: WhyNotVoid | None) -> None:
    assert why_not_void(replace(FACTS, now=now)) is why
    old = replace(SALE, utc_offset=None)
    assert why_not_void(replace(FACTS, now=now, sale=old)) is why


def test_clocks_put_back_make_no_new_day() -> None:
    """At 23:30 in summer time, and half an hour later after the clocks went back by one hour."""
    madrid = ZoneInfo("Europe/Madrid")
    sale = replace(SALE, at=datetime(2026, 10, 24, 22, 30, tzinfo=UTC), utc_offset=120)
    facts = replace(FACTS, sale=sale, zone=madrid, now=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert why_not_void(facts) is None
