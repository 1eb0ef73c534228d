"""A lesson as data: what to do, when it is done, what may go wrong, and what is staged. Pure values."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.till_facts import Facts

HINT_SECONDS = 15
"""After how long a hint comes by itself, unless the step says otherwise."""

Value = bool | int | Decimal | str
"""What a fact may be compared with; choices are their words."""


class Compare(StrEnum):
    """How a fact is compared."""

    IS = "is"
    IS_NOT = "not"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Check(Struct, frozen=True):
    """One fact compared.

    Args:
        fact: Name of a field of `Facts`.
        wanted: What it is compared with: any of these with `IS`, none of them with `IS_NOT`, else the one.
    """

    fact: str
    compare: Compare
    wanted: tuple[Value, ...]

    def holds(self, facts: Facts) -> bool:
        """Say whether it is so."""
        value = getattr(facts, self.fact)
        match self.compare:
            case Compare.IS:
                return value in self.wanted
            case Compare.IS_NOT:
                return value not in self.wanted
            case Compare.AT_LEAST:
                return bool(value >= self.wanted[0])
            case _:
                return bool(value <= self.wanted[0])


class Condition(Struct, frozen=True):
    """Facts that must all hold together; at least one."""

    checks: tuple[Check, ...]

    def holds(self, facts: Facts) -> bool:
        """Say whether all of it is so."""
        return all(check.holds(facts) for check in self.checks)


# What is staged when a step begins.
class Network(Struct, frozen=True):
    """How the loyalty system is reached from now on; all as usual when nothing is given.

    Args:
        down: Every connection is closed at once.
        delay_ms: Wait before each answer, milliseconds.
        lose_answers: This many of the next writes take hold, and their answers are lost.
        repeat_writes: This many of the next writes arrive twice.
        unavailable: This many of the next requests are answered with 503.
        captive_portal: Everything is answered with the sign-in page of a guest network.
    """

    down: bool = False
    delay_ms: int = 0
    lose_answers: int = 0
    repeat_writes: int = 0
    unavailable: int = 0
    captive_portal: bool = False


class Elsewhere(Struct, frozen=True):
    """A member uses this many points at another till of the shop, now."""

    member: str
    points: int


class Stage(Struct, frozen=True):
    """What happens in the practice shop when a step begins.

    Args:
        network: None leaves it as it is.
        spend: Points used elsewhere.
        block: Members who may not earn or redeem from now on; `unblock` who may again.
        same_member_minutes: From now on the till asks about a member served again within so many minutes, as
            `TillSettings` says of it, until the lesson ends; None leaves it as it is.
    """

    network: Network | None = None
    spend: tuple[Elsewhere, ...] = ()
    block: tuple[str, ...] = ()
    unblock: tuple[str, ...] = ()
    same_member_minutes: int | None = None


# What hands do in a demonstration, and what a trainee may have done for them.
class Code(StrEnum):
    """Which code a phone holds up.

    `FIXED` is the one printed on a card. The others rotate: just made, made too long ago, one that paid for
    a sale already, and the very one that was held up last.
    """

    FIXED = "fixed"
    FRESH = "fresh"
    STALE = "stale"
    USED = "used"
    SAME = "same"


class HoldUp(Struct, frozen=True):
    """A member's code is scanned."""

    member: str
    code: Code = Code.FIXED


class HoldUpReceipt(Struct, frozen=True):
    """The claim code on the receipt of the sale made last is scanned."""


class TypeIn(Struct, frozen=True):
    """These characters are typed."""

    text: str


class TypePhone(Struct, frozen=True):
    """The phone number of a member is typed."""

    member: str


class TypePin(Struct, frozen=True):
    """The PIN of somebody of the practice shop is typed, by staff id."""

    staff: str


class Press(Struct, frozen=True):
    """A key is pressed so many times; see `KEYS`."""

    key: str
    times: int = 1


class WaitFor(Struct, frozen=True):
    """Nothing is done until this holds."""

    condition: Condition


class Rest(Struct, frozen=True):
    """Hands rest this long, milliseconds: for what only happens after a while."""

    milliseconds: int


class DropPicture(Struct, frozen=True):
    """A picture of the demo shop, by its file name, is dropped on the window."""

    picture: str


Hand = HoldUp | HoldUpReceipt | TypeIn | TypePhone | TypePin | Press | WaitFor | Rest | DropPicture

KEYS = frozenset(
    {"Enter", "Esc", "Space", "Backspace", "Delete", "Tab", "Up", "Down", "Left", "Right", "Home", "End"}
    | {"PageUp", "PageDown", "*", "+", "-", ".", "/"}
    | {f"F{number}" for number in range(1, 13)}
    | {f"Ctrl+{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    | {f"Alt+{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    | set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
)
"""The names of the keys that can be pressed."""


class Mistake(Struct, frozen=True):
    """Something that goes wrong often.

    Args:
        name: Kept in the record of who made it.
        when: How it is recognised; it counts each time this comes to hold while the step is on.
        say: What is said to it.
        slip: How it is made on purpose, and mended as the sentence says: then the step can be done.
    """

    name: str
    when: Condition
    say: str
    slip: tuple[Hand, ...] = ()


class Step(Struct, frozen=True):
    """One thing to do. Its sentences are English source texts with places; see `wording.lessons`.

    Args:
        name: Kept with the time it took; unlike those of the other steps.
        say: What to do.
        until: When it is done.
        hint: Said after a while, or when it is asked for.
        hint_after: Seconds after which the hint comes by itself.
        praise: Said once it is done; empty for the usual word.
        stage: What happens when it begins.
        needs: Where it makes sense; when that has not held for a while, the lesson goes back. None: anywhere.
        mistakes: What often goes wrong here.
        do: How a demonstration does it.
    """

    name: str
    say: str
    until: Condition
    hint: str
    hint_after: int = HINT_SECONDS
    praise: str = ""
    stage: Stage | None = None
    needs: Condition | None = None
    mistakes: tuple[Mistake, ...] = ()
    do: tuple[Hand, ...] = ()

    @property
    def held_up(self) -> HoldUp | HoldUpReceipt | None:
        """Return the first code this step wants scanned, for whoever has no scanner at hand."""
        return next((hand for hand in self.do if isinstance(hand, HoldUp | HoldUpReceipt)), None)


class Lesson(Struct, frozen=True):
    """A lesson.

    Args:
        lesson_id: Its name in the records; never reused for another.
        number: Its place among the lessons.
        title: A few words.
        goal: What one can do afterwards.
        minutes: How long it should take, reading included.
        members: Who is set back to how they were when the shop opened, before it begins.
        free_phones: Phone numbers, E.164, that must be nobody's when it begins.
        learned: Said at its end.
    """

    lesson_id: str
    number: int
    title: str
    goal: str
    minutes: int
    steps: tuple[Step, ...]
    members: tuple[str, ...] = ()
    free_phones: tuple[str, ...] = ()
    learned: str = ""

    def network_at(self, place: int) -> Network:
        """Return how the loyalty system is reached at the step of this place, counted from 0."""
        network = Network()
        for step in self.steps[: place + 1]:
            if step.stage is not None and step.stage.network is not None:
                network = step.stage.network
        return network


def since(facts: Facts, remarks: int) -> Facts:
    """Return the facts without a remark made before a step began, when `remarks` had been made."""
    return facts if facts.remarks > remarks else replace(facts, remark=None)
