"""The ledger from the command line, and a whole till that tells it."""

from __future__ import annotations

import io
import json
import random
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from cashier_app.bootstrap import open_till
from cashier_app.command_line.parser import main
from cashier_app.config import read_config
from cashier_app.errors import KnownError
from cashier_app.ledger_opening import set_up
from tests.fakes.chain_till import ChainTill
from tests.fakes.kept_key import FileKeyStore
from tests.fakes.ledgers import Ledger
from tests.fakes.postgres_server import MANAGER, OWNER, TILL, PostgresServer, temporary_folder

START = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
SETTINGS = """
[store]
name = "Jayanagar"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "http://127.0.0.1:9"
token_file = "{token}"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    token = tmp_path / "token"
    token.write_text("made-up-token\n")
    token.chmod(0o600)
    file = tmp_path / "till.toml"
    file.write_text(SETTINGS.format(token=token))
    return file


def with_ledger(settings: Path, ledger: Ledger) -> None:
    socket = f"{ledger.name}?host={ledger.server.folder}"
    with settings.open("a") as file:
        file.write(f'\n[ledger]\nurl = "postgresql://{TILL}@:{ledger.server.port}/{socket}"\n')
        file.write(f'figures_url = "postgresql://{MANAGER}@:{ledger.server.port}/{socket}"\n')


def test_setting_up_an_empty_database(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"{ledger.name}_new"
    ledger.server.new_database(name, "template0")
    try:
        url = f"postgresql://{OWNER}@:{ledger.server.port}/{name}?host={ledger.server.folder}"
        assert main(["ledger", "migrate", url]) == 0
        assert capsys.readouterr().out == "Applied: tables.\nApplied: append.\nApplied: roles.\n"
        assert main(["ledger", "migrate", url, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"applied": []}
        assert main(["ledger", "check", url]) == 0
        assert capsys.readouterr().out == "Everything adds up.\n"
    finally:
        ledger.server.drop_database(name)


def test_an_owner_who_may_make_no_roles_is_told() -> None:
    """On a server where the two roles are not there yet."""
    server = PostgresServer(temporary_folder())
    try:
        server.create()
        server.start()
        with closing(psycopg.connect(server.at("postgres"), autocommit=True)) as connection:
            connection.execute("CREATE ROLE plain LOGIN")
            connection.execute("CREATE DATABASE chain OWNER plain")
        with pytest.raises(KnownError, match="CREATEROLE"):
            set_up(f"postgresql://plain@:{server.port}/chain?host={server.folder}")
    finally:
        server.remove()


def test_what_is_wrong_is_said_and_fails(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    till = ChainTill(tmp_path / "one", "Jayanagar", "2", random.Random(1))
    till.live(START, 10)
    till.deliver(ledger.line())
    till.journal.close()
    ledger.run("UPDATE ledger.day_figure SET bill = bill + 1 WHERE split = 'staff'")
    url = f"postgresql://{OWNER}@:{ledger.server.port}/{ledger.name}?host={ledger.server.folder}"
    assert main(["ledger", "check", url]) == 2
    out = capsys.readouterr().out
    assert "are not what their movements come to" in out
    assert "Jayanagar, till 2: " in out


def test_a_whole_till_tells_its_ledger(
    settings: Path, ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    sold = ChainTill(folder, "Jayanagar", "2", random.Random(1))
    sold.live(START, 30)
    sold.journal.close()
    with_ledger(settings, ledger)
    options = ["--config", str(settings), "--data", str(folder)]
    assert main(["ledger", "status", *options]) == 0
    assert "Movements that wait: 0." in capsys.readouterr().out
    till = open_till(read_config(settings), folder)
    till.workshop()
    waited = 0
    while ledger.recomputed().total.sales < len(sold.sold):
        waited += 1
        assert waited < 2000
    till.close()
    assert main(["stats", "--date", "2026-11-20", "--json", *options]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown
    assert main(["ledger", "status", "--json", *options]) == 0
    assert json.loads(capsys.readouterr().out)["trouble"] == ""


def test_the_password_is_kept_sealed(
    settings: Path,
    ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with_ledger(settings, ledger)
    keys = FileKeyStore(tmp_path / "keys")
    monkeypatch.setattr("cashier_app.security.credentials.KeyStore", lambda: keys)
    monkeypatch.setattr("sys.stdin", io.StringIO("a-made-up-password\n"))
    options = ["--config", str(settings), "--data", str(tmp_path / "data")]
    assert main(["ledger", "sign-in", *options]) == 0
    assert "a-made-up-password" not in capsys.readouterr().out
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir())
    assert b"a-made-up-password" not in kept


def test_without_a_ledger_there_is_nothing_to_sign_in_to(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--config", str(settings), "--data", str(tmp_path / "data")]
    assert main(["ledger", "sign-in", *options]) == 2
    assert main(["ledger", "status", *options]) == 2
    assert "no [ledger] url" in capsys.readouterr().err


def test_a_server_nobody_answers_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "migrate", "postgresql://owner@127.0.0.1:1/ledger"]) == 2
    assert capsys.readouterr().err.startswith("The store's ledger cannot be reached.")
