"""What this program is made of, and under which licences: a bundle's own list, else what is installed here.

Everything reads files: for workers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cashier_app import __version__
from cashier_app.errors import KnownError
from cashier_app.paths import resources

if TYPE_CHECKING:
    from importlib.metadata import Distribution

LISTING = "THIRD-PARTY.txt"
TEXTS = "licences"
OWN_NAME = "cashier-app"
OWN_LICENCE = "MIT License"
OWN_TEXT = "LICENSE"
MAX_TEXT = 1_000_000
"""Bytes of a text that are read; the longest we know has 180,000."""
_DEBIAN = Path("/usr/share/doc/cashier-app")
_IS_TEXT = ("licen", "copying", "notice", "copyright")
_LINES_OF_A_PART = 3


class LicensedPart(Struct, frozen=True):
    """One part of the program.

    Args:
        licence: Its name, as the part says it.
        source: Where its source is; empty where nobody knows.
    """

    name: str
    version: str
    licence: str
    source: str = ""


class LicenceText(Struct, frozen=True):
    """One text of a part, and the name of its file."""

    name: str
    text: str


class Licences(Struct, frozen=True):
    """All parts.

    Args:
        about: What is to be known of them together; empty when run from source.
        parts: By name, this program itself first.
    """

    about: str
    parts: tuple[LicensedPart, ...]


def listing() -> str | None:
    """Return a bundle's own list as it was written; None when run from source."""
    try:
        return (resources() / LISTING).read_text(encoding="utf-8")
    except OSError:
        return None


def read_licences() -> Licences:
    """Return what the program is made of."""
    own = LicensedPart(OWN_NAME, __version__, OWN_LICENCE)
    said = listing()
    if said is not None:
        about, parts = parts_listed(said)
        return Licences(about, (own, *parts))
    return Licences("", (own, *(_installed(one) for one in _distributions() if one.name != OWN_NAME)))


def parts_listed(said: str) -> tuple[str, tuple[LicensedPart, ...]]:
    """Return what stands above a bundle's list, and its parts: the last paragraph, three lines for each."""
    about, _, rows = said.rstrip().rpartition("\n\n")
    lines = [line.strip() for line in rows.splitlines()]
    parts = []
    for at in range(0, len(lines) - _LINES_OF_A_PART + 1, _LINES_OF_A_PART):
        name, _, version = lines[at].rpartition(" ")
        parts.append(LicensedPart(name, version, lines[at + 1], lines[at + 2]))
    return about, tuple(parts)


def texts_of(part: str) -> tuple[LicenceText, ...]:
    """Return the texts of a part, each once; none where it came without.

    Args:
        part: Its name, in any case.

    Raises:
        KnownError: There is no such part, or a text cannot be read.
    """
    files = [*_files_of(part.lower())]
    found: dict[str, LicenceText] = {}
    for file in files:
        text = _plain_lines(_read(file))
        found.setdefault(text, LicenceText(file.name, text))
    return tuple(found.values())


def _files_of(part: str) -> Iterator[Path]:
    if part == OWN_NAME:
        # In a bundle; in a checkout; beside a frozen program; where Debian has it.
        folders = (resources(), resources().parent, Path(sys.executable).parent, _DEBIAN)
        places = [folder / OWN_TEXT for folder in folders] + [_DEBIAN / "copyright"]
        yield from [place for place in places if place.is_file()][:1]
        return
    if (resources() / LISTING).is_file():
        folder = next((one for one in _folders() if one.name.lower() == part), None)
        if folder is None:
            raise _unknown(part)
        yield from sorted(file for file in folder.iterdir() if file.is_file())
        return
    found = next((one for one in _distributions() if one.name.lower() == part), None)
    if found is None:
        raise _unknown(part)
    for file in found.files or ():
        named_so = any(word in file.name.lower() for word in _IS_TEXT)
        place = Path(str(found.locate_file(file)))
        if named_so and file.suffix not in {".py", ".pyc"} and place.is_file():
            yield place


def _unknown(part: str) -> KnownError:
    return KnownError(f"No texts of {part[:40]!r} are here. Say cashier-cli licences for the list.")


def _folders() -> list[Path]:
    folder = resources() / TEXTS
    return [each for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_TEXT).decode("utf-8", errors="replace")
    except OSError as error:
        raise KnownError(f"{file} cannot be read.") from error


def _plain_lines(text: str) -> str:
    """Return a text without control characters; page ends, which such texts have, become line ends."""
    lines = text.replace("\f", "\n").splitlines()
    kept = ("".join(sign for sign in line.expandtabs() if sign.isprintable()).rstrip() for line in lines)
    return "\n".join(kept).strip("\n")


# --- what is installed ----------------------------------------------------------------------------------


def _distributions() -> list[Distribution]:
    from importlib.metadata import distributions  # loads the reader of e-mails

    found = {one.name: one for one in distributions() if one.name}
    return sorted(found.values(), key=lambda one: one.name.lower())


def _installed(found: Distribution) -> LicensedPart:
    home = str(found.metadata["Home-page"]) if "Home-page" in found.metadata else ""
    return LicensedPart(found.name, found.version, _licence(found), home)


def _licence(found: Distribution) -> str:
    about = found.metadata
    for name in ("License-Expression", "License"):
        first = str(about[name]).strip().partition("\n")[0] if name in about else ""
        if first:
            return first
    classed = [text for text in about.get_all("Classifier") or () if text.startswith("License ::")]
    return "; ".join(text.rpartition(" :: ")[2] for text in classed) or "see its text"
