"""Amounts out of text: taken only where they can mean one thing."""
# ruff: noqa: RUF001 - look-alike signs are what is tested

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.money import MAX_MINOR, Currency, Money
from cashier_app.wording import Figures
from cashier_app.wording.amounts import Doubt, DoubtfulAmount, parse_amount

INR = Currency("INR", 2)
KWD = Currency("KWD", 3)
JPY = Currency("JPY", 0)
EUR = Currency("EUR", 2)
PLN = Currency("PLN", 2)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("2360", INR, 236000),
        ("2360.00", INR, 236000),
        ("2360,50", INR, 236050),
        ("1200.50", EUR, 120050),
        ("2,360.00", INR, 236000),
        ("2,36,000.00", INR, 23600000),
        ("1,18,400", INR, 11840000),
        ("2.360,50", EUR, 236050),
        ("2 360,50", EUR, 236050),
        ("2\N{NO-BREAK SPACE}360,50\N{NO-BREAK SPACE}€", EUR, 236050),
        ("2\N{NARROW NO-BREAK SPACE}360,50", EUR, 236050),
        ("2'360.50", EUR, 236050),
        ("2’360.50", EUR, 236050),
        ("1,234,567.89", EUR, 123456789),
        ("1,250", INR, 125000),
        ("1.250", EUR, 125000),
        ("1.250", JPY, 1250),
        ("1,250", JPY, 1250),
        ("23.750", KWD, 23750),
        ("23,750", KWD, 23750),
        ("1 250", KWD, 1250000),
        ("1,250.000", KWD, 1250000),
        ("₹2,360.00", INR, 236000),
        ("INR 2360", INR, 236000),
        ("inr2360", INR, 236000),
        ("KWD\N{NO-BREAK SPACE}23.750", KWD, 23750),
        ("12 360,50 zł", PLN, 1236050),
        ("  7  ", INR, 700),
        ("0.05", INR, 5),
        ("0", INR, 0),
    ],
)
def test_amounts_that_can_mean_one_thing(text: str, currency: Currency, minor: int) -> None:
    assert parse_amount(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "reason"),
    [
        ("", INR, Doubt.EMPTY),
        ("  ", INR, Doubt.EMPTY),
        ("abc", INR, Doubt.NOT_A_NUMBER),
        ("12.50.", INR, Doubt.OTHER_CURRENCY),
        (".50", INR, Doubt.OTHER_CURRENCY),
        ("1e5", INR, Doubt.NOT_A_NUMBER),
        ("+12", INR, Doubt.NOT_A_NUMBER),
        ("12 + 3", INR, Doubt.NOT_A_NUMBER),
        ("₹12₹", INR, Doubt.NOT_A_NUMBER),
        ("-12", INR, Doubt.NEGATIVE),
        ("−12.00", INR, Doubt.NEGATIVE),
        ("12-", INR, Doubt.NEGATIVE),
        ("(12.00)", INR, Doubt.NEGATIVE),
        ("−₹12.00", INR, Doubt.NEGATIVE),
        ("१२३", INR, Doubt.FOREIGN_DIGITS),
        ("١٢٣", KWD, Doubt.FOREIGN_DIGITS),
        ("１２３", JPY, Doubt.FOREIGN_DIGITS),
        ("12²", INR, Doubt.FOREIGN_DIGITS),
        ("$12.00", INR, Doubt.OTHER_CURRENCY),
        ("USD 12.00", INR, Doubt.OTHER_CURRENCY),
        ("12.00 kr", INR, Doubt.OTHER_CURRENCY),
        ("12.5", INR, Doubt.DECIMALS),
        ("12.5000", INR, Doubt.DECIMALS),
        ("12,34", JPY, Doubt.DECIMALS),
        ("23.75", KWD, Doubt.DECIMALS),
        ("0.123", INR, Doubt.GROUPING),
        ("1234,567.00", INR, Doubt.GROUPING),
        ("12,34.00", INR, Doubt.GROUPING),
        ("1,2,3", INR, Doubt.DECIMALS),
        ("1,250,000", KWD, Doubt.GROUPING),
        ("1.234.56", INR, Doubt.GROUPING),
        ("1,234 567.00", INR, Doubt.GROUPING),
        ("1  234", INR, Doubt.GROUPING),
        ("1,,234.00", INR, Doubt.GROUPING),
        ("9" * 20, INR, Doubt.TOO_LARGE),
        ("9" * 100_000, INR, Doubt.TOO_LARGE),
    ],
)
def test_doubtful_amounts_say_why(text: str, currency: Currency, reason: Doubt) -> None:
    assert parse_amount(text, currency) == DoubtfulAmount(reason)


@given(
    st.sampled_from(
        ["en_IN", "en_US", "de_DE", "fr_FR", "de_CH", "ar_KW", "pl_PL", "ja_JP", "sv_SE", "hi_IN", "es_ES"]
    ),
    st.sampled_from([INR, KWD, JPY, EUR, PLN, Currency("IQD", 0), Currency("TND", 3), Currency("USD", 2)]),
    st.integers(0, MAX_MINOR),
)
def test_what_the_till_writes_it_reads_back(locale: str, currency: Currency, minor: int) -> None:
    amount = Money(minor, currency)
    assert parse_amount(Figures(locale, UTC).money(amount), currency, locale=locale) == amount


def test_the_sign_of_the_currency_as_a_locale_writes_it() -> None:
    assert parse_amount("JP¥500", JPY, locale="en_IN") == Money(500, JPY)
    assert parse_amount("JP¥500", INR, locale="en_IN") == DoubtfulAmount(Doubt.OTHER_CURRENCY)
    assert parse_amount("§500", INR, locale="nonsense") == DoubtfulAmount(Doubt.OTHER_CURRENCY)


@given(st.text(max_size=80), st.sampled_from([INR, KWD, JPY]))
def test_any_text_has_an_answer(text: str, currency: Currency) -> None:
    answer = parse_amount(text, currency)
    if isinstance(answer, Money):
        assert 0 <= answer.minor <= MAX_MINOR


@given(st.text(alphabet="0123456789., '", min_size=1, max_size=14), st.sampled_from([INR, KWD, JPY]))
def test_what_is_read_has_the_digits_of_the_text(text: str, currency: Currency) -> None:
    answer = parse_amount(text, currency)
    if isinstance(answer, Money):
        digits = "".join(character for character in text if character.isdigit()).lstrip("0")
        assert str(answer.minor).lstrip("0").rstrip("0") == digits.rstrip("0")
