"""docs/programs.md: every example gives the answer beside it, every field and every reason is described."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from msgspec import Struct
from msgspec.structs import fields

from cashier_app.command_line.quote_batch import answer_lines
from cashier_app.documents.account_request import ACCOUNT_KEYS
from cashier_app.documents.bill_request import BILL_KEYS, LINE_KEYS
from cashier_app.documents.quote_request import CHOICE_KEYS, REQUEST_KEYS
from cashier_app.domain.program import Program
from cashier_app.domain.reasons import Limit, NextStep, Refusal
from cashier_app.domain.refund import RefundRefusal

NOW = datetime(2026, 11, 21, 10, 0)  # noqa: DTZ001 - the shop's own time
TEXT = (Path(__file__).parents[2] / "docs" / "programs.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```json (request|answer|whole answer)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = frozenset(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`\n]+)`", TEXT))))


def examples() -> Iterator[Any]:
    """Yield each request with the kind and the text of the answer beside it."""
    blocks = [(match[1], match[2], TEXT.count("\n", 0, match.start()) + 2) for match in BLOCK.finditer(TEXT)]
    assert [kind == "request" for kind, _, _ in blocks] == [True, False] * (len(blocks) // 2)
    for (_, request, line), (kind, answer, _) in zip(blocks[::2], blocks[1::2], strict=True):
        yield pytest.param(request, kind, answer, id=f"line {line}")


def answer_of(request: str) -> dict[str, Any]:
    answers = io.BytesIO()
    answer_lines(io.BytesIO(json.dumps(json.loads(request)).encode()), answers, NOW)
    answer: dict[str, Any] = json.loads(answers.getvalue())
    return answer


@pytest.mark.parametrize(("request_text", "kind", "answer_text"), list(examples()))
def test_an_example_gives_the_answer_beside_it(request_text: str, kind: str, answer_text: str) -> None:
    answer, expected = answer_of(request_text), json.loads(answer_text)
    assert {key: answer.get(key, "missing") for key in expected} == expected
    if kind == "whole answer":
        assert list(answer) == list(expected)


def test_there_are_examples_enough() -> None:
    assert len(list(examples())) >= 25


def structs_in(kind: object) -> Iterator[type[Struct]]:
    """Yield every struct a type is made of."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        for field in fields(kind):
            yield from structs_in(field.type)
    elif get_origin(kind) in {Union, UnionType} or get_args(kind):
        for part in get_args(kind):
            yield from structs_in(part)


PROGRAM_FIELDS = sorted({field.encode_name for kind in set(structs_in(Program)) for field in fields(kind)})
REASONS = [*get_args(Limit), *get_args(Refusal), *get_args(NextStep), *get_args(RefundRefusal)]


def test_every_field_of_a_program_is_described() -> None:
    assert len(PROGRAM_FIELDS) > 80
    assert [name for name in PROGRAM_FIELDS if name not in NAMED] == []


def words_in(kind: object) -> Iterator[str]:
    """Yield every word that a field of a struct may hold."""
    for struct in set(structs_in(kind)):
        for field in fields(struct):
            for part in (
                field.type,
                *get_args(field.type),
                *(x for y in get_args(field.type) for x in get_args(y)),
            ):
                if isinstance(part, type) and issubclass(part, StrEnum):
                    yield from part


def test_every_word_a_field_may_hold_is_described() -> None:
    words = set(words_in(Program)) - {"monday", "tuesday", "wednesday", "thursday", "friday"}
    assert len(words) > 40
    assert sorted(word for word in words if word not in NAMED) == []


@pytest.mark.parametrize("keys", [REQUEST_KEYS, ACCOUNT_KEYS, BILL_KEYS, LINE_KEYS, CHOICE_KEYS])
def test_every_field_of_a_request_is_described(keys: tuple[str, ...]) -> None:
    assert [name for name in keys if name not in NAMED] == []


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.__name__)
def test_every_reason_is_described_with_its_numbers(reason: type[Struct]) -> None:
    tag = reason.__struct_config__.tag
    row = re.search(rf"^\| `{tag}` \|(.*?)\|", TEXT, re.MULTILINE)
    assert row is not None, tag
    assert re.findall(r"`(\w+)`", row[1]) == [field.name for field in fields(reason)]


def test_every_field_of_an_answer_is_described() -> None:
    asked = '{"program": {"currency": "USD"}, "bill": 1}'
    section = TEXT.partition("## The answer")[2].partition("## Reasons")[0]
    described = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.*?) \|", section, re.MULTILINE))))
    assert set(answer_of(asked)) <= described
