"""When and where a bill is quoted; apart from `quote`, which no window waits for."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field


class Occasion(Struct, frozen=True):
    """When and where a bill is quoted.

    Args:
        at: The moment in the shop's own time.
        store: Name of the store, or empty.
        online: Whether the backend can be asked; points are not used without it.
        rewards_given: How many of each reward the shop gave today, by id.
        paid_with: How what is left is paid, such as ``card``, or empty where that is not known.
    """

    at: datetime
    store: str = ""
    online: bool = True
    rewards_given: dict[str, int] = field(default_factory=dict)
    paid_with: str = ""
