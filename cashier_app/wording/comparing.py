"""The comparison with the loyalty system's books in words: each problem one sentence and one action."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.sale import EffectState
from cashier_app.services.reconciliation import Comparison, Finding, FindingKind, Remedy, StoppedBecause
from cashier_app.wording.queue_effects import effect_words
from cashier_app.wording.sentences import Sentence, Tone, plain
from cashier_app.wording.speech import Wording


class FindingWords(Struct, frozen=True):
    """One problem: where, what, and what to do about it.

    Args:
        kind: Which of the three, as a heading.
        sale: Number and time of the sale.
        problem: One sentence.
        key: The key, for support.
        action: The one action.
    """

    icon: str
    tone: Tone
    kind: Sentence
    sale: Sentence
    problem: Sentence
    key: Sentence
    action: Sentence
    spoken: str


class CompareWords(Struct, frozen=True):
    """The drawer around the problems. `figures` are pairs of a count and what it counts."""

    title: Sentence
    note: Sentence
    note_tone: Tone
    figures: tuple[tuple[str, Sentence], ...]
    today: Sentence
    week: Sentence
    month: Sentence
    start: Sentence
    stop: Sentence
    close: Sentence


def compare_words(
    found: Comparison | None, wording: Wording, *, progress: tuple[int, int] | None = None, trouble: str = ""
) -> CompareWords:
    """Return the words around the problems: before, during (with sales done, and in all) and after."""
    note, tone = _note(found, wording, progress, trouble)
    return CompareWords(
        title=Sentence.of(wording.text("Compare with the loyalty system"), wording.text("Compare")),
        note=Sentence.of(note),
        note_tone=tone,
        figures=_figures(found, wording),
        today=Sentence.of(wording.text("Today")),
        week=Sentence.of(wording.text("7 days")),
        month=Sentence.of(wording.text("30 days")),
        start=Sentence.of(wording.text("Compare now"), wording.text("Compare")),
        stop=Sentence.of(wording.text("Stop")),
        close=Sentence.of(wording.text("Close")),
    )


def finding_words(finding: Finding, wording: Wording, now: datetime) -> FindingWords:
    """Return one problem. `now` is UTC."""
    icon, tone = ("warning", Tone.STOP) if finding.kind is FindingKind.DIFFERS else ("warning", Tone.WAIT)
    kind, problem, action = (
        _kind(finding.kind, wording),
        _problem(finding, wording),
        _action(finding, wording),
    )
    time = wording.figures.moment(finding.sale.at, now)
    sale = wording.text("{number}, {time}", number=finding.sale.number, time=time)
    return FindingWords(
        icon=icon,
        tone=tone,
        kind=Sentence.of(kind),
        sale=Sentence.of(sale, finding.sale.number),
        problem=Sentence.of(problem),
        key=Sentence.of(wording.text("Key {key}", key=plain(finding.key))),
        action=Sentence.of(action),
        spoken=wording.joined((kind, sale, problem)),
    )


def _kind(kind: FindingKind, wording: Wording) -> str:
    match kind:
        case FindingKind.ONLY_HERE:
            return wording.text("Only here")
        case FindingKind.ONLY_THERE:
            return wording.text("Only there")
        case FindingKind.DIFFERS:
            return wording.text("Differs")
    assert_never(kind)


def _action(finding: Finding, wording: Wording) -> str:
    match finding.remedy:
        case Remedy.SEND_AGAIN:
            return wording.text("Send again")
        case Remedy.SETTLE_BY_HAND:
            return wording.text("Settle by hand")
        case Remedy.LOOK_UP:
            return wording.text("Look up")
    assert_never(finding.remedy)


def _problem(finding: Finding, wording: Wording) -> str:
    if finding.effect is None:
        there = (
            wording.text("points") if finding.points_there is None else wording.points(finding.points_there)
        )
        return wording.text("{points} are booked there under a key this till does not know.", points=there)
    what = effect_words(finding.effect, wording)
    if finding.kind is FindingKind.DIFFERS:
        return _difference(finding, what, wording)
    if finding.kind is FindingKind.ONLY_THERE:
        if finding.state is EffectState.DROPPED:
            return wording.text("{what}: settled here as not booked, but it is booked there.", what=what)
        return wording.text("{what}: needs attention here, and is booked there.", what=what)
    if finding.state is EffectState.POSTED:
        return wording.text("{what}: posted here, and not booked there.", what=what)
    return wording.text("{what}: needs attention here, and is not booked there.", what=what)


def _difference(finding: Finding, what: str, wording: Wording) -> str:
    if finding.paid_here is not None and finding.paid_there is not None:
        money = wording.figures.money
        return wording.text(
            "{what}: {here} paid here, {there} there.",
            what=what,
            here=money(finding.paid_here),
            there=money(finding.paid_there),
        )
    here = "" if finding.points_here is None else wording.points(finding.points_here)
    there = "" if finding.points_there is None else wording.points(finding.points_there)
    return wording.text("{what}: {here} here, {there} there.", what=what, here=here, there=there)


def _figures(found: Comparison | None, wording: Wording) -> tuple[tuple[str, Sentence], ...]:
    count = wording.figures.count
    numbers = (
        (None if found is None else found.agree, wording.text("agree")),
        (None if found is None else found.count(FindingKind.ONLY_HERE), wording.text("only here")),
        (None if found is None else found.count(FindingKind.ONLY_THERE), wording.text("only there")),
        (None if found is None else found.count(FindingKind.DIFFERS), wording.text("differ")),
    )
    return tuple(
        (wording.text("-") if number is None else count(number), Sentence.of(words))
        for number, words in numbers
    )


def _note(
    found: Comparison | None, wording: Wording, progress: tuple[int, int] | None, trouble: str
) -> tuple[str, Tone]:
    count = wording.figures.count
    if trouble:
        return trouble, Tone.STOP
    if progress is not None:
        done, in_all = progress
        return wording.text("{n} of {m} sales compared", n=count(done), m=count(in_all)), Tone.MUTED
    if found is None:
        return wording.text("Reads both books. Nothing is changed by looking."), Tone.MUTED
    match found.stopped:
        case StoppedBecause.ASKED:
            text = wording.text(
                "Stopped after {n} of {m} sales", n=count(found.sales), m=count(found.sales_in_all)
            )
            return text, Tone.WAIT
        case StoppedBecause.NO_ANSWER:
            text = wording.text(
                "The loyalty system does not answer. {n} of {m} sales were compared.",
                n=count(found.sales),
                m=count(found.sales_in_all),
            )
            return text, Tone.STOP
        case StoppedBecause.SIGN_IN:
            return wording.text("The loyalty system wants a new sign-in. Nothing can be compared."), Tone.STOP
        case None:
            return _whole(found, wording)
    assert_never(found.stopped)


def _whole(found: Comparison, wording: Wording) -> tuple[str, Tone]:
    count = wording.figures.count
    if not found.sales_in_all:
        return wording.text("No sales with a member in this time"), Tone.MUTED
    if found.unanswered:
        text = wording.plural(
            "No answer about {n} sale. Compare again later.",
            "No answer about {n} sales. Compare again later.",
            found.unanswered,
            n=count(found.unanswered),
        )
        return text, Tone.WAIT
    if not found.findings:
        text = wording.plural(
            "{n} sale compared: both books agree",
            "{n} sales compared: both books agree",
            found.sales,
            n=count(found.sales),
        )
        return text, Tone.GOOD
    text = wording.plural(
        "{n} problem in {m} sales",
        "{n} problems in {m} sales",
        len(found.findings),
        n=count(len(found.findings)),
        m=count(found.sales),
    )
    return text, Tone.WAIT
