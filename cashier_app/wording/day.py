"""The day view in words: its head, its buttons, the six figures of the strip."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from msgspec import Struct

from cashier_app.domain.figures import Figures, Times
from cashier_app.domain.money import Money
from cashier_app.domain.period import MOST_DAYS, Period, PeriodKind, range_of
from cashier_app.domain.rates import Rates
from cashier_app.services.day_stats import DayReport
from cashier_app.wording.day_parts import FigureTile
from cashier_app.wording.figure_definitions import DEFINITIONS, figure_words
from cashier_app.wording.figure_values import Value, share_text, tenths_text, value_text
from cashier_app.wording.period_names import beside, beside_name, period_name
from cashier_app.wording.sentences import Sentence, name_in_sentence, plain
from cashier_app.wording.speech import Wording


class DayHead(Struct, frozen=True):
    """What stands above the figures; `beside` from the longest form to the shortest."""

    title: Sentence
    beside: tuple[str, ...]
    spoken: str


class DayButtons(Struct, frozen=True):
    """All that can be pressed on the page.

    Args:
        periods: In the order in which they stand.
        chart: In the place of the table, and the other way round.
    """

    before: str
    after: str
    periods: dict[PeriodKind, Sentence]
    close_day: Sentence
    till: Sentence
    table: Sentence
    chart: Sentence
    by_hour: Sentence
    by_day: Sentence
    all_figures: Sentence
    overview: Sentence
    print: Sentence
    save_pdf: Sentence
    export: Sentence


def day_buttons(wording: Wording) -> DayButtons:
    """Return what the buttons say."""
    text = wording.text
    return DayButtons(
        before=text("Period before"),
        after=text("Period after"),
        periods={
            PeriodKind.DAY: Sentence.of(text("Day")),
            PeriodKind.WEEK: Sentence.of(text("Week")),
            PeriodKind.MONTH: Sentence.of(text("Month")),
            PeriodKind.RANGE: Sentence.of(text("Range")),
        },
        close_day=Sentence.of(text("Close day"), text("Close")),
        till=Sentence.of(text("Till")),
        table=Sentence.of(text("Table")),
        chart=Sentence.of(text("Chart")),
        by_hour=Sentence.of(text("By hour")),
        by_day=Sentence.of(text("By day")),
        all_figures=Sentence.of(text("All figures"), text("Figures")),
        overview=Sentence.of(text("Overview")),
        print=Sentence.of(text("Print")),
        save_pdf=Sentence.of(text("Save as PDF"), text("PDF")),
        export=Sentence.of(text("Export")),
    )


def day_head(report: DayReport, wording: Wording) -> DayHead:
    """Return the title of a report and what it is compared with; of one store of several, its name first."""
    title, stands = period_name(report.period, wording, report.today), beside(report, wording)
    found = report.comparison
    forms = [stands.full, stands.short]
    if found is not None and not found.is_empty:
        period = beside_name(found, wording, report.today)
        forms.append(wording.text("Beside {period}", period=period))
        if report.period.kind is PeriodKind.RANGE:
            forms.append(wording.text("Beside the time before"))
    elif report.is_unfinished:
        forms.append(wording.text("Until {time}", time=wording.figures.time(report.asked_at)))
    if report.scope.store:
        store = name_in_sentence(report.scope.store)
        forms = [wording.text("{store}, {beside}", store=store, beside=form) for form in forms]
    return DayHead(title, tuple(forms), wording.joined((title.full, forms[0])))


def reading_head(period: Period, today: date, wording: Wording) -> DayHead:
    """Return the title while the figures are on their way."""
    title = period_name(period, wording, today)
    return DayHead(title, (wording.text("Adding up…"),), title.full)


def store_words(store: str, wording: Wording) -> Sentence:
    """Return what the button says that goes through the stores."""
    return Sentence.of(plain(store) if store else wording.text("All stores"))


def own_figures_words(why: str, wording: Wording) -> str:
    """Return what is said over the figures of this till alone where those of all tills were wanted.

    What matters comes first: little room cuts the end off.
    """
    return wording.text("This till only. {why}", why=plain(why))


def mark_hint(wording: Wording) -> str:
    """Return what stands where a marked figure is explained."""
    return wording.text("Mark a figure to see what it means")


def saved_words(name: str, wording: Wording) -> Sentence:
    """Return what is said once a file is written."""
    return Sentence.of(wording.text("Saved as {name}", name=name_in_sentence(name)), wording.text("Saved"))


class FigureFileWords(Struct, frozen=True):
    """The dialog that asks for a file, with the kinds of files there are."""

    title: str
    for_spreadsheets: str
    table: str
    document: str
    print: str


def figure_file_words(wording: Wording) -> FigureFileWords:
    """Return what the dialog says."""
    return FigureFileWords(
        title=wording.text("Export these figures"),
        for_spreadsheets=wording.text("Table for spreadsheets"),
        table=wording.text("Table"),
        document=wording.text("JSON document"),
        print=wording.text("PDF for printing"),
    )


def printed_words(wording: Wording) -> Sentence:
    """Return what is said once the printer has it."""
    return Sentence.of(wording.text("Sent to the printer"), wording.text("Sent"))


def not_printed_words(wording: Wording) -> Sentence:
    """Return what is said when the printer takes nothing."""
    return Sentence.of(
        wording.text("The printer did not take it. Choose another one"), wording.text("Not printed")
    )


def scan_not_used(wording: Wording) -> Sentence:
    """Return what is said to a scan on this page."""
    return Sentence.of(
        wording.text("Scan not used: close the day view first"), wording.text("Scan not used here")
    )


# --- the strip ---------------------------------------------------------------------------------------


class _Side(Struct, frozen=True):
    """One side of a comparison."""

    figures: Figures
    rates: Rates
    times: Times


def figure_tiles(report: DayReport, wording: Wording) -> tuple[FigureTile, ...]:
    """Return the six figures of a report."""
    figures, rates, times = report.figures, report.rates, report.times
    count, points = wording.figures.count, wording.figures.points
    money = wording.figures.money(Money(figures.discount, report.currency))
    return (
        _tile(
            report,
            "attach_rate",
            wording,
            share_text(rates.attach_rate, wording),
            wording.plural(
                "{n} of {m} sale",
                "{n} of {m} sales",
                figures.sales,
                n=count(figures.member_sales),
                m=count(figures.sales),
            ),
            lambda side: side.rates.attach_rate,
        ),
        _tile(
            report,
            "enrolled",
            wording,
            count(figures.enrolled),
            wording.plural(
                "{n} sale without", "{n} sales without", rates.without_member, n=count(rates.without_member)
            ),
            lambda side: side.figures.enrolled,
        ),
        _tile(
            report,
            "earned",
            wording,
            points(figures.earned),
            wording.text("{n} waiting", n=points(figures.waiting_earned))
            if figures.waiting_earned
            else wording.text("all posted"),
            lambda side: side.figures.earned,
        ),
        _tile(
            report,
            "used",
            wording,
            points(figures.used),
            wording.plural(
                "in {n} sale", "in {n} sales", figures.redeemed_sales, n=count(figures.redeemed_sales)
            ),
            lambda side: side.figures.used,
        ),
        _tile(
            report,
            "discount",
            wording,
            money,
            wording.text("{share} of revenue", share=share_text(rates.discount_share, wording))
            if rates.discount_share is not None
            else wording.text("no revenue"),
            lambda side: side.rates.discount_share,
            before="discount_share",
        ),
        _tile(
            report,
            "scan_to_done_median",
            wording,
            tenths_text(times.median, wording),
            wording.text(
                "{share} under {time}",
                share=wording.figures.percent(95),
                time=tenths_text(times.ninety_fifth, wording),
            )
            if times.ninety_fifth is not None
            else wording.text("no sale timed"),
            lambda side: side.times.median,
        ),
    )


_Read = Callable[[_Side], Value]


def _before(report: DayReport, read: _Read) -> tuple[Value, Value] | None:
    """Return a figure as far as it is compared, and what it was then; None where nothing is compared."""
    found = report.comparison
    if found is None or found.is_empty:
        return None
    now = read(_Side(found.now, found.now_rates, report.times))
    then = read(_Side(found.then, found.then_rates, found.then_times))
    return None if then is None else (now, then)


def _tile(
    report: DayReport,
    key: str,
    wording: Wording,
    figure: str,
    base: str,
    read: _Read,
    before: str = "",
) -> FigureTile:
    """Return one figure; `before` names the figure `read` reads where that is another one."""
    words, compared = figure_words(key, wording), _before(report, read)
    sentence, icon = None, ""
    if compared is not None:
        now, then = compared
        unit = DEFINITIONS[before or key].unit
        value = value_text(then, unit, report.currency, wording)
        said = short = wording.text("from {value}", value=value)
        if now is not None and now != read(_Side(report.figures, report.rates, report.times)):
            # The hour that is not over is in the figure, but not in what is compared: an arrow down beside a
            # larger figure needs both sides.
            so_far = value_text(now, unit, report.currency, wording)
            said = wording.text("{now} from {value}", now=so_far, value=value)
        sentence = Sentence.of(said, short)
        if now is not None and then is not None and now != then:
            icon = "arrow-up" if Fraction(now) > Fraction(then) else "arrow-down"
    label = Sentence.of(words.name)
    spoken = wording.joined((words.name, figure, base, sentence.full if sentence else ""))
    return FigureTile(key, label, figure, Sentence.of(base), sentence, icon, words.full, spoken)


# --- a range that is typed -----------------------------------------------------------------------------


class RangeWords(Struct, frozen=True):
    """The question for the days of a range."""

    title: Sentence
    first: str
    last: str
    hint: str
    show: Sentence
    back: Sentence


def range_words(wording: Wording, today: date) -> RangeWords:
    """Return the question."""
    text = wording.text
    return RangeWords(
        title=Sentence.of(text("Which days?")),
        first=text("First day"),
        last=text("Last day"),
        hint=text("As {day}", day=typed_day(today)),
        show=Sentence.of(text("Show")),
        back=Sentence.of(text("Back")),
    )


def typed_day(day: date) -> str:
    """Return a day as it may be typed."""
    return day.isoformat()


def range_typed(first: str, last: str, wording: Wording) -> Period | Sentence:
    """Return the range two typed days make, or why they make none."""
    begins, ends = _day_typed(first), _day_typed(last)
    if begins is None or ends is None:
        which = wording.text("First day") if begins is None else wording.text("Last day")
        return Sentence.of(wording.text("{field}: type year, month and day", field=which))
    if ends < begins:
        return Sentence.of(wording.text("The last day is before the first"))
    try:
        return range_of(begins, ends)
    except ValueError:
        days = wording.figures.count(MOST_DAYS)
        return Sentence.of(wording.text("That is more than {n} days", n=days))


def _day_typed(text: str) -> date | None:
    parts = text.strip().replace("/", "-").replace(".", "-").replace(" ", "-").split("-")
    if (
        len(parts) != 3
        or len(parts[0]) != 4
        or not all(part.isdecimal() and len(part) <= 4 for part in parts)
    ):
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None
