"""What a damaged database and its last good backup know together: one set of rows, nothing sent twice.

An effect that comes from a backup, or from a loose page, may be further than it says: it is put in doubt, and
the sender asks the backend before anything is sent. A row that is lost is made again from what is left of its
sale, and then waits for a person; what cannot be made again is told by its number.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from cashier_app.domain.member import Way
from cashier_app.domain.sale import (
    OF_MEMBERS,
    OF_SALES,
    TAKES_POINTS,
    Effect,
    EffectKind,
    EffectState,
    Sale,
    effect_key,
)
from cashier_app.storage import audit
from cashier_app.storage.database import COUNT_FLOOR
from cashier_app.storage.kept_acts import QUEUED, KeptAct, nothing_sold
from cashier_app.storage.rows import AT_ONCE, from_json, moment, sale_of, to_json
from cashier_app.storage.salvage import Row, Salvaged

UNFINISHED = frozenset({"waiting", "sending", "unknown"})
COUNTED = frozenset(kind.value for kind in OF_SALES)
TELLING = COUNTED - {EffectKind.RELEASE.value}
REBUILT = "its row was damaged and was made again; look it up"

REBUILT_ACT = "its row was damaged and was made again"
MEMBERS_ONLY = frozenset(kind.value for kind in OF_MEMBERS)
SALE_ID_LENGTH = 36


class Merged(Struct):
    """The rows of the new database.

    Args:
        rebuilt: Sales and effects made again, by id and key.
        lost: The numbers of receipts whose sales are gone, with the sale's id where it is known.
        highest: The highest receipt number known to have been given out.
    """

    sales: dict[str, Row]
    effects: dict[str, Row]
    audit: list[Row]
    in_doubt: list[str] = field(default_factory=list)
    rebuilt: list[str] = field(default_factory=list)
    lost: dict[int, str] = field(default_factory=dict)
    highest: int = 0


def merge(
    newest: Salvaged, older: Salvaged, till: str, highest_count: int, *, is_behind: bool = False
) -> Merged:
    """Return what is to be in the new database; `older` is a good backup's, or empty.

    Where `is_behind`, more has happened than even the newest knows: everything unfinished is put in doubt.
    """
    merged = Merged(
        sales=_sales(newest, older),
        effects={},
        audit=_linked(older, newest),
    )
    _merge_effects(merged, newest, older, is_behind=is_behind)
    told = _told(newest, older)
    merged.highest = max(highest_count, *_floors(newest, older), *told.counters, *_counters(merged), 0)
    of_sale: dict[str, list[Row]] = {}
    for row in merged.effects.values():
        of_sale.setdefault(str(row["sale_id"]), []).append(row)
    for sale_id, rows in of_sale.items():
        if not _is_there(merged, sale_id, rows, told):
            _rebuild_sale(merged, sale_id, rows, till, told)
    for sale_id, row in merged.sales.items():
        _rebuild_effects(merged, row, of_sale.get(sale_id, []), told)
    present = set(_counters(merged))
    ids = {counter: sale_id for sale_id, counter in told.committed.items()}
    merged.lost = {
        number: ids.get(number, "")
        for number in range(1, merged.highest + 1)
        if number not in present and number not in told.lost
    }
    return merged


def _sales(newest: Salvaged, older: Salvaged) -> dict[str, Row]:
    sales = {str(name): row for name, row in (older.sales | newest.sales).items()}
    taken = {row["counter"] for name, row in sales.items() if name not in newest.stale}
    # A loose page may hold a sale that was refused after all, on a failing disk: its number went to another.
    return {
        name: row
        for name, row in sales.items()
        if name not in newest.stale or row["counter"] is None or row["counter"] not in taken
    }


class _Told(Struct):
    """What the audit log says: numbers by sale id, numbers known as lost, the last state of each effect.

    Args:
        kinds: What the backend was to be told of a sale; logs of before have it not.
        later: The keys of what was queued later about it, or beside the sales, by the id it hangs on.
    """

    committed: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, list[EffectKind]] = field(default_factory=dict)
    later: dict[str, list[str]] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    states: dict[str, str] = field(default_factory=dict)

    @property
    def counters(self) -> list[int]:
        return [*self.committed.values(), *self.lost]


def _told(newest: Salvaged, older: Salvaged) -> _Told:
    told = _Told()
    rows = older.audit | newest.audit
    for sequence in sorted(int(str(name)) for name in rows):
        subject, event, detail = (str(rows[sequence][name]) for name in ("subject", "event", "detail"))
        with suppress(ValueError):
            if event == "committed":
                counter, *more = detail.split()
                told.committed[subject] = int(counter)
                told.kinds[subject] = [EffectKind(kind) for kind in "".join(more[1:]).split(",") if kind]
            elif event == QUEUED:
                told.later.setdefault(subject[:SALE_ID_LENGTH], []).append(subject)
            elif event == "lost":
                told.lost.add(int(detail))
        if event in {state.value for state in EffectState}:
            told.states[subject] = event
    return told


def _linked(older: Salvaged, newest: Salvaged) -> list[Row]:
    """Return the audit log as far as each row follows from the one before."""
    rows, last, linked = older.audit | newest.audit, audit.GENESIS, []
    for sequence in range(1, len(rows) + 1):
        # The same row is in both; where the newer one is damaged, the older one is not.
        for source in (newest, older):
            row = source.audit.get(sequence)
            if row is not None and audit.follows(row, last):
                linked.append(row)
                last = row["chain"] if isinstance(row["chain"], bytes) else b""
                break
        else:
            return linked
    return linked


def _merge_effects(merged: Merged, newest: Salvaged, older: Salvaged, *, is_behind: bool) -> None:
    for key, found in (older.effects | newest.effects).items():
        row, name = dict(found), str(key)
        is_current = key in newest.effects and name not in newest.stale and not is_behind
        if not is_current and row["state"] in UNFINISHED:
            row["in_doubt_since"] = (
                row["in_doubt_since"] or row["last_attempt_at"] or _effect(row).at.isoformat()
            )
            row["state"], row["next_attempt_at"] = EffectState.UNKNOWN.value, moment(AT_ONCE)
            merged.in_doubt.append(name)
        merged.effects[name] = row


def _floors(newest: Salvaged, older: Salvaged) -> list[int]:
    floors = [0]
    for source in (newest, older):
        row = source.kept.get(COUNT_FLOOR)
        with suppress(ValueError):
            floors.append(int(str(row["text"])) if row else 0)
    return floors


def _counters(merged: Merged) -> list[int]:
    return [int(str(row["counter"])) for row in merged.sales.values() if row["counter"] is not None]


def _is_there(merged: Merged, sale_id: str, effects: list[Row], told: _Told) -> bool:
    row = merged.sales.get(sale_id)
    if row is None:
        return False
    # A draft whose sale is told to the backend was committed after this row was written.
    was_told = sale_id in told.committed or any(effect["kind"] in TELLING for effect in effects)
    return row["state"] in {"committed", "act"} or not was_told


def _rebuild_sale(merged: Merged, sale_id: str, rows: list[Row], till: str, told: _Told) -> None:
    merged.rebuilt.append(sale_id)
    if sale_id not in told.committed and _is_act(sale_id, rows, told):
        merged.sales[sale_id] = _act(sale_id, rows, till)
        return
    effects = {str(row["kind"]): _effect(row) for row in rows}
    first = next(iter(effects.values()))
    sale: Row = {
        "sale_id": sale_id,
        "state": "abandoned" if EffectKind.RELEASE in effects else "draft",
        "opened_at": moment(first.at),
        "counter": None,
        "committed_at": None,
        "has_member": 0,
        "body": None,
        "effects": 0,
    }
    taken = next((effects[kind] for kind in TAKES_POINTS if kind in effects), None)
    told_sale = effects.get(EffectKind.SALE) or taken
    if told_sale is None and sale_id in told.committed:
        told_sale = taken = effects.get(EffectKind.RELEASE)
    if told_sale is not None:
        counter = told.committed.get(sale_id, 0)
        if counter == 0 or counter in _counters(merged):
            merged.highest += 1
            counter = merged.highest
        # Points were taken where an effect or a discount says so: then there must be two effects.
        usual = 2 if taken is not None or told_sale.discount.minor > 0 else 1
        body = _sale(told_sale, taken, f"{till}-{counter:04d}")
        sale |= {
            "state": "committed",
            "counter": counter,
            "committed_at": moment(told_sale.at),
            "has_member": 1,
            "body": to_json(body),
            "effects": len(told.kinds.get(sale_id, ())) or usual,
        }
    merged.sales[sale_id] = sale


def _is_act(sale_id: str, rows: list[Row], told: _Told) -> bool:
    return sale_id in told.later or all(row["kind"] in MEMBERS_ONLY for row in rows)


def _act(sale_id: str, rows: list[Row], till: str) -> Row:
    """Make the row again that acts hang on; what was known of another till's sale is gone."""
    first = _effect(rows[0])
    body = KeptAct(**asdict(nothing_sold(sale_id, first)), note=REBUILT_ACT, till=till)
    return {
        "sale_id": sale_id,
        "state": "act",
        "opened_at": moment(first.at),
        "counter": None,
        "committed_at": None,
        "has_member": 0,
        "body": to_json(body),
        "effects": len(rows),
    }


