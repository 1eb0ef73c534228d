"""The page on which a customer types their particulars on their own phone, as far as the till follows it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from cashier_app.domain.enrolment import ConsentText
from cashier_app.domain.invitation import (
    Invitation,
    InvitationAnswer,
    InvitationOver,
    InvitationUsed,
    InviteAnswer,
)
from cashier_app.domain.outcome import MemberFound
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services.enrol_view import Join

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

LOOKED_AT_EVERY_SECONDS = 2.0


class OwnPage:
    """One page after the other. All methods belong to one thread.

    Args:
        came: Told where the page is, who joined on it, or None once there is none.
    """

    def __init__(
        self,
        workshop: OpenWorkshop,
        runner: Runner,
        clock: Clock,
        came: Callable[[Join | MemberFound | None], None],
    ) -> None:
        self._workshop, self._runner, self._clock, self._came = workshop, runner, clock, came
        self._page: Invitation | None = None
        self._asked = 0  # what is said of an earlier page is thrown away
        self._looking = False
        self._looked_at = float("-inf")

    def open(self, consent: ConsentText) -> None:
        """Have a page made that asks for this consent."""
        asked = self._asked

        def made(answer: InviteAnswer) -> None:
            if asked != self._asked:
                return
            if isinstance(answer, Invitation):
                self._page, self._looked_at = answer, self._clock.monotonic()
                self._came(Join(answer.url, live=True, until=answer.until))
            else:
                self._came(None)

        def failed(error: BaseException) -> None:
            goes_on(error)
            if asked == self._asked:
                self._came(None)

        self._runner.run(lambda: self._workshop().enrolments.invite(consent), made, failed)

    def look(self) -> None:
        """Ask what came of the page, every other second at most."""
        now, page = self._clock.monotonic(), self._page
        if page is None or self._looking or now - self._looked_at < LOOKED_AT_EVERY_SECONDS:
            return
        asked, self._looking, self._looked_at = self._asked, True, now

        def answered(answer: InvitationAnswer) -> None:
            if asked != self._asked:
                return
            self._looking = False
            if isinstance(answer, InvitationUsed):
                self._came(answer.found)
            elif isinstance(answer, InvitationOver):
                self._page = None
                self._came(None)

        def failed(error: BaseException) -> None:
            goes_on(error)
            if asked == self._asked:
                self._looking = False

        self._runner.run(lambda: self._workshop().enrolments.invitation(page.invitation_id), answered, failed)

    def count(self, staff_id: str) -> None:
        """Count the customer who joined on it."""
        page = self._page
        if page is not None:
            self._runner.run(
                lambda: self._workshop().enrolments.count_invited(page.invitation_id, staff_id),
                lambda _: None,
                goes_on,
            )

    def forget(self) -> None:
        """Follow it no longer."""
        self._asked += 1
        self._page, self._looking = None, False


def goes_on(error: BaseException) -> None:
    """Note a failure that an enrolment goes on without."""
    if isinstance(error, KnownError):
        logger.info("an enrolment goes on without an answer: %s", error.sentence)
    else:
        logger.error("a step of an enrolment met a bug", exc_info=error)
