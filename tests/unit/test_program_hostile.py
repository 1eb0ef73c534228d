"""A hostile document is refused by naming a part, and never does anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app import paths
from cashier_app.documents.problems import ProgramError, shown
from cashier_app.documents.program_document import (
    MAX_SIZE,
    DocumentKind,
    program_value,
    read_program,
    read_program_value,
)
from cashier_app.domain.program import Program
from tests.benchmarks.hostile_documents import HOSTILE, Hostile

SCHEMA: dict[str, Any] = json.loads((paths.resources() / "schemas" / "program.schema.json").read_bytes())


@pytest.mark.parametrize("document", HOSTILE, ids=lambda document: document.name)
def test_a_hostile_document_is_refused_by_naming_the_part(document: Hostile) -> None:
    with pytest.raises(ProgramError) as refused:
        read_program(document.text(), document.kind)
    assert refused.value.path == document.path
    assert len(str(refused.value)) < 400
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_document_of_the_largest_size_is_read(kind: DocumentKind) -> None:
    text = {DocumentKind.TOML: b'currency = "INR"\n', DocumentKind.JSON: b'{"currency": "INR"}'}[kind]
    padding = {DocumentKind.TOML: b"#", DocumentKind.JSON: b" "}[kind]
    assert read_program(text.ljust(MAX_SIZE[kind], padding), kind).currency.code == "INR"
    with pytest.raises(ProgramError, match=rf"document is {MAX_SIZE[kind] + 1} bytes: expected at most"):
        read_program(text.ljust(MAX_SIZE[kind] + 1, padding), kind)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"a." * 17 + b"a = 1", "document is TOML with a long key: expected at most 16 names in a key"),
        (b"a = " + b"[" * 2000, "document is nested too deep: expected the tables of a program"),
        (b"a = " + b"1" * 5000, "document is TOML with an endless figure: expected figures of few digits"),
        (b"a = 1e" + b"9" * 30, "document is TOML with an endless figure: expected figures of few digits"),
        (b"a = '\xff'", "document is text in another encoding: expected UTF-8"),
        (
            b"a = 1\na = 2\n",
            "document is wrong at line 2, column 6: expected TOML 1.0 (Cannot overwrite a value)",
        ),
        (b"a = ", "document is wrong at end of document: expected TOML 1.0 (Invalid value)"),
        (b"\xef\xbb\xbfa = 1", "document is text with a byte order mark: expected UTF-8 without it"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_toml_that_cannot_be_read_is_said_in_words(text: bytes, sentence: str) -> None:
    with pytest.raises(ProgramError) as refused:
        read_program(text, DocumentKind.TOML)
    assert str(refused.value) == sentence


def test_sixteen_names_in_a_key_are_read_and_so_are_dots_in_text() -> None:
    dotted = b".".join([b"a"] * 16)
    with pytest.raises(ProgramError, match="currency is missing"):
        read_program(dotted + b" = 1", DocumentKind.TOML)
    text = b"# " + b"." * 80 + b"\ncurrency = 'INR'\nname = '" + b"." * 80 + b"'"
    assert read_program(text, DocumentKind.TOML).name == "." * 80


def test_a_large_honest_program_is_within_the_limits() -> None:
    rule = b'[[earning.rules]]\nkind = "per_amount"\nname = "A rule with a name of its own, number %d"\n'
    rule += b'points = 10\nper = "100.00"\nlines = { only_categories = ["Bakery", "Dairy", "Fruit"] }\n'
    whole = b'currency = "INR"\n' + b"".join(rule % number for number in range(100))
    assert len(read_program(whole, DocumentKind.TOML).earning.rules) == 100


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        [],
        {1: 2},
        {"currency": "INR", 1: 2},
        {"currency": "INR", "tiers": {3: 4}},
        {"currency": ["INR"]},
        {"currency": {"code": ["INR"]}},
        {"currency": {1: 2}},
        {"currency": "INR", "point_scale": {}},
        {"currency": "INR", "point_name": {1: 2}},
        {"currency": "INR", "x - at `$.tiers`": 1},
        {"currency": "INR", "tiers": {}, "x` - at `$.tiers": 1},
        {"currency": "INR", "x` - at `$.combining.order[7].x": 1},
        {"currency": "INR", "x" * 100_000: 1},
        {"currency": "INR", "\x1b[2J\u202e": 1},
        {"currency": "INR", "name": object()},
        {"currency": "INR", "name": "\ud800"},
        {"currency": "INR", "\ud800": 1},
        {"currency": "INR", "point_rounding": "\ud800"},
        {"currency": "INR", "tiers": {"days": 10**5000}},
        {"currency": "INR", "tiers": {"days": -(10**5000)}},
        {"currency": "INR", "tiers": {"days": float("inf")}},
        {"currency": "INR", "rewards": [{"kind": 10**5000}]},
        {"currency": "INR", "name": 10**5000},
        {"currency": "INR", "name": "x" * 10**7},
    ],
    ids=lambda value: type(value).__name__,
)
def test_odd_values_are_refused_by_naming_the_part(value: object) -> None:
    with pytest.raises(ProgramError) as refused:
        read_program_value(value)
    assert refused.value.path
    assert len(str(refused.value)) < 400
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", r"'a\nb'"),
        ("x" * 1000, "'" + "x" * 30 + "...'"),
        ("\x00" * 30, "'" + r"\x00" * 14 + "..."),
        (10**5000, "a number of very many digits"),
        (-3, "-3"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1e999999999"), "1E+999999999"),
        (Decimal("sNaN"), "sNaN"),
        (True, "true"),
        (None, "null"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(8), "08:00:00"),
        ({"a": 1}, "a table"),
        ([1, 2], "a list of 2"),
        (1.5, "float"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_value_is_shown_short_and_printable(value: object, text: str) -> None:
    assert shown(value) == text


# Documents of the schema's shape, so that most of them get past the first check.


def strategy(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that a part of the schema allows, most of them."""
    if "$ref" in node:
        node = SCHEMA["$defs"][node["$ref"].rpartition("/")[2]] | {
            key: value for key, value in node.items() if key != "$ref"
        }
    if "const" in node:
        return st.just(node["const"])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    for choice in ("oneOf", "anyOf"):
        if choice in node:
            return st.one_of(*(strategy(each) for each in node[choice]))
    return single(node)


