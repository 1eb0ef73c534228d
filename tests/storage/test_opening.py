"""A damaged database is set aside and its sales rescued; what is not ours is refused and left alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from cashier_app.bootstrap import Till, contract_backend
from cashier_app.command_line.parser import parser
from cashier_app.config import till_settings
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.domain.discrepancy import Discrepancy
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.local_state import Damage, Recovery
from cashier_app.storage import discrepancies, merging, salvage
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from cashier_app.storage.seals import SEALED
from cashier_app.wording.local_state import local_state_lines, recovery_sentence, space_sentence
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id
from tests.faults import damaged_shop, file_damage
from tests.faults.damaged_shop import FILE, NOW, SALES, TILL
from tests.storage.figures_by_hand import kept
from tests.unit.wording_shown import WORDING

rescues = pytest.mark.expects_log("the sales database was damaged")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    damaged_shop.new_folder(tmp_path)
    return tmp_path


@contextmanager
def opened(folder: Path) -> Iterator[SqliteJournal]:
    with closing(open_journal(folder / FILE, TILL, NOW)) as journal:
        assert journal.figures_apart() == [], "what is counted is what was rescued"
        yield journal


@rescues
def test_the_log_tells_of_the_rescue(folder: Path) -> None:
    file_damage.edit_a_sale(folder, random.Random(3))
    with opened(folder) as journal:
        recovery = journal.recovery
        assert recovery is not None
        assert recovery.damage is Damage.ROW_CHANGED
        assert recovery.rescued == SALES
        assert recovery.at == NOW
        assert all((folder / name).exists() for name in recovery.aside)
        with journal.database.reading() as connection:
            (detail,) = connection.execute(
                "SELECT detail FROM audit WHERE subject = 'database' AND event = 'rescued'"
            ).fetchone() or ("",)
        assert f"{SALES} sales rescued" in str(detail)
        assert journal.first_broken_audit_row() is None
    with closing(SqliteJournal(folder / FILE, TILL)) as later:
        kept = later.local_state().recovery
        assert later.recovery is None
        assert kept is not None
        assert (kept.at, kept.rescued) == (NOW, SALES)


@rescues
def test_figures_are_counted_again_after_a_rescue(folder: Path) -> None:
    with closing(SqliteJournal(folder / FILE, TILL)) as journal:
        before = kept(journal.database.connection())
        assert before
    file_damage.zero_the_first_page(folder, random.Random(3))
    with opened(folder) as journal:
        assert journal.recovery is not None
        assert kept(journal.database.connection()) == before


@rescues
def test_receipt_numbers_go_on_above_those_that_are_lost(folder: Path) -> None:
    file_damage.empty(folder, random.Random(3))
    with opened(folder) as journal:
        assert journal.recovery is not None
        assert journal.recovery.damage is Damage.MISSING
        assert journal.recovery.lost == tuple(f"2-{number:04d}" for number in range(21, SALES + 1))
        assert journal.commit_sale(sale(999), []).number == f"2-{SALES + 1:04d}"


@rescues
def test_what_a_backup_knows_is_asked_about_before_it_is_sent(folder: Path) -> None:
    file_damage.take_away(folder, random.Random(3))
    with opened(folder) as journal:
        states = {row.state for number in (5, 10, 15) for row in journal.effects_of(sale_id(number))}
        assert states == {EffectState.UNKNOWN}
        assert journal.effects_of(sale_id(8))[0].state is EffectState.POSTED


@rescues
def test_a_sale_whose_row_is_gone_is_made_again_from_its_effects(tmp_path: Path) -> None:
    damaged_shop.new_folder(tmp_path, backup=False)
    with closing(apsw.Connection(str(tmp_path / FILE))) as connection:
        connection.execute("UPDATE sale SET body = '{}' WHERE counter = 4")
    with opened(tmp_path) as journal:
        assert journal.recovery is not None
        assert (journal.recovery.lost, journal.recovery.lost_rows) == ((), 1)
        found = journal.sale(sale_id(4))
        assert found is not None
        assert (found[0].number, found[0].paid, found[0].display_name) == ("2-0004", sale(4).paid, "")
        assert len(journal.effects_of(sale_id(4))) == 3


@rescues
def test_an_effect_whose_row_is_gone_waits_for_a_person(tmp_path: Path) -> None:
    damaged_shop.new_folder(tmp_path, backup=False)
    with closing(apsw.Connection(str(tmp_path / FILE))) as connection:
        connection.execute("UPDATE effect SET body = '{}' WHERE sale_id IN (?, ?)", (sale_id(1), sale_id(3)))
    with opened(tmp_path) as journal:
        (made_again,) = journal.effects_of(sale_id(1))
        assert made_again.state is EffectState.NEEDS_ATTENTION
        assert made_again.last_answer == merging.REBUILT
        assert made_again.effect.paid == sale(1).paid
        (posted,) = journal.effects_of(sale_id(3))
        assert posted.state is EffectState.POSTED, "the audit log knows that it was"


@rescues
def test_a_loss_booked_before_the_damage_is_still_booked(folder: Path) -> None:
    loss = _book_a_loss(folder)
    file_damage.zero_the_first_page(folder, random.Random(3))
    with opened(folder) as journal:
        assert _losses(journal) == [loss]


def _book_a_loss(folder: Path) -> Discrepancy:
    with closing(SqliteJournal(folder / FILE, TILL)) as journal:
        rows = journal.effects_of(sale_id(4))
        captured = next(row for row in rows if row.effect.kind is EffectKind.CAPTURE)
        with journal.database.writing() as connection:
            discrepancies.add(connection, journal.rollups, captured, "not enough points", START)
        (loss,) = _losses(journal)
        return loss


def _losses(journal: SqliteJournal) -> list[Discrepancy]:
    with journal.database.reading() as connection:
        return discrepancies.newest(connection, 9)


@rescues
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE discrepancy SET minor = minor - 1",
        "UPDATE discrepancy SET member_id = 'm-9'",
        "UPDATE discrepancy SET at = '2020-01-01T00:00:00+00:00'",
        "UPDATE discrepancy SET body = replace(body, '20000', '10000')",
        "DELETE FROM discrepancy",
    ],
)
def test_a_loss_that_was_changed_is_written_anew_from_the_log(folder: Path, change: str) -> None:
    loss = _book_a_loss(folder)
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        connection.execute(change)
    with opened(folder) as journal:
        assert _losses(journal) == [loss]
    with opened(folder) as again:
        assert again.recovery is None


@rescues
def test_stored_columns_are_those_of_the_schema(folder: Path) -> None:
    file_damage.edit_a_sale(folder, random.Random(3))
    with opened(folder) as journal:
        connection = journal.database.connection()
        for table, columns in salvage.STORED.items():
            assert tuple(str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})")) == columns
        unsealed = {"effect": {"next_attempt_at", "seal"}}
        for table, sealed in SEALED.items():
            left = set(salvage.STORED[table]) - set(sealed)
            assert left == unsealed.get(table, {"seal"}), "what is not sealed is not sealed on purpose"


@rescues
def test_a_till_over_a_damaged_folder_sells_and_says_what_was_rescued(folder: Path) -> None:
    file_damage.zero_the_header(folder, random.Random(3))
    till = Till(
        till_settings(DEMO_CONFIG), folder, lambda: contract_backend("http://127.0.0.1:9", Secret("x"))
    )
    try:
        recovery = till.recovery()
        assert recovery is not None
        assert recovery.rescued == SALES
        assert till.local_state() is not None
    finally:
        till.close()


# What people are told.
def told(**values: object) -> Recovery:
    return Recovery(
        **({"at": NOW, "damage": Damage.MISSING, "rescued": 3, "lost_rows": 0, "aside": ("x",)} | values)  # type: ignore[arg-type]
    )


@rescues
def test_the_window_and_the_doctor_have_words_for_it(folder: Path) -> None:
    assert recovery_sentence(told(), WORDING).full == (
        "The sales database was damaged and set right: 3 sales were rescued."
    )
    assert recovery_sentence(told(rescued=1, lost_rows=2), WORDING).full == (
        "The sales database was damaged and set right: 1 sale was rescued. Look at those that need attention."
    )
    assert recovery_sentence(told(lost_rows=1, lost=("2-0007",)), WORDING).full == (
        "The sales database was damaged: 3 sales were rescued, 1 is lost. Call support."
    )
    assert "nearly full" in space_sentence(WORDING).full
    file_damage.empty(folder, random.Random(3))
    with opened(folder) as journal:
        lines = "\n".join(local_state_lines(journal.local_state()))
        assert "last backup 2026" in lines
        assert "20 sales rescued, 14 rows lost, lost: 2-0021" in lines


@rescues
def test_the_command_line_backs_up_and_tells(folder: Path) -> None:
    file_damage.edit_a_sale(folder, random.Random(3))
    with opened(folder):
        pass
    options = parser().parse_args(["outbox", "backup", "--demo", "--data", str(folder)])
    report = options.command(options)
    assert Path(str(report.data["backup"])).exists()
    options = parser().parse_args(["doctor", "--demo", "--data", str(folder)])
    found = "\n".join(options.command(options).lines)
    assert "ok   sales database: last backup" in found
    assert "34 sales rescued" in found


# What is not rescued.
def test_a_first_start_is_no_rescue(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        assert journal.recovery is None
        assert journal.local_state().last_backup_at is None


def test_rubbish_where_there_never_was_a_till_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"Dear diary\n" * 900)
    with pytest.raises(KnownError, match="left as it is"):
        open_journal(tmp_path / FILE, TILL, NOW)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@rescues
def test_a_clock_set_back_strands_nothing(folder: Path) -> None:
    file_damage.edit_a_sale(folder, random.Random(3))
    with opened(folder) as journal:
        key = effect(EffectKind.CAPTURE, 20).key
        journal.move(key, EffectState.SENDING, answer="", at=NOW)
        later = NOW + timedelta(days=400)
        journal.move(key, EffectState.WAITING, answer="busy", at=later, next_attempt_at=later)
        assert key in [row.effect.key for row in journal.due(NOW, 100)]
        with journal.database.writing() as connection:
            connection.execute(
                "UPDATE effect SET next_attempt_at = CAST(x'52ff30' AS TEXT) WHERE key = ?", (key,)
            )
        assert key in [row.effect.key for row in journal.due(NOW, 100)]
        assert journal.next_due_at() is not None


def _sell_by_a_long_plan(folder: Path) -> list[EffectKind]:
    """Commit a sale whose backend lets the hold go, takes the points, then hears of the sale."""
    kinds = [EffectKind.RELEASE, EffectKind.REDEEM, EffectKind.SALE]
    with closing(open_journal(folder / FILE, TILL, START)) as journal:
        journal.open_draft(sale_id(1), effect(EffectKind.RESERVE))
        journal.commit_sale(sale(), [effect(kind) for kind in kinds])
    return kinds


@rescues
@pytest.mark.parametrize("lost", [EffectKind.RELEASE, EffectKind.REDEEM, EffectKind.SALE])
def test_each_step_of_a_plan_is_made_again_when_its_row_is_gone(tmp_path: Path, lost: EffectKind) -> None:
    kinds = _sell_by_a_long_plan(tmp_path)
    with closing(apsw.Connection(str(tmp_path / FILE))) as connection:
        connection.execute("UPDATE effect SET body = '{}' WHERE kind = ?", (lost.value,))
    with opened(tmp_path) as journal:
        rows = [row for row in journal.effects_of(sale_id(1)) if row.effect.kind is not EffectKind.RESERVE]
        assert {row.effect.kind for row in rows} == set(kinds)
        (again,) = [row for row in rows if row.effect.kind is lost]
        assert (again.state, again.last_answer) == (EffectState.NEEDS_ATTENTION, merging.REBUILT)


@rescues
def test_a_sale_of_a_long_plan_is_made_again_from_its_effects(tmp_path: Path) -> None:
    kinds = _sell_by_a_long_plan(tmp_path)
    with closing(apsw.Connection(str(tmp_path / FILE))) as connection:
        connection.execute("UPDATE sale SET body = '{}'")
        connection.execute("UPDATE effect SET body = '{}' WHERE kind IN ('redeem', 'sale')")
    with opened(tmp_path) as journal:
        found = journal.sale(sale_id(1))
        assert found is not None
        assert (found[0].number, found[0].points_used) == ("2-0001", sale().points_used)
        assert {row.effect.kind for row in journal.effects_of(sale_id(1))} == {EffectKind.RESERVE, *kinds}
