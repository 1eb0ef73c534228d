"""Sales not posted yet, one for each state a row of the queue can show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.journal import EffectRow, SettledEffect, UnsentSale
from cashier_app.services.deadlines import TOO_LATE
from cashier_app.services.member_effects import CANNOT_BE_TAKEN
from cashier_app.services.reconciliation import Comparison, Finding, FindingKind, Remedy
from tests.ui.sample_shop import NOW, at, sold


def _row(
    sale: Sale,
    kind: EffectKind,
    state: EffectState,
    *,
    attempts: int = 0,
    next_in: int = 0,
    last: datetime | None = None,
    answer: str = "",
) -> EffectRow:
    points = sale.points_used if kind is EffectKind.CAPTURE else sale.points_expected
    effect = Effect(
        key=effect_key(sale.sale_id, kind),
        kind=kind,
        sale_id=sale.sale_id,
        member_id=sale.member_id,
        points=points,
        bill=sale.bill,
        discount=sale.discount,
        paid=sale.paid,
        at=sale.at,
        program_version=sale.program_version,
    )
    return EffectRow(
        sequence=1,
        effect=effect,
        state=state,
        attempts=attempts,
        next_attempt_at=NOW + timedelta(seconds=next_in),
        last_attempt_at=last,
        last_answer=answer,
        booked=None,
    )


def _unsent(sale: Sale, rows: Sequence[EffectRow]) -> UnsentSale:
    return UnsentSale(sale, tuple(rows))


def stuck() -> UnsentSale:
    """Sent five times, and nobody knows whether the points were used."""
    sale = sold("2-0398", "Meera K.", 186000, at(13, 47), used=120)
    tried = at(14, 31, 8)
    capture = _row(sale, EffectKind.CAPTURE, EffectState.NEEDS_ATTENTION, attempts=5, last=tried)
    return _unsent(sale, (capture, _row(sale, EffectKind.SALE, EffectState.WAITING)))


def queue() -> list[UnsentSale]:
    """One that needs a person, two that wait, one on its way."""
    arjun = sold("2-0405", "Arjun P.", 64000, at(14, 11))
    nobody = sold("2-0416", "", 91000, at(14, 29))
    priya = sold("2-0418", "Priya R.", 216000, at(14, 32, 10), used=200)
    return [
        stuck(),
        _unsent(arjun, [_row(arjun, EffectKind.SALE, EffectState.WAITING, attempts=3, next_in=40)]),
        _unsent(nobody, [_row(nobody, EffectKind.SALE, EffectState.WAITING, attempts=1, next_in=12)]),
        _unsent(
            priya,
            [
                _row(priya, EffectKind.RESERVE, EffectState.POSTED, attempts=1),
                _row(priya, EffectKind.CAPTURE, EffectState.POSTED, attempts=1),
                _row(priya, EffectKind.SALE, EffectState.SENDING, attempts=1),
            ],
        ),
    ]


def around() -> list[UnsentSale]:
    """What is done around the sales: a merge and an enrolment for a person, a late void, two that wait."""
    nothing = sold("", "", 0, at(13, 47))
    row = _row(nothing, EffectKind.MERGE, EffectState.NEEDS_ATTENTION, answer=CANNOT_BE_TAKEN)
    merge = replace(row, effect=replace(row.effect, member_id="m-4417", other_member_id="m-1043"))
    later = sold("", "", 0, at(14, 2))
    new = NewMember(key=later.sale_id, at=later.at, name="Asha Krishnamurthy")
    row = _row(
        later,
        EffectKind.ENROL,
        EffectState.NEEDS_ATTENTION,
        attempts=1,
        last=at(14, 3),
        answer=RefusedBecause.INVALID.value,
    )
    refused = replace(row, effect=replace(row.effect, new_member=new))
    undone = sold("2-0311", "Meera K.", 186000, NOW - timedelta(hours=25))
    void = _row(undone, EffectKind.CLAW_BACK, EffectState.NEEDS_ATTENTION, attempts=9, answer=TOO_LATE)
    joins = sold("", "", 0, at(14, 29))
    row = _row(joins, EffectKind.ENROL, EffectState.WAITING)
    waits = replace(row, effect=replace(row.effect, new_member=replace(new, name="Ravi Iyer")))
    behind = sold("2-0416", "", 91000, at(14, 30))
    return [
        UnsentSale(nothing, (merge,), "merge"),
        UnsentSale(later, (refused,), "enrolment"),
        _unsent(undone, (void,)),
        UnsentSale(joins, (waits,), "enrolment"),
        _unsent(behind, [_row(behind, EffectKind.SALE, EffectState.WAITING)]),
    ]


LONG_NAME = "Venkatanarasimharajuvariapeta Anuradha"


def late() -> list[UnsentSale]:
    """One refused since yesterday, with a long name and amount; one waiting for hours; one just made."""
    refused = sold("2-0311", LONG_NAME, 118_400_00, NOW - timedelta(hours=26), used=12_400)
    hours = sold("2-0377", "Omkar S.", 91000, NOW - timedelta(hours=3))
    now = sold("2-0418", "Priya R.", 216000, NOW - timedelta(minutes=2))
    tried = NOW - timedelta(minutes=14)
    return [
        _unsent(
            refused,
            [
                _row(refused, EffectKind.RESERVE, EffectState.POSTED, attempts=1, last=tried),
                _row(
                    refused,
                    EffectKind.CAPTURE,
                    EffectState.NEEDS_ATTENTION,
                    attempts=12,
                    last=tried,
                    answer=RefusedBecause.RESERVATION_GONE.value,
                ),
                _row(refused, EffectKind.SALE, EffectState.WAITING),
            ],
        ),
        _unsent(
            hours, [_row(hours, EffectKind.SALE, EffectState.WAITING, attempts=9, next_in=200, last=tried)]
        ),
        _unsent(now, [_row(now, EffectKind.SALE, EffectState.WAITING)]),
    ]


def many(count: int = 1000) -> list[UnsentSale]:
    """So many sales that wait, a minute apart, the oldest first."""
    made = []
    for number in range(count):
        sale = sold(
            f"2-{number + 1:04d}", "Priya R.", 64000 + number, NOW - timedelta(minutes=count - number)
        )
        made.append(_unsent(sale, [_row(sale, EffectKind.SALE, EffectState.WAITING, attempts=1, next_in=40)]))
    return made


def settled() -> list[SettledEffect]:
    """One of each truth."""
    first = sold("2-0290", "Kabir N.", 45000, NOW - timedelta(hours=30), used=100)
    second = sold("2-0301", "", 120000, NOW - timedelta(hours=28))
    words = (
        (Truth.NOT_BOOKED, "Asha", "Customer got the discount back in cash", first, EffectKind.CAPTURE),
        (Truth.TOOK_HOLD, "Asha", "Seen in the back office under the same key", second, EffectKind.SALE),
    )
    found = []
    for truth, by, reason, sale, kind in words:
        state = EffectState.POSTED if truth is Truth.TOOK_HOLD else EffectState.DROPPED
        answer = f"settled by hand: {truth.value}"
        row = _row(sale, kind, state, attempts=12, last=NOW - timedelta(hours=27), answer=answer)
        word = Settlement(row.effect.key, truth, by, reason, NOW - timedelta(hours=2))
        found.append(SettledEffect(word, sale, row))
    return found


def comparison() -> Comparison:
    """One problem of each kind and action."""
    found = []
    wanted = (
        (FindingKind.ONLY_HERE, Remedy.SEND_AGAIN, EffectKind.SALE, EffectState.POSTED),
        (FindingKind.ONLY_HERE, Remedy.SETTLE_BY_HAND, EffectKind.CAPTURE, EffectState.NEEDS_ATTENTION),
        (FindingKind.ONLY_THERE, Remedy.LOOK_UP, EffectKind.CAPTURE, EffectState.NEEDS_ATTENTION),
        (FindingKind.ONLY_THERE, Remedy.LOOK_UP, EffectKind.SALE, EffectState.DROPPED),
        (FindingKind.DIFFERS, Remedy.LOOK_UP, EffectKind.SALE, EffectState.POSTED),
    )
    for at_minute, (kind, remedy, effect_kind, state) in enumerate(wanted):
        number = f"2-{398 + at_minute:04d}"
        sale = sold(number, "Meera K.", 186000, at(13, 47 - at_minute), used=12_400)
        row = _row(sale, effect_kind, state)
        there = row.effect.points + 19 if kind is FindingKind.DIFFERS else None
        found.append(Finding(kind, remedy, sale, row.effect.key, row.effect, state, row.effect.points, there))
    return Comparison(NOW, 63, 63, 118, 2, 0, tuple(found))


def agreeing() -> Comparison:
    """Both books alike."""
    return Comparison(NOW, 63, 63, 118, 0, 0, ())
