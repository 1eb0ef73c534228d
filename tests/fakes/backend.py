"""A loyalty backend in memory: a tiny ledger, idempotent by key, that fails as told."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum, auto

from msgspec.structs import replace

from cashier_app.backends.plain_backend import PlainBackend
from cashier_app.domain.bill import Bill
from cashier_app.domain.identifier import Identifier, identified_by
from cashier_app.domain.ledger import LedgerAnswer, LedgerLine, LedgerRead
from cashier_app.domain.member import Account, Member
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    CodeTooOld,
    Lookup,
    MemberFound,
    NoSuchMember,
    NotApplied,
    Outcome,
    Pending,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SeveralMembers,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.loyalty import (
    Capabilities,
    HoldsAnswer,
    HoldsRead,
    Idempotency,
    OpenHold,
    Quoting,
    Reserving,
)
from tests.fakes.clock import FakeClock

HOLD = timedelta(minutes=15)
NEVER = timedelta(days=3650)
CAPABILITIES = Capabilities(
    reserving=Reserving.HARD,
    hold=HOLD,
    idempotency=Idempotency.KEY,
    key_life=timedelta(days=30),
    search_lag=timedelta(0),
    tiers=False,
    store_credit=False,
    negative_balance=False,
    reads_ledger=True,
    knows_claims=True,
)


class Fault(StrEnum):
    """What goes wrong with one request that changes something."""

    ANSWER_LOST = auto()
    REQUEST_LOST = auto()
    NOT_REACHED = auto()
    BUSY = auto()
    REFUSED = auto()
    SIGN_IN = auto()
    PENDING = auto()
    BUG = auto()


@dataclass
class LedgerMember:
    """One member's row of the ledger."""

    member: Member
    balance: Decimal
    known_by: tuple[str, ...] = ()
    version: int = 1


@dataclass
class Hold:
    """Points held for a sale."""

    reference: str
    member_id: str
    points: Decimal
    since: datetime
    expires_at: datetime
    open: bool = True


