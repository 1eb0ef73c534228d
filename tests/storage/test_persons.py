"""Whom an unposted effect is for stands nowhere in clear: not in the file, its log, a backup, or after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import apsw
import pytest
from msgspec.structs import replace

from cashier_app.domain.enrolment import Consent, NewMember
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.storage import effect_rows, persons
from cashier_app.storage.database import APPLICATION_ID, WITH_PERSONS_HIDDEN, Database, migrations
from cashier_app.storage.installation import KEY_COPY, KEY_FILE
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from cashier_app.storage.rows import AT_ONCE, moment, to_json
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id

PHONE = "+919845012210"
TOLD = (PHONE, PHONE[3:], "Asha Verma", "asha@verma.example", "1994-05-17", "FRIEND-OF-PRIYA", "4412-0099")
MADE = NewMember(
    key=sale_id(90),
    at=START,
    phone=PHONE,
    name="Asha Verma",
    email="asha@verma.example",
    number="4412-0099",
    birthday=date(1994, 5, 17),
    agrees_to_terms=True,
    referral="FRIEND-OF-PRIYA",
    consent=Consent("3", "en", START, "meera"),
)
ENDS = {
    "posted": (EffectState.SENDING, EffectState.POSTED),
    "posted after doubt": (EffectState.SENDING, EffectState.UNKNOWN, EffectState.POSTED),
    "settled by hand": (EffectState.SENDING, EffectState.NEEDS_ATTENTION),
}


def enrolment() -> Effect:
    bare = replace(effect(EffectKind.ENROL, 90, member_id=""), points=Decimal(0))
    return replace(bare, identified_by=f"phone:{PHONE}", new_member=MADE)


def unseen(count: int, known_by: str = f"phone:{PHONE}") -> Effect:
    return replace(effect(EffectKind.SALE, count, member_id=""), identified_by=known_by)


def serve(journal: SqliteJournal) -> None:
    """Enrol somebody offline and ring up a sale for them."""
    journal.queue_act(sale_id(90), [enrolment()], "enrolment")
    journal.commit_sale(replace(sale(1), member_id="", display_name=""), [unseen(1)])


def told_in(folder: Path) -> dict[str, set[str]]:
    """Return what of a person stands in any file of the folder, as it is or as a database spreads it."""
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*"):
        text = path.read_bytes().decode("latin-1") if path.is_file() else ""
        for word in TOLD:
            if re.search(re.escape(word), text, re.IGNORECASE):
                found.setdefault(path.name, set()).add(word)
    return found


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as opened:
        yield opened


# What can be read.
def test_nothing_of_a_person_stands_in_any_file(journal: SqliteJournal, tmp_path: Path) -> None:
    serve(journal)
    journal.move(unseen(1).key, EffectState.SENDING, answer="", at=START)
    journal.back_up(START)
    assert told_in(tmp_path) == {}
    assert journal.effects_of(sale_id(90))[0].effect == enrolment()
    assert journal.effects_of(sale_id(1))[0].effect == unseen(1)
    journal.close()
    assert told_in(tmp_path) == {}


def test_what_is_kept_in_clear_is_found(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effect_rows, "without_person", lambda one: one)
    serve(journal)
    journal.back_up(START)
    assert {"+919845012210", "Asha Verma"} <= told_in(tmp_path)["till.sqlite-wal"]
    assert any(name.startswith("till-") for name in told_in(tmp_path)), "the backup, too"


def test_an_account_in_clear_is_found(
    journal: SqliteJournal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.close()
    monkeypatch.setattr(persons.Persons, "_account", lambda _self, *given: given[0])
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as careless:
        serve(careless)
        assert PHONE in told_in(tmp_path)["till.sqlite-wal"]


@pytest.mark.parametrize("end", ENDS)
def test_all_of_it_is_wiped_at_the_end(journal: SqliteJournal, end: str) -> None:
    serve(journal)
    for key in (enrolment().key, unseen(1).key):
        for state in ENDS[end]:
            booked = Booked("") if state is EffectState.POSTED else None
            journal.move(key, state, answer=state.value, at=START, booked=booked)
        if end == "settled by hand":
            journal.settle_by_hand(Settlement(key, Truth.TOOK_HOLD, "Meera", "looked it up", START))
    rows = list(journal.database.connection().execute("SELECT private, account_key, body FROM effect"))
    assert [(private, account) for private, account, _ in rows] == [(None, ""), (None, "")]
    assert journal.effects_of(sale_id(90))[0].effect.new_member is None
    assert journal.effects_of(sale_id(1))[0].effect.identified_by == ""
    assert journal.look_for_damage() == 0


# What still works.
def test_the_order_of_an_account_holds_though_nobody_can_read_it(journal: SqliteJournal) -> None:
    for count, known_by in enumerate(("phone:+911", "wallet:7", "phone:+911", "wallet:7"), 1):
        made = replace(sale(count), member_id="", display_name="")
        journal.commit_sale(made, [unseen(count, known_by)])
    due = [row.effect.identified_by for row in journal.due(START, 9)]
    assert due == ["phone:+911", "wallet:7"]
    accounts = [one for (one,) in journal.database.connection().execute("SELECT account_key FROM effect")]
    assert accounts[0] == accounts[2] != accounts[1] == accounts[3]


def test_another_installations_hash_of_the_same_phone_is_another(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        with closing(SqliteJournal(folder / "till.sqlite", "2")) as journal:
            serve(journal)
            found += (
                journal.database.connection().execute("SELECT DISTINCT account_key FROM effect").fetchall()
            )
    assert len(set(found)) == 2


def test_bytes_swapped_between_sales_are_no_person(journal: SqliteJournal) -> None:
    serve(journal)
    with journal.database.writing() as connection:
        of_another = "(SELECT private FROM effect WHERE kind = 'enrol')"
        connection.execute(f"UPDATE effect SET private = {of_another} WHERE kind = 'sale'")  # noqa: S608 - ours
        shown = connection.execute("SELECT shown_person(private, sale_id) FROM effect WHERE kind = 'sale'")
        assert shown.fetchone() == (persons.LOST,)
        assert connection.execute("SELECT shown_person(x'00', 'x')").fetchone() == (persons.LOST,)
    assert journal.look_for_damage() == 1


def test_without_the_key_an_effect_is_known_as_lost(tmp_path: Path) -> None:
    with closing(SqliteJournal(tmp_path / "till.sqlite", "2")) as journal:
        serve(journal)
        journal.commit_sale(sale(2), [effect(EffectKind.SALE, 2)])
    for name in (KEY_FILE, KEY_COPY):
        (tmp_path / name).unlink()
    with closing(open_journal(tmp_path / "till.sqlite", "2", START)) as journal:
        lost = {row.effect.kind: row.lost_person for row in journal.due(START, 9)}
        assert lost == {EffectKind.ENROL: True, EffectKind.SALE: False}
        assert journal.effects_of(sale_id(1))[0].lost_person


# Databases of before.
def before(path: Path, version: int, body: str, state: str = "waiting") -> None:
    """Write a database of an earlier version, with one sale for somebody nobody could look up."""
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN")
        for number, script in migrations():
            if number <= version:
                connection.execute(script)
        made = to_json(replace(sale(1), number="2-0001"))
        connection.execute(
            "INSERT INTO sale (sale_id, state, opened_at, counter, committed_at, body) "
            "VALUES (?, 'committed', ?, 1, ?, ?)",
            (sale_id(1), moment(START), moment(START), made),
        )
        connection.execute(
            "INSERT INTO sale (sale_id, state, opened_at) VALUES ('draft', 'draft', ?)", (moment(START),)
        )
        connection.execute(
            "INSERT INTO effect (key, sale_id, kind, account_key, body, state, next_attempt_at) "
            "VALUES (?, ?, 'sale', ?, ?, ?, ?)",
            (unseen(1).key, sale_id(1), f"phone:{PHONE}", body, state, moment(AT_ONCE)),
        )
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={version}")
        connection.execute("COMMIT")


@pytest.mark.parametrize("version", range(1, WITH_PERSONS_HIDDEN))
def test_people_in_databases_of_before_are_hidden(tmp_path: Path, version: int) -> None:
    path = tmp_path / "till.sqlite"
    before(path, version, to_json(unseen(1)))
    with closing(SqliteJournal(path, "2")) as journal:
        assert journal.effects_of(sale_id(1))[0].effect == unseen(1)
        journal.commit_sale(replace(sale(2), member_id=""), [unseen(2)])
        assert [row.effect.key for row in journal.due(START, 9)] == [unseen(1).key], "one account"
        connection = journal.database.connection()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert PHONE not in path.read_bytes().decode("latin-1"), "nor in a page that is free"
        assert list(connection.execute("PRAGMA foreign_key_check")) == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert journal.queue_act(sale_id(90), [enrolment()], "enrolment")
        assert journal.look_for_damage() == 0
        states = sorted(str(one) for (one,) in connection.execute("SELECT state FROM sale"))
        assert states == ["act", "committed", "committed", "draft"]
        with pytest.raises(apsw.ConstraintError), journal.database.writing() as writer:
            writer.execute("DELETE FROM sale WHERE counter = 1")


def test_rows_of_before_that_name_nobody_or_are_damaged_stay_as_they_are(tmp_path: Path) -> None:
    for name, body in (("whole", to_json(effect(EffectKind.SALE, 1))), ("damaged", "{no json")):
        path = tmp_path / f"{name}.sqlite"
        before(path, 9, body)
        with closing(Database(path)) as database:
            kept = database.connection().execute("SELECT body, private FROM effect").fetchone()
            assert kept == (body, None)


def test_a_backup_from_before_holds_no_one_once_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "till.sqlite"
    with closing(SqliteJournal(path, "2")) as journal:
        serve(journal)
        backup = journal.back_up(START + timedelta(hours=1))
    assert not {word for word in TOLD if word in backup.read_bytes().decode("latin-1")}
