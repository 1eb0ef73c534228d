"""A lesson as a document: TOML in, plain values out.

Every field stands in `resources/schemas/lesson.schema.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cashier_app import paths
from cashier_app.documents.lesson_condition import read_condition
from cashier_app.documents.lesson_text import check_sentence, sentences_of
from cashier_app.documents.problems import DOCUMENT, ProgramError, Words
from cashier_app.documents.refusals import refused
from cashier_app.documents.toml_text import read_toml
from cashier_app.domain.lesson import (
    HINT_SECONDS,
    KEYS,
    Code,
    Condition,
    DropPicture,
    Elsewhere,
    Hand,
    HoldUp,
    HoldUpReceipt,
    Lesson,
    Mistake,
    Network,
    Press,
    Rest,
    Stage,
    Step,
    TypeIn,
    TypePhone,
    TypePin,
    WaitFor,
)
from cashier_app.errors import KnownError

MAX_SIZE = 32 * 1024
"""Largest lesson in bytes."""

MAX_LESSONS = 60
"""Most lessons in a folder."""

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Short = Annotated[str, Meta(min_length=1, max_length=60)]
Sentence = Annotated[str, Meta(min_length=1, max_length=200)]
Praise = Annotated[str, Meta(max_length=200)]
Names = Annotated[tuple[Name, ...], Meta(max_length=20)]
Facts = dict[str, object]


class _Elsewhere(Struct, frozen=True, forbid_unknown_fields=True):
    member: Name
    points: Annotated[int, Meta(ge=1, le=1_000_000)]


class _Stage(Struct, frozen=True, forbid_unknown_fields=True):
    clear: bool = False
    down: bool = False
    delay_ms: Annotated[int, Meta(ge=0, le=30_000)] = 0
    lose_answers: Annotated[int, Meta(ge=0, le=20)] = 0
    repeat_writes: Annotated[int, Meta(ge=0, le=20)] = 0
    unavailable: Annotated[int, Meta(ge=0, le=100)] = 0
    captive_portal: bool = False
    spend_elsewhere: Annotated[tuple[_Elsewhere, ...], Meta(max_length=5)] = ()
    block: Names = ()
    unblock: Names = ()
    same_member_minutes: Annotated[int, Meta(ge=1, le=1440)] | None = None


class _Hand(Struct, frozen=True, forbid_unknown_fields=True):
    scan: Name | None = None
    code: Code | None = None
    receipt: bool | None = None
    type: Short | None = None
    phone: Name | None = None
    pin: Name | None = None
    press: Short | None = None
    times: Annotated[int, Meta(ge=1, le=50)] | None = None
    wait: Facts | None = None
    rest_ms: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    drop: Short | None = None


class _Mistake(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    when: Facts
    say: Sentence
    slip: Annotated[tuple[_Hand, ...], Meta(max_length=40)] = ()


class _Step(Struct, frozen=True, forbid_unknown_fields=True):
    name: Name
    say: Sentence
    until: Facts
    hint: Sentence
    hint_after: Annotated[int, Meta(ge=1, le=600)] = HINT_SECONDS
    praise: Praise = ""
    stage: _Stage | None = None
    needs: Facts | None = None
    mistakes: Annotated[tuple[_Mistake, ...], Meta(max_length=8)] = ()
    do: Annotated[tuple[_Hand, ...], Meta(max_length=40)] = ()


class LessonFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of a lesson's file; what its fields mean stands beside `Lesson` and `Step`."""

    id: Name
    number: Annotated[int, Meta(ge=0, le=99)]
    title: Short
    goal: Sentence
    minutes: Annotated[int, Meta(ge=1, le=15)]
    steps: Annotated[tuple[_Step, ...], Meta(max_length=40)]
    members: Names = ()
    free_phones: Annotated[tuple[Short, ...], Meta(max_length=5)] = ()
    learned: Praise = ""


def read_lesson(text: bytes) -> Lesson:
    """Return the lesson a document describes.

    Raises:
        ProgramError: Naming the first part that makes no sense, what stands there and what was expected.
    """
    if len(text) > MAX_SIZE:
        raise ProgramError(DOCUMENT, Words(f"{len(text)} bytes"), f"at most {MAX_SIZE} bytes")
    return read_lesson_value(read_toml(text, "a lesson"))


def read_lesson_value(value: object) -> Lesson:
    """Return the lesson that tables, lists, texts and exact numbers describe.

    Raises:
        ProgramError: Naming the first part that makes no sense, what stands there and what was expected.
    """
    try:
        file = msgspec.convert(value, LessonFile)
    except msgspec.ValidationError as error:
        raise refused(error, value, LessonFile) from None
    lesson = _lesson(file)
    for path, sentence in sentences_of(lesson):
        check_sentence(path, sentence)
    return lesson


def load_lesson(path: Path) -> Lesson:
    """Return the lesson in a file whose name ends in ``.toml``.

    Raises:
        KnownError: It cannot be read, or is not a lesson; says which part is wrong.
    """
    if path.suffix.lower() != ".toml":
        raise KnownError(f"{path.name} cannot be a lesson: its name must end in .toml.")
    try:
        with path.open("rb") as file:
            text = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise KnownError(f"The lesson {path.name} cannot be read: {error.strerror}.") from error
    try:
        return read_lesson(text)
    except ProgramError as error:
        raise KnownError(f"The lesson {path.name} cannot be used: {error}.") from error


