"""What a program could give, in words, before a bill is typed."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.conversion import blocks_of
from cashier_app.domain.money import Money
from cashier_app.domain.points import to_units
from cashier_app.domain.program import Program
from cashier_app.domain.program.redemption import RedemptionRule
from cashier_app.domain.quote import Quote, best_possible
from cashier_app.services.till_view import Serving, TillView
from cashier_app.wording.sentences import Row, Sentence
from cashier_app.wording.speech import Wording


def before_bill_summary(view: TillView, program: Program, serving: Serving, wording: Wording) -> Sentence:
    """Say what may be taken off at best, before a bill is typed."""
    best = _best(view, program, serving)
    if best is None:
        return Sentence.of(wording.text("Not possible now"))
    most, least = best
    money = wording.figures.money(most)
    rule = rule_in_use(program, view.quote)
    if rule is None or not _asks_for_a_bill(rule):
        return Sentence.of(wording.text("Up to {most}", most=money))
    full = wording.text(
        "Up to {most} on a bill from {least}", most=money, least=wording.figures.money_short(least)
    )
    return Sentence.of(full, wording.text("Up to {most}", most=money))


def before_bill_rows(view: TillView, program: Program, serving: Serving, wording: Wording) -> tuple[Row, ...]:
    """Say what a point is worth, and the next thing that matters, before a bill is typed."""
    rule = rule_in_use(program, view.quote)
    if rule is None:
        return ()
    rows = [Row("star", Sentence.of(point_value(program, rule, wording)))]
    best = _best(view, program, serving)
    raised = _raised(program, rule, serving.account.balance, best[0].minor if best else 0)
    if raised is not None:
        start, most = wording.figures.money_short(raised[0]), wording.figures.money(raised[1])
        text = wording.text("From {least}: up to {most}", least=start, most=most)
        rows.append(Row("arrow-line-up", Sentence.of(text)))
    elif rule.maximum_percent is not None and rule.maximum_percent < 100:
        share = wording.figures.percent(rule.maximum_percent)
        rows.append(
            Row("arrow-line-up", Sentence.of(wording.text("At most {share} of the bill", share=share)))
        )
    return tuple(rows)


def rule_in_use(program: Program, answer: Quote | None) -> RedemptionRule | None:
    """Return the redemption rule looked at, with the limits of the member's tier; None without any."""
    if answer is not None:
        used = (option.rule for option in answer.rules if option.rule.rule_id == answer.rule_id)
        return next(used, None)
    return next(iter(program.redemption), None)


def point_value(program: Program, rule: RedemptionRule, wording: Wording) -> str:
    """Say what points pay for, such as ``1 coin is ₹1.00`` or ``500 points are 10% off``."""
    conversion = rule.conversion
    points = Decimal(conversion.points)
    if conversion.percent is not None:
        value = wording.text("{share} off", share=wording.figures.percent(conversion.percent))
    else:
        points, minor = _worth_in_whole(program, rule)
        value = wording.figures.money(Money(minor, program.currency))
    return wording.plural(
        "{points} is {value}",
        "{points} are {value}",
        wording.form_for(points),
        points=wording.points(points),
        value=value,
    )


def short_value(program: Program, rule: RedemptionRule, wording: Wording) -> str:
    """Say what points pay for in a few words, such as ``₹5 for 500`` or ``10% off``."""
    if rule.conversion.percent is not None:
        return wording.text("{share} off", share=wording.figures.percent(rule.conversion.percent))
    points, minor = _worth_in_whole(program, rule)
    money = wording.figures.money_short(Money(minor, program.currency))
    return wording.text("{money} for {n}", money=money, n=wording.figures.points(points))


def _worth_in_whole(program: Program, rule: RedemptionRule) -> tuple[Decimal, int]:
    """Return points, and the whole minor units they pay for: of one point, of one main unit, of a block."""
    conversion, unit = rule.conversion, program.currency.minor_per_unit
    value = (conversion.value or Decimal(0)).scaleb(program.currency.decimals)
    numerator, denominator = value.as_integer_ratio()
    if not conversion.whole_blocks and numerator:
        whole, part = conversion.points.as_integer_ratio()
        minor, points = numerator * part, denominator * whole
        if minor % points == 0:
            return Decimal(1), minor // points
        if unit * points % minor == 0:
            return Decimal(unit * points // minor), unit
    return conversion.points * denominator, numerator


def _asks_for_a_bill(rule: RedemptionRule) -> bool:
    """Say whether the rule itself begins somewhere; where it does not, the smallest bill is a few cents."""
    first = rule.maximum_by_bill[0].from_bill if rule.maximum_by_bill else 0
    amounts = (rule.minimum_bill, first, rule.minimum_to_pay, rule.starting_discount, rule.discount_step)
    return any(amounts) or rule.minimum_points > 0 or rule.conversion.whole_blocks


def _best(view: TillView, program: Program, serving: Serving) -> tuple[Money, Money] | None:
    occasion = replace(view.occasion, online=serving.fresh)
    return best_possible(program, serving.member, serving.account, occasion)


def _raised(
    program: Program, rule: RedemptionRule, balance: Decimal, most: int
) -> tuple[Money, Money] | None:
    """Return the first larger bill from which more comes off than `most` minor units, and how much."""
    if rule.conversion.percent is not None:
        return None
    affordable = blocks_of(program, rule).worth(to_units(balance, program.point_scale))
    for cap in rule.maximum_by_bill[1:]:
        raised = min(int(cap.maximum), affordable)
        if raised > most:
            return Money(int(cap.from_bill), program.currency), Money(raised, program.currency)
    return None
