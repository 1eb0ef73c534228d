"""The form of a new member: every field and step of it, and the page on the customer's own phone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.acts import ActKind
from cashier_app.domain.enrolment import Enrolling, EnrolmentField
from cashier_app.domain.invitation import InvitationOver, InvitationUsed
from cashier_app.domain.member import Account, Member
from cashier_app.domain.outcome import MemberFound, Unreachable
from cashier_app.domain.vouchers import ReferralKnown, ReferralUnknown
from cashier_app.services import enrol_steps as steps
from cashier_app.services.enrol_steps import can_enrol
from cashier_app.services.enrol_view import EnrolStep, EnrolView, PhoneIs
from cashier_app.services.enrolling import CLEARS_SECONDS
from cashier_app.services.till_view import (
    NoticeKind,
    Serving,
)
from tests.fakes.counter import PRIYAS_CODE, PRIYAS_PHONE, SETTINGS, Counter
from tests.fakes.joining import PAGE, JoiningBackend
from tests.fakes.typed_form import PHONE, begin, to_consent, type_phone

FIELD = EnrolmentField


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
