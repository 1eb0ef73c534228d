"""A till that takes goods back in a process of its own, killed between answer and money, and the next one.

Both press the keys of the return screen and tell their parent what stands on it.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from enum import StrEnum
from multiprocessing.connection import Connection

from msgspec import Struct

from cashier_app import bootstrap
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.identifier import WalletToken
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import Sale
from cashier_app.security.claim_keys import ClaimKeys
from cashier_app.services.asked_first import AskedFirst
from cashier_app.services.return_session import ReturnSession
from cashier_app.services.return_view import ReturnStep
from cashier_app.services.searched_sales import AlreadyReturned
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.services.untold_returns import UntoldReturns
from tests.fakes.runner import Immediate
from tests.fakes.shop import OCCASION
from tests.faults.till_process import Orders, open_till

RUPEES = 1000
PATIENCE_SECONDS = 20.0
NO_NOTE = "no note"
"""Planted bug: nothing is kept of a return before it is asked for."""


class Moment(StrEnum):
    """Where the first till dies."""

    ASKED = "asked"
    ANSWERED = "answered"
    SHOWN = "shown"
    FINISHED = "finished"
    ANY = "any"


class Seen(Struct, frozen=True):
    """What the second till shows for the receipt, before Enter, after it, and when it is scanned once more.

    Args:
        untold: A return that was asked for is gone on with.
        said: The first till may have said that it is to be given.
        gives: It says: give the money back now.
        returned: All of it came back, it says at last.
    """

    untold: bool
    said: bool
    gives: bool
    returned: bool


def take_back(orders: Orders, moment: Moment, parent: Connection) -> None:
    """Sell something, take it back, and stand still at this moment to be killed, if not before."""
    till = _opened(orders)
    sale = _sold(till, orders)
    parent.send(("sold", sale.sale_id, sale.number))

    def here(*_: object) -> None:
        parent.send(("here",))
        while True:
            signal.pause()

    if orders.bug == NO_NOTE:
        UntoldReturns.note = lambda *_: None  # type: ignore[assignment, method-assign]
    if moment is Moment.ASKED:
        AskedFirst.settle = lambda asks, _: (asks._sending(), here())  # type: ignore[assignment, method-assign]
    if moment is Moment.ANSWERED:
        UntoldReturns.show = here  # type: ignore[assignment, method-assign]
    session = _scanned(till, sale.number)
    session.confirm()
    session.confirm()
    if session.view.step is not ReturnStep.DONE:
        raise AssertionError(session.view.trouble)
    parent.send(("said",))
    if moment in {Moment.FINISHED, Moment.ANY}:
        session.confirm()
    here()


def come_back(orders: Orders, number: str, parent: Connection) -> None:
    """Start after that, scan the same receipt, press Enter until it is done, and scan it once more."""
    till = _opened(orders)
    session = _scanned(till, number)
    first = session.view
    untold = first.found.untold if first.found is not None else None
    _until(lambda: _entered(session) is not ReturnStep.CONFIRM)
    gives = untold is not None and session.view.step is ReturnStep.DONE
    last = _scanned(till, number, session).view
    parent.send(
        Seen(
            untold=untold is not None,
            said=untold is not None and untold.shown,
            gives=gives,
            returned=isinstance(last.problem, AlreadyReturned),
        )
    )
    till.close()


def _opened(orders: Orders) -> bootstrap.Till:
    # Two tills that share a key: this one, and whoever else may hold the receipt.
    ClaimKeys.shared = property(lambda _: True)  # type: ignore[assignment, method-assign]
    till = open_till(orders)
    _until(lambda: isinstance(till.workshop().lookup.find(WalletToken(orders.tokens[0])), MemberFound))
    return till


def _sold(till: bootstrap.Till, orders: Orders) -> Sale:
    workshop = till.workshop()
    found = workshop.lookup.find(WalletToken(orders.tokens[0]))
    assert isinstance(found, MemberFound)
    program = workshop.lookup.program()
    bill = Money(RUPEES * 100, program.currency)
    offer = quote(program, found.member, found.account, bill_of(bill), TakeNothing(), OCCASION)
    sale = workshop.checkout.commit(Ticket(new_sale_id(), found.member, None, Way.WALLET_CODE, bill, offer))
    workshop.sender.wake()
    _until(lambda: not workshop.queue.unsent())
    return sale


def _scanned(till: bootstrap.Till, number: str, session: ReturnSession | None = None) -> ReturnSession:
    session = session or till.new_return(Immediate())
    session.begin()
    session.scan(number)
    return session


def _entered(session: ReturnSession) -> ReturnStep:
    session.confirm()
    return session.view.step


def _until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError("this does not come about")
        time.sleep(0.01)
