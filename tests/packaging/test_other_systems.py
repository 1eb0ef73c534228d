"""What the build does for Windows and macOS, as far as that is seen from here, and the workflow for it."""

from __future__ import annotations

import plistlib
import re
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType

import pytest
import yaml
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"


@pytest.fixture
def of_the_build(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT / "installer"))
    names = ("artwork_files", "build", "bundle_contents", "library_imports", "licences", "program_facts")
    return {name: import_module(name) for name in names}


@pytest.mark.parametrize(
    ("left_out", "kept"),
    [
        ("PySide6/Qt/lib/libQt6Network.so.6", "PySide6/Qt/lib/libQt6Widgets.so.6"),
        ("PySide6/Qt/plugins/imageformats/libqgif.so", "PySide6/Qt/plugins/imageformats/libqsvg.so"),
        ("PySide6\\plugins\\imageformats\\qgif.dll", "PySide6\\plugins\\imageformats\\qsvg.dll"),
        ("PySide6\\plugins\\platforms\\qminimal.dll", "PySide6\\plugins\\platforms\\qwindows.dll"),
        ("PySide6\\plugins\\tls\\qschannelbackend.dll", "PySide6\\plugins\\platforms\\qoffscreen.dll"),
        ("PySide6\\Qt6Network.dll", "PySide6\\Qt6Widgets.dll"),
        ("PySide6\\opengl32sw.dll", "PySide6\\QtWidgets.pyd"),
        ("PySide6\\translations\\qt_de.qm", "cashier_app\\resources\\regions.json"),
        (
            "PySide6/Qt/lib/QtQml.framework/Versions/A/QtQml",
            "PySide6/Qt/lib/QtWidgets.framework/Versions/A/QtWidgets",
        ),
        ("PySide6/Qt/plugins/platforms/libqminimal.dylib", "PySide6/Qt/plugins/platforms/libqcocoa.dylib"),
    ],
)
def test_the_same_parts_are_left_out_wherever_a_system_has_them(
    of_the_build: dict[str, ModuleType], left_out: str, kept: str
) -> None:
    contents = of_the_build["bundle_contents"]
    assert contents.is_left_out(left_out)
    assert not contents.is_left_out(kept)


