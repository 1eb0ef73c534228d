"""Find the member behind an identifier; without the backend, what this till last knew of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from cashier_app.documents.problems import ProgramError
from cashier_app.documents.program_document import DocumentKind, program_value, read_program
from cashier_app.domain.bill import Bill
from cashier_app.domain.identifier import Identifier, lasting_key
from cashier_app.domain.offers import Offers
from cashier_app.domain.offline_policy import OfflineRecord
from cashier_app.domain.outcome import (
    BadCode,
    CodeAhead,
    CodeTooOld,
    Lookup,
    MemberFound,
    Remembered,
    SeveralMembers,
    Unreachable,
)
from cashier_app.domain.program import Program
from cashier_app.errors import KnownError
from cashier_app.ports.capabilities import Capabilities
from cashier_app.ports.journal import Journal
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.keyed_hash import keyed_hash
from cashier_app.services.used_codes import UsedCodes

if TYPE_CHECKING:
    from cashier_app.domain.vouchers import VoucherAnswer

logger = logging.getLogger(__name__)

PROGRAM_NAME = "program"
"""The program in force is kept under this name."""

_OF_VERSION = "program of version "


def kept_program(journal: Journal, name: str = PROGRAM_NAME) -> Program | None:
    """Return the program this till last had from its backend; None where none is kept that can be read."""
    kept = journal.recall(name)
    if kept is None:
        return None
    try:
        return read_program(kept.encode(), DocumentKind.JSON)
    except ProgramError:
        # Kept by another version of this program: the backend will say it again.
        logger.info("the kept program cannot be read")
        return None


class MemberLookup:
    """Blocking look-ups, for a worker thread."""

    def __init__(
        self, backend: LoyaltyBackend, journal: Journal, connection: ConnectionWatch, used_codes: UsedCodes
    ) -> None:
        self._backend = backend
        self._journal = journal
        self._connection = connection
        self._used_codes = used_codes

    def find(self, identifier: Identifier) -> Lookup | Remembered | BadCode:
        """Find the member, or what was last known when the backend does not answer.

        A code that was used here is not asked about. Its time is judged by the backend's clock, which came
        with the answer: the till's may be wrong. Without a network the till's has to do, as last compared.
        """
        used = self._used_codes.judge_use(identifier)
        if used is not None:
            return used
        if not self._connection.online and (late := self._late(identifier)) is not None:
            return late
        found = self._backend.find(identifier)
        if (late := self._late(identifier)) is not None:
            self._note(found)
            return late
        if isinstance(found, CodeTooOld) and self._backend.clock_ahead is not None:
            found = replace(found, made_at=found.made_at - self._backend.clock_ahead)
        key = lasting_key(identifier)
        return self._settle(found, self._hash(key) if key else "")

    def use(self, identifiers: Sequence[Identifier], at: datetime) -> None:
        """Remember that a sale was committed with these codes, so that nobody pays with them again; UTC."""
        self._used_codes.use(identifiers, at)

    def refresh(self, member_id: str) -> Lookup | Remembered:
        """Read a member's account again, or what was last known when the backend does not answer."""
        return self._settle(self._backend.refresh(member_id), self._hash(member_id))

    def program(self) -> Program:
        """Return the program in force, or the one kept from last time.

        Raises:
            KnownError: There is neither; the sentence says why the backend gave none.
        """
        try:
            program = self._backend.program()
        except KnownError:
            self._connection.silent()
            kept = kept_program(self._journal)
            if kept is None:
                raise
            return kept
        self._connection.answered()
        with suppress(KnownError):
            self._keep(program)
        return program

    def program_of(self, version: str) -> Program | None:
        """Return the program of this version, kept since it was in force; None when it is not known here.

        Asks nobody: what a sale was made by must not change because the network came back.
        """
        return kept_program(self._journal, _OF_VERSION + version)

    def _keep(self, program: Program) -> None:
        text = msgspec.json.encode(program_value(program)).decode()
        # Goods come back by the rules of the day they were sold: every version is kept.
        for name in (PROGRAM_NAME, _OF_VERSION + program.version):
            if self._journal.recall(name) != text:
                self._journal.remember(name, text)

    @property
    def capabilities(self) -> Capabilities:
        """Return what the backend can do; asks nobody."""
        return self._backend.capabilities

    def options(self, member_id: str, bill: Bill) -> Offers | Unreachable:
        """Ask a backend that quotes by itself what may be redeemed on this bill."""
        offers = self._backend.options(member_id, bill)
        if isinstance(offers, Unreachable):
            self._connection.silent()
        else:
            self._connection.answered()
        return offers

    def check_voucher(self, code: str, member_id: str, bill: Bill) -> VoucherAnswer:
        """Ask what a voucher gives this member on this bill, changing nothing."""
        answer = self._backend.check_voucher(code, member_id, bill)
        if isinstance(answer, Unreachable):
            self._connection.silent()
        else:
            self._connection.answered()
        return answer

    def offline_record(self, member_id: str) -> OfflineRecord:
        """Return what this till knows of redemptions offline; asks nobody else."""
        return self._journal.offline_record(member_id)

    def _late(self, identifier: Identifier) -> CodeTooOld | CodeAhead | None:
        return self._used_codes.judge_age(identifier, self._backend.clock_ahead)

    def _note(self, found: Lookup) -> None:
        if isinstance(found, Unreachable):
            self._connection.silent()
        else:
            self._connection.answered()

    def _settle(self, found: Lookup, lookup_key: str) -> Lookup | Remembered:
        match found:
            case Unreachable():
                self._connection.silent()
                known = self._journal.remembered_member(lookup_key) if lookup_key else None
                return found if known is None else Remembered(*known, self.offline_record(known[0].member_id))
            case MemberFound():
                self._remember(found, lookup_key)
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
            keys = dict.fromkeys(filter(None, (self._hash(found.member.member_id), lookup_key)))
            self._journal.remember_member(found.member, found.account, *keys)

    def _hash(self, text: str) -> str:
        return keyed_hash(self._journal, text)
