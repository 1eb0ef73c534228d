"""The page of the loyalty system, in words."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.speech import Wording


class PageWords(Struct, frozen=True):
    """What every page of it says."""

    title: Sentence
    close: Sentence
    back: Sentence
    check: Sentence
    another: Sentence
    change: Sentence
    test: Sentence
    save: Sentence
    unlock: Sentence


class FormWords(Struct, frozen=True):
    """What stands at the fields that every kind has."""

    address: str
    by: str
    passphrase: str
    new_passphrase: str
    why_passphrase: str
    stored: str
    several: str


def page_words(wording: Wording) -> PageWords:
    """Return titles and buttons."""
    return PageWords(
        title=Sentence.of(wording.text("Loyalty system")),
        close=Sentence.of(wording.text("Close")),
        back=Sentence.of(wording.text("Back")),
        check=Sentence.of(wording.text("Try it now")),
        another=Sentence.of(wording.text("Another one")),
        change=Sentence.of(wording.text("Change this one"), wording.text("Change")),
        test=Sentence.of(wording.text("Try it out")),
        save=Sentence.of(wording.text("Save")),
        unlock=Sentence.of(wording.text("Unlock")),
    )


def form_words(wording: Wording) -> FormWords:
    """Return the names of fields."""
    return FormWords(
        address=wording.text("Address"),
        by=wording.text("Manager's name or staff number"),
        passphrase=wording.text("Passphrase of this till"),
        new_passphrase=wording.text("New passphrase, at least 10 characters"),
        why_passphrase=wording.text(
            "This computer has no key store that encrypts. The till will ask for this each time it starts."
        ),
        stored=wording.text("Stored. Leave it empty to keep it."),
        several=wording.text("Press to change"),
    )


def optional(label: str, wording: Wording) -> str:
    """Return the name of a field that may stay empty."""
    return wording.text("{field} (optional)", field=label)


def setting_label(name: str, wording: Wording) -> str:
    """Return the name of one of a kind's own settings as people read it: ``merchant_key`` as Merchant key."""
    words = plain(name.replace("_", " "))
    return wording.text("{name}", name=words[:1].upper() + words[1:])


def kinds_title(wording: Wording) -> Sentence:
    """Return the title of the page where one is chosen."""
    return Sentence.of(wording.text("Which loyalty system?"))


def kinds_intro(wording: Wording) -> Sentence:
    """Say what choosing does."""
    return Sentence.of(
        wording.text("Nothing changes before you save. Sales that wait keep the one they were made for."),
        wording.text("Nothing changes before you save."),
    )


def busy_row(wording: Wording) -> Row:
    """Say that the loyalty system is being asked."""
    said = wording.text("Asking the loyalty system, 20 s at most…")
    return Row("hourglass-medium", Sentence.of(said), Tone.MUTED)


def reading_row(wording: Wording) -> Row:
    """Say that settings and key store are being read."""
    return Row("hourglass-medium", Sentence.of(wording.text("Reading the settings…")), Tone.MUTED)


def trouble_row(sentence: str) -> Row:
    """Return what went wrong."""
    return Row("warning", Sentence.of(plain(sentence)), Tone.STOP)


def not_tried_row(wording: Wording) -> Row:
    """Say that nothing has been tried since the page was opened."""
    said = wording.text("Not tried out since the till was opened.")
    return Row("info", Sentence.of(said), Tone.MUTED)


def tried_at_row(result: Row, at: datetime, now: datetime, wording: Wording) -> Row:
    """Return what came of a try, with its time; both UTC."""
    said = wording.text(
        "Tried out {time}: {result}", time=wording.figures.moment(at, now), result=result.sentence.full
    )
    return Row(result.icon, Sentence.of(said), result.tone)


def try_first_row(wording: Wording) -> Row:
    """Say what comes before saving."""
    said = wording.text("Enter goes to the next field. Try it out before you save.")
    return Row("info", Sentence.of(said), Tone.MUTED)


def leave_row(wording: Wording) -> Row:
    """Ask whether what was typed is given up."""
    said = wording.text("What you typed is not kept. Esc again leaves; typing goes on.")
    return Row("warning", Sentence.of(said), Tone.WAIT)


def manager_wanted_row(wording: Wording) -> Row:
    """Ask who confirms."""
    said = wording.text("A manager confirms this: type a name or staff number.")
    return Row("warning", Sentence.of(said), Tone.WAIT)


def saved_row(wording: Wording) -> Row:
    """Say that it is kept, and when it is used."""
    said = wording.text("Saved. Close the till and open it again to use it.")
    return Row("check-circle", Sentence.of(said), Tone.GOOD)


def locked_row(wording: Wording) -> Row:
    """Say why a passphrase is wanted, and that selling goes on."""
    said = wording.text(
        "The credentials of the loyalty system are locked. Type the passphrase to look members up. "
        "Selling goes on meanwhile: Esc."
    )
    return Row("lock", Sentence.of(said), Tone.WAIT)


def unlocked_row(wording: Wording) -> Row:
    """Say that the passphrase was right."""
    said = wording.text("Unlocked. Members can be looked up in a moment.")
    return Row("check-circle", Sentence.of(said), Tone.GOOD)


def scan_not_used_here(wording: Wording) -> Row:
    """Say that a scan did nothing."""
    return Row("warning", Sentence.of(wording.text("Scan not used: close this page first.")), Tone.WAIT)


def where_row(address: str, wording: Wording) -> Row:
    """Say where it is."""
    return Row("wifi-high", Sentence.of(wording.text("At {address}", address=plain(address))), Tone.PLAIN)
