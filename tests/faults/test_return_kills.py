"""SIGKILL between the loyalty system's answer and the money: the next till gives it, once."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cashier_app.demo.server import DemoServer
from tests.faults import return_process
from tests.faults.kills import PROCESSES, START_SECONDS, good_tokens
from tests.faults.return_process import NO_NOTE, PATIENCE_SECONDS, Moment, Seen
from tests.faults.till_process import Orders

WAIT_SECONDS = START_SECONDS + 2 * PATIENCE_SECONDS
RANDOM_KILLS, MOST_KILLS, LONGEST_SECONDS = 12, 60, 0.08


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DemoServer]:
    with DemoServer(database=tmp_path / "server.sqlite") as made:
        yield made


def orders_of(server: DemoServer, folder: Path, bug: str = "") -> Orders:
    return Orders(folder, server.base_url, server.token.reveal(), 1, good_tokens(server), bug)


def killed(orders: Orders, moment: Moment, after: float | None = None) -> tuple[str, str, bool]:
    """Let a till die at this moment of a return, or so many seconds after the sale.

    Returns the id and the number of the sale, and whether the till said that the money is to be given.
    """
    parent, child = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=return_process.take_back, args=(orders, moment, child), daemon=True)
    process.start()
    child.close()
    try:
        assert parent.poll(WAIT_SECONDS)
        said, sale_id, number = parent.recv()
        assert said == "sold"
        if after is None:
            assert parent.poll(WAIT_SECONDS)
            told = [parent.recv()]
            while told[-1] != ("here",):
                assert parent.poll(WAIT_SECONDS)
                told.append(parent.recv())
        else:
            told, until = [], time.monotonic() + after
            while parent.poll(max(0, until - time.monotonic())) and time.monotonic() < until:
                told.append(parent.recv())
    finally:
        process.kill()
        process.join()
    with suppress(EOFError, OSError):
        while parent.poll(0):
            told.append(parent.recv())
    parent.close()
    return sale_id, number, ("said",) in told


def seen_by_the_next(orders: Orders, number: str) -> Seen:
    parent, child = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=return_process.come_back, args=(orders, number, child), daemon=True)
    process.start()
    child.close()
    try:
        assert parent.poll(WAIT_SECONDS)
        seen = parent.recv()
        assert isinstance(seen, Seen)
        process.join(WAIT_SECONDS)
        return seen
    finally:
        process.kill()
        process.join()
        parent.close()


EXPECTED = {
    Moment.ASKED: Seen(untold=True, said=False, gives=True, returned=True),
    Moment.ANSWERED: Seen(untold=True, said=False, gives=True, returned=True),
    Moment.SHOWN: Seen(untold=True, said=True, gives=True, returned=True),
    Moment.FINISHED: Seen(untold=False, said=False, gives=False, returned=True),
}


@pytest.mark.parametrize("moment", list(EXPECTED))
def test_the_next_till_says_what_is_to_be_done(server: DemoServer, tmp_path: Path, moment: Moment) -> None:
    orders = orders_of(server, tmp_path / "till")
    sale_id, number, said = killed(orders, moment)
    assert said == (moment in {Moment.SHOWN, Moment.FINISHED})
    assert seen_by_the_next(orders, number) == EXPECTED[moment]
    kinds = [row.kind for row in server.ledger.movements(sale_id=sale_id)]
    assert sorted(kinds) == ["refund", "sale"]


def test_killed_at_any_moment_it_is_booked_once_and_said_once(server: DemoServer, tmp_path: Path) -> None:
    chance, said_before, gone_on = random.Random(9), 0, 0
    for count in range(MOST_KILLS):
        if count >= RANDOM_KILLS and said_before and gone_on:
            break
        # A slow machine takes longer to get there.
        longest = LONGEST_SECONDS * (1 + count / RANDOM_KILLS)
        orders = orders_of(server, tmp_path / "till")
        sale_id, number, said = killed(orders, Moment.ANY, chance.uniform(0, longest))
        seen = seen_by_the_next(orders, number)
        kinds = [row.kind for row in server.ledger.movements(sale_id=sale_id)]
        assert sorted(kinds) == ["refund", "sale"]
        assert seen.returned
        if said:
            # It says so once more only with the word that it was said.
            assert seen.said or not seen.untold
        said_before, gone_on = said_before + said, gone_on + seen.untold
    assert said_before, "some must live to say so"
    assert gone_on, "and some die while it is asked"


def test_a_till_that_notes_nothing_never_gives_the_money(server: DemoServer, tmp_path: Path) -> None:
    """The control: this is what the note keeps from happening."""
    _, number, _ = killed(orders_of(server, tmp_path / "till", NO_NOTE), Moment.ANSWERED)
    seen = seen_by_the_next(orders_of(server, tmp_path / "till"), number)
    assert seen == Seen(untold=False, said=False, gives=False, returned=True)
