"""What the contract's answers mean, beyond what all backends share."""

from __future__ import annotations

from datetime import UTC

from msgspec.structs import replace

from cashier_app.backends.contract_messages import BookedAnswer, ProblemAnswer, read_answer
from cashier_app.backends.contract_values import WrongCurrencyError, account_of, booked_of
from cashier_app.backends.replies import Answered, NoAnswer, NotSent, Reply, Strange, reason_of
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.money import Currency
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    CodeTooOld,
    Lookup,
    NoSuchMember,
    NotApplied,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)

_BUSY = {429, 503}
_REFUSING = {400, 404, 405, 409, 410, 413, 415, 422}
_REASONS = {reason.value: reason for reason in RefusedBecause} | {
    "key_reused": RefusedBecause.INVALID,
    "wrong_key": RefusedBecause.INVALID,
    "malformed": RefusedBecause.INVALID,
    "too_large": RefusedBecause.INVALID,
    "not_json": RefusedBecause.INVALID,
}


def written(
    reply: Reply, key: str, sale_id: str, currency: Currency | None, *, claimed: bool = False
) -> Outcome:
    """Return what came of a write.

    Args:
        reply: What came.
        key: Of the write; the answer must echo it.
        sale_id: The answer must echo it, too.
        currency: The program's, for the account a refusal carries; None leaves that out.
        claimed: Whether it tells a sale that was claimed: its key, used for another request, means that
            another till was first.
    """
    match reply:
        case NotSent(reason):
            return RetryLater(reason=reason, reached=False)
        case NoAnswer(reason):
            return Unknown(reason)
        case Answered(status=401 | 403) | Strange(status=401 | 403):
            return SignInNeeded()
        case Answered(status=200, is_problem=False):
            return _applied(reply, key, sale_id)
        case _ if (later := busy(reply)) is not None:
            return later
        case Answered(status=status, is_problem=True) if status in _REFUSING:
            refused = _refused(reply, key, sale_id, currency)
            if claimed and isinstance(refused, Refused) and _code_of(reply) == "key_reused":
                return replace(refused, because=RefusedBecause.ALREADY_LINKED)
            return refused
        case _:
            return Unknown(reason_of(reply))


def looked_up(reply: Reply, key: str, sale_id: str) -> Reconciled:
    """Return what came of looking a write up by its key."""
    match reply:
        case Answered(status=401 | 403) | Strange(status=401 | 403):
            return SignInNeeded()
        case Answered(status=200, is_problem=False):
            found = _applied(reply, key, sale_id)
            return AlreadyApplied(found.booked) if isinstance(found, Applied) else found
        case Answered(status=404, is_problem=True):
            problem = read_answer(reply.body, ProblemAnswer)
            if problem is not None and (problem.code, problem.key) == ("no_such_effect", key):
                return NotApplied()
    return busy(reply) or Unknown(reason_of(reply))


def _applied(reply: Answered, key: str, sale_id: str) -> Applied | AlreadyApplied | Unknown:
    answer = read_answer(reply.body, BookedAnswer)
    if answer is None:
        return Unknown("an answer of the wrong form")
    if (answer.key, answer.sale_id) != (key, sale_id):
        return Unknown("an answer to another request")
    booked = booked_of(answer)
    return AlreadyApplied(booked) if reply.replayed else Applied(booked)


def _refused(reply: Answered, key: str, sale_id: str, currency: Currency | None) -> Outcome:
    problem = read_answer(reply.body, ProblemAnswer)
    if problem is None:
        return Unknown("a refusal of the wrong form")
    if problem.key not in {"", key} or problem.sale_id not in {"", sale_id}:
        return Unknown("a refusal of another request")
    account = None
    if problem.account is not None and currency is not None:
        try:
            account = account_of(problem.account, currency)
        except WrongCurrencyError:
            return Unknown("an amount in another currency than the program's")
    because = _REASONS.get(problem.code, RefusedBecause.OTHER)
    return Refused(because, problem.detail[:200], account)


def _code_of(reply: Answered) -> str:
    problem = read_answer(reply.body, ProblemAnswer)
    return problem.code if problem else ""


def detail_of(reply: Answered) -> str:
    """Return the words of a refusal, at most 200 characters."""
    problem = read_answer(reply.body, ProblemAnswer)
    return problem.detail[:200] if problem else ""


def asked_for(identifier: Identifier) -> dict[str, str]:
    """Return the body that looks for a member."""
    match identifier:
        case WalletToken(token):
            return {"wallet_token": token}
        case PhoneNumber(e164):
            return {"phone": e164}
        case MemberNumber(number):
            return {"member_number": number}


def lookup_problem(reply: Answered) -> Lookup:
    """Return what a refusal to find somebody means."""
    problem = read_answer(reply.body, ProblemAnswer)
    match (reply.status, problem):
        case (404, ProblemAnswer(code="no_such_member")):
            return NoSuchMember()
        case (410, ProblemAnswer(code="code_too_old", made_at=made_at, life_seconds=life)) if made_at:
            return CodeTooOld(made_at.astimezone(UTC), life)
        case (401 | 403, _):
            return Unreachable("the backend refuses this till's token")
        case _:
            return Unreachable(reason_of(reply))


def busy(reply: Reply) -> RetryLater | None:
    """Return when to try again, if the reply says that nothing was done and when to come back."""
    if isinstance(reply, NotSent):
        return RetryLater(reason=reply.reason, reached=False)
    if isinstance(reply, NoAnswer) or reply.status not in _BUSY:
        return None
    if reply.retry_after is None and not (isinstance(reply, Answered) and reply.is_problem):
        return None
    return RetryLater(reply.retry_after or 0, f"the backend is busy ({reply.status})")
