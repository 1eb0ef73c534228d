"""What points pay for: no point burnt for nothing, no money invented, in rupees, yen and dinars."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.domain.conversion import Blocks, blocks_of, depends_on_bill
from cashier_app.domain.program import Program
from tests.fakes.programs import paying_with_points


def blocks(currency: str = "INR", *, scale: int = 0, step: object = 0, **conversion: object) -> Blocks:
    program = paying_with_points(currency, conversion=conversion, discount_step=step)
    return blocks_of(Program(currency=program.currency, point_scale=scale), program.redemption[0])


@pytest.mark.parametrize(
    ("found", "units", "worth"),
    [
        # One coin is a rupee, so no discount is finer than a rupee.
        (blocks(points=1, value=1), 7, 700),
        # Three coins are a rupee: one is 33 paise, two are 66, three are 100.
        (blocks(points=3, value=1), 1, 33),
        (blocks(points=3, value=1), 2, 66),
        (blocks(points=3, value=1), 3, 100),
        (blocks(points=100, value=50, whole_blocks=True), 250, 10000),
        # A yen has no parts: three points to the yen.
        (blocks("JPY", points=3, value=1), 8, 2),
        (blocks("KWD", points=1000, value=1), 4750, 4750),
        # Steps of five rupees, where seven points pay two rupees: 35 points pay ten.
        (blocks(points=7, value=2, step=5), 69, 1000),
        (blocks(points=7, value=2, step=5), 70, 2000),
        (blocks(points=1, value=1), -5, 0),
    ],
)
def test_what_points_pay_for(found: Blocks, units: int, worth: int) -> None:
    assert found.worth(units) == worth


def test_the_fewest_points_that_pay() -> None:
    thirds = blocks(points=3, value=1)
    assert [thirds.cost(minor) for minor in (0, 1, 33, 34, 100)] == [0, 1, 1, 2, 3]
    whole = blocks(points=100, value=50, whole_blocks=True)
    assert [whole.cost(minor) for minor in (1, 5000, 5001)] == [100, 100, 200]


def test_a_discount_is_lowered_to_a_step_and_takes_only_what_pays_for_it() -> None:
    yen = blocks("JPY", points=3, value=1)
    assert yen.snapped(246, 740) == (246, 738)
    assert yen.snapped(246, 737) == (245, 735)
    assert yen.snapped(0, 740) == (0, 0)
    assert yen.snapped(246, -1) == (0, 0)


def test_the_least_that_may_be_used() -> None:
    one = blocks(points=1, value=1)
    assert one.least(0, 0) == (100, 1)
    assert one.least(150, 0) == (200, 2)
    assert one.least(0, 30) == (3000, 30)
    # A hundred points pay one paisa: no fewer than 150 points are used, so two paise are the least.
    assert blocks(points=100, value="0.01").least(0, 150) == (2, 200)


def test_points_on_lines_that_cost_nothing_are_worth_nothing() -> None:
    program = paying_with_points(conversion={"points": 10, "percent": 5, "whole_blocks": True})
    nothing = blocks_of(program, program.redemption[0], 0)
    assert (nothing.worth(100), nothing.snapped(10, 100), nothing.least(1, 1)) == (0, (0, 0), (0, 0))
    some = blocks_of(program, program.redemption[0], 20000)
    assert (some.worth(20), some.step) == (2000, 1000)


def test_points_for_each_item() -> None:
    conversion = {"points": 10, "value": 2, "each_item": True, "whole_blocks": True, "maximum_quantity": 3}
    program = paying_with_points(conversion=conversion)
    rule = program.redemption[0]
    assert depends_on_bill(rule.conversion)
    assert not depends_on_bill(paying_with_points().redemption[0].conversion)
    assert blocks_of(program, rule, 0, Decimal("1.5")).worth(10) == 300
    assert blocks_of(program, rule, 0, Decimal(8)).worth(25) == 1200


small = st.integers(1, 10**6)
any_blocks = st.builds(Blocks, st.integers(1, 1000), small, small)


@given(any_blocks, st.integers(-10, 10**12), st.integers(-10, 10**9))
def test_snapping_again_changes_nothing(found: Blocks, minor: int, units: int) -> None:
    discount, cost = found.snapped(minor, units)
    assert 0 <= discount <= max(minor, 0)
    assert 0 <= cost <= max(units, 0)
    assert found.worth(cost) == discount
    assert found.snapped(discount, cost) == found.snapped(discount, units) == (discount, cost)
    assert not cost or found.worth(cost - found.units) < discount
    # Nothing larger is within both limits.
    more = cost + found.units
    assert found.worth(more) == discount or found.worth(more) > minor or more > units


@given(any_blocks, st.integers(0, 10**9), st.integers(0, 10**6))
def test_the_least_is_really_the_least(found: Blocks, minor: int, units: int) -> None:
    least, cost = found.least(minor, units)
    assert least >= max(minor, 1)
    assert cost >= units
    assert found.worth(cost) == least
    assert found.cost(least) == cost
    # The discount below it is less than asked for, or paid with fewer points.
    below, below_cost = found.snapped(least - 1, cost)
    assert below < max(minor, 1) or below_cost < units
