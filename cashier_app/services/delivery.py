"""The sender: takes committed effects to the backend, each exactly once, whatever breaks on the way."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace

from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    NotApplied,
    Outcome,
    Reconciled,
)
from cashier_app.domain.sale import Effect, EffectKind, EffectState, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services import moves
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.deadlines import TOO_LATE, Deadlines
from cashier_app.services.doubt import CANNOT_BE_LOOKED_UP, Doubts
from cashier_app.services.janitor import Janitor
from cashier_app.services.member_effects import MemberEffects, asked_again
from cashier_app.services.moves import ASKED_UNTIL, EffectMoves
from cashier_app.services.sale_effects import needs_reference, with_references

logger = logging.getLogger(__name__)

PROBE_SECONDS = 1.0
CLOCK_SET_SECONDS = 60.0
LONGEST_ASKED_SECONDS = 900.0
BATCH = 50
WHOLE_QUEUE = 100_000
SHORTLY_BEFORE = timedelta(minutes=5)
"""So much earlier another effect may have been booked that a search would take for one in doubt."""

_ON_ITS_WAY = frozenset({EffectState.WAITING, EffectState.SENDING, EffectState.UNKNOWN})

Answer = TypeVar("Answer", Outcome, Reconciled)


class Delivery(EffectMoves):
    """Sends effects. Every move is written before the next step is taken.

    Safe from several threads: whoever works holds the desk, and leaves it only while the backend is asked.
    So many requests may be under way, and everything else happens one after the other.
    """

    def __init__(
        self,
        backend: LoyaltyBackend,
        journal: Journal,
        clock: Clock,
        connection: ConnectionWatch,
        chance: random.Random | None = None,
    ) -> None:
        doubts = Doubts(backend, clock)
        super().__init__(journal, clock, connection, doubts, chance or random.Random())  # noqa: S311
        self._backend = backend
        self._desk = threading.Lock()
        self._ending = False
        self._in_flight: set[str] = set()
        self._looked_at = (clock.now(), clock.monotonic())
        self._away = False
        self._janitor = Janitor(backend, journal, clock)
        self._members = MemberEffects(backend)
        self._deadlines = Deadlines(clock)

    def recover(self) -> None:
        """Settle what a process that died left behind: sends in doubt, and holds nobody will pay for."""
        for row in self._journal.interrupted():
            self._move(row, EffectState.UNKNOWN, "the program ended while sending", wait=0.0)
        for row in self._journal.drafts():
            release = replace(
                row.effect,
                key=effect_key(row.effect.sale_id, EffectKind.RELEASE),
                kind=EffectKind.RELEASE,
                at=self._clock.now(),
            )
            self._journal.abandon_draft(row.effect.sale_id, release, "the program ended before payment")
        # The clock may have been set while nobody looked; nothing waits for a time that may be far away.
        self._journal.make_due()
        if until := self._journal.recall(ASKED_UNTIL):
            left = (datetime.fromisoformat(until) - self._clock.now()).total_seconds()
            if left <= LONGEST_ASKED_SECONDS:
                self.pace.asked_to_wait(left)

    def take(self, under_way: Collection[EffectRow] = ()) -> list[EffectRow]:
        """Return what is due now, oldest first, each for one `deliver`: one effect of each account.

        Args:
            under_way: What was taken before and is not delivered yet; its accounts are left out.

        Raises:
            KnownError: The journal cannot be read or written.
        """
        busy = {row.effect.account_key for row in under_way}
        with self._desk:
            self._mind_the_clock()
            self._settle_unwritten({row.effect.key for row in under_way})
            self._mind_the_connection()
            self._mind_the_deadlines({row.effect.key for row in under_way})
            due = self._journal.due(self._clock.now(), BATCH + len(busy))
        return [row for row in due if row.effect.account_key not in busy]

    def at_once(self, most: int) -> int:
        """Return how many effects may be under way now: one alone until the backend did as it was asked."""
        if self._ending or not self._connection.online or self.pace.wait() > 0:
            return 0
        return most if self.pace.proven else 1

    def deliver(self, row: EffectRow) -> None:
        """Send or look up one effect that `take` returned.

        Raises:
            KnownError: What came of it cannot be written; it is looked up later.
        """
        with self._desk:
            # Another hand may have heard just now that the backend wants to be left alone.
            if self.pace.wait() <= 0:
                self._guarded(row)

    def end(self) -> None:
        """Start nothing more; what is under way ends by itself, within the deadline of its request."""
        self._ending = True

    def look_up(self, key: str) -> None:
        """Look one effect up now, at a person's wish; what is not at the backend is sent again.

        Nothing may be under way meanwhile.
        Even then nothing overtakes what came before it: its sale's effects are made due, and sent in order.
        """
        with self._desk:
            self._settle_unwritten()
            settled = self._settle_if_first(key)
            effects = self._journal.effects_of(key[:36])
            for row in effects:
                self._journal.make_due(row.effect.key)
            for _ in effects:
                for row in self._journal.due(self._clock.now(), WHOLE_QUEUE):
                    if row.effect.sale_id == key[:36]:
                        self._guarded(row)
            if not settled:
                self._settle_if_first(key)

    def probe(self) -> None:
        """Ask whether the backend is back; what waits is sent at once when it is after an outage."""
        reachable = self._backend.is_reachable()
        self.pace.probed(PROBE_SECONDS, answered=reachable)
        if reachable:
            # Being reachable says nothing about our credentials.
            self._connection.answered(sign_in_needed=self._connection.sign_in_needed)
        else:
            self._away = True

    def tidy(self) -> None:
        """Let go of points held for sales given up, where the backend lists its holds; once after a start.

        Raises:
            KnownError: The journal cannot be read or written.
        """
        if self._connection.online and self._janitor.has_work:
            self._janitor.tidy()

    def _mind_the_connection(self) -> None:
        """Let everything be tried when an outage is over, whoever noticed it: a probe, or a cashier's scan.

        A single answer that got lost is no outage: what it belonged to waits by itself, and the rest goes on.
        """
        if self._away and self._connection.online:
            self._journal.make_due()
            self.pace.back()
            self._away = False

    def _guarded(self, row: EffectRow) -> None:
        try:
            self._deliver(row)
        except KnownError:
            raise
        except Exception:
            # One effect that meets a bug must not hold up everybody else's.
            logger.exception("%s met a bug and is set aside", row.effect.key)
            self._set_aside(row)

    def _deliver(self, row: EffectRow) -> None:
        hindrance = self._members.hindrance(row)
        if hindrance is not None:
            self._move(row, EffectState.NEEDS_ATTENTION, hindrance)
            return
        if row.state is EffectState.WAITING and not self._doubts.may_repeat(row):
            # An earlier attempt may have arrived, and the key no longer keeps a repeat away.
            self._move(row, EffectState.SENDING, "looked up before it is sent again")
            self._move(row, EffectState.UNKNOWN, "looked up before it is sent again")
            self._reconcile(row)
            return
        if row.state is EffectState.UNKNOWN:
            self._reconcile(row)
            return
        effect = self._with_references(row.effect)
        if effect is None:
            self._move(row, EffectState.SENDING, "nothing was held")
            self._move(row, EffectState.DROPPED, "nothing was held")
            return
        self._send(row, effect)

    def _send(self, row: EffectRow, effect: Effect) -> None:
        # What needs attention a manager may settle at any moment.
        was = row.state if row.state is EffectState.NEEDS_ATTENTION else None
        if not self._move(row, EffectState.SENDING, "", was=was):
            return
        self._in_flight.add(row.effect.key)
        try:
            outcome = self._asked(self._members.apply, effect)
        finally:
            self._doubts.sent(row.effect.key)
        self._record(row, outcome)
        self._in_flight.discard(row.effect.key)

    def _asked(self, ask: Callable[[Effect], Answer], effect: Effect) -> Answer:
        """Ask the backend, with the desk left to others until it has answered."""
        self._desk.release()
        try:
            return ask(effect)
        finally:
            self._desk.acquire()

    def _mind_the_clock(self) -> None:
        """Let everything be tried when somebody has set the clock: waiting times are times of day."""
        before, then = self._looked_at
        now, here = self._clock.now(), self._clock.monotonic()
        if abs((now - before).total_seconds() - (here - then)) > CLOCK_SET_SECONDS:
            self._journal.make_due()
            self._doubts.clock_was_set()
        self._looked_at = (now, here)

    def _mind_the_deadlines(self, under_way: Collection[str]) -> None:
        """Hand to a person what undoes a sale and has waited too long: the points were promised back."""
        for row in self._deadlines.missed(self._journal):
            if row.effect.key not in under_way:
                self._move(row, EffectState.NEEDS_ATTENTION, TOO_LATE)

    def _settle_unwritten(self, under_way: Collection[str] = ()) -> None:
        """Put in doubt what was sent while its outcome could not be written, such as on a full disk."""
        unwritten = self._in_flight.difference(under_way)
        if unwritten:
            for row in self._journal.interrupted():
                if row.effect.key in unwritten:
                    self._move(row, EffectState.UNKNOWN, "what came of it could not be written")
            self._in_flight -= unwritten

    def _reconcile(self, row: EffectRow) -> None:
        if asked_again(row.effect):
            self._ask_again(row)
            return
        if not self._doubts.can_look_up():
            self._settle_unseen(row)
            return
        found = self._asked(self._backend.reconcile, self._to_look_up(row))
        match found:
            case NotApplied() if self._not_believed(row):
                self._heard(row, found)
                wait = max(self._doubts.until_believed(row), moves.FIRST_WAIT_SECONDS / 2)
                self._look_again(row, "not found yet", wait)
            case NotApplied() if row.effect.is_hold:
                # A hold is never asked for twice: its customer is gone.
                self._heard(row, found)
                self._move(row, EffectState.DROPPED, "the hold was never made")
            case NotApplied():
                self._heard(row, found)
                self._send_again(row)
            case Applied() | AlreadyApplied():
                self._record(row, found)
            case _:
                self._postpone(row, found)

    def _ask_again(self, row: EffectRow) -> None:
        """Ask once more for what makes nobody a second time, once a search would find them."""
        wait = self._doubts.until_believed(row)
        if wait > 0:
            self._look_again(row, "asked again soon", wait)
        else:
            self._send_again(row)

    def _not_believed(self, row: EffectRow) -> bool:
        """Say whether what was not found may still turn up, and doing as if it never will would do harm."""
        if self._doubts.until_believed(row) <= 0:
            return False
        return row.effect.is_hold or not self._doubts.may_repeat(row)

    def _settle_unseen(self, row: EffectRow) -> None:
        """Settle what is in doubt at a backend where nothing can be looked up: only its key can help."""
        if row.effect.is_hold:
            self._move(row, EffectState.DROPPED, "the hold ends by itself")
        elif self._doubts.may_repeat(row):
            self._send_again(row)
        else:
            self._move(row, EffectState.NEEDS_ATTENTION, CANNOT_BE_LOOKED_UP)

    def _send_again(self, row: EffectRow) -> None:
        if self._ending:
            return  # it is looked up again at the next start, and nobody waits for a second request
        effect = self._with_references(row.effect)
        if effect is None:
            self._move(row, EffectState.DROPPED, "nothing was held")
        else:
            self._send(row, effect)

    def _settle_if_first(self, key: str) -> bool:
        """Settle an effect that needs attention, unless one before it of its sale is still on its way."""
        for row in self._journal.effects_of(key[:36]):
            if row.effect.key == key:
                if row.state is EffectState.NEEDS_ATTENTION:
                    self._settle_attention(row)
                return True
            if row.state in _ON_ITS_WAY:
                return False
        return True

    def _settle_attention(self, row: EffectRow) -> None:
        effect = self._with_references(row.effect) or row.effect
        if self._members.hindrance(row) is not None:
            return
        if asked_again(effect):
            if self._doubts.until_believed(row) <= 0:
                self._send(row, effect)
            return
        if not self._doubts.can_look_up():
            if self._doubts.may_repeat(row):
                self._send(row, effect)
            return
        found = self._asked(self._backend.reconcile, self._to_look_up(row))
        self._heard(row, found)
        match found:
            case Applied(booked) | AlreadyApplied(booked):
                self._move(row, EffectState.POSTED, "found at the backend", booked=booked, was=row.state)
            case NotApplied() if not self._not_believed(row):
                self._send(row, effect)
            case _:
                pass

    def _to_look_up(self, row: EffectRow) -> Effect:
        """Return the effect with what a backend that keeps no keys of ours may know it by."""
        effect = self._with_references(row.effect) or row.effect
        if row.in_doubt_since is None:
            return effect
        others = self._journal.references_since(row.in_doubt_since - SHORTLY_BEFORE)
        return replace(effect, in_doubt_since=row.in_doubt_since, others=others)

    def _with_references(self, effect: Effect) -> Effect | None:
        """Return the effect with the references it builds on; None for a release of what was never held."""
        rows = self._journal.effects_of(effect.sale_id) if needs_reference(effect) else []
        return with_references(effect, ((row.effect, row.booked) for row in rows))
