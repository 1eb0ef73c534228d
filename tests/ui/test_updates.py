"""The window lets updates be asked for only while nobody is served, and says once that one is ready."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from cashier_app import update_opening
from cashier_app.update_opening import UpdateWatch
from cashier_app.updating.fetching import Patience
from cashier_app.updating.updates import Ready, ready_in
from tests.fakes.runner import Immediate
from tests.ui import sample_views
from tests.ui.fake_till import FakeTill
from tests.ui.till_host import make_window
from tests.updating.repository_server import KIND, Publisher, RepositoryServer
from tests.updating.test_update_command import SETTINGS
from ui.background import Background
from ui.updates import UpdateEntry, give_updates

pytestmark = pytest.mark.usefixtures("qapp")
READY = Ready("9.0.0", "deb-x86_64", "cashier-app_9.0.0_amd64.deb", 1, "00")


class SpyWatch:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told_quiet: list[bool] = []
        self.running = False
        self.patience = self

    def be_quiet(self, *, quiet: bool) -> None:
        self.told_quiet.append(quiet)

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False


class Shop:
    def __init__(self, state: str) -> None:
        self.till = FakeTill(sample_views.STATES[state]())
        self.window = make_window(self.till)
        self.said: list[str] = []
        self.window.screen_of_till.who.remark = self._remark  # type: ignore[method-assign]
        self.entry = UpdateEntry(self.window, Immediate())
        self.watch = SpyWatch()
        self.entry.begin(self.watch)  # type: ignore[arg-type]

    def _remark(self, sentence: object, **_: object) -> None:
        self.said.append(getattr(sentence, "full", ""))


def test_a_sale_holds_it_and_the_next_customer_lets_it_go_on() -> None:
    shop = Shop("offer")
    assert shop.watch.running
    assert shop.watch.told_quiet == [False], "told before it begins"
    shop.till.show(sample_views.STATES["idle"]())
    assert shop.watch.told_quiet[-1]
    shop.entry.close()
    assert not shop.watch.running


def test_it_is_said_once_and_never_over_a_sale() -> None:
    shop = Shop("offer")
    shop.entry.told(READY)
    assert shop.said == []
    shop.till.show(sample_views.STATES["idle"]())
    assert shop.said == ["Version 9.0.0 is ready. Tell who looks after this till."]
    shop.till.show(sample_views.STATES["offer"]())
    shop.till.show(sample_views.STATES["idle"]())
    shop.entry.told(READY)
    assert len(shop.said) == 1, "it is asked for every six hours, and told once"


def test_a_watch_that_comes_after_the_end_is_not_begun() -> None:
    shop = Shop("idle")
    shop.entry.close()
    late = SpyWatch()
    shop.entry.begin(late)  # type: ignore[arg-type]
    assert not late.running


@pytest.mark.parametrize("options", [{"demo": True, "training": False}, {"demo": False, "training": True}])
def test_what_is_not_real_asks_nobody(options: dict[str, bool]) -> None:
    window = make_window(FakeTill(sample_views.STATES["idle"]()))
    asked: list[Callable[[], object]] = []

    class NoRunner(Immediate):
        def run(self, *work: object) -> None:  # type: ignore[override]
            asked.append(work[0])  # type: ignore[arg-type]

    give_updates(window, None, argparse.Namespace(config=Path("x"), **options), NoRunner())  # type: ignore[arg-type]
    assert asked == []


def test_patience_is_quiet_until_told_otherwise() -> None:
    patience = Patience()
    patience.hold()
    assert not patience.wait(0)


def test_a_real_till_asks_brings_it_here_and_says_so(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_opening, "kind_here", lambda: KIND)
    shop = Shop("offer")
    shop.entry.close()
    background = Background()
    with RepositoryServer(tmp_path / "repository") as server:
        publisher = Publisher(tmp_path / "repository")
        (tmp_path / "root.json").write_bytes(publisher.begin())
        publisher.publish("9.0.0")
        (tmp_path / "till.toml").write_text(
            f'{SETTINGS}\n[updates]\nenabled = true\naddress = "{server.address}"\nroot_file = "root.json"\n',
            encoding="utf-8",
        )
        monkeypatch.setattr("ui.updates.UpdateWatch", partial(UpdateWatch, first=0.0))
        till = SimpleNamespace(folder=tmp_path / "data")
        options = argparse.Namespace(config=tmp_path / "till.toml", demo=False, training=False)
        give_updates(shop.window, till, options, background)  # type: ignore[arg-type]
        entry = shop.window.findChildren(UpdateEntry)[-1]
        qtbot.waitUntil(lambda: entry._watch is not None)
        assert server.asked == [], "somebody is served"
        shop.till.show(sample_views.STATES["idle"]())
        qtbot.waitUntil(
            lambda: shop.said == ["Version 9.0.0 is ready. Tell who looks after this till."], timeout=10_000
        )
        entry.close()
    background.close()
    assert ready_in(tmp_path / "data" / "updates", "0.1.0") is not None
