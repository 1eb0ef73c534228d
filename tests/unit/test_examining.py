"""The doctor: each finding is one sentence that says what to do, and no look is waited for for ever."""

from __future__ import annotations

import hashlib
import os
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import apsw
import msgspec
import pytest
from msgspec.structs import replace

from cashier_app import device_opening
from cashier_app.backends import trust
from cashier_app.config import TillConfig
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.errors import KnownError
from cashier_app.examining import examination, outside, program, shop
from cashier_app.examining.finding import Check, Finding, Patient, State, look_at
from cashier_app.keeping_secrets import Keeper
from cashier_app.ports.credentials import Credentials
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.storage import practice_mark, support_rows
from cashier_app.storage.database import Database
from cashier_app.storage.installation import KEY_COPY, KEY_FILE
from cashier_app.updates_section import UpdatesSection
from cashier_app.updating.updates import Ready

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


def no_secrets() -> Credentials:
    raise KnownError("No secrets here.")


def patient_in(folder: Path, **values: object) -> Patient:
    given: dict[str, object] = {
        "config": lambda: DEMO_CONFIG,
        "settings_file": None,
        "folder": lambda: folder,
        "keeper": Keeper(no_secrets),
        "backend": None,
        "unreal": True,
        **values,
    }
    return Patient(**given)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    return made


