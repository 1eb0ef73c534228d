"""Why a discount is not larger, and what would make it so, in words: the numbers first."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.quote import NextReward
from cashier_app.domain.reasons import (
    BillCovered,
    CappedAmount,
    CappedInPeriod,
    CappedPercent,
    CappedPerItem,
    CappedPoints,
    CappedShareOfBalance,
    ChosenReward,
    EarnsTowards,
    KeptPoints,
    LeftToPay,
    Limit,
    LinesCovered,
    MoreBill,
    MorePoints,
    NextStep,
    Period,
    WholeBalance,
    WholeSteps,
)
from cashier_app.wording.conditions import in_period
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence
from cashier_app.wording.speech import Wording


def limit_row(limit: Limit, wording: Wording) -> Row:
    """Say what keeps the discount from being larger."""
    match limit:
        case CappedAmount() | CappedPercent() | CappedPerItem():
            return Row("arrow-line-up", _cap(limit, wording))
        case CappedPoints() | CappedShareOfBalance() | CappedInPeriod():
            return Row("arrow-line-up", _cap_of_member(limit, wording))
        case WholeBalance(points):
            full = wording.text("All {points} of the balance", points=wording.points(points))
            return Row("wallet", Sentence.of(full, wording.text("The whole balance")))
        case KeptPoints(kept):
            full = wording.text("{points} must stay in the account", points=wording.points(kept))
            return Row(
                "wallet", Sentence.of(full, wording.text("{points} must stay", points=wording.points(kept)))
            )
        case WholeSteps(step, left):
            value = wording.figures.money_short(step)
            full = wording.plural(
                "In steps of {step}. {points} stays",
                "In steps of {step}. {points} stay",
                wording.form_for(left),
                step=value,
                points=wording.points(left),
            )
            return Row("arrow-line-up", Sentence.of(full, wording.text("In steps of {step}", step=value)))
        case LeftToPay(minimum):
            least = wording.figures.money_short(minimum)
            return Row(
                "arrow-line-up", Sentence.of(wording.text("At least {least} must be paid", least=least))
            )
        case LinesCovered(_, rest):
            values = {"money": wording.figures.money_short(rest), "points": wording.points_name}
            full = wording.text("{money} of this bill cannot take {points}", **values)
            brief = wording.text("{money} cannot take {points}", **values)
            return Row("receipt", Sentence.of(full, brief))
        case BillCovered():
            return Row("check-circle", Sentence.of(wording.text("The bill is fully covered")), Tone.GOOD)
        case ChosenReward(name):
            text = wording.text("{reward} is taken instead", reward=name_in_sentence(name))
            return Row("gift", Sentence.of(text))
    assert_never(limit)


def _cap(limit: CappedAmount | CappedPercent | CappedPerItem, wording: Wording) -> Sentence:
    """Say which maximum of the bill is reached."""
    short, text = wording.figures.money_short, wording.text
    match limit:
        case CappedAmount(maximum, under):
            most = short(maximum)
            full = text("Capped at {most} a bill", most=most)
            if under is not None:
                full = text("Capped at {most} on bills under {limit}", most=most, limit=short(under))
            return Sentence.of(full, text("Capped at {most}", most=most))
        case CappedPercent(percent, of_lines):
            share = wording.figures.percent(percent)
            full = text("Capped at {share} of the bill", share=share)
            if of_lines:
                points = wording.points_name
                full = text("Capped at {share} of what {points} may pay", share=share, points=points)
            return Sentence.of(full, text("Capped at {share}", share=share))
        case CappedPerItem(maximum):
            most = short(maximum)
            full = text("Capped at {most}, item by item", most=most)
            return Sentence.of(full, text("Capped at {most}", most=most))
    assert_never(limit)


def _cap_of_member(limit: CappedPoints | CappedShareOfBalance | CappedInPeriod, wording: Wording) -> Sentence:
    """Say which maximum of the member is reached."""
    match limit:
        case CappedPoints(maximum):
            full = wording.text("Capped at {points} a bill", points=wording.points(maximum))
            return Sentence.of(full, wording.text("Capped at {n}", n=wording.figures.points(maximum)))
        case CappedShareOfBalance(percent):
            share = wording.figures.percent(percent)
            full = wording.text("Capped at {share} of the balance", share=share)
            return Sentence.of(full, wording.text("Capped at {share}", share=share))
        case CappedInPeriod():
            return _cap_in_period(limit, wording)
    assert_never(limit)


def _cap_in_period(limit: CappedInPeriod, wording: Wording) -> Sentence:
    """Say what is left of a limit in a while: how much of it was used, or the limit where nothing was."""
    when = in_period(limit.period, wording)
    if limit.points is not None:
        used, most = limit.used_points or NO_POINTS, wording.points(limit.points)
        values = {"n": wording.figures.points(used), "most": most, "today": when}
        if not used:
            return _at_most(most, limit.period, wording)
        if when:
            return Sentence.of(wording.text("{n} of {most} used {today}", **values))
        return Sentence.of(wording.text("{n} of {most} used before", **values))
    if limit.discount is None:
        return Sentence.of(wording.text("Capped in this while"))
    most = wording.figures.money_short(limit.discount)
    if not limit.used_discount:
        return _at_most(most, limit.period, wording)
    taken = wording.figures.money_short(limit.used_discount)
    if when:
        return Sentence.of(wording.text("{n} of {most} taken off {today}", n=taken, most=most, today=when))
    return Sentence.of(wording.text("{n} of {most} taken off before", n=taken, most=most))


def _at_most(most: str, period: Period, wording: Wording) -> Sentence:
    match period:
        case Period.DAY:
            full = wording.text("At most {most} a day", most=most)
        case Period.WEEK:
            full = wording.text("At most {most} a week", most=most)
        case Period.MONTH:
            full = wording.text("At most {most} a month", most=most)
        case Period.YEAR:
            full = wording.text("At most {most} a year", most=most)
        case Period.EVER:
            full = wording.text("At most {most} in all", most=most)
        case _:
            assert_never(period)
    return Sentence.of(full, wording.text("At most {most}", most=most))


def next_step_row(step: NextStep, wording: Wording, *, from_nothing: bool = False) -> Row:
    """Say what would raise the discount; `from_nothing` when none is allowed so far."""
    short = wording.figures.money_short
    match step:
        case MoreBill(more, gains):
            values = {"more": short(more), "gains": short(gains)}
            if from_nothing:
                full = wording.text("{more} more on the bill unlocks {gains} off", **values)
            else:
                full = wording.text("{more} more on the bill unlocks {gains} more", **values)
            return _unlocks(Sentence.of(full, wording.text("{more} more gives {gains}", **values)))
        case MorePoints(points_missing, gains):
            return _unlocks(Sentence.of(_more_points(points_missing, short(gains), wording, from_nothing)))
        case EarnsTowards(earns, still_missing):
            earned = wording.figures.points(earns)
            if not still_missing:
                full = wording.text("This sale earns {earned}. That is enough next time", earned=earned)
                return _unlocks(Sentence.of(full, wording.text("Enough next time")))
            full = wording.text(
                "This sale earns {earned}. {number} more {unit} to go",
                earned=earned,
                number=wording.figures.points(still_missing),
                unit=wording.unit(still_missing),
            )
            return _unlocks(Sentence.of(full))
    assert_never(step)


def _more_points(missing: Decimal, gains: str, wording: Wording, from_nothing: bool) -> str:  # noqa: FBT001 - passed on
    form = wording.form_for(missing)
    values = {"number": wording.figures.points(missing), "unit": wording.unit(missing), "gains": gains}
    if from_nothing:
        return wording.plural(
            "{number} more {unit} unlocks {gains} off",
            "{number} more {unit} unlock {gains} off",
            form,
            **values,
        )
    return wording.plural(
        "{number} more {unit} unlocks {gains} more",
        "{number} more {unit} unlock {gains} more",
        form,
        **values,
    )


def nothing_more_row(wording: Wording) -> Row:
    """Say that no larger bill would help."""
    return Row("trend-up", Sentence.of(wording.text("Nothing more to unlock on this bill")))


def next_reward_row(nearest: NextReward, earns: Decimal, wording: Wording) -> Row:
    """Say how far it is to the nearest reward out of reach, and what this sale brings towards it."""
    reward = name_in_sentence(nearest.reward.name)
    earned = wording.figures.points(earns)
    if earns > 0 and not nearest.missing_after:
        full = wording.text(
            "This sale earns {earned}. That is enough for {reward}", earned=earned, reward=reward
        )
        return _unlocks(Sentence.of(full, wording.text("Enough for {reward}", reward=reward)))
    missing = nearest.missing_after if earns > 0 else nearest.missing
    values = {"number": wording.figures.points(missing), "unit": wording.unit(missing), "reward": reward}
    brief = wording.text("{number} more {unit} to {reward}", **values)
    if earns <= 0:
        return _unlocks(Sentence.of(brief))
    full = wording.text("This sale earns {earned}. {number} more {unit} to {reward}", earned=earned, **values)
    return _unlocks(Sentence.of(full, brief))


def _unlocks(sentence: Sentence) -> Row:
    return Row("trend-up", sentence, Tone.GOOD)