def load_lessons(folder: Path | None = None) -> tuple[Lesson, ...]:
    """Return all lessons of a folder, or those that come with the till, by their numbers.

    Raises:
        KnownError: One cannot be used, or two have the same id or number.
    """
    files = sorted((folder or paths.resources() / "lessons").glob("*.toml"))
    if len(files) > MAX_LESSONS:
        raise KnownError(f"There are {len(files)} lessons in one folder: at most {MAX_LESSONS} can be used.")
    lessons = [load_lesson(file) for file in files]
    for ours in ([lesson.lesson_id for lesson in lessons], [str(lesson.number) for lesson in lessons]):
        if twice := _twice(ours):
            raise KnownError(f"Two lessons are called {twice}: each needs an id and a number of its own.")
    return tuple(sorted(lessons, key=lambda lesson: lesson.number))


def _lesson(file: LessonFile) -> Lesson:
    if not file.steps:
        raise ProgramError("steps", file.steps, "at least one step")
    if twice := _twice(step.name for step in file.steps):
        raise ProgramError("steps", Words(f"two of the name {twice}"), "steps of different names")
    for number, phone in enumerate(file.free_phones):
        if not (phone.startswith("+") and phone[1:].isascii() and phone[1:].isdigit()):
            raise ProgramError(f"free_phones[{number}]", phone, "a whole phone number such as +919845012345")
    return Lesson(
        lesson_id=file.id,
        number=file.number,
        title=file.title,
        goal=file.goal,
        minutes=file.minutes,
        steps=tuple(_step(f"steps[{place}]", step) for place, step in enumerate(file.steps)),
        members=file.members,
        free_phones=file.free_phones,
        learned=file.learned,
    )


def _step(path: str, step: _Step) -> Step:
    if twice := _twice(mistake.name for mistake in step.mistakes):
        raise ProgramError(f"{path}.mistakes", Words(f"two of the name {twice}"), "different names")
    return Step(
        name=step.name,
        say=step.say,
        until=read_condition(f"{path}.until", step.until),
        hint=step.hint,
        hint_after=step.hint_after,
        praise=step.praise,
        stage=None if step.stage is None else _stage(f"{path}.stage", step.stage),
        needs=_optional(f"{path}.needs", step.needs),
        mistakes=tuple(
            _mistake(f"{path}.mistakes[{number}]", one) for number, one in enumerate(step.mistakes)
        ),
        do=_hands(f"{path}.do", step.do),
    )


def _mistake(path: str, mistake: _Mistake) -> Mistake:
    when = read_condition(f"{path}.when", mistake.when)
    return Mistake(mistake.name, when, mistake.say, _hands(f"{path}.slip", mistake.slip))


def _optional(path: str, facts: Facts | None) -> Condition | None:
    return None if facts is None else read_condition(path, facts)


def _stage(path: str, stage: _Stage) -> Stage:
    network = Network(
        down=stage.down,
        delay_ms=stage.delay_ms,
        lose_answers=stage.lose_answers,
        repeat_writes=stage.repeat_writes,
        unavailable=stage.unavailable,
        captive_portal=stage.captive_portal,
    )
    faulty = network != Network()
    if faulty and stage.clear:
        raise ProgramError(f"{path}.clear", stage.clear, "no fault beside it")
    staged = Stage(
        network=network if faulty or stage.clear else None,
        spend=tuple(Elsewhere(one.member, one.points) for one in stage.spend_elsewhere),
        block=stage.block,
        unblock=stage.unblock,
        same_member_minutes=stage.same_member_minutes,
    )
    if staged == Stage():
        raise ProgramError(path, Words("empty"), "something that is staged")
    return staged


def _hands(path: str, hands: Sequence[_Hand]) -> tuple[Hand, ...]:
    return tuple(_hand(f"{path}[{place}]", hand) for place, hand in enumerate(hands))


def _hand(path: str, hand: _Hand) -> Hand:
    beside = {"code": hand.scan, "times": hand.press}
    given = [
        name for name in hand.__struct_fields__ if getattr(hand, name) is not None and name not in beside
    ]
    stray = [name for name, needs in beside.items() if getattr(hand, name) is not None and needs is None]
    if len(given) != 1 or stray or hand.receipt is False:
        raise ProgramError(
            path, Words("not one act"), "one of scan, receipt, type, phone, pin, press, wait, rest_ms, drop"
        )
    match given[0]:
        case "scan":
            return HoldUp(hand.scan or "", hand.code or Code.FIXED)
        case "receipt":
            return HoldUpReceipt()
        case "phone":
            return TypePhone(hand.phone or "")
        case "pin":
            return TypePin(hand.pin or "")
        case "press":
            return _press(path, hand.press or "", hand.times or 1)
        case "wait":
            return WaitFor(read_condition(f"{path}.wait", hand.wait or {}))
        case "rest_ms":
            return Rest(hand.rest_ms or 0)
        case "drop":
            return _drop(path, hand.drop or "")
        case _:
            return _typed(path, hand.type or "")


def _press(path: str, key: str, times: int) -> Press:
    if key not in KEYS:
        raise ProgramError(f"{path}.press", key, "the name of a key, such as Enter, Esc, F7, * or Ctrl+Z")
    return Press(key, times)


def _typed(path: str, text: str) -> TypeIn:
    if not text.isprintable():
        raise ProgramError(f"{path}.type", text, "characters that can be typed; Enter is a press")
    return TypeIn(text)


def _drop(path: str, picture: str) -> DropPicture:
    if Path(picture).name != picture or "\\" in picture:
        raise ProgramError(
            f"{path}.drop", picture, "the name of a picture of the demo shop, without a folder"
        )
    return DropPicture(picture)


def _twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
