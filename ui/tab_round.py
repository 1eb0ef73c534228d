"""Tab kept inside what lies on top: from the last stop to the first, and back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_stops(inside: QWidget) -> list[QWidget]:
    """Return what Tab may visit in a widget, in the order in which its children were made."""
    return [
        child
        for child in inside.findChildren(QWidget)
        if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def tab_round(stops: Sequence[QWidget], *, forwards: bool) -> bool:
    """Focus the stop after or before the one that has it, else the first; return whether there is one."""
    if not stops:
        return False
    here = next((at for at, stop in enumerate(stops) if stop.hasFocus()), -1)
    reason = Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason
    stops[(here + (1 if forwards else -1)) % len(stops) if here >= 0 else 0].setFocus(reason)
    return True
