"""Who is at the till, in words: the card on the left."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from msgspec import Struct

from cashier_app.domain.member import Account, Member, TierStanding, Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.program import Program, RewardKind
from cashier_app.domain.quote import RewardOption, worth
from cashier_app.domain.reasons import MemberBlocked, NeedsBill, NeedsPoints, NotOffline
from cashier_app.services.till_view import Choosing, Finished, Posting, Serving, Step, TillView
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording

_PERCENT = re.compile(r"([0-9]+) ?%")

WAY_ICONS = {Way.WALLET_CODE: "qr-code", Way.PHONE: "phone", Way.MEMBER_NUMBER: "identification-card"}


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


class RewardWords(Struct, frozen=True):
    """A catalogue reward as one row: its name at the left, what it takes at the right."""

    reward_id: str
    name: str
    takes: Sentence
    icon: str
    usable: bool
    marked: bool
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
    """Several members share a phone."""

    title: Sentence
    body: Sentence
    members: tuple[ChoiceOfMember, ...]


def member_card(serving: Serving, view: TillView, wording: Wording, now: datetime) -> MemberCardWords:
    """Return the words of the member card. `now` is UTC."""
    member, account = serving.member, serving.account
    finished = view.finished if view.step is Step.DONE else None
    balance = account.balance
    if finished is not None and finished.balance is not None:
        balance = finished.balance
    blocked = member.blocked_since is not None
    return MemberCardWords(
        name=plain(member.name),
        way_icon=WAY_ICONS[serving.way],
        way=_way_line(member, serving.way, wording),
        balance_label=Sentence.of(wording.text("Balance")),
        freshness=_freshness(serving, wording, now),
        fresh=serving.fresh,
        balance=wording.figures.points(balance),
        unit=wording.unit(balance),
        worth=_worth(view.program, balance, wording, blocked=blocked),
        tier=tier_words(account.tier, wording) if account.tier else None,
        notes=() if blocked else _notes(account, finished, wording),
        rewards_label=Sentence.of(wording.text("Other rewards")),
        rewards=() if blocked else _rewards(view, balance, wording),
        spoken=spoken_member(serving, balance, view.program, wording, now),
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
    if program is not None:
        money = wording.figures.spoken_money(worth(program, max(balance, Decimal(0))))
        parts.append(wording.text("worth {value}", value=money))
    parts.append(_freshness(serving, wording, now).full)
    return wording.joined(parts)


def tier_words(tier: TierStanding, wording: Wording) -> TierWords:
    """Return a tier with the distance to the next one."""
    if tier.missing is None or not tier.next_name:
        top = wording.text("Top tier")
        return TierWords(plain(tier.name), tier.rank, tier.of, Sentence.of(top), 1000, top)
    following = name_in_sentence(tier.next_name)
    distance = wording.text(
        "{missing} to {tier}", missing=wording.figures.money_tight(tier.missing), tier=following
    )
    percent = wording.figures.count(tier.progress // 10)
    spoken = wording.text("{percent} percent of the way to {tier}", percent=percent, tier=following)
    return TierWords(plain(tier.name), tier.rank, tier.of, Sentence.of(distance), tier.progress, spoken)


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
    return ChoosingWords(Sentence.of(title), Sentence.of(body), members)


def choice_keys(count: int, wording: Wording) -> str:
    """Return which digits choose, such as ``1 or 2`` or ``1 to 4``."""
    if count == 2:
        return wording.text("{first} or {last}", first="1", last="2")
    return wording.text("{first} to {last}", first="1", last=wording.figures.count(min(count, 9)))


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


def _worth(program: Program | None, balance: Decimal, wording: Wording, *, blocked: bool) -> Sentence | None:
    if program is None:
        return None
    value = wording.figures.money(worth(program, max(balance, Decimal(0))))
    brief = wording.text("worth {value}", value=value)
    if blocked:
        return Sentence.of(wording.text("worth {value}, not usable", value=value), brief)
    start = program.redemption.start_points
    if balance < start:
        full = wording.text("worth {value} from {points}", value=value, points=wording.points(start))
        return Sentence.of(full, brief)
    return Sentence.of(brief)


def _blocked_body(wording: Wording) -> Sentence:
    full = wording.text(
        "No {points} may be used or earned. Only a manager can change this.", points=wording.points_name
    )
    return Sentence.of(full)


def _notes(account: Account, finished: Finished | None, wording: Wording) -> tuple[Row, ...]:
    notes: list[Row] = []
    if finished is not None:
        notes.extend(_booked_note(finished, wording))
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
    if account.store_credit:
        credit = wording.text("Store credit {money}", money=wording.figures.money(account.store_credit))
        notes.append(Row("wallet", Sentence.of(credit)))
    return tuple(notes)


def _booked_note(finished: Finished, wording: Wording) -> tuple[Row, ...]:
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
    if finished.earned > 0 and sale.points_used > 0:
        text = wording.text("{earned} earned, {used} used", earned=earned, used=used)
    elif finished.earned > 0:
        text = wording.text("{earned} earned", earned=earned)
    elif sale.points_used > 0:
        text = wording.text("{used} used", used=used)
    else:
        return ()
    return (Row("star", Sentence.of(text), Tone.GOOD),)


def _rewards(view: TillView, balance: Decimal, wording: Wording) -> tuple[RewardWords, ...]:
    if view.program is None:
        return ()
    if view.quote is not None and view.step is not Step.DONE:
        options = view.quote.rewards
    else:
        options = _unquoted(view.program, balance, online=view.connection.online)
    can_choose = view.step in {Step.BILL, Step.REWARD}
    return tuple(_reward(option, view, wording, can_choose=can_choose) for option in options)


def _unquoted(program: Program, balance: Decimal, *, online: bool) -> tuple[RewardOption, ...]:
    nothing = Money(0, program.currency)
    options: list[RewardOption] = []
    for reward in program.rewards:
        if balance < reward.cost:
            options.append(RewardOption(reward, nothing, NeedsPoints(reward.cost, balance)))
        elif not online:
            options.append(RewardOption(reward, nothing, NotOffline()))
        else:
            options.append(RewardOption(reward, nothing))
    return tuple(options)


def _reward(option: RewardOption, view: TillView, wording: Wording, *, can_choose: bool) -> RewardWords:
    reward, refusal = option.reward, option.refusal
    name, cost = plain(reward.name), wording.points(reward.cost)
    takes, spoken_takes, icon = Sentence.of(cost), cost, "gift"
    match refusal:
        case NeedsPoints(needed, has):
            number = wording.figures.points(needed)
            takes = Sentence.of(wording.text("needs {n}", n=number))
            spoken_takes = wording.text(
                "needs {points}, has {balance}",
                points=wording.points(needed),
                balance=wording.figures.points(has),
            )
            icon = "lock"
        case NotOffline():
            takes = Sentence.of(wording.text("when online"))
            spoken_takes, icon = takes.full, "lock"
        case NeedsBill(minimum, _) if reward.minimum_bill > 0:
            takes = Sentence.of(wording.text("from {least}", least=wording.figures.money_short(minimum)))
            spoken_takes = wording.text("on a bill from {least}", least=wording.figures.spoken_money(minimum))
            icon = "lock"
        case MemberBlocked():
            takes = Sentence.of(wording.text("not possible"))
            spoken_takes, icon = takes.full, "lock"
        case _:
            pass
    spoken_name = name_in_sentence(_spoken_reward(name, reward.kind, wording))
    return RewardWords(
        reward_id=reward.reward_id,
        name=name,
        takes=takes,
        icon=icon,
        usable=can_choose and icon != "lock",
        marked=can_choose and view.marked_reward == reward.reward_id,
        spoken=wording.joined((spoken_name, spoken_takes)),
    )


def _spoken_reward(name: str, kind: RewardKind, wording: Wording) -> str:
    """Return the name as it is read aloud: some readers skip the sign for percent."""
    if kind is RewardKind.PERCENT_OFF:
        return _PERCENT.sub(lambda found: wording.text("{n} percent", n=found[1]), name)
    return name
