"""Points used while offline, in words: how much, on which balance, who confirms, what comes later."""

from __future__ import annotations

from typing import assert_never

from cashier_app.domain.money import Money
from cashier_app.domain.offline_policy import OfflineAllowed, OfflineAnswer, OfflineDenied, WhyNotOffline
from cashier_app.domain.quote import Quote
from cashier_app.services.offline_offer import needs_manager
from cashier_app.services.till_view import Finished, Serving, Target, TillView
from cashier_app.wording.refusals import offline_rows
from cashier_app.wording.sentences import Row, Sentence, Tone
from cashier_app.wording.speech import Wording


def offline_offer_rows(view: TillView, serving: Serving, quote: Quote, wording: Wording) -> tuple[Row, ...]:
    """Say how much may be used offline; then who must confirm it, or how old the balance is."""
    if not isinstance(view.offline, OfflineAllowed):
        return ()
    first = Row("cloud-slash", up_to_offline(view.offline, quote, wording), Tone.WAIT)
    if view.target is Target.MANAGER:
        full = wording.text("A manager types their name, then Enter")
        asked = Sentence.of(full, wording.text("Manager's name, then Enter"))
        return (Row("identification-card", asked, Tone.WAIT), first)
    if needs_manager(view):
        full = wording.text("A manager must confirm this")
        return (first, Row("identification-card", Sentence.of(full)))
    time = wording.figures.moment(serving.account.as_of, view.occasion.at)
    return (first, Row("clock", Sentence.of(wording.text("Balance as of {time}", time=time))))


def up_to_offline(allowed: OfflineAllowed, quote: Quote, wording: Wording) -> Sentence:
    """Return such as ``Up to ₹200 while offline, confirmed later``."""
    most = Money(allowed.most, quote.bill.currency)
    if quote.maximum:
        most = min(most, quote.maximum)
    money = wording.figures.money_short(most)
    full = wording.text("Up to {money} while offline, confirmed later", money=money)
    return Sentence.of(full, wording.text("Up to {money}, confirmed later", money=money))


def not_offline_rows(answer: OfflineAnswer | None, wording: Wording) -> tuple[Row, ...]:
    """Say why no points may be used offline, and what would help where something does."""
    if not isinstance(answer, OfflineDenied):
        return offline_rows(wording)
    because = _why_not(answer, wording)
    if because is None:
        return offline_rows(wording)
    _, follow = offline_rows(wording)
    return (Row("cloud-slash", because, Tone.WAIT), follow)


def _why_not(denied: OfflineDenied, wording: Wording) -> Sentence | None:
    points, text = wording.points_capital, wording.text
    match denied.because:
        case WhyNotOffline.DENIED | WhyNotOffline.NOT_LOOKED_UP | WhyNotOffline.ONLINE_AGAIN:
            return None
        case WhyNotOffline.NOT_PROVEN:
            full = text("While offline, {points} need a scanned code", points=wording.points_name)
            return Sentence.of(full, text("Needs a scanned code"))
        case WhyNotOffline.BALANCE_TOO_OLD:
            full = text("{Points} only when online: the balance is too old", Points=points)
            return Sentence.of(full, text("The balance is too old"))
        case WhyNotOffline.USED_BEFORE:
            full = text("{Points} were used offline before. Again once online", Points=points)
            return Sentence.of(full, text("Used offline before"))
        case WhyNotOffline.TILL_IS_FULL:
            full = text("{Points} only when online: this till has given enough", Points=points)
            return Sentence.of(full, text("This till has given enough"))
        case WhyNotOffline.AFTER_A_LOSS:
            brief = text("{Points} only when online", Points=points)
            if denied.until is None:
                return Sentence.of(brief)
            day = wording.figures.short_day(denied.until.astimezone(wording.figures.zone).date())
            return Sentence.of(text("{Points} only when online until {day}", Points=points, day=day), brief)
    assert_never(denied.because)


def confirmed_later(wording: Wording) -> Sentence:
    """Say, while the customer pays, that the points are not confirmed yet and the discount is."""
    full = wording.text(
        "{Points} are confirmed once online. The discount stays.", Points=wording.points_capital
    )
    return Sentence.of(full, wording.text("{Points} are confirmed later", Points=wording.points_capital))


def used_row(finished: Finished, wording: Wording) -> Row:
    """Say after the sale what was used and will be confirmed later, and what it earns."""
    used = wording.figures.points(finished.sale.points_used)
    brief = wording.text("{used} used, confirmed later", used=used)
    if not finished.earned:
        return Row("star", Sentence.of(brief))
    earned = wording.figures.points(finished.earned)
    full = wording.text("{used} used, confirmed later. About {earned} earned", used=used, earned=earned)
    return Row("star", Sentence.of(full, brief))


def confirm_label(quote: Quote, wording: Wording) -> Sentence:
    """Say what Enter does once a manager has typed a name."""
    money = wording.figures.money_short(quote.discount)
    return Sentence.of(wording.text("Confirm {money} off", money=money), wording.text("Confirm"))
