"""What an enrolment has done on workers, and who goes on with the customer then."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.identifier import Identifier, PhoneNumber
from cashier_app.domain.outcome import MemberFound, Remembered, Unreachable
from cashier_app.domain.sale import Sale
from cashier_app.errors import KnownError
from cashier_app.services.enrol_view import Known
from cashier_app.services.enrolments import Enrolment, Joined, Waits

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

BUG_SENTENCE = "Something went wrong here. Nobody was enrolled. Press Enter to try again."


class Serves(Protocol):
    """Who goes on with the customer: the till."""

    def serve(
        self, identifier: Identifier | None, found: MemberFound | Remembered | None, *, joined: bool
    ) -> None:
        """Serve this member, or somebody by this identifier whom nobody can look up now.

        With `joined` they became a member here just now, or will once the backend answers.
        """

    def look_up(self, identifier: Identifier) -> None:
        """Look this up as if it had been typed."""

    def joined_after(self, found: MemberFound | Remembered | None, *, joined: bool = True) -> None:
        """Go on with the next customer: they paid already and have their sale; `joined` as for `serve`."""


class EnrolWork:
    """Blocking: for worker threads. All of it raises `KnownError` where the workshop cannot be opened.

    Args:
        workshop: What may wait for disk or network.
    """

    def __init__(self, workshop: OpenWorkshop) -> None:
        self._workshop = workshop

    def whose(self, identifier: Identifier) -> Known | Unreachable | None:
        """Return whose this is; see `Enrolments.whose`."""
        return self._workshop().enrolments.whose(identifier)

    def enrol(self, new: NewMember, sale: Sale | None, *, looked_up: bool) -> Enrolment:
        """Enrol somebody, and give them the sale they just made, where there is one."""
        came = self._workshop().enrolments.enrol(new, looked_up=looked_up)
        if sale is not None and isinstance(came, Joined | Waits):
            found = came.found if isinstance(came, Joined) else None
            staff_id = new.consent.staff_id if new.consent is not None else ""
            try:
                self._workshop().claims.claim_last_for(sale, PhoneNumber(new.phone), found, staff_id)
            except KnownError as error:
                # They are a member all the same, and the sale can be claimed by its code.
                logger.warning("a sale was not claimed: %s", error.sentence)
        return came

    def credit(
        self,
        sale: Sale,
        identifier: Identifier | None,
        known: MemberFound | Remembered,
        staff_id: str,
    ) -> bool:
        """Give a sale just finished to whoever was found; say whether it is theirs."""
        from cashier_app.services.claims import Claimed  # loaded with the first receipt

        claims = self._workshop().claims
        return isinstance(claims.claim_last_for(sale, identifier, known, staff_id), Claimed)


def sentence_of(error: BaseException) -> str:
    """Return what to say of an error: its own sentence, or that there is a bug, which is logged."""
    if isinstance(error, KnownError):
        return error.sentence
    logger.error("an enrolment met a bug", exc_info=error)
    return BUG_SENTENCE
