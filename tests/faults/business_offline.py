"""Points used while offline: what was spent elsewhere is a loss that is written down, within limits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from cashier_app.demo.faults import FaultPlan
from cashier_app.domain.offline_policy import (
    NO_OFFLINE,
    OfflineDenied,
    OfflineMode,
    OfflinePolicy,
    WhyNotOffline,
)
from cashier_app.services.till_view import Step, Target
from tests.fakes.delivering import deliver_due
from tests.faults.business_till import OPENING, BusinessTill, Customer, Findings, World, compare, till

DOWN = FaultPlan(down=True)
NEEDED = 100
"""Below this the program lets nobody use coins."""


def spent_elsewhere(at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """The sale stands; what no coins paid for is written down to the paisa, and the member must wait."""
    policy = OfflinePolicy(
        mode=OfflineMode.FLOOR, per_redemption=200_00, open_at_till=runs * 200_00, manager_over=200_00
    )
    with till(at, policy) as one:
        customers = _remembered(one, runs)
        at.network(DOWN)
        sales = {}
        for customer in customers:
            wanted = chance.choice(("", str(chance.randrange(1, 200))))
            sale_id = one.sell(customer, str(chance.randrange(500, 4000)), wanted)
            finished = one.view.finished
            redeemed = finished is not None and finished.sale.discount.minor > 0
            findings.expect(redeemed, "nothing could be redeemed offline")
            sales[customer.member_id] = (customer, sale_id, finished.sale.discount.minor if finished else 0)
            if chance.random() < 0.2:
                one.restart()
        spent = []
        for customer in chance.sample(customers, max(runs // 2, 1)):
            left = chance.randrange(250)
            at.spend_elsewhere(customer, OPENING - left)
            if left < NEEDED or left * 100 < sales[customer.member_id][2]:
                spent.append(customer)
        _drain_badly(one, chance)
        at.network()
        expected = sum(sales[customer.member_id][2] for customer in spent)
        written = one.journal.discrepancies(100_000)
        findings.expect(
            sum(loss.loss.minor for loss in written) == expected, "not every loss is written down"
        )
        findings.expect(
            {loss.member_id for loss in written} == {c.member_id for c in spent}, "the wrong members"
        )
        for customer in customers:
            booked = at.booked(sales[customer.member_id][1])
            findings.expect(booked[-1:] == ["sale"], f"the sale does not stand: {booked}")
            findings.runs += 1
        findings.counted["discrepancies"] += len(written)
        _must_wait(one, spent[:3], findings)
        at.network()
        compare(one, findings)


def limits_hold(at: World, findings: Findings, runs: int, chance: random.Random) -> None:
    """No sale, member or till goes over its limit, whatever the order, and over any number of restarts."""
    for number in range(max(runs // 4, 3)):
        most, many = chance.randrange(120_00, 200_00), chance.randrange(1, 3)
        policy = OfflinePolicy(
            mode=OfflineMode.FLOOR,
            per_redemption=most,
            per_member=many,
            open_at_till=chance.randrange(most, 4 * most),
            manager_over=most if number % 2 else 0,
        )
        with till(at, NO_OFFLINE if number == 0 else policy) as one:
            customers = _remembered(one, 4)
            at.network(DOWN)
            for _ in range(10):
                _try_one(
                    one, chance.choice(customers), NO_OFFLINE if number == 0 else policy, findings, chance
                )
                findings.runs += 1
            one.serve(customers[0])
            at.clock.advance(timedelta(hours=25).total_seconds())
            one.serve(customers[0])
            findings.expect(not _offered(one), "a balance of yesterday is taken for today's")
            at.network()
            one.drain()
            record = one.journal.offline_record(customers[0].member_id)
            findings.expect(record.open_at_till == 0, "what is confirmed still counts")
            compare(one, findings)


@contextmanager
def no_discrepancy() -> Iterator[None]:
    """Planted fault: a use that is refused is dropped, and no loss is written down."""
    with patch("cashier_app.storage.discrepancies.add", lambda *_: None):
        yield


def _drain_badly(one: BusinessTill, chance: random.Random) -> None:
    """Send everything while the line breaks before, in and after what is sent."""
    at = one.world
    for _ in range(chance.randrange(3)):
        at.network()
        one.delivery.probe()
        at.network(DOWN)
        deliver_due(one.delivery)
        at.clock.advance(20)
    at.network(FaultPlan(lose_answers=chance.randrange(4), unavailable=chance.randrange(3)))
    one.drain()


def _try_one(
    one: BusinessTill, customer: Customer, policy: OfflinePolicy, findings: Findings, chance: random.Random
) -> None:
    """Sell to a customer who shows a code or says a phone number, and look at every limit."""
    before = one.journal.offline_record(customer.member_id)
    said = chance.random() < 0.25
    if said:
        one.session.clear_all()
        one.press(customer.phone)
        one.press("2360")
    else:
        one.serve(customer)
    for _ in range(4):
        if one.view.step is not Step.DONE:
            one.press("\n")
        if one.view.target is Target.MANAGER:
            findings.counted["confirmed by a manager"] += 1
            one.press("Asha")
    finished = one.view.finished
    findings.expect(finished is not None, "the sale could not be finished offline")
    discount = finished.sale.discount.minor if finished else 0
    after = one.journal.offline_record(customer.member_id)
    findings.expect(not (said and discount), "a phone number that was said is enough")
    findings.expect(discount <= policy.per_redemption, "more than one sale may take off")
    findings.expect(after.open_at_till == before.open_at_till + discount, "not all of it is counted")
    findings.expect(after.open_at_till <= policy.open_at_till, "more than this till may give")
    findings.expect(not discount or after.by_member <= policy.per_member, "more than one member may have")
    findings.counted["redeemed offline"] += bool(discount)
    if chance.random() < 0.3:
        one.restart()
        again = one.journal.offline_record(customer.member_id)
        findings.expect(again == after, "a restart forgets what is unconfirmed")


def _must_wait(one: BusinessTill, spent: list[Customer], findings: Findings) -> None:
    """Whoever had a loss redeems nothing offline for thirty days."""
    for customer in spent:
        one.world.network(DOWN)
        one.serve(customer)
        answer = one.view.offline
        denied = isinstance(answer, OfflineDenied) and answer.because is WhyNotOffline.AFTER_A_LOSS
        findings.expect(denied and not _offered(one), f"redeems offline again after a loss: {answer}")


def _remembered(one: BusinessTill, count: int) -> list[Customer]:
    """Return members this till met while online."""
    customers = [one.world.customer() for _ in range(count)]
    for customer in customers:
        one.serve(customer, "")
        one.session.clear_all()
        one.press(customer.phone)
    one.session.clear_all()
    return customers


def _offered(one: BusinessTill) -> bool:
    return one.view.quote is not None and bool(one.view.quote.points_used)
