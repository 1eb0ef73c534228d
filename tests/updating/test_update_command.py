"""`cashier-cli update` and the window, over a repository on loopback; and the ceremony by its script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier_app import __version__
from cashier_app.command_line.parser import main
from cashier_app.command_line.update import NOT_REAL
from cashier_app.update_opening import OFF
from cashier_app.updating.updates import UNREACHABLE
from scripts import update_repository
from tests.updating.repository_server import KIND, RepositoryServer

SETTINGS = """
[store]
name = "Marigold"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "https://loyalty.example.test"
"""
WORDS = "words nobody wrote down"


class Ceremony:
    """The steps of docs/release.md, by the script."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = folder / "repository"
        (folder / "words").write_text(WORDS + "\n", encoding="utf-8")

    def step(self, *arguments: object) -> int:
        return update_repository.main(
            ["--passphrase-file", str(self.folder / "words"), *(str(one) for one in arguments)]
        )

    def key(self, name: str) -> Path:
        return self.folder / f"{name}.pem"

    def public(self, name: str) -> Path:
        return self.folder / f"{name}.pub"

    def stage(self, *roots: str, threshold: int = 2) -> int:
        named = [part for root in roots for part in ("--root-key", self.public(root))]
        return self.step(
            "stage-root", self.repository, *named, "--threshold", threshold,
            "--targets-key", self.public("targets"), "--online-key", self.public("online"),
        )  # fmt: skip

    def sign(self, name: str) -> int:
        return self.step("sign-root", self.repository, "--key", self.key(name))

    def begin(self) -> None:
        for name in ("root-1", "root-2", "root-3", "targets", "online"):
            assert self.step("new-key", self.key(name)) == 0
        assert self.stage("root-1", "root-2", "root-3") == 0
        assert self.sign("root-1") == 0
        assert not (self.repository / "metadata").exists(), "one signature of two is none"
        assert self.sign("root-3") == 0

    def publish(self, version: str) -> None:
        file = self.folder / f"cashier-app_{version}_amd64.deb"
        file.write_bytes(b"package " + version.encode())
        assert self.step("add", self.repository, file, "--release", version, "--kind", KIND) == 0
        assert self.step("sign-targets", self.repository, "--key", self.key("targets")) == 0
        assert self.step("refresh", self.repository, "--key", self.key("online")) == 0


class Shop:
    """A till with settings, and the repository its publisher keeps."""

    def __init__(self, folder: Path, server: RepositoryServer, ceremony: Ceremony) -> None:
        self.folder, self.server, self.ceremony = folder, server, ceremony
        self.data = folder / "data"

    def settings(self, *, enabled: bool = True, address: str = "") -> Path:
        root = self.folder / "repository" / "metadata" / "1.root.json"
        file = self.folder / "till.toml"
        file.write_text(
            f"{SETTINGS}\n[updates]\nenabled = {str(enabled).lower()}\n"
            f"address = {json.dumps(address or self.server.address)}\n"
            f"root_file = {json.dumps(str(root))}\n",
            encoding="utf-8",
        )
        return file

    def update(self, action: str, *more: str) -> int:
        kind = ["--kind", KIND] if action != "status" else []
        options = ["--config", str(self.folder / "till.toml"), "--data", str(self.data)]
        return main(["update", action, *kind, *options, *more])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    ceremony = Ceremony(tmp_path)
    ceremony.begin()
    with RepositoryServer(tmp_path / "repository") as server:
        yield Shop(tmp_path, server, ceremony)


def test_check_fetch_and_status(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.ceremony.publish("0.1.0")
    shop.settings()
    assert shop.update("check") == 0
    assert "there is none that is newer" in capsys.readouterr().out
    shop.ceremony.publish("0.9.0")
    assert shop.update("check", "--json") == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"version": __version__, "newer": "0.9.0"}
    assert shop.update("status") == 0
    assert "none that is newer lies here" in capsys.readouterr().out
    assert shop.update("fetch") == 0
    said = capsys.readouterr().out
    assert "Version 0.9.0 is ready." in said
    assert f"sudo apt install {shop.data}" in said
    assert shop.update("status") == 0
    assert "Version 0.9.0 is ready." in capsys.readouterr().out
    assert (shop.data / "updates" / "files" / "cashier-app_0.9.0_amd64.deb").read_bytes() == b"package 0.9.0"


