"""The contract adapter without a network: what it makes of addresses, names, programs and effects."""

from __future__ import annotations

import contextlib
import copy
import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.backends.contract import ContractBackend
from cashier_app.backends.contract_messages import AccountAnswer, FoundAnswer, read_answer
from cashier_app.backends.contract_values import (
    WrongCurrencyError,
    effect_request,
    found_of,
    plain_name,
    program_of,
)
from cashier_app.demo.shop import load_shop
from cashier_app.documents.problems import ProgramError
from cashier_app.documents.program_document import program_value
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.member import (
    NEVER_USED,
    Account,
    Lot,
    RewardUse,
    TierStanding,
    Usage,
    Used,
)
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import Unreachable
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.strict_json import MalformedJsonError, load_strictly

RUPEE = Currency("INR", 2)
DOCUMENT: dict[str, Any] = json.loads(msgspec.json.encode(program_value(load_shop().program)))
SALE_ID = "01934f5c-9a7e-7c11-8f3a-2f5d0c9a4e21"


def changed(path: str, value: object) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    *way, last = path.split(".")
    place: Any = document
    for part in way:
        place = place[int(part)] if part.isdigit() else place[part]
    place[int(last) if last.isdigit() else last] = value
    return document


# Programs.
def test_a_program_survives_the_way_over_the_network() -> None:
    assert program_of(DOCUMENT) == load_shop().program


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("earning.rules.0.per", "much", ("earning.rules[0].per", "'much'", "number")),
        ("earning.rules.0.per", 0, ("earning.rules[0].per", "0", "above zero")),
        ("currency.code", "rupees", ("currency.code", "'rupees'", "three capital letters")),
        ("currency.decimals", 7, ("currency.decimals", "7", "0 to 4")),
        ("point_scale", 9, ("point_scale", "9", "0 to 4")),
        ("redemption.0.conversion.points", "0", ("redemption[0].conversion.points", "0", "more than zero")),
        (
            "redemption.0.conversion.points",
            "0.5",
            ("redemption[0].conversion.points", "0.5", "without decimals"),
        ),
        ("redemption.0.conversion.value", -1, ("redemption[0].conversion.value", "-1", "above zero")),
        (
            "redemption.0.maximum_by_bill.1.from_bill",
            "1.00",
            ("redemption[0].maximum_by_bill[1].from_bill", "1.00", "more"),
        ),
        ("rewards.0.kind", "cash", ("rewards[0].kind", "'cash'")),
        ("rewards.0.reward_id", "../x", ("rewards[0].reward_id", "'../x'")),
        ("tiers.levels.3.multiplier", "1e9", ("tiers.levels[3].multiplier", "1e9", "factor")),
        ("tiers.levels.3.threshold", "1", ("tiers.levels[3].threshold", "1")),
        ("redemption", None, ("redemption", "null")),
    ],
)
def test_a_wrong_program_says_where_what_and_what_was_expected(
    path: str, value: object, said: tuple[str, ...]
) -> None:
    with pytest.raises(ProgramError) as caught:
        program_of(changed(path, value))
    for part in said:
        assert part in str(caught.value)


def test_a_program_that_lacks_a_part_names_it() -> None:
    document = copy.deepcopy(DOCUMENT)
    del document["redemption"][0]["conversion"]
    with pytest.raises(ProgramError, match="redemption"):
        program_of(document)


def test_a_program_without_a_version_is_refused() -> None:
    with pytest.raises(ProgramError, match="version"):
        program_of(changed("version", ""))


def test_names_in_a_program_carry_no_invisible_marks() -> None:
    program = program_of(changed("rewards.0.name", "Free\u00ad coffee\ue000"))
    assert program.rewards[0].name == "Free coffee"
    assert program_of(changed("rewards.0.name", "\u200b")).rewards[0].name == "free-coffee"


