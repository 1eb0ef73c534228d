"""Collect garbage on the UI thread only.

Python collects on whichever thread happens to make the next object. When that is a worker and a widget is in
the garbage, Qt's object is taken apart on the wrong thread and the process ends.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000


class GarbageCollector(QObject):
    """Takes over from Python's own collector for the life of the window; nothing is collected before `begin`.

    A round costs what a generation holds: with all that was there at the start frozen, well under a frame.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)

    def begin(self) -> None:
        """Collect from now on. What was loaded meanwhile stays: a look at all of it takes two frames."""
        gc.freeze()
        self._timer.start()

    def collect(self) -> None:
        """Collect the generations that are due, by Python's own thresholds."""
        for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
            if count <= threshold:
                break
            gc.collect(generation)

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()
