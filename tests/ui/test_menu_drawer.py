"""The menu has room for every entry there is, in the smallest window, and a key for each."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from cashier_app.wording.menu import Entry, MenuFacts
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import SIZES, make_window
from ui.screens.menu_drawer import MenuDrawer
from ui.theme.motion import STILL


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("entries", [tuple(Entry), tuple(Entry)[:14], tuple(Entry)[:6]])
def test_every_entry_has_room_and_a_key(
    qtbot: QtBot, size: tuple[int, int], entries: tuple[Entry, ...]
) -> None:
    window = make_window(FakeTill(sample_views.offer()), size=size)
    qtbot.addWidget(window)
    done: list[Entry] = []
    menu = MenuDrawer(
        lambda: {entry: lambda entry=entry: done.append(entry) for entry in entries},  # type: ignore[misc]
        MenuFacts,
        window.screen_of_till.wording(),
        motion=STILL,
        parent=window,
    )
    menu.set_look(window.screen_of_till.look())
    menu.setGeometry(window.rect())
    menu.open_drawer()
    rows = list(menu.rows.values())
    for row in rows:
        assert menu._panel.rect().contains(row.geometry()), row.text()
        assert row.height() >= 48
        assert not any(row.geometry().intersects(other.geometry()) for other in rows if other is not row)
    assert len({row.key() for row in rows}) == len(entries)
    menu.choose(rows[-1].key())
    assert done == [list(menu.rows)[-1]]
