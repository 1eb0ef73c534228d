"""Views before somebody is served: nobody yet, being looked up, not found."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed, MemberFound
from cashier_app.ports.journal import DayFigures
from cashier_app.services.till_view import (
    Choosing,
    Failed,
    LookingUp,
    Nobody,
    NoCode,
    NotFound,
    SeveralCodes,
    Step,
    Target,
    TillView,
    Today,
)
from tests.fakes.shop import ANIL, MEERA
from tests.ui.sample_shop import ANILS_ACCOUNT, MEERAS_ACCOUNT, at, nobody


def idle() -> TillView:
    """Nobody yet, nothing typed."""
    return nobody(Nobody(), Step.IDLE, Target.SCAN)


def typing() -> TillView:
    """A phone number half typed."""
    return replace(idle(), entry="9845012")


def lookup() -> TillView:
    """A phone number is being looked up; the bill may be typed meanwhile."""
    return nobody(LookingUp("+91 98450 ••210", Way.PHONE), Step.LOOKING_UP, Target.BILL)


def no_sales_yet() -> TillView:
    """The first minute of the day."""
    figures = DayFigures(
        sales=0, with_member=0, redeemed=0, points_earned=Decimal(0), best_share=None, since=None
    )
    return replace(idle(), today=Today(figures, ()))


def not_opened() -> TillView:
    """The sales database could not be opened when the till started."""
    return replace(idle(), trouble="The sales database is damaged. It was left as it is; call support.")


def not_found() -> TillView:
    """A phone number nobody has; it stays in the field to be read back."""
    person = NotFound("+91 98450 12210", Way.PHONE)
    return nobody(person, Step.PROBLEM, Target.SCAN, entry="9845012210")


def two_members() -> TillView:
    """Two members share a phone; Anil is marked."""
    found = (MemberFound(ANIL, ANILS_ACCOUNT), MemberFound(MEERA, MEERAS_ACCOUNT))
    return nobody(Choosing("+91 98450 ••214", found, 0), Step.CHOOSING, Target.MEMBERS)


def too_old() -> TillView:
    """A code made 14 minutes ago that lived five."""
    return nobody(CodeTooOld(at(14, 18, 30), 300), Step.PROBLEM, Target.SCAN)


def used_code() -> TillView:
    """A code a sale was made with a minute ago."""
    return nobody(CodeUsed(at(14, 31, 30)), Step.PROBLEM, Target.SCAN)


def clocks_differ() -> TillView:
    """A code made seven minutes from now."""
    return nobody(CodeAhead(at(14, 39, 45)), Step.PROBLEM, Target.SCAN)


def changed_case() -> TillView:
    """A code whose small letters a scanner turned into capitals: the longest of these messages."""
    return nobody(Unrecognised(NotRecognised.CHANGED_CASE), Step.PROBLEM, Target.SCAN)


def wrong_digit() -> TillView:
    """A member number whose check digit does not fit; it stays in the field to be mended."""
    person = Unrecognised(NotRecognised.CHECK_DIGIT)
    return nobody(person, Step.PROBLEM, Target.SCAN, entry="2912345678905")


def bad_phone() -> TillView:
    """A phone number with a digit too few."""
    person = Unrecognised(NotRecognised.BAD_PHONE, digits=9, expected=10)
    return nobody(person, Step.PROBLEM, Target.SCAN, entry="984501221")


def payment_card() -> TillView:
    """A payment card was held to the reader; nothing of it is shown."""
    return nobody(Unrecognised(NotRecognised.PAYMENT_CARD), Step.PROBLEM, Target.SCAN)


def two_codes() -> TillView:
    """A picture with two codes in it."""
    return nobody(SeveralCodes(2), Step.PROBLEM, Target.SCAN)


def no_code() -> TillView:
    """A picture without a code."""
    return nobody(NoCode(), Step.PROBLEM, Target.SCAN)


def failed() -> TillView:
    """Something in the world failed."""
    return nobody(Failed("The picture could not be opened."), Step.PROBLEM, Target.SCAN)
