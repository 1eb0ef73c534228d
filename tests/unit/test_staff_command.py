"""`cashier-cli staff`, with PINs from open files; and what the diagnosis says of it all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cashier_app import staff_opening
from cashier_app.command_line import doctor
from cashier_app.command_line.parser import main, parser
from cashier_app.domain.staff import Role
from cashier_app.errors import KnownError
from cashier_app.examining.shop import staff
from cashier_app.security.credentials import NoKeyStoreError
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.kept_key import FileKeyStore
from tests.fakes.staff_book import LIGHT, PINS, WRONG

SETTINGS = """
[store]
name = "Corner Shop"
till = "1"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
[backend]
address = "https://loyalty.example"
"""
NEW = "648293"
Ran = tuple[int, str, str]


def opened(text: str) -> str:
    """Return a file descriptor, as an argument, from which this line is read."""
    read, write = os.pipe()
    os.write(write, f"{text}\n".encode())
    os.close(write)
    return str(read)


class Till:
    """A settings file, a data folder and a key store of the test's own."""

    def __init__(self, folder: Path, run: Callable[..., Ran], store: FileKeyStore) -> None:
        self.folder, self.run, self.store = folder, run, store
        self.settings = folder / "till.toml"
        self.settings.write_text(SETTINGS)

    def staff(self, action: str, *options: str, by: str = "", pin: str = "", new_pin: str = "") -> Ran:
        arguments = ["staff", action, *options, "--config", str(self.settings), "--data", str(self.data)]
        if by:
            arguments += ["--by", by, "--pin-fd", opened(pin or PINS[by])]
        if new_pin:
            arguments += ["--new-pin-fd", opened(new_pin)]
        return self.run(*arguments)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def add(self, staff_id: str, role: Role, by: str = "") -> Ran:
        person = (staff_id, "--name", staff_id.title(), "--role", role.value)
        return self.staff("add", *person, by=by, new_pin=PINS[staff_id])

    def staffed(self) -> Till:
        assert self.add("meera", Role.MANAGER)[0] == 0
        assert self.add("asha", Role.CASHIER, by="meera")[0] == 0
        return self

    def listed(self) -> dict[str, dict[str, object]]:
        code, out, _ = self.staff("list", "--json")
        assert code == 0
        return {person["staff_id"]: person for person in json.loads(out)["staff"]}

    def audit(self) -> str:
        journal = SqliteJournal(self.data / "till.sqlite", "1")
        try:
            with journal.database.reading() as connection:
                rows = connection.execute("SELECT subject, event, detail FROM audit ORDER BY sequence")
                return "\n".join(" ".join(map(str, row)) for row in rows)
        finally:
            journal.close()

    def diagnosis(self) -> str:
        options = parser().parse_args(["doctor", "--config", str(self.settings), "--data", str(self.data)])
        try:
            return next(iter(staff(doctor.patient_of(options)))).words
        except KnownError as error:
            return error.sentence


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Till:
    store = FileKeyStore(tmp_path / "key-store.json")
    monkeypatch.setattr("cashier_app.security.credentials.KeyStore", lambda: store)
    monkeypatch.setattr("cashier_app.security.pins.Cost", lambda: LIGHT)

    def run(*arguments: str) -> Ran:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return Till(tmp_path, run, store)


def test_a_shop_without_staff_says_so(till: Till) -> None:
    assert till.staff("list")[1] == "Nobody signs in at this till.\n"
    assert not till.data.exists(), "looking makes nothing"
    assert till.diagnosis() == "nobody signs in"


