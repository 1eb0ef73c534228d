"""Where frames come from: a camera by name, a video file, or a folder of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Frame: TypeAlias = "NDArray[np.uint8]"
"""Rows x columns x blue, green, red; or rows x columns of gray."""

FILE_PREFIX = "file:"


class FrameSource(Protocol):
    """Shows one frame after the other. Used from one thread, except for `interrupt`."""

    @property
    def name(self) -> str:
        """Return the camera's name, or the file's, for people."""

    @property
    def comes_back(self) -> bool:
        """Tell whether no more frames means unplugged (a camera) and not over (a file)."""

    def open(self) -> None:
        """Get ready to read, also again after `close`. May block for many seconds.

        Raises:
            KnownError: It is not there, not allowed, in use, or no film; `CameraFault` says which.
        """

    def read(self) -> Frame | None:
        """Wait for the next frame and return it; None when there are no more. Files keep their own pace.

        Raises:
            KnownError: What comes next cannot be shown.
        """

    def close(self) -> None:
        """Let go of the device or file. Also after an `open` that failed, and twice."""

    def interrupt(self) -> None:
        """Let a `read` that only waits for its turn return at once, for good. From any thread."""


def open_source(choice: str, *, loop: bool = True) -> FrameSource:
    """Return the source a choice names, not yet opened; nothing is looked at before `open`.

    Args:
        choice: A camera's name, empty for the first one, or ``file:`` with a video, a picture or a folder.
        loop: Show files again and again, as in the window, or once.
    """
    if choice.startswith(FILE_PREFIX):
        from cashier_app.scanning.recorded_source import RecordedSource

        return RecordedSource(Path(choice.removeprefix(FILE_PREFIX)).expanduser(), loop=loop)
    from cashier_app.scanning.camera_device import CameraDevice

    return CameraDevice(choice)
