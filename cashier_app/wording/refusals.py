"""Why nothing may be used, in words: under the title, as a row, and beside a reward that is locked."""

from __future__ import annotations

from typing import assert_never

from cashier_app.domain.program.conditions import Weekday
from cashier_app.domain.reasons import (
    BillTooLarge,
    MemberBlocked,
    NeedsBill,
    NeedsDiscount,
    NeedsItems,
    NeedsPoints,
    NotForMember,
    NotForTier,
    NothingEligible,
    NotInStore,
    NotNow,
    NotOffline,
    NotPaidWith,
    NotTogether,
    NotYet,
    NoWayToPay,
    OutOfStock,
    Over,
    Period,
    Refusal,
    UnknownChoice,
    UsedUp,
    UsedUpOnBill,
)
from cashier_app.wording.conditions import in_period, names, times
from cashier_app.wording.sentences import Row, Sentence, Tone
from cashier_app.wording.speech import Wording


def refusal_summary(refusal: Refusal, wording: Wording) -> Sentence:  # noqa: C901, PLR0912 - a case a reason
    """Say in a few words, under the title of the reward panel, why nothing may be used."""
    text = wording.text
    match refusal:
        case NeedsBill() | NeedsDiscount() | NeedsItems():
            return Sentence.of(text("Not on this bill yet"))
        case NeedsPoints(needed, has):
            has_points, points = wording.figures.points(has), wording.points(needed)
            return Sentence.of(text("Needs {points}, has {balance}", points=points, balance=has_points))
        case NothingEligible() | BillTooLarge():
            return Sentence.of(text("Not on this bill"))
        case MemberBlocked():
            return Sentence.of(text("Not possible"))
        case NotOffline():
            return Sentence.of(text("Not while offline"))
        case NotYet():
            return Sentence.of(text("Not yet"))
        case Over():
            return Sentence.of(text("No longer"))
        case NotNow():
            return Sentence.of(text("Not now"))
        case NotInStore():
            return Sentence.of(text("Not in this store"))
        case NotPaidWith():
            return Sentence.of(text("Not for this payment"))
        case NotForTier():
            return Sentence.of(text("Not in this tier"))
        case NotForMember():
            return Sentence.of(text("Not for this member"))
        case UsedUp() | UsedUpOnBill():
            return Sentence.of(text("All used"))
        case OutOfStock():
            return Sentence.of(text("None left today"))
        case NotTogether():
            return Sentence.of(text("Not together"))
        case NoWayToPay():
            return Sentence.of(text("For rewards only"))
        case UnknownChoice():
            return Sentence.of(text("Not in the program"))
    assert_never(refusal)


def refusal_rows(refusal: Refusal, wording: Wording) -> tuple[Row, ...]:  # noqa: C901 - a case a reason
    """Say why no points may be used at all, and that the sale goes on."""
    match refusal:
        case MemberBlocked(since):
            day = wording.figures.short_day(since)
            full = wording.text("This member is blocked since {day}", day=day)
            blocked = Sentence.of(full, wording.text("Blocked since {day}", day=day))
            goes_on = Sentence.of(wording.text("The sale goes on without loyalty"))
            return (Row("prohibit", blocked, Tone.STOP), Row("info", goes_on))
        case NotOffline():
            return offline_rows(wording)
        case NeedsBill() | NeedsDiscount() | NeedsItems() | NothingEligible() | NeedsPoints():
            return (Row("lock", _missing(refusal, wording)),)
        case BillTooLarge(maximum):
            most = wording.figures.money_short(maximum)
            full = wording.text("Only on bills up to {most}", most=most)
            return (Row("lock", Sentence.of(full, wording.text("Up to {most} only", most=most))),)
        case NotYet() | Over() | NotNow():
            return (Row("clock", _at_other_times(refusal, wording)),)
        case NotInStore() | NotPaidWith() | NotForTier() | NotForMember():
            return (Row("lock", _for_others(refusal, wording)),)
        case UsedUp() | UsedUpOnBill() | OutOfStock():
            return (Row("lock", _used_up(refusal, wording)),)
        case NotTogether():
            return (Row("lock", Sentence.of(wording.text("Not together with what is chosen"))),)
        case NoWayToPay():
            text = wording.text("{Points} are for rewards only", Points=wording.points_capital)
            return (Row("gift", Sentence.of(text)),)
        case UnknownChoice():
            full = wording.text("What was chosen is no longer in the program")
            return (Row("info", Sentence.of(full, wording.text("No longer in the program"))),)
    assert_never(refusal)


