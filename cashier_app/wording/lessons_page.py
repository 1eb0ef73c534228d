"""The page of lessons in words: who is learning, what is done, what comes next, and what a lesson came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.lesson import Lesson
from cashier_app.domain.lesson_time import time_of
from cashier_app.ports.practice import LessonRun
from cashier_app.services.lesson_progress import Progress
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence
from cashier_app.wording.speech import Wording

Fill = Callable[[str], str]

_MINUTE_MS = 60_000


class Extra(StrEnum):
    """What else there is beside the lessons; each is there once somebody gives it an act."""

    MATERIAL = "material"
    FREE_PLAY = "free play"
    RESULTS = "results"


class LessonLine(Struct, frozen=True):
    """One lesson in the list.

    Args:
        detail: How long it takes, or what it came to.
        is_next: It is the one to go on with.
    """

    lesson_id: str
    number: str
    title: Sentence
    detail: Sentence
    spoken: str
    done: bool = False
    is_next: bool = False


class ExtraWords(Struct, frozen=True):
    """A button below the lessons."""

    extra: Extra
    label: Sentence
    key: str


class LessonsWords(Struct, frozen=True):
    """The list of lessons."""

    title: Sentence
    close: Sentence
    who: Sentence
    start: Sentence
    watch: Sentence
    extras: tuple[ExtraWords, ...]


class WhoWords(Struct, frozen=True):
    """The question who is learning."""

    title: Sentence
    name: str
    about: Sentence
    somebody_else: Sentence
    go_on: Sentence
    name_wanted: Row


class SummaryFigure(Struct, frozen=True):
    """One figure of a lesson just done, and what stands beside it."""

    label: str
    value: str
    beside: str


class SummaryWords(Struct, frozen=True):
    """What a lesson came to; `wrong` says what went wrong on the way."""

    title: Sentence
    learned: str
    figures: tuple[SummaryFigure, ...]
    wrong: tuple[Row, ...]
    onward: Sentence
    again: Sentence
    lessons: Sentence
    spoken: str


def who_words(wording: Wording) -> WhoWords:
    """Return the question who is learning."""
    about = wording.text("So that you can go on where you stopped. A first name is enough.")
    return WhoWords(
        title=Sentence.of(wording.text("Who is learning?")),
        name=wording.text("Your name"),
        about=Sentence.of(about),
        somebody_else=Sentence.of(wording.text("Somebody else")),
        go_on=Sentence.of(wording.text("To the lessons")),
        name_wanted=Row("warning", Sentence.of(wording.text("Type a name first.")), Tone.WAIT),
    )


def lessons_words(trainee: str, extras: Sequence[Extra], wording: Wording) -> LessonsWords:
    """Return what stands round the list."""
    name = name_in_sentence(trainee)
    labels = {
        Extra.MATERIAL: (Sentence.of(wording.text("Practice codes"), wording.text("Codes")), "C"),
        Extra.FREE_PLAY: (Sentence.of(wording.text("Free play")), "F"),
        Extra.RESULTS: (Sentence.of(wording.text("Trainer's view"), wording.text("Trainer")), "T"),
    }
    return LessonsWords(
        title=Sentence.of(wording.text("Lessons")),
        close=Sentence.of(wording.text("To the till")),
        who=Sentence.of(wording.text("Learning: {name}", name=name), name),
        start=Sentence.of(wording.text("Begin")),
        watch=Sentence.of(wording.text("Show me first"), wording.text("Show me")),
        extras=tuple(ExtraWords(extra, *labels[extra]) for extra in Extra if extra in extras),
    )


def lesson_lines(
    lessons: Sequence[Lesson],
    done: Mapping[str, Progress],
    onward: Lesson | None,
    wording: Wording,
    fill: Fill,
) -> tuple[LessonLine, ...]:
    """Return the lessons in their order."""
    ordered = sorted(lessons, key=lambda lesson: lesson.number)
    return tuple(
        _line(lesson, done.get(lesson.lesson_id), wording, fill, is_next=lesson == onward)
        for lesson in ordered
    )


def begin_words(line: LessonLine, wording: Wording) -> Sentence:
    """Return what Enter does to the marked lesson."""
    return Sentence.of(wording.text("Begin: {title}", title=line.title.full), wording.text("Begin"))


def no_lessons(wording: Wording) -> Row:
    """Return what is said while the lessons are being read."""
    return Row("clock", Sentence.of(wording.text("Reading the lessons…")), Tone.MUTED)


def summary_words(
    lesson: Lesson, run: LessonRun, onward: Lesson | None, wording: Wording, fill: Fill
) -> SummaryWords:
    """Return what a lesson came to."""
    count = wording.figures.count
    target = wording.text("of {n} min", n=count(lesson.minutes))
    if is_under_a_minute(lesson):
        target = wording.text("a minute is enough")
    mistakes, hints = wording.text("Mistakes"), wording.text("Hints")
    figures = (
        SummaryFigure(wording.text("Time"), clock_time(run.milliseconds, wording), target),
        SummaryFigure(mistakes, count(run.mistakes), wording.text("none at all") if not run.mistakes else ""),
        SummaryFigure(hints, count(run.hints), wording.text("none needed") if not run.hints else ""),
    )
    title = wording.text("Done: {title}", title=fill(lesson.title))
    learned = fill(lesson.learned) if lesson.learned else fill(lesson.goal)
    following = (
        wording.text("Next: {title}", title=fill(onward.title)) if onward else wording.text("To the lessons")
    )
    spoken = wording.joined(
        (title, learned, *(wording.joined((one.value, one.label)) for one in figures), following)
    )
    return SummaryWords(
        Sentence.of(title),
        learned,
        figures,
        _wrong(lesson, run, fill),
        Sentence.of(following, wording.text("Next") if onward else ""),
        Sentence.of(wording.text("Once more")),
        Sentence.of(wording.text("Lessons")),
        spoken,
    )


def _wrong(lesson: Lesson, run: LessonRun, fill: Fill) -> tuple[Row, ...]:
    """Return what was said to each mistake, once."""
    made = {(taken.name, name) for taken in run.steps for name in taken.mistakes}
    said = [
        fill(mistake.say)
        for step in lesson.steps
        for mistake in step.mistakes
        if (step.name, mistake.name) in made
    ]
    return tuple(Row("warning", Sentence.of(sentence), Tone.WAIT) for sentence in dict.fromkeys(said))


def is_under_a_minute(lesson: Lesson) -> bool:
    """Say whether somebody who makes no mistake needs less than a minute; see `lesson_time`."""
    return time_of(lesson).total < _MINUTE_MS


def clock_time(milliseconds: int, wording: Wording) -> str:
    """Return a length of time as minutes and seconds, such as ``1:05``."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    whole = wording.figures.count(minutes)
    return wording.text("{minutes}:{seconds}", minutes=whole, seconds=f"{seconds:02d}")


def _line(
    lesson: Lesson, done: Progress | None, wording: Wording, fill: Fill, *, is_next: bool
) -> LessonLine:
    number = wording.figures.count(lesson.number)
    title = Sentence.of(fill(lesson.title))
    if done is None:
        detail = Sentence.of(wording.text("{n} min", n=wording.figures.count(lesson.minutes)))
        if is_under_a_minute(lesson):
            detail = Sentence.of(wording.text("under a minute"), wording.text("< 1 min"))
    else:
        best = clock_time(done.best, wording)
        wrong = wording.plural(
            "{n} mistake", "{n} mistakes", done.last.mistakes, n=wording.figures.count(done.last.mistakes)
        )
        clean = wording.text("no mistakes")
        last = wrong if done.last.mistakes else clean
        detail = Sentence.of(wording.text("Best {time}, last {mistakes}", time=best, mistakes=last), best)
    state = wording.text("done") if done else wording.text("next") if is_next else ""
    spoken = wording.joined((number, title.full, detail.full, state))
    return LessonLine(lesson.lesson_id, number, title, detail, spoken, done is not None, is_next)
