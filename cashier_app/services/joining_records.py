"""Two records of one person, noticed while a phone number's members are chosen from."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.errors import KnownError
from cashier_app.ports.runner import Runner
from cashier_app.services.stage import Stage
from cashier_app.services.till_view import Choosing, NoticeKind, Step

if TYPE_CHECKING:
    from cashier_app.services.workshop import OpenWorkshop

logger = logging.getLogger(__name__)

BUG_SENTENCE = "Something went wrong here. Nothing was asked."


class JoiningRecords:
    """Asks that two records be joined, once for each two. One thread only."""

    def __init__(self, stage: Stage, workshop: OpenWorkshop, runner: Runner) -> None:
        self._stage, self._workshop, self._runner = stage, workshop, runner
        self._asked: set[frozenset[str]] = set()

    def ask(self) -> None:
        """Ask that the two on show be joined: the other one is to go into the one that is marked."""
        view = self._stage.view
        shown = view.person
        if view.step is not Step.CHOOSING or not isinstance(shown, Choosing) or len(shown.found) != 2:
            return
        kept, other = shown.found[shown.marked].member, shown.found[1 - shown.marked].member
        pair = frozenset({kept.member_id, other.member_id})
        if pair in self._asked:
            self._stage.remark(NoticeKind.JOIN_ASKED)
            return
        self._asked.add(pair)
        staff_id = view.cashier.staff_id if view.cashier else ""

        def done(_: str) -> None:
            self._stage.remark(NoticeKind.JOIN_ASKED)
            self._workshop().sender.wake()

        def failed(error: BaseException) -> None:
            self._asked.discard(pair)
            sentence = error.sentence if isinstance(error, KnownError) else BUG_SENTENCE
            if not isinstance(error, KnownError):
                logger.error("asking to join two records met a bug", exc_info=error)
            self._stage.show(replace(self._stage.view, trouble=sentence))

        self._runner.run(
            lambda: self._workshop().same_person.ask_to_join(kept, other, staff_id), done, failed
        )