def named(findings: Iterator[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


def put_effects(folder: Path, *states: str) -> None:
    Database(folder / "till.sqlite").close()
    with closing(apsw.Connection(str(folder / "till.sqlite"))) as connection:
        for number, state in enumerate(states):
            made = (NOW - timedelta(hours=number + 1)).isoformat()
            connection.execute(
                "INSERT INTO sale (sale_id, state, opened_at) VALUES (?, 'draft', ?)",
                (f"sale {number}", made),
            )
            connection.execute(
                "INSERT INTO effect "
                "(key, sale_id, kind, account_key, body, state, next_attempt_at, last_answer) "
                "VALUES (?, ?, 'sale', '', '{}', ?, ?, ?)",
                (
                    f"key {number}",
                    f"sale {number}",
                    state,
                    made,
                    "balance_too_low" if state == "needs attention" else "",
                ),
            )


# Looking.
def test_a_look_that_hangs_is_given_up() -> None:
    ends = threading.Event()

    def hang(_: Patient) -> list[Finding]:
        ends.wait(20)
        return []

    before = set(threading.enumerate())
    checks = (Check(("one", "two"), hang, 0.05), Check(("three",), lambda _: [Finding("three", "fine")]))
    found = look_at(patient_in(Path()), checks)
    assert [(one.name, one.state) for one in found] == [
        ("one", State.NOTE), ("two", State.NOTE), ("three", State.FINE),
    ]  # fmt: skip
    ends.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(5)


def test_what_is_known_and_what_is_a_bug() -> None:
    def known(_: Patient) -> list[Finding]:
        raise KnownError("The disk is full. Free space.")

    def bug(_: Patient) -> list[Finding]:
        raise ValueError("9876501234")

    found = look_at(patient_in(Path()), (Check(("one",), known), Check(("two",), bug)))
    assert [one.state for one in found] == [State.FAIL, State.FAIL]
    assert found[0].words == "The disk is full. Free space."
    assert found[1].words == "This could not be looked at (ValueError). Call support."


def test_everything_is_looked_at_once_and_named_once(folder: Path) -> None:
    found = examination.examine(patient_in(folder))
    names = [one.name for one in found]
    assert len(names) == len(set(names))
    assert {"program", "settings", "data folder", "permissions", "database", "queue", "certificates"} <= set(
        names
    )
    assert all(finding.words and "\n" not in finding.words for finding in found)


# What of the shop.
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_a_folder_others_can_read_is_told(folder: Path) -> None:
    assert named(iter(shop.folder(patient_in(folder))), "permissions").state is State.FINE
    folder.chmod(0o755)
    found = named(iter(shop.folder(patient_in(folder))), "permissions")
    assert found.state is State.NOTE
    assert found.words.endswith(f"Run: chmod 700 '{folder}'")
    assert found.facts == {"mode": "0o755", "owner": True}


def test_the_queue_says_what_waits_and_for_how_long(folder: Path) -> None:
    assert named(iter(shop.database(patient_in(folder))), "queue").words == "nothing waits"
    put_effects(folder, "waiting", "unknown")
    found = named(iter(shop.database(patient_in(folder))), "queue")
    assert (found.state, found.facts["waiting"], found.facts["needs_attention"]) == (State.FINE, 2, 0)
    look = support_rows.look(folder / "till.sqlite", NOW)
    assert look.oldest == 2 * 3600


def test_what_needs_a_person_is_told(folder: Path) -> None:
    put_effects(folder, "waiting", "needs attention")
    found = named(iter(shop.database(patient_in(folder))), "queue")
    assert found.state is State.NOTE
    assert found.words.startswith("1 effect needs a person: open the queue with F7")
    look = support_rows.look(folder / "till.sqlite", NOW)
    assert look.states == {"sale waiting": 1, "sale needs attention balance_too_low": 1}
    assert {line.refusal for line in look.effects} == {"", "balance_too_low"}


def test_an_older_database_is_left_for_the_till(folder: Path) -> None:
    put_effects(folder)
    with closing(apsw.Connection(str(folder / "till.sqlite"))) as connection:
        connection.execute("PRAGMA user_version=9")
    patient = patient_in(folder)
    found = named(iter(shop.database(patient)), "database")
    assert found.state is State.NOTE
    assert found.words.startswith("of version 9: the next start backs it up")
    assert list(shop.local_state(patient)) == []
    assert next(iter(shop.staff(patient))).state is State.NOTE
    with closing(apsw.Connection(str(folder / "till.sqlite"))) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (9,)


def test_a_newer_database_is_told_in_a_sentence(folder: Path) -> None:
    put_effects(folder)
    with closing(apsw.Connection(str(folder / "till.sqlite"))) as connection:
        connection.execute("PRAGMA user_version=99")
    found = named(iter(shop.database(patient_in(folder))), "database")
    assert found.state is State.FAIL
    assert "newer version" in found.words


def test_a_look_through_a_large_file_ends_in_time(folder: Path) -> None:
    put_effects(folder)
    with closing(apsw.Connection(str(folder / "till.sqlite"))) as connection, connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
            "INSERT INTO audit (at, subject, event, detail, chain) SELECT '', '', '', i, x'00' FROM n"
        )
    found = support_rows.look(folder / "till.sqlite", NOW, seconds=0)
    assert found.pages == "not finished in time"
    assert found.rows["audit"] == 20_000


def test_settings_say_which_file(tmp_path: Path) -> None:
    patient = patient_in(tmp_path, settings_file=tmp_path / "till.toml")
    assert next(iter(shop.settings(patient))).words.endswith(f"from {tmp_path / 'till.toml'}")


def test_a_folder_of_training_is_no_till(folder: Path) -> None:
    practice_mark.mark_folder(folder)
    assert next(iter(shop.training(patient_in(folder)))).state is State.FAIL
    assert next(iter(shop.training(patient_in(folder, training=True)))).state is State.FINE


def test_missing_secrets_are_told(tmp_path: Path) -> None:
    (found,) = look_at(patient_in(tmp_path, unreal=False), (Check(("key store",), shop.secrets),))
    assert (found.state, found.words) == (State.FAIL, "No secrets here.")


def test_a_folder_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    found = {one.name: one for one in examination.examine(patient_in(tmp_path / "far" / "data"))}
    assert found["data folder"].words.startswith("not there yet, the first start makes it")
    assert all(found[name].fine for name in ("data folder", "database", "sales database", "staff"))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "far").write_text("in the way", encoding="utf-8")
    (refused,) = look_at(patient_in(tmp_path / "far" / "data"), (Check(("data folder",), shop.folder),))
    assert refused.state is State.FAIL


