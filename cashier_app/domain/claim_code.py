"""The two codes a sale leaves on its receipt, by which it is known again.

The receipt code, ``CL1:`` and signs of Base32, holds the facts of the sale with a proof that a till of the
shop wrote them: a till that never saw the sale can go by them. Base32 keeps it in the QR code's dense mode,
and a keyboard that turns capitals into small letters does no harm.

The claim code, such as ``2-0418-594201``, is short enough to be typed: the sale's number and six digits that
nobody can work out without the key. Only the till that made the sale can go by it.

Keys are not known here: signing and checking are handed in.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from cashier_app.domain.identifier import without_aim
from cashier_app.domain.money import MAX_DECIMALS, MAX_MINOR, Currency, Money
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Sale

MARK = "CL1:"
PROOF_BYTES = 16
LONGEST_CODE = 640
"""Signs of the longest receipt code that is read; longer ones are never made."""

DIGITS = 6
_LONGEST_PAYLOAD = 300
_CLAIM_CODE = re.compile(r"([A-Za-z0-9]{1,8})[-+. ]([0-9]{1,12})[-+. ]([0-9]{6})")

Sign = Callable[[bytes], bytes]
"""Returns the proof of some bytes, `PROOF_BYTES` of it."""

Proves = Callable[[bytes, bytes], bool]
"""Says whether the second is the proof of the first by a key of this shop; takes the same time for any."""


class ReceiptFacts(Struct, frozen=True):
    """What a receipt code says of a sale.

    Args:
        store: The shop's name.
        till: The till's number; `number` begins with it.
        number: Such as ``2-0418``.
        sale_id: UUIDv7.
        at: When it was committed, UTC, to the second.
        bill: Before any discount; what is neither `discount` nor `paid` was paid with stored value.
        program_version: The rules it was made by; empty where none were known.
        member_id: Whose it was then; empty for a sale without a member.
        claim_until: End of the time in which a member may claim it, UTC; None where nobody may.
        points_used: Points taken for the discount.
        points_expected: Points the till said it earns.
        utc_offset: Minutes the shop's clock was ahead of UTC; None where that is not known.
        offline: The backend could not be asked then.
    """

    store: str
    till: str
    number: str
    sale_id: str
    at: datetime
    bill: Money
    discount: Money
    paid: Money
    program_version: str = ""
    member_id: str = ""
    claim_until: datetime | None = None
    points_used: Decimal = NO_POINTS
    points_expected: Decimal = NO_POINTS
    utc_offset: int | None = None
    offline: bool = False


class Unreadable(StrEnum):
    """Why a receipt code says nothing.

    `DAMAGED`: it is cut off or changed on its way. `FOREIGN`: it is whole, and no till of this shop wrote it.
    """

    DAMAGED = "damaged"
    FOREIGN = "foreign"


class ClaimCode(Struct, frozen=True):
    """A claim code as typed: the till's number, its count of sales, and the six digits."""

    till: str
    count: int
    digits: str


_Minor = Annotated[int, Meta(ge=0, le=MAX_MINOR)]
_Seconds = Annotated[int, Meta(ge=0, le=253_402_300_799)]  # up to the year 9999
_Text = Annotated[str, Meta(max_length=64)]
_Figure = Annotated[str, Meta(pattern=r"^[0-9]{1,15}(\.[0-9]{1,4})?$")]


