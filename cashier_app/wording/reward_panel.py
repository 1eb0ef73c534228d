"""The reward panel in words: what may be used on this bill, and why not more."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.choice import (
    TakeAmount,
    TakeNothing,
    TakeReward,
)
from cashier_app.domain.money import Money, zero
from cashier_app.domain.offline_policy import OfflineAllowed
from cashier_app.domain.program import Program
from cashier_app.domain.program.rewards import Gift
from cashier_app.domain.quote import Quote
from cashier_app.domain.reasons import ChosenReward, NeedsBill, NotOffline, NoWayToPay
from cashier_app.services.bill_offers import account_for
from cashier_app.services.till_steps import usable_rewards
from cashier_app.services.till_view import (
    Finished,
    LookingUp,
    Serving,
    ServingUnseen,
    Step,
    Target,
    TillView,
    WithoutMember,
)
from cashier_app.wording.before_bill import before_bill_rows, before_bill_summary
from cashier_app.wording.choices import ChoiceWords, choices_of
from cashier_app.wording.finished import finished_rows
from cashier_app.wording.offline import confirmed_later, not_offline_rows, offline_offer_rows, up_to_offline
from cashier_app.wording.reasons import limit_row, next_reward_row, next_step_row, nothing_more_row
from cashier_app.wording.refusals import offline_rows, refusal_rows, refusal_summary
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence
from cashier_app.wording.speech import Wording
from cashier_app.wording.trouble import trouble_row


class StepRow(Struct, frozen=True):
    """One thing to do at the other till: its number, what, and the amount."""

    number: str
    sentence: Sentence
    amount: str


class RewardPanelWords(Struct, frozen=True):
    """The reward panel.

    Args:
        discount: The figure at the right; `discount_dim` follows it where decimals are untyped.
        discount_tone: `GOOD` where something is taken off, else `MUTED`.
        trouble: What failed, to be read before anything else; it stands where the reasons are.
        rows: Reasons, the most important first.
        steps: What to do, in the pay step, instead of rows.
        footer: One line under the steps.
        choices: The three choices, or none of them.
        choices_enabled: Whether they can be pressed.
        nothing: The words of the row that stands where the choices would be.
    """

    title: Sentence
    subtitle: Sentence
    discount: str
    discount_tone: Tone = Tone.MUTED
    discount_dim: str = ""
    trouble: Row | None = None
    rows: tuple[Row, ...] = ()
    steps: tuple[StepRow, ...] = ()
    footer: Sentence | None = None
    choices: tuple[ChoiceWords, ...] = ()
    choices_enabled: bool = False
    nothing: Sentence | None = None
    spoken: str = ""


def reward_panel(view: TillView, wording: Wording) -> RewardPanelWords:
    """Return the reward panel of any step in which somebody is looked up or served."""
    if view.step is Step.DONE and view.finished is not None:
        panel = _finished_panel(view, view.finished, wording)
    else:
        panel = _open_panel(view, wording)
        if view.step is Step.PAY and view.quote is not None:
            panel = _paying_panel(view, view.quote, panel, wording)
    return replace(panel, trouble=trouble_row(view, wording))


def spoken_discount(discount: Money, wording: Wording) -> str:
    """Return the discount for a screen reader, such as ``Discount, 200 rupees``."""
    return wording.text("Discount, {money}", money=wording.figures.spoken_money(discount))


def _open_panel(view: TillView, wording: Wording) -> RewardPanelWords:
    match view.person:
        case LookingUp():
            return RewardPanelWords(
                title=_use_points(wording),
                subtitle=Sentence.of(wording.text("Waiting for the balance")),
                discount="\N{EM DASH}",
                rows=_alarms(view, wording),
                spoken=wording.text("Waiting for the balance"),
            )
        case Serving():
            return _serving_panel(view, view.person, wording)
        case ServingUnseen():
            return _no_points_panel(
                view, Sentence.of(wording.text("Not while offline")), offline_rows(wording), wording
            )
        case WithoutMember():
            text = Sentence.of(wording.text("Without a member"))
            return _no_points_panel(view, text, (), wording)
        case _:
            return _no_points_panel(view, Sentence.of(wording.text("Nobody yet")), (), wording)


def _serving_panel(view: TillView, serving: Serving, wording: Wording) -> RewardPanelWords:
    quote = view.quote
    if view.program is None or quote is None:
        rules = Row("info", Sentence.of(wording.text("The rules are not known yet. The sale goes on")))
        return _no_points_panel(view, Sentence.of(wording.text("Not possible now")), (rules,), wording)
    if isinstance(quote.refusal, NoWayToPay) and quote.reward is None:
        return _rewards_only_panel(view, serving, quote, view.program, wording)
    if quote.refusal is not None and quote.reward is None:
        rows = refusal_rows(quote.refusal, wording)
        if isinstance(quote.refusal, NotOffline):
            rows = not_offline_rows(view.offline, wording)
        if quote.next_step is not None:
            rows = (*rows, next_step_row(quote.next_step, wording, from_nothing=True))
        return _no_points_panel(view, refusal_summary(quote.refusal, wording), rows, wording)
    if not quote.bill and isinstance(view.offline, OfflineAllowed):
        return RewardPanelWords(
            title=_use_points(wording),
            subtitle=Sentence.of(wording.text("Confirmed later")),
            discount="",
            rows=(*_alarms(view, wording), *offline_offer_rows(view, serving, quote, wording)),
            choices=choices_of(view, quote, wording),
            spoken=up_to_offline(view.offline, quote, wording).full,
        )
    if not quote.bill:
        # Nothing may be pressed yet: the choices only show what will be asked.
        return RewardPanelWords(
            title=_use_points(wording),
            subtitle=before_bill_summary(view, view.program, serving, wording),
            discount="",
            rows=(*_alarms(view, wording), *before_bill_rows(view, view.program, serving, wording)),
            choices=choices_of(view, quote, wording),
            spoken=before_bill_summary(view, view.program, serving, wording).full,
        )
    return _offer_panel(view, serving, quote, wording)


def _rewards_only_panel(
    view: TillView, serving: Serving, quote: Quote, program: Program, wording: Wording
) -> RewardPanelWords:
    """Return the panel of a program whose points pay for rewards only, or are only collected."""
    if not serving.fresh:
        return _no_points_panel(view, refusal_summary(NotOffline(), wording), offline_rows(wording), wording)
    rows = list(_alarms(view, wording))
    nothing = wording.text("No reward chosen") if program.rewards else wording.text("Nothing to choose")
    if program.rewards:
        title, subtitle = _use_points(wording), _within_reach(quote, wording)
        if usable_rewards(view):
            full = wording.text("\N{DOWNWARDS ARROW} chooses a reward, Enter goes on without")
            brief = wording.text("\N{DOWNWARDS ARROW} chooses a reward")
            rows.append(Row("gift", Sentence.of(full, brief)))
        else:
            rows += refusal_rows(NoWayToPay(), wording)
        if quote.next_reward is not None:
            rows.append(next_reward_row(quote.next_reward, quote.earns, wording))
    else:
        title = Sentence.of(wording.text("Collect {points}", points=wording.points_name))
        subtitle = Sentence.of(wording.text("Collected, not used at the till"))
        text = wording.text("Type the bill to see what it earns")
        if quote.bill:
            text = wording.text("This sale earns {points}", points=wording.points(quote.earns))
        rows.append(Row("star", Sentence.of(text), Tone.GOOD if quote.earns else Tone.PLAIN))
    return RewardPanelWords(
        title=title,
        subtitle=subtitle,
        discount="",
        rows=tuple(rows),
        nothing=Sentence.of(nothing),
        spoken=wording.joined((subtitle.full, *(row.sentence.full for row in rows))),
    )


def _within_reach(quote: Quote, wording: Wording) -> Sentence:
    """Say how many rewards the member could have, on this bill or, before one is typed, on some."""
    count = sum(
        option.refusal is None or (not quote.bill and isinstance(option.refusal, NeedsBill))
        for option in quote.rewards
    )
    if not count:
        return Sentence.of(
            wording.text("No reward on this bill") if quote.bill else wording.text("No reward yet")
        )
    n = wording.figures.count(count)
    return Sentence.of(wording.plural("{n} reward to choose", "{n} rewards to choose", count, n=n))


def _offer_panel(view: TillView, serving: Serving, quote: Quote, wording: Wording) -> RewardPanelWords:
    figures = wording.figures
    discount, dim = figures.signed_money(-quote.discount), ""
    if view.discount_entry is not None:
        discount, dim = figures.typed_amount(view.discount_entry, minus=True)
    return RewardPanelWords(
        title=_use_points(wording),
        subtitle=_offer_summary(view, quote, serving, wording),
        discount=discount,
        discount_dim=dim,
        discount_tone=Tone.GOOD if quote.discount else Tone.MUTED,
        rows=(*_alarms(view, wording), *_offer_rows(view, serving, quote, wording)),
        choices=choices_of(view, quote, wording) if quote.maximum else (),
        choices_enabled=bool(quote.maximum),
        nothing=None if quote.maximum or quote.reward else _none_on_this_sale(wording),
        spoken=spoken_discount(quote.discount, wording),
    )


def _offer_summary(view: TillView, quote: Quote, serving: Serving, wording: Wording) -> Sentence:
    if isinstance(view.choice, TakeNothing):
        return _none_on_this_sale(wording)
    if view.lacks_offers:
        return Sentence.of(wording.text("About. Enter asks for the offer"), wording.text("About"))
    return _used_of(quote, account_for(view, serving).balance, wording)


def _offer_rows(view: TillView, serving: Serving, quote: Quote, wording: Wording) -> tuple[Row, ...]:
    offline = offline_offer_rows(view, serving, quote, wording)
    if offline:
        if view.discount_entry is None or view.target is Target.MANAGER:
            return offline
        return (_amount_row(view, quote, wording), offline[0])
    following = (
        next_step_row(quote.next_step, wording, from_nothing=not quote.maximum)
        if quote.next_step is not None
        else nothing_more_row(wording)
    )
    match view.choice:
        case TakeAmount(amount) if view.discount_entry is not None or amount != quote.discount:
            first = _amount_row(view, quote, wording)
        case TakeNothing():
            most = wording.figures.money_short(quote.maximum)
            first = Row("info", Sentence.of(wording.text("Up to {most} on this bill", most=most)))
        case TakeReward() if quote.choice_refusal is not None:
            return refusal_rows(quote.choice_refusal, wording)
        case TakeReward() if isinstance(quote.limit, ChosenReward):
            return _chosen_rows(view, quote, quote.limit, wording)
        case _ if quote.limit is not None:
            first = limit_row(quote.limit, wording)
        case _:
            return (following,)
    return (first, following)


def _chosen_rows(view: TillView, quote: Quote, limit: ChosenReward, wording: Wording) -> tuple[Row, ...]:
    """Say which reward is taken; where rewards are all there is, also what comes next."""
    if view.program is None or view.program.redemption:
        return (limit_row(limit, wording),)
    taken = wording.text("{reward} is taken", reward=name_in_sentence(limit.name))
    rows = [Row("gift", Sentence.of(taken), Tone.GOOD)]
    if quote.next_reward is not None:
        rows.append(next_reward_row(quote.next_reward, quote.earns, wording))
    rows.append(Row("arrow-u-up-left", Sentence.of(wording.text("Space gives the reward back"))))
    return tuple(rows)


def _amount_row(view: TillView, quote: Quote, wording: Wording) -> Row:
    """Say what may be typed, or what became of what was typed."""
    short = wording.figures.money_short
    typed = view.discount_entry.money if view.discount_entry is not None else quote.discount
    if typed > quote.maximum and quote.limit is not None:
        return limit_row(quote.limit, wording)
    if typed and not quote.discount and quote.choice_refusal is not None:
        return refusal_rows(quote.choice_refusal, wording)[0]
    if typed != quote.discount:
        nearest = wording.text("Nearest step below: {money}", money=short(quote.discount))
        return Row("arrow-line-up", Sentence.of(nearest), Tone.WAIT)
    least, most = short(quote.minimum), short(quote.maximum)
    # Steps up to one unit feel like any amount to a cashier; larger ones must be said.
    if quote.step.minor <= quote.step.currency.minor_per_unit:
        full = wording.text("Any amount from {least} to {most} on this bill", least=least, most=most)
    else:
        full = wording.text(
            "In steps of {step}, from {least} to {most}", step=short(quote.step), least=least, most=most
        )
    return Row("check-circle", Sentence.of(full, wording.text("{least} to {most}", least=least, most=most)))


def _no_points_panel(
    view: TillView, subtitle: Sentence, rows: tuple[Row, ...], wording: Wording
) -> RewardPanelWords:
    return RewardPanelWords(
        title=_use_points(wording),
        subtitle=subtitle,
        discount=wording.figures.money(zero(view.bill.currency)),
        rows=(*_alarms(view, wording), *rows),
        nothing=_none_on_this_sale(wording),
        spoken=subtitle.full,
    )


def _paying_panel(
    view: TillView, quote: Quote, panel: RewardPanelWords, wording: Wording
) -> RewardPanelWords:
    """Return the panel with the two things to do at the other till in place of the reasons."""
    figures = wording.figures
    things: list[tuple[str, str]] = []
    if quote.discount:
        things.append((wording.text("Take off at your till"), figures.signed_money(-quote.discount)))
    if isinstance(quote.reward, Gift):
        gift = wording.text("Hand over {reward}", reward=name_in_sentence(quote.reward.name))
        things.append((gift, ""))
    take = wording.text("Then take") if things else wording.text("Take")
    things.append((take, figures.money(quote.to_pay)))
    return replace(
        panel,
        rows=_alarms(view, wording),
        steps=tuple(
            StepRow(figures.count(place), Sentence.of(words), amount)
            for place, (words, amount) in enumerate(things, start=1)
        ),
        footer=_hold_line(view, wording),
        choices=(),
        choices_enabled=False,
        nothing=None,
    )


def _hold_line(view: TillView, wording: Wording) -> Sentence | None:
    if view.hold_over:
        return Sentence.of(wording.text("Hold ended. Enter holds again."))
    if view.offline_accepted:
        return confirmed_later(wording)
    if not view.is_holding:
        return None
    if view.held_until is None:
        full = wording.text("{Points} are held. Esc gives them back.", Points=wording.points_capital)
        return Sentence.of(full, wording.text("{Points} are held", Points=wording.points_capital))
    values = {"Points": wording.points_capital, "time": wording.figures.time(view.held_until)}
    full = wording.text("{Points} are held until {time}. Esc gives them back.", **values)
    return Sentence.of(full, wording.text("{Points} are held until {time}", **values))


def _finished_panel(view: TillView, finished: Finished, wording: Wording) -> RewardPanelWords:
    sale = finished.sale
    used = wording.points(sale.points_used) if sale.points_used else wording.text("None")
    discount = wording.figures.signed_money(-sale.discount)
    return RewardPanelWords(
        title=Sentence.of(wording.text("{Points} used", Points=wording.points_capital)),
        subtitle=Sentence.of(used),
        discount=discount,
        discount_tone=Tone.GOOD if sale.discount else Tone.MUTED,
        rows=(*_alarms(view, wording), *finished_rows(view, finished, wording)),
        spoken=spoken_discount(sale.discount, wording),
    )


def _alarms(view: TillView, wording: Wording) -> tuple[Row, ...]:
    """Return what must be read before the reasons."""
    rows: list[Row] = []
    if view.confirm_bill:
        money = wording.figures.money(view.bill.money)
        full = wording.text("{money} is unusually high. Enter again to go on.", money=money)
        brief = wording.text("Unusually high. Enter again to go on.")
        rows.append(Row("warning", Sentence.of(full, brief), Tone.WAIT))
    if view.balance_was is not None and isinstance(view.person, Serving):
        now = wording.points(view.person.account.balance)
        was = wording.figures.points(view.balance_was)
        full = wording.text("Balance is now {points} (was {before})", points=now, before=was)
        rows.append(Row("warning", Sentence.of(full), Tone.WAIT))
    if view.voucher is not None and view.step in {Step.BILL, Step.REWARD}:
        from cashier_app.wording.vouchers import voucher_rows  # with the first voucher

        rows.extend(voucher_rows(view, wording))
    return tuple(rows)


def _used_of(quote: Quote, balance: Decimal, wording: Wording) -> Sentence:
    used, has = wording.figures.points(quote.points_used), wording.figures.points(balance)
    full = wording.text("{used} of {points}", used=used, points=wording.points(balance))
    return Sentence.of(full, wording.text("{used} of {balance}", used=used, balance=has))


def _use_points(wording: Wording) -> Sentence:
    return Sentence.of(wording.text("Use {points}", points=wording.points_name))


def _none_on_this_sale(wording: Wording) -> Sentence:
    return Sentence.of(wording.text("No {points} on this sale", points=wording.points_name))
