"""Whatever breaks between a till and the ledger: nothing is lost or doubled, and all of it is noticed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from cashier_app.errors import KnownError
from cashier_app.ledger.connecting import LedgerAddress
from cashier_app.ledger.line import PostgresLine
from cashier_app.ports.credentials import Secret
from cashier_app.ports.ledger import FeedState, LedgerAwayError, LedgerRefusedError, ToldMovement
from cashier_app.services.ledger_delivery import LedgerDelivery, LedgerSender
from tests.fakes.answer_thief import HOST, AnswerThief
from tests.fakes.chain_till import ChainTill
from tests.fakes.killed_till import MarkedSentFirst
from tests.fakes.ledger_truth import wrongs
from tests.fakes.ledgers import Ledger
from tests.fakes.postgres_server import PASSWORDS, TILL, PostgresServer, temporary_folder

KNOWS_ITS_END = "SELECT * INTO mine FROM feed WHERE installation = line FOR UPDATE;"
FULL_DISK = """
CREATE FUNCTION ledger.full() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER fills BEFORE INSERT ON ledger.day_time EXECUTE FUNCTION ledger.full()
"""
START = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[ChainTill]:
    opened = ChainTill(tmp_path / "till", "Jayanagar", "2", random.Random(7))
    yield opened
    opened.journal.close()


@pytest.fixture
def thief(ledger: Ledger) -> Iterator[AnswerThief]:
    with closing(AnswerThief(ledger.server.port)) as opened:
        yield opened


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """Return a server this test may kill."""
    server = PostgresServer(temporary_folder(), ("synchronous_commit=on",))
    server.create()
    server.start()
    server.make_template()
    yield server
    server.remove()


def through(thief: AnswerThief, ledger: Ledger, seconds: float = 10.0) -> PostgresLine:
    address = LedgerAddress(
        f"postgresql://{TILL}@{HOST}:{thief.port}/{ledger.name}?sslmode=disable",
        password=Secret(PASSWORDS[TILL]),
    )
    return PostgresLine(lambda: address, seconds)


def killed(till: ChainTill, ledger: Ledger, after: str, times: int, kind: str = "right") -> bool:
    """Deliver in a process that kills itself; say whether it came that far."""
    address = ledger.address(TILL).url
    command = [sys.executable, "-m", "tests.fakes.killed_till", till.folder, till.store, till.number, address]
    done = subprocess.run([*command, after, str(times), kind], capture_output=True, check=False)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode != 0


@pytest.mark.parametrize(
    ("after", "times"),
    [("before append", 0), ("before append", 3), ("append", 0), ("append", 4), ("confirm", 2), ("fill", 3)],
)
def test_a_till_killed_on_the_way(till: ChainTill, ledger: Ledger, after: str, times: int) -> None:
    at = till.live(START, 40)
    till.delivery(ledger.line()).prepare()
    till.live(at, 15)
    till.journal.close()
    assert killed(till, ledger, after, times)
    till.reopen()
    till.deliver(ledger.line())
    assert wrongs(ledger, [till]) == []
    assert len(ledger.run("SELECT 1 FROM ledger.feed")) == 1, "the line went on where it was"


def test_a_till_that_marks_sent_first_is_found_out(till: ChainTill, ledger: Ledger) -> None:
    till.delivery(ledger.line()).prepare()
    till.live(START, 40)
    till.journal.close()
    assert killed(till, ledger, "before append", 2, "marked sent first")
    till.reopen()
    delivery = MarkedSentFirst(ledger.line(), till.journal, till.store, till.number)
    with pytest.raises(KnownError):
        _all_steps(delivery)
    delivery.close()
    assert wrongs(ledger, [till]) != []


def test_an_answer_lost_after_the_commit(till: ChainTill, ledger: Ledger, thief: AnswerThief) -> None:
    till.delivery(ledger.line()).prepare()
    till.live(START, 30)
    waiting = till.journal.ledger_queue().waiting
    delivery = till.delivery(through(thief, ledger))
    delivery._is_known = False
    state = till.journal.feed_state()
    assert state is not None
    delivery._ledger.end_of(state)
    delivery._is_known = True
    thief.arm()
    with pytest.raises(LedgerAwayError):
        delivery.step()
    assert thief.stolen == 1
    assert till.journal.ledger_queue().waiting == waiting, "nothing is let go of unheard"
    assert ledger.run("SELECT last_sequence FROM ledger.feed")[0]["last_sequence"] == waiting
    _all_steps(delivery)
    delivery.close()
    assert wrongs(ledger, [till]) == []


def test_a_batch_delivered_twice_counts_once(till: ChainTill, ledger: Ledger) -> None:
    till.delivery(ledger.line()).prepare()
    till.live(START, 30)

    class Twice(PostgresLine):
        def append(self, state: FeedState, movements: Sequence[ToldMovement]) -> int:
            super().append(state, movements)
            return super().append(state, movements)

    till.deliver(Twice(lambda: ledger.address(TILL)))
    assert wrongs(ledger, [till]) == []


def test_without_the_ledgers_own_count_repeats_are_found_out(till: ChainTill, ledger: Ledger) -> None:
    """A planted bug: no unique key, and the function forgets how far the line is."""
    _change(ledger, "append", KNOWS_ITS_END, f"{KNOWS_ITS_END} mine.last_sequence := first_sequence - 1;")
    ledger.run("ALTER TABLE ledger.movement DROP CONSTRAINT movement_feed_id_sequence_day_key")
    _change(ledger, "add_figures", "feed_id = line AND", "booked_at = now() AND feed_id = line AND")
    till.delivery(ledger.line()).prepare()
    till.live(START, 30)

    class Twice(PostgresLine):
        def append(self, state: FeedState, movements: Sequence[ToldMovement]) -> int:
            super().append(state, movements)
            return super().append(state, movements)

    till.deliver(Twice(lambda: ledger.address(TILL)))
    assert any("not the sum of the tills' own" in word for word in wrongs(ledger, [till]))


def test_the_unique_key_alone_keeps_a_repeat_out(till: ChainTill, ledger: Ledger) -> None:
    """Should the function ever forget how far the line is, the table still knows."""
    _change(ledger, "append", KNOWS_ITS_END, f"{KNOWS_ITS_END} mine.last_sequence := first_sequence - 1;")
    till.delivery(ledger.line()).prepare()
    till.live(START, 10)
    state, line = till.journal.feed_state(), ledger.line()
    assert state is not None
    movements = till.journal.next_movements(50)
    line.append(state, movements)
    with pytest.raises(LedgerRefusedError):
        line.append(state, movements)
    line.close()


def test_rollups_outside_the_transaction_are_found_out(till: ChainTill, ledger: Ledger) -> None:
    """A planted bug: the roll-up is left for later, and later never comes."""
    _change(ledger, "append", "PERFORM add_figures", "-- PERFORM add_figures")
    till.delivery(ledger.line()).prepare()
    till.live(START, 10)
    till.deliver(ledger.line())
    found = wrongs(ledger, [till])
    assert any("roll-ups are not what the movements come to" in word for word in found)
    assert any("are not what their movements come to" in word for word in found)


def test_a_server_killed_in_the_middle_of_a_transaction(till: ChainTill, own_server: PostgresServer) -> None:
    own_server.new_database("chain")
    ledger = Ledger(own_server, "chain")
    till.delivery(ledger.line()).prepare()
    at = till.live(START, 30)
    line = ledger.line()
    delivery = till.delivery(line)
    state = till.journal.feed_state()
    assert state is not None
    line.end_of(state)
    _change(ledger, "add_firsts", "IF came IS NULL", "PERFORM pg_sleep(60); IF came IS NULL")
    stopped: list[BaseException] = []
    thread = threading.Thread(target=_collecting(stopped, delivery.step))
    thread.start()
    _wait_for(lambda: bool(ledger.run("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")))
    own_server.stop(signal.SIGQUIT)
    thread.join()
    assert isinstance(stopped[0], LedgerAwayError)
    with pytest.raises(LedgerAwayError):
        delivery.step()
    till.live(at, 5)
    own_server.start()
    _change(ledger, "add_firsts", "PERFORM pg_sleep(60); ", "")
    assert ledger.movements() == [], "a half transaction left nothing"
    _all_steps(delivery)
    delivery.close()
    assert wrongs(ledger, [till]) == []


def test_a_wrong_password(till: ChainTill, ledger: Ledger) -> None:
    url = ledger.address(TILL).url
    wrong = PostgresLine(lambda: LedgerAddress(url, password=Secret("made-up-wrong-word")))
    till.delivery(wrong).prepare()
    till.live(START, 5)
    with pytest.raises(LedgerRefusedError, match="does not let this till in") as refusal:
        till.deliver(wrong)
    assert "made-up-wrong-word" not in f"{refusal.value.sentence}{refusal.value.detail}"
    assert till.journal.ledger_queue().waiting > 0


def test_nobody_there(till: ChainTill) -> None:
    away = PostgresLine(lambda: LedgerAddress("postgresql://till@127.0.0.1:1/ledger"))
    with pytest.raises(LedgerAwayError, match="cannot be reached"):
        till.deliver(away)


def test_no_password_at_all(till: ChainTill, ledger: Ledger) -> None:
    url = ledger.address(TILL).url
    with pytest.raises(LedgerRefusedError, match="does not let this till in"):
        till.deliver(PostgresLine(lambda: LedgerAddress(url)))


@pytest.mark.parametrize(
    ("fault", "healed", "sentence"),
    [
        (
            "ALTER DATABASE {} SET default_transaction_read_only = on",
            "ALTER DATABASE {} RESET default_transaction_read_only",
            "read-only",
        ),
        (FULL_DISK, "DROP FUNCTION ledger.full CASCADE", "no room left"),
        (
            "INSERT INTO ledger.migration (version, name) VALUES (99, 'later')",
            "DELETE FROM ledger.migration WHERE version = 99",
            "newer version",
        ),
        (
            "REVOKE EXECUTE ON FUNCTION ledger.append FROM ledger_till",
            "GRANT EXECUTE ON FUNCTION ledger.append TO ledger_till",
            "does not allow this",
        ),
        ("ALTER SCHEMA ledger RENAME TO gone", "ALTER SCHEMA gone RENAME TO ledger", "is not set up"),
    ],
)
def test_a_ledger_that_says_no_is_told_when_it_says_yes(
    till: ChainTill, ledger: Ledger, fault: str, healed: str, sentence: str
) -> None:
    till.delivery(ledger.line()).prepare()
    till.live(START, 20)
    ledger.run(fault.format(ledger.name))
    with pytest.raises(LedgerRefusedError, match=sentence):
        till.deliver(ledger.line())
    ledger.run(healed.format(ledger.name))
    till.deliver(ledger.line())
    assert wrongs(ledger, [till]) == []


def test_a_server_that_stands_still_is_given_up(till: ChainTill, ledger: Ledger, thief: AnswerThief) -> None:
    line = through(thief, ledger, seconds=0.3)
    till.delivery(line).prepare()
    till.live(START, 5)
    state = till.journal.feed_state()
    assert state is not None
    line.end_of(state)
    thief.fall_silent()
    with pytest.raises(LedgerAwayError):
        line.append(state, till.journal.next_movements(10))
    line.close()


def test_the_senders_thread_tells_and_ends(till: ChainTill, ledger: Ledger) -> None:
    told = threading.Event()
    sender = LedgerSender(till.delivery(ledger.line()), told.set)
    sender.start()
    till.live(START, 20)
    sender.wake()
    _wait_for(lambda: till.journal.ledger_queue().waiting == 0)
    sender.stop()
    assert wrongs(ledger, [till]) == []
    assert not told.is_set(), "there never was trouble"


def test_stopping_does_not_wait_for_a_server_that_stands_still(
    till: ChainTill, ledger: Ledger, thief: AnswerThief
) -> None:
    sender = LedgerSender(till.delivery(through(thief, ledger, seconds=120.0)))
    sender.start()
    till.sell(START)
    _wait_for(lambda: till.journal.ledger_queue().waiting == 0)
    thief.fall_silent()
    till.sell(START)
    sender.wake()
    sender.stop()
    assert till.journal.ledger_queue().waiting > 0


def test_trouble_is_said_in_one_sentence_and_taken_back(till: ChainTill, ledger: Ledger) -> None:
    changes: list[str] = []
    sender = LedgerSender(
        till.delivery(ledger.line()), lambda: changes.append(sender.delivery.trouble), random.Random(1)
    )
    ledger.run("REVOKE EXECUTE ON FUNCTION ledger.append FROM ledger_till")
    sender.start()
    till.sell(START)
    sender.wake()
    _wait_for(lambda: bool(changes))
    assert sender.delivery.queue().trouble == changes[0]
    assert "does not allow this" in changes[0]
    ledger.run("GRANT EXECUTE ON FUNCTION ledger.append TO ledger_till")
    sender.wake()
    _wait_for(lambda: len(changes) > 1)
    sender.stop()
    assert changes[1] == ""


def _change(ledger: Ledger, function: str, old: str, new: str) -> None:
    body = ledger.run("SELECT pg_get_functiondef(%s::regproc) AS body", f"ledger.{function}")[0]["body"]
    assert old in body
    with psycopg.connect(ledger.server.at(ledger.name), autocommit=True) as connection:
        connection.execute("SET search_path = ledger")
        connection.execute(body.replace(old, new).encode())


def _all_steps(delivery: LedgerDelivery) -> None:
    while delivery.step():
        pass


def _collecting(stopped: list[BaseException], run: Callable[[], object]) -> Callable[[], None]:
    def collect() -> None:
        try:
            run()
        except KnownError as error:
            stopped.append(error)

    return collect


def _wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    given_up = threading.Event()
    timer = threading.Timer(seconds, given_up.set)
    timer.start()
    try:
        while not condition():
            assert not given_up.is_set(), "it never came"
    finally:
        timer.cancel()
        timer.join()
