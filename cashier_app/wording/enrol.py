"""A customer joins, in words: the form, the question, who was found, the customer's own page, the keys."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct

from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.domain.outcome import SeveralMembers, Unreachable
from cashier_app.domain.vouchers import ReferralKnown, ReferralUnknown
from cashier_app.services.enrol_view import EnrolStep, EnrolView, PhoneIs
from cashier_app.wording.buttons import KeyWords
from cashier_app.wording.letter_keys import PromptWords
from cashier_app.wording.problems import ToastWords
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording


class EnrolFieldWords(Struct, frozen=True):
    """One field of the form.

    Args:
        label: Above it; instead of it stands what is wrong, or what was found out, in the colour of `tone`.
        inside: While it is empty.
    """

    field: EnrolmentField
    label: Sentence
    inside: str
    tone: Tone = Tone.PLAIN
    spoken: str = ""


class EnrolCardWords(Struct, frozen=True):
    """The form.

    Args:
        phone: The number as typed, grouped as the region does.
        good: Whether the number may be used: it is whole, and nobody's as far as anybody knows.
        fields: The text fields.
        notes: Below them: what else happens with this enrolment.
    """

    title: Sentence
    phone_label: Sentence
    phone_tone: Tone
    phone: str
    good: bool
    fields: tuple[EnrolFieldWords, ...]
    notes: tuple[Row, ...]


class QuestionWords(Struct, frozen=True):
    """What the customer is asked, or who was found instead.

    Args:
        text: Said aloud, or read out.
        rows: What the key press does.
        language: The button that says which language it is, and goes to the next; None where there is one.
        language_spoken: What that button does, for a screen reader.
        terms: The button to all of the terms.
    """

    title: Sentence
    text: str
    rows: tuple[Row, ...]
    spoken: str
    language: Sentence | None = None
    language_spoken: str = ""
    terms: Sentence | None = None


class JoinWords(Struct, frozen=True):
    """Beside the code the customer scans; without a `url` what to do instead."""

    title: Sentence
    body: str
    foot: Sentence
    url: str


class TermsWords(Struct, frozen=True):
    """All of the terms."""

    title: Sentence
    text: str


def enrol_title(wording: Wording) -> str:
    """Return the name of the screen."""
    return wording.text("New member")


def field_label(field: EnrolmentField, wording: Wording, *, needed: bool) -> Sentence:
    """Return what is asked for."""
    match field:
        case EnrolmentField.NAME:
            return Sentence.of(wording.text("Name, as they like to be called"), wording.text("Name"))
        case EnrolmentField.EMAIL if needed:
            return Sentence.of(wording.text("E-mail"))
        case EnrolmentField.EMAIL:
            return Sentence.of(wording.text("E-mail, only if they want"), wording.text("E-mail"))
        case EnrolmentField.NUMBER:
            return Sentence.of(wording.text("Number of the card handed over"), wording.text("Card number"))
        case EnrolmentField.BIRTHDAY:
            return Sentence.of(wording.text("Birthday: day, month, year"), wording.text("Birthday"))
        case EnrolmentField.REFERRAL:
            return Sentence.of(wording.text("Code of who sent them, if any"), wording.text("Friend's code"))
        case _:
            return Sentence.of(wording.text("Phone"))


def enrol_card(view: EnrolView, wording: Wording, *, grouped: str) -> EnrolCardWords:
    """Return the form; `grouped` is the phone number as typed, grouped as the region does."""
    label, tone = _phone_label(view, wording)
    found = view.step is EnrolStep.FOUND
    title = wording.text("New member")
    if found:
        title = wording.text("Is a member now") if view.joined else wording.text("Is a member already")
    return EnrolCardWords(
        title=Sentence.of(title),
        phone_label=label,
        phone_tone=tone,
        phone=grouped or _masked_phone(view),
        good=view.phone_is in {PhoneIs.NOBODYS, PhoneIs.UNASKED} and not found,
        fields=() if found else tuple(_field(view, field, wording) for field in view.fields),
        notes=_notes(view, wording),
    )


def enrol_question(view: EnrolView, wording: Wording) -> QuestionWords:
    """Return what the customer is asked, or who has the phone number."""
    if view.step is EnrolStep.FOUND and view.known is not None:
        return _who_was_found(view, wording)
    consent = view.consent
    title = wording.text("Ask the customer")
    version = plain(consent.version)
    language = wording.figures.language_name(consent.language)
    text = wording.text("“{sentence}”", sentence=plain(consent.text))
    recorded = wording.text("Your key press is recorded as the consent")
    for_good = wording.text("It cannot be undone here, they can leave any time")
    rows: tuple[Row, ...] = (
        Row("note", Sentence.of(recorded, wording.text("Recorded as the consent"))),
        Row("info", Sentence.of(for_good, wording.text("It cannot be undone here"))),
    )
    terms = wording.text("Terms {version}", version=version)
    return QuestionWords(
        title=Sentence.of(title),
        text=text,
        rows=rows,
        language=Sentence.of(language) if len(view.terms) > 1 else None,
        language_spoken=wording.text("Another language"),
        terms=Sentence.of(wording.text("{terms}, full text", terms=terms), terms),
        spoken=wording.joined([title, text]),
    )


def enrol_terms(view: EnrolView, wording: Wording) -> TermsWords:
    """Return all of the terms, or what there is of them."""
    terms = view.terms[view.language]
    title = wording.text(
        "Terms {version}, {language}",
        version=plain(terms.consent.version),
        language=wording.figures.language_name(terms.consent.language),
    )
    paragraphs = [plain(line) for line in terms.full.splitlines()]
    if not terms.full:
        paragraphs = [
            plain(terms.consent.text),
            "",
            wording.text("This shop has set no longer text."),
            wording.text(
                "Told to the loyalty system: what stands in the form. Recorded with the key press: "
                "the version and language of this sentence, the time, and who pressed it."
            ),
        ]
    return TermsWords(Sentence.of(title), "\n".join(paragraphs))


def enrol_join(view: EnrolView, wording: Wording) -> JoinWords:
    """Return what stands beside the code for the customer's own phone."""
    title = Sentence.of(wording.text("Or let them type it"))
    if view.join is None:
        if view.asking:
            return JoinWords(
                title, wording.text("A code for their own phone is on its way…"), Sentence.of(""), ""
            )
        return _how_to(wording)
    if view.join.live:
        body = wording.text("They scan this code and fill in the form on their phone. It appears here.")
        foot = ""
        if view.join.until is not None:
            foot = wording.text("Good until {time}", time=wording.figures.time(view.join.until))
        return JoinWords(title, body, Sentence.of(foot), view.join.url)
    body = wording.text("They scan this code and join on their phone. Then scan their new card.")
    foot = wording.text("Nothing appears here")
    return JoinWords(title, body, Sentence.of(foot), view.join.url)


