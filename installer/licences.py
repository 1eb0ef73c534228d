"""Collect the licences of everything that ended up in the bundle.

Runs inside the build: which distribution a file came from is known only there. A distribution without a
text of its own must have one in `installer/licences/`; the build fails where neither is found.
"""

from __future__ import annotations

import platform
import sys
import sysconfig
from collections.abc import Container, Iterable, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePath
from typing import NamedTuple

from bundle_contents import PACKAGES
from carried_libraries import untold

HERE = Path(__file__).resolve().parent
OWN_TEXTS = HERE / "licences"
"""Texts of what comes without: folders by the name of a distribution, or of what a distribution carries."""
CARRIED = {"psycopg-binary": "psycopg-binary", "PySide6_Essentials": "Qt", "shiboken6": "Qt"}
"""Distributions whose wheels bring libraries of others, and the folder with the texts of those."""
LISTING = "THIRD-PARTY.txt"
_IS_TEXT = ("licen", "copying", "notice", "copyright")
_HEAD = """\
What this program is made of, besides its own code
==================================================

cashier-app itself is under the MIT licence. Here stand the parts it is built from, each with its version,
its licence and where its source is. The whole texts are in _internal/cashier_app/resources/licences.

Qt, PySide6 and Shiboken are used under the GNU Lesser General Public License, version 3. So are psycopg and
fpdf2; OpenCV brings FFmpeg under version 2.1 of it, OpenCV and numpy GCC's libquadmath, psycopg's package
keyutils and libxcrypt. All of them are files of their own under _internal (PySide6, shiboken6, psycopg,
psycopg_binary, psycopg_binary.libs, fpdf, numpy.libs, opencv_python_headless.libs), as every module is,
loaded when the program runs: you may replace them by builds of your own of a compatible version, and you may
change this program and examine it for that purpose. Source of exactly these versions of Qt and PySide6:
    https://download.qt.io/official_releases/QtForPython/
    https://download.qt.io/official_releases/qt/
The source of FFmpeg and of what else OpenCV brings: https://github.com/opencv/opencv-python
The source of what psycopg's package brings: https://github.com/psycopg/psycopg, whose scripts/build names
each version; https://git.kernel.org/pub/scm/linux/kernel/git/dhowells/keyutils.git and
https://github.com/besser82/libxcrypt
The source of libquadmath: https://gcc.gnu.org/git/gcc.git
Who passes this bundle on passes on this list and the texts with it.

Built with PyInstaller. Its start-up code in the two programs is under the GNU General Public License with
an exception: it puts no condition on what is built with it.
"""


class Part(NamedTuple):
    """One part of the bundle."""

    name: str
    version: str
    licence: str
    source: str
    texts: tuple[Path, ...]


Entries = Sequence[tuple[str, str, str]]
"""What is bundled: place, source and kind of each file, as PyInstaller has it."""


def write_licences(entries: Entries, folder: Path) -> list[tuple[str, str, str]]:
    """Write the list of parts and return it and all texts as data files of the bundle.

    Args:
        entries: What is bundled.
        folder: Where the list is written.

    Raises:
        SystemExit: A part has no licence text, a carried library is in none, or a file belongs to nothing we
            know.
    """
    found = bundled(entries)
    parts = parts_of(found)
    places = {place for place, _, _ in entries}
    if lost := [library for one in found for library in _untold(one, places)]:
        sys.exit(
            f"No licence text speaks of {', '.join(lost)}: put one into {OWN_TEXTS}/NAME/, and what it calls "
            "the library into carried_libraries.py."
        )
    listing = folder / LISTING
    listing.write_text(listing_of(parts), encoding="utf-8", newline="\n")
    data = [(f"cashier_app/resources/{LISTING}", str(listing), "DATA")]
    for part in parts:
        names = _distinct(part.texts)
        data += [
            (f"cashier_app/resources/licences/{part.name}/{name}", str(text), "DATA")
            for name, text in names.items()
        ]
    return [*data, *(entry for one in found for entry in _metadata(one))]


def bundled(entries: Entries) -> list[Distribution]:
    """Return the distributions that files came from, by name.

    Raises:
        SystemExit: A file belongs to nothing we know.
    """
    by_source, by_place = {}, {}
    for one in distributions():
        for file in one.files or ():
            by_place[file.as_posix()] = one
            by_source[Path(str(file.locate())).resolve()] = one
    found, unknown = {}, []
    for place, source, kind in entries:
        module = PurePath(place).with_suffix(".py") if place.endswith(".pyc") else PurePath(place)
        owner = by_source.get(Path(source).resolve()) or by_place.get(module.as_posix())
        if owner is not None:
            found[owner.name] = owner
        elif kind != "SYMLINK" and not (_is_known(PurePath(place)) or _is_pythons(Path(source))):
            unknown.append(place)
    if unknown:
        sys.exit(f"Nobody knows whose these are, and under which licence: {', '.join(sorted(unknown))}.")
    return [found[name] for name in sorted(found)]


