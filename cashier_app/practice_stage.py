"""The staged world of a lesson: faults on the wire and bookings of others, in the practice shop's own server.

The till is touched only by ordinary ways: its queue is sent, looked up and, at worst, settled by hand.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from cashier_app.domain.lesson import Code, HoldUp, HoldUpReceipt, Lesson, Network, Stage
from cashier_app.errors import KnownError
from cashier_app.ports.practice import LessonPerson

if TYPE_CHECKING:
    from cashier_app.demo.faults import FaultPlan
    from cashier_app.demo.passes import PassCodes
    from cashier_app.demo.server import DemoServer
    from cashier_app.demo_shop import DemoShop
    from cashier_app.domain.identifier import Identifier
    from cashier_app.services.workshop import Workshop

READY_SECONDS = 10.0
"""How long the till may take to post what an earlier lesson left."""

LOOK_SECONDS = 0.05
SETTLED_BY = "TRAINING"
SETTLED_BECAUSE = "A lesson ended: set aside for the next one."

NOT_READY = "The practice till could not post what was left of an earlier lesson. Close it and open it again."
NOTHING_SOLD = "There is no receipt yet. Make a sale first."
NOTHING_HELD_UP = "No code was held up yet in this lesson."


def lesson_people() -> dict[str, LessonPerson]:
    """Return who can be served in the practice shop, by member id; asks nobody."""
    from cashier_app.demo.members import load_seed
    from cashier_app.domain.phone import national_digits

    return {
        one.member_id: LessonPerson(one.member_id, one.name, national_digits(one.phone), one.number)
        for one in load_seed()
    }


class PracticeStage:
    """The world around one practice till; see `ports.practice.Practice`. For worker threads.

    Args:
        shop: Its server is started by the first thing asked for.
    """

    def __init__(self, shop: DemoShop) -> None:
        self._shop = shop
        self._pause = threading.Event()
        self._lock = threading.Lock()
        self._made: set[tuple[str, int]] = set()
        self._blocked: dict[str, date | None] = {}  # since when they were before, by member id
        self._last = ""

    def people(self) -> Mapping[str, LessonPerson]:
        """Return who can be served, by member id."""
        return self._people

    def prepare(self, lesson: Lesson) -> None:
        """Make the world a lesson begins in: no faults, the members as at first and known, an empty queue.

        Raises:
            KnownError: The till cannot post what is left, or the lesson names somebody unknown.
        """
        from cashier_app.demo.members import free_phones, set_back

        server = self._server()
        server.faults.clear()
        self._last = ""
        self._blocked.clear()
        set_back(server.ledger, server.shop, lesson.members)  # who was blocked lets the queue go on
        self._empty_queue()
        self._end_holds(server)
        set_back(server.ledger, server.shop, lesson.members)
        free_phones(server.ledger, lesson.free_phones)
        self._make_known(lesson.members)

    def stage(self, stage: Stage) -> None:
        """Let this happen now.

        Raises:
            KnownError: A member is unknown, or has too few points.
        """
        server = self._server()
        today = server.shop.local(server.clock.now()).date()
        for member_id in stage.unblock:
            _set_blocked(server, member_id, None)
        for member_id in stage.block:
            before = _set_blocked(server, member_id, today)
            self._blocked.setdefault(member_id, before)
        for one in stage.spend:
            _spend_elsewhere(server, one.member, one.points)
        if stage.network is not None:
            server.faults.stage(_plan(stage.network))

    def clear(self) -> None:
        """Take all faults back, and who was blocked; harmless when there are none.

        What was refused because of that is sent again: nothing of a lesson is left to a person.
        """
        server = self._server()
        server.faults.clear()
        if not self._blocked:
            return
        for member_id, before in self._blocked.items():
            _set_blocked(server, member_id, before)
        self._blocked.clear()
        for key in self._needing_attention():
            self._workshop.queue.send_again(key)

    def text_of(self, held_up: HoldUp | HoldUpReceipt) -> str:
        """Return what a scanner reads from a code held up.

        Raises:
            KnownError: The member is unknown, or there is no such code yet.
        """
        with self._lock:
            self._last = self._text_of(held_up)
            return self._last

    # --- codes --------------------------------------------------------------------------------------

    def _text_of(self, held_up: HoldUp | HoldUpReceipt) -> str:
        if isinstance(held_up, HoldUpReceipt):
            return self._receipt()
        if held_up.code is Code.SAME:
            if not self._last:
                raise KnownError(NOTHING_HELD_UP)
            return self._last
        if held_up.member not in self._people:
            raise KnownError(f"The practice shop has no member {held_up.member}.")
        now = self._shop.till.clock.now()
        match held_up.code:
            case Code.FIXED:
                return self._codes.fixed(held_up.member)
            case Code.STALE:
                return self._codes.rotating(held_up.member, self._codes.stale_at(now))
            case Code.USED:
                code = self._new_code(held_up.member, now)
                self._use(code, now)
                return code
            case _:
                return self._new_code(held_up.member, now)

    def _new_code(self, member_id: str, now: datetime) -> str:
        """Return a code that was not shown before: phones make one a second, and a used one is none."""
        second = int(now.timestamp())
        while (member_id, second) in self._made:
            second -= 1
        self._made.add((member_id, second))
        return self._codes.rotating(member_id, now - timedelta(seconds=int(now.timestamp()) - second))

    def _use(self, code: str, now: datetime) -> None:
        """Let the till remember that a sale was committed with this code."""
        if (identifier := self._read(code)) is not None:
            self._workshop.lookup.use([identifier], now)

    def _make_known(self, members: Sequence[str]) -> None:
        """Let the till look everybody up once: who was here before is known while the network is away."""
        for member_id in members:
            if (identifier := self._read(self._codes.fixed(member_id))) is not None:
                self._workshop.lookup.find(identifier)

    def _read(self, code: str) -> Identifier | None:
        from cashier_app.domain.identifier import Origin, Unrecognised, parse_identifier

        identifier = parse_identifier(code, self._shop.till.settings.rules, Origin.SCANNED)
        return None if isinstance(identifier, Unrecognised) else identifier

    def _receipt(self) -> str:
        last = self._workshop.status.read(None).today.last_sales
        if not last:
            raise KnownError(NOTHING_SOLD)
        return self._workshop.claims.codes(last[0].sale).receipt

    # --- the till and its server --------------------------------------------------------------------

    @property
    def _workshop(self) -> Workshop:
        return self._shop.till.workshop()

    def _server(self) -> DemoServer:
        with suppress(ValueError):
            return self._shop.server
        # Nobody asked for anything yet: asking starts it. Later it would meet the faults that are staged.
        self._workshop.lookup.program()
        return self._shop.server

    @cached_property
    def _codes(self) -> PassCodes:
        from cashier_app.demo.passes import PassCodes

        return PassCodes(self._shop.server.shop)

    @cached_property
    def _people(self) -> dict[str, LessonPerson]:
        return lesson_people()

    def _empty_queue(self) -> None:
        """Have everything posted that is left, and what cannot be, settled as a manager would."""
        clock, queue = self._shop.till.clock, self._workshop.queue
        until = clock.monotonic() + READY_SECONDS
        asked: set[str] = set()
        while not self._is_settled():
            if clock.monotonic() > until:
                raise KnownError(NOT_READY)
            queue.send_all_now()
            for key in self._needing_attention():
                if key in asked:
                    self._settle(key)
                else:
                    asked.add(key)
                    queue.look_up_now(key)
            self._pause.wait(LOOK_SECONDS)

    def _is_settled(self) -> bool:
        connection = self._workshop.status.read(None).connection
        counts = connection.counts
        return connection.online and not counts.waiting and not counts.needs_attention

    def _needing_attention(self) -> list[str]:
        from cashier_app.domain.sale import EffectState

        return [
            row.effect.key
            for sale in self._workshop.queue.unsent()
            for row in sale.effects
            if row.state is EffectState.NEEDS_ATTENTION
        ]

    def _settle(self, key: str) -> None:
        from cashier_app.domain.settlement import Truth

        with suppress(KnownError):  # it has moved on meanwhile
            self._workshop.queue.settle_by_hand(key, Truth.NOT_BOOKED, SETTLED_BY, SETTLED_BECAUSE)

    def _end_holds(self, server: DemoServer) -> None:
        """Let holds nobody pays for any more run out now; the till's release of them then finds nothing."""
        from cashier_app.demo.ledger import stamp

        ledger = server.ledger
        with ledger.transaction():
            for held in ledger.open_reservations():
                ledger.execute(
                    "UPDATE reservations SET expires_at = ? WHERE reservation_id = ?",
                    (stamp(ledger.clock.now()), held.reservation_id),
                )
                ledger.settle(held.member_id)


