"""The adapter for Square Loyalty (developer.squareup.com, Loyalty API), the till keeping its own orders.

A reward is taken out while the customer pays, redeemed once paid, deleted otherwise. Importing this module
imports httpx (100 to 200 ms): it is imported where a backend is built, never earlier.
"""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from cashier_app.backends.plain_backend import PlainBackend
from cashier_app.backends.replies import Answered
from cashier_app.backends.square.books import SquareBooks
from cashier_app.backends.square.client import SquareClient, account_in
from cashier_app.backends.square.joining import Joining
from cashier_app.backends.square.kind import SquareRules, SquareSettings
from cashier_app.backends.square.members import SquareMembers
from cashier_app.backends.square.offering import Offering
from cashier_app.backends.square.probing import probe_square
from cashier_app.backends.square.programs import SquarePrograms
from cashier_app.backends.square.values import account_of, check_decimals, square_key
from cashier_app.backends.square.writes import SquareWrites
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import Bill, bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.enrolment import EnrolmentAnswer, NewMember
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Lookup,
    MemberFound,
    NoSuchMember,
    Outcome,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SeveralMembers,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Probed
from cashier_app.domain.program import Program
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KNOWN_BY_FIT = {EffectKind.RESERVE, EffectKind.SALE}
_NOBODY = Refused(RefusedBecause.INVALID, "nobody, or more than one, is known by what was shown")


