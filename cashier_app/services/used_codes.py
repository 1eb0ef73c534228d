"""Rotating codes: too old, ahead of time, or used for a sale at this till before. Online and offline.

A use is a committed sale, nothing less: a customer whose sale was cleared shows the same code again, and so
does one who is asked to while being served. The backend stays the judge of whether a code is true, and of
uses at other tills.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec

from cashier_app.domain.identifier import (
    CLOCK_ERROR,
    Age,
    ChangingCode,
    Identifier,
    WalletToken,
    age_of,
    lasting_key,
)
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed
from cashier_app.errors import KnownError
from cashier_app.ports.clock import Clock
from cashier_app.ports.journal import Journal
from cashier_app.services.keyed_hash import keyed_hash

MOST_KEPT = 500
_KEPT_NAME = "used codes"


class _Use(msgspec.Struct, frozen=True):
    """One use: a keyed hash of the code, when, and until when somebody might show it again; UTC seconds."""

    code: str
    used_at: int
    until: int


class UsedCodes:
    """The codes used here, for as long as they could be shown again. Blocking; safe from any thread.

    Kept in the journal as one small document of hashes, so that a restart forgets none; it is not worth a
    sale: where it cannot be written or read, the backend still refuses what it has seen.
    """

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._lock = threading.Lock()
        self._uses: dict[str, _Use] | None = None

    def judge_age(
        self, identifier: Identifier, clock_ahead: timedelta | None
    ) -> CodeTooOld | CodeAhead | None:
        """Return why the time in a code speaks against it, or None. Moments are by this till's clock.

        Args:
            identifier: What was scanned.
            clock_ahead: How far the backend's clock, which counts, is ahead of the till's; None if unknown.
        """
        code = _changing(identifier)
        if code is None or code.made_at is None:
            return None
        ahead = clock_ahead or timedelta(0)
        match age_of(code, self._clock.now() + ahead):
            case Age.TOO_OLD:
                return CodeTooOld(code.made_at - ahead, code.life_seconds)
            case Age.AHEAD:
                return CodeAhead(code.made_at - ahead)
            case _:
                return None

    def judge_use(self, identifier: Identifier) -> CodeUsed | None:
        """Return when a code was used here, or None."""
        code = _changing(identifier)
        if code is None:
            return None
        name = self._name(identifier, code)
        with self._lock:
            use = self._known().get(name)
        if use is None or use.until < self._clock.now().timestamp():
            return None
        return CodeUsed(datetime.fromtimestamp(use.used_at, UTC))

    def use(self, identifiers: Sequence[Identifier], at: datetime) -> None:
        """Remember that a sale was committed with these; anything but codes that change is no matter."""
        used: list[_Use] = []
        for identifier in identifiers:
            code = _changing(identifier)
            if code is not None:
                last = max(at, code.made_at or at) + timedelta(seconds=code.life_seconds) + 2 * CLOCK_ERROR
                name = self._name(identifier, code)
                used.append(_Use(name, int(at.timestamp()), int(last.timestamp())))
        if not used:
            return
        with self._lock:
            known = [use for use in self._known().values() if use.until >= at.timestamp()]
            newest = sorted([*known, *used], key=lambda use: use.used_at)[-MOST_KEPT:]
            self._uses = {use.code: use for use in newest}
            with suppress(KnownError):
                self._journal.remember(_KEPT_NAME, msgspec.json.encode(newest).decode())

    def _known(self) -> dict[str, _Use]:
        if self._uses is None:
            kept = self._journal.recall(_KEPT_NAME) or "[]"
            try:
                self._uses = {
                    use.code: use for use in msgspec.json.decode(kept, type=list[_Use])[-MOST_KEPT:]
                }
            except msgspec.MsgspecError:
                self._uses = {}
        return self._uses

    def _name(self, identifier: Identifier, code: ChangingCode) -> str:
        return keyed_hash(self._journal, f"used:{lasting_key(identifier)}:{code.proof}")


def _changing(identifier: Identifier) -> ChangingCode | None:
    return identifier.changing if isinstance(identifier, WalletToken) else None
