"""Why a discount is not larger, and what would make it so, in words: the numbers first."""

from __future__ import annotations

from typing import assert_never

from cashier_app.domain.member import Account
from cashier_app.domain.money import Money
from cashier_app.domain.points import from_units
from cashier_app.domain.program import Program
from cashier_app.domain.quote import best_possible, worth
from cashier_app.domain.reasons import (
    BillCovered,
    CappedAmount,
    CappedPercent,
    ChosenReward,
    EarnsTowards,
    LeftToPay,
    Limit,
    MemberBlocked,
    MoreBill,
    MorePoints,
    NeedsBill,
    NeedsPoints,
    NextStep,
    NotOffline,
    Refusal,
    WholeBalance,
    WholeSteps,
)
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence
from cashier_app.wording.speech import Wording


def limit_row(limit: Limit, wording: Wording) -> Row:
    """Say what keeps the discount from being larger."""
    short = wording.figures.money_short
    match limit:
        case CappedAmount(maximum, under):
            full = wording.text("Capped at {most} a bill", most=short(maximum))
            if under is not None:
                full = wording.text(
                    "Capped at {most} on bills under {limit}", most=short(maximum), limit=short(under)
                )
            brief = wording.text("Capped at {most}", most=short(maximum))
            return Row("arrow-line-up", Sentence.of(full, brief))
        case CappedPercent(percent):
            share = wording.figures.percent(percent)
            full = wording.text("Capped at {share} of the bill", share=share)
            return Row("arrow-line-up", Sentence.of(full, wording.text("Capped at {share}", share=share)))
        case WholeBalance(points):
            full = wording.text("All {points} of the balance", points=wording.points(points))
            return Row("wallet", Sentence.of(full, wording.text("The whole balance")))
        case WholeSteps(step, left):
            full = wording.plural(
                "In steps of {step}. {points} stays",
                "In steps of {step}. {points} stay",
                wording.form_for(left),
                step=short(step),
                points=wording.points(left),
            )
            return Row(
                "arrow-line-up", Sentence.of(full, wording.text("In steps of {step}", step=short(step)))
            )
        case LeftToPay(minimum):
            text = wording.text("At least {least} must be paid", least=short(minimum))
            return Row("arrow-line-up", Sentence.of(text))
        case BillCovered():
            return Row("check-circle", Sentence.of(wording.text("The bill is fully covered")), Tone.GOOD)
        case ChosenReward(name):
            text = wording.text("{reward} is taken instead", reward=name_in_sentence(name))
            return Row("gift", Sentence.of(text))
    assert_never(limit)


def refusal_summary(refusal: Refusal, wording: Wording) -> Sentence:
    """Say in a few words, under the title of the reward panel, why nothing may be used."""
    match refusal:
        case NeedsBill():
            return Sentence.of(wording.text("Not on this bill yet"))
        case NeedsPoints(needed, has):
            has_points, points = wording.figures.points(has), wording.points(needed)
            return Sentence.of(
                wording.text("Needs {points}, has {balance}", points=points, balance=has_points)
            )
        case MemberBlocked():
            return Sentence.of(wording.text("Not possible"))
        case NotOffline():
            return Sentence.of(wording.text("Not while offline"))
    assert_never(refusal)


def refusal_rows(refusal: Refusal, wording: Wording) -> tuple[Row, ...]:
    """Say why no points may be used at all, and that the sale goes on."""
    short = wording.figures.money_short
    match refusal:
        case NeedsBill(minimum, missing):
            full = wording.text(
                "Needs a bill of {least} or more. {missing} to go",
                least=short(minimum),
                missing=short(missing),
            )
            return (Row("lock", Sentence.of(full, wording.text("{missing} to go", missing=short(missing)))),)
        case NeedsPoints(needed, _):
            number = wording.figures.points(needed)
            text = wording.text(
                "{Points} can be used from {number} on", Points=wording.points_capital, number=number
            )
            return (Row("lock", Sentence.of(text)),)
        case MemberBlocked(since):
            day = wording.figures.short_day(since)
            full = wording.text("This member is blocked since {day}", day=day)
            blocked = Sentence.of(full, wording.text("Blocked since {day}", day=day))
            goes_on = Sentence.of(wording.text("The sale goes on without loyalty"))
            return (Row("prohibit", blocked, Tone.STOP), Row("info", goes_on))
        case NotOffline():
            return offline_rows(wording)
    assert_never(refusal)


