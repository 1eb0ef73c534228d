"""`cashier-cli` as people and scripts use it: right answers, one sentence and exit code 2 for nonsense."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cashier_app.bootstrap import Till
from cashier_app.config import till_settings
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.demo.server import DemoServer
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.paths import resources
from cashier_app.ports.credentials import Secret
from cashier_app.storage.database import Database

PHONE = "9845012210"
PICTURE = resources() / "demo" / "wallet-priya.jpg"


def cli(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "cashier_app", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)


def settings_file(folder: Path, address: str, token_file: Path) -> Path:
    path = folder / "till.toml"
    path.write_text(
        '[store]\nname = "Marigold Stores"\ntill = "2"\nregion = "IN"\ncurrency = "INR"\ndecimals = 2\n'
        'locale = "en_IN"\ntime_zone = "Asia/Kolkata"\n'
        f'[backend]\naddress = "{address}"\ntoken_file = "{token_file}"\n'
    )
    return path


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line a refusal consists of."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_decode_names_text_symbology_and_corners() -> None:
    done = cli("decode", str(PICTURE), "--json")
    (found,) = json.loads(done.stdout)["pictures"][0]["symbols"]
    assert (found["text"], found["symbology"]) == ("LC1:PRYA7K2M4Q9XW3TB", "QR Code")
    assert len(found["corners"]) == 4
    assert all(0 < x < 1280 and 0 < y < 960 for x, y in found["corners"])
    assert done.returncode == 0


def test_decode_goes_on_after_a_picture_that_cannot_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    done = cli("decode", str(broken), str(PICTURE), "--json")
    first, second = json.loads(done.stdout)["pictures"]
    assert "error" in first
    assert second["symbols"]
    assert done.returncode == 2


def test_decode_refuses_a_gigabyte_without_reading_it(tmp_path: Path) -> None:
    huge = tmp_path / "huge.png"
    with huge.open("wb") as file:
        file.truncate(2**30)
    assert "large" in one_sentence(cli("decode", str(huge)))


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"<svg/>", b"\xff\xd8\xff\xe0\0\x10JFIF"])
def test_decode_says_what_is_no_picture(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.jpg"
    file.write_bytes(content)
    assert one_sentence(cli("decode", str(file)))


SHOP_WITH_RANGES = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "https://loyalty.example/api"

[[codes.numbers]]
prefix = "29"
lengths = [13]
check = "ean"
"""


def test_identify_reads_nul_bytes_from_input_without_harm() -> None:
    done = cli("identify", "-", "--json", stdin="98450\x0012210")
    assert json.loads(done.stdout)["reason"] == "control characters"
    assert done.returncode == 2


def test_identify_tells_a_phone_from_a_card_number() -> None:
    assert json.loads(cli("identify", PHONE, "--json").stdout)["e164"] == "+919845012210"
    card = cli("identify", "4111111111111111", "--json")
    assert json.loads(card.stdout)["reason"] == "payment card"
    assert "4111" not in card.stdout + card.stderr


def test_identify_prints_no_whole_number_for_people() -> None:
    assert cli("identify", PHONE).stdout == "phone number +91 ••••• ••210\n"


def test_identify_knows_the_age_of_a_rotating_code_and_the_shops_own_rules(tmp_path: Path) -> None:
    old = cli("identify", "LR1:PRYA7K2M4Q9XW3TB:tp2y2o:00000000", "--json", "--demo")
    assert json.loads(old.stdout)["changing"]["made_at"].startswith("2026-11-25T")
    settings = tmp_path / "till.toml"
    settings.write_text(SHOP_WITH_RANGES, encoding="utf-8")
    shown = cli("identify", "2912345678906", "--scanned", "--config", str(settings))
    assert shown.stdout == "member number 2912•••••8906\n"
    wrong = cli("identify", "2912345678905", "--scanned", "--config", str(settings))
    assert (wrong.returncode, wrong.stdout) == (
        2,
        "check digit: Check the number. A digit is wrong. Compare it with the card.\n",
    )


