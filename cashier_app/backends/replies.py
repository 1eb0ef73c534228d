"""What came of a request, as values, and what most backends mean by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct

from cashier_app.domain.outcome import (
    Lookup,
    NoSuchMember,
    NotApplied,
    Outcome,
    Reconciled,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Found, Right, RightProbed


class Answered(Struct, frozen=True):
    """A JSON answer, or an empty 204 or 304.

    Args:
        body: The JSON value, fractions as `Decimal`; None for a 204 and a 304.
        retry_after: Seconds asked for, 0 to 900; None when not asked, or not understood.
        replayed: The backend says it answered this very request before.
        is_problem: The body is a problem document (RFC 9457).
    """

    status: int
    body: object
    retry_after: int | None = None
    replayed: bool = False
    is_problem: bool = False
    etag: str = ""

    @property
    def is_success(self) -> bool:
        """Say whether the backend did as it was asked."""
        return 200 <= self.status < 300 and not self.is_problem


class Strange(Struct, frozen=True):
    """Something answered, but not as a backend does: a redirect, a web page, broken or endless JSON."""

    status: int
    reason: str
    retry_after: int | None = None


class NotSent(Struct, frozen=True):
    """The request certainly never left: no connection could be made."""

    reason: str


class NoAnswer(Struct, frozen=True):
    """The request may have arrived; no whole answer came back in time."""

    reason: str


Reply = Answered | Strange | NotSent | NoAnswer

_UNDECIDED = frozenset({408, 425, *range(300, 400)})
AnyAnswer = TypeVar("AnyAnswer")


def reason_of(reply: Reply) -> str:
    """Return why a reply cannot be used, for the detail line and the log: no texts of the other side."""
    if isinstance(reply, Answered):
        return f"an answer that was not expected ({reply.status})"
    if isinstance(reply, Strange):
        return f"{reply.reason} ({reply.status})"
    return reply.reason


def unusable(reply: Reply) -> RetryLater | SignInNeeded | Unknown | None:
    """Return what a reply means that is no answer to the request; None for one that is.

    Refused credentials and "too many requests" come before anything is done; a request that never left was
    never applied. Everything else that is no answer of 2xx or 4xx in JSON may hide one that took hold.
    """
    match reply:
        case NotSent(reason):
            return RetryLater(reason=reason, reached=False)
        case NoAnswer(reason):
            return Unknown(reason)
        case Answered(status=401 | 403) | Strange(status=401 | 403):
            return SignInNeeded()
        case Answered(status=429) | Strange(status=429):
            return RetryLater(reply.retry_after or 0, "the backend is busy (429)")
        case Answered(status=503) | Strange(status=503) if reply.retry_after is not None:
            return RetryLater(reply.retry_after, "the backend is busy (503)")
        case Strange():
            return Unknown(reason_of(reply))
        case Answered(status=status) if (
            status in _UNDECIDED or not 200 <= status < 500 or 300 <= status < 400
        ):
            return Unknown(reason_of(reply))
    return None


def outcome_of(
    reply: Reply,
    done: Callable[[Answered], Outcome],
    declined: Callable[[Answered], Outcome],
) -> Outcome:
    """Return what came of a write.

    Args:
        reply: What came.
        done: Reads an answer of 2xx; answers `Unknown` for one that does not fit the request.
        declined: Reads an answer of 4xx other than 401, 403, 408, 425 and 429.
    """
    if (other := unusable(reply)) is not None:
        return other
    assert isinstance(reply, Answered)  # noqa: S101 - for the type checker; everything else is unusable
    return done(reply) if reply.is_success else declined(reply)


def reconciled_of(
    reply: Reply,
    done: Callable[[Answered], Reconciled],
    missing: frozenset[int] = frozenset({404}),
) -> Reconciled:
    """Return what came of looking an effect up.

    Args:
        reply: What came.
        done: Reads an answer of 2xx.
        missing: Statuses by which this backend says in JSON that it has no such thing.
    """
    if isinstance(reply, Answered) and reply.status in missing:
        return NotApplied()
    if isinstance(reply, Answered) and reply.is_success:
        return done(reply)
    return unusable(reply) or Unknown(reason_of(reply))


def answer_of(reply: Answered, kind: type[AnyAnswer]) -> AnyAnswer | None:
    """Return the answer's body as this msgspec type, or None when it is not of this shape."""
    try:
        return msgspec.convert(reply.body, kind)
    except (msgspec.ValidationError, OverflowError):
        return None


def lookup_of(
    reply: Reply,
    found: Callable[[Answered], Lookup],
    nobody: frozenset[int] = frozenset({404}),
) -> Lookup:
    """Return what came of looking for a member.

    Args:
        reply: What came.
        found: Reads an answer of 2xx.
        nobody: Statuses by which this backend says in JSON that it knows nobody.
    """
    if isinstance(reply, Answered) and reply.status in nobody:
        return NoSuchMember()
    if isinstance(reply, Answered | Strange) and reply.status in {401, 403}:
        return Unreachable("the backend refuses this till's credentials")
    if isinstance(reply, Answered) and reply.is_success:
        return found(reply)
    return Unreachable(reason_of(reply))


def lookup_in(
    reply: Reply,
    kind: type[AnyAnswer],
    found: Callable[[AnyAnswer], Lookup],
    nobody: frozenset[int] = frozenset({404}),
) -> Lookup:
    """Return what came of looking for a member, where an answer of 2xx must be of this msgspec type.

    Args:
        reply: What came.
        kind: What the answer must be.
        found: Makes a member of it.
        nobody: Statuses by which this backend says in JSON that it knows nobody.
    """

    def read(answered: Answered) -> Lookup:
        told = answer_of(answered, kind)
        return Unreachable("an answer of the wrong form") if told is None else found(told)

    return lookup_of(reply, read, nobody)


def probed(
    right: Right, reply: Reply, detail: str = "", there: frozenset[int] = frozenset({404})
) -> RightProbed:
    """Return what a harmless read says of a right.

    Args:
        right: What was tried.
        reply: What came.
        detail: Said where it works.
        there: Statuses that show the right as well, such as 404 for a member that nobody is.
    """
    match reply:
        case NotSent() | NoAnswer():
            return RightProbed(right, Found.UNREACHABLE, reason_of(reply))
        case Answered(status=401 | 403) | Strange(status=401 | 403):
            return RightProbed(right, Found.REFUSED, reason_of(reply))
        case Answered() if reply.is_success or reply.status in there:
            return RightProbed(right, Found.WORKS, detail)
        case Answered(status=404) | Strange(status=404):
            return RightProbed(right, Found.NOT_THERE, reason_of(reply))
    return RightProbed(right, Found.STRANGE, reason_of(reply))
