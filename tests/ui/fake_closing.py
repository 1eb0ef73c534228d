"""Closed days that answer with what they were given and note what they were asked."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from cashier_app.domain.day_close import ClosedDay, DayClose, OpenDay
from cashier_app.errors import KnownError
from cashier_app.services.approval import Approval
from cashier_app.wording import Wording
from cashier_app.wording.close_sheet import CloseSheet
from cashier_app.wording.day_close import CopyMark, closed_sheet
from tests.fakes.day_closes import UNTIL, busy_report, closed


class FakeClosing:
    """Pressed twice, it closes once; `refusal` is raised by the next call that may fail."""

    def __init__(self, report: DayClose | None = None, days: int = 3) -> None:
        self.report = report or busy_report(0)
        self.days = [closed(busy_report(number)) for number in range(days, 0, -1)]
        self.refusal: KnownError | None = None
        self.asked: list[tuple[object, ...]] = []

    def preview(self) -> OpenDay:
        self._refuse()
        return OpenDay(self.report, len(self.days) + 1)

    def close(self, number: int, approval: Approval) -> ClosedDay:
        self.asked.append(("close", number, approval.by))
        self._refuse()
        found = next((day for day in self.days if day.report.number == number), None)
        if found is None:
            found = closed(replace(self.report, number=number, closed_by=approval.by))
            self.days.insert(0, found)
        return found

    def earlier(self, limit: int = 50, below: int = 0) -> list[ClosedDay]:
        self._refuse()
        return [day for day in self.days if not below or day.report.number < below][:limit]

    def for_paper(self, number: int, wording: Wording) -> tuple[CloseSheet, int]:
        copy = self._hand_out(number, "printed")
        day = next(day for day in self.days if day.report.number == number)
        return closed_sheet(day, wording, CopyMark(copy, UNTIL) if copy else None), copy

    def save(self, number: int, path: Path, wording: Wording, *, roll: bool = False) -> int:
        del wording
        return self._hand_out(number, f"{path.name}{' roll' if roll else ''}")

    def _hand_out(self, number: int, how: str) -> int:
        self._refuse()
        self.asked.append(("out", number, how))
        at = next(place for place, day in enumerate(self.days) if day.report.number == number)
        before = self.days[at].copies
        self.days[at] = replace(self.days[at], copies=before + 1)
        return before

    def _refuse(self) -> None:
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
