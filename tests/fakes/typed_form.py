"""A form of a new member, typed into by hand."""

from __future__ import annotations

from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.services.enrol_steps import begun_from, may_enrol_now
from cashier_app.services.enrol_view import EnrolView
from cashier_app.services.enrolling import EnrolSession
from tests.fakes.counter import Counter

PHONE, E164 = "9845033310", "+919845033310"


def begin(counter: Counter, letter: str = "") -> EnrolSession:
    """Open the form with what the till knows, as the window does."""
    view = counter.view
    assert may_enrol_now(view)
    assert view.can is not None
    counter.enrolling.begin(begun_from(view, letter), view.can, "coins")
    return counter.enrolling


def type_phone(session: EnrolSession, phone: str = PHONE) -> EnrolView:
    """Type a number, digit by digit."""
    for character in phone:
        session.type(character)
    return session.view


def to_consent(counter: Counter, phone: str = PHONE, name: str = "Kavya N") -> EnrolSession:
    """Fill the form in, up to the question."""
    session = begin(counter)
    type_phone(session, phone)
    session.confirm()
    session.put(EnrolmentField.NAME, name)
    session.confirm()
    return session
