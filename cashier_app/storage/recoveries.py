"""How the last rescue is remembered in the database it led to."""

from __future__ import annotations

import msgspec

from cashier_app.ports.local_state import Recovery

RECOVERY_NAME = "recovery"


def recovery_text(recovery: Recovery) -> str:
    """Return a rescue as it is kept."""
    return msgspec.json.encode(recovery).decode()


def recovery_in(text: str | None) -> Recovery | None:
    """Return the rescue kept as this text; what an older version wrote is as good as none."""
    try:
        return None if text is None else msgspec.json.decode(text, type=Recovery)
    except msgspec.DecodeError:
        return None
