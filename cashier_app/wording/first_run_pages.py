"""What the pages of the first start say: cards to choose from, what is wrong at a field, and notes."""

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
)
from cashier_app.wording.countries import Named, country_name, currency_name
from cashier_app.wording.first_run import language_name, money_line, step_words, summary
from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.speech import Wording

OWN = "contract"
"""The kind that speaks the open contract: whoever has one calls it their own."""

DEMO_PHONE, DEMO_BILL = "9845012210", "2360"
"""Of one of the demo shop's made-up members, and a bill on which something may be redeemed."""


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


def fields_words(wording: Wording) -> FieldsWords:
    """Return the names of fields."""
    return FieldsWords(
        store=wording.text("Name of the shop"),
        till=wording.text("Number of this till"),
        till_hint=wording.text("Each till of a shop has its own: receipts begin with it."),
        manager=wording.text("Manager's name, as colleagues call them"),
        search=wording.text("Type to search"),
    )


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


def secrets_lacking(title: str, wording: Wording) -> Row:
    """Say that nobody has typed the secrets of a loyalty system that a file names."""
    said = wording.text(
        "The secrets of {system} are not at this till yet. They stand in no settings file: type them here.",
        system=plain(title),
    )
    return Row("lock", Sentence.of(said), Tone.WAIT)


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


def _numbered(cards: Sequence[CardWords]) -> tuple[CardWords, ...]:
    return tuple(
        CardWords(one.value, one.title, one.detail, one.can, str(place) if place <= 9 else "")
        for place, one in enumerate(cards, start=1)
    )
