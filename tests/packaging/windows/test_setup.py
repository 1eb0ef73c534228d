"""The installers for Windows, compiled against a bundle made up here and read back; none of them is run."""

from __future__ import annotations

import re
import shutil
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from tests.packaging.windows.nsis_file import NsisFile, read

INSTALLER = Path(__file__).resolve().parents[3] / "installer"
VERSION = "1.2.3rc1"
PAYLOAD = {
    "cashier-app.exe": b"MZ window",
    "cashier-cli.exe": b"MZ commands",
    "LICENSE": b"MIT",
    "_internal/python3.dll": b"MZ python",
    "_internal/cashier_app/resources/build.json": b'{"version": "1.2.3rc1"}',
    "_internal/cashier_app/resources/demo/empty.txt": b"",
    "_internal/tzdata/zoneinfo/Etc/GMT+1": b"TZif",
    "_internal/a folder/it's 5 $NAME.txt": b"signs that mean something to NSIS",
    "_internal/a folder/größe.txt": "größe".encode(),
}
_TARGET = re.compile(r"\{(\d+)\}\\(.*)")
_PLUGINS = {"System.dll", "nsDialogs.dll", "nsExec.dll", "modern-wizard.bmp"}


class Compiled(NamedTuple):
    """An installer, and the uninstaller in it, read back."""

    file: Path
    setup: NsisFile
    uninstaller: NsisFile


@pytest.fixture
def build_setup(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(INSTALLER))
    return import_module("build_setup")


@pytest.fixture
def compiler(build_setup: ModuleType) -> str:
    tool: str | None = build_setup.makensis()
    if tool is None:
        pytest.skip(
            "THE WINDOWS INSTALLERS WERE NOT COMPILED: makensis is missing. sudo apt-get install nsis"
        )
    return tool


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "cashier-app"
    for place, content in PAYLOAD.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    return folder


def compiled(build_setup: ModuleType, bundle: Path, out: Path, scope: str = "user") -> Compiled:
    uninstaller = out / f"uninstall-{scope}.exe"
    out.mkdir(exist_ok=True)
    setup = build_setup.Setup(bundle, VERSION, uninstaller=uninstaller)
    file = build_setup.build(setup, scope, out)
    return Compiled(file, read(file), read(uninstaller))


def installed(setup: NsisFile) -> dict[str, bytes]:
    """Return what is put into the version's folder, by place in it."""
    own = {place: content for place, content in setup.files.items() if place.split("\\")[-1] not in _PLUGINS}
    variables = {match[1] for place in own if (match := _TARGET.fullmatch(place))}
    assert len(variables) == 1, f"files go to more than one folder: {sorted(own)}"
    return {place.partition("\\")[2].replace("\\", "/"): content for place, content in own.items()}


def differences(found: Compiled) -> list[str]:
    """Say where what is removed differs from what was installed."""
    bundle = set(PAYLOAD)
    in_folder = [match[2] for place in found.uninstaller.deleted if (match := _TARGET.fullmatch(place))]
    removed = {place.replace("\\", "/") for place in in_folder} - {"uninstall.exe"}
    folders = {
        "/".join(place.split("/")[:count]) for place in bundle for count in range(1, place.count("/") + 1)
    }
    emptied = {
        match[2].replace("\\", "/")
        for place, _ in found.uninstaller.folders_removed
        if (match := _TARGET.fullmatch(place))
    }
    with_all_in_it = [place for place, everything in found.uninstaller.folders_removed if everything]
    return [
        *(f"stays: {place}" for place in sorted(bundle - removed)),
        *(f"not ours: {place}" for place in sorted(removed - bundle)),
        *(f"folder stays: {place}" for place in sorted(folders - emptied)),
        *(f"folder not ours: {place}" for place in sorted(emptied - folders)),
        *(f"removed with all in it: {place}" for place in with_all_in_it),
    ]


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("scope", ["user", "machine"])
def test_what_is_installed_is_the_bundle_and_what_is_removed_is_that(
    build_setup: ModuleType, bundle: Path, tmp_path: Path, scope: str
) -> None:
    found = compiled(build_setup, bundle, tmp_path / "out", scope)
    assert installed(found.setup) == PAYLOAD
    assert differences(found) == []
    assert [place for place, everything in found.setup.folders_removed if everything] == []
    # Besides the version's own files: the two links, and NSIS's own scratch file.
    others = {place for place in found.uninstaller.deleted if not _TARGET.fullmatch(place)}
    assert others == {"<shell>\\cashier-app.lnk", "{0}"}


