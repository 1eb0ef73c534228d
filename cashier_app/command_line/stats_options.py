"""The options of `stats`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_stats(
    commands: Any,  # noqa: ANN401 - argparse names the type nowhere
    add_shop: Callable[[argparse.ArgumentParser], None],
    finish: Callable[[argparse.ArgumentParser, str, str], None],
) -> None:
    """Add `stats`."""
    stats = commands.add_parser("stats", help="the figures of a day, a week, a month or a range, compared")
    stats.add_argument("--date", metavar="DAY", help="this day, such as 2026-11-21; today when not given")
    length = stats.add_mutually_exclusive_group()
    length.add_argument("--week", action="store_true", help="the week that holds the day")
    length.add_argument("--month", action="store_true", help="the month that holds the day")
    length.add_argument("--from", dest="first", metavar="DAY", help="a range from this day on")
    stats.add_argument("--to", dest="last", metavar="DAY", help="its last day; today when not given")
    stats.add_argument("--store", default="", metavar="NAME", help="one store only; all when not given")
    stats.add_argument("--till", default="", metavar="NUMBER", help="one till only; all when not given")
    stats.add_argument("--currency", default="", metavar="CODE", help="sales in another currency, as EUR")
    stats.add_argument("--csv", action="store_true", help="print a table for spreadsheets")
    stats.add_argument("--bom", action="store_true", help="begin it with the mark some spreadsheets need")
    stats.add_argument("--file", type=Path, metavar="FILE", help="write to a .csv or .json file instead")
    stats.add_argument("--replace", action="store_true", help="write over a file that is there")
    stats.add_argument("--explain", action="store_true", help="say below each figure what it means")
    stats.add_argument(
        "--check", action="store_true", help="work all kept figures out again from the sales and compare"
    )
    add_shop(stats)
    finish(stats, "cashier_app.command_line.stats", "stats")
