"""Every value the till can show has words, and all of them can be translated."""

import gettext
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import get_args

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from cashier_app.domain.reasons import Limit, NextStep, Refusal
from cashier_app.services.till_view import Problem
from cashier_app.wording import Sentence, Translator
from tests.unit.wording_samples import LIMITS, NEXT_STEPS, PROBLEMS, REFUSALS, everything
from tests.unit.wording_shown import WORDING

ICONS = Path(__file__).parents[2] / "resources" / "icons"


class Brackets(gettext.NullTranslations):
    """A language in which every message is itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"[{msgid1 if n == 1 else msgid2}]"


BRACKETED = replace(WORDING, translator=Translator(Brackets(), "xx"))


@pytest.mark.parametrize(
    ("samples", "union"),
    [
        (LIMITS, Limit),
        (REFUSALS, Refusal),
        (NEXT_STEPS, NextStep),
        (PROBLEMS, Problem),
    ],
)
def test_the_samples_cover_every_class(samples: tuple[object, ...], union: UnionType) -> None:
    assert {type(sample) for sample in samples} == set(get_args(union))


NOT_WORDS = {
    "icon",
    "way_icon",
    "key",
    "row_id",
    "sale_id",
    "effect_key",
    "reward_id",
    "unit",
    "time",
    "last_visit",
}
"""Fields that hold names of files and keys, or figures; `unit` is the shop's own word."""


def texts(value: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text for people in what the wording gave, with the name of its field."""
    if isinstance(value, Sentence):
        yield field, value.full
        yield field, value.short
    elif isinstance(value, Struct):
        for part in fields(value):
            if part.name not in NOT_WORDS or isinstance(getattr(value, part.name), Sentence):
                yield from texts(getattr(value, part.name), part.name)
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item, field)
    elif isinstance(value, str) and not isinstance(value, Enum):
        yield field, value


FROM_OUTSIDE = (
    "Asha Nair|Priya Raghunathan|Rahul Deshpande|Devika Shenoy|श्रीमती अनुराधा वेंकटनरसिंहराजुवारिपेटा"
    "|Anil K|Meera K|Priya R\\.|Omkar S\\.|Gold|Bronze|Silver|Platinum Circle|Free coffee|10% off| off"
    "|Tote bag|Double value|Happy day|Hill Road|मोफत फिल्टर कॉफी आणि बिस्किटे|rupees?|Nov"
    "|The disk is full\\.?|This was not saved\\. Free space, then try again\\."
    "|The picture could not be opened\\.?"
    "|The loyalty system cannot hold the points now\\. Try again, or take none\\."
    "|WELCOME5|Birthday treat: ₹50 off everything[a-z ]*…?(, twice)?|Welcome back: ₹75 off a bill from ₹300"
    "|The sales database is damaged\\. It was left as it is; call support\\."
)


def untranslated(text: str) -> str:
    """Return the letters of a bracketed text that stand outside all brackets and are nobody's name."""
    depth, outside = 0, ""
    for character in text:
        depth += (character == "[") - (character == "]")
        outside += character if depth == 0 and character != "]" else ""
    assert depth == 0, text
    return "".join(filter(str.isalpha, re.sub(FROM_OUTSIDE, "", outside)))


def test_nothing_escapes_translation() -> None:
    seen = 0
    for said in everything(BRACKETED):
        for field, text in texts(said):
            assert not untranslated(text), (field, text)
            seen += 1
    assert seen > 1000


MAY_BE_EMPTY = {"discount", "discount_dim", "amount", "shown", "name", "number", "key"}
"""Fields that are left out where there is nothing to say."""


def test_no_sentence_is_empty_or_has_an_open_place() -> None:
    for said in everything(WORDING):
        for field, text in texts(said):
            assert "{" not in text, (field, text)
            assert "  " not in text, (field, text)
            assert text == text.strip(), (field, text)
            assert text or field in MAY_BE_EMPTY, said


def test_no_short_form_is_longer_than_the_full_one() -> None:
    def sentences(value: object) -> Iterator[Sentence]:
        if isinstance(value, Sentence):
            yield value
        elif isinstance(value, Struct):
            for part in fields(value):
                yield from sentences(getattr(value, part.name))
        elif isinstance(value, tuple):
            for item in value:
                yield from sentences(item)

    for said in everything(WORDING):
        for sentence in sentences(said):
            assert len(sentence.short) <= len(sentence.full), sentence


def test_every_icon_is_one_of_ours() -> None:
    def icons(value: object) -> Iterator[str]:
        if isinstance(value, Struct):
            for part in fields(value):
                if part.name in {"icon", "way_icon"}:
                    yield getattr(value, part.name)
                else:
                    yield from icons(getattr(value, part.name))
        elif isinstance(value, tuple):
            for item in value:
                yield from icons(item)

    ours = {path.stem for path in ICONS.glob("*.svg")}
    used = {icon for said in everything(WORDING) for icon in icons(said) if icon}
    assert used <= ours
    assert len(used) > 15
