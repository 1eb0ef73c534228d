"""Goods that come back, in words: the money given back, what Enter and Esc do, and the keys."""

from __future__ import annotations

from typing import assert_never

from cashier_app.domain.refund import RefundPlan
from cashier_app.services.return_steps import can_exchange, can_return
from cashier_app.services.return_view import ReturnRemarkKind, ReturnStep, ReturnView
from cashier_app.wording.buttons import KeyWords
from cashier_app.wording.pay_panel import Fill, PayPanelWords
from cashier_app.wording.return_exchange import exchange_pay, exchange_primary
from cashier_app.wording.return_lines import lines_picked
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording


def return_pay(view: ReturnView, wording: Wording, *, online: bool) -> PayPanelWords:
    """Return the panel of the money given back."""
    if view.exchange is not None:
        return exchange_pay(view, wording, online=online)
    match view.step:
        case ReturnStep.FIND | ReturnStep.EXCHANGE:
            return _asking(view, wording)
        case ReturnStep.AMOUNT:
            return _deciding(view, wording)
        case ReturnStep.CONFIRM:
            return _confirming(view, wording)
        case ReturnStep.DONE:
            return _done(view, wording, online=online)
    assert_never(view.step)


def _asking(view: ReturnView, wording: Wording) -> PayPanelWords:
    title = wording.text("Give back")
    hero = wording.text("Searching…") if view.busy else wording.text("Which sale?")
    return PayPanelWords(
        Sentence.of(title),
        hero,
        Fill.OFF,
        wording.joined([title, hero]),
        hero_is_word=True,
        left=Sentence.of(wording.text("Nothing is changed yet")),
    )


def _deciding(view: ReturnView, wording: Wording) -> PayPanelWords:
    title = wording.text("Give back")
    if view.plan is None or not can_return(view):
        nothing = wording.text("Nothing")
        return PayPanelWords(
            Sentence.of(title), nothing, Fill.OFF, wording.joined([title, nothing]), hero_is_word=True
        )
    figures = wording.figures
    return PayPanelWords(
        title=Sentence.of(title),
        hero=figures.money(view.plan.money_back),
        fill=Fill.PLAIN,
        spoken=wording.joined([title, figures.spoken_money(view.plan.money_back)]),
        context=_goods(view, wording),
        left=_with_points(view, wording),
    )


def _confirming(view: ReturnView, wording: Wording) -> PayPanelWords:
    if view.plan is None:
        return _asking(view, wording)
    figures = wording.figures
    money = figures.money(view.plan.money_back)
    title = Sentence.of(wording.text("Give {money} back", money=money), wording.text("Give back"))
    spoken = wording.text("Give {money} back", money=figures.spoken_money(view.plan.money_back))
    left = Sentence.of(wording.text("At your till, then Enter. Esc changes nothing."))
    if _asks_first(view):
        title = Sentence.of(wording.text("To give back"))
        spoken = wording.joined([title.full, figures.spoken_money(view.plan.money_back)])
        left = _enter_first(view, wording)
    elif view.trouble:
        left = Sentence.of(wording.text("Not saved. Enter tries again."))
    return PayPanelWords(title, money, Fill.SOLID, spoken, context=_goods(view, wording), left=left)


def _enter_first(view: ReturnView, wording: Wording) -> Sentence:
    if view.found is not None and view.found.untold is not None:
        return Sentence.of(
            wording.text("Enter first: it says whether to give it back"), wording.text("Enter first")
        )
    return Sentence.of(
        wording.text("Enter first, then give it back: other tills can return this, too."),
        wording.text("Enter first, then give it back"),
    )


def _done(view: ReturnView, wording: Wording, *, online: bool) -> PayPanelWords:
    plan, figures = view.done, wording.figures
    if plan is None:
        return _asking(view, wording)
    posted = online and view.found is not None and view.found.posted
    title = wording.text("Give back now") if _asks_first(view) else wording.text("Given back")
    points = wording.points_capital
    brief = wording.text("{Points} will follow", Points=points)
    if _asks_first(view):
        left, brief = wording.text("The loyalty system has booked it"), wording.text("Booked")
        if view.found is not None and view.found.untold is not None and view.found.untold.shown:
            left, brief = wording.text("If they have not got it yet"), wording.text("If not yet given")
    elif view.found is not None and not view.found.moves_points:
        left = wording.text("No {points} were on it. Nothing to do.", points=wording.points_name)
        brief = wording.text("Nothing to do")
    elif posted:
        left = wording.text("{Points} follow by themselves", Points=points)
    else:
        left = wording.text("{Points} follow once it is posted. Nothing to do.", Points=points)
    return PayPanelWords(
        title=Sentence.of(title),
        hero=figures.money(plan.money_back),
        fill=Fill.DONE if posted else Fill.AMBER,
        spoken=wording.joined([title, figures.spoken_money(plan.money_back)]),
        context=_goods(view, wording),
        left=Sentence.of(left, brief),
        icon="check-circle" if posted else "clock",
    )


def _asks_first(view: ReturnView) -> bool:
    """Say whether the loyalty system books the return before any money is given."""
    return view.found is not None and view.found.asks_first


def _goods(view: ReturnView, wording: Wording) -> Sentence | None:
    if view.plan is None or not view.plan.discount_back.minor:
        return None
    goods = wording.figures.money(view.plan.money_back + view.plan.discount_back)
    return Sentence.of(wording.text("{money} of goods", money=goods))


def _with_points(view: ReturnView, wording: Wording) -> Sentence | None:
    if view.plan is None or not view.plan.discount_back.minor:
        return None
    money = wording.figures.money(view.plan.discount_back)
    return Sentence.of(
        wording.text("{money} of it was paid with {points}", money=money, points=wording.points_name)
    )


