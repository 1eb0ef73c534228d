"""Every figure is defined once, and the page of figures says what the screen says."""

from __future__ import annotations

import gettext
import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.figures import FIGURE_NAMES, NO_FIGURES, POINT_FIGURES
from cashier_app.domain.points import PointName
from cashier_app.domain.rates import RATE_NAMES
from cashier_app.wording.figure_definitions import DEFINITIONS, GROUPS, figure_words, in_shop_words
from cashier_app.wording.figure_values import Unit, values_of
from cashier_app.wording.translator import Translator
from tests.unit.wording_shown import WORDING

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs" / "figures.md").read_text(encoding="utf-8")


def test_the_tables_are_the_definitions() -> None:
    printed = subprocess.run(
        [sys.executable, str(HERE / "scripts" / "figures_table.py")],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(HERE)},
        check=True,
    ).stdout
    assert printed.count("\n| ") > len(DEFINITIONS)
    assert printed.strip() in PAGE, "run: python scripts/figures_table.py --write"


def test_every_figure_is_defined_once() -> None:
    keys = [one.key for group in GROUPS for one in group.figures]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(values_of(NO_FIGURES))
    assert set(FIGURE_NAMES) | set(RATE_NAMES) < set(keys)


def test_units_are_those_of_the_values() -> None:
    assert {key for key in FIGURE_NAMES if DEFINITIONS[key].unit is Unit.POINTS} == POINT_FIGURES
    shares = {key for key, one in DEFINITIONS.items() if one.unit is Unit.SHARE}
    none = {key for key, value in values_of(NO_FIGURES).items() if value is None}
    averages = {"average_bill", "average_bill_redeemed", "average_bill_others"}
    times = {"scan_to_done_median", "scan_to_done_95", "offline_seconds"}
    assert none == shares | averages | times


@pytest.mark.parametrize("key", DEFINITIONS)
def test_definitions_are_one_sentence_with_the_shop_s_name_for_points(key: str) -> None:
    shop = WORDING.with_point_name(PointName("star", "stars"))
    words = figure_words(key, shop)
    assert re.fullmatch(r"[A-Z0-9][^.]*\.", words.sentence)
    assert not words.base.endswith(".")
    for text in (words.name, words.sentence, words.base):
        assert "point" not in text.lower()
        assert "{" not in text
    assert len(words.name) <= 40


def test_names_are_told_apart() -> None:
    names = [figure_words(key, WORDING).name for key in DEFINITIONS]
    assert len(set(names)) == len(names)
    assert len({in_shop_words(group.title, WORDING) for group in GROUPS}) == len(GROUPS)


def test_every_command_of_the_page_is_one() -> None:
    from cashier_app.command_line.parser import parser

    lines = [line for line in PAGE.splitlines() if line.startswith("cashier-cli ")]
    assert len(lines) >= 7
    for line in lines:
        command = line.partition("#")[0].partition(">")[0].replace('"Marigold Stores"', "Marigold").split()
        assert parser().parse_args(command[1:]).command


def test_every_text_of_the_table_can_be_translated() -> None:
    from babel.messages.extract import extract_from_file

    path = HERE / "cashier_app" / "wording" / "figure_definitions.py"
    found = {str(one[1]) for one in extract_from_file("python", path, keywords={"text": None})}
    texts = {group.title for group in GROUPS}
    for one in DEFINITIONS.values():
        texts |= {one.name, one.sentence, one.base} - {""}
    assert texts <= found
    bracketed = replace(WORDING, translator=Translator(_Brackets(), "xx"))
    for key in DEFINITIONS:
        words = figure_words(key, bracketed)
        for text in (words.name, words.sentence, words.base or "[]"):
            assert text.startswith("[")


class _Brackets(gettext.NullTranslations):
    """A language in which every message is itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"