def single(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    match node["type"]:
        case "object":
            required = set(node.get("required", ()))
            fields = {name: strategy(field) for name, field in node["properties"].items()}
            return st.fixed_dictionaries(
                {name: fields[name] for name in fields if name in required},
                optional={name: fields[name] for name in fields if name not in required},
            )
        case "array":
            unique = node.get("uniqueItems", False)
            return st.lists(
                strategy(node["items"]), max_size=2, min_size=node.get("minItems", 0), unique=unique
            )
        case "integer":
            return st.integers(node["minimum"], node["maximum"])
        case "number":
            return st.one_of(
                st.integers(1, 100), st.integers(1, 100).map(Decimal), st.decimals(0, 100, places=2)
            )
        case "string":
            return text(node)
        case "boolean":
            return st.booleans()
    return st.none()


def text(node: dict[str, Any]) -> st.SearchStrategy[Any]:
    if node.get("title") == "Date":
        return st.one_of(st.dates(), st.dates().map(date.isoformat))
    if node.get("title") == "Time":
        return st.one_of(st.times(), st.times().map(time.isoformat))
    if node.get("title") in {"Code", "Currency code"}:
        return st.sampled_from(["INR", "JPY", "KWD", "XYQ"])
    if node.get("pattern", "").startswith("^[0-9]"):
        return st.one_of(st.integers(1, 100).map(str), st.from_regex(node["pattern"].replace("$", r"\Z")))
    if "pattern" in node:
        return st.from_regex(node["pattern"].replace("$", r"\Z"))
    return st.sampled_from(["Gold", "Silver", "Bakery", "a"])


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.floats(),
    st.text(max_size=5),
    st.datetimes(),
    st.dates(),
    st.builds(list),
    st.builds(dict),
    st.sampled_from([10**5000, Decimal("1e999999999"), "\ud800", datetime(2026, 1, 1)]),  # noqa: DTZ001 - as TOML
)
DOCUMENTS = strategy(SCHEMA)


def tables(value: object) -> list[dict[str, object]]:
    if isinstance(value, dict):
        return [value, *(found for each in value.values() for found in tables(each))]
    return [found for each in value for found in tables(each)] if isinstance(value, list) else []


def outcome(read: Callable[[], Program]) -> Program | ProgramError:
    try:
        return read()
    except ProgramError as refused:
        return refused


def check(read: Callable[[], Program]) -> None:
    """Check that a document is taken and comes back as it was, or is refused by naming a part."""
    answer = outcome(read)
    if isinstance(answer, Program):
        assert read_program_value(program_value(answer)) == answer
        return
    assert answer.path
    assert len(str(answer)) < 400
    assert str(answer).isprintable()


@given(DOCUMENTS, st.data())
def test_a_mutated_program_is_taken_or_refused(document: dict[str, object], data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 3))):
        table = data.draw(st.sampled_from(tables(document)))
        keys = st.sampled_from(sorted(table)) if table else st.just("currency")
        table[data.draw(st.one_of(keys, st.text(max_size=4)))] = data.draw(ODD)
    check(lambda: read_program_value(document))


@given(st.sampled_from(sorted((paths.resources() / "programs").iterdir())), st.data())
def test_a_broken_example_is_taken_or_refused(path: Path, data: st.DataObject) -> None:
    written = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(written) - 1))
        written[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    check(lambda: read_program(bytes(written), DocumentKind(path.suffix[1:])))
