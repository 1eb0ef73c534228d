"""Holds that outlived their sale are let go, and nobody else's."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.domain.outcome import NotApplied
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.services.janitor import TRY_AGAIN_SECONDS
from tests.fakes.backend import CAPABILITIES, Fault
from tests.fakes.counter import PRIYAS_CODE, Counter

LISTS = replace(CAPABILITIES, hold=None, lists_holds=True)


@pytest.fixture
def till(counter: Counter) -> Counter:
    counter.backend.can = LISTS
    counter.session.scan(PRIYAS_CODE)
    counter.type("2360")
    return counter


def left_behind(till: Counter) -> None:
    """Hold points whose answer is lost, and whose look-up says that they were never held."""
    till.backend.faults.extend([Fault.ANSWER_LOST, Fault.ANSWER_LOST])
    till.backend.look_up_answers.extend([NotApplied()] * 4)
    till.press_enter(2)
    till.drain()
    assert len(till.backend.open_holds()) == 1
    assert {row.state for row in till.rows()} <= {EffectState.DROPPED, EffectState.POSTED}


def test_a_hold_that_outlived_its_sale_is_let_go_at_the_next_start(till: Counter) -> None:
    left_behind(till)
    till.restart()
    till.delivery.tidy()
    till.drain()
    assert till.backend.open_holds() == []
    assert till.rows()[-1].effect.kind is EffectKind.RELEASE
    till.delivery.tidy()
    assert till.unfinished() == []


def test_without_an_answer_it_is_asked_again_later(till: Counter) -> None:
    left_behind(till)
    till.restart()
    till.backend.silent = True
    till.delivery.tidy()
    till.backend.silent = False
    till.delivery.tidy()
    assert len(till.backend.open_holds()) == 1, "not at once"
    till.clock.advance(TRY_AGAIN_SECONDS)
    till.delivery.tidy()
    till.drain()
    assert till.backend.open_holds() == []


def test_a_hold_under_way_and_one_that_is_paid_for_are_left_alone(till: Counter) -> None:
    till.press_enter(2)
    till.delivery.tidy()
    assert len(till.backend.open_holds()) == 1
    till.press_enter()
    till.delivery._janitor._done = False
    till.clock.advance(TRY_AGAIN_SECONDS)
    till.delivery.tidy()
    till.drain()
    assert till.kinds() == [EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.SALE]


def test_another_tills_hold_is_left_alone(till: Counter, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Counter(tmp_path_factory.mktemp("other"))
    try:
        till.press_enter(2)
        other.backend = till.backend
        other.backend.can = LISTS
        other.journal.close()
        other._open()
        other.delivery.tidy()
        assert other.unfinished() == []
    finally:
        other.close()
    assert len(till.backend.open_holds()) == 1


def test_a_backend_that_lists_nothing_is_not_asked(counter: Counter) -> None:
    counter.backend.silent = True
    counter.delivery.tidy()
    assert not counter.delivery._janitor.has_work