def offline_rows(wording: Wording) -> tuple[Row, ...]:
    """Say what being offline means for the points of this sale."""
    points = wording.points_capital
    cannot = wording.text("{Points} cannot be used until we are online", Points=points)
    brief = wording.text("{Points} only when online", Points=points)
    follow = wording.text("{Points} for this sale will follow", Points=points)
    return (
        Row("cloud-slash", Sentence.of(cannot, brief), Tone.WAIT),
        Row("star", Sentence.of(follow)),
    )


def lock_words(refusal: Refusal, wording: Wording, *, today: Weekday | None = None) -> tuple[str, str]:  # noqa: C901, PLR0912 - a case a reason
    """Return what a reward needs, as it stands beside its name, and as it is spoken.

    On a day on which it holds, the hours are said instead of the days.
    """
    figures, text = wording.figures, wording.text
    match refusal:
        case NeedsPoints(needed, has):
            shown = text("needs {n}", n=figures.points(needed))
            points, balance = wording.points(needed), figures.points(has)
            return shown, text("needs {points}, has {balance}", points=points, balance=balance)
        case NeedsBill(minimum, _):
            shown = text("from {least}", least=figures.money_short(minimum))
            return shown, text("on a bill from {least}", least=figures.spoken_money(minimum))
        case NeedsDiscount(minimum, _):
            shown = text("from {least}", least=figures.money_short(minimum))
            return shown, text("from {least} off", least=figures.spoken_money(minimum))
        case NeedsItems(needed, _):
            n = figures.points(needed)
            shown = wording.plural("needs {n} item", "needs {n} items", wording.form_for(needed), n=n)
        case NothingEligible():
            shown = text("not on this bill")
        case BillTooLarge(maximum):
            most = figures.money_short(maximum)
            return text("up to {most}", most=most), text(
                "on bills up to {most}", most=figures.spoken_money(maximum)
            )
        case NotYet(starts):
            shown = text("from {day}", day=figures.short_day(starts))
        case Over(ended):
            shown = text("ended {day}", day=figures.short_day(ended))
        case NotNow():
            days, hours = times(refusal, wording)
            if days and not (hours and today in refusal.weekdays):
                shown = text("on {days}", days=days)
            else:
                shown = hours or text("at other times")
        case NotInStore():
            shown = text("in other stores")
        case NotPaidWith(kinds):
            shown = text("by {kinds}", kinds=names(kinds, wording, either=True))
        case NotForTier(tiers):
            shown = text("{tiers} only", tiers=names(tiers, wording, either=True))
        case NotForMember():
            shown = text("for others")
        case UsedUp(period):
            shown = _used_in(period, wording)
        case UsedUpOnBill():
            shown = text("used")
        case OutOfStock():
            shown = text("none left today")
        case NotTogether():
            shown = text("not together")
        case NotOffline():
            shown = text("when online")
        case MemberBlocked() | NoWayToPay() | UnknownChoice():
            shown = text("not possible")
        case _:
            assert_never(refusal)
    return shown, shown


