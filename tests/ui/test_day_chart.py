"""Charts: loaded late and off the way, drawn on whole pixels in the till's colours, read by everybody."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier_app.wording.day_parts import ChartWords, Drawn, Series, TableWords
from cashier_app.wording.sentences import Sentence
from tests.fakes.runner import Immediate
from tests.ui.pictures import colour_at
from ui.theme.look import Look
from ui.theme.metrics import Metrics
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.widgets.day_plot import DayPlot, nice_step

NO_TABLE = TableWords("", Sentence.of(""), (), (), ())


def chart(*series: Series, places: int = 4) -> ChartWords:
    names = tuple(f"{place:02}" for place in range(places))
    return ChartWords(Sentence.of("Chart"), names, names, series, names, NO_TABLE, "Chart")


def series(drawn: Drawn, *values: float | None) -> Series:
    return Series(Sentence.of(drawn.value), drawn, values)


@pytest.fixture
def board(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


def plotted(board: QWidget, words: ChartWords, theme: Theme = LIGHT) -> tuple[DayPlot, QImage]:
    plot = DayPlot(board)
    plot.set_look(Look(theme, Metrics.of(1280, 800)))
    plot.setGeometry(0, 0, 500, 300)
    plot.show_chart(words, str)
    plot.show()
    return plot, board.grab().toImage()


@given(st.floats(0, 1e12))
def test_four_parts_hold_the_largest_value_and_little_more(largest: float) -> None:
    step = nice_step(largest)
    assert step * 4 >= largest
    assert step == 1 or step * 4 <= largest * 2.51


def middle(plot: DayPlot, place: int, value: float) -> tuple[int, int]:
    box, step = plot.plot_box(), plot._step * 4
    count = len(plot._words.places) if plot._words else 1
    return round(box.left() + (place + 0.5) * box.width() / count), round(
        box.bottom() - box.height() * value / step
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_end_where_their_values_are(board: QWidget, theme: Theme) -> None:
    words = chart(series(Drawn.SOLID, 2, 4, 0, 1), series(Drawn.HATCHED, 0, 0, 3, 0))
    plot, image = plotted(board, words, theme)
    for place, value in enumerate((2, 4, 0, 1)):
        x, y = middle(plot, place, value)
        if value:
            assert colour_at(image, x, y + 4) == theme.accent
        assert colour_at(image, x, y - 5) != theme.accent
    x, y = middle(plot, 2, 1.5)
    around = {colour_at(image, x + dx, y + dy) for dx in range(-8, 8) for dy in range(-8, 8)}
    assert theme.surface in around
    assert theme.accent not in around
    assert len(around) > 2  # hatched


def test_a_short_line_is_seen_on_a_bar_and_beside_it(board: QWidget) -> None:
    plot, image = plotted(
        board, chart(series(Drawn.SOLID, 4, 0, 0, 0), series(Drawn.SHORT_LINE, 2, 3, None, 0))
    )
    for place, value in ((0, 2), (1, 3), (3, 0)):
        x, y = middle(plot, place, value)
        column = {colour_at(image, x, y + dy) for dy in range(-2, 3)}
        assert LIGHT.ink in column, place
    x, _ = middle(plot, 2, 0)
    assert LIGHT.ink not in {colour_at(image, x, y) for y in range(10, 250)}


def test_a_line_breaks_off_where_nothing_is_known(board: QWidget) -> None:
    plot, image = plotted(board, chart(series(Drawn.THICK_LINE, 4, 4, None, None)))
    x, y = middle(plot, 1, 4)
    assert LIGHT.accent in {colour_at(image, x - 20, y + dy) for dy in range(-2, 3)}
    x, _ = middle(plot, 3, 4)
    assert LIGHT.accent not in {colour_at(image, x, y) for y in range(10, 260)}


def test_one_known_day_is_a_dot(board: QWidget) -> None:
    plot, image = plotted(board, chart(series(Drawn.THICK_LINE, None, 3, None, None)))
    x, y = middle(plot, 1, 3)
    assert LIGHT.accent in {colour_at(image, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}


def test_values_read_back_are_those_given(board: QWidget) -> None:
    given_values = [(1, 0, 5, 2), (0, 2, 1, 1), (3, None, 2, 0)]
    drawn = (Drawn.SOLID, Drawn.HATCHED, Drawn.SHORT_LINE)
    words = chart(*(series(how, *values) for how, values in zip(drawn, given_values, strict=True)))
    plot, _ = plotted(board, words)
    assert [tuple(item.values()) for item in plot.items_shown] == given_values


def test_the_same_words_draw_nothing_anew(board: QWidget) -> None:
    words = chart(series(Drawn.SOLID, 1, 2, 3, 4))
    plot, _ = plotted(board, words)
    items = plot.items_shown
    plot.show_chart(chart(series(Drawn.SOLID, 1, 2, 3, 4)), str)
    assert plot.items_shown is items


def test_no_menu_no_zoom_no_focus_and_no_opengl(board: QWidget) -> None:
    plot, _ = plotted(board, chart(series(Drawn.SOLID, 1, 2, 3, 4)))
    assert not plot.box.menuEnabled()
    assert plot.box.mouseEnabled() == [False, False]
    assert type(plot.viewport()) is QWidget


LATE = """
import json, sys
before = sys.excepthook
import ui.widgets.day_chart, ui.screens.day_page
early = "pyqtgraph" in sys.modules
import ui.widgets.day_plot
json.dump([early, sys.excepthook is before, "PySide6.QtOpenGLWidgets" in sys.modules], sys.stdout)
"""


def test_the_page_does_not_import_pyqtgraph_and_pyqtgraph_takes_no_hook() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATE], capture_output=True, text=True, check=True, timeout=60
    )
    early, hook_kept, _ = json.loads(done.stdout)
    assert not early
    assert hook_kept


@pytest.mark.expects_log("charts cannot be drawn")
def test_a_chart_that_cannot_be_drawn_leaves_its_table(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.widgets import day_chart

    monkeypatch.setattr(day_chart, "PLOT_MODULE", "ui.widgets.no_such_plot")
    card = day_chart.DayChart()
    qtbot.addWidget(card)
    card.load(Immediate())
    assert card.shows_table()
