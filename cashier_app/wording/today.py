"""What happened at this till today, in words: the panel of the idle screen and the list of last sales."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.domain.sale import EffectState
from cashier_app.ports.journal import SaleLine
from cashier_app.services.till_view import Today
from cashier_app.wording.sentences import Sentence, Tone, plain
from cashier_app.wording.speech import Wording


class FigureWords(Struct, frozen=True):
    """A figure and what it counts."""

    figure: str
    label: Sentence


class TodayWords(Struct, frozen=True):
    """The panel "Today at this till".

    Args:
        share: Percent of the sales with a member; `best_share` the month's best, None without any.
    """

    title: Sentence
    since: Sentence | None
    figures: tuple[FigureWords, ...]
    share: int
    best_share: int | None
    base: Sentence
    best: Sentence | None
    spoken: str


class LastSaleWords(Struct, frozen=True):
    """A recent sale as one row."""

    time: str
    amount: str
    icon: str
    tone: Tone
    name: str
    spoken: str


def today_panel(today: Today, wording: Wording) -> TodayWords:
    """Return the day's figures at this till."""
    figures, day = wording.figures, today.figures
    share = day.with_member * 100 // day.sales if day.sales else 0
    base = no_sales(wording).full
    if day.sales:
        base = wording.plural(
            "{n} of {m} sale",
            "{n} of {m} sales",
            day.sales,
            n=figures.count(day.with_member),
            m=figures.count(day.sales),
        )
    rows = (
        FigureWords(figures.percent(share), Sentence.of(wording.text("with a member"))),
        FigureWords(
            figures.count(day.redeemed),
            # Not "used coins": beside "1" that would be a coin, and it is a sale.
            Sentence.of(
                wording.text("paid with {points}", points=wording.points_name),
                wording.text("with {points}", points=wording.points_name),
            ),
        ),
        FigureWords(
            figures.points(day.points_earned),
            Sentence.of(wording.text("{points} earned", points=wording.points_name)),
        ),
    )
    best = None
    if day.best_share is not None:
        best = Sentence.of(wording.text("Best this month {share}", share=figures.percent(day.best_share)))
    title = wording.text("Today at this till")
    since = None
    if day.since is not None:
        since = Sentence.of(wording.text("since {time}", time=figures.time(day.since)))
    spoken = wording.joined([title, *(f"{row.figure} {row.label.full}" for row in rows), base])
    return TodayWords(
        title=Sentence.of(title),
        since=since,
        figures=rows,
        share=share,
        best_share=day.best_share,
        base=Sentence.of(base),
        best=best,
        spoken=spoken,
    )


def last_sales_title(wording: Wording) -> Sentence:
    """Return the heading of the last sales."""
    return Sentence.of(wording.text("Last sales"))


def undo_label(wording: Wording) -> Sentence:
    """Return the button that undoes what was done last."""
    return Sentence.of(wording.text("Undo"))


def no_sales(wording: Wording) -> Sentence:
    """Return what stands where sales will be listed."""
    return Sentence.of(wording.text("No sales yet today"))


def last_sale(line: SaleLine, wording: Wording, now: datetime, *, undone: bool = False) -> LastSaleWords:
    """Return a recent sale as one row; `undone` where it was voided or moved to another member."""
    sale = line.sale
    icon, tone = ("arrow-u-up-left", Tone.MUTED) if undone else _mark(line.state)
    told = wording.text("undone") if undone else delivery_state(line.state, wording)
    time = wording.figures.moment(sale.at, now)
    spoken = (time, wording.figures.spoken_money(sale.paid), told)
    return LastSaleWords(
        time=time,
        amount=wording.figures.money(sale.paid),
        icon=icon,
        tone=tone,
        name=plain(sale.display_name),
        spoken=wording.joined(spoken),
    )


def delivery_state(state: EffectState, wording: Wording) -> str:
    """Return how far a sale has got, as the end of a spoken line."""
    match state:
        case EffectState.POSTED:
            return wording.text("posted")
        case EffectState.DROPPED:
            return wording.text("settled by hand")
        case EffectState.WAITING:
            return wording.text("waiting")
        case EffectState.SENDING | EffectState.UNKNOWN:
            return wording.text("sending")
        case EffectState.NEEDS_ATTENTION:
            return wording.text("needs attention")


def _mark(state: EffectState) -> tuple[str, Tone]:
    match state:
        case EffectState.POSTED:
            return "check-circle", Tone.GOOD
        case EffectState.DROPPED:
            return "pencil-simple", Tone.MUTED
        case EffectState.WAITING:
            return "clock", Tone.WAIT
        case EffectState.SENDING | EffectState.UNKNOWN:
            return "paper-plane-tilt", Tone.WAIT
        case EffectState.NEEDS_ATTENTION:
            return "warning", Tone.STOP