def test_a_rule_this_till_does_not_know_is_never_passed_over() -> None:
    with pytest.raises(ProgramError, match="birthday_bonus"):
        program_of(changed("birthday_bonus", {"points": "50"}))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    path=st.sampled_from(
        [
            "earning",
            "redemption",
            "currency",
            "point_name",
            "rewards",
            "point_scale",
            "rewards.0",
            "redemption.0",
            "redemption.0.maximum_by_bill.0",
            "tiers",
            "tiers.levels.0",
            "earning.rules.0",
        ]
    ),
    value=json_values,
)
def test_no_program_crashes_the_reader(path: str, value: object) -> None:
    with contextlib.suppress(ProgramError):
        program_of(changed(path, value))


@given(json_values)
def test_no_answer_crashes_the_reader(value: object) -> None:
    assert read_answer(
        {"found": [value], "balance": value, "as_of": value}, AccountAnswer
    ) is None or isinstance(value, str)


# Accounts.
def person(**account: object) -> dict[str, object]:
    known = {"balance": "1240", "as_of": "2026-11-21T09:00:00Z"} | account
    return {"member": {"member_id": "mem-1", "name": "Priya"}, "account": known}


def account_in(**account: object) -> Account:
    answer = read_answer(person(**account), FoundAnswer)
    assert answer is not None
    return found_of(answer, RUPEE).account


def test_an_account_tells_all_that_limits_and_tiers_count() -> None:
    paise = {"minor": 7500, "currency": "INR"}
    used = {"points": "180", "discount": paise, "uses": 2, "earned": "12"}
    account = account_in(
        gift_balance=paise,
        lots=[{"points": "40", "last_day": "2026-12-31"}, {"points": "1200", "first_day": "2026-11-22"}],
        usage={"day": used, "ever": used},
        reward_uses={"coffee": {"day": 1, "ever": 4}},
        rule_uses={"First visit": {"ever": 1}},
        tags=["staff"],
        tier={"name": "", "rank": 0, "of": 3, "progress": 5, "next_name": "Silver", "missing_points": "9.5"},
    )
    assert account.gift_balance == Money(7500, RUPEE)
    assert account.lots == (
        Lot(Decimal(40), date(2026, 12, 31)),
        Lot(Decimal(1200), None, date(2026, 11, 22)),
    )
    today = Used(Decimal(180), 7500, 2, Decimal(12))
    assert account.usage == Usage(day=today, ever=today)
    assert account.reward_uses == {"coffee": RewardUse(1, 4)}
    assert account.rule_uses == {"First visit": RewardUse(0, 1)}
    assert account.tags == ("staff",)
    assert account.tier == TierStanding("", 0, 3, "Silver", progress=5, missing_points=Decimal("9.5"))


def test_an_account_that_tells_nothing_more_is_an_account() -> None:
    account = account_in()
    assert (account.usage, account.lots, account.tags, account.reward_uses) == (NEVER_USED, (), (), {})


@pytest.mark.parametrize(
    "account",
    [
        {"lots": [{"points": "1"}] * 1001},
        {"lots": [{"points": "-1"}]},
        {"lots": [{"points": "NaN"}]},
        {"lots": [{"points": "1", "last_day": "soon"}]},
        {"usage": {"day": {"uses": -1}}},
        {"usage": {"day": {"points": "1e9"}}},
        {"usage": []},
        {"reward_uses": {f"r{n}": {} for n in range(501)}},
        {"reward_uses": {"../x": {}}},
        {"rule_uses": {"": {}}},
        {"tags": ["x"] * 101},
        {"tags": ["x" * 201]},
        {"gift_balance": {"minor": -1, "currency": "INR"}},
        {"tier": {"name": "Gold", "rank": -1, "of": 3, "progress": 5}},
        {"tier": {"name": "Gold", "rank": 1, "of": 3, "progress": 5, "missing_visits": -1}},
    ],
    ids="-".join,
)
def test_an_account_beyond_all_bounds_is_no_answer(account: dict[str, object]) -> None:
    assert read_answer(person(**account), FoundAnswer) is None


