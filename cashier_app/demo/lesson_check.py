"""Whether a lesson fits the practice shop: everybody it names is there, and is set back before it begins."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from cashier_app.demo.members import load_seed
from cashier_app.demo.staff import DEMO_STAFF
from cashier_app.documents.lesson_text import OF_MEMBERS, sentences_of
from cashier_app.domain.lesson import (
    Condition,
    DropPicture,
    Hand,
    HoldUp,
    Lesson,
    Step,
    TypePhone,
    TypePin,
    WaitFor,
)
from cashier_app.paths import resources

_MEMBER_FACTS = frozenset({"member", "sale_member", "moved_to"})


def misfits(lesson: Lesson) -> list[str]:
    """Return what of a lesson does not fit the practice shop, one sentence each; none where all does."""
    people = {member.member_id for member in load_seed()}
    staff = {one.staff_id for one, _ in DEMO_STAFF}
    found = [
        f"members: the practice shop has no member {name}." for name in lesson.members if name not in people
    ]
    for part, name in _named(lesson):
        if name not in people:
            found.append(f"{part}: the practice shop has no member {name}.")
        elif name not in lesson.members:
            found.append(
                f"{part}: {name} is not among the members that are set back before the lesson begins."
            )
    for place, step in enumerate(lesson.steps):
        found += [f"steps[{place}]: {said}" for said in _misfits_of_hands(step, staff)]
    return found


def _misfits_of_hands(step: Step, staff: set[str]) -> Iterator[str]:
    for hand in _hands_of(step):
        match hand:
            case TypePin(name) if name not in staff:
                yield f"nobody of the practice shop is called {name}."
            case DropPicture(picture) if not (resources() / "demo" / picture).is_file():
                yield f"the demo shop has no picture {picture}."
            case _:
                pass


def _named(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Yield every member a lesson names, with the part that does."""
    for part, sentence in sentences_of(lesson):
        for _, kind, behind, _ in Formatter().parse(sentence):
            if kind in OF_MEMBERS and behind:
                yield part, behind
    for place, step in enumerate(lesson.steps):
        for name in _named_in(step):
            yield f"steps[{place}]", name


def _hands_of(step: Step) -> tuple[Hand, ...]:
    return (*step.do, *(hand for mistake in step.mistakes for hand in mistake.slip))


def _named_in(step: Step) -> Iterator[str]:
    hands = _hands_of(step)
    yield from (hand.member for hand in hands if isinstance(hand, HoldUp | TypePhone))
    waits = (hand.condition for hand in hands if isinstance(hand, WaitFor))
    for condition in (step.until, *waits, *(mistake.when for mistake in step.mistakes)):
        yield from _named_by(condition)
    if step.needs is not None:
        yield from _named_by(step.needs)
    if step.stage is not None:
        yield from (one.member for one in step.stage.spend)
        yield from (*step.stage.block, *step.stage.unblock)


def _named_by(condition: Condition) -> Iterator[str]:
    for check in condition.checks:
        if check.fact in _MEMBER_FACTS:
            yield from (str(name) for name in check.wanted if name)