def test_quote_gives_the_figures_of_the_screen() -> None:
    done = cli("quote", "--demo", "--bill", "2,360.00", "--member", PHONE, "--json")
    answer = json.loads(done.stdout)
    assert answer["discount"]["minor"] == 20000
    assert answer["points_used"] == "200"
    assert answer["to_pay"]["minor"] == 216000
    assert answer["earns"] == "21"
    assert answer["balance_after"] == "1061"
    assert answer["reasons"] == [
        "Capped at ₹200 on bills under ₹2,500",
        "₹140 more on the bill unlocks ₹50 more",
    ]


def test_quote_takes_the_member_from_input_so_that_no_phone_is_on_the_command_line() -> None:
    done = cli("quote", "--demo", "--bill", "2360", "--member", "-", "--json", stdin=PHONE + "\n")
    assert json.loads(done.stdout)["points_used"] == "200"


@pytest.mark.parametrize(
    "arguments",
    [
        ("quote", "--demo", "--bill=-5", "--member", PHONE),
        ("quote", "--demo", "--bill", "0", "--member", PHONE),
        ("quote", "--demo", "--bill", "1e999", "--member", PHONE),
        ("quote", "--demo", "--bill", "9" * 5000, "--member", PHONE),
        ("quote", "--demo", "--bill", "1.234,5678", "--member", PHONE),
        ("quote", "--demo", "--bill", "2360", "--member", "9000000001"),
        ("quote", "--demo", "--bill", "2360", "--member", "4111111111111111"),
        ("quote", "--demo", "--bill", "2360", "--member", "x" * 5000),
        ("outbox", "show", "2-9999", "--demo", "--data", "/nonexistent/nowhere"),
        ("outbox", "send", "--demo"),
        ("demo-server", "--port", "99999"),
        ("demo-server", "--port", "-1"),
        ("nonsense",),
        (),
        ("quote", "--bill", "1"),
        ("sign-in", "--demo"),
    ],
)
def test_nonsense_gets_one_sentence(arguments: tuple[str, ...]) -> None:
    assert one_sentence(cli(*arguments))


def test_a_wrong_token_is_said_plainly_and_not_shown(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("not-the-right-token\n")
    token_file.chmod(0o600)
    with DemoServer() as server:
        config = settings_file(tmp_path, server.base_url, token_file)
        done = cli("quote", "--config", str(config), "--bill", "2360", "--member", PHONE)
    assert "token" in one_sentence(done)
    assert "not-the-right-token" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml [",
        "[store]\nname = 1\n",
        "\0",
        '[store]\nname = "x"\nunknown = 1\n',
        "a = '" + "x" * 100_000 + "'",
    ],
)
def test_a_corrupt_config_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    config = tmp_path / "till.toml"
    config.write_text(text)
    assert "till.toml" in one_sentence(cli("outbox", "list", "--config", str(config)))
    assert config.read_text() == text


