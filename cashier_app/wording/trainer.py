"""The trainer's view in words: who did which lesson, in two tables, and what leaves the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from cashier_app.domain.lesson import Lesson
from cashier_app.ports.practice import Ended, LessonRun
from cashier_app.services.training_results import Order, TraineeResult, TrainingResults
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence
from cashier_app.wording.speech import Wording

Fill = Callable[[str], str]
"""Makes a lesson's source text a sentence of this language, its places filled in."""

NOTHING = "\N{EN DASH}"
MORE, LESS = "\N{DOWNWARDS ARROW}", "\N{UPWARDS ARROW}"


class Column(Struct, frozen=True):
    """One column of a table; numbers stand at the right.

    Args:
        least: What it must have room for, besides its head.
        order: What a press on its head orders by; None where it orders by nothing.
        stretch: Its share of the room that is left; the others are as wide as they need.
    """

    head: Sentence
    least: str
    order: Order | None = None
    stretch: int = 0
    right: bool = True


class TrainerWords(Struct, frozen=True):
    """What stands on the page whatever is chosen."""

    title: Sentence
    close: Sentence
    back: Sentence
    people: Sentence
    tries: Sentence
    export: Sentence
    forget: Sentence
    undo: Sentence
    search: str


def trainer_words(wording: Wording) -> TrainerWords:
    """Return the words of the page."""
    text = wording.text
    return TrainerWords(
        title=Sentence.of(text("Trainer's view")),
        close=Sentence.of(text("Close")),
        back=Sentence.of(text("Back")),
        people=Sentence.of(text("Trainees")),
        tries=Sentence.of(text("Tries")),
        export=Sentence.of(text("Export")),
        forget=Sentence.of(text("Forget…")),
        undo=Sentence.of(text("Take it back")),
        search=text("Type to search"),
    )


def trainee_name(trainee: str, wording: Wording) -> str:
    """Return who it was; not everybody says a name."""
    return name_in_sentence(trainee) or wording.text("Without a name")


