"""What the coach says below the till: the step, a hint or a remark, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.lesson import Lesson
from cashier_app.services.lesson_view import LessonStage, LessonView, MistakeSeen, StepDone, WentBack
from cashier_app.wording.buttons import KeyWords
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import TRAINING, training_word

Fill = Callable[[str], str]
"""Makes a lesson's source text a sentence of this language, its places filled in."""


_NOTHING = Sentence.of("")


class CoachAct(StrEnum):
    """What may be asked of the coach. Each has its key and its button."""

    HINT = "hint"
    SHOW_CODE = "show code"
    SCAN = "scan"
    AGAIN = "again"
    LEAVE = "leave"
    LESSONS = "lessons"
    FREE_PLAY = "free play"
    ALL_WELL = "all well"


class Note(StrEnum):
    """What the line below a step is."""

    HINT = "hint"
    MISTAKE = "mistake"
    PRAISE = "praise"
    BACK = "back"
    TROUBLE = "trouble"
    STAGED = "staged"


class CoachActWords(Struct, frozen=True):
    """One thing to ask for, and the key that asks."""

    act: CoachAct
    label: Sentence
    key: str
    spoken: str


class CoachWords(Struct, frozen=True):
    """What the strip says. Plain text.

    Args:
        mark: The word of training; it stands in the strip whatever covers the till's header.
        count: Which step of how many; `place` of `steps` are done. Empty where nothing is counted.
        say: What to do now.
        note: What stands below it; empty for nothing.
        acts: What may be asked for now, in the order of the buttons.
        spoken: All of it in one line.
    """

    title: Sentence
    mark: Sentence
    count: Sentence
    say: str
    place: int = 0
    steps: int = 0
    note: str = ""
    note_kind: Note | None = None
    acts: tuple[CoachActWords, ...] = ()
    spoken: str = ""


def coach_keys(wording: Wording) -> dict[CoachAct, str]:
    """Return the key of everything that may be asked for."""
    return {
        CoachAct.HINT: wording.text("Ctrl+H"),
        CoachAct.SHOW_CODE: wording.text("Ctrl+P"),
        CoachAct.SCAN: wording.text("Ctrl+S"),
        CoachAct.AGAIN: wording.text("Ctrl+R"),
        CoachAct.LEAVE: wording.text("Ctrl+L"),
        CoachAct.LESSONS: wording.text("Ctrl+L"),
        CoachAct.FREE_PLAY: wording.text("Ctrl+F"),
        CoachAct.ALL_WELL: wording.text("Ctrl+0"),
    }


def coach_words(
    view: LessonView,
    wording: Wording,
    fill: Fill,
    *,
    playing: bool = False,
    hint_last: bool = False,
    shows_codes: bool = False,
    plays: bool = False,
    staged: str = "",
) -> CoachWords:
    """Return what the strip says at this moment.

    Args:
        view: The lesson's.
        wording: The trainee's voice.
        fill: Translates the lesson's sentences.
        playing: Hands show the lesson by themselves.
        hint_last: The hint came after the last remark, so that it is what is read.
        shows_codes: There is something to hold a code up with.
        plays: Things can be let go wrong without a lesson.
        staged: What somebody let go wrong, while they do.
    """
    lesson = view.lesson
    if lesson is None or view.stage is LessonStage.NONE:
        return _without_lesson(wording, shows_codes=shows_codes, plays=plays, staged=staged)
    title = Sentence.of(fill(lesson.title))
    n, of = wording.figures.count(min(view.place + 1, view.steps)), wording.figures.count(view.steps)
    count = Sentence.of(wording.text("Step {n} of {of}", n=n, of=of), wording.text("{n}/{of}", n=n, of=of))
    note, kind = ("", None) if playing else _note(view, wording, fill, hint_last=hint_last)
    if playing and view.trouble:
        note, kind = view.trouble, Note.TROUBLE
    match view.stage:
        case LessonStage.FINISHED:
            done = wording.text("Done")
            say = fill(lesson.learned) if lesson.learned else wording.text("That was the lesson.")
            count, place = Sentence.of(done), view.steps
        case LessonStage.CANNOT:
            say, place = wording.text("This lesson cannot go on."), view.place
        case LessonStage.PREPARING if view.place == 0 and not view.remark:
            say, place = wording.text("The practice shop is being made ready…"), 0
        case _:
            say, place = fill(view.step.say) if view.step else "", view.place
    if playing and view.stage is LessonStage.RUNNING:
        count = Sentence.of(wording.text("Watch: {n} of {of}", n=n, of=of), count.short)
    acts = tuple(_act(act, wording) for act in _acts(view, playing=playing, shows_codes=shows_codes))
    spoken = wording.joined((title.full, count.full, say, note))
    return CoachWords(title, _mark(wording), count, say, place, view.steps, note, kind, acts, spoken)


def _note(view: LessonView, wording: Wording, fill: Fill, *, hint_last: bool) -> tuple[str, Note | None]:
    """Return the line below: trouble before all else, then what came last."""
    if view.trouble:
        return view.trouble, Note.TROUBLE
    if hint_last and view.hint and view.step is not None:
        return fill(view.step.hint), Note.HINT
    match view.remark:
        case MistakeSeen(mistake):
            return fill(mistake.say), Note.MISTAKE
        case WentBack():
            return wording.text("A step back: this is to be done once more."), Note.BACK
    if view.hint and view.step is not None:
        return fill(view.step.hint), Note.HINT
    if isinstance(view.remark, StepDone):
        praise = view.remark.step.praise
        return fill(praise) if praise else wording.text("Right."), Note.PRAISE
    return "", None


