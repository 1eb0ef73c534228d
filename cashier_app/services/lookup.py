"""Find the member behind an identifier; without the backend, what this till last knew of them."""

from __future__ import annotations

import hashlib
import logging
import secrets
from contextlib import suppress

import msgspec

from cashier_app.documents.problems import ProgramError
from cashier_app.documents.program_document import DocumentKind, program_value, read_program
from cashier_app.domain.identifier import Identifier, WalletToken, identified_by
from cashier_app.domain.offline_policy import OfflineRecord
from cashier_app.domain.outcome import Lookup, MemberFound, Remembered, SeveralMembers, Unreachable
from cashier_app.domain.program import Program
from cashier_app.errors import KnownError
from cashier_app.ports.journal import Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch

logger = logging.getLogger(__name__)

_HASH_KEY = "member hash key"
_PROGRAM = "program"


class MemberLookup:
    """Blocking look-ups, for a worker thread."""

    def __init__(self, backend: LoyaltyBackend, journal: Journal, connection: ConnectionWatch) -> None:
        self._backend = backend
        self._journal = journal
        self._connection = connection

    def find(self, identifier: Identifier) -> Lookup | Remembered:
        """Find the member, or what was last known when the backend does not answer."""
        return self._settle(self._backend.find(identifier), self._hash(identified_by(identifier)), identifier)

    def refresh(self, member_id: str) -> Lookup | Remembered:
        """Read a member's account again, or what was last known when the backend does not answer."""
        return self._settle(self._backend.refresh(member_id), self._hash(member_id), None)

    def program(self) -> Program:
        """Return the program in force, or the one kept from last time.

        Raises:
            KnownError: There is neither; the sentence says why the backend gave none.
        """
        try:
            program = self._backend.program()
        except KnownError:
            self._connection.silent()
            kept = self._kept_program()
            if kept is None:
                raise
            return kept
        self._connection.answered()
        with suppress(KnownError):
            self._journal.remember(_PROGRAM, msgspec.json.encode(program_value(program)).decode())
        return program

    def offline_record(self, member_id: str) -> OfflineRecord:
        """Return what this till knows of redemptions offline; asks nobody else."""
        return self._journal.offline_record(member_id)

    def _kept_program(self) -> Program | None:
        kept = self._journal.recall(_PROGRAM)
        if kept is None:
            return None
        try:
            return read_program(kept.encode(), DocumentKind.JSON)
        except ProgramError:
            # Kept by another version of this program: the backend will say it again.
            logger.info("the kept program cannot be read")
            return None

    def _settle(self, found: Lookup, lookup_key: str, identifier: Identifier | None) -> Lookup | Remembered:
        match found:
            case Unreachable():
                self._connection.silent()
                known = self._journal.remembered_member(lookup_key)
                return found if known is None else Remembered(*known, self.offline_record(known[0].member_id))
            case MemberFound():
                # A rotating code is never seen twice: nothing to remember it by.
                rotating = isinstance(identifier, WalletToken) and identifier.is_rotating
                lasting = identifier is not None and not rotating
                self._remember(found, lookup_key if lasting else "")
            case SeveralMembers(several):
                for one in several:
                    self._remember(one, "")
            case _:
                pass
        self._connection.answered()
        return found

    def _remember(self, found: MemberFound, lookup_key: str) -> None:
        """Keep a member for the next outage; a disk that cannot is no reason to turn them away now."""
        with suppress(KnownError):
            # One transaction: each waits for the disk, and the cashier waits for it.
            keys = filter(None, (self._hash(found.member.member_id), lookup_key))
            self._journal.remember_member(found.member, found.account, *keys)

    def _hash(self, text: str) -> str:
        """Return a keyed hash, so that the cache names no phone number and no code."""
        key = self._journal.recall(_HASH_KEY)
        if key is None:
            key = secrets.token_hex(32)
            with suppress(KnownError):
                self._journal.remember(_HASH_KEY, key)
        return hashlib.blake2b(text.encode(), key=bytes.fromhex(key), digest_size=32).hexdigest()
