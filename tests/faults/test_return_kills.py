"""SIGKILL between the loyalty system's answer and the money: the next till gives it, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app.demo.server import DemoServer
from tests.faults import return_process
from tests.faults.kills import PROCESSES, START_SECONDS, good_tokens
from tests.faults.return_process import NO_NOTE, PATIENCE_SECONDS, Moment, Seen
from tests.faults.till_process import Orders

WAIT_SECONDS = START_SECONDS + 2 * PATIENCE_SECONDS


@pytest.fixture
def server(tmp_path: Path) -> Iterator[DemoServer]:
    with DemoServer(database=tmp_path / "server.sqlite") as made:
        yield made


def orders_of(server: DemoServer, folder: Path, bug: str = "") -> Orders:
    return Orders(folder, server.base_url, server.token.reveal(), 1, good_tokens(server), bug)


def killed(orders: Orders, moment: Moment) -> tuple[str, str]:
    """Let a till die at this moment of a return; return the id and the number of the sale."""
    parent, child = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=return_process.take_back, args=(orders, moment, child), daemon=True)
    process.start()
    child.close()
    try:
        assert parent.poll(WAIT_SECONDS)
        said, sale_id, number = parent.recv()
        assert said == "sold"
        assert parent.poll(WAIT_SECONDS)
        assert parent.recv() == ("here",)
    finally:
        process.kill()
        process.join()
        parent.close()
    return sale_id, number


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


@pytest.mark.parametrize("moment", list(Moment))
def test_the_next_till_says_what_is_to_be_done(server: DemoServer, tmp_path: Path, moment: Moment) -> None:
    orders = orders_of(server, tmp_path / "till")
    sale_id, number = killed(orders, moment)
    assert seen_by_the_next(orders, number) == EXPECTED[moment]
    kinds = [row.kind for row in server.ledger.movements(sale_id=sale_id)]
    assert sorted(kinds) == ["refund", "sale"]


def test_a_till_that_notes_nothing_never_gives_the_money(server: DemoServer, tmp_path: Path) -> None:
    """The control: this is what the note keeps from happening."""
    _, number = killed(orders_of(server, tmp_path / "till", NO_NOTE), Moment.ANSWERED)
    seen = seen_by_the_next(orders_of(server, tmp_path / "till"), number)
    assert seen == Seen(untold=False, said=False, gives=False, returned=True)
