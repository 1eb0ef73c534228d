"""From a scan, a picture or typed digits to somebody being served.

Each attempt gets a number; an answer to any but the newest is thrown away, so that a slow look-up never puts
the last customer on the next one's sale.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from cashier_app.domain.identifier import (
    Identifier,
    MemberNumber,
    NotRecognised,
    Origin,
    PhoneNumber,
    Unrecognised,
    parse_identifier,
)
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import (
    CodeTooOld,
    Lookup,
    MemberFound,
    NoSuchMember,
    SeveralMembers,
    Unreachable,
)
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.lookup import Remembered, way_of
from cashier_app.services.stage import Stage
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_view import (
    Choosing,
    LookingUp,
    NoCode,
    NotFound,
    NoticeKind,
    Serving,
    ServingUnseen,
    SeveralCodes,
    Step,
    WithoutMember,
)
from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

SAME_SCAN_SECONDS = 3.0
_SERVED = {Step.BILL, Step.REWARD}
Answer = Lookup | Remembered


class Identification:
    """Decides what a scan means now, looks it up and puts the answer on the stage."""

    def __init__(
        self, stage: Stage, workshop: OpenWorkshop, runner: Runner, clock: Clock, settings: TillSettings
    ) -> None:
        self._stage = stage
        self._workshop = workshop
        self._runner = runner
        self._clock = clock
        self._rules = settings.rules
        self._attempt = 0
        self._identifier: Identifier | None = None
        self._last_scan: tuple[str, float] = ("", float("-inf"))
        self._offered: tuple[Identifier, Serving] | None = None

    @property
    def identifier(self) -> Identifier | None:
        """Return what the customer now served was identified by."""
        return self._identifier

    def scan(self, text: str) -> None:
        """Take the text of a device or picture, whatever the till is doing."""
        now = self._clock.monotonic()
        last, at = self._last_scan
        self._last_scan = (text, now)
        if text == last and now - at < SAME_SCAN_SECONDS and self._stage.view.step is not Step.IDLE:
            return
        view = self._stage.view
        parsed = parse_identifier(text, self._rules, Origin.SCANNED)
        if view.step is Step.PAY or view.busy:
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
        elif isinstance(parsed, Unrecognised):
            self._not_recognised(parsed)
        elif view.step in _SERVED:
            self._other_customer(parsed)
        else:
            self._start(parsed, typed=False)

    def read_picture(self, decode: Callable[[], Sequence[str]]) -> None:
        """Decode a picture elsewhere and take its one code."""
        if self._stage.view.step is Step.PAY or self._stage.view.busy:
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
            return
        self._attempt += 1
        attempt = self._attempt

        def decoded(texts: Sequence[str]) -> None:
            if attempt != self._attempt:
                return
            if len(texts) == 1:
                self.scan(texts[0])
            else:
                person = SeveralCodes(len(texts)) if texts else NoCode()
                self._stage.show(steps.problem(self._stage.view, person, keep_entry=False))

        self._runner.run(lambda: list(decode()), decoded, lambda error: self._failed(attempt, error))

    def typed(self) -> None:
        """Take what stands in the scan field."""
        parsed = parse_identifier(self._stage.view.entry, self._rules, Origin.TYPED)
        if isinstance(parsed, Unrecognised):
            self._not_recognised(parsed)
        else:
            self._start(parsed, typed=True)

    def choose(self, index: int) -> None:
        """Take one of several members."""
        person = self._stage.view.person
        if isinstance(person, Choosing) and 0 <= index < len(person.found):
            one = person.found[index]
            serving = Serving(one.member, one.account, Way.PHONE, fresh=True)
            self._stage.show(steps.serving(self._stage.view, serving))

    def refresh(self) -> None:
        """Read the served member's account again, or of the one whose sale was just posted."""
        view = self._stage.view
        person = view.person
        if not isinstance(person, Serving) or view.step not in _SERVED | {Step.DONE} or view.busy:
            return
        self._attempt += 1
        attempt = self._attempt

        def done(answer: Answer) -> None:
            if attempt != self._attempt or self._stage.view.person is not person:
                return
            match answer:
                case MemberFound(member, account):
                    again = replace(person, member=member, account=account, fresh=True)
                case _:
                    again = replace(person, fresh=False)
            shown_again = replace(self._stage.view, person=again)
            done_with = shown_again.step is Step.DONE
            self._stage.show(shown_again if done_with else steps.requoted(shown_again))

        self._runner.run(
            lambda: self._workshop().lookup.refresh(person.member.member_id),
            done,
            lambda error: self._failed(attempt, error),
        )

    def accept_switch(self) -> bool:
        """Serve the member who was scanned in between; say whether one was."""
        if self._offered is None or self._stage.view.step not in _SERVED:
            return False
        self._identifier, serving = self._offered
        self._offered = None
        self._stage.hush()
        self._stage.show(steps.serving(self._stage.view, serving))
        return True

    def decline_switch(self) -> bool:
        """Keep the member now served; say whether there was a question."""
        offered, self._offered = self._offered, None
        if offered is not None:
            self._stage.hush()
        return offered is not None

    def forget(self) -> None:
        """Throw away answers still to come: the customer they are for has gone."""
        self._attempt += 1
        self._identifier = None
        self._offered = None

    def without_member(self) -> None:
        """Go on without a member."""
        self.forget()
        self._stage.show(steps.serving(self._stage.view, WithoutMember()))

    def _start(self, identifier: Identifier, *, typed: bool) -> None:
        self._offered = None
        self._identifier = identifier
        if not typed:
            self._stage.show(replace(self._stage.view, entry=""))
        person = LookingUp(shown(identifier), way_of(identifier))
        self._stage.show(steps.looking_up(self._stage.view, person))
        self._ask(identifier, self._found)

    def _ask(self, identifier: Identifier, found: Callable[[Identifier, Answer], None]) -> None:
        self._attempt += 1
        attempt = self._attempt

        def done(answer: Answer) -> None:
            if attempt == self._attempt:
                found(identifier, answer)

        self._runner.run(
            lambda: self._workshop().lookup.find(identifier), done, lambda error: self._failed(attempt, error)
        )

    def _found(self, identifier: Identifier, answer: Answer) -> None:
        view, way = self._stage.view, way_of(identifier)
        match answer:
            case MemberFound(member, account):
                self._stage.show(steps.serving(view, Serving(member, account, way, fresh=True)))
            case Remembered(member, account):
                self._stage.show(steps.serving(view, Serving(member, account, way, fresh=False)))
            case Unreachable():
                self._stage.show(steps.serving(view, ServingUnseen(shown(identifier), way)))
            case SeveralMembers(several):
                self._stage.show(steps.choosing(view, Choosing(shown(identifier), several, marked=0)))
            case NoSuchMember():
                person = NotFound(_readable(identifier), way)
                self._stage.show(steps.problem(view, person, keep_entry=True))
            case CodeTooOld():
                self._stage.show(steps.problem(view, answer, keep_entry=False))

    def _other_customer(self, identifier: Identifier) -> None:
        """A code while somebody is served: the same member, or somebody else by mistake or on purpose."""
        if identifier == self._identifier:
            self._stage.remark(NoticeKind.ALREADY_HERE)
            return
        if steps.empty_bill(self._stage.view):
            self._ask(identifier, self._switch)
        else:
            self._ask(identifier, self._offer_switch)

    def _switch(self, identifier: Identifier, answer: Answer) -> None:
        if self._is_here(answer):
            self._stage.remark(NoticeKind.ALREADY_HERE)
            return
        self._identifier = identifier
        self._found(identifier, answer)
        person = self._stage.view.person
        if isinstance(person, Serving):
            self._stage.remark(NoticeKind.SWITCHED, person.member.first_name)

    def _offer_switch(self, identifier: Identifier, answer: Answer) -> None:
        match answer:
            case _ if self._is_here(answer):
                self._stage.remark(NoticeKind.ALREADY_HERE)
            case MemberFound(member, account):
                self._offered = (identifier, Serving(member, account, way_of(identifier), fresh=True))
                self._stage.remark(NoticeKind.SWITCH_OFFERED, member.first_name)
            case _:
                self._stage.remark(NoticeKind.NOT_A_LOYALTY_CODE)

    def _is_here(self, answer: Answer) -> bool:
        person = self._stage.view.person
        return (
            isinstance(answer, MemberFound | Remembered)
            and isinstance(person, Serving)
            and person.member.member_id == answer.member.member_id
        )

    def _not_recognised(self, parsed: Unrecognised) -> None:
        if self._stage.view.step in _SERVED | {Step.LOOKING_UP}:
            self._stage.remark(NoticeKind.NOT_A_LOYALTY_CODE)
            return
        # A card number must not stay in the field for anybody to read.
        keep = parsed.reason is not NotRecognised.PAYMENT_CARD
        self._stage.show(steps.problem(self._stage.view, parsed, keep_entry=keep))

    def _failed(self, attempt: int, error: BaseException) -> None:
        if attempt != self._attempt:
            return
        if isinstance(error, KnownError):
            self._stage.show(steps.failed(self._stage.view, error.sentence))
            return
        logger.error("a look-up met a bug", exc_info=error)
        self._stage.show(steps.failed(self._stage.view, "Something went wrong here. Scan again."))


def shown(identifier: Identifier) -> str:
    """Return what may stay on the screen of an identifier: never a token, never a whole phone number."""
    match identifier:
        case PhoneNumber(e164):
            from cashier_app.domain.phone import mask_typed_phone

            return mask_typed_phone(e164)
        case MemberNumber(number):
            return number
        case _:
            return ""


def _readable(identifier: Identifier) -> str:
    """Return what the cashier may read back to the customer who just said it."""
    match identifier:
        case PhoneNumber(e164):
            return e164
        case MemberNumber(number):
            return number
        case _:
            return ""
