"""The first start: what is asked, what an answer makes, what is kept, and what is written at the end."""

from __future__ import annotations

import stat
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.backend_setup import Draft
from cashier_app.config import read_config
from cashier_app.config_change import change_backend, create_config
from cashier_app.config_check import check_settings
from cashier_app.device_sections import ScannerSection
from cashier_app.documents.settings_text import settings_text
from cashier_app.domain.staff import Role
from cashier_app.errors import KnownError
from cashier_app.first_run_opening import DRAFT_FILE, FirstRun, NewManager, Surroundings, guess_of
from cashier_app.ports.clock import SystemClock
from cashier_app.ports.credentials import Secret
from cashier_app.services.first_run import (
    DEMO,
    Answers,
    BackendAnswer,
    Step,
    StoreProblem,
    TillProblem,
    filled,
    first_open_step,
    settings_tables,
    step_after,
    step_before,
    step_to_go_on,
    steps_of,
    store_problem,
    till_problem,
)
from cashier_app.staff_opening import open_office, staff_journal

SQUARE = BackendAnswer("square", "", {"location": "L8GTM4Q1XYZ0A", "orders": True})
INDIA = guess_of(Surroundings("en", "IN", "Asia/Kolkata"), "My shop")
DEMO_ANSWERS = Answers(
    language="en", store="M", till="1", region="IN", currency="INR", decimals=2, time_zone="UTC"
)
FLEET = """
[first_run]
unattended = false

[store]
name = "Marigold Stores"
region = "GB"
currency = "GBP"
decimals = 2
locale = "en_GB"
time_zone = "Europe/London"
unusual_bill = 50000

[backend]
kind = "square"
posts_at_once = 2

[backend.settings]
location = "L8GTM4Q1XYZ0A"

[staff]
pin_digits = 6
lock_after_seconds = 60
"""
PIN = "482915"


@pytest.fixture
def first_run(tmp_path: Path) -> FirstRun:
    return FirstRun(tmp_path / "config/cashier-app/till.toml", tmp_path / "data")


def for_fleet(folder: Path, text: str) -> FirstRun:
    given_by = folder / "etc-till.toml"
    given_by.write_text(text, encoding="utf-8")
    return FirstRun(folder / "config/till.toml", folder / "data", given_by)


# --- what is asked ----------------------------------------------------------------------------------


def test_the_pages_come_in_their_order_and_the_demo_shop_leaves_some_out() -> None:
    assert steps_of(Answers()) == tuple(Step)
    demo = replace(DEMO_ANSWERS, backend=BackendAnswer(DEMO))
    assert steps_of(demo) == (Step.LANGUAGE, Step.SHOP, Step.COUNTRY, Step.BACKEND, Step.READY)
    assert step_after(Step.BACKEND, demo) is Step.READY
    assert step_before(Step.READY, demo) is Step.BACKEND
    assert step_after(Step.READY, Answers()) is Step.READY
    assert step_before(Step.LANGUAGE, Answers()) is Step.LANGUAGE


@pytest.mark.parametrize(
    "without", ["language", "store", "till", "region", "currency", "time_zone", "backend"]
)
def test_whoever_comes_back_begins_at_what_is_open(without: str) -> None:
    whole = replace(DEMO_ANSWERS, backend=SQUARE)
    assert first_open_step(whole) is Step.MANAGER
    page = first_open_step(replace(whole, **{without: None}))
    assert page.value == {
        "store": "shop",
        "till": "shop",
        "region": "country",
        "currency": "country",
        "time_zone": "country",
    }.get(without, without)