def test_the_first_manager_needs_nobody_and_everybody_else_does(till: Till) -> None:
    assert "Add a manager first" in till.add("asha", Role.CASHIER)[2]
    code, out, _ = till.add("meera", Role.MANAGER)
    assert (code, out) == (0, "Added meera  Meera, manager.\n")
    assert till.add("asha", Role.CASHIER)[2] == "Say who does it: --by ID.\n"
    assert till.staff("add", "vikram", "--name", "V", "--role", "supervisor", by="meera", pin=WRONG,
                      new_pin=PINS["vikram"])[2] == "Staff id and PIN do not fit.\n"  # fmt: skip
    assert till.add("asha", Role.CASHIER, by="meera")[0] == 0
    assert till.listed() == {
        "meera": {"staff_id": "meera", "name": "Meera", "role": "manager", "active": True, "has_pin": True,
                  "has_badge": False, "wrong_pins": 0, "locked": False},
        "asha": {"staff_id": "asha", "name": "Asha", "role": "cashier", "active": True, "has_pin": True,
                 "has_badge": False, "wrong_pins": 0, "locked": False},
    }  # fmt: skip
    assert '"by":"Meera (meera)"' in till.audit()


def test_unknown_and_wrong_are_the_same_words(till: Till) -> None:
    till.staffed()
    unknown = till.staff("reset", "asha", by="vikram", pin=WRONG)
    wrong = till.staff("reset", "asha", by="meera", pin=WRONG)
    assert unknown == wrong == (2, "", "Staff id and PIN do not fit.\n")


def test_a_cashier_manages_nobody(till: Till) -> None:
    till.staffed()
    refused = till.staff("reset", "meera", by="asha")
    assert refused == (2, "", "This is not theirs to do. Ask a manager.\n")


def test_people_change_leave_and_come_back(till: Till) -> None:
    till.staffed()
    assert till.staff("change", "asha", by="meera")[0] == 2
    code, out, _ = till.staff("change", "asha", "--role", "supervisor", "--name", "Asha R", by="meera")
    assert (code, out) == (0, "Changed: asha  Asha R, supervisor.\n")
    assert "does not work here" in till.staff("leave", "asha", by="meera")[1]
    assert not till.listed()["asha"]["active"]
    assert "does not work here any more" in till.staff("list")[1]
    assert till.staff("change", "asha", "--back", by="meera")[0] == 0
    assert till.listed()["asha"]["active"]


def test_everybody_changes_their_own_pin_with_the_one_they_have(till: Till) -> None:
    till.staffed()
    assert till.staff("pin", "asha", by="asha", pin=WRONG, new_pin=NEW)[0] == 2
    assert till.staff("pin", "asha", by="asha", new_pin="123456")[2].startswith("This PIN is among the first")
    assert till.staff("pin", "asha", "--not-in", "5 648 293", by="asha", new_pin=NEW)[0] == 2
    assert till.staff("pin", "asha", by="asha", new_pin=NEW)[0] == 0
    assert till.staff("pin", "meera", by="asha", pin=NEW, new_pin=NEW)[0] == 2
    assert till.staff("pin", "asha", by="meera", new_pin=PINS["asha"])[0] == 0


def test_a_badge_is_scanned_not_typed_as_an_argument(till: Till) -> None:
    till.staffed()
    assert till.staff("badge", "asha", "--badge-fd", opened("BADGE-0001"), by="meera")[0] == 0
    assert till.listed()["asha"]["has_badge"]
    assert "has a badge" in till.staff("list")[1]
    assert till.staff("badge", "asha", "--badge-fd", opened(""), by="meera")[2] == "Nothing was scanned.\n"
    assert till.staff("badge", "asha", "--remove", by="meera")[0] == 0
    assert not till.listed()["asha"]["has_badge"]


