"""A return the loyalty system is asked for first counts once it is booked, and nowhere if it never is."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.counting import WAITING, Recorded, Standing, each_as_it_stands, moved, returned
from cashier_app.domain.counting_acts import acts_as_they_stand
from cashier_app.domain.figures import NO_FIGURES, Figures
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import EffectKind, EffectState
from tests.fakes.effects import effect, sale

ASKED = replace(effect(EffectKind.REFUND), points=Decimal(0), asked_first=True)
BOOKED = Standing(EffectState.POSTED, Booked("r", points=Decimal(-21)))
NOT_YET = [Standing(state) for state in EffectState if state is not EffectState.POSTED]
SALE = replace(sale(), number="2-0418")


def total(movements: list[Figures]) -> Figures:
    figures = NO_FIGURES
    for one in movements:
        figures = figures + one
    return figures


@pytest.mark.parametrize("standing", NOT_YET)
def test_before_it_is_booked_it_counts_nothing(standing: Standing) -> None:
    assert moved(SALE, ASKED, WAITING, standing, UTC) is None
    rows = [Recorded(ASKED, standing)]
    alone = total([one.figures for one in each_as_it_stands(SALE, [], (), UTC)])
    assert total([one.figures for one in each_as_it_stands(SALE, rows, (), UTC)]) == alone
    assert acts_as_they_stand(SALE, "2", rows, UTC) == []


def test_once_it_is_booked_it_counts_as_any_return() -> None:
    whole = returned(SALE, [ASKED], BOOKED, UTC)
    assert whole.figures.returned_paid == ASKED.paid.minor
    assert whole.figures.taken_back == 21
    assert moved(SALE, ASKED, WAITING, BOOKED, UTC) == whole
    rows = [Recorded(ASKED, BOOKED)]
    alone = total([one.figures for one in each_as_it_stands(SALE, [], (), UTC)])
    assert total([one.figures for one in each_as_it_stands(SALE, rows, (), UTC)]) == alone + whole.figures
    (act,) = acts_as_they_stand(SALE, "2", rows, UTC)
    assert act.figures == whole.figures
