"""Numbers, links, GS1, stripes and signs: what a shop's own rules make of them."""

# ruff: noqa: RUF001 - signs that look like others are part of the matter

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cashier_app.domain.identifier import (
    MAX_LENGTH,
    Age,
    ChangingCode,
    CheckScheme,
    IdentifierRules,
    MemberNumber,
    NotRecognised,
    NumberRange,
    Origin,
    Parsed,
    PhoneNumber,
    RulesError,
    Unrecognised,
    WalletToken,
    age_of,
    check_rules,
    lasting_key,
    may_grow_into_number,
    names_same,
    parse_identifier,
)

SHOP = IdentifierRules(
    "IN",
    link_prefixes=("https://m.example/c/", "https://m.example/", "https://m.example:8443/x"),
    link_fields=("id", "code"),
    json_key="member",
    gs1_keys=("8018",),
    numbers=(
        NumberRange("29", (13,), CheckScheme.EAN),
        NumberRange("MB-", (8,), CheckScheme.MOD_97),
        NumberRange("9826", (16,), CheckScheme.LUHN, check_digit_missing=True),
        NumberRange("77", (8, 12)),
        NumberRange("31", (10,), CheckScheme.LUHN),
        NumberRange("012", (13,)),
    ),
)
PLAIN = IdentifierRules("IN", link_prefixes=("https://m.example/c/",))
GSRN = "123456789012345675"
NOW = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)


def refused(reason: NotRecognised) -> Unrecognised:
    return Unrecognised(reason)