@pytest.mark.parametrize(
    ("answers", "page"),
    [
        (replace(DEMO_ANSWERS, at=Step.COUNTRY), Step.COUNTRY),
        (replace(DEMO_ANSWERS, store=None, at=Step.COUNTRY), Step.SHOP),
        (replace(DEMO_ANSWERS, backend=SQUARE, at=Step.CAMERA), Step.CAMERA),
        (replace(DEMO_ANSWERS, backend=SQUARE, at=Step.READY), Step.READY),
        (replace(DEMO_ANSWERS, backend=BackendAnswer(DEMO), at=Step.CAMERA), Step.READY),
        (replace(DEMO_ANSWERS, at=Step.READY), Step.BACKEND),
    ],
)  # fmt: skip
def test_somebody_goes_on_where_they_stopped(answers: Answers, page: Step) -> None:
    assert step_to_go_on(answers) is page


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("", None),
        ("2", None),
        ("KASSE12", None),
        ("123456789", TillProblem.TOO_LONG),
        ("2 a", TillProblem.NOT_PLAIN),
        ("à2", TillProblem.NOT_PLAIN),
        ("٢", TillProblem.NOT_PLAIN),
        ("Train1", TillProblem.FOR_TRAINING),
    ],
)
def test_a_tills_number_is_checked_at_the_field(number: str, problem: TillProblem | None) -> None:
    assert till_problem(number) is problem


@given(st.text(max_size=12))
def test_every_number_that_is_taken_makes_a_right_file(number: str) -> None:
    if till_problem(number) is not None:
        return
    answers = filled(replace(DEMO_ANSWERS, till=number, backend=SQUARE), INDIA)
    text = settings_text(settings_tables(answers, {}))
    assert check_settings(text.encode()).mistakes == ()


@given(st.text(max_size=90))
def test_every_name_that_is_taken_comes_back_as_it_was(name: str) -> None:
    problem = store_problem(name)
    if len(name) > 80:
        assert problem is StoreProblem.TOO_LONG
    if problem is not None:
        return
    answers = filled(replace(DEMO_ANSWERS, store=name, backend=SQUARE), INDIA)
    text = settings_text(settings_tables(answers, {}))
    assert tomllib.loads(text)["store"]["name"] == (name or "My shop")


# --- what the system says ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (Surroundings("en", "IN", "Asia/Kolkata"), ("IN", "INR", 2, "Asia/Kolkata", True)),
        (Surroundings("ja", "JP", "Asia/Tokyo"), ("JP", "JPY", 0, "Asia/Tokyo", True)),
        (Surroundings("ar", "KW", "Asia/Kuwait"), ("KW", "KWD", 3, "Asia/Kuwait", True)),
        (Surroundings("", "", "Europe/Vienna"), ("AT", "EUR", 2, "Europe/Vienna", True)),
        (Surroundings("en", "GB", "UTC"), ("GB", "GBP", 2, "Europe/London", True)),
        (Surroundings("en", "GB", "No/Where"), ("GB", "GBP", 2, "Europe/London", True)),
        (Surroundings("", "", "UTC"), ("US", "USD", 2, "UTC", False)),
        (Surroundings("en", "001", ""), ("US", "USD", 2, "UTC", False)),
    ],
)  # fmt: skip
def test_the_country_is_guessed_from_the_system(
    system: Surroundings, expected: tuple[str, str, int, str, bool]
) -> None:
    guess = guess_of(system, "My shop")
    assert (guess.region, guess.currency, guess.decimals, guess.time_zone, guess.sure) == expected
    assert guess.language == "en"  # the only one there is


# --- what is kept, what is written ------------------------------------------------------------------


def test_answers_are_kept_for_the_owner_alone_and_come_back(first_run: FirstRun) -> None:
    assert first_run.answers() == Answers()
    assert not first_run.was_left()
    answers = replace(DEMO_ANSWERS, backend=SQUARE, scanner=ScannerSection(prefix="]Q1"), at=Step.CAMERA)
    first_run.keep(answers)
    assert first_run.was_left()
    assert first_run.answers() == answers
    draft = first_run.path.with_name(DRAFT_FILE)
    if sys.platform != "win32":
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600
    assert not first_run.path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'{"at": "nowhere"}', b"\xff", b"[" * 70_000])
def test_a_draft_that_cannot_be_read_begins_anew(first_run: FirstRun, content: bytes) -> None:
    draft = first_run.path.with_name(DRAFT_FILE)
    draft.parent.mkdir(parents=True)
    draft.write_bytes(content)
    assert first_run.answers() == Answers()


