"""From a scan, a picture or typed digits to somebody being served.

Each attempt gets a number; an answer to any but the newest is thrown away, so that a slow look-up never puts
the last customer on the next one's sale.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.identifier import (
    Identifier,
    NotRecognised,
    Origin,
    Parsed,
    Unrecognised,
    names_same,
    parse_identifier,
    way_of,
)
from cashier_app.domain.member import Way
from cashier_app.domain.offline_policy import Proof
from cashier_app.domain.outcome import (
    CodeAhead,
    CodeTooOld,
    CodeUsed,
    MemberFound,
    NoSuchMember,
    Remembered,
    SeveralMembers,
    Unreachable,
)
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.account_reading import SERVED, AccountReading, Answer, selling, show_failed
from cashier_app.services.identified import ShownCodes, readable, serving, serving_by, shown
from cashier_app.services.served_lately import ServedLately
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

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

SAME_SCAN_SECONDS = 3.0
SWITCH_SECONDS = 8.0


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
        self.account = AccountReading(stage, workshop, runner)
        self._attempt = 0
        self._picture = 0
        self._identifier: Identifier | None = None
        self._origin = Origin.TYPED
        # What was read, not the text: a payment card's number is kept nowhere.
        self._last_scan: tuple[Parsed | None, float] = (None, float("-inf"))
        self._shown = ShownCodes()
        self._offered: tuple[Identifier, Serving | ServingUnseen] | None = None
        self._offered_at = float("-inf")
        self._before: tuple[Identifier | None, Serving | ServingUnseen] | None = None
        self.lately = ServedLately(settings.same_member_minutes)

    @property
    def identifier(self) -> Identifier | None:
        """Return what the customer now served was identified by."""
        return self._identifier

    def scan(self, text: str) -> None:
        """Take the text of a device or picture, whatever the till is doing."""
        now = self._clock.monotonic()
        view = self._stage.view
        parsed = parse_identifier(text, self._rules, Origin.SCANNED)
        last, at = self._last_scan
        self._last_scan = (parsed, now)
        if now - at < SAME_SCAN_SECONDS and self._still_shown(parsed, last):
            return
        if self._selling():
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
        elif isinstance(parsed, Unrecognised):
            self._not_recognised(parsed)
        elif view.step in SERVED:
            self._other_customer(parsed)
        else:
            self._start(parsed, typed=False)

    def may_be_text(self, text: str) -> bool:
        """Say whether what was scanned is nobody's code. The number of a payment card is no text either."""
        parsed = parse_identifier(text, self._rules, Origin.SCANNED)
        return isinstance(parsed, Unrecognised) and parsed.reason is not NotRecognised.PAYMENT_CARD

    def read_picture(self, decode: Callable[[], Sequence[str]], take: Callable[[str], None]) -> None:
        """Decode a picture elsewhere and have its one code taken."""
        if self._selling():
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
            return
        self._picture += 1
        picture = self._picture

        def decoded(texts: Sequence[str]) -> None:
            if picture != self._picture:
                return
            if len(texts) == 1:
                take(texts[0])
            else:
                self._nobody(SeveralCodes(len(texts)) if texts else NoCode(), keep_entry=False)

        def failed(error: BaseException) -> None:
            if picture == self._picture:
                show_failed(self._stage, error, instead=self._stage.view.step is not Step.LOOKING_UP)

        self._runner.run(lambda: list(decode()), decoded, failed)

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
            way = Way.PHONE if self._identifier is None else way_of(self._identifier)
            serving = Serving(one.member, one.account, way, fresh=True)
            self._serve(serving)

    def serve(self, identifier: Identifier | None, found: MemberFound | Remembered | None) -> None:
        """Serve somebody found elsewhere, or by this identifier once the backend answers; a bill is kept."""
        self.forget()
        self._identifier, self._origin = identifier, Origin.TYPED
        way = Way.PHONE if identifier is None else way_of(identifier)
        person: Serving | ServingUnseen = ServingUnseen(shown(identifier) if identifier else "", way)
        if found is not None:
            person = serving_by(way, found, Proof.TYPED)
        self._stage.show(steps.serving(self._stage.view, person))

    def look_up(self, identifier: Identifier) -> None:
        """Look this up as if it had been typed."""
        self._start(identifier, typed=True)

    def accept_switch(self) -> bool:
        """Serve the member who was scanned in between; say whether one was."""
        if self._offered is None or self._stage.view.step not in SERVED or self._selling():
            return False
        self._attempt += 1
        self._keep_for_changing_back()
        self._identifier, person = self._offered
        self._shown.start(self._identifier)
        self._offered = None
        self._stage.hush()
        self._serve(person)
        return True

    def change_back(self) -> bool:
        """Serve whoever was served before the last switch; say whether there was one to take back."""
        before = self._before
        if before is None or self._stage.view.step not in SERVED or self._selling():
            return False
        self._attempt += 1
        self._keep_for_changing_back()
        self._identifier, person = before
        self._offered = None
        if self._identifier is not None:
            self._shown.start(self._identifier)
        self._stage.show(steps.serving(self._stage.view, person))
        self._stage.remark(
            NoticeKind.SWITCHED, person.member.first_name if isinstance(person, Serving) else ""
        )
        return True

    def decline_switch(self) -> bool:
        """Keep the member now served; say whether there was a question."""
        offered, self._offered = self._offered, None
        if offered is not None:
            self._stage.hush()
        return offered is not None

    def let_offer_lapse(self) -> None:
        """Take a question nobody answered for a no."""
        if self._clock.monotonic() - self._offered_at >= SWITCH_SECONDS:
            self.decline_switch()

    def sold(self, at: datetime) -> None:
        """Take note of a committed sale: the codes shown for it are used up; UTC."""
        person = self._stage.view.person
        if isinstance(person, Serving):
            self.lately.sold(person.member.member_id, self._clock.monotonic())
        codes = self._shown.sold(self._identifier)
        if codes:
            self._runner.run(lambda: self._workshop().lookup.use(codes, at), lambda _: None, _not_remembered)

    def forget(self) -> None:
        """Throw away answers still to come: the customer they are for has gone."""
        self._shown.clear()
        self._attempt += 1
        self._picture += 1
        self._identifier = None
        self._offered = self._before = None

    def without_member(self) -> None:
        """Go on without a member."""
        self.forget()
        self._stage.show(steps.serving(self._stage.view, WithoutMember()))

    def _still_shown(self, parsed: Parsed, last: Parsed | None) -> bool:
        """Say whether this is the code seen a moment ago, still held there."""
        step = self._stage.view.step
        if step is Step.IDLE:
            # A phone left before the camera after the sale; its code is used up and would be refused.
            return names_same(parsed, last) and self._shown.was_sold(parsed)
        # After a code that ran out, the fresh one of the same card counts at once.
        return parsed == last if step is Step.PROBLEM else names_same(parsed, last)

    def _start(self, identifier: Identifier, *, typed: bool) -> None:
        self._offered = self._before = None
        self._shown.start(identifier)
        self._identifier = identifier
        self._origin = Origin.TYPED if typed else Origin.SCANNED
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

        def failed(error: BaseException) -> None:
            if attempt == self._attempt:
                show_failed(self._stage, error, instead=True)

        self._runner.run(lambda: self._workshop().lookup.find(identifier), done, failed)

    def _found(self, identifier: Identifier, answer: Answer) -> None:
        view, way = self._stage.view, way_of(identifier)
        match answer:
            case MemberFound() | Remembered():
                self._serve(serving(identifier, answer, self._origin))
            case Unreachable():
                self._stage.show(steps.serving(view, ServingUnseen(shown(identifier), way)))
            case SeveralMembers(several):
                self._stage.show(steps.choosing(view, Choosing(shown(identifier), several, marked=0)))
            case NoSuchMember():
                person = NotFound(readable(identifier), way)
                self._stage.show(steps.problem(view, person, keep_entry=True))
            case CodeTooOld() | CodeAhead() | CodeUsed():
                self._stage.show(steps.problem(view, answer, keep_entry=False))

    def _other_customer(self, identifier: Identifier) -> None:
        """A code while somebody is served: the same member, or somebody else by mistake or on purpose."""
        if names_same(identifier, self._identifier):
            self._shown.add(identifier)
            self._stage.remark(NoticeKind.ALREADY_HERE)
            return
        self._ask(identifier, self._other_found)

    def _other_found(self, identifier: Identifier, answer: Answer) -> None:
        # What was typed or pressed while the answer was on its way counts.
        if self._selling():
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
        elif self._is_here(answer):
            self._shown.add(identifier)
            self._stage.remark(NoticeKind.ALREADY_HERE)
        elif steps.empty_bill(self._stage.view):
            self._switch(identifier, answer)
        else:
            self._offer_switch(identifier, answer)

    def _keep_for_changing_back(self) -> None:
        person = self._stage.view.person
        self._before = (self._identifier, person) if isinstance(person, Serving | ServingUnseen) else None

    def _serve(self, person: Serving | ServingUnseen) -> None:
        """Serve somebody, and ask about whoever was here a moment ago: it may be the last one's card."""
        served = steps.serving(self._stage.view, person)
        if isinstance(person, Serving):
            minutes = self.lately.minutes_since(person.member.member_id, self._clock.monotonic())
            served = replace(served, here_before=minutes)
        self._stage.show(served)

    def _switch(self, identifier: Identifier, answer: Answer) -> None:
        self._keep_for_changing_back()
        self._shown.start(identifier)
        self._identifier, self._origin = identifier, Origin.SCANNED
        self._found(identifier, answer)
        person = self._stage.view.person
        if isinstance(person, Serving):
            self._stage.remark(NoticeKind.SWITCHED, person.member.first_name)

    def _offer_switch(self, identifier: Identifier, answer: Answer) -> None:
        way = way_of(identifier)
        match answer:
            case MemberFound() | Remembered():
                person = serving(identifier, answer, Origin.SCANNED)
                self._offer(identifier, person, answer.member.first_name)
            case Unreachable():
                self._offer(identifier, ServingUnseen(shown(identifier), way), "")
            case CodeTooOld() | CodeAhead() | CodeUsed():
                self._stage.remark(NoticeKind.CODE_RAN_OUT)
            case _:
                self._stage.remark(NoticeKind.NOT_A_LOYALTY_CODE)

    def _offer(self, identifier: Identifier, person: Serving | ServingUnseen, name: str) -> None:
        self._offered = (identifier, person)
        self._offered_at = self._clock.monotonic()
        self._stage.remark(NoticeKind.SWITCH_OFFERED, name)

    def _is_here(self, answer: Answer) -> bool:
        person = self._stage.view.person
        return (
            isinstance(answer, MemberFound | Remembered)
            and isinstance(person, Serving)
            and person.member.member_id == answer.member.member_id
        )

    def _selling(self) -> bool:
        """Say whether an accepted offer is being held, paid for or committed: its member stays."""
        return selling(self._stage.view)

    def _not_recognised(self, parsed: Unrecognised) -> None:
        # A card number must not stay in the field for anybody to read.
        self._nobody(parsed, keep_entry=parsed.reason is not NotRecognised.PAYMENT_CARD)

    def _nobody(self, person: Unrecognised | SeveralCodes | NoCode, *, keep_entry: bool) -> None:
        """Say that nobody was recognised; whoever is served, or being looked up, stays."""
        if self._selling():
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
        elif self._stage.view.step in SERVED | {Step.LOOKING_UP}:
            self._stage.remark(NoticeKind.NOT_A_LOYALTY_CODE)
        else:
            self._stage.show(steps.problem(self._stage.view, person, keep_entry=keep_entry))


def _not_remembered(error: BaseException) -> None:
    # The sale stands; the backend still refuses a code it has seen.
    logger.info("a used code could not be remembered: %s", error.__class__.__name__)
