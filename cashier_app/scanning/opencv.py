"""OpenCV, imported in one way: with its traps off, silent, and on one thread."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_BEFORE_IMPORT = {
    # Windows: Media Foundation otherwise takes up to 20 s to open a camera.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
    # macOS: asking is for the main thread; OpenCV would wait for an answer that cannot come.
    "OPENCV_AVFOUNDATION_SKIP_AUTH": "1",
    # Linux: a read that gets no frame gives up after this many seconds instead of ten.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "3",
    "OPENCV_LOG_LEVEL": "SILENT",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
}


def set_environment() -> None:
    """Set what OpenCV reads when it is imported; what somebody has set on purpose stays."""
    for name, value in _BEFORE_IMPORT.items():
        os.environ.setdefault(name, value)


@lru_cache(maxsize=1)
def opencv() -> ModuleType:
    """Return the module `cv2`. The first call takes about 0.1 s; not for the UI thread."""
    import cv2  # not before somebody opens a camera

    # A pool of threads gains nothing on frames of this size and takes the till's other core.
    cv2.setNumThreads(1)
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2
