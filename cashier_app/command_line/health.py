"""`health`: how a till is doing, also while it runs; the exit code is for whatever watches it."""

from __future__ import annotations

import argparse
from typing import cast

from msgspec import to_builtins

from cashier_app import bootstrap
from cashier_app.backend_opening import rules_of
from cashier_app.command_line.report import EXIT_OK, Plain, Report
from cashier_app.command_line.shop import config_of, data_folder_of
from cashier_app.config import till_settings
from cashier_app.health_opening import look_at
from cashier_app.ports.clock import SystemClock
from cashier_app.services.health import HealthReport, Severity
from cashier_app.wording.health import HealthWords, health_words
from cashier_app.wording.speech import Wording

EXIT_PROBLEM = 1
"""Something needs a person; 2, as with every command, when nothing could be found out."""


def report(options: argparse.Namespace) -> Report:
    """Take one look at a till from outside; exit code 1 when something needs a person.

    Raises:
        KnownError: There are no settings or no sales yet, or they cannot be read.
    """
    config = config_of(options)
    settings = till_settings(config)
    capabilities = rules_of(config).capabilities
    found = look_at(data_folder_of(options), settings, SystemClock(), lambda: capabilities)
    wording = Wording.of(settings.locale, settings.zone, bootstrap.DEFAULT_POINT_NAME)
    words = health_words(found, wording)
    return Report(_data(found, words), tuple(_lines(words)), EXIT_OK if found.is_well else EXIT_PROBLEM)


def _lines(words: HealthWords) -> list[str]:
    lines = [words.summary.full]
    for problem in words.problems:
        button = "" if problem.button is None else f"  [{problem.button.full}]"
        lines.append(f"! {problem.title.full}. {problem.detail.full}.{button}".replace(" .", ""))
    return lines + [f"  {fact.label.full}: {fact.value.full}" for fact in words.facts]


def _data(found: HealthReport, words: HealthWords) -> dict[str, Plain]:
    data = cast("dict[str, Plain]", to_builtins(found, str_keys=True))
    sentences: list[Plain] = [problem.spoken for problem in words.problems]
    return {"ok": found.is_well, "red": _is_red(found), "sentences": sentences, **data}


def _is_red(found: HealthReport) -> bool:
    return any(problem.severity is Severity.STOP for problem in found.problems)
