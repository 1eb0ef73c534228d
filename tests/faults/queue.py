"""Ten thousand sales taken offline, then drained: each once, each member's in order, and quickly.

The till and the server are processes of their own, 30 ms apart; two of a hundred requests are answered with
503, and a few sales are poison: the backend refuses them for ever. New sales go on meanwhile.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median, quantiles

import msgspec
from msgspec import Struct

from cashier_app import data_folder, demo_shop
from cashier_app.domain.sale import EffectState
from cashier_app.errors import KnownError
from tests.faults import queue_screen
from tests.faults.queue_shop import LATENCY_MS, Movement, QueueShop
from tests.faults.queue_till import BUGS, Answer, Orders
from tests.faults.table import Budget, Row

LEAST_A_SECOND = 20.0
MOST_GROWTH = 50.0
MOST_SLOWER, SLOWER_MS = 1.5, 5.0
"""A commit during the drain is as fast as before: within half as much again, or by what nobody can see."""
PATIENCE_SECONDS = 500


class Size(Struct, frozen=True):
    """How long a queue is, and of how many members."""

    sales: int
    members: int
    poison: int
    timed: int


SIZES = {Budget.SHORT: Size(600, 40, 4, 40), Budget.FULL: Size(10_000, 400, 12, 100)}
CONTROL = Size(200, 8, 1, 5)


class Found(Struct, frozen=True):
    """What the books say afterwards, sale ids by fault; and what the till measured."""

    lost: frozenset[str]
    doubled: frozenset[str]
    phantom: frozenset[str]
    overtaken: int
    wrong: tuple[str, ...]
    answer: Answer

    @property
    def clean(self) -> bool:
        """Say whether the books are as they must be."""
        return not (self.lost or self.doubled or self.phantom or self.overtaken or self.wrong)


def run(budget: Budget) -> list[Row]:
    """Drain a queue, then one with each planted bug; in full, also behind the till's own window."""
    rows = [_row(SIZES[budget])]
    if budget is Budget.FULL:
        rows.append(queue_screen.row())
    return [*rows, *(_control(bug) for bug in BUGS)]


def drained(size: Size, bug: str = "") -> Found:
    """Let a till sell this much offline, drain it, and compare its books with the server's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "till"
        with QueueShop(Path(name), size.members) as shop:
            orders = Orders(
                folder=str(folder),
                address=shop.address,
                token=shop.token.reveal(),
                sales=size.sales,
                members=size.members,
                poison=size.poison,
                timed=size.timed,
                bug=bug,
            )
            answer = _till(orders, Path(name) / "orders.json")
        return _compared(folder, shop.movements(), answer)


def _till(orders: Orders, file: Path) -> Answer:
    file.write_bytes(msgspec.json.encode(orders))
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.queue_till", str(file)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE_SECONDS,
    )
    return msgspec.json.decode(done.stdout, type=Answer)


def _compared(folder: Path, movements: list[Movement], answer: Answer) -> Found:
    till = demo_shop.DEMO_CONFIG.store.till
    wrong = []
    try:
        data_folder.describe_audit_log(folder, till)
    except KnownError as error:
        wrong.append(error.sentence)
    journal = data_folder.existing_journal(folder, till)
    try:
        lines = list(reversed(journal.recent(1_000_000)))
    finally:
        journal.close()
    committed = [line.sale.sale_id for line in lines]
    parked = {line.sale.sale_id for line in lines if line.state is EffectState.NEEDS_ATTENTION}
    if parked != set(answer.poison):
        wrong.append(f"{len(parked)} need attention, {len(answer.poison)} are poison")
    if any(line.state not in {EffectState.POSTED, EffectState.NEEDS_ATTENTION} for line in lines):
        wrong.append("not everything is finished")
    if answer.threads_left:
        wrong.append(f"{answer.threads_left} threads left")
    booked = Counter(movement.sale_id for movement in movements)
    return Found(
        lost=frozenset(set(committed) - parked - set(booked)),
        doubled=frozenset(sale_id for sale_id, times in booked.items() if times > 1),
        phantom=frozenset(set(booked) - set(committed)),
        overtaken=_overtaken(committed, movements),
        wrong=tuple(wrong),
        answer=answer,
    )


def _overtaken(committed: list[str], movements: list[Movement]) -> int:
    """Return how many sales were booked after a later sale of the same member."""
    born = {sale_id: number for number, sale_id in enumerate(committed)}
    latest: dict[str, int] = defaultdict(lambda: -1)
    overtaken = 0
    for movement in movements:
        number = born.get(movement.sale_id, -1)
        overtaken += number < latest[movement.member_id]
        latest[movement.member_id] = max(latest[movement.member_id], number)
    return overtaken


def _row(size: Size) -> Row:
    started = time.monotonic()
    found = drained(size)
    answer = found.answer
    a_second = answer.posts / answer.seconds
    before, during = median(answer.commits_empty), median(answer.commits_draining)
    misses = [*found.wrong]
    if found.overtaken:
        misses.append(f"{found.overtaken} out of order")
    if a_second < LEAST_A_SECOND:
        misses.append("too slow")
    if answer.growth > MOST_GROWTH:
        misses.append("too much memory")
    if during > max(before * MOST_SLOWER, before + SLOWER_MS):
        misses.append("new sales are slower")
    figures = (
        f"{a_second:.0f} a second at {LATENCY_MS} ms, {size.members} members, "
        f"{found.overtaken} out of order, "
        f"{len(answer.poison)} parked, memory +{answer.growth:.0f} MB, a new sale takes {during:.1f} ms, "
        f"with an empty queue {before:.1f} (p95 {_p95(answer.commits_draining):.1f} and "
        f"{_p95(answer.commits_empty):.1f})"
    )
    return Row(
        fault=f"{size.sales:,} sales offline, then drained",
        runs=answer.posts,
        lost=len(found.lost) + len(misses),
        doubled=len(found.doubled),
        phantom=len(found.phantom),
        seconds=math.ceil(time.monotonic() - started),
        detail="; ".join([*misses, figures]),
    )


def _control(bug: str) -> Row:
    started = time.monotonic()
    found = drained(CONTROL, bug)
    return Row(
        fault=f"{bug}, a queue drained",
        runs=found.answer.posts,
        lost=len(found.lost),
        doubled=len(found.doubled),
        phantom=len(found.phantom),
        seconds=math.ceil(time.monotonic() - started),
        detail=f"{found.overtaken} out of order",
        control=True,
        caught=not found.clean,
    )


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]
