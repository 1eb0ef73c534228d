"""Whether a ledger says what its tills counted: told in several ways that must agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from cashier_app.domain.figures import NO_FIGURES, Figures, PeriodFigures, Split
from cashier_app.ledger.checking import check
from cashier_app.ports.figures import Scope
from cashier_app.storage.figures_source import SqliteFigures
from tests.fakes.chain_till import INDIA, ChainTill
from tests.fakes.ledgers import FIRST, LAST, Ledger
from tests.fakes.postgres_server import MANAGER


def wrongs(ledger: Ledger, tills: Iterable[ChainTill], currency: str = "INR") -> list[str]:
    """Return what does not agree: the manager's view, the raw movements, the tills' own figures, the check.

    The first sale of a member in a store and at a till are two things: tills are compared without them.
    """
    found = []
    tills = list(tills)
    stores = sorted({till.store for till in tills})
    scopes = [Scope(), *(Scope(store) for store in stores)]
    scopes += [Scope(till.store, till.number) for till in tills]
    movements = ledger.movements()
    manager = ledger.figures(currency)
    try:
        for scope in scopes:
            shown = manager.figures(FIRST, LAST, scope)
            if shown != ledger.recomputed(scope.store, scope.till, currency, movements):
                found.append(f"{scope}: roll-ups are not what the movements come to")
            here = [till for till in tills if scope.store in {"", till.store}]
            here = [till for till in here if scope.till in {"", till.number}]
            found += [f"{scope}: {word}" for word in _unlike_own(shown, here, currency)]
    finally:
        manager.close()
    return found + list(check(ledger.address(MANAGER)).problems)


def _unlike_own(shown: PeriodFigures, tills: Sequence[ChainTill], currency: str) -> list[str]:
    own = [_own(till, currency) for till in tills]
    found = []
    if _without_firsts(shown.total) != sum((_without_firsts(one.total) for one in own), NO_FIGURES):
        found.append("the total is not the sum of the tills' own")
    for day in {day for one in (shown, *own) for day in one.by_day}:
        theirs = sum((_without_firsts(one.by_day.get(day, NO_FIGURES)) for one in own), NO_FIGURES)
        if _without_firsts(shown.by_day.get(day, NO_FIGURES)) != theirs:
            found.append(f"{day} is not the sum of the tills' own")
    for split in set(Split) - {Split.TILL}:
        for part in {part for one in (shown, *own) for part in one.by[split]}:
            theirs = sum((_without_firsts(one.by[split].get(part, NO_FIGURES)) for one in own), NO_FIGURES)
            if _without_firsts(shown.by[split].get(part, NO_FIGURES)) != theirs:
                found.append(f"{split} {part!r} is not the sum of the tills' own")
    if len(own) == 1 and (shown.times, shown.times_by_staff) != (own[0].times, own[0].times_by_staff):
        found.append("times are not the till's own")
    return found


def _own(till: ChainTill, currency: str) -> PeriodFigures:
    source = SqliteFigures(till.folder / "till.sqlite", till.store, till.number, currency, INDIA)
    try:
        return source.figures(FIRST, LAST)
    finally:
        source.close()


def _without_firsts(figures: Figures) -> Figures:
    return replace(figures, first_sales=0)
