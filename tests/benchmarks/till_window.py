"""The till's own window as `cashier-app --demo` opens it, or as a shop with staff does, at its first frame.

`locked` and `count-locked` take a folder with a settings file and preferences of a till where people sign in.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from tests.benchmarks.first_frame import tell
from ui.__main__ import main as open_till

LATE = (
    *("babel", "httpx", "cv2", "keyring", "psycopg", "starlette", "uvicorn", "zxingcpp", "phonenumbers"),
    *("pyqtgraph", "numpy", "cashier_app.services.day_stats", "ui.screens.day_page"),
    # Nothing is quoted, and no backend opened, before there is a window.
    *("cashier_app.domain.program", "cashier_app.domain.quote", "cashier_app.ports.loyalty"),
    # Nor is anything undone.
    *("ui.undoing", "cashier_app.services.undo_session", "cashier_app.services.undoing"),
    # Nor is a day closed or printed.
    *("fpdf", "PySide6.QtPrintSupport", "cashier_app.domain.day_close", "cashier_app.closing_opening"),
    # And nobody joins.
    *("segno", "cashier_app.services.enrolling", "ui.screens.enrol_screen"),
    # Nor does anybody look for what is wrong.
    *("ui.till_support", "ui.screens.support_page", "cashier_app.examining", "cashier_app.support_opening"),
    # Nor read under which licence anything is.
    *("ui.screens.licences_page", "cashier_app.licences", "cashier_app.wording.licences"),
    # Nor anything hashed: OpenSSL takes a while to come.
    *("_hashlib", "hmac", "secrets"),
    # Nor is a receipt read.
    *("cashier_app.domain.claim_code", "cashier_app.services.claims", "cashier_app.wording.claims"),
    # Nobody practises with a code on a screen or on paper.
    *("cashier_app.practice_opening", "ui.training.material", "ui.training.passes", "ui.training.phone"),
    # Nor does anybody learn.
    *("PySide6.QtTest", "ui.training.opening", "ui.training.coach", "cashier_app.services.lesson_player"),
    # Nor is anything new told or asked for.
    *("tuf", "cashier_app.update_opening", "cashier_app.news_opening", "ui.news", "ui.updates"),
    # Nor is anything asked that a first start asks.
    *("ui.wizard", "cashier_app.services.first_run", "cashier_app.first_run_opening", "tomlkit"),
    # Nor is a voucher looked up.
    *("cashier_app.domain.vouchers", "cashier_app.wording.vouchers"),
)


def at_first_frame(_: object) -> None:
    """Say when the first frame was done, how many widgets there are, or what was imported too early."""
    from PySide6.QtWidgets import QApplication, QWidget  # as late as the till itself imports it

    match sys.argv[1]:
        case "count" | "count-locked":
            windows = QApplication.topLevelWidgets()
            print(max(1 + len(window.findChildren(QWidget)) for window in windows))
        case "late":
            print(",".join(name for name in LATE if name in sys.modules) or "none")
        case _:
            tell()
            return
    QApplication.exit(0)


def main() -> int:
    # The till imports its session without garbage being collected; putting something there comes before.
    gc.disable()
    from cashier_app.services.till_session import TillSession

    # The session starts its workers at the first frame; here the program ends there instead.
    TillSession.start = at_first_frame  # type: ignore[assignment, method-assign]
    folder = Path(sys.argv[2])
    locked = sys.argv[1].endswith("locked")
    shop = ["--config", str(folder / "till.toml")] if locked else ["--demo"]
    return open_till([*shop, "--data", str(folder), "--size", "1280x800"])


if __name__ == "__main__":
    sys.exit(main())
