"""What failed here and now, in words: told where the cashier looks, at every step."""

from __future__ import annotations

from cashier_app.services.till_view import Step, TillView
from cashier_app.services.voucher_view import VoucherAsked
from cashier_app.wording.local_state import recovery_sentence, space_sentence
from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.speech import Wording


def trouble_row(view: TillView, wording: Wording) -> Row | None:
    """Return what failed, or None while nothing does.

    The sentence comes from where it failed; where nobody is served, the state of the till's own files is
    told as well.
    """
    sentence = plain(view.trouble)
    if sentence:
        return Row("warning", Sentence.of(sentence), Tone.STOP)
    today = view.today
    if view.step is not Step.IDLE:
        return None
    if today.recovery is not None:
        tone = Tone.STOP if today.recovery.lost else Tone.WAIT
        return Row("database", recovery_sentence(today.recovery, wording), tone)
    return Row("database", space_sentence(wording), Tone.WAIT) if today.short_of_space else None


def attention_title(wording: Wording) -> Sentence:
    """Return the title above what failed, where nothing is being sold."""
    return Sentence.of(wording.text("Needs attention"))


def is_saving(view: TillView) -> bool:
    """Return whether the paid sale is being written down; this cannot be called off."""
    return view.busy and view.step is Step.PAY and not view.hold_over


def busy_label(view: TillView, wording: Wording) -> Sentence:
    """Return what Enter waits for: the backend's offer, its balance, points being held, or the sale saved."""
    if is_saving(view):
        return Sentence.of(wording.text("Saving…"))
    if view.step is Step.CLAIM:
        return Sentence.of(wording.text("One moment…"))
    if isinstance(view.voucher, VoucherAsked):
        return Sentence.of(wording.text("Checking the voucher…"), wording.text("Checking…"))
    if view.lacks_offers:
        return Sentence.of(wording.text("Asking for the offer…"), wording.text("Asking…"))
    if view.can is not None and not view.can.holds_points:
        return Sentence.of(wording.text("Checking the balance…"), wording.text("Checking…"))
    brief = wording.text("Holding…")
    if view.quote is None or not view.quote.points_used:
        return Sentence.of(brief)
    points = wording.points(view.quote.points_used)
    return Sentence.of(wording.text("Holding {points}…", points=points), brief)
