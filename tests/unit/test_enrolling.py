"""Customers who join at the till: every step of the form, and that each becomes a member exactly once."""

from __future__ import annotations

import logging
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.acts import ActKind
from cashier_app.domain.enrolment import Enrolling, EnrolmentField, EnrolmentRefused
from cashier_app.domain.invitation import InvitationOver, InvitationUsed
from cashier_app.domain.member import Account, Member
from cashier_app.domain.outcome import MemberFound, RetryLater, SeveralMembers, SignInNeeded, Unreachable
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.domain.vouchers import ReferralKnown, ReferralUnknown
from cashier_app.errors import KnownError
from cashier_app.services import enrol_steps as steps
from cashier_app.services.enrol_steps import begun_from, can_enrol, may_enrol_now
from cashier_app.services.enrol_view import EnrolStep, EnrolView, PhoneIs
from cashier_app.services.enrolling import CLEARS_SECONDS, EnrolSession
from cashier_app.services.enrolments import ANSWER_SECONDS
from cashier_app.services.till_view import (
    Choosing,
    Nobody,
    NotFound,
    NoticeKind,
    Serving,
    ServingUnseen,
    Step,
)
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, SETTINGS, SHARED_PHONE, Counter
from tests.fakes.joining import PAGE, JoiningBackend
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import COINS

FIELD = EnrolmentField
PHONE, E164 = "9845033310", "+919845033310"


@pytest.fixture
def joining(counter: Counter) -> JoiningBackend:
    made = JoiningBackend(counter.backend)
    counter.open_for_business()
    return made


def begin(counter: Counter, letter: str = "") -> EnrolSession:
    """Open the form with what the till knows, as the window does."""
    view = counter.view
    assert may_enrol_now(view)
    assert view.can is not None
    counter.enrolling.begin(begun_from(view, letter), view.can, "coins")
    return counter.enrolling


def type_phone(session: EnrolSession, phone: str = PHONE) -> EnrolView:
    for character in phone:
        session.type(character)
    return session.view


def to_consent(counter: Counter, phone: str = PHONE, name: str = "Kavya N") -> EnrolSession:
    """Fill the form in, up to the question."""
    session = begin(counter)
    type_phone(session, phone)
    session.confirm()
    session.put(FIELD.NAME, name)
    session.confirm()
    return session


def test_a_customer_nobody_knows_is_a_member_after_three_enters(
    counter: Counter, joining: JoiningBackend
) -> None:
    counter.type(PHONE)
    assert isinstance(counter.view.person, NotFound)
    session = begin(counter)
    assert (session.view.e164, session.view.phone_is, session.view.field) == (
        E164,
        PhoneIs.NOBODYS,
        FIELD.NAME,
    )
    session.put(FIELD.NAME, "Kavya N")
    session.confirm()
    assert session.view.step is EnrolStep.CONSENT
    session.confirm()
    assert session.view.closed
    person = counter.view.person
    assert isinstance(person, Serving)
    assert (person.member.name, counter.view.step) == ("Kavya N", Step.BILL)
    assert counter.view.notice is not None
    assert (counter.view.notice.kind, counter.view.notice.name) == (NoticeKind.JOINED, "Kavya")
    [told] = joining.told
    assert (told.phone, told.name, told.agrees_to_terms, told.agrees_to_marketing) == (
        E164,
        "Kavya N",
        True,
        False,
    )
    assert told.consent is not None
    assert (told.consent.version, told.consent.language, told.consent.at) == ("1", "en", told.at)


def test_consent_says_in_which_language_it_was_asked_and_who_recorded_it(
    counter: Counter, joining: JoiningBackend
) -> None:
    session = EnrolSession(
        lambda: counter.workshop,
        counter._runner,
        counter.clock,
        counter.settings,
        counter.session,
        staff_id=lambda: "asha",
    )
    counter.enrolling = session
    to_consent(counter)
    assert "collect coins here" in session.view.consent.text
    session.next_language()
    assert session.view.consent.language == "hi"
    session.confirm()
    consent = joining.told[0].consent
    assert consent is not None
    assert (consent.language, consent.staff_id) == ("hi", "asha")


def test_a_letter_typed_where_nobody_was_found_begins_the_name(
    counter: Counter, joining: JoiningBackend
) -> None:
    counter.type(PHONE)
    session = begin(counter, "क")
    assert session.view.name == "क"
    assert session.view.field is FIELD.NAME
    assert joining.told == []


