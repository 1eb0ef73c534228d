"""Asks a backend that quotes by itself what may be redeemed, once the bill is fixed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.outcome import Unreachable
from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.pasted_bill import bill_on_show
from cashier_app.services.stage import Stage
from cashier_app.services.till_view import BillOffers, Serving

if TYPE_CHECKING:
    from cashier_app.domain.offers import Offers
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)


class VendorOffers:
    """Gets the offers of the bill on show before anything is done with it. One thread only.

    Args:
        stage: Shows that the till waits, and the offer when it comes.
        workshop: Asks the backend.
        runner: Carries the question to a worker.
        unreachable: Goes on without points when nobody answers.
    """

    def __init__(
        self, stage: Stage, workshop: OpenWorkshop, runner: Runner, unreachable: Callable[[], None]
    ) -> None:
        self._stage = stage
        self._workshop = workshop
        self._runner = runner
        self._unreachable = unreachable
        self._asking: object = None

    def first(self, then: Callable[[], None]) -> None:
        """Do something with the bill on show, after its offers are known where the backend makes them."""
        view = self._stage.view
        person = view.person
        if not (view.lacks_offers and isinstance(person, Serving)) or steps.empty_bill(view):
            then()
            return
        asking = self._asking = object()
        member_id, bill, whole = person.member.member_id, view.bill.money, bill_on_show(view)
        self._stage.show(replace(view, busy=True, trouble="", clears_after=None))
        self._runner.run(
            lambda: self._workshop().lookup.options(member_id, whole),
            lambda offers: self._came(asking, bill, offers, then),
            lambda error: self._failed(asking, error),
        )

    def cancel(self) -> None:
        """Go back to the bill; an answer that still comes is not used."""
        if self._asking is not None:
            self._asking = None
            self._stage.show(steps.requoted(replace(self._stage.view, busy=False)))

    def _came(
        self, asking: object, bill: Money, offers: Offers | Unreachable, then: Callable[[], None]
    ) -> None:
        if asking is not self._asking:
            return
        self._asking = None
        view = replace(self._stage.view, busy=False)
        if isinstance(offers, Unreachable):
            self._stage.show(view)
            self._unreachable()
            return
        self._stage.show(steps.requoted(replace(view, offers=BillOffers(bill, offers))))
        then()

    def _failed(self, asking: object, error: BaseException) -> None:
        if asking is not self._asking:
            return
        self._asking = None
        self._stage.show(replace(self._stage.view, busy=False))
        if not isinstance(error, KnownError):
            logger.error("asking for offers met a bug", exc_info=error)
        self._unreachable()