def _plan(network: Network) -> FaultPlan:
    from cashier_app.demo.faults import FaultPlan

    return FaultPlan(
        down=network.down,
        delay_ms=network.delay_ms,
        lose_answers=network.lose_answers,
        repeat_writes=network.repeat_writes,
        unavailable=network.unavailable,
        captive_portal=network.captive_portal,
    )


def _balance(server: DemoServer, member_id: str) -> Decimal:
    from cashier_app.domain.points import from_units

    row = server.ledger.member(member_id)
    if row is None:
        raise KnownError(f"The practice shop has no member {member_id}.")
    return from_units(row.balance, server.shop.program.point_scale)


def _spend_elsewhere(server: DemoServer, member_id: str, points: int) -> None:
    """Take points as a sale at another till does, seen from this one."""
    with server.ledger.transaction():
        if _balance(server, member_id) < points:
            raise KnownError(f"{member_id} has fewer than {points} points to use elsewhere.")
        units = -points * 10**server.shop.program.point_scale
        key = f"elsewhere-{uuid.uuid4().hex}"
        server.ledger.move(key, "adjust", member_id, units, at=server.clock.now())


def _set_blocked(server: DemoServer, member_id: str, since: date | None) -> date | None:
    """Block a member from this day on, or no more; return since when they were."""
    row = server.ledger.member(member_id)
    if row is None:
        raise KnownError(f"The practice shop has no member {member_id}.")
    server.ledger.execute(
        "UPDATE members SET blocked_since = ?, version = version + 1 WHERE member_id = ?",
        (None if since is None else since.isoformat(), member_id),
    )
    return row.blocked_since
