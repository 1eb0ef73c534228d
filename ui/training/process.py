"""Training as a process of its own, started by the work till and never outliving it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from ui.training.lifeline import END, OPENED, SHOW, Handover, Word

PATIENCE_MS = 5_000
"""How long training may take to end once it must."""
_MOST_SAID = 4096


class TrainingProcess(QObject):
    """One training. All of it on the UI thread; only `close` waits.

    Args:
        command: Program and arguments; see `training_command`.
    """

    opened = Signal()  # its window is seen
    ended = Signal(bool)  # whether as it should; not when it died, or never began

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._said = b""
        self._over = False
        self.was_seen = False
        self._process = QProcess(self)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        # What it logs is seen where the till's is.
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._heard)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._process.kill)

    @property
    def process_id(self) -> int:
        """Return the process's id; 0 while there is none."""
        return int(self._process.processId())

    def start(self, handover: Handover) -> None:
        """Begin; `opened` follows, or `ended`."""
        self._process.start()
        self._write(handover)

    def show(self) -> None:
        """Ask training to come to the front."""
        self._write(Word(SHOW))

    def ask_to_end(self) -> None:
        """Ask training to end; in the middle of something it asks whoever learns first."""
        self._write(Word(END))

    def end_now(self) -> None:
        """End training without a question; one that does not listen is killed after a while."""
        self._process.closeWriteChannel()
        self._patience.start()

    def close(self) -> None:
        """End training and wait for it: the till itself ends."""
        self._over = True
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(PATIENCE_MS):
            self._process.kill()
            self._process.waitForFinished(PATIENCE_MS)

    def _write(self, told: Struct) -> None:
        if not self._over:
            self._process.write(msgspec.json.encode(told) + b"\n")

    def _heard(self) -> None:
        said = self._said + bytes(self._process.readAllStandardOutput().data())
        if OPENED in said:
            self.was_seen = True
            self.opened.emit()
        self._said = said.rpartition(b"\n")[2][-_MOST_SAID:]

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(properly=False)

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._end(properly=status is QProcess.ExitStatus.NormalExit and code == 0)

    def _end(self, *, properly: bool) -> None:
        self._patience.stop()
        if not self._over:
            self._over = True
            self.ended.emit(properly)


def training_command(
    *, config: Path | None = None, data: Path | None = None, camera: str | None = None
) -> list[str]:
    """Return what starts training beside this till: the same program, frozen or not.

    Args:
        config: The till's settings file, where it has one.
        data: Training's own folder; its usual one when not given.
        camera: What `--camera` said.
    """
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "ui"]
    told = [*program, "--training", "--till-fd", "0"]
    if config is not None:
        told += ["--config", str(config.absolute())]
    if data is not None:
        told += ["--data", str(data.absolute())]
    return [*told, "--camera", camera] if camera else told