@pytest.mark.usefixtures("compiler")
def test_an_uninstaller_that_forgets_a_file_or_takes_too_much_is_caught(
    build_setup: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = build_setup.write_payload

    def planted(folder: Path, target: Path) -> int:
        size: int = honest(folder, target)
        lines = target.read_text(encoding="utf-8-sig").splitlines()
        lines = [line for line in lines if not (line.startswith("  Delete") and "python3.dll" in line)]
        lines.insert(-1, '  RMDir /r "$INSTDIR\\_internal"')
        target.write_text("\n".join([*lines, ""]), encoding="utf-8-sig")
        return size

    monkeypatch.setattr(build_setup, "write_payload", planted)
    found = differences(compiled(build_setup, bundle, tmp_path / "out"))
    assert found == ["stays: _internal/python3.dll", "removed with all in it: {21}\\_internal"]


@pytest.mark.usefixtures("compiler")
def test_only_the_one_for_all_users_asks_for_rights(
    build_setup: ModuleType, bundle: Path, tmp_path: Path
) -> None:
    asked = {}
    for scope in build_setup.SCOPES:
        content = compiled(build_setup, bundle, tmp_path / "out", scope).file.read_bytes()
        asked[scope] = re.findall(rb'requestedExecutionLevel level="(\w+)"', content)
        assert VERSION.encode("utf-16-le") in content
    assert asked == {"user": [b"asInvoker"], "machine": [b"requireAdministrator"]}


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize(("scope", "root"), [("user", "HKCU"), ("machine", "HKLM")])
def test_windows_is_told_in_one_place_and_paths_stand_in_quotes(
    build_setup: ModuleType, bundle: Path, tmp_path: Path, scope: str, root: str
) -> None:
    found = compiled(build_setup, bundle, tmp_path / "out", scope).setup
    keys = {key for key, _, _ in found.registered}
    assert keys == {rf"{root}\Software\Microsoft\Windows\CurrentVersion\Uninstall\cashier-app"}
    told = {name: value for _, name, value in found.registered}
    folder = told["Folder"]
    assert told["UninstallString"] == rf'"{folder}\uninstall.exe"'
    assert told["QuietUninstallString"] == rf'"{folder}\uninstall.exe" /S'
    assert told["DisplayVersion"] == VERSION
    assert [target.rpartition("\\")[2] for _, target in found.links] == ["cashier-app.exe"]


@pytest.mark.usefixtures("compiler")
def test_a_path_without_quotes_is_caught(
    build_setup: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / "planted.nsi"
    text = build_setup.SCRIPT.read_text(encoding="utf-8")
    assert "'\"$Target\\${UNINSTALLER}\" /S'" in text
    planted.write_text(text.replace("'\"$Target\\${UNINSTALLER}\" /S'", "'$Target\\${UNINSTALLER} /S'"))
    monkeypatch.setattr(build_setup, "SCRIPT", planted)
    told = compiled(build_setup, bundle, tmp_path / "out").setup.registered
    assert not any(name == "QuietUninstallString" and value.startswith('"') for _, name, value in told)


@pytest.mark.usefixtures("compiler")
def test_a_warning_of_the_compiler_is_an_error(
    build_setup: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned = tmp_path / "warned.nsi"
    warned.write_text(
        (build_setup.SCRIPT).read_text(encoding="utf-8") + "\nVar NobodyReadsIt\n", encoding="utf-8"
    )
    monkeypatch.setattr(build_setup, "SCRIPT", warned)
    with pytest.raises(build_setup.NotBuiltError, match="NobodyReadsIt"):
        build_setup.build(build_setup.Setup(bundle, VERSION), "user", tmp_path / "out")
    assert list((tmp_path / "out").glob("*.exe")) == []


def test_without_the_compiler_a_sentence_says_so(
    build_setup: ModuleType, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(build_setup.NotBuiltError, match="makensis is missing"):
        build_setup.build(build_setup.Setup(bundle, VERSION), "user", tmp_path / "out")


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([], "holds no files"),
        (["_internal/" + "deep/" * 30 + "file"], "could not hold"),
        (["_internal/Name.txt", "_internal/name.TXT"], "takes"),
        (["_internal/what?.txt"], "could not hold"),
        (["_internal/dot./file"], "could not hold"),
        (["_internal/${NAME}.txt"], "could not hold"),
    ],
)
def test_what_windows_cannot_hold_is_refused(
    build_setup: ModuleType, tmp_path: Path, places: list[str], said: str
) -> None:
    for place in places:
        (tmp_path / "odd" / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "odd" / place).touch()
    with pytest.raises(build_setup.UnfitPayloadError, match=said):
        build_setup.write_payload(tmp_path / "odd", tmp_path / "payload.nsh")


def test_the_programs_are_put_there_last(build_setup: ModuleType, bundle: Path) -> None:
    places = [str(place) for place in import_module("setup_payload").places_of(bundle)]
    assert sorted(places) == sorted(PAYLOAD)
    assert set(places[-3:]) == {"LICENSE", "cashier-app.exe", "cashier-cli.exe"}


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("0.1.0", "0.1.0.0"),
        ("1.2", "1.2.0.0"),
        ("1.2.3.4", "1.2.3.4"),
        ("2.0.0rc1", "2.0.0.0"),
        ("1.4.dev3", "1.4.0.0"),
    ],
)
def test_a_version_is_four_numbers(build_setup: ModuleType, version: str, numbers: str) -> None:
    assert build_setup.version_number(version) == numbers


