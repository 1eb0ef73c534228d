"""Reading what the till cannot decide by itself: the program, the connection, the queue, today's figures."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.identification import Identification
from cashier_app.services.payment import Payment
from cashier_app.services.stage import Stage
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_status import Status
from cashier_app.services.till_view import NoticeKind, Person, Serving, Step, TillView

if TYPE_CHECKING:
    from cashier_app.domain.program import Program
    from cashier_app.ports.capabilities import Capabilities
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

OTHER_CURRENCY = "The loyalty program counts in another currency than this till. Check the till's settings."


class TillReading:
    """Reads on workers and shows what came. All methods belong to one thread.

    Args:
        workshop: What may wait for disk or network.
        identification: Asks for the member's account again.
        payment: Is told how far the finished sale got.
    """

    def __init__(
        self,
        stage: Stage,
        workshop: OpenWorkshop,
        runner: Runner,
        settings: TillSettings,
        identification: Identification,
        payment: Payment,
    ) -> None:
        self._stage, self._workshop, self._runner = stage, workshop, runner
        self._settings = settings
        self._identification, self._payment = identification, payment
        self._reading = False
        self._read_again = False
        self._asked_for: Person | None = None

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self._stage.view

    def start(self) -> None:
        """Fetch the program and the figures; the till can be used meanwhile."""
        self._fetch_program()
        self.update_status()

    def update_status(self) -> None:
        """Read connection, queue and figures again; calls that come meanwhile lead to one more read."""
        if self._reading:
            self._read_again = True
            return
        self._reading = True
        finished = self.view.finished
        sale_id = finished.sale.sale_id if finished else None
        self._runner.run(
            lambda: self._workshop().status.read(sale_id), self._status_came, self._status_failed
        )

    def _fetch_program(self) -> None:
        self._runner.run(self._load_program, self._program_came, self._start_failed)

    def _load_program(self) -> tuple[Program, Capabilities]:
        lookup = self._workshop().lookup
        return lookup.program(), lookup.capabilities

    def _program_came(self, came: tuple[Program, Capabilities]) -> None:
        program, can = came
        if program.currency != self._settings.currency:
            self._start_failed(KnownError(OTHER_CURRENCY))
        elif self.view.step in {Step.BILL, Step.REWARD} and not self.view.busy:
            self._stage.show(steps.requoted(replace(self.view, program=program, can=can, trouble="")))
        else:
            # An offer once accepted keeps the rules it was made by.
            self._stage.show(replace(self.view, program=program, can=can))
        self.update_status()

    def _status_came(self, status: Status) -> None:
        self._reading = False
        was_online = self.view.connection.online
        self._stage.show(replace(self.view, connection=status.connection, today=status.today))
        if status.progress is not None and self._payment.progress(status.progress):
            self._identification.account.refresh()
        if status.connection.online and not was_online:
            self._came_online(status)
        elif status.connection.online:
            self._read_old_account()
        self._read_what_came_meanwhile()

    def _read_old_account(self) -> None:
        """Ask once more for an account that is not fresh although the backend answers again."""
        person = self.view.person
        if isinstance(person, Serving) and not person.fresh and person is not self._asked_for:
            self._asked_for = person
            self._identification.account.refresh()

    def _read_what_came_meanwhile(self) -> None:
        if self._read_again:
            self._read_again = False
            self.update_status()

    def _came_online(self, status: Status) -> None:
        self._stage.remark(NoticeKind.BACK_ONLINE, count=status.connection.counts.waiting)
        if self.view.program is None:
            self._fetch_program()
        self._identification.account.refresh()

    def _start_failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self._stage.show(replace(self.view, trouble=error.sentence))
        self._background_failed(error)

    def _status_failed(self, error: BaseException) -> None:
        self._reading = False
        self._background_failed(error)
        self._read_what_came_meanwhile()

    def _background_failed(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            logger.info("reading the till's state failed: %s", error.sentence)
            return
        logger.error("reading the till's state failed", exc_info=error)
