"""A till that sells through an outage and then drains its queue, in a process of its own.

Run with a file of `Orders`; the one line printed is an `Answer`. New sales go on while the queue drains, and
their commits are timed against those of a till whose queue is empty.
"""

from __future__ import annotations

import random
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from operator import ge
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cashier_app import bootstrap, data_folder, demo_shop
from cashier_app.config import till_settings
from cashier_app.demo.faults import FaultPlan
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import MemberFound, Outcome
from cashier_app.domain.program import Program
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import Effect, EffectState
from cashier_app.ports.credentials import Secret
from cashier_app.ports.journal import EffectRow
from cashier_app.services import delivery
from cashier_app.services.delivery import Delivery
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.workshop import Workshop
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.rows import EFFECT_COLUMNS, effect_row
from tests.fakes.shop import OCCASION
from tests.faults.queue_shop import FAR_AWAY, stage

MOST_SECONDS = 300.0
LOOK_SECONDS = 0.02
MEGABYTE = 1024 * 1024

Result = TypeVar("Result")


class Orders(Struct, frozen=True):
    """What the till is to do; `bug` names a planted bug or is empty.

    Args:
        members: How many members the sales are made to.
        poison: How many of the sales the backend will refuse for ever.
        timed: How many commits are timed before the outage, and as many during the drain.
    """

    folder: str
    address: str
    token: str
    sales: int
    members: int
    poison: int
    timed: int
    bug: str = ""


class Answer(Struct, frozen=True):
    """What the till measured; times in seconds and milliseconds, memory in megabytes."""

    posts: int
    seconds: float
    growth: float
    commits_empty: list[float]
    commits_draining: list[float]
    threads_left: int
    poison: list[str]


class TwoHandsOnOneAccount(Delivery):
    """Planted bug: nobody minds whose turn it is; what waits goes out by whichever hand is free."""

    def take(self, under_way: object = ()) -> list[EffectRow]:
        busy = {row.effect.key for row in under_way}  # type: ignore[attr-defined]
        assert isinstance(self._journal, SqliteJournal)
        with self._journal.database.reading() as connection:
            rows = connection.execute(
                f"SELECT {EFFECT_COLUMNS} FROM effect WHERE state IN ('waiting', 'unknown') "  # noqa: S608 - constants
                "AND next_attempt_at <= ? ORDER BY account_key, sequence LIMIT 60",
                (self._clock.now().isoformat(timespec="microseconds"),),
            )
            found = [effect_row(row) for row in rows]
        return [row for row in found if row.effect.key not in busy]


class PostedBeforeTheAnswer(Delivery):
    """Planted bug: a hand writes down that it is posted, then asks."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        self._move(row, EffectState.SENDING, "")
        self._move(row, EffectState.POSTED, "surely")
        outcome: Outcome = self._asked(self._backend.apply, effect)
        self._heard(row, outcome)


BUGS: dict[str, type[Delivery]] = {
    "two hands on one account": TwoHandsOnOneAccount,
    "posted before the answer": PostedBeforeTheAnswer,
}


class Screen:
    """Stands where the window would: reads the till's state whenever it is told to, on one thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "screen")
        self._closed = False

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Do the work, then call back, both on the screen's thread."""
        self._pool.submit(self._work, work, done, failed)

    def post(self, callback: Callable[[], None]) -> None:
        """Call back on the screen's thread; dropped after `close`."""
        if not self._closed:
            self._pool.submit(callback)

    def close(self) -> None:
        """Forget what was not begun."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - as a window's background does
            failed(error)
        else:
            done(result)


class Cashier:
    """Sells to the members of the queue's shop, one after the other."""

    def __init__(self, till: bootstrap.Till, members: int) -> None:
        self.chance = random.Random(4)
        self._till = till
        self._workshop: Workshop = till.workshop()
        self._program: Program = self._workshop.lookup.program()
        self._found = [self._member(number) for number in range(members)]

    def sell(self, *, poison: bool = False) -> tuple[str, float]:
        """Commit a sale; return its id and how many milliseconds the commit took."""
        found = self.chance.choice(self._found)
        ticket = self._ticket(found, poison=poison)
        started = time.perf_counter()
        self._workshop.checkout.commit(ticket)
        taken = (time.perf_counter() - started) * 1000
        self._workshop.sender.wake()
        return ticket.sale_id, taken

    def _member(self, number: int) -> MemberFound:
        found = self._workshop.lookup.find(WalletToken(f"LC1:QUEUE{number:06d}"))
        assert isinstance(found, MemberFound), found
        return found

    def _ticket(self, found: MemberFound, *, poison: bool) -> Ticket:
        bill = Money(self.chance.randrange(20_000, 400_000), self._program.currency)
        offer = quote(self._program, found.member, found.account, bill_of(bill), TakeNothing(), OCCASION)
        if poison:
            # No rule earns this: the backend refuses it today, tomorrow and always.
            offer = replace(offer, earns=offer.earns + 100_000)
        return Ticket(new_sale_id(), found.member, None, Way.WALLET_CODE, bill, offer)


