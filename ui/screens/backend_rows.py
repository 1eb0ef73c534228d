"""What the page of the loyalty system says: what is set up, what a try came to, what there is to choose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cashier_app.backend_setup import TriedOut
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.backend_page import (
    kinds_intro,
    kinds_title,
    not_tried_row,
    tried_at_row,
    where_row,
)
from cashier_app.wording.backends import Here, capability_rows, result_sentence, works_rows
from cashier_app.wording.devices import ChoiceRow, ChoiceWords
from cashier_app.wording.sentences import Row
from ui.backend_setup import BackendFacts


def overview_rows(facts: BackendFacts, said: Sequence[Row], wording: Wording) -> tuple[Row, ...]:
    """Return where the system is, what is said now, and what it can do."""
    address = facts.address or next(iter(facts.kind(facts.current).addresses), "")
    can = capability_rows(facts.can, wording) if facts.can else ()
    return (where_row(address, wording), *said, *can)


def last_try_rows(
    last: tuple[datetime, TriedOut] | None, facts: BackendFacts | None, now: datetime, wording: Wording
) -> tuple[Row, ...]:
    """Return what came of the last try of what is set up, with its time, UTC."""
    if last is None or facts is None:
        return (not_tried_row(wording),)
    (at, tried), here = last, facts.here
    result = tried_at_row(result_sentence(tried.probed, here, wording), at, now, wording)
    return (result, *works_rows(tried.probed, here, wording))


def try_rows(tried: TriedOut, here: Here, wording: Wording) -> tuple[Row, ...]:
    """Return what came of trying what was typed, and what such a system can do."""
    return (
        result_sentence(tried.probed, here, wording),
        *works_rows(tried.probed, here, wording),
        *capability_rows(tried.capabilities, wording),
    )


def kinds_words(facts: BackendFacts, wording: Wording) -> ChoiceWords:
    """Return the systems there are to choose."""
    rows = tuple(ChoiceRow(kind.name, kind.title, taken=kind.name == facts.current) for kind in facts.kinds)
    return ChoiceWords(kinds_title(wording), kinds_intro(wording), rows, None, Sentence.of(""), "")
