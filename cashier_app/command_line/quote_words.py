"""A quote in words: the figures and the reasons, as the till says them."""

from __future__ import annotations

from cashier_app.domain.quote import Quote
from cashier_app.wording.reasons import limit_row, next_step_row
from cashier_app.wording.refusals import refusal_rows
from cashier_app.wording.speech import Wording


def said(answer: Quote, wording: Wording) -> tuple[str, ...]:
    """Return the figures of a quote, then why not more, a line each."""
    figures = wording.figures
    return (
        f"Bill          {figures.money(answer.bill)}",
        f"Allowed       {figures.money(answer.maximum)} for {wording.points(answer.maximum_points)}",
        f"Discount      {figures.money(answer.discount)} for {wording.points(answer.points_used)}",
        f"To pay        {figures.money(answer.to_pay)}",
        f"Earns         {wording.points(answer.earns)}",
        f"Balance after {wording.points(answer.balance_after)}",
        *reasons(answer, wording),
    )


def reasons(answer: Quote, wording: Wording) -> list[str]:
    """Return what binds the discount, why what was chosen was not given, and what would give more."""
    rows = []
    if answer.limit is not None:
        rows.append(limit_row(answer.limit, wording))
    for refusal in (answer.refusal, answer.choice_refusal):
        if refusal is not None:
            rows += refusal_rows(refusal, wording)
    if answer.next_step is not None:
        rows.append(next_step_row(answer.next_step, wording, from_nothing=not answer.maximum))
    return list(dict.fromkeys(row.sentence.full for row in rows))
