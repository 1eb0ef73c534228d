"""Signed updates against a real repository on loopback: what is honest arrives, all else changes nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, TargetFile

from cashier_app import update_opening
from cashier_app.errors import KnownError
from cashier_app.update_opening import FOLDER, LOOKING_ALREADY, NO_ROOT, OFF, UpdateWatch, open_updates
from cashier_app.updates_section import UpdatesSection, check_updates
from cashier_app.updating import updates as module
from cashier_app.updating.fetching import Patience
from cashier_app.updating.updates import READY_FILE, Ready, UnreachableError, Updates, ready_in
from tests.updating.repository_server import KIND, Keys, Publisher, RepositoryServer

OURS = "0.1.0"


class Till:
    """A till that trusts a publisher, with a server between the two."""

    def __init__(self, folder: Path, server: RepositoryServer, publisher: Publisher) -> None:
        self.folder, self.server, self.publisher = folder, server, publisher
        self.data = folder / "data"
        self.data.mkdir()
        (folder / "root.json").write_bytes(publisher.begin())
        self.section = UpdatesSection(enabled=True, address=server.address, root_file="root.json")

    @contextmanager
    def updates(self, version: str = OURS, patience: Patience | None = None) -> Iterator[Updates]:
        with open_updates(
            self.section, self.folder, self.data, patience, kind=KIND, version=version
        ) as opened:
            yield opened

    def check(self, version: str = OURS) -> str:
        with self.updates(version) as updates:
            found = updates.check()
        return found.version if found else ""

    def fetch(self) -> Ready | None:
        with self.updates() as updates:
            return updates.fetch()

    def ready(self, version: str = OURS) -> Ready | None:
        return ready_in(self.data / FOLDER, version)

    def kept(self) -> dict[str, bytes]:
        """Return the files of versions that lie here, and what is said of them."""
        folder = self.data / FOLDER
        files = [*(folder / "files").glob("*"), folder / READY_FILE]
        return {
            file.name: file.read_bytes() for file in files if file.is_file() and "unfinished" not in file.name
        }


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with RepositoryServer(tmp_path / "repository") as server:
        yield Till(tmp_path, server, Publisher(tmp_path / "repository"))


def test_a_new_version_is_found_brought_here_and_verified(till: Till) -> None:
    till.publisher.publish("0.1.0")
    assert till.check() == ""
    assert till.fetch() is None
    till.publisher.publish("0.2.0", b"new " * 5000)
    till.publisher.publish("0.3.0", b"for others", kind="windows-x86_64")
    assert till.check() == "0.2.0"
    assert till.ready() is None
    ready = till.fetch()
    assert ready is not None
    assert (ready.version, ready.file, ready.size) == ("0.2.0", "cashier-app_0.2.0.bin", 20000)
    assert till.kept()[ready.file] == b"new " * 5000
    assert till.ready() == ready
    asked = len(till.server.asked)
    assert till.fetch() == ready
    assert not any("0.2.0" in path for path in till.server.asked[asked:]), "what lies here is not read again"
    till.publisher.publish("0.4.0", b"newer")
    again = till.fetch()
    assert again is not None
    assert sorted(till.kept()) == ["cashier-app_0.4.0.bin", READY_FILE], "the file of before is gone"
    assert till.ready("0.4.0") is None, "what runs is not ready"
    with till.updates("0.4.0") as updates:
        assert updates.fetch() is None
    assert list(till.kept()) == [READY_FILE], "what runs needs no file any more"


def test_a_file_changed_here_is_not_ready_and_is_brought_again(till: Till) -> None:
    till.publisher.publish("0.2.0")
    ready = till.fetch()
    assert ready is not None
    (till.data / FOLDER / "files" / ready.file).write_bytes(b"changed")
    assert till.ready() is None
    assert till.fetch() == ready
    assert till.ready() == ready


def test_keys_are_changed_by_those_who_held_them(till: Till) -> None:
    till.publisher.publish("0.2.0")
    assert till.check() == "0.2.0"
    old, new = till.publisher.keys, Keys()
    till.publisher.keys = new
    till.publisher.stage_root()
    assert [till.publisher.repository.sign_root(key) for key in (*new.roots, *old.roots)] == [
        False,
        False,
        False,
        True,
    ]
    till.publisher.publish("0.3.0")
    assert till.check() == "0.3.0"


# Attacks: each is given the till and changes what it is shown.
def older_than_seen(till: Till) -> None:
    """Show again what was shown before the last version."""
    before = till.folder / "before"
    shutil.copytree(till.publisher.folder, before)
    till.publisher.publish("0.3.0")
    till.check()
    till.server.folder = before


def frozen(till: Till) -> None:
    """Show what was newest a month ago, for ever."""
    till.publisher.now -= timedelta(days=30)
    till.publisher.publish("0.3.0")


def wrong_keys(till: Till) -> None:
    """Sign with keys nobody named."""
    stranger = Publisher(till.folder / "stranger")
    stranger.begin()
    for _ in range(3):
        stranger.publish("0.3.0", b"not ours")
    till.server.folder = stranger.folder


def new_root_of_strangers(till: Till) -> None:
    """Show a next root that its own keys sign, and nobody who was trusted."""
    till.publisher.publish("0.3.0")
    stranger = Publisher(till.folder / "stranger")
    stranger.begin()
    path = stranger.repository.metadata / "1.root.json"
    root = Metadata[Root].from_file(str(path))
    root.signed.version = 2
    for number, key in enumerate(stranger.keys.roots):
        root.sign(key, append=number > 0)
    root.to_file(str(till.publisher.repository.metadata / "2.root.json"))


def one_root_key_of_two(till: Till) -> None:
    """Show a next root that one of two root keys signs: it was stolen."""
    till.publisher.publish("0.3.0")
    path = till.publisher.repository.metadata
    root = Metadata[Root].from_file(str(path / "1.root.json"))
    root.signed.version = 2
    root.sign(till.publisher.keys.roots[0])
    root.to_file(str(path / "2.root.json"))


def mixed(till: Till) -> None:
    """Show a snapshot of one day with a list of another."""
    metadata = till.publisher.repository.metadata
    till.publisher.publish("0.3.0")
    newest = max(int(path.name.split(".")[0]) for path in metadata.glob("*.targets.json"))
    shutil.copy(metadata / f"{newest - 1}.targets.json", metadata / f"{newest}.targets.json")


def snapshot_taken_back(till: Till) -> None:
    """Let the stolen online key say that the list of before is the newest."""
    till.publisher.publish("0.3.0")
    till.check()
    metadata, online = till.publisher.repository.metadata, till.publisher.keys.online
    till.publisher.repository.refresh(online)
    newest = max(int(path.name.split(".")[0]) for path in metadata.glob("*.snapshot.json"))
    path = metadata / f"{newest}.snapshot.json"
    snapshot = Metadata[Snapshot].from_file(str(path))
    snapshot.signed.meta["targets.json"].version -= 1
    snapshot.sign(online)
    snapshot.to_file(str(path))


def another_file(till: Till) -> None:
    """Give another file of the same length."""
    till.publisher.publish("0.3.0", b"signed " * 100)
    till.server.answer = lambda path, file: (200, b"mellow " * 100) if file and ".bin" in path else None


def endless_list(till: Till) -> None:
    """Never stop answering."""
    till.publisher.publish("0.3.0")
    till.server.endless = "timestamp"


def endless_file(till: Till) -> None:
    """Never stop sending the file."""
    till.publisher.publish("0.3.0")
    till.server.endless = ".bin"


def cut_off(till: Till) -> None:
    """End in the middle of the file."""
    till.publisher.publish("0.3.0")
    till.server.cut_off = ".bin"


def portal_page(till: Till) -> None:
    """Answer everything with the sign-in page of a network."""
    till.server.answer = lambda _path, _file: (200, b"<html><body>Sign in</body></html>")


def portal_elsewhere(till: Till) -> None:
    """Send everybody to a sign-in page."""
    till.server.answer = lambda _path, _file: (302, b"")


def broken_server(till: Till) -> None:
    """Answer 500."""
    till.server.answer = lambda _path, _file: (500, b"<html>oops</html>")


ATTACKS: dict[Callable[[Till], None], str] = {
    older_than_seen: module.TOO_OLD,
    frozen: module.EXPIRED,
    wrong_keys: module.NOT_SIGNED,
    new_root_of_strangers: module.NOT_SIGNED,
    one_root_key_of_two: module.NOT_SIGNED,
    mixed: module.TOO_OLD,
    snapshot_taken_back: module.TOO_OLD,
    another_file: module.NOT_THE_FILE,
    endless_list: module.NOT_THE_FILE,
    endless_file: module.NOT_THE_FILE,
    cut_off: module.UNREACHABLE,
    portal_page: module.NOT_UPDATES,
    portal_elsewhere: module.UNREACHABLE,
    broken_server: module.UNREACHABLE,
}


def answer_to(
    till: Till, attack: Callable[[Till], None], seen_by: AbstractContextManager[None]
) -> tuple[str, bool]:
    """Return the sentence an attack is met with, empty where it is believed, and whether anything changed."""
    till.publisher.publish("0.2.0")
    till.fetch()
    attack(till)
    before = till.kept()
    try:
        with seen_by:
            till.fetch()
        sentence = ""
    except KnownError as error:
        sentence = error.sentence
    return sentence, till.kept() != before


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_attack_is_refused_in_one_sentence_and_changes_nothing(
    till: Till, attack: Callable[[Till], None]
) -> None:
    sentence, changed = answer_to(till, attack, nullcontext())
    assert not changed
    assert sentence == ATTACKS[attack]
    assert till.ready() is not None, "what was ready before still is"


@pytest.mark.parametrize("dripping", ["timestamp", "targets.json", ".bin"])
def test_an_answer_that_only_drips_ends_with_its_time(
    till: Till, monkeypatch: pytest.MonkeyPatch, dripping: str
) -> None:
    till.publisher.publish("0.2.0")
    till.fetch()
    till.publisher.publish("0.3.0")
    before = till.kept()
    for name in ("METADATA_SECONDS", "FILE_SECONDS"):
        monkeypatch.setattr(module, name, 0.4)
    till.server.dripping = dripping
    with pytest.raises(UnreachableError) as caught:
        till.fetch()
    assert caught.value.sentence == module.UNREACHABLE
    assert till.kept() == before
    assert any(dripping in path for path in till.server.asked)


@contextmanager
def believing() -> Iterator[None]:
    """Planted fault: nothing is verified, neither signatures nor versions, times or hashes."""
    with ExitStack() as stack:
        for patched in (
            patch.object(Root, "verify_delegate", lambda *_: None),
            patch.object(Signed, "is_expired", lambda *_: False),
            patch.object(TargetFile, "verify_length_and_hashes", lambda *_: None),
        ):
            stack.enter_context(patched)
        yield


@pytest.mark.parametrize("attack", [frozen, wrong_keys, another_file], ids=lambda attack: attack.__name__)
def test_a_till_that_verifies_nothing_is_caught(till: Till, attack: Callable[[Till], None]) -> None:
    sentence, changed = answer_to(till, attack, believing())
    assert (sentence, changed) == ("", True), "the attacks above would be believed"


# What is not an attack.
def test_nobody_there_is_nobody_there(till: Till, tmp_path: Path) -> None:
    section = UpdatesSection(enabled=True, address="http://127.0.0.1:9", root_file="root.json")
    with open_updates(section, till.folder, till.data, kind=KIND) as updates, pytest.raises(UnreachableError):
        updates.check()


def test_nothing_is_brought_where_sales_would_run_out_of_room(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.publisher.publish("0.2.0")
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 10**18)
    with pytest.raises(KnownError, match="not enough room"):
        till.fetch()
    assert till.kept() == {}


def test_a_list_that_names_a_file_elsewhere_is_refused(till: Till) -> None:
    listed = b'{"releases":[{"version":"9.0.0","kind":"deb-x86_64","path":"../../till.sqlite"}]}'
    staged = till.publisher.folder / "staged"
    staged.mkdir()
    (staged / "releases.json").write_bytes(listed)
    till.publisher.repository.sign_targets([till.publisher.keys.targets])
    till.publisher.repository.refresh(till.publisher.keys.online)
    with pytest.raises(KnownError) as caught:
        till.fetch()
    assert caught.value.sentence == module.NOT_UPDATES


def test_it_is_off_unless_switched_on(till: Till) -> None:
    for section in (UpdatesSection(), UpdatesSection(address="https://updates.example.test")):
        with pytest.raises(KnownError) as caught, open_updates(section, till.folder, till.data):
            pass
        assert caught.value.sentence == OFF
    without = UpdatesSection(enabled=True, address="https://updates.example.test")
    with pytest.raises(KnownError) as caught, open_updates(without, till.folder, till.data):
        pass
    assert caught.value.sentence == NO_ROOT


def test_two_do_not_ask_at_once(till: Till) -> None:
    till.publisher.publish("0.2.0")
    with till.updates(), pytest.raises(KnownError) as caught, till.updates():
        pass
    assert caught.value.sentence == LOOKING_ALREADY


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://updates.example.test",
        "https://a:b@x.test",
        "https://x.test/?a=1",
        "ftp://x",
        "https://:0",
        "x",
    ],
)
def test_an_address_that_is_none_is_named(address: str) -> None:
    with pytest.raises(KnownError, match=r"updates\.address"):
        check_updates(UpdatesSection(enabled=True, address=address))


def test_addresses_that_are_some() -> None:
    check_updates(UpdatesSection())
    check_updates(UpdatesSection(enabled=True, address="https://updates.example.test/tills/"))
    check_updates(UpdatesSection(enabled=True, address="http://127.0.0.1:8000"))


# The watch.
def watch_of(till: Till, told: Callable[[Ready], None]) -> UpdateWatch:
    def opened(patience: Patience) -> Iterator[Updates]:
        with till.updates(patience=patience) as updates:
            yield updates

    return UpdateWatch(opened, told, first=0.0, every=3600.0)


def test_the_watch_waits_while_somebody_is_served(till: Till) -> None:
    till.publisher.publish("0.2.0")
    arrived = threading.Event()
    watch = watch_of(till, lambda _: arrived.set())
    watch.patience.be_quiet(quiet=False)
    asked = len(till.server.asked)
    watch.start()
    assert not arrived.wait(0.3)
    assert len(till.server.asked) == asked, "not a byte is asked for during a sale"
    watch.patience.be_quiet(quiet=True)
    assert arrived.wait(10)
    watch.stop()


def test_a_watch_that_is_stopped_in_the_middle_of_a_file_ends_at_once(till: Till) -> None:
    till.publisher.publish("0.2.0", bytes(2_000_000))
    begun = threading.Event()
    watch = watch_of(till, lambda _: None)

    def begin(path: str, _file: bytes | None) -> None:
        if ".bin" in path:
            watch.patience.be_quiet(quiet=False)
            begun.set()

    till.server.answer = begin
    watch.start()
    assert begun.wait(10)
    watch.stop()
    assert till.kept() == {}
    till.server.answer = lambda _path, _file: None
    assert till.fetch() is not None


def test_a_till_without_network_hears_nothing(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.section = UpdatesSection(enabled=True, address="http://127.0.0.1:9", root_file="root.json")
    told: list[Ready] = []
    watch = watch_of(till, told.append)
    watch._ask()
    assert told == []
    assert [record for record in caplog.records if record.levelname not in {"INFO", "DEBUG"}] == []


def test_where_nobody_answered_it_is_asked_again_sooner(till: Till) -> None:
    address = till.section.address
    till.section = UpdatesSection(enabled=True, address="http://127.0.0.1:9", root_file="root.json")
    watch = watch_of(till, lambda _: None)
    assert not watch._ask()
    till.section = UpdatesSection(enabled=True, address=address, root_file="root.json")
    till.publisher.publish("0.2.0")
    assert watch._ask()
    till.server.answer = lambda _path, _file: (200, b"<html>Sign in</html>")
    assert watch._ask(), "an answer that is refused was one"


def test_the_watch_waits_as_long_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, waits = [False, True, False], list[float]()

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return not answers

    watch = UpdateWatch(lambda _: iter(()), lambda _: None, first=1.0, every=5.0, again=7.0)
    monkeypatch.setattr(watch.patience, "wait", wait)
    monkeypatch.setattr(watch, "_ask", lambda: answers.pop(0))
    watch._run()
    assert waits == [1.0, 7.0, 5.0, 7.0]


def test_this_computer_has_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    assert update_opening.kind_here().startswith("source-")
    monkeypatch.setattr(update_opening, "is_frozen", lambda: True)
    monkeypatch.setattr(update_opening.sys, "platform", "linux")
    monkeypatch.setattr(update_opening.platform, "machine", lambda: "AMD64")
    monkeypatch.setattr(update_opening.sys, "executable", "/usr/lib/cashier-app/cashier-app")
    assert update_opening.kind_here() == "deb-x86_64"
    monkeypatch.setattr(update_opening.sys, "executable", "/home/somebody/cashier-app/cashier-app")
    assert update_opening.kind_here() == "folder-x86_64"
