"""One try step by step beside the shop's best, and what is said before and after the book is emptied."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.domain.lesson import Mistake
from cashier_app.ports.practice import LessonRun
from cashier_app.services.training_results import Loss, StepResult, TrainingResults
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence
from cashier_app.wording.speech import Wording
from cashier_app.wording.trainer import NOTHING, Fill, duration, ended, lesson_title, trainee_name


class StepWords(Struct, frozen=True):
    """One step of a try.

    Args:
        say: What was to be done.
        time: How long it took; `best` how long the quickest at this shop took.
        share: Of the longest time on the page, 0 to 1, and `best_share` likewise; None for none.
        notes: What went wrong, and how many hints were given.
    """

    say: str
    time: str
    best: str
    share: float | None
    best_share: float | None
    notes: tuple[Row, ...]
    spoken: str


class RunWords(Struct, frozen=True):
    """One try, step by step."""

    title: Sentence
    about: Sentence
    step: str
    time: str
    best: str
    steps: tuple[StepWords, ...]


def run_words(
    run: LessonRun, results: TrainingResults, fill: Fill, wording: Wording, now: datetime
) -> RunWords:
    """Return one try, step by step beside the shop's best."""
    text = wording.text
    title = lesson_title(run.lesson_id, results, fill, wording)
    name = trainee_name(run.trainee, wording)
    took = duration(run.milliseconds, wording)
    best = results.best_of_lesson.get(run.lesson_id)
    parts = [
        # A language written from the right would turn the whole line round.
        name_in_sentence(wording.figures.moment(run.began_at, now)),
        ended(run, wording),
        took
        if best is None
        else text("{time}, the shop's best {best}", time=took, best=duration(best, wording)),
        mistakes_words(run.mistakes, wording),
        hints_words(run.hints, wording),
    ]
    steps = results.steps(run)
    longest = max(
        (time for one in steps for time in (one.taken.milliseconds if one.taken else 0, one.best or 0)),
        default=0,
    )
    return RunWords(
        title=Sentence.of(text("{name}: {lesson}", name=name, lesson=title), name),
        about=Sentence.of(wording.joined(parts), wording.joined((parts[1], took))),
        step=text("Step"),
        time=text("Time"),
        best=text("Shop's best"),
        steps=tuple(_step(place, one, longest, fill, wording) for place, one in enumerate(steps, 1)),
    )


def mistakes_words(mistakes: int, wording: Wording) -> str:
    """Return how many mistakes were made."""
    count = wording.figures.count(mistakes)
    return wording.plural("{n} mistake", "{n} mistakes", mistakes, n=count)


def hints_words(hints: int, wording: Wording) -> str:
    """Return how many hints were given."""
    return wording.plural("{n} hint", "{n} hints", hints, n=wording.figures.count(hints))


def mistake_said(mistake: Mistake | str, times: int, fill: Fill, wording: Wording) -> str:
    """Return one mistake in the words the trainee saw, with how often; one not known by its name."""
    said = fill(mistake.say) if isinstance(mistake, Mistake) else name_in_sentence(mistake)
    if times == 1:
        return said
    return wording.text("{n} times: {mistake}", n=wording.figures.count(times), mistake=said)


def _step(place: int, one: StepResult, longest: int, fill: Fill, wording: Wording) -> StepWords:
    text, taken = wording.text, one.taken
    said = fill(one.step.say) if one.step is not None else name_in_sentence(one.name)
    say = text("{n}. {title}", n=wording.figures.count(place), title=said)
    best = NOTHING if one.best is None else duration(one.best, wording)
    notes = [
        Row("warning", Sentence.of(mistake_said(mistake, times, fill, wording)), Tone.WAIT)
        for mistake, times in one.mistakes
    ]
    if taken is not None and taken.hints:
        notes.append(Row("info", Sentence.of(hints_words(taken.hints, wording)), Tone.MUTED))
    if taken is None:
        time, share = NOTHING, None
        notes.append(Row("minus-circle", Sentence.of(text("Not reached")), Tone.MUTED))
    else:
        time, share = duration(taken.milliseconds, wording), taken.milliseconds / longest if longest else 0.0
        if not taken.done:
            notes.append(Row("minus-circle", Sentence.of(text("Left here")), Tone.MUTED))
    spoken = [say, time, text("shop's best {best}", best=best) if one.best is not None else ""]
    return StepWords(
        say=say,
        time=time,
        best=best,
        share=share,
        best_share=None if one.best is None or not longest else one.best / longest,
        notes=tuple(notes),
        spoken=wording.joined([*spoken, *(note.sentence.full for note in notes)]),
    )


class ForgetWords(Struct, frozen=True):
    """What is asked before the book is emptied, and said after.

    Args:
        who: The choices: one trainee where one is chosen, and everybody.
    """

    title: Sentence
    rows: tuple[Row, ...]
    sure: Sentence


def forget_words(loss: Loss, trainee: str, wording: Wording) -> ForgetWords:
    """Return the question, with what is lost in numbers."""
    text = wording.text
    name = name_in_sentence(trainee)
    lost = loss_words(loss, wording)
    what = text("{name}: {loss}", name=name, loss=lost) if trainee else lost
    sure = text("Forget {tries}", tries=_tries(loss.runs, wording)) if trainee else text("Forget everything")
    return ForgetWords(
        title=Sentence.of(
            text("Forget what {name} did?", name=name) if trainee else text("Forget what everybody did?")
        ),
        rows=(
            Row("warning", Sentence.of(what), Tone.STOP),
            Row("floppy-disk", Sentence.of(text("Export it first, if somebody may ask for it later."))),
            Row(
                "info",
                Sentence.of(text("Sales made in training stay recorded, apart from the shop's work.")),
                Tone.MUTED,
            ),
        ),
        sure=Sentence.of(sure, text("Forget")),
    )


def loss_words(loss: Loss, wording: Wording) -> str:
    """Return what would be gone, in numbers."""
    count, plural = wording.figures.count, wording.plural
    parts = [
        _tries(loss.runs, wording),
        plural("{n} lesson finished", "{n} lessons finished", loss.finished, n=count(loss.finished)),
    ]
    if loss.trainees != 1:
        parts.insert(0, plural("{n} trainee", "{n} trainees", loss.trainees, n=count(loss.trainees)))
    return wording.joined(parts)


def forgotten_words(loss: Loss, wording: Wording) -> Sentence:
    """Return what is said when the book was emptied."""
    tries = _tries(loss.runs, wording)
    return Sentence.of(wording.text("Forgotten: {loss}", loss=loss_words(loss, wording)), tries)


def restored_words(loss: Loss, wording: Wording) -> Sentence:
    """Return what is said when it was undone."""
    return Sentence.of(wording.text("Back again: {loss}", loss=loss_words(loss, wording)))


def _tries(runs: int, wording: Wording) -> str:
    return wording.plural("{n} try", "{n} tries", runs, n=wording.figures.count(runs))