def test_what_was_used_in_another_currency_is_not_taken() -> None:
    answer = read_answer(person(usage={"day": {"discount": {"minor": 1, "currency": "USD"}}}), FoundAnswer)
    assert answer is not None
    with pytest.raises(WrongCurrencyError):
        found_of(answer, RUPEE)


# Names.
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Priya\x00 \x1b[31mRaghunathan\x7f", "Priya [31mRaghunathan"),
        ("Priya\r\nGold", "PriyaGold"),
        ("\u202egnahsoR\u202c", "gnahsoR"),
        ("A\u2066B\u2069C\u200eD\u200fE\u061cF", "ABCDEF"),
        ("\ufeffZoë\u2028", "Zoë"),
        ("क्\u200dष", "क्\u200dष"),
        ("نیم\u200cروز", "نیم\u200cروز"),
        ("👩🏽\u200d🍳", "👩🏽\u200d🍳"),
        ("<b>Bobby</b>", "<b>Bobby</b>"),
        ("x" * 500, "x" * 200),
        ("  ", ""),
    ],
)
def test_a_name_is_plain_text(name: str, kept: str) -> None:
    assert plain_name(name) == kept


def test_a_phone_is_masked_before_it_is_anything() -> None:
    answer = read_answer(
        {
            "member": {"member_id": "m1", "name": "Priya", "phone": "+919845012210"},
            "account": {"balance": "1240", "as_of": "2026-11-21T09:00:00Z"},
        },
        FoundAnswer,
    )
    assert answer is not None
    found = found_of(answer, RUPEE)
    assert found.member.masked_phone == "+91 ••••• ••210"
    assert "98450" not in repr(found)


@pytest.mark.parametrize("member_id", ["../x", "a/b", "", "x" * 65, "mem priya", "mem\n"])
def test_a_member_id_that_would_change_an_address_is_not_taken(member_id: str) -> None:
    answer = {
        "member": {"member_id": member_id, "name": "A"},
        "account": {"balance": "1", "as_of": "2026-11-21T09:00:00Z"},
    }
    assert read_answer(answer, FoundAnswer) is None


# Requests.
def an_effect(kind: EffectKind, **more: str) -> Effect:
    values: dict[str, Any] = {
        "key": effect_key(SALE_ID, kind), "kind": kind, "sale_id": SALE_ID, "member_id": "mem-1",
        "points": Decimal(200), "bill": Money(236000, RUPEE), "discount": Money(20000, RUPEE),
        "paid": Money(216000, RUPEE), "at": datetime(2026, 11, 21, 9, 3, 40, tzinfo=UTC),
        "program_version": "v1", "reservation": "res-1",
    }  # fmt: skip
    return Effect(**(values | more))


@pytest.mark.parametrize(
    ("kind", "path", "members"),
    [
        (EffectKind.RESERVE, "/v1/reservations", "at bill discount member_id points program_version sale_id"),
        (EffectKind.CAPTURE, "/v1/reservations/res-1/capture", "at member_id points sale_id"),
        (EffectKind.RELEASE, "/v1/reservations/res-1/release", "at member_id points sale_id"),
        (EffectKind.SALE, "/v1/sales", "at bill discount member_id paid points program_version sale_id"),
        (EffectKind.REFUND, "/v1/refunds", "at bill discount member_id original_key paid sale_id"),
    ],
)
def test_an_effect_becomes_its_request(kind: EffectKind, path: str, members: str) -> None:
    asked, text = effect_request(an_effect(kind))
    body = json.loads(text)
    assert (asked, " ".join(sorted(body))) == (path, members)
    assert body["at"] == "2026-11-21T09:03:40Z"
    assert body.get("bill", {"minor": 236000, "currency": "INR"}) == {"minor": 236000, "currency": "INR"}


