"""What the build puts into the bundle and leaves out, and whose licences it finds; nothing is built."""

from __future__ import annotations

import sys
from fnmatch import fnmatch
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest

INSTALLER = Path(__file__).resolve().parent.parent.parent / "installer"


@pytest.fixture
def of_the_build(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The build's modules; they find one another by being started in their folder."""
    monkeypatch.syspath_prepend(str(INSTALLER))
    return {
        name: import_module(name)
        for name in ("build", "bundle_contents", "carried_libraries", "library_imports", "licences")
    }


@pytest.fixture
def contents(of_the_build: dict[str, ModuleType]) -> ModuleType:
    return of_the_build["bundle_contents"]


@pytest.fixture
def licences(of_the_build: dict[str, ModuleType]) -> ModuleType:
    return of_the_build["licences"]


def test_all_our_modules_go_in_but_those_for_writers_of_backends(contents: ModuleType) -> None:
    names = contents.modules()
    assert {"cashier_app", "cashier_app.security.key_store_helper", "ui.training.process"} <= set(names)
    assert not [name for name in names if name.startswith("cashier_app.testing")]
    assert names == sorted(set(names))


def test_data_files_keep_their_folders(contents: ModuleType) -> None:
    places = {f"{folder}/{file.name}" for file, folder in contents.data_files()}
    assert "cashier_app/resources/icons/mark.svg" in places
    assert "cashier_app/resources/demo/members.toml" in places
    assert any(place.startswith("cashier_app/storage/migrations/0001") for place in places)
    assert any(place.startswith("cashier_app/ledger/migrations/") for place in places)
    assert not [place for place in places if "__pycache__" in place]


def test_nothing_we_import_is_left_out(of_the_build: dict[str, ModuleType], contents: ModuleType) -> None:
    wanted = of_the_build["library_imports"].library_imports(contents.modules())
    left_out = tuple(contents.LEFT_OUT_MODULES)
    modules = {name.partition(":")[0] for name in wanted}
    lost = [name for name in modules if any(name == one or name.startswith(one + ".") for one in left_out)]
    assert lost == []


def test_imports_inside_functions_are_found(of_the_build: dict[str, ModuleType], tmp_path: Path) -> None:
    (tmp_path / "late.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import tkinter\n"
        "def later():\n    from json import decoder, loads\n    import_module('colorsys')\n    import zlib\n"
    )
    found = of_the_build["library_imports"].library_imports(["late"], tmp_path)
    assert found == ["colorsys", "json:decoder", "json:loads", "typing:TYPE_CHECKING", "zlib"]


def test_an_import_that_is_not_installed_stops_the_build(
    of_the_build: dict[str, ModuleType], tmp_path: Path
) -> None:
    (tmp_path / "late.py").write_text("def later():\n    import surely_not_installed.part\n")
    with pytest.raises(SystemExit, match="surely_not_installed"):
        of_the_build["library_imports"].library_imports(["late"], tmp_path)


def test_what_only_another_system_has_is_not_wanted_here(
    of_the_build: dict[str, ModuleType], tmp_path: Path
) -> None:
    other = "winreg" if sys.platform != "win32" else "objc"
    (tmp_path / "late.py").write_text(f"import {other}\n")
    assert of_the_build["library_imports"].library_imports(["late"], tmp_path) == []


@pytest.mark.parametrize(
    ("target", "source", "is_systems"),
    [
        ("libglib-2.0.so.0", "/usr/lib/x86_64-linux-gnu/libglib-2.0.so.0", True),
        ("libcrypto.so.3", "/lib/x86_64-linux-gnu/libcrypto.so.3", True),
        ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", False),
        ("python3.11/lib-dynload/_ssl.so", "/usr/lib/python3.11/lib-dynload/_ssl.so", False),
        ("numpy.libs/libgfortran.so", "/venv/lib/numpy.libs/libgfortran.so", False),
    ],
)
def test_the_system_keeps_its_libraries(
    contents: ModuleType, target: str, source: str, *, is_systems: bool
) -> None:
    assert contents.is_system_library(target, source, "linux") is is_systems
    assert contents.is_system_library(target, source, "win32") is False


def test_each_program_starts_only_what_it_needs(contents: ModuleType) -> None:
    needed = contents.start_up_needed
    assert needed("window", "window", "linux")
    assert not needed("window", "cli", "linux")
    assert not needed("pyi_rth_pyside6", "cli", "win32")
    assert needed("pyi_rth_pyside6", "window", "win32")
    assert not needed("pyi_rth_inspect", "window", "linux")
    assert needed("pyi_rth_pkgutil", "cli", "linux")


def test_plugins_the_till_shows_itself_with_are_kept(contents: ModuleType) -> None:
    plugins = "PySide6/Qt/plugins"
    kept = (
        f"{plugins}/platforms/libqxcb.so",
        f"{plugins}/platforms/libqwayland.so",
        f"{plugins}/platforms/libqoffscreen.so",
        f"{plugins}/iconengines/libqsvgicon.so",
        f"{plugins}/printsupport/libcupsprintersupport.so",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "fontpkg_inter/files/Inter[opsz,wght].ttf",
    )
    lost = [place for place in kept for pattern in contents.LEFT_OUT_FILES if fnmatch(place, pattern)]
    assert lost == []


def test_whatever_is_left_out_has_a_reason(contents: ModuleType) -> None:
    for left_out in (contents.LEFT_OUT_MODULES, contents.LEFT_OUT_FILES, contents.LEFT_OUT_START_UP):
        assert all(reason.strip() for reason in left_out.values())


def test_parts_are_known_by_source_and_by_place(licences: ModuleType) -> None:
    import segno

    by_source = ("anywhere/segno.pyc", segno.__file__, "DATA")
    by_place = ("httpx/_client.pyc", "/build/localpycs/httpx/_client.pyc", "DATA")
    ours = ("cashier_app/paths.pyc", "/build/localpycs/cashier_app/paths.pyc", "DATA")
    pythons = ("json/decoder.pyc", "/build/localpycs/json/decoder.pyc", "DATA")
    assert [one.name for one in licences.bundled([by_source, by_place, ours, pythons])] == ["httpx", "segno"]


def test_a_file_nobody_knows_stops_the_build(licences: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"libsurprise\.so\.1"):
        licences.bundled([("libsurprise.so.1", "/opt/libsurprise.so.1", "BINARY")])


def test_qt_s_texts_are_complete_and_go_with_the_list(licences: ModuleType, tmp_path: Path) -> None:
    data = licences.write_licences(
        [("PySide6/QtCore.abi3.so", "/x/PySide6/QtCore.abi3.so", "EXTENSION")], tmp_path
    )
    places = {place for place, _, _ in data}
    folder = "cashier_app/resources/licences/PySide6_Essentials"
    assert {f"{folder}/LGPL-3.0.txt", f"{folder}/GPL-3.0.txt", f"{folder}/ICU-copyright.txt"} <= places
    listing = (tmp_path / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    assert "replace them by builds of your own" in listing
    assert "download.qt.io" in listing
    assert "Python 3." in listing


def test_a_part_without_a_text_stops_the_build(licences: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "OWN_TEXTS", INSTALLER / "nowhere")
    with pytest.raises(SystemExit, match="shiboken6"):
        licences.parts_of(
            licences.bundled([("shiboken6/Shiboken.abi3.so", "/x/shiboken6/Shiboken.abi3.so", "EXTENSION")])
        )


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="wheels of other systems carry other libraries"
)
def test_every_library_a_wheel_carries_is_in_a_licence_text(licences: ModuleType, tmp_path: Path) -> None:
    carried = [
        (file.as_posix(), str(file.locate()), "BINARY")
        for name in ("pillow", "numpy", "opencv-python-headless", "psycopg-binary")
        for file in distribution(name).files or ()
        if file.parts[0].endswith(".libs")
    ]
    assert len(carried) > 40
    assert licences.write_licences(carried, tmp_path)


def test_a_carried_library_no_text_speaks_of_stops_the_build(
    of_the_build: dict[str, ModuleType], tmp_path: Path
) -> None:
    text = tmp_path / "LICENSE"
    text.write_text("FFmpeg is under the LGPL.\n", encoding="utf-8")
    known, unknown = "one.libs/libavcodec-c4204469.so.62", "one.libs/libsurprise-c4204469.so.1"
    untold = of_the_build["carried_libraries"].untold
    assert untold([known, unknown, "one/core.so"], [text]) == [unknown]
    assert untold([known], []) == [known]


def test_the_list_of_files_tells_one_changed_byte(
    of_the_build: dict[str, ModuleType], tmp_path: Path
) -> None:
    """By this list two builds are compared."""
    (tmp_path / "_internal").mkdir()
    file = tmp_path / "_internal" / "module.pyc"
    file.write_bytes(b"built at 1")
    (tmp_path / "link").symlink_to("_internal")
    lists = [of_the_build["build"].file_list(tmp_path)]
    for change in (
        lambda: file.write_bytes(b"built at 2"),
        lambda: file.rename(file.with_name("other.pyc")),
        (tmp_path / "one_more").touch,
        (tmp_path / "link").unlink,
    ):
        change()
        lists.append(of_the_build["build"].file_list(tmp_path))
    assert len({tuple(one) for one in lists}) == len(lists)
