"""A report of a day in words: what each row is, gross, and how to check it. Loyalty only, never takings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from cashier_app.domain.day_close import (
    ClosedDay,
    Correction,
    CurrencySpan,
    DayClose,
    OfflineSpell,
    Override,
    WaitingSale,
    short_form,
)
from cashier_app.domain.figures import Figures, Split
from cashier_app.domain.money import Currency
from cashier_app.domain.settlement import Truth
from cashier_app.wording.close_names import kind_name, matter_name, reason_name, way_name
from cashier_app.wording.close_sheet import (
    CloseSheet,
    SheetEntry,
    SheetFact,
    SheetLine,
    SheetList,
    SheetTable,
)
from cashier_app.wording.figure_definitions import DEFINITIONS, figure_words
from cashier_app.wording.figure_values import Unit, value_text
from cashier_app.wording.sentences import name_in_sentence
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import training_line

_SOLD: Final = (
    "sales",
    "member_sales",
    "known_sales",
    "first_sales",
    "redeemed_sales",
    "offline_sales",
    "enrolled",
    "bill",
    "redeemed_bill",
    "discount",
)
_EARNED: Final = ("earned", "taken_back", "lapsed", "waiting_earned", "refused_earned")
_USED: Final = ("used", "given_back", "waiting_used", "refused_used")
_EXCEPTIONS: Final = (
    "returns",
    "voids",
    "returned_bill",
    "returned_discount",
    "waiting_back",
    "refused_back",
    "overrides",
    "corrections",
    "discrepancies",
    "discrepancy",
)
_CHANGES: Final = frozenset(name for name in DEFINITIONS if name.startswith(("waiting_", "refused_")))
_BY_STAFF: Final = ("sales", "member_sales", "earned", "used", "discount", "returns", "overrides")
_BY_PART: Final = ("sales", "earned", "used", "discount")


class CopyMark(Struct, frozen=True):
    """That what is printed is a copy: the how many-th, from 1, and when, UTC."""

    count: int
    at: datetime


def closed_sheet(closed: ClosedDay, wording: Wording, copy: CopyMark | None = None) -> CloseSheet:
    """Return a closed day as it is printed."""
    return _sheet(closed.report, wording, closed.sha256, copy)


def open_sheet(report: DayClose, wording: Wording) -> CloseSheet:
    """Return the report as it would be now."""
    return _sheet(report, wording, "", None)


def close_title(report: DayClose, wording: Wording) -> str:
    """Return what a report is called."""
    if report.is_closed:
        return wording.text("Day close {number}", number=wording.figures.count(report.number))
    return wording.text("Loyalty since the last close")


def close_row(closed: ClosedDay, wording: Wording) -> str:
    """Return a closed day in one line: number, when, and by whom."""
    report = closed.report
    parts = (close_title(report, wording), _moment(report.until, wording), name_in_sentence(report.closed_by))
    return wording.joined(parts)


def _sheet(report: DayClose, wording: Wording, sha256: str, copy: CopyMark | None) -> CloseSheet:
    several = len(report.currencies) > 1
    parts: list[SheetTable | SheetList] = []
    for span in report.currencies:
        parts += _tables(span, report, wording, span.currency if several else "")
    return CloseSheet(
        title=close_title(report, wording),
        about=wording.text("Loyalty only. Not a record of takings."),
        marks=_marks(report, wording, copy),
        facts=_facts(report, wording),
        remarks=_remarks(report, wording),
        parts=(*parts, *_lists(report, wording)),
        proof=_proof(report, wording, sha256),
        proof_note=_proof_note(report, wording),
    )


def _marks(report: DayClose, wording: Wording, copy: CopyMark | None) -> tuple[str, ...]:
    marks = []
    if report.training:
        marks.append(training_line(wording))
    if not report.is_closed:
        marks.append(wording.text("Not closed"))
    if copy is not None:
        when = _moment(copy.at, wording)
        marks.append(wording.text("COPY {n}, {when}", n=wording.figures.count(copy.count), when=when))
    return tuple(marks)


def _facts(report: DayClose, wording: Wording) -> tuple[SheetFact, ...]:
    since = _moment(report.since, wording) if report.since else wording.text("the first sale at this till")
    if report.is_clock_set_back:
        since = wording.text("the close before")
    facts = [
        SheetFact(wording.text("Store"), name_in_sentence(report.store)),
        SheetFact(wording.text("Till"), report.till),
        SheetFact(wording.text("From"), since),
        SheetFact(wording.text("Until"), _moment(report.until, wording)),
        SheetFact(wording.text("Business days"), _days(report.first_day, report.last_day, wording)),
        SheetFact(wording.text("Receipts"), _receipts(report, wording)),
    ]
    if report.is_closed:
        facts.append(SheetFact(wording.text("Closed by"), name_in_sentence(report.closed_by)))
    return (*facts, SheetFact(wording.text("Program version"), report.made_with))


def _days(first: date | None, last: date | None, wording: Wording) -> str:
    if first is None or last is None:
        return wording.text("none")
    if first == last:
        return _day(first, wording)
    return wording.text("{first} to {last}", first=_day(first, wording), last=_day(last, wording))


def _receipts(report: DayClose, wording: Wording) -> str:
    if not report.first_sale:
        return wording.text("none")
    first, last = (f"{report.till}-{count:04d}" for count in (report.first_sale, report.last_sale))
    return first if first == last else wording.text("{first} to {last}", first=first, last=last)


def _remarks(report: DayClose, wording: Wording) -> tuple[str, ...]:
    remarks = []
    stock = report.stock
    if report.since is not None and report.is_clock_set_back:
        remarks.append(
            wording.text(
                "The clock was set back: the close before says {when}. Everything since is in this report.",
                when=_moment(report.since, wording),
            )
        )
    if stock.waiting or stock.needs_person:
        remarks.append(
            wording.text("What waits is not lost: it stands in the next report as soon as it is posted.")
        )
    if report.lost:
        numbers = wording.joined(wording.figures.count(number) for number in report.lost)
        remarks.append(
            wording.text(
                "Damage took day close {numbers} out of the database. What it held is in this report too.",
                numbers=numbers,
            )
        )
    remarks += [
        wording.text(
            "The database was damaged and put together again, {when}. What could not be read is missing.",
            when=_moment(rescue.at, wording),
        )
        for rescue in report.rescues[-1:]
    ]
    return tuple(remarks)


def _tables(span: CurrencySpan, report: DayClose, wording: Wording, code: str) -> list[SheetTable]:
    tables = [
        _figures_table(wording.text("Sales at the loyalty step"), _SOLD, span, wording, code),
        _figures_table(
            wording.text("{points} earned", points=wording.points_capital),
            _EARNED,
            span,
            wording,
            code,
            wording.text("Waiting and refused: how they changed, and what there is now."),
        ),
        _figures_table(
            wording.text("{points} used", points=wording.points_capital), _USED, span, wording, code
        ),
        _figures_table(wording.text("Goods brought back, and exceptions"), _EXCEPTIONS, span, wording, code),
    ]
    staff = span.by.get(Split.STAFF, {})
    if any(staff):
        names = {part: _person(part, report, wording) for part in staff}
        tables.append(
            _parts_table(
                wording.text("By cashier"), wording.text("Cashier"), staff, names, _BY_STAFF, span, wording
            )
        )
    tiers = span.by.get(Split.TIER, {})
    if any(tiers):
        names = {part: name_in_sentence(part) or wording.text("No tier") for part in tiers}
        tables.append(
            _parts_table(wording.text("By tier"), wording.text("Tier"), tiers, names, _BY_PART, span, wording)
        )
    ways = span.by.get(Split.WAY, {})
    if ways:
        names = {part: way_name(part, wording) for part in ways}
        tables.append(
            _parts_table(
                wording.text("By way of identification"),
                wording.text("Way"),
                ways,
                names,
                _BY_PART,
                span,
                wording,
            )
        )
    return tables


def _figures_table(
    title: str, keys: Sequence[str], span: CurrencySpan, wording: Wording, code: str, note: str = ""
) -> SheetTable:
    lines = []
    for key in keys:
        came = _value(span.figures, key, span, wording)
        if key in _CHANGES and getattr(span.figures, key) > 0:
            came = f"+{came}"
        lines.append(SheetLine(_name(key, wording), (came, _value(span.totals.total, key, span, wording))))
    return SheetTable(
        title=wording.text("{title}, {currency}", title=title, currency=code) if code else title,
        heads=(wording.text("This report"), wording.text("All until now")),
        lines=tuple(lines),
        note=note,
    )


def _parts_table(
    title: str,
    corner: str,
    parts: Mapping[str, Figures],
    names: dict[str, str],
    keys: Sequence[str],
    span: CurrencySpan,
    wording: Wording,
) -> SheetTable:
    return SheetTable(
        title=title,
        corner=corner,
        heads=tuple(_short_name(key, wording) for key in keys),
        lines=tuple(
            SheetLine(names[part], tuple(_value(figures, key, span, wording) for key in keys))
            # Those without a name last: they belong to nobody.
            for part, figures in sorted(parts.items(), key=lambda item: (not item[0], names[item[0]]))
        ),
        narrow=tuple(keys.index(key) for key in ("sales", "used", "discount")),
    )


def _lists(report: DayClose, wording: Wording) -> list[SheetTable | SheetList]:
    none = wording.text("None.")
    figures = wording.figures
    stock = report.stock
    lifted = (_override(one, report, wording) for one in report.overrides)
    corrections = (_correction(one, wording) for one in report.corrections)
    counted = (
        (wording.text("Sales that wait and post by themselves"), stock.waiting),
        (wording.text("Sales that need attention"), stock.needs_person),
        (wording.text("Holds not taken or let go yet"), stock.holds),
    )
    lines = tuple(SheetLine(name, (figures.count(count),)) for name, count in counted)
    waiting = tuple(_waiting(sale, wording) for sale in stock.sales)
    hidden = stock.waiting + stock.needs_person - len(stock.sales)
    return [
        SheetTable(wording.text("Open at the close"), (wording.text("Now"),), lines),
        SheetList(wording.text("Sales not posted yet"), waiting, none, _more(hidden, wording)),
        _list(wording.text("Settled by hand"), corrections, none),
        _list(
            wording.text("Discounts not covered"),
            (
                SheetEntry(
                    f"{loss.number}  {figures.money(loss.loss)}",
                    wording.joined((_moment(loss.at, wording), name_in_sentence(loss.because))),
                )
                for loss in report.losses
            ),
            none,
        ),
        _list(wording.text("Limits lifted"), lifted, none),
        _list(
            wording.text("Loyalty system not reached"), (_spell(one, wording) for one in report.offline), none
        ),
    ]


def _list(title: str, entries: Iterable[SheetEntry], empty: str) -> SheetList:
    return SheetList(title, tuple(entries), empty)


def _more(hidden: int, wording: Wording) -> str:
    if hidden <= 0:
        return ""
    return wording.plural("and {n} more", "and {n} more", hidden, n=wording.figures.count(hidden))


def _waiting(sale: WaitingSale, wording: Wording) -> SheetEntry:
    state = wording.text("needs attention") if sale.needs_person else wording.text("waits, posts by itself")
    number = sale.number or wording.text("Enrolment or merge")
    return SheetEntry(number, wording.joined((_moment(sale.at, wording), state)))


def _correction(one: Correction, wording: Wording) -> SheetEntry:
    truth = (
        wording.text("took hold there")
        if one.truth == Truth.TOOK_HOLD.value
        else wording.text("not booked, never sent")
    )
    said = wording.text(
        "{truth}. {name}: {reason}",
        truth=truth,
        name=name_in_sentence(one.by),
        reason=name_in_sentence(one.reason),
    )
    return SheetEntry(
        wording.joined((one.number, kind_name(one.kind, wording))),
        wording.joined((_moment(one.at, wording), said)),
    )


def _override(one: Override, report: DayClose, wording: Wording) -> SheetEntry:
    parts = [_moment(one.at, wording), name_in_sentence(report.names.get(one.by, one.by))]
    if one.amount is not None:
        parts.append(wording.figures.money(one.amount))
    if one.limit is not None:
        parts.append(wording.text("limit {money}", money=wording.figures.money(one.limit)))
    parts.append(reason_name(one.reason, wording))
    return SheetEntry(wording.joined((one.number, matter_name(one.matter, wording))), wording.joined(parts))


def _spell(one: OfflineSpell, wording: Wording) -> SheetEntry:
    if one.until is None:
        return SheetEntry(_moment(one.since, wording), wording.text("not over at the close"))
    if one.until < one.since:
        return SheetEntry(_moment(one.since, wording), wording.text("the clock was set back meanwhile"))
    return SheetEntry(
        wording.text(
            "{first} to {last}", first=_moment(one.since, wording), last=_moment(one.until, wording)
        ),
        wording.age(one.seconds),
    )


def _proof(report: DayClose, wording: Wording, sha256: str) -> tuple[SheetFact, ...]:
    if not sha256:
        return ()
    return (
        SheetFact(wording.text("Short form"), short_form(sha256)),
        SheetFact(wording.text("SHA-256 of this report"), sha256),
        SheetFact(
            wording.text("Audit log before it, row {n}", n=wording.figures.count(report.chain.sequence)),
            report.chain.link or wording.text("empty"),
        ),
        SheetFact(wording.text("Report before it"), short_form(report.before) or wording.text("none")),
    )


def _proof_note(report: DayClose, wording: Wording) -> str:
    if not report.is_closed:
        return wording.text("This is a look at the figures. It has no number and proves nothing.")
    return wording.text(
        "To check it: cashier-cli day verify, then compare the short form with that of day {number}.",
        number=wording.figures.count(report.number),
    )


def _person(part: str, report: DayClose, wording: Wording) -> str:
    if not part:
        return wording.text("Nobody signed in")
    return name_in_sentence(report.names.get(part, part))


def _name(key: str, wording: Wording) -> str:
    return figure_words(key, wording).name


def _short_name(key: str, wording: Wording) -> str:
    words = {
        "member_sales": wording.text("With a member"),
        "earned": wording.text("Earned"),
        "used": wording.text("Used"),
        "discount": wording.text("Discount"),
        "overrides": wording.text("Limits"),
    }
    return words.get(key) or _name(key, wording)


def _value(figures: Figures, key: str, span: CurrencySpan, wording: Wording) -> str:
    currency = Currency(span.currency, span.decimals)
    return value_text(getattr(figures, key), _unit(key), currency, wording)


def _unit(key: str) -> Unit:
    return DEFINITIONS[key].unit


def _day(on: date, wording: Wording) -> str:
    return wording.text("{day} {year}", day=wording.figures.day(on), year=str(on.year))


def _moment(at: datetime, wording: Wording) -> str:
    local = at.astimezone(wording.figures.zone).date()
    return wording.text("{day} {time}", day=_day(local, wording), time=wording.figures.time(at))
