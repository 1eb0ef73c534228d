"""Reads the seller's program, and once for each version what its rewards take off."""

from __future__ import annotations

import threading

from msgspec import Struct

from cashier_app.backends.replies import Answered, Reply, Strange, reason_of
from cashier_app.backends.square.client import SquareClient, error_of, read
from cashier_app.backends.square.kind import SquareSettings
from cashier_app.backends.square.messages import (
    ObjectRead,
    ProgramAnswer,
    ProgramRead,
    ReferenceAnswer,
    TierAnswer,
)
from cashier_app.backends.square.values import program_of
from cashier_app.domain.money import Currency
from cashier_app.domain.program import Program
from cashier_app.errors import KnownError

_MOST_KEPT = 200


class InForce(Struct, frozen=True):
    """The program as Square says it, and as the till understands it."""

    answer: ProgramAnswer
    program: Program

    @property
    def hidden(self) -> tuple[TierAnswer, ...]:
        """Return the rewards a till cannot give; see `reward_of`."""
        shown = {reward.reward_id for reward in self.program.rewards}
        return tuple(tier for tier in self.answer.reward_tiers or () if tier.id not in shown)


class SquarePrograms:
    """The program in force, read again at each wish. Safe from any thread."""

    def __init__(self, client: SquareClient, settings: SquareSettings, currency: Currency) -> None:
        self._client = client
        self._settings = settings
        self._currency = currency
        self._pricing: dict[ReferenceAnswer, ObjectRead] = {}
        self._last: InForce | None = None
        self._lock = threading.Lock()

    def known(self) -> InForce:
        """Return the program as read last, or now.

        Raises:
            KnownError: See `read`.
        """
        return self._last or self.read()

    def read(self) -> InForce:
        """Return the program in force.

        Raises:
            KnownError: It cannot be had, is not active here, or counts in another currency.
        """
        reply = self._client.get("loyalty", "programs", "main")
        answer = read(reply, ProgramRead)
        if answer is None or answer.program is None:
            raise _unreadable(reply)
        program = answer.program
        if program.status != "ACTIVE":
            raise KnownError("The loyalty program is not active at Square.")
        if program.location_ids is not None and self._settings.location not in program.location_ids:
            raise KnownError("The loyalty program does not run at this location of the Square account.")
        pricing = {tier.id: found for tier in program.reward_tiers or () if (found := self._price(tier))}
        made = program_of(program, pricing, self._currency, negative=self._settings.negative_balance)
        self._last = InForce(program, made)
        return self._last

    def _price(self, tier: TierAnswer) -> ObjectRead | None:
        """Return what a reward takes off; None where its pricing rule is gone."""
        reference = tier.pricing_rule_reference
        kept = self._pricing.get(reference)
        if kept is not None:
            return kept
        query = {"include_related_objects": "true"}
        if reference.catalog_version is not None:
            query["catalog_version"] = str(reference.catalog_version)
        reply = self._client.get("catalog", "object", reference.object_id, query=query)
        if isinstance(reply, Answered) and reply.status == 404 and error_of(reply) is not None:
            return None
        found = read(reply, ObjectRead)
        if found is None or found.object is None:
            raise _unreadable(reply)
        if found.object.id != reference.object_id:
            raise KnownError("Square answered about another reward. The loyalty program could not be read.")
        with self._lock:
            if len(self._pricing) >= _MOST_KEPT:
                self._pricing.clear()
            self._pricing[reference] = found
        return found


def _unreadable(reply: Reply) -> KnownError:
    error = error_of(reply)
    if error is not None and error.code == "UNSUPPORTED_LOYALTY_REWARD_TIER":
        return KnownError("A reward of the program cannot be told in this version of Square's interface.")
    if isinstance(reply, Answered | Strange) and reply.status in {401, 403}:
        return KnownError("Square refuses this till's token, or the shop has no loyalty subscription.")
    return KnownError("The loyalty program could not be read from Square.", detail=reason_of(reply))
