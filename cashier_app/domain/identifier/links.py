"""Web addresses in codes: cut down to an id, never opened. What is not exactly ours is foreign."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[/\\]|[/\\]{2}|www\.", re.IGNORECASE)
# No user names, no escapes, no backslashes, no fragments, nothing but one segment and a query.
_REST = re.compile(r"(?P<segment>[A-Za-z0-9_.~:-]*+)/?+(?:\?(?P<query>[A-Za-z0-9_.~:=&+-]*+))?+")


def is_link(text: str) -> bool:
    """Say whether a text is, or pretends to be, a web address."""
    return "://" in text or _ADDRESS.match(text) is not None


def id_in(text: str, prefixes: tuple[str, ...], fields: tuple[str, ...]) -> str:
    """Return the id in a link that begins with one of these addresses; empty where it is not ours.

    The id is the value of the one field named in `fields`, or the last part of the path.
    """
    for prefix in sorted(prefixes, key=len, reverse=True):
        rest = text.removeprefix(prefix)
        if rest == text or not prefix.startswith("https://"):
            continue
        parts = _REST.fullmatch(rest)
        if parts is None or set(parts["segment"]) == {"."}:
            return ""
        return _field(parts["query"] or "", fields) or parts["segment"]
    return ""


def _field(query: str, fields: tuple[str, ...]) -> str:
    pairs = [pair.partition("=") for pair in query.split("&")]
    values = [value for name, _, value in pairs if name in fields]
    return values[0] if len(values) == 1 else ""
