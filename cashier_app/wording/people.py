"""Who is at the till, in words: the card on the left."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.member import Account, Member, TierStanding, Way
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.program import Program
from cashier_app.domain.quote import Quote, worth
from cashier_app.services.till_view import Choosing, Finished, Posting, Serving, Step, TillView
from cashier_app.wording.before_bill import rule_in_use
from cashier_app.wording.other_rewards import RewardWords, other_rewards
from cashier_app.wording.pay_panel import earns_later
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.ways import WAY_ICONS, choice_keys


class TierWords(Struct, frozen=True):
    """A tier: its name, `rank` of `of` pips filled, how far to the next.

    Args:
        progress: Thousandths of the way to the next tier.
        spoken: The bar for a screen reader.
    """

    name: str
    rank: int
    of: int
    distance: Sentence
    progress: int
    spoken: str


class MemberCardWords(Struct, frozen=True):
    """The member card, top to bottom.

    Args:
        blocked: Heading inside the head where the member is blocked, with `blocked_body` under it.
        fresh: Whether `freshness` is shown calmly or as a warning.
        balance: The figure alone; `unit` is set smaller after it.
        worth: None where the program is not known.
        spoken: The whole card for a screen reader.
    """

    name: str
    way_icon: str
    way: Sentence
    balance_label: Sentence
    freshness: Sentence
    fresh: bool
    balance: str
    unit: str
    worth: Sentence | None
    tier: TierWords | None
    notes: tuple[Row, ...]
    rewards_label: Sentence
    rewards: tuple[RewardWords, ...]
    spoken: str
    blocked: Sentence | None = None
    blocked_body: Sentence | None = None


class ChoiceOfMember(Struct, frozen=True):
    """One of several members on a phone; surname and number are masked."""

    key: str
    name: str
    number: Sentence
    last_visit: str
    tier: TierWords | None
    balance: Sentence
    marked: bool
    spoken: str


class ChoosingWords(Struct, frozen=True):
    """Several members share a phone; `same` asks that two records of one person be joined."""

    title: Sentence
    body: Sentence
    members: tuple[ChoiceOfMember, ...]
    same: Sentence | None = None


def member_card(serving: Serving, view: TillView, wording: Wording, now: datetime) -> MemberCardWords:
    """Return the words of the member card. `now` is UTC."""
    member, account = serving.member, serving.account
    finished = view.finished if view.step is Step.DONE else None
    balance = account.balance
    if finished is not None and finished.balance is not None:
        balance = finished.balance
    blocked = member.blocked_since is not None
    follow = finished is not None and earns_later(view, finished)
    here_before = () if view.here_before is None else (_here_before(view.here_before, wording),)
    spoken = spoken_member(serving, balance, view.program, wording, now)
    notes = _notes(account, finished, wording, follow=follow)
    return MemberCardWords(
        name=plain(member.name),
        way_icon=WAY_ICONS[serving.way],
        way=_way_line(member, serving.way, wording),
        balance_label=Sentence.of(wording.text("Balance")),
        freshness=_freshness(serving, wording, now),
        fresh=serving.fresh,
        balance=wording.figures.points(balance),
        unit=wording.unit(balance),
        worth=_worth(view, balance, wording, blocked=blocked),
        tier=tier_words(account.tier, wording) if account.tier else None,
        notes=() if blocked else (*here_before, *notes, *_offers(serving, view, wording)),
        rewards_label=_rewards_label(view.program, wording),
        rewards=() if blocked else other_rewards(view, balance, wording),
        spoken=wording.joined([*(row.sentence.full for row in here_before), spoken]),
        blocked=Sentence.of(wording.text("Blocked")) if blocked else None,
        blocked_body=_blocked_body(wording) if blocked else None,
    )


def spoken_member(
    serving: Serving, balance: Decimal, program: Program | None, wording: Wording, now: datetime
) -> str:
    """Return the member for a screen reader: name, tier, balance, worth, freshness."""
    parts = [name_in_sentence(serving.member.name)]
    if serving.account.tier is not None:
        parts.append(name_in_sentence(serving.account.tier.name))
    if serving.member.blocked_since is not None:
        parts.append(wording.text("Blocked"))
    parts.append(wording.points(balance))
    value = None if program is None else worth(program, max(balance, NO_POINTS))
    if value is not None:
        parts.append(wording.text("worth {value}", value=wording.figures.spoken_money(value)))
    parts.append(_freshness(serving, wording, now).full)
    return wording.joined(parts)


def tier_words(tier: TierStanding, wording: Wording) -> TierWords:
    """Return a tier with the distance to the next one."""
    name = plain(tier.name) or wording.text("No tier yet")
    if not tier.next_name:
        top = wording.text("Top tier")
        return TierWords(name, tier.rank, tier.of, Sentence.of(top), 1000, top)
    following = name_in_sentence(tier.next_name)
    percent = wording.figures.count(tier.progress // 10)
    spoken = wording.text("{percent} percent of the way to {tier}", percent=percent, tier=following)
    distance = Sentence.of(_distance(tier, following, wording))
    return TierWords(name, tier.rank, tier.of, distance, tier.progress, spoken)


def _distance(tier: TierStanding, following: str, wording: Wording) -> str:
    """Say what is missing for the next tier: money, points or visits."""
    missing = ""
    if tier.missing is not None:
        missing = wording.figures.money_tight(tier.missing)
    elif tier.missing_points is not None:
        missing = wording.points(tier.missing_points)
    elif tier.missing_visits is not None:
        count = tier.missing_visits
        missing = wording.plural("{n} visit", "{n} visits", count, n=wording.figures.count(count))
    if not missing:
        return wording.text("Next: {tier}", tier=following)
    return wording.text("{missing} to {tier}", missing=missing, tier=following)


def way_words(way: Way, wording: Wording) -> str:
    """Return how somebody was identified."""
    match way:
        case Way.WALLET_CODE:
            return wording.text("wallet code")
        case Way.PHONE:
            return wording.text("phone")
        case Way.MEMBER_NUMBER:
            return wording.text("member number")
    assert_never(way)


def choosing_card(choosing: Choosing, wording: Wording) -> ChoosingWords:
    """Return the members who share a phone, as rows to choose from."""
    count = len(choosing.found)
    title = wording.plural(
        "{n} member, 1 phone", "{n} members, 1 phone", count, n=wording.figures.count(count)
    )
    body = wording.text("Ask for the first name. Press {keys}.", keys=choice_keys(count, wording))
    members = tuple(
        _choice_of_member(found, place, wording, marked=place == choosing.marked)
        for place, found in enumerate(choosing.found)
    )
    same = None
    if count == 2:
        full = wording.text("Same person? Ask to join")
        same = Sentence.of(full, wording.text("Same person?"))
    return ChoosingWords(Sentence.of(title), Sentence.of(body), members, same)


def masked_name(name: str) -> str:
    """Return first name and the initial of the last, the rest hidden: enough to tell two people apart."""
    words = plain(name).split()
    if len(words) < 2:
        return words[0] if words else ""
    hidden = "\N{BULLET}" * 5
    return f"{words[0]} {words[-1][0]}{hidden}"


def _choice_of_member(found: MemberFound, place: int, wording: Wording, *, marked: bool) -> ChoiceOfMember:
    member, account = found.member, found.account
    name = masked_name(member.name)
    number = ""
    if member.number:
        number = wording.text("Member {number}", number="\N{BULLET}" * 2 + plain(member.number)[-4:])
    last_visit = wording.figures.short_day(member.last_visit) if member.last_visit else ""
    balance = wording.points(account.balance)
    tier = tier_words(account.tier, wording) if account.tier else None
    parts = (str(place + 1), name.rstrip("\N{BULLET}"), tier.name if tier else "", balance, last_visit)
    return ChoiceOfMember(
        key=str(place + 1),
        name=name,
        number=Sentence.of(number),
        last_visit=last_visit,
        tier=tier,
        balance=Sentence.of(balance),
        marked=marked,
        spoken=wording.joined(parts),
    )


def _way_line(member: Member, way: Way, wording: Wording) -> Sentence:
    words = way_words(way, wording)
    shown = plain(member.masked_phone) or plain(member.number)
    return Sentence.of(wording.text("{phone} · {way}", phone=shown, way=words) if shown else words)


def _freshness(serving: Serving, wording: Wording, now: datetime) -> Sentence:
    if serving.fresh:
        return Sentence.of(wording.text("just now"))
    return Sentence.of(wording.text("as of {time}", time=wording.figures.moment(serving.account.as_of, now)))


def _worth(view: TillView, balance: Decimal, wording: Wording, *, blocked: bool) -> Sentence | None:
    """Say what the balance is worth; where points have no worth in money, how far the next reward is."""
    if view.program is None:
        return None
    money = worth(view.program, max(balance, NO_POINTS))
    if money is None:
        return None if blocked else _to_next_reward(view, wording)
    value = wording.figures.money(money)
    brief = wording.text("worth {value}", value=value)
    if blocked:
        return Sentence.of(wording.text("worth {value}, not usable", value=value), brief)
    rule = rule_in_use(view.program, view.quote)
    if rule is not None and balance < rule.start_points:
        points = wording.points(rule.start_points)
        return Sentence.of(wording.text("worth {value} from {points}", value=value, points=points), brief)
    return Sentence.of(brief)


def _to_next_reward(view: TillView, wording: Wording) -> Sentence | None:
    answer: Quote | None = view.quote if view.step is not Step.DONE else None
    if answer is None or answer.next_reward is None:
        return None
    reward = name_in_sentence(answer.next_reward.reward.name)
    missing = answer.next_reward.missing
    full = wording.text("{points} to {reward}", points=wording.points(missing), reward=reward)
    return Sentence.of(
        full, wording.text("{n} to {reward}", n=wording.figures.points(missing), reward=reward)
    )


def _rewards_label(program: Program | None, wording: Wording) -> Sentence:
    if program is not None and not program.redemption:
        return Sentence.of(wording.text("Rewards"))
    return Sentence.of(wording.text("Other rewards"))


def _blocked_body(wording: Wording) -> Sentence:
    full = wording.text(
        "No {points} may be used or earned. Only a manager can change this.", points=wording.points_name
    )
    return Sentence.of(full)


def _here_before(minutes: int, wording: Wording) -> Row:
    full = wording.text("Here just now. Same customer?")
    brief = wording.text("Just now. Same?")
    if minutes:
        n = wording.figures.count(minutes)
        full = wording.plural(
            "Here {n} minute ago. Same customer?", "Here {n} minutes ago. Same customer?", minutes, n=n
        )
        brief = wording.text("Here {n} min ago. Same?", n=n)
    return Row("users", Sentence.of(full, brief), Tone.WAIT)


def _notes(account: Account, finished: Finished | None, wording: Wording, *, follow: bool) -> tuple[Row, ...]:
    notes: list[Row] = []
    if finished is not None:
        notes.extend(_booked_note(finished, wording, follow=follow))
    elif account.lapses is not None:
        points, day = account.lapses.points, wording.figures.day(account.lapses.on)
        form = wording.form_for(points)
        full = wording.plural(
            "{points} lapses on {day}",
            "{points} lapse on {day}",
            form,
            points=wording.points(points),
            day=day,
        )
        number = wording.figures.points(points)
        brief = wording.plural("{n} lapses {day}", "{n} lapse {day}", form, n=number, day=day)
        notes.append(Row("hourglass-medium", Sentence.of(full, brief), Tone.WAIT))
    if account.gift_balance:
        gift = wording.text("Gift balance {money}", money=wording.figures.money(account.gift_balance))
        notes.append(Row("gift", Sentence.of(gift)))
    if account.store_credit:
        credit = wording.text("Store credit {money}", money=wording.figures.money(account.store_credit))
        notes.append(Row("wallet", Sentence.of(credit)))
    return tuple(notes)


def _offers(serving: Serving, view: TillView, wording: Wording) -> tuple[Row, ...]:
    if not serving.account.offers or view.step is Step.DONE:
        return ()
    from cashier_app.wording.vouchers import offer_notes  # for few members

    return offer_notes(view, serving, wording)


def _booked_note(finished: Finished, wording: Wording, *, follow: bool) -> tuple[Row, ...]:
    """Say what was booked; what was earned is not, where points follow later."""
    figures, sale = wording.figures, finished.sale
    earned, used = figures.signed_points(finished.earned), figures.signed_points(-sale.points_used)
    if finished.posting is Posting.POSTING:
        # The balance above is still the old one: a note beside it would not add up.
        return ()
    if finished.posting in {Posting.WAITING, Posting.NEEDS_ATTENTION}:
        if finished.earned <= 0:
            return ()
        points = wording.signed_points(finished.earned)
        full = wording.text("{points} when we are online", points=points)
        if finished.posting is Posting.NEEDS_ATTENTION:
            full = wording.text("{points} once it is settled", points=points)
        return (Row("clock", Sentence.of(full, points), Tone.WAIT),)
    if follow and sale.points_used <= 0:
        return ()
    if follow:
        text = wording.text("{used} used", used=used)
    elif finished.earned > 0 and sale.points_used > 0:
        text = wording.text("{earned} earned, {used} used", earned=earned, used=used)
    elif finished.earned > 0:
        text = wording.text("{earned} earned", earned=earned)
    elif sale.points_used > 0:
        text = wording.text("{used} used", used=used)
    else:
        return ()
    return (Row("star", Sentence.of(text), Tone.GOOD),)
