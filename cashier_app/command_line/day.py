"""`day`: the close of the day, its numbered reports, and whether they hold together."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from cashier_app import closing_opening
from cashier_app.closing_opening import Format, check_file, write_close
from cashier_app.command_line.report import EXIT_BAD_INPUT, Plain, Report
from cashier_app.command_line.shop import config_of, data_folder_of, is_unreal, wording_of
from cashier_app.command_line.staff import manager_for
from cashier_app.config import till_settings
from cashier_app.domain.day_close import ClosedDay, DayClose, canonical, short_form
from cashier_app.domain.day_close_check import Fault
from cashier_app.domain.staff import Right
from cashier_app.errors import KnownError
from cashier_app.ports.clock import SystemClock
from cashier_app.services.approval import Approval, approval_by
from cashier_app.services.closing_export import as_csv, as_json
from cashier_app.services.day_closing import DayClosing, PaperCopy
from cashier_app.wording.close_lines import sheet_lines
from cashier_app.wording.close_names import fault_words
from cashier_app.wording.day_close import close_row, closed_sheet, open_sheet


def preview(options: argparse.Namespace) -> Report:
    """Show the report as it would be now."""
    with _closing(options) as closing:
        found = closing.preview()
    data: dict[str, Plain] = {"next_number": found.number, "report": _plain(found.report)}
    return Report(data, sheet_lines(open_sheet(found.report, wording_of(options))))


def close(options: argparse.Namespace) -> Report:
    """Close the day.

    Raises:
        KnownError: Nobody with the right does it, a sale is being paid, or nothing happened since.
    """
    approval = _approval(options)
    with _closing(options) as closing:
        found = closing.preview()
        if found.report.is_empty and found.report.since is not None and not options.empty:
            when = wording_of(options).figures.moment(found.report.since, found.report.until)
            raise KnownError(
                f"Nothing happened since the last close, {when}. Say --empty to close all the same."
            )
        closed = closing.close(found.number, approval)
    line = f"Day close {closed.report.number} is made: {short_form(closed.sha256)}"
    return Report(_summary(closed), (line,))


def list_days(options: argparse.Namespace) -> Report:
    """List the closed days, the newest first."""
    with _closing(options) as closing:
        found = closing.earlier(options.limit)
    wording = wording_of(options)
    lines = [f"{close_row(one, wording)}  {short_form(one.sha256)}" for one in found]
    return Report(
        {"days": [_summary(one) for one in found]}, tuple(lines) or ("No day was closed at this till.",)
    )


def show(options: argparse.Namespace) -> Report:
    """Show a closed day; what is only looked at is no copy."""
    with _closing(options) as closing:
        found = closing.closed_day(options.number)
    data = _summary(found) | {"report": _plain(found.report), "canonical": found.text}
    return Report(data, sheet_lines(closed_sheet(found, wording_of(options))))


def print_day(options: argparse.Namespace) -> Report:
    """Write a closed day as PDF.

    Raises:
        KnownError: There is none, or the file cannot be written.
    """
    if check_file(options.pdf, replace=options.replace) is not Format.PDF:
        raise KnownError("The file's name must end in .pdf.")
    with _closing(options) as closing:
        copy = closing.hand_out(options.number, "pdf")
    write_close(options.pdf, copy, wording_of(options), roll=options.roll, replace=options.replace)
    return _written(copy, str(options.pdf))


def export(options: argparse.Namespace) -> Report:
    """Print a closed day as a table or a document, or write it to a file.

    Raises:
        KnownError: There is none, or the file cannot be written.
    """
    if options.file is not None:
        kind = check_file(options.file, replace=options.replace)
        if kind is Format.PDF:
            raise KnownError("For a PDF: cashier-cli day print.")
    elif options.csv == options.json:
        raise KnownError("Say --csv or --json, or name a file with --file.")
    else:
        kind = Format.CSV if options.csv else Format.JSON
    with _closing(options) as closing:
        copy = closing.hand_out(options.number, kind.value.removeprefix("."))
    if options.file is not None:
        write_close(
            options.file, copy, wording_of(options), byte_order_mark=options.bom, replace=options.replace
        )
        return _written(copy, str(options.file))
    content = as_csv(copy, byte_order_mark=options.bom) if kind is Format.CSV else as_json(copy)
    return Report({}, (), content=content)


def verify(options: argparse.Namespace) -> Report:
    """Look whether the closed days hold together: hashes, numbers, audit log and sums."""
    with _closing(options) as closing:
        found, days = closing.look_through(), closing.earlier(1)
    wording = wording_of(options)
    last = days[0].report.number if days else 0
    data: dict[str, Plain] = {
        "last": last,
        "findings": [{"number": one.number, "fault": one.fault.value} for one in found],
    }
    lines = [fault_words(one, wording) for one in found]
    if all(one.fault is Fault.LOST for one in found):
        said = "1 closed day holds together." if last == 1 else f"{last} closed days hold together."
        lines.append(said if last else "No day was closed at this till.")
        return Report(data, tuple(lines))
    return Report(data, tuple(lines), EXIT_BAD_INPUT)


def _approval(options: argparse.Namespace) -> Approval:
    """Return who closes: a manager by PIN; where nobody signs in, whoever `--by` names."""
    given = manager_for(options, Right.CLOSE_DAY)
    if given is None:
        given = approval_by(options.by)
    if given is None:
        raise KnownError("Say who closes the day: --by NAME, two letters at least.")
    return given


@contextmanager
def _closing(options: argparse.Namespace) -> Iterator[DayClosing]:
    settings = till_settings(config_of(options), training=is_unreal(options))
    with closing_opening.closing_beside(data_folder_of(options), settings, SystemClock()) as closing:
        yield closing


def _written(copy: PaperCopy, file: str) -> Report:
    what = f"copy {copy.count}" if copy.count else "the original"
    line = f"Day close {copy.closed.report.number} written to {file}: {what}."
    return Report({"file": file, "copy": copy.count, "sha256": copy.closed.sha256}, (line,))


def _summary(closed: ClosedDay) -> dict[str, Plain]:
    report = closed.report
    return {
        "number": report.number,
        "until": report.until.isoformat(),
        "closed_by": report.closed_by,
        "training": report.training,
        "sha256": closed.sha256,
        "handed_out": closed.copies,
    }


def _plain(report: DayClose) -> Plain:
    found: Plain = msgspec.json.decode(canonical(report))
    return found
