"""The people of the shop in words: who is at the till, what each may do, and who may allow what."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.staff import Role, StaffMember
from cashier_app.services.desk_view import DeskStage, DeskView, PinPrompt, Question, Trouble
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.status import BadgeWords

_MOST_INITIALS = 2
_IN_SECONDS = 120


class PersonWords(Struct, frozen=True):
    """One person in a list.

    Args:
        about: What they are, or why they cannot be chosen now.
        initials: Empty where the name's script has none; then the icon stands there.
        key: The key that chooses them; empty for none.
    """

    name: str
    about: str
    spoken: str
    icon: str = "user"
    initials: str = ""
    key: str = ""
    tone: Tone = Tone.MUTED


def role_name(role: Role, wording: Wording) -> str:
    """Return what somebody is in the shop, as it stands within a sentence."""
    match role:
        case Role.CASHIER:
            return wording.text("cashier")
        case Role.SUPERVISOR:
            return wording.text("supervisor")
        case Role.MANAGER:
            return wording.text("manager")
        case Role.TRAINER:
            return wording.text("trainer")
    assert_never(role)


def role_title(role: Role, wording: Wording) -> str:
    """Return what somebody is in the shop, as it stands by itself."""
    name = role_name(role, wording)
    return name[:1].upper() + name[1:]


def cashier_badge(cashier: StaffMember, wording: Wording) -> BadgeWords:
    """Return the header's words for who is at the till; that they are more than a cashier is said."""
    name, role = name_in_sentence(cashier.name), role_name(cashier.role, wording)
    words = plain(cashier.name) if cashier.role is Role.CASHIER else wording.joined((name, role))
    spoken = wording.text("{name}, {role}. Locks the till or changes the cashier, F12", name=name, role=role)
    return BadgeWords("user", Sentence.of(words), Tone.PLAIN, spoken)


def initials(name: str) -> str:
    """Return first letters of the first and the last word, or nothing where the script has no capitals."""
    words = plain(name).split()
    firsts = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    cased = all(unicodedata.category(letter) in {"Lu", "Ll"} for letter in firsts)
    return "".join(firsts[:_MOST_INITIALS]).upper() if cased else ""


def person_words(person: StaffMember, wording: Wording, *, key: str = "") -> PersonWords:
    """Return one person of the list of those who may sign in."""
    about, name = role_title(person.role, wording), plain(person.name)
    short = initials(name)
    return PersonWords(name, about, wording.joined((name, about)), "" if short else "user", short, key)


class LockWords(Struct, frozen=True):
    """The lock over the till, or the question who takes over.

    Args:
        title: Above the people.
        people: Everybody who may sign in.
        marked: The place Enter takes, -1 for none.
        head: Whose PIN is typed, or what is to be done.
        mark: The person whose mark stands above it; None while nobody is chosen.
        digits: Typed, and how many rings there are; None while nobody is chosen.
        spoken_digits: The same for a screen reader.
        note: What came of the last try, or why nobody can sign in.
        subject: What the note is about, without figures that are counted down.
        below: What is said of the sale behind.
        hint: A PIN of the demo shop; empty anywhere else.
        lock_now: The button that locks at once, while somebody is on duty.
        takes_digits: Whether the keypad does anything.
    """

    title: Sentence
    people: tuple[PersonWords, ...]
    marked: int
    head: Sentence
    about: Sentence
    mark: PersonWords | None
    digits: tuple[int, int] | None
    spoken_digits: str
    note: Row | None
    subject: str
    below: Sentence
    hint: str
    escape: Sentence | None
    primary: Sentence
    can_confirm: bool
    lock_now: Sentence | None
    takes_digits: bool


def lock_words(
    desk: DeskView, wording: Wording, *, sale_behind: bool = False, told: Mapping[str, str] | None = None
) -> LockWords:
    """Return the lock as it stands, and whether a sale waits behind it.

    `told` are PINs of the demo shop's people by their ids: they may be told because nothing there is real.
    """
    prompt = desk.prompt
    people = prompt.people if prompt else ()
    switching = prompt is not None and prompt.question is Question.SWITCH
    chosen = chosen_of(prompt)
    below = wording.text("The sale behind stays as it is") if sale_behind else ""
    last = desk.on_duty.staff_id if desk.on_duty else ""
    marked = next((at for at, one in enumerate(people) if one.staff_id == last), -1)
    typed, least = (prompt.typed, prompt.least) if prompt else (0, 0)
    waits = prompt is None or prompt.busy or prompt.trouble in {Trouble.WAIT, Trouble.LOCKED_OUT}
    return LockWords(
        title=Sentence.of(wording.text("Who is at the till?")),
        people=tuple(person_words(one, wording) for one in people),
        marked=next((at for at, one in enumerate(people) if one is chosen), marked),
        head=_lock_head(desk, chosen, wording),
        about=_lock_about(desk, chosen, wording),
        mark=person_words(chosen, wording) if chosen else None,
        digits=(prompt.typed, max(prompt.typed, prompt.least)) if prompt and chosen else None,
        spoken_digits=typed_digits(prompt, wording) if prompt else "",
        note=desk_note(desk, wording),
        subject=prompt.trouble.value if prompt and prompt.trouble else "",
        below=Sentence.of(below),
        hint=told_pin(chosen, told or {}, wording),
        escape=_lock_escape(prompt, wording),
        primary=Sentence.of(wording.text("Sign in") if chosen else wording.text("Choose")),
        can_confirm=not waits and (marked >= 0 if chosen is None else typed >= least),
        lock_now=Sentence.of(wording.text("Lock the till"), wording.text("Lock")) if switching else None,
        takes_digits=prompt is not None and not waits,
    )


