"""Programs that are not one way to pay with points, and the example programs, at the till."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.documents.program_document import load_program, program_value
from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import TakeMaximum, TakeReward
from cashier_app.domain.member import Account, Lapse, Member, TierStanding, Usage, Used
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import Program
from cashier_app.paths import resources
from cashier_app.ports.journal import SaleLine
from cashier_app.services.till_view import Step, Target, TillView, Today
from tests.fakes.shop import COINS, PRIYA, altered, gift, percent_off
from tests.ui.sample_shop import NOW, PRIYAS_ACCOUNT, TODAY, in_rupees, serving

CATALOGUE = altered(
    COINS,
    redemption=[],
    rewards=[
        gift("coffee", "Free coffee", 120),
        percent_off("tenth", "10% off", 1500, 10),
        gift("bag", "Tote bag", 2000),
    ],
)
COLLECT_ONLY = altered(COINS, redemption=[], rewards=[])
_DOUBLE = {"conversion": {"points": 1, "value": 2}, "minimum_bill": 500, "maximum_discount": 150}
SEVERAL_RULES = altered(
    COINS,
    redemption=[
        program_value(COINS)["redemption"][0],  # type: ignore[index]
        {**_DOUBLE, "rule_id": "double", "name": "Double value"},
        {**_DOUBLE, "rule_id": "tuesday", "name": "Happy day", "when": {"weekdays": ["tuesday"]}},
        {
            **_DOUBLE,
            "rule_id": "hour",
            "when": {"weekdays": ["friday"], "from_time": "16:00", "until_time": "18:00"},
        },
    ],
    rewards=[],
)
LOCKED = altered(
    COINS,
    redemption=[
        {
            **program_value(COINS)["redemption"][0],  # type: ignore[index]
            "quotas": {"day": {"points": 300}},
        }
    ],
    rewards=[
        {**gift("coffee", "Free coffee", 120), "per_day": 1},
        {**gift("bag", "Tote bag", 400), "when": {"tiers": ["Platinum"]}},
        {**percent_off("tenth", "10% off", 500, 10), "when": {"starts": "2026-12-01"}},
    ],
)


def catalogue() -> TillView:
    """Coins pay for rewards only."""
    return serving(PRIYA, PRIYAS_ACCOUNT, in_rupees("2360"), program=CATALOGUE)


def catalogue_before_bill() -> TillView:
    """The same, before a bill is typed."""
    return serving(PRIYA, PRIYAS_ACCOUNT, in_rupees(""), program=CATALOGUE)


def catalogue_chosen() -> TillView:
    """The free coffee is taken."""
    view = serving(
        PRIYA,
        PRIYAS_ACCOUNT,
        in_rupees("2360"),
        program=CATALOGUE,
        choice=TakeReward("coffee"),
        step=Step.REWARD,
        target=Target.DISCOUNT,
    )
    return replace(view, marked_reward="coffee")


def catalogue_out_of_reach() -> TillView:
    """No reward is within reach."""
    few = replace(PRIYAS_ACCOUNT, balance=Decimal(90))
    return serving(PRIYA, few, in_rupees("2360"), program=CATALOGUE)


def collect_only() -> TillView:
    """Coins are collected and never used at the till."""
    return serving(PRIYA, PRIYAS_ACCOUNT, in_rupees("2360"), program=COLLECT_ONLY)


def collect_only_before_bill() -> TillView:
    """The same, before a bill is typed."""
    return serving(PRIYA, PRIYAS_ACCOUNT, in_rupees(""), program=COLLECT_ONLY)


def other_rules() -> TillView:
    """Several rules, one of them better than the others, two of them at other times."""
    return serving(PRIYA, PRIYAS_ACCOUNT, in_rupees("2360"), program=SEVERAL_RULES)


def rule_chosen() -> TillView:
    """Another rule than the program's pick is chosen."""
    view = serving(
        PRIYA,
        PRIYAS_ACCOUNT,
        in_rupees("2360"),
        program=SEVERAL_RULES,
        choice=TakeMaximum("double"),
        step=Step.REWARD,
        target=Target.DISCOUNT,
    )
    return replace(view, marked_reward="rule:double")


def used_today() -> TillView:
    """Part of the day's limit is used, and each reward has its own reason not to be had."""
    from cashier_app.domain.member import RewardUse

    used = Used(points=Decimal(180), discount=18000, uses=1)
    account = replace(
        PRIYAS_ACCOUNT,
        usage=Usage(day=used, week=used, month=used, year=used, ever=used),
        reward_uses={"coffee": RewardUse(1, 4)},
    )
    return serving(PRIYA, account, in_rupees("2360"), program=LOCKED)


