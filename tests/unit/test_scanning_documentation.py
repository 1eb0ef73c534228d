"""The tables of what counts as a member's code are true, line by line."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from cashier_app.code_sections import CodesSection, check_codes, identifier_rules
from cashier_app.domain.identifier import (
    IdentifierRules,
    MemberNumber,
    NotRecognised,
    Origin,
    Parsed,
    PhoneNumber,
    Unrecognised,
    WalletToken,
    parse_identifier,
)

TEXT = (Path(__file__).parents[2] / "docs" / "scanning.md").read_text(encoding="utf-8")
CHAPTER = TEXT.partition("## What counts as a member's code\n")[2].partition("\n## ")[0]
_ROW = re.compile(r"^\| [^|]+ \| `(?P<example>[^|]+)` \| (?P<result>[^|]+) \|$", re.MULTILINE)
_SETTINGS = re.search(r"```toml\n(.*?)```", CHAPTER, re.DOTALL)
BEFORE, AFTER = CHAPTER.split("```toml", maxsplit=1)


def codes() -> CodesSection:
    assert _SETTINGS is not None
    section = msgspec.toml.decode(_SETTINGS[1], type=dict[str, CodesSection])["codes"]
    check_codes(section)
    return section


def said(parsed: Parsed) -> str:
    match parsed:
        case WalletToken(token):
            return f"wallet code `{token}`"
        case MemberNumber(number):
            return f"member number `{number}`"
        case PhoneNumber(e164):
            return f"phone `{e164}`"
        case Unrecognised(reason):
            return f"refused: {reason}"


ROWS = [
    *((row["example"], row["result"], IdentifierRules("IN")) for row in _ROW.finditer(BEFORE)),
    *((row["example"], row["result"], identifier_rules("IN", codes())) for row in _ROW.finditer(AFTER)),
]


@pytest.mark.parametrize(("example", "result", "rules"), ROWS, ids=[example for example, _, _ in ROWS])
def test_the_line_is_true(example: str, result: str, rules: IdentifierRules) -> None:
    text = example.replace("\\u200b", "\u200b").replace("\\u0007", "\x07").replace("\\ufffd", "\ufffd")
    assert said(parse_identifier(text, rules, Origin.SCANNED)) == result


def test_there_are_as_many_lines_as_it_seems() -> None:
    assert len(ROWS) == CHAPTER.count("\n| ") - 4  # two heads and the lines under them


def test_the_till_has_words_for_every_reason_the_tables_name() -> None:
    named = set(re.findall(r"refused: ([a-z ]+) \|", CHAPTER))
    assert named <= {reason.value for reason in NotRecognised}
