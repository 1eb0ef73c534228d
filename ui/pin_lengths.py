"""How many digits each PIN has, once it was right: then its last digit is enough, and Enter is not needed."""

from __future__ import annotations

from cashier_app.services.desk_view import DeskStage, DeskView


class PinLengths:
    """Known while the window is open, and nowhere written down."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._tried: tuple[str, int] | None = None

    def ends_at(self, staff_id: str, typed: int) -> bool:
        """Say whether so many digits are all of somebody's PIN, as far as is known."""
        return self._known.get(staff_id) == typed

    def tried(self, staff_id: str, typed: int) -> None:
        """Note that a PIN of so many digits is being checked."""
        self._tried = (staff_id, typed)

    def forget(self, staff_id: str) -> None:
        """Wait for Enter again: somebody may have another PIN."""
        self._known.pop(staff_id, None)

    def learn(self, before: DeskView, view: DeskView) -> None:
        """See what became of the try."""
        was_busy = before.prompt is not None and before.prompt.busy
        is_busy = view.prompt is not None and view.prompt.busy
        if self._tried is None or not was_busy or is_busy:
            return
        (staff_id, typed), self._tried = self._tried, None
        if view.prompt is not None and view.prompt.trouble is not None:
            self.forget(staff_id)
        elif view.stage is DeskStage.OPEN and view.prompt is None:
            self._known[staff_id] = typed
