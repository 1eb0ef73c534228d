"""The adapter for our own HTTP contract, `resources/openapi/loyalty-backend.yaml`.

Importing this module imports httpx (100 to 200 ms): it is imported where a backend is built, never earlier.
"""

from __future__ import annotations

import re
import threading
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path

import msgspec

from cashier_app.backends.authorization import bearer
from cashier_app.backends.contract_around import MEMBER_ID, SALE_ID, ContractAround
from cashier_app.backends.contract_kind import ContractRules
from cashier_app.backends.contract_messages import (
    FindAnswer,
    FoundAnswer,
    HealthAnswer,
    LapsedAnswer,
    MovementsAnswer,
    OpenReservationsAnswer,
    read_answer,
)
from cashier_app.backends.contract_replies import (
    asked_for,
    busy,
    looked_up,
    lookup_problem,
    written,
)
from cashier_app.backends.contract_values import (
    WrongCurrencyError,
    effect_request,
    found_of,
    ledger_of,
    program_of,
)
from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.replies import Answered, Reply, Strange, probed, reason_of
from cashier_app.documents.problems import ProgramError
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.identifier import Identifier
from cashier_app.domain.lapsed import LapsedAnswer as Lapsed
from cashier_app.domain.lapsed import LapsedPoints, LapsedRead, PlaceUnknown
from cashier_app.domain.ledger import LedgerAnswer, LedgerRead
from cashier_app.domain.money import Currency
from cashier_app.domain.outcome import (
    Lookup,
    MemberFound,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    SeveralMembers,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Deadlines
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import HoldsAnswer, HoldsRead, OpenHold

_AFTER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NOTHING = "00000000-0000-0000-0000-000000000000-sale-1"
_MISSING = frozenset({404})


class ContractBackend(ContractRules, ContractAround):
    """A merchant's backend that speaks our contract. Safe from any thread.

    Args:
        base_url: Where ``/v1`` begins: ``https://…``, or ``http://`` to this computer.
        token: The till's bearer token.
        currency: The program's, where it is known already; else the program is read first.
        authorities: A file of certificate authorities to trust instead of the system's.

    Raises:
        KnownError: The address or the token cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        token: Secret,
        *,
        currency: Currency | None = None,
        deadlines: Deadlines | None = None,
        clock: Clock | None = None,
        authorities: Path | None = None,
    ) -> None:
        self._http = HttpClient(base_url, bearer(token), clock=clock, authorities=authorities)
        self.clocks = (self._http,)
        self._deadlines = deadlines or Deadlines()
        self._currency = currency
        self._kept: tuple[str, Program] | None = None
        self._rules: Program | None = None
        self._lock = threading.Lock()

    def program(self) -> Program:
        """Return the program in force; one that did not change is not sent again.

        Raises:
            KnownError: It cannot be had or makes no sense; the sentence says which.
        """
        kept = self._kept
        headers = {"If-None-Match": kept[0]} if kept else {}
        reply = self._http.get("/v1/program", seconds=self._deadlines.find, headers=headers)
        if isinstance(reply, Answered) and reply.status == 304 and kept:
            return kept[1]
        if isinstance(reply, Answered) and reply.status in {401, 403}:
            raise KnownError("The loyalty system refuses this till's token. Run: cashier-cli sign-in")
        if not isinstance(reply, Answered) or reply.status != 200 or reply.is_problem:
            raise KnownError("The loyalty program could not be read.", detail=reason_of(reply))
        try:
            program = program_of(reply.body)
        except ProgramError as error:
            raise KnownError(f"The backend's loyalty program cannot be used: {error}.") from error
        with self._lock:
            self._kept = (reply.etag, program) if reply.etag else None
            self._currency, self._rules = program.currency, program
        return program

    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to, with the account. At most 3 s."""
        seconds = self._deadlines.find
        text = msgspec.json.encode(asked_for(identifier))
        with self._http.within(seconds):
            return self._lookup(self._http.post("/v1/members/find", text, seconds=seconds))

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again. At most 3 s."""
        if not MEMBER_ID.fullmatch(member_id):
            raise ValueError("not a member id of this backend")
        seconds = self._deadlines.find
        with self._http.within(seconds):
            found = self._lookup(self._http.get(f"/v1/members/{member_id}/account", seconds=seconds))
        if isinstance(found, MemberFound) and found.member.member_id != member_id:
            return Unreachable("an answer about another member")
        return found

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold. At most 8 s."""
        if effect.kind in {EffectKind.CAPTURE, EffectKind.RELEASE} and not effect.reservation:
            return Refused(RefusedBecause.RESERVATION_GONE, "there is no reservation")
        path, body = effect_request(effect)
        headers = {"Idempotency-Key": effect.key}
        reply = self._http.post(path, body, seconds=self._deadlines.post, headers=headers)
        return written(reply, effect.key, effect.sale_id, effect.bill.currency, claimed=effect.claimed)

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up by its key, changing nothing. At most 8 s."""
        reply = self._http.get(f"/v1/effects/{effect.key}", seconds=self._deadlines.post)
        return looked_up(reply, effect.key, effect.sale_id)

    def ledger(self, sale_id: str) -> LedgerAnswer:
        """Read what the backend's books hold for a sale, changing nothing. At most 8 s."""
        if not SALE_ID.fullmatch(sale_id):
            raise ValueError("not the id of a sale")
        reply = self._http.get(f"/v1/ledger?sale_id={sale_id}", seconds=self._deadlines.post)
        match reply:
            case Answered(status=401 | 403) | Strange(status=401 | 403):
                return SignInNeeded()
            case Answered(status=200, is_problem=False):
                return self._ledger_of(reply, sale_id)
        return busy(reply) or Unknown(reason_of(reply))

    def _ledger_of(self, reply: Answered, sale_id: str) -> LedgerRead | Unknown:
        answer = read_answer(reply.body, MovementsAnswer)
        if answer is None:
            return Unknown("an answer of the wrong form")
        if answer.sale_id != sale_id:
            return Unknown("an answer to another request")
        try:
            return ledger_of(answer, self._known_currency())
        except KnownError as error:
            return Unknown(error.sentence)
        except WrongCurrencyError:
            return Unknown("an amount in another currency than the program's")

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Correct a balance. At most 8 s."""
        key = _adjusting(adjustment)
        asked = {
            "sale_id": adjustment.key,
            "member_id": adjustment.member_id,
            "points": format(adjustment.points, "f"),
            "reason": adjustment.reason,
            "by": adjustment.by,
            "at": adjustment.at,
        }
        headers = {"Idempotency-Key": key}
        body = msgspec.json.encode(asked)
        reply = self._http.post("/v1/adjustments", body, seconds=self._deadlines.post, headers=headers)
        return written(reply, key, adjustment.key, self._currency)

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Look a correction up by its key, changing nothing. At most 8 s."""
        key = _adjusting(adjustment)
        reply = self._http.get(f"/v1/effects/{key}", seconds=self._deadlines.post)
        return looked_up(reply, key, adjustment.key)

    def list_holds(self) -> HoldsAnswer:
        """Read which points are held, changing nothing. At most 8 s."""
        reply = self._http.get("/v1/reservations", seconds=self._deadlines.post)
        match reply:
            case Answered(status=401 | 403) | Strange(status=401 | 403):
                return SignInNeeded()
            case Answered(status=200, is_problem=False):
                answer = read_answer(reply.body, OpenReservationsAnswer)
                if answer is None:
                    return Unknown("an answer of the wrong form")
                return HoldsRead(
                    tuple(
                        OpenHold(one.key, one.member_id, one.reference, one.since.astimezone(UTC))
                        for one in answer.open
                    )
                )
        return busy(reply) or Unknown(reason_of(reply))

    def lapsed(self, after: str, since: date) -> Lapsed:
        """Read a page of points that expired, changing nothing. At most 8 s."""
        if after and not _AFTER.fullmatch(after):
            raise ValueError("not a place in this backend's books")
        wanted = f"after={after}" if after else f"since={since.isoformat()}"
        reply = self._http.get(f"/v1/lapsed?{wanted}", seconds=self._deadlines.post)
        match reply:
            case Answered(status=401 | 403) | Strange(status=401 | 403):
                return SignInNeeded()
            case Answered(status=200, is_problem=False):
                answer = read_answer(reply.body, LapsedAnswer)
                return _lapsed(answer) or Unknown("an answer of the wrong form")
            case Answered(status=409, is_problem=True) if after:
                return PlaceUnknown()
        return busy(reply) or Unknown(reason_of(reply))

    def probe(self) -> Probed:
        """Try every right the till needs with one harmless read each. At most 20 s."""
        rights, program = [], None
        try:
            program = self.program()
            rights.append(RightProbed(Right.PROGRAM, Found.WORKS, program.name))
        except KnownError as error:
            rights.append(RightProbed(Right.PROGRAM, Found.UNREACHABLE, error.sentence[:200]))
        # The contract knows one right for everything; these two show that a proxy lets them through.
        reads = {Right.ACCOUNT: "/v1/members/nobody/account", Right.LEDGER: f"/v1/effects/{_NOTHING}"}
        for right, path in reads.items():
            rights.append(probed(right, self._http.get(path, seconds=self._deadlines.find), there=_MISSING))
        return Probed(
            tuple(rights),
            program_name=program.name if program else "",
            currency=program.currency.code if program else "",
            clock_ahead=self.clock_ahead,
        )

    def is_reachable(self) -> bool:
        """Say whether the backend answers at all, with one harmless request. At most 3 s."""
        reply = self._http.get("/v1/health", seconds=self._deadlines.find)
        if not isinstance(reply, Answered) or reply.status != 200:
            return False
        answer = read_answer(reply.body, HealthAnswer)
        return answer is not None and answer.status == "ok"

    def close(self) -> None:
        """Let go of connections; further calls are bugs."""
        self._http.close()

    def _lookup(self, reply: Reply) -> Lookup:
        if not isinstance(reply, Answered):
            return Unreachable(reason_of(reply))
        if reply.is_problem:
            return lookup_problem(reply)
        if reply.status != 200:
            return Unreachable(reason_of(reply))
        answer = read_answer(reply.body, FindAnswer)
        one = read_answer(reply.body, FoundAnswer) if answer is None else None
        entries = answer.found if answer else [one] if one else []
        try:
            currency = self._known_currency()
            found = tuple(found_of(entry, currency) for entry in entries)
        except KnownError as error:
            return Unreachable(error.sentence)
        except WrongCurrencyError:
            return Unreachable("an amount in another currency than the program's")
        if not found:
            return Unreachable("an answer of the wrong form")
        return found[0] if len(found) == 1 else SeveralMembers(found)

    def _known_currency(self) -> Currency:
        """Return the program's currency; without it no amount can be understood."""
        return self._currency or self.program().currency


def _lapsed(answer: LapsedAnswer | None) -> LapsedRead | None:
    if answer is None:
        return None
    try:
        told = tuple(
            LapsedPoints(one.reference, Decimal(one.points), one.at.astimezone(UTC)) for one in answer.lapsed
        )
    except OverflowError:
        return None  # a time beyond the calendar
    return LapsedRead(told, answer.after, answer.more)


def _adjusting(adjustment: Adjustment) -> str:
    if not SALE_ID.fullmatch(adjustment.key) or not MEMBER_ID.fullmatch(adjustment.member_id):
        raise ValueError("not a correction of this backend")
    return f"{adjustment.key}-adjust-1"
