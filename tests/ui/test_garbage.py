"""Garbage is collected where widgets may die: on the UI thread."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.garbage import GarbageCollector


class Loop:
    """A cycle that says on which thread it was taken apart."""

    def __init__(self, died_on: list[int]) -> None:
        self.me = self
        self._died_on = died_on

    def __del__(self) -> None:
        self._died_on.append(threading.get_ident())


@pytest.fixture
def collector(qapp: object) -> Iterator[GarbageCollector]:
    parent = QObject()
    collector = GarbageCollector(parent)
    collector.begin()
    yield collector
    collector.stop()
    gc.unfreeze()
    parent.deleteLater()


def make_garbage(died_on: list[int]) -> None:
    for _ in range(5000):
        Loop(died_on)


def test_a_worker_never_collects(collector: GarbageCollector) -> None:
    died_on: list[int] = []
    worker = threading.Thread(target=make_garbage, args=(died_on,))
    worker.start()
    worker.join()
    assert died_on == []
    collector.collect()
    assert len(died_on) == 5000
    assert set(died_on) == {threading.get_ident()}


def test_it_collects_by_itself(qtbot: QtBot, collector: GarbageCollector) -> None:
    died_on: list[int] = []
    make_garbage(died_on)
    qtbot.waitUntil(lambda: len(died_on) == 5000, timeout=5000)


def test_what_was_loaded_after_the_first_frame_is_never_looked_at() -> None:
    parent = QObject()
    collector = GarbageCollector(parent)
    loaded = [[] for _ in range(5000)]  # type: ignore[var-annotated]
    try:
        assert len(gc.get_objects(generation=0)) >= len(loaded)
        collector.begin()
        assert gc.get_freeze_count() >= len(loaded)
        assert len(gc.get_objects(generation=0)) < len(loaded)
    finally:
        collector.stop()
        gc.unfreeze()
        parent.deleteLater()


def test_control_without_it_the_worker_collects() -> None:
    assert gc.isenabled()
    died_on: list[int] = []
    worker = threading.Thread(target=make_garbage, args=(died_on,))
    worker.start()
    worker.join()
    assert died_on
    assert set(died_on) != {threading.get_ident()}
