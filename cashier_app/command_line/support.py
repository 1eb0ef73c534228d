"""`support-bundle`: the file a shop gives to support, listed before it is written. It is sent nowhere."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC

from cashier_app import bootstrap
from cashier_app.command_line.doctor import patient_of
from cashier_app.command_line.report import EXIT_OK, Plain, Report, printable
from cashier_app.errors import KnownError
from cashier_app.ports.clock import SystemClock
from cashier_app.services.support_bundle import SupportBundle, check_place, write_bundle
from cashier_app.support_opening import collect
from cashier_app.wording.speech import Wording
from cashier_app.wording.support import listed_lines

NOT_WRITTEN = "Nothing was written."


def write(options: argparse.Namespace) -> Report:
    """List what goes in, then write it; on a terminal it is asked for first.

    Raises:
        KnownError: The file is there already, its name is not right, or the disk refuses.
    """
    if options.file is None and not options.list_only:
        raise KnownError("Name the file to be written, such as support.zip, or use --list.")
    if options.file is not None:
        check_place(options.file, replace=options.replace)
    bundle = collect(patient_of(options), SystemClock().now())
    lines = listed_lines(bundle, Wording.of("en", UTC, bootstrap.DEFAULT_POINT_NAME))
    data = _data(bundle)
    if options.list_only:
        return Report(data, tuple(lines))
    if not options.json:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in lines))
        sys.stdout.flush()
        if not options.yes and sys.stdin.isatty() and not _wanted():
            return Report({}, (NOT_WRITTEN,))
    write_bundle(options.file, bundle, replace=options.replace)
    return Report(
        {**data, "file": str(options.file)}, (f"Written: {options.file}. It was sent nowhere.",), EXIT_OK
    )


def _wanted() -> bool:
    sys.stdout.write("Write it? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline(16).strip().lower() in {"y", "yes"}


def _data(bundle: SupportBundle) -> dict[str, Plain]:
    files: list[Plain] = [
        {"name": file.name, "bytes": file.size, "purpose": file.purpose.value} for file in bundle.files
    ]
    return {"files": files, "bytes": bundle.size}