def chosen_of(prompt: PinPrompt | None) -> StaffMember | None:
    """Return whose PIN is typed: whoever was chosen, or the only one there is."""
    if prompt is None:
        return None
    return prompt.people[0] if prompt.chosen is None and len(prompt.people) == 1 else prompt.chosen


def typed_digits(prompt: PinPrompt, wording: Wording) -> str:
    """Return how much of a PIN is typed, for a screen reader."""
    return wording.plural(
        "{n} digit typed", "{n} digits typed", prompt.typed, n=wording.figures.count(prompt.typed)
    )


def pages_names(wording: Wording) -> tuple[str, str]:
    """Return the spoken names of the buttons that turn the pages of people."""
    return (wording.text("People before"), wording.text("More people"))


def desk_note(desk: DeskView, wording: Wording) -> Row | None:
    """Say what came of the last try, or why the staff cannot be read."""
    prompt = desk.prompt
    if prompt is None:
        return _stop(desk.sentence) if desk.sentence else None
    return _trouble_row(prompt, prompt.trouble, wording) if prompt.trouble is not None else None


def _trouble_row(prompt: PinPrompt, trouble: Trouble, wording: Wording) -> Row:
    match trouble:
        case Trouble.NOT_RIGHT:
            unknown = wording.text("Not known here. Choose a name.")
            return _stop(wording.text("Wrong PIN. Try again.") if chosen_of(prompt) else unknown)
        case Trouble.TOO_SHORT:
            least = wording.figures.count(prompt.least)
            return _wait(wording.text("The PIN has {n} digits or more.", n=least))
        case Trouble.WAIT:
            left = _left(prompt.wait_seconds, wording)
            return _wait(wording.text("Too many wrong PINs. Wait {time}.", time=left))
        case Trouble.LOCKED_OUT:
            return _stop(wording.text("Too many wrong PINs. A manager resets it: menu, Staff."))
        case Trouble.MAY_NOT:
            return _stop(wording.text("This person may not allow it."))
        case Trouble.NO_BADGES:
            return _wait(wording.text("Badges are not used here. Choose a name."))
        case Trouble.FAILED:
            return _stop(prompt.sentence)
    assert_never(trouble)


def _stop(words: str) -> Row:
    return Row("warning", Sentence.of(words), Tone.STOP)


def _wait(words: str) -> Row:
    return Row("hourglass-medium", Sentence.of(words), Tone.WAIT)


def _left(seconds: int, wording: Wording) -> str:
    """Return a wait in seconds up to two minutes, then in minutes begun."""
    if seconds <= _IN_SECONDS:
        return wording.text("{n} s", n=wording.figures.count(seconds))
    return wording.text("{n} min", n=wording.figures.count(-(-seconds // 60)))


def _lock_head(desk: DeskView, chosen: StaffMember | None, wording: Wording) -> Sentence:
    if desk.stage is DeskStage.STARTING:
        return Sentence.of(wording.text("Locked"))
    if chosen is not None:
        return Sentence.of(plain(chosen.name))
    if desk.prompt is not None and desk.prompt.question is Question.SWITCH:
        return Sentence.of(wording.text("Change cashier"))
    return Sentence.of(wording.text("Locked"))


def _lock_about(desk: DeskView, chosen: StaffMember | None, wording: Wording) -> Sentence:
    prompt = desk.prompt
    if prompt is None:
        words = "" if desk.sentence else wording.text("Reading who works here…")
        return Sentence.of(words)
    if prompt.busy:
        return Sentence.of(wording.text("Checking…"))
    if chosen is not None:
        role = role_title(chosen.role, wording)
        return Sentence.of(wording.text("{role}. Type the PIN", role=role), wording.text("Type the PIN"))
    if prompt.by_badge:
        full = wording.text("Choose a name or scan a badge")
        return Sentence.of(full, wording.text("Choose a name"))
    return Sentence.of(wording.text("Choose a name"))


def _lock_escape(prompt: PinPrompt | None, wording: Wording) -> Sentence | None:
    if prompt is None:
        return None
    if prompt.chosen is not None and len(prompt.people) > 1:
        return Sentence.of(wording.text("Back"))
    return Sentence.of(wording.text("Back to the till"), wording.text("Back")) if prompt.can_cancel else None


def told_pin(chosen: StaffMember | None, told: Mapping[str, str], wording: Wording) -> str:
    """Return the PIN of one of the demo shop's people, as it is told there; empty anywhere else."""
    pin = told.get(chosen.staff_id, "") if chosen else ""
    return wording.text("Training: the PIN is {pin}", pin=pin) if pin else ""
