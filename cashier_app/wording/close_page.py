"""The close of the day on the screen: what is asked, what still waits, what was done."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from cashier_app.domain.day_close import ClosedDay, DayClose, OpenDay, short_form
from cashier_app.wording.day_close import close_row
from cashier_app.wording.sentences import Row, Sentence, Tone
from cashier_app.wording.speech import Wording


class ClosePageWords(Struct, frozen=True):
    """Title and buttons of the page."""

    title: Sentence
    back: Sentence
    close_day: Sentence
    print_it: Sentence
    save: Sentence
    export: Sentence
    earlier: Sentence
    older: Sentence
    done: Sentence
    name: Sentence


class SaveWords(Struct, frozen=True):
    """The dialog that asks for a file: its title, what it may become, and the name offered."""

    title: str
    kinds: tuple[str, ...]
    name: str


def close_page_words(wording: Wording) -> ClosePageWords:
    """Return title and buttons."""
    return ClosePageWords(
        title=Sentence.of(wording.text("Close the day")),
        back=Sentence.of(wording.text("Back")),
        close_day=Sentence.of(wording.text("Close the day"), wording.text("Close")),
        print_it=Sentence.of(wording.text("Print")),
        save=Sentence.of(wording.text("Save PDF"), wording.text("PDF")),
        export=Sentence.of(wording.text("Export")),
        earlier=Sentence.of(wording.text("Earlier closes"), wording.text("Earlier")),
        older=Sentence.of(wording.text("Show older ones"), wording.text("Older")),
        done=Sentence.of(wording.text("Done")),
        name=Sentence.of(wording.text("Who closes the day")),
    )


def earlier_title(wording: Wording) -> Sentence:
    """Return the title of the list."""
    return Sentence.of(wording.text("Earlier closes"))


def earlier_row(closed: ClosedDay, wording: Wording) -> Sentence:
    """Return one closed day in the list."""
    return Sentence.of(close_row(closed, wording))


def copies_words(closed: ClosedDay, wording: Wording) -> str:
    """Say how often a close went out."""
    if not closed.copies:
        return wording.text("not printed")
    times = wording.figures.count(closed.copies)
    return wording.plural("printed once", "printed {n} times", closed.copies, n=times)


def none_closed(wording: Wording) -> Row:
    """Say that no day was closed yet."""
    return Row("info", Sentence.of(wording.text("No day was closed at this till yet.")), Tone.MUTED)


def reading_words(wording: Wording) -> Row:
    """Say that the report is being put together."""
    return Row("clock", Sentence.of(wording.text("Adding up…")), Tone.MUTED)


def before_closing(found: OpenDay, wording: Wording) -> Row:
    """Say what still waits and what that means, before the day is closed."""
    stock, figures = found.report.stock, wording.figures
    said = []
    if stock.needs_person:
        n = stock.needs_person
        said.append(
            wording.plural("{n} sale needs attention.", "{n} sales need attention.", n, n=figures.count(n))
        )
    if stock.waiting:
        n = stock.waiting
        said.append(
            wording.plural(
                "{n} sale waits to be posted.", "{n} sales wait to be posted.", n, n=figures.count(n)
            )
        )
    if said:
        said.append(
            wording.text("You can close: they are named here, and come into the report of the day they post.")
        )
        return Row("clock", Sentence.of(" ".join(said)), Tone.WAIT)
    if found.report.is_empty and found.report.since is not None:
        when = figures.moment(found.report.since, found.report.until)
        return Row(
            "info", Sentence.of(wording.text("Nothing happened since the last close, {time}.", time=when))
        )
    number = figures.count(found.number)
    return Row(
        "check-circle",
        Sentence.of(wording.text("All sales are posted. This will be day close {number}.", number=number)),
        Tone.GOOD,
    )


def after_closing(closed: ClosedDay, wording: Wording) -> Row:
    """Say that the day is closed, with what is compared by eye."""
    words = wording.text(
        "Day close {number} is made. Its short form is {form}.",
        number=wording.figures.count(closed.report.number),
        form=short_form(closed.sha256),
    )
    return Row("check-circle", Sentence.of(words), Tone.GOOD)


def trouble_row(sentence: str) -> Row:
    """Say what went wrong."""
    return Row("warning", Sentence.of(sentence), Tone.STOP)


def paying_words(wording: Wording) -> Row:
    """Say that a customer pays."""
    words = wording.text("A sale is being paid. Finish it or cancel it, then close the day.")
    return Row("warning", Sentence.of(words), Tone.STOP)


def name_wanted(wording: Wording) -> Row:
    """Say that a name is missing."""
    return Row("warning", Sentence.of(wording.text("Type the name of who closes the day")), Tone.STOP)


def scan_refused(wording: Wording) -> Row:
    """Say that a scan did nothing."""
    return Row("info", Sentence.of(wording.text("Scan not used: finish this first")), Tone.WAIT)


def handed_out(copy: int, wording: Wording, file: str = "") -> Row:
    """Say that a close was printed, or saved as a file, and whether it says that it is a copy."""
    saved, printed = wording.text("Saved as {file}.", file=file), wording.text("Sent to the printer.")
    words = saved if file else printed
    if copy:
        marked = wording.text("It is marked as copy {n}.", n=wording.figures.count(copy))
        words = f"{words} {marked}"
    return Row("check-circle", Sentence.of(words), Tone.GOOD)


def not_printed(wording: Wording) -> Row:
    """Say that the printer refused."""
    return Row("warning", Sentence.of(wording.text("The printer did not take it. Try again.")), Tone.STOP)


def pdf_words(report: DayClose, wording: Wording) -> SaveWords:
    """Return the dialog that saves a PDF."""
    kinds = (wording.text("PDF on A4"), wording.text("PDF on a roll of 80 mm"))
    return SaveWords(wording.text("Save the report"), kinds, _file_name(report, ".pdf"))


def export_words(report: DayClose, wording: Wording) -> SaveWords:
    """Return the dialog that exports figures."""
    kinds = (wording.text("Table for spreadsheets"), wording.text("JSON document"))
    return SaveWords(wording.text("Export the figures"), kinds, _file_name(report, ".csv"))


def _file_name(report: DayClose, ending: str) -> str:
    marked = "training-" if report.training else ""
    return Path(f"{marked}day-close-{report.till}-{report.number:04d}{ending}").name
