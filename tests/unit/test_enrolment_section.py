"""`[enrolment]` of the settings file: what is asked, what is agreed to, and what makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from cashier_app.config import read_config, till_settings
from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.errors import KnownError
from cashier_app.services.enrolment_settings import DEFAULT_TERMS, USUAL_ENROLMENT, EnrolmentSettings

SHOP = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "https://loyalty.example"
"""


def settings_of(folder: Path, text: str) -> EnrolmentSettings:
    path = folder / "till.toml"
    path.write_text(SHOP + text, encoding="utf-8")
    return till_settings(read_config(path)).enrolment


def test_a_shop_that_says_nothing_asks_in_six_languages(tmp_path: Path) -> None:
    usual = settings_of(tmp_path, "")
    assert usual == USUAL_ENROLMENT
    assert [terms.consent.language for terms in usual.terms] == ["en", "hi", "ar", "es", "fr", "de"]
    for terms in DEFAULT_TERMS:
        assert "{points}" in terms.consent.text
        assert terms.consent.version == "1"


def test_the_tills_own_language_comes_first_with_the_points_by_their_name() -> None:
    first = USUAL_ENROLMENT.terms_for("de_AT", "Punkte {x}")[0].consent
    assert first.language == "de"
    assert "Punkte {x} sammeln" in first.text
    assert USUAL_ENROLMENT.terms_for("ta_IN", "coins")[0].consent.language == "en"


def test_a_shops_own_words(tmp_path: Path) -> None:
    own = settings_of(
        tmp_path,
        """
[enrolment]
ask = ["birthday"]
join_address = "https://marigold.example/join"

[[enrolment.terms]]
language = "ta"
version = "2026-11"
consent = "  {points} சேர்க்கலாமா?  "
terms = "முழு விதிகள்"
""",
    )
    assert own.wants == {EnrolmentField.BIRTHDAY}
    assert own.join_address == "https://marigold.example/join"
    [terms] = own.terms
    assert (terms.consent.version, terms.consent.text, terms.full) == (
        "2026-11",
        "{points} சேர்க்கலாமா?",
        "முழு விதிகள்",
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('join_address = "http://marigold.example"', "join_address"),
        ('join_address = "javascript:alert(1)"', "join_address"),
        ('join_address = "https://u:p@marigold.example"', "join_address"),
        (f'join_address = "https://m.example/{"x" * 300}"', "join_address"),
        ('join_address = "https://[oops"', "join_address"),
        ('ask = ["shoe size"]', "enrolment.ask"),
        ('[[enrolment.terms]]\nlanguage = "English"\nversion = "1"\nconsent = "Yes?"', "language"),
        ('[[enrolment.terms]]\nlanguage = "en"\nversion = ""\nconsent = "Yes?"', "version"),
        ('[[enrolment.terms]]\nlanguage = "en"\nversion = "1"\nconsent = " "', "consent"),
        (f'[[enrolment.terms]]\nlanguage = "en"\nversion = "1"\nconsent = "{"x" * 301}"', "consent"),
        (
            f'[[enrolment.terms]]\nlanguage = "en"\nversion = "1"\nconsent = "Yes?"\nterms = "{"x" * 8001}"',
            "terms",
        ),
        (2 * '[[enrolment.terms]]\nlanguage = "en"\nversion = "1"\nconsent = "Yes?"\n', "each language once"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(KnownError, match=named):
        settings_of(tmp_path, f"\n[enrolment]\n{text}\n")