def test_the_end_writes_settings_and_the_first_manager(first_run: FirstRun) -> None:
    answers = Answers(
        store="Corner Café", till="7", backend=SQUARE, scanner=ScannerSection(suffix="#"), camera="Cam 1"
    )
    first_run.keep(answers)
    assert not first_run.has_people()
    path = first_run.finish(answers, INDIA, NewManager("Meera Nair", Secret(PIN)))
    config = read_config(path)
    assert (config.store.name, config.store.till, config.store.locale) == ("Corner Café", "7", "en_IN")
    assert (config.store.currency, config.store.decimals, config.store.time_zone) == (
        "INR",
        2,
        "Asia/Kolkata",
    )
    assert (config.backend.kind, config.backend.settings) == (
        "square",
        {"location": "L8GTM4Q1XYZ0A", "orders": True},
    )
    assert (config.scanner.suffix, config.camera.name) == ("#", "Cam 1")
    assert check_settings(path.read_bytes()).mistakes == ()
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not first_run.was_left()
    assert first_run.has_people()
    with staff_journal(first_run.folder, "7") as journal:
        records = open_office(journal, None, SystemClock(), 6).records()
    assert [(one.member.name, one.member.role, one.pin is None) for one in records] == [
        ("Meera Nair", Role.MANAGER, False)
    ]
    kept = b"".join(one.read_bytes() for one in first_run.path.parent.iterdir())
    assert PIN.encode() not in kept


def test_a_settings_file_is_never_written_over(first_run: FirstRun) -> None:
    answers = replace(DEMO_ANSWERS, backend=SQUARE)
    first_run.finish(answers, INDIA, None)
    before = first_run.path.read_bytes()
    with pytest.raises(KnownError, match="There is a settings file already"):
        first_run.finish(replace(answers, store="Another"), INDIA, None)
    with pytest.raises(KnownError, match="There is a settings file already"):
        create_config(first_run.path, settings_text(settings_tables(filled(answers, INDIA), {})))
    assert first_run.path.read_bytes() == before
    assert sorted(one.name for one in first_run.path.parent.iterdir()) == ["till.toml"]