@dataclass
class FakeBackend(PlainBackend):
    """The `LoyaltyBackend` without a network.

    Args:
        can: What it declares itself able to do.
        silent: Nothing answers at all.
        tells_time: Whether its answers say what time it is.
        too_old: Identifier texts (``wallet:…``) answered as run out.
        faults: What goes wrong with the next requests that change something, one each; None is a good one.
        look_ups_lost: How many of the next look-ups of effects go unanswered.
        look_up_answers: What the next look-ups of effects are answered instead of the truth.
        ledger_answers: The same for the next readings of the books.
        took_hold: How often each (sale id, kind) took hold, whatever its key: the truth about doubles.
        forgets_keys: Whether a repeat takes hold again, as with a backend that can only be read back.
        offers: What is offered on any bill; None for what the program says.
        asked_for: Minor units of the bills offers were asked for.
        shape: How it plans sales; None for as the till wants it.
        order: Keys in the order in which they took hold.
    """

    clock: FakeClock
    the_program: Program
    members: dict[str, LedgerMember] = field(default_factory=dict)
    can: Capabilities = CAPABILITIES
    silent: bool = False
    tells_time: bool = True
    too_old: set[str] = field(default_factory=set)
    faults: deque[Fault | None] = field(default_factory=deque)
    refuse_because: RefusedBecause = RefusedBecause.NOT_ALLOWED
    busy_seconds: int = 0
    polls: int = 1
    look_ups_lost: int = 0
    look_up_answers: deque[Reconciled] = field(default_factory=deque)
    ledger_answers: deque[LedgerAnswer] = field(default_factory=deque)
    took_hold: Counter[tuple[str, EffectKind]] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    holds: dict[str, Hold] = field(default_factory=dict)
    booked: dict[str, Booked] = field(default_factory=dict)
    taken: dict[str, Decimal] = field(default_factory=dict)
    earned: dict[str, Decimal] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    closed: bool = False
    forgets_keys: bool = False
    offers: Offers | None = None
    asked_for: list[int] = field(default_factory=list)
    shape: Callable[[Sequence[Effect]], tuple[Effect, ...]] | None = None
    _pending: dict[str, int] = field(default_factory=dict)
    _accepted: dict[str, Effect] = field(default_factory=dict)

    def add(self, member: Member, balance: int, *known_by: str) -> None:
        """Put a member into the ledger; `known_by` are texts such as ``phone:+91…``."""
        self.members[member.member_id] = LedgerMember(member, Decimal(balance), known_by)

    @property
    def capabilities(self) -> Capabilities:
        """Return what this backend can do."""
        return self.can

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far the true time is ahead of the till's."""
        return self.clock.true_now() - self.clock.now() if self.tells_time else None

    def program(self) -> Program:
        """Return the program in force."""
        if self.silent:
            raise KnownError("The loyalty system does not answer.")
        return self.the_program

    def find(self, identifier: Identifier) -> Lookup:
        """Find who is known by this."""
        if self.silent:
            return Unreachable("no route")
        text = identified_by(identifier)
        if text in self.too_old:
            return CodeTooOld(self.clock.true_now() - timedelta(minutes=10), 60)
        found = [MemberFound(row.member, self.account(row)) for row in self._known_by(text)]
        if len(found) > 1:
            return SeveralMembers(tuple(found))
        return found[0] if found else NoSuchMember()

    def refresh(self, member_id: str) -> Lookup:
        """Read an account again."""
        if self.silent:
            return Unreachable("no route")
        row = self.members.get(member_id)
        return NoSuchMember() if row is None else MemberFound(row.member, self.account(row))

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Return what is offered on this bill: the program's own rules, unless a test says otherwise."""
        if self.can.quoting is not Quoting.VENDOR:
            return super().options(member_id, bill)
        self.asked_for.append(bill.total.minor)
        if self.silent:
            return Unreachable("no route")
        return self.offers or Offers(self.the_program.redemption, self.the_program.rewards)

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Plan as the till wants it, or in the shape a test says."""
        return tuple(effects) if self.shape is None else self.shape(effects)

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold, or fail as told."""
        self.sent.append(effect.key)
        if self.silent:
            return RetryLater(reason="no route", reached=False)
        match self.faults.popleft() if self.faults else None:
            case Fault.NOT_REACHED:
                return RetryLater(reason="no route", reached=False)
            case Fault.BUSY:
                return RetryLater(self.busy_seconds, "busy")
            case Fault.SIGN_IN:
                return SignInNeeded()
            case Fault.REQUEST_LOST:
                return Unknown("the connection broke")
            case Fault.REFUSED if effect.key not in self.booked:
                return Refused(self.refuse_because, "Not today.")
            case Fault.PENDING if effect.key not in self.booked:
                self._pending[effect.key] = self.polls
                self._accepted[effect.key] = effect
                return Pending()
            case Fault.ANSWER_LOST:
                self._settle(effect)
                return Unknown("no answer within the limit")
            case Fault.BUG:
                raise ZeroDivisionError("a bug in the adapter")
        return self._settle(effect)

    def reconcile(self, effect: Effect) -> Reconciled:
        """Look an effect up by its key."""
        if self.silent:
            return RetryLater(reason="no route", reached=False)
        if self.look_ups_lost > 0:
            self.look_ups_lost -= 1
            return Unknown("no answer within the limit")
        if self.look_up_answers:
            return self.look_up_answers.popleft()
        if effect.key in self._pending:
            self._pending[effect.key] -= 1
            if self._pending[effect.key] > 0:
                return Pending()
            del self._pending[effect.key]
            settled = self._settle(self._accepted.pop(effect.key))
            return settled if isinstance(settled, Applied | AlreadyApplied) else NotApplied()
        booked = self.booked.get(effect.key)
        return NotApplied() if booked is None else AlreadyApplied(booked)

    def ledger(self, sale_id: str) -> LedgerAnswer:
        """Return what the books hold for a sale."""
        if self.silent:
            return RetryLater(reason="no route", reached=False)
        if self.ledger_answers:
            return self.ledger_answers.popleft()
        lines = []
        for key in self.order:
            if key.startswith(sale_id):
                kind, points = key[37:].rpartition("-")[0], self.booked[key].points or Decimal(0)
                moved = {"reserve": -points, "capture": Decimal(0)}.get(kind, points)
                lines.append(LedgerLine(key, kind, moved))
        return LedgerRead(tuple(lines))

    def list_holds(self) -> HoldsAnswer:
        """Return what is held, by the keys it was asked for with."""
        if not self.can.lists_holds:
            return super().list_holds()
        if self.silent:
            return RetryLater(reason="no route", reached=False)
        keys = {booked.reference: key for key, booked in self.booked.items()}
        return HoldsRead(
            tuple(
                OpenHold(keys[hold.reference], hold.member_id, hold.reference, hold.since)
                for hold in self.open_holds()
            )
        )

    def probe(self) -> Probed:
        """Try the backend out."""
        found = Found.UNREACHABLE if self.silent else Found.WORKS
        return Probed((RightProbed(Right.PROGRAM, found),))

    def is_reachable(self) -> bool:
        """Say whether anything answers."""
        return not self.silent

    def close(self) -> None:
        """Note that nobody needs it any more."""
        self.closed = True

    def account(self, row: LedgerMember) -> Account:
        """Return an account as it stands: held points are not spendable."""
        held = sum((hold.points for hold in self.open_holds(row.member.member_id)), Decimal(0))
        return Account(balance=row.balance - held, as_of=self.clock.true_now(), version=str(row.version))

    def open_holds(self, member_id: str | None = None) -> list[Hold]:
        """Return the holds in force, of one member or of all."""
        return [
            hold
            for hold in self.holds.values()
            if hold.open and self.clock.true_now() < hold.expires_at and member_id in {None, hold.member_id}
        ]

    def _known_by(self, text: str) -> list[LedgerMember]:
        return [row for row in self.members.values() if text in row.known_by]

    def _settle(self, effect: Effect) -> Outcome:
        before, row = self.booked.get(effect.key), self._row_of(effect)
        if before is not None and not self.forgets_keys:
            theirs = row is None or before.member_id in {"", row.member.member_id}
            return AlreadyApplied(before) if theirs else _key_reused(effect)
        if row is None:
            return Refused(RefusedBecause.INVALID, "Nobody is known by this.")
        booked = self._book(effect, row)
        if isinstance(booked, Refused):
            return booked
        row.version += 1
        self.took_hold[effect.sale_id, effect.kind] += 1
        self.order.append(effect.key)
        self.booked[effect.key] = booked
        return Applied(booked)

    def _book(self, effect: Effect, row: LedgerMember) -> Booked | Refused:
        match effect.kind:
            case EffectKind.RESERVE:
                return self._reserve(effect, row)
            case EffectKind.CAPTURE:
                return self._capture(effect, row)
            case EffectKind.RELEASE:
                return self._release(effect, row)
            case EffectKind.SALE:
                return self._sale(effect, row)
            case EffectKind.REDEEM:
                return self._redeem(effect, row)
            case EffectKind.CLAW_BACK | EffectKind.RESTORE:
                return self._give(effect, row)
            case EffectKind.REFUND:
                raise NotImplementedError("this backend works out no returns")

    def _row_of(self, effect: Effect) -> LedgerMember | None:
        if effect.member_id:
            return self.members.get(effect.member_id)
        return next(iter(self._known_by(effect.identified_by)), None)

    def _reserve(self, effect: Effect, row: LedgerMember) -> Booked | Refused:
        account = self.account(row)
        if row.member.blocked_since:
            return Refused(RefusedBecause.MEMBER_BLOCKED, "Blocked.", account)
        if effect.points > account.balance:
            return Refused(RefusedBecause.BALANCE_TOO_LOW, "Too few points.", account)
        reference = f"hold-{len(self.holds) + 1}"
        now = self.clock.true_now()
        until = now + (self.can.hold or NEVER)
        self.holds[reference] = Hold(reference, row.member.member_id, effect.points, now, until)
        return Booked(reference, self.account(row).balance, effect.points, until)

    def _capture(self, effect: Effect, row: LedgerMember) -> Booked | Refused:
        hold = self.holds.get(effect.reservation)
        held = hold is not None and hold.open and self.clock.true_now() < hold.expires_at
        if not held and effect.points > self.account(row).balance:
            return Refused(RefusedBecause.RESERVATION_GONE, "The hold has ended.", self.account(row))
        if hold is not None:
            hold.open = False
        row.balance -= effect.points
        self.taken[effect.sale_id] = self.taken.get(effect.sale_id, Decimal(0)) + effect.points
        return Booked(f"taken-{effect.key}", self.account(row).balance, effect.points)

    def _redeem(self, effect: Effect, row: LedgerMember) -> Booked | Refused:
        if effect.points > self.account(row).balance:
            return Refused(RefusedBecause.BALANCE_TOO_LOW, "Too few points.", self.account(row))
        row.balance -= effect.points
        self.taken[effect.sale_id] = self.taken.get(effect.sale_id, Decimal(0)) + effect.points
        return Booked(f"taken-{effect.key}", self.account(row).balance, effect.points)

    def _give(self, effect: Effect, row: LedgerMember) -> Booked:
        row.balance += effect.points if effect.kind is EffectKind.RESTORE else -effect.points
        return Booked(f"given-{effect.key}", self.account(row).balance, effect.points)

    def _release(self, effect: Effect, row: LedgerMember) -> Booked | Refused:
        hold = self.holds.get(effect.reservation)
        if hold is None or not hold.open or self.clock.true_now() >= hold.expires_at:
            return Refused(RefusedBecause.RESERVATION_GONE, "The hold has ended.")
        hold.open = False
        return Booked(f"released-{effect.key}", self.account(row).balance, hold.points)

    def _sale(self, effect: Effect, row: LedgerMember) -> Booked | Refused:
        row.balance += effect.points
        row.member = replace(row.member, last_visit=effect.at.date())
        self.earned[effect.sale_id] = self.earned.get(effect.sale_id, Decimal(0)) + effect.points
        booked = Booked(f"sale-{effect.key}", self.account(row).balance, effect.points)
        return replace(booked, member_id=row.member.member_id)


def _key_reused(effect: Effect) -> Refused:
    """Refuse a key that came with another request: a sale claimed for somebody else is theirs."""
    because = RefusedBecause.ALREADY_LINKED if effect.claimed else RefusedBecause.INVALID
    return Refused(because, "This key came with another request.")
