"""The sender: takes committed effects to the backend, each exactly once, whatever breaks on the way."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    NotApplied,
    Outcome,
    Pending,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.sale import Effect, EffectKind, EffectState, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch

logger = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0
SIGN_IN_WAIT_SECONDS = 60.0
PROBE_SECONDS = 3.0
IDLE_SECONDS = 30.0
LOOK_UPS_BEFORE_ATTENTION = 12
CLOCK_SET_SECONDS = 60.0
BATCH = 50


class Delivery:
    """One thread's worth of sending. Every move is written before the next step is taken."""

    def __init__(
        self,
        backend: LoyaltyBackend,
        journal: Journal,
        clock: Clock,
        connection: ConnectionWatch,
        chance: random.Random | None = None,
    ) -> None:
        self._backend = backend
        self._journal = journal
        self._clock = clock
        self._connection = connection
        self._chance = chance or random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._in_flight: set[str] = set()
        self._looked_at = (clock.now(), clock.monotonic())

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

    def deliver_due(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Send or look up what is due now, oldest first; return how many effects moved.

        Raises:
            KnownError: What came of it cannot be written; it is looked up later.
        """
        self._mind_the_clock()
        self._settle_unwritten()
        moved = 0
        for row in self._journal.due(self._clock.now(), BATCH):
            if stopped():
                break
            try:
                self._deliver(row)
            except KnownError:
                raise
            except Exception:
                # One effect that meets a bug must not hold up everybody else's.
                logger.exception("%s met a bug and is set aside", row.effect.key)
                self._set_aside(row)
            moved += 1
            if not self._connection.online or self._connection.sign_in_needed:
                break
        return moved

    def look_up(self, key: str) -> None:
        """Look one effect up now, at a person's wish; what is not at the backend is sent again.

        Even then nothing overtakes what came before it: its sale's effects are made due, and sent in order.
        """
        for row in self._journal.effects_of(key[:36]):
            if row.effect.key == key and row.state is EffectState.NEEDS_ATTENTION:
                self._settle_attention(row)
            else:
                self._journal.make_due(row.effect.key)
        self.deliver_due()

    def probe(self) -> None:
        """Ask whether the backend is back; when it is, let everything that waits be sent at once."""
        if self._backend.is_reachable():
            self._journal.make_due()
            # Being reachable says nothing about our credentials.
            self._connection.answered(sign_in_needed=self._connection.sign_in_needed)

    def _deliver(self, row: EffectRow) -> None:
        if row.state is EffectState.UNKNOWN:
            self._reconcile(row)
            return
        effect = self._with_reservation(row.effect)
        if effect is None:
            self._move(row, EffectState.SENDING, "nothing was held")
            self._move(row, EffectState.DROPPED, "nothing was held")
            return
        self._send(row, effect)

    def _send(self, row: EffectRow, effect: Effect) -> None:
        self._move(row, EffectState.SENDING, "")
        self._in_flight.add(row.effect.key)
        self._record(row, self._backend.apply(effect))
        self._in_flight.discard(row.effect.key)

    def _mind_the_clock(self) -> None:
        """Let everything be tried when somebody has set the clock: waiting times are times of day."""
        before, then = self._looked_at
        now, here = self._clock.now(), self._clock.monotonic()
        if abs((now - before).total_seconds() - (here - then)) > CLOCK_SET_SECONDS:
            self._journal.make_due()
        self._looked_at = (now, here)

    def _settle_unwritten(self) -> None:
        """Put in doubt what was sent while its outcome could not be written, such as on a full disk."""
        if self._in_flight:
            for row in self._journal.interrupted():
                if row.effect.key in self._in_flight:
                    self._move(row, EffectState.UNKNOWN, "what came of it could not be written")
            self._in_flight.clear()

    def _set_aside(self, row: EffectRow) -> None:
        """Let an effect wait that met a bug, and after some tries for a person."""
        now = next(
            one for one in self._journal.effects_of(row.effect.sale_id) if one.sequence == row.sequence
        )
        if row.attempts >= LOOK_UPS_BEFORE_ATTENTION and now.state is not EffectState.WAITING:
            self._move(now, EffectState.NEEDS_ATTENTION, "met a bug")
        elif now.state is EffectState.SENDING:
            self._move(now, EffectState.UNKNOWN, "met a bug", wait=self._wait(row))
        else:
            later = self._clock.now() + timedelta(seconds=self._wait(row))
            self._journal.postpone(
                row.effect.key, answer="met a bug", at=self._clock.now(), next_attempt_at=later
            )

    def _reconcile(self, row: EffectRow) -> None:
        found = self._backend.reconcile(self._with_reservation(row.effect) or row.effect)
        match found:
            case NotApplied() if row.effect.kind is EffectKind.RESERVE:
                # A hold is never asked for twice: its customer is gone.
                self._move(row, EffectState.DROPPED, "the hold was never made")
            case NotApplied():
                effect = self._with_reservation(row.effect)
                if effect is None:
                    self._move(row, EffectState.DROPPED, "nothing was held")
                else:
                    self._send(row, effect)
            case Applied() | AlreadyApplied():
                self._record(row, found)
            case _:
                self._postpone(row, found)

    def _settle_attention(self, row: EffectRow) -> None:
        found = self._backend.reconcile(row.effect)
        self._connection.heard(found)
        match found:
            case Applied(booked) | AlreadyApplied(booked):
                self._move(row, EffectState.POSTED, "found at the backend", booked=booked)
            case NotApplied():
                self._send(row, self._with_reservation(row.effect) or row.effect)
            case _:
                pass

    def _record(self, row: EffectRow, outcome: Outcome | Reconciled) -> None:
        self._connection.heard(outcome)
        match outcome:
            case Applied(booked) | AlreadyApplied(booked):
                self._move(row, EffectState.POSTED, "posted", booked=booked)
            case Pending():
                self._move(row, EffectState.UNKNOWN, "accepted, not decided yet", wait=self._wait(row))
            case Refused(RefusedBecause.RESERVATION_GONE, _) if row.effect.kind is EffectKind.RELEASE:
                self._move(row, EffectState.DROPPED, "the hold had ended")
            case Refused(because, _):
                logger.info("%s refused: %s", row.effect.key, because.value)
                self._move(row, EffectState.NEEDS_ATTENTION, because.value)
            case RetryLater(seconds, reason):
                wait = max(float(seconds), self._wait(row))
                self._move(row, EffectState.WAITING, reason or "try later", wait=wait)
            case SignInNeeded():
                self._move(row, EffectState.WAITING, "sign-in needed", wait=SIGN_IN_WAIT_SECONDS)
            case Unknown(reason):
                self._move(row, EffectState.UNKNOWN, reason or "no answer", wait=self._wait(row))
            case NotApplied():
                raise ValueError("only a look-up says that nothing was applied")

    def _postpone(self, row: EffectRow, found: Reconciled) -> None:
        self._connection.heard(found)
        wait = self._wait(row)
        match found:
            case SignInNeeded():
                answer, wait = "sign-in needed", SIGN_IN_WAIT_SECONDS
            case RetryLater(seconds, reason):
                answer, wait = reason or "try later", max(wait, float(seconds))
            case Pending():
                answer = "not decided yet"
            case _:
                answer = "looked up, no answer"
                if row.attempts >= LOOK_UPS_BEFORE_ATTENTION:
                    self._move(row, EffectState.NEEDS_ATTENTION, "looked up often, never answered")
                    return
        now = self._clock.now()
        self._journal.postpone(
            row.effect.key, answer=answer, at=now, next_attempt_at=now + timedelta(seconds=wait)
        )

    def _with_reservation(self, effect: Effect) -> Effect | None:
        """Return the effect with the reference of its hold, or None for a release of what was never held."""
        if effect.kind not in {EffectKind.RELEASE, EffectKind.CAPTURE} or effect.reservation:
            return effect
        for row in self._journal.effects_of(effect.sale_id):
            if row.effect.kind is EffectKind.RESERVE and row.booked is not None:
                return replace(effect, reservation=row.booked.reference)
        return None if effect.kind is EffectKind.RELEASE else effect

    def _wait(self, row: EffectRow) -> float:
        """Return seconds to wait: 1 s doubling to 5 min with full jitter, so that tills spread out."""
        ceiling = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0 ** min(row.attempts, 16))
        return self._chance.uniform(FIRST_WAIT_SECONDS / 2, ceiling)

    def _move(
        self,
        row: EffectRow,
        state: EffectState,
        answer: str,
        *,
        wait: float = 0.0,
        booked: Booked | None = None,
    ) -> None:
        now = self._clock.now()
        later = now + timedelta(seconds=wait)
        self._journal.move(row.effect.key, state, answer=answer, at=now, next_attempt_at=later, booked=booked)


class Sender:
    """The one thread that owns delivery, woken by a commit, by the network's return or by a due time."""

    def __init__(
        self,
        delivery: Delivery,
        journal: Journal,
        clock: Clock,
        connection: ConnectionWatch,
        changed: Callable[[], None],
    ) -> None:
        self._delivery = delivery
        self._journal = journal
        self._clock = clock
        self._connection = connection
        self._changed = changed
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._wishes: list[str] = []
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Settle what an earlier process left behind, then start the thread.

        It is settled before anybody can sell: later, a hold under way could be taken for one left behind.

        Raises:
            KnownError: The database cannot be written.
        """
        self._delivery.recover()
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now. From any thread."""
        self._awake.set()

    def look_up(self, key: str) -> None:
        """Look this effect up as soon as possible. From any thread."""
        self._wishes.append(key)
        self.wake()

    def stop(self) -> None:
        """End the thread after the request it is in, at most one post's deadline away."""
        self._stopping.set()
        self.wake()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._awake.clear()
            pause = self._guarded_round()
            if not self._stopping.is_set():
                self._awake.wait(pause)

    def _round(self) -> None:
        while self._wishes and not self._stopping.is_set():
            self._delivery.look_up(self._wishes.pop(0))
            self._changed()
        if not self._connection.online:
            self._delivery.probe()
        while self._connection.online and not self._stopping.is_set():
            moved = self._delivery.deliver_due(self._stopping.is_set)
            if not moved:
                break
            self._changed()
            if self._connection.sign_in_needed:
                break

    def _pause(self) -> float:
        if not self._connection.online:
            return PROBE_SECONDS
        due = self._journal.next_due_at()
        if due is None:
            return IDLE_SECONDS
        if self._connection.sign_in_needed:
            return SIGN_IN_WAIT_SECONDS
        return min(max((due - self._clock.now()).total_seconds(), 0.05), IDLE_SECONDS)

    def _guarded_round(self) -> float:
        """Keep the thread alive, whatever a round meets: sales must be posted. Return seconds to wait."""
        try:
            self._round()
            return self._pause()
        except KnownError as error:
            logger.warning("the sender goes on: %s", error.sentence)
        except Exception:
            logger.exception("the sender met a bug and goes on")
        # Not on the event: each wish and each commit would try again at once.
        self._stopping.wait(FIRST_WAIT_SECONDS)
        return IDLE_SECONDS
