"""Results come back on the UI thread, once each, and closing waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from ui.background import Background


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def test_result_arrives_on_the_calling_thread(background: Background, qtbot: QtBot) -> None:
    seen: list[tuple[str, bool]] = []
    main = QThread.currentThread()
    background.run(
        lambda: "worker" if threading.current_thread() is not threading.main_thread() else "main",
        lambda result: seen.append((result, QThread.currentThread() == main)),
        lambda error: seen.append((repr(error), False)),
    )
    assert seen == [], "nothing is called before run returns"
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [("worker", True)]


def test_failure_goes_to_failed(background: Background, qtbot: QtBot) -> None:
    failures: list[BaseException] = []

    def work() -> str:
        raise ValueError("no")

    background.run(work, lambda _: failures.append(AssertionError("done")), failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert [str(failure) for failure in failures] == ["no"]


def test_many_results_each_once(background: Background, qtbot: QtBot) -> None:
    seen: list[int] = []
    for number in range(500):
        background.run(lambda number=number: number, seen.append, pytest.fail)
    qtbot.waitUntil(lambda: len(seen) >= 500)
    assert sorted(seen) == list(range(500))


def test_close_waits_for_running_work_and_calls_nobody(qtbot: QtBot) -> None:
    background = Background()
    started, may_end = threading.Event(), threading.Event()
    finished: list[str] = []
    called: list[object] = []

    def work() -> None:
        started.set()
        may_end.wait(5)
        finished.append("written")

    background.run(work, called.append, called.append)
    assert started.wait(5)
    closer = threading.Timer(0.05, may_end.set)
    closer.start()
    background.close()
    assert finished == ["written"]
    qtbot.wait(1)
    assert called == []
    with pytest.raises(RuntimeError):
        background.run(lambda: None, called.append, called.append)
