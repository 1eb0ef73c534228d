"""Other systems' published figures, put into our program documents: each must come out as published."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import UNSET, Struct, UnsetType

from cashier_app.documents.program_document import read_program_value
from cashier_app.documents.quote_answer import Answer, Plain, answer_to
from cashier_app.documents.quote_request import read_quote_request
from cashier_app.strict_json import load_strictly

EXAMPLES = Path(__file__).parents[1] / "worked_examples"
NOW = datetime.fromisoformat("2026-11-21T10:00")
FEWEST_EXAMPLES, FEWEST_SYSTEMS = 90, 10


class Example(Struct, frozen=True, forbid_unknown_fields=True):
    """One published figure.

    Args:
        source: Where it was published.
        published: What was published.
        derived: Whether the figures follow from a published rule, and were not published themselves.
        request: A quote request.
        expect: The part of its answer that must come out; a reason may stand as its tag alone, or as true
            where any will do.
    """

    name: str
    source: str
    published: str
    derived: bool
    request: dict[str, Any]
    expect: dict[str, Any]


class NotExpressible(Struct, frozen=True, forbid_unknown_fields=True):
    """What was published but cannot be put into a program document, and why."""

    source: str
    what: str
    why: str


class System(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of examples."""

    system: str
    examples: tuple[Example, ...]
    not_expressible: tuple[NotExpressible, ...] | UnsetType = UNSET


def systems() -> dict[str, System]:
    """Return every file of examples, by its name."""
    files = sorted(EXAMPLES.glob("*.json"))
    return {file.stem: msgspec.json.decode(file.read_bytes(), type=System) for file in files}


def _each() -> list[Any]:
    return [
        pytest.param(example, id=f"{file}: {example.name}")
        for file, system in systems().items()
        for example in system.examples
    ]


def answer_of(example: Example) -> Answer:
    """Return our answer, the request having gone through JSON as a stranger's would."""
    request = load_strictly(msgspec.json.encode(example.request))
    return answer_to(read_quote_request(request, NOW, read_program_value))


def differences(example: Example, answer: Answer) -> list[str]:
    """Return what came out otherwise than published, one line each."""
    return [
        f"{key}: published {wanted!r}, ours {answer.get(key)!r}"
        for key, wanted in example.expect.items()
        if key not in answer or not _same(wanted, answer[key])
    ]


def _same(wanted: object, ours: Plain) -> bool:
    match wanted, ours:
        case True, _:
            return ours is not None
        case str(), {"reason": tag}:
            return wanted == tag
        case dict(), dict():
            return all(key in ours and _same(part, ours[key]) for key, part in wanted.items())
        case list(), list():
            return len(wanted) == len(ours) and all(map(_same, wanted, ours))
        case str(), str():
            return wanted == ours or _figure(wanted) == _figure(ours) is not None
        case _:
            return wanted is None and ours is None


def _figure(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@pytest.mark.parametrize("example", _each())
def test_comes_out_as_published(example: Example) -> None:
    found = answer_of(example)
    assert differences(example, found) == [], f"{example.source}: {example.published}"


@pytest.mark.parametrize("example", _each())
def test_says_what_it_expects_and_where_it_is_from(example: Example) -> None:
    assert example.expect
    assert example.source.strip()
    assert example.published.strip()


def test_there_are_enough_of_them() -> None:
    found = systems()
    assert len(found) >= FEWEST_SYSTEMS
    assert sum(len(system.examples) for system in found.values()) >= FEWEST_EXAMPLES


def test_names_are_unique_in_each_file() -> None:
    for file, system in systems().items():
        names = [example.name for example in system.examples]
        assert len(names) == len(set(names)), file


def test_most_figures_were_published_themselves() -> None:
    every = [example for system in systems().values() for example in system.examples]
    assert sum(example.derived for example in every) * 4 <= len(every)


@pytest.mark.parametrize("example", _each())
def test_a_planted_wrong_figure_is_caught(example: Example) -> None:
    answer = answer_of(example)
    for key, wanted in example.expect.items():
        planted = msgspec.structs.replace(example, expect={**example.expect, key: _wrong(wanted)})
        assert differences(planted, answer), key


def _wrong(wanted: object) -> object:
    """Return a figure one unit off, another reason or tier, or no reason where there must be one."""
    match wanted:
        case True:
            return "another reason"
        case list():
            return [*map(_wrong, wanted)]
        case dict():
            return {key: _wrong(part) for key, part in wanted.items()}
        case _:
            text = str(wanted)
            figure = _figure(text)
            return f"{text}-otherwise" if figure is None else f"{figure + Decimal('0.01'):f}"


def test_a_key_the_answer_lacks_is_a_difference() -> None:
    example = next(iter(systems().values())).examples[0]
    asks_more = msgspec.structs.replace(example, expect={"no_such_key": None})
    assert differences(asks_more, answer_of(asks_more))
