"""Two records of one person: the request that they be joined, for the backend or for the manager."""

from __future__ import annotations

from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.member import Member
from cashier_app.domain.money import zero
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal
from cashier_app.services.ticket import new_sale_id
from cashier_app.services.till_settings import TillSettings

NOTE = "same person"


class SamePerson:
    """Queues requests to join two records. Blocking: for worker threads.

    Where the backend takes none, the sender hands the request to the manager: it needs attention.
    """

    def __init__(self, journal: Journal, clock: Clock, settings: TillSettings) -> None:
        self._journal, self._clock, self._settings = journal, clock, settings

    def ask_to_join(self, into: Member, other: Member, staff_id: str = "") -> str:
        """Queue the request, `other` to go into the first; return its id.

        Raises:
            KnownError: It cannot be written.
            ValueError: It is one record twice.
        """
        if into.member_id == other.member_id:
            raise ValueError("one record is one person")
        act_id, now = new_sale_id(), self._clock.now()
        nothing = zero(self._settings.currency)
        merge = Effect(
            key=effect_key(act_id, EffectKind.MERGE),
            kind=EffectKind.MERGE,
            sale_id=act_id,
            member_id=into.member_id,
            other_member_id=other.member_id,
            points=NO_POINTS,
            bill=nothing,
            discount=nothing,
            paid=nothing,
            at=now,
            program_version="",
            staff_id=staff_id,
            utc_offset=utc_offset_of(now, self._settings.zone),
        )
        self._journal.queue_act(act_id, (merge,), NOTE)
        return act_id
