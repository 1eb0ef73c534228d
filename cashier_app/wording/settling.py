"""Settling by hand in words: what is asked, and what is confirmed before it cannot be undone."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.sale import Sale
from cashier_app.domain.settlement import SettlementProblem, Truth
from cashier_app.wording.sentences import Sentence, name_in_sentence
from cashier_app.wording.speech import Wording


class SettleWords(Struct, frozen=True):
    """The form. `about` names the sale, `effect` what is to be settled."""

    title: Sentence
    about: Sentence
    effect: Sentence
    question: Sentence
    took_hold: Sentence
    not_booked: Sentence
    by: Sentence
    reason: Sentence
    reason_hint: Sentence
    cancel: Sentence
    go_on: Sentence


class ConfirmSettlingWords(Struct, frozen=True):
    """The question after it; `lines` are pairs of what and what is true."""

    title: Sentence
    about: Sentence
    lines: tuple[tuple[Sentence, Sentence], ...]
    warning: Sentence
    keep: Sentence
    settle: Sentence


def settle_words(sale: Sale, effect: str, wording: Wording, now: datetime) -> SettleWords:
    """Return the form for one effect of a sale, named by what it does. `now` is UTC."""
    return SettleWords(
        title=Sentence.of(wording.text("Settle by hand")),
        about=_about(sale, wording, now),
        effect=Sentence.of(effect),
        question=Sentence.of(wording.text("What is true at the loyalty system?")),
        took_hold=_truth(Truth.TOOK_HOLD, wording),
        not_booked=_truth(Truth.NOT_BOOKED, wording),
        by=Sentence.of(wording.text("Manager's name")),
        reason=Sentence.of(wording.text("Reason")),
        reason_hint=Sentence.of(wording.text("3 to 200 characters")),
        cancel=Sentence.of(wording.text("Cancel")),
        go_on=Sentence.of(wording.text("Next: check it"), wording.text("Next")),
    )


def confirm_words(
    sale: Sale, effect: str, truth: Truth, by: str, reason: str, wording: Wording, now: datetime
) -> ConfirmSettlingWords:
    """Return the question that says what will change for good. `now` is UTC."""
    if truth is Truth.TOOK_HOLD:
        warning = wording.text(
            "It will count as posted and is never sent again. This cannot be undone. "
            "Name and reason are recorded."
        )
    else:
        warning = wording.text(
            "It is never sent, and nothing is booked for it. This cannot be undone. "
            "Name and reason are recorded."
        )
    return ConfirmSettlingWords(
        title=Sentence.of(wording.text("Settle this by hand?")),
        about=_about(sale, wording, now),
        lines=(
            (Sentence.of(effect), _short_truth(truth, wording)),
            (Sentence.of(wording.text("Manager")), Sentence.of(name_in_sentence(by))),
            (Sentence.of(wording.text("Reason")), Sentence.of(name_in_sentence(reason))),
        ),
        warning=Sentence.of(warning),
        keep=Sentence.of(wording.text("Keep it")),
        settle=Sentence.of(wording.text("Settle by hand"), wording.text("Settle")),
    )


def settlement_problem(problem: SettlementProblem, wording: Wording) -> Sentence:
    """Say why what was typed cannot be taken."""
    match problem:
        case SettlementProblem.NO_NAME:
            text = wording.text("Type the manager's name")
        case SettlementProblem.NAME_TOO_LONG:
            text = wording.text("The name is longer than 60 characters")
        case SettlementProblem.REASON_TOO_SHORT:
            text = wording.text("Type a reason of 3 characters or more")
        case SettlementProblem.REASON_TOO_LONG:
            text = wording.text("The reason is longer than 200 characters")
        case _:
            assert_never(problem)
    return Sentence.of(text)


def truth_wanted(wording: Wording) -> Sentence:
    """Say that one of the two must be chosen."""
    return Sentence.of(wording.text("Choose what is true: press 1 or 2"))


def manager_by_pin(wording: Wording) -> Sentence:
    """Say, where people sign in, that who settles it is asked for at the end."""
    return Sentence.of(wording.text("PIN asked for next"))


def scan_not_used(wording: Wording) -> Sentence:
    """Say that a scan did nothing here."""
    return Sentence.of(wording.text("Scan not used: finish this first"))


def settled_words(number: str, wording: Wording) -> Sentence:
    """Say that it is done; `number` is empty for what is about no sale."""
    if not number:
        return Sentence.of(wording.text("It is settled by hand"))
    return Sentence.of(wording.text("{number} is settled by hand", number=number))


def _truth(truth: Truth, wording: Wording) -> Sentence:
    if truth is Truth.TOOK_HOLD:
        return Sentence.of(wording.text("It took hold there"))
    return Sentence.of(wording.text("It did not, and shall not be sent"))


def _short_truth(truth: Truth, wording: Wording) -> Sentence:
    if truth is Truth.TOOK_HOLD:
        return Sentence.of(wording.text("took hold there"))
    return Sentence.of(wording.text("not booked, never sent"))


def _about(sale: Sale, wording: Wording, now: datetime) -> Sentence:
    parts = (sale.number, wording.figures.money(sale.paid), wording.figures.moment(sale.at, now))
    name = name_in_sentence(sale.display_name)
    return Sentence.of(wording.joined((*parts, name)), wording.joined(parts))
