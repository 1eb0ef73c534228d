"""What holds for every test: no unannounced log record, no thread left behind, the same examples each run."""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import cashier_app.scanning  # noqa: F401 - sets what OpenCV reads, before a test imports it

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

THREAD_GRACE_SECONDS = 5.0

# Where pytest is run by hand without a display, Qt would end the whole process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples on every run and every machine; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile(
    "steady",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", settings.get_profile("steady"), derandomize=False, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure(config: pytest.Config) -> None:
    """Say which markers there are."""
    config.addinivalue_line(
        "markers", "expects_log(text): a log record at WARNING or above with this text comes, and is right"
    )


class _Unannounced(logging.Handler):
    """Keeps what is logged at WARNING or above while `caplog` does not capture on purpose."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        super().__init__(logging.WARNING)
        self._caplog = caplog
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record unless the test is inside `caplog.at_level`."""
        if self._caplog.handler.level == logging.NOTSET:
            self.records.append(record)


@pytest.fixture(autouse=True)
def only_announced_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test during which something was logged at WARNING or above that it did not announce."""
    handler = _Unannounced(caplog)
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    said = [f"{record.name}: {record.getMessage()}" for record in handler.records]
    for marker in request.node.iter_markers("expects_log"):
        matching = [text for text in said if marker.args[0] in text]
        assert matching, f"no log record said {marker.args[0]!r}"
        said = [text for text in said if text not in matching]
    assert not said, f"logged without being announced: {said}"


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread running; one about to end gets a moment."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and _is_ours(thread)]
    for thread in left:
        thread.join(THREAD_GRACE_SECONDS)
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"threads left running: {names}"


def _is_ours(thread: threading.Thread) -> bool:
    # A dummy stands for a thread Python did not start, such as one of Qt's pool; it never ends.
    return not isinstance(thread, threading._DummyThread)


class _QtGarbage:
    """Whether widgets of an earlier test may still wait to be collected."""

    waits = False


@pytest.fixture(autouse=True)
def widgets_die_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep Python's collector off worker threads while widgets may be garbage, as the program does."""
    if "qapp" not in request.fixturenames:
        if _QtGarbage.waits:
            gc.collect()
            _QtGarbage.waits = False
        yield
        return
    gc.disable()
    yield
    _QtGarbage.waits = True
    gc.collect(1)
    gc.enable()


@pytest.fixture(autouse=True)
def windows_go_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close and delete every window a test opened: keys of later tests would go to one that stays."""
    if "qapp" not in request.fixturenames:
        yield
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    before = _open_windows()
    yield
    for window in _open_windows():
        if window not in before:
            # A till with unsent sales asks once before it closes.
            _ = window.close() or window.close()
            window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    names = [f"{type(window).__name__} {window.windowTitle()!r}" for window in _open_windows()]
    assert len(names) <= len(before), f"windows that do not close: {names}"


def _open_windows() -> list[QWidget]:
    from PySide6.QtWidgets import QApplication

    return [window for window in QApplication.topLevelWidgets() if window.isVisible()]
