"""The file for support: no planted person or secret in any part of it, whatever state the till is in."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import socket
import stat
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from cashier_app import support_opening
from cashier_app.command_line.parser import main
from cashier_app.config import read_config
from cashier_app.errors import KnownError
from cashier_app.examining.examination import examine
from cashier_app.examining.finding import Finding, Patient, State
from cashier_app.keeping_secrets import Keeper, credentials_of
from cashier_app.security import redaction
from cashier_app.security.redaction import Redactor, vocabulary
from cashier_app.services.export_files import TRAINING
from cashier_app.services.support_bundle import (
    MOST_IN_ALL,
    MOST_IN_FILE,
    Purpose,
    SupportFile,
    bundled,
    file_name,
    newest,
    packed,
    write_bundle,
)
from cashier_app.storage import practice_mark
from cashier_app.support_opening import collect, patient_of_till
from tests.fakes import planted
from tests.fakes.planted import PLANTED, leaks, unpacked

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    settings, data = planted.plant(tmp_path)
    for name, value in planted.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(socket, "gethostname", lambda: "counter-pc-7")
    return Patient(
        config=lambda: read_config(settings),
        settings_file=settings,
        folder=lambda: data,
        keeper=Keeper(lambda: credentials_of(read_config(settings), data)),
        backend=None,
    )


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    asked: list[object] = []

    def refuse(*arguments: object, **_: object) -> None:
        asked.append(arguments)
        raise AssertionError("nothing may be sent anywhere")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


def bundle_bytes(till: Patient, findings: list[Finding] | None = None) -> bytes:
    return packed(collect(till, NOW, findings=findings))


def test_no_person_and_no_secret_is_in_it(till: Patient, no_network: list[object]) -> None:
    file = bundle_bytes(till)
    assert leaks(file) == {}
    assert no_network == []
    parts = unpacked(file)
    assert set(parts) - {"names"} == {
        "contents.txt", "versions.json", "doctor.json", "settings.json", "choices.json", "queue.json",
        "database.json", "health.json", "last-crash.txt", "logs/till.log", "logs/till.log.1",
        "logs/till.log.3",
    }  # fmt: skip


def test_what_support_needs_is_still_there(till: Patient) -> None:
    parts = unpacked(bundle_bytes(till))
    log = parts["logs/till.log"]
    assert "2026-11-22 10:00:00,123 INFO cashier_app.services.crew: refused for" in log
    assert '  File "cashier_app/services/lookup.py", line 12, in find' in log
    assert "KeyError: 'no account for" in log
    assert "raise" not in log, "lines of source are left out"
    assert "nobody caught this" in parts["last-crash.txt"]
    queue = json.loads(parts["queue.json"])
    assert queue["needs_attention"] == len(PLANTED)
    assert queue["states"] == {"other needs attention other": len(PLANTED)}
    assert {line["refusal"] for line in queue["effects"]} == {"other"}
    assert json.loads(parts["database.json"])["staff"] == {"other": len(PLANTED), "without a PIN": 0}
    assert json.loads(parts["settings.json"])["scanner"]["prefix"] == "set"
    assert json.loads(parts["choices.json"])["camera_chosen"] is True


# Whoever breaks one of these is found by the same search.
def everything(_: object, __: object) -> bool:
    return True


class AnyWord(frozenset[str]):
    def __contains__(self, _: object) -> bool:
        return True


def test_a_redactor_that_lets_every_word_pass_is_caught(
    till: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support_opening, "vocabulary", AnyWord)
    monkeypatch.setattr(support_opening, "known_here", lambda _: set())
    found = leaks(bundle_bytes(till))
    assert {"ANBARASI", "மீரா அன்பரசி", "أحمد الفارسي", "王小明", "Zoë Brontë"} <= set(found)
    assert planted.SECRETS["passphrase"] in found


@pytest.mark.parametrize(
    ("pattern", "caught"),
    [
        ("number", "01 23 45 67 89"),
        ("mail", planted.PLACES["e-mail"]),
        ("address", planted.SECRETS["url"]),
        ("path", planted.PLACES["folder"]),
        ("id", planted.CODES["member id"]),
    ],
)
def test_a_pattern_switched_off_is_caught(
    till: Patient, monkeypatch: pytest.MonkeyPatch, pattern: str, caught: str
) -> None:
    def without(_: object, known: set[str], *, till: str) -> Redactor:
        fewer = {name: form for name, form in redaction.PATTERNS.items() if name != pattern}
        made = Redactor(AnyWord(), (), till=till, patterns=fewer)
        monkeypatch.setattr(made, "_holds", lambda *_, **__: True)
        monkeypatch.setattr(made, "_is_ours", lambda _: True)
        return made

    monkeypatch.setattr(support_opening, "Redactor", without)
    assert caught in leaks(bundle_bytes(till))


def test_a_field_let_through_raw_is_caught(till: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cashier_app.storage.support_rows._refusal", str)
    assert leaks(bundle_bytes(till)).get("Meera Nair") == {"queue.json"}


def test_an_id_let_through_raw_is_caught(till: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support_opening, "alike", str)
    assert "queue.json" in leaks(bundle_bytes(till))["Meera Nair"]


def test_a_setting_let_through_raw_is_caught(till: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    more = {**support_opening.OF_SETTINGS, "store": ("name",)}
    monkeypatch.setattr(support_opening, "OF_SETTINGS", more)
    assert leaks(bundle_bytes(till))["Meera Nair"] == {"settings.json"}


def test_words_of_the_doctor_are_redacted(till: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [Finding(f"one {n}", f"{text} cannot be read", State.FAIL) for n, text in enumerate(PLANTED)]
    assert leaks(bundle_bytes(till, findings)) == {}
    monkeypatch.setattr(Redactor, "text", lambda _, text: text)
    assert {*PLANTED} - {*leaks(bundle_bytes(till, findings))} == set()


# Whatever state the till is in.
def damage(till: Patient) -> None:
    (till.folder() / "till.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff Meera Nair" * 900)


def be_newer(till: Patient) -> None:
    with closing(apsw.Connection(str(till.folder() / "till.sqlite"))) as connection:
        connection.execute("PRAGMA user_version=99")


def be_older(till: Patient) -> None:
    with closing(apsw.Connection(str(till.folder() / "till.sqlite"))) as connection:
        connection.execute("DROP TABLE latency; DROP TABLE offline_spell; PRAGMA user_version=6")


def be_others(till: Patient) -> None:
    path = till.folder() / "till.sqlite"
    path.unlink()
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(
            "PRAGMA application_id=7; CREATE TABLE sale (name); INSERT INTO sale VALUES ('Meera')"
        )


def be_missing(till: Patient) -> None:
    (till.folder() / "till.sqlite").unlink()


def be_half(till: Patient) -> None:
    path = till.folder() / "till.sqlite"
    path.write_bytes(path.read_bytes()[:20_000])


@pytest.mark.parametrize("trouble", [damage, be_newer, be_older, be_others, be_missing, be_half])
def test_it_is_made_whatever_state_the_database_is_in(till: Patient, trouble: object) -> None:
    assert callable(trouble)
    trouble(till)
    path = till.folder() / "till.sqlite"
    before = path.read_bytes() if path.exists() else None
    file = bundle_bytes(till)
    assert leaks(file) == {}
    parts = unpacked(file)
    assert "logs/till.log" in parts
    told = json.loads(parts["database.json"])
    if trouble in {damage, be_newer, be_others, be_half}:
        assert told["trouble"].endswith(".") or told["pages"] == "damaged"
    assert (path.read_bytes() if path.exists() else None) == before, "looking changes nothing"


def test_a_locked_database_is_looked_at_all_the_same(till: Patient) -> None:
    with closing(apsw.Connection(str(till.folder() / "till.sqlite"))) as connection:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM latency")
        parts = unpacked(bundle_bytes(till))
    told = json.loads(parts["database.json"])
    assert told["rows"] or "holds" in told["trouble"]


@pytest.mark.timeout(60)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_or_a_link_in_the_place_of_a_log_is_not_read(till: Patient, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("2026-11-22 10:00:00,123 INFO ui.application: the queue waits\n")
    for name in ("till.log", "till.log.1", "preferences.json"):
        (till.folder() / name).unlink()
    os.mkfifo(till.folder() / "till.log")
    os.mkfifo(till.folder() / "preferences.json")
    (till.folder() / "till.log.1").symlink_to(tmp_path / "elsewhere")
    parts = unpacked(bundle_bytes(till, [Finding("program", "cashier-app")]))
    assert {name for name in parts if name.startswith("logs/")} == {"logs/till.log.3"}
    assert json.loads(parts["choices.json"])["readable"] is False


def test_settings_that_cannot_be_read_are_one_sentence(till: Patient) -> None:
    assert till.settings_file is not None
    till.settings_file.write_text("[store]\nname = 7 # Meera Nair 9876501234\n[Meera]\n", encoding="utf-8")
    file = bundle_bytes(till)
    assert leaks(file) == {}
    assert "is not right" in json.loads(unpacked(file)["settings.json"])["trouble"]


# The file itself.
def test_the_same_till_gives_the_same_bytes(till: Patient) -> None:
    findings = [Finding("program", "cashier-app")]
    assert bundle_bytes(till, findings) == bundle_bytes(till, findings)


def some_files(size: int, count: int = 1) -> list[SupportFile]:
    line = b"a line of a log\n"
    return [SupportFile(f"logs/till.log.{n}", Purpose.LOG, line * (size // len(line))) for n in range(count)]


def test_sizes_are_capped_and_the_newest_is_kept() -> None:
    file = SupportFile("logs/till.log", Purpose.LOG, b"old\n" * 200_000 + b"new\n")
    (_, one) = bundled(NOW, [file], head="").files
    assert one.size <= MOST_IN_FILE
    assert one.content.startswith(b"(what is older was left out)\n")
    assert one.content.endswith(b"old\nnew\n")
    many = bundled(NOW, some_files(600_000, 12), head="")
    assert many.size <= MOST_IN_ALL + many.files[0].size
    assert newest(b"abc\n", 2) == b""


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../b", "a//b", "C:\\x", "a/b/c", "Meera.txt", "", ".x"]
)
def test_no_name_leads_anywhere_else(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        bundled(NOW, [SupportFile(name, Purpose.LOG, b"")], head="")


def test_two_parts_have_two_names() -> None:
    with pytest.raises(ValueError, match="name"):
        bundled(NOW, [*some_files(10), *some_files(10)], head="")


def test_it_is_for_its_owner_only_and_whole(tmp_path: Path) -> None:
    bundle = bundled(NOW, some_files(100), head="head")
    path = tmp_path / "support.zip"
    write_bundle(path, bundle)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["contents.txt", "logs/till.log.0"]
    assert [file.name for file in tmp_path.iterdir()] == ["support.zip"]


def test_what_is_there_stays_unless_asked(tmp_path: Path) -> None:
    bundle = bundled(NOW, some_files(100), head="head")
    path = tmp_path / "support.zip"
    path.write_text("mine")
    with pytest.raises(KnownError, match="there already"):
        write_bundle(path, bundle)
    assert path.read_text() == "mine"
    write_bundle(path, bundle, replace=True)
    assert zipfile.is_zipfile(path)


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KnownError, match=r"^The disk is full"):
        write_bundle(tmp_path / "support.zip", bundled(NOW, some_files(100), head=""))
    assert list(tmp_path.iterdir()) == []


def test_training_says_so(tmp_path: Path, till: Patient) -> None:
    practice = tmp_path / "practice"
    practice.mkdir()
    practice_mark.mark_folder(practice)
    told = Patient(
        config=till.config, settings_file=None, folder=lambda: practice, keeper=till.keeper, backend=None
    )
    parts = unpacked(bundle_bytes(told, [Finding("program", "cashier-app")]))
    assert parts["contents.txt"].startswith(TRAINING)
    for name, text in parts.items():
        assert name == "names" or TRAINING in text, name
        if name.endswith(".json"):
            assert json.loads(text)["mark"] == TRAINING
    assert file_name(NOW, training=True) == "training-cashier-app-support-2026-11-22.zip"


# The command.
def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(("support-bundle", *arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_command_lists_first_and_writes(
    till: Patient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.zip"
    shop = ("--config", str(till.settings_file), "--data", str(till.folder()))
    code, said, _ = run(capsys, "--list", *shop)
    assert (code, target.exists()) == (0, False)
    listed = {found[1] for found in re.finditer(r"^ *\d+  (\S+)", said, re.MULTILINE)} - {"bytes"}
    code, said, _ = run(capsys, str(target), *shop)
    assert code == 0
    assert said.index("contents.txt") < said.index("Written:")
    assert listed == set(zipfile.ZipFile(io.BytesIO(target.read_bytes())).namelist())
    assert leaks(target.read_bytes()) == {}
    code, _, sentence = run(capsys, str(target), *shop)
    assert (code, sentence) == (2, "This file is there already. It was left as it is.\n")


def test_the_command_wants_a_zip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, sentence = run(capsys, str(tmp_path / "out.tar"), "--demo")
    assert (code, sentence) == (2, "The file's name must end in .zip.\n")
    code, _, sentence = run(capsys, "--demo")
    assert code == 2
    assert "--list" in sentence


def test_the_vocabulary_is_made_of_small_words() -> None:
    for word in vocabulary():
        assert re.fullmatch(r"[A-Za-z0-9_]+", word)


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "written"), [("n\n", False), ("\n", False), ("", False), ("y\n", True)])
def test_on_a_terminal_it_asks_after_the_list(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    written: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    monkeypatch.setattr("cashier_app.command_line.support.collect", lambda *_: bundled(NOW, [], head=""))
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    code, said, _ = run(capsys, str(tmp_path / "out.zip"), "--demo", "--data", str(tmp_path / "data"))
    assert (code, (tmp_path / "out.zip").exists()) == (0, written)
    assert said.index("contents.txt") < said.index("Write it?")
    assert ("Nothing was written." in said) is not written


def test_an_open_till_with_settings_of_its_own_asks_its_loyalty_system(tmp_path: Path) -> None:
    token, settings, data = tmp_path / "token", tmp_path / "till.toml", tmp_path / "data"
    data.mkdir(mode=0o700)
    token.write_text("made-up-token\n")
    token.chmod(0o600)
    text = planted.SETTINGS.replace("https://points.counter-pc-7.corner.lan/meera", "http://127.0.0.1:9")
    text = text.replace("/home/meera nair/points/token", token.as_posix()).partition("[ledger]")[0]
    settings.write_text(text, encoding="utf-8")
    keeper = Keeper(lambda: credentials_of(read_config(settings), data))
    found = {one.name: one for one in examine(patient_of_till(data, settings, keeper))}
    assert found["backend"].words == "The loyalty system does not answer. Check the network and its address."
    assert found["key store"].fine, found["key store"].words
    assert found["settings"].words.endswith(f"from {settings}")
