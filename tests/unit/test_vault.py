"""Secrets sealed in the data folder, under one key in the key store or under a passphrase."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.security import passphrases
from cashier_app.security.credentials import NoKeyStoreError
from cashier_app.security.sealed_file import COPY_NAME, FILE_NAME, MAX_BYTES, SealedFile
from cashier_app.security.vault import KeyLostError, PassphraseNeededError, Vault
from tests.fakes.clock import FakeClock
from tests.fakes.kept_key import FileKeyStore

TOKEN = "EAAA-s3cret-nobody-may-see"
OTHER = "other-s3cret"
WORDS = "four made up words"
HERE = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys with little memory: what is tested here is not how long it takes."""
    monkeypatch.setattr(passphrases, "MEMORY_KIB", 64)


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / "data"
        self.store = FileKeyStore(folder / "store.json")
        self.clock = FakeClock()

    def vault(self, given: str = "") -> Vault:
        """Return the vault as a program that was just started has it."""
        words = Secret(given) if given else None
        return Vault(
            SealedFile(self.folder),
            self.store,
            self.clock,
            moved=frozenset({"old token"}),
            passphrase=lambda: words,
        )

    def read(self, name: str) -> str | None:
        found = self.vault().read(name)
        return found.reveal() if found else None

    def file(self, name: str = FILE_NAME) -> dict[str, object]:
        return json.loads((self.folder / name).read_bytes())  # type: ignore[no-any-return]

    def change(self, name: str, **changes: object) -> None:
        (self.folder / name).write_text(json.dumps({**self.file(name), **changes}))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def sentence(do: object) -> str:
    with pytest.raises(KnownError) as caught:
        do()  # type: ignore[operator]
    assert TOKEN not in repr(vars(caught.value))
    return caught.value.sentence


# In the key store there is one key, in the file nothing readable.
def test_a_secret_comes_back_and_only_a_key_is_in_the_key_store(bench: Bench) -> None:
    bench.vault().write("square access token", Secret(TOKEN))
    bench.vault().write("voucherify id", Secret(OTHER))
    assert bench.read("square access token") == TOKEN
    assert bench.read("voucherify id") == OTHER
    assert bench.read("nobody's") is None
    assert len(bench.store.items()) == 1
    for file in [*bench.folder.iterdir(), bench.folder.parent / "store.json"]:
        assert TOKEN.encode() not in file.read_bytes()
        if sys.platform != "win32":
            assert file.parent != bench.folder or file.stat().st_mode & 0o077 == 0
    assert bench.vault().names() == ("square access token", "voucherify id")


def test_the_key_store_is_asked_once(bench: Bench) -> None:
    bench.vault().write("a", Secret(TOKEN))
    vault = bench.vault()
    bench.store.asked.clear()
    for _ in range(3):
        vault.read("a")
    assert len(bench.store.asked) == 1


def test_reading_where_nothing_is_stored_asks_nobody_and_writes_nothing(bench: Bench) -> None:
    assert bench.read("a") is None
    assert bench.store.asked == []
    assert not bench.folder.exists()


def test_a_secret_larger_than_any_key_store_takes(bench: Bench) -> None:
    bench.vault().write("a", Secret("x" * 16_000))
    assert bench.read("a") == "x" * 16_000
    assert "bytes" in sentence(lambda: bench.vault().write("a", Secret("x" * 17_000)))
    assert "bytes" in sentence(lambda: bench.vault().write("a", Secret("")))


def test_what_is_removed_is_in_neither_copy(bench: Bench) -> None:
    bench.vault().write("a", Secret(TOKEN))
    bench.vault().write("b", Secret(OTHER))
    bench.vault().remove("a")
    bench.vault().remove("never there")
    assert bench.read("a") is None
    assert bench.read("b") == OTHER
    assert "a" not in bench.file(COPY_NAME)["secrets"]  # type: ignore[operator]


def test_nothing_sealed_for_one_name_or_till_opens_for_another(bench: Bench, tmp_path: Path) -> None:
    bench.vault().write("square token", Secret(TOKEN))
    bench.vault().write("evil token", Secret(OTHER))
    kept = bench.file()["secrets"]
    assert isinstance(kept, dict)
    for name in (FILE_NAME, COPY_NAME):
        bench.change(name, secrets={**kept, "evil token": kept["square token"]})
    assert "damaged" in sentence(lambda: bench.vault().read("evil token"))
    other = Bench(tmp_path / "other")
    (tmp_path / "other").mkdir()
    other.vault().write("square token", Secret(OTHER))
    for name in (FILE_NAME, COPY_NAME):
        other.change(name, secrets=kept)
    assert "damaged" in sentence(lambda: other.vault().read("square token"))