def test_the_rules_of_these_tests_make_sense() -> None:
    check_rules(SHOP)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Member numbers of the shop's ranges, with their check digits.
        ("2912345678906", MemberNumber("2912345678906")),
        ("29 1234 5678 906", MemberNumber("2912345678906")),
        ("]E02912345678906", MemberNumber("2912345678906")),
        ("2912345678905", refused(NotRecognised.CHECK_DIGIT)),
        ("MB-12345676", MemberNumber("MB-12345676")),
        ("mb-12345676", MemberNumber("MB-12345676")),
        ("MB-12345677", refused(NotRecognised.CHECK_DIGIT)),
        ("9826123412341235", MemberNumber("9826123412341235")),
        ("982612341234123", MemberNumber("9826123412341235")),
        ("9826123412341236", refused(NotRecognised.CHECK_DIGIT)),
        ("77123456", MemberNumber("77123456")),
        ("77-12-34-56", MemberNumber("77123456")),
        ("0771234567890", MemberNumber("771234567890")),
        ("0123456789012", MemberNumber("0123456789012")),
        ("123456789012", MemberNumber("0123456789012")),
        # Start and stop signs of Codabar and Code 39.
        ("*77123456*", MemberNumber("77123456")),
        ("A77123456B", MemberNumber("77123456")),
        ("a44101234d", MemberNumber("44101234")),
        # The magnetic stripe.
        (";77123456=2512?", MemberNumber("77123456")),
        (";2912345678905?", refused(NotRecognised.PAYMENT_CARD)),
        (";77?", refused(NotRecognised.NOT_OURS)),
        (";44101234=?+", MemberNumber("44101234")),
        ("%LOYALTY^PRIYA^?;44101234=?", MemberNumber("44101234")),
        (";4111111111111112=2512?", refused(NotRecognised.PAYMENT_CARD)),
        (";3100000000=?", refused(NotRecognised.CHECK_DIGIT)),
        ("%NONE?", refused(NotRecognised.NOT_OURS)),
        (";982612341234123699?", refused(NotRecognised.PAYMENT_CARD)),
        # GS1.
        (f"]C18018{GSRN}", MemberNumber(GSRN)),
        (f"(8018) {GSRN}", MemberNumber(GSRN)),
        (f"(8018){GSRN}(10)AB", MemberNumber(GSRN)),
        (f"(01)09506000134352(8018){GSRN}", MemberNumber(GSRN)),
        (f"8018{GSRN}", MemberNumber(GSRN)),
        (f"]d20109506000134352\x1d10ABC\x1d8018{GSRN}", MemberNumber(GSRN)),
        (f"]Q310ABC<GS>8018{GSRN}", MemberNumber(GSRN)),
        (f"\x1d8018{GSRN}\x1d", MemberNumber(GSRN)),
        ("]C18018123456789012345676", refused(NotRecognised.CHECK_DIGIT)),
        ("]C18018123", refused(NotRecognised.PRODUCT_CODE)),
        ("]C10109506000134352", refused(NotRecognised.PRODUCT_CODE)),
        ("(01)09506000134352", refused(NotRecognised.PRODUCT_CODE)),
        ("]C110\x1d4111111111111111", refused(NotRecognised.PAYMENT_CARD)),
        ("(99)abcdef", refused(NotRecognised.NOT_OURS)),
        ("(99)ab\x1dcdef", refused(NotRecognised.CONTROL_CHARACTERS)),
        ("ab\x1dcd", refused(NotRecognised.CONTROL_CHARACTERS)),
        # Links.
        ("https://m.example/c/abcd1234", WalletToken("abcd1234")),
        ("https://m.example/c/abcd1234/", WalletToken("abcd1234")),
        ("https://m.example/c/abcd1234?utm=1", WalletToken("abcd1234")),
        ("https://m.example/?id=abcd1234", WalletToken("abcd1234")),
        ("https://m.example/show?code=abcd1234&lang=en", WalletToken("abcd1234")),
        ("https://m.example/c/LC1:abcd1234", WalletToken("LC1:abcd1234")),
        ("https://m.example/c/77123456", MemberNumber("77123456")),
        ("https://m.example/c/77123456?id=abcd1234", WalletToken("abcd1234")),
        ("https://m.example/?id=abcd1234&id=efgh5678", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example/c/4111111111111111", refused(NotRecognised.PAYMENT_CARD)),
        ("https://evil.example/?card=4111-1111-1111-1111", refused(NotRecognised.PAYMENT_CARD)),
        ("https://m.example/c/ab", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example/c/..", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example/c/ab/../abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example/c/ab%2fcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example/c/abcd1234#frag", refused(NotRecognised.FOREIGN_LINK)),
        ("HTTPS://m.example/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("https://M.EXAMPLE/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example@evil.example/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example:443@evil.example/c/abcd", refused(NotRecognised.FOREIGN_LINK)),
        ("https://user:pw@m.example/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example\\@evil.example/c/abcd", refused(NotRecognised.FOREIGN_LINK)),
        ("https:\\\\m.example\\c\\abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("https://m.example.evil.example/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("https://xn--mexample-9db/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("//m.example/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("www.m.example/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        ("ftp://m.example/c/abcd1234", refused(NotRecognised.FOREIGN_LINK)),
        # JSON.
        ('{"member": "77123456"}', MemberNumber("77123456")),
        ('{"member": 77123456, "v": 1}', MemberNumber("77123456")),
        ('{"member": "abcd1234"}', WalletToken("abcd1234")),
        ('{"member": "4111111111111111"}', refused(NotRecognised.PAYMENT_CARD)),
        ('{"member": "a\\u0000b"}', refused(NotRecognised.CONTROL_CHARACTERS)),
        ('{"member": "a/b"}', refused(NotRecognised.NOT_OURS)),
        ('{"member": true}', refused(NotRecognised.NOT_OURS)),
        ('{"member": [1]}', refused(NotRecognised.NOT_OURS)),
        ('{"card": "4111111111111111"}', refused(NotRecognised.PAYMENT_CARD)),
        ('{"member": ', refused(NotRecognised.NOT_OURS)),
        ("{" * 200, refused(NotRecognised.NOT_OURS)),
    ],
)
def test_what_the_shops_rules_make_of_a_scan(text: str, expected: Parsed) -> None:
    parsed = parse_identifier(text, SHOP, Origin.SCANNED)
    if isinstance(expected, Unrecognised) and isinstance(parsed, Unrecognised):
        assert parsed.reason is expected.reason
    else:
        assert parsed == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("é" * 129, NotRecognised.TOO_LONG),
        ("LC1:abcd\x07", NotRecognised.CONTROL_CHARACTERS),
        ("LC1:ab\ncd", NotRecognised.CONTROL_CHARACTERS),
        ("44\x8501234", NotRecognised.CONTROL_CHARACTERS),
        ("\u202e0122105489", NotRecognised.INVISIBLE_CHARACTERS),
        ("44\u200b101234", NotRecognised.INVISIBLE_CHARACTERS),
        ("44\ufe0f101234", NotRecognised.INVISIBLE_CHARACTERS),
        ("44\u3164101234", NotRecognised.INVISIBLE_CHARACTERS),
        ("LC1:\ud800abcd", NotRecognised.INVISIBLE_CHARACTERS),
        ("MB\xa0four", NotRecognised.INVISIBLE_CHARACTERS),
        ("LC1:ab\ufffdcd", NotRecognised.UNREADABLE_CHARACTERS),
        ("LC1:４４１０", NotRecognised.FOREIGN_DIGITS),
        ("²³¹⁴", NotRecognised.FOREIGN_DIGITS),
        ("LC1:prèya", NotRecognised.STRANGE_CHARACTERS),
        ("LC1:prÃ©ya", NotRecognised.STRANGE_CHARACTERS),
        ("４１１１１１１１１１１１１１１１", NotRecognised.FOREIGN_DIGITS),
    ],
)
@pytest.mark.parametrize("origin", Origin)
def test_signs_no_code_of_ours_holds_have_their_own_reason(
    text: str, reason: NotRecognised, origin: Origin
) -> None:
    assert parse_identifier(text, SHOP, origin) == Unrecognised(reason)


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111 12/25",
        "4111.1111.1111.1111",
        "4111_1111_1111_1111",
        "4111 - 1111 - 1111 - 1111",
        "12/25 4111111111111111 123",
        "LC1:4111111111111111",
        "LR1:abcd:4111111111111111:x123",
        "https://m.example/c/x4111111111111111x",
        "MB4111111111111111",
        "%B4111111111111111^A/B^2512?;4111111111111111=2512?",
        "00 4111111111111111",
    ],
)
@pytest.mark.parametrize("origin", Origin)
def test_a_card_number_is_found_in_whatever_is_around_it(text: str, origin: Origin) -> None:
    assert parse_identifier(text, SHOP, origin) == Unrecognised(NotRecognised.PAYMENT_CARD)


