"""No picture of this process's memory on disk: it holds secrets while they are in use."""

from __future__ import annotations

import sys
from contextlib import suppress

_SET_DUMPABLE = 4  # PR_SET_DUMPABLE of <sys/prctl.h>


def forbid_core_dumps() -> None:
    """Keep a crash from writing memory to disk, and other programs of this user from reading it.

    On Linux a limit is not enough: a kernel that hands dumps to a program ignores it. On Windows nothing is
    done: dumps are off there unless somebody switched them on.
    """
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
