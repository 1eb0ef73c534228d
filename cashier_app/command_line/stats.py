"""`stats`: every figure the day view shows."""

from __future__ import annotations

import argparse
import shlex
from datetime import date, datetime

from cashier_app import bootstrap, figures_opening
from cashier_app.command_line.report import EXIT_OK, Plain, Report
from cashier_app.command_line.shop import config_of, data_folder_of, is_unreal
from cashier_app.command_line.tables import table_lines
from cashier_app.config import TillConfig, till_settings
from cashier_app.domain.figures import POINT_FIGURES
from cashier_app.domain.period import MOST_DAYS, Period, PeriodKind, period_of, range_of
from cashier_app.domain.points import MAX_SCALE, from_units
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import Keeper, credentials_of
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.figures import Difference, FiguresAwayError, Scope
from cashier_app.services.day_stats import DayReport, DayStats
from cashier_app.wording.day_charts import report_charts
from cashier_app.wording.day_tables import SHORT_TABLES, By, all_figures, part_table
from cashier_app.wording.figure_definitions import DEFINITIONS, figure_words
from cashier_app.wording.figures import Hours
from cashier_app.wording.figures_file import figures_csv, figures_data, write_figures
from cashier_app.wording.period_names import beside, first_weekday, period_name
from cashier_app.wording.speech import Wording

EXIT_DIFFERENT = 1
"""The kept figures are not those of the sales."""
FIRST_YEAR = 2000
MOST_DIFFERENCES = 20


def stats(options: argparse.Namespace) -> Report:
    """Print the figures of a period, or write them to a file.

    Raises:
        KnownError: The options make no sense, nothing was sold yet, or the figures cannot be read.
    """
    config = config_of(options)
    if options.check:
        return _check(config, options)
    if options.bom and not (options.csv or options.file):
        raise KnownError("--bom goes with --csv or --file.")
    if options.csv and options.json:
        raise KnownError("Choose --csv or --json.")
    report, stores = _report(config, options)
    store = stores[0] if len(stores) == 1 else ""
    if options.file:
        write_figures(options.file, report, store, byte_order_mark=options.bom, replace=options.replace)
        return Report({"file": str(options.file)}, (f"Written to {options.file}.",))
    if options.csv:
        table = figures_csv(report, store, byte_order_mark=options.bom)
        return Report({}, (), content=table)
    wording = _wording(config)
    data: dict[str, Plain] = {**figures_data(report, store)}
    if options.explain:
        data["definitions"] = {key: figure_words(key, wording).sentence for key in DEFINITIONS}
    lines = [_where(report, store), *_lines(report, wording, explain=options.explain)]
    return Report(data, tuple(lines))


def _report(config: TillConfig, options: argparse.Namespace) -> tuple[DayReport, tuple[str, ...]]:
    """Return the report asked for, and the stores that could have been."""
    settings = till_settings(config, training=is_unreal(options))
    currency = _currency(options.currency)
    folder = data_folder_of(options)
    keeper = Keeper(lambda: credentials_of(config, folder, options.passphrase_fd))
    source = figures_opening.figures_source(config, folder, keeper)
    day_stats = DayStats(source, SystemClock(), settings)
    try:
        period = _period(options, day_stats.today(), settings.locale)
        scope = Scope(options.store, options.till)
        stores = day_stats.stores()
        if scope.store and scope.store not in stores:
            raise KnownError(f"There is no store {scope.store!r} here. Known: {', '.join(stores) or 'none'}.")
        report = day_stats.report(period, scope, currency)
        if scope.till and report.is_empty:
            _check_till(scope, day_stats, period, currency)
    except FiguresAwayError as away:
        own = f"--store {shlex.quote(away.own.store)} --till {away.own.till}"
        raise KnownError(f"{away.why} For this till's own figures add {own}.", detail=away.detail) from away
    finally:
        day_stats.close()
    return report, stores


def _check_till(scope: Scope, day_stats: DayStats, period: Period, currency: str) -> None:
    """Say so where there is no such till; one that is idle is no mistake."""
    try:
        whole = day_stats.report(period, Scope(scope.store), currency)
    except FiguresAwayError as away:
        if scope == away.own:
            return
        raise
    tills = [part.key for part in whole.tills]
    if scope.till not in tills:
        sold = f"It has figures of {', '.join(tills)}." if tills else "It has none of any till."
        raise KnownError(f"This period has no figures of a till {scope.till!r}. {sold}")


