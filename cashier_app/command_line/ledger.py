"""`ledger`: set up, checked and signed in to from the command line."""

from __future__ import annotations

import argparse

from cashier_app import ledger_opening
from cashier_app.command_line.asked import own_vault, secret_line, store
from cashier_app.command_line.report import EXIT_BAD_INPUT, Plain, Report
from cashier_app.command_line.shop import config_of, data_folder_of, journal_of
from cashier_app.errors import KnownError
from cashier_app.keeping_secrets import Keeper, credentials_of
from cashier_app.ports.credentials import Secret

NOT_CONFIGURED = "This till has no ledger: its settings have no [ledger] url."


def migrate(options: argparse.Namespace) -> Report:
    """Set a ledger up, or bring it up to date.

    Raises:
        KnownError: It cannot be reached or changed.
    """
    applied = ledger_opening.set_up(options.url, options.ca_file)
    lines = [f"Applied: {name}." for name in applied] or ["The ledger is up to date."]
    return Report({"applied": list(applied)}, tuple(lines))


def check(options: argparse.Namespace) -> Report:
    """Count everything in a ledger again and say what is not right.

    Raises:
        KnownError: It cannot be reached or read.
    """
    found = ledger_opening.check(options.url, options.ca_file)
    tills = [
        f"{seen.store}, till {seen.till}: {seen.movements} movements"
        + ("" if seen.delivered_at is None else f", last on {seen.delivered_at:%Y-%m-%d %H:%M} UTC")
        for seen in found.tills
    ]
    lines = (*found.problems, *tills) if found.problems else ("Everything adds up.", *tills)
    data: dict[str, Plain] = {"problems": list(found.problems), "months": found.months, "tills": list(tills)}
    return Report(data, lines, EXIT_BAD_INPUT if found.problems else 0)


def sign_in(options: argparse.Namespace) -> Report:
    """Read the password of this till's user at the ledger, and store it sealed.

    Raises:
        KnownError: It is none, or cannot be stored.
    """
    section = config_of(options).ledger
    if not (section.figures_url if options.figures else section.url):
        raise KnownError(NOT_CONFIGURED)
    name = ledger_opening.FIGURES_PASSWORD_NAME if options.figures else ledger_opening.PASSWORD_NAME
    password = secret_line("Password at the ledger")
    store(own_vault(options), name, Secret(password), options.passphrase_fd)
    return Report({"stored": True}, ("Stored.",))


def status(options: argparse.Namespace) -> Report:
    """Say what the ledger is still to be told, and try whether it could be.

    Raises:
        KnownError: This till has no ledger or no sales.
    """
    config, folder = config_of(options), data_folder_of(options)
    if not config.ledger.url:
        raise KnownError(NOT_CONFIGURED)
    with journal_of(options) as journal:
        queue = ledger_opening.waiting(journal)
    trouble = ""
    try:
        ledger_opening.try_out(config, folder, Keeper(lambda: credentials_of(config, folder)))
    except KnownError as error:
        trouble = error.sentence
    age = "" if queue.oldest_at is None else f", the oldest from {queue.oldest_at:%Y-%m-%d %H:%M} UTC"
    lines = [f"Movements that wait: {queue.waiting}{age}."]
    lines += ["Sales of before are still being told."] if queue.filling else []
    lines.append(trouble or "The ledger can be reached, and lets this till in.")
    data: dict[str, Plain] = {
        "waiting": queue.waiting,
        "oldest_at": None if queue.oldest_at is None else queue.oldest_at.isoformat(),
        "filling": queue.filling,
        "trouble": trouble,
    }
    return Report(data, tuple(lines), EXIT_BAD_INPUT if trouble else 0)
