"""`doctor`: what this computer has, what is missing, and what to do about it."""

from __future__ import annotations

import argparse

from cashier_app.command_line.report import EXIT_BAD_INPUT, EXIT_OK, Plain, Report
from cashier_app.command_line.shop import backend_of, config_of, data_folder_of, is_unreal, practises
from cashier_app.examining.examination import examine as look_at_everything
from cashier_app.examining.finding import Finding, Patient, State
from cashier_app.keeping_secrets import Keeper, credentials_of
from cashier_app.paths import default_config_file

_MARKS = {State.FINE: "ok  ", State.NOTE: "note", State.FAIL: "FAIL"}


def examine(options: argparse.Namespace) -> Report:
    """Look at everything the till needs; exit code 2 when something it cannot do without is not right."""
    findings = look_at_everything(patient_of(options))
    fine = all(finding.fine for finding in findings)
    lines = tuple(f"{_MARKS[found.state]} {found.name}: {found.words}" for found in findings)
    return Report({"ok": fine, **as_data(findings)}, lines, EXIT_OK if fine else EXIT_BAD_INPUT)


def patient_of(options: argparse.Namespace) -> Patient:
    """Return whom the options mean."""
    return Patient(
        config=lambda: config_of(options),
        settings_file=None if is_unreal(options) else options.config or default_config_file(),
        folder=lambda: data_folder_of(options),
        keeper=keeper_of(options),
        backend=lambda: backend_of(options),
        unreal=is_unreal(options),
        training=practises(options),
    )


def keeper_of(options: argparse.Namespace) -> Keeper:
    """Return where the secrets are kept: one for all who ask, as a passphrase can be read once only."""
    return Keeper(lambda: credentials_of(config_of(options), data_folder_of(options), options.passphrase_fd))


def as_data(findings: list[Finding]) -> dict[str, Plain]:
    """Return the findings for programs, by their names."""
    return {
        found.name.replace(" ", "_"): {
            "ok": found.fine,
            "state": found.state.value,
            "words": found.words,
            "facts": dict(found.facts),
        }
        for found in findings
    }