def _period(options: argparse.Namespace, today: date, locale: str) -> Period:
    if options.first is not None or options.last is not None:
        return _range(options, today)
    day = _day(options.date, today)
    kind = PeriodKind.WEEK if options.week else PeriodKind.MONTH if options.month else PeriodKind.DAY
    return period_of(kind, day, first_weekday(locale))


def _range(options: argparse.Namespace, today: date) -> Period:
    if options.first is None or options.date is not None:
        raise KnownError("--to goes with --from, and neither with --date.")
    first, last = _day(options.first, today), _day(options.last, today)
    if first > last:
        raise KnownError("--from is after --to.")
    if (last - first).days >= MOST_DAYS:
        raise KnownError("A range can be ten years at most.")
    return range_of(first, last)


def _day(text: str | None, today: date) -> date:
    if text is None:
        return today
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the shop
    except ValueError as error:
        raise KnownError(f"{text!r} is not a day such as 2026-11-21.") from error
    if day > today:
        raise KnownError(f"{text} has not come yet.")
    if day.year < FIRST_YEAR:
        raise KnownError(f"There are no figures from before the year {FIRST_YEAR}.")
    return day


def _currency(text: str) -> str:
    code = text.upper()
    if text and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise KnownError(f"{text!r} is not a currency such as EUR.")
    return code


def _check(config: TillConfig, options: argparse.Namespace) -> Report:
    found = figures_opening.verify_figures(config, data_folder_of(options))
    data: dict[str, Plain] = {"differences": [_plain_difference(one) for one in found]}
    if not found:
        return Report(data, ("Every kept figure is what the sales come to.",), EXIT_OK)
    lines = [f"{len(found)} kept figures are not what the sales come to. The sales are right."]
    lines += [_difference(one) for one in found[:MOST_DIFFERENCES]]
    lines += [f"and {len(found) - MOST_DIFFERENCES} more"] * (len(found) > MOST_DIFFERENCES)
    return Report(data, tuple(lines), EXIT_DIFFERENT)


def _difference(one: Difference) -> str:
    day = "all days" if one.day is None else one.day.isoformat()
    words = (day, one.currency, one.split, one.part, one.figure)
    kept, counted = (
        f"{from_units(value, MAX_SCALE):f}" if one.figure in POINT_FIGURES else str(value)
        for value in (one.kept, one.counted)
    )
    return f"  {' '.join(word for word in words if word)}: kept {kept}, counted {counted}"


def _plain_difference(one: Difference) -> dict[str, Plain]:
    return {
        "day": None if one.day is None else one.day.isoformat(),
        "currency": one.currency,
        "split": one.split,
        "part": one.part,
        "figure": one.figure,
        "kept": one.kept,
        "counted": one.counted,
    }


def _wording(config: TillConfig) -> Wording:
    settings = till_settings(config)
    hours = {12: Hours.TWELVE, 24: Hours.TWENTY_FOUR}.get(settings.hours, Hours.BY_REGION)
    return Wording.of(settings.locale, settings.zone, bootstrap.DEFAULT_POINT_NAME, hours=hours)


def _where(report: DayReport, store: str) -> str:
    where = report.scope.store or store or "All stores"
    return f"{where}, till {report.scope.till}" if report.scope.till else where


def _lines(report: DayReport, wording: Wording, *, explain: bool) -> list[str]:
    lines = [period_name(report.period, wording, report.today).full, beside(report, wording).full]
    if report.facts.other_currencies:
        codes = ", ".join(report.facts.other_currencies)
        lines.append(f"In {report.currency.code}. Ask for {codes} with --currency.")
    found = all_figures(report, By.NOTHING, wording)
    lines += table_lines(found.table, found.definitions if explain else ())
    tables = [chart.table for chart in report_charts(report, wording)]
    tables += [part_table(report, by, wording) for by in SHORT_TABLES]
    for table in tables:
        if table.names:
            lines += ["", table.title, *table_lines(table)]
    return lines
