"""Whether the files of an installed bundle are those that were built: missing, cut short, changed.

Looked at before anything else is loaded, so only the standard library is used: a library that was cut short
ends the process that loads it, without a word. A person may put a build of their own in the place of a part
under the LGPL; such a file is named and taken for fine, unless it is cut short.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

FILE_LIST = "SHA256SUMS"
"""Beside the programs; also for `sha256sum --check`."""

MAY_BE_REPLACED = (
    "_internal/PySide6/",
    "_internal/shiboken6/",
    "_internal/psycopg/",
    "_internal/psycopg_binary/",
    "_internal/psycopg_binary.libs/",
    "_internal/fpdf/",
    "_internal/opencv_python_headless.libs/",
    "_internal/numpy.libs/",
)
"""Parts under the LGPL, as installer/README.md says."""

_NAMED = 5
_ELF = b"\x7fELF\x02\x01"  # 64 bits, least byte first
_HEADER = struct.Struct("<32xQ14xHH6x")  # where the table of segments is, how long its rows are, how many
_SEGMENT = struct.Struct("<8xQ16xQ16x")  # where it is in the file, how long it is there


class Damage(NamedTuple):
    """What is not as it was built, by places in the bundle.

    Args:
        missing: Files that are not there.
        broken: Files that were changed or cut short.
        replaced: Files somebody put in the place of ours, as the LGPL allows.
        known: How many files there should be; 0 where the list of them is missing.
    """

    missing: tuple[str, ...]
    broken: tuple[str, ...]
    replaced: tuple[str, ...]
    known: int


def write_list(bundle: Path) -> None:
    """Write down every file of a bundle with its SHA-256, in the form of `sha256sum`."""
    lines = [
        f"{_digest(file)}  {file.relative_to(bundle).as_posix()}\n"
        for file in sorted(bundle.rglob("*"))
        if file.is_file() and not file.is_symlink() and file != bundle / FILE_LIST
    ]
    (bundle / FILE_LIST).write_text("".join(lines), encoding="utf-8", newline="\n")


def damage_of(bundle: Path) -> Damage:
    """Compare a bundle with its list."""
    expected = dict(_listed(bundle / FILE_LIST))
    found = {place: _digest(bundle / place) for place in expected}
    missing = tuple(place for place, digest in found.items() if not digest)
    changed = [place for place, digest in found.items() if digest and digest != expected[place]]
    replaced = [place for place in changed if place.startswith(MAY_BE_REPLACED)]
    whole = tuple(place for place in replaced if not _is_cut_short(bundle / place))
    broken = tuple(place for place in changed if place not in whole)
    return Damage(missing, broken, whole, len(expected))


def told(damage: Damage) -> list[str]:
    """Return a sentence for each kind of damage; none where every file is as it was built."""
    if not damage.known:
        return [f"The list of files, {FILE_LIST}, is missing or cannot be read."]
    kinds = ((damage.missing, "missing"), (damage.broken, "changed or cut short"))
    return [f"{_counted(places)} {word}: {_named(places)}." for places, word in kinds if places]


def _counted(places: tuple[str, ...]) -> str:
    return "One file is" if len(places) == 1 else f"{len(places)} files are"


def _named(places: tuple[str, ...]) -> str:
    more = len(places) - _NAMED
    return ", ".join(places[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _listed(file: Path) -> Iterable[tuple[str, str]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        digest, _, place = line.partition("  ")
        if place:
            yield place, digest


def _digest(file: Path) -> str:
    """Return a file's SHA-256; empty where it cannot be read."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def _is_cut_short(file: Path) -> bool:
    """Say whether a library of Linux ends before what is loaded of it does."""
    if ".so" not in file.name:
        return False
    content = file.read_bytes()
    if len(content) < _HEADER.size or not content.startswith(_ELF):
        return True
    at, length, count = _HEADER.unpack_from(content)
    if length < _SEGMENT.size or len(content) < at + length * count:
        return True
    segments = (_SEGMENT.unpack_from(content, at + length * row) for row in range(count))
    return any(start + size > len(content) for start, size in segments)
