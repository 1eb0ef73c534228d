"""The pay panel in little room: above the coach of a lesson no comma hangs into the line below the figure."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from cashier_app.wording import Sentence
from tests.ui import sample_views
from tests.ui.who_host import wording_of
from ui.theme.look import Look
from ui.theme.metrics import Metrics
from ui.theme.motion import Motion
from ui.theme.tokens import LIGHT
from ui.widgets.pay_panel import PayPanel


def panel_of(qtbot: QtBot, size: tuple[int, int], high: int) -> PayPanel:
    """Return the panel of a sale that needs attention, as low as asked for, while it counts down."""
    made = PayPanel(Motion())
    qtbot.addWidget(made)
    made.set_look(Look(LIGHT, Metrics.of(*size)))
    made.resize(540, high)
    made.show_view(sample_views.done_stuck(), wording_of())
    made.show()
    made.show_countdown(Sentence.of("Clears in 6 s"), 0.5)
    return made


@pytest.mark.parametrize(("size", "high"), [((1024, 600), 130), ((1280, 800), 191), ((1280, 800), 240)])
def test_the_figure_stands_clear_of_the_line_below(qtbot: QtBot, size: tuple[int, int], high: int) -> None:
    panel = panel_of(qtbot, size, high)
    amount, below = panel.amount(), panel._left
    assert "," in amount.text(), "a comma hangs lowest"
    assert panel._bar.isVisible(), "which lifts the line"
    top_of_text = below.y() + (below.height() - QFontMetricsF(below.font()).capHeight()) / 2
    assert amount.y() + amount.lowest_ink() <= top_of_text
    assert amount.y() >= panel._title.geometry().bottom()


def test_with_room_the_figure_stays_where_it_was(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, (1280, 800), 240)
    counted = panel.amount().geometry()
    panel.show_countdown(None, None)
    assert panel.amount().geometry() == counted
