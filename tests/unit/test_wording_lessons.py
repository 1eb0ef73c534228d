"""Lessons said in the till's language: places filled in, sentences extracted, bad translations harmless."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.extract import extract

from cashier_app import paths
from cashier_app.documents.lesson_document import load_lesson
from cashier_app.documents.lesson_text import sentences_of
from cashier_app.domain.money import Currency
from cashier_app.domain.points import PointName
from cashier_app.ports.practice import LessonPerson
from cashier_app.services.lesson_view import LessonStage, LessonView
from cashier_app.wording.coach import choosing_words, coach_words, locked_words
from cashier_app.wording.lessons import extract_lessons, lesson_filler
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import TRAINING
from cashier_app.wording.translator import Translator

SHIPPED = sorted((paths.resources() / "lessons").glob("*.toml"))
PEOPLE = {
    "mem-priya": LessonPerson("mem-priya", "Priya Raghunathan", "9845012210", "MG-104210"),
    "mem-arabic": LessonPerson("mem-arabic", "عبد الرحمن", "9845080072", "MG-655563"),
}
ZONE, COIN, RUPEE = ZoneInfo("Asia/Kolkata"), PointName("coin", "coins"), Currency("INR", 2)


class Catalogue(gettext.NullTranslations):
    """A catalogue of one translation."""

    def __init__(self, translated: str) -> None:
        super().__init__()
        self._translated = translated

    def gettext(self, message: str) -> str:
        """Return it, whatever is asked for."""
        return self._translated


def fill(translated: str = "") -> Callable[[str], str]:
    """Return what fills lessons in, in English or by one translation."""
    translator = Translator(Catalogue(translated)) if translated else None
    return lesson_filler(PEOPLE, RUPEE, Wording.of("en_IN", ZONE, COIN, translator))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{name:mem-priya}, {first_name:mem-priya}", "Priya Raghunathan, Priya"),
        ("Type {phone:mem-priya} or {number:mem-priya}.", "Type 98450 12210 or MG-104210."),
        ("Take {money:216000} for {points:200}.", "Take ₹2,160.00 for 200 coins."),
        ("{points:1}, {points_name}", "1 coin, coins"),
        ("{name:mem-gone}", "mem-gone"),
        ("{name:mem-arabic}!", "\u2068عبد الرحمن\u2069!"),
    ],
)
def test_places_are_filled_in(text: str, said: str) -> None:
    assert fill()(text) == said


@pytest.mark.parametrize("translated", ["{money:abc}", "{nobody}", "{name", "{0}", "{points:}"])
def test_a_translation_that_cannot_be_filled_in_is_not_used(translated: str) -> None:
    assert fill(translated)("Type {money:500}.") == "Type ₹5.00."


def test_a_translation_may_put_places_elsewhere() -> None:
    assert fill("{points:200} für {first_name:mem-priya}")("x") == "200 coins für Priya"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_sentence_is_extracted_with_its_line(path: Path) -> None:
    found = list(extract(extract_lessons, BytesIO(path.read_bytes()), keywords={"": None}))
    lines = path.read_text("utf-8").splitlines()
    assert [message for _, message, _, _ in found] == [text for _, text in sentences_of(load_lesson(path))]
    for line, message, comments, _ in found:
        assert str(message) in lines[line - 1].replace('\\"', '"')
        assert "Keep the places in braces" in comments[0]


@pytest.mark.parametrize("translated", ["", "Übung"])
def test_the_strip_says_training_whatever_else_it_says(translated: str) -> None:
    translator = Translator(Catalogue(translated)) if translated else None
    wording = Wording.of("en_IN", ZONE, COIN, translator)
    lesson = load_lesson(SHIPPED[1])
    stages = [LessonView(stage, lesson, "Asha") for stage in LessonStage if stage is not LessonStage.NONE]
    for words in (
        choosing_words(lesson, wording, fill(translated)),
        choosing_words(None, wording, fill(translated)),
        choosing_words(None, wording, fill(translated), known=False),
        coach_words(LessonView(), wording, fill(translated)),
        coach_words(LessonView(), wording, fill(translated), staged="Answers are lost."),
        *(coach_words(view, wording, fill(translated)) for view in stages),
        *(coach_words(view, wording, fill(translated), playing=True) for view in stages),
        locked_words(wording),
    ):
        assert TRAINING in words.mark.full
        assert TRAINING in words.mark.short