def locked_out(till: Till, staff_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cashier_app.domain.tries.wait_after", lambda _: 0)
    for _ in range(10):
        till.staff("reset", staff_id, by=staff_id, pin=WRONG)


def test_waits_and_lock_outs_are_said_and_a_manager_ends_them(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.staffed()
    for _ in range(5):
        till.staff("pin", "asha", by="asha", pin=WRONG, new_pin=NEW)
    said = till.staff("pin", "asha", by="asha", new_pin=NEW)[2]
    assert said.startswith("Too many wrong PINs. Wait ")
    locked_out(till, "asha", monkeypatch)
    assert till.staff("pin", "asha", by="asha", new_pin=NEW)[2].endswith("must allow another try.\n")
    assert "locked out until a manager helps: asha" in till.diagnosis()
    assert till.staff("reset", "asha", by="meera")[0] == 0
    assert till.staff("pin", "asha", by="asha", new_pin=NEW)[0] == 0


def test_the_owner_of_the_folder_recovers_only_where_no_manager_can(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.staffed()
    assert "A manager can sign in" in till.staff("reset", "meera", "--recover")[2]
    locked_out(till, "meera", monkeypatch)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    assert "Only the owner" in till.staff("reset", "meera", "--recover")[2]
    monkeypatch.setattr(os, "getuid", lambda: till.data.stat().st_uid)
    assert till.staff("reset", "meera", "--recover")[0] == 0
    assert f"tries reset owner of the data folder ({till.data.stat().st_uid})" in till.audit()
    assert till.staff("reset", "asha", by="meera")[0] == 0


def test_a_lost_key_is_recovered_by_new_pins(till: Till) -> None:
    till.staffed()
    assert till.diagnosis() == "2 may sign in; made up keeps the key of the PINs"
    for name in list(till.store.items()):
        till.store.remove(name)
    lost = till.staff("reset", "asha", by="meera")
    assert lost[0] == 2
    assert "no longer holds this till's key" in lost[2]
    assert till.staff("pin", "meera", "--recover", new_pin=NEW)[0] == 0
    assert till.staff("pin", "asha", by="meera", pin=NEW, new_pin=NEW)[0] == 0
    assert till.staff("pin", "asha", by="asha", pin=NEW, new_pin=PINS["asha"])[0] == 0


def test_the_diagnosis_says_what_is_weak(till: Till) -> None:
    till.store.problem = NoKeyStoreError()
    till.settings.write_text(SETTINGS + '[staff]\npin_digits = 4\nbadge = "badge"\n')
    till.staffed()
    assert till.staff("pin", "asha", by="meera", new_pin="5827")[0] == 0
    assert till.staff("change", "asha", "--role", "supervisor", by="meera")[1].endswith(
        "Run: cashier-cli staff pin asha\n"
    )
    words = till.diagnosis()
    assert "a file in the data folder keeps the key of the PINs; weak" in words
    assert "weak: PINs of 4 digits are allowed" in words
    assert "badges sign in without a PIN" in words
    assert "without a PIN: asha" in words
    (till.data / "pins.key").unlink()
    assert till.diagnosis() == staff_opening.NO_PEPPER
    till.settings.write_text(SETTINGS + "[staff]\nsign_in = false\n")
    till.staff("pin", "meera", "--recover", new_pin=NEW)
    assert "2, sign-in is switched off" in till.diagnosis()


def test_no_pin_is_ever_an_argument_or_shown(till: Till) -> None:
    till.staffed()
    for words in ("--pin", "--new-pin", "--badge"):
        with pytest.raises(SystemExit):
            parser().parse_args(["staff", "pin", "asha", f"{words}=582714"])
    assert not any(PINS["meera"] in text for text in till.staff("list", "--json")[1:])
    assert PINS["meera"] not in till.audit().replace(":", " ").split()


def test_a_loyalty_system_is_set_up_by_a_managers_pin(till: Till) -> None:
    from cashier_app.command_line.staff import manager_for
    from cashier_app.domain.staff import Right

    arguments = ["backend", "add", "contract", "--config", str(till.settings), "--data", str(till.data)]
    assert manager_for(parser().parse_args([*arguments, "--by", "Anybody"]), Right.SET_UP) is None
    till.staffed()
    options = parser().parse_args([*arguments, "--by", "meera", "--pin-fd", opened(PINS["meera"])])
    approval = manager_for(options, Right.SET_UP)
    assert approval is not None
    assert (approval.by, approval.staff_id) == ("Meera (meera)", "meera")
    code, _, said = till.run(*arguments, "--by", "asha", "--pin-fd", opened(PINS["asha"]))
    assert (code, said) == (2, "This is not theirs to do. Ask a manager.\n")
    till.settings.write_text(SETTINGS + "[staff]\nsign_in = false\n")
    assert manager_for(parser().parse_args([*arguments, "--by", "Anybody"]), Right.SET_UP) is None