def test_what_is_off_asks_nobody(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.settings(enabled=False)
    for action in ("check", "fetch"):
        assert shop.update(action) == 2
        assert capsys.readouterr().err.strip() == OFF
    assert shop.update("status") == 0
    assert "switched off" in capsys.readouterr().out
    assert shop.server.asked == []
    assert not shop.data.exists()


def test_nobody_answers(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.settings(address="http://127.0.0.1:9")
    assert shop.update("check") == 2
    assert capsys.readouterr().err.strip() == UNREACHABLE


def test_the_demo_shop_is_not_updated(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["update", "check", "--demo"]) == 2
    assert capsys.readouterr().err.strip() == NOT_REAL


# The ceremony.
def test_a_lost_root_key_is_replaced_by_the_others(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.ceremony.publish("0.9.0")
    shop.settings()
    assert shop.update("check") == 0
    assert shop.ceremony.step("new-key", shop.ceremony.key("root-4")) == 0
    assert shop.ceremony.stage("root-1", "root-2", "root-4") == 0
    assert shop.ceremony.sign("root-4") == 0
    assert shop.ceremony.sign("root-1") == 0
    assert not (shop.folder / "repository" / "metadata" / "2.root.json").exists()
    assert shop.ceremony.sign("root-2") == 0, "two of the keys that were trusted before"
    shop.ceremony.publish("0.10.0")
    capsys.readouterr()
    assert shop.update("check") == 0
    assert "Version 0.10.0 is there" in capsys.readouterr().out


def test_what_no_till_would_believe_is_not_made(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    ceremony = shop.ceremony
    assert ceremony.stage("root-1", threshold=2) == 2
    assert ceremony.step("sign-targets", ceremony.repository, "--key", ceremony.key("online")) == 2
    assert "These keys do not sign targets" in capsys.readouterr().err
    assert ceremony.step("refresh", ceremony.repository, "--key", ceremony.key("online")) == 2
    assert ceremony.step("new-key", ceremony.key("root-1")) == 2, "no key is written over"
    file = ceremony.folder / "words"
    for version, kind in (("0.2", KIND), ("v0.2.0", KIND), ("0.2.0", "deb-amd64"), ("0.2.0", "deb")):
        assert ceremony.step("add", ceremony.repository, file, "--release", version, "--kind", kind) == 2
        assert "till" in capsys.readouterr().err


def test_a_passphrase_is_asked_for_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["one", "another", "same", "same"])
    monkeypatch.setattr(update_repository.getpass, "getpass", lambda _: next(typed))
    assert update_repository.main(["new-key", str(tmp_path / "root.pem")]) == 2
    assert capsys.readouterr().err == "These are two passphrases. No key was made.\n"
    assert list(tmp_path.iterdir()) == []
    assert update_repository.main(["new-key", str(tmp_path / "root.pem")]) == 0
    key_id = capsys.readouterr().out.split()[-1]
    pub = str(tmp_path / "root.pub")
    stage = ["stage-root", str(tmp_path / "repository"), "--threshold", "1", "--root-key", pub]
    typed = iter(["same", "same"])
    assert update_repository.main(["new-key", str(tmp_path / "online.pem")]) == 0
    online = str(tmp_path / "online.pub")
    assert update_repository.main([*stage, "--targets-key", pub, "--online-key", online]) == 0
    assert f"{pub} is key {key_id}\n" in capsys.readouterr().out, "what its holder read aloud"


def test_keys_lie_under_their_passphrase(shop: Shop) -> None:
    key = shop.ceremony.key("root-1")
    assert b"ENCRYPTED PRIVATE KEY" in key.read_bytes()
    assert key.stat().st_mode & 0o077 == 0
    (shop.folder / "words").write_text("other words", encoding="utf-8")
    assert shop.ceremony.stage("root-1", "root-2") == 0
    assert shop.ceremony.sign("root-1") == 2
