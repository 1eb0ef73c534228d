"""SIGKILL at random moments of holds, commits, posts, releases, returns and drains.

The server misbehaves meanwhile: it loses answers after applying and answers 503. After the last kill a till
is left alone until it has sent everything; then its database is compared with the server's ledger. Each
planted bug must be caught by the same comparison, or it means nothing.
"""

from __future__ import annotations

import math
import multiprocessing
import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

from msgspec.structs import replace

from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from tests.faults import till_process
from tests.faults.ledger_check import Findings, compare, movements
from tests.faults.table import Budget, Row
from tests.faults.till_process import SAID_BEFORE_SAVED, Orders

KILLS = {Budget.SHORT: 150, Budget.FULL: 1000}
AT_ONCE = 2
CONTROL_KILLS = 30
CONTROL_SEEDS = 8
LONGEST_LIVES_SECONDS = (0.02, 0.05, 0.1)
ONLY_SENDS_SHARE = 0.2
START_SECONDS = 30.0
BUGS = (*till_process.BUGS, SAID_BEFORE_SAVED)

PRELOADED = (
    "__main__",
    "tests.faults.kills",
    "tests.faults.scenario_process",
    "cashier_app.health_opening",
    "cashier_app.return_opening",
    "cashier_app.security.pins",
    "cryptography.hazmat.primitives.ciphers.aead",
    "encodings.idna",
    "importlib.readers",
    "phonenumbers.data.region_IN",
    "uuid6",
)
"""What a till loads on its way: a process that has it all is at work in a few milliseconds.

All of a run is then of one state of the sources: a module that is read later may be one somebody is saving.
"""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(list(PRELOADED))


class DidNotStartError(Exception):
    """The last till ended without having sent anything; why, in its words."""


def run(budget: Budget) -> list[Row]:
    """Kill the till this often, then tills with each planted bug until one is caught."""
    started = time.monotonic()
    each = KILLS[budget] // AT_ONCE
    with ThreadPoolExecutor(AT_ONCE) as workers:
        both = list(workers.map(lambda seed: kill_often(each, seed), range(1, AT_ONCE + 1)))
    unsettled = sum(one.unsettled for one in both)
    broken = [text for one in both for text in one.broken]
    counts = (
        f"{sum(len(one.said_done) for one in both):,} sales said done",
        f"{sum(len(one.committed) for one in both):,} committed",
        f"{sum(one.with_points for one in both):,} with points",
        f"{sum(one.released for one in both):,} holds given back",
        f"{sum(one.returns for one in both):,} returns",
        f"{unsettled:,} never sent",
    )
    row = Row(
        fault="SIGKILL at random moments",
        runs=each * AT_ONCE,
        lost=sum(len(one.lost) for one in both) + unsettled + len(broken),
        doubled=sum(len(one.doubled) for one in both),
        phantom=sum(len(one.phantom) for one in both),
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([", ".join(counts), *broken[:3]]),
    )
    return [row, *(_control(bug) for bug in BUGS)]


def kill_often(kills: int, seed: int, bug: str = "") -> Findings:
    """Start a till and kill it, again and again over one folder; let the last one send all, and compare."""
    chance = random.Random(seed)
    findings = Findings()
    with tempfile.TemporaryDirectory() as name, DemoServer(database=Path(name) / "server.sqlite") as server:
        folder = Path(name) / "till"
        before = {sale_id for _, sale_id in movements(server)}
        orders = Orders(folder, server.base_url, server.token.reveal(), seed, good_tokens(server), bug)
        for number in range(kills):
            server.faults.stage(FaultPlan(lose_answers=chance.randrange(4), unavailable=chance.randrange(2)))
            live_and_die(replace(orders, seed=seed * 100_000 + number), chance, findings)
        server.faults.clear()
        # Whoever says done too early is found by what it said; it must not invent more while it settles.
        findings.unsettled = settled(replace(orders, bug="" if bug == SAID_BEFORE_SAVED else bug))
        compare(server, folder, before, findings)
    return findings


def good_tokens(server: DemoServer) -> tuple[str, ...]:
    """Return the wallet codes of the members who are not blocked."""
    rows = server.ledger.rows(
        "SELECT token FROM members WHERE token IS NOT NULL AND blocked_since IS NULL ORDER BY balance DESC"
    )
    return tuple(str(row[0]) for row in rows)


def live_and_die(orders: Orders, chance: random.Random, findings: Findings) -> None:
    """Start a till, let it ring up sales, kill it at a random moment.

    Half of the lives are counted from the till's start, where it settles what the one before left behind, and
    half from a confirmed payment. Some tills only send what waits.
    """
    orders = replace(orders, sells=chance.random() >= ONLY_SENDS_SHARE)
    counted_from = chance.choice(("open", "asked")) if orders.sells else "open"
    left = chance.uniform(0, chance.choice(LONGEST_LIVES_SECONDS))
    parent, child = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=till_process.ring_up, args=(orders, child), daemon=True)
    process.start()
    child.close()
    try:
        heard = ""
        while heard != counted_from:
            if not parent.poll(START_SECONDS):
                raise TimeoutError("the till did not start")
            heard = _note(parent.recv(), findings)
        deadline = time.monotonic() + left
        while parent.poll(max(deadline - time.monotonic(), 0)) and time.monotonic() < deadline:
            _note(parent.recv(), findings)
    finally:
        process.kill()
        process.join()
    _note_last_words(parent, findings)


def _note_last_words(parent: Connection, findings: Findings) -> None:
    """What a till said before it died still counts, if it said it whole."""
    try:
        while parent.poll(0):
            _note(parent.recv(), findings)
    except (EOFError, OSError):
        pass
    parent.close()


def _note(message: tuple[str, str], findings: Findings) -> str:
    kind, sale_id = message
    if kind == "done":
        findings.said_done.add(sale_id)
    return kind


def settled(orders: Orders) -> int:
    """Let a last, undisturbed process post what is left; return how many sales it could not."""
    parent, child = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=till_process.settle, args=(orders, child), daemon=True)
    process.start()
    child.close()
    try:
        if not parent.poll(START_SECONDS + till_process.SETTLE_SECONDS):
            raise TimeoutError("the last till did not answer")
        kind, said = parent.recv()
        if kind != "left":
            raise DidNotStartError(said)
        return int(said)
    except EOFError as error:
        raise DidNotStartError("it ended without a word") from error
    finally:
        process.join(START_SECONDS)
        process.kill()
        process.join()
        parent.close()


def _control(bug: str) -> Row:
    started = time.monotonic()
    runs, findings = 0, Findings()
    for seed in range(CONTROL_SEEDS):
        findings = kill_often(CONTROL_KILLS, seed, bug)
        runs += CONTROL_KILLS
        if not findings.clean:
            break
    return Row(
        fault=f"{bug}, SIGKILL at random moments",
        runs=runs,
        lost=len(findings.lost),
        doubled=len(findings.doubled),
        phantom=len(findings.phantom),
        seconds=math.ceil(time.monotonic() - started),
        control=True,
        caught=not findings.clean,
    )
