"""The first start in words: each page, what was answered, and what is wrong at a field."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.services.first_run import (
    DEMO,
    Answers,
    Step,
    is_answered,
)
from cashier_app.wording.countries import country_name
from cashier_app.wording.places import till_label
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording


class FrameWords(Struct, frozen=True):
    """What stands around every page."""

    window: str
    back: Sentence
    leave: Sentence
    stop: Sentence


class StepWords(Struct, frozen=True):
    """One page: its name at the side, its question, and where it can be changed later."""

    name: Sentence
    question: Sentence
    about: Sentence
    later: Sentence


def frame_words(wording: Wording) -> FrameWords:
    """Return what stands around every page."""
    return FrameWords(
        window=wording.text("Set up this till"),
        back=Sentence.of(wording.text("Back")),
        leave=Sentence.of(wording.text("Stop for now"), wording.text("Stop")),
        stop=Sentence.of(
            wording.text("You can stop and go on later. Answers are kept; a PIN is asked for again."),
            wording.text("You can stop and go on later."),
        ),
    )


def step_words(step: Step, wording: Wording) -> StepWords:
    """Return the words of one page."""
    in_file = Sentence.of(
        wording.text("You can change this later in the settings file."), wording.text("Can be changed later.")
    )
    match step:
        case Step.LANGUAGE:
            return _words(
                wording.text("Language"),
                wording.text("Which language do you work in?"),
                wording.text("Everything the till says is in it."),
                in_file,
            )
        case Step.SHOP:
            return _words(
                wording.text("Shop and till"),
                wording.text("What are shop and till called?"),
                wording.text("Both stand at the top of the window and on receipts."),
                in_file,
            )
        case Step.COUNTRY:
            return _words(
                wording.text("Country and money"),
                wording.text("Is this right?"),
                wording.text("Taken from this computer. Press a line to change it."),
                in_file,
            )
        case Step.BACKEND:
            return _words(
                wording.text("Loyalty system"),
                wording.text("Which loyalty system do you use?"),
                wording.text("We test the connection before anything is saved."),
                _in_menu(wording.text("Loyalty system"), wording),
            )
        case Step.SCANNER:
            return _words(
                wording.text("Scanner"),
                wording.text("Does the scanner work?"),
                wording.text("Scan one of these codes. Without a scanner, go on."),
                _in_menu(wording.text("Scanner and camera"), wording),
            )
        case Step.CAMERA:
            return _words(
                wording.text("Camera"),
                wording.text("Which camera reads codes?"),
                wording.text("A phone held up to it is enough. Without a camera, go on."),
                _in_menu(wording.text("Scanner and camera"), wording),
            )
        case Step.MANAGER:
            return _words(
                wording.text("Manager's PIN"),
                wording.text("Who manages this till?"),
                wording.text("A manager signs in, adds people and changes settings."),
                _in_menu(wording.text("Staff"), wording),
            )
        case Step.READY:
            return _words(
                wording.text("Ready"),
                wording.text("Ready to sell"),
                wording.text("This is what the till knows."),
                Sentence.of(""),
            )


def _words(name: str, question: str, about: str, later: Sentence) -> StepWords:
    return StepWords(Sentence.of(name), Sentence.of(question), Sentence.of(about), later)


def _in_menu(entry: str, wording: Wording) -> Sentence:
    return Sentence.of(
        wording.text("You can change this later: Menu, {entry}.", entry=entry),
        wording.text("Later: Menu, {entry}", entry=entry),
    )


def default_store(wording: Wording) -> str:
    """Return what a shop without a name is called."""
    return wording.text("My shop")


# --- what was answered -----------------------------------------------------------------------------------


def summary(step: Step, answers: Answers, manager: str, titles: dict[str, str], wording: Wording) -> str:
    """Return what was answered on a page, in a few words; empty for nothing.

    Args:
        step: The page.
        answers: So far.
        manager: The first manager's name; empty for none.
        titles: What the loyalty systems are called, by the names of their kinds.
        wording: The voice.
    """
    if step is Step.MANAGER:
        return plain(manager)
    if not is_answered(step, answers):
        return ""
    match step:
        case Step.LANGUAGE:
            return language_name(answers.language or "")
        case Step.SHOP:
            label = till_label(answers.till or "", wording)
            return wording.joined((plain(answers.store or ""), label))
        case Step.COUNTRY:
            return country_line(answers.region or "", answers.currency or "", answers.decimals or 0, wording)
        case Step.BACKEND:
            kind = answers.backend.kind if answers.backend else ""
            return wording.text("Demo shop") if kind == DEMO else plain(titles.get(kind, kind))
        case Step.SCANNER:
            return wording.text("Checked")
        case Step.CAMERA:
            return plain(answers.camera or "") or wording.text("The first one found")
        case _:
            return ""


def country_line(region: str, currency: str, decimals: int, wording: Wording) -> str:
    """Return country and money in a line, such as ``India, INR with 2 decimals``."""
    return wording.joined((country_name(region, wording), money_line(currency, decimals, wording)))


def money_line(currency: str, decimals: int, wording: Wording) -> str:
    """Return a currency and its decimals, such as ``INR with 2 decimals``."""
    if decimals == 0:
        return wording.text("{currency} without decimals", currency=currency)
    n = wording.figures.count(decimals)
    return wording.plural(
        "{currency} with {n} decimal", "{currency} with {n} decimals", decimals, currency=currency, n=n
    )


def language_name(code: str) -> str:
    """Return a language's name in itself. Loads Babel."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        name = Locale.parse(code).get_display_name()
    except (UnknownLocaleError, ValueError):
        return plain(code)
    said = str(name or code)
    return said[:1].upper() + said[1:]


class NextWords(Struct, frozen=True):
    """What Enter does on each page."""

    next: Sentence
    choose: Sentence
    use_scanner: Sentence
    skip_scanner: Sentence
    skip_secrets: Sentence
    skip_manager: Sentence
    same_again: Sentence
    open_till: Sentence
    open_demo: Sentence
    opening: Sentence
    keep: Sentence


def next_words(wording: Wording) -> NextWords:
    """Return what Enter does."""
    return NextWords(
        next=Sentence.of(wording.text("Next")),
        choose=Sentence.of(wording.text("Take this one")),
        use_scanner=Sentence.of(wording.text("Use these settings"), wording.text("Use")),
        skip_scanner=Sentence.of(wording.text("Go on without")),
        skip_secrets=Sentence.of(wording.text("Go on without"), wording.text("Later")),
        skip_manager=Sentence.of(wording.text("Skip for now"), wording.text("Skip")),
        same_again=Sentence.of(wording.text("Next: same PIN again"), wording.text("Same again")),
        open_till=Sentence.of(wording.text("Open the till")),
        open_demo=Sentence.of(wording.text("Open the demo shop"), wording.text("Open it")),
        opening=Sentence.of(wording.text("Opening…")),
        keep=Sentence.of(wording.text("Keep this PIN")),
    )


def next_sign_in(title: str, wording: Wording) -> Sentence:
    """Return what Enter does where a loyalty system is chosen that needs setting up."""
    return Sentence.of(
        wording.text("Next: set up {system}", system=plain(title)), wording.text("Next: set it up")
    )
