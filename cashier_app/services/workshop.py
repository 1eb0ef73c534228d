"""The blocking services of one till, opened by the first worker that needs them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from cashier_app.services.checkout import Checkout
from cashier_app.services.claims import Claims
from cashier_app.services.enrolments import Enrolments
from cashier_app.services.exchanging import Exchanging
from cashier_app.services.health_desk import HealthDesk
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.returning import Returning
from cashier_app.services.sales_queue import SalesQueue
from cashier_app.services.same_person import SamePerson
from cashier_app.services.sender import Sender
from cashier_app.services.sign_in import SignIn
from cashier_app.services.till_status import StatusReader
from cashier_app.services.undoing import Undoing


class Workshop(Struct, frozen=True):
    """Everything that may wait for disk or network. For worker threads only, but for `sender.wake`."""

    lookup: MemberLookup
    checkout: Checkout
    status: StatusReader
    queue: SalesQueue
    returns: Returning
    sender: Sender
    health: HealthDesk
    sign_in: SignIn
    undoing: Undoing
    enrolments: Enrolments
    exchanges: Exchanging
    claims: Claims
    same_person: SamePerson


OpenWorkshop = Callable[[], Workshop]
"""Returns the one workshop, opening it at the first call; raises `KnownError` when it cannot be opened."""
