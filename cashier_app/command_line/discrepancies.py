"""`discrepancies`: discounts that were given and that no points paid for."""

from __future__ import annotations

import argparse

from cashier_app import bootstrap
from cashier_app.command_line.report import Plain, Report
from cashier_app.command_line.shop import config_of, journal_of
from cashier_app.config import till_settings
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.money import Money
from cashier_app.wording.figures import Figures
from cashier_app.wording.speech import Wording

MOST = 100_000


def list_losses(options: argparse.Namespace) -> Report:
    """List the losses, the newest first, with their sum."""
    with journal_of(options) as journal:
        losses = journal.discrepancies(MOST)
    settings = till_settings(config_of(options))
    figures = Wording.of(settings.locale, settings.zone, bootstrap.DEFAULT_POINT_NAME).figures
    total = sum(loss.loss.minor for loss in losses)
    lines = [_line(loss, figures) for loss in losses] or ["Every discount was paid for with points."]
    if losses:
        lines.append(f"Together {figures.money(Money(total, settings.currency))}")
    data: dict[str, Plain] = {"total_minor": total, "discrepancies": [_summary(loss) for loss in losses]}
    return Report(data, tuple(lines))


def _line(loss: Discrepancy, figures: Figures) -> str:
    day, time = figures.short_day(loss.at.astimezone(figures.zone).date()), figures.time(loss.at)
    return f"{loss.number}  {figures.money(loss.loss)}  {day} {time}  {loss.because}"


def _summary(loss: Discrepancy) -> dict[str, Plain]:
    return {
        "number": loss.number,
        "sale_id": loss.sale_id,
        "member_id": loss.member_id,
        "minor": loss.loss.minor,
        "currency": loss.loss.currency.code,
        "because": loss.because,
        "at": loss.at.isoformat(),
    }
