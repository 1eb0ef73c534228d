"""SIGKILL at random moments between "confirm" and "posted": nothing lost, nothing doubled, no phantom.

The server misbehaves meanwhile: it loses answers after applying and answers 503. Each planted bug must be
caught by the same check, or the check means nothing.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app import bootstrap
from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.sale import SaleState
from tests.end_to_end import till_process
from tests.end_to_end.till_process import Orders

KILLS = 200
CONTROL_KILLS = 60
LONGEST_LIFE_SECONDS = 0.04
START_SECONDS = 30.0

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(
    ["tests.end_to_end.till_process", "cashier_app.backends.contract", "cashier_app.storage.journal"]
)


@dataclass
class Findings:
    """What the check found, sale ids by fault."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    committed: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    phantom: list[str] = field(default_factory=list)
    unsettled: int = 0

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.phantom or self.unsettled)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DemoServer]:
    with DemoServer(database=tmp_path / "server.sqlite") as running:
        yield running


@pytest.mark.timeout(300)
def test_no_sale_is_lost_or_doubled_by_200_kills(server: DemoServer, tmp_path: Path) -> None:
    started = time.monotonic()
    findings = kill_often(server, tmp_path / "till", KILLS, seed=1)
    print(
        f"kill test: {KILLS} kills, {len(findings.acknowledged)} sales acknowledged, "
        f"{len(findings.committed)} committed, {len(findings.lost)} lost, {len(findings.doubled)} doubled, "
        f"{len(findings.phantom)} phantom, {time.monotonic() - started:.0f} s"
    )
    assert findings.clean, findings
    # The kills must have hit sales under way, or nothing was tried.
    assert len(findings.acknowledged) > KILLS // 2
    assert any(points > 0 for points in findings.acknowledged.values())


@pytest.mark.timeout(180)
@pytest.mark.parametrize("bug", ["new names", "posted first", "said before saved"])
def test_the_check_catches_each_planted_bug(bug: str, server: DemoServer, tmp_path: Path) -> None:
    for seed in range(4):
        findings = kill_often(server, tmp_path / f"till-{seed}", CONTROL_KILLS, seed=seed, bug=bug)
        if not findings.clean:
            return
    pytest.fail(f"the planted bug {bug!r} was not caught")


def kill_often(server: DemoServer, folder: Path, kills: int, seed: int, bug: str = "") -> Findings:
    chance = random.Random(seed)
    tokens = tuple(
        str(row[0])
        for row in server.ledger.rows(
            "SELECT token FROM members WHERE token IS NOT NULL AND blocked_since IS NULL ORDER BY member_id"
        )
    )
    before = {sale_id for _, sale_id in movements(server)}
    orders = Orders(folder, server.base_url, server.token.reveal(), seed, tokens, bug)
    findings = Findings()
    for round_number in range(kills):
        server.faults.stage(FaultPlan(lose_answers=chance.randrange(4), unavailable=chance.randrange(2)))
        live_and_die(replace(orders, seed=seed * 100_000 + round_number), chance, findings)
    server.faults.clear()
    findings.unsettled = settled(replace(orders, bug="" if bug == "said before saved" else bug))
    judge(server, folder, findings, before)
    return findings


def live_and_die(orders: Orders, chance: random.Random, findings: Findings) -> None:
    """Start a till, let it ring up sales, kill it at a random moment after a confirmed payment."""
    parent, child = _processes.Pipe(duplex=False)
    process = _processes.Process(target=till_process.ring_up, args=(orders, child), daemon=True)
    process.start()
    child.close()
    deadline = None
    try:
        while deadline is None or time.monotonic() < deadline:
            wait = START_SECONDS if deadline is None else max(deadline - time.monotonic(), 0)
            if not parent.poll(wait):
                assert deadline is not None, "the till did not start"
                break
            _note(parent.recv(), findings)
            if deadline is None and findings.acknowledged.get("") is not None:
                del findings.acknowledged[""]
                deadline = time.monotonic() + chance.uniform(0, LONGEST_LIFE_SECONDS)
    finally:
        process.kill()
        process.join()
    # What it said before it died still counts, if it said it whole.
    try:
        while parent.poll(0):
            _note(parent.recv(), findings)
    except (EOFError, OSError):
        pass
    findings.acknowledged.pop("", None)
    parent.close()


def _note(message: tuple[str, str, int], findings: Findings) -> None:
    kind, sale_id, points = message
    if kind == "asked":
        findings.acknowledged.setdefault("", 0)  # the first payment was confirmed: the clock starts
    elif kind == "done":
        findings.acknowledged[sale_id] = points


def settled(orders: Orders) -> int:
    """Let a last, undisturbed process post what is left; return how many sales it could not."""
    parent, child = _processes.Pipe(duplex=False)
    process = _processes.Process(target=till_process.settle, args=(orders, child), daemon=True)
    process.start()
    child.close()
    assert parent.poll(START_SECONDS * 2), "the last till did not answer"
    kind, _, left = parent.recv()
    process.join()
    assert kind == "left"
    assert process.exitcode == 0
    return int(left)


def movements(server: DemoServer) -> list[tuple[str, str]]:
    """Return kind and sale of every movement in the server's ledger."""
    return [
        (str(kind), str(sale)) for kind, sale in server.ledger.rows("SELECT kind, sale_id FROM movements")
    ]


def judge(server: DemoServer, folder: Path, findings: Findings, before: set[str]) -> None:
    """Compare what the till said with what the server's ledger holds."""
    journal = bootstrap.existing_journal(folder, bootstrap.DEMO_CONFIG.store.till)
    try:
        lines = journal.recent(100_000)
        findings.committed = {line.sale.sale_id for line in lines}
        redeemed = {line.sale.sale_id for line in lines if line.sale.points_used > 0}
        for sale_id in findings.acknowledged:
            found = journal.sale(sale_id)
            if found is None or found[1] is not SaleState.COMMITTED:
                findings.lost.append(sale_id)
        numbers = sorted(int(line.sale.number.split("-")[1]) for line in lines)
        assert numbers == list(range(1, len(numbers) + 1)), "sale numbers have gaps"
    finally:
        journal.close()
    booked_now = [(kind, sale_id) for kind, sale_id in movements(server) if sale_id not in before]
    by_kind = {
        kind: Counter(sale_id for booked_kind, sale_id in booked_now if booked_kind == kind)
        for kind in ("sale", "capture", "reserve", "release", "expire")
    }
    for sale_id in findings.committed:
        if by_kind["sale"][sale_id] == 0 or (sale_id in redeemed and by_kind["capture"][sale_id] == 0):
            findings.lost.append(sale_id)
        if by_kind["sale"][sale_id] > 1 or by_kind["capture"][sale_id] > 1:
            findings.doubled.append(sale_id)
    booked = set(by_kind["sale"]) | set(by_kind["capture"])
    findings.phantom += sorted(booked - findings.committed)
    ended = by_kind["capture"] + by_kind["release"] + by_kind["expire"]
    findings.phantom += [sale_id for sale_id in by_kind["reserve"] if ended[sale_id] != 1]
