"""The state machine of who is at the till: snapshots out, intents in, one thread.

It stands beside `TillSession` and knows nothing of sales: what is under way stays as it is behind the lock.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from cashier_app.domain.pin import LONGEST_PIN
from cashier_app.domain.staff import StaffMember
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.runner import Runner
from cashier_app.services.approval import Approval, ApprovalAsked, Reason, signature
from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.desk_steps import among, approval_prompt, refused, sentence_of, with_chosen
from cashier_app.services.desk_view import DeskStage, DeskView, PinPrompt, Question, Trouble
from cashier_app.services.sign_in import Allowed, BadgeAnswer, NeedsPin, SignIn, TooSoon

MANAGER_PAGE_SECONDS = 300
READ_AGAIN_SECONDS = 60.0

Answered = Callable[[Approval | None], None]


class Desk:
    """Who is at the till. All methods belong to one thread and never wait.

    Args:
        settings: How the shop signs in.
        sign_in: Called by workers, opening it at the first call.
        runner: Runs what blocks.
        clock: For idle time and waits; only its monotonic side.
        engaged: Whether the till must not be locked now: a customer is paying.
    """

    def __init__(
        self,
        settings: DeskSettings,
        sign_in: Callable[[], SignIn],
        runner: Runner,
        clock: Clock,
        engaged: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings = settings
        self._sign_in = sign_in
        self._runner = runner
        self._clock = clock
        self._engaged = engaged
        self._view = DeskView(DeskStage.STARTING)
        self._listeners: list[Callable[[DeskView], None]] = []
        self._people: tuple[StaffMember, ...] = ()
        self._pin = ""
        self._try = 0
        self._answered: Answered | None = None
        self._touched_at = clock.monotonic()
        self._wait_ends = 0.0
        self._read_at = float("-inf")
        self._reading = False
        self._manager_page = False

    @property
    def view(self) -> DeskView:
        """Return the snapshot on show."""
        return self._view

    @property
    def people(self) -> tuple[StaffMember, ...]:
        """Return who may sign in, as last read."""
        return self._people

    def subscribe(self, listener: Callable[[DeskView], None]) -> None:
        """Call the listener with every new snapshot, and with this one now."""
        self._listeners.append(listener)
        listener(self._view)

    def start(self) -> None:
        """Read the staff; from then on the till is `OFF`, `LOCKED` or, in the demo shop, `OPEN`."""
        self._read_people()

    # --- the question for a PIN -------------------------------------------------------------------

    def choose(self, staff_id: str) -> None:
        """Say whose PIN is going to be typed."""
        prompt = self._ready()
        chosen = next((one for one in prompt.people if one.staff_id == staff_id), None) if prompt else None
        if prompt is None or chosen is None:
            return
        self._pin = ""
        self._ask(with_chosen(prompt, chosen, self._settings.pin_digits))

    def choose_again(self) -> None:
        """Go back from the digits to the choice of people."""
        prompt = self._ready()
        if prompt is not None:
            self._pin = ""
            self._ask(replace(prompt, chosen=None, typed=0, trouble=None))

    def type_digit(self, digit: str) -> None:
        """Take one digit of the PIN; anything else is no news."""
        prompt = self._ready()
        fits = len(digit) == 1 and digit.isascii() and digit.isdigit() and len(self._pin) < LONGEST_PIN
        if prompt is None or prompt.chosen is None or not fits:
            return
        self._pin += digit
        self._ask(replace(prompt, typed=len(self._pin), trouble=None))

    def delete(self) -> None:
        """Take the last digit back."""
        prompt = self._ready()
        if prompt is not None and self._pin:
            self._pin = self._pin[:-1]
            self._ask(replace(prompt, typed=len(self._pin), trouble=None))

    def choose_reason(self, reason: Reason) -> None:
        """Say why the limit is lifted, where there is a choice."""
        prompt = self._ready()
        if prompt is not None and prompt.asked is not None and reason in prompt.asked.reasons:
            self._ask(replace(prompt, reason=reason))

    def enter(self) -> None:
        """Check the PIN. One that is too short is not a try."""
        prompt = self._ready()
        if prompt is None or prompt.chosen is None:
            return
        if len(self._pin) < prompt.least:
            self._ask(replace(prompt, trouble=Trouble.TOO_SHORT))
            return
        pin, self._pin = Secret(self._pin), ""
        who = prompt.chosen.staff_id
        match prompt.question:
            case Question.APPROVAL if prompt.asked is not None:
                asked, on_duty, reason = prompt.asked, self._view.staff_id, prompt.reason
                self._check(lambda: self._sign_in().approve(asked, who, pin, on_duty, reason))
            case Question.SWITCH:
                self._check(lambda: self._sign_in().enter(who, pin, "switched"))
            case _:
                self._check(lambda: self._sign_in().enter(who, pin))

    def badge(self, text: str) -> bool:
        """Take a scan; say whether it was the desk's: every scan is while a PIN is asked for.

        A badge chooses its owner; where the shop allows it, it signs those in who only sell.
        """
        prompt = self._view.prompt
        if prompt is None:
            return self._view.stage in {DeskStage.STARTING, DeskStage.LOCKED}
        if prompt.busy:
            return True
        self._touch()
        if not self._settings.badges:
            self._ask(replace(prompt, trouble=Trouble.NO_BADGES))
            return True
        self._pin = ""
        alone = self._settings.badge_alone and prompt.question is not Question.APPROVAL
        self._check(lambda: self._sign_in().badge(text, alone=alone))
        return True

    def cancel(self) -> None:
        """Go back to the till without an answer, where that is possible; a try under way leads to nothing."""
        prompt = self._view.prompt
        if prompt is None:
            return
        if not prompt.can_cancel:
            self.choose_again()
            return
        self._touch()
        self._end_prompt(None)

    # --- locking and switching --------------------------------------------------------------------

    def lock(self) -> None:
        """Lock now, or as soon as the payment under way is done."""
        if self._view.stage is not DeskStage.OPEN:
            return
        if self._engaged():
            self._show(replace(self._view, lock_due=True))
            return
        self._end_prompt(None)
        self._lock()

    def switch(self) -> None:
        """Ask who takes over; whoever is on duty stays so until somebody does. Not while a customer pays."""
        if self._view.stage is DeskStage.OPEN and self._view.prompt is None and not self._engaged():
            self._touch()
            self._ask(self._prompt(Question.SWITCH, self._people, can_cancel=True))
            self._read_people()

    def refunded(self) -> None:
        """Lock after a refund: the next one wants a PIN again."""
        self.lock()

    def touched(self) -> None:
        """Somebody is there: a key, a press, a scan. Not to be called for what moves by itself."""
        self._touch()

    def show_manager_page(self, *, shown: bool) -> None:
        """Say that a page only managers see is on show: it locks after 5 minutes instead."""
        self._manager_page = shown
        self._touch()

    def tick(self) -> None:
        """Look at the clock: once a second."""
        now = self._clock.monotonic()
        self._count_down(now)
        idle = now - self._touched_at >= self._locks_after()
        view = self._view
        if view.stage is DeskStage.OPEN and (idle or view.lock_due):
            self.lock()
        elif view.stage is DeskStage.LOCKED and idle and view.prompt and view.prompt.chosen:
            # Half a PIN is not left for whoever comes next.
            self.choose_again()
        if now - self._read_at >= READ_AGAIN_SECONDS:
            self._read_people()

    # --- approvals --------------------------------------------------------------------------------

    def ask(self, asked: ApprovalAsked, answered: Answered) -> None:
        """Ask somebody with the right to allow something; also whoever is on duty types their PIN again.

        Args:
            asked: What it is.
            answered: Called once with the approval, or with None when it was cancelled, nobody may give it,
                or the till is locked. Where nobody signs in nothing is asked here: call `asks_pin` first.
        """
        able = tuple(one for one in self._people if one.may(asked.right))
        if self._view.stage is not DeskStage.OPEN or not able:
            answered(None)
            return
        self._end_prompt(None)
        self._touch()
        self._answered = answered
        digits, badges = self._settings.pin_digits, self._settings.badges
        self._ask(approval_prompt(asked, able, self._view.on_duty, digits, by_badge=badges))

    @property
    def asks_pin(self) -> bool:
        """Say whether approvals come from PINs here, not from a typed name."""
        return self._view.stage in {DeskStage.LOCKED, DeskStage.OPEN}

    # --- inside -----------------------------------------------------------------------------------

    def _ready(self) -> PinPrompt | None:
        """Return the question when it can be worked on."""
        prompt = self._view.prompt
        if prompt is None or prompt.busy:
            return None
        self._touch()
        return prompt

    def _prompt(
        self, question: Question, people: tuple[StaffMember, ...], *, can_cancel: bool = False
    ) -> PinPrompt:
        digits, badges = self._settings.pin_digits, self._settings.badges
        return PinPrompt(question, people, least=digits, by_badge=badges, can_cancel=can_cancel)

    def _check(self, work: Callable[[], BadgeAnswer]) -> None:
        prompt = self._view.prompt
        if prompt is None:
            return
        self._try += 1
        number = self._try
        self._ask(replace(prompt, busy=True, typed=0, trouble=None))
        self._runner.run(
            work,
            lambda answer: self._came(number, answer),
            lambda error: self._failed(number, error),
        )

    def _came(self, number: int, answer: BadgeAnswer) -> None:
        prompt = self._view.prompt
        if number != self._try or prompt is None:
            return
        prompt = replace(prompt, busy=False)
        match answer:
            case Allowed(member):
                self._allowed(prompt, member)
            case NeedsPin(member) if member in prompt.people:
                self._ask(with_chosen(prompt, member, self._settings.pin_digits))
            case _:
                if isinstance(answer, TooSoon):
                    self._wait_ends = self._clock.monotonic() + answer.seconds
                self._ask(refused(prompt, answer))

    def _allowed(self, prompt: PinPrompt, member: StaffMember) -> None:
        self._touch()
        if prompt.question is Question.APPROVAL and prompt.asked is not None:
            asked = prompt.asked
            self._end_prompt(Approval(signature(member), member.staff_id, prompt.reason, asked.limit))
            return
        self._show(DeskView(DeskStage.OPEN, member))

    def _failed(self, number: int, error: BaseException) -> None:
        prompt = self._view.prompt
        if number == self._try and prompt is not None:
            self._ask(replace(prompt, busy=False, trouble=Trouble.FAILED, sentence=sentence_of(error)))

    def _end_prompt(self, approval: Approval | None) -> None:
        """Take the question away and tell whoever asked; a try under way is somebody else's from now on."""
        self._pin = ""
        self._try += 1
        answered, self._answered = self._answered, None
        if self._view.stage is DeskStage.OPEN:
            self._show(replace(self._view, prompt=None))
        if answered is not None:
            answered(approval)

    def _lock(self) -> None:
        self._manager_page = False
        prompt = self._prompt(Question.SIGN_IN, self._people)
        self._show(DeskView(DeskStage.LOCKED, self._view.on_duty, prompt))
        self._read_people()

    def _locks_after(self) -> float:
        return MANAGER_PAGE_SECONDS if self._manager_page else self._settings.lock_after_seconds

    def _touch(self) -> None:
        self._touched_at = self._clock.monotonic()

    def _count_down(self, now: float) -> None:
        prompt = self._view.prompt
        if prompt is None or prompt.trouble is not Trouble.WAIT:
            return
        left = max(0, -int(now - self._wait_ends))
        if left != prompt.wait_seconds:
            trouble = Trouble.WAIT if left else None
            self._ask(replace(prompt, wait_seconds=left, trouble=trouble))

    def _read_people(self) -> None:
        if self._reading:
            return
        self._reading = True
        self._read_at = self._clock.monotonic()
        self._runner.run(lambda: self._sign_in().people(), self._people_came, self._not_read)

    def _people_came(self, people: tuple[StaffMember, ...]) -> None:
        self._reading = False
        self._people = people
        view = self._view
        if not people:
            if view.stage is not DeskStage.OFF:
                self._end_prompt(None)
                self._show(DeskView(DeskStage.OFF))
            return
        match view.stage:
            case DeskStage.STARTING if self._settings.on_duty:
                first = next((one for one in people if one.staff_id == self._settings.on_duty), people[0])
                self._touch()
                self._show(DeskView(DeskStage.OPEN, first))
            case DeskStage.STARTING:
                self._lock()
            case DeskStage.OFF if not self._engaged():
                self._lock()
            case DeskStage.OPEN:
                self._follow(people)
            case DeskStage.LOCKED if view.prompt is not None and not view.prompt.busy:
                self._ask(among(view.prompt, people))

    def _follow(self, people: tuple[StaffMember, ...]) -> None:
        """Take over what was changed of whoever is on duty; one who has left is locked out."""
        view = self._view
        if view.prompt is not None and not view.prompt.busy:
            self._ask(among(view.prompt, people))
        if view.on_duty in people:
            return
        now = next((one for one in people if view.on_duty and one.staff_id == view.on_duty.staff_id), None)
        if now is None:
            self.lock()
        else:
            self._show(replace(self._view, on_duty=now))

    def _not_read(self, error: BaseException) -> None:
        self._reading = False
        if self._view.stage is DeskStage.STARTING:
            # Nobody may sell meanwhile; the next tick but a few tries again.
            self._read_at = self._clock.monotonic() - READ_AGAIN_SECONDS + 2.0
            self._show(replace(self._view, sentence=sentence_of(error)))

    def _ask(self, prompt: PinPrompt) -> None:
        self._show(replace(self._view, prompt=prompt))

    def _show(self, view: DeskView) -> None:
        if view == self._view:
            return
        self._view = view
        for listener in self._listeners:
            listener(view)
