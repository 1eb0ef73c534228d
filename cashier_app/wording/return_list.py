"""The sales a return is chosen from, in words."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.services.return_view import ReturnView
from cashier_app.services.searched_sales import ListedSale
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.today import last_sale, last_sales_title, no_sales


class SoldRow(Struct, frozen=True):
    """A sale to choose: time and name at the left, the amount at the right."""

    sale_id: str
    icon: str
    words: Sentence
    detail: str
    spoken: str


class ListWords(Struct, frozen=True):
    """The sales to choose from; `none` where there are none."""

    title: Sentence
    rows: tuple[SoldRow, ...]
    none: Sentence


def return_list(view: ReturnView, wording: Wording, now: datetime) -> ListWords:
    """Return the sales to choose from. `now` is UTC."""
    title = last_sales_title(wording)
    if view.of_member:
        count = len(view.listed)
        full = wording.plural(
            "{n} sale to this member", "{n} sales to this member", count, n=wording.figures.count(count)
        )
        title = Sentence.of(full, wording.text("Their sales"))
    elif view.several:
        count = len(view.listed)
        title = Sentence.of(
            wording.plural("{n} sale", "{n} sales of this amount", count, n=wording.figures.count(count))
        )
    return ListWords(title, tuple(_sold(one, wording, now) for one in view.listed), no_sales(wording))


def _sold(one: ListedSale, wording: Wording, now: datetime) -> SoldRow:
    line = one.line
    words = last_sale(line, wording, now)
    full = wording.text("{time} · {number}", time=words.time, number=plain(line.sale.number))
    if words.name:
        full = wording.text("{what} · {name}", what=full, name=words.name)
    amount, left = words.amount, wording.figures.money(one.left)
    if one.untold:
        amount = wording.text("To be finished")
    elif not one.left.minor:
        amount = wording.text("Returned")
    elif one.left != line.sale.bill:
        amount = wording.text("{money} left", money=left)
    told = amount if amount != words.amount else ""
    spoken = wording.joined([words.name, words.spoken, told])
    return SoldRow(line.sale.sale_id, words.icon, Sentence.of(full, words.time), amount, spoken)