def test_a_member_is_found_before_anybody_is_made_and_served_by_enter(
    counter: Counter, joining: JoiningBackend
) -> None:
    session = begin(counter)
    view = type_phone(session, PRIYAS_PHONE)
    assert view.step is EnrolStep.FOUND
    assert isinstance(view.known, MemberFound)
    session.confirm()
    person = counter.view.person
    assert isinstance(person, Serving)
    assert person.member.member_id == "m-1"
    assert joining.told == []
    assert counter.rows() == []


def test_two_members_with_one_phone_are_offered_as_ever(counter: Counter, joining: JoiningBackend) -> None:
    session = begin(counter)
    view = type_phone(session, SHARED_PHONE)
    assert isinstance(view.known, SeveralMembers)
    session.confirm()
    assert isinstance(counter.view.person, Choosing)
    assert joining.told == []


def test_somebody_who_joined_elsewhere_meanwhile_is_not_made_again(
    counter: Counter, joining: JoiningBackend
) -> None:
    session = to_consent(counter)
    joining.add_member(E164, "Kavya Narayanan", 1)
    session.confirm()
    person = counter.view.person
    assert isinstance(person, Serving)
    assert person.member.member_id == "old-1"
    assert joining.joined == []


def test_offline_they_are_served_unseen_and_their_sale_goes_out_behind(
    counter: Counter, joining: JoiningBackend
) -> None:
    counter.backend.silent = True
    session = to_consent(counter)
    assert session.view.phone_is is PhoneIs.UNASKED
    before = counter.clock.monotonic()
    session.confirm()
    assert counter.clock.monotonic() - before < ANSWER_SECONDS
    assert isinstance(counter.view.person, ServingUnseen)
    assert counter.view.notice is not None
    assert counter.view.notice.kind is NoticeKind.WILL_JOIN
    counter.type("640")
    counter.press_enter(2)
    assert counter.view.step is Step.DONE
    enrol, sale = counter.rows()[0].effect, counter.rows()[1].effect
    assert (enrol.kind, enrol.account_key) == (EffectKind.ENROL, sale.account_key)
    assert joining.joined == []
    counter.backend.silent = False
    counter.drain()
    assert [member.name for member in joining.joined] == ["Kavya N"]
    assert joining.balance("Kavya N") == Decimal(6)
    assert counter.kinds(EffectState.POSTED) == [EffectKind.ENROL, EffectKind.SALE]


def test_a_lost_answer_makes_one_member_all_the_same(counter: Counter, joining: JoiningBackend) -> None:
    joining.lost = 1
    to_consent(counter).confirm()
    assert isinstance(counter.view.person, ServingUnseen)
    counter.type("640")
    counter.press_enter(2)
    counter.drain()
    assert len(joining.joined) == 1
    assert len({new.key for new in joining.told}) == 1
    assert joining.balance("Kavya N") == Decimal(6)


@pytest.mark.parametrize("answer", [RetryLater(5, "busy"), SignInNeeded()])
def test_a_backend_that_cannot_now_keeps_nobody_waiting(
    counter: Counter, joining: JoiningBackend, answer: RetryLater | SignInNeeded
) -> None:
    joining.answers.append(answer)
    before = counter.clock.monotonic()
    to_consent(counter).confirm()
    assert counter.clock.monotonic() - before <= ANSWER_SECONDS + 0.1
    assert isinstance(counter.view.person, ServingUnseen)


def test_what_is_refused_comes_back_to_be_mended_and_leaves_nothing_for_a_manager(
    counter: Counter, joining: JoiningBackend
) -> None:
    joining.answers.append(EnrolmentRefused(FIELD.NAME, "no such names"))
    session = to_consent(counter)
    session.confirm()
    view = session.view
    assert (view.step, view.closed, view.busy) == (EnrolStep.FORM, False, False)
    assert view.refused is not None
    assert view.name == "Kavya N"
    assert counter.journal.counts().needs_attention == 0
    session.put(FIELD.NAME, "Kavya Narayanan")
    assert session.view.refused is None
    session.go_to(FIELD.NAME)
    session.confirm()
    session.confirm()
    assert [member.name for member in joining.joined] == ["Kavya Narayanan"]
    assert len({new.key for new in joining.told}) == 2


def test_enter_twice_enrols_once(tmp_path: Path) -> None:
    runner = SteppedRunner()
    counter = Counter(tmp_path, runner=runner)
    joining = JoiningBackend(counter.backend)
    counter.open_for_business()
    runner.run_all()
    session = begin(counter)
    type_phone(session)
    runner.run_all()
    session.confirm()
    session.put(FIELD.NAME, "Kavya N")
    session.confirm()
    for _ in range(3):
        session.confirm()
    session.back()
    session.drop()
    assert session.view.busy
    runner.run_all()
    assert len(joining.told) == 1
    assert isinstance(counter.view.person, Serving)
    counter.close()