def duration(milliseconds: int, wording: Wording) -> str:
    """Return a length of time such as ``1:32`` or ``2:05:10``; whole seconds, halves rounded up."""
    minutes, seconds = divmod((milliseconds + 500) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    count = wording.figures.count
    return f"{count(hours)}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def lesson_title(lesson_id: str, results: TrainingResults, fill: Fill, wording: Wording) -> str:
    """Return a lesson's number and title; one that is not here any more by the name it is kept under."""
    lesson = results.lesson_of.get(lesson_id)
    return name_in_sentence(lesson_id) if lesson is None else numbered(lesson, fill, wording)


def numbered(lesson: Lesson, fill: Fill, wording: Wording) -> str:
    """Return a lesson's number and title."""
    return wording.text("{n}. {title}", n=wording.figures.count(lesson.number), title=fill(lesson.title))


def ended(run: LessonRun, wording: Wording) -> str:
    """Return whether a lesson was finished."""
    return wording.text("Finished") if run.ended is Ended.FINISHED else wording.text("Not finished")


def order_words(order: Order, wording: Wording, *, turned: bool = False) -> Sentence:
    """Return what rows are ordered by."""
    text = wording.text
    words = {
        Order.LAST: Sentence.of(text("Earliest first") if turned else text("Latest first")),
        Order.TRAINEE: Sentence.of(text("By name")),
        Order.LESSON: Sentence.of(text("By lesson")),
        Order.FINISHED: Sentence.of(
            text("Least finished first") if turned else text("Most finished first"), text("By finished")
        ),
        Order.TIME: Sentence.of(
            text("Shortest time first") if turned else text("Longest time first"), text("By time")
        ),
        Order.MISTAKES: Sentence.of(
            text("Fewest mistakes first") if turned else text("Most mistakes first"), text("By mistakes")
        ),
        Order.HINTS: Sentence.of(
            text("Fewest hints first") if turned else text("Most hints first"), text("By hints")
        ),
    }
    return words[order]


# --- the two tables ---------------------------------------------------------------------------------


def people_columns(wording: Wording, lessons: int) -> tuple[Column, ...]:
    """Return the columns of the table of trainees; the second holds a mark for each lesson."""
    text, count = wording.text, wording.figures.count
    of_all = text("{n} of {m}", n=count(lessons), m=count(lessons))
    return (
        Column(Sentence.of(text("Trainee")), "", Order.TRAINEE, 1, right=False),
        Column(Sentence.of(text("Lessons")), "", right=False),
        Column(Sentence.of(text("Finished")), of_all, Order.FINISHED),
        *_common(wording),
        Column(Sentence.of(text("Last time")), _longest_moment(wording), Order.LAST),
    )


def people_row(one: TraineeResult, lessons: int, wording: Wording, now: datetime) -> tuple[str, ...]:
    """Return the cells of one trainee; that of the marks says them in words, for who cannot see them."""
    text, count = wording.text, wording.figures.count
    finished = text("{n} of {m}", n=count(one.finished), m=count(lessons))
    left = sum(mark.value == 1 for mark in one.marks)
    spoken = (
        wording.plural(
            "{done} finished, {n} begun", "{done} finished, {n} begun", left, done=finished, n=count(left)
        )
        if left
        else text("{done} finished", done=finished)
    )
    return (
        trainee_name(one.trainee, wording),
        spoken,
        finished,
        duration(one.milliseconds, wording),
        count(one.mistakes),
        count(one.hints),
        wording.figures.moment(one.last_at, now),
    )


def run_columns(wording: Wording) -> tuple[Column, ...]:
    """Return the columns of the table of tries."""
    text = wording.text
    longest = max((text("Finished"), text("Not finished")), key=len)
    return (
        Column(Sentence.of(text("Trainee")), "", Order.TRAINEE, 4, right=False),
        Column(Sentence.of(text("Lesson")), "", Order.LESSON, 5, right=False),
        *_common(wording),
        Column(Sentence.of(text("Ended")), longest, Order.FINISHED),
        Column(Sentence.of(text("Begun")), _longest_moment(wording), Order.LAST),
    )


def run_row(
    run: LessonRun, results: TrainingResults, fill: Fill, wording: Wording, now: datetime
) -> tuple[str, ...]:
    """Return the cells of one try."""
    count = wording.figures.count
    return (
        trainee_name(run.trainee, wording),
        lesson_title(run.lesson_id, results, fill, wording),
        duration(run.milliseconds, wording),
        count(run.mistakes),
        count(run.hints),
        ended(run, wording),
        wording.figures.moment(run.began_at, now),
    )


def find_columns(wording: Wording, *, lessons: bool) -> tuple[Column, ...]:
    """Return the columns of the list a trainee or a lesson is picked from."""
    text = wording.text
    name = text("Lesson") if lessons else text("Trainee")
    return (
        Column(Sentence.of(name), "", stretch=1, right=False),
        Column(Sentence.of(text("Tries")), "100,000"),
    )


def search_title(typed: str, wording: Wording) -> Sentence:
    """Return the title while somebody searches: what was typed so far."""
    if not typed:
        return Sentence.of(wording.text("Type to search"))
    return Sentence.of(wording.text("Search: {typed}", typed=typed), typed)


def found_trainees(
    results: TrainingResults, typed: str, _fill: Fill, wording: Wording
) -> list[tuple[str | None, tuple[str, str]]]:
    """Return who matches what was typed, by name; nobody typed: everybody first."""
    count = wording.figures.count
    people = sorted(results.trainees, key=lambda one: one.trainee.casefold())
    rows: list[tuple[str | None, tuple[str, str]]] = [
        (one.trainee, (trainee_name(one.trainee, wording), count(one.tries)))
        for one in people
        if typed.casefold() in trainee_name(one.trainee, wording).casefold()
    ]
    return rows if typed else [(None, (everybody(wording).full, count(len(results.runs)))), *rows]


def found_lessons(
    results: TrainingResults, typed: str, fill: Fill, wording: Wording
) -> list[tuple[str | None, tuple[str, str]]]:
    """Return the lessons that match what was typed; nothing typed: all of them first."""
    tries = Counter(run.lesson_id for run in results.runs)
    count = wording.figures.count
    rows: list[tuple[str | None, tuple[str, str]]] = [
        (lesson.lesson_id, (numbered(lesson, fill, wording), count(tries[lesson.lesson_id])))
        for lesson in results.lessons
        if typed.casefold() in numbered(lesson, fill, wording).casefold()
    ]
    return rows if typed else [("", (every_lesson(wording).full, count(len(results.runs)))), *rows]


def summary(results: TrainingResults, wording: Wording) -> Sentence:
    """Return one line about all rows on show."""
    count, text, plural = wording.figures.count, wording.text, wording.plural
    people, tries = len(results.trainees), len(results.runs)
    left = sum(run.ended is Ended.LEFT for run in results.runs)
    parts = [
        plural("{n} trainee", "{n} trainees", people, n=count(people)),
        plural("{n} try", "{n} tries", tries, n=count(tries)),
        text("{n} not finished", n=count(left)) if left else "",
    ]
    shown = [part for part in parts if part]
    return Sentence.of(", ".join(shown), ", ".join(shown[:2]))


def nothing_yet(wording: Wording, *, filtered: bool) -> tuple[Row, ...]:
    """Return what is said where there is no row."""
    if filtered:
        return (Row("info", Sentence.of(wording.text("Nobody has tried this yet."))),)
    return (
        Row("graduation-cap", Sentence.of(wording.text("Nobody has done a lesson yet."))),
        Row(
            "info",
            Sentence.of(wording.text("Whoever does one stands here: how long it took, mistakes and hints.")),
            Tone.MUTED,
        ),
    )


def everybody(wording: Wording) -> Sentence:
    """Return the filter that lets every trainee through."""
    return Sentence.of(wording.text("Everybody"))


def every_lesson(wording: Wording) -> Sentence:
    """Return the filter that lets every lesson through."""
    return Sentence.of(wording.text("All lessons"))


def _common(wording: Wording) -> tuple[Column, ...]:
    text = wording.text
    return (
        Column(Sentence.of(text("Time")), "10:00:00", Order.TIME),
        Column(Sentence.of(text("Mistakes")), "1,000", Order.MISTAKES),
        Column(Sentence.of(text("Hints")), "1,000", Order.HINTS),
    )


def _longest_moment(wording: Wording) -> str:
    figures = wording.figures
    late = datetime(2025, 12, 28, 22, 58, tzinfo=figures.zone)
    return figures.moment(late, late.replace(year=2026))


def saved_words(name: str, wording: Wording) -> Sentence:
    """Return what is said when a file was written."""
    return Sentence.of(wording.text("Saved as {name}", name=name_in_sentence(name)), wording.text("Saved"))


def work_folder_words(wording: Wording) -> str:
    """Return why a file is not written where the shop's real sales are."""
    return wording.text(
        "That folder holds the shop's real sales. Choose another place for what is of training."
    )


class TrainingFileWords(Struct, frozen=True):
    """The dialog that asks where to; `kinds` in the order of their endings."""

    title: str
    name: str
    kinds: tuple[str, ...]


def training_file_words(day: str, wording: Wording) -> TrainingFileWords:
    """Return what the dialog says; `day` is ISO 8601, for the file's name."""
    text = wording.text
    kinds = (
        text("Table for spreadsheets"),
        text("Table"),
        text("For programs"),
        text("To print"),
    )
    return TrainingFileWords(text("TRAINING: save results"), f"TRAINING-results-{day}.csv", kinds)


def scan_not_used_trainer(wording: Wording) -> Sentence:
    """Return the remark about a scan while the page is open."""
    return Sentence.of(wording.text("Scan not used: close this page first"), wording.text("Scan not used"))
