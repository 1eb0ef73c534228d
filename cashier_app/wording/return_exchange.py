"""Goods for goods, in words: what is bought instead, and what is to be paid or given back for both."""

from __future__ import annotations

from cashier_app.domain.money import Money
from cashier_app.services.return_view import ReturnStep, ReturnView
from cashier_app.wording.pay_panel import Fill, PayPanelWords
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording


def new_bill(view: ReturnView, wording: Wording) -> tuple[Sentence, Sentence, str, str] | None:
    """Return label, hint, what is typed of the new bill and the rest of it; None where nothing is bought."""
    new = view.exchange
    if new is None:
        return None
    hint = wording.text("Type amount") if new.bill.is_empty else wording.text("In exchange")
    if view.sold is not None:
        hint = wording.text("Receipt {number}", number=plain(view.sold.number))
    elif new.pasted is not None and new.pasted.bill.lines:
        count = len(new.pasted.bill.lines)
        hint = wording.plural("{n} line", "{n} lines", count, n=wording.figures.count(count))
    typed, dim = wording.figures.typed_amount(new.bill)
    return Sentence.of(wording.text("New bill")), Sentence.of(hint), typed, dim


def exchange_pay(view: ReturnView, wording: Wording, *, online: bool) -> PayPanelWords:
    """Return the panel of the difference: what is to be paid, or given back."""
    difference = view.difference
    if difference is None or view.exchange is None or view.exchange.quote is None:
        title, hero = wording.text("Exchange"), wording.text("Type the new bill")
        return PayPanelWords(
            Sentence.of(title), hero, Fill.OFF, wording.joined([title, hero]), hero_is_word=True
        )
    amount = Money(abs(difference.minor), difference.currency)
    said = _title(view, difference, wording)
    if not difference.minor:
        hero, spoken = wording.text("Nothing to pay"), wording.text("Nothing to pay")
    else:
        hero, spoken = wording.figures.money(amount), wording.figures.spoken_money(amount)
    return PayPanelWords(
        title=said,
        hero=hero,
        fill=_fill(view, online=online),
        spoken=wording.joined([said.full, spoken]),
        hero_is_word=not difference.minor,
        context=_both(view, wording),
        left=_left(view, wording, online=online),
        icon=("check-circle" if _posted(view, online=online) else "clock") if view.sold else "",
    )


def exchange_primary(view: ReturnView, wording: Wording) -> Sentence:
    """Return what Enter does while something is bought instead."""
    difference = view.difference
    if view.step is ReturnStep.EXCHANGE or difference is None:
        return Sentence.of(wording.text("Exchange"))
    if _asks_first(view):
        return Sentence.of(wording.text("Ask the loyalty system"), wording.text("Ask"))
    if view.trouble:
        return Sentence.of(wording.text("Try again to finish"), wording.text("Try again"))
    if difference.minor > 0:
        return Sentence.of(wording.text("Paid, finish"), wording.text("Paid"))
    if difference.minor < 0:
        return Sentence.of(wording.text("Given back, finish"), wording.text("Given back"))
    return Sentence.of(wording.text("Exchanged, finish"), wording.text("Exchanged"))


def _title(view: ReturnView, difference: Money, wording: Wording) -> Sentence:
    if view.sold is not None and _asks_first(view) and difference.minor:
        # Whether the goods may come back is known only now.
        if difference.minor < 0:
            return Sentence.of(wording.text("Give back now"), wording.text("Give back"))
        return Sentence.of(wording.text("To pay now"), wording.text("To pay"))
    if view.sold is not None:
        return Sentence.of(
            wording.text("Exchanged, receipt {number}", number=plain(view.sold.number)),
            wording.text("Exchanged"),
        )
    if difference.minor < 0:
        return Sentence.of(wording.text("Give back"))
    return Sentence.of(wording.text("To pay"))


def _fill(view: ReturnView, *, online: bool) -> Fill:
    if view.sold is not None:
        return Fill.DONE if _posted(view, online=online) else Fill.AMBER
    return Fill.SOLID if view.step is ReturnStep.CONFIRM else Fill.PLAIN


def _asks_first(view: ReturnView) -> bool:
    """Say whether the loyalty system books the return before anything is paid or given."""
    return view.found is not None and view.found.asks_first


def _posted(view: ReturnView, *, online: bool) -> bool:
    return online and view.found is not None and view.found.posted


def _both(view: ReturnView, wording: Wording) -> Sentence | None:
    if view.plan is None or view.exchange is None:
        return None
    new, back = wording.figures.money(view.exchange.to_pay), wording.figures.money(view.plan.money_back)
    full = wording.text("{new} new, {back} back", new=new, back=back)
    return Sentence.of(full, wording.text("{back} back", back=back))


def _left(view: ReturnView, wording: Wording, *, online: bool) -> Sentence | None:
    if view.sold is not None:
        points = wording.points_capital
        if _posted(view, online=online):
            return Sentence.of(wording.text("{Points} follow by themselves", Points=points))
        later = wording.text("{Points} follow once it is posted. Nothing to do.", Points=points)
        return Sentence.of(later, wording.text("{Points} will follow", Points=points))
    if view.step is ReturnStep.CONFIRM and _asks_first(view):
        return Sentence.of(
            wording.text("Enter first, then settle it: other tills can return this, too."),
            wording.text("Enter first, then settle it"),
        )
    if view.trouble:
        return Sentence.of(wording.text("Not saved. Enter tries again."))
    if view.step is ReturnStep.CONFIRM:
        return Sentence.of(wording.text("At your till, then Enter. Esc changes nothing."))
    earns = view.exchange.quote.earns if view.exchange is not None and view.exchange.quote else None
    if not earns:
        return None
    return Sentence.of(wording.text("The new sale earns {points}", points=wording.points(earns)))
