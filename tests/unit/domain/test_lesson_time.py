"""How long lessons take, counted by hand; and all of them together, held to a quarter of an hour."""

from __future__ import annotations

from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.lesson import (
    Condition,
    DropPicture,
    HoldUp,
    HoldUpReceipt,
    Lesson,
    Press,
    Rest,
    Step,
    TypeIn,
    TypePhone,
    TypePin,
    WaitFor,
)
from cashier_app.domain.lesson_time import time_of, words_in

QUARTER_OF_AN_HOUR = 15 * 60_000
ANSWERS_MS = 400
"""What a step may wait for the till beside; `python -m tests.benchmarks.lessons` measures it."""

NOW = Condition(())
DO = (
    HoldUp("a"),
    HoldUpReceipt(),
    DropPicture("a.png"),
    TypeIn("12.50"),
    TypePhone("a"),
    TypePin("a"),
    Press("Backspace", 3),
    Rest(700),
    WaitFor(NOW),
)


def test_words_are_counted_with_their_places_filled_in() -> None:
    assert words_in("{first_name:mem-priya} has {points:200}, {money:236000} in {points_name}.") == 7
    assert words_in("That is {name:mem-priya}: {phone:mem-priya}") == 6
    assert words_in("") == 0


def test_a_lesson_takes_its_words_and_its_keys() -> None:
    steps = (
        Step("one", "Do this now.", NOW, "Never read.", praise="Well done.", do=DO),
        Step("two", "And that.", NOW, ""),
    )
    lesson = Lesson("a", 1, "Title", "The goal.", 1, steps, learned="All of it.")
    took = time_of(lesson)
    assert took.words == 1 + 2 + 3 + 3 + 2 + 2
    assert took.doing == 2 * 1350 + 3 * 1900 + (5 + 10 + 6 + 3) * 280 + 700
    assert took.reading == 13 * 300
    assert took.total == took.reading + took.doing


def test_all_lessons_together_take_less_than_a_quarter_of_an_hour() -> None:
    lessons = load_lessons()
    steps = sum(len(lesson.steps) for lesson in lessons)
    assert sum(time_of(lesson).total for lesson in lessons) + steps * ANSWERS_MS < QUARTER_OF_AN_HOUR


def test_no_lesson_takes_longer_than_it_says() -> None:
    taught = [lesson for lesson in load_lessons() if lesson.number > 0]  # the first plays by itself
    over = [lesson.title for lesson in taught if time_of(lesson).total > lesson.minutes * 60_000]
    assert over == []
