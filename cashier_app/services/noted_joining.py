"""Whoever joined is served, and that is noted as the last act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cashier_app.services.last_act import ActDone, LastAct, LastActs

if TYPE_CHECKING:
    from cashier_app.domain.identifier import Identifier
    from cashier_app.domain.outcome import MemberFound, Remembered
    from cashier_app.ports.clock import Clock
    from cashier_app.services.enrol_work import Serves


class NotesJoining:
    """Stands between an enrolment and the till.

    Args:
        till: Serves whom this is told of.
        acts: Where it is noted.
    """

    def __init__(self, till: Serves, acts: LastActs, clock: Clock) -> None:
        self._till, self._acts, self._clock = till, acts, clock

    def serve(
        self, identifier: Identifier | None, found: MemberFound | Remembered | None, *, joined: bool
    ) -> None:
        """Serve somebody; see `enrolling.Serves`."""
        if joined:
            self._note(found)
        self._till.serve(identifier, found, joined=joined)

    def look_up(self, identifier: Identifier) -> None:
        """Look this up as if it had been typed."""
        self._till.look_up(identifier)

    def joined_after(self, found: MemberFound | Remembered | None, *, joined: bool = True) -> None:
        """Go on with the next customer."""
        if joined:
            self._note(found)
        self._till.joined_after(found, joined=joined)

    def _note(self, found: MemberFound | Remembered | None) -> None:
        name = found.member.first_name if found is not None else ""
        self._acts.note(LastAct(ActDone.ENROLLED, self._clock.now(), name))
