"""The account of whoever is served, read again; and what this till knows of them while offline."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.offline_policy import OfflineRecord
from cashier_app.domain.outcome import BadCode, Lookup, MemberFound, Remembered
from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.services import till_steps as steps
from cashier_app.services.stage import Stage
from cashier_app.services.till_view import Serving, Step, TillView

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

BUG_SENTENCE = "Something went wrong here. Scan again."
SERVED = {Step.BILL, Step.REWARD}
Answer = Lookup | Remembered | BadCode


class AccountReading:
    """Keeps what is shown of the served member up to date; an answer for somebody else is thrown away."""

    def __init__(self, stage: Stage, workshop: OpenWorkshop, runner: Runner) -> None:
        self._stage, self._workshop, self._runner = stage, workshop, runner

    def refresh(self) -> None:
        """Read the served member's account again, or of the one whose sale was just posted."""
        person = self._stage.view.person
        if not isinstance(person, Serving) or not self._may_change():
            return

        def done(answer: Answer) -> None:
            # While points are held and paid for, the offer accepted stands.
            if self._stage.view.person is person and self._may_change():
                self._refreshed(person, answer)

        def failed(error: BaseException) -> None:
            if self._stage.view.person is person and self._may_change():
                show_failed(self._stage, error, instead=False)

        self._runner.run(lambda: self._workshop().lookup.refresh(person.member.member_id), done, failed)

    def recall(self) -> None:
        """Read what this till knows of the served member's redemptions offline; asks nobody else."""
        person = self._stage.view.person
        if not isinstance(person, Serving) or person.fresh:
            return

        def done(record: OfflineRecord) -> None:
            if self._stage.view.person is person and self._may_change():
                self._stage.show(
                    steps.requoted(replace(self._stage.view, person=replace(person, record=record)))
                )

        def failed(error: BaseException) -> None:
            # Without it nothing is redeemed offline: nothing to tell the cashier.
            logger.info("redemptions offline could not be read: %s", error.__class__.__name__)

        member_id = person.member.member_id
        self._runner.run(lambda: self._workshop().lookup.offline_record(member_id), done, failed)

    def _refreshed(self, person: Serving, answer: Answer) -> None:
        view = self._stage.view
        match answer:
            case MemberFound(member, account):
                again = replace(person, member=member, account=account, fresh=True, record=None)
            case Remembered(record=record) if view.step is not Step.DONE:
                again = replace(person, fresh=False, record=record)
                if again == person:
                    return
            case _ if person.fresh and view.step is not Step.DONE:
                again = replace(person, fresh=False)
            case _:
                return
        if view.step is Step.DONE:
            self._stage.show(replace(view, person=again))
            return
        was = person.account.balance
        changed = replace(view, person=again)
        if again.account.balance != was:
            changed = replace(changed, balance_was=was)
        self._stage.show(steps.requoted(changed))

    def _may_change(self) -> bool:
        return self._stage.view.step in SERVED | {Step.DONE} and not self._stage.view.busy


def selling(view: TillView) -> bool:
    """Say whether an accepted offer is being held, paid for or committed."""
    return view.step is Step.PAY or view.busy


def show_failed(stage: Stage, error: BaseException, *, instead: bool) -> None:
    """Say what failed: instead of whoever was looked up, or beside whoever is served."""
    sentence = error.sentence if isinstance(error, KnownError) else BUG_SENTENCE
    if not isinstance(error, KnownError):
        logger.error("a look-up met a bug", exc_info=error)
    view = stage.view
    if selling(view):
        return
    if instead and view.step not in SERVED:
        stage.show(steps.failed(view, sentence))
    else:
        stage.show(replace(view, trouble=sentence))
