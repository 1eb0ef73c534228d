"""Made-up days played: everything that happens in them, written by a till's own journal."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.effects import sale_id
from tests.storage.figure_days import (
    EDGES,
    PLAIN,
    Back,
    Beside,
    End,
    MadeBeside,
    MadeDays,
    MadeReturn,
    MadeSale,
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
        bare = replace(_effects(numbered, PLAIN)[-1], kind=kind, key=effect_key(sale.sale_id, kind))
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
    bare = replace(_effects(sale, PLAIN)[-1], at=at, bill=bill, discount=discount, paid=paid)
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
    bare = replace(_effects(facts, PLAIN)[-1], kind=kind, key=key, at=at, utc_offset=offset)
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
