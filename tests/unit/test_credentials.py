"""Secrets: read within the limit or refused in one sentence, and shown by nothing."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import keyring.backend
import pytest

from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.security import key_store_helper
from cashier_app.security.credentials import (
    MAX_ANSWER_BYTES,
    MAX_TOKEN_BYTES,
    NO_STORE,
    KeyStore,
    NoKeyStoreError,
    TokenFile,
)

TOKEN = "s3cret-token-nobody-may-see"
HELPER_SECONDS = 20.0


def helper(code: str) -> tuple[str, ...]:
    """Return a command that answers as this code says; the question stands in `question`."""
    return sys.executable, "-c", f"import sys, json\nquestion = json.load(sys.stdin)\n{code}"


def store(code: str) -> KeyStore:
    return KeyStore(helper(code), HELPER_SECONDS)


def everything_of(error: BaseException | None) -> Iterator[str]:
    """Yield whatever could be printed of an error and of those it carries."""
    while error is not None:
        yield repr(error)
        yield repr(vars(error))
        yield "".join(traceback.format_exception(error))
        yield from everything_of(error.__context__)
        error = error.__cause__


def refused(asking: KeyStore | TokenFile, *, write: str = "") -> KnownError:
    with pytest.raises(KnownError) as caught:
        asking.write("token", Secret(write)) if write else asking.read("token")
    for text in everything_of(caught.value):
        assert TOKEN not in text
    return caught.value


# The secret itself.
def test_a_secret_does_not_show_itself(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(TOKEN)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger(__name__).warning("%s %r", secret, [secret])
    assert TOKEN not in f"{secret} {secret!r} {[secret]} {caplog.text}"
    assert secret.reveal() == TOKEN


def test_a_secret_cannot_be_written_down_by_accident() -> None:
    with pytest.raises(TypeError):
        json.dumps(Secret(TOKEN))


# The key store, asked in a helper process.
def test_a_secret_is_asked_for_by_name() -> None:
    code = "assert question == {'service': 'cashier-app', 'do': 'read', 'name': 'token'}\n"
    secret = store(code + f"json.dump({{'value': {TOKEN!r}}}, sys.stdout)").read("token")
    assert secret is not None
    assert secret.reveal() == TOKEN


def test_no_secret_is_none() -> None:
    assert store("json.dump({'value': None}, sys.stdout)").read("token") is None


def test_a_secret_is_handed_over_on_standard_input_only() -> None:
    code = f"assert question['value'] == {TOKEN!r}\nassert {TOKEN!r} not in sys.argv[1:]\n"
    store(code + "json.dump({'value': None}, sys.stdout)").write("token", Secret(TOKEN))


def test_the_store_in_use_is_named() -> None:
    assert store("json.dump({'value': 'SecretService'}, sys.stdout)").describe() == "SecretService"


@pytest.mark.parametrize("write", ["", TOKEN])
def test_a_store_that_hangs_is_given_up_in_time(write: str) -> None:
    code = f"print({TOKEN!r}, flush=True)\nimport threading\nthreading.Event().wait()"
    started = time.monotonic()
    error = refused(KeyStore(helper(code), 1.0), write=write)
    assert time.monotonic() - started < 5
    assert "does not answer" in error.sentence


@pytest.mark.parametrize("write", ["", TOKEN])
@pytest.mark.parametrize(
    "code",
    [
        "",
        "sys.exit(3)",
        "raise ZeroDivisionError(question)",
        f"print({TOKEN!r})",
        "print('[]')",
        "print('\"text\"')",
        "print('null')",
        "print('[' * 100_000)",
        "print('{\"value\": 5}')",
        'print(\'{"value": ["a"]}\')',
        "print('{\"problem\": 5}')",
        "sys.stdout.buffer.write(b'\\xff\\xfe\\x00')",
        f"print(json.dumps({{'value': 'x' * {MAX_ANSWER_BYTES}}}))",
    ],
)
def test_garbage_from_a_store_is_one_sentence(code: str, write: str) -> None:
    assert "cannot be asked" in refused(store(code), write=write).sentence


def test_a_store_that_refuses_says_why() -> None:
    error = refused(store("json.dump({'problem': 'It is locked.'}, sys.stdout)"), write=TOKEN)
    assert error.sentence == "It is locked."


def test_no_store_that_encrypts_is_told_from_one_that_refuses() -> None:
    with pytest.raises(NoKeyStoreError):
        store(f"json.dump({{'problem': {NO_STORE!r}}}, sys.stdout)").read("token")


def test_a_secret_is_removed_by_name() -> None:
    code = "assert question == {'service': 'cashier-app', 'do': 'remove', 'name': 'token'}\n"
    store(code + "json.dump({'value': None}, sys.stdout)").remove("token")


def test_a_helper_that_cannot_be_started_is_one_sentence(tmp_path: Path) -> None:
    assert "cannot be asked" in refused(KeyStore((str(tmp_path / "missing"),))).sentence


# The helper itself.
class FakeStore:
    priority = 5.0
    kept: dict[tuple[str, str], str]

    def __init__(self) -> None:
        self.kept = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, value: str) -> None:
        self.kept[service, name] = value

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


class LockedStore(FakeStore):
    def get_password(self, service: str, name: str) -> str | None:
        raise RuntimeError(TOKEN)


FakeStore.__module__ = LockedStore.__module__ = "keyring.backends.SecretService"


class PlainText(FakeStore):
    priority = 100.0


PlainText.__module__ = "keyrings.alt.file"


def with_stores(monkeypatch: pytest.MonkeyPatch, *stores: FakeStore) -> None:
    monkeypatch.setattr(keyring.backend, "get_all_keyring", lambda: list(stores))


def asked(**question: str) -> dict[str, str | None]:
    return key_store_helper.answer({"service": "cashier-app", **question})


def test_the_helper_reads_and_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    with_stores(monkeypatch, FakeStore())
    assert asked(do="read", name="token") == {"value": None}
    assert asked(do="write", name="token", value=TOKEN) == {"value": None}
    assert asked(do="read", name="token") == {"value": TOKEN}
    assert asked(do="describe") == {"value": "SecretService"}
    for _ in range(2):
        assert asked(do="remove", name="token") == {"value": None}, "nothing to remove is no problem"
    assert asked(do="read", name="token") == {"value": None}


def test_a_store_that_keeps_plain_text_is_never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = PlainText()
    with_stores(monkeypatch, plain)
    assert asked(do="write", name="token", value=TOKEN) == {"problem": NO_STORE}
    assert plain.kept == {}
    encrypted = FakeStore()
    with_stores(monkeypatch, plain, encrypted)
    asked(do="write", name="token", value=TOKEN)
    assert (plain.kept, len(encrypted.kept)) == ({}, 1)


def test_a_refusing_store_is_said_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with_stores(monkeypatch, LockedStore())
    problem = asked(do="read", name="token")["problem"]
    assert problem is not None
    assert "RuntimeError" in problem
    assert TOKEN not in problem


# The token file.
@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "token")


def test_a_token_is_kept_for_its_owner_only(file: TokenFile, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("old")
    (tmp_path / "token").chmod(0o644)
    file.write("token", Secret(TOKEN))
    if sys.platform != "win32":
        assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    secret = file.read("token")
    assert secret is not None
    assert secret.reveal() == TOKEN
    assert file.describe() == "token file token"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows guards files by other means")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_token_others_may_read_is_refused(file: TokenFile, tmp_path: Path, mode: int) -> None:
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(mode)
    assert "Others may read token" in refused(file).sentence


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" \n",
        TOKEN.encode() + b"\nsecond line",
        TOKEN.encode() + "é".encode(),
        b"x" * (MAX_TOKEN_BYTES + 1),
    ],
)
def test_what_is_no_token_is_refused(file: TokenFile, tmp_path: Path, text: bytes) -> None:
    (tmp_path / "token").write_bytes(text)
    (tmp_path / "token").chmod(0o600)
    assert "does not hold a token" in refused(file).sentence


def test_a_missing_token_file_is_one_sentence(file: TokenFile) -> None:
    assert "cannot be read" in refused(file).sentence


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    assert "cannot be written" in refused(TokenFile(tmp_path / "no" / "token"), write=TOKEN).sentence


@pytest.mark.parametrize("token", [TOKEN + "é", TOKEN + "\n", TOKEN + "x" * MAX_TOKEN_BYTES])
def test_what_could_not_be_read_back_is_not_written(file: TokenFile, tmp_path: Path, token: str) -> None:
    assert "no token" in refused(file, write=token).sentence
    assert not (tmp_path / "token").exists()
