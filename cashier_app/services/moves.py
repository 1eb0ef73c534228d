"""What became of an effect, written before anything else happens: every move forward, every wait."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta

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
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import EffectRow, Journal
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.doubt import Doubts
from cashier_app.services.member_effects import may_come_true
from cashier_app.services.pace import Pace, backoff

logger = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 300.0
SIGN_IN_WAIT_SECONDS = 60.0
LOOK_UPS_BEFORE_ATTENTION = 12
DOUBT_BEFORE_ATTENTION = timedelta(hours=12)
ASKED_UNTIL = "the backend asked to wait until"


class EffectMoves:
    """Moves effects forward by what the backend answered. Not safe from several threads by itself."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        connection: ConnectionWatch,
        doubts: Doubts,
        chance: random.Random,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._connection = connection
        self._doubts = doubts
        self._chance = chance
        self.pace = Pace(clock, chance)
        self._last_answer_at: datetime | None = None

    def _record(self, row: EffectRow, outcome: Outcome | Reconciled) -> None:
        self._heard(row, outcome)
        match outcome:
            case Applied(booked) | AlreadyApplied(booked):
                self._move(row, EffectState.POSTED, "posted", booked=booked)
            case Pending():
                self._move(row, EffectState.UNKNOWN, "accepted, not decided yet", wait=self._wait(row))
            case Refused(because, _):
                self._refused(row, because)
            case RetryLater(seconds, reason):
                wait = max(float(seconds), self._wait(row))
                self._move(row, EffectState.WAITING, reason or "try later", wait=wait)
                self._remember_asked(seconds)
            case SignInNeeded():
                self._move(row, EffectState.WAITING, "sign-in needed", wait=SIGN_IN_WAIT_SECONDS)
            case Unknown(reason):
                self._move(row, EffectState.UNKNOWN, reason or "no answer", wait=self._wait(row))
            case NotApplied():
                raise ValueError("only a look-up says that nothing was applied")

    def _refused(self, row: EffectRow, because: RefusedBecause) -> None:
        key = row.effect.key
        if because is RefusedBecause.RESERVATION_GONE and row.effect.kind is EffectKind.RELEASE:
            self._move(row, EffectState.DROPPED, "the hold had ended")
        elif row.effect.offline:
            # The discount was given while nobody could be asked: the sale stands, the loss is noted.
            logger.info("%s was given offline and is refused: %s", key, because.value)
            self._journal.write_off(key, because.value, self._clock.now())
            self._doubts.settled(key)
        elif may_come_true(row.effect, because, self._clock.now() - row.effect.at):
            self._move(row, EffectState.WAITING, because.value, wait=self._wait(row))
        else:
            logger.info("%s refused: %s", key, because.value)
            self._move(row, EffectState.NEEDS_ATTENTION, because.value)

    def _heard(self, row: EffectRow, outcome: Outcome | Reconciled) -> None:
        """Let everything that waits together know what the backend did."""
        self._connection.heard(outcome)
        match outcome:
            case SignInNeeded():
                self.pace.rest(SIGN_IN_WAIT_SECONDS)
            case Unknown():
                self.pace.failed(row.effect.key, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
            case RetryLater(seconds):
                self.pace.failed(row.effect.key, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
                self.pace.asked_to_wait(seconds)
            case _:
                self._last_answer_at = self._clock.now()
                if self.pace.worked():
                    self._journal.make_due()

    def _postpone(self, row: EffectRow, found: Reconciled) -> None:
        self._heard(row, found)
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
                if row.attempts >= LOOK_UPS_BEFORE_ATTENTION and self._only_this_one(row):
                    self._move(row, EffectState.NEEDS_ATTENTION, "looked up often, never answered")
                    return
        self._look_again(row, answer, wait)
        if isinstance(found, RetryLater):
            self._remember_asked(found.seconds)

    def _look_again(self, row: EffectRow, answer: str, wait: float) -> None:
        now = self._clock.now()
        self._journal.postpone(
            row.effect.key, answer=answer, at=now, next_attempt_at=now + timedelta(seconds=wait)
        )

    def _only_this_one(self, row: EffectRow) -> bool:
        """Say whether others were answered since this one was last tried, or half a day has passed in doubt.

        In an outage of an hour nobody is answered; nothing is handed to a person for that.
        """
        answered, tried, since = self._last_answer_at, row.last_attempt_at, row.in_doubt_since
        if answered is not None and tried is not None and answered >= tried:
            return True
        return since is not None and self._clock.now() - since >= DOUBT_BEFORE_ATTENTION

    def _remember_asked(self, seconds: int) -> None:
        """Keep what the backend asked for over a restart."""
        if seconds > 0:
            until = self._clock.now() + timedelta(seconds=seconds)
            self._journal.remember(ASKED_UNTIL, until.isoformat())

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

    def _wait(self, row: EffectRow) -> float:
        """Return seconds to wait: 1 s doubling to 5 min with full jitter, so that tills spread out."""
        return backoff(row.attempts, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, self._chance)

    def _move(
        self,
        row: EffectRow,
        state: EffectState,
        answer: str,
        *,
        wait: float = 0.0,
        booked: Booked | None = None,
        was: EffectState | None = None,
    ) -> bool:
        """Move an effect on; False where it is not where it `was`."""
        now = self._clock.now()
        later = now + timedelta(seconds=wait)
        moved = self._journal.move(
            row.effect.key, state, answer=answer, at=now, next_attempt_at=later, booked=booked, was=was
        )
        if moved and state in {EffectState.POSTED, EffectState.DROPPED}:
            self._doubts.settled(row.effect.key)
        return moved
