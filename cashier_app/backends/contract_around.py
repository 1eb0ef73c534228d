"""The adapter's part around a sale: members who join or are two, sales linked, vouchers, invitations."""

from __future__ import annotations

import re
from datetime import UTC
from urllib.parse import urlsplit

import msgspec

from cashier_app.backends.contract_messages import (
    BookedAnswer,
    InvitationMessage,
    MadeInvitationMessage,
    ProblemAnswer,
    ReferralMessage,
    VoucherMessage,
    read_answer,
)
from cashier_app.backends.contract_replies import busy, detail_of, written
from cashier_app.backends.contract_values import (
    WrongCurrencyError,
    found_of,
    link_request,
    plain_name,
    voucher_of,
    voucher_refused,
)
from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.plain_backend import PlainBackend
from cashier_app.backends.replies import Answered, NotSent, Reply, Strange, reason_of
from cashier_app.documents.problems import ProgramError
from cashier_app.domain.bill import Bill
from cashier_app.domain.enrolment import (
    AlreadyMember,
    ConsentText,
    Enrolled,
    EnrolmentAnswer,
    EnrolmentField,
    EnrolmentRefused,
    NewMember,
)
from cashier_app.domain.invitation import (
    Invitation,
    InvitationAnswer,
    InvitationOpen,
    InvitationOver,
    InvitationUsed,
    InviteAnswer,
)
from cashier_app.domain.money import Currency
from cashier_app.domain.outcome import (
    Lookup,
    MemberFound,
    Outcome,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.domain.vouchers import (
    ReferralAnswer,
    ReferralKnown,
    ReferralUnknown,
    VoucherAnswer,
    VoucherRefused,
    WhyNoVoucher,
)
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Deadlines

MEMBER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SALE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"[A-Za-z0-9._~-]{1,64}")
_ADDRESS = re.compile(r"[!-~]{10,500}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NO_TOKEN = "the backend refuses this till's token"  # noqa: S105 - a sentence


class ContractAround(PlainBackend):
    """What the contract has beside sales and returns; the rest of the adapter is `ContractBackend`."""

    _http: HttpClient
    _deadlines: Deadlines
    _currency: Currency | None
    _rules: Program | None

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again; the adapter's own."""
        raise NotImplementedError

    def program(self) -> Program:
        """Return the program in force; the adapter's own."""
        raise NotImplementedError

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member, then read the account. At most 8 s."""
        key = f"{new.key}-enrol-1"
        body = msgspec.json.encode(_joins(new))
        with self._http.within(self._deadlines.post):
            return self._enrolled(self._wrote("/v1/members", body, key), new, key)

    def link(self, effect: Effect) -> Outcome:
        """Give a sale that was told without a member to one. At most 8 s."""
        if effect.kind is not EffectKind.LINK or not SALE_ID.fullmatch(effect.sale_id):
            raise ValueError("not a sale to be linked at this backend")
        reply = self._wrote(f"/v1/sales/{effect.sale_id}/member", link_request(effect), effect.key)
        return written(reply, effect.key, effect.sale_id, self._currency)

    def ask_to_merge(self, effect: Effect) -> Outcome:
        """Ask that two records of one person be joined. At most 8 s."""
        ids = (effect.member_id, effect.other_member_id)
        if effect.kind is not EffectKind.MERGE or not all(MEMBER_ID.fullmatch(one) for one in ids):
            raise ValueError("not records of this backend")
        asked = {"sale_id": effect.sale_id, "member_id": ids[0], "other_member_id": ids[1], "at": effect.at}
        reply = self._wrote("/v1/merges", msgspec.json.encode(asked), effect.key)
        return written(reply, effect.key, effect.sale_id, self._currency)

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        """Ask what a voucher gives this member on this bill. At most 3 s."""
        if not _CODE.fullmatch(code):
            return VoucherRefused(WhyNoVoucher.UNKNOWN)
        total = {"minor": bill.total.minor, "currency": bill.total.currency.code}
        asked: dict[str, object] = {"code": code, "bill": total}
        asked |= {"member_id": member_id} if member_id else {}
        seconds = self._deadlines.find
        with self._http.within(seconds):
            reply = self._http.post("/v1/vouchers/check", msgspec.json.encode(asked), seconds=seconds)
            match reply:
                case Answered(status=401 | 403) | Strange(status=401 | 403):
                    return Unreachable(_NO_TOKEN)
                case Answered(status=200, is_problem=False):
                    return self._voucher(reply, code)
                case Answered(status=404 | 409, is_problem=True):
                    return self._refused_voucher(reply)
        return Unreachable(reason_of(reply))

    def check_referral(self, code: str) -> ReferralAnswer:
        """Ask whether a referral code is good. At most 3 s."""
        if not _CODE.fullmatch(code):
            return ReferralUnknown()
        body = msgspec.json.encode({"code": code})
        reply = self._http.post("/v1/referrals/check", body, seconds=self._deadlines.find)
        match reply:
            case Answered(status=401 | 403) | Strange(status=401 | 403):
                return Unreachable(_NO_TOKEN)
            case Answered(status=200, is_problem=False):
                answer = read_answer(reply.body, ReferralMessage)
                if answer is None or answer.code.casefold() != code.casefold():
                    return Unreachable("an answer of the wrong form")
                return ReferralKnown(answer.code, plain_name(answer.by))
            case Answered(status=404, is_problem=True) if _code_of(reply) == "no_such_referral":
                return ReferralUnknown(detail_of(reply))
        return Unreachable(reason_of(reply))

    def invite(self, consent: ConsentText | None = None) -> InviteAnswer:
        """Have a page made on which one customer types their particulars. At most 3 s."""
        body = msgspec.json.encode({} if consent is None else {"consent": consent})
        reply = self._http.post("/v1/invitations", body, seconds=self._deadlines.find)
        match reply:
            case Answered(status=401 | 403) | Strange(status=401 | 403):
                return Unreachable(_NO_TOKEN)
            case Answered(status=201, is_problem=False):
                made = read_answer(reply.body, MadeInvitationMessage)
                if made is None or not _is_safe(made.url):
                    return Unreachable("an answer of the wrong form")
                return Invitation(made.invitation_id, made.url, made.until.astimezone(UTC))
        return Unreachable(reason_of(reply))

    def invitation(self, invitation_id: str) -> InvitationAnswer:
        """Ask what came of such a page. At most 3 s."""
        if not MEMBER_ID.fullmatch(invitation_id):
            raise ValueError("not an invitation of this backend")
        seconds = self._deadlines.find
        with self._http.within(seconds):
            reply = self._http.get(f"/v1/invitations/{invitation_id}", seconds=seconds)
            match reply:
                case Answered(status=401 | 403) | Strange(status=401 | 403):
                    return Unreachable(_NO_TOKEN)
                case Answered(status=200, is_problem=False):
                    return self._became(read_answer(reply.body, InvitationMessage), invitation_id)
                case Answered(status=404, is_problem=True) if _code_of(reply) == "no_such_invitation":
                    return InvitationOver()
        return Unreachable(reason_of(reply))

    def _wrote(self, path: str, body: bytes, key: str) -> Reply:
        headers = {"Idempotency-Key": key}
        return self._http.post(path, body, seconds=self._deadlines.post, headers=headers)

    def _enrolled(self, reply: Reply, new: NewMember, key: str) -> EnrolmentAnswer:
        match reply:
            case NotSent(reason):
                return RetryLater(reason=reason, reached=False)
            case Answered(status=401 | 403) | Strange(status=401 | 403):
                return SignInNeeded()
            case Answered(status=(200 | 201) as status, is_problem=False):
                answer = read_answer(reply.body, BookedAnswer)
                if answer is None or (answer.key, answer.sale_id) != (key, new.key):
                    return Unknown("an answer to another request")
                if answer.existing != (status == 200) or not MEMBER_ID.fullmatch(answer.reference):
                    return Unknown("an answer of the wrong form")
                found = self.refresh(answer.reference)
                if not isinstance(found, MemberFound):
                    return Unknown("no account")
                return AlreadyMember(found) if answer.existing else Enrolled(found)
            case Answered(status=(400 | 409 | 422) as status, is_problem=True) if _is_of(reply, key):
                # A phone number makes nobody twice; a card's number may be another member's.
                taken = status == 409 and bool(new.number)
                return EnrolmentRefused(EnrolmentField.NUMBER if taken else None, detail_of(reply))
        return busy(reply) or Unknown(reason_of(reply))

    def _voucher(self, reply: Answered, code: str) -> VoucherAnswer:
        answer = read_answer(reply.body, VoucherMessage)
        if answer is None or answer.code.casefold() != code.casefold():
            return Unreachable("an answer of the wrong form")
        try:
            return voucher_of(answer, self._known_rules())
        except KnownError as error:
            return Unreachable(error.sentence)
        except ProgramError:
            return Unreachable("a voucher that gives what this till does not know")

    def _refused_voucher(self, reply: Answered) -> VoucherAnswer:
        problem = read_answer(reply.body, ProblemAnswer)
        if problem is None:
            return Unreachable("an answer of the wrong form")
        try:
            return voucher_refused(problem, self._known_rules().currency) or Unreachable(reason_of(reply))
        except KnownError as error:
            return Unreachable(error.sentence)
        except WrongCurrencyError:
            return Unreachable("an amount in another currency than the program's")

    def _became(self, answer: InvitationMessage | None, invitation_id: str) -> InvitationAnswer:
        if answer is None or answer.invitation_id != invitation_id:
            return Unreachable("an answer of the wrong form")
        match answer.state:
            case "open":
                return InvitationOpen()
            case "over":
                return InvitationOver()
        if answer.found is None:
            return Unreachable("an answer of the wrong form")
        try:
            return InvitationUsed(found_of(answer.found, self._known_rules().currency))
        except KnownError as error:
            return Unreachable(error.sentence)
        except WrongCurrencyError:
            return Unreachable("an amount in another currency than the program's")

    def _known_rules(self) -> Program:
        """Return the program as read last; without it no voucher can be understood."""
        return self._rules or self.program()


def _joins(new: NewMember) -> dict[str, object]:
    told: dict[str, object] = {"sale_id": new.key, "name": new.name, "phone": new.phone, "at": new.at}
    if new.number:
        told["member_number"] = new.number
    if new.email:
        told["email"] = new.email
    if new.birthday is not None:
        told["birthday"] = new.birthday
    if new.agrees_to_marketing:
        told["agrees_to_marketing"] = True
    if new.referral:
        told["referral"] = new.referral
    if new.consent is not None:
        agreed = new.consent
        consent: dict[str, object] = {"version": agreed.version, "language": agreed.language, "at": agreed.at}
        told["consent"] = consent | ({"staff_id": agreed.staff_id} if agreed.staff_id else {})
    return told


def _code_of(reply: Answered) -> str:
    problem = read_answer(reply.body, ProblemAnswer)
    return problem.code if problem else ""


def _is_of(reply: Answered, key: str) -> bool:
    """Say whether a refusal has a code, and is not one of another write."""
    problem = read_answer(reply.body, ProblemAnswer)
    return problem is not None and problem.key in {"", key}


def _is_safe(address: str) -> bool:
    """Say whether a customer may be sent there: https, or http to this very computer."""
    if not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
