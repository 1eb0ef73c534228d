"""A quote in words: the figures and the reasons, as the till says them."""

from __future__ import annotations

from cashier_app.domain.quote import Quote
from cashier_app.wording.reasons import limit_row, next_step_row
from cashier_app.wording.refusals import refusal_rows
from cashier_app.wording.speech import Wording


def said(answer: Quote, wording: Wording) -> tuple[str, ...]:
    """Return the figures of a quote, then why not more, a line each."""
    figures, name = wording.figures, wording.points_name
    return (
        f"Bill          {figures.money(answer.bill)}",
        f"Allowed       {figures.money(answer.maximum)} for {figures.points(answer.maximum_points)} {name}",
        f"Discount      {figures.money(answer.discount)} for {figures.points(answer.points_used)} {name}",
        f"To pay        {figures.money(answer.to_pay)}",
        f"Earns         {figures.points(answer.earns)} {name}",
        f"Balance after {figures.points(answer.balance_after)} {name}",
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
