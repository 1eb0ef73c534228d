"""What a scan or typed text is, and why it may be nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cashier_app.domain.identifier import (
    MAX_LENGTH,
    IdentifierRules,
    MemberNumber,
    NotRecognised,
    Origin,
    Parsed,
    PhoneNumber,
    Unrecognised,
    WalletToken,
    parse_identifier,
)
from cashier_app.domain.phone import (
    ends_a_phone,
    group_typed_digits,
    is_complete_phone,
    mask_phone,
    mask_typed_phone,
)

RULES = IdentifierRules("IN", link_prefixes=("https://m.example/c/", "http://m.example/c/"))
VISA = "4111111111111111"
AMEX = "378282246310005"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LC1:priya0001", WalletToken("LC1:priya0001")),
        ("  LC1:priya0001\r\n", WalletToken("LC1:priya0001")),
        ("]Q1LC1:priya0001", WalletToken("LC1:priya0001")),
        ("LR1:priya0001:aB3-_~.9", WalletToken("LR1:priya0001:aB3-_~.9")),
        ("https://m.example/c/abcd1234", WalletToken("abcd1234")),
        ("+91 98450 12210", PhoneNumber("+919845012210")),
        ("9845012210", PhoneNumber("+919845012210")),
        ("09845012210", PhoneNumber("+919845012210")),
        ("00919845012210", PhoneNumber("+919845012210")),
        ("+44 7911 123456", PhoneNumber("+447911123456")),
        ("MB4410", MemberNumber("MB4410")),
        ("mb-4410", MemberNumber("MB-4410")),
        ("4410", MemberNumber("4410")),
        ("44101234", MemberNumber("44101234")),
    ],
)
def test_who_it_is(text: str, expected: Parsed) -> None:
    assert parse_identifier(text, RULES) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", NotRecognised.EMPTY),
        (" \t ", NotRecognised.EMPTY),
        ("]Q1", NotRecognised.EMPTY),
        ("x" * (MAX_LENGTH + 1), NotRecognised.TOO_LONG),
        ("LC1:प्रिया", NotRecognised.STRANGE_CHARACTERS),
        ("LC1:a\x00bcd", NotRecognised.CONTROL_CHARACTERS),
        ("LC1:a/../b", NotRecognised.STRANGE_CHARACTERS),
        ("LC1:", NotRecognised.STRANGE_CHARACTERS),
        ("LR1:priya0001:", NotRecognised.STRANGE_CHARACTERS),
        ("LC1:..%2F..%2Fadmin", NotRecognised.STRANGE_CHARACTERS),
        ("٩٨٤٥٠١٢٢١٠", NotRecognised.FOREIGN_DIGITS),
        ("https://evil.example/c/abcd1234", NotRecognised.FOREIGN_LINK),
        ("https://m.example/c/ab/../cd", NotRecognised.FOREIGN_LINK),
        ("http://m.example/c/abcd1234", NotRecognised.FOREIGN_LINK),
        ("https://m.example/c/", NotRecognised.FOREIGN_LINK),
        ("javascript://alert(1)", NotRecognised.FOREIGN_LINK),
        ("MB", NotRecognised.NOT_OURS),
        ("hello world", NotRecognised.NOT_OURS),
        ("ABCD123456", NotRecognised.NOT_OURS),
        ("984501221", NotRecognised.BAD_PHONE),
        ("98450122100", NotRecognised.BAD_PHONE),
        ("+1 23", NotRecognised.BAD_PHONE),
        ("123", NotRecognised.BAD_PHONE),
    ],
)
def test_why_it_is_nobody(text: str, reason: NotRecognised) -> None:
    parsed = parse_identifier(text, RULES)
    assert isinstance(parsed, Unrecognised)
    assert parsed.reason is reason


@pytest.mark.parametrize(
    "text",
    [
        VISA,
        AMEX,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        f";{VISA}=25121010000000000000?",
        f"%B{VISA}^RAGHUNATHAN/PRIYA^2512101?",
        f"{VISA}=2512",
        f"{VISA}D2512101",
        f"card {VISA}",
        "card 4111 1111 1111 1111 ok",
    ],
)
@pytest.mark.parametrize("origin", Origin)
def test_a_payment_card_is_never_looked_up(text: str, origin: Origin) -> None:
    assert parse_identifier(text, RULES, origin) == Unrecognised(NotRecognised.PAYMENT_CARD)


def test_a_number_that_no_card_has_is_a_mistyped_phone() -> None:
    assert parse_identifier("4111111111111112", RULES) == Unrecognised(NotRecognised.BAD_PHONE, 16, 10)


@pytest.mark.parametrize("number", [f"0091984501{last:04}" for last in range(2200, 2240)])
def test_a_phone_number_dialled_with_zeros_is_no_card(number: str) -> None:
    assert parse_identifier(number, RULES) == PhoneNumber(f"+{number[2:]}")


@pytest.mark.parametrize("code", ["8901030865398", "96385074", "036000291452", "10012345678902"])
def test_a_scanned_product_code_is_no_member(code: str) -> None:
    scanned = parse_identifier(code, RULES, Origin.SCANNED)
    assert isinstance(scanned, Unrecognised)
    assert scanned.reason in {NotRecognised.PRODUCT_CODE, NotRecognised.PAYMENT_CARD}


def test_a_typed_number_may_look_like_a_product() -> None:
    assert parse_identifier("96385074", RULES, Origin.TYPED) == MemberNumber("96385074")
    assert parse_identifier("96385075", RULES, Origin.SCANNED) == MemberNumber("96385075")


def test_a_short_phone_says_how_many_digits_it_has() -> None:
    assert parse_identifier("984501221", RULES) == Unrecognised(
        NotRecognised.BAD_PHONE, digits=9, expected=10
    )


def test_the_longest_prefix_counts() -> None:
    rules = IdentifierRules("IN", wallet_prefixes=("LC", "LC1:"))
    assert parse_identifier("LC1:abcd", rules) == WalletToken("LC1:abcd")


def test_a_region_without_numbers_expects_ten_digits() -> None:
    parsed = parse_identifier("123456789012", IdentifierRules("ZZ"))
    assert parsed == Unrecognised(NotRecognised.BAD_PHONE, 12, 10)


@given(text=st.text(max_size=300), origin=st.sampled_from(Origin))
@example(text="\ud800", origin=Origin.SCANNED)
def test_any_text_gets_an_answer(text: str, origin: Origin) -> None:
    parsed = parse_identifier(text, RULES, origin)
    if isinstance(parsed, WalletToken):
        assert parsed.token.isascii()
        assert "/" not in parsed.token
    if isinstance(parsed, PhoneNumber):
        assert parsed.e164.startswith("+")


@given(text=st.text("0123456789+-() .", max_size=30), region=st.sampled_from(["IN", "DE", "US", "KW", "AT"]))
def test_any_digits_get_an_answer(text: str, region: str) -> None:
    parse_identifier(text, IdentifierRules(region))
    is_complete_phone(text, region)
    ends_a_phone(text, region)
    group_typed_digits(text, region)


@pytest.mark.parametrize(
    ("region", "typed", "ends"),
    [
        ("IN", "984501221", False),
        ("IN", "9845012210", True),
        ("KW", "50012345", True),
        ("DE", "015112345678", True),
        ("AT", "0664123456", False),
        ("IT", "3331234567", False),
        ("ID", "08123456789", False),
        ("IN", "", False),
    ],
)
def test_a_phone_ends_where_no_longer_one_exists(region: str, typed: str, ends: bool) -> None:  # noqa: FBT001
    assert ends_a_phone(typed, region) is ends


def test_masks_hide_what_others_must_not_read() -> None:
    assert mask_phone("+919845012210") == "+91 ••••• ••210"
    assert mask_typed_phone("+919845012210") == "+91 98450 ••210"
    assert mask_phone("nonsense") == ""
    assert mask_typed_phone("nonsense") == ""


def test_digits_are_grouped_as_they_are_typed() -> None:
    assert group_typed_digits("9845012210", "IN") == "98450 12210"
    assert group_typed_digits("+91984", "IN") == "+91 984"
    assert group_typed_digits("MB", "IN") == "MB"