@pytest.mark.parametrize("key", ["8017", "8018"])
def test_without_a_rule_a_service_relation_number_is_nobody(key: str) -> None:
    for text in (f"]C1{key}{GSRN}", f"({key}){GSRN}"):
        assert isinstance(parse_identifier(text, PLAIN, Origin.SCANNED), Unrecognised)


def test_json_and_fields_need_a_rule() -> None:
    assert parse_identifier('{"member": "abcd1234"}', PLAIN) == Unrecognised(NotRecognised.NOT_OURS)
    assert parse_identifier("https://m.example/c/?id=abcd1234", PLAIN) == Unrecognised(
        NotRecognised.FOREIGN_LINK
    )


@pytest.mark.parametrize("digits", ["96385074", "036000291452"])
def test_a_scanner_that_names_another_symbology_has_read_no_product(digits: str) -> None:
    product = Unrecognised(NotRecognised.PRODUCT_CODE)
    assert parse_identifier(digits, PLAIN, Origin.SCANNED) == product
    assert parse_identifier(f"]E0{digits}", PLAIN, Origin.SCANNED) == product
    assert parse_identifier(f"]C0{digits}", PLAIN, Origin.SCANNED) != product


def test_interleaved_2_of_5_is_goods_on_a_case_only() -> None:
    product = refused(NotRecognised.PRODUCT_CODE)
    assert parse_identifier("]I110012345678902", PLAIN, Origin.SCANNED) == product
    assert parse_identifier("]I089010303", PLAIN, Origin.SCANNED) == MemberNumber("89010303")
    assert parse_identifier("89010303", PLAIN, Origin.SCANNED) == product


def test_an_aim_identifier_makes_no_code_too_long() -> None:
    longest, too_long = "a" * MAX_LENGTH, refused(NotRecognised.TOO_LONG)
    assert parse_identifier(f"]Q1{longest}", PLAIN, Origin.SCANNED) == refused(NotRecognised.NOT_OURS)
    assert parse_identifier(f"]Q1{longest}a", PLAIN, Origin.SCANNED) == too_long
    assert parse_identifier(f"{longest}a", PLAIN, Origin.SCANNED) == too_long


def test_all_eight_digit_numbers_of_a_range_are_members() -> None:
    """Without the range one in ten looks like an EAN-8 and is refused: the miss that ranges mend."""
    ranged = IdentifierRules("IN", numbers=(NumberRange("4410", (8,)),))
    texts = [f"4410{number:04}" for number in range(1000)]
    missed = sum(isinstance(parse_identifier(text, PLAIN, Origin.SCANNED), Unrecognised) for text in texts)
    assert missed == 100
    assert all(parse_identifier(text, ranged, Origin.SCANNED) == MemberNumber(text) for text in texts)


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        (NumberRange("mb", (8,)), "capital letters"),
        (NumberRange("ABCD", (8,)), "capital letters"),
        (NumberRange("29", ()), "lengths"),
        (NumberRange("29", (3,)), "lengths"),
        (NumberRange("29", (21,)), "lengths"),
        (NumberRange("1234567", (6,)), "lengths"),
        (NumberRange("29", (13,), CheckScheme.MOD_97, check_digit_missing=True), "ean or luhn"),
        (NumberRange("", (20,)), "need a prefix"),
        (NumberRange("", (16,), CheckScheme.LUHN), "payment cards"),
        (NumberRange("4", (13,), CheckScheme.EAN), "payment cards"),
        (NumberRange("5", (16,), CheckScheme.LUHN), "payment cards"),
        (NumberRange("2", (16,), CheckScheme.LUHN), "payment cards"),
        (NumberRange("6011", (16,)), "payment cards"),
    ],
)
def test_number_ranges_that_make_no_sense_are_refused(numbers: NumberRange, why: str) -> None:
    with pytest.raises(RulesError, match=why):
        check_rules(IdentifierRules("IN", numbers=(numbers,)))


