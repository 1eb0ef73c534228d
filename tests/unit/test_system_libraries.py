"""Which libraries are asked for where, and the one sentence about those that are missing."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cashier_app.system_libraries import (
    Need,
    install_command,
    main,
    missing_optional,
    missing_required,
    sentence,
)

SCRIPT = Path(__file__).parents[2] / "scripts" / "system_libraries.py"
EGL = Need("libEGL.so.1", "libegl1")
CURSOR = Need("libxcb-cursor.so.0", "libxcb-cursor0")
GLIB = Need("libglib-2.0.so.0", "libglib2.0-0", renamed="libglib2.0-0t64")
ICCCM = Need("libxcb-icccm.so.4", "libxcb-icccm4")


def without(*names: str) -> Callable[[str], object]:
    def load(name: str) -> object:
        if name in names:
            raise OSError(f"{name}: cannot open shared object file: No such file or directory")
        return object()

    return load


def nothing_loads(name: str) -> object:
    raise OSError(name)


def names(needs: list[Need]) -> list[str]:
    return [need.name for need in needs]


def test_nothing_missing_is_nothing_to_say() -> None:
    assert missing_required(without(), {"DISPLAY": ":0"}, "linux") == []


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_bring_everything(system: str, tmp_path: Path) -> None:
    assert missing_required(nothing_loads, {"DISPLAY": ":0"}, system) == []
    assert missing_optional(nothing_loads, [str(tmp_path)], system) == []


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"},
        {"QT_QPA_PLATFORM": "vnc:size=800x600"},
    ],
)
def test_without_a_screen_only_the_base_is_needed(environment: dict[str, str]) -> None:
    needed = names(missing_required(nothing_loads, environment, "linux"))
    assert "libEGL.so.1" in needed
    assert not [name for name in needed if "xcb" in name or "wayland" in name]


@pytest.mark.parametrize(
    "environment",
    [
        {"DISPLAY": ":0"},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "xcb;wayland", "WAYLAND_DISPLAY": "wayland-0"},
    ],
)
def test_x11_needs_the_xcb_libraries(environment: dict[str, str]) -> None:
    assert names(missing_required(without("libxcb-cursor.so.0"), environment, "linux")) == [
        "libxcb-cursor.so.0"
    ]


@pytest.mark.parametrize(
    "environment",
    [{"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, {"QT_QPA_PLATFORM": "wayland-egl", "DISPLAY": ":0"}],
)
def test_a_wayland_desktop_does_not_need_them(environment: dict[str, str]) -> None:
    load = without("libxcb-cursor.so.0", "libwayland-cursor.so.0")
    assert names(missing_required(load, environment, "linux")) == ["libwayland-cursor.so.0"]


def test_one_sentence_with_the_exact_command() -> None:
    assert sentence([EGL], {}) == (
        "The window cannot open without libEGL.so.1; on Debian or Ubuntu run: sudo apt-get install libegl1"
    )
    assert sentence([EGL, CURSOR], {}) == (
        "The window cannot open without libEGL.so.1 and libxcb-cursor.so.0; "
        "on Debian or Ubuntu run: sudo apt-get install libegl1 libxcb-cursor0"
    )
    assert sentence([EGL, CURSOR, GLIB, ICCCM], {}) == (
        "The window cannot open without libEGL.so.1, libxcb-cursor.so.0, libglib-2.0.so.0 and 1 more; "
        "on Debian or Ubuntu run: sudo apt-get install libegl1 libxcb-cursor0 libglib2.0-0 libxcb-icccm4"
    )


@pytest.mark.parametrize(
    ("system", "version", "package"),
    [
        ("ubuntu", "24.04", "libglib2.0-0t64"),
        ("ubuntu", "22.04", "libglib2.0-0"),
        ("debian", "13", "libglib2.0-0t64"),
        ("debian", "12", "libglib2.0-0"),
        ("debian", "", "libglib2.0-0"),
        ("fedora", "42", "libglib2.0-0"),
    ],
)
def test_packages_have_the_names_of_the_release(system: str, version: str, package: str) -> None:
    release = {"ID": system, "VERSION_ID": version}
    assert install_command([GLIB, EGL], release) == f"sudo apt-get install {package} libegl1"


def test_zbar_and_fonts_are_optional(tmp_path: Path) -> None:
    fonts = tmp_path / "fonts" / "truetype"
    fonts.mkdir(parents=True)
    (fonts / "readme.txt").touch()
    assert names(missing_optional(nothing_loads, [str(tmp_path)], "linux")) == ["libzbar.so.0", "fonts"]
    (fonts / "Some.TTF").touch()
    assert names(missing_optional(without(), [str(tmp_path / "none"), str(tmp_path)], "linux")) == []


def test_the_exit_code_tells_whether_the_window_can_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], required=list, optional=lambda: [EGL]) == 0
    assert capsys.readouterr() == ("", "")
    assert main([], required=lambda: [EGL], optional=list) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == sentence([EGL]) + "\n"


def test_optional_ones_are_listed_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    zbar = Need("libzbar.so.0", "libzbar0", "reads some codes under glare")
    assert main(["--optional"], required=list, optional=lambda: [zbar]) == 0
    assert capsys.readouterr().err == (
        "Optional: libzbar.so.0 (reads some codes under glare): sudo apt-get install libzbar0\n"
    )


def test_the_script_runs_without_any_package_installed() -> None:
    # -I -S: no site-packages, no current folder; only what the script itself finds.
    command = [sys.executable, "-I", "-S", str(SCRIPT)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode in {0, 2}
    assert "Traceback" not in done.stderr
    assert (done.returncode == 2) == ("apt-get install" in done.stderr)