def test_a_folder_that_is_no_bundle_has_no_version(
    build_setup: ModuleType, bundle: Path, tmp_path: Path
) -> None:
    assert build_setup.version_of(bundle) == VERSION
    with pytest.raises(build_setup.NotBuiltError, match="is no bundle"):
        build_setup.version_of(tmp_path)


def test_every_sentence_is_said_and_every_one_said_is_there() -> None:
    script = (INSTALLER / "windows" / "cashier.nsi").read_text(encoding="utf-8")
    english = (INSTALLER / "windows" / "english.nsh").read_text(encoding="utf-8")
    there = set(re.findall(r"^LangString (\w+)", english, re.MULTILINE))
    assert there == set(re.findall(r"\$\((\w+)\)", script))


def test_every_switch_the_script_takes_is_named_where_people_look() -> None:
    script = (INSTALLER / "windows" / "cashier.nsi").read_text(encoding="utf-8")
    taken = set(re.findall(r'\$R[567] S?== "(/[A-Z]+)=?"', script))
    assert taken == {"/D", "/S", "/CONFIG", "/AUTOSTART", "/NOAUTOSTART", "/CLOSE"}
    sentence = (INSTALLER / "windows" / "english.nsh").read_text(encoding="utf-8")
    install = (INSTALLER.parent / "docs" / "install.md").read_text(encoding="utf-8")
    for switch in taken:
        assert re.search(rf"{switch}\b", sentence.partition("NoSuchSwitch")[2].partition("\n")[0])
        assert f"`{switch}" in install


def test_what_lies_where_a_preset_goes_lends_it_no_rights() -> None:
    script = (INSTALLER / "windows" / "cashier.nsi").read_text(encoding="utf-8")
    kept = script[script.index("Function KeepPreset") : script.index("Function Register")]
    order = [
        "GetFileAttributesW",
        "/setowner",
        "/inheritance:r",
        'Delete "$PresetFolder\\till.toml.new"',
        "CopyFiles",
        'SetFileAttributes "$PresetFolder\\till.toml.new" NORMAL\n  Push',
        "Call MoveOver",
    ]
    places = [kept.index(step) for step in order]
    assert places == sorted(places)


def test_the_search_path_of_windows_is_left_alone() -> None:
    script = (INSTALLER / "windows" / "cashier.nsi").read_text(encoding="utf-8")
    assert not re.search(r"\bEnvironment\b|EnvVar|setx", script)
    # Never the whole of a folder somebody may have put something in.
    assert "RMDir /r" not in script