def test_a_disk_that_is_full_makes_nobody_and_enter_tries_again(
    counter: Counter, joining: JoiningBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = to_consent(counter)
    with monkeypatch.context() as patch:

        def full(*_: object, **__: object) -> bool:
            raise KnownError("The disk is full.")

        patch.setattr(counter.journal, "queue_act", full)
        session.confirm()
    assert (session.view.step, session.view.trouble) == (EnrolStep.CONSENT, "The disk is full.")
    assert joining.told == []
    session.confirm()
    assert isinstance(counter.view.person, Serving)


def test_the_bill_of_an_open_sale_is_kept_and_quoted(counter: Counter, joining: JoiningBackend) -> None:
    del joining
    counter.session.without_member()
    counter.type("640")
    to_consent(counter).confirm()
    assert isinstance(counter.view.person, Serving)
    assert counter.view.bill.money.minor == 64000
    assert counter.view.quote is not None


def test_a_sale_just_paid_becomes_theirs_and_the_next_customer_inherits_nothing(tmp_path: Path) -> None:
    counter = Counter(tmp_path, program=replace(COINS, claim_days=7))
    joining = JoiningBackend(counter.backend)
    counter.open_for_business()
    counter.session.without_member()
    counter.type("640")
    counter.press_enter(2)
    assert counter.view.step is Step.DONE
    session = to_consent(counter)
    assert session.view.sale is not None
    session.confirm()
    assert (counter.view.step, counter.view.person) == (Step.IDLE, Nobody())
    assert counter.view.notice is not None
    assert counter.view.notice.kind is NoticeKind.JOINED
    counter.drain()
    assert joining.balance("Kavya N") == Decimal(6)
    counter.close()


def test_nobody_joins_while_money_is_taken(counter: Counter, joining: JoiningBackend) -> None:
    del joining
    counter.session.without_member()
    counter.type("640")
    counter.press_enter()
    assert counter.view.step is Step.PAY
    assert can_enrol(counter.view)
    assert not may_enrol_now(counter.view)
    counter.session.serve(None, None, joined=True)
    assert counter.view.step is Step.PAY


def test_an_act_is_counted_once_for_who_joined(counter: Counter, joining: JoiningBackend) -> None:
    del joining
    to_consent(counter).confirm()
    with counter.journal._database.reading() as connection:
        rows = connection.execute("SELECT event FROM audit WHERE event = ?", (ActKind.ENROLLED.value,))
        assert len(list(rows)) == 1


def test_nothing_of_a_person_stands_in_the_log(
    counter: Counter, joining: JoiningBackend, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    joining.answers.append(EnrolmentRefused(FIELD.NAME, "no"))
    session = to_consent(counter, name="Kavya Narayanan")
    session.put(FIELD.EMAIL, "kavya@example.com")
    session.go_to(FIELD.PHONE)
    counter.backend.silent = True
    session.confirm()
    session.confirm()
    session.confirm()
    said = caplog.text
    assert not any(secret in said for secret in (PHONE, "Kavya", "example.com"))


# --- the form -----------------------------------------------------------------------------------------


def test_a_short_number_is_said_to_be_none_and_goes_on_when_mended(
    counter: Counter, joining: JoiningBackend
) -> None:
    del joining
    session = begin(counter)
    type_phone(session, "98450")
    session.confirm()
    assert session.view.phone_is is PhoneIs.BAD
    session.delete()
    session.type("0")
    type_phone(session, "33310")
    assert session.view.phone_is is PhoneIs.NOBODYS
    session.confirm()
    assert session.view.field is FIELD.NAME


def test_a_number_of_another_country_is_looked_up_with_enter(
    counter: Counter, joining: JoiningBackend
) -> None:
    del joining
    session = begin(counter)
    type_phone(session, "+447400123456")
    assert session.view.phone_is is PhoneIs.TYPING
    session.confirm()
    assert (session.view.e164, session.view.phone_is) == ("+447400123456", PhoneIs.NOBODYS)


def test_letters_and_signs_are_no_part_of_a_number(counter: Counter, joining: JoiningBackend) -> None:
    del joining
    session = begin(counter)
    assert type_phone(session, "9-a8 (4\u0665").phone == "984"
    type_phone(session, "5033310")
    session.type("K")
    assert (session.view.field, session.view.name) == (FIELD.NAME, "K")


def test_a_name_is_asked_for_where_the_backend_wants_one(counter: Counter, joining: JoiningBackend) -> None:
    del joining
    session = to_consent(counter, name="  \u202e ")
    assert session.view.step is EnrolStep.FORM
    assert session.view.wrong == (FIELD.NAME,)
    session.put(FIELD.NAME, "K")
    assert session.view.wrong == ()


def test_a_mandatory_address_comes_after_the_name_and_must_look_like_one(counter: Counter) -> None:
    JoiningBackend(counter.backend, enrolling=Enrolling((FIELD.PHONE, FIELD.NAME, FIELD.EMAIL)))
    counter.open_for_business()
    session = to_consent(counter)
    assert (session.view.field, session.view.wrong) == (FIELD.EMAIL, ())
    for text in ("kavya", "kavya@", "a@b", "a b@c.de", "@c.de"):
        session.put(FIELD.EMAIL, text)
        session.confirm()
        assert session.view.wrong == (FIELD.EMAIL,), text
    session.put(FIELD.EMAIL, "kavya@example.com")
    session.confirm()
    assert session.view.step is EnrolStep.CONSENT


def test_one_of_several_is_enough(counter: Counter) -> None:
    joining = JoiningBackend(
        counter.backend, enrolling=Enrolling((FIELD.NAME,), (), (FIELD.PHONE, FIELD.EMAIL))
    )
    counter.open_for_business()
    to_consent(counter).confirm()
    assert len(joining.joined) == 1


def test_a_backend_that_insists_on_what_no_till_asks_takes_nobody(counter: Counter) -> None:
    JoiningBackend(counter.backend, enrolling=Enrolling((FIELD.PHONE, FIELD.CONSENT_TO_MARKETING)))
    counter.open_for_business()
    assert not can_enrol(counter.view)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2001-12-31", date(2001, 12, 31)),
        ("31.12.2001", date(2001, 12, 31)),
        (" 1/2/1999 ", date(1999, 2, 1)),
        ("31.2.2001", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_days_as_people_type_them(text: str, day: date | None) -> None:
    assert steps.day_of(text) == day


def test_a_referral_code_is_checked_when_it_is_left(counter: Counter, joining: JoiningBackend) -> None:
    joining.friends["RAVI-7"] = "Ravi K."
    session = to_consent(counter)
    session.go_to(FIELD.REFERRAL)
    session.put(FIELD.REFERRAL, "nobody")
    session.confirm()
    assert isinstance(session.view.referred, ReferralUnknown)
    assert (session.view.step, session.view.field) == (EnrolStep.FORM, FIELD.REFERRAL)
    session.put(FIELD.REFERRAL, "ravi-7")
    session.confirm()
    assert session.view.referred == ReferralKnown("RAVI-7", "Ravi K.")
    assert session.view.step is EnrolStep.CONSENT
    session.confirm()
    assert joining.told[0].referral == "RAVI-7"
    assert joining.checked == ["nobody", "ravi-7"]


def test_a_referral_nobody_can_check_is_told_along(counter: Counter, joining: JoiningBackend) -> None:
    counter.backend.silent = True
    session = to_consent(counter)
    session.go_to(FIELD.REFERRAL)
    session.put(FIELD.REFERRAL, "RAVI-7")
    session.confirm()
    assert isinstance(session.view.referred, Unreachable)
    session.confirm()
    counter.backend.silent = False
    counter.drain()
    assert joining.told[-1].referral == "RAVI-7"


def test_escape_goes_back_a_step_and_then_saves_nothing(counter: Counter, joining: JoiningBackend) -> None:
    session = to_consent(counter)
    session.back()
    assert (session.view.step, session.view.name) == (EnrolStep.FORM, "Kavya N")
    session.back()
    assert session.view == EnrolView(closed=True)
    assert joining.told == []
    assert counter.rows() == []
    assert begin(counter).view.name == ""


def test_the_form_clears_by_itself_and_says_so_before(counter: Counter, joining: JoiningBackend) -> None:
    del joining
    session = to_consent(counter)
    counter.clock.advance(CLEARS_SECONDS - 10)
    session.tick()
    assert session.view.left == 10
    session.next_language()
    assert session.view.left is None
    counter.clock.advance(CLEARS_SECONDS)
    session.tick()
    assert session.view == EnrolView(closed=True)


def test_a_members_code_opens_their_card_and_the_form_waits(
    counter: Counter, joining: JoiningBackend
) -> None:
    del joining
    session = to_consent(counter)
    session.scan(PRIYAS_CODE)
    assert (session.view.kept, session.view.closed) == (True, True)
    assert isinstance(counter.view.person, Serving)
    session.come_back()
    assert (session.view.kept, session.view.closed, session.view.name) == (False, False, "Kavya N")
    assert session.view.step is EnrolStep.CONSENT


@pytest.mark.parametrize("text", ["4111111111111111", "8901234567894", "LC1:nobody999", "?", ""])
def test_any_other_scan_is_not_used(counter: Counter, joining: JoiningBackend, text: str) -> None:
    del joining
    session = to_consent(counter)
    before = counter.view
    session.scan(text)
    assert session.view.remark is not None
    assert (session.view.closed, counter.view) == (False, before)
    session.hush()
    assert session.view.remark is None


# --- the customer's own page ----------------------------------------------------------------------------


def test_who_joins_on_their_own_phone_appears_and_is_served(counter: Counter) -> None:
    joining = JoiningBackend(counter.backend, invites=True)
    counter.open_for_business()
    session = begin(counter)
    assert session.view.join is not None
    assert (session.view.join.url, session.view.join.live) == (PAGE, True)
    assert joining.asked_to_agree[0] is not None
    assert "coins" in joining.asked_to_agree[0].text
    for _ in range(6):
        counter.clock.advance(1)
        session.tick()
    assert joining.looks == 3, "every other second"
    found = MemberFound(Member("m-77", "Kavya N"), Account(Decimal(0), counter.clock.now()))
    joining.page = InvitationUsed(found)
    counter.clock.advance(2)
    session.tick()
    assert (session.view.step, session.view.joined, session.view.name) == (EnrolStep.FOUND, True, "Kavya N")
    session.confirm()
    assert isinstance(counter.view.person, Serving)
    assert counter.view.notice is not None
    assert counter.view.notice.kind is NoticeKind.JOINED
    with counter.journal._database.reading() as connection:
        rows = connection.execute("SELECT event FROM audit WHERE event = ?", (ActKind.ENROLLED.value,))
        assert len(list(rows)) == 1


def test_a_page_that_ran_out_gives_way_to_the_shops_own_address(tmp_path: Path) -> None:
    own = replace(SETTINGS.enrolment, join_address="https://marigold.example/join")
    counter = Counter(tmp_path, settings=replace(SETTINGS, enrolment=own))
    joining = JoiningBackend(counter.backend, invites=True)
    counter.open_for_business()
    session = begin(counter)
    joining.page = InvitationOver()
    counter.clock.advance(2)
    session.tick()
    assert session.view.join is not None
    assert (session.view.join.url, session.view.join.live) == ("https://marigold.example/join", False)
    looks = joining.looks
    counter.clock.advance(5)
    session.tick()
    assert joining.looks == looks
    counter.close()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://join.example/i/1", "https://", "https://a\n.b", "x" * 400]
)
def test_an_address_nobody_should_open_is_not_shown(counter: Counter, url: str) -> None:
    joining = JoiningBackend(counter.backend, invites=True)
    joining.page_url = url
    counter.open_for_business()
    session = begin(counter)
    assert session.view.join is None
    assert not session.view.asking


_ACTS = st.one_of(
    st.tuples(st.just("type"), st.sampled_from("0123456789+aक-")),
    st.tuples(st.sampled_from(["put name", "put email", "put referral"]), st.text(max_size=12)),
    st.tuples(st.sampled_from(["confirm", "back", "delete", "language", "terms", "tick"]), st.just("")),
    st.tuples(st.just("scan"), st.sampled_from([PRIYAS_CODE, "nonsense"])),
    st.tuples(st.just("phone"), st.sampled_from([PHONE, PRIYAS_PHONE])),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(_ACTS, max_size=25))
def test_no_keys_enrol_anybody_who_was_not_asked(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, str]]
) -> None:
    counter = Counter(tmp_path_factory.mktemp("till"))
    joining = JoiningBackend(counter.backend)
    counter.open_for_business()
    session = begin(counter)
    try:
        for act, text in acts:
            asked = session.view.step is EnrolStep.CONSENT and not session.view.reading
            told = len(joining.told)
            match act.split():
                case ["put", field]:
                    session.put(EnrolmentField(field), text)
                case ["phone"]:
                    type_phone(session, text)
                case ["language"]:
                    session.next_language()
                case ["terms"]:
                    session.read_terms()
                case ["type"]:
                    session.type(text)
                case ["scan"]:
                    session.scan(text)
                case [one] if one in {"confirm", "back", "delete", "tick"}:
                    getattr(session, one)()
            assert len(joining.told) == told or (act == "confirm" and asked)
            assert not session.view.busy
    finally:
        counter.close()
