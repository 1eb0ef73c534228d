"""How often a till asks a backend that fails or says wait, and how soon it notices the end."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise
from queue import SimpleQueue
from unittest.mock import patch

from cashier_app.backends.contract import ContractBackend
from cashier_app.ports.backend_kind import Deadlines
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.fakes.delivering import deliver_due
from tests.faults import misbehaviour as bad
from tests.faults.network_till import NetworkTill, WrappedBackend, row_of
from tests.faults.proxy import Behaviour, BlackHole, Request, honest, refused_port
from tests.faults.table import Budget, Row

STORM_SECONDS = 1800.0
MOST_TRIES = 25
BACK_SECONDS = 30.0
BEHIND_A_FRONT_SECONDS = 330.0
OFFLINE_SECONDS = 3.0
SHOP_DEADLINES = Deadlines()


def run(budget: Budget) -> list[Row]:
    """Try storms, requests to wait, a flapping line, and lines that are not there."""
    seeds = range(1 if budget is Budget.SHORT else 4)
    flaps = 200
    return [
        *(_storm(seed, whole=whole) for whole in (True, False) for seed in seeds),
        *(_asked_to_wait(*one) for one in (_WAITS if budget is Budget.FULL else _WAITS[::2])),
        _flapping(flaps),
        *_nobody_there(budget),
    ]


def _storm(seed: int, *, whole: bool) -> Row:
    """Half an hour of 5xx, for everything or only for what is behind a front that answers health checks."""
    started = time.monotonic()
    with NetworkTill(seed=100 + seed) as till:
        till.sell(20, points=0)
        tries = 0

        def plan(request: Request) -> Behaviour:
            nonlocal tries
            tries += request.is_about_an_effect
            if whole or request.is_about_an_effect:
                return till.chance.choice(list(bad.SERVER_ERRORS.values()))
            return honest

        till.proxy.plan = plan
        for _ in range(15):
            till.live(STORM_SECONDS / 15)
            till.sell(1, points=0)
        in_storm, parked = tries, till.parked()
        till.proxy.plan = lambda _: honest
        took = till.drain()
        at_most = BACK_SECONDS if whole else BEHIND_A_FRONT_SECONDS
        broken = (
            f"{in_storm} tries in half an hour" if in_storm > MOST_TRIES
            else f"drained {took:.0f} s after the end" if took > at_most
            else "an outage was taken for poison" if parked or till.parked()
            else _out_of_order(till)
        )  # fmt: skip
        name = "5xx storm, 30 min" + ("" if whole else ", health still answers")
        detail = f"{in_storm} tries, drained {took:.0f} s after its end, order kept"
        return row_of(name, len(till.done), till.findings(), started, detail, broken)


def _out_of_order(till: NetworkTill) -> str:
    """Say so if a member's sales stand in another order at the backend than at the till."""
    sold: dict[str, list[str]] = defaultdict(list)
    for sale in till.sales():
        sold[sale.member_id].append(sale.sale_id)
    booked: dict[str, list[str]] = defaultdict(list)
    rows = till.server.ledger.rows(
        "SELECT member_id, sale_id FROM movements WHERE kind = 'sale' ORDER BY sequence"
    )
    for member_id, sale_id in rows:
        if sale_id in till.done:
            booked[str(member_id)].append(str(sale_id))
    # A sale made while nobody answered knows its member only by what was scanned.
    known = {member: sales for member, sales in sold.items() if member}
    kept = all([one for one in booked[member] if one in sales] == sales for member, sales in known.items())
    return "" if kept else "a member's sales changed their order"


_OWN_PACE = 0.5
_WAITS: list[tuple[str, str, float, float]] = [
    ("429, Retry-After in seconds", "7", 7, 20),
    ("429, Retry-After of 15 min", "900", 900, 940),
    ("429, Retry-After of 3,000 years", "99999999999", 900, 940),
    ("429, Retry-After as a date", "date", 600, 640),
    ("429, Retry-After as a date, own clock 1 h fast", "date, clock fast", 600, 640),
    ("429, Retry-After negative", "-5", _OWN_PACE, 15),
    ("429, Retry-After is text", "soon", _OWN_PACE, 15),
    ("503, Retry-After in seconds", "45", 45, 60),
]


