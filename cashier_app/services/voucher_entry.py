"""From a voucher's code, scanned or typed while a bill stands, to what it gives: asked once, on a worker."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.choice import TakeReward
from cashier_app.domain.identifier import NotRecognised, Origin, Unrecognised, parse_identifier
from cashier_app.domain.money import Money
from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.pasted_bill import bill_on_show
from cashier_app.services.stage import Stage
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_view import NoticeKind, Serving, Step, Target, TillView
from cashier_app.services.voucher_view import (
    KEY,
    VoucherAsked,
    VoucherGood,
    VoucherNot,
    WhyNotAsked,
    is_code,
    is_taken,
    not_typing,
    typing,
    why_not_asked,
)

if TYPE_CHECKING:
    from cashier_app.domain.vouchers import VoucherAnswer, VoucherRefused
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

_CHOOSING = {Step.BILL, Step.REWARD}
_MAY_BE_VOUCHERS = {NotRecognised.COUPON, NotRecognised.NOT_OURS}


class VoucherEntry:
    """Takes a voucher's code, has it looked up and offers what it gives. One thread only.

    Args:
        stage: Shows what was found.
        workshop: Asks the backend.
        runner: Carries the question to a worker.
        settings: Whose codes begin how.
    """

    def __init__(self, stage: Stage, workshop: OpenWorkshop, runner: Runner, settings: TillSettings) -> None:
        self._stage = stage
        self._workshop = workshop
        self._runner = runner
        self._settings = settings
        self._asking: object = None

    def takes_scan(self, text: str) -> bool:
        """Look a scanned voucher up; say whether it was one."""
        view, code = self._stage.view, text.strip()
        if view.step not in _CHOOSING or view.here_before is not None or not self._is_voucher(view, code):
            return False
        if view.busy:
            self._stage.remark(NoticeKind.SCAN_NOT_USED)
        else:
            self._check(code)
        return True

    def start(self) -> None:
        """Let a code be typed."""
        view = self._stage.view
        if view.step not in _CHOOSING or view.busy or view.here_before is not None:
            return
        if is_taken(view):
            self._stage.remark(NoticeKind.ONE_VOUCHER)
            return
        why = why_not_asked(view)
        self._stage.show(typing(view) if why is None else self._refused(view, why))

    def takes_confirm(self) -> bool:
        """Look the typed code up; say whether one is being typed."""
        view = self._stage.view
        if view.target is not Target.VOUCHER:
            return False
        if view.entry:
            self._check(view.entry)
        return True

    def takes_pick(self, key: str) -> bool:
        """Look up the voucher of an offer that was pressed; say whether it was one."""
        if not key.startswith(KEY):
            return False
        if key == KEY:
            self.start()
        elif self._stage.view.step in _CHOOSING and not self._stage.view.busy:
            self._check(key.removeprefix(KEY))
        return True

    def cancel(self) -> None:
        """Stop waiting; an answer that still comes is not used."""
        if self._asking is not None:
            self._asking = None
            self._stage.show(steps.requoted(replace(self._stage.view, busy=False, voucher=None)))

    def _is_voucher(self, view: TillView, code: str) -> bool:
        prefixes = self._settings.voucher_prefixes
        if prefixes:
            return code.casefold().startswith(tuple(one.casefold() for one in prefixes))
        if view.can is None or not view.can.vouchers or not is_code(code):
            return False
        parsed = parse_identifier(code, self._settings.rules, Origin.SCANNED)
        return isinstance(parsed, Unrecognised) and parsed.reason in _MAY_BE_VOUCHERS

    def _check(self, code: str) -> None:
        view = not_typing(self._stage.view)
        if is_taken(view):
            self._stage.show(view)
            self._stage.remark(NoticeKind.ONE_VOUCHER)
            return
        why = why_not_asked(view) or (None if is_code(code) else WhyNotAsked.NOT_A_CODE)
        person = view.person
        if why is not None or not isinstance(person, Serving):
            self._stage.show(self._refused(view, why or WhyNotAsked.NO_MEMBER))
            return
        asking = self._asking = object()
        member_id, amount, bill = person.member.member_id, view.bill.money, bill_on_show(view)
        self._stage.show(
            replace(view, busy=True, trouble="", voucher=VoucherAsked(code), clears_after=None, notice=None)
        )
        self._runner.run(
            lambda: self._workshop().lookup.check_voucher(code, member_id, bill),
            lambda answer: self._came(asking, amount, answer),
            lambda error: self._failed(asking, amount, error),
        )

    def _refused(self, view: TillView, why: VoucherRefused | WhyNotAsked) -> TillView:
        return steps.requoted(replace(view, voucher=VoucherNot(why, view.bill.money), trouble=""))

    def _came(self, asking: object, bill: Money, answer: VoucherAnswer) -> None:
        from cashier_app.domain.vouchers import VoucherOffer, VoucherRefused  # with the first voucher

        if asking is not self._asking:
            return
        self._asking = None
        view = replace(self._stage.view, busy=False)
        match answer:
            case VoucherOffer():
                offered = replace(view, voucher=VoucherGood(answer, bill))
                taken = steps.chosen(offered, TakeReward(answer.reward.reward_id))
                refused = taken.quote is None or taken.quote.reward is None
                # What the program refuses stays among the rewards, with why.
                self._stage.show(steps.requoted(offered) if refused else taken)
            case VoucherRefused():
                self._stage.show(self._refused(view, answer))
            case _:
                self._stage.show(self._refused(view, WhyNotAsked.OFFLINE))

    def _failed(self, asking: object, bill: Money, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            logger.error("looking a voucher up met a bug", exc_info=error)
        self._came_without_answer(asking, bill)

    def _came_without_answer(self, asking: object, bill: Money) -> None:
        if asking is self._asking:
            self._asking = None
            view = replace(self._stage.view, busy=False, voucher=VoucherNot(WhyNotAsked.OFFLINE, bill))
            self._stage.show(steps.requoted(view))
