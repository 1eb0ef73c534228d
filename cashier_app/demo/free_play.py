"""Free play over the demo server: sliders and switches become staged faults and bookings of another till."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.domain.free_play import ALL_WELL, Trouble
from cashier_app.domain.points import from_units
from cashier_app.errors import KnownError
from cashier_app.ports.free_play import Asked

if TYPE_CHECKING:  # the server brings starlette: whoever has one has loaded it
    from cashier_app.demo.faults import FaultPlan
    from cashier_app.demo.server import DemoServer
    from cashier_app.demo.shop import MemberRow

_MINUTE = 60
_STARTING = "The practice loyalty system is still starting. Try again in a moment."
_COME_AGAIN = "2"  # seconds, as a busy backend says it


class ServerPlay:
    """Troubles one demo server; see `cashier_app.ports.free_play`.

    Args:
        server: Returns it, or None while it has not started.
    """

    def __init__(self, server: Callable[[], DemoServer | None]) -> None:
        self._server = server
        self._blocked_before: dict[str, date | None] = {}

    @property
    def trouble(self) -> Trouble:
        """Return what goes wrong now, also where something else staged it."""
        server = self._server()
        if server is None:
            return ALL_WELL
        return replace(trouble_of(server.faults.plan), blocked=len(self._blocked_before))

    def stage(self, trouble: Trouble) -> None:
        """Let this go wrong from now on."""
        if self._server() is not None or not trouble.is_none:
            self._running().faults.stage(plan_of(trouble))

    def asked(self) -> Asked:
        """Return what was asked so far."""
        server = self._server()
        tally = None if server is None else server.faults.tally
        return Asked() if tally is None else Asked(tally.asked, tally.failed)

    def spend_elsewhere(self, member_id: str) -> Decimal:
        """Let a member spend half their points, rounded up, at another till."""
        server, key = self._running(), f"elsewhere-{uuid.uuid4().hex}"
        with server.ledger.transaction():
            units = (_row(server, member_id).balance + 1) // 2
            if units <= 0:
                raise KnownError("This member has no points to spend elsewhere.")
            server.ledger.move(key, "adjust", member_id, -units, at=server.clock.now())
        return from_units(units, server.shop.program.point_scale)

    def block(self, member_id: str, *, blocked: bool) -> None:
        """Block a member since today; or let them be as they were before."""
        server = self._running()
        before = self._blocked_before.get(member_id, _row(server, member_id).blocked_since)
        today = server.shop.local(server.clock.now()).date()
        _set_blocked(server, member_id, today if blocked else before)
        if blocked:
            self._blocked_before[member_id] = before
        else:
            self._blocked_before.pop(member_id, None)

    def free_all(self) -> None:
        """Let whoever was blocked here be as before."""
        for member_id in list(self._blocked_before):
            self.block(member_id, blocked=False)

    def end(self) -> None:
        """Make all well again."""
        self.stage(ALL_WELL)
        self.free_all()

    def _running(self) -> DemoServer:
        server = self._server()
        if server is None:
            raise KnownError(_STARTING)
        return server


def _row(server: DemoServer, member_id: str) -> MemberRow:
    row = server.ledger.member(member_id)
    if row is None:
        raise KnownError("The practice loyalty system does not know this member.")
    return row


def _set_blocked(server: DemoServer, member_id: str, since: date | None) -> None:
    server.ledger.execute(
        "UPDATE members SET blocked_since = ?, version = version + 1 WHERE member_id = ?",
        (None if since is None else since.isoformat(), member_id),
    )


def plan_of(trouble: Trouble) -> FaultPlan:
    """Return what the server does to make this trouble."""
    from cashier_app.demo.faults import FaultPlan

    return FaultPlan(
        down=trouble.down,
        delay_ms=trouble.delay_ms,
        jitter_ms=trouble.jitter_ms,
        lose_answers=trouble.lose_next,
        lose_percent=trouble.lost_percent,
        unavailable_percent=trouble.away_percent,
        too_many_percent=trouble.limited_percent,
        retry_after=_COME_AGAIN if trouble.away_percent or trouble.limited_percent else "",
        captive_portal=trouble.portal,
        code_clock_seconds=trouble.clock_minutes * _MINUTE,
    )


def trouble_of(plan: FaultPlan) -> Trouble:
    """Return a plan as the trouble it is; counted refusals of a test are no share of anything."""
    return Trouble(
        delay_ms=plan.delay_ms,
        jitter_ms=plan.jitter_ms,
        lost_percent=plan.lose_percent,
        away_percent=plan.unavailable_percent,
        limited_percent=plan.too_many_percent,
        down=plan.down,
        portal=plan.captive_portal,
        clock_minutes=plan.code_clock_seconds // _MINUTE,
        lose_next=plan.lose_answers,
    )
