"""A till's folder with sales in every state, what it holds, and the ways its files may be damaged."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.member import Account, Member
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import EffectKind, EffectState, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.local_state import Recovery
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id

TILL = "2"
FILE = "till.sqlite"
NOW = START + timedelta(hours=3)
BACKED_UP_AFTER = 20
SALES = 34
BOOKED = Booked("b-1", Decimal(1040), Decimal(21), START + timedelta(minutes=15))
WAYS: tuple[tuple[EffectState, ...], ...] = (
    (),
    (EffectState.SENDING,),
    (EffectState.SENDING, EffectState.UNKNOWN),
    (EffectState.SENDING, EffectState.POSTED),
    (EffectState.SENDING, EffectState.NEEDS_ATTENTION),
)


class Holdings(Struct, frozen=True):
    """All that counts in a journal; times of the next attempt do not."""

    sales: dict[str, Sale]
    effects: dict[str, EffectRow]
    drafts: tuple[str, ...]
    program: str | None
    member: tuple[Member, Account] | None

    def differs(self, other: Holdings) -> list[str]:
        """Return the sales and effects that are not as in `other`."""
        return [
            *(name for name in self.sales | other.sales if self.sales.get(name) != other.sales.get(name)),
            *(
                name
                for name in self.effects | other.effects
                if not _same(self.effects.get(name), other.effects.get(name))
            ),
        ]


def _same(one: EffectRow | None, other: EffectRow | None) -> bool:
    """Say whether two rows are alike; one whose person went with the key says so, and is never sent."""
    if one is None or other is None or one.lost_person == other.lost_person:
        return one == other
    bare = [
        replace(row, lost_person=False, effect=replace(row.effect, identified_by="")) for row in (one, other)
    ]
    return bare[0] == bare[1]


def new_folder(folder: Path, *, backup: bool = True, killed: Path | None = None) -> None:
    """Make a till's folder: sales in every state, a hold under way, one given up, a member and a program.

    `killed` becomes the same folder as a killed process leaves it: with the log beside the database.
    """
    with closing(open_journal(folder / FILE, TILL, START)) as journal:
        for count in range(1, SALES + 1):
            _ring_up(journal, count)
            if count == BACKED_UP_AFTER and backup:
                journal.back_up(START + timedelta(hours=1))
        # What the backup has as waiting has been posted since, or is on its way.
        for count, states in ((5, WAYS[3]), (10, WAYS[1])):
            for state in states:
                booked = BOOKED if state is EffectState.POSTED else None
                key = effect(EffectKind.SALE, count).key
                journal.move(key, state, answer=state.value, at=START, booked=booked)
        journal.open_draft(sale_id(900), effect(EffectKind.RESERVE, 900))
        journal.open_draft(sale_id(901), effect(EffectKind.RESERVE, 901))
        journal.reservation_made(sale_id(901), None, "unknown")
        journal.abandon_draft(sale_id(901), effect(EffectKind.RELEASE, 901), "went back")
        journal.remember("program", "the rules")
        journal.remember_member(Member("m-1", "Priya Rao", "", "MB1"), Account(Decimal(7), START), "m-1")
        if killed is not None:
            shutil.copytree(folder, killed)


def holdings(journal: SqliteJournal) -> Holdings:
    """Read all of a journal the way the till reads it."""
    with journal.database.reading() as connection:
        ids = [str(row[0]) for row in connection.execute("SELECT sale_id FROM sale ORDER BY rowid")]
        wanted = [str(row[0]) for row in connection.execute("SELECT key FROM effect")]
    sales = {name: found[0] for name in ids if (found := journal.sale(name)) is not None}
    rows = [row for name in ids for row in journal.effects_of(name)]
    effects = {row.effect.key: replace(row, next_attempt_at=START) for row in rows}
    if len(wanted) != len(effects):
        raise KnownError("an effect belongs to no sale")
    drafts = tuple(row.effect.key for row in journal.drafts())
    return Holdings(sales, effects, drafts, journal.recall("program"), journal.remembered_member("m-1"))


class Outcome(Struct, frozen=True):
    """What became of a damaged folder.

    Args:
        refused: The sentence the till did not start with, or empty.
        recovery: What was rescued, or None when nothing was found to be wrong.
        held: What the till reads now; None when it did not start or reads no more.
        problem: What is wrong with how it went, or empty.
    """

    refused: str = ""
    recovery: Recovery | None = None
    held: Holdings | None = None
    problem: str = ""


def copy_of(source: Path, target: Path) -> Path:
    """Return a fresh copy of a folder."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target)
    return target


