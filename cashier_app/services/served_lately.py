"""Who was served at this till a moment ago: the card may still lie there when the next customer comes."""

from __future__ import annotations


class ServedLately:
    """Remembers members by their ids for some minutes; in memory only. One thread.

    Args:
        minutes: How long; 0 for not at all.
    """

    def __init__(self, minutes: int) -> None:
        self._usual_seconds = self._seconds = minutes * 60
        self._at: dict[str, float] = {}

    def begin_anew(self, minutes: int | None = None) -> None:
        """Forget everybody, and remember for so many minutes from now on; as at first when not given."""
        self._seconds = self._usual_seconds if minutes is None else minutes * 60
        self._at = {}

    def sold(self, member_id: str, now: float) -> None:
        """Take note of a sale to a member; monotonic seconds."""
        self._at = {who: at for who, at in self._at.items() if now - at < self._seconds}
        if self._seconds:
            self._at[member_id] = now

    def minutes_since(self, member_id: str, now: float) -> int | None:
        """Return whole minutes since their last sale, or None where that is long ago or never was."""
        at = self._at.get(member_id)
        return None if at is None or now - at >= self._seconds else int(now - at) // 60