def test_a_sale_of_somebody_unknown_says_what_was_scanned_and_claims_no_points() -> None:
    _, text = effect_request(an_effect(EffectKind.SALE, member_id="", identified_by="phone:+919845012210"))
    body = json.loads(text)
    assert body["identified_by"] == "phone:+919845012210"
    assert "points" not in body
    assert "member_id" not in body


# Addresses and secrets.
@pytest.mark.parametrize(
    "address",
    ["http://shop.example", "ftp://shop.example", "shop.example", "", "https://", "https://me:pw@shop.example",
     "https://shop.example/?a=1", "https://shop.example/#x", "http://127.0.0.1.shop.example", "https://[::1", "http://0.0.0.0"],
)  # fmt: skip
def test_an_address_that_could_give_the_token_away_is_refused(address: str) -> None:
    with pytest.raises(KnownError):
        ContractBackend(address, Secret("made-up"))


@pytest.mark.parametrize(
    "address",
    ["https://shop.example", "https://shop.example/loyalty/", "http://127.0.0.1:8124", "http://localhost:1"],
)
def test_an_honest_address_is_taken(address: str) -> None:
    ContractBackend(address, Secret("made-up")).close()


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Evil: 1", "schlüssel", "tab\t"])
def test_a_token_that_cannot_be_sent_is_refused(token: str) -> None:
    with pytest.raises(KnownError) as caught:
        ContractBackend("https://shop.example", Secret(token))
    assert not token or token not in str(caught.value)


def test_neither_token_nor_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    backend = ContractBackend("http://127.0.0.1:9", Secret("canary-token"))
    with caplog.at_level(logging.DEBUG):
        assert isinstance(backend.find(PhoneNumber("+919845012210")), Unreachable)
        assert isinstance(backend.refresh("mem-canary"), Unreachable)
    backend.close()
    assert "canary" not in caplog.text
    assert "9845012210" not in caplog.text
    assert "canary" not in repr(backend)


@pytest.mark.parametrize("member_id", ["../v2/x", "", "mem/x", "mem?x"])
def test_only_a_member_id_is_put_into_an_address(member_id: str) -> None:
    backend = ContractBackend("http://127.0.0.1:9", Secret("made-up"))
    with pytest.raises(ValueError, match="member id"):
        backend.refresh(member_id)
    backend.close()


# JSON.
@pytest.mark.parametrize(
    "text",
    [b"NaN", b"[Infinity]", b'{"a": -Infinity}', b'{"a": 1, "a": 1}', b'{"a": {"b": 1, "b": 2}}',
     b"[" * 33 + b"]" * 33, b"[" * 200_000, b'{"a":' * 200_000, b'["\\ud800"]', b'{"\\udfff": 1}',
     b"\xef\xbb\xbf{}", b"\xff", b"", b"{'a': 1}", b"1" * 5000, b"[1e99999999999999999999]",
     b"[01]", b"[1,]", b"/**/1", b"\xff\xfe[\x00]\x00"],
)  # fmt: skip
def test_lenient_json_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedJsonError):
        load_strictly(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"[" * 32 + b"]" * 32, None),
        (b'["\\ud83c\\udf89", "\\u0041"]', ["🎉", "A"]),
        (b"[0.1, 401.0, 1e3, -0.0]", [Decimal("0.1"), 401, 1000, 0]),
        (b'{"brackets": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\"[[["}', {"brackets": "[" * 37 + '"[[['}),
        (b"[1e999999999]", [Decimal("1e999999999")]),
    ],
)
def test_honest_json_is_read_exactly(text: bytes, value: object) -> None:
    read = load_strictly(text)
    assert value is None or read == value


@given(json_values)
def test_what_was_written_is_read_back(value: object) -> None:
    plain: Callable[[object], object] = lambda one: str(one) if isinstance(one, Decimal) else one  # noqa: E731
    text = json.dumps(value, default=plain).encode()
    assert load_strictly(text) == json.loads(text)
