"""The form of a new member in each state worth a picture; everybody in it is made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.enrolment import Enrolling, EnrolmentField, EnrolmentRefused
from cashier_app.domain.member import Account, Member
from cashier_app.domain.outcome import MemberFound, SeveralMembers
from cashier_app.domain.vouchers import ReferralKnown, ReferralUnknown
from cashier_app.ports.capabilities import Capabilities
from cashier_app.services import enrol_steps as steps
from cashier_app.services.enrol_steps import Begun
from cashier_app.services.enrol_view import EnrolRemark, EnrolRemarkKind, EnrolStep, EnrolView, Join, PhoneIs
from cashier_app.services.enrolment_settings import USUAL_ENROLMENT
from cashier_app.services.till_view import TillView
from tests.fakes.backend import CAPABILITIES
from tests.ui import return_states, sample_views
from tests.ui.fake_session import FakeSession
from tests.ui.sample_shop import NOW
from ui.enrolling import EnrolEntry
from ui.main_window import MainWindow

FIELD = EnrolmentField
PHONE, KAVYA = "+919845012210", "Kavya N"
TAKES = Enrolling(mandatory=(FIELD.PHONE, FIELD.NAME), optional=(FIELD.EMAIL,))
CAN: Capabilities = replace(CAPABILITIES, enrolling=TAKES, referrals=True, invites=True)
DEMANDING: Capabilities = replace(
    CAN,
    enrolling=Enrolling((FIELD.PHONE, FIELD.NAME, FIELD.EMAIL, FIELD.NUMBER), (FIELD.BIRTHDAY,)),
)
EVERYTHING = replace(USUAL_ENROLMENT, wants=frozenset(FIELD))
JOIN = Join("https://join.example/i/7Q2MX4ZP", live=True, until=NOW + timedelta(minutes=15))
LONG_NAME = "Maximiliana-Alexandrina von Hohenlohe-Waldenburg-Schillingsfürst y García de la Concepción"
FOUND = MemberFound(
    Member("m-9", "Kavya Narayanan", masked_phone="+91 ••••••• 210"), Account(Decimal(320), NOW)
)


def form(
    *texts: tuple[EnrolmentField, str], at: EnrolmentField = FIELD.NAME, can: Capabilities = CAN
) -> EnrolView:
    """Return the form of a number nobody has, with these texts typed."""
    settings = EVERYTHING if can is DEMANDING else replace(USUAL_ENROLMENT, wants=frozenset({FIELD.EMAIL}))
    begun = Begun(PHONE, looked_up=True)
    view = steps.begun(begun, replace(can, referrals=can is DEMANDING), settings, "en_IN", "coins")
    for field, text in texts:
        view = steps.with_text(view, field, text)
    return replace(steps.at_field(view, at), join=JOIN)


def asked(name: str = KAVYA) -> EnrolView:
    """Return the form as the customer is asked."""
    return steps.checked(form((FIELD.NAME, name)))


def empty() -> EnrolView:
    """Return the form as F2 opens it."""
    view = steps.begun(Begun(), CAN, USUAL_ENROLMENT, "en_IN", "coins")
    return replace(view, join=JOIN)


def _in(language: str, name: str) -> EnrolView:
    view = asked(name)
    while view.consent.language != language:
        view = steps.next_language(view)
    return view


STATES: dict[str, Callable[[], EnrolView]] = {
    "enrol-empty": empty,
    "enrol-phone": lambda: replace(empty(), phone="98450122"),
    "enrol-bad-phone": lambda: replace(empty(), phone="98450122", phone_is=PhoneIs.BAD),
    "enrol-name": lambda: form((FIELD.NAME, KAVYA)),
    "enrol": asked,
    "enrol-hindi": lambda: _in("hi", "काव्या नारायणन"),
    "enrol-arabic": lambda: _in("ar", "كافيا نارايانان"),
    "enrol-german": lambda: _in("de", LONG_NAME),
    "enrol-no-name": lambda: replace(form(), wrong=(FIELD.NAME,)),
    "enrol-demanding": lambda: replace(
        form(
            (FIELD.NAME, LONG_NAME),
            (FIELD.EMAIL, "kavya"),
            (FIELD.REFERRAL, "RAVI-7"),
            at=FIELD.EMAIL,
            can=DEMANDING,
        ),
        wrong=(FIELD.EMAIL,),
        referred=ReferralKnown("RAVI-7", "Ravi K."),
    ),
    "enrol-bad-referral": lambda: steps.with_referral(
        form((FIELD.NAME, KAVYA), (FIELD.REFERRAL, "NOBODY"), at=FIELD.REFERRAL, can=DEMANDING),
        ReferralUnknown(),
    ),
    "enrol-known": lambda: replace(form(), step=EnrolStep.FOUND, known=FOUND),
    "enrol-two-known": lambda: replace(form(), step=EnrolStep.FOUND, known=SeveralMembers((FOUND, FOUND))),
    "enrol-joined": lambda: replace(empty(), step=EnrolStep.FOUND, known=FOUND, joined=True),
    "enrol-offline": lambda: replace(asked(), phone_is=PhoneIs.UNASKED, offline=True, join=None),
    "enrol-sale": lambda: replace(asked(), sale=return_states.sale(416, 118400, 0, 0, 11, "")),
    "enrol-own-address": lambda: replace(asked(), join=Join("https://marigold.example/join", live=False)),
    "enrol-busy": lambda: replace(asked(), busy=True),
    "enrol-refused": lambda: replace(
        form((FIELD.NAME, KAVYA)), field=FIELD.PHONE, refused=EnrolmentRefused(None, "no")
    ),
    "enrol-not-saved": lambda: replace(
        asked(), trouble="The disk is full. Nothing was saved. Free space, then try again."
    ),
    "enrol-terms": lambda: replace(asked(), reading=True),
    "enrol-clears": lambda: replace(
        form((FIELD.NAME, "<b>Kavya</b> & Sons")),
        left=9,
        remark=EnrolRemark(1, EnrolRemarkKind.SCAN_NOT_USED),
    ),
}


class FakeEnrolling(FakeSession[EnrolView]):
    """Shows a view and notes what it is asked."""

    def __init__(self, view: EnrolView | None = None) -> None:
        super().__init__(EnrolView(closed=True))
        self.shown = view or empty()

    def begin(self, begun: Begun, can: Capabilities, points: str) -> None:
        self.asked.append(("begin", begun, can, points))
        self.show(self.shown)

    def come_back(self) -> None:
        self.asked.append(("come_back",))
        self.show(replace(self.view, kept=False, closed=False))

    def drop(self) -> None:
        self.asked.append(("drop",))
        self.show(EnrolView(closed=True))

    def tick(self) -> None:
        self.asked.append(("tick",))

    def put(self, field: EnrolmentField, text: str) -> None:
        self.asked.append(("put", field, text))
        self.show(steps.with_text(self.view, field, text))

    def go_to(self, field: EnrolmentField) -> None:
        self.asked.append(("go_to", field))

    def next_language(self) -> None:
        self.asked.append(("next_language",))

    def read_terms(self) -> None:
        self.asked.append(("read_terms",))

    def scan(self, text: str) -> None:
        self.asked.append(("scan", text))


def view_of(name: str) -> TillView:
    """Return the till behind this state."""
    sale = name in {"enrol-hindi", "enrol-german", "enrol-known"}
    behind = sample_views.STATES["offer" if sale else "not-found"]()
    return replace(behind, can=CAN, held_until=None)


def open_in(window: MainWindow, name: str) -> None:
    """Open the form in this state."""
    window.ways.enrolment = EnrolEntry(window, FakeEnrolling(STATES[name]()))
    window.ways.new_member()