def main(file: str) -> None:
    """Do as ordered and print the answer."""
    orders = msgspec.json.decode(Path(file).read_bytes(), type=Orders)
    before = threading.active_count()
    delivery.Delivery = BUGS.get(orders.bug, Delivery)  # type: ignore[misc]
    with opened(orders) as till:
        answer = _sell_and_drain(till, orders)
    left = threading.active_count() - before
    answer = replace(answer, threads_left=left)
    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")


def till_of(orders: Orders) -> bootstrap.Till:
    """Return the till of these orders, not opened yet."""
    return bootstrap.Till(
        till_settings(demo_shop.DEMO_CONFIG),
        Path(orders.folder),
        lambda: bootstrap.contract_backend(orders.address, Secret(orders.token)),
    )


@contextmanager
def opened(orders: Orders) -> Iterator[bootstrap.Till]:
    """Open the till of these orders with a screen that follows it."""
    till = till_of(orders)
    screen = Screen()
    till.new_session(screen)
    try:
        yield till
    finally:
        screen.close()
        till.close()


def _sell_and_drain(till: bootstrap.Till, orders: Orders) -> Answer:
    cashier = Cashier(till, orders.members)
    with closing(Queue(till)) as queue:
        return _measured(till, cashier, queue, orders)


def _measured(till: bootstrap.Till, cashier: Cashier, queue: Queue, orders: Orders) -> Answer:
    network = Network(orders)
    network.stage(FAR_AWAY)
    empty = []
    for _ in range(orders.timed):
        empty.append(cashier.sell()[1])
        queue.wait_for(lambda waiting: waiting == 0)
    memory = _most_memory()
    network.stage(FaultPlan(down=True))
    poison_at = set(cashier.chance.sample(range(orders.sales), orders.poison))
    poison = []
    for number in range(orders.sales):
        sale_id, _ = cashier.sell(poison=number in poison_at)
        if number in poison_at:
            poison.append(sale_id)
    network.stage(FAR_AWAY)
    till.workshop().lookup.program()  # whoever serves notices that the network is back
    seconds, draining = _drain(cashier, queue, orders)
    growth = (_most_memory() - memory) / MEGABYTE
    posts = orders.sales + len(draining)
    return Answer(posts, seconds, growth, empty, draining, 0, poison)


def _drain(cashier: Cashier, queue: Queue, orders: Orders) -> tuple[float, list[float]]:
    """Wait until the queue is empty, selling meanwhile; return its seconds and the commits' milliseconds."""
    start = queue.wait_for(lambda waiting: waiting < orders.sales)
    started = time.monotonic()
    draining: list[float] = []
    every = max(start // (orders.timed + 1), 1)
    left = start
    while len(draining) < orders.timed and left > every:
        # Many moments of the drain; the cashier sells on top of what is drained.
        goal = start - every * (len(draining) + 1)
        left = queue.wait_for(partial(ge, max(goal, 0) + len(draining)))
        draining.append(cashier.sell()[1])
    queue.wait_for(lambda waiting: waiting == 0)
    return time.monotonic() - started, draining


def _most_memory() -> int:
    """Return the most bytes this process has been resident with."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Queue:
    """How many sales wait, asked for as seldom as a person would not notice."""

    def __init__(self, till: bootstrap.Till) -> None:
        self._journal = data_folder.existing_journal(till.folder, till.settings.till)
        self._pause = threading.Event()

    def wait_for(self, holds: Callable[[int], bool]) -> int:
        """Return how many wait once this holds of their number."""
        end = time.monotonic() + MOST_SECONDS
        while not holds(waiting := self.waiting()):
            if time.monotonic() > end:
                raise TimeoutError(f"{waiting} sales still wait")
            self._pause.wait(LOOK_SECONDS)
        return waiting

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    def waiting(self) -> int:
        """Return how many effects are to be posted."""
        assert isinstance(self._journal, SqliteJournal)
        with self._journal.database.reading() as connection:
            row = connection.execute(
                "SELECT count(*) FROM effect WHERE state IN ('waiting', 'sending', 'unknown')"
            ).fetchone()
        assert row is not None
        return int(str(row[0]))


class Network:
    """The line to the server, as staged there."""

    def __init__(self, orders: Orders) -> None:
        self._address, self._token = orders.address, Secret(orders.token)

    def stage(self, plan: FaultPlan) -> None:
        """Stage these faults instead of any before."""
        stage(self._address, self._token, plan)


if __name__ == "__main__":
    main(sys.argv[1])
