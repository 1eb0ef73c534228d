"""Undoing in words: every answer has a sentence, all of it can be translated, nothing is cut or empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace

from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.sale import Effect, EffectKind, SaleReturn
from cashier_app.domain.voiding import WhyNotVoid
from cashier_app.services.last_act import ActDone, LastAct
from cashier_app.services.undo_view import Undone, UndoStep, UndoView
from cashier_app.services.undoable import Movable, NotForThem, NothingSold, NotMovable, NotUndoable, Undoable
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.undo import UndoWords, undo_words, undone_words
from tests.fakes.clock import FakeClock
from tests.fakes.counter import PRIYAS_CODE, RAHULS_PHONE, Counter
from tests.unit.test_wording_complete import BRACKETED
from tests.unit.wording_shown import WORDING

NOW = FakeClock().now()
NAMES = "Priya R\\.|Priya|Rahul|Meera| off"


@pytest.fixture(scope="module")
def asked() -> tuple[Undoable, Movable, Movable]:
    """Return a sale that may be undone, and what giving it to another member does, met and not."""
    with TemporaryDirectory() as folder:
        counter = Counter(Path(folder)).open_for_business()

        def plan(returned: SaleReturn) -> tuple[Effect, ...]:
            return (returned.effect(EffectKind.CLAW_BACK, returned.taken_back, EffectKind.SALE),)

        counter.backend.plan_refund = plan  # type: ignore[method-assign]
        counter.session.scan(PRIYAS_CODE)
        counter.type("2360")
        counter.press_enter(3)
        counter.drain()
        sale = counter.journal.recent(1)[0].sale
        found = counter.workshop.undoing.look_at(sale.sale_id)
        assert isinstance(found, Undoable)
        rahul = PhoneNumber(f"+91{RAHULS_PHONE}")
        move = counter.workshop.undoing.look_for_member(found, rahul)
        counter.backend.silent = True
        unseen = counter.workshop.undoing.look_for_member(found, PhoneNumber("+919845000011"), "+91 ••011")
        assert isinstance(move, Movable)
        assert isinstance(unseen, Movable)
        counter.close()
        return found, move, unseen


def views(asked: tuple[Undoable, Movable, Movable]) -> Iterator[UndoView]:
    """Yield every question and every answer."""
    found, move, unseen = asked
    sale = found.sale
    yield UndoView(step=UndoStep.LOOKING, busy=True)
    yield UndoView(step=UndoStep.LOOKING, busy=True, moving=True)
    for view in (
        UndoView(step=UndoStep.SALE, found=found),
        UndoView(step=UndoStep.WHOM, found=found, moving=True),
        UndoView(step=UndoStep.MOVE, found=found, move=move, moving=True),
        UndoView(step=UndoStep.MOVE, found=found, move=unseen, moving=True),
        UndoView(step=UndoStep.MOVE, found=found, move=replace(move, rules_kept=False), moving=True),
    ):
        yield view
        yield replace(view, balance=Decimal(1061))
        yield replace(view, busy=True)
        yield replace(view, stray=True)
        yield replace(view, changed=True)
        yield replace(view, trouble="The disk is full.")
    yield UndoView(step=UndoStep.SALE, found=replace(found, moves=False))
    yield UndoView(step=UndoStep.SALE, found=replace(found, used=Decimal(200)))
    late = replace(found, found=replace(found.found, posted=False, about=True))
    yield UndoView(step=UndoStep.SALE, found=late, balance=Decimal(1061))
    yield UndoView(step=UndoStep.WHOM, found=found, not_a_code=True)
    for why in NotForThem:
        for name in ("", "Rahul"):
            yield UndoView(step=UndoStep.WHOM, found=found, problem=NotMovable(why, name))
    for cannot in WhyNotVoid:
        yield UndoView(step=UndoStep.CANNOT, cannot=NotUndoable(sale, cannot))
        yield UndoView(step=UndoStep.CANNOT, cannot=NotUndoable(sale, cannot, NOW - timedelta(days=1)))
    for act in ActDone:
        yield UndoView(step=UndoStep.CANNOT, cannot=LastAct(act, NOW))
        yield UndoView(step=UndoStep.CANNOT, cannot=LastAct(act, NOW, "Meera"))
    yield UndoView(step=UndoStep.CANNOT, cannot=NothingSold())
    yield UndoView(step=UndoStep.CANNOT, trouble="The disk is full.")


def sentences(words: UndoWords) -> Iterator[Sentence]:
    yield from (words.title, words.about, words.keep)
    yield from filter(None, (words.primary, words.field, words.other))
    yield from (line.label for line in words.lines)
    yield from (note.sentence for note in words.notes)


def outside(text: str) -> str:
    """Return the letters of a bracketed text that stand outside all brackets and are nobody's name."""
    depth, found = 0, ""
    for character in text:
        depth += (character == "[") - (character == "]")
        found += character if depth == 0 and character != "]" else ""
    return "".join(filter(str.isalpha, re.sub(NAMES, "", found)))


def said(asked: tuple[Undoable, Movable, Movable], wording: Wording) -> Iterator[Sentence]:
    for view in views(asked):
        yield from sentences(undo_words(view, wording, NOW))
    for moved in (None, asked[0].sale, replace(asked[0].sale, display_name="")):
        yield undone_words(Undone(1, asked[0].sale, moved), wording)


def test_everything_is_said_in_whole_sentences(asked: tuple[Undoable, Movable, Movable]) -> None:
    for sentence in said(asked, WORDING):
        for text in (sentence.full, sentence.short):
            assert "{" not in text
            assert text == text.strip()
        assert len(sentence.short) <= len(sentence.full)


def test_nothing_escapes_translation(asked: tuple[Undoable, Movable, Movable]) -> None:
    own = "Thediskisfull"
    assert {outside(sentence.full) for sentence in said(asked, BRACKETED)} <= {"", own}


def test_every_reason_has_its_own_sentence(asked: tuple[Undoable, Movable, Movable]) -> None:
    sale = asked[0].sale
    told = {
        undo_words(UndoView(step=UndoStep.CANNOT, cannot=NotUndoable(sale, why)), WORDING, NOW)
        for why in WhyNotVoid
    }
    assert len(told) == len(WhyNotVoid)
    now_a_return = [words for words in told if words.notes[0].sentence.full.endswith("F4.")]
    assert len(now_a_return) == 4


def test_what_is_dropped_is_said_before(asked: tuple[Undoable, Movable, Movable]) -> None:
    words = undo_words(UndoView(step=UndoStep.MOVE, found=asked[0], move=asked[1]), WORDING, NOW)
    assert words.notes[0].sentence.full == (
        "Priya's coins paid the ₹200.00 off: it falls away. Take ₹200.00 more at your till."
    )
    assert words.danger
    assert words.primary is not None
    assert words.primary.full == "Move without ₹200.00 off"


def test_a_step_without_its_subject_is_a_bug() -> None:
    with pytest.raises(ValueError, match="subject"):
        undo_words(UndoView(step=UndoStep.SALE), WORDING, NOW)
