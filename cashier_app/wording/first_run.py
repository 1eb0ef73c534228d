"""The first start in words: each page, what was answered, and what is wrong at a field."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cashier_app.domain.money import Currency, Money
from cashier_app.ports.capabilities import Capabilities
from cashier_app.services.first_run import (
    DEMO,
    LONGEST_STORE,
    LONGEST_TILL,
    PRACTICE,
    Answers,
    Guess,
    Step,
    StoreProblem,
    TillProblem,
    is_answered,
)
from cashier_app.wording.countries import Named, country_name, currency_name
from cashier_app.wording.places import till_label
from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.speech import Wording

OWN = "contract"
"""The kind that speaks the open contract: whoever has one calls it their own."""

DEMO_PHONE, DEMO_BILL = "9845012210", "2360"
"""Of one of the demo shop's made-up members, and a bill on which something may be redeemed."""


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


class CardWords(Struct, frozen=True):
    """One thing to choose: what it is, what it needs, what it can do.

    Args:
        value: What is answered when it is taken.
        key: Its digit; empty behind the ninth.
    """

    value: str
    title: str
    detail: str = ""
    can: str = ""
    key: str = ""


class FieldsWords(Struct, frozen=True):
    """The names of the fields that are typed, and what stands in them while they are empty."""

    store: str
    till: str
    till_hint: str
    manager: str
    search: str


