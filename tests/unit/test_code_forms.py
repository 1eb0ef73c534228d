"""The forms of vendors' codes: what they read, what a shop may not write, and that none backtracks."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.identifier import (
    CodePattern,
    IdentifierRules,
    MemberNumber,
    NotRecognised,
    Parsed,
    RulesError,
    Unrecognised,
    WalletToken,
    check_rules,
    parse_identifier,
)
from cashier_app.domain.identifier.forms import FormError, compile_form
from cashier_app.domain.identifier.values import ChangingCode

UUID = "550e8400-e29b-41d4-a716-446655440000"
PASS_ID = "3YkQ7vBn2sRt8WxLm5PzAe"
MADE_AT = datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)


def rules(*patterns: CodePattern) -> IdentifierRules:
    checked = IdentifierRules("IN", patterns=patterns)
    check_rules(checked)
    return checked


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (CodePattern("PassKit", "{member:alphanumeric:22}"), PASS_ID, WalletToken(PASS_ID)),
        (CodePattern("White Label", "{member:uuid}"), UUID, WalletToken(UUID)),
        (
            CodePattern("any", "{any:uuid}/{member:digits:6}", sends_member=True),
            f"{UUID}/123456",
            WalletToken("123456"),
        ),
        (
            CodePattern("OL", "OL-{member:token:1-64}", sends_member=True),
            "OL-Ab.c_d-1",
            WalletToken("Ab.c_d-1"),
        ),
        (CodePattern("v", "{member:capitals:2}-{any:digits:4}"), "LC-1234", WalletToken("LC-1234")),
        (
            CodePattern("n", "shopify-{member:digits:4-20}", is_number=True),
            "shopify-654321",
            MemberNumber("654321"),
        ),
        (
            CodePattern("Google", "MEMBER-{member:digits:4-12}-{totp_timestamp_seconds}-{totp_value_0}"),
            "MEMBER-4711-1763800000-123456",
            WalletToken(
                "MEMBER-4711-1763800000-123456", ChangingCode("4711", "123456", MADE_AT, 300, "Google")
            ),
        ),
        (
            CodePattern("ms", "{member:digits:4}.{milliseconds}", life_seconds=60),
            "4711.1763800000000",
            WalletToken("4711.1763800000000", ChangingCode("4711", "1763800000000", MADE_AT, 60, "ms")),
        ),
        (
            CodePattern("signed", "{member:hex:4-8}~{totp:6}", sends_member=True),
            "4711ab~000001",
            WalletToken("4711ab", ChangingCode("4711ab", "000001", None, 300, "signed")),
        ),
        (
            CodePattern("checked", "{member:digits:6}:{check:hex:4}"),
            "123456:00ff",
            WalletToken("123456:00ff"),
        ),
        (CodePattern("c", "CP-{coupon:alphanumeric:4-8}"), "CP-SAVE10", Unrecognised(NotRecognised.COUPON)),
        (
            CodePattern("c", "{member:digits:6}+{coupon}", sends_member=True),
            "123456+SAVE",
            WalletToken("123456"),
        ),
        (
            CodePattern("cards", "{member:digits:16}"),
            "4111111111111111",
            Unrecognised(NotRecognised.PAYMENT_CARD),
        ),
        (
            CodePattern("coupon", "{member:digits:4}/{coupon:digits:16}", sends_member=True),
            "4711/4111111111111111",
            Unrecognised(NotRecognised.PAYMENT_CARD),
        ),
        (
            CodePattern("PassKit", "{member:alphanumeric:22}", mixed_case=True),
            PASS_ID.upper(),
            Unrecognised(NotRecognised.CHANGED_CASE),
        ),
        (CodePattern("PassKit", "{member:alphanumeric:22}", mixed_case=True), PASS_ID, WalletToken(PASS_ID)),
        (
            CodePattern("late", "{member:digits:4}-{milliseconds}"),
            "4711-99999999999999",
            Unrecognised(NotRecognised.NOT_OURS),
        ),
        (
            CodePattern("n", "N{member:alphanumeric:4}", is_number=True),
            "Nabcd",
            Unrecognised(NotRecognised.NOT_OURS),
        ),
        (
            CodePattern("short", "S{member:digits:1-9}", sends_member=True),
            "S12",
            Unrecognised(NotRecognised.NOT_OURS),
        ),
        (CodePattern("é", "Café {member:digits:6}", sends_member=True), "Café 123456", WalletToken("123456")),
        (
            CodePattern("é", "Café {member:digits:6}", sends_member=True),
            "CafÃ© 123456",
            WalletToken("123456"),
        ),
    ],
)
def test_what_a_form_reads(pattern: CodePattern, text: str, expected: Parsed) -> None:
    assert parse_identifier(text, rules(pattern)) == expected


def test_a_twice_encoded_text_is_repaired_once_only() -> None:
    shop = rules(CodePattern("é", "Café {member:digits:6}", sends_member=True))
    thrice = "CafÃ© 123456".encode().decode("latin-1")
    assert isinstance(parse_identifier(thrice, shop), Unrecognised)
    assert isinstance(parse_identifier("Ã\x80\u0100", shop), Unrecognised)


def test_patterns_are_tried_in_order() -> None:
    first, second = (
        CodePattern("a", "{member:digits:6}"),
        CodePattern("b", "{any:digits:2}{member:digits:4}", sends_member=True),
    )
    assert parse_identifier("123456", rules(first, second)) == WalletToken("123456")
    assert parse_identifier("123456", rules(second, first)) == WalletToken("3456")


def test_without_our_prefix_nothing_is_read_as_our_rotating_code() -> None:
    shop = IdentifierRules("IN", wallet_prefixes=("LC1:",))
    assert isinstance(parse_identifier("LR1:PRYA7K2M:tp2y2o:00000000", shop), Unrecognised)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ("", "1 to 256 characters"),
        ("x" * 257, "1 to 256 characters"),
        ("PLAIN", r"needs a part \{member\}"),
        ("{seconds}-{totp}", r"needs a part \{member\}"),
        ("{member:digits:4", "braces"),
        ("a}b{member:digits:4}", "braces"),
        ("\x07{member:digits:4}", "printable"),
        ("{member:digits:4}{member:digits:4}", "once"),
        ("{seconds}.{milliseconds}.{member:digits:4}", "more than one time"),
        ("{who:digits:4}", "is named"),
        ("{member:letters:4}", "signs of"),
        ("{member}", "signs of"),
        ("{member:digits}", "length"),
        ("{member:digits:x}", "length"),
        ("{member:digits:0}", "no sense"),
        ("{member:digits:0-4}", "no sense"),
        ("{member:digits:9-4}", "no sense"),
        ("{member:digits:4-999}", "no sense"),
        ("{any:digits:0}{member:digits:4}", "no sense"),
        ("{member:digits:4-12}{totp:6}", "no fixed length"),
        ("{totp:letters}{member:digits:4}", "signs of"),
        ("{member:token:4-12}-{totp:digits:6}", "swallow|ends"),
        ("{member:alphanumeric:4-12}x{totp:digits:6}", "ends"),
        ("{member:alphanumeric:4-12}x", "ends"),
        ("{any}" * 9 + "{member:digits:4}", "more than 8"),
    ],
)
def test_what_a_shop_may_not_write(form: str, why: str) -> None:
    with pytest.raises(FormError, match=why):
        compile_form(form)
    with pytest.raises(RulesError, match="patterns: vendor") as refused:
        rules(CodePattern("vendor", form))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (CodePattern("", "{member:digits:4}", life_seconds=29), "patterns: 1: a life"),
        (CodePattern("p", "{member:digits:4}", life_seconds=172_801), "a life"),
        (CodePattern("p", "é{member:digits:4}"), "sent whole"),
        (CodePattern("p", "a/{member:digits:4}"), "sent whole"),
    ],
)
def test_patterns_that_make_no_sense_are_named(pattern: CodePattern, why: str) -> None:
    with pytest.raises(RulesError, match=why):
        rules(pattern)


PART = st.one_of(
    st.sampled_from(
        ["{member:digits:4}", "{seconds}", "{totp}", "{check}", "{any}", "{coupon}", "{member:uuid}"]
    ),
    st.builds(
        "{{{}:{}:{}-{}}}".format,
        st.sampled_from(["member", "coupon", "check", "totp", "any"]),
        st.sampled_from(["digits", "hex", "capitals", "alphanumeric", "token"]),
        st.integers(0, 4),
        st.integers(1, 256),
    ),
    st.text("ab-:/.01", max_size=3),
)


@given(form=st.lists(PART, min_size=1, max_size=9).map("".join), text=st.text("ab01-:/.", max_size=256))
def test_any_form_compiles_to_possessive_parts_or_says_why_not(form: str, text: str) -> None:
    try:
        compiled = compile_form(form)
    except FormError:
        return
    # Every repetition but a fixed one gives nothing back: nothing can backtrack.
    assert not re.search(
        r"\}(?![+)])|[*?](?!P)", re.sub(r"\\.|\{(\d+)\}|\{(\d+),\2\}\+", "", compiled.expression.pattern)
    )
    compiled.expression.fullmatch(text)
