"""What can be said of the Debian package before it is built; the rest is tried by `make test-packaging`."""

from __future__ import annotations

import argparse
import configparser
import importlib.util
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET  # our own file

import pytest

from cashier_app.config import read_config
from cashier_app.system_libraries import missing_required

LINUX = Path(__file__).resolve().parents[2] / "installer/linux"
PARTS = LINUX / "package"
SCRIPTS = ("postinst", "prerm", "postrm")


def part(name: str) -> ModuleType:
    """Return a module of the build, which is no package."""
    spec = importlib.util.spec_from_file_location(f"installer_linux_{name}", LINUX / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


control, elf, manual = part("deb_control"), part("elf_needs"), part("manual")

IN_ORDER = (
    "0.9", "1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0a2", "1.0b1", "1.0rc1.dev2", "1.0rc1", "1.0rc2", "1.0",
    "1.0.post1.dev1", "1.0.post1", "1.0.post2", "1.0.1", "1.1.dev1", "1.1", "1.10", "2.0", "1!0.1",
)  # fmt: skip
"""As PEP 440 has them."""


@pytest.mark.parametrize(
    ("version", "debian"),
    [
        ("0.1.0", "0.1.0-1"),
        ("1.0rc1", "1.0~rc1-1"),
        ("1.0.dev3", "1.0~~dev3-1"),
        ("1.0a1.dev2", "1.0~a1~dev2-1"),
        ("1.0.post1", "1.0+post1-1"),
        ("1!2.0", "1:2.0-1"),
    ],
)
def test_a_version_in_debians_form(version: str, debian: str) -> None:
    assert control.debian_version(version) == debian


def test_versions_sort_as_pythons_do() -> None:
    dpkg = shutil.which("dpkg")
    if dpkg is None:
        pytest.skip("THE ORDER OF VERSIONS WAS NOT TRIED: dpkg is not installed")
    written = [control.debian_version(version) for version in IN_ORDER]
    for older, newer in pairwise(written):
        compared = subprocess.run([dpkg, "--compare-versions", older, "lt", newer], check=False)
        assert compared.returncode == 0, (older, newer)


@pytest.mark.parametrize(
    "version", ["", "1.0+here", "v1.0", "1.0-1", "1.0~rc1", "1.0 ", "1.0\nPackage: other"]
)
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match="not a version that can be packaged"):
        control.debian_version(version)


def test_the_control_file_says_what_dpkg_wants() -> None:
    text = control.control(
        "1.0-1", "amd64", "Shop <shop@shop.example>", 4096, ["libb1", "liba1 (>= 2)"], "libz0"
    )
    fields = dict(re.findall(r"^([A-Z][\w-]+): (.*)$", text, re.MULTILINE))
    assert fields["Package"] == "cashier-app"
    assert fields["Depends"] == "ca-certificates, liba1 (>= 2), libb1, libz0"
    assert fields["Installed-Size"] == "4096"
    assert text.endswith(".\n")
    description = text.partition("Description: ")[2].splitlines()
    assert len(description[0]) <= 80
    assert not description[0].endswith(".")
    # Policy: each further line begins with a space, and an empty one is a dot.
    assert all(re.match(r" \S", line) and len(line) <= 80 for line in description[1:])


def test_the_change_log_has_debians_form() -> None:
    text = control.debian_changes("1.0-1", "Shop <shop@shop.example>", 1767225600)
    lines = text.splitlines()
    assert lines[0] == "cashier-app (1.0-1) unstable; urgency=medium"
    assert lines[-1] == " -- Shop <shop@shop.example>  Thu, 01 Jan 2026 00:00:00 +0000"


OBJDUMP = """
/b/_internal/libQt6Core.so.6:     file format elf64-x86-64

Dynamic Section:
  NEEDED               libglib-2.0.so.0
  NEEDED               libstdc++.so.6
  SONAME               libQt6Core.so.6

Version References:
  required from libc.so.6:
    0x09691a75 0x00 03 GLIBC_2.2.5
    0x069691b4 0x00 02 GLIBC_2.34
  required from libstdc++.so.6:
    0x0297f869 0x00 05 GLIBCXX_3.4.29

/b/_internal/other.so:     file format elf64-x86-64

Dynamic Section:
  NEEDED               libc.so.6
  NEEDED               libnobody.so.7
"""


