"""The figures worked out from the journal's rows by plain loops, to hold the kept ones against.

Nothing of the program is used here: rows come by SQL, bodies as JSON, days from the zone's own rules, not
from the offset a row carries.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import apsw

Key = tuple[str, str, str, str]
Sums = dict[Key, dict[str, Decimal]]

IN_POINTS = frozenset(
    {"used", "waiting_used", "refused_used", "earned", "waiting_earned", "refused_earned", "lapsed"}
    | {"taken_back", "given_back", "waiting_back", "refused_back"}
)
RETURNS = ("refund", "clawback", "restore")
ON_ITS_WAY = ("waiting", "sending", "unknown")


class ByHand:
    """Sums by day, currency, split and part; and how often sales took how long, by day and cashier."""

    def __init__(self, connection: apsw.Connection, zone: str) -> None:
        self._connection = connection
        self._zone = ZoneInfo(zone)
        self.sums: Sums = defaultdict(lambda: defaultdict(Decimal))
        self.times: Counter[tuple[str, str, str, int]] = Counter()
        settled = connection.execute("SELECT subject FROM audit WHERE event = 'settled by hand'")
        self._settled = Counter(key for (key,) in settled)
        self._sales: dict[str, dict[str, Any]] = {}
        self._read_sales()
        self._read_effects()
        self._read_losses()
        self._read_acts()

    def nonzero(self) -> Sums:
        """Return the sums without what came to nothing."""
        kept = {key: {name: value for name, value in row.items() if value} for key, row in self.sums.items()}
        return {key: row for key, row in kept.items() if row}

    def _add(self, place: tuple[Any, ...], **figures: Decimal | int | str) -> None:
        day, currency, hour, staff, till, tier, way = place
        rows = {"": "", "hour": str(hour), "staff": staff, "till": till, "tier": tier, "way": way}
        for split, part in rows.items():
            for name, value in figures.items():
                self.sums[day, currency, split, part][name] += Decimal(value)

    def _local(self, at: str) -> datetime:
        return datetime.fromisoformat(at).astimezone(self._zone)

    def _of_sale(self, sale: dict[str, Any]) -> tuple[Any, ...]:
        return self._place(sale, sale["at"], sale.get("staff_id", ""))

    def _place(self, sale: dict[str, Any], at: str, staff: str) -> tuple[Any, ...]:
        local = self._local(at)
        till = sale["number"].split("-")[0]
        currency = sale["bill"]["currency"]["code"]
        return (
            local.date().isoformat(),
            currency,
            local.hour,
            staff,
            till,
            sale.get("tier", ""),
            sale["way"] or "",
        )

    def _read_sales(self) -> None:
        met: set[str] = set()
        rows = self._connection.execute(
            "SELECT sale_id, body FROM sale WHERE state = 'committed' ORDER BY counter"
        ).fetchall()
        for sale_id, body in rows:
            sale = self._sales[str(sale_id)] = json.loads(str(body))
            place = self._of_sale(sale)
            bill, off, paid = (sale[name]["minor"] for name in ("bill", "discount", "paid"))
            self._add(place, sales=1, bill=bill, discount=off, paid=paid)
            if sale["way"]:
                self._add(place, member_sales=1)
            if sale["offline"]:
                self._add(place, offline_sales=1)
            if sale["member_id"]:
                self._add(place, known_sales=1)
                if sale["member_id"] not in met:
                    self._add(place, first_sales=1)
                met.add(sale["member_id"])
            if sale["took_tenths"] is not None:
                self._add(place, timed_sales=1)
                self.times[place[0], place[1], place[3], sale["took_tenths"]] += 1
            bodies = self._connection.execute(
                "SELECT body FROM effect WHERE sale_id = ? AND kind NOT IN ('refund', 'clawback', 'restore')",
                (sale_id,),
            )
            effects = [json.loads(str(text)) for (text,) in bodies]
            if Decimal(sale["points_used"]) or off or any(one["reward_id"] for one in effects):
                self._add(place, redeemed_sales=1, redeemed_bill=bill)
            if any(one["approved_by"] for one in effects):
                self._add(place, overrides=1)

    def _read_effects(self) -> None:
        counted: set[tuple[str, str]] = set()
        for sale_id, kind, body, state, booked in self._connection.execute(
            "SELECT sale_id, kind, body, state, booked FROM effect ORDER BY sequence"
        ):
            effect = json.loads(str(body))
            sale = self._sales.get(str(sale_id)) or self._beside(str(sale_id), effect)
            if sale is None:
                continue
            change = None if booked is None else json.loads(str(booked))["points"]
            change = None if change is None else Decimal(change)
            place = self._of_sale(sale)
            if kind in RETURNS:
                place = self._place(sale, effect["at"], effect.get("staff_id", ""))
                count = effect["key"].split("-")[-1]
                if (str(sale_id), count) not in counted:
                    counted.add((str(sale_id), count))
                    self._return(place, sale, effect)
                self._back(place, effect, str(state), change)
            elif kind in {"sale", "link", "capture", "redeem"}:
                self._moved(place, effect, str(state), change)
            if self._settled[effect["key"]]:
                self._add(place, corrections=1)

    def _beside(self, sale_id: str, effect: dict[str, Any]) -> dict[str, Any] | None:
        """Return another till's sale as this till counts what is done about it: here, now, by whom."""
        row = self._connection.execute(
            "SELECT body FROM sale WHERE sale_id = ? AND state = 'act'", (sale_id,)
        ).fetchone()
        if row is None:
            return None
        facts = json.loads(str(row[0]))
        return facts | {"number": "2-0", "at": effect["at"], "staff_id": effect["staff_id"]}

    def _moved(
        self, place: tuple[Any, ...], effect: dict[str, Any], state: str, change: Decimal | None
    ) -> None:
        noun = "earned" if effect["kind"] in {"sale", "link"} else "used"
        points = Decimal(effect["points"])
        if state in ON_ITS_WAY:
            self._add(place, **{f"waiting_{noun}": points})
        elif state != "posted":
            self._add(place, **{f"refused_{noun}": points})
        elif noun == "earned" and change is not None:
            self._add(place, earned=abs(change))
        else:
            self._add(place, **{noun: points})

    def _return(self, place: tuple[Any, ...], sale: dict[str, Any], effect: dict[str, Any]) -> None:
        bill, off, paid = (effect[name]["minor"] for name in ("bill", "discount", "paid"))
        self._add(place, returns=1, returned_bill=bill, returned_discount=off, returned_paid=paid)
        if effect["reason"] in {"void", "moved"}:
            self._add(place, voids=1)

    def _back(
        self, place: tuple[Any, ...], effect: dict[str, Any], state: str, change: Decimal | None
    ) -> None:
        points = Decimal(effect["points"])
        till_reckons = effect["kind"] == "refund" and points == 0
        told = points
        if till_reckons:
            told = Decimal(effect["taken_back"]) + Decimal(effect["restored"])
        if state in ON_ITS_WAY:
            self._add(place, waiting_back=told)
        elif state != "posted":
            self._add(place, refused_back=told)
        elif till_reckons and change is not None:
            given = Decimal(effect["restored"])
            given = max(given, change)
            self._add(place, given_back=given, taken_back=given - change)
        elif not till_reckons:
            undoes_use = "-capture-" in effect["original_key"] or "-redeem-" in effect["original_key"]
            gives = effect["kind"] == "restore" or (effect["kind"] == "refund" and undoes_use)
            amount = points if change is None else abs(change)
            self._add(place, **{"given_back" if gives else "taken_back": amount})

    def _read_losses(self) -> None:
        for sale_id, minor in self._connection.execute("SELECT sale_id, minor FROM discrepancy"):
            place = self._of_sale(self._sales[str(sale_id)])
            self._add(place, discrepancies=1, discrepancy=minor)

    def _read_acts(self) -> None:
        names = {"enrolled": "enrolled", "limit lifted": "overrides", "points lapsed": "lapsed"}
        for event, detail in self._connection.execute("SELECT event, detail FROM audit"):
            if event in names:
                act = json.loads(str(detail))
                local = self._local(act["at"])
                place = (
                    local.date().isoformat(),
                    act["currency"],
                    local.hour,
                    act["staff_id"],
                    act["till"],
                    act["tier"],
                    act["way"],
                )
                self._add(place, **{names[str(event)]: act["points"] if event == "points lapsed" else 1})


def kept(connection: apsw.Connection) -> Sums:
    """Return the kept figures that are not zero, points as they are meant."""
    cursor = connection.execute("SELECT * FROM day_figure")
    found: Sums = {}
    for row in cursor:
        names = [column[0] for column in cursor.get_description()]
        day, currency, split, part, *values = row
        figures = {
            name: Decimal(str(value)) / (10_000 if name in IN_POINTS else 1)
            for name, value in zip(names[4:], values, strict=True)
            if value
        }
        if figures:
            found[str(day), str(currency), str(split), str(part)] = figures
    return found


def kept_times(connection: apsw.Connection) -> Counter[tuple[str, str, str, int]]:
    """Return how many sales took how long, as kept."""
    rows = connection.execute("SELECT day, currency, staff, tenths, sales FROM day_time").fetchall()
    return Counter(
        {(str(row[0]), str(row[1]), str(row[2]), int(str(row[3]))): int(str(row[4])) for row in rows}
    )