def enrol_prompt(view: EnrolView, wording: Wording) -> PromptWords:
    """Return what stands above the letter keys."""
    words = _field(view, view.field, wording)
    if _needed(view, view.field):
        aside = Sentence.of(wording.text("Needed"))
    else:
        aside = Sentence.of(wording.text("Optional: leave it empty and go on"), wording.text("Optional"))
    line = Sentence.of(wording.text("Any script, as they say it"))
    if words.tone is not Tone.PLAIN:
        line = words.label
    elif view.join is not None:
        line = Sentence.of(
            wording.text("Or let the customer type: press the phone number to see the code"),
            wording.text("Or let the customer type"),
        )
    title = field_label(view.field, wording, needed=True)
    return PromptWords(Sentence.of(title.short), aside, line)


def enrol_primary(view: EnrolView, wording: Wording) -> Sentence:
    """Return what Enter does, or what it waits for."""
    if view.reading:
        return Sentence.of(wording.text("Close the terms"), wording.text("Close"))
    if view.busy:
        return Sentence.of(wording.text("Enrolling…"))
    match view.step:
        case EnrolStep.CONSENT if view.trouble:
            return Sentence.of(wording.text("Try again"))
        case EnrolStep.CONSENT:
            return Sentence.of(wording.text("Agreed, enrol"), wording.text("Agreed"))
        case EnrolStep.FOUND:
            return _serve_label(view, wording)
        case EnrolStep.FORM if _asks_next(view):
            return Sentence.of(wording.text("Next: ask the customer"), wording.text("Next"))
        case EnrolStep.FORM:
            return Sentence.of(wording.text("Next"))
    assert_never(view.step)


def enrol_escape(wording: Wording) -> Sentence:
    """Return what Esc does."""
    return Sentence.of(wording.text("Back"))


def enrol_can_confirm(view: EnrolView) -> bool:
    """Return whether Enter does something now."""
    return not view.busy and (view.reading or view.step is not EnrolStep.FORM or bool(view.phone))