def test_what_files_need_is_read_from_the_files() -> None:
    needs = elf.read_objdump(OBJDUMP)
    assert needs.users == {
        "libglib-2.0.so.0": "/b/_internal/libQt6Core.so.6",
        "libstdc++.so.6": "/b/_internal/libQt6Core.so.6",
        "libc.so.6": "/b/_internal/other.so",
        "libnobody.so.7": "/b/_internal/other.so",
    }
    assert needs.symbols["libc.so.6"] == {"GLIBC_2.2.5", "GLIBC_2.34"}


def test_a_library_without_a_package_stops_the_build() -> None:
    needs = elf.read_objdump(OBJDUMP)
    with pytest.raises(elf.UnknownLibraryError, match=r"libnobody\.so\.7 \(for /b/_internal/other\.so\)"):
        elf.dependencies(needs)


def test_packages_are_new_enough_for_every_symbol() -> None:
    read = elf.read_objdump(OBJDUMP)
    users = {name: user for name, user in read.users.items() if name != "libnobody.so.7"}
    assert elf.dependencies(elf.Needs(users, read.symbols)) == [
        "libc6 (>= 2.34)",
        "libglib2.0-0t64 | libglib2.0-0",
        "libstdc++6 (>= 11)",
    ]


def test_a_symbol_younger_than_the_table_stops_the_build() -> None:
    with pytest.raises(elf.UnknownLibraryError, match=r"GLIBCXX_3\.4\.99"):
        elf.dependencies(elf.Needs({}, {"libstdc++.so.6": frozenset({"GLIBCXX_3.4.99"})}))


@pytest.mark.parametrize("platform", ["xcb", "wayland"])
def test_each_library_the_window_looks_for_has_a_package(platform: str) -> None:
    def none_is_there(name: str) -> object:
        raise OSError(name)

    wanted = missing_required(none_is_there, {"QT_QPA_PLATFORM": platform}, "linux")
    assert len(wanted) > 9
    assert {need.name for need in wanted} <= set(elf.known_packages())
    assert "libzbar.so.0" in elf.optional_packages()


@pytest.mark.parametrize(("number", "name"), [(62, "amd64"), (183, "arm64")])
def test_the_machine_is_read_from_the_program(tmp_path: Path, number: int, name: str) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF" + bytes(14) + number.to_bytes(2, "little"))
    assert elf.architecture(program) == name


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fELF" + bytes(14) + b"\xff\xff"])
def test_what_is_no_program_for_a_known_machine_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "program").write_bytes(content)
    with pytest.raises(ValueError, match="program"):
        elf.architecture(tmp_path / "program")


def test_the_example_of_settings_is_one() -> None:
    config = read_config(PARTS / "till.toml")
    assert config.store.name == "Marigold Stores"


def test_the_desktop_entry_opens_our_program() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(PARTS / "cashier-app.desktop", encoding="utf-8")
    main = entry["Desktop Entry"]
    assert {entry[section]["Exec"].split()[0] for section in entry.sections()} == {"cashier-app"}
    # What a window of Qt says it belongs to is the name of its program.
    assert main["StartupWMClass"] == main["TryExec"] == main["Icon"] == "cashier-app"
    named = {f"Desktop Action {name}" for name in main["Actions"].split(";") if name}
    assert named == {section for section in entry.sections() if section.startswith("Desktop Action ")}
    if tool := shutil.which("desktop-file-validate"):
        said = subprocess.run(
            [tool, PARTS / "cashier-app.desktop"], check=False, capture_output=True, text=True
        )
        assert (said.returncode, said.stdout) == (0, "")


def test_the_software_centre_finds_the_desktop_entry(tmp_path: Path) -> None:
    text = (PARTS / "cashier-app.metainfo.xml").read_text(encoding="utf-8")
    filled = text.replace("@VERSION@", "0.1.0").replace("@DATE@", "2026-01-01")
    found = ET.fromstring(filled)  # noqa: S314 - our own file
    assert found.findtext("launchable") == "cashier-app.desktop"
    assert found.findtext("project_license") == "MIT"
    if tool := shutil.which("appstreamcli"):
        file = tmp_path / f"{found.findtext('id')}.metainfo.xml"
        file.write_text(filled, encoding="utf-8")
        command = [tool, "validate", "--no-net", str(file)]
        said = subprocess.run(command, check=False, capture_output=True, text=True)
        assert said.returncode == 0, said.stdout


