"""`cashier-cli reconcile` and `outbox export` against a real server over a real till's database."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cashier_app.backends.contract import ContractBackend
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.demo.faults import FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.domain.outcome import Applied
from cashier_app.domain.sale import Effect, EffectState, Sale
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.credentials import Secret
from cashier_app.storage.journal import SqliteJournal
from tests.contract.support import SaleMaker
from tests.end_to_end.test_command_line import cli, one_sentence, settings_file

TOKEN = "the-right-token-for-this-test"
NAME, PHONE = "Priya R.", "+919845012210"


class Books:
    """A till's folder beside a running server."""

    def __init__(self, folder: Path, server: DemoServer) -> None:
        token_file = folder / "token"
        token_file.write_text(TOKEN + "\n")
        token_file.chmod(0o600)
        self.folder = folder / "till"
        self.folder.mkdir()
        self.server = server
        self.config = settings_file(folder, server.base_url, token_file)
        self.common = ("--config", str(self.config), "--data", str(self.folder))

    def commit(self, *, posted: bool, there: bool, stuck: str = "") -> Effect:
        """Make one sale with its effect in these states."""
        now = datetime.now(UTC)
        maker = SaleMaker(now)
        made = maker.sale()
        sale = Sale(
            maker.sale_id, "", made.member_id, NAME, None, made.bill, made.discount, made.paid,
            made.points, made.points, now, made.program_version,
        )  # fmt: skip
        journal = SqliteJournal(self.folder / JOURNAL_FILE, "2")
        backend = ContractBackend(self.server.base_url, Secret(TOKEN))
        try:
            journal.commit_sale(sale, [made])
            outcome = backend.apply(made) if there else None
            booked = outcome.booked if isinstance(outcome, Applied) else None
            assert there == (booked is not None)
            if posted or stuck:
                journal.move(made.key, EffectState.SENDING, answer="", at=now)
                state = EffectState.NEEDS_ATTENTION if stuck else EffectState.POSTED
                journal.move(made.key, state, answer=stuck or "posted", at=now, booked=booked)
        finally:
            backend.close()
            journal.close()
        return made

    def settle(self, made: Effect, truth: Truth) -> None:
        """Settle an effect by hand."""
        journal = SqliteJournal(self.folder / JOURNAL_FILE, "2")
        word = Settlement(made.key, truth, "Manager Asha", f"rang {PHONE}", datetime.now(UTC))
        assert journal.settle_by_hand(word)
        journal.close()


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    with DemoServer(token=Secret(TOKEN)) as server:
        yield Books(tmp_path, server)


def test_books_that_agree(books: Books) -> None:
    books.commit(posted=True, there=True)
    done = cli("reconcile", *books.common, "--json")
    found = json.loads(done.stdout)
    assert (found["sales"], found["agree"], found["findings"], done.returncode) == (1, 1, [], 0)
    assert "both books agree" in cli("reconcile", *books.common).stdout


def test_each_difference_has_a_sentence_and_an_action(books: Books) -> None:
    missing = books.commit(posted=True, there=False)
    refused = books.commit(posted=False, there=False, stuck="not_allowed")
    found_there = books.commit(posted=False, there=True, stuck="looked up often, never answered")
    books.commit(posted=False, there=False)
    before = (books.folder / JOURNAL_FILE).read_bytes()
    done = cli("reconcile", *books.common, "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert {(one["key"], one["kind"], one["action"]) for one in found["findings"]} == {
        (missing.key, "only here", "send again"),
        (refused.key, "only here", "settle by hand"),
        (found_there.key, "only there", "look up"),
    }
    assert found["under_way"] == 1
    text = cli("reconcile", *books.common).stdout
    assert "posted here, and not booked there" in text
    assert NAME not in done.stdout + text
    assert (books.folder / JOURNAL_FILE).read_bytes() == before


def test_a_day_can_be_named(books: Books) -> None:
    books.commit(posted=True, there=True)
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    assert json.loads(cli("reconcile", "--since", tomorrow, *books.common, "--json").stdout)["sales"] == 0
    assert "is not a day" in one_sentence(cli("reconcile", "--since", "yesterday", *books.common))


def test_a_backend_that_is_away_is_no_agreement(books: Books) -> None:
    for _ in range(4):
        books.commit(posted=True, there=True)
    books.server.faults.stage(FaultPlan(down=True))
    done = cli("reconcile", *books.common, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["stopped"] == "no answer"


def test_export(books: Books, tmp_path: Path) -> None:
    waiting = books.commit(posted=False, there=False)
    stuck = books.commit(posted=False, there=False, stuck="=cmd|' /C calc'!A0")
    settled = books.commit(posted=False, there=False, stuck="other")
    books.settle(settled, Truth.NOT_BOOKED)
    table = tmp_path / "queue.csv"
    done = cli("outbox", "export", str(table), *books.common, "--bom", "--json")
    assert (json.loads(done.stdout)["effects"], done.returncode) == (3, 0)
    assert table.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert {(row["key"], row["state"], row["settled"]) for row in rows} == {
        (waiting.key, "waiting", ""),
        (stuck.key, "needs attention", ""),
        (settled.key, "dropped", "not booked"),
    }
    assert {row["last_answer"] for row in rows} == {
        "",
        "'=cmd|' /C calc'!A0",
        "settled by hand: not booked",
    }
    assert "there already" in one_sentence(cli("outbox", "export", str(table), *books.common))
    document = tmp_path / "queue.json"
    assert cli("outbox", "export", str(document), *books.common).returncode == 0
    for text in (table.read_text(encoding="utf-8"), document.read_text(encoding="utf-8")):
        assert not [secret for secret in (NAME, "Priya", "Asha", PHONE, "mem-priya") if secret in text]
    assert one_sentence(cli("outbox", "export", str(tmp_path / "queue.txt"), *books.common))
