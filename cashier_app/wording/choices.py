"""The three choices of how many points to use, in words."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.choice import (
    Choice,
    TakeAmount,
    TakeMaximum,
    TakeNothing,
    TakePoints,
    TakeReward,
    TakeTogether,
)
from cashier_app.domain.quote import Quote
from cashier_app.services.till_steps import takes_other_amounts
from cashier_app.services.till_view import Step, Target, TillView
from cashier_app.wording.figures import MINUS
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording


class ChoiceKind(StrEnum):
    """The three choices of how many points to use."""

    MAXIMUM = "maximum"
    OTHER = "other"
    NONE = "none"


class ChoiceWords(Struct, frozen=True):
    """One of the three choices; `key` is the keycap, or empty."""

    kind: ChoiceKind
    label: Sentence
    key: str
    chosen: bool
    spoken: str


def choices_of(view: TillView, quote: Quote, wording: Wording) -> tuple[ChoiceWords, ...]:
    """Return the choices as they stand at this step, with the keys that mean them.

    There is no other amount where points pay for one discount only.
    """
    figures, in_reward = wording.figures, view.step is Step.REWARD
    most = wording.text("Max")
    label = Sentence.of(most)
    spoken_most = wording.text("maximum")
    if quote.maximum:
        label = Sentence.of(wording.text("Max {money}", money=figures.money_tight(quote.maximum)), most)
        spoken_most = wording.text("maximum {money}", money=figures.spoken_money(quote.maximum))
    other, none = wording.text("Other"), wording.text("None")
    chosen = _chosen_kind(view.choice) if quote.bill else None
    keys = ("", "0\N{EN DASH}9", MINUS) if in_reward else ("*", "", MINUS)
    if view.target in {Target.MANAGER, Target.VOUCHER}:
        keys = ("", "", "")  # they are letters of a name or code now
    entries = (
        (ChoiceKind.MAXIMUM, label, keys[0], spoken_most),
        (ChoiceKind.OTHER, Sentence.of(other), keys[1], other),
        (ChoiceKind.NONE, Sentence.of(none), keys[2], none),
    )
    offered = [one for one in entries if one[0] is not ChoiceKind.OTHER or takes_other_amounts(view)]
    return tuple(
        ChoiceWords(
            kind,
            words,
            key,
            kind is chosen,
            _spoken_choice((place, len(offered)), spoken, wording, kind is chosen),
        )
        for place, (kind, words, key, spoken) in enumerate(offered, start=1)
    )


def _chosen_kind(choice: Choice) -> ChoiceKind | None:
    match choice:
        case TakeMaximum():
            return ChoiceKind.MAXIMUM
        case TakeAmount() | TakePoints():
            return ChoiceKind.OTHER
        case TakeNothing():
            return ChoiceKind.NONE
        case TakeReward() | TakeTogether():
            return None
    assert_never(choice)


def _spoken_choice(place: tuple[int, int], words: str, wording: Wording, chosen: bool) -> str:  # noqa: FBT001 - a fact
    n, of = place
    values = {"points": wording.points_name, "choice": words, "n": str(n), "of": str(of)}
    if chosen:
        return wording.text("Use {points}: {choice}, selected, {n} of {of}", **values)
    return wording.text("Use {points}: {choice}, {n} of {of}", **values)