def enrol_keys(view: EnrolView, wording: Wording) -> tuple[KeyWords, ...]:
    """Return the keys that are valid now, for the place of the keypad."""
    if view.busy:
        return ()
    keys = []
    if enrol_can_confirm(view):
        keys.append(KeyWords(wording.text("Enter"), enrol_primary(view, wording)))
    if not view.reading and view.step is not EnrolStep.FOUND:
        keys.append(_key(wording.text("Tab"), wording.text("Next field")))
    back = wording.text("Back, nothing saved")
    keys.append(KeyWords(wording.text("Esc"), Sentence.of(back, wording.text("Back"))))
    terms = Sentence.of(wording.text("Read the full terms"), wording.text("Full terms"))
    keys.append(KeyWords("F1", terms))
    if len(view.terms) > 1 and view.step is not EnrolStep.FOUND:
        keys.append(KeyWords("F3", Sentence.of(wording.text("Another language"), wording.text("Language"))))
    return tuple(keys)


def enrol_clears(view: EnrolView, wording: Wording) -> Sentence | None:
    """Say that the form clears by itself, once few seconds are left."""
    if view.left is None:
        return None
    return Sentence.of(wording.text("Clears in {n} s", n=wording.figures.count(view.left)))


def enrol_hint(wording: Wording) -> Sentence:
    """Return what a scan does here."""
    full = wording.text("A member's code opens their card")
    return Sentence.of(full, wording.text("Scan opens a card"))


def enrol_remark(wording: Wording) -> ToastWords:
    """Return the passing remark about a scan."""
    full = wording.text("Scan not used: finish the new member first")
    return ToastWords(Sentence.of(full, wording.text("Scan not used")), None, "")


def not_now(wording: Wording) -> Sentence:
    """Say why nobody can be enrolled while money is taken."""
    full = wording.text("New member: finish this sale first")
    return Sentence.of(full, wording.text("Finish this sale first"))


def not_here(wording: Wording) -> Sentence:
    """Say that the loyalty system takes no new members from this till."""
    full = wording.text("Members are not added at this till")
    return Sentence.of(full, wording.text("Not added here"))


def _serve_label(view: EnrolView, wording: Wording) -> Sentence:
    known = view.known
    if isinstance(known, SeveralMembers) or known is None:
        return Sentence.of(wording.text("Choose who it is"), wording.text("Choose"))
    if view.sale is not None:
        number = plain(view.sale.number)
        return Sentence.of(wording.text("Credit sale {number}", number=number), wording.text("Credit"))
    name, brief = name_in_sentence(known.member.first_name), wording.text("Serve them")
    return Sentence.of(wording.text("Serve {name}", name=name) if name else brief, brief)


def _phone_label(view: EnrolView, wording: Wording) -> tuple[Sentence, Tone]:
    match view.phone_is:
        case PhoneIs.BAD:
            full = wording.text("Phone: read it back, this is no whole number")
            return Sentence.of(full, wording.text("Phone: not a whole number")), Tone.STOP
        case PhoneIs.CHECKING:
            return Sentence.of(wording.text("Phone: looking it up…")), Tone.PLAIN
        case PhoneIs.UNASKED:
            full = wording.text("Phone: looked up when we are online")
            return Sentence.of(full, wording.text("Phone: looked up later")), Tone.WAIT
        case PhoneIs.TYPING | PhoneIs.NOBODYS:
            return Sentence.of(wording.text("Phone")), Tone.PLAIN
    assert_never(view.phone_is)


def _field(view: EnrolView, field: EnrolmentField, wording: Wording) -> EnrolFieldWords:
    needed = _needed(view, field)
    label = field_label(field, wording, needed=needed)
    inside = "" if needed else wording.text("Optional")
    tone = Tone.PLAIN
    if field in view.wrong:
        tone, label = Tone.STOP, _what_is_wrong(view, field, wording)
    elif field is EnrolmentField.REFERRAL and view.referred is not None:
        tone, label = _who_sent_them(view, wording)
    spoken = wording.joined([label.full, inside])
    return EnrolFieldWords(field, label, inside, tone, spoken)


def _what_is_wrong(view: EnrolView, field: EnrolmentField, wording: Wording) -> Sentence:
    if view.refused is not None and view.refused.field is field:
        return Sentence.of(wording.text("The loyalty system does not take this"), wording.text("Not taken"))
    empty = not view.text_of(field).strip()
    match field:
        case _ if empty and field in view.one_of:
            full = wording.text("One of these is needed")
            return Sentence.of(full, wording.text("Needed"))
        case EnrolmentField.NAME:
            return Sentence.of(wording.text("A name is needed"))
        case EnrolmentField.EMAIL if empty:
            return Sentence.of(wording.text("An e-mail address is needed"), wording.text("E-mail is needed"))
        case EnrolmentField.EMAIL:
            return Sentence.of(wording.text("Not an e-mail address"))
        case EnrolmentField.BIRTHDAY if not empty:
            full = wording.text("Not a day: type it as 31.12.1999")
            return Sentence.of(full, wording.text("Not a day"))
        case EnrolmentField.REFERRAL:
            full = wording.text("This code is not good. Leave it empty to go on")
            return Sentence.of(full, wording.text("Code not good"))
        case _:
            return Sentence.of(wording.text("Needed"))


