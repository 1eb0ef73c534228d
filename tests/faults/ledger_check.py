"""Compare a till with its server after everything was sent: nothing lost, nothing doubled, no phantom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from cashier_app import data_folder, demo_shop
from cashier_app.config import till_settings
from cashier_app.demo.server import DemoServer
from cashier_app.domain.sale import EffectKind, SaleState
from cashier_app.errors import KnownError
from cashier_app.ports.journal import Journal
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.recoveries import RECOVERY_NAME, recovery_in

_BOOKED_ONCE = (EffectKind.CAPTURE, EffectKind.SALE, EffectKind.REFUND)


@dataclass
class Findings:
    """What was said and what was found, sale ids by fault.

    Args:
        said_done: Sales and returns whose end the cashier saw.
        refused: Sales the cashier was told are not saved, and `in_doubt` those nobody could say.
        with_points: How many committed sales took points.
        returns: How many of the committed ones are returns.
        released: How many holds were given back.
        unsettled: Sales still waiting, or waiting for a person, after everything was sent.
        broken: What is wrong with the till's own books, in words.
    """

    said_done: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    in_doubt: set[str] = field(default_factory=set)
    committed: set[str] = field(default_factory=set)
    with_points: int = 0
    returns: int = 0
    released: int = 0
    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    phantom: set[str] = field(default_factory=set)
    unsettled: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Say whether everything is as it must be."""
        return not (self.lost or self.doubled or self.phantom or self.unsettled or self.broken)


def movements(server: DemoServer) -> list[tuple[str, str]]:
    """Return kind and sale of every movement in the server's ledger.

    The release of a hold that had run out before is booked too, but moves nothing: it is no second end.
    """
    rows = server.ledger.rows("SELECT kind, sale_id FROM movements WHERE kind <> 'release' OR units <> 0")
    return [(str(kind), str(sale)) for kind, sale in rows]


def compare(server: DemoServer, folder: Path, before: set[str], findings: Findings) -> None:
    """Compare what the till said and wrote with the ledger; `before` are sales that stood there already."""
    expected = _books_of_the_till(folder, findings)
    findings.phantom |= findings.refused & findings.committed
    booked: dict[str, Counter[str]] = {}
    for kind, sale_id in movements(server):
        if sale_id not in before:
            booked.setdefault(kind, Counter())[sale_id] += 1
    for kind in _BOOKED_ONCE:
        there = booked.get(kind.value, Counter())
        findings.lost |= expected[kind] - set(there)
        findings.doubled |= {sale_id for sale_id, times in there.items() if times > 1}
        findings.phantom |= set(there) - expected[kind]
    ends = [booked.get(kind, Counter()) for kind in ("capture", "release", "expire")]
    findings.released = len(ends[1])
    holds = booked.get("reserve", Counter())
    findings.phantom |= {sale_id for sale_id in holds if sum(end[sale_id] for end in ends) != 1}


def _check_figures(journal: Journal, findings: Findings) -> None:
    """Hold what is counted to what the rows come to, whenever the till was killed."""
    apart = journal.figures_apart() if isinstance(journal, SqliteJournal) else []
    if apart:
        findings.broken.append(f"what is counted is not what the sales come to: {apart[0]}")


def _books_of_the_till(folder: Path, findings: Findings) -> dict[EffectKind, set[str]]:
    """Return which sales must stand at the backend, by kind."""
    till = demo_shop.DEMO_CONFIG.store.till
    expected: dict[EffectKind, set[str]] = {kind: set() for kind in _BOOKED_ONCE}
    try:
        data_folder.describe_audit_log(folder, till)
    except KnownError as error:
        findings.broken.append(error.sentence)
    journal = data_folder.existing_journal(folder, till, till_settings(demo_shop.DEMO_CONFIG).zone)
    try:
        if recovery_in(journal.recall(RECOVERY_NAME)) is not None:
            findings.broken.append("the database was taken for damaged")
        lines = journal.recent(1_000_000)
        for line in lines:
            sale = line.sale
            findings.committed.add(sale.sale_id)
            kinds = {row.effect.kind for row in journal.effects_of(sale.sale_id)}
            for kind in kinds & set(_BOOKED_ONCE):
                expected[kind].add(sale.sale_id)
            returned = EffectKind.REFUND in kinds
            findings.returns += returned
            findings.with_points += sale.points_used > 0 and not returned
            if not returned and EffectKind.SALE not in kinds:
                findings.broken.append(f"{sale.number} was committed without its effects")
            if sale.points_used > 0 and not returned and EffectKind.CAPTURE not in kinds:
                findings.broken.append(f"{sale.number} gave a discount for points that are not taken")
        for sale_id in findings.said_done:
            found = journal.sale(sale_id)
            if found is None or found[1] is not SaleState.COMMITTED:
                findings.lost.add(sale_id)
        numbers = sorted(int(line.sale.number.split("-")[1]) for line in lines)
        if numbers != list(range(1, len(numbers) + 1)):
            findings.broken.append("the numbers of the sales have gaps")
        _check_figures(journal, findings)
    finally:
        journal.close()
    return expected
