"""Lessons that cannot work are found out: else the others prove nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from cashier_app.domain.lesson import Check, Compare, Condition, Lesson, Step
from tests.end_to_end import lesson_playing
from tests.end_to_end.lesson_playing import TAUGHT, NotPlayedError, playing

FIRST = TAUGHT[0]
NEVER = Condition((Check("at", Compare.IS, ("reward",)), Check("member", Compare.IS, ("mem-rahul",))))


def with_step(lesson: Lesson, place: int, step: Step) -> Lesson:
    """Return the lesson with another step."""
    return replace(lesson, steps=(*lesson.steps[:place], step, *lesson.steps[place + 1 :]))


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_playing, "PATIENCE_SECONDS", 0.8)


def test_a_step_that_can_never_be_done_is_found(tmp_path: Path, qtbot: QtBot) -> None:
    hopeless = with_step(FIRST, 1, replace(FIRST.steps[1], until=NEVER))
    with playing(tmp_path, qtbot) as player, pytest.raises(NotPlayedError, match="step 3 of first-scan"):
        player.play(hopeless)


@pytest.mark.parametrize("which", [0, 1])
def test_a_mistake_that_is_never_recognised_is_found(tmp_path: Path, qtbot: QtBot, which: int) -> None:
    mistakes = list(FIRST.steps[0].mistakes)
    mistakes[which] = replace(mistakes[which], when=NEVER)
    blind = with_step(FIRST, 0, replace(FIRST.steps[0], mistakes=tuple(mistakes)))
    with playing(tmp_path, qtbot) as player, pytest.raises(NotPlayedError, match="to be recognised"):
        player.play(blind, wrong=which)


def test_a_mistake_taken_for_another_as_well_is_found(tmp_path: Path, qtbot: QtBot) -> None:
    first, second = FIRST.steps[0].mistakes
    both = (first, replace(second, when=first.when))
    confused = with_step(FIRST, 0, replace(FIRST.steps[0], mistakes=both))
    with playing(tmp_path, qtbot) as player, pytest.raises(NotPlayedError, match="also taken for"):
        player.play(confused, wrong=0)


def test_a_sale_booked_twice_is_found(tmp_path: Path, qtbot: QtBot) -> None:
    with playing(tmp_path, qtbot) as player:
        player.play(FIRST)
        player.audit()
        ledger, [sale] = player.till.shop.server.ledger, player.sold()
        with ledger.transaction():
            ledger.move("once-more", "sale", sale.member_id, 21, at=sale.at, sale_id=sale.sale_id)
        with pytest.raises(NotPlayedError, match="booked as"):
            player.audit()


def test_a_sale_the_till_never_made_is_found(tmp_path: Path, qtbot: QtBot) -> None:
    with playing(tmp_path, qtbot) as player:
        player.play(FIRST)
        ledger, [sale] = player.till.shop.server.ledger, player.sold()
        with ledger.transaction():
            ledger.move("a-strange-one", "sale", sale.member_id, 21, at=sale.at, sale_id="never-made")
        with pytest.raises(NotPlayedError, match="1 sales booked"):
            player.audit()