def test_outbox_lists_shows_and_sends_what_waits(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("the-right-token-for-this-test\n")
    token_file.chmod(0o600)
    folder = tmp_path / "till"
    with DemoServer(token=Secret("the-right-token-for-this-test")) as server:
        config = settings_file(tmp_path, server.base_url, token_file)
        sale_id = _sale_made_offline(folder)
        common = ("--config", str(config), "--data", str(folder), "--json")
        listed = json.loads(cli("outbox", "list", *common).stdout)
        assert listed["waiting"] == 1
        number = listed["sales"][0]["number"]
        shown = json.loads(cli("outbox", "show", number, *common).stdout)
        assert shown["effects"][0]["key"] == f"{sale_id}-sale-1"
        sent = cli("outbox", "send", *common)
        assert json.loads(sent.stdout) == {"sent": 1, "left": 0}
        assert [movement.kind for movement in server.ledger.movements(sale_id=sale_id)] == ["sale"]
    assert json.loads(cli("outbox", "list", *common).stdout)["waiting"] == 0


def test_outbox_names_a_damaged_database_and_keeps_it(tmp_path: Path) -> None:
    damaged = tmp_path / JOURNAL_FILE
    damaged.write_bytes(b"SQLite format 3\0" + os.urandom(5000))
    before = damaged.read_bytes()
    assert one_sentence(cli("outbox", "list", "--demo", "--data", str(tmp_path)))
    assert damaged.read_bytes() == before


def test_doctor_finds_the_demo_shop_healthy() -> None:
    done = cli("doctor", "--demo", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, found
    assert {
        "packages",
        "system_libraries",
        "display",
        "scanner",
        "data_folder",
        "key_store",
        "backend",
    } <= set(found)


def test_doctor_notices_an_audit_log_that_was_changed(tmp_path: Path) -> None:
    _sale_made_offline(tmp_path)
    common = ("doctor", "--demo", "--data", str(tmp_path), "--json")
    assert json.loads(cli(*common).stdout)["audit_log"]["ok"]
    database = Database(tmp_path / JOURNAL_FILE)
    with database.writing() as connection:
        connection.execute("UPDATE audit SET detail = 'other' WHERE sequence = 1")
    database.close()
    found = json.loads(cli(*common).stdout)
    assert not found["audit_log"]["ok"]
    assert "row 1" in found["audit_log"]["words"]


def test_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("x-token\n")
    token_file.chmod(0o644)
    config = settings_file(tmp_path, "https://127.0.0.1:9", token_file)
    done = cli("doctor", "--config", str(config), "--data", str(tmp_path / "data"), "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 2
    assert not found["ok"]
    if sys.platform != "win32":
        assert "owner" in found["key_store"]["words"]
    assert not found["backend"]["ok"]


def test_the_demo_server_runs_alone_and_ends_when_asked(tmp_path: Path) -> None:
    token_file = tmp_path / "token"
    command = [sys.executable, "-m", "cashier_app", "demo-server", "--token-file", str(token_file)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        config = settings_file(tmp_path, address, token_file)
        done = cli("quote", "--config", str(config), "--bill", "2360", "--member", PHONE, "--json")
        assert json.loads(done.stdout)["points_used"] == "200"
    finally:
        server.terminate()
        server.communicate(timeout=10)


def test_the_demo_server_serves_any_program(tmp_path: Path) -> None:
    token_file, program = tmp_path / "token", tmp_path / "mine.toml"
    rule = 'redemption = [{ conversion = { points = 1, value = "0.10" } }]'
    program.write_text(f'currency = "INR"\n{rule}\n', encoding="utf-8")
    command = [sys.executable, "-m", "cashier_app", "demo-server", "--program", str(program)]
    server = subprocess.Popen([*command, "--token-file", str(token_file)], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        config = settings_file(tmp_path, server.stdout.readline().strip(), token_file)
        done = cli("quote", "--config", str(config), "--bill", "2360", "--member", PHONE, "--json")
        answer = json.loads(done.stdout)
        assert (answer["points_used"], answer["discount"]["minor"]) == ("1240", 12400)
    finally:
        server.terminate()
        server.communicate(timeout=10)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('currency = "INR"\nredemption = 3\n', "redemption is 3"),
        ('currency = "XYZ"\n', "currency"),
        ("", "currency"),
    ],
)
def test_a_program_that_makes_no_sense_is_not_served(tmp_path: Path, text: str, said: str) -> None:
    program = tmp_path / "mine.toml"
    program.write_text(text, encoding="utf-8")
    done = cli("demo-server", "--program", str(program))
    assert done.returncode == 2
    assert said in done.stderr
    assert "mine.toml" in done.stderr
    assert "Traceback" not in done.stderr


def _sale_made_offline(folder: Path) -> str:
    """Commit a sale on a till whose backend cannot be reached, and return its id."""
    from cashier_app.bootstrap import contract_backend
    from cashier_app.domain.identifier import PhoneNumber
    from cashier_app.domain.member import Way
    from cashier_app.domain.money import Money
    from cashier_app.services.ticket import Ticket, new_sale_id

    settings = till_settings(DEMO_CONFIG)
    till = Till(settings, folder, lambda: contract_backend("http://127.0.0.1:9", Secret("none")))
    try:
        ticket = Ticket(
            sale_id=new_sale_id(),
            member=None,
            identifier=PhoneNumber("+919845012210"),
            way=Way.PHONE,
            bill=Money(50_000, settings.currency),
            quote=None,
        )
        till.workshop().checkout.commit(ticket)
    finally:
        till.close()
    assert Database(folder / JOURNAL_FILE)
    return ticket.sale_id