# A key store that will not.
def test_a_key_store_that_will_not_is_said_and_nothing_is_lost(bench: Bench) -> None:
    bench.vault().write("a", Secret(TOKEN))
    bench.store.problem = KnownError("It is locked.")
    assert sentence(lambda: bench.vault().read("a")) == "It is locked."
    assert sentence(lambda: bench.vault().write("b", Secret(OTHER))) == "It is locked."
    assert sentence(bench.vault().rotate) == "It is locked."
    bench.store.problem = None
    assert bench.read("a") == TOKEN


def test_a_key_store_that_forgot_the_key_is_said_and_entering_anew_puts_the_file_aside(bench: Bench) -> None:
    bench.vault().write("a", Secret(TOKEN))
    (bench.folder.parent / "store.json").unlink()
    with pytest.raises(KeyLostError):
        bench.vault().read("a")
    bench.vault().write("a", Secret(OTHER))
    assert bench.read("a") == OTHER
    assert len(list(bench.folder.glob("*.aside-*"))) == 2


def test_a_key_store_that_keeps_something_else_is_not_trusted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.store, "write", lambda name, _: bench.store._keep({name: "short"}))
    assert "does not keep" in sentence(lambda: bench.vault().write("a", Secret(TOKEN)))


# Damage.
@pytest.mark.parametrize("name", [FILE_NAME, COPY_NAME])
@pytest.mark.parametrize("damage", [b"", b"{", b"[" * 100_000, b"\xff", b"{}", b"x" * (MAX_BYTES + 1)])
def test_either_copy_is_enough(bench: Bench, name: str, damage: bytes) -> None:
    bench.vault().write("a", Secret(TOKEN))
    (bench.folder / name).write_bytes(damage)
    assert bench.read("a") == TOKEN
    bench.vault().write("b", Secret(OTHER))
    assert (bench.read("a"), bench.read("b")) == (TOKEN, OTHER)
    assert bench.file()["secrets"] == bench.file(COPY_NAME)["secrets"]


def test_two_damaged_copies_are_said_put_aside_and_entered_anew(bench: Bench) -> None:
    bench.vault().write("a", Secret(TOKEN))
    for name in (FILE_NAME, COPY_NAME):
        (bench.folder / name).write_bytes(b"{")
    assert "Enter the credentials again" in sentence(lambda: bench.vault().read("a"))
    bench.vault().write("a", Secret(OTHER))
    assert bench.read("a") == OTHER


def test_each_single_damaged_byte_is_harmless_or_said(bench: Bench) -> None:
    """Every byte of the first copy, one at a time: the second has it, and a write mends the first."""
    bench.vault().write("a", Secret(TOKEN))
    whole = (bench.folder / FILE_NAME).read_bytes()
    for place in range(0, len(whole), 7):
        (bench.folder / FILE_NAME).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert bench.read("a") == TOKEN, place


def test_one_damaged_secret_costs_no_other(bench: Bench) -> None:
    bench.vault().write("a", Secret(TOKEN))
    bench.vault().write("b", Secret(OTHER))
    kept = bench.file()["secrets"]
    assert isinstance(kept, dict)
    bench.change(FILE_NAME, secrets={**kept, "a": "AAAA"})
    bench.vault().write("c", Secret("third"))
    assert [bench.read(name) for name in "abc"] == [TOKEN, OTHER, "third"], "mended from the copy"
    for name in (FILE_NAME, COPY_NAME):
        bench.change(name, secrets={**kept, "a": "AAAA"})
    assert "The stored a is damaged. Enter it again." in sentence(lambda: bench.vault().read("a"))
    assert bench.read("b") == OTHER
    bench.vault().write("a", Secret("anew"))
    assert [bench.read(name) for name in "ab"] == ["anew", OTHER]


# What tills of before kept in the key store itself.
def test_a_token_of_before_moves_into_the_file_and_out_of_the_key_store(bench: Bench) -> None:
    bench.store.write("old token", Secret(TOKEN))
    assert bench.read("old token") == TOKEN
    assert "old token" not in bench.store.items()
    assert bench.read("old token") == TOKEN
    bench.store.write("old token", Secret("left behind"))
    bench.vault().remove("old token")
    assert bench.read("old token") is None, "a removed token does not come back"


def test_a_token_of_before_is_used_where_it_is_when_it_cannot_move(bench: Bench) -> None:
    bench.store.write("old token", Secret(TOKEN))
    bench.folder.write_text("a file where the folder should be")
    vault = Vault(
        SealedFile(bench.folder / "in it"), bench.store, bench.clock, moved=frozenset({"old token"})
    )
    # A folder that cannot be read is said; one that cannot be written only keeps the token where it is.
    assert "cannot be read" in sentence(lambda: vault.read("old token"))
    assert bench.store.items() == {"old token": TOKEN}