PROGRAM_STATES: dict[str, Callable[[], TillView]] = {
    "catalogue": catalogue,
    "catalogue-before-bill": catalogue_before_bill,
    "catalogue-chosen": catalogue_chosen,
    "catalogue-out-of-reach": catalogue_out_of_reach,
    "collect-only": collect_only,
    "collect-only-before-bill": collect_only_before_bill,
    "other-rules": other_rules,
    "rule-chosen": rule_chosen,
    "used-today": used_today,
}
"""More states of the till, for programs that are not one way to pay with points."""


class Example(Struct, frozen=True):
    """One of the example programs at a till of its country.

    Args:
        file: Its name in resources/programs.
        account: The member's.
        bill: As typed.
        locale: Of the till.
        step: Bill or reward.
        choice: What is chosen beside points, by the id of a reward; empty for the most points.
    """

    file: str
    member: Member
    account: Account
    bill: tuple[str, str | None]
    locale: str
    region: str
    step: Step = Step.BILL
    reward: str = ""

    @property
    def program(self) -> Program:
        """Return the program in the file."""
        return load_program(resources() / "programs" / Path(self.file))

    def view(self) -> TillView:
        """Return the till with this member and this bill."""
        program = self.program
        units, decimals = self.bill
        target = Target.BILL if self.step is Step.BILL else Target.DISCOUNT
        view = serving(
            self.member,
            self.account,
            AmountEntry(program.currency, units, decimals),
            program=program,
            step=self.step,
            target=target,
            choice=TakeReward(self.reward) if self.reward else None,
            today=_day_in(program.currency),
        )
        return replace(view, marked_reward=self.reward)


def _day_in(currency: Currency) -> Today:
    """Return the sample day with amounts a shop of this currency would take."""
    scale = currency.minor_per_unit * {"INR": 240, "JPY": 100, "KWD": 1}.get(currency.code, 5)

    def in_currency(line: SaleLine, units: int) -> SaleLine:
        paid = Money(units * scale, currency)
        sale = replace(line.sale, bill=paid, discount=Money(0, currency), paid=paid)
        return replace(line, sale=sale)

    lines = tuple(in_currency(line, units) for line, units in zip(TODAY.last_sales, (9, 4, 31), strict=True))
    return replace(TODAY, last_sales=lines)


EXAMPLES: dict[str, Example] = {
    "coins-inr": Example(
        "coins-inr.toml", PRIYA, replace(PRIYAS_ACCOUNT, tier=None), ("2360", None), "en_IN", "IN"
    ),
    "cashback-percent": Example(
        "cashback-percent.toml",
        Member("m-11", "Niamh Byrne", masked_phone="+353 •• ••• ••64"),
        Account(Decimal("12.40"), NOW, store_credit=Money(500, Currency("EUR", 2))),
        ("18", "60"),
        "en_IE",
        "IE",
    ),
    "stepped-blocks": Example(
        "stepped-blocks.toml",
        Member("m-12", "Dana Whitfield", masked_phone="+1 ••• ••• ••19"),
        Account(Decimal(3180), NOW, lapses=Lapse(Decimal(640), date(2026, 11, 30))),
        ("42", "50"),
        "en_US",
        "US",
    ),
    "reward-catalogue": Example(
        "reward-catalogue.toml",
        Member("m-13", "Gareth Pugh", masked_phone="+44 •••• •••207"),
        Account(Decimal(46), NOW),
        ("18", "40"),
        "en_GB",
        "GB",
        Step.REWARD,
        "five-off",
    ),
    "tiers-multipliers": Example(
        "tiers-multipliers.toml",
        Member("m-14", "Marisol Vega", masked_phone="+1 ••• ••• ••83"),
        Account(
            Decimal(6200),
            NOW,
            tier=TierStanding("Silver", 1, 3, "Gold", Money(32000, Currency("USD", 2)), 680),
        ),
        ("240", None),
        "en_US",
        "US",
    ),
    "yen-no-decimals": Example(
        "yen-no-decimals.toml",
        Member("m-15", "佐藤 恵", masked_phone="+81 ••• •••• ••52"),
        Account(Decimal(1845), NOW, lapses=Lapse(Decimal(210), date(2026, 11, 27))),
        ("3480", None),
        "en_US",
        "JP",
    ),
    "dinar-three-decimals": Example(
        "dinar-three-decimals.toml",
        Member("m-16", "عبد الرحمن بن محمد الخليلي", masked_phone="+965 •••• •317"),
        Account(Decimal("5420.5"), NOW),
        ("23", "750"),
        "en_KW",
        "KW",
    ),
}
"""The example programs as the pictures of the documentation show them."""