def _sale(effect: Effect, taken: Effect | None, number: str) -> Sale:
    return Sale(
        sale_id=effect.sale_id,
        number=number,
        member_id=effect.member_id,
        display_name="",
        # How the customer was identified is not in the effects; the weakest proof claims the least.
        way=Way.MEMBER_NUMBER,
        bill=effect.bill,
        discount=effect.discount,
        paid=effect.paid,
        points_used=taken.points if taken else Decimal(0),
        points_expected=effect.points if effect.kind is EffectKind.SALE else Decimal(0),
        at=effect.at,
        program_version=effect.program_version,
        staff_id=effect.staff_id,
        utc_offset=effect.utc_offset,
    )


def _rebuild_effects(merged: Merged, row: Row, effects: list[Row], told: _Told) -> None:
    """Make again the effects a committed sale should have; where the log knows no end, a person decides."""
    sale_id, is_act = str(row["sale_id"]), row["state"] == "act"
    missing = int(str(row["effects"])) - sum(is_act or effect["kind"] in COUNTED for effect in effects)
    if row["state"] not in {"committed", "act"} or missing <= 0:
        return
    sale = sale_of(row["body"])
    held = next((effect for effect in effects if effect["kind"] == EffectKind.RESERVE), None)
    usual = [EffectKind.CAPTURE, EffectKind.SALE] if int(str(row["effects"])) > 1 else [EffectKind.SALE]
    later = told.later.get(sale_id, [])
    at_once = [] if is_act else told.kinds.get(sale_id) or ([] if later else usual)
    for key in [*(effect_key(sale_id, kind) for kind in at_once), *later]:
        if key in merged.effects:
            continue
        kind = EffectKind(key[SALE_ID_LENGTH + 1 :].rpartition("-")[0])
        effect = Effect(
            key=key,
            kind=kind,
            sale_id=sale.sale_id,
            member_id=sale.member_id,
            points=sale.points_expected if kind is EffectKind.SALE else sale.points_used,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            at=sale.at,
            program_version=sale.program_version,
            staff_id=sale.staff_id,
            utc_offset=sale.utc_offset,
        )
        if held is not None:
            effect = replace(_effect(held), key=key, kind=kind, points=effect.points)
        state = told.states.get(key, "")
        ended = state in {EffectState.POSTED, EffectState.DROPPED}
        # Whom one effect of a sale is for, another is for, too.
        known = None if ended or effect.member_id else next((one for one in effects if one["private"]), None)
        merged.effects[key] = {
            "sequence": None,
            "key": key,
            "sale_id": sale.sale_id,
            "kind": kind.value,
            "account_key": (known or {}).get("account_key", effect.account_key),
            "body": to_json(effect),
            "state": state if ended else EffectState.NEEDS_ATTENTION.value,
            "attempts": 0,
            "next_attempt_at": moment(AT_ONCE),
            "last_attempt_at": None,
            "last_answer": REBUILT,
            "booked": None,
            "in_doubt_since": None if ended else moment(sale.at),
            "private": (known or {}).get("private"),
        }
        merged.rebuilt.append(key)


def _effect(row: Row) -> Effect:
    return from_json(row["body"], Effect)
