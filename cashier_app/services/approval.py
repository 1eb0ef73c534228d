"""A manager's word at the till: for now a name or staff number, typed and kept in the audit log.

This is the one place that decides whether somebody may confirm. A PIN will be asked for and checked here.
"""

from __future__ import annotations

from msgspec import Struct

from cashier_app.domain.settlement import LONGEST_NAME, one_line

SHORTEST_NAME = 2


class Approval(Struct, frozen=True):
    """A manager confirmed; `by` is what stands in the audit log."""

    by: str


def approval_by(typed: str) -> Approval | None:
    """Return the approval of whoever typed this, or None where it names nobody."""
    name = one_line(typed)
    signs = sum(character.isalnum() for character in name)
    return Approval(name) if signs >= SHORTEST_NAME and len(name) <= LONGEST_NAME else None