def _acts(view: LessonView, *, playing: bool, shows_codes: bool) -> tuple[CoachAct, ...]:
    if playing:
        return (CoachAct.LEAVE,)
    match view.stage:
        case LessonStage.RUNNING | LessonStage.PREPARING:
            # It stays when the hint is on show: a finger that presses twice must not meet another button.
            hint = (CoachAct.HINT,) if view.step is not None else ()
            shown = (CoachAct.SHOW_CODE,) if shows_codes else ()
            wants_code = view.step is not None and view.step.held_up is not None
            code = (*shown, CoachAct.SCAN) if wants_code else ()
            return (*hint, *code, CoachAct.AGAIN, CoachAct.LEAVE)
        case _:
            return (CoachAct.AGAIN, CoachAct.LEAVE)


def _without_lesson(wording: Wording, *, shows_codes: bool, plays: bool, staged: str) -> CoachWords:
    say = wording.text("Free practice: try whatever you like. Nothing here is real.")
    offered = [CoachAct.SHOW_CODE] if shows_codes else []
    offered += [CoachAct.FREE_PLAY] if plays else []
    title = Sentence.of(wording.text("No lesson"))
    if staged:
        say = wording.text("Somebody lets things go wrong. Sell as ever.")
        title = Sentence.of(wording.text("Free play: trouble on"), wording.text("Trouble on"))
        offered = [CoachAct.ALL_WELL, *offered]
    acts = tuple(_act(act, wording) for act in (*offered, CoachAct.LESSONS))
    note, spoken = (Note.STAGED if staged else None), wording.joined((say, staged))
    mark = _mark(wording)
    return CoachWords(title, mark, _NOTHING, say, note=staged, note_kind=note, acts=acts, spoken=spoken)


def with_staged(words: CoachWords, staged: str) -> CoachWords:
    """Return the same words with what somebody lets go wrong below, while they do."""
    return replace(words, note=staged, note_kind=Note.STAGED) if staged else words


def choosing_words(lesson: Lesson | None, wording: Wording, fill: Fill, *, known: bool = True) -> CoachWords:
    """Return what the strip says while the page of lessons is open.

    Args:
        lesson: The one Enter begins; None where it begins none.
        wording: The trainee's voice.
        fill: Translates the lesson's sentences.
        known: Whether it is known who is learning.
    """
    if lesson is None:
        say = wording.text("Every lesson was done. Any of them can be done again.")
        if not known:
            say = wording.text("A name, then Enter. Whatever you do in here, nothing is real.")
        title = Sentence.of(wording.text("Lessons"))
        return CoachWords(title, _mark(wording), _NOTHING, say, spoken=say)
    n, name, say = wording.figures.count(lesson.number), fill(lesson.title), fill(lesson.goal)
    title = Sentence.of(wording.text("{n}. {title}", n=n, title=name), name)
    spoken = wording.joined((wording.text("Lesson {n}", n=n), name, say))
    return CoachWords(title, _mark(wording), _NOTHING, say, spoken=spoken)


def locked_words(wording: Wording) -> CoachWords:
    """Return what the strip says while the practice till is locked."""
    say = wording.text("The till locked itself, as it does at work. Choose a name: its PIN stands there.")
    title = Sentence.of(wording.text("Locked"))
    return CoachWords(title, _mark(wording), _NOTHING, say, spoken=say)


def help_keys(words: CoachWords) -> tuple[KeyWords, ...]:
    """Return the coach's keys that work now, for the help."""
    return tuple(KeyWords(act.key, Sentence.of(act.spoken)) for act in words.acts)


def _mark(wording: Wording) -> Sentence:
    """Return the word of training: a window that fills the screen has it in no title."""
    return Sentence.of(training_word(wording), TRAINING)


def _act(act: CoachAct, wording: Wording) -> CoachActWords:
    label = {
        CoachAct.HINT: Sentence.of(wording.text("Hint")),
        CoachAct.SHOW_CODE: Sentence.of(wording.text("Show code"), wording.text("Code")),
        CoachAct.SCAN: Sentence.of(wording.text("Scan for me"), wording.text("Scan it")),
        CoachAct.AGAIN: Sentence.of(wording.text("Again")),
        CoachAct.LEAVE: Sentence.of(wording.text("Leave")),
        CoachAct.LESSONS: Sentence.of(wording.text("Lessons")),
        CoachAct.FREE_PLAY: Sentence.of(wording.text("Free play"), wording.text("Play")),
        CoachAct.ALL_WELL: Sentence.of(wording.text("All well")),
    }[act]
    spoken = {
        CoachAct.HINT: wording.text("Give me a hint"),
        CoachAct.SHOW_CODE: wording.text("Hold up the code"),
        CoachAct.SCAN: wording.text("Scan the code for me"),
        CoachAct.AGAIN: wording.text("Begin this lesson again"),
        CoachAct.LEAVE: wording.text("Leave this lesson"),
        CoachAct.LESSONS: wording.text("Open the lessons"),
        CoachAct.FREE_PLAY: wording.text("Let things go wrong"),
        CoachAct.ALL_WELL: wording.text("Make all well again"),
    }[act]
    return CoachActWords(act, label, coach_keys(wording)[act], spoken)
