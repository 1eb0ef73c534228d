"""`licences`: what this program is made of, and under which licences."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cashier_app.command_line.report import Plain, Report
from cashier_app.errors import KnownError
from cashier_app.paths import resources

LISTING = "THIRD-PARTY.txt"
TEXTS = "licences"
_OF_SOURCE = "This runs from source; a bundle has the whole list with all texts. Installed beside it are:"


def licences(options: argparse.Namespace) -> Report:
    """Print the list of a bundle, or one part's texts; from source what is installed.

    Raises:
        KnownError: There is no such part, or its texts cannot be read.
    """
    if options.part:
        texts = tuple(_texts_of(options.part))
        return Report({"part": options.part, "texts": list(texts)}, texts)
    try:
        listing = (resources() / LISTING).read_text(encoding="utf-8")
    except OSError:
        return _installed()
    return Report({"list": listing, "texts": str(resources() / TEXTS)}, tuple(listing.splitlines()))


def _texts_of(part: str) -> Iterator[str]:
    parts = {folder.name.lower(): folder for folder in _folders()}
    folder = parts.get(part.lower())
    if folder is None:
        raise KnownError(f"No texts of {part[:40]!r} are here. Say cashier-cli licences for the list.")
    for file in sorted(folder.iterdir()):
        try:
            yield f"--- {file.name}\n{file.read_text(encoding='utf-8', errors='replace')}"
        except OSError as error:
            raise KnownError(f"{file.name} cannot be read.") from error


def _folders() -> list[Path]:
    folder = resources() / TEXTS
    return [each for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []


def _installed() -> Report:
    found = sorted(distributions(), key=lambda one: one.name.lower())
    data: dict[str, Plain] = {one.name: _licence(one) for one in found}
    lines = [f"{one.name} {one.version}: {data[one.name]}" for one in found]
    return Report({"installed": data}, (_OF_SOURCE, *lines))


def _licence(found: Distribution) -> str:
    about = found.metadata
    for name in ("License-Expression", "License"):
        first = str(about[name]).strip().partition("\n")[0] if name in about else ""
        if first:
            return first
    classed = [text for text in about.get_all("Classifier") or () if text.startswith("License ::")]
    return "; ".join(text.rpartition(" :: ")[2] for text in classed) or "see its text"
