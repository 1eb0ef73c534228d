"""What an act hangs on, as it is kept."""

from __future__ import annotations

from cashier_app.domain.sale import Sale


class KeptAct(Sale, frozen=True):
    """What an act hangs on, as it is kept: the facts of another till's sale, or an id and a time.

    Args:
        note: What it is, in the words of the audit log.
        till: This till's number: whose figures it counts in.
    """

    note: str = ""
    till: str = ""