def frame_words(wording: Wording) -> FrameWords:
    """Return what stands around every page."""
    return FrameWords(
        window=wording.text("Set up this till"),
        back=Sentence.of(wording.text("Back")),
        leave=Sentence.of(wording.text("Stop for now"), wording.text("Stop")),
        stop=Sentence.of(
            wording.text("You can stop and go on later. Answers are kept, secrets and PINs are not."),
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


def fields_words(wording: Wording) -> FieldsWords:
    """Return the names of fields."""
    return FieldsWords(
        store=wording.text("Name of the shop"),
        till=wording.text("Number of this till"),
        till_hint=wording.text("Each till of a shop has its own: receipts begin with it."),
        manager=wording.text("Manager's name, as colleagues call them"),
        search=wording.text("Type to search"),
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


# --- pages -------------------------------------------------------------------------------------------------


def language_cards(codes: Sequence[str]) -> tuple[CardWords, ...]:
    """Return a card for each language there is."""
    return _numbered([CardWords(code, language_name(code)) for code in codes])


def languages_note(count: int, wording: Wording) -> Row:
    """Say which languages there are, honestly."""
    if count == 1:
        said = wording.text(
            "English is the only language so far. Figures, dates and times follow the country you choose."
        )
    else:
        said = wording.text("Figures, dates and times follow the country you choose.")
    return Row("info", Sentence.of(said), Tone.MUTED)


def look_around_words(wording: Wording) -> tuple[Sentence, Sentence]:
    """Return what opens the demo shop at once, and what that is."""
    return (
        Sentence.of(wording.text("Only look around: demo shop"), wording.text("Demo shop")),
        Sentence.of(wording.text("60 made-up members, nothing is real, nothing to set up.")),
    )


def went_on_note(wording: Wording) -> Row:
    """Say that what was answered before is still there."""
    said = wording.text("Your answers of last time are here. Go on where you stopped.")
    return Row("check-circle", Sentence.of(said), Tone.GOOD)


def fleet_note(wording: Wording) -> Row:
    """Say that a file answered some of it."""
    said = wording.text("Some answers come from the settings file of this computer.")
    return Row("info", Sentence.of(said), Tone.MUTED)


def store_trouble(problem: StoreProblem, wording: Wording) -> str:
    """Return what is wrong with a shop's name."""
    match problem:
        case StoreProblem.TOO_LONG:
            return wording.text("A name has at most {n} characters.", n=wording.figures.count(LONGEST_STORE))
        case StoreProblem.NOT_PRINTABLE:
            return wording.text("This name holds a sign that cannot be shown.")


def till_trouble(problem: TillProblem, wording: Wording) -> str:
    """Return what is wrong with a till's number."""
    match problem:
        case TillProblem.TOO_LONG:
            return wording.text("At most {n} letters and digits.", n=wording.figures.count(LONGEST_TILL))
        case TillProblem.NOT_PLAIN:
            return wording.text("Only the letters A to Z and the digits 0 to 9.")
        case TillProblem.FOR_TRAINING:
            return wording.text("Numbers that begin with {mark} are kept for training.", mark=PRACTICE)


def country_cards(
    region: str, currency: str, decimals: int, zone: str, wording: Wording
) -> tuple[CardWords, ...]:
    """Return country, currency and time zone, each to be changed."""
    return (
        CardWords("region", country_name(region, wording), wording.text("Country"), "", "1"),
        CardWords(
            "currency",
            wording.joined((currency_name(currency, wording), money_line(currency, decimals, wording))),
            wording.text("Currency"),
            "",
            "2",
        ),
        CardWords("time_zone", zone.replace("_", " "), wording.text("Time zone"), "", "3"),
    )


def country_note(guess: Guess, currency: Currency, wording: Wording) -> Row:
    """Show an amount as it will be written, or ask for a look where the system said nothing."""
    if not guess.sure:
        said = wording.text("This computer does not say where it is. Check the country.")
        return Row("warning", Sentence.of(said), Tone.WAIT)
    amount = wording.figures.money(Money(2360 * 10**currency.decimals, currency))
    said = wording.text("An amount looks like this: {amount}", amount=amount)
    return Row("check-circle", Sentence.of(said), Tone.GOOD)


def picker_question(what: str, wording: Wording) -> Sentence:
    """Return the question above a list to choose from."""
    questions = {
        "region": wording.text("Which country is the shop in?"),
        "currency": wording.text("What do customers pay with?"),
        "time_zone": wording.text("Which time does the shop keep?"),
    }
    return Sentence.of(questions[what])


def nothing_found(typed: str, wording: Wording) -> str:
    """Say that nothing in the list is called so."""
    return wording.text("Nothing here is called “{name}”. Type less of it.", name=plain(typed)[:40])


def zone_choices(zones: Sequence[str]) -> tuple[Named, ...]:
    """Return time zones as they are shown."""
    return tuple(Named(zone, zone.replace("_", " ")) for zone in zones)


def kind_cards(
    kinds: Sequence[tuple[str, str, Sequence[str], bool, Capabilities | None]], wording: Wording
) -> tuple[CardWords, ...]:
    """Return a card for the demo shop and one for each loyalty system.

    Args:
        kinds: Name, title, labels of its secrets, whether it asks for its address, and what it can do.
        wording: The voice.
    """
    demo = CardWords(
        DEMO,
        wording.text("Demo shop"),
        wording.text("60 made-up members, nothing to set up"),
        wording.text("Everything works"),
    )
    cards = [demo]
    for name, title, secrets, has_address, can in kinds:
        own = name == OWN
        said = kind_title(name, title, wording)
        wants = ", ".join((*([wording.text("Address")] if has_address else []), *map(plain, secrets)))
        detail = wording.text("Any server with the open contract") if own else wants
        cards.append(CardWords(name, said, detail, _holding(can, wording)))
    return _numbered(cards)


def kind_title(name: str, title: str, wording: Wording) -> str:
    """Return what a loyalty system is called here: a shop that speaks the open contract has its own."""
    return wording.text("Our own system") if name == OWN else plain(title)


def kind_note(name: str, title: str, know: Sequence[str], can: Capabilities | None, wording: Wording) -> Row:
    """Say what choosing one means."""
    if name == DEMO:
        said = wording.text("Nothing in the demo shop is real. Set up your own shop at the next start.")
        return Row("info", Sentence.of(said), Tone.MUTED)
    if know:
        said = wording.text("{system}: {sentence}", system=plain(title), sentence=plain(know[0]))
        return Row("info", Sentence.of(said), Tone.PLAIN)
    if can is not None and can.holds_points:
        said = wording.text("Points are held while the customer pays and given back if not.")
        return Row("check-circle", Sentence.of(said), Tone.GOOD)
    return Row("info", Sentence.of(wording.text("The till asks it what it can do.")), Tone.PLAIN)


def _holding(can: Capabilities | None, wording: Wording) -> str:
    if can is None:
        return wording.text("We ask it what it can do")
    if not can.holds_points:
        return wording.text("No hold: balance is read again")
    return wording.text("Points held while paying")


def reading_kinds(wording: Wording) -> Row:
    """Say that the loyalty systems are being listed."""
    return Row("hourglass-medium", Sentence.of(wording.text("Looking at what is installed…")), Tone.MUTED)


def passphrase_wanted(wording: Wording) -> Row:
    """Say that secrets need a passphrase on this computer."""
    said = wording.text("Type a passphrase: this computer has no key store that would keep the secrets.")
    return Row("lock", Sentence.of(said), Tone.WAIT)


def set_up_anew(wording: Wording) -> Sentence:
    """Return what opens the form of a loyalty system that is set up already."""
    return Sentence.of(wording.text("Set it up anew"), wording.text("Anew"))


def backend_kept(title: str, wording: Wording) -> Row:
    """Say that a loyalty system was tried out and kept."""
    said = wording.text("{system} works. Its secrets are sealed in this till.", system=plain(title))
    return Row("check-circle", Sentence.of(said), Tone.GOOD)


def scan_not_used(wording: Wording) -> Row:
    """Say that a scan did nothing."""
    return Row("warning", Sentence.of(wording.text("Scan not used: the till is being set up.")), Tone.WAIT)


def camera_states(wording: Wording) -> dict[str, Sentence]:
    """Return what stands in or under the camera's picture, by moment."""
    return {
        "off": Sentence.of(wording.text("Press T to see what the camera sees.")),
        "looking": Sentence.of(wording.text("Hold a code up to the camera.")),
        "read": Sentence.of(wording.text("A code was read. The camera works.")),
        "opening": Sentence.of(wording.text("The camera is starting")),
        "nothing": Sentence.of(wording.text("The camera shows nothing.")),
    }


def camera_test(on: bool, wording: Wording) -> Sentence:  # noqa: FBT001 - a state
    """Return what switches the test on or off."""
    if on:
        return Sentence.of(wording.text("End the test"))
    return Sentence.of(wording.text("Try the camera"), wording.text("Try"))


def printer_row(wording: Wording) -> Row:
    """Say when a printer is chosen."""
    said = wording.text("A printer is chosen when something is first printed.")
    return Row("receipt", Sentence.of(said), Tone.MUTED)


def manager_name_wanted(wording: Wording) -> str:
    """Return what is wrong with an empty name."""
    return wording.text("Type a name, or skip this.")


def people_there(wording: Wording) -> Row:
    """Say that this till knows people already."""
    said = wording.text("Somebody manages this till already. People are changed in the till: Menu, Staff.")
    return Row("users", Sentence.of(said), Tone.GOOD)


def pin_kept_row(name: str, wording: Wording) -> Row:
    """Say that somebody will be the first manager."""
    said = wording.text("{name} is the first manager. The PIN is kept when the till opens.", name=plain(name))
    return Row("check-circle", Sentence.of(said), Tone.GOOD)


def no_manager_row(wording: Wording) -> Row:
    """Say what a till without a manager means."""
    said = wording.text(
        "Without a manager nobody signs in, and anybody may change settings. Add one later: Menu, Staff."
    )
    return Row("info", Sentence.of(said), Tone.WAIT)


def ready_rows(
    answers: Answers, manager: str, path: str, titles: dict[str, str], wording: Wording
) -> tuple[Row, ...]:
    """Return what the till knows, and where it is kept."""
    if answers.backend is not None and answers.backend.kind == DEMO:
        said = wording.text("Demo shop: nothing is real, nothing is posted anywhere.")
        again = wording.text(
            "To set up your own shop: Esc, then choose your loyalty system. Answers are kept."
        )
        first = wording.text(
            "The first customer: type {phone}, Enter, then a bill such as {bill}, Enter.",
            phone=DEMO_PHONE,
            bill=DEMO_BILL,
        )
        return (
            Row("gift", Sentence.of(said), Tone.PLAIN),
            Row("phone", Sentence.of(first), Tone.PLAIN),
            Row("info", Sentence.of(again), Tone.MUTED),
        )
    steps = (Step.LANGUAGE, Step.SHOP, Step.COUNTRY, Step.BACKEND, Step.SCANNER, Step.CAMERA, Step.MANAGER)
    rows = []
    for step in steps:
        said = summary(step, answers, manager, titles, wording)
        name = step_words(step, wording).name.full
        line = wording.text("{name}: {answer}", name=name, answer=said or wording.text("later"))
        icon, tone = ("check-circle", Tone.GOOD) if said else ("minus-circle", Tone.MUTED)
        rows.append(Row(icon, Sentence.of(line), tone))
    rows.append(printer_row(wording))
    kept = wording.text("Kept in {file}", file=plain(path))
    return (*rows, Row("floppy-disk", Sentence.of(kept), Tone.MUTED))


class NextWords(Struct, frozen=True):
    """What Enter does on each page."""

    next: Sentence
    choose: Sentence
    use_scanner: Sentence
    skip_scanner: Sentence
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


def _numbered(cards: Sequence[CardWords]) -> tuple[CardWords, ...]:
    return tuple(
        CardWords(one.value, one.title, one.detail, one.can, str(place) if place <= 9 else "")
        for place, one in enumerate(cards, start=1)
    )