def _asked_to_wait(name: str, header: str, least: float, most: float) -> Row:
    """Be asked to wait by the first answer; go on selling; count what is sent too early."""
    started = time.monotonic()
    with NetworkTill(seed=7) as till:
        till.sell(6, points=0)
        sent: list[tuple[str, float]] = []
        sent_headers = _headers(till, header)
        status = int(name[:3])

        def plan(request: Request) -> Behaviour:
            if not request.is_about_an_effect:
                return honest
            sent.append((request.key, till.clock.monotonic()))
            return bad.problem(status, "busy", *sent_headers) if len(sent) == 1 else honest

        till.proxy.plan = plan
        if header == "date, clock fast":
            till.clock.jump(3600)
        till.live(1)
        till.sell(2, points=0)
        till.proxy.go_down()
        till.live(2)
        till.proxy.come_back()
        took = till.drain()
        # Without a wait that makes sense only the one that was refused keeps its own pace.
        first, asked_at = sent[0]
        later = [at - asked_at for key, at in sent[1:] if least != _OWN_PACE or key == first]
        early = sum(1 for waited in later if waited < least)
        went_on = later[0]
        broken = f"{early} requests early" if early else ""
        if went_on > most:
            broken = f"went on only after {went_on:.0f} s"
        detail = f"asked at least {least:g} s: went on after {went_on:.1f} s, all sent {took:.0f} s later"
        return row_of(name, len(sent), till.findings(), started, detail, broken)


def _headers(till: NetworkTill, header: str) -> list[str]:
    if not header.startswith("date"):
        return [f"Retry-After: {header}"]
    now = till.clock.now().replace(microsecond=0)
    until = format_datetime(now + timedelta(seconds=601), usegmt=True)
    dated = [f"Date: {format_datetime(now, usegmt=True)}"] if "fast" in header else []
    return [f"Retry-After: {until}", *dated]


class _Probed(WrappedBackend):
    """Notes when, by the till's clock, it was probed."""

    probes: list[float]
    till: NetworkTill

    def is_reachable(self) -> bool:
        self.probes.append(self.till.clock.monotonic())
        return super().is_reachable()


def _flapping(flaps: int) -> Row:
    started = time.monotonic()
    opened: list[_Probed] = []

    def wrap(inner: LoyaltyBackend) -> LoyaltyBackend:
        opened.append(_Probed(inner))
        opened[-1].probes = []
        return opened[-1]

    with NetworkTill(seed=5, wrap=wrap) as till:
        opened[0].till = till
        chance = random.Random(9)
        for flap in range(flaps):
            if flap % 2:
                till.proxy.come_back()
            else:
                till.proxy.go_down()
            if flap % 4 == 0:
                till.sell(1, points=0)
            till.live(chance.uniform(0.2, 4))
        took = till.drain()
        probes = opened[0].probes
        closest = min(after - before for before, after in pairwise(probes))
        broken = f"two probes {closest:.2f} s apart" if closest < 1 else ""
        if took > BACK_SECONDS:
            broken = f"drained only {took:.0f} s after the line was back"
        broken = broken or _out_of_order(till)
        detail = (
            f"{len(probes)} probes, never closer than {closest:.2f} s, drained {took:.0f} s after the end"
        )
        return row_of("flapping line", flaps, till.findings(), started, detail, broken)


def _nobody_there(budget: Budget) -> list[Row]:
    with BlackHole() as hole:
        rows = [
            _nobody("connection refused", f"http://127.0.0.1:{refused_port()}"),
            _nobody("black hole", f"http://127.0.0.1:{hole.port}"),
        ]
    with patch("cashier_app.backends.deadline._resolve", _no_such_name):
        rows.append(_nobody("name not found", "https://till.invalid"))
    if budget is Budget.FULL:
        with patch("cashier_app.backends.deadline._resolve", lambda *_: None):
            rows.append(_nobody("name server silent", "https://till.invalid"))
    return rows


def _no_such_name(_: str, __: int, answer: SimpleQueue[object]) -> None:
    answer.put(OSError("no such name"))


def _nobody(name: str, address: str) -> Row:
    """Send a sale to where nobody is, with a shop's own deadlines; then to the right place."""
    started = time.monotonic()
    opened: list[WrappedBackend] = []

    def wrap(inner: LoyaltyBackend) -> LoyaltyBackend:
        opened.append(WrappedBackend(inner))
        return opened[-1]

    with NetworkTill(wrap=wrap) as till:
        till.sell(3, points=0)
        right = opened[0].inner
        nowhere = ContractBackend(address, Secret("made-up"), deadlines=SHOP_DEADLINES)
        opened[0].inner = nowhere
        asked = time.monotonic()
        deliver_due(till.delivery)
        noticed = time.monotonic() - asked
        broken = "" if not till.connection.online else "still taken for online"
        if noticed > OFFLINE_SECONDS:
            broken = f"noticed only after {noticed:.2f} s"
        opened[0].inner = right
        nowhere.close()
        till.drain()
        return row_of(name, 1, till.findings(), started, f"offline after {noticed:.2f} s", broken)
