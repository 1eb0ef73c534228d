"""Everything ever counted at this till: the sum of the roll-ups over all days."""

from __future__ import annotations

import apsw

from cashier_app.domain.day_close import SPLITS, GrandTotals
from cashier_app.domain.figures import FIGURE_NAMES, NO_FIGURES, Figures, Split
from cashier_app.domain.money import Currency
from cashier_app.storage.rollups import WHOLE, from_stored

_SUMS = f"""
SELECT currency, split, part, {", ".join(f"sum({name})" for name in FIGURE_NAMES)} FROM day_figure
WHERE split IN ('{WHOLE}', {", ".join(f"'{split.value}'" for split in SPLITS)}) GROUP BY currency, split, part
"""  # noqa: S608 - names of columns
_DECIMALS = """
SELECT json_extract(body, '$.bill.currency.decimals') FROM sale
WHERE state = 'committed' AND json_extract(body, '$.bill.currency.code') = ? LIMIT 1
"""


def grand_totals(connection: apsw.Connection, own: Currency) -> list[GrandTotals]:
    """Return the grand totals of each currency, the shop's own first whether it was sold in or not."""
    totals: dict[str, Figures] = {own.code: NO_FIGURES}
    by: dict[str, dict[Split, dict[str, Figures]]] = {}
    for currency, split, part, *sums in connection.execute(_SUMS):
        code, figures = str(currency), from_stored(sums)
        if split == WHOLE:
            totals[code] = figures
        else:
            by.setdefault(code, {}).setdefault(Split(str(split)), {})[str(part)] = figures
    return [
        GrandTotals(code, _decimals(connection, code, own), total, by.get(code, {}))
        for code, total in totals.items()
    ]


def _decimals(connection: apsw.Connection, code: str, own: Currency) -> int:
    """Return how many decimals a currency was sold with; the shop's own where no sale tells any more."""
    if code == own.code:
        return own.decimals
    row = connection.execute(_DECIMALS, (code,)).fetchone()
    return own.decimals if row is None or row[0] is None else int(str(row[0]))
