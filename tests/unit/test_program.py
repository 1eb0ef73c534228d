"""A program that makes no sense is refused by naming the part."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.money import MAX_MINOR
from cashier_app.domain.program import (
    MAX_RULES,
    Cap,
    Conversion,
    Earning,
    Program,
    ProgramError,
    Redemption,
    Reward,
    RewardKind,
    Step,
    check_program,
)
from tests.fakes.shop import COINS, DINARS

ONE = Conversion(Decimal(1), 100)
CUP = Reward("cup", "Cup", RewardKind.GIFT, Decimal(120))


def with_redemption(**changes: object) -> Program:
    return replace(COINS, redemption=replace(COINS.redemption, **changes))  # type: ignore[arg-type]


def with_earning(**changes: object) -> Program:
    return replace(COINS, earning=replace(COINS.earning, **changes))  # type: ignore[arg-type]


def with_reward(**changes: object) -> Program:
    return replace(COINS, rewards=(replace(CUP, **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "program",
    [
        COINS,
        DINARS,
        with_redemption(maximum_percent=1),
        with_redemption(maximum_percent=100),
        with_redemption(caps=()),
        with_earning(tier_multipliers={"Gold": Decimal("1.5"), "None": Decimal(0)}),
        with_reward(kind=RewardKind.PERCENT_OFF, value=100, maximum=5000),
        replace(COINS, point_scale=4, rewards=(replace(CUP, cost=Decimal("0.0001")),)),
    ],
)
def test_programs_that_make_sense(program: Program) -> None:
    assert check_program(program) is program


@pytest.mark.parametrize(
    ("program", "path"),
    [
        (replace(COINS, point_scale=5), "point_scale"),
        (replace(COINS, point_scale=-1), "point_scale"),
        (with_redemption(conversion=Conversion(Decimal(0), 100)), "redemption.conversion.points"),
        (with_redemption(conversion=Conversion(Decimal("0.5"), 100)), "redemption.conversion.points"),
        (with_redemption(conversion=Conversion(Decimal("NaN"), 100)), "redemption.conversion.points"),
        (with_redemption(conversion=Conversion(Decimal("Infinity"), 100)), "redemption.conversion.points"),
        (with_redemption(conversion=Conversion(Decimal(1), 0)), "redemption.conversion.value"),
        (with_redemption(conversion=Conversion(Decimal(1), MAX_MINOR + 1)), "redemption.conversion.value"),
        (with_redemption(start_points=Decimal(-1)), "redemption.start_points"),
        (with_redemption(minimum_bill=-1), "redemption.minimum_bill"),
        (with_redemption(minimum_to_pay=MAX_MINOR + 1), "redemption.minimum_to_pay"),
        (with_redemption(maximum_percent=0), "redemption.maximum_percent"),
        (with_redemption(maximum_percent=101), "redemption.maximum_percent"),
        (with_redemption(caps=(Cap(0, 1),) * (MAX_RULES + 1)), "redemption.caps"),
        (with_redemption(caps=(Cap(0, -1),)), "redemption.caps[0].maximum"),
        (with_redemption(caps=(Cap(500, 1), Cap(500, 2))), "redemption.caps[1].from_bill"),
        (with_redemption(caps=(Cap(-1, 1),)), "redemption.caps[0].from_bill"),
        (with_earning(points=Decimal("1E+16")), "earning.points"),
        (with_earning(per=0), "earning.per"),
        (with_earning(minimum_bill=-1), "earning.minimum_bill"),
        (with_earning(tier_multipliers={"Gold": Decimal(101)}), "earning.tier_multipliers.Gold"),
        (with_earning(tier_multipliers={"Gold": Decimal("NaN")}), "earning.tier_multipliers.Gold"),
        (replace(COINS, rewards=(CUP,) * (MAX_RULES + 1)), "rewards"),
        (with_reward(cost=Decimal(0)), "rewards[0].cost"),
        (with_reward(cost=Decimal("0.5")), "rewards[0].cost"),
        (with_reward(value=-1), "rewards[0].value"),
        (with_reward(kind=RewardKind.PERCENT_OFF, value=101), "rewards[0].value"),
        (with_reward(minimum_bill=-1), "rewards[0].minimum_bill"),
        (with_reward(maximum=-1), "rewards[0].maximum"),
    ],
)
def test_the_part_that_makes_no_sense_is_named(program: Program, path: str) -> None:
    with pytest.raises(ProgramError) as refused:
        check_program(program)
    assert refused.value.path == path
    assert str(refused.value).startswith(f"{path} is ")


@pytest.mark.parametrize(
    ("conversion", "scale", "step"),
    [
        (ONE, 0, Step(1, 100)),
        (Conversion(Decimal(1000), 1000), 0, Step(1, 1)),
        (Conversion(Decimal(100), 250), 0, Step(2, 5)),
        (Conversion(Decimal(100), 250, whole_blocks=True), 0, Step(100, 250)),
        (Conversion(Decimal("0.5"), 10), 1, Step(1, 2)),
        (Conversion(Decimal(7), 3), 0, Step(7, 3)),
    ],
)
def test_the_smallest_step_leaves_no_dust(conversion: Conversion, scale: int, step: Step) -> None:
    assert conversion.step(scale) == step


def test_a_program_without_limits_is_a_program() -> None:
    free = replace(COINS, redemption=Redemption(ONE), earning=Earning(Decimal(0), 1), rewards=())
    assert check_program(free) is free
