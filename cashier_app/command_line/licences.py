"""`licences`: what this program is made of, and under which licences."""

from __future__ import annotations

import argparse

from cashier_app.command_line.report import Report
from cashier_app.licences import TEXTS, listing, read_licences, texts_of
from cashier_app.paths import resources

_OF_SOURCE = "This runs from source; a bundle has the whole list with all texts. Installed beside it are:"


def licences(options: argparse.Namespace) -> Report:
    """Print the list of a bundle, or one part's texts; from source what is installed.

    Raises:
        KnownError: There is no such part, or its texts cannot be read.
    """
    if options.part:
        texts = tuple(f"--- {one.name}\n{one.text}" for one in texts_of(options.part))
        said = tuple(line for text in texts for line in text.split("\n"))
        return Report({"part": options.part, "texts": list(texts)}, said)
    whole = listing()
    if whole is not None:
        return Report({"list": whole, "texts": str(resources() / TEXTS)}, tuple(whole.splitlines()))
    parts = read_licences().parts
    lines = [f"{one.name} {one.version}: {one.licence}" for one in parts]
    return Report({"installed": {one.name: one.licence for one in parts}}, (_OF_SOURCE, *lines))