def offline_rows(wording: Wording) -> tuple[Row, ...]:
    """Say what being offline means for the points of this sale."""
    points = wording.points_capital
    cannot = wording.text("{Points} cannot be used until we are online", Points=points)
    brief = wording.text("{Points} only when online", Points=points)
    follow = wording.text("{Points} for this sale will follow", Points=points)
    return (
        Row("cloud-slash", Sentence.of(cannot, brief), Tone.WAIT),
        Row("star", Sentence.of(follow)),
    )


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
            full = wording.plural(
                "{number} more {unit} unlocks {gains} off",
                "{number} more {unit} unlock {gains} off",
                wording.form_for(points_missing),
                number=wording.figures.points(points_missing),
                unit=wording.unit(points_missing),
                gains=short(gains),
            )
            return _unlocks(Sentence.of(full))
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


def nothing_more_row(wording: Wording) -> Row:
    """Say that no larger bill would help."""
    return Row("trend-up", Sentence.of(wording.text("Nothing more to unlock on this bill")))


def before_bill_summary(program: Program, account: Account, wording: Wording) -> Sentence:
    """Say what may be taken off at best, before a bill is typed."""
    most, least = best_possible(program, account)
    money = wording.figures.money(most)
    if not least:
        return Sentence.of(wording.text("Up to {most}", most=money))
    full = wording.text(
        "Up to {most} on a bill from {least}", most=money, least=wording.figures.money_short(least)
    )
    return Sentence.of(full, wording.text("Up to {most}", most=money))


def before_bill_rows(program: Program, account: Account, wording: Wording) -> tuple[Row, ...]:
    """Say what a point is worth, and the next thing that matters, before a bill is typed."""
    redemption = program.redemption
    rows = [Row("star", Sentence.of(point_value(program, wording)))]
    most, _ = best_possible(program, account)
    affordable = worth(program, account.balance)
    for cap in redemption.caps[1:]:
        raised = min(Money(cap.maximum, program.currency), affordable)
        if raised > most:
            start = wording.figures.money_short(Money(cap.from_bill, program.currency))
            text = wording.text("From {least}: up to {most}", least=start, most=wording.figures.money(raised))
            rows.append(Row("arrow-line-up", Sentence.of(text)))
            break
    else:
        if redemption.maximum_percent is not None and redemption.maximum_percent < 100:
            share = wording.figures.percent(redemption.maximum_percent)
            text = wording.text("At most {share} of the bill", share=share)
            rows.append(Row("arrow-line-up", Sentence.of(text)))
    return tuple(rows)


def point_value(program: Program, wording: Wording) -> str:
    """Say what points pay for, such as ``1 coin is ₹1.00``."""
    conversion = program.redemption.conversion
    value = Money(conversion.value, program.currency)
    points = conversion.points
    if not conversion.whole_blocks:
        step = conversion.step(program.point_scale)
        per_point = Money(step.minor * 10**program.point_scale // step.units, program.currency)
        if per_point.minor * step.units == step.minor * 10**program.point_scale:
            value, points = per_point, from_units(1, 0)
    return wording.plural(
        "{points} is {value}",
        "{points} are {value}",
        wording.form_for(points),
        points=wording.points(points),
        value=wording.figures.money(value),
    )


def _unlocks(sentence: Sentence) -> Row:
    return Row("trend-up", sentence, Tone.GOOD)
