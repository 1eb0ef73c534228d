"""Customers who join at the till: each becomes a member exactly once, whatever happens meanwhile."""

from __future__ import annotations

import logging
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.acts import ActKind
from cashier_app.domain.enrolment import EnrolmentField, EnrolmentRefused
from cashier_app.domain.outcome import MemberFound, RetryLater, SeveralMembers, SignInNeeded
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from cashier_app.services.enrol_steps import can_enrol, may_enrol_now
from cashier_app.services.enrol_view import EnrolStep, PhoneIs
from cashier_app.services.enrolling import EnrolSession
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
from tests.fakes.counter import PRIYAS_PHONE, SHARED_PHONE, Counter
from tests.fakes.joining import JoiningBackend
from tests.fakes.runner import SteppedRunner
from tests.fakes.shop import COINS
from tests.fakes.typed_form import E164, PHONE, begin, to_consent, type_phone

FIELD = EnrolmentField


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