@pytest.mark.parametrize(
    "numbers",
    [
        NumberRange("2", (13,), CheckScheme.EAN),
        NumberRange("AB-", (16,)),
        NumberRange("634004", (18,), CheckScheme.LUHN),
    ],
)
def test_number_ranges_apart_from_cards_are_taken(numbers: NumberRange) -> None:
    check_rules(IdentifierRules("IN", numbers=(numbers,)))


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (IdentifierRules("IN", wallet_prefixes=("L",)), "wallet_prefixes"),
        (IdentifierRules("IN", link_prefixes=("https://M.example/",)), "link_prefixes"),
        (IdentifierRules("IN", link_prefixes=("https://a@m.example/",)), "link_prefixes"),
        (IdentifierRules("IN", link_fields=("a b",)), "link_fields"),
        (IdentifierRules("IN", life_seconds=5), "life_seconds"),
    ],
)
def test_rules_that_make_no_sense_are_named(rules: IdentifierRules, why: str) -> None:
    with pytest.raises(RulesError, match=why):
        check_rules(rules)


def test_a_link_without_https_is_never_ours() -> None:
    lax = IdentifierRules("IN", link_prefixes=("http://m.example/c/",))
    assert parse_identifier("http://m.example/c/abcd1234", lax) == Unrecognised(NotRecognised.FOREIGN_LINK)


@pytest.mark.parametrize(
    ("digits", "grows"), [("2", True), ("2912345678", True), ("2912345678906", False), ("9845012210", False)]
)
def test_digits_that_may_become_a_members_number_wait(digits: str, grows: bool) -> None:  # noqa: FBT001
    assert may_grow_into_number(digits, SHOP) is grows


# Codes that change.
def rotating(member: str, proof: str, made_at: datetime | None = NOW) -> WalletToken:
    return WalletToken(f"LR1:{member}:x:{proof}", ChangingCode(member, proof, made_at, 300, "rotating code"))


def test_two_showings_of_one_card_name_the_same_customer() -> None:
    first, second = rotating("priya0001", "aa"), rotating("priya0001", "bb", NOW + timedelta(seconds=30))
    assert first != second
    assert names_same(first, second)
    assert lasting_key(first) == lasting_key(second)
    assert not names_same(first, rotating("rahul0002", "aa"))
    assert not names_same(first, WalletToken("LC1:priya0001"))
    assert not names_same(first, PhoneNumber("+919845012210"))
    assert not names_same(first, None)


def test_codes_the_till_does_not_understand_are_the_same_only_letter_by_letter() -> None:
    one, other = WalletToken("LR1:priya0001:aaaa"), WalletToken("LR1:priya0001:bbbb")
    assert one.is_rotating
    assert lasting_key(one) == ""
    assert names_same(one, WalletToken("LR1:priya0001:aaaa"))
    assert not names_same(one, other)
    assert names_same(MemberNumber("4410"), MemberNumber("4410"))


@pytest.mark.parametrize(
    ("seconds", "age"),
    [
        (-61, Age.AHEAD),
        (-60, Age.GOOD),
        (0, Age.GOOD),
        (360, Age.GOOD),
        (361, Age.TOO_OLD),
        (10**8, Age.TOO_OLD),
    ],
)
def test_the_age_of_a_code_allows_for_clocks_that_differ(seconds: int, age: Age) -> None:
    code = rotating("priya0001", "aa").changing
    assert code is not None
    assert age_of(code, NOW + timedelta(seconds=seconds)) is age


def test_a_code_without_a_time_has_no_age() -> None:
    code = rotating("priya0001", "aa", None).changing
    assert code is not None
    assert age_of(code, NOW) is Age.GOOD