class SquareBackend(SquareRules, PlainBackend):
    """A seller's Square Loyalty program. Safe from any thread.

    Args:
        settings: What the seller chose.
        token: An access token of the seller.
        around: The till.

    Raises:
        KnownError: The address or the token cannot be used, or Square cannot be told this till's amounts.
    """

    def __init__(self, settings: SquareSettings, token: Secret, around: Surroundings) -> None:
        super().__init__(settings)
        check_decimals(around.currency)
        self._client = SquareClient(settings, token, around)
        self.clocks = (self._client,)
        self._around = around
        self._books = SquareBooks(self._client)
        self._programs = SquarePrograms(self._client, settings, around.currency)
        self._members = SquareMembers(self._client, around)
        self._writes = SquareWrites(self._client, around, negative=settings.negative_balance)

    def close(self) -> None:
        """Let go of connections; further calls are bugs."""
        self._client.close()

    def program(self) -> Program:
        """Return the program in force. What a reward takes off is read once for each of its versions.

        Raises:
            KnownError: It cannot be had, is not active here, or counts in another currency.
        """
        with self._client.within(self._client.deadlines.find):
            return self._programs.read().program

    def is_reachable(self) -> bool:
        """Say whether Square answers at all, with one harmless request. At most 3 s."""
        with self._client.within(self._client.deadlines.find):
            reply = self._client.get("loyalty", "programs", "main")
        return isinstance(reply, Answered) and reply.status < 500

    def probe(self) -> Probed:
        """Try every right the till needs with one harmless read each. At most 20 s."""
        with self._client.within(2 * self._client.deadlines.post):
            return probe_square(self._client, self._programs, self.settings, self._around.currency)

    # Members
    def find(self, identifier: Identifier) -> Lookup:
        """Find the member this belongs to, with the account. At most 3 s."""
        with self._client.within(self._client.deadlines.find):
            return self._members.find(identifier)

    def refresh(self, member_id: str) -> Lookup:
        """Read a known member's account again. At most 3 s."""
        if not _ID.fullmatch(member_id):
            raise ValueError("not an account id of Square")
        with self._client.within(self._client.deadlines.find):
            return self._members.by_id(member_id)

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make a customer a member, then tell Square what else is known of them. At most 8 s."""
        with self._client.within(self._client.deadlines.post):
            return Joining(self._client, self._programs, self._members, self._around).enrol(new)

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Ask what this member may redeem on this bill, changing nothing. At most 3 s."""
        if not self.settings.asks_each_bill:
            return super().options(member_id, bill)
        if not _ID.fullmatch(member_id):
            raise ValueError("not an account id of Square")
        with self._client.within(self._client.deadlines.find):
            account = account_in(self._client.account(member_id), member_id)
            if account is None:
                return Unreachable("the account could not be read")
            offering = Offering(self._client, self._books, self._programs, self.settings)
            offered = offering.on(account, bill, self._now())
            if isinstance(offered, Offers):
                return replace(offered, account=account_of(account, self._now(), self._around.zone))
            return offered

    # Effects
    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold: at most one write. At most 8 s."""
        with self._client.within(self._client.deadlines.post):
            whose = self._with_member(effect)
            if not isinstance(whose, Effect):
                return whose
            match whose.kind:
                case EffectKind.RESERVE:
                    outcome = self._writes.reserve(whose)
                case EffectKind.CAPTURE:
                    outcome = self._writes.redeem(whose)
                case EffectKind.RELEASE:
                    outcome = self._writes.give_up(whose)
                case EffectKind.SALE:
                    outcome = self._writes.earn(whose)
                case EffectKind.CLAW_BACK | EffectKind.RESTORE:
                    points = whose.points if whose.kind is EffectKind.RESTORE else -whose.points
                    outcome = self._writes.correct(whose.member_id, points, _reason(whose), whose.key)
                case _:
                    raise ValueError(f"Square is never told a {whose.kind.value}")
        if isinstance(outcome, Applied | AlreadyApplied) and effect.kind in _KNOWN_BY_FIT:
            self._books.belongs(outcome.booked.reference, effect.key)
        return outcome

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up in the books, changing nothing. At most 8 s."""
        with self._client.within(self._client.deadlines.post):
            whose = self._with_member(effect)
            if isinstance(whose, Refused):
                return Unknown(whose.detail)
            if not isinstance(whose, Effect):
                return whose
            match whose.kind:
                case EffectKind.RESERVE:
                    return self._books.hold(whose)
                case EffectKind.CAPTURE | EffectKind.RELEASE:
                    return self._books.of_reward(whose)
                case EffectKind.SALE:
                    return self._books.earned(whose, whose.points)
                case _:
                    return self._books.corrected(whose.member_id, _mark(whose.key), whose.at)

    def adjust(self, adjustment: Adjustment) -> Outcome:
        """Correct a balance. At most 8 s."""
        key = f"{adjustment.key}-adjust-1"
        reason = f"{adjustment.reason}, by {adjustment.by} {_mark(key)}"
        with self._client.within(self._client.deadlines.post):
            return self._writes.correct(adjustment.member_id, adjustment.points, reason, key)

    def reconcile_adjustment(self, adjustment: Adjustment) -> Reconciled:
        """Look a correction up in the books, changing nothing. At most 8 s."""
        with self._client.within(self._client.deadlines.post):
            mark = _mark(f"{adjustment.key}-adjust-1")
            return self._books.corrected(adjustment.member_id, mark, adjustment.at)

    def _with_member(self, effect: Effect) -> Effect | Refused | RetryLater:
        """Return the effect with whom it is for, and what the sale earns, where they were met offline."""
        if effect.member_id:
            if not _ID.fullmatch(effect.member_id):
                raise ValueError("not an account id of Square")
            return effect
        found = self.find(_shown(effect.identified_by))
        if isinstance(found, NoSuchMember | SeveralMembers):
            return _NOBODY
        if not isinstance(found, MemberFound):
            return RetryLater(reason=found.reason if isinstance(found, Unreachable) else "not found")
        try:
            program = self.program()
        except KnownError as error:
            return RetryLater(reason=error.sentence)
        bill, occasion = bill_of(effect.bill), Occasion(effect.at)
        earns = quote(program, found.member, found.account, bill, TakeNothing(), occasion).earns
        return replace(effect, member_id=found.member.member_id, points=earns)

    def _now(self) -> datetime:
        return self._around.clock.now()


def _mark(key: str) -> str:
    """Return what the reason of a correction ends with, so that it is found again."""
    return f"[{square_key(key)}]"


def _reason(effect: Effect) -> str:
    what = "points given back" if effect.kind is EffectKind.RESTORE else "points taken back"
    return f"Goods returned, {what} {_mark(effect.key)}"


def _shown(identified_by: str) -> Identifier:
    """Return what a member met offline had shown; see `identified_by`."""
    kind, _, text = identified_by.partition(":")
    match kind:
        case "phone":
            return PhoneNumber(text)
        case "number":
            return MemberNumber(text)
        case _:
            return WalletToken(text)
