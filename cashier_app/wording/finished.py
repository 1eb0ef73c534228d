"""What became of the sale just finished, in words: posted, waiting, or in need of a person."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from msgspec.structs import replace

from cashier_app.domain.points import NO_POINTS
from cashier_app.services.till_view import Finished, Posting, TillView
from cashier_app.wording.offline import used_row
from cashier_app.wording.pay_panel import earns_later
from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.speech import Wording


def finished_rows(view: TillView, finished: Finished, wording: Wording) -> tuple[Row, ...]:
    """Return what became of the sale, where the reasons stood before."""
    figures, sale = wording.figures, finished.sale
    number = plain(sale.number)
    match finished.posting:
        case Posting.POSTED:
            time = figures.time_with_seconds(finished.posted_at or sale.at)
            full = wording.text("Posted as {number} at {time}", number=number, time=time)
            first = Sentence.of(full, wording.text("Posted as {number}", number=number))
            return (Row("check-circle", first, Tone.GOOD), *_moved(view, finished, wording))
        case Posting.POSTING:
            return (
                Row("paper-plane-tilt", Sentence.of(wording.text("Posting…"))),
                *_moved(view, finished, wording),
            )
        case Posting.NOTHING_TO_POST:
            return (_saved_row(finished, wording),)
        case Posting.WAITING:
            count = view.connection.counts.waiting
            wait = wording.plural(
                "{n} sale waits. It posts by itself",
                "{n} sales wait. They post by themselves",
                count,
                n=figures.count(count),
            )
            brief = wording.plural("{n} sale waits", "{n} sales wait", count, n=figures.count(count))
            rows = (_saved_row(finished, wording), Row("clock", Sentence.of(wait, brief), Tone.WAIT))
            if view.offline_accepted:
                return (*rows, used_row(finished, wording))
            return (*rows, *_expected(finished.earned, wording))
        case Posting.NEEDS_ATTENTION:
            words = Sentence.of(
                wording.text("Needs attention: F7 shows what happened"), wording.text("Needs attention")
            )
            return (_saved_row(finished, wording), Row("warning", words, Tone.STOP))
    assert_never(finished.posting)


def _saved_row(finished: Finished, wording: Wording) -> Row:
    number = plain(finished.sale.number)
    time = wording.figures.time_with_seconds(finished.sale.at)
    full = wording.text("Saved on this till as {number} at {time}", number=number, time=time)
    return Row("floppy-disk", Sentence.of(full, wording.text("Saved as {number}", number=number)))


def _moved(view: TillView, finished: Finished, wording: Wording) -> tuple[Row, ...]:
    if earns_later(view, finished):
        rows = _moved(view, replace(finished, earned=NO_POINTS), wording)
        follow = wording.text("{Points} for this sale will follow", Points=wording.points_capital)
        return (*rows, Row("star", Sentence.of(follow)))
    used = wording.figures.points(finished.sale.points_used)
    earned = wording.figures.points(finished.earned)
    if finished.sale.points_used and finished.earned:
        text = wording.text("{used} used, {earned} earned", used=used, earned=earned)
    elif finished.sale.points_used:
        text = wording.text("{used} used", used=used)
    elif finished.earned:
        text = wording.text("{earned} earned", earned=earned)
    else:
        return ()
    return (Row("star", Sentence.of(text)),)


def _expected(earned: Decimal, wording: Wording) -> tuple[Row, ...]:
    if not earned:
        return ()
    full = wording.text("About {points} for this sale", points=wording.points(earned))
    return (Row("star", Sentence.of(full, wording.text("About {points}", points=wording.points(earned)))),)
