"""Paths of requests, built from parts that may hold anything."""

from __future__ import annotations

from urllib.parse import quote


def path_of(*parts: str) -> str:
    """Return a path of these parts, each made one segment of it whatever it holds.

    Raises:
        ValueError: A part is empty, or one that climbs: adapters check ids before they use them.
    """
    if any(part in {"", ".", ".."} for part in parts):
        raise ValueError("an empty part, or one that climbs, cannot stand in a path")
    return "".join(f"/{quote(part, safe='')}" for part in parts)
