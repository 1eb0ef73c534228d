"""A quote while the backend cannot be asked: the program's own, with at most so much taken off by points."""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.domain.bill import Bill
from cashier_app.domain.choice import Choice, TakeAmount, TakeMaximum, TakeNothing, TakePoints
from cashier_app.domain.member import Account, Member
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, quote
from cashier_app.domain.reasons import CappedAmount, NotOffline


def offline_quote(
    program: Program,
    member: Member,
    account: Account,
    bill: Bill,
    choice: Choice,
    occasion: Occasion,
    most: Money,
) -> Quote:
    """Quote a bill with at most `most` off. Rewards of the catalogue are not given offline.

    Args:
        program: The rules as last heard of.
        member: Who is served.
        account: As last heard of.
        bill: What is sold.
        choice: What the cashier chose.
        occasion: When and where.
        most: What the shop's policy allows, in the program's currency.
    """
    barred = quote(program, member, account, bill, TakeNothing(), replace(occasion, online=False))
    then = replace(occasion, online=True)
    rule_id = choice.rule_id if isinstance(choice, TakeMaximum | TakeAmount | TakePoints) else ""
    top = quote(program, member, account, bill, TakeAmount(most, rule_id), then)
    if not top.discount:
        # The program's own reason says more than ours, where there is one.
        other = top if top.refusal is not None or not bill.total else barred
        return replace(other, rewards=barred.rewards, rules=barred.rules)
    match choice:
        case TakeMaximum():
            answer = top
        case TakeAmount(amount) if amount < most:
            answer = quote(program, member, account, bill, choice, then)
        case TakeAmount():
            answer = top
        case TakePoints():
            answer = quote(program, member, account, bill, choice, then)
            answer = top if answer.discount > top.discount else answer
        case TakeNothing():
            answer = quote(program, member, account, bill, choice, then)
        case _:
            nothing = quote(program, member, account, bill, TakeNothing(), then)
            answer = replace(nothing, choice_refusal=NotOffline())
    if top.discount < top.maximum:
        answer = replace(answer, limit=CappedAmount(most), next_step=None)
    return replace(
        answer,
        maximum=top.discount,
        maximum_points=top.points_used,
        rewards=barred.rewards,
        rules=barred.rules,
    )
