"""Goods that come back, in words: which sale it is, what happens to its points, how much of it comes back."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.money import Currency, Money, zero
from cashier_app.domain.refund import MoreThanSold
from cashier_app.domain.sale import EffectKind
from cashier_app.services.return_view import ReturnRemark, ReturnRemarkKind, ReturnStep, ReturnView
from cashier_app.services.returnable import AskedReturn, Returnable
from cashier_app.wording.buttons import ScanFieldWords
from cashier_app.wording.places import till_label
from cashier_app.wording.problems import MessageCardWords, ToastWords
from cashier_app.wording.return_problems import return_problem
from cashier_app.wording.sentences import Row, Sentence, Tone, plain
from cashier_app.wording.speech import Wording

_NOTHING = "\N{EN DASH}"
_BAD_NEWS_FIRST = {Tone.STOP: 0, Tone.WAIT: 1}


class FigureRow(Struct, frozen=True):
    """A label and what stands at its right; `tone` says whether it comes or goes."""

    label: Sentence
    figure: str
    tone: Tone = Tone.PLAIN


class ReturnCardWords(Struct, frozen=True):
    """Whose sale it is, and what happens to the points.

    Args:
        balance: What the member has after; its figure is words where nobody can say it yet.
        all_of_it: The button for everything, and its key; None where no other amount can be chosen.
        exchange: The button that sells something else in its place; None where none can be made now.
    """

    name: str
    line: Sentence
    title: Sentence
    taken_back: FigureRow
    restored: FigureRow
    balance: FigureRow
    notes: tuple[Row, ...]
    all_of_it: Sentence | None
    amount_instead: Sentence
    exchange: Sentence | None
    spoken: str
    all_key: str = "*"


class SumWords(Struct, frozen=True):
    """How much comes back, as a sum on paper.

    Args:
        typed: What stands typed, and `dim` the rest of it; empty where nothing is.
        amount: What comes back, where nothing is typed.
        warning: Why it cannot; None where it can.
    """

    sold: FigureRow
    before: FigureRow | None
    label: Sentence
    typed: str
    dim: str
    amount: str
    left: FigureRow
    warning: Sentence | None
    spoken: str


def return_title(wording: Wording) -> str:
    """Return the name of the screen."""
    return wording.text("Return")


def return_field(view: ReturnView, wording: Wording) -> ScanFieldWords:
    """Return the scan field: what is typed, or whose receipt it is."""
    spoken = wording.text("Receipt number, or amount and time")
    if view.step is not ReturnStep.FIND and view.found is not None:
        number = plain(view.found.sale.number)
        full = wording.text("Receipt {number} · scan another", number=number)
        hint = Sentence.of(full, wording.text("Receipt {number}", number=number))
        return ScanFieldWords("barcode", hint, "", spoken)
    hint = Sentence.of(wording.text("Scan the receipt, or type"), wording.text("Scan the receipt"))
    return ScanFieldWords("barcode", hint, view.entry, spoken)


def return_message(view: ReturnView, wording: Wording, now: datetime) -> MessageCardWords:
    """Return what stands in the card while it is not known which sale it is. `now` is UTC."""
    if view.trouble:
        title = Sentence.of(wording.text("This did not work"))
        return MessageCardWords("warning", title, Sentence.of(view.trouble), Tone.STOP)
    if view.problem is not None:
        return return_problem(view.problem, wording, now)
    how = wording.text("Or type its number, such as 2-0418, or the amount and the time: 1025 14:20.")
    pick = wording.text("Or the member's code or number. Or pick one of today's sales with the arrow keys.")
    return MessageCardWords(
        "barcode", Sentence.of(wording.text("Scan the receipt")), Sentence.of(f"{how} {pick}")
    )


def return_card(view: ReturnView, found: Returnable, wording: Wording, now: datetime) -> ReturnCardWords:
    """Return whose sale it is and what happens to the points. `now` is UTC."""
    sale, figures = found.sale, wording.figures
    moves = view.plan is not None and view.plan.refused is None and found.moves_points
    plan = view.plan if moves else None
    taken = -plan.taken_back if plan is not None else None
    restored = plan.restored if plan else None
    unnamed = wording.text("Without a member") if found.nobodys else wording.text("Member")
    name = plain(sale.display_name) or unnamed
    when = wording.text("{number} · {time}", number=plain(sale.number), time=_moment(sale.at, wording, now))
    title = wording.text("What happens to the {points}", points=wording.points_name)
    rows = (
        FigureRow(
            Sentence.of(wording.text("Taken back")),
            _NOTHING if taken is None else _about(figures.signed_points(taken), found, wording),
            Tone.STOP if taken else Tone.PLAIN,
        ),
        FigureRow(
            Sentence.of(wording.text("Restored")),
            _NOTHING if restored is None else figures.signed_points(restored),
            Tone.GOOD if restored else Tone.PLAIN,
        ),
        FigureRow(Sentence.of(wording.text("Balance after")), _balance(view, found, wording)),
    )
    asks = view.step is ReturnStep.AMOUNT
    choosing = asks and found.parts
    return ReturnCardWords(
        name=name,
        line=Sentence.of(when, plain(sale.number)),
        title=Sentence.of(title),
        taken_back=rows[0],
        restored=rows[1],
        balance=rows[2],
        notes=_notes(view, found, wording, now),
        all_of_it=Sentence.of(_all_of_it(found, wording)) if choosing else None,
        all_key="A" if found.has_lines else "*",
        amount_instead=Sentence.of(wording.text("An amount instead"), wording.text("Amount instead")),
        exchange=Sentence.of(wording.text("Exchange")) if asks and not found.nobodys else None,
        spoken=wording.joined([name, when, title, *(f"{row.label.full} {row.figure}" for row in rows)]),
    )


def _about(figure: str, found: Returnable, wording: Wording) -> str:
    return wording.text("about {n}", n=figure) if found.about else figure


def _all_of_it(found: Returnable, wording: Wording) -> str:
    if found.has_lines:
        return wording.text("All lines")
    return wording.text("All that is left") if found.before else wording.text("All of it")


def _balance(view: ReturnView, found: Returnable, wording: Wording) -> str:
    if view.plan is None or view.plan.refused is not None or found.nobodys:
        return _NOTHING
    if view.balance is not None:
        return _about(wording.figures.points(view.balance + view.plan.balance_change), found, wording)
    return wording.text("not known now") if found.posted else wording.text("once posted")


def _notes(view: ReturnView, found: Returnable, wording: Wording, now: datetime) -> tuple[Row, ...]:
    rows = []
    if found.untold is not None and view.step is not ReturnStep.DONE:
        rows.append(Row("warning", Sentence.of(untold_note(found.untold, wording)), Tone.WAIT))
    if view.trouble:
        rows.append(Row("warning", Sentence.of(view.trouble), Tone.STOP))
    if view.changed:
        changed = wording.text("The loyalty system booked other figures meanwhile. Look again.")
        rows.append(Row("warning", Sentence.of(changed), Tone.WAIT))
    if not found.parts:
        whole = wording.text("The loyalty system takes back whole sales only")
        rows.append(Row("info", Sentence.of(whole), Tone.WAIT))
    if found.before and found.last_return is not None:
        money, day = wording.figures.money(found.returned), _day(found.last_return, wording, now)
        full = wording.text("{money} already returned, last on {day}", money=money, day=day)
        rows.append(Row("arrow-u-up-left", Sentence.of(full)))
    if not found.posted:
        waits = wording.text("This sale is still to be posted. The return goes behind it.")
        rows.append(Row("clock", Sentence.of(waits), Tone.WAIT))
    whose = _claimable(found, wording) if found.nobodys else None
    new = _no_points(wording) if view.exchange is not None else None
    rows += [row for row in (whose, new, _spent(view, found, wording)) if row is not None]
    rows.append(Row("receipt", Sentence.of(_rules(found, wording, now))))
    if found.sold.points_used and (view.plan is None or view.plan.refused is None):
        rows.append(_used(view, found, wording))
    if found.sale.voucher:
        stays = wording.text("A voucher was used on this sale. It stays used.")
        rows.append(Row("gift", Sentence.of(stays)))
    # What is bad news must not be the note there is no height for.
    return tuple(sorted(rows, key=lambda row: _BAD_NEWS_FIRST.get(row.tone, len(_BAD_NEWS_FIRST))))


def untold_note(untold: AskedReturn, wording: Wording) -> str:
    """Say what is known of a return that was asked for and that nobody saw to its end."""
    time = wording.figures.time(untold.effect.at)
    if untold.shown:
        return wording.text(
            "At {time} the till said to give this back, and stopped. Give it only if they have not got it.",
            time=time,
        )
    return wording.text(
        "Asked for at {time}. The answer was never shown: nothing was given back yet.", time=time
    )


def _claimable(found: Returnable, wording: Wording) -> Row:
    """Return what becomes of points nobody has asked for yet, or somebody may have at another till."""
    if found.sold.earned:
        full = wording.text("A member claimed this sale: what it earned them is taken back")
    elif any(effect.kind is EffectKind.SALE for effect in found.made):
        full = wording.text("What comes back earns nobody {points}", points=wording.points_name)
    else:
        full = wording.text("It cannot be claimed any more once goods came back")
    return Row("info", Sentence.of(full))


def _no_points(wording: Wording) -> Row:
    full = wording.text(
        "No {points} are used in an exchange: those that come back can be used once they are booked",
        points=wording.points_name,
    )
    return Row("info", Sentence.of(full))


def _spent(view: ReturnView, found: Returnable, wording: Wording) -> Row | None:
    """Return who bears it that points to be taken back were spent; None where they were not."""
    plan = view.plan
    if plan is None or plan.refused is not None or not (plan.taken_back or plan.shortfall):
        return None
    if plan.shortfall:
        full = wording.plural(
            "{points} was spent already and is not asked for: the shop bears it",
            "{points} were spent already and are not asked for: the shop bears them",
            wording.form_for(plan.shortfall),
            points=wording.points(plan.shortfall),
        )
        return Row("warning", Sentence.of(full), Tone.WAIT)
    if view.balance is None:
        if found.floors:
            full = wording.text("What was spent already is not asked for: the shop bears it")
        else:
            full = wording.text("What was spent already is owed: the balance may fall below zero")
        return Row("info", Sentence.of(full))
    if view.balance + plan.balance_change < 0:
        full = wording.text("Some were spent already: the balance falls below zero, later sales fill it up")
        return Row("warning", Sentence.of(full), Tone.WAIT)
    return None


def _rules(found: Returnable, wording: Wording, now: datetime) -> str:
    day = _day(found.sale.at, wording, now)
    if found.rules_kept:
        return wording.text("Rules of {day} apply, as on the receipt", day=day)
    return wording.text("The rules of now apply: those of {day} are not known here", day=day)


def _used(view: ReturnView, found: Returnable, wording: Wording) -> Row:
    used = found.sold.points_used
    form = wording.form_for(used)
    points = wording.points(used)
    if not found.restores:
        full = wording.plural(
            "{points} was used on this sale. The loyalty system cannot give it back.",
            "{points} were used on this sale. The loyalty system cannot give them back.",
            form,
            points=points,
        )
        return Row("wallet", Sentence.of(full), Tone.WAIT)
    back = view.plan.restored if view.plan is not None else used
    full = wording.plural(
        "{points} was used on this sale; {n} back",
        "{points} were used on this sale; {n} come back",
        form,
        points=points,
        n=wording.figures.points(back),
    )
    return Row("wallet", Sentence.of(full))


def return_sum(view: ReturnView, found: Returnable, wording: Wording) -> SumWords:
    """Return how much comes back and what stays."""
    figures = wording.figures
    goods = found.left if view.goods is None else view.goods
    refused = isinstance(view.plan.refused, MoreThanSold) if view.plan is not None else False
    typed, dim = figures.typed_amount(view.amount) if view.amount is not None else ("", "")
    stays = found.left if refused else found.left - goods
    warning = None
    if refused:
        full = wording.text("More than was sold. {money} is left.", money=figures.money(found.left))
        warning = Sentence.of(full, wording.text("More than was sold"))
    before = None
    if found.before:
        minus = Money(-found.returned.minor, found.returned.currency)
        before = FigureRow(Sentence.of(wording.text("Already returned")), figures.money(minus))
    label = wording.text("Comes back now")
    return SumWords(
        sold=FigureRow(Sentence.of(wording.text("Sold")), figures.money(found.sale.bill)),
        before=before,
        label=Sentence.of(label),
        typed=typed,
        dim=dim,
        amount=figures.money(goods),
        left=FigureRow(Sentence.of(wording.text("Stays sold")), figures.money(stays)),
        warning=warning,
        spoken=wording.joined(
            [label, figures.spoken_money(goods), warning.full if warning is not None else ""]
        ),
    )


def return_bill(
    found: Returnable, till: str, wording: Wording, now: datetime
) -> tuple[Sentence, Sentence, str]:
    """Return label, hint and amount of the sale's bill. `now` is UTC."""
    when = wording.joined([_moment(found.sale.at, wording, now), till_label(till, wording)])
    return (
        Sentence.of(wording.text("Bill")),
        Sentence.of(when, _moment(found.sale.at, wording, now)),
        wording.figures.money(found.sale.bill),
    )


