"""A customer joins at the till: from the phone number to the member served. It knows nothing of the sale."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.enrolment import EnrolmentField, NewMember
from cashier_app.domain.identifier import (
    Identifier,
    Origin,
    PhoneNumber,
    Unrecognised,
    parse_identifier,
)
from cashier_app.domain.outcome import MemberFound, Remembered, SeveralMembers, Unreachable
from cashier_app.domain.sale import Sale
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services import enrol_steps as steps
from cashier_app.services.enrol_steps import Begun
from cashier_app.services.enrol_view import (
    EnrolRemark,
    EnrolRemarkKind,
    EnrolStep,
    EnrolView,
    Join,
    Known,
    PhoneIs,
)
from cashier_app.services.enrol_work import EnrolWork, Serves, sentence_of
from cashier_app.services.enrolments import Enrolment, Joined, NotTaken, Waits, WasMember
from cashier_app.services.form_checks import FormChecks
from cashier_app.services.own_page import OwnPage, goes_on
from cashier_app.services.ticket import new_sale_id
from cashier_app.services.till_settings import TillSettings

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

CLEARS_SECONDS = 300.0
COUNTED_SECONDS = 15
NOT_CREDITED = "The sale just paid cannot be given to them. Nothing was changed."


class EnrolSession:
    """One enrolment after the other. All methods belong to one thread.

    Args:
        workshop: What may wait for disk or network, asked on workers only.
        till: Serves who joined.
        staff_id: Returns who is at the till, empty for nobody; asked when the customer agrees.
    """

    def __init__(
        self,
        workshop: OpenWorkshop,
        runner: Runner,
        clock: Clock,
        settings: TillSettings,
        till: Serves,
        staff_id: Callable[[], str] = str,
    ) -> None:
        self._workshop, self._runner, self._clock = workshop, runner, clock
        self._settings, self._till = settings, till
        self._staff_id = staff_id
        self._work = EnrolWork(workshop)
        self._view = EnrolView(closed=True)
        self._listeners: list[Callable[[EnrolView], None]] = []
        self._attempt = 0  # answers to an earlier form are thrown away
        self._page = OwnPage(workshop, runner, clock, self._page_came)
        self._checks = FormChecks(workshop, runner, settings.rules, lambda: self._view, self._show)
        self._touched_at = float("-inf")
        self._remarks = 0

    @property
    def view(self) -> EnrolView:
        """Return the snapshot on show."""
        return self._view

    def subscribe(self, listener: Callable[[EnrolView], None]) -> None:
        """Call the listener with every new snapshot, and with this one now."""
        self._listeners.append(listener)
        listener(self._view)

    # --- the form opens and goes --------------------------------------------------------------------

    def begin(self, begun: Begun, can: Capabilities, points: str) -> None:
        """Start anew with what the till knows; `points` is what the shop calls its points."""
        if self._view.busy:
            return  # it is still being written down, and is seen to its end
        self._start_anew()
        self._checks.begin(can)
        enrolment = self._settings.enrolment
        view = steps.begun(begun, can, enrolment, self._settings.locale, points)
        static = Join(enrolment.join_address, live=False) if enrolment.join_address else None
        self._show(replace(view, join=static, asking=can.invites))
        if view.phone_is is PhoneIs.TYPING and view.phone:
            self._checks.phone_changed()
        if can.invites:
            self._page.open(self._view.consent)

    def come_back(self) -> None:
        """Show the form again that a scan put aside."""
        if self._view.kept:
            self._touch()
            self._show(replace(self._view, kept=False, closed=False))

    def drop(self) -> None:
        """Forget everything that was typed."""
        if not self._view.busy:
            self._close()

    def tick(self) -> None:
        """Look at the clock: once a second."""
        view = self._view
        if (view.closed and not view.kept) or view.busy:
            return
        left = CLEARS_SECONDS - (self._clock.monotonic() - self._touched_at)
        if left <= 0:
            self._close()
            return
        counted = max(1, round(left)) if left <= COUNTED_SECONDS and not view.kept else None
        self._show(replace(view, left=counted))
        if not view.closed:
            self._page.look()

    # --- typing -------------------------------------------------------------------------------------

    def type(self, character: str) -> None:
        """Take one character for the phone number; a letter after a whole number begins the name."""
        view = self._view
        if view.busy or view.closed or view.step is EnrolStep.CONSENT:
            return
        self._touch()
        if character.isalpha() and view.e164:
            self._show(
                steps.with_text(steps.at_field(view, EnrolmentField.NAME), EnrolmentField.NAME, character)
            )
            return
        self._show(steps.with_phone_character(view, character))
        self._checks.phone_changed()

    def delete(self) -> None:
        """Take the last character of the phone number back."""
        view = self._view
        if not view.busy and view.step is not EnrolStep.CONSENT and view.phone:
            self._touch()
            self._show(steps.with_phone(view, view.phone[:-1]))
            self._checks.phone_changed()

    def put(self, field: EnrolmentField, text: str) -> None:
        """Take what stands in a text field now."""
        if not self._view.busy and text != self._view.text_of(field):
            self._touch()
            self._show(steps.with_text(self._view, field, text))

    def go_to(self, field: EnrolmentField) -> None:
        """Let the keys go to a field."""
        view = self._view
        if view.busy or view.step is EnrolStep.FOUND or (view.step, view.field) == (EnrolStep.FORM, field):
            return
        self._touch()
        self._checks.leave_field()
        self._show(steps.at_field(self._view, field))

    def next_language(self) -> None:
        """Ask the customer in another language."""
        if not self._view.busy and not self._view.closed:
            self._touch()
            self._show(steps.next_language(self._view))

    def read_terms(self) -> None:
        """Show the whole terms, or put them away."""
        if not self._view.closed:
            self._touch()
            self._show(replace(self._view, reading=not self._view.reading))

    # --- going on and back --------------------------------------------------------------------------

    def confirm(self) -> None:
        """Do what Enter does at this step."""
        view = self._view
        if view.busy or view.closed:
            return
        self._touch()
        if view.reading:
            self._show(replace(view, reading=False))
            return
        match view.step:
            case EnrolStep.FOUND if view.known is not None:
                self._serve_known(view, view.known)
            case EnrolStep.CONSENT:
                self._enrol(view)
            case _:
                self._go_on(view)

    def back(self) -> None:
        """Do what Esc does: one step back; at the first one, to the till with nothing saved."""
        view = self._view
        if view.busy:
            return
        self._touch()
        if view.reading:
            self._show(replace(view, reading=False))
        elif view.step is EnrolStep.CONSENT:
            self._show(replace(view, step=EnrolStep.FORM, trouble=""))
        elif view.step is EnrolStep.FOUND and not view.joined:
            self._show(steps.with_phone(view, ""))
        else:
            self._close()

    def hush(self) -> None:
        """Take the remark away."""
        self._show(replace(self._view, remark=None))

    # --- scans --------------------------------------------------------------------------------------

    def scan(self, text: str) -> None:
        """Take what a device read: a member's card opens, with the form kept; anything else is not used."""
        view = self._view
        parsed = parse_identifier(text, self._settings.rules, Origin.SCANNED)
        if view.busy or isinstance(parsed, Unrecognised):
            self._remark(EnrolRemarkKind.SCAN_NOT_USED)
            return
        self._touch()
        attempt = self._attempt

        def found(known: Known | Unreachable | None) -> None:
            if attempt != self._attempt or self._view.busy or self._view.closed:
                return
            if isinstance(known, MemberFound | Remembered):
                self._show(replace(self._view, kept=True, closed=True))
                self._till.serve(parsed, known, joined=False)
            else:
                self._remark(EnrolRemarkKind.SCAN_NOT_USED)

        self._runner.run(lambda: self._work.whose(parsed), found, goes_on)

    # --- enrolling ----------------------------------------------------------------------------------

    def _go_on(self, view: EnrolView) -> None:
        if not view.e164:
            wrong = replace(view, field=EnrolmentField.PHONE, phone_is=PhoneIs.BAD)
            self._show(wrong if view.phone else steps.at_field(view, EnrolmentField.PHONE))
            return
        self._checks.leave_field()
        view = self._view
        if view.step is EnrolStep.FOUND:
            return
        if view.field is EnrolmentField.PHONE and view.fields:
            self._show(steps.at_field(view, view.fields[0]))
            return
        self._show(steps.checked(view))

    def _enrol(self, view: EnrolView) -> None:
        new = steps.new_member(view, new_sale_id(), self._clock.now(), self._staff_id())
        looked_up = view.phone_is is PhoneIs.NOBODYS
        self._attempt += 1
        attempt = self._attempt
        self._checks.forget()
        self._show(replace(view, busy=True, trouble="", refused=None))

        def failed(error: BaseException) -> None:
            if attempt == self._attempt:
                self._show(replace(self._view, busy=False, trouble=sentence_of(error)))

        self._runner.run(
            lambda: self._work.enrol(new, view.sale, looked_up=looked_up),
            lambda came: self._answered(new, came),
            failed,
        )

    def _answered(self, new: NewMember, came: Enrolment) -> None:
        view = replace(self._view, busy=False)
        match came:
            case Joined() | Waits() if view.sale is not None:
                self._close()
                self._till.joined_after(came.found if isinstance(came, Joined) else None)
            case Joined(found):
                self._serve(PhoneNumber(new.phone), found, joined=True)
            case Waits():
                self._serve(PhoneNumber(new.phone), None, joined=True)
            case WasMember(known):
                self._show(replace(view, step=EnrolStep.FOUND, known=known))
            case NotTaken(refused):
                field = refused.field if refused.field in view.fields else None
                wrong = (field,) if field else ()
                self._show(
                    replace(
                        view,
                        step=EnrolStep.FORM,
                        field=field or EnrolmentField.PHONE,
                        refused=refused,
                        wrong=wrong,
                    )
                )

    def _serve_known(self, view: EnrolView, known: Known) -> None:
        identifier = PhoneNumber(view.e164) if view.e164 else None
        if isinstance(known, SeveralMembers) and identifier is not None:
            self._close()
            self._till.look_up(identifier)
            return
        if isinstance(known, SeveralMembers):
            return
        if view.sale is not None:
            self._credit(view, view.sale, known)
            return
        if view.joined:
            self._page.count(self._staff_id())
        self._serve(identifier, known, joined=view.joined)

    def _credit(self, view: EnrolView, sale: Sale, known: MemberFound | Remembered) -> None:
        """Give the sale just finished to whoever was found, and go on with the next customer."""
        staff_id, joined = self._staff_id(), view.joined
        identifier = PhoneNumber(view.e164) if view.e164 else None
        self._show(replace(view, busy=True, trouble=""))

        def answered(theirs: bool) -> None:  # noqa: FBT001 - what `EnrolWork.credit` answers
            if not theirs:
                # They are served all the same; the sale keeps its code.
                self._show(replace(self._view, busy=False, sale=None, trouble=NOT_CREDITED))
                return
            if joined:
                self._page.count(staff_id)
            self._close()
            self._till.joined_after(known, joined=joined)

        def failed(error: BaseException) -> None:
            self._show(replace(self._view, busy=False, trouble=sentence_of(error)))

        self._runner.run(lambda: self._work.credit(sale, identifier, known, staff_id), answered, failed)

    def _serve(
        self, identifier: Identifier | None, found: MemberFound | Remembered | None, *, joined: bool
    ) -> None:
        self._close()
        self._till.serve(identifier, found, joined=joined)

    # --- the snapshot -------------------------------------------------------------------------------

    def _start_anew(self) -> None:
        self._attempt += 1
        self._page.forget()
        self._checks.forget()
        self._touch()

    def _close(self) -> None:
        """Go back to the till; nothing of the customer stays here."""
        self._attempt += 1
        self._page.forget()
        self._checks.forget()
        self._show(EnrolView(closed=True))

    def _touch(self) -> None:
        self._touched_at = self._clock.monotonic()
        if self._view.left is not None:
            self._show(replace(self._view, left=None))

    def _page_came(self, what: Join | MemberFound | None) -> None:
        """Take what came of the customer's own page: its address, who joined on it, or nothing any more."""
        view = self._view
        if view.closed or view.busy:
            return
        if isinstance(what, MemberFound):
            self._touch()
            found = replace(self._view, step=EnrolStep.FOUND, known=what, joined=True, reading=False)
            self._show(steps.with_text(found, EnrolmentField.NAME, what.member.name))
            return
        address = self._settings.enrolment.join_address
        own = Join(address, live=False) if address else None
        self._show(replace(view, asking=False, join=what or own))

    def _remark(self, kind: EnrolRemarkKind) -> None:
        self._remarks += 1
        self._show(replace(self._view, remark=EnrolRemark(self._remarks, kind)))

    def _show(self, view: EnrolView) -> None:
        if view == self._view:
            return
        self._view = view
        for listener in self._listeners:
            listener(view)