def test_what_is_not_right_is_never_put_in_place(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="not right"):
        create_config(tmp_path / "till.toml", "[store]\nname = 1\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    first_run = FirstRun(tmp_path / "config/till.toml", tmp_path / "data")
    with pytest.raises(KnownError, match="cannot be kept in"):
        first_run.keep(Answers(store="M"))
    with pytest.raises(KnownError, match="cannot be written"):
        first_run.finish(replace(DEMO_ANSWERS, backend=SQUARE), INDIA, None)


def test_nobody_becomes_manager_where_somebody_works_already(first_run: FirstRun) -> None:
    answers = replace(DEMO_ANSWERS, backend=SQUARE)
    first_run.finish(answers, INDIA, NewManager("Meera Nair", Secret(PIN)))
    first_run.path.unlink()
    first_run.finish(answers, INDIA, NewManager("Somebody Else", Secret("739164")))
    with staff_journal(first_run.folder, "1") as journal:
        assert [one.member.name for one in open_office(journal, None, SystemClock(), 6).records()] == [
            "Meera Nair"
        ]


@pytest.mark.parametrize("pin", ["123456", "4829", "010203", "abcdef"])
def test_a_weak_pin_is_refused_before_anything_is_written(first_run: FirstRun, pin: str) -> None:
    with pytest.raises(KnownError) as refused:
        first_run.check_manager(NewManager("Meera", Secret(pin)), filled(Answers(), INDIA))
    assert pin not in refused.value.sentence
    assert not first_run.folder.exists()


def test_the_demo_shop_has_no_settings_file(first_run: FirstRun) -> None:
    with pytest.raises(KnownError, match="no settings file"):
        first_run.finish(replace(DEMO_ANSWERS, backend=BackendAnswer(DEMO)), INDIA, None)


def test_secrets_go_into_the_vault_and_nowhere_else(
    first_run: FirstRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    token = "EAAA-made-up-token"
    draft = Draft("square", "", {"location": "L1"}, {"access token": Secret(token)})
    whole = filled(Answers(), INDIA)
    answer = first_run.keep_backend(whole, draft, Secret("four plain words"))
    assert answer == BackendAnswer("square", "", {"location": "L1"})
    first_run.keep(replace(whole, backend=answer))
    again = FirstRun(first_run.path, first_run.folder)
    again.finish(again.answers(), INDIA, NewManager("Meera", Secret(PIN)))
    files = [
        one
        for folder in (first_run.path.parent, first_run.folder)
        for one in folder.rglob("*")
        if one.is_file()
    ]
    assert all(token.encode() not in one.read_bytes() for one in files)
    assert (first_run.folder / "secrets.json").is_file()


def test_a_secret_that_is_missing_keeps_the_backend_open(
    first_run: FirstRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with pytest.raises(KnownError):
        first_run.keep_backend(filled(Answers(), INDIA), Draft("square", "", {"location": "L1"}), None)


# --- fleets -----------------------------------------------------------------------------------------


def test_a_fleets_file_answers_what_it_says(tmp_path: Path) -> None:
    first_run = for_fleet(tmp_path, FLEET)
    answers = first_run.answers()
    assert (answers.store, answers.till, answers.region, answers.currency) == (
        "Marigold Stores",
        None,
        "GB",
        "GBP",
    )
    assert first_open_step(answers) is Step.SHOP
    assert not first_run.unattended
    config = read_config(first_run.finish(replace(answers, till="4"), INDIA, None))
    assert (config.store.till, config.store.unusual_bill) == ("4", 50_000)
    assert (config.backend.posts_at_once, config.backend.settings) == (2, {"location": "L8GTM4Q1XYZ0A"})
    assert config.staff.lock_after_seconds == 60


def test_another_backend_than_the_fleets_takes_nothing_of_it(tmp_path: Path) -> None:
    first_run = for_fleet(tmp_path, FLEET)
    other = BackendAnswer("contract", "https://loyalty.example")
    config = read_config(first_run.finish(replace(first_run.answers(), till="4", backend=other), INDIA, None))
    assert (config.backend.kind, config.backend.settings, config.backend.posts_at_once) == ("contract", {}, 2)


def test_what_was_answered_at_the_till_goes_before_the_fleets(tmp_path: Path) -> None:
    first_run = for_fleet(tmp_path, FLEET)
    first_run.keep(Answers(store="Marigold Kiosk", at=Step.SHOP))
    assert first_run.answers().store == "Marigold Kiosk"
    assert first_run.answers().region == "GB"


def test_nobody_is_asked_where_the_fleet_says_so(tmp_path: Path) -> None:
    first_run = for_fleet(tmp_path, FLEET.replace("unattended = false", "unattended = true"))
    assert first_run.unattended
    config = read_config(first_run.finish_unattended(INDIA))
    assert (config.store.name, config.store.till, config.store.region) == ("Marigold Stores", "1", "GB")
    assert not config.first_run.unattended


def test_a_loyalty_system_is_never_guessed(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"backend: this is missing; where nobody is asked"):
        for_fleet(tmp_path, "[first_run]\nunattended = true\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[store]\ntill = "a b"\n', "line 2, store.till"),
        ("[staff]\nmanager_pin = 482915\n", "PINs and secrets never stand in a settings file"),
        ("[first_run]\nunattendet = true\n", "Did you mean unattended?"),
        ("[store\n", "this is not TOML"),
    ],
)
def test_a_wrong_file_for_many_tills_is_named_by_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(KnownError) as refused:
        for_fleet(tmp_path, text)
    assert said in refused.value.sentence
    assert "cashier-cli config check" in refused.value.sentence


def test_every_kind_there_is_may_be_chosen(first_run: FirstRun) -> None:
    names = [kind.name for kind, _ in first_run.kinds(filled(Answers(), INDIA))]
    assert names == ["contract", "openloyalty", "voucherify", "square", "nector"]


def test_answers_are_kept_as_json_without_anything_else(first_run: FirstRun) -> None:
    first_run.keep(replace(DEMO_ANSWERS, backend=SQUARE))
    said = msgspec.json.decode(first_run.path.with_name(DRAFT_FILE).read_bytes())
    assert set(said) == set(Answers.__struct_fields__)


def test_what_a_settings_file_says_already_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "till.toml"
    path.write_text(FLEET.replace("unusual_bill", 'till = "4"  # this one\nunusual_bill'), encoding="utf-8")
    before = path.stat()
    change_backend(path, "square", "", {"location": "L8GTM4Q1XYZ0A"})
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    change_backend(path, "square", "", {"location": "ANOTHER"})
    assert read_config(path).backend.settings == {"location": "ANOTHER"}
