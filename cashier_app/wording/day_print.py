"""What stands on a print of the day view besides the figures themselves."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from cashier_app.services.day_stats import DayReport
from cashier_app.wording.sentences import plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import training_word


class PrintWords(Struct, frozen=True):
    """Head and foot of each page.

    Args:
        place: Shop and till.
        mark: A word that must not be overlooked; empty for a real shop.
        made: When the figures were read.
        page: Says which page of how many.
    """

    place: str
    mark: str
    made: str
    page: Callable[[int, int], str]


def print_words(report: DayReport, store: str, till: str, wording: Wording, *, training: bool) -> PrintWords:
    """Return head and foot; in training every page says so."""
    text, figures = wording.text, wording.figures
    where = plain(report.scope.store or store)
    name = wording.joined((where, text("Till {number}", number=plain(till)))) if till else where

    def page(number: int, of: int) -> str:
        return text("Page {n} of {m}", n=figures.count(number), m=figures.count(of))

    return PrintWords(
        place=name,
        mark=training_word(wording) if training else "",
        made=text(
            "Read on {day} at {time}", day=figures.day(report.today), time=figures.time(report.asked_at)
        ),
        page=page,
    )


def print_title(wording: Wording) -> str:
    """Return the title of the dialog that asks for a printer."""
    return wording.text("Print these figures")
