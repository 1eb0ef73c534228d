"""One thing a till does, in a process of its own and on one thread: the same system calls in the same order.

It waits for a signal before it begins, so that whoever traces it sees its work and nothing of Python's start.
"""

from __future__ import annotations

import ctypes
import importlib
import logging
import os
import pkgutil
import random
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch

from cashier_app import backends, bootstrap, data_folder, demo_shop, services, storage
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.sale import Sale
from cashier_app.errors import KnownError
from cashier_app.services.sender import Sender
from cashier_app.services.workshop import Workshop
from cashier_app.storage.journal import SqliteJournal
from tests.faults import till_process
from tests.faults.till_process import Counter, Orders

Say: TypeAlias = Callable[[str, str], None]

# Loaded in the process all tills are forked from: a module loaded late would add its files to the calls.
for package in (backends, services, storage):
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)

GO = signal.SIGUSR1
SEND_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 0.02
MOST_TROUBLES = 2
_PR_SET_PTRACER, _ANYBODY = 0x59616D61, -1


class Scenario(StrEnum):
    """What is killed at each of its system calls."""

    SALE = "sale"
    REFUND = "return"
    MIGRATION = "migration"
    BACKUP = "backup"


class OneHand(Executor):
    """Does what is handed out at once, on the thread that hands it out."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()

    def submit(self, work: Callable[..., object], /, *given: object, **named: object) -> Future[Any]:
        """Do the work and return it as done."""
        done: Future[object] = Future()
        try:
            done.set_result(work(*given, **named))
        except Exception as error:  # noqa: BLE001 - the future keeps it, as a pool's would
            done.set_exception(error)
        return done


class SenderByHand(Sender):
    """The sender without its thread: it sends when told, and the order of all calls is always the same."""

    def start(self) -> None:
        """Settle what an earlier process left behind."""
        self._delivery.recover()

    def send_all(self) -> None:
        """Send until nothing waits."""
        troubles = 0
        until = time.monotonic() + SEND_SECONDS
        while time.monotonic() < until:
            try:
                self._round()
            except KnownError:
                # As the sender's thread does: what cannot be written is tried again, or by the next start.
                troubles += 1
            if troubles > MOST_TROUBLES:
                return
            if self._connection.online and self._journal.next_due_at() is None:
                return
            time.sleep(min(self._pause(), LONGEST_PAUSE_SECONDS))
        raise TimeoutError("the till could not send everything")


def play(orders: Orders, scenario: Scenario, parent: Connection) -> None:
    """Wait to be traced, then do one thing; say ``done`` where a cashier would read it, then ``end``."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {GO})
    let_anybody_trace()
    # The disk fails at its end, too: what it says of that for each run is no finding.
    logging.getLogger("cashier_app.health_opening").setLevel(logging.ERROR)
    with (
        patch("cashier_app.services.sender.Sender", SenderByHand),
        patch("cashier_app.services.crew.ThreadPoolExecutor", OneHand),
        patch("cashier_app.storage.housekeeping.Housekeeping.start", lambda _: None),
        patch("cashier_app.services.health_errands.HealthErrands.start", lambda _: None),
    ):
        parent.send(("ready", str(os.getpid())))
        signal.sigwait({GO})
        with suppress(KnownError):
            _do(orders, scenario, lambda *said: parent.send(said))
    parent.send(("end", ""))


def _do(orders: Orders, scenario: Scenario, say: Say) -> None:
    """Do it; a till that cannot start, or a cashier who is told no, ends in good order.

    Raises:
        KnownError: The till could not be opened, or the backup not be made.
    """
    if scenario is Scenario.BACKUP:
        _back_up(orders.folder)
        return
    till = till_process.open_till(orders)
    try:
        shop = till.workshop()
        assert isinstance(shop.sender, SenderByHand)
        with suppress(KnownError):
            if scenario is Scenario.SALE:
                _counter(till, orders, say).sell(_member(shop, orders), points=True, paid=True)
            elif scenario is Scenario.REFUND:
                _counter(till, orders, say).take_back(_sale_with_points(till))
        shop.sender.send_all()
    finally:
        till.close()


def _counter(till: bootstrap.Till, orders: Orders, say: Say) -> Counter:
    return Counter(till, random.Random(orders.seed), orders, say)


def _member(shop: Workshop, orders: Orders) -> MemberFound:
    while True:
        found = shop.lookup.find(WalletToken(orders.tokens[0]))
        if isinstance(found, MemberFound):
            return found


def _sale_with_points(till: bootstrap.Till) -> Sale:
    journal = data_folder.existing_journal(till.folder, till.settings.till)
    try:
        return next(line.sale for line in journal.recent(10) if line.sale.points_used > 0)
    finally:
        journal.close()


def _back_up(folder: Path) -> None:
    journal = data_folder.existing_journal(folder, demo_shop.DEMO_CONFIG.store.till)
    assert isinstance(journal, SqliteJournal)
    try:
        journal.back_up(datetime.now(UTC))
    finally:
        journal.close()


def let_anybody_trace() -> None:
    """Let a tracer that is not our parent attach, where the system asks for that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANYBODY, 0, 0, 0)
