"""Closed days: no movement in two reports or in none, no number twice, nothing changed unseen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.day_close import DayClose, digest
from cashier_app.domain.day_close_check import Fault, Finding
from cashier_app.domain.figures import Figures
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.errors import KnownError
from cashier_app.storage import closing_contents, closing_rows, day_closings
from cashier_app.storage.database import CLOSING_FLOOR
from cashier_app.storage.installation import Installation
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from cashier_app.storage.seals import SEAL_ALL, Seals
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale
from tests.storage.closing_till import ClosingTill, by_hand, closings_of, letterhead, summed
from tests.storage.figure_days import BUSY_DAY, MadeDays, made_days
from tests.storage.figure_playing import play

ROOT = Path(__file__).parents[2]
LATER = START + timedelta(hours=2)
SALE = effect(EffectKind.SALE)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as opened:
        yield opened


def close(journal: SqliteJournal, number: int, by: str = "Meera") -> DayClose:
    return closings_of(journal).close_day(number, letterhead(), LATER, by=by).report


def sell(journal: SqliteJournal, count: int, state: EffectState = EffectState.WAITING) -> None:
    journal.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
    if state is not EffectState.WAITING:
        key = effect(EffectKind.SALE, count).key
        journal.move(key, EffectState.SENDING, answer="", at=START)
        journal.move(key, state, answer=state.value, at=START)


# --- the sums ---------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(days=made_days, every=st.lists(st.integers(1, 7), min_size=1, max_size=4).map(tuple))
def test_all_reports_and_what_came_since_are_everything(days: MadeDays, every: tuple[int, ...]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(ClosingTill(Path(folder), days.zone, every)) as till,
    ):
        play(till, days)
        spans = [span for report in (*till.reports, till.preview()) for span in report.currencies]
        assert summed(spans) == by_hand(till, days.zone)
        assert till.closings.look_through() == ()
        assert [report.number for report in till.reports] == list(range(1, len(till.reports) + 1))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClosingTill]:
    """A till at which everything happened, closed in the middle of it."""
    with closing(ClosingTill(tmp_path_factory.mktemp("busy"), BUSY_DAY.zone, (3, 11, 5))) as till:
        play(till, BUSY_DAY)
        yield till


def spans_of_all(till: ClosingTill) -> list[closing_contents.DayClose]:
    return [*till.reports, till.preview()]


def test_a_busy_day_adds_up(busy: ClosingTill) -> None:
    spans = [span for report in spans_of_all(busy) for span in report.currencies]
    assert len(busy.reports) > 20
    assert summed(spans) == by_hand(busy, BUSY_DAY.zone)
    assert busy.closings.look_through() == ()


def test_points_posted_late_are_in_a_later_report(busy: ClosingTill) -> None:
    late = [
        report
        for report in busy.reports
        for span in report.currencies
        if span.figures.waiting_earned < 0 < span.figures.earned
    ]
    assert late


def test_a_net_figure_instead_of_gross_ones_would_be_seen(busy: ClosingTill) -> None:
    def netted(figures: Figures) -> Figures:
        return replace(figures, earned=figures.earned - figures.taken_back, taken_back=Decimal(0))

    spans = [span for report in spans_of_all(busy) for span in report.currencies]
    assert summed(spans, lambda span: netted(span.figures)) != by_hand(busy, BUSY_DAY.zone)


def test_a_report_by_time_instead_of_by_totals_would_be_seen(tmp_path: Path) -> None:
    """What is posted after a close belongs to a sale before it: by the sale's time it is in no report."""
    with closing(ClosingTill(tmp_path, "Asia/Kolkata", (0,))) as till:
        sell(till, 1)
        by_time = [till.close_day()]
        sell_late = effect(EffectKind.SALE, 1).key
        till.move(sell_late, EffectState.SENDING, answer="", at=LATER)
        till.move(sell_late, EffectState.POSTED, answer="", at=LATER)
        second = till.preview()
        by_time.append(replace(second, currencies=()))  # no sale was made since
        assert summed([span for one in by_time for span in one.currencies]) != by_hand(till, "Asia/Kolkata")
        assert second.currencies[0].figures == Figures(earned=Decimal(21), waiting_earned=Decimal(-21))


# --- the numbers ------------------------------------------------------------------------------------


def test_a_close_is_numbered_and_in_the_audit_log(journal: SqliteJournal) -> None:
    sell(journal, 1)
    report = close(journal, 1)
    found = closings_of(journal).closed_day(1)
    assert found is not None
    assert (found.report, found.sha256, found.copies) == (report, digest(found.text), 0)
    with journal.database.reading() as connection:
        (row,) = connection.execute(
            "SELECT sequence, event, detail FROM audit WHERE subject = 'day close 1'"
        ).fetchall()
    assert row == (report.chain.sequence + 1, "day closed", found.sha256)
    assert (report.first_sale, report.last_sale, report.closed_by) == (1, 1, "Meera")
    assert (report.first_day, report.since, report.before) == (START.date(), None, "")
    assert journal.first_broken_audit_row() is None