def return_no_bill(currency: Currency, wording: Wording) -> tuple[str, str]:
    """Return label and amount of the bill while it is not known which sale it is."""
    return wording.text("Bill"), wording.figures.money(zero(currency))


def return_remark(remark: ReturnRemark, wording: Wording) -> ToastWords:
    """Return a passing remark."""
    match remark.kind:
        case ReturnRemarkKind.SCAN_NOT_USED:
            full = wording.text("Scan not used: finish this return first")
            return ToastWords(Sentence.of(full, wording.text("Scan not used")), None, "")
        case ReturnRemarkKind.RECEIPT_OFFERED:
            full = wording.text("Receipt {number} scanned. Switch?", number=plain(remark.text))
            short = wording.text("Switch to {number}?", number=plain(remark.text))
            return ToastWords(Sentence.of(full, short), Sentence.of(wording.text("Yes")), "F3")
        case ReturnRemarkKind.BILL_NOT_READ:
            full = wording.text("This bill cannot be used")
            if remark.text:
                full = wording.text("This bill cannot be used: look at {place}", place=plain(remark.text))
            return ToastWords(Sentence.of(full, wording.text("Bill not used")), None, "")
        case ReturnRemarkKind.WHOLE_ONLY:
            full = wording.text("Whole sales only")
            return ToastWords(Sentence.of(full), None, "")
    assert_never(remark.kind)


def _day(at: datetime, wording: Wording, now: datetime) -> str:
    zone = wording.figures.zone
    return wording.figures.short_day(at.astimezone(zone).date(), now.astimezone(zone).date())


def _moment(at: datetime, wording: Wording, now: datetime) -> str:
    return wording.text("{day}, {time}", day=_day(at, wording, now), time=wording.figures.time(at))
