"""`training record`: what was done in training, in order and chained, as tax laws want it shown."""

from __future__ import annotations

import argparse

from cashier_app import data_folder
from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report
from cashier_app.command_line.shop import config_of, data_folder_of
from cashier_app.errors import KnownError
from cashier_app.services.export_files import csv_table

COLUMNS = ("row", "at", "subject", "event", "detail", "link")


def record(options: argparse.Namespace) -> Report:
    """Print every row of the audit log; exit code 2 where the chain is broken.

    Raises:
        KnownError: Nobody has trained here, or the folder is none of training.
    """
    if options.csv and options.json:
        raise KnownError("Choose --csv or --json.")
    rows, broken = data_folder.audit_record(data_folder_of(options), config_of(options).store.till)
    code = EXIT_OK if broken is None else EXIT_BAD_INPUT
    if options.csv:
        table = csv_table(COLUMNS, rows, byte_order_mark=False, training=True)
        return Report({}, (), code, content=table)
    entries: list[Plain] = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    data: dict[str, Plain] = {"simulation": True, "first_broken_row": broken, "rows": entries}
    said = "Every row follows from the one before." if broken is None else f"Broken from row {broken} on."
    lines = [f"{row[0]:>6}  {row[1][:19]}  {row[3]}  {row[2]}  {row[4]}".rstrip() for row in rows]
    return Report(data, (*lines, f"{len(rows)} operations, all simulation. {said}"), code)
