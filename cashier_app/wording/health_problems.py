"""Each problem of the till in one sentence, with a second line that says what follows."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from cashier_app.services.health import Problem, ProblemKind, Severity
from cashier_app.wording.queue_effects import refused_because
from cashier_app.wording.sentences import Sentence, plain
from cashier_app.wording.speech import Wording


def problem_sentences(  # noqa: C901, PLR0912, PLR0915 - a case a problem
    problem: Problem, now: datetime, wording: Wording
) -> tuple[Sentence, Sentence]:
    """Return what is wrong, and what follows from it. `now` is UTC."""
    text, n = wording.text, problem.count
    count = wording.figures.count(n)
    age = "" if problem.since is None else wording.age((now - problem.since).total_seconds())
    when = "" if problem.since is None else wording.figures.moment(problem.since, now)
    worth = "" if problem.worth is None else wording.figures.money(problem.worth)
    match problem.kind:
        case ProblemKind.NEEDS_ATTENTION:
            title = wording.plural("{n} sale needs attention", "{n} sales need attention", n, n=count)
            detail = wording.joined((text("{age} old", age=age) if age else "", _reason(problem, wording)))
        case ProblemKind.SIGN_IN:
            title = text("The loyalty system wants a new sign-in")
            detail = text("Sales are saved and posted later")
        case ProblemKind.WAITING:
            title = wording.plural(
                "{n} sale waits, oldest {age}", "{n} sales wait, oldest {age}", n, n=count, age=age
            )
            detail = _waiting(problem, now, wording)
        case ProblemKind.OFFLINE:
            title = text("Offline since {time}", time=when) if when else text("Offline")
            detail = text("Sales are saved and posted later")
        case ProblemKind.DAMAGED_ROWS:
            title = wording.plural("{n} row is damaged", "{n} rows are damaged", n, n=count)
            detail = text("Close the till and start it again; it sets this right")
        case ProblemKind.SALES_LOST:
            title = wording.plural("{n} sale is lost", "{n} sales are lost", n, n=count)
            detail = text("The sales database was damaged {time}. Call support", time=when)
        case ProblemKind.DISK_SHORT:
            title = text("The disk is nearly full")
            detail = text("Free space soon, then look again")
        case ProblemKind.BACKUP_OLD:
            title = text("No backup for {age}", age=age) if age else text("No backup yet")
            detail = text("Sales are only on this disk")
        case ProblemKind.BACKUP_UNTESTED:
            title = text("The last backup was not read back")
            detail = text("A new one is read back at once")
        case ProblemKind.FIGURES_WRONG:
            title = wording.plural(
                "{n} figure differs from the sales", "{n} figures differ from the sales", n, n=count
            )
            detail = text("The sales are right. Working the figures out again stops the till for a minute")
        case ProblemKind.FIGURES_UNVERIFIED:
            title = text("The figures were not verified for {age}", age=age)
            detail = text("They are compared with every sale")
        case ProblemKind.BOOKS_DISAGREE:
            title = wording.plural(
                "{n} difference from the loyalty system",
                "{n} differences from the loyalty system",
                n,
                n=count,
            )
            detail = text("Found {time}. Compare again", time=when)
        case ProblemKind.DISCREPANCIES:
            title = wording.plural(
                "{n} discount without {points}",
                "{n} discounts without {points}",
                n,
                n=count,
                points=wording.points_name,
            )
            detail = text("Used offline and refused later, {money}", money=worth)
        case ProblemKind.HOLDS_FORGOTTEN:
            title = text("{points} held for nobody, {n} times", points=wording.points_capital, n=count)
            detail = text("Since {time}. Give them back to the members", time=when)
        case ProblemKind.CLOCK_OFF:
            off = 0.0 if problem.off_by is None else problem.off_by.total_seconds()
            title = text("The clock is {age} ahead", age=wording.age(off))
            if off < 0:
                title = text("The clock is {age} behind", age=wording.age(-off))
            detail = text("Set the computer's clock, then look again")
        case ProblemKind.PROGRAM_UNKNOWN:
            title = text("The loyalty program could not be read")
            detail = text("Nothing can be used until it is")
        case ProblemKind.LEDGER_BEHIND:
            title = text("The store's figures are {age} behind", age=age)
            detail = plain(problem.detail).removesuffix(".")
            if not detail:
                detail = wording.plural("{n} entry waits", "{n} entries wait", n, n=count)
        case ProblemKind.STAFF_LOCKED:
            title = wording.plural("{n} person is locked out", "{n} people are locked out", n, n=count)
            detail = text("Their PIN was tried too often. Let them try again")
        case ProblemKind.REVERSALS_LATE:
            title = text("A void has waited since {time}", time=when)
            detail = text("The points are not back yet. After 24 hours somebody must look at it")
        case ProblemKind.RETURNS_UNFINISHED:
            title = wording.plural(
                "{n} return is to be finished", "{n} returns are to be finished", n, n=count
            )
            detail = text("Asked for at {time}. Nobody saw whether to give the money", time=when)
        case _:
            assert_never(problem.kind)
    return Sentence.of(title), Sentence.of(detail)


def _reason(problem: Problem, wording: Wording) -> str:
    if problem.because is None:
        return wording.text("no answer came")
    return refused_because(problem.because, wording).full


def _waiting(problem: Problem, now: datetime, wording: Wording) -> str:
    if problem.severity is Severity.NOTICE or problem.since is None:
        return wording.text("They post by themselves")
    if (now - problem.since).total_seconds() >= 24 * 3600:
        return wording.text("Tell the manager: this should not take a day")
    return wording.text("They post by themselves, but it takes long")
