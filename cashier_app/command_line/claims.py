"""`claims`: one key for the tills of a shop, and a receipt's codes on paper once more."""

from __future__ import annotations

import argparse
import os

from cashier_app.claim_opening import (
    CLAIMS_NAME,
    OpenClaimKeys,
    checked_key,
    draw_codes,
    new_key,
    shared_key_of,
)
from cashier_app.command_line.asked import own_vault, secret_line, store
from cashier_app.command_line.report import Report
from cashier_app.command_line.shop import config_of, data_folder_of, is_unreal, journal_of, wording_of
from cashier_app.config import till_settings
from cashier_app.domain.sale import Sale
from cashier_app.errors import KnownError
from cashier_app.ports.journal import Journal
from cashier_app.printing.slip_pdf import slip_pdf
from cashier_app.services.export_files import write_file
from cashier_app.services.lookup import kept_program
from cashier_app.services.receipt_codes import codes_of
from cashier_app.services.receipt_search import receipt_number
from cashier_app.wording.claims import claim_slip

NO_KEY = "This till shares no claim key yet. Make one with: cashier-cli claims share --new"
NOT_SCREEN = "Give --out-fd a file or a pipe: a key on a screen is read by whoever passes."
NO_SUCH_SALE = "No sale of this till has this number. A receipt says it, such as {example}."
OTHER_KEY = "This till shares another key already. Take it over all the same with --replace."


def share(options: argparse.Namespace) -> Report:
    """Write the shared key into an open file, for `claims join` at another till.

    Raises:
        KnownError: There is none, it cannot be kept, or the file cannot be written.
    """
    if options.out_fd < 3 or os.isatty(options.out_fd):
        raise KnownError(NOT_SCREEN)
    kept = own_vault(options)
    key = shared_key_of(kept)
    made = key is None
    if key is None:
        if not options.new:
            raise KnownError(NO_KEY)
        key = new_key()
        store(kept, CLAIMS_NAME, key, options.passphrase_fd)
    try:
        os.write(options.out_fd, key.reveal().encode() + b"\n")
        problem = ""
    except OSError:
        problem = "The key cannot be written there."
    if problem:
        # Raised out here because the exception above may carry what was written.
        raise KnownError(problem)
    said = "A new key was made and written." if made else "The key was written."
    again = "Start the till anew so that it signs with it." if made else ""
    return Report({"made": made}, tuple(filter(None, (said, again))))


def join(options: argparse.Namespace) -> Report:
    """Take over the key of another till, read from a terminal, standard input or an open file.

    Raises:
        KnownError: It is no key, another one is kept here, or it cannot be kept.
    """
    kept = own_vault(options)
    key = checked_key(secret_line("Claim key of the other till", options.in_fd))
    before = shared_key_of(kept)
    if before is not None and before.reveal() != key.reveal() and not options.replace:
        raise KnownError(OTHER_KEY)
    store(kept, CLAIMS_NAME, key, options.passphrase_fd)
    return Report({"joined": True}, ("Stored. Start the till anew so that it signs with it.",))


def slip(options: argparse.Namespace) -> Report:
    """Write the codes of a sale as PDF, on a roll of paper.

    Raises:
        KnownError: There is no such sale, the key cannot be had, or the file cannot be written.
    """
    settings = till_settings(config_of(options), training=is_unreal(options))
    kept = own_vault(options)
    with journal_of(options) as journal:
        sale = _sold(journal, options.number, settings.till)
        program = kept_program(journal)
    wording = wording_of(options, program.point_name) if program else wording_of(options)
    keys = OpenClaimKeys(lambda: kept, data_folder_of(options))()
    codes = codes_of(sale, settings.store, keys, draw_codes)
    words = claim_slip(sale, codes, settings.store, wording, training=settings.training)
    write_file(options.pdf, {".pdf": lambda: slip_pdf(words, options.paper)}, replace=options.replace)
    return Report({"file": str(options.pdf), "number": sale.number}, (f"Written to {options.pdf}.",))


def _sold(journal: Journal, text: str, till: str) -> Sale:
    asked = receipt_number(text)
    ours = asked is not None and asked.till.casefold() == till.casefold()
    found = journal.sold_as(asked.count) if asked is not None and ours else None
    if found is None:
        raise KnownError(NO_SUCH_SALE.format(example=f"{till}-0418"))
    return found.sale