# A passphrase instead.
def test_without_a_key_store_a_passphrase_keeps_the_key(bench: Bench) -> None:
    bench.store.problem = NoKeyStoreError()
    with pytest.raises(NoKeyStoreError):
        bench.vault().write("a", Secret(TOKEN))
    vault = bench.vault()
    vault.keep_by_passphrase(Secret(WORDS))
    vault.write("a", Secret(TOKEN))
    again = bench.vault()
    assert again.needs_passphrase()
    with pytest.raises(PassphraseNeededError):
        again.read("a")
    with pytest.raises(PassphraseNeededError):
        again.write("b", Secret(OTHER))
    again.unlock(Secret(WORDS))
    found = again.read("a")
    assert found is not None
    assert found.reveal() == TOKEN
    assert not again.needs_passphrase()
    assert again.describe() == "passphrase"
    given = bench.vault(given=WORDS).read("a")
    assert given is not None, "the program was started with it"
    for file in bench.folder.iterdir():
        assert not any(text.encode() in file.read_bytes() for text in (TOKEN, WORDS))


def test_wrong_passphrases_are_one_sentence_and_wait_longer_each_time(bench: Bench) -> None:
    first = bench.vault()
    first.keep_by_passphrase(Secret(WORDS))
    vault = bench.vault()
    for _ in range(3):
        assert (
            sentence(lambda: vault.unlock(Secret("wrong " + WORDS))) == "This is not the till's passphrase."
        )
    assert "Wait 3 s" in sentence(lambda: vault.unlock(Secret(WORDS)))
    waits = []
    for _ in range(8):
        bench.clock.advance(1000)
        sentence(lambda: vault.unlock(Secret("wrong again")))
        waits.append(vault._next_try_at - bench.clock.monotonic())
    assert waits == sorted(waits)
    assert max(waits) == 60
    bench.clock.advance(1000)
    vault.unlock(Secret(WORDS))


def test_a_passphrase_is_changed_and_the_old_one_opens_nothing(bench: Bench) -> None:
    vault = bench.vault()
    vault.keep_by_passphrase(Secret(WORDS))
    vault.write("a", Secret(TOKEN))
    vault.keep_by_passphrase(Secret("quite other words"))
    assert bench.vault(given="quite other words").read("a") is not None
    sentence(lambda: bench.vault().unlock(Secret(WORDS)))
    assert "at least 10" in sentence(lambda: vault.keep_by_passphrase(Secret("short")))


def test_a_key_moves_from_the_key_store_to_a_passphrase(bench: Bench) -> None:
    bench.vault().write("a", Secret(TOKEN))
    bench.vault().keep_by_passphrase(Secret(WORDS))
    assert bench.store.items() == {}
    found = bench.vault(given=WORDS).read("a")
    assert found is not None
    assert found.reveal() == TOKEN


def test_a_lock_that_asks_for_all_memory_is_damage(bench: Bench) -> None:
    vault = bench.vault()
    vault.keep_by_passphrase(Secret(WORDS))
    lock = bench.file()["lock"]
    assert isinstance(lock, dict)
    for name in (FILE_NAME, COPY_NAME):
        bench.change(name, lock={**lock, "memory": 2**40})
    assert "damaged" in sentence(lambda: bench.vault().unlock(Secret(WORDS)))


def test_a_passphrase_comes_from_a_descriptor_or_a_credentials_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.write(writing, WORDS.encode() + b"\n")
    os.close(writing)
    given = passphrases.passphrase_from(reading)
    assert given is not None
    assert given.reveal() == WORDS
    assert "descriptor" in sentence(lambda: passphrases.passphrase_from(reading))
    assert passphrases.passphrase_from(None) is None
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert passphrases.passphrase_from(None) is None
    (tmp_path / passphrases.CREDENTIAL_NAME).write_bytes(b"\xff\xfe")
    assert "no text" in sentence(lambda: passphrases.passphrase_from(None))
    (tmp_path / passphrases.CREDENTIAL_NAME).write_text(WORDS)
    given = passphrases.passphrase_from(None)
    assert given is not None
    assert given.reveal() == WORDS


# A new key.
def test_a_new_key_seals_everything_anew_and_the_old_one_is_gone(bench: Bench) -> None:
    bench.vault().write("a", Secret(TOKEN))
    before = (bench.store.items(), bench.file()["secrets"])
    bench.vault().rotate()
    assert (bench.read("a"), len(bench.store.items())) == (TOKEN, 1)
    assert bench.store.items().keys().isdisjoint(before[0])
    assert bench.file()["secrets"] != before[1]


