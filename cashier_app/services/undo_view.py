"""What the dialog of undoing shows: one frozen snapshot per moment, rendered by the window."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.sale import Sale
from cashier_app.services.last_act import LastAct
from cashier_app.services.undoable import Movable, NothingSold, NotMovable, NotUndoable, Undoable


class UndoStep(StrEnum):
    """What is asked or said."""

    CLOSED = "closed"
    LOOKING = "looking"
    SALE = "sale"
    WHOM = "whom"
    MOVE = "move"
    CANNOT = "cannot"


class Undone(Struct, frozen=True):
    """What was done last.

    Args:
        sequence: Grows with each, so that the window says each once.
        sale: What was undone.
        moved: The sale it became for another member, or None.
    """

    sequence: int
    sale: Sale
    moved: Sale | None = None


class UndoView(Struct, frozen=True):
    """Everything the dialog needs, and nothing it must work out.

    Args:
        found: The sale and what undoing it does.
        cannot: Why nothing can be undone.
        moving: The sale is to go to another member; with `move` once that is known.
        entry: What stands typed to find that member.
        problem: Why the sale cannot go to whoever was scanned or typed.
        not_a_code: What was scanned or typed is nobody's.
        balance: What the member has now; None while or where that is not known.
        busy: Something is looked up or written: Enter waits.
        changed: The loyalty system booked something else meanwhile: the figures are others than those shown.
        stray: A scan was not used.
        trouble: One sentence about what failed here and now.
        done: What was done last; stays when the dialog closes.
    """

    step: UndoStep = UndoStep.CLOSED
    found: Undoable | None = None
    cannot: NotUndoable | NothingSold | LastAct | None = None
    moving: bool = False
    move: Movable | None = None
    entry: str = ""
    problem: NotMovable | None = None
    not_a_code: bool = False
    balance: Decimal | None = None
    busy: bool = False
    changed: bool = False
    stray: bool = False
    trouble: str = ""
    done: Undone | None = None

    @property
    def can_confirm(self) -> bool:
        """Say whether Enter does something now."""
        if self.busy:
            return False
        return self.step in {UndoStep.SALE, UndoStep.MOVE} or (
            self.step is UndoStep.WHOM and bool(self.entry)
        )

    @property
    def can_move(self) -> bool:
        """Say whether this sale may be given to another member: without one it is claimed instead."""
        return self.found is not None and self.found.sale.way is not None and not self.busy
