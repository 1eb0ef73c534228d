"""What every request to Square shares: place, version, typed answers, and what its errors mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TypeVar

from cashier_app.backends.authorization import bearer
from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.http_client import HttpClient, path_of
from cashier_app.backends.replies import Answered, Reply, unusable
from cashier_app.backends.square.kind import SquareSettings
from cashier_app.backends.square.messages import AccountAnswer, AccountRead, Answer, ErrorAnswer, RewardRead
from cashier_app.domain.outcome import Outcome, Refused, RefusedBecause, RetryLater, SignInNeeded, Unknown
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret

_OF_THE_TOKEN = {
    "UNAUTHORIZED",
    "ACCESS_TOKEN_EXPIRED",
    "ACCESS_TOKEN_REVOKED",
    "CLIENT_DISABLED",
    "APPLICATION_DISABLED",
    "FORBIDDEN",
    "INSUFFICIENT_SCOPES",
    "MERCHANT_SUBSCRIPTION_NOT_FOUND",
}
_UNDECIDED = {
    "CONFLICT",
    "REQUEST_TIMEOUT",
    "INTERNAL_SERVER_ERROR",
    "BAD_GATEWAY",
    "SERVICE_UNAVAILABLE",
    "TEMPORARY_ERROR",
    "GATEWAY_TIMEOUT",
}
_BECAUSE = {"BAD_REQUEST": RefusedBecause.NOT_ALLOWED, "CONFLICTING_PARAMETERS": RefusedBecause.INVALID}
_LONG_NUMBER = re.compile(r"\+?[0-9](?:[ ().-]{0,2}[0-9]){6,}")
NOT_OURS = Unknown("an answer to another request")
AnyAnswer = TypeVar("AnyAnswer", bound=Answer)


class SquareClient:
    """Requests to Square from one place of the seller. Safe from any thread; see `HttpClient`."""

    def __init__(self, settings: SquareSettings, token: Secret, around: Surroundings) -> None:
        self.location = settings.location
        self.deadlines = around.deadlines
        self._http = HttpClient(
            around.address,
            bearer(token),
            headers={"Square-Version": settings.version},
            clock=around.clock,
            authorities=around.authorities,
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far Square's clock is ahead; see `HttpClient.clock_ahead`."""
        return self._http.clock_ahead

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Give all calls this thread makes here one deadline."""
        return self._http.within(seconds)

    def get(self, *parts: str, query: dict[str, str] | None = None) -> Reply:
        """Read ``/v2/`` and these parts."""
        return self._http.get(path_of("v2", *parts), seconds=self.deadlines.post, query=query)

    def post(self, *parts: str, body: object) -> Reply:
        """Send a value to ``/v2/`` and these parts."""
        return self._http.post(path_of("v2", *parts), body, seconds=self.deadlines.post)

    def put(self, *parts: str, body: object) -> Reply:
        """Change what is at ``/v2/`` and these parts."""
        return self._http.put(path_of("v2", *parts), body, seconds=self.deadlines.post)

    def delete(self, *parts: str) -> Reply:
        """Take away what is at ``/v2/`` and these parts."""
        return self._http.delete(path_of("v2", *parts), seconds=self.deadlines.post)

    def account(self, account_id: str) -> Reply:
        """Ask for an account."""
        return self.get("loyalty", "accounts", account_id)

    def reward(self, reward_id: str) -> Reply:
        """Ask for a reward."""
        return self.get("loyalty", "rewards", reward_id)


def read(reply: Reply, kind: type[AnyAnswer]) -> AnyAnswer | None:
    """Return an answer of success; None for any other, and for one that speaks of errors."""
    if not isinstance(reply, Answered) or not reply.is_success:
        return None
    answer = read_answer(reply.body, kind)
    return None if answer is None or answer.errors else answer


def account_in(reply: Reply, account_id: str) -> AccountAnswer | None:
    """Return the account an answer holds, if it is the one that was asked for."""
    answer = read(reply, AccountRead)
    account = answer.loyalty_account if answer else None
    return account if account is not None and account.id == account_id else None


def reward_status(reply: Reply, reward_id: str) -> str:
    """Return the status of a reward, ``DELETED`` for one that is not there; empty where nobody says."""
    if isinstance(reply, Answered) and reply.status == 404 and error_of(reply) is not None:
        return "DELETED"
    answer = read(reply, RewardRead)
    reward = answer.reward if answer else None
    return reward.status if reward is not None and reward.id == reward_id else ""


def error_of(reply: Reply) -> ErrorAnswer | None:
    """Return the first error of an answer."""
    if not isinstance(reply, Answered):
        return None
    answer = read_answer(reply.body, Answer)
    return answer.errors[0] if answer and answer.errors else None


def written(
    reply: Reply,
    done: Callable[[Answered], Outcome],
    declined: Callable[[Refused], Outcome] = lambda refused: refused,
) -> Outcome:
    """Return what came of a write: the code decides first, then the status.

    409 means that something changed meanwhile: it is looked up before it is sent again.

    Args:
        reply: What came.
        done: Reads an answer of success.
        declined: Looks closer at a refusal.
    """
    if (other := unusable(reply)) is not None:
        return other
    assert isinstance(reply, Answered)  # noqa: S101 - for the type checker; everything else is unusable
    error = error_of(reply)
    if reply.is_success:
        return done(reply) if error is None else Unknown("a success with errors")
    if error is None:
        return Unknown("a refusal of the wrong form")
    if error.code in _OF_THE_TOKEN:
        return SignInNeeded()
    if error.code == "RATE_LIMITED":
        return RetryLater(reply.retry_after or 0, "the backend is busy")
    if error.code in _UNDECIDED or reply.status == 409:
        return Unknown(f"not decided ({reply.status})")
    because = _BECAUSE.get(error.code, RefusedBecause.INVALID)
    return declined(Refused(because, said(error)))


def said(error: ErrorAnswer) -> str:
    """Return an error for people: plain text, without the phone numbers that may stand in it."""
    return plain_name(_LONG_NUMBER.sub("…", f"{error.code}: {error.detail}"))
