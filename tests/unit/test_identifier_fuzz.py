"""A few seconds of `make fuzz`, and proof that it would find what it looks for."""

from __future__ import annotations

import pytest

from cashier_app.domain.identifier import IdentifierRules, Origin, Parsed, WalletToken, parse_identifier
from tests.fuzz import identifiers
from tests.fuzz.identifiers import fuzz


def test_any_text_gets_an_answer_in_time() -> None:
    found = fuzz(20_000, seed=7)
    assert found.wrong == []
    assert found.tried == 20_000
    assert {"WalletToken", "PhoneNumber", "MemberNumber", "payment card", "coupon"} <= set(found.kinds)


def trips_over_foreign_digits(text: str, rules: IdentifierRules, origin: Origin) -> Parsed:
    if text.isdigit():
        int(text)  # a superscript is a digit to one and no number to the other
    return parse_identifier(text, rules, origin)


def trips_over_an_empty_scan(text: str, rules: IdentifierRules, origin: Origin) -> Parsed:
    if text.startswith("]") and len(text) == 3:
        raise IndexError
    return parse_identifier(text, rules, origin)


def takes_any_text(text: str, rules: IdentifierRules, origin: Origin) -> Parsed:
    parsed = parse_identifier(text, rules, origin)
    return WalletToken(text) if "4111111111111111" in text else parsed


@pytest.mark.parametrize("bug", [trips_over_foreign_digits, trips_over_an_empty_scan, takes_any_text])
def test_a_planted_bug_is_found(bug: identifiers.Parse) -> None:
    assert fuzz(5000, seed=7, parse=bug).wrong


def test_a_text_that_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifiers, "SLOWEST_SECONDS", 0.0)
    assert "took" in fuzz(10, seed=7).wrong[0][1]
