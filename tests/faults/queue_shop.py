"""The reference server in a process of its own, with a few hundred members and as far away as a real one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import apsw
import httpx
import msgspec
from msgspec import Struct

from cashier_app.demo.faults import ADMIN_PATH, FaultPlan
from cashier_app.demo.server import DemoServer
from cashier_app.ports.credentials import Secret
from cashier_app.security.credentials import TokenFile

LATENCY_MS = 30
BUSY_EVERY = 50
"""Two of a hundred requests are answered with 503."""

FAR_AWAY = FaultPlan(delay_ms=LATENCY_MS, unavailable_every=BUSY_EVERY)


class Movement(Struct, frozen=True):
    """What the server booked, in its order."""

    kind: str
    member_id: str
    sale_id: str


class QueueShop:
    """A running server. Its faults are staged over HTTP; its books are read from its file.

    Args:
        members: How many there are, besides those of the demo shop.
    """

    def __init__(self, folder: Path, members: int) -> None:
        self._ledger = folder / "server.sqlite"
        self._token_file = folder / "token"
        self._end = ExitStack()
        self.member_ids = [f"queue-{number:04d}" for number in range(members)]
        _add_members(self._ledger, self.member_ids)
        self.address = ""
        self.token = Secret("")

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "cashier_app", "demo-server", "--staged-faults"]
        files = ["--token-file", str(self._token_file), "--database", str(self._ledger)]
        server = subprocess.Popen([*command, *files], stdout=subprocess.PIPE, text=True)
        self._end.callback(_end, server)
        assert server.stdout is not None
        self.address = server.stdout.readline().strip()
        token = TokenFile(self._token_file).read("")
        assert token is not None
        self.token = token
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.close()

    def stage(self, plan: FaultPlan) -> None:
        """Stage these faults instead of any before."""
        stage(self.address, self.token, plan)

    def movements(self) -> list[Movement]:
        """Return what was booked for the members of the queue, in the order of booking."""
        connection = apsw.Connection(str(self._ledger), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            rows = connection.execute(
                "SELECT kind, member_id, sale_id FROM movements "
                "WHERE kind <> 'opening' AND member_id LIKE 'queue-%' ORDER BY sequence"
            )
            return [Movement(*(str(part) for part in row)) for row in rows]
        finally:
            connection.close()


def stage(address: str, token: Secret, plan: FaultPlan) -> None:
    """Stage faults at a server that allows it over HTTP."""
    answer = httpx.post(
        address + ADMIN_PATH,
        content=msgspec.json.encode(plan),
        headers={"Authorization": f"Bearer {token.reveal()}", "Content-Type": "application/json"},
        trust_env=False,
    )
    answer.raise_for_status()


def _add_members(ledger: Path, member_ids: Sequence[str]) -> None:
    server = DemoServer(database=ledger)
    try:
        with server.ledger.transaction():
            for number, member_id in enumerate(member_ids):
                server.ledger.execute(
                    "INSERT INTO members (member_id, name, phone, number, token) VALUES (?, ?, ?, ?, ?)",
                    (
                        member_id,
                        f"Member {number}",
                        f"+9170{number:08d}",
                        f"Q-{number:06d}",
                        f"QUEUE{number:06d}",
                    ),
                )
                server.ledger.move(f"{member_id}-opening", "opening", member_id, 0, at=server.clock.now())
    finally:
        server.close()


def _end(server: subprocess.Popen[str]) -> None:
    server.terminate()
    server.wait()
    if server.stdout is not None:
        server.stdout.close()
