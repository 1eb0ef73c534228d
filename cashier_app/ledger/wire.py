"""A movement as the ledger takes it in: ids and figures, no name, number or code of anybody."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable

import msgspec

from cashier_app.domain.figures import FIGURE_NAMES, POINT_FIGURES
from cashier_app.domain.points import MAX_SCALE, to_units
from cashier_app.ports.ledger import ToldMovement

LONGEST = {"act": 100, "staff": 64, "tier": 200, "way": 32, "till": 16}


def rows_of(movements: Iterable[ToldMovement], salt: str) -> str:
    """Return movements as the JSON list `append` takes."""
    return msgspec.json.encode([_row(told, salt) for told in movements]).decode()


def member_key(member_id: str, salt: str) -> str:
    """Return what stands for a member at the ledger: the same at every till, of no use elsewhere."""
    digest = hashlib.blake2b(member_id.encode(), key=salt.encode()[:64], digest_size=16).digest()
    return str(uuid.UUID(bytes=digest))


def _row(told: ToldMovement, salt: str) -> dict[str, object]:
    movement, place = told.movement, told.movement.place
    row: dict[str, object] = {
        "sequence": told.sequence,
        "day": place.day,
        "act": _kept("act", told.act),
        "at": movement.at,
        "hour": place.hour,
        "currency": place.currency,
        "till": _kept("till", place.till),
        "staff": _kept("staff", place.staff_id),
        "tier": _kept("tier", place.tier),
        "way": _kept("way", place.way),
        "member": member_key(movement.member_id, salt) if movement.member_id else None,
        "tenths": movement.took_tenths,
        "restated": told.restated,
        "whole": told.whole,
    }
    for name in FIGURE_NAMES:
        value = getattr(movement.figures, name)
        if value:
            row[name] = to_units(value, MAX_SCALE) if name in POINT_FIGURES else value
    return row


def _kept(name: str, text: str) -> str:
    # One text the ledger cannot hold must not keep back everything behind it.
    return text.replace("\0", "")[: LONGEST[name]]
