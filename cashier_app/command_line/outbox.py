"""`outbox`: the sales that are not posted yet."""

from __future__ import annotations

import argparse
import time

from cashier_app import bootstrap, data_folder
from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report, plain
from cashier_app.command_line.shop import config_of, data_folder_of, is_unreal, journal_of
from cashier_app.config import till_settings
from cashier_app.domain.points import PointName
from cashier_app.errors import KnownError
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.journal import UnsentSale
from cashier_app.services.queue_export import MOST_SALES, export_lines, write_export
from cashier_app.wording.queue import queue_row
from cashier_app.wording.speech import Wording

LOOK_SECONDS = 0.1


def list_unsent(options: argparse.Namespace) -> Report:
    """List the sales not posted yet."""
    with journal_of(options) as journal:
        unsent = journal.unsent()
        counts = journal.counts()
    wording = _wording(options)
    lines = [_line(sale, wording) for sale in unsent] or ["All sales are posted."]
    data: dict[str, Plain] = {
        "waiting": counts.waiting,
        "needs_attention": counts.needs_attention,
        "sales": [_summary(sale) for sale in unsent],
    }
    return Report(data, tuple(lines))


def show(options: argparse.Namespace) -> Report:
    """Show one sale with its effects.

    Raises:
        KnownError: No unsent sale has this number or id.
    """
    with journal_of(options) as journal:
        unsent = journal.unsent(limit=100_000)
    for sale in unsent:
        if options.sale in {sale.sale.number, sale.sale.sale_id}:
            lines = [_line(sale, _wording(options))]
            lines += [
                f"  {row.effect.key}: {row.state.value}, {row.attempts} tries. {row.last_answer}"
                for row in sale.effects
            ]
            return Report(_summary(sale), tuple(lines))
    raise KnownError(f"No sale {options.sale!r} is waiting.")


def send(options: argparse.Namespace) -> Report:
    """Try all unsent sales now, until none is left or the time is up.

    Raises:
        KnownError: The till is open in another process, which sends by itself; or there are no settings.
    """
    if is_unreal(options):
        raise KnownError("The demo shop's sales are sent while its window is open; so are those of training.")
    till = bootstrap.open_till(config_of(options), data_folder_of(options), options.passphrase_fd)
    try:
        workshop = till.workshop()
        before = len(workshop.queue.unsent())
        workshop.queue.send_all_now()
        until = time.monotonic() + options.seconds
        while workshop.queue.unsent() and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        left = len(workshop.queue.unsent())
    finally:
        till.close()
    code = EXIT_OK if left == 0 else EXIT_BAD_INPUT
    return Report({"sent": before - left, "left": left}, (f"{before - left} sent, {left} left.",), code)


def back_up(options: argparse.Namespace) -> Report:
    """Write a verified backup of the sales now, also while the till is open.

    Raises:
        KnownError: There are no sales yet, the database is damaged, or the backup cannot be written.
    """
    backup = data_folder.back_up(data_folder_of(options), config_of(options).store.till)
    return Report({"backup": str(backup)}, (f"Written and verified: {backup}",))


def export(options: argparse.Namespace) -> Report:
    """Write the unsent sales, and what was settled by hand, to a file for support.

    Raises:
        KnownError: The file cannot be written, or is there already.
    """
    with journal_of(options) as journal:
        lines = export_lines(journal.unsent(MOST_SALES), journal.settled(MOST_SALES))
    write_export(
        options.file,
        lines,
        byte_order_mark=options.bom,
        training=is_unreal(options),
        replace=options.replace,
    )
    data: dict[str, Plain] = {"file": str(options.file), "effects": len(lines)}
    return Report(data, (f"{len(lines)} effects written to {options.file}.",))


def _wording(options: argparse.Namespace) -> Wording:
    settings = till_settings(config_of(options))
    return Wording.of(settings.locale, settings.zone, PointName("point", "points"))


def _line(sale: UnsentSale, wording: Wording) -> str:
    words = queue_row(sale, wording, SystemClock().now())
    parts = (sale.sale.number, words.state, words.when, words.amount, words.answer, words.tries)
    return "  ".join(str(getattr(part, "full", part)) for part in parts if part)


def _summary(sale: UnsentSale) -> dict[str, Plain]:
    effects: list[Plain] = [
        {
            "key": row.effect.key,
            "kind": row.effect.kind.value,
            "state": row.state.value,
            "attempts": row.attempts,
            "last_answer": row.last_answer,
            "next_attempt_at": plain(row.next_attempt_at),
        }
        for row in sale.effects
    ]
    return {
        "sale_id": sale.sale.sale_id,
        "number": sale.sale.number,
        "at": plain(sale.sale.at),
        "paid": plain(sale.sale.paid),
        "effects": effects,
    }
