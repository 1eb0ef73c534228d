"""Makes customers members: the account by its phone number, then what else they told."""

from __future__ import annotations

from datetime import UTC, datetime

from cashier_app.backends.replies import Answered, unusable
from cashier_app.backends.square.client import SquareClient, error_of, read, said, written
from cashier_app.backends.square.members import SquareMembers
from cashier_app.backends.square.messages import (
    AccountAnswer,
    AccountRead,
    AccountsRead,
    CustomerAnswer,
    CustomerRead,
)
from cashier_app.backends.square.programs import SquarePrograms
from cashier_app.backends.square.values import found_of, square_key
from cashier_app.domain.enrolment import (
    AlreadyMember,
    Enrolled,
    EnrolmentAnswer,
    EnrolmentField,
    EnrolmentRefused,
    NewMember,
)
from cashier_app.domain.outcome import (
    MemberFound,
    NoSuchMember,
    Refused,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Surroundings

_FIELDS = {
    "INVALID_EMAIL_ADDRESS": EnrolmentField.EMAIL,
    "INVALID_PHONE_NUMBER": EnrolmentField.PHONE,
    "INVALID_DATE": EnrolmentField.BIRTHDAY,
}
_NAMED = {
    "email_address": EnrolmentField.EMAIL,
    "phone_number": EnrolmentField.PHONE,
    "reference_id": EnrolmentField.NUMBER,
    "birthday": EnrolmentField.BIRTHDAY,
    "given_name": EnrolmentField.NAME,
    "family_name": EnrolmentField.NAME,
}
_NO_ACCOUNT = Unknown("no account")


class Joining:
    """One customer who joins. May be repeated: who has an account already gets no second one."""

    def __init__(
        self, client: SquareClient, programs: SquarePrograms, members: SquareMembers, around: Surroundings
    ) -> None:
        self._client = client
        self._programs = programs
        self._members = members
        self._around = around

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make the account unless there is one, then fill the profile of an account that is new."""
        known = self._known(new)
        if known is not None:
            return known
        try:
            program_id = self._programs.known().answer.id
        except KnownError as error:
            return RetryLater(reason=error.sentence)
        asked = {
            "program_id": program_id,
            "mapping": {"phone_number": new.phone},
            "enrolled_at": _moment(new.at),
        }
        key = square_key(f"{new.key}-enrol-1")
        reply = self._client.post(
            "loyalty", "accounts", body={"loyalty_account": asked, "idempotency_key": key}
        )
        # `written` sorts out what is no decision; a refusal may mean that somebody else was quicker.
        outcome = written(reply, lambda _: _NO_ACCOUNT)
        if isinstance(outcome, Refused):
            return self._known(new) or EnrolmentRefused(_field_of(reply), outcome.detail)
        answer = read(reply, AccountRead)
        account = answer.loyalty_account if answer else None
        if account is not None:
            return self._completed(account, new)
        return outcome if isinstance(outcome, RetryLater | SignInNeeded) else _NO_ACCOUNT

    def _known(self, new: NewMember) -> EnrolmentAnswer | None:
        """Return the account this number has already, if any; its profile is filled if we made it."""
        body = {"query": {"mappings": [{"phone_number": new.phone}]}, "limit": 1}
        reply = self._client.post("loyalty", "accounts", "search", body=body)
        error = error_of(reply)
        if error is not None and error.code == "INVALID_PHONE_NUMBER":
            return EnrolmentRefused(EnrolmentField.PHONE, said(error))
        answer = read(reply, AccountsRead)
        if answer is None:
            other = unusable(reply)
            # Nothing was written: to look again later is safe.
            return other if isinstance(other, RetryLater | SignInNeeded) else RetryLater(reason="no answer")
        if not answer.loyalty_accounts:
            return None
        account = answer.loyalty_accounts[0]
        if _is_ours(account, new):
            return self._completed(account, new)
        found = self._members.by_id(account.id)
        match found:
            case MemberFound():
                return AlreadyMember(found)
            case Unreachable(reason):
                return RetryLater(reason=reason)
            case NoSuchMember():
                return None
        return _NO_ACCOUNT

    def _completed(self, account: AccountAnswer, new: NewMember) -> EnrolmentAnswer:
        """Tell Square what the customer told; the account stands whatever comes of that."""
        told = _profile(new)
        if not told or account.customer_id is None:
            return self._enrolled(account, None)
        reply = self._client.put("customers", account.customer_id, body=told)
        answer = read(reply, CustomerRead)
        if answer is not None and answer.customer is not None and answer.customer.id == account.customer_id:
            return self._enrolled(account, answer.customer)
        outcome = written(reply, lambda _: _NO_ACCOUNT)
        if isinstance(outcome, Refused):
            return EnrolmentRefused(_field_of(reply), outcome.detail)
        return outcome if isinstance(outcome, RetryLater | SignInNeeded) else Unknown("the name is not told")

    def _enrolled(self, account: AccountAnswer, customer: CustomerAnswer | None) -> Enrolled:
        return Enrolled(found_of(account, customer, self._around.clock.now(), self._around.zone))


def _profile(new: NewMember) -> dict[str, str]:
    given, _, family = new.name.strip().rpartition(" ")
    told = {
        "given_name": given.strip() or family,
        "family_name": family if given.strip() else "",
        "email_address": new.email,
        "reference_id": new.number,
        "birthday": new.birthday.isoformat() if new.birthday else "",
    }
    return {name: value for name, value in told.items() if value}


def _field_of(reply: object) -> EnrolmentField | None:
    error = error_of(reply) if isinstance(reply, Answered) else None
    if error is None:
        return None
    return _FIELDS.get(error.code) or _NAMED.get(error.field.rpartition(".")[2])


def _is_ours(account: AccountAnswer, new: NewMember) -> bool:
    """Say whether an account was made by an earlier attempt: it was enrolled at the very moment we told.

    Square may keep the moment to the second only.
    """
    at = new.at.astimezone(UTC)
    kept = {at.replace(microsecond=at.microsecond // 1000 * 1000), at.replace(microsecond=0)}
    return account.enrolled_at is not None and account.enrolled_at.astimezone(UTC) in kept


def _moment(at: datetime) -> str:
    """Return a moment as Square writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
