"""The till's own window as `cashier-app --demo` opens it, ended at its first frame."""

from __future__ import annotations

import sys
from unittest.mock import patch

from PySide6.QtWidgets import QApplication

from tests.benchmarks.bare_window import tell
from ui import application
from ui.__main__ import main as open_till

LATE = ("httpx", "cv2", "keyring", "apsw", "starlette", "uvicorn")


def main() -> int:
    """Open the till; with `count` print how many widgets it has, with `late` what was imported too early."""

    def at_first_frame(*_: object) -> None:
        if sys.argv[1] == "count":
            windows = QApplication.topLevelWidgets()
            print(max(1 + len(window.findChildren(application.MainWindow.__mro__[1])) for window in windows))
        elif sys.argv[1] == "late":
            print(",".join(name for name in LATE if name in sys.modules))
        else:
            tell()
            return
        QApplication.exit(0)

    # The session starts its workers at the first frame; here the program ends there instead.
    with patch.object(application.TillSession, "start", at_first_frame):
        return open_till(["--demo", "--data", sys.argv[2], "--size", "1280x800"])


if __name__ == "__main__":
    sys.exit(main())
