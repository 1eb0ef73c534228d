"""Made-up days at a till: sales, what becomes of them, returns, and what else is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.member import Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectKind, EffectState, ReturnReason, Sale, effect_key
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.effects import sale_id

YEN, RUPEE, DINAR = Currency("JPY", 0), Currency("INR", 2), Currency("KWD", 3)

EDGES = {
    "Asia/Kolkata": ("2026-11-19T18:30", "2026-12-31T18:30"),
    "Europe/Berlin": ("2026-03-29T01:00", "2026-10-25T01:00", "2026-10-24T22:00", "2026-10-25T23:00"),
    "America/New_York": ("2026-03-08T07:00", "2026-11-01T06:00", "2026-11-01T04:00", "2026-11-02T05:00"),
    "Australia/Lord_Howe": ("2026-04-04T15:00", "2026-10-03T15:30", "2026-10-03T13:30", "2026-10-04T13:00"),
}
"""For each zone the moments, UTC, at which its clocks change or a day begins."""


class End(Enum):
    """What becomes of an effect."""

    WAITS = "waits"
    BACK_IN_LINE = "certainly not applied, to be sent again"
    SENDING = "under way"
    UNKNOWN = "in doubt"
    POSTED = "posted"
    FOUND = "posted after it was in doubt"
    ATTENTION = "needs attention"
    MENDED = "needed attention, then posted"
    TOOK_HOLD = "settled by hand as booked"
    NOT_BOOKED = "settled by hand as not booked"
    WRITTEN_OFF = "used offline, refused and written off"


class Back(Enum):
    """How a backend is told of goods that come back."""

    GOODS = "it works out the points"
    POINTS = "earned points taken, used points given"
    UNDONE = "the redemption undone, earned points taken"
    MONEY = "nothing to tell"


class MadeReturn(Struct, frozen=True):
    """One return of a made-up sale."""

    hours_later: int
    whole: bool
    reason: ReturnReason
    how: Back
    ends: tuple[End, End]
    booked: Decimal | None
    staff: str
    again: bool


class MadeSale(Struct, frozen=True):
    """One made-up sale; `minutes` from the edge of its day."""

    edge: int
    minutes: int
    currency: Currency
    bill: int
    off: int
    member: str
    unseen: bool
    way: Way
    tier: str
    staff: str
    took: int | None
    offline: bool
    approved: str
    reward: bool
    kept_offset: bool
    used: Decimal
    expects: Decimal
    booked: Decimal | None
    holds: bool
    ends: tuple[End, End]
    again: bool
    returns: tuple[MadeReturn, ...]
    claimed: str = ""


class Beside(Enum):
    """What is done beside the sales of a till."""

    ENROLMENT = "a member made"
    CLAIM = "a sale of another till claimed"
    LINK = "one linked"
    MERGE = "two records to be joined"
    RETURN = "goods of another till's sale taken back"


class MadeBeside(Struct, frozen=True):
    """One such act."""

    edge: int
    minutes: int
    what: Beside
    how: Back
    reason: ReturnReason
    currency: Currency
    bill: int
    points: Decimal
    staff: str
    ends: tuple[End, End]
    booked: Decimal | None
    counted: bool
    again: bool


class MadeAct(Struct, frozen=True):
    """An enrolment, a limit lifted, points that lapsed."""

    edge: int
    minutes: int
    kind: ActKind
    staff: str
    points: Decimal
    again: bool


class MadeDays(Struct, frozen=True):
    """A few days at one till."""

    zone: str
    sales: tuple[MadeSale, ...]
    acts: tuple[MadeAct, ...]
    beside: tuple[MadeBeside, ...] = ()


_points = st.one_of(
    st.integers(0, 5000).map(Decimal), st.decimals(0, 900, places=4, allow_nan=False, allow_infinity=False)
)
_change = st.none() | st.decimals(-500, 500, places=2, allow_nan=False, allow_infinity=False)
_staff = st.sampled_from(["", "asha", "meera"])
_minutes = st.integers(-180, 180) | st.integers(-4000, 4000)
_returns = st.builds(
    MadeReturn,
    hours_later=st.integers(0, 30),
    whole=st.booleans(),
    reason=st.sampled_from(ReturnReason),
    how=st.sampled_from(Back),
    ends=st.tuples(st.sampled_from(End), st.sampled_from(End)),
    booked=_change,
    staff=_staff,
    again=st.booleans(),
)
_sales = st.builds(
    MadeSale,
    edge=st.integers(0, 3),
    minutes=_minutes,
    currency=st.sampled_from([YEN, RUPEE, DINAR]),
    bill=st.integers(1, 10**7),
    off=st.integers(0, 10**4),
    member=st.sampled_from(["", "m-1", "m-2"]),
    unseen=st.booleans(),
    way=st.sampled_from(Way),
    tier=st.sampled_from(["", "Gold", "Silver"]),
    staff=_staff,
    took=st.none() | st.integers(0, 3000),
    offline=st.booleans(),
    approved=st.sampled_from(["", "Meera"]),
    reward=st.booleans(),
    kept_offset=st.booleans(),
    used=_points,
    expects=_points,
    booked=_change,
    holds=st.booleans(),
    ends=st.tuples(st.sampled_from(End), st.sampled_from(End)),
    again=st.booleans(),
    returns=st.lists(_returns, max_size=2).map(tuple),
    claimed=st.sampled_from(["", "sale", "link"]),
)
_beside = st.builds(
    MadeBeside,
    edge=st.integers(0, 3),
    minutes=_minutes,
    what=st.sampled_from(Beside),
    how=st.sampled_from([Back.GOODS, Back.POINTS, Back.UNDONE]),
    reason=st.sampled_from(ReturnReason),
    currency=st.sampled_from([YEN, RUPEE, DINAR]),
    bill=st.integers(1, 10**7),
    points=_points,
    staff=_staff,
    ends=st.tuples(st.sampled_from(End), st.sampled_from(End)),
    booked=_change,
    counted=st.booleans(),
    again=st.booleans(),
)
_acts = st.builds(
    MadeAct,
    edge=st.integers(0, 3),
    minutes=_minutes,
    kind=st.sampled_from(ActKind),
    staff=_staff,
    points=_points,
    again=st.booleans(),
)
made_days = st.builds(
    MadeDays,
    zone=st.sampled_from(sorted(EDGES)),
    sales=st.lists(_sales, max_size=5).map(tuple),
    acts=st.lists(_acts, max_size=2).map(tuple),
    beside=st.lists(_beside, max_size=3).map(tuple),
)


def play(journal: SqliteJournal, days: MadeDays) -> None:
    """Let all of it happen at a till of this journal."""
    for count, made in enumerate(days.sales, 1):
        _sell(journal, days.zone, count, made)
    for count, act in enumerate(days.acts, 1):
        at = _moment(days.zone, act.edge, act.minutes)
        offset = utc_offset_of(at, ZoneInfo(days.zone))
        done = Act(f"act-{count}", act.kind, at, offset, "INR", "2", act.staff, points=act.points)
        assert journal.count_act(done)
        if act.again:
            assert not journal.count_act(done)
    for count, beside in enumerate(days.beside, 1):
        _do_beside(journal, days.zone, 1000 + count, beside)


def _moment(zone: str, edge: int, minutes: int) -> datetime:
    edges = EDGES[zone]
    return datetime.fromisoformat(f"{edges[edge % len(edges)]}+00:00") + timedelta(minutes=minutes)


def _sell(journal: SqliteJournal, zone: str, count: int, made: MadeSale) -> None:
    at = _moment(zone, made.edge, made.minutes)
    with_member = bool(made.member) or made.unseen
    used = made.used if made.member else Decimal(0)
    off = min(made.off, made.bill) if used else 0
    sale = Sale(
        sale_id=sale_id(count),
        number="",
        member_id=made.member,
        display_name="",
        way=made.way if with_member else None,
        bill=Money(made.bill, made.currency),
        discount=Money(off, made.currency),
        paid=Money(made.bill - off, made.currency),
        points_used=used,
        points_expected=made.expects if with_member else Decimal(0),
        at=at,
        program_version="7",
        staff_id=made.staff,
        tier=made.tier,
        took_tenths=made.took,
        offline=made.offline,
        utc_offset=utc_offset_of(at, ZoneInfo(zone)) if made.kept_offset else None,
    )
    effects = _effects(sale, made) if with_member else []
    numbered = journal.commit_sale(sale, effects)
    if made.again:
        assert journal.commit_sale(sale, effects) == numbered
    for place, effect in enumerate(effects):
        _end(journal, effect, made.ends[place % 2], made.booked)
    if effects:
        for number, back in enumerate(made.returns, 1):
            _take_back(journal, zone, numbered, back, number)
    elif made.claimed:
        kind = EffectKind(made.claimed)
        bare = replace(_effects(numbered, _PLAIN)[-1], kind=kind, key=effect_key(sale.sale_id, kind))
        claimed = replace(bare, points=made.expects, identified_by="phone:+919845012210")
        assert journal.queue_act(sale.sale_id, [claimed], "claim")
        if made.again:
            assert not journal.queue_act(sale.sale_id, [claimed], "claim")
        _end(journal, claimed, made.ends[0], made.booked)


def _effects(sale: Sale, made: MadeSale) -> list[Effect]:
    kinds = [EffectKind.SALE]
    if sale.points_used:
        kinds.insert(0, EffectKind.CAPTURE if made.holds else EffectKind.REDEEM)
        if made.offline and made.holds:
            kinds.insert(0, EffectKind.RESERVE)
    return [
        Effect(
            key=effect_key(sale.sale_id, kind),
            kind=kind,
            sale_id=sale.sale_id,
            member_id=sale.member_id,
            identified_by="" if sale.member_id else "number:1",
            points=sale.points_expected if kind is EffectKind.SALE else sale.points_used,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            at=sale.at,
            program_version="7",
            reward_id="coffee" if made.reward else "",
            offline=made.offline and kind is not EffectKind.SALE,
            approved_by=made.approved if made.offline and kind is not EffectKind.SALE else "",
            staff_id=sale.staff_id,
            utc_offset=sale.utc_offset,
        )
        for kind in kinds
    ]


def _take_back(journal: SqliteJournal, zone: str, sale: Sale, back: MadeReturn, count: int) -> None:
    at = sale.at + timedelta(hours=back.hours_later)
    bill = sale.bill if back.whole else replace(sale.bill, minor=max(1, sale.bill.minor // 3))
    off = min(sale.discount.minor, bill.minor)
    discount, paid = replace(bill, minor=off), replace(bill, minor=bill.minor - off)
    bare = replace(_effects(sale, _PLAIN)[-1], at=at, bill=bill, discount=discount, paid=paid)
    bare = replace(
        bare, reason=back.reason, staff_id=back.staff, offline=False, approved_by="", identified_by=""
    )
    bare = replace(
        bare, utc_offset=utc_offset_of(at, ZoneInfo(zone)) if sale.utc_offset is not None else None
    )

    def told(kind: EffectKind, points: Decimal, original: EffectKind) -> Effect:
        key, undone = effect_key(sale.sale_id, kind, count), effect_key(sale.sale_id, original)
        return replace(bare, key=key, kind=kind, points=points, original_key=undone)

    earned, used = sale.points_expected, sale.points_used
    match back.how:
        case Back.MONEY:
            nothing = told(EffectKind.CLAW_BACK, Decimal(0), EffectKind.SALE)
            assert journal.note_return(nothing)
            assert not journal.note_return(nothing)
            return
        case Back.GOODS:
            goods = told(EffectKind.REFUND, Decimal(0), EffectKind.SALE)
            effects = [replace(goods, taken_back=earned, restored=used)]
        case Back.POINTS:
            effects = [
                told(EffectKind.CLAW_BACK, earned, EffectKind.SALE),
                told(EffectKind.RESTORE, used, EffectKind.CAPTURE),
            ]
        case Back.UNDONE:
            effects = [
                told(EffectKind.REFUND, used or Decimal(1), EffectKind.REDEEM),
                told(EffectKind.CLAW_BACK, earned, EffectKind.SALE),
            ]
    assert journal.queue_refund(effects)
    if back.again:
        assert not journal.queue_refund(effects)
    for effect, end in zip(effects, back.ends, strict=False):
        _end(journal, effect, end, back.booked)


def _do_beside(journal: SqliteJournal, zone: str, count: int, made: MadeBeside) -> None:
    at = _moment(zone, made.edge, made.minutes)
    offset = utc_offset_of(at, ZoneInfo(zone))
    facts = Sale(
        sale_id=sale_id(count),
        number="7-0031",
        member_id="m-9",
        display_name="",
        way=Way.PHONE,
        bill=Money(made.bill, made.currency),
        discount=Money(0, made.currency),
        paid=Money(made.bill, made.currency),
        points_used=made.points,
        points_expected=made.points,
        at=at - timedelta(hours=15),
        program_version="7",
        staff_id="of another till",
        tier="Gold",
    )
    if made.what is Beside.RETURN:
        back = MadeReturn(
            hours_later=15,
            whole=True,
            reason=made.reason,
            how=made.how,
            ends=made.ends,
            booked=made.booked,
            staff=made.staff,
            again=made.again,
        )
        assert journal.keep_sale(facts, "return")
        assert not journal.keep_sale(facts, "return")
        _take_back(journal, zone, facts, back, 1)
        return
    kind = _BESIDE[made.what]
    of_sale = facts if made.what in {Beside.CLAIM, Beside.LINK} else None
    key = effect_key(facts.sale_id, kind)
    bare = replace(_effects(facts, _PLAIN)[-1], kind=kind, key=key, at=at, utc_offset=offset)
    effect = replace(bare, staff_id=made.staff, points=made.points if of_sale else Decimal(0))
    act = Act(key, ActKind.ENROLLED, at, offset, made.currency.code, "2", made.staff, way=Way.PHONE.value)
    counted = act if made.counted and kind is EffectKind.ENROL else None
    assert journal.queue_act(facts.sale_id, [effect], "beside", of_sale=of_sale, counted=counted)
    if made.again:
        assert not journal.queue_act(facts.sale_id, [effect], "beside", of_sale=of_sale, counted=counted)
    _end(journal, effect, made.ends[0], made.booked)


_BESIDE = {
    Beside.ENROLMENT: EffectKind.ENROL,
    Beside.CLAIM: EffectKind.SALE,
    Beside.LINK: EffectKind.LINK,
    Beside.MERGE: EffectKind.MERGE,
}
_WAYS = {
    End.BACK_IN_LINE: (EffectState.SENDING, EffectState.WAITING),
    End.SENDING: (EffectState.SENDING,),
    End.UNKNOWN: (EffectState.SENDING, EffectState.UNKNOWN),
    End.POSTED: (EffectState.SENDING, EffectState.POSTED),
    End.FOUND: (EffectState.SENDING, EffectState.UNKNOWN, EffectState.POSTED),
    End.ATTENTION: (EffectState.SENDING, EffectState.NEEDS_ATTENTION),
    End.MENDED: (EffectState.SENDING, EffectState.NEEDS_ATTENTION, EffectState.SENDING, EffectState.POSTED),
    End.TOOK_HOLD: (EffectState.SENDING, EffectState.NEEDS_ATTENTION),
    End.NOT_BOOKED: (EffectState.SENDING, EffectState.UNKNOWN, EffectState.NEEDS_ATTENTION),
    End.WRITTEN_OFF: (EffectState.SENDING,),
}


def _end(journal: SqliteJournal, effect: Effect, end: End, change: Decimal | None) -> None:
    """Let an effect end like this; long after the sale, which must change no day."""
    later = effect.at + timedelta(days=3)
    row = next(row for row in journal.effects_of(effect.sale_id) if row.effect.key == effect.key)
    if row.state in {EffectState.DROPPED, EffectState.POSTED}:
        return  # written off with another effect of its sale
    booked = Booked("ref", points=change)
    for state in _WAYS.get(end, ()):
        posted = booked if state is EffectState.POSTED else None
        journal.move(effect.key, state, answer=state.value, at=later, booked=posted)
    truth = {End.TOOK_HOLD: Truth.TOOK_HOLD, End.NOT_BOOKED: Truth.NOT_BOOKED}.get(end)
    if truth is not None:
        settlement = Settlement(effect.key, truth, "Meera", "looked it up", later)
        assert journal.settle_by_hand(settlement)
        assert not journal.settle_by_hand(settlement)
    if end is End.WRITTEN_OFF and effect.offline:
        journal.write_off(effect.key, "no points", later)


_PLAIN = MadeSale(
    edge=0,
    minutes=0,
    currency=RUPEE,
    bill=1,
    off=0,
    member="",
    unseen=False,
    way=Way.PHONE,
    tier="",
    staff="",
    took=None,
    offline=False,
    approved="",
    reward=False,
    kept_offset=True,
    used=Decimal(0),
    expects=Decimal(0),
    booked=None,
    holds=True,
    ends=(End.WAITS, End.WAITS),
    again=False,
    returns=(),
)


def _busy_day() -> MadeDays:
    """Return a day in which everything happens at least once, the same every time."""
    ends = list(End)
    sales = tuple(
        replace(
            _PLAIN,
            edge=number % 4,
            minutes=37 * number - 200,
            currency=(RUPEE, RUPEE, YEN, DINAR)[number % 4],
            bill=10_000 + number,
            off=500,
            member=("m-1", "m-2", "", "m-1")[number % 4],
            unseen=number % 8 == 2,
            way=list(Way)[number % 3],
            tier=("Gold", "")[number % 2],
            staff=("asha", "meera", "")[number % 3],
            took=None if number % 5 == 4 else 60 + number,
            offline=number % 3 == 0,
            approved="Meera" if number % 6 == 0 else "",
            reward=number % 7 == 1,
            kept_offset=number % 4 != 3,
            used=Decimal(100 + number) if number % 2 else Decimal(0),
            expects=Decimal("12.5") + number,
            booked=None if number % 3 else Decimal(9),
            holds=number % 4 == 1,
            ends=(ends[number % len(ends)], ends[(number * 5 + 3) % len(ends)]),
            again=number % 4 == 0,
            claimed=("", "sale", "link")[number % 3],
            returns=tuple(
                MadeReturn(
                    hours_later=5 * (number % 5),
                    whole=number % 4 == 1,
                    reason=list(ReturnReason)[(number + more) % 3],
                    how=list(Back)[(number + more) % 4],
                    ends=(ends[(number + 4) % len(ends)], End.POSTED),
                    booked=None if number % 4 == 1 else Decimal(number - 7),
                    staff="asha",
                    again=number % 2 == 0,
                )
                for more in range(number % 3)
            ),
        )
        for number in range(33)
    )
    acts = tuple(
        MadeAct(number % 4, 11 * number, kind, "meera", Decimal(40), again=True)
        for number, kind in enumerate(ActKind)
    )
    beside = tuple(
        MadeBeside(
            edge=number % 4,
            minutes=53 * number - 300,
            what=list(Beside)[number % 5],
            how=(Back.GOODS, Back.POINTS, Back.UNDONE)[number % 3],
            reason=list(ReturnReason)[number % 3],
            currency=(RUPEE, YEN, DINAR)[number % 3],
            bill=5000 + number,
            points=Decimal(number),
            staff=("asha", "")[number % 2],
            ends=(ends[number % len(ends)], ends[(number * 3 + 1) % len(ends)]),
            booked=None if number % 2 else Decimal(number + 1),
            counted=True,
            again=number % 4 == 0,
        )
        for number in range(33)
    )
    return MadeDays("Australia/Lord_Howe", sales, acts, beside)


BUSY_DAY = _busy_day()
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
