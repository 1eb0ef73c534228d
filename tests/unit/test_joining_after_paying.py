"""Who joins after paying and was a member, or joins on their own phone: the sale is theirs too."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.invitation import InvitationUsed
from cashier_app.domain.outcome import MemberFound
from cashier_app.services.enrol_steps import begun_from
from cashier_app.services.enrol_view import EnrolStep
from cashier_app.services.enrolling import NOT_CREDITED, EnrolSession
from cashier_app.services.till_view import Nobody, NoticeKind, Serving, Step
from cashier_app.wording import Hours, Wording
from cashier_app.wording.enrol import enrol_primary, enrol_question
from tests.fakes.counter import PRIYAS_PHONE, Counter
from tests.fakes.joining import JoiningBackend
from tests.fakes.shop import COINS, PRIYA, ZONE

PRIYAS_COINS = 1240
WORDING = Wording.of("en_IN", ZONE, COINS.point_name, hours=Hours.TWENTY_FOUR)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path, program=replace(COINS, claim_days=7))
    yield made
    made.close()


@pytest.fixture
def joining(counter: Counter) -> JoiningBackend:
    made = JoiningBackend(counter.backend, invites=True)
    counter.open_for_business()
    return made


def found_after_paying(counter: Counter) -> EnrolSession:
    counter.session.without_member()
    counter.type("640")
    counter.press_enter(2)
    assert counter.view.step is Step.DONE
    assert counter.view.can is not None
    session = counter.enrolling
    session.begin(begun_from(counter.view), counter.view.can, "coins")
    for character in PRIYAS_PHONE:
        session.type(character)
    assert session.view.step is EnrolStep.FOUND
    return session


def coins(counter: Counter) -> Decimal:
    counter.drain()
    answer = counter.workshop.lookup.refresh(PRIYA.member_id)
    assert isinstance(answer, MemberFound)
    return answer.account.balance


def test_who_was_a_member_already_gets_the_sale_just_paid(counter: Counter, joining: JoiningBackend) -> None:
    del joining
    session = found_after_paying(counter)
    assert session.view.sale is not None
    assert enrol_primary(session.view, WORDING).full == f"Credit sale {session.view.sale.number}"
    rows = [row.sentence.full for row in enrol_question(session.view, WORDING).rows]
    assert "Enter gives them the sale just paid" in rows
    session.confirm()
    assert (counter.view.step, counter.view.person) == (Step.IDLE, Nobody())
    assert counter.view.notice is not None
    assert (counter.view.notice.kind, counter.view.notice.name) == (NoticeKind.CLAIMED, PRIYA.first_name)
    assert coins(counter) == PRIYAS_COINS + 6
    assert session.view.closed


def test_who_joined_on_their_own_phone_gets_it_too(counter: Counter, joining: JoiningBackend) -> None:
    counter.session.without_member()
    counter.type("640")
    counter.press_enter(2)
    assert counter.view.can is not None
    counter.enrolling.begin(begun_from(counter.view), counter.view.can, "coins")
    found = counter.workshop.lookup.refresh(PRIYA.member_id)
    assert isinstance(found, MemberFound)
    joining.page = InvitationUsed(found)
    for _ in range(5):
        counter.clock.advance(2)
        counter.enrolling.tick()
    assert counter.enrolling.view.joined
    counter.enrolling.confirm()
    assert counter.view.step is Step.IDLE
    assert counter.view.notice is not None
    assert counter.view.notice.kind is NoticeKind.JOINED
    assert coins(counter) == PRIYAS_COINS + 6


def test_where_it_cannot_be_theirs_that_is_said_and_they_are_served(
    counter: Counter, joining: JoiningBackend
) -> None:
    del joining
    session = found_after_paying(counter)
    assert session.view.sale is not None
    counter.clock.advance(8 * 86_400)
    session.confirm()
    assert (session.view.trouble, session.view.sale) == (NOT_CREDITED, None)
    session.confirm()
    assert isinstance(counter.view.person, Serving)
    assert coins(counter) == PRIYAS_COINS
