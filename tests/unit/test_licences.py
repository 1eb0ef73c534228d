"""What the program is made of: a bundle's list read back as it is written, or what is installed."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from cashier_app import __version__, licences
from cashier_app.command_line.parser import main
from cashier_app.errors import KnownError
from cashier_app.licences import LicensedPart, parts_listed, read_licences, texts_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def of_the_build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "installer"))
    return import_module("licences")


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_the_build: ModuleType) -> Path:
    """Return the resources of a bundle with two parts, written as the build writes them."""
    resources = tmp_path / "_internal/cashier_app/resources"
    parts = [
        of_the_build.Part("Qt & Co", "6.11.3", "LGPL-3.0", "https://qt.example", ()),
        of_the_build.Part("zeta", "1.0rc1", "MIT", "by this name and version", ()),
    ]
    for part in parts:
        (resources / "licences" / part.name).mkdir(parents=True)
    (resources / licences.LISTING).write_text(of_the_build.listing_of(parts), encoding="utf-8")
    own = resources / "licences" / "Qt & Co"
    (own / "LGPL.txt").write_bytes(b"GNU LESSER\x0cpage two\r\n\tterms \x1b[31mred\xff\n")
    (own / "LGPL-again.txt").write_bytes((own / "LGPL.txt").read_bytes())
    (own / "GPL.txt").write_text("GNU GENERAL\n")
    monkeypatch.setattr(licences, "resources", lambda: resources)
    return resources


def test_a_bundle_s_list_is_read_back_as_it_was_written(bundle: Path) -> None:
    found = read_licences()
    assert found.parts == (
        LicensedPart("cashier-app", __version__, "MIT License"),
        LicensedPart("Qt & Co", "6.11.3", "LGPL-3.0", "https://qt.example"),
        LicensedPart("zeta", "1.0rc1", "MIT", "by this name and version"),
    )
    assert "you may replace them" in found.about
    assert "zeta" not in found.about
    assert (bundle / licences.LISTING).is_file()


def test_texts_are_plain_and_each_is_said_once(bundle: Path) -> None:
    gpl, lgpl = sorted(texts_of("QT & CO"), key=lambda one: one.text)
    assert gpl.text == "GNU GENERAL"
    assert lgpl.text == "GNU LESSER\npage two\n        terms [31mred\N{REPLACEMENT CHARACTER}"
    assert texts_of("zeta") == ()
    assert (bundle / "licences/zeta").is_dir()


@pytest.mark.parametrize("part", ["no such part", "", ".", "..", "../resources", "/etc", "zeta/.."])
@pytest.mark.usefixtures("bundle")
def test_a_part_that_is_none_is_refused(part: str) -> None:
    with pytest.raises(KnownError, match="No texts of"):
        texts_of(part)


def test_a_text_that_cannot_be_read_is_named(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: Path, *_: object) -> None:
        raise PermissionError(13, "no", str(file))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(KnownError, match="cannot be read") as said:
        texts_of("qt & co")
    assert str(bundle) in said.value.sentence


def test_no_more_of_a_text_is_read_than_one_may_hold(bundle: Path) -> None:
    (bundle / "licences/zeta/LICENSE").write_bytes(b"x" * (licences.MAX_TEXT + 5))
    assert len(texts_of("zeta")[0].text) == licences.MAX_TEXT


def test_an_unfinished_list_loses_nothing_that_is_whole(bundle: Path) -> None:
    said = (bundle / licences.LISTING).read_text(encoding="utf-8")
    about, parts = parts_listed(said[: said.index("by this name")])
    assert [part.name for part in parts] == ["Qt & Co"]
    assert "replace" in about


def test_from_source_every_installed_package_is_there_once_with_its_text() -> None:
    found = read_licences()
    names = [part.name for part in found.parts]
    assert found.about == ""
    assert names[0] == "cashier-app"
    assert len(names) == len(set(names))
    assert {"msgspec", "apsw"} <= set(names)
    assert all(part.licence for part in found.parts)
    assert "Permission is hereby granted" in texts_of("cashier-app")[0].text
    assert any("Copyright" in one.text for one in texts_of("msgspec"))


def test_what_lies_beside_a_frozen_program_is_its_own_text(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    debian = tmp_path / "doc"
    monkeypatch.setattr(licences, "_DEBIAN", debian)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "cashier-app"))
    assert texts_of("cashier-app") == ()
    debian.mkdir()
    (debian / "copyright").write_text("as Debian has it")
    assert texts_of("cashier-app")[0].text == "as Debian has it"
    (tmp_path / "LICENSE").write_text("ours")
    assert texts_of("cashier-app")[0].text == "ours"
    (bundle / "LICENSE").write_text("among the resources")
    assert texts_of("cashier-app")[0].text == "among the resources"


def test_the_command_says_the_list_as_it_was_written(
    bundle: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cashier_app.command_line import licences as command

    monkeypatch.setattr(command, "resources", lambda: bundle)
    assert main(["licences"]) == 0
    assert capsys.readouterr().out.strip() == (bundle / licences.LISTING).read_text(encoding="utf-8").strip()
    assert main(["licences", "qt & co"]) == 0
    assert "--- GPL.txt\nGNU GENERAL" in capsys.readouterr().out
