"""Answers lost, broken, false or refused, one kind after the other, before and after the server has acted."""

from __future__ import annotations

import time
from collections.abc import Mapping

from cashier_app.domain.outcome import Unreachable
from cashier_app.domain.sale import EffectState
from cashier_app.ports.backend_kind import Deadlines
from cashier_app.ports.credentials import Secret
from cashier_app.services.moves import SIGN_IN_WAIT_SECONDS
from tests.faults import misbehaviour as bad
from tests.faults.network_till import HANDS, QUICK, NetworkTill, row_of
from tests.faults.proxy import Behaviour, Exchange, Plan, Request, honest
from tests.faults.table import Budget, Row

SALES_EACH = {Budget.SHORT: 2, Budget.FULL: 12}
LATE = "answer later than the deadline"
LATE_DEADLINES = Deadlines(find=0.15, post=0.15)
FAMILIES: dict[str, tuple[Mapping[str, Behaviour], bool]] = {
    "answer lost after applying": ({"lost": bad.after_applying(bad.hang_up)}, False),
    LATE: ({"late": bad.delayed(30)}, False),
    "5xx": (bad.SERVER_ERRORS, False),
    "reset, short, empty or garbled answer": (bad.BROKEN, True),
    "captive portal, 200 and 302": (bad.PORTALS, True),
    "JSON traps": (bad.JSON_TRAPS, True),
    "reply for another sale": (bad.SWAPPED, True),
}
"""Each kind of fault; whether, while nothing else is answered, nothing may be taken for posted."""

LIVE_SECONDS = 40.0
SIGNED_OUT_SECONDS = 600.0


def run(budget: Budget) -> list[Row]:
    """Try every kind of answer."""
    rows = [_family(name, budget) for name in FAMILIES]
    return [*rows, _another_member(), *(_signed_out(status) for status in (401, 403)), *_poisons(budget)]


def _family(name: str, budget: Budget) -> Row:
    started = time.monotonic()
    behaviours, nothing_posted = FAMILIES[name]
    broken = ""
    faults = 0
    deadlines = LATE_DEADLINES if name == LATE else QUICK
    with NetworkTill(seed=len(name), deadlines=deadlines) as till:
        till.sell(2)
        till.drain()

        def plan(behaviour: Behaviour, share: float) -> Plan:
            def choose(request: Request) -> Behaviour:
                nonlocal faults
                if not request.is_about_an_effect or till.chance.random() >= share:
                    return honest
                faults += 1
                applied = request.is_write and till.chance.random() < 0.5
                return bad.after_applying(behaviour) if applied else behaviour

            return choose

        for kind, behaviour in behaviours.items():
            posted = _posted(till)
            till.proxy.plan = plan(behaviour, 1.0)
            till.sell(SALES_EACH[budget])
            till.live(LIVE_SECONDS)
            if nothing_posted and _posted(till) != posted:
                broken = f"{kind}: taken for posted"
            till.proxy.plan = plan(behaviour, 0.6)
            till.sell(SALES_EACH[budget])
            till.live(LIVE_SECONDS)
        till.proxy.plan = lambda _: honest
        till.drain()
        if till.parked():
            broken = "something was handed to a person"
        return row_of(name, faults, till.findings(), started, f"{len(till.done)} sales", broken)


def _posted(till: NetworkTill) -> int:
    return sum(
        row.state is EffectState.POSTED
        for sale in till.sales()
        for row in till.journal.effects_of(sale.sale_id)
    )


def _another_member() -> Row:
    started = time.monotonic()
    with NetworkTill() as till:
        ids = [str(row[0]) for row in till.server.ledger.rows("SELECT member_id FROM members LIMIT 2")]

        async def of_another(exchange: Exchange) -> None:
            swapped = exchange.request.raw.replace(ids[0].encode(), ids[1].encode())
            await exchange.send(await exchange.forward(swapped))

        till.proxy.plan = lambda request: of_another if request.path.endswith("/account") else honest
        outcome = till.backend.refresh(ids[0])
        believed = not isinstance(outcome, Unreachable)
        till.sell(3)
        till.drain()
        return row_of(
            "reply about another member",
            1,
            till.findings(),
            started,
            broken="it was believed" if believed else "",
        )


def _signed_out(status: int) -> Row:
    """Take the till's token away in mid-queue, for ten minutes; then somebody signs in."""
    started = time.monotonic()
    with NetworkTill(seed=status) as till:
        till.sell(12)
        right, old = till.server.token, Secret("made-up-new-token")
        tries = 0

        def signed_out(request: Request) -> Behaviour:
            nonlocal tries
            if request.headers.get("authorization") != f"Bearer {right.reveal()}" or signed[0] == "no":
                tries += request.is_about_an_effect
                return bad.problem(status, "not_signed_in") if request.path != "/v1/health" else honest
            return honest

        signed = ["yes"]
        writes = [0]

        def mid_queue(request: Request) -> Behaviour:
            writes[0] += request.is_write
            if writes[0] > 4:
                signed[0] = "no"
            return signed_out(request)

        till.proxy.plan = mid_queue
        till.token = old
        till.live(SIGNED_OUT_SECONDS)
        waiting = till.journal.counts().waiting
        broken = "" if till.connection.sign_in_needed and waiting else "nobody was asked to sign in"
        # Those under way when the token was taken away are refused together.
        if tries > SIGNED_OUT_SECONDS / SIGN_IN_WAIT_SECONDS + HANDS:
            broken = f"{tries} tries while signed out"
        till.sell(3)
        till.token, signed[0] = right, "yes"
        till.proxy.plan = signed_out
        took = till.drain()
        broken = broken or ("something was handed to a person" if till.parked() else "")
        detail = f"{waiting} sales waited, {tries} tries in 10 min, went on {took:.0f} s after the sign-in"
        return row_of(f"{status} in mid-queue", tries, till.findings(), started, detail, broken)


def _poisons(budget: Budget) -> list[Row]:
    return [
        _poison("poison: 422 for ever", bad.problem(422, "invalid"), budget, one_try=True),
        _poison("poison: 500 for ever", bad.SERVER_ERRORS["500"], budget, one_try=False),
    ]


def _poison(name: str, behaviour: Behaviour, budget: Budget, *, one_try: bool) -> Row:
    started = time.monotonic()
    with NetworkTill(seed=3) as till:
        till.sell(5 * SALES_EACH[budget], points=0)
        poison = till.sales()[1].sale_id
        tries = [0]

        def plan(request: Request) -> Behaviour:
            if poison not in request.key:
                return honest
            tries[0] += 1
            return behaviour

        till.proxy.plan = plan
        till.live(60)
        behind = {one.sale.sale_id for one in till.journal.unsent()}
        member = next(sale.member_id for sale in till.sales() if sale.sale_id == poison)
        held_up = behind - {sale.sale_id for sale in till.sales() if sale.member_id == member}
        broken = f"{len(held_up)} sales of others held up" if held_up else ""
        for _ in range(30):
            # A shop goes on selling: that others are answered is what tells poison from an outage.
            till.sell(1, points=0)
            till.live(300)
        till.drain()
        if till.parked() != {poison}:
            broken = "not parked, or not alone"
        if one_try and tries[0] != 1:
            broken = f"tried {tries[0]} times"
        detail = f"parked after {tries[0]} tries, the others drained within 60 s"
        return row_of(name, len(till.done), till.findings(), started, detail, broken)