def test_a_lost_key_is_not_made_anew_by_looking(folder: Path) -> None:
    put_effects(folder, "waiting")
    for name in (KEY_FILE, KEY_COPY):
        (folder / name).unlink()
    found = {one.name: one for one in examination.examine(patient_in(folder))}
    assert found["sales database"].state is State.FAIL
    assert "key of the sales database is missing" in found["sales database"].words
    assert found["staff"].state is State.NOTE
    assert not {KEY_FILE, KEY_COPY} & {file.name for file in folder.iterdir()}


def test_an_empty_database_is_no_older_one(folder: Path) -> None:
    (folder / "till.sqlite").touch()
    found = {one.name: one for one in shop.database(patient_in(folder))}
    assert found["database"].state is State.FAIL
    assert "is empty" in found["database"].words
    assert (found["audit log"].state, found["queue"].words) == (State.NOTE, "nothing waits")
    (folder / "till.sqlite").unlink()
    (folder / "till.sqlite").mkdir()
    found = {one.name: one for one in shop.database(patient_in(folder))}
    assert "is no file" in found["database"].words


def test_settings_that_cannot_be_read_are_told_once(folder: Path) -> None:
    def broken() -> TillConfig:
        raise KnownError("The settings file is not right.")

    found = examination.examine(patient_in(folder, config=broken, unreal=False))
    assert [one.name for one in found if one.words == "The settings file is not right."] == ["settings"]
    others = {one.name: one.state for one in found if one.words == "not looked at: see the settings"}
    assert set(others) == {"sales database", "staff", "updates"}
    assert set(others.values()) == {State.NOTE}


def till_that_asks(folder: Path, root: Path) -> Patient:
    asks = UpdatesSection(enabled=True, address="https://updates.example.test", root_file=str(root))
    return patient_in(folder, unreal=False, config=lambda: replace(DEMO_CONFIG, updates=asks))


def test_a_new_version_that_lies_here_is_told_with_what_to_do(folder: Path, tmp_path: Path) -> None:
    assert next(iter(shop.updates(patient_in(folder)))).state is State.FINE
    off = patient_in(folder, unreal=False)
    assert next(iter(shop.updates(off))).words == "switched off"
    root = tmp_path / "root.json"
    with pytest.raises(KnownError, match="keys that updates are checked with are missing"):
        list(shop.updates(till_that_asks(folder, root)))
    root.write_text("{}", encoding="utf-8")
    words = next(iter(shop.updates(till_that_asks(folder, root)))).words
    assert words == "asks https://updates.example.test; nothing newer lies here"
    (folder / "updates" / "files").mkdir(parents=True)
    (folder / "updates" / "files" / "till 9.deb").write_bytes(b"a package")
    ready = Ready("9.0.0", "deb-x86_64", "till 9.deb", 9, hashlib.sha256(b"a package").hexdigest())
    (folder / "updates" / "ready.json").write_bytes(msgspec.json.encode(ready))
    found = next(iter(shop.updates(off)))
    assert (found.state, found.facts) == (State.NOTE, {"enabled": False, "ready": "9.0.0"})
    assert found.words.endswith(f"sudo apt install '{folder}/updates/files/till 9.deb'")
    (folder / "updates" / "files" / "till 9.deb").write_bytes(b"A package")
    assert next(iter(shop.updates(off))).words == "switched off", "what was changed here is not ready"


def test_a_computer_without_a_screen_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert next(iter(program.display(patient_in(Path())))).state is State.NOTE


def test_words_of_others_in_a_spell_are_not_told(folder: Path) -> None:
    put_effects(folder)
    at = NOW.isoformat()
    with closing(apsw.Connection(str(folder / "till.sqlite"))) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.execute("INSERT INTO offline_spell VALUES (1, ?, ?, 9, 'Meera Nair')", (at, at))
    assert [one.state for one in support_rows.look(folder / "till.sqlite", NOW).spells] == ["other"]


