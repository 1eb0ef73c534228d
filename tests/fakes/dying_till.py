"""A till whose power is cut at a request: before it leaves, or after it took hold unheard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from cashier_app.backends.plain_backend import PointsRules
from cashier_app.domain.enrolment import EnrolmentAnswer, NewMember
from cashier_app.domain.outcome import Outcome
from cashier_app.domain.sale import Effect, SaleReturn
from cashier_app.services.delivery import Delivery
from tests.fakes.backend_around import AroundBackend
from tests.fakes.counter import Counter, new_backend
from tests.fakes.shop import COINS


class PowerCut(BaseException):
    """The process is gone, here and now."""


class DyingBackend(AroundBackend):
    """Moves points and nothing else; at some requests the till dies, before they leave or unheard after."""

    dies: tuple[int, bool] | None = None

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return what a return comes to, in points."""
        return PointsRules().plan_refund(returned)

    def apply(self, effect: Effect) -> Outcome:
        """Make the effect take hold, or cut the power."""
        after = self._cuts()
        outcome = super().apply(effect)
        if after:
            raise PowerCut
        return outcome

    def enrol(self, new: NewMember) -> EnrolmentAnswer:
        """Make somebody a member, or cut the power."""
        after = self._cuts()
        answer = super().enrol(new)
        if after:
            raise PowerCut
        return answer

    def book_elsewhere(self, effect: Effect) -> Outcome:
        """Let another till tell it, whatever befalls this one."""
        return self._settle(effect)

    def _cuts(self) -> bool:
        """Cut the power before the request, or say that it is to be cut after it."""
        if self.dies is None:
            return False
        left, after = self.dies
        self.dies = (left - 1, after) if left else None
        if left == 0 and not after:
            raise PowerCut
        return left == 0


class DyingTill(Counter):
    """A counter before that backend; `plant` spoils it, also after each start."""

    def __init__(self, folder: Path, delivery: type[Delivery], plant: Callable[[Counter], None]) -> None:
        self.plant = plant
        super().__init__(folder, delivery=delivery, program=replace(COINS, claim_days=14))

    def _open(self) -> None:
        if not isinstance(self.backend, DyingBackend):
            people = new_backend(self.clock).members
            self.backend = DyingBackend(self.clock, self.backend.the_program, people)
        super()._open()
        self.plant(self)