def test_each_report_begins_where_the_one_before_ends(journal: SqliteJournal) -> None:
    sell(journal, 1)
    first = close(journal, 1)
    sell(journal, 2)
    second = close(journal, 2)
    kept = closings_of(journal).closed_day(1)
    assert kept is not None
    assert (second.since, second.before) == (first.until, kept.sha256)
    assert (second.first_sale, second.last_sale) == (2, 2)
    third = close(journal, 3)
    assert (third.first_sale, third.last_sale, third.is_empty) == (0, 2, True)
    assert closings_of(journal).look_through() == ()


def test_pressing_twice_makes_one(journal: SqliteJournal) -> None:
    sell(journal, 1)
    first = close(journal, 1)
    sell(journal, 2)
    assert close(journal, 1, by="somebody else") == first
    assert len(closings_of(journal).closed_days()) == 1


def test_closing_at_once_from_several_sides_makes_one(journal: SqliteJournal) -> None:
    sell(journal, 1)
    gate, made = threading.Barrier(4), list[DayClose]()

    def press() -> None:
        gate.wait(10)
        made.append(close(journal, 1))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 4
    assert all(one == made[0] for one in made)
    assert [one.report.number for one in closings_of(journal).closed_days()] == [1]
    assert closings_of(journal).look_through() == ()


def test_another_number_than_the_next_is_refused(journal: SqliteJournal) -> None:
    with pytest.raises(KnownError, match="Day close 1 is next, not 2"):
        close(journal, 2)