# What of the installation.
def test_fonts_are_told_by_the_window_only(tmp_path: Path) -> None:
    assert "only the window can tell" in next(iter(program.fonts(patient_in(tmp_path)))).words
    scripts = {"Arabic": True, "Tamil": False}
    found = next(iter(program.fonts(patient_in(tmp_path, scripts=scripts))))
    assert (found.state, found.facts) == (State.NOTE, scripts)
    assert "no font for Tamil" in found.words
    assert next(iter(program.fonts(patient_in(tmp_path, scripts={"Arabic": True})))).state is State.FINE


def test_devices_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_opening, "cameras", lambda: ["Front camera"])
    monkeypatch.setattr(device_opening, "serial_devices", lambda: [SimpleNamespace(device_id="COM3")])
    patient = patient_in(tmp_path)
    assert next(iter(program.cameras(patient))).facts == {"seen": 1}
    assert next(iter(program.serial_scanners(patient))).words == "COM3"
    monkeypatch.setattr(device_opening, "cameras", list)
    assert "plug one in" in next(iter(program.cameras(patient))).words


@pytest.mark.parametrize(
    ("script", "words", "state"),
    [
        ("echo Front; echo Back", "2 set up", State.FINE),
        ("true", "none set up", State.FINE),
        ("exec sleep 30", "does not answer", State.NOTE),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="no lpstat")
def test_printers_are_asked_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str, state: State
) -> None:
    (tmp_path / "lpstat").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "lpstat").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(program, "_PRINTER_SECONDS", 0.3)
    found = next(iter(program.printers(patient_in(tmp_path))))
    assert words in found.words
    assert found.state is state


def test_a_missing_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "PACKAGES", ("apsw", "not-installed-anywhere"))
    found = next(iter(program.packages(patient_in(tmp_path))))
    assert (found.state, found.facts) == (State.FAIL, {"missing": "not-installed-anywhere"})


# What of the world outside.
class Backend:
    """Answers as a test says."""

    def __init__(self, ahead: timedelta | None, *, reachable: bool = True, knows: bool = True) -> None:
        self.clock_ahead, self._reachable, self._knows = ahead, reachable, knows

    def is_reachable(self) -> bool:
        return self._reachable

    def program(self) -> object:
        if not self._knows:
            raise KnownError("The program cannot be read.")
        return SimpleNamespace(name="Marigold", version="1")


def asked(tmp_path: Path, backend: Backend) -> dict[str, Finding]:
    def opened() -> AbstractContextManager[LoyaltyBackend]:
        return cast("AbstractContextManager[LoyaltyBackend]", nullcontext(backend))

    return {one.name: one for one in outside.backend(patient_in(tmp_path, backend=opened))}


def test_a_clock_that_differs_is_told(tmp_path: Path) -> None:
    found = asked(tmp_path, Backend(timedelta(minutes=-7)))
    assert found["backend"].fine
    assert found["clock"].state is State.NOTE
    assert "0:07:00 ahead of" in found["clock"].words
    assert found["clock"].facts == {"ahead_seconds": 420}
    assert asked(tmp_path, Backend(timedelta(seconds=90)))["clock"].state is State.FINE
    assert asked(tmp_path, Backend(None))["clock"].words == "the loyalty system does not say its time"


def test_a_backend_that_does_not_answer_is_told(tmp_path: Path) -> None:
    found = asked(tmp_path, Backend(None, reachable=False))
    assert found["backend"].state is State.FAIL
    assert found["clock"].facts == {"known": False}
    assert asked(tmp_path, Backend(None, knows=False))["backend"].words == "The program cannot be read."


def test_a_system_that_trusts_nobody_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(trust, "tls_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    assert next(iter(outside.certificates(patient_in(tmp_path)))).state is State.FAIL

    def unreadable() -> ssl.SSLContext:
        raise PermissionError

    monkeypatch.setattr(trust, "tls_context", unreadable)
    with pytest.raises(KnownError, match="ca-certificates"):
        list(outside.certificates(patient_in(tmp_path)))
