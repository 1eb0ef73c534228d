"""Undoing at the till, from F9 to the sale undone. It asks before, in figures; a key held down does not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from cashier_app.domain.identifier import Origin, Unrecognised, parse_identifier
from cashier_app.domain.sale import ReturnReason, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.services.identified import shown
from cashier_app.services.last_act import LastAct, LastActs
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.undo_view import Undone, UndoStep, UndoView
from cashier_app.services.undoable import Looked, Movable, NothingSold, NotMovable, NotUndoable, Undoable
from cashier_app.services.undoing import Undoing

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

BUG_SENTENCE = "Something went wrong here. Nothing was undone. Press Enter to try again."
MAX_ENTRY = 64


class Shows(Protocol):
    """What of the till session this needs."""

    def undone(self, sale_id: str) -> None:
        """Clear the screen where it still shows this sale, and read the figures again."""


class UndoSession:
    """One question after the other. All methods belong to one thread.

    Args:
        workshop: What may wait for disk or network, asked on workers only.
        settings: What codes and phone numbers look like here.
        session: The till behind.
        acts: What else was finished lately.
        staff_id: Returns who is at the till, empty for nobody; asked when something is undone.
    """

    def __init__(
        self,
        workshop: OpenWorkshop,
        runner: Runner,
        settings: TillSettings,
        session: Shows,
        acts: LastActs,
        staff_id: Callable[[], str] = str,
    ) -> None:
        self._workshop = workshop
        self._runner = runner
        self._rules = settings.rules
        self._session = session
        self._acts = acts
        self._staff_id = staff_id
        self._view = UndoView()
        self._listeners: list[Callable[[UndoView], None]] = []
        self._asked = 0
        self._at_once = False

    @property
    def view(self) -> UndoView:
        """Return the snapshot on show."""
        return self._view

    def subscribe(self, listener: Callable[[UndoView], None]) -> None:
        """Call the listener with every new snapshot, and with this one now."""
        self._listeners.append(listener)
        listener(self._view)

    def begin_last(self) -> None:
        """Ask about the last finished act of this till."""
        self._begin(lambda: self._undoing().look_at_last(), last=True)

    def begin(self, sale: Sale, *, moving: bool = False) -> None:
        """Ask about this sale; with `moving` for whom it was."""
        self._begin(lambda: self._undoing().look_at(sale.sale_id), moving=moving)

    def at_once(self) -> None:
        """Undo what is asked about without the question: now, or as soon as it is known what that is."""
        view = self._view
        if view.step is UndoStep.LOOKING:
            self._at_once = True
        elif view.step is UndoStep.SALE:
            self.confirm()

    def another_member(self) -> None:
        """Ask for whom the sale was, instead of undoing it."""
        if self._view.step is UndoStep.SALE and self._view.can_move:
            self._show(replace(self._view, step=UndoStep.WHOM, moving=True, trouble="", stray=False))

    def scan(self, text: str) -> bool:
        """Take what a device read; False where the till may have it."""
        match self._view.step:
            case UndoStep.CLOSED:
                return False
            case UndoStep.WHOM | UndoStep.MOVE if not self._view.busy:
                self._look_for(text, Origin.SCANNED)
            case _:
                self._show(replace(self._view, stray=True))
        return True

    def type(self, character: str) -> None:
        """Take one typed character of a phone or member number."""
        view = self._view
        typable = character.isascii() and character.isprintable() and len(character) == 1
        if view.step is UndoStep.WHOM and not view.busy and typable and len(view.entry) < MAX_ENTRY:
            self._show(_asking_again(view, view.entry + character))

    def delete(self) -> None:
        """Take the last typed character back."""
        view = self._view
        if view.step is UndoStep.WHOM and not view.busy:
            self._show(_asking_again(view, view.entry[:-1]))

    def confirm(self) -> None:
        """Do what Enter does: once, however often it is pressed."""
        view = self._view
        if not view.can_confirm:
            return
        staff_id, balance = self._staff_id(), view.balance
        match view.step:
            case UndoStep.WHOM:
                self._look_for(view.entry, Origin.TYPED)
            case UndoStep.SALE if view.found is not None:
                found = view.found
                self._do(lambda: self._undoing().void(found, staff_id, balance))
            case UndoStep.MOVE if view.move is not None:
                move = view.move
                self._do(lambda: self._undoing().move(move, staff_id, balance))

    def back(self) -> None:
        """Do what Esc does: keep the sale. What is being written cannot be called back."""
        view = self._view
        if view.busy and view.step in {UndoStep.SALE, UndoStep.MOVE}:
            return
        if view.step is UndoStep.MOVE:
            self._show(_asking_again(replace(view, step=UndoStep.WHOM, move=None), ""))
        else:
            self._close()

    # --- what workers do ----------------------------------------------------------------------------

    def _begin(self, look: Callable[[], Looked], *, moving: bool = False, last: bool = False) -> None:
        if self._view.busy and self._view.step in {UndoStep.SALE, UndoStep.MOVE}:
            return  # it is still being written down, and is seen to its end
        self._asked += 1
        asked, self._at_once = self._asked, False
        self._show(UndoView(step=UndoStep.LOOKING, moving=moving, busy=True, done=self._view.done))
        self._runner.run(
            look, lambda what: self._looked(asked, what, last=last), lambda error: self._failed(asked, error)
        )

    def _looked(self, asked: int, what: Looked, *, last: bool) -> None:
        if asked != self._asked:
            return
        act = self._newer_act(what) if last else None
        at_once, self._at_once = self._at_once, False
        if act is not None:
            self._cannot(act)
            return
        if not isinstance(what, Undoable):
            self._cannot(what)
            return
        step, untold = UndoStep.SALE, what.found.untold
        if self._view.moving or (untold is not None and untold.effect.reason is ReturnReason.MOVED):
            step = UndoStep.WHOM if what.sale.way is not None else UndoStep.SALE
        moving = step is UndoStep.WHOM
        self._show(replace(self._view, step=step, moving=moving, found=what, busy=False))
        if at_once and step is UndoStep.SALE:
            self.confirm()
        else:
            self._ask_balance(asked, what)

    def _newer_act(self, what: Looked) -> LastAct | None:
        """Return what was finished after the newest sale, which is then not the last act."""
        act = self._acts.last
        newest = None if isinstance(what, NothingSold) else what.sale.at
        return act if act is not None and (newest is None or act.at > newest) else None

    def _ask_balance(self, asked: int, found: Undoable) -> None:
        def came(balance: Decimal | None) -> None:
            if asked == self._asked and self._view.found is found:
                self._show(replace(self._view, balance=balance))

        def failed(error: BaseException) -> None:
            # The balance is a courtesy: undoing goes on without it.
            logger.info("a balance could not be read: %s", error.__class__.__name__)

        self._runner.run(lambda: self._undoing().balance(found), came, failed)

    def _look_for(self, text: str, origin: Origin) -> None:
        found = self._view.found
        if found is None:
            return
        if origin is Origin.SCANNED:
            self._show(replace(self._view, entry=""))
        parsed = parse_identifier(text, self._rules, origin)
        if isinstance(parsed, Unrecognised):
            self._show(
                replace(self._view, step=UndoStep.WHOM, move=None, problem=None, not_a_code=True, stray=False)
            )
            return
        self._asked += 1
        asked, seen_as = self._asked, shown(parsed)
        waiting = replace(self._view, step=UndoStep.WHOM, move=None, busy=True, not_a_code=False)
        self._show(replace(waiting, problem=None, stray=False, trouble=""))
        self._runner.run(
            lambda: self._undoing().look_for_member(found, parsed, seen_as),
            lambda what: self._member_came(asked, what),
            lambda error: self._failed(asked, error),
        )

    def _member_came(self, asked: int, what: Movable | NotMovable) -> None:
        if asked != self._asked:
            return
        if isinstance(what, Movable):
            self._show(replace(self._view, step=UndoStep.MOVE, move=what, busy=False, problem=None))
        else:
            self._show(replace(self._view, step=UndoStep.WHOM, problem=what, busy=False))

    def _do(self, act: Callable[[], Sale | Undoable | NotUndoable]) -> None:
        self._asked += 1
        asked = self._asked
        self._show(replace(self._view, busy=True, trouble="", stray=False, changed=False))
        self._runner.run(
            act, lambda answer: self._done(asked, answer), lambda error: self._failed(asked, error)
        )

    def _done(self, asked: int, answer: Sale | Undoable | NotUndoable) -> None:
        if asked != self._asked:
            return
        view = self._view
        if isinstance(answer, NotUndoable):
            self._cannot(answer)
        elif isinstance(answer, Undoable):
            # The figures of a move hang on those of the first member: they are asked for again.
            step = UndoStep.WHOM if view.moving else UndoStep.SALE
            self._show(
                replace(view, step=step, found=answer, move=None, balance=None, busy=False, changed=True)
            )
            self._ask_balance(asked, answer)
        elif view.found is not None:
            moved = answer if answer.sale_id != view.found.sale.sale_id else None
            number = view.done.sequence + 1 if view.done else 1
            self._show(UndoView(done=Undone(number, view.found.sale, moved)))
            # Something was just written through the workshop, so it is open: this waits for nothing.
            self._workshop().sender.wake()
            self._session.undone(view.found.sale.sale_id)
            self._said(view.found.sale.sale_id)

    def _said(self, sale_id: str) -> None:
        """Note that it was said to be done, for a void that was asked for first."""

        def failed(error: BaseException) -> None:
            # The question then says once more what it said, and that it was said.
            logger.warning("that a sale was undone was not noted: %s", error.__class__.__name__)

        self._runner.run(lambda: self._undoing().finished(sale_id), lambda _: None, failed)

    def _cannot(self, why: NotUndoable | NothingSold | LastAct) -> None:
        self._asked += 1
        self._show(UndoView(step=UndoStep.CANNOT, cannot=why, done=self._view.done))

    def _failed(self, asked: int, error: BaseException) -> None:
        if asked != self._asked:
            return
        self._at_once = False
        if isinstance(error, KnownError):
            sentence = error.sentence
        else:
            logger.error("a step of undoing met a bug", exc_info=error)
            sentence = BUG_SENTENCE
        view = self._view
        step = UndoStep.CANNOT if view.step is UndoStep.LOOKING else view.step
        self._show(replace(view, step=step, busy=False, trouble=sentence))

    def _close(self) -> None:
        self._asked += 1
        self._at_once = False
        self._show(UndoView(done=self._view.done))

    def _undoing(self) -> Undoing:
        return self._workshop().undoing

    def _show(self, view: UndoView) -> None:
        if view == self._view:
            return
        self._view = view
        for listener in self._listeners:
            listener(view)


def _asking_again(view: UndoView, entry: str) -> UndoView:
    return replace(view, entry=entry, problem=None, not_a_code=False, stray=False, trouble="")
