"""What is said while a customer joins: whole, translatable, and never more than is true."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.enrolment import EnrolmentField, EnrolmentRefused
from cashier_app.domain.member import Account, Member
from cashier_app.domain.outcome import MemberFound, SeveralMembers, Unreachable
from cashier_app.domain.vouchers import ReferralAnswer, ReferralKnown, ReferralUnknown
from cashier_app.ports.capabilities import Capabilities
from cashier_app.services import enrol_steps as steps
from cashier_app.services.enrol_steps import Begun
from cashier_app.services.enrol_view import EnrolStep, EnrolView, Join, PhoneIs
from cashier_app.services.enrolment_settings import USUAL_ENROLMENT
from cashier_app.wording import Tone, Wording
from cashier_app.wording.enrol import (
    enrol_card,
    enrol_join,
    enrol_keys,
    enrol_primary,
    enrol_prompt,
    enrol_question,
    enrol_terms,
)
from cashier_app.wording.letter_keys import ACCENTS, pages_beside_latin
from tests.fakes.backend import CAPABILITIES
from tests.fakes.clock import START
from tests.fakes.joining import TAKES
from tests.unit.test_wording_complete import BRACKETED
from tests.unit.wording_shown import WORDING

FIELD = EnrolmentField
CAN: Capabilities = replace(CAPABILITIES, enrolling=TAKES, referrals=True)
HOSTILE = "<b>Kavya</b>\n\u202e& Sons"
FOUND = MemberFound(Member("m-9", HOSTILE, masked_phone="+91 ••• 210"), Account(Decimal(3), START))


def form(**other: object) -> EnrolView:
    view = steps.begun(Begun("+919845033310", looked_up=True), CAN, USUAL_ENROLMENT, "en_IN", "coins")
    return replace(steps.with_text(view, FIELD.NAME, "Kavya N"), **other)


VIEWS = {
    "form": form(),
    "bad phone": form(phone_is=PhoneIs.BAD, e164=""),
    "checking": form(phone_is=PhoneIs.CHECKING),
    "unasked": form(phone_is=PhoneIs.UNASKED, offline=True),
    "wrong": form(wrong=(FIELD.NAME, FIELD.EMAIL, FIELD.REFERRAL), left=7),
    "consent": form(step=EnrolStep.CONSENT),
    "trouble": form(step=EnrolStep.CONSENT, trouble="[The disk is full.]"),
    "busy": form(step=EnrolStep.CONSENT, busy=True),
    "reading": form(step=EnrolStep.CONSENT, reading=True),
    "known": form(step=EnrolStep.FOUND, known=FOUND),
    "joined": form(step=EnrolStep.FOUND, known=FOUND, joined=True),
    "several": form(step=EnrolStep.FOUND, known=SeveralMembers((FOUND, FOUND))),
    "refused": form(refused=EnrolmentRefused(None, "no")),
    "refused name": form(refused=EnrolmentRefused(FIELD.NAME), wrong=(FIELD.NAME,)),
    "own page": form(join=Join("https://join.example/i/1", live=True, until=START)),
    "own address": form(join=Join("https://m.example/join", live=False)),
    "asking": form(asking=True),
}


def said(view: EnrolView, wording: Wording) -> list[str]:
    """Return everything that stands on the screen, in full."""
    card, question = enrol_card(view, wording, grouped="98450 33310"), enrol_question(view, wording)
    join, prompt = enrol_join(view, wording), enrol_prompt(replace(view, field=FIELD.NAME), wording)
    sentences = [card.title, card.phone_label, question.title, join.title, prompt.title, prompt.aside]
    sentences += [field.label for field in card.fields]
    sentences += [row.sentence for row in (*card.notes, *question.rows)]
    sentences += [words.sentence for words in enrol_keys(view, wording)]
    sentences += [enrol_primary(view, wording), prompt.line, enrol_terms(view, wording).title]
    return [sentence.full for sentence in sentences] + [join.body]


@pytest.mark.parametrize("name", VIEWS)
def test_every_sentence_can_be_translated(name: str) -> None:
    for sentence in said(VIEWS[name], BRACKETED):
        assert sentence.startswith("["), (name, sentence)


@pytest.mark.parametrize("name", VIEWS)
def test_every_sentence_is_whole(name: str) -> None:
    for sentence in said(VIEWS[name], WORDING):
        assert sentence.strip() == sentence != ""
        assert "{" not in sentence
        assert "!" not in sentence


def test_the_question_is_what_is_recorded() -> None:
    view = VIEWS["consent"]
    words = enrol_question(view, WORDING)
    assert view.consent.text in words.text
    assert words.terms is not None
    assert words.terms.short == "Terms 1"
    assert words.language is not None
    assert words.language.full == "English"


@pytest.mark.parametrize(
    ("answer", "tone", "label"),
    [
        (ReferralKnown("RAVI-7", "Ravi K."), Tone.GOOD, "Sent by Ravi K."),
        (ReferralKnown("RAVI-7"), Tone.GOOD, "Good. The loyalty system names nobody"),
        (Unreachable("no route"), Tone.WAIT, "Not checked now: it is told along"),
        (ReferralUnknown(), Tone.STOP, "This code is not good. Leave it empty to go on"),
    ],
)
def test_who_sent_them_is_named_or_said_to_be_unnamed(answer: ReferralAnswer, tone: Tone, label: str) -> None:
    view = steps.with_text(form(), FIELD.REFERRAL, "RAVI-7")
    unknown = isinstance(answer, ReferralUnknown)
    view = steps.with_referral(view, answer) if unknown else replace(view, referred=answer)
    words = enrol_card(view, WORDING, grouped="").fields[-1]
    assert (words.field, words.tone, words.label.full) == (FIELD.REFERRAL, tone, label)


def test_a_hostile_name_stays_one_plain_line() -> None:
    words = enrol_question(VIEWS["known"], WORDING)
    assert words.text == "<b>Kavya</b> & Sons"
    assert enrol_primary(VIEWS["known"], WORDING).full == "Serve <b>Kavya</b>"


def test_where_nobody_can_type_for_themselves_the_panel_says_how_it_goes() -> None:
    words = enrol_join(form(), WORDING)
    assert words.url == ""
    assert "Enter only after a yes" in words.body


@pytest.mark.parametrize(
    ("locale", "first"), [("en_IN", "हिन्दी"), ("ar_KW", "عربي"), ("en_KW", "عربي"), ("de_AT", "éüñ")]
)
def test_the_letters_of_the_region_are_at_hand(locale: str, first: str) -> None:
    pages = pages_beside_latin(locale)
    assert pages[0].name == first
    assert (pages == (ACCENTS,)) == (first == "éüñ")
    for page in pages:
        keys = [key for row in page.rows for key in row]
        assert len(keys) == len(set(keys)), page.name
        assert all(len(row) <= 11 for row in page.rows)
