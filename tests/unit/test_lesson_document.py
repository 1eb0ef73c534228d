"""Lessons as documents: what is taken, what is refused and how it is said, and the published schema."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cashier_app import paths
from cashier_app.demo.lesson_check import misfits
from cashier_app.documents.lesson_document import (
    MAX_SIZE,
    load_lesson,
    load_lessons,
    read_lesson,
    read_lesson_value,
)
from cashier_app.documents.lesson_text import sentences_of
from cashier_app.documents.problems import ProgramError
from cashier_app.domain.lesson import (
    Check,
    Code,
    Compare,
    DropPicture,
    Elsewhere,
    HoldUp,
    HoldUpReceipt,
    Lesson,
    Network,
    Press,
    Rest,
    TypeIn,
    TypePhone,
    TypePin,
    WaitFor,
)
from cashier_app.errors import KnownError
from tests.fakes.sample_lessons import SAMPLES

SCHEMA: dict[str, Any] = json.loads((paths.resources() / "schemas" / "lesson.schema.json").read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)
HEAD = 'id = "sample"\nnumber = 1\ntitle = "Sample"\ngoal = "Try it."\nminutes = 1\n'
STEP = '[[steps]]\nname = "one"\nsay = "Do it."\nhint = "Now."\n'
SHIPPED = sorted((paths.resources() / "lessons").glob("*.toml"))
TEXTS = [*SAMPLES.values(), *(path.read_text("utf-8") for path in SHIPPED)]
DOCUMENTS = [tomllib.loads(text) for text in TEXTS]


def slipping(hand: str) -> Lesson:
    """Return a lesson in which a mistake is made by this hand."""
    mistake = f'{{ name = "wrong", when = {{ bill = 1 }}, say = "No.", slip = [{hand}] }}'
    return read_lesson(lesson(f"mistakes = [{mistake}]"))


def lesson(rest: str = "", until: str = '{ at = "bill" }') -> bytes:
    """Return a lesson of one step with something more in it."""
    return f"{HEAD}{STEP}until = {until}\n{rest}".encode()


@pytest.mark.parametrize(
    ("hand", "means"),
    [
        ('{ scan = "mem-a" }', HoldUp("mem-a")),
        ('{ scan = "mem-a", code = "stale" }', HoldUp("mem-a", Code.STALE)),
        ("{ receipt = true }", HoldUpReceipt()),
        ('{ type = "23.60" }', TypeIn("23.60")),
        ('{ phone = "mem-a" }', TypePhone("mem-a")),
        ('{ pin = "meera" }', TypePin("meera")),
        ('{ press = "F7", times = 2 }', Press("F7", 2)),
        ("{ rest_ms = 3200 }", Rest(3200)),
        ('{ drop = "wallet.jpg" }', DropPicture("wallet.jpg")),
    ],
)
def test_what_hands_do(hand: str, means: object) -> None:
    assert read_lesson(lesson(f"do = [{hand}]")).steps[0].do == (means,)
    waits = slipping("{ wait = { bill_at_least = 5 } }").steps[0].mistakes[0].slip[0]
    assert isinstance(waits, WaitFor)
    assert waits.condition.checks == (Check("bill", Compare.AT_LEAST, (5,)),)


def test_what_is_compared() -> None:
    until = (
        'at = ["bill", "pay"], member_not = "", balance_at_most = 12.5, busy = false, limit = "whole_balance"'
    )
    checks = read_lesson(lesson(until=f"{{ {until} }}")).steps[0].until.checks
    assert checks == (
        Check("at", Compare.IS, ("bill", "pay")),
        Check("member", Compare.IS_NOT, ("",)),
        Check("balance", Compare.AT_MOST, (Decimal("12.5"),)),
        Check("busy", Compare.IS, (False,)),
        Check("limit", Compare.IS, ("whole_balance",)),
    )


def test_what_is_staged() -> None:
    spend = 'spend_elsewhere = [{ member = "a", points = 3 }]'
    stage = (
        read_lesson(lesson(f'stage = {{ down = true, {spend}, block = ["b"], unblock = ["c"] }}'))
        .steps[0]
        .stage
    )
    assert stage is not None
    assert (stage.network, stage.spend) == (Network(down=True), (Elsewhere("a", 3),))
    assert (stage.block, stage.unblock, stage.same_member_minutes) == (("b",), ("c",), None)
    asks = read_lesson(lesson("stage = { same_member_minutes = 10 }")).steps[0].stage
    assert asks is not None
    assert (asks.same_member_minutes, asks.network) == (10, None)
    cleared = read_lesson(lesson("stage = { clear = true }")).steps[0].stage
    assert cleared is not None
    assert cleared.network == Network()


REFUSED = [
    ("", '{ att = "bill" }', "steps[0].until.att is 'bill': expected one of the known fields, such as at"),
    ("", '{ at = "bil" }', "steps[0].until.at is 'bil': expected one of idle"),
    ("", "{}", "steps[0].until is a table: expected a table of 1 to 12 facts"),
    ("", "{ bill = true }", "steps[0].until.bill is true: expected a whole number"),
    ("", "{ bill = 5.5 }", "steps[0].until.bill is 5.5: expected a whole number"),
    ("", "{ bill = 10000000000000 }", "expected a whole number"),
    ("", "{ balance = nan }", "steps[0].until.balance is NaN: expected a number"),
    ("", '{ busy = "no" }', "steps[0].until.busy is 'no': expected true or false"),
    ("", "{ busy_not = true }", "steps[0].until.busy_not is true: expected one of the known fields"),
    ("", "{ member = 5 }", "steps[0].until.member is 5: expected text of at most 64 characters"),
    (
        "",
        '{ limit = "capped" }',
        "steps[0].until.limit is 'capped': expected one of an empty text, bill_covered",
    ),
    ("", '{ at = ["bill"] }', "steps[0].until.at is a list of 1: expected one value"),
    ("", "{ bill_at_least = [1, 2] }", "steps[0].until.bill_at_least is a list of 2: expected one value"),
    ("", '{ at = ["bill", 3] }', "steps[0].until.at[1] is 3: expected one of"),
    ("stage = {}", None, "steps[0].stage is empty: expected something that is staged"),
    (
        "stage = { clear = true, down = true }",
        None,
        "steps[0].stage.clear is true: expected no fault beside it",
    ),
    (
        "stage = { delay_ms = 99999 }",
        None,
        "steps[0].stage.delay_ms is 99999: expected a whole number from 0",
    ),
    ("do = [{}]", None, "steps[0].do[0] is not one act: expected one of scan"),
    ('do = [{ code = "fresh" }]', None, "steps[0].do[0] is not one act"),
    ('do = [{ type = "5", times = 2 }]', None, "steps[0].do[0] is not one act"),
    ('do = [{ type = "5", press = "Enter" }]', None, "steps[0].do[0] is not one act"),
    ("do = [{ receipt = false }]", None, "steps[0].do[0] is not one act"),
    ('do = [{ press = "Return" }]', None, "steps[0].do[0].press is 'Return': expected the name of a key"),
    (
        'do = [{ drop = "../x.jpg" }]',
        None,
        "steps[0].do[0].drop is '../x.jpg': expected the name of a picture",
    ),
    ('praise = "Call {name:mem-a} or {phon:x}."', None, "steps[0].praise is"),
    ('praise = "<b>Right</b>"', None, "steps[0].praise is '<b>Right</b>': expected one line of plain text"),
    ('praise = "Two {points:x}"', None, "expected places such as {name:mem-priya}"),
    ('praise = "Half {name"', None, "expected places such as {name:mem-priya} in pairs"),
    ('praise = "{points_name!r}"', None, "expected places such as"),
    (
        'do = [{ type = "23\\n" }]',
        None,
        "steps[0].do[0].type is '23\\n': expected characters that can be typed",
    ),
    ("hint_after = 0", None, "steps[0].hint_after is 0: expected a whole number from 1 to 600"),
    ('colour = "red"', None, "steps[0].colour is 'red': expected no field of this name"),
    (
        STEP + 'until = { at = "pay" }',
        None,
        "steps is two of the name one: expected steps of different names",
    ),
    (
        'mistakes = [{ name = "a", when = { bill = 1 }, say = "A." }, { name = "a", when = {}, say = "B." }]',
        None,
        "steps[0].mistakes is two of the name a: expected different names",
    ),
]


@pytest.mark.parametrize(("rest", "until", "said"), REFUSED)
def test_what_is_refused_is_named(rest: str, until: str | None, said: str) -> None:
    with pytest.raises(ProgramError) as caught:
        read_lesson(lesson(rest, until or '{ at = "bill" }'))
    assert said in str(caught.value)


def test_a_lesson_without_steps_and_a_phone_number_that_is_none() -> None:
    with pytest.raises(ProgramError, match="steps is missing"):
        read_lesson(HEAD.encode())
    with pytest.raises(ProgramError, match=r"free_phones\[0\] is '98450'"):
        read_lesson(HEAD.encode() + b'free_phones = ["98450"]\n' + lesson()[len(HEAD) :])
    with pytest.raises(ProgramError, match="steps is a list of 0: expected at least one step"):
        read_lesson(HEAD.encode() + b"steps = []")


def test_what_is_too_large_or_no_toml_is_refused() -> None:
    for text in (b"#" * (MAX_SIZE + 1), b"id = ", b"\xff", b"[" * 5000):
        with pytest.raises(ProgramError):
            read_lesson(text)


def test_files_are_refused_in_one_sentence(tmp_path: Path) -> None:
    for name, text, said in (
        ("a.json", b"{}", "a.json cannot be a lesson: its name must end in .toml."),
        ("a.toml", None, "The lesson a.toml cannot be read: No such file or directory."),
        ("b.toml", b"id = 5", "The lesson b.toml cannot be used: id is 5: expected 1 to 64 letters"),
    ):
        if text is not None:
            (tmp_path / name).write_bytes(text)
        with pytest.raises(KnownError) as caught:
            load_lesson(tmp_path / name)
        assert caught.value.sentence.startswith(said)


def test_two_lessons_of_one_name_or_number_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(lesson())
    (tmp_path / "b.toml").write_bytes(lesson().replace(b"number = 1", b"number = 2"))
    with pytest.raises(KnownError, match="Two lessons are called sample"):
        load_lessons(tmp_path)
    (tmp_path / "b.toml").write_bytes(lesson().replace(b'"sample"', b'"other"'))
    with pytest.raises(KnownError, match="Two lessons are called 1"):
        load_lessons(tmp_path)
    (tmp_path / "b.toml").write_bytes(
        lesson().replace(b'"sample"', b'"other"').replace(b"number = 1", b"number = 0")
    )
    assert [one.number for one in load_lessons(tmp_path)] == [0, 1]


def test_more_lessons_than_anybody_learns_are_refused(tmp_path: Path) -> None:
    for number in range(61):
        (tmp_path / f"{number}.toml").touch()
    with pytest.raises(KnownError, match="There are 61 lessons in one folder"):
        load_lessons(tmp_path)


# --- those that come with the till --------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_lesson_fits_the_practice_shop(path: Path) -> None:
    shipped = load_lesson(path)
    assert path.stem.startswith(f"{shipped.number:02d}-")
    assert misfits(shipped) == []


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ('do = [{ scan = "mem-nobody" }]', "steps[0]: the practice shop has no member mem-nobody."),
        ('do = [{ pin = "bob" }]', "steps[0]: nobody of the practice shop is called bob."),
        ('do = [{ drop = "none.jpg" }]', "steps[0]: the demo shop has no picture none.jpg."),
        ('praise = "{name:mem-x} is here."', "steps[0].praise: the practice shop has no member mem-x."),
        ('needs = { member = "mem-y" }', "steps[0]: the practice shop has no member mem-y."),
        ('do = [{ wait = { sale_member = "mem-z" } }]', "steps[0]: the practice shop has no member mem-z."),
        ('stage = { block = ["mem-w"] }', "steps[0]: the practice shop has no member mem-w."),
    ],
)
def test_what_does_not_fit_the_practice_shop_is_said(rest: str, said: str) -> None:
    assert any(one.startswith(said) for one in misfits(read_lesson(lesson(rest))))


@pytest.mark.parametrize(
    ("hand", "said"),
    [
        ('{ phone = "mem-ravi" }', "steps[0]: mem-ravi is not among the members that are set back"),
        ('{ pin = "bob" }', "steps[0]: nobody of the practice shop is called bob."),
    ],
)
def test_what_goes_wrong_on_purpose_must_fit_as_well(hand: str, said: str) -> None:
    assert any(one.startswith(said) for one in misfits(slipping(hand)))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_sentence_is_short_enough_to_read_at_the_till(path: Path) -> None:
    for part, sentence in sentences_of(load_lesson(path)):
        assert len(sentence.split()) <= 32, (part, sentence)
        assert sentence[-1] in ".?!" or part == "title", (part, sentence)


# --- the published schema -----------------------------------------------------------------------------


def script() -> Any:  # noqa: ANN401 - a module has no better type
    """Return the script that writes the schema."""
    path = Path(__file__).parents[2] / "scripts" / "lesson_schema.py"
    spec = importlib.util.spec_from_file_location("lesson_schema", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_published_schema_is_what_the_types_say() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert script().schema() == SCHEMA


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_lesson_keeps_to_the_schema(document: dict[str, Any]) -> None:
    VALIDATOR.validate(document)
    read_lesson_value(document)


SPOILED = (
    *(None, True, 0, -1, 5.5, 10**14, "", "x", "bill", "no such", "a" * 300, "mem-priya", [], [1], {}),
    {"at": "bill"},
)
ADDED = ("colour", "bill", "at", "times", "clear", "scan", "busy")
ONLY_THE_LOADER = (
    "different names",  # two of one name
    "no fault beside it",
    "something that is staged",
    "such as {name:mem-priya}",
    "one line of plain text",
    "without a folder",
    "characters that can be typed",
)


def spoiled(seed: int) -> dict[str, Any]:
    """Return a lesson with one to three parts put in place of others, taken out or added."""
    chance = random.Random(seed)
    document = copy.deepcopy(chance.choice(DOCUMENTS))
    for _ in range(chance.randint(1, 3)):
        there: Any = document
        while isinstance(there, dict | list) and there:
            keys = list(there) if isinstance(there, dict) else list(range(len(there)))
            key = chance.choice(keys)
            inside = there[key]
            if isinstance(inside, dict | list) and inside and chance.random() < 0.85:
                there = inside
                continue
            match chance.randint(0, 3):
                case 0:
                    del there[key]
                case 1 if isinstance(there, dict):
                    there[chance.choice(ADDED)] = chance.choice(SPOILED)
                case _:
                    there[key] = chance.choice(SPOILED)
            break
    return document


def agree(seed: int, validator: Draft202012Validator) -> bool:
    """Say whether a schema and the loader say the same of a lesson; of some things only the loader knows."""
    document = spoiled(seed)
    try:
        read_lesson_value(document)
    except ProgramError as error:
        only_the_loader = any(said in str(error) for said in ONLY_THE_LOADER)
        return only_the_loader or not validator.is_valid(document)
    return bool(validator.is_valid(document))


@settings(max_examples=1500)
@given(st.integers(0, 2**32))
def test_schema_and_loader_agree(seed: int) -> None:
    assert agree(seed, VALIDATOR), spoiled(seed)


@pytest.mark.parametrize("part", ["step", "condition", "act"])
def test_a_schema_that_takes_any_field_is_found(part: str) -> None:
    lax = copy.deepcopy(SCHEMA)
    del lax["$defs"][part]["additionalProperties"]
    validator = Draft202012Validator(lax)
    assert any(not agree(seed, validator) for seed in range(20_000))
