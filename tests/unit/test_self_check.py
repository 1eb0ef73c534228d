from __future__ import annotations

import hashlib
import ssl
import sys
from pathlib import Path

import msgspec
import pytest

from cashier_app import build_stamp, paths, self_check
from cashier_app.backends import trust
from cashier_app.errors import KnownError
from cashier_app.self_check import BrokenError, Finding

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def stamped(folder: Path, **changes: object) -> None:
    stamp = {
        "version": "1.2.3",
        "commit": COMMIT,
        "changed": False,
        "modules": [],
        "libraries": [],
        "files": {},
    }
    (folder / build_stamp.STAMP_FILE).write_bytes(msgspec.json.encode({**stamp, **changes}))


@pytest.fixture
def resources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A bundle's folder of data files; nothing is in it yet."""
    folder = tmp_path / "cashier_app" / "resources"
    folder.mkdir(parents=True)
    for module in (build_stamp, self_check):
        monkeypatch.setattr(module, "resources", lambda: folder)
    return folder


def test_from_source_there_is_no_stamp_and_no_commit(resources: Path) -> None:
    assert build_stamp.read_stamp() is None
    assert build_stamp.version_line() == f"cashier-app {build_stamp.__version__}"


def test_a_bundle_says_its_commit(resources: Path) -> None:
    stamped(resources)
    assert build_stamp.version_line() == "cashier-app 1.2.3 (commit 0123456789ab)"
    stamped(resources, changed=True)
    assert build_stamp.version_line() == "cashier-app 1.2.3 (commit 0123456789ab, with changes)"


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"version": 3}', b"\xff\xfe"])
def test_a_damaged_stamp_is_none(resources: Path, damaged: bytes) -> None:
    (resources / build_stamp.STAMP_FILE).write_bytes(damaged)
    assert build_stamp.read_stamp() is None


def test_a_bundle_without_a_stamp_is_broken(resources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(BrokenError, match="does not say"):
        self_check.look_at_files(resources)


def test_files_are_compared_with_what_was_built(resources: Path) -> None:
    (resources / "kept.txt").write_bytes(b"as built")
    (resources / "changed.txt").write_bytes(b"something else")
    digest = hashlib.sha256(b"as built").hexdigest()
    names = ("kept.txt", "changed.txt", "gone.txt")
    stamped(resources, files={f"cashier_app/resources/{name}": digest for name in names})
    with pytest.raises(BrokenError) as broken:
        self_check.look_at_files(resources)
    assert "changed.txt" in str(broken.value)
    assert "gone.txt" in str(broken.value)
    assert "kept.txt" not in str(broken.value)


def test_missing_modules_and_names_are_told_with_the_reason(resources: Path) -> None:
    stamped(resources, libraries=["json:loads", "json:decoder", "json:no_such_thing", "no_such_library"])
    with pytest.raises(BrokenError) as broken:
        self_check.look_at_libraries(resources)
    assert "json:no_such_thing" in str(broken.value)
    assert "no_such_library (No module named 'no_such_library')" in str(broken.value)
    assert "json:loads" not in str(broken.value)


def test_whatever_breaks_is_named_and_the_next_is_looked_at(tmp_path: Path) -> None:
    def broken(_: Path) -> str:
        raise ZeroDivisionError("by zero")

    def failing(_: Path) -> str:
        raise KnownError("The disk is full.")

    found = list(
        self_check.findings((("a", broken), ("b", failing), ("c", lambda folder: folder.name)), tmp_path)
    )
    assert found == [
        Finding("a", fine=False, words="ZeroDivisionError: by zero"),
        Finding("b", fine=False, words="The disk is full."),
        Finding("c", fine=True, words=tmp_path.name),
    ]


@pytest.mark.parametrize(
    "name", ["decoders", "database", "printing", "regions", "ledger", "secrets", "trust store"]
)
def test_what_is_installed_here_works(name: str, tmp_path: Path) -> None:
    assert dict(self_check.LOOKS)[name](tmp_path)


def test_a_decoder_that_reads_nothing_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cashier_app.scanning.decoders.read_with_zxing", lambda _: [])
    with pytest.raises(BrokenError, match="zxing"):
        self_check.look_at_decoders(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems answer for themselves")
def test_a_system_without_authorities_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "authorities.crt"
    if content is not None:
        file.write_bytes(content)
    nowhere = ssl.DefaultVerifyPaths(None, None, "", str(file), "", str(tmp_path / "no folder"))
    monkeypatch.setattr(trust.ssl, "get_default_verify_paths", lambda: nowhere)
    monkeypatch.setattr(trust, "_BUNDLES", ())
    (finding,) = self_check.findings((("trust store", self_check.look_at_trust),), tmp_path)
    assert not finding.fine
    assert finding.words == (trust.UNREADABLE if content is not None else self_check.NO_AUTHORITIES)


def test_a_user_without_a_home_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_knows(*_: object, **__: object) -> str:
        raise RuntimeError("could not determine the home directory")

    for name in ("user_data_dir", "user_config_dir"):
        monkeypatch.setattr(f"platformdirs.{name}", nobody_knows)
    for look in (paths.default_data_folder, paths.own_config_file):
        with pytest.raises(KnownError) as known:
            look()
        assert known.value.sentence == paths.NO_HOME