class _Packed(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    store: Annotated[str, Meta(max_length=48)]
    till: Annotated[str, Meta(pattern="^[A-Za-z0-9]{1,8}$")]
    count: Annotated[int, Meta(ge=1, le=10**12 - 1)]
    sale_id: Annotated[bytes, Meta(min_length=16, max_length=16)]
    at: _Seconds
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    decimals: Annotated[int, Meta(ge=0, le=MAX_DECIMALS)]
    bill: _Minor
    discount: _Minor
    paid: _Minor
    program_version: _Text
    member_id: _Text
    claim_seconds: _Seconds | None
    points_used: _Figure
    points_expected: _Figure
    utc_offset: Annotated[int, Meta(ge=-1440, le=1440)] | None
    offline: bool


def facts_of(sale: Sale, store: str) -> ReceiptFacts:
    """Return what the receipt code of a committed sale says; `store` is the shop's name."""
    return ReceiptFacts(
        store=store,
        till=sale.number.rpartition("-")[0],
        number=sale.number,
        sale_id=sale.sale_id,
        at=sale.at,
        bill=sale.bill,
        discount=sale.discount,
        paid=sale.paid,
        program_version=sale.program_version,
        member_id=sale.member_id,
        claim_until=sale.claim_until,
        points_used=sale.points_used,
        points_expected=sale.points_expected,
        utc_offset=sale.utc_offset,
        offline=sale.offline,
    )


def sale_of(facts: ReceiptFacts) -> Sale:
    """Return the sale a receipt code speaks of, as far as it says."""
    return Sale(
        sale_id=facts.sale_id,
        number=facts.number,
        member_id=facts.member_id,
        display_name="",
        way=None,
        bill=facts.bill,
        discount=facts.discount,
        paid=facts.paid,
        points_used=facts.points_used,
        points_expected=facts.points_expected,
        at=facts.at,
        program_version=facts.program_version,
        offline=facts.offline,
        utc_offset=facts.utc_offset,
        claim_until=facts.claim_until,
    )


def is_receipt_code(text: str) -> bool:
    """Say whether a text is meant as a receipt code, whole or not; nobody's member code begins like one."""
    return without_aim(text[: len(MARK) + 16]).strip()[: len(MARK)].upper() == MARK


def receipt_code(facts: ReceiptFacts, sign: Sign) -> str:
    """Return the receipt code of a sale: ASCII in capitals, at most `LONGEST_CODE` signs.

    Raises:
        ValueError: It holds what no receipt code can; the caller made no sale of it.
    """
    currency = facts.bill.currency
    till, _, count = facts.number.rpartition("-")
    packed = _Packed(
        store=facts.store[:48],
        till=till,
        count=int(count),
        sale_id=UUID(facts.sale_id).bytes,
        at=int(facts.at.timestamp()),
        currency=currency.code,
        decimals=currency.decimals,
        bill=facts.bill.minor,
        discount=facts.discount.minor,
        paid=facts.paid.minor,
        program_version=facts.program_version,
        member_id=facts.member_id,
        claim_seconds=None if facts.claim_until is None else int(facts.claim_until.timestamp()),
        points_used=format(facts.points_used, "f"),
        points_expected=format(facts.points_expected, "f"),
        utc_offset=facts.utc_offset,
        offline=facts.offline,
    )
    payload = msgspec.msgpack.encode(packed)
    if till != facts.till or _facts(payload) is None:
        raise ValueError("these facts fit no receipt code")
    return MARK + base64.b32encode(payload + sign(payload)).decode().rstrip("=")


def read_receipt_code(text: str, proves: Proves) -> ReceiptFacts | Unreadable:
    """Return what a receipt code says, once its proof fits. Total: any text gets an answer."""
    raw = _unpacked(text)
    if raw is None or len(raw) <= PROOF_BYTES:
        return Unreadable.DAMAGED
    payload, proof = raw[:-PROOF_BYTES], raw[-PROOF_BYTES:]
    # Nothing of it is looked at before it is known to be the shop's own.
    if not proves(payload, proof):
        return Unreadable.FOREIGN if _facts(payload) is not None else Unreadable.DAMAGED
    return _facts(payload) or Unreadable.DAMAGED


def claim_digits(sale_id: str, sign: Sign) -> str:
    """Return the six digits of a sale's claim code."""
    proof = sign(b"claim digits " + sale_id.encode())
    return f"{int.from_bytes(proof) % 10**DIGITS:0{DIGITS}d}"


def claim_code(sale: Sale, sign: Sign) -> str:
    """Return the claim code of a committed sale, such as ``2-0418-594201``."""
    return f"{sale.number}-{claim_digits(sale.sale_id, sign)}"


def typed_claim(text: str) -> ClaimCode | None:
    """Return the claim code this is, or None. Total; a point, a blank or the plus of the keypad is a dash."""
    found = _CLAIM_CODE.fullmatch(text.strip()) if len(text) <= 64 else None
    return ClaimCode(found[1], int(found[2]), found[3]) if found else None


def claim_until(at: datetime, days: int, utc_offset: int) -> datetime | None:
    """Return the end of the last of so many whole days after a sale, UTC; None where there are none.

    Args:
        at: When the sale was made, UTC.
        days: `Program.claim_days`.
        utc_offset: Minutes the shop's clock is ahead of UTC.
    """
    if days <= 0:
        return None
    ahead = timedelta(minutes=utc_offset)
    midnight = (at + ahead).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days + 1) - ahead


def _unpacked(text: str) -> bytes | None:
    if len(text) > LONGEST_CODE:
        return None
    text = without_aim(text).strip()
    if not text.isascii() or not text.upper().startswith(MARK):
        return None
    body = text.upper().removeprefix(MARK)
    try:
        return base64.b32decode(body + "=" * (-len(body) % 8))
    except binascii.Error:
        return None


def _facts(payload: bytes) -> ReceiptFacts | None:
    if len(payload) > _LONGEST_PAYLOAD:
        return None
    try:
        packed = msgspec.msgpack.decode(payload, type=_Packed)
    except (msgspec.MsgspecError, ValueError):
        return None
    texts = (packed.store, packed.program_version, packed.member_id)
    if packed.discount + packed.paid > packed.bill or not all(text.isprintable() for text in texts):
        return None
    currency = Currency(packed.currency, packed.decimals)
    until = packed.claim_seconds
    return ReceiptFacts(
        store=packed.store,
        till=packed.till,
        number=f"{packed.till}-{packed.count:04d}",
        sale_id=str(UUID(bytes=packed.sale_id)),
        at=datetime.fromtimestamp(packed.at, UTC),
        bill=Money(packed.bill, currency),
        discount=Money(packed.discount, currency),
        paid=Money(packed.paid, currency),
        program_version=packed.program_version,
        member_id=packed.member_id,
        claim_until=None if until is None else datetime.fromtimestamp(until, UTC),
        points_used=Decimal(packed.points_used),
        points_expected=Decimal(packed.points_expected),
        utc_offset=packed.utc_offset,
        offline=packed.offline,
    )
