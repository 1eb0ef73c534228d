"""What failed here and now, in words: told where the cashier looks, at every step."""

from __future__ import annotations

from cashier_app.services.till_view import Step, TillView
from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.speech import Wording


def trouble_row(view: TillView) -> Row | None:
    """Return what failed, or None while nothing does. The sentence comes from where it failed."""
    sentence = plain(view.trouble)
    return Row("warning", Sentence.of(sentence), Tone.STOP) if sentence else None


def attention_title(wording: Wording) -> Sentence:
    """Return the title above what failed, where nothing is being sold."""
    return Sentence.of(wording.text("Needs attention"))


def is_saving(view: TillView) -> bool:
    """Return whether the paid sale is being written down; this cannot be called off."""
    return view.busy and view.step is Step.PAY and not view.hold_over


def busy_label(view: TillView, wording: Wording) -> Sentence:
    """Return what Enter waits for: points being held, or the sale being saved."""
    if is_saving(view):
        return Sentence.of(wording.text("Saving…"))
    brief = wording.text("Holding…")
    if view.quote is None or not view.quote.points_used:
        return Sentence.of(brief)
    points = wording.points(view.quote.points_used)
    return Sentence.of(wording.text("Holding {points}…", points=points), brief)