def test_only_modules_a_system_has_are_wanted_there(
    of_the_build: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = of_the_build["library_imports"]
    monkeypatch.setattr(imports, "_is_installed", lambda _: True)
    modules = of_the_build["bundle_contents"].modules()
    found = {
        system: {name.partition(":")[0] for name in imports.library_imports(modules, platform=system)}
        for system in ("linux", "win32", "darwin")
    }
    posix, windows = {"fcntl", "grp", "resource", "termios"}, {"msvcrt", "_winapi"}
    assert posix <= found["linux"]
    assert posix <= found["darwin"]
    assert not posix & found["win32"]
    assert windows <= found["win32"]
    assert not windows & (found["linux"] | found["darwin"])


def test_libraries_pythons_own_installer_brings_are_known_there_and_nowhere_else(
    of_the_build: dict[str, ModuleType], tmp_path: Path
) -> None:
    is_pythons = of_the_build["licences"]._is_pythons
    inside, outside = (
        tmp_path / "Python311" / "DLLs" / "libcrypto-3.dll",
        tmp_path / "else" / "libcrypto-3.dll",
    )
    prefix = str(tmp_path / "Python311")
    assert is_pythons(inside, "win32", prefix)
    assert is_pythons(inside, "darwin", prefix)
    assert not is_pythons(inside, "linux", prefix)
    assert not is_pythons(outside, "win32", prefix)
    assert is_pythons(tmp_path / "System32" / "VCRUNTIME140_1.dll", "win32", prefix)
    assert not is_pythons(tmp_path / "System32" / "VCRUNTIME140_1.dll", "darwin", prefix)


def test_the_self_check_is_of_what_a_shop_starts(of_the_build: dict[str, ModuleType]) -> None:
    window_of = of_the_build["build"].window_of
    bundle = PurePosixPath("dist/cashier-app")
    assert str(window_of(bundle, "linux")) == "dist/cashier-app/cashier-app"
    assert str(window_of(bundle, "win32")) == "dist/cashier-app/cashier-app.exe"
    assert str(window_of(bundle, "darwin")) == "dist/cashier-app.app/Contents/MacOS/cashier-app"


def test_the_icons_hold_every_size(of_the_build: dict[str, ModuleType], tmp_path: Path) -> None:
    artwork = of_the_build["artwork_files"]
    with Image.open(artwork.write_ico(tmp_path / "till.ico")) as icon:
        assert icon.info["sizes"] == {(size, size) for size in artwork.WINDOWS_SIZES}
        assert icon.convert("RGBA").getpixel((128, 10)) == (11, 106, 76, 255)
        assert icon.convert("RGBA").getpixel((0, 0))[3] == 0
    with Image.open(artwork.write_icns(tmp_path / "till.icns")) as icon:
        assert (512, 512, 2) in icon.info["sizes"]


def test_the_version_resource_names_program_and_version(
    of_the_build: dict[str, ModuleType], tmp_path: Path
) -> None:
    def made(*given: object, **named: object) -> tuple[object, ...]:
        return (*given, *named.items())

    names = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct", "VarFileInfo")
    target = of_the_build["program_facts"].write_version_resource(tmp_path / "v", "1.2.3rc1", "cashier-cli")
    scope = dict.fromkeys((*names, "VarStruct"), made)
    said = repr(eval(target.read_text(encoding="utf-8"), {"__builtins__": {}}, scope))  # noqa: S307 - as PyInstaller
    assert "('filevers', (1, 2, 3, 0))" in said
    assert "('ProductVersion', '1.2.3rc1')" in said
    assert "('OriginalFilename', 'cashier-cli.exe')" in said


def test_macos_is_told_why_the_camera_is_wanted_and_of_no_more_rights_than_two(
    of_the_build: dict[str, ModuleType],
) -> None:
    facts = of_the_build["program_facts"]
    told = facts.mac_information("1.2.3rc1")
    assert plistlib.loads(plistlib.dumps(told)) == told
    assert "camera" in told["NSCameraUsageDescription"]
    assert told["CFBundleVersion"] == "1.2.3"
    assert told["LSMinimumSystemVersion"] == "13.0"
    assert re.fullmatch(r"[A-Za-z0-9.-]+", told["CFBundleIdentifier"])
    assert told["NSHighResolutionCapable"] is True
    assert plistlib.loads(facts.ENTITLEMENTS.read_bytes()) == {
        "com.apple.security.device.camera": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }


@pytest.fixture
def workflow() -> dict[object, object]:
    read = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def steps_of(workflow: dict[object, object]) -> dict[str, list[dict[str, object]]]:
    jobs = workflow["jobs"]
    assert isinstance(jobs, dict)
    return {name: job["steps"] for name, job in jobs.items()}


def test_the_workflow_may_read_and_nothing_else(workflow: dict[object, object]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    text = WORKFLOW.read_text(encoding="utf-8")
    assert text.count("permissions:") == 1
    assert "pull_request_target" not in text
    assert text.count("persist-credentials: false") == text.count("uses: actions/checkout@")


def test_each_action_is_pinned_to_a_commit(workflow: dict[object, object]) -> None:
    used = [str(step["uses"]) for steps in steps_of(workflow).values() for step in steps if "uses" in step]
    assert len(used) >= 6
    assert [one for one in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", one)] == []


def test_secrets_reach_steps_by_their_environment_only(workflow: dict[object, object]) -> None:
    for steps in steps_of(workflow).values():
        for step in steps:
            assert "secrets." not in str(step.get("run", "")), step["name"]
            assert "secrets." not in str(step.get("with", ""))
            if "secrets." in str(step.get("env", "")):
                assert "pull_request" in str(step.get("if", "")) + str(step["env"]), step["name"]


def test_each_system_builds_checks_tours_and_writes_down_what_it_built(
    workflow: dict[object, object],
) -> None:
    steps = steps_of(workflow)
    assert set(steps) == {"linux", "windows", "macos"}
    for name, own in steps.items():
        run = "\n".join(str(step.get("run", "")) for step in own)
        assert "make deb" in run if name == "linux" else "installer/build.py" in run
        assert "--demo --tour" in run
        assert "SHA256SUMS" in run
        assert "--unchecked" not in run
        last = own[-1]
        assert str(last["uses"]).startswith("actions/upload-artifact@")
        assert "SHA256SUMS" in str(last["with"])


def test_the_scripts_of_macos_print_no_secret() -> None:
    for script in sorted((ROOT / "installer" / "macos").glob("*.sh")):
        text = script.read_text(encoding="utf-8")
        assert "set -euo pipefail" in text
        assert "set -x" not in text
        assert not re.search(r"echo .*\$\{?(CERTIFICATE|PASSWORD|NOTARY)", text)