def test_the_number_of_a_close_that_failed_is_the_next_ones(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise apsw.FullError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(day_closings.audit, "append", fails)
        with pytest.raises(KnownError):
            close(journal, 1)
    assert closings_of(journal).closed_days() == []
    assert close(journal, 1).number == 1
    assert closings_of(journal).look_through() == ()


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_killed_in_the_middle_there_is_one_or_none(tmp_path: Path) -> None:
    for step in ("before", "after"):
        folder = tmp_path / step
        folder.mkdir()
        with closing(SqliteJournal(folder / "till.sqlite", "2")) as journal:
            sell(journal, 1)
        done = subprocess.run(
            [sys.executable, "-m", "tests.fakes.killed_closing", str(folder), step],
            cwd=ROOT,
            check=False,
            timeout=60,
        )
        assert done.returncode == -signal.SIGKILL
        with closing(open_journal(folder / "till.sqlite", "2", LATER)) as journal:
            assert journal.recovery is None
            there = closings_of(journal).closed_days()
            assert len(there) == (step == "after")
            report = close(journal, 1)
            assert there in ([], [one for one in closings_of(journal).closed_days() if one.report == report])
            assert closings_of(journal).look_through() == ()


def test_no_day_is_closed_while_a_sale_is_being_paid(journal: SqliteJournal) -> None:
    journal.open_draft(sale(1).sale_id, effect(EffectKind.RESERVE))
    with pytest.raises(KnownError, match="A sale is being paid"):
        close(journal, 1)
    assert closings_of(journal).open_day(letterhead(), LATER).number == 1
    journal.abandon_draft(sale(1).sale_id, None, "not paid")
    assert close(journal, 1).number == 1


# --- what stands in it ------------------------------------------------------------------------------


def test_what_waits_is_named_and_comes_when_it_posts(journal: SqliteJournal) -> None:
    sell(journal, 1)
    sell(journal, 2, EffectState.NEEDS_ATTENTION)
    stock = close(journal, 1).stock
    assert (stock.waiting, stock.needs_person) == (1, 1)
    assert [(one.number, one.needs_person) for one in stock.sales] == [("2-0002", True), ("2-0001", False)]
    journal.move(SALE.key, EffectState.SENDING, answer="", at=LATER)
    journal.move(SALE.key, EffectState.POSTED, answer="", at=LATER)
    second = close(journal, 2)
    (span,) = second.currencies
    assert span.figures == Figures(earned=Decimal(21), waiting_earned=Decimal(-21))
    assert span.totals.total.waiting_earned == 0
    assert (second.stock.waiting, second.stock.needs_person) == (0, 1)


def test_corrections_losses_and_overrides_are_in_one_report_each(journal: SqliteJournal) -> None:
    use = replace(effect(EffectKind.REDEEM), offline=True, approved_by="Meera Iyer")
    journal.commit_sale(sale(1), [use, SALE])
    journal.move(use.key, EffectState.SENDING, answer="", at=START)
    journal.move(use.key, EffectState.NEEDS_ATTENTION, answer="refused", at=START)
    first = close(journal, 1)
    assert [(one.number, one.matter, one.by) for one in first.overrides] == [
        ("2-0001", "points used offline", "Meera Iyer")
    ]
    assert (first.corrections, first.losses) == ((), ())
    journal.settle_by_hand(Settlement(use.key, Truth.NOT_BOOKED, "Asha", "paid in cash", LATER))
    journal.count_act(
        Act("act-1", ActKind.OVERRIDE, LATER, 330, "INR", "2", staff_id="meera", note="bill above the limit")
    )
    second = close(journal, 2)
    (correction,) = second.corrections
    assert (correction.number, correction.kind, correction.truth) == ("2-0001", "redeem", "not booked")
    assert (correction.by, correction.reason) == ("Asha", "paid in cash")
    assert [(one.number, one.loss.minor) for one in second.losses] == [("2-0001", 20000)]
    assert [(one.matter, one.by) for one in second.overrides] == [("bill above the limit", "meera")]
    third = close(journal, 3)
    assert (third.corrections, third.losses, third.overrides) == ((), (), ())


def test_what_somebody_allowed_by_pin_is_named_once_with_limit_and_reason(journal: SqliteJournal) -> None:
    told = (
        '{"matter":"points used offline","right":"approve","subject":"%s","amount":null,'
        '"limit":{"minor":5000,"currency":{"code":"INR","decimals":2}},"reason":"member known","on_duty":""}'
    )
    journal.note("staff:meera", "approved", told % sale(1).sale_id, START)
    use = replace(effect(EffectKind.REDEEM), offline=True, approved_by="Meera (meera)")
    journal.commit_sale(sale(1), [use, SALE])
    journal.note("staff:meera", "approved", told.replace("points used offline", "figures") % "", START)
    (lifted,) = close(journal, 1).overrides
    assert (lifted.number, lifted.by, lifted.reason) == ("2-0001", "meera", "member known")
    assert lifted.limit is not None
    assert lifted.limit.minor == 5000


def test_spells_without_the_backend_are_named(journal: SqliteJournal) -> None:
    with journal.database.writing() as connection:
        for began, seen, state in (("08:00", "08:20", "ended"), ("10:00", "10:05", "open")):
            connection.execute(
                "INSERT INTO offline_spell (began_at, seen_at, milliseconds, state) VALUES (?, ?, 61000, ?)",
                (f"2026-11-20T{began}:00.000000+00:00", f"2026-11-20T{seen}:00.000000+00:00", state),
            )
    spells = close(journal, 1).offline
    assert [(one.until is None, one.seconds) for one in spells] == [(False, 61), (True, 61)]
    assert [one.until for one in close(journal, 2).offline] == [None]


def test_a_copy_is_counted_in_the_audit_log(journal: SqliteJournal) -> None:
    close(journal, 1)
    closings = closings_of(journal)
    assert [closings.note_copy(1, LATER, by="asha", how="pdf") for _ in range(3)] == [0, 1, 2]
    found = closings.closed_day(1)
    assert found is not None
    assert found.copies == 3
    with pytest.raises(KnownError, match="no day close 2"):
        closings.note_copy(2, LATER, by="", how="pdf")
    assert journal.first_broken_audit_row() is None


def test_earlier_ones_are_listed_a_page_at_a_time(journal: SqliteJournal) -> None:
    for number in range(1, 6):
        close(journal, number)
    closings = closings_of(journal)
    assert [one.report.number for one in closings.closed_days(2)] == [5, 4]
    assert [one.report.number for one in closings.closed_days(2, below=4)] == [3, 2]
    assert closings.closed_day(9) is None


# --- damage and fraud -------------------------------------------------------------------------------


def findings(journal: SqliteJournal) -> tuple[Finding, ...]:
    return closings_of(journal).look_through()


def change(journal: SqliteJournal, *statements: str) -> None:
    """Change rows as somebody with the key would: the seals hold afterwards."""
    with journal.database.writing() as connection:
        for statement in (*statements, *SEAL_ALL):
            connection.execute(statement)


@pytest.fixture
def three(journal: SqliteJournal) -> SqliteJournal:
    for number in (1, 2, 3):
        sell(journal, number, EffectState.POSTED)
        close(journal, number)
    assert findings(journal) == ()
    return journal


def test_a_changed_figure_is_found(three: SqliteJournal) -> None:
    body = "UPDATE day_closing SET body = replace(body, '\"sales\":1', '\"sales\":2') WHERE number = 2"
    change(three, body)
    assert Finding(2, Fault.CHANGED) in findings(three)
    assert Finding(2, Fault.FIGURES) in findings(three)


def test_a_changed_figure_with_its_hash_made_anew_is_found(three: SqliteJournal) -> None:
    with three.database.reading() as connection:
        (text,) = connection.execute("SELECT body FROM day_closing WHERE number = 3").fetchone() or ("",)
    forged = str(text).replace("Meera", "Vikram")
    assert forged != text
    change(three, f"UPDATE day_closing SET body = '{forged}', sha256 = '{digest(forged)}' WHERE number = 3")  # noqa: S608
    assert findings(three) == (Finding(3, Fault.OTHER_IN_LOG),)


def test_a_close_taken_out_is_found(three: SqliteJournal) -> None:
    change(three, "DELETE FROM day_closing WHERE number = 2")
    assert findings(three) == (Finding(2, Fault.MISSING),)


def test_a_close_put_in_is_found(three: SqliteJournal) -> None:
    change(
        three,
        "INSERT INTO day_closing (number, body, sha256) "
        "SELECT 4, body, sha256 FROM day_closing WHERE number = 3",
    )
    assert Finding(4, Fault.NOT_IN_LOG) in findings(three)
    assert Finding(4, Fault.OTHER_NUMBER) in findings(three)


def test_a_clumsy_edit_is_damage(three: SqliteJournal, tmp_path: Path) -> None:
    with three.database.writing() as connection:
        connection.execute("UPDATE day_closing SET sha256 = '' WHERE number = 3")
    with pytest.raises(KnownError, match="damaged"):
        closings_of(three).closed_day(3)
    with pytest.raises(KnownError, match="damaged"):
        closings_of(three).open_day(letterhead(), LATER)
    assert three.look_for_damage() == 1


def damaged(three: SqliteJournal, tmp_path: Path, *statements: str) -> SqliteJournal:
    """Open a till anew whose database was changed without its key."""
    three.close()
    with closing(apsw.Connection(str(tmp_path / "till.sqlite"))) as connection:
        Seals(Installation(tmp_path).key()).install(connection)
        for statement in statements:
            connection.execute(statement)
    return open_journal(tmp_path / "till.sqlite", "2", LATER)


@pytest.mark.expects_log("the sales database was damaged")
def test_a_close_lost_to_damage_keeps_its_number(three: SqliteJournal, tmp_path: Path) -> None:
    with closing(damaged(three, tmp_path, "UPDATE day_closing SET body = '{}' WHERE number = 3")) as journal:
        assert journal.recovery is not None
        assert findings(journal) == (Finding(3, Fault.LOST),)
        fourth = close(journal, 4)
        assert (fourth.number, fourth.lost) == (4, (3,))
        assert [span.figures.sales for span in fourth.currencies] == [1], "what was in it is in this one"
        assert len(fourth.rescues) == 1
        reports = [one.report for one in closings_of(journal).closed_days()]
        spans = [span for report in reports for span in report.currencies]
        assert summed(spans) == by_hand(journal, "Asia/Kolkata")
        assert findings(journal) == (Finding(3, Fault.LOST),)
    with closing(open_journal(tmp_path / "till.sqlite", "2", LATER)) as journal:
        assert findings(journal) == (Finding(3, Fault.LOST),), "and it is not damage again"


@pytest.mark.expects_log("the sales database was damaged")
def test_closes_outlive_a_damaged_audit_log(three: SqliteJournal, tmp_path: Path) -> None:
    with closing(damaged(three, tmp_path, "UPDATE audit SET detail = 'x' WHERE sequence = 2")) as journal:
        assert findings(journal) == ()
        assert [one.report.number for one in closings_of(journal).closed_days()] == [3, 2, 1]
        assert close(journal, 4).number == 4
        assert findings(journal) == ()


@pytest.mark.expects_log("the sales database was damaged")
def test_a_close_is_read_back_from_a_backup(three: SqliteJournal, tmp_path: Path) -> None:
    three.back_up(LATER)
    with closing(damaged(three, tmp_path, "UPDATE day_closing SET body = '{}' WHERE number = 2")) as journal:
        assert findings(journal) == ()
        assert [one.report.number for one in closings_of(journal).closed_days()] == [3, 2, 1]


@pytest.mark.expects_log("the sales database was damaged")
def test_a_number_used_again_would_be_seen(
    three: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the number of a lost close is given out again."""
    with closing(damaged(three, tmp_path, "UPDATE day_closing SET body = '{}' WHERE number = 3")) as journal:

        def highest_there(connection: apsw.Connection) -> int:
            row = connection.execute("SELECT max(number) FROM day_closing").fetchone()
            return int(str(row[0])) if row else 0

        monkeypatch.setattr(day_closings, "highest_number", highest_there)
        close(journal, 3)
        assert Finding(3, Fault.OTHER_IN_LOG) in findings(journal)


def test_the_floor_is_kept_beside_the_rows(three: SqliteJournal) -> None:
    assert three.recall(CLOSING_FLOOR) == "3"
    with three.database.reading() as connection:
        assert closing_rows.highest_number(connection) == 3
