"""What a loyalty system can and cannot do, and what came of trying it out, in words that change with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from cashier_app.domain.member import Way
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.ports.capabilities import Idempotency, Quoting, Reserving
from cashier_app.wording import Tone
from cashier_app.wording.backends import Here, capability_rows, may_be_kept, result_sentence, works_rows
from tests.fakes.backend import CAPABILITIES
from tests.unit.test_wording_complete import BRACKETED
from tests.unit.wording_shown import WORDING

HERE = Here("INR", "Asia/Kolkata")


def said(**can: object) -> list[str]:
    return [row.sentence.full for row in capability_rows(replace(CAPABILITIES, **can), WORDING)]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reserving": Reserving.NONE}, "Points cannot be held: the balance is read again"),
        ({"reserving": Reserving.SOFT}, "Points cannot be held"),
        ({"hold": timedelta(minutes=10)}, "Points are held for 10 min"),
        ({"hold": None}, "Points are held until they are used or given back."),
        ({"idempotency": Idempotency.READ_BACK}, "It does not notice what is sent twice"),
        (
            {"idempotency": Idempotency.READ_BACK, "search_lag": None},
            "What is in doubt cannot be looked up there",
        ),
        ({"idempotency": Idempotency.NATURAL_KEY}, "What is sent twice is booked once."),
        ({"tiers": False}, "It has no tiers"),
        ({"store_credit": False}, "No store credit is shown."),
        ({"negative_balance": True}, "may leave a balance below zero"),
        ({"negative_balance": False}, "never takes a balance below zero"),
        ({"quoting": Quoting.VENDOR}, "It says for each bill what may be redeemed"),
        ({"variable_amounts": False}, "Only what it offers may be redeemed"),
        ({"finds_by": (Way.PHONE,)}, "Members are found by: phone"),
        ({"earns": False}, "Sales earn nothing through this till."),
        ({"earns_later": True}, "booked a little later"),
        ({"partial_refund": False}, "Only a whole sale can come back."),
        ({"restores_points": False}, "Points used are not given back"),
        ({"enrolling": None}, "Nobody can join at this till."),
        ({"adjusts": True}, "Balances can be corrected."),
        ({"reads_ledger": False}, "Its books cannot be compared"),
        ({"links_sales": True}, "gives them to one later"),
        ({"links_sales": False}, "It is not told of sales without a member"),
        ({"knows_claims": True}, "A sale is claimed once, whichever till asks."),
        ({"links_sales": False, "knows_claims": False}, "claimed at the till that made it"),
        ({"vouchers": True}, "Voucher codes are checked and used there."),
        ({"vouchers": False}, "It has no voucher codes"),
        ({"personal_offers": True}, "Offers for one member"),
        ({"personal_offers": False}, "It tells of no offers"),
        ({"referrals": True}, "Referral codes are checked there."),
        ({"referrals": False}, "Referral codes are not checked."),
        ({"keeps_consent": True}, "It keeps what new members agreed to"),
        ({"keeps_consent": False}, "is kept at this till only"),
        ({"invites": True}, "Customers can type their own particulars"),
        ({"invites": False}, "New members are typed in at the till."),
        ({"merges": True}, "It takes requests to join two records"),
        ({"merges": False}, "are put on the manager's list"),
        ({"guards_returns": True}, "It never takes back more of a sale"),
        ({"guards_returns": False}, "Only this till knows what came back"),
    ],
)
def test_each_capability_changes_what_is_said(changed: dict[str, object], sentence: str) -> None:
    assert any(sentence in line for line in said(**changed))


def test_what_it_can_comes_before_what_it_cannot() -> None:
    tones = [row.tone for row in capability_rows(CAPABILITIES, WORDING)]
    assert tones == sorted(tones, key=lambda tone: tone is not Tone.GOOD)
    assert len(tones) == 23


def test_everything_that_was_found_out_is_said() -> None:
    probed = Probed(
        tuple(RightProbed(right, found) for right, found in zip(Right, [*Found, *Found], strict=False)),
        program_name="Corner\nPoints",
        currency="USD",
        time_zone="America/New_York",
        clock_ahead=timedelta(minutes=-9),
        remarks=("Mind the gap.",),
    )
    rows = [row.sentence.full for row in works_rows(probed, HERE, WORDING)]
    assert rows == [
        "Read the program: works",
        "Find members: refused: these credentials do not allow it",
        "Read balances: not there: check the address and the settings",
        "Read rewards: an answer of another kind: is this the right address?",
        "Read its books: does not fit this shop",
        "Read sales: no answer",
        "Read the shop's place: works",
        "Its program is called “Corner Points”.",
        "It reckons in USD, this shop in INR: amounts would be wrong.",
        "This computer's clock is 9 min fast. Set it right.",
        "Its days begin by America/New_York, the shop's by Asia/Kolkata.",
        "Mind the gap.",
    ]


@pytest.mark.parametrize(("seconds", "agree"), [(0, True), (120, True), (-120, True), (121, False)])
def test_clocks_agree_up_to_two_minutes(seconds: int, agree: bool) -> None:  # noqa: FBT001 - a table
    rows = works_rows(Probed((), clock_ahead=timedelta(seconds=seconds)), HERE, WORDING)
    assert (rows[0].sentence.full == "Clocks agree") is agree


def test_only_what_works_in_the_shops_currency_may_be_kept() -> None:
    fine = Probed((RightProbed(Right.FIND, Found.WORKS),), currency="INR")
    assert may_be_kept(fine, HERE)
    assert may_be_kept(replace(fine, currency=""), HERE)
    for bad in (replace(fine, currency="USD"), Probed((RightProbed(Right.FIND, Found.REFUSED),))):
        assert not may_be_kept(bad, HERE)
        assert result_sentence(bad, HERE, WORDING).tone is Tone.STOP


def test_all_of_it_can_be_translated() -> None:
    probed = Probed(tuple(RightProbed(right, Found.WORKS) for right in Right), clock_ahead=timedelta(0))
    rows = (*capability_rows(CAPABILITIES, BRACKETED), *works_rows(probed, HERE, BRACKETED))
    assert all(row.sentence.full.startswith("[") for row in rows)
