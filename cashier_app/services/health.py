"""How the till is doing, as values: problems first, each with one action, then what is simply so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field

from cashier_app.domain.money import Money
from cashier_app.domain.outcome import RefusedBecause
from cashier_app.services.latency import Latency

MOST_DISCOUNTS = 500
"""Discounts no points paid for that are looked at, the newest first."""


class ProblemKind(StrEnum):
    """What is wrong."""

    NEEDS_ATTENTION = "sales need attention"
    SIGN_IN = "sign-in needed"
    WAITING = "sales wait"
    OFFLINE = "offline"
    DAMAGED_ROWS = "damaged rows"
    SALES_LOST = "sales lost"
    DISK_SHORT = "disk nearly full"
    BACKUP_OLD = "no recent backup"
    BACKUP_UNTESTED = "backup never read back"
    FIGURES_WRONG = "figures differ from the sales"
    FIGURES_UNVERIFIED = "figures not verified"
    BOOKS_DISAGREE = "books disagree"
    DISCREPANCIES = "discounts without points"
    HOLDS_FORGOTTEN = "points held for nobody"
    CLOCK_OFF = "clock is wrong"
    PROGRAM_UNKNOWN = "program not read"
    LEDGER_BEHIND = "shared figures behind"
    STAFF_LOCKED = "people locked out"
    REVERSALS_LATE = "voids not posted"
    RETURNS_UNFINISHED = "returns to finish"


class Severity(StrEnum):
    """How much it matters. A notice asks for nothing and is not counted as a problem."""

    STOP = "stop"
    WARNING = "warning"
    NOTICE = "notice"


class Action(StrEnum):
    """The one thing a person can do.

    `COMPARE`, `CLOSE_TILL` and what opens something are the window's; `HealthActions` does all others.
    """

    OPEN_QUEUE = "open the queue"
    OPEN_SIGN_IN = "sign in again"
    OPEN_STAFF = "open staff"
    OPEN_RETURN = "open the return"
    COMPARE = "compare with the loyalty system"
    CLOSE_TILL = "close the till"
    SEND_NOW = "send now"
    LOOK_NOW = "look now"
    BACK_UP = "back up now"
    VERIFY_FIGURES = "verify now"
    REBUILD_FIGURES = "work out again"
    RELEASE_HOLDS = "let go of points"
    READ_PROGRAM = "read the program"
    SEND_LEDGER = "send figures"
    FREE_SPACE = "look again"
    DISCOUNTS_SEEN = "discounts seen"
    LOSS_SEEN = "loss seen"


class Problem(Struct, frozen=True):
    """One thing that is wrong, or will be.

    Args:
        action: What cures it; None for a notice that cures itself.
        count: Sales, rows, differences or what else it is about.
        since: When it began, UTC; None where nobody knows.
        off_by: How far a clock is off, ahead of what is right where positive.
        worth: What it cost.
        because: For sales that need attention: why the backend refused the most of them, where it said so.
        detail: A name or a sentence of another service; plain text from outside.
    """

    kind: ProblemKind
    severity: Severity
    action: Action | None
    count: int = 0
    since: datetime | None = None
    off_by: timedelta | None = None
    worth: Money | None = None
    because: RefusedBecause | None = None
    detail: str = ""


class FailureGroup(Struct, frozen=True):
    """Effects that failed today for one reason; `because` is None where no answer came."""

    because: RefusedBecause | None
    effects: int


class Holds(Struct, frozen=True):
    """Points held for sales under way.

    Args:
        here: Holds of this till that are neither used nor given back.
        oldest: When the oldest of them was made, UTC.
        at_backend: Holds the backend lists for the shop; None where it lists none, or was not asked yet.
        asked_at: When it was asked, UTC.
    """

    here: int = 0
    oldest: datetime | None = None
    at_backend: int | None = None
    asked_at: datetime | None = None


class BooksChecked(Struct, frozen=True):
    """The last comparison with the backend's own books.

    Args:
        differences: Findings of it; 0 means that figures and ledger agree.
        sales: Sales compared.
        whole: Whether nothing was left out.
    """

    at: datetime
    sales: int
    differences: int
    whole: bool = True


class FiguresVerified(Struct, frozen=True):
    """The last time the kept figures were worked out again from the sales themselves."""

    at: datetime
    differences: int


class Backup(Struct, frozen=True):
    """The newest backup; `test_read` when it was read back whole after it was written."""

    at: datetime
    test_read: bool


class ProgramInForce(Struct, frozen=True):
    """The loyalty program this till quotes by, and since when it is known here, UTC."""

    version: str
    since: datetime | None


class LedgerFeed(Struct, frozen=True):
    """What the shared ledger has not been told yet, and why, in a sentence; `oldest` UTC."""

    waiting: int
    oldest: datetime | None
    trouble: str = ""


class Discounts(Struct, frozen=True):
    """Discounts no points paid for: found today, and those nobody has said they saw."""

    today: int = 0
    unseen: int = 0
    worth: Money | None = None


class HealthReport(Struct, frozen=True):
    """One look at the till.

    Args:
        at: When it was taken, UTC.
        till_at: When the till itself last said how it is; long ago where it does not run.
        problems: The gravest first; a notice asks for nothing.
        waiting: Sales not posted yet that post by themselves, `stuck` those that need a person.
        oldest_waiting: When the oldest of those that wait was made, UTC; `oldest_stuck` of the others.
        latency: Of today; `latency_by_hour` of each hour that has calls, 0 to 23 in the shop's time.
        offline_seconds: Of today; None where it was not watched.
        offline_sales: Sales made meanwhile, today.
        books: None where the books were never compared; `books_readable` says whether they can be.
        figures: None where the kept figures were never verified.
        clock_ahead: How far this till's clock is ahead of the backend's, or behind the last act written down;
            None where nobody says.
        lapsed_told: Whether the backend tells which points expired.
        ledger: None where no ledger is shared.
        version: Of this program.
    """

    at: datetime
    till_at: datetime | None = None
    problems: tuple[Problem, ...] = ()
    waiting: int = 0
    stuck: int = 0
    oldest_waiting: datetime | None = None
    oldest_stuck: datetime | None = None
    failures: tuple[FailureGroup, ...] = ()
    latency: Latency = Latency()
    latency_by_hour: Mapping[int, Latency] = field(default_factory=dict)
    holds: Holds = Holds()
    offline_since: datetime | None = None
    offline_seconds: int | None = None
    offline_sales: int = 0
    books: BooksChecked | None = None
    books_readable: bool = False
    figures: FiguresVerified | None = None
    clock_ahead: timedelta | None = None
    discounts: Discounts = Discounts()
    backup: Backup | None = None
    free_bytes: int = 0
    program: ProgramInForce | None = None
    lapsed_told: bool = False
    ledger: LedgerFeed | None = None
    version: str = ""

    @property
    def count(self) -> int:
        """Return how many problems there are; notices are none."""
        return sum(problem.severity is not Severity.NOTICE for problem in self.problems)

    @property
    def is_well(self) -> bool:
        """Say whether nothing needs anybody."""
        return self.count == 0
