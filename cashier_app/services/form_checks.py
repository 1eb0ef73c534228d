"""What is asked about a new member's form as it is filled in: whose the phone is, whether a code is good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.domain.identifier import IdentifierRules, PhoneNumber, may_grow_into_number
from cashier_app.domain.outcome import Unreachable
from cashier_app.domain.vouchers import ReferralAnswer
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.runner import Runner
from cashier_app.services import enrol_steps as steps
from cashier_app.services.enrol_view import EnrolStep, EnrolView, Known, PhoneIs
from cashier_app.services.own_page import goes_on

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

_FEWEST_DIGITS = 7


class FormChecks:
    """Asks on workers and marks the form with the answers. All methods belong to one thread.

    Args:
        view: Returns the form as it stands.
        show: Puts another on show.
    """

    def __init__(
        self,
        workshop: OpenWorkshop,
        runner: Runner,
        rules: IdentifierRules,
        view: Callable[[], EnrolView],
        show: Callable[[EnrolView], None],
    ) -> None:
        self._workshop, self._runner, self._rules = workshop, runner, rules
        self._view, self._show = view, show
        self._form = 0  # answers about an earlier form are thrown away
        self._checks_codes = False
        self._asked_code = ""

    def begin(self, can: Capabilities) -> None:
        """Start with an empty form."""
        self.forget()
        self._checks_codes = can.referrals

    def forget(self) -> None:
        """Take no answers that are still to come."""
        self._form += 1
        self._asked_code = ""

    def phone_changed(self) -> None:
        """Take note of a number that is whole; ask whose it is where it cannot become a longer one."""
        view, rules = self._view(), self._rules
        if len(view.phone) < _FEWEST_DIGITS:
            return
        from cashier_app.domain.phone import ends_a_phone, to_e164

        e164 = to_e164(view.phone, rules.region)
        if e164 is None:
            return
        self._show(replace(view, e164=e164))
        local = view.phone.isdigit()
        if local and ends_a_phone(view.phone, rules.region) and not may_grow_into_number(view.phone, rules):
            self._look_up()

    def leave_field(self) -> None:
        """Check what was typed into the field that is left."""
        field = self._view().field
        if field is EnrolmentField.PHONE:
            self._look_up()
        elif field is EnrolmentField.REFERRAL:
            self._check_code()

    def _look_up(self) -> None:
        """Ask whose the number is, once for each number."""
        view, form = self._view(), self._form
        phone = view.e164
        if not phone or view.phone_is is not PhoneIs.TYPING:
            return
        self._show(replace(view, phone_is=PhoneIs.CHECKING))

        def found(known: Known | Unreachable | None) -> None:
            if form == self._form and self._view().e164 == phone:
                self._whose(known)

        def failed(error: BaseException) -> None:
            goes_on(error)
            if form == self._form and self._view().e164 == phone:
                self._show(replace(self._view(), phone_is=PhoneIs.UNASKED))

        self._runner.run(lambda: self._workshop().enrolments.whose(PhoneNumber(phone)), found, failed)

    def _whose(self, known: Known | Unreachable | None) -> None:
        view = self._view()
        if isinstance(known, Unreachable):
            self._show(replace(view, phone_is=PhoneIs.UNASKED, offline=True))
        elif known is None:
            self._show(replace(view, phone_is=PhoneIs.NOBODYS))
        else:
            self._show(replace(view, step=EnrolStep.FOUND, known=known, phone_is=PhoneIs.NOBODYS))

    def _check_code(self) -> None:
        code, form = self._view().text_of(EnrolmentField.REFERRAL).strip(), self._form
        if not code or not self._checks_codes or code == self._asked_code:
            return
        self._asked_code = code

        def answered(answer: ReferralAnswer) -> None:
            if form == self._form and self._view().text_of(EnrolmentField.REFERRAL).strip() == code:
                self._judge(answer)

        self._runner.run(lambda: self._workshop().enrolments.check_referral(code), answered, goes_on)

    def _judge(self, answer: ReferralAnswer) -> None:
        view = self._view()
        if isinstance(answer, Unreachable):
            self._asked_code = ""
            self._show(replace(view, referred=answer))
            return
        marked = steps.with_referral(view, answer)
        if EnrolmentField.REFERRAL in marked.wrong and view.step is EnrolStep.CONSENT:
            marked = steps.at_field(marked, EnrolmentField.REFERRAL)
        self._show(marked)
