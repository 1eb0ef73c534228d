"""The sentences of lessons: plain text of sane length with places that the till's wording fills in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

from cashier_app.documents.problems import ProgramError
from cashier_app.domain.lesson import Lesson

OF_MEMBERS = frozenset({"name", "first_name", "phone", "number"})
"""Places that name a member behind a colon, such as ``{name:mem-priya}``."""

OF_FIGURES = frozenset({"money", "points"})
"""Places that carry a figure: minor units in ``{money:236000}``, points in ``{points:200}``."""

ALONE = frozenset({"points_name"})
"""Places that stand alone: what the shop calls its points."""

_FIGURE = re.compile(r"(?:0|[1-9][0-9]{0,11})\Z")
_MEMBER = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_MARKUP = re.compile(r"[<>&]")


def check_sentence(path: str, text: str) -> None:
    """Refuse what is no plain sentence, or has places that nobody fills in.

    Raises:
        ProgramError: Naming the part.
    """
    if not text.isprintable() or text != text.strip() or _MARKUP.search(text):
        raise ProgramError(path, text, "one line of plain text without markup")
    try:
        places = list(Formatter().parse(text))
    except ValueError:
        raise ProgramError(path, text, "places such as {name:mem-priya} in pairs of braces") from None
    for _, name, figure, conversion in places:
        if name is not None and (conversion or not _is_place(name, figure or "")):
            raise ProgramError(path, text, "places such as {name:mem-priya}, {money:236000} or {points:200}")


def sentences_of(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Yield every sentence of a lesson with its part, such as ``steps[0].say``; empty ones are left out."""
    yield "title", lesson.title
    yield "goal", lesson.goal
    if lesson.learned:
        yield "learned", lesson.learned
    for place, step in enumerate(lesson.steps):
        yield f"steps[{place}].say", step.say
        yield f"steps[{place}].hint", step.hint
        if step.praise:
            yield f"steps[{place}].praise", step.praise
        for number, mistake in enumerate(step.mistakes):
            yield f"steps[{place}].mistakes[{number}].say", mistake.say


def _is_place(name: str, behind: str) -> bool:
    if name in OF_MEMBERS:
        return _MEMBER.match(behind) is not None
    if name in OF_FIGURES:
        return _FIGURE.match(behind) is not None
    return name in ALONE and not behind
