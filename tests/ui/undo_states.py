"""The questions of undoing in each state worth a picture."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.sale import ReturnReason
from cashier_app.services.last_act import ActDone, LastAct
from cashier_app.services.undo_view import UndoStep, UndoView
from cashier_app.services.undoable import Movable, Undoable
from tests.fakes.counter import PRIYAS_CODE, RAHULS_PHONE, Counter
from tests.fakes.told_points import told_points
from tests.ui import return_states
from tests.ui.fake_till import StoppedClock
from ui.main_window import MainWindow
from ui.undoing import UndoEntry

STATES = ("undo", "undo-whom", "undo-move", "undo-joined", "undo-untold", "undo-moving-untold")


class FakeUndos:
    """Shows one view, whatever is asked."""

    def __init__(self, view: UndoView) -> None:
        self.view = view

    def subscribe(self, listener: object) -> None:
        listener(self.view)  # type: ignore[operator]

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *_, **__: None


def open_in(window: MainWindow, name: str) -> None:
    """Open the question over the finished sale."""
    window.ways.undo = UndoEntry(window, FakeUndos(view_of(name)), StoppedClock())  # type: ignore[arg-type]
    window.ways.undo_last()


def view_of(name: str) -> UndoView:
    """Return the view of a state."""
    found, move = _asked()
    match name:
        case "undo-whom":
            return UndoView(step=UndoStep.WHOM, found=found, moving=True)
        case "undo-move":
            return UndoView(step=UndoStep.MOVE, found=found, move=move, moving=True)
        case "undo-untold":
            return UndoView(step=UndoStep.SALE, found=_untold(found, ReturnReason.VOID))
        case "undo-moving-untold":
            return UndoView(step=UndoStep.WHOM, found=_untold(found, ReturnReason.MOVED), moving=True)
        case "undo-joined":
            joined = LastAct(ActDone.ENROLLED, StoppedClock().now(), "Kavya")
            return UndoView(step=UndoStep.CANNOT, cannot=joined)
        case _:
            return UndoView(step=UndoStep.SALE, found=found, balance=Decimal(1061))


def _untold(found: Undoable, reason: ReturnReason) -> Undoable:
    """Return a sale whose void was asked for, by a till that stopped before it said so."""
    effect = return_states.untold(shown=False, reason=reason).untold
    return replace(found, found=replace(found.found, untold=effect, asks_first=True))


@cache
def _asked() -> tuple[Undoable, Movable]:
    """Return a real sale of a real till, and what giving it to another member does."""
    with TemporaryDirectory() as folder:
        counter = Counter(Path(folder)).open_for_business()

        counter.backend.plan_refund = told_points  # type: ignore[method-assign]
        counter.session.scan(PRIYAS_CODE)
        counter.type("2360")
        counter.press_enter(3)
        counter.drain()
        undoing = counter.workshop.undoing
        found = undoing.look_at(counter.journal.recent(1)[0].sale.sale_id)
        assert isinstance(found, Undoable)
        move = undoing.look_for_member(found, PhoneNumber(f"+91{RAHULS_PHONE}"))
        assert isinstance(move, Movable)
        counter.close()
        return found, move
