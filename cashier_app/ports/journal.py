"""What the till asks of its own database: one transaction for every move, nothing ever deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from msgspec import Struct

from cashier_app.domain.acts import Act
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.member import Account, Member
from cashier_app.domain.offline_policy import OfflineRecord
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectState, Sale, SaleState
from cashier_app.domain.settlement import Settlement
from cashier_app.errors import KnownError

CHANGED_SINCE = "Something happened to this sale meanwhile. Nothing was changed. Look at it again."
_ENDED = frozenset({EffectState.POSTED, EffectState.DROPPED})


class EffectRow(Struct, frozen=True):
    """An effect with its delivery record.

    Args:
        sequence: Local order of birth; delivery order within one member.
        attempts: Times it was sent.
        next_attempt_at: Not to be sent before, UTC.
        last_answer: What came of the last attempt, in the words of the log.
        in_doubt_since: When the first attempt was made of which nobody can be sure whether it took hold, UTC.
        lost_person: Whom it is for was kept unreadable, and the key to it is lost: it must not be sent.
    """

    sequence: int
    effect: Effect
    state: EffectState
    attempts: int
    next_attempt_at: datetime
    last_attempt_at: datetime | None
    last_answer: str
    booked: Booked | None
    in_doubt_since: datetime | None = None
    lost_person: bool = False

    @property
    def withdrawn(self) -> bool:
        """Say whether this is a return asked for first that never was: no money was given."""
        return self.effect.asked_first and self.state is EffectState.DROPPED


class Seen(Struct, frozen=True):
    """What a sale's effects were when somebody looked: so many, and so many of them ended.

    Effects are only ever added and only move forward: where both counts are the same, nothing happened since.
    """

    effects: int
    ended: int


def seen_of(rows: Sequence[EffectRow]) -> Seen:
    """Return what was seen of a sale with these effects, all it has."""
    return Seen(len(rows), sum(row.state in _ENDED for row in rows))


class ChangedSinceError(KnownError):
    """What was shown of a sale does not hold any more; nothing was written."""

    def __init__(self) -> None:
        super().__init__(CHANGED_SINCE)


class UnsentSale(Struct, frozen=True):
    """A committed sale, or an act beside the sales, that the backend does not have whole yet.

    Args:
        sale: Of an act, the facts of another till's sale; without such a sale its number is empty, its
            amounts are zero, and only id and time say something.
        act: What was noted with `queue_act`; empty for a sale of this till.
    """

    sale: Sale
    effects: tuple[EffectRow, ...]
    act: str = ""


class SettledEffect(Struct, frozen=True):
    """An effect a manager settled by hand, as it stands, with its sale."""

    settlement: Settlement
    sale: Sale
    row: EffectRow


class RecordedSale(Struct, frozen=True):
    """A committed sale that has effects, whatever became of them.

    Args:
        counter: The till's count of sales; pages of a long list go on behind it.
    """

    counter: int
    sale: Sale
    effects: tuple[EffectRow, ...]


class QueueCounts(Struct, frozen=True):
    """Sales and acts not posted yet: those that post by themselves, and those that need a person."""

    waiting: int
    needs_attention: int


class SaleLine(Struct, frozen=True):
    """A recent sale for the list on the screen."""

    sale: Sale
    state: EffectState


class DayFigures(Struct, frozen=True):
    """Loyalty at this till on one day.

    Args:
        sales: Sales rung up, `with_member` of them with a member, `redeemed` of them with points used.
        points_earned: Points the committed sales earn, booked or still to be; not those refused.
        best_share: Best day of this month, percent with a member, today included; None without any.
        since: Time of the first sale, UTC.
    """

    sales: int
    with_member: int
    redeemed: int
    points_earned: Decimal
    best_share: int | None
    since: datetime | None


class Journal(Protocol):
    """The till's durable memory. When a method that writes returns, the rows are on disk.

    Raises:
        KnownError: From every writing method when the disk is full or the database cannot be written.
    """

    def open_draft(self, sale_id: str, effect: Effect) -> None:
        """Record that points are about to be held, before anybody is asked to hold them."""

    def reservation_made(self, sale_id: str, booked: Booked | None, answer: str) -> None:
        """Record how the hold went: booked, or refused (None), or in doubt (None and answer `unknown`)."""

    def commit_sale(
        self,
        sale: Sale,
        effects: Sequence[Effect],
        undoing: Sequence[Effect] = (),
        seen: Seen | None = None,
    ) -> Sale:
        """Write sale, effects and audit row in one transaction, and return the sale with its number.

        Committing the same sale id again returns the first sale and writes nothing.

        Args:
            sale: Without its number.
            effects: What the backend is to be told of it.
            undoing: All that one return of another sale leads to: what is taken back in exchange, or the sale
                this one is rung up anew for. It is queued in the same transaction, before `effects`. One that
                moves no points is kept as with `note_return`.
            seen: As for `queue_refund`, of the sale `undoing` is about.

        Raises:
            ChangedSinceError: Something happened to that sale since it was looked at: nothing is written.
        """

    def abandon_draft(self, sale_id: str, release: Effect | None, reason: str) -> None:
        """Close a draft whose customer did not pay, queueing the release of what may be held."""

    def drafts(self) -> list[EffectRow]:
        """Return the holds of drafts that are neither committed nor abandoned."""

    def due(self, now: datetime, limit: int) -> list[EffectRow]:
        """Return effects to send now: oldest first, one per member, none behind an unfinished one."""

    def next_due_at(self) -> datetime | None:
        """Return when the earliest unsent effect may be tried, or None when nothing waits."""

    def move(
        self,
        key: str,
        state: EffectState,
        *,
        answer: str,
        at: datetime,
        next_attempt_at: datetime | None = None,
        booked: Booked | None = None,
        was: EffectState | None = None,
    ) -> bool:
        """Move an effect forward, with its audit row, in one transaction. A forbidden move is a bug.

        With `was` nothing is changed where it stands elsewhere by now, and False is returned.
        """

    def postpone(self, key: str, *, answer: str, at: datetime, next_attempt_at: datetime) -> None:
        """Record one more fruitless look-up of an effect in doubt, and when to look again."""

    def make_due(self, key: str | None = None) -> None:
        """Let waiting effects (or the one with this key) be tried at once, whatever their backoff says."""

    def interrupted(self) -> list[EffectRow]:
        """Return effects a dead process left in `SENDING`: nobody knows what became of them."""

    def effects_of(self, sale_id: str) -> list[EffectRow]:
        """Return a sale's effects in order."""

    def references_since(self, since: datetime) -> tuple[str, ...]:
        """Return the backend's references of what was booked by attempts since then, UTC."""

    def queue_act(
        self,
        act_id: str,
        effects: Sequence[Effect],
        note: str,
        *,
        of_sale: Sale | None = None,
        counted: Act | None = None,
        seen: Seen | None = None,
    ) -> bool:
        """Queue what is done about members, or about a sale of another till, or later about one of this till.

        In one transaction: the effects, what they hang on, the audit rows, and what they count. Answers
        False, and writes nothing, where one of these keys was queued before. `queue_refund` goes for what
        comes back of another till's sale, once its facts are here by `keep_sale`.

        Args:
            act_id: `Effect.sale_id` of all of them: a new UUIDv7, or the id of the sale they are about. A
                committed sale of this till stays what it is; for anything else a row of state `ACT` is made.
            effects: At least one; members by id or by `identified_by`, and `ENROL` by the same
                `identified_by` as the sales that are to wait for it.
            note: What is done, in the words of the audit log, such as ``enrolment``; names nobody.
            of_sale: The facts of another till's sale, with its number.
            counted: The act that is counted with it, once for its key.
            seen: As for `queue_refund`.

        Raises:
            ValueError: They are about a draft or an abandoned sale: a bug.
        """

    def keep_sale(self, sale: Sale, note: str) -> bool:
        """Keep the facts of another till's sale, so that it can be returned here; False where they are kept.

        Raises:
            ValueError: It is a draft or an abandoned sale of this till: a bug.
        """

    def sale(self, sale_id: str) -> tuple[Sale, SaleState] | None:
        """Return a committed sale by its id, or another till's sale whose facts are kept here."""

    def sales_of(self, member_id: str, limit: int) -> list[SaleLine]:
        """Return the committed sales of a member at this till, the newest first.

        Those they were served with while known by id, and those they claimed later; not those made for them
        while nobody could look them up.
        """

    def closed_until(self) -> datetime | None:
        """Return when the day was closed last at this till, UTC; None where it never was."""

    def unsent(self, limit: int = 500) -> list[UnsentSale]:
        """Return sales and acts not wholly posted, those that need attention first, then oldest first."""

    def counts(self) -> QueueCounts:
        """Return how many sales and acts wait and how many need a person."""

    def oldest_reversal(self) -> datetime | None:
        """Return when the oldest void or move was made that the backend does not have, UTC."""

    def late_reversals(self, made_before: datetime) -> list[EffectRow]:
        """Return what undoes a sale, was made before then, UTC, and still waits to be posted by itself."""

    def oldest_unsent(self) -> datetime | None:
        """Return when the oldest sale not wholly posted was made, UTC, or None when all are posted."""

    def settle_by_hand(self, settlement: Settlement) -> bool:
        """End an effect that needs attention as a manager says, with the audit row of who and why.

        Answers False, and writes nothing, when the effect does not need attention any more.
        """

    def settled(self, limit: int = 500) -> list[SettledEffect]:
        """Return what was settled by hand, the newest first."""

    def count_recorded(self, since: datetime) -> int:
        """Return how many sales with effects were made since then."""

    def recorded(self, since: datetime, after: int, limit: int) -> list[RecordedSale]:
        """Return sales with effects made since then, behind this count, in the order of their numbers."""

    def note(self, subject: str, event: str, detail: str, at: datetime) -> None:
        """Write a row of the audit log about something that moved nothing here."""

    def recent(self, limit: int) -> list[SaleLine]:
        """Return the newest sales first."""

    def sold_as(self, count: int) -> SaleLine | None:
        """Return the committed sale with this count: the number after the till's in ``2-0418``."""

    def sold_between(self, since: datetime, until: datetime, limit: int) -> list[SaleLine]:
        """Return what was sold from then until before then, UTC, the newest first."""

    def day_figures(self, day: date) -> DayFigures:
        """Return the figures of one business day."""

    def count_act(self, act: Act) -> bool:
        """Keep and count what was done besides selling: an enrolment, a limit lifted, points that lapsed.

        Answers False, and writes nothing, when it was kept before.
        """

    def offline_record(self, member_id: str) -> OfflineRecord:
        """Return what counts against another redemption of this member while offline."""

    def write_off(self, key: str, because: str, at: datetime) -> None:
        """End a use of points given offline and refused since, with its discrepancy and audit rows."""

    def discrepancies(self, limit: int = 500) -> list[Discrepancy]:
        """Return the discounts no points paid for, the newest first."""

    def queue_refund(self, refund: Sequence[Effect], seen: Seen | None = None) -> bool:
        """Queue all that one return of a sale leads to, behind what its account still waits for.

        The sale is a committed one, or another till's whose facts are kept here.

        Answers False, and writes nothing, when a return with this count was queued or kept before, or where
        the sale is not as it was seen: what was reckoned then does not hold any more.

        Args:
            refund: Its effects, all of one count.
            seen: What the sale's effects were when the return was reckoned; None where that does not matter.
        """

    def note_return(self, returned: Effect, seen: Seen | None = None) -> bool:
        """Keep a return that leads to nothing at the backend, so that what is left of its sale is known.

        Answers False, and writes nothing, as `queue_refund` does.
        """

    def queue_release(self, release: Effect) -> bool:
        """Queue one more release of an abandoned draft's hold.

        Answers False, and writes nothing, when it was queued before or the draft is no abandoned one.
        """

    def remember_member(self, member: Member, account: Account, *lookup_keys: str) -> None:
        """Keep what was shown for a member, to be shown as old while offline; the keys are hashes."""

    def remembered_member(self, lookup_key: str) -> tuple[Member, Account] | None:
        """Return what was last known of a member."""

    def remember(self, name: str, text: str) -> None:
        """Keep a document under a name, replacing the one before; for what the backend can say again."""

    def recall(self, name: str) -> str | None:
        """Return a kept document."""

    def close(self) -> None:
        """Close this process's connections."""
