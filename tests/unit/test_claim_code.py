"""Receipt and claim codes: what is written is read, and nothing else is."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.claim_code import (
    LONGEST_CODE,
    MARK,
    PROOF_BYTES,
    ClaimCode,
    ReceiptFacts,
    Unreadable,
    claim_code,
    claim_digits,
    claim_until,
    facts_of,
    is_receipt_code,
    read_receipt_code,
    receipt_code,
    sale_of,
    typed_claim,
)
from cashier_app.domain.money import Currency, Money
from cashier_app.errors import KnownError
from cashier_app.security.claim_keys import ClaimKeys, own_key, shared_key

INR = Currency("INR", 2)
AT = datetime(2026, 11, 19, 8, 41, 7, tzinfo=UTC)
SALE_ID = "019a9b00-1111-7222-8333-444455556666"
FACTS = ReceiptFacts(
    store="Marigold Stores",
    till="2",
    number="2-0418",
    sale_id=SALE_ID,
    at=AT,
    bill=Money(102_500, INR),
    discount=Money(2_500, INR),
    paid=Money(100_000, INR),
    program_version="2026-11-01",
    claim_until=AT + timedelta(days=14),
    points_expected=Decimal("10.5"),
    utc_offset=330,
)
KEYS = ClaimKeys([b"k" * 32])
OTHER = ClaimKeys([b"o" * 32])

facts = st.builds(
    ReceiptFacts,
    store=st.text(st.characters(categories=["L", "N", "Zs"], include_characters=" "), max_size=48).filter(
        str.isprintable
    ),
    till=st.just("7b"),
    number=st.integers(1, 10**12 - 1).map(lambda count: f"7b-{count:04d}"),
    sale_id=st.uuids().map(str),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1)).map(  # noqa: DTZ001 - made UTC here
        lambda at: at.replace(microsecond=0, tzinfo=UTC)
    ),
    bill=st.integers(2 * 10**6, 10**15).map(lambda minor: Money(minor, INR)),
    discount=st.integers(0, 10**6).map(lambda minor: Money(minor, INR)),
    paid=st.integers(0, 10**6).map(lambda minor: Money(minor, INR)),
    program_version=st.text("abc0123456789.-é", max_size=64),
    member_id=st.text("abc0123456789-_", max_size=64),
    claim_until=st.none() | st.just(AT),
    points_used=st.decimals(0, 10**9, places=2),
    points_expected=st.decimals(0, 10**9, places=4),
    utc_offset=st.none() | st.integers(-1440, 1440),
    offline=st.booleans(),
)


@given(facts)
def test_what_is_written_is_read(one: ReceiptFacts) -> None:
    code = receipt_code(one, KEYS.sign)
    assert len(code) <= LONGEST_CODE
    assert code.isascii()
    assert code == code.upper()
    assert read_receipt_code(code, KEYS.proves) == one
    assert read_receipt_code(f"]Q1 {code.lower()}\r\n", KEYS.proves) == one
    assert facts_of(sale_of(one), one.store) == one


def test_a_receipt_of_another_shop_says_so() -> None:
    code = receipt_code(FACTS, OTHER.sign)
    assert read_receipt_code(code, KEYS.proves) is Unreadable.FOREIGN


@given(st.integers(0), st.integers(1, 31))
def test_one_changed_sign_is_noticed(place: int, by: int) -> None:
    code = receipt_code(FACTS, KEYS.sign)
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    place = len(MARK) + place % (len(code) - len(MARK) - 1)  # the last sign has bits that say nothing
    sign = signs[(signs.index(code[place]) + by) % len(signs)]
    changed = code[:place] + sign + code[place + 1 :]
    assert isinstance(read_receipt_code(changed, KEYS.proves), Unreadable)


@given(st.integers(0, 400))
def test_a_code_cut_off_is_damaged(length: int) -> None:
    code = receipt_code(FACTS, KEYS.sign)
    cut = code[: min(length, len(code) - 2)]
    assert isinstance(read_receipt_code(cut, KEYS.proves), Unreadable)


@given(st.text(max_size=700) | st.text(max_size=300).map(lambda text: MARK + text))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(read_receipt_code(text, KEYS.proves), Unreadable)
    assert isinstance(is_receipt_code(text), bool)
    claim = typed_claim(text)
    assert claim is None or isinstance(claim, ClaimCode)


@given(st.binary(max_size=400))
def test_any_content_under_the_right_key_gets_an_answer(payload: bytes) -> None:
    answer = read_receipt_code(_signed(payload), KEYS.proves)
    assert isinstance(answer, ReceiptFacts | Unreadable)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**64 - 1)
        | st.text(max_size=9)
        | st.binary(max_size=20),
        lambda inner: st.lists(inner, max_size=18),
        max_leaves=20,
    )
)
def test_any_values_under_the_right_key_get_an_answer(value: object) -> None:
    answer = read_receipt_code(_signed(msgspec.msgpack.encode(value)), KEYS.proves)
    assert isinstance(answer, Unreadable)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, "Shop\u202e"),
        (1, "2-2"),
        (2, 0),
        (3, b"short"),
        (4, -1),
        (5, "inr"),
        (6, 9),
        (7, 10**15 + 1),
        (8, 102_501),
        (10, "v\x1b"),
        (11, "m" * 65),
        (13, "1e9"),
        (13, "NaN"),
        (15, 99_999),
    ],
)
def test_content_that_makes_no_sense_is_damaged(place: int, value: object) -> None:
    parts = _parts()
    assert isinstance(read_receipt_code(_signed(msgspec.msgpack.encode(parts)), KEYS.proves), ReceiptFacts)
    parts[place] = value
    code = _signed(msgspec.msgpack.encode(parts))
    assert read_receipt_code(code, KEYS.proves) is Unreadable.DAMAGED


def test_more_is_never_read_than_a_receipt_holds() -> None:
    assert read_receipt_code(MARK + "A" * LONGEST_CODE, KEYS.proves) is Unreadable.DAMAGED
    assert read_receipt_code(_signed(b"x" * 301), KEYS.proves) is Unreadable.DAMAGED


def test_nothing_is_looked_at_before_its_proof() -> None:
    asked: list[bytes] = []

    def refuse(payload: bytes, proof: bytes) -> bool:
        asked.append(payload)
        return len(proof) != PROOF_BYTES

    assert read_receipt_code(receipt_code(FACTS, KEYS.sign), refuse) is Unreadable.FOREIGN
    assert len(asked) == 1


@pytest.mark.parametrize(
    "text",
    [
        replace(FACTS, till="3"),
        replace(FACTS, member_id="m" * 65),
        replace(FACTS, points_used=Decimal("1.23456")),
        replace(FACTS, paid=Money(102_500, INR)),
    ],
)
def test_facts_no_code_can_hold_make_none(text: ReceiptFacts) -> None:
    with pytest.raises(ValueError, match="fit no receipt code"):
        receipt_code(text, KEYS.sign)


@pytest.mark.parametrize("text", ["CL1:AB", "cl1:ab", "]Q3CL1:", "  CL1:xyz"])
def test_a_receipt_code_is_known_by_its_mark(text: str) -> None:
    assert is_receipt_code(text)


@pytest.mark.parametrize("text", ["", "CL1", "LC1:abc", "XCL1:A", "2-0418-594201"])
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert not is_receipt_code(text)


# The short code.


@pytest.mark.parametrize("text", ["2-0418-594201", " 2.0418.594201 ", "2 418 594201", "2+0418+594201"])
def test_a_claim_code_is_read_as_typed(text: str) -> None:
    assert typed_claim(text) == ClaimCode("2", 418, "594201")


@pytest.mark.parametrize(
    "text", ["2-0418", "2-0418-59420", "2-0418-5942011", "\uff12-0418-594201", "2-0418-594201" + " " * 60]
)
def test_what_is_no_claim_code(text: str) -> None:
    assert typed_claim(text) is None


def test_the_digits_of_a_sale_stay_and_need_the_key() -> None:
    sale = sale_of(FACTS)
    digits = claim_digits(SALE_ID, KEYS.sign)
    assert claim_code(sale, KEYS.sign) == f"2-0418-{digits}"
    assert digits == claim_digits(SALE_ID, KEYS.sign)
    assert digits != claim_digits(SALE_ID, OTHER.sign)


def test_digits_tell_nothing_of_each_other() -> None:
    ids = [str(UUID(int=UUID(SALE_ID).int + count)) for count in range(2000)]
    digits = [claim_digits(one, KEYS.sign) for one in ids]
    assert len(set(digits)) > 1990
    assert all(len(one) == 6 and one.isdigit() for one in digits)
    first = [sum(one.startswith(str(digit)) for one in digits) for digit in range(10)]
    assert min(first) > 130


def test_a_guessable_code_would_be_caught() -> None:
    """The control: digits made of the id without the key are the same under any key."""

    def without_key(text: bytes) -> bytes:
        return hashlib.sha256(text).digest()[:PROOF_BYTES]

    def with_key(text: bytes) -> bytes:
        return hmac.new(b"k", text, hashlib.sha256).digest()[:PROOF_BYTES]

    assert claim_digits(SALE_ID, without_key) == f"{_without_key():06d}"
    assert claim_digits(SALE_ID, with_key) != f"{_without_key():06d}"
    assert claim_digits(SALE_ID, KEYS.sign) != f"{_without_key():06d}"


@pytest.mark.parametrize(
    ("at", "offset", "until"),
    [
        ("2026-11-19T08:41:07", 330, "2026-12-03T18:30:00"),
        ("2026-11-19T18:29:59", 330, "2026-12-03T18:30:00"),
        ("2026-11-19T18:30:00", 330, "2026-12-04T18:30:00"),
        ("2026-11-19T02:00:00", -480, "2026-12-03T08:00:00"),
    ],
)
def test_a_claim_is_good_for_whole_days_of_the_shop(at: str, offset: int, until: str) -> None:
    made = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert claim_until(made, 14, offset) == datetime.fromisoformat(until).replace(tzinfo=UTC)


def test_without_days_there_are_no_claims() -> None:
    assert claim_until(AT, 0, 330) is None


# The keys.


def test_a_shared_key_reads_what_the_own_one_signed() -> None:
    before, after = ClaimKeys([b"a" * 32]), ClaimKeys([b"s" * 32, b"a" * 32])
    code = receipt_code(FACTS, before.sign)
    assert read_receipt_code(code, after.proves) == FACTS
    assert read_receipt_code(receipt_code(FACTS, after.sign), ClaimKeys([b"s" * 32]).proves) == FACTS
    printed = claim_digits(SALE_ID, before.sign)
    assert after.digits_fit(SALE_ID, printed)
    assert after.digits_fit(SALE_ID, claim_digits(SALE_ID, after.sign))
    assert not ClaimKeys([b"s" * 32]).digits_fit(SALE_ID, printed)
    assert not after.digits_fit(SALE_ID, "é23456")


def test_keys_do_not_show_themselves() -> None:
    assert "k" * 8 not in repr(KEYS)


@pytest.mark.parametrize("keys", [[], [b"short"]])
def test_a_key_that_is_none_is_a_bug(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        ClaimKeys(keys)


def test_a_till_of_its_own_has_a_key_of_its_own() -> None:
    assert own_key(b"one" * 11) != own_key(b"two" * 11)
    assert len(own_key(b"x" * 32)) == 32


def test_a_shared_key_is_written_in_hex() -> None:
    assert shared_key(f" {'ab' * 32}\n") == b"\xab" * 32
    for text in ("", "ab", "zz" * 32):
        with pytest.raises(KnownError) as caught:
            shared_key(text)
        assert text[:8] not in caught.value.sentence or not text


def _without_key() -> int:
    return int.from_bytes(hashlib.sha256(b"claim digits " + SALE_ID.encode()).digest()[:PROOF_BYTES]) % 10**6


def _signed(payload: bytes) -> str:
    return MARK + base64.b32encode(payload + KEYS.sign(payload)).decode().rstrip("=")


def _parts() -> list[object]:
    body = receipt_code(FACTS, KEYS.sign).removeprefix(MARK)
    raw = base64.b32decode(body + "=" * (-len(body) % 8))[:-PROOF_BYTES]
    parts: list[object] = msgspec.msgpack.decode(raw)
    return parts
