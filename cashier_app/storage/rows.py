"""Domain values as JSON in the database and back; a row that does not fit its type is damage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

import apsw
import msgspec

from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectState, Sale
from cashier_app.errors import KnownError
from cashier_app.ports.journal import EffectRow
from cashier_app.storage.persons import with_person

Value = TypeVar("Value")

EFFECT_COLUMNS = (
    "sequence, body, state, attempts, CAST(next_attempt_at AS BLOB), last_attempt_at, last_answer, booked, "
    "in_doubt_since, shown_person(private, sale_id)"
)


AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""When an effect may be sent that waits for nothing: past whatever the clock may be set to."""

_ENCODER = msgspec.json.Encoder(decimal_format="string")


def to_json(value: object) -> str:
    """Return a domain value as JSON text: decimals as text, times in UTC."""
    return _ENCODER.encode(value).decode()


def from_json(text: object, kind: type[Value]) -> Value:
    """Return the domain value kept as this text.

    Raises:
        KnownError: The text was damaged.
    """
    try:
        return msgspec.json.decode(str(text), type=kind)
    except (msgspec.DecodeError, ValueError) as error:
        raise KnownError(
            "A row of the sales database is damaged. Nothing was changed; call support."
        ) from error


def moment(at: datetime) -> str:
    """Return a time as sortable text, UTC with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def effect_row(row: Sequence[apsw.SQLiteValue]) -> EffectRow:
    """Return a row selected with `EFFECT_COLUMNS`."""
    sequence, body, state, attempts, next_at, last_at, answer, booked, doubt, person = row
    kept = from_json(body, Effect)
    effect = with_person(kept, person)
    return EffectRow(
        sequence=int(str(sequence)),
        effect=kept if effect is None else effect,
        state=EffectState(str(state)),
        attempts=int(str(attempts)),
        next_attempt_at=time_or_now(next_at),
        last_attempt_at=None if last_at is None else datetime.fromisoformat(str(last_at)),
        last_answer=str(answer),
        booked=None if booked is None else from_json(booked, Booked),
        in_doubt_since=None if doubt is None else datetime.fromisoformat(str(doubt)),
        lost_person=effect is None,
    )


def time_or_now(text: object) -> datetime:
    """Return a time that no seal covers; what is no time means at once."""
    try:
        at = datetime.fromisoformat(bytes(text).decode()) if isinstance(text, bytes) else AT_ONCE
    except ValueError:
        return AT_ONCE
    return at if at.tzinfo else AT_ONCE


def sale_of(body: object) -> Sale:
    """Return the sale kept in a row."""
    return from_json(body, Sale)
