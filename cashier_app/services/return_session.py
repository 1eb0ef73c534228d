"""A return at the till, from the receipt to the money given back. It knows nothing of the sale behind it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.claim_code import is_receipt_code
from cashier_app.domain.refund import RefundPlan
from cashier_app.domain.sale import Sale
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services import return_lines as lines
from cashier_app.services import return_steps as steps
from cashier_app.services.pasted_bill import BillNotRead, looks_like_bill, read_pasted_bill
from cashier_app.services.receipt_search import number_on_receipt
from cashier_app.services.return_view import (
    ReturnRemark,
    ReturnRemarkKind,
    ReturnStep,
    ReturnView,
)
from cashier_app.services.return_work import ReturnWork
from cashier_app.services.returnable import Returnable
from cashier_app.services.searched_sales import ListedSale, NotAReceipt, Searched

if TYPE_CHECKING:
    from cashier_app.services.exchanging import Exchanged, ExchangeTerms
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

BUG_SENTENCE = "Something went wrong here. Nothing was returned. Press Enter to try again."
_EVERYTHING = frozenset("*aA")
_POINTS = frozenset(".,")
_EXCHANGE = frozenset("eE")
_COUNTS = {"+": +1, "-": -1}


class ReturnSession:
    """One return after the other. All methods belong to one thread.

    Args:
        workshop: What may wait for disk or network, asked on workers only.
        queued: Called once a return is queued, for the figures of the till.
        staff_id: Returns who is at the till, empty for nobody; asked when something is taken back.
    """

    def __init__(
        self,
        workshop: OpenWorkshop,
        runner: Runner,
        clock: Clock,
        queued: Callable[[], None] = lambda: None,
        staff_id: Callable[[], str] = str,
    ) -> None:
        self._workshop = workshop
        self._runner = runner
        self._work = ReturnWork(workshop)
        self._clock = clock
        self._queued = queued
        self._staff_id = staff_id
        self._view = ReturnView()
        self._listeners: list[Callable[[ReturnView], None]] = []
        self._asked = 0
        self._remarks = 0

    @property
    def view(self) -> ReturnView:
        """Return the snapshot on show."""
        return self._view

    def subscribe(self, listener: Callable[[ReturnView], None]) -> None:
        """Call the listener with every new snapshot, and with this one now."""
        self._listeners.append(listener)
        listener(self._view)

    def begin(self, sale: Sale | None = None) -> None:
        """Start anew: with this sale, or with the question which it is."""
        if self._saving():
            return  # it is still being written down, and is seen to its end
        self._asked += 1
        self._show(ReturnView())
        if sale is None:
            self._list_today()
        else:
            self._open(sale)

    def scan(self, text: str) -> bool:
        """Take what a device read: a receipt, a member's code, in an exchange a bill.

        False where the return is done and it is no receipt: the till may have it.
        """
        number, view = number_on_receipt(text), self._view
        receipt = number is not None or is_receipt_code(text)
        if view.step is ReturnStep.DONE and not receipt:
            self._seen_to_its_end(view)
            return False
        if view.busy:
            self._remark(ReturnRemarkKind.SCAN_NOT_USED)
        elif view.step is ReturnStep.EXCHANGE and looks_like_bill(text):
            self._paste_bill(text)
        elif view.touched:
            kind = ReturnRemarkKind.RECEIPT_OFFERED if number else ReturnRemarkKind.SCAN_NOT_USED
            self._remark(kind, number.text if number else "")
        else:
            self._search(lambda: self._work.scanned(text), self._scanned)
        return True

    def read_picture(self, decode: Callable[[], Sequence[str]]) -> None:
        """Take the receipt in a picture; `decode` runs elsewhere and may raise `KnownError`."""
        asked = self._asked

        def decoded(texts: Sequence[str]) -> None:
            if asked == self._asked:
                self.scan(texts[0] if len(texts) == 1 else "")

        self._runner.run(decode, decoded, lambda error: self._failed(asked, error))

    def accept_receipt(self) -> None:
        """Load the receipt that was scanned while another one was being worked on."""
        remark = self._view.remark
        if remark is not None and remark.kind is ReturnRemarkKind.RECEIPT_OFFERED and not self._view.busy:
            self._find(remark.text)

    def type(self, character: str) -> None:
        """Take one typed character."""
        view = self._view
        if view.busy:
            return
        if view.step is ReturnStep.FIND:
            self._show(steps.with_character(view, character))
        elif view.step is ReturnStep.EXCHANGE:
            if character in _POINTS or character.isdigit():
                self._show(steps.with_bill_digit(view, "." if character in _POINTS else character))
        elif view.step is ReturnStep.AMOUNT:
            self._type_amount(view, character)

    def delete(self) -> None:
        """Take the last typed character back."""
        if not self._view.busy:
            self._show(steps.without_last(self._view))

    def amount_instead(self) -> None:
        """Let an amount be typed."""
        if not self._view.busy and not self._refuses_parts():
            self._show(steps.an_amount_instead(self._view))

    def everything(self) -> None:
        """Take back all that is left."""
        if not self._view.busy:
            self._show(steps.everything(self._view))

    def switch_line(self, place: int) -> None:
        """Pick a line, or leave it, counted from 0."""
        if not self._view.busy and not self._refuses_parts():
            self._show(lines.switched(self._view, place))

    def count_line(self, place: int, direction: int = +1) -> None:
        """Take one more (+1) or one less (-1) of a line back."""
        if not self._view.busy and not self._refuses_parts():
            self._show(lines.counted(self._view, place, direction))

    def exchange(self) -> None:
        """Sell something else in place of what comes back, in the same act."""
        view = self._view
        found = view.found
        if view.busy or found is None or not steps.can_exchange(view):
            return
        self._asked += 1
        asked = self._asked
        self._show(replace(view, busy=True, trouble="", remark=None))

        def came(terms: ExchangeTerms) -> None:
            if asked == self._asked:
                self._show(steps.exchanging(self._view, terms))
                self._ask_balance(asked, found.sale)

        self._runner.run(lambda: self._work.terms(found), came, lambda error: self._failed(asked, error))

    def mark_next(self) -> None:
        """Mark the sale or the line below."""
        self._show(steps.marked(self._view, +1))

    def mark_previous(self) -> None:
        """Mark the sale or the line above."""
        self._show(steps.marked(self._view, -1))

    def pick(self, index: int) -> None:
        """Take a sale of the list, counted from 0."""
        view = self._view
        if view.step is ReturnStep.FIND and not view.busy and 0 <= index < len(view.listed):
            self._show(replace(view, marked=index))
            self._open(view.listed[index].line.sale)

    def confirm(self) -> None:
        """Do what Enter does at this step."""
        view = self._view
        if view.busy:
            return
        match view.step:
            case ReturnStep.FIND if view.entry:
                self._find(view.entry)
            case ReturnStep.FIND if view.takes_marked:
                self.pick(view.marked)
            case ReturnStep.AMOUNT | ReturnStep.EXCHANGE:
                self._show(steps.confirming(view))
            case ReturnStep.CONFIRM:
                self._commit(view)
            case ReturnStep.DONE:
                self._show(replace(view, closed=True))

    def back(self) -> None:
        """Do what Esc does at this step: one step back; at the first one, to the till."""
        view = self._view
        if self._saving():
            return
        offered = view.remark is not None and view.remark.kind is ReturnRemarkKind.RECEIPT_OFFERED
        match view.step:
            case _ if offered:
                self.hush()
            case ReturnStep.CONFIRM if view.found is not None and view.found.untold is not None:
                self._ask_again()
            case ReturnStep.CONFIRM:
                before = ReturnStep.EXCHANGE if view.exchange is not None else ReturnStep.AMOUNT
                self._show(replace(view, step=before, trouble=""))
            case ReturnStep.EXCHANGE if view.busy:
                pass
            case ReturnStep.EXCHANGE:
                self._show(steps.without_exchange(view))
            case ReturnStep.AMOUNT:
                self._ask_again()
            case ReturnStep.FIND if view.entry or view.problem or view.several or view.busy or view.trouble:
                self._ask_again()
            case _:
                self._show(replace(view, closed=True))

    def hush(self) -> None:
        """Take the remark away."""
        self._show(replace(self._view, remark=None))

    def _type_amount(self, view: ReturnView, character: str) -> None:
        if character in _EVERYTHING:
            self.everything()
        elif character in _EXCHANGE:
            self.exchange()
        elif view.by_lines:
            if character == " ":
                self.switch_line(view.marked)
            elif character in _COUNTS:
                self.count_line(view.marked, _COUNTS[character])
        elif (character in _POINTS or character.isdigit()) and not self._refuses_parts():
            typed = steps.with_point(view) if character in _POINTS else steps.with_digit(view, character)
            self._show(typed)

    def _ask_again(self) -> None:
        self._asked += 1
        self._show(steps.finding(self._view, self._view.listed))
        self._list_today()

    def _saving(self) -> bool:
        return self._view.busy and self._view.step is ReturnStep.CONFIRM

    def _refuses_parts(self) -> bool:
        """Say so where the backend takes back whole sales only."""
        found = self._view.found
        if found is None or found.parts:
            return False
        self._remark(ReturnRemarkKind.WHOLE_ONLY)
        return True

    # --- what workers do ----------------------------------------------------------------------------

    def _list_today(self) -> None:
        asked = self._asked
        self._runner.run(
            self._work.today,
            lambda listed: self._listed(asked, listed),
            lambda error: self._failed(asked, error),
        )

    def _listed(self, asked: int, listed: tuple[ListedSale, ...]) -> None:
        if asked == self._asked and not self._view.several:
            marked = min(self._view.marked, max(0, len(listed) - 1))
            self._show(replace(self._view, listed=listed, marked=marked))

    def _find(self, text: str) -> None:
        self._search(lambda: self._work.find(text))

    def _open(self, sale: Sale) -> None:
        self._search(lambda: self._work.open(sale))

    def _paste_bill(self, text: str) -> None:
        new = self._view.exchange
        if new is None:
            return
        program = new.terms.program
        read = read_pasted_bill(text, program.currency, program.point_scale)
        if isinstance(read, BillNotRead):
            self._remark(ReturnRemarkKind.BILL_NOT_READ, read.path)
        else:
            self._show(steps.with_pasted_bill(replace(self._view, remark=None), read))

    def _search(
        self,
        search: Callable[[], Searched],
        then: Callable[[int, Searched], None] | None = None,
    ) -> None:
        self._asked += 1
        asked = self._asked
        self._show(replace(self._view, busy=True, problem=None, trouble="", remark=None))
        self._runner.run(
            search,
            lambda what: (then or self._searched)(asked, what),
            lambda error: self._failed(asked, error),
        )

    def _scanned(self, asked: int, what: Searched) -> None:
        """Take what a scan led to; what means nothing here takes no sale from the screen."""
        if isinstance(what, NotAReceipt) and self._view.found is not None and asked == self._asked:
            self._show(replace(self._view, busy=False))
            self._remark(ReturnRemarkKind.SCAN_NOT_USED)
        else:
            self._searched(asked, what)

    def _searched(self, asked: int, what: Searched) -> None:
        if asked != self._asked:
            return
        self._show(steps.found(self._view, what))
        if isinstance(what, Returnable) and what.untold is None:
            self._ask_balance(asked, what.sale)

    def _ask_balance(self, asked: int, sale: Sale) -> None:
        def came(balance: Decimal | None) -> None:
            if asked == self._asked and not self._view.busy:
                self._show(steps.with_balance(self._view, balance))

        def failed(error: BaseException) -> None:
            # The balance is a courtesy: the return goes on without it.
            logger.info("a balance could not be read: %s", error.__class__.__name__)

        self._runner.run(lambda: self._work.balance(sale), came, failed)

    def _commit(self, view: ReturnView) -> None:
        shown, back, balance, new = view.found, view.back, view.balance, view.exchange
        if shown is None:
            return
        self._asked += 1
        asked, staff_id, work = self._asked, self._staff_id(), self._work
        self._show(replace(view, busy=True, trouble="", remark=None))

        def commit() -> RefundPlan | Exchanged | Returnable:
            if new is None:
                return work.take_back(shown, back, staff_id, balance)
            return work.exchange(shown, back, balance, new.terms, new.pasted or new.bill.money, staff_id)

        self._runner.run(commit, self._taken, lambda error: self._failed(asked, error))

    def _taken(self, answer: RefundPlan | Exchanged | Returnable) -> None:
        view = self._view
        if isinstance(answer, Returnable):
            untold = view.found is not None and view.found.untold is not None
            self._show(steps.found(view, answer) if untold else steps.seen_again(view, answer))
            return
        plan, sold = (answer, None) if isinstance(answer, RefundPlan) else (answer.plan, answer.sold)
        done = replace(view, step=ReturnStep.DONE, busy=False, done=plan, sold=sold, remark=None)
        self._show(replace(done, done_at=self._clock.now()))
        # Something was just written through the workshop, so it is open: this waits for nothing.
        self._workshop().sender.wake()
        self._queued()

    def _seen_to_its_end(self, view: ReturnView) -> None:
        """Note that a return that was asked for first needs nobody any more: the money is given."""
        found = view.found
        if view.step is not ReturnStep.DONE or view.closed or found is None or not found.asks_first:
            return

        self._work.ended(found.sale.sale_id)
        self._runner.run(self._work.finish, lambda _: None, _not_noted)

    def _failed(self, asked: int, error: BaseException) -> None:
        if asked != self._asked:
            return
        if isinstance(error, KnownError):
            sentence = error.sentence
        else:
            logger.error("a step of a return met a bug", exc_info=error)
            sentence = BUG_SENTENCE
        self._show(replace(self._view, busy=False, trouble=sentence))

    def _remark(self, kind: ReturnRemarkKind, text: str = "") -> None:
        self._remarks += 1
        self._show(replace(self._view, remark=ReturnRemark(self._remarks, kind, text)))

    def _show(self, view: ReturnView) -> None:
        if view == self._view:
            return
        before, self._view = self._view, view
        if view.step is not ReturnStep.DONE or view.closed:
            self._seen_to_its_end(before)
        for listener in self._listeners:
            listener(view)


def _not_noted(error: BaseException) -> None:
    # The receipt then says once more what it said, and that it was said.
    logger.warning("that a return was finished was not noted: %s", error.__class__.__name__)