def _missing(
    refusal: NeedsBill | NeedsDiscount | NeedsItems | NothingEligible | NeedsPoints, wording: Wording
) -> Sentence:
    """Say what the bill or the balance lacks."""
    figures, text = wording.figures, wording.text
    short = figures.money_short
    match refusal:
        case NeedsBill(minimum, missing):
            least, more = short(minimum), short(missing)
            full = text("Needs a bill of {least} or more. {missing} to go", least=least, missing=more)
            return Sentence.of(full, text("{missing} to go", missing=more))
        case NeedsDiscount(minimum, allowed):
            least = short(minimum)
            brief = text("At least {least} at once", least=least)
            if not allowed or allowed >= minimum:
                return Sentence.of(brief)
            full = text("At least {least} at once, {allowed} here", least=least, allowed=short(allowed))
            return Sentence.of(full, brief)
        case NeedsItems(needed, has):
            n, m, form = figures.points(needed), figures.points(has), wording.form_for(needed)
            full = wording.plural(
                "Needs {n} item on the bill, has {m}",
                "Needs {n} items on the bill, has {m}",
                form,
                n=n,
                m=m,
            )
            return Sentence.of(full, wording.plural("Needs {n} item", "Needs {n} items", form, n=n))
        case NothingEligible():
            points = wording.points_capital
            full = text("{Points} cannot pay for anything on this bill", Points=points)
            return Sentence.of(full, text("Nothing on this bill"))
        case NeedsPoints(needed, _):
            number = figures.points(needed)
            full = text("{Points} can be used from {number} on", Points=wording.points_capital, number=number)
            return Sentence.of(full, text("From {number} on", number=number))
    assert_never(refusal)


def _at_other_times(refusal: NotYet | Over | NotNow, wording: Wording) -> Sentence:
    text, day = wording.text, wording.figures.short_day
    match refusal:
        case NotYet(starts):
            return Sentence.of(text("From {day}", day=day(starts)))
        case Over(ended):
            return Sentence.of(text("Ended on {day}", day=day(ended)))
        case NotNow():
            days, hours = times(refusal, wording)
            if days and hours:
                full = text("On {days} only, {hours}", days=days, hours=hours)
                return Sentence.of(full, text("On {days} only", days=days))
            if days:
                return Sentence.of(text("On {days} only", days=days))
            return Sentence.of(text("Only {hours}", hours=hours) if hours else text("At other times only"))
    assert_never(refusal)


def _for_others(refusal: NotInStore | NotPaidWith | NotForTier | NotForMember, wording: Wording) -> Sentence:
    match refusal:
        case NotInStore(stores):
            full = wording.text("At {stores} only", stores=names(stores, wording, either=True))
            return Sentence.of(full, _if_shorter(wording.text("In other stores only"), full))
        case NotPaidWith(kinds):
            full = wording.text("When paying by {kinds}", kinds=names(kinds, wording, either=True))
            return Sentence.of(full, _if_shorter(wording.text("For other payments"), full))
        case NotForTier(tiers):
            return Sentence.of(wording.text("For {tiers}", tiers=names(tiers, wording)))
        case NotForMember():
            return Sentence.of(wording.text("For other members"))
    assert_never(refusal)


def _used_up(refusal: UsedUp | UsedUpOnBill | OutOfStock, wording: Wording) -> Sentence:
    match refusal:
        case UsedUp(period):
            now = in_period(period, wording)
            if not now:
                return Sentence.of(wording.text("All that is allowed was used before"))
            full = wording.text("All that is allowed {today} is used", today=now)
            return Sentence.of(full, wording.text("All used {today}", today=now))
        case UsedUpOnBill():
            full = wording.text("All that is allowed on this bill is used")
            return Sentence.of(full, wording.text("All used on this bill"))
        case OutOfStock():
            return Sentence.of(wording.text("None of it is left today"))
    assert_never(refusal)


def _used_in(period: Period, wording: Wording) -> str:
    now = in_period(period, wording)
    return wording.text("used {today}", today=now) if now else wording.text("used")


def _if_shorter(brief: str, full: str) -> str:
    return brief if len(brief) < len(full) else full