def start(folder: Path) -> Outcome:
    """Start a till over a folder, sell once more, and read everything."""
    before = {path.name: path.read_bytes() for path in folder.glob(f"{FILE}*")}
    try:
        journal = open_journal(folder / FILE, TILL, NOW)
    except KnownError as error:
        after = {path.name: path.read_bytes() for path in folder.glob(f"{FILE}*")}
        same = all(
            after.get(name) == content for name, content in before.items() if not name.endswith("-shm")
        )
        return Outcome(refused=error.sentence, problem="" if same else "a refused file was changed")
    except Exception as error:  # noqa: BLE001 - whatever it is, the shop is closed
        return Outcome(problem=f"did not start: {error!r}")
    with closing(journal):
        recovery = journal.recovery
        try:
            held = holdings(journal)
            problem = "" if journal.first_broken_audit_row() is None else "the audit chain is broken"
            new = journal.commit_sale(sale(999), [effect(EffectKind.SALE, 999)])
        except (KnownError, ValueError, UnicodeDecodeError) as error:
            return Outcome(recovery=recovery, problem=f"cannot go on: {error!r}")
    if int(new.number.split("-")[1]) <= SALES:
        problem = f"receipt number {new.number} was given out before"
    with closing(open_journal(folder / FILE, TILL, NOW + timedelta(hours=1))) as again:
        if again.recovery is not None:
            problem = f"damaged again at the next start: {again.recovery.damage.value}"
    if recovery is not None:
        kept = [folder / name for name in recovery.aside]
        if not all(path.exists() for path in kept if not path.name.endswith("-shm")):
            problem = "the damaged files are gone"
        if FILE in before and kept and kept[0].read_bytes() != before[FILE]:
            problem = "the damaged file was changed"
    return Outcome(recovery=recovery, held=held, problem=problem)


def lost_sales(truth: Holdings, outcome: Outcome) -> list[str]:
    """Return the committed sales that are neither there, nor rescued, nor reported."""
    if outcome.refused:
        return []  # nothing was touched, and the till says so
    if outcome.held is None:
        return list(truth.sales)
    told = set(outcome.recovery.lost) if outcome.recovery else set()
    lost = []
    for name, one in truth.sales.items():
        found = outcome.held.sales.get(name)
        if (found is None and one.number not in told) or (
            found is not None and not _is_covered(truth, outcome.held, name)
        ):
            lost.append(name)
    return lost


def doubled_effects(truth: Holdings, outcome: Outcome) -> list[str]:
    """Return effects that would be sent blindly although they may have taken hold."""
    if outcome.held is None:
        return []
    return [
        key
        for key, row in outcome.held.effects.items()
        if row.state is EffectState.WAITING
        and (old := truth.effects.get(key)) is not None
        and old.state is not EffectState.WAITING
    ]


def phantom_sales(truth: Holdings, outcome: Outcome) -> list[str]:
    """Return sales that were never made."""
    return [] if outcome.held is None else [name for name in outcome.held.sales if name not in truth.sales]


def _is_covered(truth: Holdings, held: Holdings, name: str) -> bool:
    """Say whether what is left to do for a sale is still going to be done, by the sender or by a person."""
    kinds = {EffectKind.CAPTURE, EffectKind.SALE}
    done = {EffectState.POSTED, EffectState.DROPPED}
    for key, row in truth.effects.items():
        if row.effect.sale_id != name or row.effect.kind not in kinds or row.state in done:
            continue
        found = held.effects.get(key)
        if found is None or found.state in done:
            return False
    return True


def _ring_up(journal: SqliteJournal, count: int) -> None:
    member = f"m-{count % 7}" if count % 6 else ""
    at = START + timedelta(minutes=count)
    one = sale(count, member_id=member, at=at)
    if not member:
        journal.commit_sale(one, [])
        return
    effects = [effect(EffectKind.SALE, count, member_id=member, at=at)]
    if count % 4 == 0:
        journal.open_draft(sale_id(count), effect(EffectKind.RESERVE, count, member_id=member, at=at))
        journal.reservation_made(sale_id(count), BOOKED, "held")
        effects.insert(0, effect(EffectKind.CAPTURE, count, member_id=member, at=at, reservation="b-1"))
    if count % 9 == 0:
        effects = [replace(row, member_id="", identified_by="phone:+919845012210") for row in effects]
    journal.commit_sale(one, effects)
    for row in effects:
        for state in WAYS[count % len(WAYS)]:
            booked = BOOKED if state is EffectState.POSTED else None
            journal.move(row.key, state, answer=state.value, at=at, booked=booked)
