"""What the till refuses to read is looked up, shown, logged and kept nowhere."""

# ruff: noqa: RUF001 - signs that look like others are part of the matter

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.services.till_view import TillView
from cashier_app.wording.problems import problem_card
from tests.fakes.counter import Counter
from tests.fakes.keys import Key, at_bill, at_done, at_empty_bill, at_idle, at_pay, at_problem, texts_in
from tests.ui.sample_views import NOW
from tests.unit.wording_shown import WORDING

REFUSED = {
    "4111111111111111": ("41111111", NotRecognised.PAYMENT_CARD),
    "4111 1111 1111 1111": ("41111111", NotRecognised.PAYMENT_CARD),
    "order 7 card 4111-1111-1111-1111": ("41111111", NotRecognised.PAYMENT_CARD),
    ";5555555555554444=25121010000?": ("55555555", NotRecognised.PAYMENT_CARD),
    "https://evil.example/?pan=4111111111111111": ("41111111", NotRecognised.PAYMENT_CARD),
    "LC1:x4111111111111111": ("41111111", NotRecognised.PAYMENT_CARD),
    "LC1:secret\x07sauce": ("sauce", NotRecognised.CONTROL_CHARACTERS),
    "LC1:secret\u202esauce": ("sauce", NotRecognised.INVISIBLE_CHARACTERS),
    "LC1:secret\u200bsauce": ("sauce", NotRecognised.INVISIBLE_CHARACTERS),
    "LC1:secret４sauce": ("sauce", NotRecognised.FOREIGN_DIGITS),
    "LC1:secret\ufffdsauce": ("sauce", NotRecognised.UNREADABLE_CHARACTERS),
    "LC1:secretésauce": ("sauce", NotRecognised.STRANGE_CHARACTERS),
    "LC1:" + "sauce" * 60: ("sauce", NotRecognised.TOO_LONG),
    "8901030865398": ("89010308", NotRecognised.PRODUCT_CODE),
    "https://evil.example/sauce": ("sauce", NotRecognised.FOREIGN_LINK),
}


def joined(text: str) -> str:
    """Return a text without what people part digits with. Four digits alone may stand in any sale id."""
    return text.replace(" ", "").replace("-", "")


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_looked_for_would_be_found(text: str) -> None:
    assert REFUSED[text][0] in joined(text)


@pytest.mark.parametrize("place", [at_idle, at_empty_bill, at_bill, at_pay, at_done, at_problem])
@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_stays_nowhere(
    counter: Counter, place: Key, text: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    part, _ = REFUSED[text]
    place(counter)
    seen: list[TillView] = []
    asked: list[str] = []
    find = counter.backend.find
    counter.backend.find = lambda identifier: asked.append(repr(identifier)) or find(identifier)  # type: ignore[method-assign]
    counter.session.subscribe(seen.append)
    with caplog.at_level(logging.DEBUG):
        counter.session.scan(text)
        counter.session.tick()
    assert asked == []
    everything = [one for view in seen for one in texts_in(view)] + [caplog.text]
    everything.append(repr(vars(counter.session._identification)))
    assert not [one for one in everything if part in joined(one)]
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert part not in joined(kept.decode("latin-1"))


@pytest.mark.parametrize("text", REFUSED)
def test_each_refusal_says_why_in_its_own_words(counter: Counter, text: str) -> None:
    counter.session.scan(text)
    _, reason = REFUSED[text]
    person = counter.view.person
    assert isinstance(person, Unrecognised)
    assert person.reason is reason
    card = problem_card(person, WORDING, NOW)
    assert card.body.full.endswith(".")
    assert REFUSED[text][0] not in joined(card.title.full + card.body.full)


def test_every_reason_has_its_own_sentence() -> None:
    sentences = {
        problem_card(Unrecognised(reason, 9, 10), WORDING, NOW).body.full for reason in NotRecognised
    }
    assert len(sentences) == len(NotRecognised)


@pytest.mark.parametrize("text", ["4111111111111111", "+4111111111111111", "4111-1111-1111-1111"])
def test_a_card_number_typed_is_gone_with_enter(counter: Counter, text: str) -> None:
    for key in text:
        counter.session.type_character(key)
    counter.press_enter()
    assert counter.view.person == Unrecognised(NotRecognised.PAYMENT_CARD)
    assert not [one for one in texts_in(counter.view) if "41111111" in joined(one)]
