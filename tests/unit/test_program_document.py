"""A program is read from TOML, JSON or parsed values, or refused by naming the part, and written back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cashier_app.documents.problems import ProgramError
from cashier_app.documents.program_document import (
    DocumentKind,
    load_program,
    program_value,
    read_program,
    read_program_value,
)
from cashier_app.domain.money import Currency
from cashier_app.domain.points import PointName
from cashier_app.domain.program import Program
from cashier_app.domain.program.conditions import Weekday, When
from cashier_app.domain.program.earning import Earning, PerAmount
from cashier_app.domain.program.figures import Amount, Points, Rate
from cashier_app.domain.program.redemption import Conversion, RedemptionRule
from cashier_app.errors import KnownError

RUPEES = Currency("INR", 2)


def program(**parts: object) -> dict[str, object]:
    return {"currency": "INR", **parts}


def earning(**rule: object) -> dict[str, object]:
    return program(earning={"rules": [{"kind": "per_amount", "points": 1, **rule}]})


def redemption(**rule: object) -> dict[str, object]:
    return program(redemption=[{"conversion": {"value": 1}, **rule}])


def reward(**fields: object) -> dict[str, object]:
    return program(rewards=[{"kind": "gift", "reward_id": "cup", "name": "Cup", "cost": 1, **fields}])


def levels(*levels: dict[str, object], **tiers: object) -> dict[str, object]:
    return program(tiers={"levels": list(levels), **tiers})


def test_toml_and_json_say_the_same() -> None:
    toml = b"""
        currency = "INR"
        [[earning.rules]]
        kind = "per_amount"
        points = 1
        per = 0.5
        when = { starts = 2026-11-01, ends = 2026-11-30, from_time = 10:00:00 }
        """
    json = b"""{"currency": {"code": "INR"}, "earning": {"rules": [
        {"kind": "per_amount", "points": "1", "per": "0.50", "when":
            {"starts": "2026-11-01", "ends": "2026-11-30", "from_time": "10:00:00"}}]}}"""
    when = When(starts=date(2026, 11, 1), ends=date(2026, 11, 30), from_time=time(10))
    rule = PerAmount(points=Points(1), per=Rate("0.5"), when=when)
    wanted = Program(currency=RUPEES, earning=Earning(rules=(rule,)))
    assert read_program(toml, DocumentKind.TOML) == wanted
    assert read_program(json, DocumentKind.JSON) == wanted


@pytest.mark.parametrize(
    ("written", "currency"),
    [
        ("INR", RUPEES),
        ("JPY", Currency("JPY", 0)),
        ({"code": "KWD"}, Currency("KWD", 3)),
        ({"code": "IQD", "decimals": 3}, Currency("IQD", 3)),
        ({"code": "ZZZ", "decimals": 1}, Currency("ZZZ", 1)),
    ],
)
def test_a_currency_has_its_usual_decimals_or_those_in_use(written: object, currency: Currency) -> None:
    assert read_program_value({"currency": written}).currency == currency


def test_amounts_are_read_with_the_decimals_of_the_currency() -> None:
    document = redemption(minimum_bill="500.00", maximum_discount=Decimal("12.5"))
    rule = read_program_value(document).redemption[0]
    assert (rule.minimum_bill, rule.maximum_discount) == (50_000, 1250)
    dinars = read_program_value({**document, "currency": "KWD"}).redemption[0]
    assert (dinars.minimum_bill, dinars.maximum_discount) == (500_000, 12_500)


REFUSED: list[tuple[dict[str, object], str, str]] = [
    (program(colour=1), "colour is 1", "no field of this name"),
    (program(redemtion=[]), "redemtion is a list of 0", "redemption"),
    (program(currency="inr"), "currency is 'inr'", "three capital letters"),
    (program(currency="XYQ"), "currency.decimals is missing", "not a known currency"),
    (program(currency={"decimals": 2}), "currency.code is missing", "three capital letters"),
    (program(currency={"code": "INR", "decimals": True}), "currency.decimals is true", "0 to 4"),
    (program(currency={"code": "INR", "decimals": 5}), "currency.decimals is 5", "0 to 4"),
    (program(currency={"code": "INR", "minor": 2}), "currency.minor is 2", "no field of this name"),
    (program(currency=3), "currency is 3", "a code such as INR"),
    ({}, "currency is missing", "a code such as INR"),
    (program(point_scale=5), "point_scale is 5", "0 to 4"),
    (program(point_scale=True), "point_scale is true", "0 to 4"),
    (program(point_name={"singular": "a", "plural": "b", "x": 1}), "point_name.x is 1", "no field"),
    (program(point_name={"singular": "a"}), "point_name.plural is missing", "text"),
    (program(point_name={"singular": " ", "plural": "b"}), "point_name.singular is ' '", "can be seen"),
    (program(point_name={"singular": "a" * 201, "plural": "b"}), "point_name.singular is", "1 to 200"),
    (program(name="a\x1bb"), r"name is 'a\x1bb'", "control characters"),
    (program(name="a\u202eb"), r"name is 'a\u202eb'", "control characters"),
    (program(name=5), "name is 5", "text of at most 200"),
    (program(tiers=[]), "tiers is a list of 0", "a table"),
    (program(earning=None), "earning is null", "a table"),
    (program(tiers={"days": 0}), "tiers.days is 0", "a whole number from 1 to 36600"),
    (program(tiers={"counts_this_bill": 1}), "tiers.counts_this_bill is 1", "true or false"),
    (program(tiers={"by": "luck"}), "tiers.by is 'luck'", "one of points, balance, spend"),
    (program(earning={"rules": [{}]}), "earning.rules[0].kind is missing", "one of per_amount"),
    (program(earning={"rules": {}}), "earning.rules is a table", "a list of at most 100"),
    (earning(kind="magic"), "earning.rules[0].kind is 'magic'", "per_amount, percent, per_sale, per_item"),
    (program(earning={"rules": [{"kind": "per_amount"}]}), "earning.rules[0].points is missing", "points"),
    (earning(per=0), "earning.rules[0].per is 0", "above zero"),
    (earning(points="1.000000001"), "earning.rules[0].points is '1.000000001'", "at most 8 decimals"),
    (earning(maximum_points=Decimal("1.5")), "earning.rules[0].maximum_points is 1.5", "without decimals"),
    (earning(maximum_bil=1), "earning.rules[0].maximum_bil is 1", "maximum_bill"),
    (earning(minimum_bill=5, maximum_bill="4.99"), "earning.rules[0].maximum_bill is 4.99", "5.00"),
    (earning(minimum_quantity=-1), "earning.rules[0].minimum_quantity is -1", "from 0"),
    (
        earning(from_amount=2, up_to_amount=2),
        "earning.rules[0].up_to_amount is 2.00",
        "more than from_amount",
    ),
    (earning(per_day=1), "earning.rules[0].name is missing", "uses are counted"),
    (earning(name="a", per_day=0), "earning.rules[0].per_day is 0", "from 1"),
    (
        program(earning={"multipliers": [{"factor": 2, "minimum_bill": 2, "maximum_bill": 1}]}),
        "earning.multipliers[0].maximum_bill is 1.00",
        "no less than minimum_bill, 2.00",
    ),
    (
        program(earning={"spendable_at_once": True}),
        "earning.basis.redemption is 'after'",
        "before, where points are spendable at once",
    ),
    (
        earning(when={"starts": datetime(2026, 1, 1, tzinfo=UTC)}),
        "earning.rules[0].when.starts is 2026",
        "a date",
    ),
    (earning(when={"starts": "2026-02-30"}), "earning.rules[0].when.starts is '2026-02-30'", "a date"),
    (earning(when={"starts": 20_260_101}), "earning.rules[0].when.starts is 20260101", "a date"),
    (
        earning(when={"starts": "2026-01-02", "ends": date(2026, 1, 1)}),
        "earning.rules[0].when.ends is 2026-01-01",
        "2026-01-02 or a later day",
    ),
    (earning(when={"from_time": "25:00"}), "earning.rules[0].when.from_time is '25:00'", "18:30"),
    (earning(when={"from_time": "9:00"}), "earning.rules[0].when.from_time is '9:00'", "18:30"),
    (earning(needs={}), "earning.rules[0].needs.lines is missing", "a table"),
    (earning(needs={"lines": {}, "quantity": 0}), "earning.rules[0].needs.quantity is 0", "above zero"),
    (program(expiry={"until_day": "02-29"}), "expiry.until_day is '02-29'", "a day of every year"),
    (program(expiry={"until_day": "9-30"}), "expiry.until_day is '9-30'", "such as 09-30"),
    (program(expiry={"until_day": "13-01"}), "expiry.until_day is '13-01'", "such as 09-30"),
    (
        program(expiry={"until_day": "09-30", "until_end_of": "month"}),
        "expiry.until_day is '09-30'",
        "none beside until_end_of",
    ),
    (earning(when={"until_time": "10:00:00Z"}), "earning.rules[0].when.until_time is 10:00:00+00:00", "zone"),
    (earning(when={"weekdays": ["sunday", "mon"]}), "earning.rules[0].when.weekdays[1] is 'mon'", "monday"),
    (earning(when={"stores": [""]}), "earning.rules[0].when.stores[0] is ''", "text of 1 to 200"),
    (earning(lines={"only_items": ["\t"]}), r"earning.rules[0].lines.only_items[0] is '\t'", "control"),
    (redemption(conversion={}), "redemption[0].conversion.value is missing", "a value or a percent"),
    (
        redemption(conversion={"value": 1, "points": 0}),
        "redemption[0].conversion.points is 0",
        "more than zero",
    ),
    (
        redemption(conversion={"value": 1, "percent": 5}),
        "redemption[0].conversion.value is 1",
        "a value or a percent, not both",
    ),
    (redemption(conversion={"percent": 5}), "redemption[0].conversion.whole_blocks is false", "true"),
    (
        redemption(conversion={"percent": 101, "whole_blocks": True}),
        "redemption[0].conversion.percent is 101",
        "at most 100",
    ),
    (
        redemption(conversion={"value": 1, "whole_blocks": True, "maximum_quantity": 5}),
        "redemption[0].conversion.maximum_quantity is 5",
        "none without each_item",
    ),
    (
        redemption(conversion={"value": 1, "each_item": True}),
        "redemption[0].conversion.whole_blocks is false",
        "true where each item counts",
    ),
    (
        redemption(conversion={"percent": 1, "each_item": True, "whole_blocks": True}),
        "redemption[0].conversion.each_item is true",
        "false where a block takes off a percent",
    ),
    (redemption(minimum_bill=5, maximum_bill=4), "redemption[0].maximum_bill is 4.00", "minimum_bill, 5.00"),
    (
        earning(whole_steps=True, started_steps=True),
        "earning.rules[0].started_steps is true",
        "false beside whole_steps",
    ),
    (levels({"name": "A", "threshold": "1.5"}, by="balance"), "tiers.levels[0].threshold is 1.5", "points"),
    (redemption(rule_id="a b"), "redemption[0].rule_id is 'a b'", "1 to 64 letters"),
    (redemption(maximum_percent=0), "redemption[0].maximum_percent is 0", "above 0"),
    (redemption(maximum_percent_of_balance=101), "redemption[0].maximum_percent_of_balance is 101", "100"),
    (
        redemption(minimum_points=5, maximum_points=4),
        "redemption[0].maximum_points is 4",
        "minimum_points, 5",
    ),
    (
        redemption(starting_discount=5, maximum_discount=4),
        "redemption[0].maximum_discount is 4.00",
        "starting_discount, 5.00",
    ),
    (
        redemption(maximum_by_bill=[{"from_bill": 5, "maximum": 1}, {"from_bill": 5, "maximum": 2}]),
        "redemption[0].maximum_by_bill[1].from_bill is 5.00",
        "more than the band before",
    ),
    (
        redemption(discount_step=5, conversion={"value": 1, "whole_blocks": True}),
        "redemption[0].discount_step is 5.00",
        "none beside whole blocks",
    ),
    (redemption(per_item=[{"percent": 0}]), "redemption[0].per_item[0].percent is 0", "above 0"),
    (redemption(quotas={"day": {"uses": 0}}), "redemption[0].quotas.day.uses is 0", "from 1"),
    (
        program(redemption=[{"conversion": {"value": 1}}] * 2),
        "redemption[1].rule_id is 'points'",
        "a name of its own",
    ),
    (reward(cost=-1), "rewards[0].cost is -1", "points of zero or more"),
    (reward(per_member=0), "rewards[0].per_member is 0", "from 1"),
    (reward(stock_per_day=10**7), "rewards[0].stock_per_day is 10000000", "to 1000000"),
    (reward(kind="amount_off", value=0), "rewards[0].value is 0.00", "more than zero"),
    (reward(kind="percent_off", percent=101), "rewards[0].percent is 101", "at most 100"),
    (reward(kind="item_off", percent=0), "rewards[0].percent is 0", "above 0"),
    (program(rewards=[reward()["rewards"][0]] * 2), "rewards[1].reward_id is 'cup'", "a name of its own"),  # type: ignore[index]
    (levels({"name": "A"}, {"name": "A", "threshold": 1}), "tiers.levels[1].name is 'A'", "of its own"),
    (levels({"name": "A"}, {"name": "B"}), "tiers.levels[1].threshold is 0", "more than the tier before"),
    (levels({"name": "A", "threshold": "1.5"}, by="visits"), "tiers.levels[0].threshold is 1.5", "visits"),
    (levels({"name": "A", "threshold": "1.5"}, by="points"), "tiers.levels[0].threshold is 1.5", "points"),
    (levels({"name": "A", "threshold": "1.555"}), "tiers.levels[0].threshold is 1.555", "at most 2 decimals"),
    (levels({"name": "A", "threshold": 10**13 + 1}), "tiers.levels[0].threshold is 1000", "zero or more"),
    (
        levels({"name": "A", "limits": {"maximum_percent": 0}}),
        "tiers.levels[0].limits.maximum_percent",
        "above 0",
    ),
    (
        {**levels({"name": "A"}), **earning(when={"tiers": ["A", "B"]})},
        "earning.rules[0].when.tiers[1] is 'B'",
        "one of the tiers",
    ),
    (
        program(tender={"store_credit": {"maximum_percent": 0}}),
        "tender.store_credit.maximum_percent is 0",
        "0",
    ),
    (
        program(combining={"order": ["points", "points"]}),
        "combining.order is the same step twice",
        "each once",
    ),
    (program(combining={"order": ["points"]}), "combining.order is a list of 1", "a list of 2"),
    (program(combining={"order": ["points", "x"]}), "combining.order[1] is 'x'", "one of rewards, points"),
]


@pytest.mark.parametrize(("document", "says", "expected"), REFUSED, ids=[says for _, says, _ in REFUSED])
def test_the_part_that_is_wrong_is_named(document: dict[str, object], says: str, expected: str) -> None:
    with pytest.raises(ProgramError) as refused:
        read_program_value(document)
    sentence = str(refused.value)
    assert sentence.startswith(says)
    assert sentence.startswith(f"{refused.value.path} is ")
    assert expected in sentence.partition(": expected ")[2]


@pytest.mark.parametrize(
    "document",
    [
        program(),
        earning(maximum_bill=None, when={"starts": None}),
        earning(when={"tiers": ["Gold"]}),
        redemption(minimum_points=5, maximum_points=5, starting_discount=5, maximum_discount=5),
        redemption(conversion={"percent": 100, "whole_blocks": True}),
        redemption(maximum_by_bill=[{"from_bill": 1, "maximum": 9}, {"from_bill": 2, "maximum": 3}]),
        redemption(when={"starts": "2026-01-01", "ends": "2026-01-01", "from_time": "23:00:00"}),
        reward(cost=0),
        levels({"name": "A", "threshold": 1}, {"name": "B", "threshold": "1.01"}),
        program(name="نقاط के \u200d points", version="3"),
        program(earning={"spendable_at_once": True, "basis": {"redemption": "before"}}),
        earning(needs={"lines": {"only_items": ["1"]}, "quantity": "0.5"}, when={"paid_with": ["card"]}),
        program(expiry={"months": 36, "until_day": "09-30"}),
        program(combining={"points_with_stored_value": False}),
    ],
)
def test_a_program_that_makes_sense_comes_back_as_it_was(document: dict[str, object]) -> None:
    read = read_program_value(document)
    assert read_program_value(program_value(read)) == read


@pytest.mark.parametrize("part", ["earning", "multipliers", "redemption", "rewards", "tender"])
def test_a_time_of_day_may_be_without_seconds(part: str) -> None:
    def document(start: str, end: str) -> dict[str, object]:
        when = {"from_time": start, "until_time": end}
        return {
            "earning": earning(when=when),
            "multipliers": program(earning={"multipliers": [{"factor": 2, "when": when}]}),
            "redemption": redemption(when=when),
            "rewards": reward(when=when),
            "tender": program(tender={"gift_balance": {"when": when}}),
        }[part]

    read = read_program_value(document("18:00", "02:30"))
    assert read == read_program_value(document("18:00:00", "02:30:00"))
    assert "18:00:00" in str(program_value(read))


def test_a_time_of_day_may_be_without_seconds_in_toml_text() -> None:
    toml = b"""
        currency = "INR"
        [[redemption]]
        conversion = { value = 1 }
        when = { from_time = "18:00", until_time = 19:00:00 }
        """
    rule = read_program(toml, DocumentKind.TOML).redemption[0]
    assert (rule.when.from_time, rule.when.until_time) == (time(18), time(19))


def test_names_that_look_like_times_stay_names() -> None:
    document = redemption(when={"stores": ["18:00"]}, lines={"only_items": ["18:00"]})
    rule = read_program_value(document).redemption[0]
    assert (rule.when.stores, rule.lines.only_items) == (("18:00",), ("18:00",))


def test_what_is_as_usual_is_not_written() -> None:
    usual = Program(currency=RUPEES, redemption=(RedemptionRule(conversion=Conversion(value=Rate(1))),))
    assert program_value(usual) == {
        "currency": {"code": "INR", "decimals": 2},
        "redemption": [{"conversion": {"value": "1"}}],
    }


def test_everything_is_written_in_plain_values() -> None:
    when = When(starts=date(2026, 1, 2), from_time=time(8, 30), weekdays=(Weekday.SUNDAY,))
    rule = PerAmount(points=Points("1E+2"), minimum_bill=Amount(50_000), when=when, on_top=True)
    whole = Program(
        currency=RUPEES, point_name=PointName("coin", "coins"), point_scale=2, earning=Earning(rules=(rule,))
    )
    assert program_value(whole) == {
        "currency": {"code": "INR", "decimals": 2},
        "point_name": {"singular": "coin", "plural": "coins"},
        "point_scale": 2,
        "earning": {
            "rules": [
                {
                    "kind": "per_amount",
                    "when": {"starts": "2026-01-02", "weekdays": ["sunday"], "from_time": "08:30:00"},
                    "minimum_bill": "500.00",
                    "on_top": True,
                    "points": "100",
                }
            ]
        },
    }


@pytest.mark.parametrize(("code", "text"), [("JPY", "1234"), ("INR", "12.34"), ("KWD", "1.234")])
def test_amounts_are_written_with_exactly_the_decimals_of_the_currency(code: str, text: str) -> None:
    shop = read_program_value({"currency": code})
    priced = replace(shop, earning=Earning(minimum_bill=Amount(1234)))
    assert program_value(priced)["earning"] == {"minimum_bill": text}


def test_a_file_is_loaded_by_its_ending(tmp_path: Path) -> None:
    toml, json = tmp_path / "a.toml", tmp_path / "a.JSON"
    toml.write_text('currency = "INR"')
    json.write_text('{"currency": "INR"}')
    assert load_program(toml) == load_program(json) == Program(currency=RUPEES)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.txt", b"", "a.txt cannot be a program: its name must end in .toml or .json."),
        ("a.toml", None, "The program a.toml cannot be read: No such file or directory."),
        (
            "a.toml",
            b"x = 1",
            "The program a.toml cannot be used: currency is missing: expected a code such as INR",
        ),
        ("a.toml", b"x = = 1", "The program a.toml cannot be used: document is wrong at line 1, column 5"),
        ("a.json", b"{", "The program a.json cannot be used: document is not JSON"),
    ],
)
def test_a_file_that_is_no_program_is_said_in_one_sentence(
    tmp_path: Path, name: str, text: bytes | None, sentence: str
) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text)
    with pytest.raises(KnownError) as refused:
        load_program(tmp_path / name)
    assert refused.value.sentence.startswith(sentence)
    assert refused.value.sentence.endswith(".")


def test_no_float_is_taken_for_a_figure() -> None:
    value: Any = 0.5
    with pytest.raises(ProgramError, match=r"earning.rules\[0\].per is float"):
        read_program_value(earning(per=value))
