"""Sales of nobody's, over the reference server: linked once, returned, and two records of one person."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.demo.joining import Joining
from cashier_app.demo.server import DemoServer
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import AlreadyApplied, Applied, NotApplied, Refused, RefusedBecause
from cashier_app.domain.sale import EffectKind
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.contract.around_the_sale import Connect, balance, link, nobodys, whole_return
from tests.contract.support import RUPEE, SaleMaker, booked, movements


def test_a_sale_of_nobodys_earns_once_it_is_linked(
    server: DemoServer, backend: LoyaltyBackend, sale: SaleMaker
) -> None:
    before = balance(backend, "mem-ravi")
    assert backend.reconcile(nobodys(sale)) == NotApplied()
    told = booked(backend.apply(nobodys(sale)))
    assert (told.points, told.balance) == (Decimal(0), None)
    assert isinstance(backend.reconcile(nobodys(sale)), AlreadyApplied)
    assert movements(server, sale) == []
    assert backend.reconcile(link(sale)) == NotApplied()
    linked = booked(backend.link(link(sale)))
    assert (linked.points, linked.balance) == (Decimal(23), before + 23)
    assert isinstance(backend.link(link(sale)), AlreadyApplied)
    assert isinstance(backend.reconcile(link(sale)), AlreadyApplied)
    assert balance(backend, "mem-ravi") == before + 23
    assert [(kind, units) for kind, units, _ in movements(server, sale)] == [("link", 23)]


@pytest.mark.parametrize("claimed_by", ["mem-ravi", "mem-priya"])
def test_a_sale_is_linked_to_one_member_only(
    backend: LoyaltyBackend, sale: SaleMaker, claimed_by: str
) -> None:
    booked(backend.apply(nobodys(sale)))
    booked(backend.link(link(sale)))
    before = balance(backend, claimed_by)
    other = backend.link(link(sale, key=f"{sale.sale_id}-link-2", member_id=claimed_by))
    assert isinstance(other, Refused)
    assert other.because is RefusedBecause.ALREADY_LINKED
    assert balance(backend, claimed_by) == before


def test_two_tills_that_link_at_once(server: DemoServer, connect: Connect, sale: SaleMaker) -> None:
    tills = [connect(server.base_url, server.token) for _ in range(4)]
    booked(tills[0].apply(nobodys(sale)))
    begin, outcomes = threading.Barrier(4), []

    def claim(till: LoyaltyBackend, count: int) -> None:
        begin.wait()
        outcomes.append(till.link(link(sale, key=f"{sale.sale_id}-link-{count}")))

    threads = [threading.Thread(target=claim, args=(till, count)) for count, till in enumerate(tills, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in outcomes) == ["Applied", "Refused", "Refused", "Refused"]
    assert [units for _, units, _ in movements(server, sale)] == [23]


def test_a_sale_nobody_told_is_not_linked(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    answer = backend.link(link(sale))
    assert isinstance(answer, Refused)
    assert answer.because is RefusedBecause.UNKNOWN_SALE
    booked(backend.apply(sale.plain_sale()))
    answer = backend.link(link(sale))
    assert isinstance(answer, Refused)
    assert answer.because is RefusedBecause.ALREADY_LINKED


def test_a_member_only_met_by_phone_is_linked(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    booked(backend.apply(nobodys(sale)))
    before = balance(backend, "mem-ravi")
    unseen = link(sale, member_id="", identified_by="phone:+919845034172")
    assert booked(backend.link(unseen)).balance == before + 23
    nobody = SaleMaker(sale.at)
    booked(backend.apply(nobodys(nobody)))
    assert isinstance(backend.link(link(nobody, member_id="mem-nobody")), Refused)


def test_a_link_earns_by_the_tier_and_rules_of_the_sales_day(
    server: DemoServer, backend: LoyaltyBackend, sale: SaleMaker
) -> None:
    yesterday = replace(nobodys(sale), at=sale.at - timedelta(days=1))
    booked(backend.apply(yesterday))
    # Platinum earns double: 47.2, cut off.
    assert booked(backend.link(link(sale, member_id="mem-platinum"))).points == Decimal(47)
    day = server.shop.local(yesterday.at).date().isoformat()
    assert server.ledger.rows("SELECT member_id, earned, day FROM sales") == [("mem-platinum", 47, day)]


def test_what_came_back_before_the_link_earns_nothing(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    booked(backend.apply(nobodys(sale)))
    half = sale.refund(1180, 0, member_id="")
    given = booked(backend.apply(half))
    assert given.points == Decimal(0)
    before = balance(backend, "mem-ravi")
    # A bill of 2,360 earns 23, its half 11.
    assert booked(backend.link(link(sale))).points == Decimal(11)
    booked(backend.apply(sale.refund(1180, 0, 2, member_id="mem-ravi")))
    assert balance(backend, "mem-ravi") == before


def test_nothing_is_left_of_it(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    booked(backend.apply(nobodys(sale)))
    booked(backend.apply(whole_return(sale, member_id="")))
    answer = backend.link(link(sale))
    assert isinstance(answer, Refused)
    assert answer.because is RefusedBecause.NOT_ALLOWED


def test_a_till_that_does_not_know_who_claimed_it_takes_the_goods_back(
    backend: LoyaltyBackend, sale: SaleMaker
) -> None:
    booked(backend.apply(nobodys(sale)))
    before = balance(backend, "mem-ravi")
    booked(backend.link(link(sale)))
    booked(backend.apply(whole_return(sale, member_id="")))
    assert balance(backend, "mem-ravi") == before


def test_more_than_was_sold_never_comes_back_without_a_member_either(
    backend: LoyaltyBackend, sale: SaleMaker
) -> None:
    booked(backend.apply(nobodys(sale)))
    booked(backend.apply(whole_return(sale, member_id="")))
    again = backend.apply(sale.refund(1180, 0, 2, member_id=""))
    assert isinstance(again, Refused)


def test_a_sale_of_nobodys_with_points_is_refused(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    reservation = booked(backend.apply(sale.reserve())).reference
    booked(backend.apply(sale.capture(reservation)))
    answer = backend.apply(sale.sale(0, member_id=""))
    assert isinstance(answer, Refused)


def test_a_request_to_join_two_records_is_noted_once(server: DemoServer, backend: LoyaltyBackend) -> None:
    asked = SaleMaker(datetime.now(UTC), "mem-anil").effect(
        EffectKind.MERGE, other_member_id="mem-meera", bill=Money(0, RUPEE)
    )
    assert backend.reconcile(asked) == NotApplied()
    assert isinstance(backend.ask_to_merge(asked), Applied)
    assert isinstance(backend.ask_to_merge(asked), AlreadyApplied)
    assert isinstance(backend.reconcile(asked), AlreadyApplied)
    assert Joining(server.ledger, server.shop).noted("mem-anil").merges == ("mem-meera",)
    for other in ("mem-anil", "mem-nobody"):
        refused = backend.ask_to_merge(replace(asked, key=f"{asked.sale_id}-merge-2", other_member_id=other))
        assert isinstance(refused, Refused)


def test_what_is_no_effect_of_these_is_a_bug(backend: LoyaltyBackend, sale: SaleMaker) -> None:
    with pytest.raises(ValueError, match="not a sale to be linked"):
        backend.link(nobodys(sale))
    with pytest.raises(ValueError, match="not records"):
        backend.ask_to_merge(link(sale))
    with pytest.raises(ValueError, match="not an invitation"):
        backend.invitation("../sales")
    with pytest.raises(ValueError, match="the contract has no link"):
        backend.apply(link(sale))
