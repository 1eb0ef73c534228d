"""Blocking work off the UI thread, with its results brought back to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Result = TypeVar("Result")

_WORKERS = 4  # one for the sale, one for the queue, two for pictures: more would only wait for the disk


class Background(QObject):
    """Runs work in a small pool and calls back on the thread it was made on, which must run an event loop.

    One object for the life of the window. Results wait in a queue of our own and one signal without
    arguments says that there is one: a runnable that owned its signals would lose results when it dies,
    and nothing but the signal has to cross Qt's event queue.
    """

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: deque[Callable[[], None]] = deque()
        self._closed = False
        self._arrived.connect(self._call_back, Qt.ConnectionType.QueuedConnection)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor  # the first frame needs no worker

        return ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="background")

    def run(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Start the work; exactly one of the two callbacks follows, unless `close` comes first.

        Raises:
            RuntimeError: After `close`.
        """
        self._pool.submit(self._work, work, done, failed)

    def post(self, callback: Callable[[], None]) -> None:
        """Call back later on the thread this object was made on. From any thread; dropped after `close`."""
        if not self._closed:
            self._results.append(callback)
            self._arrived.emit()

    def close(self) -> None:
        """Wait for the work that was accepted. Its callbacks are not called: nobody is there to see them."""
        self._closed = True
        self._pool.shutdown(wait=True)
        self._results.clear()

    def _work(
        self,
        work: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - handed to the caller, who decides
            self._results.append(partial(failed, error))
        else:
            self._results.append(partial(done, result))
        if not self._closed:
            self._arrived.emit()

    @Slot()
    def _call_back(self) -> None:
        # One result for one signal: a callback that raises costs no other its result.
        if self._results:
            self._results.popleft()()