STEPS = """
import os, signal, sys
from pathlib import Path
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.security import sealed_file
from cashier_app.security.sealed_file import SealedFile
from cashier_app.security.vault import Vault
from tests.fakes.kept_key import FileKeyStore

folder, deed = Path(sys.argv[1]), sys.argv[2]

def vault(place):
    return Vault(SealedFile(place / "data"), FileKeyStore(place / "store.json"), SystemClock(),
                 moved=frozenset({"old"}))

def prepare(place):
    place.mkdir()
    FileKeyStore(place / "store.json").write("old", Secret("of before"))
    vault(place).write("a", Secret("first"))
    vault(place).write("b", Secret("second"))

def do(place):
    {"write": lambda: vault(place).write("a", Secret("changed")),
     "remove": lambda: vault(place).remove("a"),
     "rotate": lambda: vault(place).rotate(),
     "move": lambda: vault(place).read("old")}[deed]()

left = 0
def die_at(call):
    def counted(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*given, **named)
    return counted

for step in range(1, 100):
    place = folder / f"{deed}-{step}"
    prepare(place)
    child = os.fork()
    if child == 0:
        left = step
        os.fsync = die_at(os.fsync)
        os.open = die_at(os.open)
        Path.replace = die_at(Path.replace)
        FileKeyStore._keep = die_at(FileKeyStore._keep)
        do(place)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    found = {name: vault(place).read(name) for name in ("a", "b", "old")}
    print(step, os.WIFSIGNALED(status), {n: f.reveal() if f else None for n, f in found.items()}, sep="|")
    vault(place).write("c", Secret("third"))
    if not os.WIFSIGNALED(status):
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the steps are killed in forks")
@pytest.mark.parametrize(
    ("deed", "before", "after"),
    [
        ("write", "first", "changed"),
        ("remove", "first", None),
        ("rotate", "first", "first"),
        ("move", "first", "first"),
    ],
)
def test_killed_at_any_step_everything_is_as_before_or_as_after(
    tmp_path: Path, deed: str, before: str, after: str | None
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", STEPS, str(tmp_path), deed],
        capture_output=True,
        text=True,
        cwd=HERE,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    lines = [line.split("|") for line in ran.stdout.splitlines()]
    assert len(lines) > 6, "it died at several steps"
    assert [line[1] for line in lines] == ["True"] * (len(lines) - 1) + ["False"]
    for step, _, found in lines:
        kept = eval(found)  # noqa: S307 - our own child's dictionary
        assert kept["a"] in {before, after}, (step, kept)
        assert (kept["b"], kept["old"]) == ("second", "of before"), (step, kept)
    assert eval(lines[-1][2])["a"] == after  # noqa: S307


def test_two_processes_lose_nothing_of_each_other(bench: Bench) -> None:
    bench.vault().write("start", Secret(TOKEN))
    code = (
        "import sys\nfrom pathlib import Path\nfrom cashier_app.ports.clock import SystemClock\n"
        "from cashier_app.ports.credentials import Secret\n"
        "from cashier_app.security.sealed_file import SealedFile\n"
        "from cashier_app.security.vault import Vault\nfrom tests.fakes.kept_key import FileKeyStore\n"
        "place, who = Path(sys.argv[1]), sys.argv[2]\n"
        "vault = Vault(SealedFile(place / 'data'), FileKeyStore(place / 'store.json'), SystemClock())\n"
        "for n in range(15): vault.write(f'{who} {n}', Secret(who))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(bench.folder.parent), who], cwd=HERE)
        for who in ("one", "two")
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert len(bench.vault().names()) == 31


def test_core_dumps_are_off() -> None:
    code = (
        "from cashier_app.security.core_dumps import forbid_core_dumps\nforbid_core_dumps()\n"
        "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))\n"
        "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE)
    if sys.platform == "linux":
        assert ran.stdout.split("\n")[:2] == ["(0, 0)", "0"]


def test_a_file_of_a_newer_version_is_neither_damaged_nor_written_over(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.vault().write("token", Secret(TOKEN))
    for name in (FILE_NAME, COPY_NAME):
        bench.change(name, version=2, more="what this version does not know")
    before = [(bench.folder / name).read_bytes() for name in (FILE_NAME, COPY_NAME)]
    for act in (
        lambda: bench.read("token"),
        lambda: bench.vault().write("token", Secret(OTHER)),
        lambda: bench.vault().keep_by_passphrase(Secret(WORDS)),
        lambda: bench.vault().rotate(),
    ):
        with pytest.raises(KnownError, match="newer version of this program"):
            act()
    assert [(bench.folder / name).read_bytes() for name in (FILE_NAME, COPY_NAME)] == before
    assert list(bench.folder.glob("*aside*")) == []