def _is_pythons(source: Path, platform: str = sys.platform, prefix: str = sys.base_prefix) -> bool:
    """Say whether a library came with Python: its installers for Windows and macOS bring OpenSSL and others.

    Their licences are in Python's own text, and so are Microsoft's terms for its C runtime.
    """
    if platform not in {"win32", "darwin"}:
        return False
    name = source.name.lower()
    if platform == "win32" and name.startswith(("vcruntime140", "msvcp140", "ucrtbase", "api-ms-win-")):
        return True
    return source.resolve().is_relative_to(Path(prefix).resolve())


def _is_known(place: PurePath) -> bool:
    """Say whether a file is ours, Python's, or PyInstaller's own help at the start."""
    name = place.parts[0].partition(".")[0]
    of_python = name.startswith(("python", "libpython", "_sysconfigdata")) or name in {
        *sys.stdlib_module_names,
        "base_library",
    }
    return of_python or name in {*PACKAGES, "_pyi_rth_utils"}


def parts_of(found: Iterable[Distribution]) -> list[Part]:
    """Return the parts with their texts, by name; Python is one.

    Raises:
        SystemExit: A part has no licence text.
    """
    parts = [_part(one) for one in found]
    parts.append(_python())
    bare = [part.name for part in parts if not part.texts]
    if bare:
        sys.exit(f"No licence text for {', '.join(bare)}: put one into {OWN_TEXTS}/NAME/.")
    return sorted(parts, key=lambda part: part.name.lower())


def listing_of(parts: Iterable[Part]) -> str:
    """Return the list as text."""
    rows = [f"{part.name} {part.version}\n    {part.licence}\n    {part.source}" for part in parts]
    return "\n".join((_HEAD, *rows, ""))


def _untold(found: Distribution, places: Container[str]) -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    return untold(
        (file.as_posix() for file in found.files or () if file.as_posix() in places), _part(found).texts
    )


def _metadata(found: Distribution) -> list[tuple[str, str, str]]:
    """Return what says name, version and entry points at run time; no files of the build machine's."""
    return [
        (f"{file.parent.name}/{file.name}", str(file), "DATA")
        for file in _files(found)
        if file.parent.suffix == ".dist-info" and file.name in {"METADATA", "entry_points.txt"}
    ]


def _part(found: Distribution) -> Part:
    texts = [
        file
        for file in _files(found)
        if any(word in file.name.lower() for word in _IS_TEXT) and file.suffix not in {".py", ".pyc"}
    ]
    for name in (found.name, CARRIED.get(found.name, found.name)):
        texts += [file for file in sorted((OWN_TEXTS / name).glob("*")) if file not in texts]
    return Part(found.name, found.version, _licence(found), _source(found), tuple(texts))


def _python() -> Part:
    folder = Path(sysconfig.get_path("stdlib"))
    system = Path(f"/usr/share/doc/python{sysconfig.get_python_version()}/copyright")
    texts = [
        file
        for file in (folder / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt", system)
        if file.is_file()
    ]
    # Its own text says nothing of what Python carries: expat, libmpdec, hashes, tables.
    carried = sorted((OWN_TEXTS / "Python").glob("*"))
    version = platform.python_version()
    return Part("Python", version, "PSF-2.0", "https://www.python.org/", (*texts[:1], *carried))


def _files(found: Distribution) -> list[Path]:
    return [Path(str(found.locate_file(file))) for file in found.files or ()]


def _licence(found: Distribution) -> str:
    said = _told(found, "License-Expression") or _told(found, "License")
    short = said.strip().splitlines()[0] if said.strip() else ""
    classed = [
        text.rpartition(" :: ")[2]
        for text in found.metadata.get_all("Classifier") or ()
        if text.startswith("License ::")
    ]
    return short if 0 < len(short) < 90 else "; ".join(classed) or "see its text"


def _source(found: Distribution) -> str:
    links = dict(link.split(", ", 1) for link in found.metadata.get_all("Project-URL") or () if ", " in link)
    by_name = {name.lower(): link for name, link in links.items()}
    wanted = ("source", "source code", "repository", "github", "code", "homepage", "home-page")
    named = next((by_name[name] for name in wanted if name in by_name), "")
    return named or _told(found, "Home-page") or "by this name and version in Python's package index"


def _told(found: Distribution, field: str) -> str:
    """Return what a library's metadata says in this field; empty where it says nothing."""
    texts = found.metadata.get_all(field)
    return texts[0] if texts else ""


def _distinct(texts: Iterable[Path]) -> dict[str, Path]:
    names: dict[str, Path] = {}
    for text in texts:
        name = text.name if text.name not in names else f"{text.parent.name}-{text.name}"
        names[name if name not in names else f"{len(names)}-{text.name}"] = text
    return names