def _who_sent_them(view: EnrolView, wording: Wording) -> tuple[Tone, Sentence]:
    match view.referred:
        case ReferralKnown(by=by) if plain(by):
            return Tone.GOOD, Sentence.of(wording.text("Sent by {name}", name=name_in_sentence(by)))
        case ReferralKnown():
            full = wording.text("Good. The loyalty system names nobody")
            return Tone.GOOD, Sentence.of(full, wording.text("Good code"))
        case Unreachable():
            full = wording.text("Not checked now: it is told along")
            return Tone.WAIT, Sentence.of(full, wording.text("Not checked"))
        case ReferralUnknown() | None:
            return Tone.PLAIN, field_label(EnrolmentField.REFERRAL, wording, needed=False)


def _notes(view: EnrolView, wording: Wording) -> tuple[Row, ...]:
    notes = []
    if view.trouble:
        notes.append(Row("warning", Sentence.of(view.trouble), Tone.STOP))
    if view.refused is not None and view.refused.field not in view.fields:
        full = wording.text("The loyalty system did not take them. Check the number, then try again.")
        notes.append(
            Row("warning", Sentence.of(full, wording.text("Not taken. Check the number.")), Tone.STOP)
        )
    if view.sale is not None:
        figures = wording.figures
        money, number = figures.money(view.sale.bill), plain(view.sale.number)
        full = wording.text("Sale {number}, {money}, becomes theirs", number=number, money=money)
        notes.append(Row("receipt", Sentence.of(full, wording.text("Sale {number} too", number=number))))
    if view.offline and view.step is not EnrolStep.FOUND:
        full = wording.text("Offline: a member once we are online. Sales wait for it.")
        notes.append(Row("cloud-slash", Sentence.of(full, wording.text("A member once online")), Tone.WAIT))
    clears = enrol_clears(view, wording)
    if clears is not None:
        notes.append(Row("timer", clears, Tone.WAIT))
    return tuple(notes)


def _who_was_found(view: EnrolView, wording: Wording) -> QuestionWords:
    known = view.known
    if isinstance(known, SeveralMembers):
        n = wording.figures.count(len(known.found))
        title = wording.plural("{n} member, 1 phone", "{n} members, 1 phone", len(known.found), n=n)
        text = wording.text("Enter shows who they are.")
        name = ""
    else:
        name = plain(known.member.name) if known is not None else ""
        title = wording.text("Is a member now") if view.joined else wording.text("Is a member already")
        text = name or wording.text("A member without a name")
    what = wording.text("They joined on their own phone") if view.joined else wording.text("Nothing was made")
    rows = [Row("check-circle", Sentence.of(what), Tone.GOOD)]
    if not isinstance(known, SeveralMembers):
        serve = Sentence.of(
            wording.text("Enter serves them; the bill stays"), wording.text("Enter serves them")
        )
        if view.sale is not None:
            serve = Sentence.of(wording.text("Enter gives them the sale just paid"))
        rows.append(Row("user", serve))
    return QuestionWords(Sentence.of(title), text, tuple(rows), wording.joined([title, name]))


def _how_to(wording: Wording) -> JoinWords:
    body = wording.text(
        "1  Read the phone number back to the customer.\n"
        "2  Ask the name they like to be called.\n"
        "3  Read the question aloud. Enter only after a yes."
    )
    return JoinWords(Sentence.of(wording.text("How it goes")), body, Sentence.of(""), "")


def _needed(view: EnrolView, field: EnrolmentField) -> bool:
    return field in view.mandatory


def _masked_phone(view: EnrolView) -> str:
    known = view.known if view.step is EnrolStep.FOUND else None
    return "" if known is None or isinstance(known, SeveralMembers) else plain(known.member.masked_phone)


def _asks_next(view: EnrolView) -> bool:
    """Say whether Enter leads to the question, as far as can be said before it is pressed."""
    if view.field not in view.fields:
        return False
    here = view.fields.index(view.field)
    return not any(field in view.mandatory and not view.text_of(field) for field in view.fields[here + 1 :])


def _key(key: str, words: str) -> KeyWords:
    return KeyWords(key, Sentence.of(words))
