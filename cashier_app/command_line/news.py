"""`cashier-cli whats-new`: what is new in this version."""

from __future__ import annotations

import argparse
from datetime import UTC

import msgspec

from cashier_app import __version__
from cashier_app.command_line.report import Report
from cashier_app.errors import KnownError
from cashier_app.news_opening import shipped_notes


def show(_options: argparse.Namespace) -> Report:
    """Print what is new in this version.

    Raises:
        KnownError: The notes are not where they were installed.
    """
    from cashier_app.domain.points import PointName
    from cashier_app.wording.news import news_lines
    from cashier_app.wording.speech import Wording

    notes = shipped_notes()
    if notes is None:
        raise KnownError("The notes on this version are missing from this installation.")
    wording = Wording.of("en", UTC, PointName("point", "points"))
    return Report(
        lines=tuple(news_lines(__version__, notes, wording)),
        data={"version": __version__, "notes": msgspec.to_builtins(notes)},
    )
