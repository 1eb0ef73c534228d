"""The page of the staff in words: who works here, and what a manager can do about each."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.staff import Role
from cashier_app.ports.staff import StaffRecord
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.staff import PersonWords, person_words, role_title


class StaffWords(Struct, frozen=True):
    """What stands on the page whatever it shows."""

    title: Sentence
    close: Sentence
    back: Sentence
    add: Sentence
    new_pin: Sentence
    reset: Sentence
    leave: Sentence
    leave_surely: Sentence
    come_back: Sentence
    name: str
    role: str
    next: Sentence
    save: Sentence


def staff_words(wording: Wording) -> StaffWords:
    """Return the words of the page."""
    return StaffWords(
        title=Sentence.of(wording.text("Staff")),
        close=Sentence.of(wording.text("Close")),
        back=Sentence.of(wording.text("Back")),
        add=Sentence.of(wording.text("Add somebody"), wording.text("Add")),
        new_pin=Sentence.of(wording.text("New PIN")),
        reset=Sentence.of(wording.text("Let them try their PIN again"), wording.text("Try again")),
        leave=Sentence.of(wording.text("They work here no more"), wording.text("They left")),
        leave_surely=Sentence.of(
            wording.text("Press again: they work here no more"), wording.text("Press again")
        ),
        come_back=Sentence.of(wording.text("They work here again"), wording.text("They are back")),
        name=wording.text("Name, as colleagues call them"),
        role=wording.text("What they are"),
        next=Sentence.of(wording.text("Next")),
        save=Sentence.of(wording.text("Save")),
    )


def record_words(record: StaffRecord, wording: Wording) -> PersonWords:
    """Return one person of the list, with what stands in their way of signing in."""
    words = person_words(record.member, wording)
    role = role_title(record.member.role, wording)
    if not record.member.active:
        return _with(words, wording.text("works here no more"), Tone.MUTED, wording)
    if record.locked:
        return _with(words, wording.text("locked out"), Tone.STOP, wording)
    if record.pin is None:
        return _with(words, wording.text("has no PIN"), Tone.WAIT, wording)
    return replace(words, about=role)


def about_person(record: StaffRecord, wording: Wording) -> tuple[Row, ...]:
    """Say of one person what they are and what a manager may have to do."""
    member = record.member
    if not member.active:
        gone = wording.text("{role}. Works here no more", role=role_title(member.role, wording))
        rows = [Row("user", Sentence.of(gone), Tone.MUTED)]
    else:
        rows = [Row("user", Sentence.of(role_title(member.role, wording)))]
    if record.locked:
        rows.append(Row("lock", Sentence.of(wording.text("Locked out: too many wrong PINs")), Tone.STOP))
    elif record.failures:
        wrong = wording.plural(
            "{n} wrong PIN since the last right one",
            "{n} wrong PINs since the last right one",
            record.failures,
            n=wording.figures.count(record.failures),
        )
        rows.append(Row("warning", Sentence.of(wrong), Tone.WAIT))
    if record.pin is None:
        rows.append(Row("warning", Sentence.of(wording.text("Has no PIN and cannot sign in")), Tone.WAIT))
    if record.badge is not None:
        rows.append(Row("identification-card", Sentence.of(wording.text("Has a badge"))))
    return tuple(rows)


def nobody_yet(wording: Wording) -> tuple[Row, ...]:
    """Say what the first person added changes."""
    none = wording.text("Nobody signs in at this till yet.")
    then = wording.text("Add a manager first. From then on everybody signs in with a PIN.")
    return (Row("info", Sentence.of(none)), Row("users", Sentence.of(then)))


def switched_off(wording: Wording) -> Row:
    """Say why nothing can be changed here."""
    full = wording.text("Signing in is switched off in the settings file. The staff is not changed here.")
    return Row("info", Sentence.of(full, wording.text("Signing in is switched off")), Tone.WAIT)


def reading_staff(wording: Wording) -> Row:
    """Say that the list is being read."""
    return Row("clock", Sentence.of(wording.text("Reading who works here…")), Tone.MUTED)


def busy_saving(wording: Wording) -> Row:
    """Say that something is being kept."""
    return Row("clock", Sentence.of(wording.text("Saving…")), Tone.MUTED)


def staff_trouble(sentence: str) -> Row:
    """Say what failed."""
    return Row("warning", Sentence.of(sentence), Tone.STOP)


def scan_not_used_staff(wording: Wording) -> Row:
    """Say that a scan did nothing here."""
    return Row("barcode", Sentence.of(wording.text("Scan not used: finish this first")), Tone.WAIT)


def name_wanted(wording: Wording) -> Row:
    """Say that a name is missing."""
    return Row("warning", Sentence.of(wording.text("Type a name")), Tone.WAIT)


def pin_title(name: str, *, again: bool, wording: Wording) -> Sentence:
    """Return what whoever gets a PIN is asked to do."""
    who = name_in_sentence(name)
    if again:
        return Sentence.of(wording.text("{name}: the same PIN again", name=who), wording.text("Again"))
    return Sentence.of(wording.text("{name}: choose a PIN", name=who), wording.text("Choose a PIN"))


def pin_hint(least: int, wording: Wording) -> Row:
    """Say what a PIN must be."""
    n = wording.figures.count(least)
    return Row(
        "info", Sentence.of(wording.text("{n} digits or more, no birthday, no 123456", n=n)), Tone.MUTED
    )


def pin_too_short(least: int, wording: Wording) -> Row:
    """Say that more digits are wanted."""
    n = wording.figures.count(least)
    return Row("warning", Sentence.of(wording.text("The PIN has {n} digits or more.", n=n)), Tone.WAIT)


def pins_differ(wording: Wording) -> Row:
    """Say that the two PINs typed are not the same."""
    return Row(
        "warning", Sentence.of(wording.text("The two are not the same. Choose a PIN again.")), Tone.STOP
    )


def pin_digits_typed(typed: int, wording: Wording) -> str:
    """Return how much of a PIN is typed, for a screen reader."""
    return wording.plural("{n} digit typed", "{n} digits typed", typed, n=wording.figures.count(typed))


def role_choices(wording: Wording) -> dict[str, Role]:
    """Return the roles by their titles."""
    return {role_title(role, wording): role for role in Role}


def role_about(role: Role, wording: Wording) -> str:
    """Return what somebody of a role may do."""
    match role:
        case Role.CASHIER:
            return wording.text("Sells and takes goods back")
        case Role.SUPERVISOR:
            return wording.text("Approves, settles and sees the day as well")
        case Role.MANAGER:
            return wording.text("May do everything, the staff included")
        case Role.TRAINER:
            return wording.text("Sells, takes goods back and trains")
    assert_never(role)


def was_done(name: str, what: str, wording: Wording) -> Row:
    """Say what was done about somebody."""
    who = name_in_sentence(name)
    said = {
        "added": wording.text("{name} is added", name=who),
        "pin": wording.text("{name} has a new PIN", name=who),
        "reset": wording.text("{name} may try again", name=who),
        "left": wording.text("{name} works here no more", name=who),
        "back": wording.text("{name} works here again", name=who),
    }
    return Row("check-circle", Sentence.of(said[what]), Tone.GOOD)


def _with(words: PersonWords, about: str, tone: Tone, wording: Wording) -> PersonWords:
    return replace(
        words,
        about=about[:1].upper() + about[1:],
        tone=tone,
        spoken=wording.joined((plain(words.name), about)),
    )
