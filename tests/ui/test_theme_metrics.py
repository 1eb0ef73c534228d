import pytest

from ui.theme.metrics import Layout, Metrics

COLUMNS = [
    # size, factor, who, money, keys
    ((1280, 800), 1.0, 372, 540, 280),
    ((1920, 1080), 1.25, 565, 820, 425),
    ((1024, 600), 1.0, 316, 404, 240),
]


@pytest.mark.parametrize(("size", "factor", "who", "money", "keys"), COLUMNS)
def test_columns_fill_the_window(
    size: tuple[int, int], factor: float, who: int, money: int, keys: int
) -> None:
    metrics = Metrics.of(*size)
    assert (metrics.factor, metrics.who_width, metrics.money_width, metrics.keys_width) == (
        factor,
        who,
        money,
        keys,
    )
    margins = 2 * metrics.side_margin + 2 * metrics.column_gap
    assert metrics.who_width + metrics.money_width + metrics.keys_width + margins == size[0]


@pytest.mark.parametrize("size", [(1024, 600), (1280, 720), (1280, 800), (1366, 768), (1920, 1080)])
def test_the_panels_of_the_money_column_fill_the_height(size: tuple[int, int]) -> None:
    m = Metrics.of(*size)
    panels = m.bill_height + m.reward_height + m.pay_height + m.action_height + 3 * m.panel_gap
    assert m.header_height + panels + m.bottom_margin == size[1]
    assert m.pay_height >= 160


def test_the_table_of_the_regular_layout() -> None:
    m = Metrics.of(1280, 800)
    assert m.layout is Layout.REGULAR
    assert (m.header_height, m.side_margin, m.bottom_margin) == (64, 24, 24)
    assert (m.bill_height, m.reward_height, m.pay_height, m.action_height) == (104, 264, 232, 76)
    assert (m.scan_height, m.esc_width, m.panel_padding, m.last_sales_height) == (68, 152, 24, 160)
    assert (m.hero, m.word, m.figure, m.balance) == (104, 72, 44, 48)
    assert m.other_rewards == 3


def test_the_table_of_the_compact_layout() -> None:
    m = Metrics.of(1024, 600)
    assert m.compact
    assert (m.header_height, m.side_margin, m.bottom_margin) == (52, 16, 16)
    assert (m.bill_height, m.reward_height, m.pay_height, m.action_height) == (76, 196, 172, 64)
    assert (m.scan_height, m.esc_width, m.panel_padding, m.last_sales_height) == (56, 140, 16, 0)
    assert (m.hero, m.word, m.figure, m.balance) == (80, 52, 36, 40)
    assert m.drawer_width == 1024


@pytest.mark.parametrize(
    ("size", "layout", "factor"),
    [
        ((1199, 800), Layout.COMPACT, 1.0),
        ((1200, 719), Layout.COMPACT, 1.0),
        ((1200, 720), Layout.REGULAR, 1.0),
        ((1366, 768), Layout.REGULAR, 1.0),
        ((2560, 1440), Layout.REGULAR, 1.75),
        ((3840, 2160), Layout.REGULAR, 2.625),
    ],
)
def test_layout_and_factor(size: tuple[int, int], layout: Layout, factor: float) -> None:
    metrics = Metrics.of(*size)
    assert (metrics.layout, metrics.factor) == (layout, factor)


def test_a_low_window_gets_a_lower_reward_panel_and_a_smaller_hero() -> None:
    low = Metrics.of(1280, 720)
    assert low.tight
    assert (low.reward_height, low.hero, low.other_rewards) == (236, 96, 2)


def test_the_hero_is_larger_on_a_large_screen() -> None:
    assert Metrics.of(1920, 1080).hero == 155  # 124 times 1.25


def test_larger_text_falls_to_compact_when_it_no_longer_fits() -> None:
    assert Metrics.of(1280, 800, 1.5).compact
    assert Metrics.of(1280, 800, 1.5).factor == 1.25
    assert Metrics.of(1920, 1200, 1.0).layout is Layout.REGULAR
    assert Metrics.of(1024, 600, 1.5).factor == 1.0


def test_amounts_step_down_from_their_role() -> None:
    assert Metrics.of(1280, 800).steps_down(44) == (44, 40, 36, 32)
    assert Metrics.of(1920, 1080).steps_down(155)[:3] == (155, 140, 130)