def return_primary(view: ReturnView, wording: Wording) -> Sentence:
    """Return what Enter does, or what it waits for."""
    match view.step:
        case _ if view.busy:
            return _while(view, wording)
        case ReturnStep.EXCHANGE | ReturnStep.CONFIRM if view.exchange is not None:
            return exchange_primary(view, wording)
        case ReturnStep.FIND if view.takes_marked:
            number = plain(view.listed[view.marked].line.sale.number)
            return Sentence.of(wording.text("Take {number}", number=number))
        case ReturnStep.FIND | ReturnStep.EXCHANGE:
            return Sentence.of(wording.text("Find the sale"))
        case ReturnStep.AMOUNT if view.plan is not None and can_return(view):
            return _return_goods(view, view.plan, wording)
        case ReturnStep.AMOUNT:
            return Sentence.of(wording.text("Return"))
        case ReturnStep.CONFIRM:
            return _finish(view, wording)
        case ReturnStep.DONE:
            return Sentence.of(wording.text("Back to the till"))
    assert_never(view.step)


def _while(view: ReturnView, wording: Wording) -> Sentence:
    """Return what Enter waits for."""
    if view.step is not ReturnStep.CONFIRM:
        return Sentence.of(wording.text("Searching…"))
    return Sentence.of(wording.text("Asking…") if _asks_first(view) else wording.text("Saving…"))


def _finish(view: ReturnView, wording: Wording) -> Sentence:
    """Return what Enter does last."""
    if _asks_first(view):
        return Sentence.of(wording.text("Ask the loyalty system"), wording.text("Ask"))
    if view.trouble:
        return Sentence.of(wording.text("Try again to finish"), wording.text("Try again"))
    return Sentence.of(wording.text("Given back, finish"), wording.text("Given back"))


def _return_goods(view: ReturnView, plan: RefundPlan, wording: Wording) -> Sentence:
    if view.by_lines:
        count = lines_picked(view)
        n = wording.figures.count(count)
        full = wording.plural("Return {n} line", "Return {n} lines", count, n=n)
    else:
        full = wording.text(
            "Return {money}", money=wording.figures.money(plan.money_back + plan.discount_back)
        )
    return Sentence.of(full, wording.text("Return"))


def return_escape(view: ReturnView, wording: Wording) -> Sentence | None:
    """Return what Esc does, or None where it does nothing more than Enter."""
    if view.step is ReturnStep.DONE:
        return None
    if view.step is ReturnStep.FIND and view.busy:
        return Sentence.of(wording.text("Cancel"))
    if view.step is ReturnStep.FIND and (view.entry or view.problem is not None):
        return Sentence.of(wording.text("Clear"))
    return Sentence.of(wording.text("Back"))


def return_can_confirm(view: ReturnView) -> bool:
    """Return whether Enter does something now."""
    if view.busy:
        return False
    match view.step:
        case ReturnStep.FIND:
            return bool(view.entry) or view.takes_marked
        case ReturnStep.AMOUNT:
            return can_return(view)
        case ReturnStep.EXCHANGE:
            return view.exchange is not None and view.exchange.quote is not None
        case ReturnStep.CONFIRM | ReturnStep.DONE:
            return True
    assert_never(view.step)


def return_keys(view: ReturnView, wording: Wording) -> tuple[KeyWords, ...]:
    """Return the keys that are valid now, for the place of the keypad."""
    keys = []
    if return_can_confirm(view):
        keys.append(KeyWords(wording.text("Enter"), return_primary(view, wording)))
    if view.remark is not None and view.remark.kind is ReturnRemarkKind.RECEIPT_OFFERED:
        keys.append(_key("F3", wording.text("Switch receipt")))
    if not view.busy:
        keys += _keys_of_step(view, wording)
    escape = return_escape(view, wording)
    if view.step is ReturnStep.EXCHANGE:
        escape = Sentence.of(wording.text("No exchange"))
    elif view.step in {ReturnStep.AMOUNT, ReturnStep.CONFIRM}:
        escape = Sentence.of(wording.text("Back, no change"))
    if escape is not None and not (view.busy and view.step is ReturnStep.CONFIRM):
        keys.append(KeyWords(wording.text("Esc"), escape))
    return tuple(keys)


def _keys_of_step(view: ReturnView, wording: Wording) -> tuple[KeyWords, ...]:
    if view.step is ReturnStep.FIND:
        number = _key("0\N{EN DASH}9", wording.text("Number or amount"))
        return (number, _key("↑ ↓", wording.text("Go to a sale"))) if view.listed else (number,)
    if view.step is ReturnStep.EXCHANGE:
        return (_key("0\N{EN DASH}9", wording.text("The new bill")),)
    if view.step is not ReturnStep.AMOUNT or view.found is None:
        return ()
    exchange = (_key("E", wording.text("Exchange")),) if can_exchange(view) else ()
    if not view.found.parts:
        return exchange
    if view.by_lines:
        return (
            _key("↑ ↓", wording.text("Go to a line")),
            _key(wording.text("Space"), wording.text("Pick or leave it")),
            _key("\N{MINUS SIGN} +", wording.text("How many")),
            _key("A", wording.text("All lines")),
            _key("F5", wording.text("An amount instead")),
            *exchange,
        )
    everything = wording.text("All lines") if view.picks else wording.text("All that is left")
    return (
        _key("0\N{EN DASH}9", wording.text("Amount of goods")),
        _key("A" if view.picks else "*", everything),
        _key("F5", wording.text("An amount instead")),
        *exchange,
    )


def _key(key: str, words: str) -> KeyWords:
    return KeyWords(key, Sentence.of(words))
