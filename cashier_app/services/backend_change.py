"""A till belongs to one backend for as long as anything is unsent: sales are never told to another."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from cashier_app.errors import KnownError
from cashier_app.ports.journal import Journal

_NAME = "backend address"
_BEFORE = "backends of before"


def check_backend(journal: Journal, address: str, kind: str = "contract", shop: str = "") -> None:
    """Remember which backend the sales belong to; refuse another one while any of them is not posted.

    Args:
        journal: The till's own.
        address: As the settings file says it; empty for the usual one of its kind.
        kind: Which kind of backend it is.
        shop: Whose books at that address, in the words of the settings; empty where there is one only.

    Raises:
        KnownError: The backend was changed with sales in the queue; the sentence says how to get on.
    """
    refuse_other(journal, address, kind, shop)
    now, before = _name(address, kind, shop), journal.recall(_NAME)
    if before == now:
        return
    if before is not None:
        _remember_before(journal, before)
    journal.remember(_NAME, now)


def sold_with_another(journal: Journal, number: str) -> bool:
    """Say whether a sale of this till was made with another backend than the one in use, by its number.

    Raises:
        KnownError: The database cannot be read.
    """
    count = int(number.rpartition("-")[2] or 0)
    then = next((name for last, name in _before(journal) if count <= last), None)
    return then is not None and then != journal.recall(_NAME)


def refuse_other(journal: Journal, address: str, kind: str = "contract", shop: str = "") -> None:
    """Refuse another backend than the one before while any sale of that is not posted; remembers nothing.

    Raises:
        KnownError: As `check_backend` does.
    """
    before = journal.recall(_NAME)
    if before not in {None, _name(address, kind, shop)} and (left := left_to_post(journal)):
        raise KnownError(
            f"{left} not posted to {before} yet. Set the backend back to it, let all of it post "
            "or settle it by hand, then change it."
        )


def left_to_post(journal: Journal) -> str:
    """Say what the backend in use is still owed, such as ``3 sales are``, or nothing."""
    counts = journal.counts()
    sales = counts.waiting + counts.needs_attention
    if sales:
        return "1 sale is" if sales == 1 else f"{sales} sales are"
    # Held points that are to be given back belong to no sale.
    return "Held points are" if journal.drafts() or journal.next_due_at() is not None else ""


def _remember_before(journal: Journal, name: str) -> None:
    """Keep up to which sale a backend was in use; what was sold since the change before is its."""
    newest = journal.recent(1)
    last = int(newest[0].sale.number.rpartition("-")[2]) if newest else 0
    journal.remember(_BEFORE, json.dumps([*_before(journal), (last, name)]))


def _before(journal: Journal) -> list[tuple[int, str]]:
    """Return the backends of before, the oldest first, each with the count of its last sale."""
    return [(int(last), str(name)) for last, name in json.loads(journal.recall(_BEFORE) or "[]")]


def _name(address: str, kind: str, shop: str) -> str:
    """Return what people and the journal know a backend by: kind and address, our contract's without kind."""
    if kind == "contract":
        return _origin(address)
    where = f"{kind} at {_origin(address)}" if address else kind
    return f"{where} ({shop})" if shop else where


def _origin(address: str) -> str:
    """Return scheme, host and port: a path may change with a version of the same backend."""
    parts = urlsplit(address)
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"
