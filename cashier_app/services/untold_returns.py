"""Returns the loyalty system was asked for and whose answer nobody at this till was told, or saw to its end.

A till may die, or its cashier go on, between the question and the money. What was asked is noted before it is
sent, so that the same sale, looked at again, leads on from there and never to a second return.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.sale import SaleState
from cashier_app.ports.journal import EffectRow, Journal

NAME = "returns asked first"
_MOST = 50


class _Asked(Struct, frozen=True):
    """One return as it is kept.

    Args:
        key: Of its effect.
        then: The sale that is rung up once it is booked, in exchange or for another member; empty for none.
        shown: Whether the screen was about to say that money is to be given.
    """

    key: str
    then: str = ""
    shown: bool = False


class UntoldReturns:
    """Blocking, and safe from any worker. All of it raises `KnownError` where the disk fails.

    Args:
        journal: Keeps them, and knows what became of each.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()

    def note(self, key: str, then: str = "") -> None:
        """Note that a return is about to be asked for."""
        with self._lock:
            kept = [one for one in self._kept() if one.key != key]
            self._keep([*kept, _Asked(key, then)][-_MOST:])

    def show(self, key: str) -> None:
        """Note that its answer is about to be shown."""
        with self._lock:
            self._keep([replace(one, shown=True) if one.key == key else one for one in self._kept()])

    def forget(self, sale_id: str) -> None:
        """Forget what was asked for of a sale: it was seen to its end, or came to nothing."""
        with self._lock:
            kept = self._kept()
            left = [one for one in kept if not one.key.startswith(f"{sale_id}-")]
            if len(left) < len(kept):
                self._keep(left)

    def of(self, rows: Sequence[EffectRow]) -> tuple[EffectRow, bool] | None:
        """Return the last of these effects of a sale where it is such a return, and whether it was shown."""
        if not (rows and rows[-1].effect.asked_first and not rows[-1].withdrawn):
            return None
        kept = next((one for one in self._kept() if one.key == rows[-1].effect.key), None)
        return None if kept is None or self._went_on(kept) else (rows[-1], kept.shown)

    def all(self) -> tuple[EffectRow, ...]:
        """Return all there are, the newest first."""
        ids = (one.key.rsplit("-", 2)[0] for one in reversed(self._kept()))
        found = (self.of(self._journal.effects_of(sale_id)) for sale_id in ids)
        return tuple(one[0] for one in found if one is not None)

    def _went_on(self, asked: _Asked) -> bool:
        made = self._journal.sale(asked.then) if asked.then else None
        return made is not None and made[1] is SaleState.COMMITTED

    def _kept(self) -> list[_Asked]:
        text = self._journal.recall(NAME)
        try:
            return msgspec.json.decode(text, type=list[_Asked]) if text else []
        except msgspec.MsgspecError:
            return []

    def _keep(self, asked: list[_Asked]) -> None:
        self._journal.remember(NAME, msgspec.json.encode(asked).decode())
