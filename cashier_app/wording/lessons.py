"""The sentences of lessons in this language: source texts of the lesson files, their places filled in.

A lesson's own English is the message a catalogue translates, as everywhere; `babel.cfg` extracts them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import BinaryIO, Self

from cashier_app.documents.lesson_document import read_lesson
from cashier_app.documents.lesson_text import sentences_of
from cashier_app.domain.money import Currency, Money
from cashier_app.ports.practice import LessonPerson
from cashier_app.wording.sentences import name_in_sentence
from cashier_app.wording.speech import Wording


def lesson_filler(
    people: Mapping[str, LessonPerson], currency: Currency, wording: Wording
) -> Callable[[str], str]:
    """Return what makes a lesson's source text a sentence of this language, with names and figures in it.

    Args:
        people: Who can be served, by member id; somebody unknown is called by that id.
        currency: Of the practice shop: what amounts in lessons are counted in.
        wording: Who says it.
    """

    def person(of: Callable[[LessonPerson], str]) -> Callable[[str], str]:
        return lambda member_id: name_in_sentence(of(people[member_id])) if member_id in people else member_id

    places = {
        "name": _Place(person(lambda one: one.name)),
        "first_name": _Place(person(lambda one: one.name.split()[0])),
        "phone": _Place(person(lambda one: _in_two(one.phone))),
        "number": _Place(person(lambda one: one.number)),
        "money": _Place(lambda minor: wording.figures.money(Money(int(minor), currency))),
        "points": _Place(lambda points: wording.points(Decimal(int(points)))),
        "points_name": _Place(lambda _: wording.points_name),
    }
    return lambda text: wording.text(text, **places)


def extract_lessons(
    file: BinaryIO,
    _keywords: object,
    _comment_tags: Collection[str],
    options: Mapping[str, str],  # noqa: ARG001 - Babel gives it by name
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield the sentences of one lesson for a catalogue, as Babel asks: line, function, message, comments."""
    text = file.read()
    lesson = read_lesson(text)
    lines = text.decode().splitlines()
    for part, sentence in sentences_of(lesson):
        line = next((number for number, line in enumerate(lines, 1) if _holds(line, sentence)), 1)
        yield line, "", sentence, [f"Lesson {lesson.lesson_id}, {part}. Keep the places in braces."]


def _in_two(number: str) -> str:
    """Return the digits of a number in two groups: ten in a row are hard to copy."""
    half = len(number) // 2
    return f"{number[:half]} {number[half:]}"


class _Place(str):
    """Fills one kind of place; what stands behind the colon says which."""

    __slots__ = ("_say",)

    _say: Callable[[str], str]

    def __new__(cls, say: Callable[[str], str]) -> Self:
        """Make one that says so."""
        made = super().__new__(cls)
        made._say = say
        return made

    def __format__(self, behind: str) -> str:
        return str(self._say(behind))


def _holds(line: str, sentence: str) -> bool:
    """Say whether a line of TOML has this sentence as one of its texts."""
    return sentence in line or sentence in line.replace('\\"', '"')
