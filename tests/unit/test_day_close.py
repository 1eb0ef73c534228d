"""Reports of a day: differences of totals, one way to write them, and what is found wrong with them."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.day_close import (
    ChainHead,
    DayClose,
    GrandTotals,
    canonical,
    digest,
    report_of,
    short_form,
    spans_of,
)
from cashier_app.domain.day_close_check import Fault, Finding, KeptClosing, ToldClosing, findings
from cashier_app.domain.figures import Figures, Split
from tests.fakes.day_closes import UNTIL, busy_report, empty_report, grand_totals


def test_a_report_is_written_in_one_way_and_read_back() -> None:
    report = busy_report()
    text = canonical(report)
    assert report_of(text) == report
    assert canonical(report_of(text)) == text
    assert digest(text) == digest(canonical(busy_report()))


def test_the_same_points_are_written_alike_whatever_they_were_added_up_from() -> None:
    def written(points: str) -> str:
        total = GrandTotals("INR", 2, Figures(earned=Decimal(points)))
        return canonical(replace(empty_report(), currencies=spans_of([total], [])))

    assert written("1200") == written("1200.0000") == written("1.2E+3")
    assert '"earned":"1200"' in written("1.2E+3")


def test_figures_of_zero_are_left_out_and_come_back() -> None:
    (span,) = json.loads(canonical(empty_report()))["currencies"]
    assert (span["figures"], span["totals"]["total"]) == ({}, {})
    assert report_of(canonical(empty_report())).is_empty


@pytest.mark.parametrize("text", ["", "{}", '{"store":1}', "nothing"])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's words
        report_of(text)


def test_a_span_is_what_came_between_two_totals() -> None:
    (span,) = spans_of([grand_totals(days=3)], [grand_totals(days=2)])
    assert span.figures == grand_totals().total
    assert span.by[Split.STAFF]["asha"] == grand_totals().by[Split.STAFF]["asha"]
    (nothing,) = spans_of([grand_totals()], [grand_totals()])
    assert (nothing.figures, nothing.by) == (Figures(), {})


def test_a_currency_that_is_gone_counts_as_nothing_now() -> None:
    before = GrandTotals("KWD", 3, Figures(sales=2))
    own, gone = spans_of([grand_totals()], [before])
    assert (own.currency, gone.currency) == ("INR", "KWD")
    assert (gone.figures.sales, gone.totals.total.sales) == (-2, 0)


def test_a_look_is_no_close() -> None:
    assert not busy_report(0).is_closed
    assert busy_report().is_closed
    assert not busy_report().is_empty


def test_the_short_form_is_for_the_eye() -> None:
    assert short_form("0123456789abcdef0123") == "0123 4567 89ab cdef"
    assert short_form("") == ""


def chain(count: int) -> list[DayClose]:
    """Return so many reports that hold together."""
    reports: list[DayClose] = []
    for number in range(1, count + 1):
        last = reports[-1] if reports else None
        totals = grand_totals(days=number)
        reports.append(
            replace(
                busy_report(number),
                since=last.until if last else None,
                until=UNTIL.replace(day=number),
                first_sale=10 * number - 9,
                last_sale=10 * number,
                currencies=spans_of([totals], [last.currencies[0].totals] if last else []),
                chain=ChainHead(number * 7, digest(str(number))),
                before=digest(canonical(last)) if last else "",
            )
        )
    return reports


def kept(reports: list[DayClose]) -> list[KeptClosing]:
    texts = [canonical(report) for report in reports]
    return [
        KeptClosing(report.number, text, digest(text)) for report, text in zip(reports, texts, strict=True)
    ]


def told(reports: list[DayClose]) -> dict[int, list[ToldClosing]]:
    return {report.number: [ToldClosing(digest(canonical(report)), report.chain)] for report in reports}


def test_reports_that_hold_together_have_nothing_wrong() -> None:
    reports = chain(4)
    assert findings(kept(reports), told(reports)) == ()
    assert findings([], {}) == ()
    again = {**told(reports), 2: [ToldClosing(digest(canonical(reports[1])), None)]}
    assert findings(kept(reports), again) == (), "told again after damage"


def test_a_hole_is_missing_unless_the_log_says_that_it_is_lost() -> None:
    reports = chain(4)
    there = [closing for closing in kept(reports) if closing.number != 2]
    assert findings(there, told(reports)) == (Finding(2, Fault.MISSING),)
    assert findings(there, told(reports), {2}) == (Finding(2, Fault.LOST),)
    assert findings(there[:-1], told(reports)) == (Finding(2, Fault.MISSING), Finding(4, Fault.MISSING))


def test_what_is_wrong_with_one_row() -> None:
    reports = chain(3)
    first, second, third = kept(reports)
    assert findings([first, second, replace(third, sha256="0")], told(reports)) == (
        Finding(3, Fault.CHANGED),
        Finding(3, Fault.OTHER_IN_LOG),
    )
    unreadable = KeptClosing(3, "{}", digest("{}"))
    assert findings([first, second, unreadable], told(reports)) == (
        Finding(3, Fault.UNREADABLE),
        Finding(3, Fault.OTHER_IN_LOG),
    )
    assert Finding(3, Fault.OTHER_NUMBER) in findings(
        [first, second, replace(second, number=3)], told(reports)
    )
    untold = {number: one for number, one in told(reports).items() if number != 3}
    assert findings([first, second, third], untold) == (Finding(3, Fault.NOT_IN_LOG),)
    elsewhere = {**told(reports), 3: [ToldClosing(third.sha256, ChainHead(1, ""))]}
    assert findings([first, second, third], elsewhere) == (Finding(3, Fault.OTHER_HEAD),)


@pytest.mark.parametrize(
    "change",
    [
        {"since": UNTIL},
        {"before": ""},
        {"first_sale": 20},
        {"last_sale": 3, "first_sale": 0},
    ],
)
def test_a_report_that_does_not_follow_is_found(change: dict[str, object]) -> None:
    reports = chain(3)
    reports[2] = replace(reports[2], **change)
    assert findings(kept(reports), told(reports)) == (Finding(3, Fault.OTHER_SPAN),)


def test_figures_that_are_not_the_difference_are_found() -> None:
    reports = chain(3)
    (span,) = reports[2].currencies
    netted = replace(span.figures, earned=span.figures.earned - span.figures.taken_back)
    reports[2] = replace(reports[2], currencies=(replace(span, figures=netted),))
    assert findings(kept(reports), told(reports)) == (Finding(3, Fault.FIGURES),)


def test_the_first_report_follows_from_nothing() -> None:
    (report,) = chain(1)
    forged = replace(report, since=UNTIL)
    assert findings(kept([forged]), told([forged])) == (Finding(1, Fault.OTHER_SPAN),)


def test_a_lost_one_can_be_worked_out_from_its_neighbours() -> None:
    first, second, third = chain(3)
    totals_before_third = third.currencies[0].totals.total - third.currencies[0].figures
    assert totals_before_third - first.currencies[0].totals.total == second.currencies[0].figures
