"""A whole report in words, made by a worker: a year has thousands of figures."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cashier_app.services.day_stats import DayReport
from cashier_app.wording.day import DayHead, day_head, figure_tiles
from cashier_app.wording.day_charts import report_charts
from cashier_app.wording.day_parts import ChartWords, FigureTile, TableWords
from cashier_app.wording.day_tables import SHORT_TABLES, AllFigures, By, all_figures, part_table
from cashier_app.wording.speech import Wording


class DayWords(Struct, frozen=True):
    """What the day view shows of a report.

    Args:
        by: What the page of all figures is split by.
    """

    report: DayReport
    head: DayHead
    tiles: tuple[FigureTile, ...]
    charts: tuple[ChartWords, ...]
    parts: Mapping[By, TableWords]
    by: By
    figures: AllFigures


def day_words(report: DayReport, by: By, wording: Wording) -> DayWords:
    """Return a report in words. Takes some tens of milliseconds for a year: for a worker thread."""
    return DayWords(
        report=report,
        head=day_head(report, wording),
        tiles=figure_tiles(report, wording),
        charts=report_charts(report, wording),
        parts={split: part_table(report, split, wording) for split in SHORT_TABLES},
        by=by,
        figures=all_figures(report, by, wording),
    )


def splits_of(report: DayReport) -> tuple[By, ...]:
    """Return what the page of all figures can be split by."""
    return tuple(by for by in By if by is not By.DAY or report.period.days > 1)
