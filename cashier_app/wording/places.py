"""Shop and till in words."""

from __future__ import annotations

from cashier_app.wording.sentences import plain
from cashier_app.wording.speech import Wording


def till_label(number: str, wording: Wording) -> str:
    """Return what a till is called, such as ``Till 2``; nothing for a till without a number."""
    shown = plain(number)
    return wording.text("Till {number}", number=shown) if shown else ""
