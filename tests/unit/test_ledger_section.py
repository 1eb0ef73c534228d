from __future__ import annotations

import pytest

from cashier_app.errors import KnownError
from cashier_app.ledger_section import LedgerSection, check_ledger, is_local


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://till@ledger.example/ledger",
        "postgres://till@ledger.example:5433/ledger?sslmode=verify-full",
        "postgresql://till@127.0.0.1/ledger",
        "postgresql://till@localhost/ledger?sslmode=disable",
        "postgresql://till@[::1]:5432/ledger",
        "postgresql://till@/ledger?host=/var/run/postgresql",
        "postgresql:///?service=ledger",
    ],
)
def test_addresses_that_are_taken(url: str) -> None:
    check_ledger(LedgerSection(url=url, figures_url=url))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://till:made-up-word@ledger.example/ledger", "a password does not stand in the settings"),
        ("postgresql://till@ledger.example/ledger?password=made-up-word", "a password does not stand"),
        ("postgresql://till@ledger.example/ledger?sslmode=require", "without a checked certificate"),
        ("postgresql://till@ledger.example/ledger?sslmode=disable", "without a checked certificate"),
        ("postgresql:///?service=ledger&sslmode=prefer", "without a checked certificate"),
        ("postgresql://till@/ledger?sslmode=prefer", "without a checked certificate"),
        ("postgresql://till@/ledger?host=ledger.example&sslmode=prefer", "without a checked certificate"),
        ("mysql://till@ledger.example/ledger", "an address such as"),
        ("postgresql://till@one,two/ledger", "an address such as"),
        ("postgresql://till@ledger.example:99999999/ledger", "an address such as"),
        ("postgresql://till@ledger.example:0/ledger", "an address such as"),
        ("postgresql://till@ledger.example/ledger?options=-c%20x", "an address such as"),
        ("postgresql://till@[ledger.example/ledger", "an address such as"),
        ("ledger.example", "an address such as"),
    ],
)
def test_addresses_that_are_refused(url: str, sentence: str) -> None:
    with pytest.raises(KnownError, match=sentence) as refusal:
        check_ledger(LedgerSection(url=url))
    assert "made-up-word" not in refusal.value.sentence


@pytest.mark.parametrize("store", ["x" * 81, "Jaya\nnagar"])
def test_a_store_is_a_name(store: str) -> None:
    with pytest.raises(KnownError, match=r"ledger\.store"):
        check_ledger(LedgerSection(store=store))


def test_only_this_computer_is_local() -> None:
    assert is_local("postgresql://till@127.0.0.1/ledger")
    assert is_local("postgresql://till@/ledger?host=/run/postgresql")
    assert not is_local("postgresql://till@127.0.0.1.example/ledger")
    assert not is_local("postgresql://till@127.0.0.1/ledger?service=elsewhere")