def test_the_unit_starts_again_but_never_in_a_tight_loop(tmp_path: Path) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(PARTS / "cashier-app.service", encoding="utf-8")
    assert unit["Service"]["Restart"] == "on-failure"
    assert int(unit["Service"]["RestartSec"]) >= 2
    assert int(unit["Unit"]["StartLimitBurst"]) * int(unit["Service"]["RestartSec"]) < int(
        unit["Unit"]["StartLimitIntervalSec"]
    )
    # 2 is a sentence about what is wrong: a loop would not mend it.
    assert unit["Service"]["RestartPreventExitStatus"] == "2"
    assert unit["Install"]["WantedBy"] == "graphical-session.target"
    if tool := shutil.which("systemd-analyze"):
        copy = tmp_path / "cashier-app.service"
        text = (PARTS / "cashier-app.service").read_text(encoding="utf-8")
        copy.write_text(text.replace("/usr/bin/cashier-app", "/bin/true"), encoding="utf-8")
        command = [tool, "verify", "--user", "--man=no", str(copy)]
        said = subprocess.run(
            command, check=False, capture_output=True, text=True, env={"XDG_RUNTIME_DIR": str(tmp_path)}
        )
        # Where no systemd runs, only what it says of this file counts.
        assert copy.name not in said.stderr, said.stderr


def test_scanners_are_given_to_who_sits_there_and_to_nobody_else() -> None:
    """That udev takes the rules as they are meant is tried by `make test-packaging`."""
    rules = (PARTS / "70-cashier-app-scanners.rules").read_text(encoding="utf-8")
    told = [line for line in rules.splitlines() if line and not line.startswith("#")]
    given = [line for line in told if "uaccess" in line]
    assert len(given) >= 5
    maker = r'SUBSYSTEMS=="usb", ATTRS\{idVendor\}=="[0-9a-f]{4}", TAG\+="uaccess"'
    assert all(re.match(maker, line) for line in given)
    assert not any(word in line for line in told for word in ("MODE", "GROUP", "OWNER", "RUN", "PROGRAM"))
    # Looked for among all parents, "is not" is true of the port itself.
    assert not [line for line in told if re.search(r"(SUBSYSTEMS|ATTRS\{.*?\}|DRIVERS|KERNELS)!=", line)]


@pytest.mark.parametrize("name", SCRIPTS)
def test_maintainer_scripts_are_plain(name: str) -> None:
    text = (PARTS / name).read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    assert text.startswith("#!/bin/sh\n")
    assert "\nset -e\n" in text
    assert len(code.splitlines()) < 50
    # No network, no questions, no service started under somebody's hands, nobody's home.
    forbidden = (
        "curl",
        "wget",
        "apt",
        "debconf",
        "systemctl",
        "invoke-rc.d",
        "/home",
        "/root",
        "$HOME",
        "http",
    )
    assert [word for word in forbidden if word in code] == []
    subprocess.run(["/bin/sh", "-n", str(PARTS / name)], check=True)


def test_the_manual_knows_every_command_and_option() -> None:
    pages = manual.pages("0.1.0", 1767225600)
    assert set(pages) == {"cashier-app", "cashier-cli"}
    for page in pages.values():
        assert page.startswith(".TH ")
        assert '"cashier\\-app 0.1.0"' in page.splitlines()[0]
        assert "SUPPRESS" not in page
    for command in ("outbox list", "outbox send", "doctor", "day close"):
        assert f'.SS "cashier\\-cli {command}"' in pages["cashier-cli"]
    assert ".B \\-\\-full\\-screen" in pages["cashier-app"]


def test_no_text_is_a_request_to_the_typesetter() -> None:
    parser = argparse.ArgumentParser(prog="cashier-app", description=".so /etc/passwd")
    parser.add_argument("--first", help="'begins with a quote\n.and more \\fB 100 %% sure")
    page = manual.page(parser, "1.0", "2026-01-01")
    assert "\\&.so /etc/passwd" in page
    assert "\\&'begins with a quote .and more \\efB 100 % sure" in page
    if tool := shutil.which("man"):
        command = [tool, "--warnings", "--local-file", "-"]
        said = subprocess.run(command, input=page, check=False, capture_output=True, text=True)
        assert said.stderr == ""
