"""Read what a bundle's programs and libraries need of the Linux system, and which Debian packages bring it.

The files name it themselves: the libraries, and the youngest versions of their symbols. A library that no
package is known for stops the build, so that nothing is left to be found out in a shop.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cashier_app.system_libraries import missing_optional, missing_required  # noqa: E402 - found by the line above

ARCHITECTURES = {3: "i386", 40: "armhf", 62: "amd64", 183: "arm64", 243: "riscv64"}
"""Debian's names of machines by their number in an ELF header."""

_MACHINE_AT = 18
_MAGIC = b"\x7fELF"

_MORE_PACKAGES = {
    **dict.fromkeys(
        ("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "libresolv.so.2", "libmvec.so.1"), "libc6"
    ),
    **dict.fromkeys(("librt.so.1", "libutil.so.1", "libnsl.so.1", "libanl.so.1"), "libc6"),
    **dict.fromkeys(("ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"), "libc6"),
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libcups.so.2": "libcups2t64 | libcups2",
    "libssl.so.3": "libssl3t64 | libssl3",
    "libcrypto.so.3": "libssl3t64 | libssl3",
    "libbz2.so.1.0": "libbz2-1.0",
    "liblzma.so.5": "liblzma5",
    "libffi.so.8": "libffi8",
    "libuuid.so.1": "libuuid1",
    "libexpat.so.1": "libexpat1",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-glx.so.0": "libxcb-glx0",
}
"""What `cashier_app.system_libraries` does not know: a Python of the system brings it there."""

_GCC_OF_GLIBCXX = {28: "9", 29: "11", 30: "12", 31: "13", 32: "13.1", 33: "14", 34: "15"}
"""First GCC whose libstdc++ has GLIBCXX_3.4.n (the ABI history in GCC's manual)."""


class UnknownLibraryError(Exception):
    """A library that no package is known for; the text names it and who needs it."""


class Needs(NamedTuple):
    """What ELF files need.

    Args:
        users: Each library by its file name, with one of the files that need it.
        symbols: Versions of symbols, such as ``GLIBC_2.34``, asked of each library.
    """

    users: Mapping[str, str]
    symbols: Mapping[str, frozenset[str]]


def is_elf(file: Path) -> bool:
    """Say whether a file is a program or library."""
    with file.open("rb") as opened:
        return opened.read(len(_MAGIC)) == _MAGIC


def architecture(program: Path) -> str:
    """Return Debian's name of the machine a program is for.

    Raises:
        ValueError: It is no program, or one for a machine that is not known here.
    """
    with program.open("rb") as opened:
        head = opened.read(_MACHINE_AT + 2)
    if not head.startswith(_MAGIC):
        raise ValueError(f"{program} is no program")
    (machine,) = struct.unpack("<H", head[_MACHINE_AT:])
    if machine not in ARCHITECTURES:
        raise ValueError(f"{program} is for a machine that is not known here ({machine})")
    return ARCHITECTURES[machine]


def needs_of(bundle: Path) -> Needs:
    """Return what a bundle needs that is not in it.

    Raises:
        FileNotFoundError: The program objdump is missing.
    """
    everything = sorted(bundle.rglob("*"))
    brought = {file.name for file in everything}
    elf_files = [file for file in everything if file.is_file() and not file.is_symlink() and is_elf(file)]
    if not elf_files:
        return Needs({}, {})
    found = read_objdump(_objdump(elf_files))
    own = bundle.as_posix() + "/"
    return Needs(
        {name: user.removeprefix(own) for name, user in found.users.items() if name not in brought},
        {name: versions for name, versions in found.symbols.items() if name not in brought},
    )


def read_objdump(shown: str) -> Needs:
    """Return what the output of `objdump -p` says of all files in it."""
    users: dict[str, str] = {}
    symbols: dict[str, set[str]] = {}
    user = library = ""
    for line in shown.splitlines():
        if start := re.match(r"(\S.*):\s+file format ", line):
            user = start[1]
        elif asked := re.match(r"\s+required from (.+):$", line):
            library = asked[1]
        elif needed := re.match(r"\s+NEEDED\s+(\S+)$", line):
            users.setdefault(needed[1], user)
        elif library and (version := re.match(r"\s+0x[0-9a-f]+ 0x[0-9a-f]+ \d+ (\S+)$", line)):
            symbols.setdefault(library, set()).add(version[1])
        else:
            library = ""
    return Needs(users, {name: frozenset(versions) for name, versions in symbols.items()})


def dependencies(needs: Needs, packages: Mapping[str, str] | None = None) -> list[str]:
    """Return the packages that bring what is needed, as in a Depends field, sorted.

    Raises:
        UnknownLibraryError: No package is known for one of them.
    """
    known = known_packages() if packages is None else packages
    unknown = sorted(set(needs.users) - set(known))
    if unknown:
        named = ", ".join(f"{name} (for {needs.users[name]})" for name in unknown)
        raise UnknownLibraryError(f"No package is known for {named}. Add it to installer/linux/elf_needs.py.")
    wanted = {known[name] for name in needs.users}
    youngest = _youngest(symbol for versions in needs.symbols.values() for symbol in versions)
    return sorted(f"{one} (>= {youngest[one]})" if one in youngest else one for one in wanted)


def known_packages() -> dict[str, str]:
    """Return the Debian package of each library, the new name before the old one where it was renamed."""
    window = missing_required(_never, {"QT_QPA_PLATFORM": "xcb"}, "linux")
    window += missing_required(_never, {"QT_QPA_PLATFORM": "wayland"}, "linux")
    named = {
        need.name: f"{need.renamed} | {need.package}" if need.renamed else need.package for need in window
    }
    return {**named, **_MORE_PACKAGES}


def optional_packages() -> dict[str, str]:
    """Return the Debian packages of what the till only tries to load, by its name there."""
    needs = missing_optional(_never, (), "linux")
    return {need.name: f"{need.renamed} | {need.package}" if need.renamed else need.package for need in needs}


def _youngest(symbols: Iterable[str]) -> dict[str, str]:
    """Return the least version of libc6 and libstdc++6 that has all these symbols."""
    glibc, glibcxx = [(0, 0)], [0]
    for symbol in symbols:
        if found := re.fullmatch(r"GLIBC_(\d+)\.(\d+)(\.\d+)?", symbol):
            glibc.append((int(found[1]), int(found[2])))
        elif found := re.fullmatch(r"GLIBCXX_3\.4\.(\d+)", symbol):
            glibcxx.append(int(found[1]))
    newest_cxx = max(glibcxx)
    if newest_cxx > max(_GCC_OF_GLIBCXX):
        raise UnknownLibraryError(f"GLIBCXX_3.4.{newest_cxx} is younger than installer/linux/elf_needs.py.")
    least = {"libc6": "{}.{}".format(*max(glibc))} if max(glibc)[0] else {}
    if newest_cxx >= min(_GCC_OF_GLIBCXX):
        least["libstdc++6"] = _GCC_OF_GLIBCXX[newest_cxx]
    return least


def _objdump(files: Iterable[Path]) -> str:
    tool = shutil.which("objdump")
    if tool is None:
        raise FileNotFoundError(
            "The program objdump is missing. On Debian or Ubuntu: sudo apt-get install binutils"
        )
    command = [tool, "--private-headers", *map(str, files)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def _never(name: str) -> object:
    raise OSError(name)
