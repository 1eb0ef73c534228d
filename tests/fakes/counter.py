"""A whole till at a counter, put together from the real services, the real database and a fake world."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from cashier_app.claim_opening import OpenClaimKeys, draw_codes
from cashier_app.domain.identifier import IdentifierRules
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.program import (
    Program,
)
from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.health_opening import TillParts, open_health
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.runner import Runner
from cashier_app.services.answer_times import AnswerTimes
from cashier_app.services.approval import Approvals
from cashier_app.services.asked_first import AskedFirst
from cashier_app.services.checkout import Checkout
from cashier_app.services.claims import Claims
from cashier_app.services.connection import ConnectionWatch
from cashier_app.services.delivery import Delivery
from cashier_app.services.enrolling import EnrolSession
from cashier_app.services.enrolments import Enrolments
from cashier_app.services.exchanging import Exchanging
from cashier_app.services.last_act import LastActs
from cashier_app.services.lookup import MemberLookup
from cashier_app.services.other_tills import OtherTills
from cashier_app.services.refunds import Refunds
from cashier_app.services.return_session import ReturnSession
from cashier_app.services.returning import Returning
from cashier_app.services.sales_queue import SalesQueue
from cashier_app.services.same_person import SamePerson
from cashier_app.services.sender import Sender
from cashier_app.services.till_session import TillSession
from cashier_app.services.till_settings import TillSettings
from cashier_app.services.till_status import StatusReader
from cashier_app.services.till_view import TillView
from cashier_app.services.undo_session import UndoSession
from cashier_app.services.undoing import Undoing
from cashier_app.services.used_codes import UsedCodes
from cashier_app.services.workshop import Workshop
from cashier_app.staff_opening import open_plain_door
from cashier_app.storage.housekeeping import Housekeeping
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.backend import FakeBackend
from tests.fakes.clock import FakeClock
from tests.fakes.delivering import deliver_due
from tests.fakes.runner import Immediate
from tests.fakes.shop import ANIL, COINS, DEVIKA, MEERA, PRIYA, RAHUL, RUPEE, ZONE

SETTINGS = TillSettings(
    store="Marigold Stores",
    till="2",
    currency=RUPEE,
    locale="en_IN",
    zone=ZONE,
    rules=IdentifierRules("IN", link_prefixes=("https://m.example/c/",)),
    unusual_bill=Money(100_000_00, RUPEE),
)

PRIYAS_CODE, PRIYAS_PHONE = "LC1:priya0001", "9845012210"
RAHULS_CODE, RAHULS_PHONE = "LC1:rahul0002", "9845098548"
DEVIKAS_CODE = "LC1:devika003"
SHARED_PHONE = "9845066214"
ANILS_CODE = "LC1:anil00006"
STRANGERS_CODE = "LC1:nobody999"
UNFINISHED = {EffectState.WAITING, EffectState.SENDING, EffectState.UNKNOWN}


def new_backend(clock: FakeClock, program: Program = COINS) -> FakeBackend:
    """Return a backend that knows the people of the pictures."""
    backend = FakeBackend(clock, program)
    backend.add(PRIYA, 1240, f"wallet:{PRIYAS_CODE}", f"phone:+91{PRIYAS_PHONE}", "wallet:LR1:priya0001:aaaa")
    backend.add(RAHUL, 80, f"wallet:{RAHULS_CODE}", f"phone:+91{RAHULS_PHONE}")
    backend.add(DEVIKA, 700, f"wallet:{DEVIKAS_CODE}")
    backend.add(ANIL, 300, f"phone:+91{SHARED_PHONE}", f"wallet:{ANILS_CODE}", "number:MB4471")
    backend.add(MEERA, 90, f"phone:+91{SHARED_PHONE}")
    return backend


class Counter:
    """One till with its world. Nothing runs by itself: a test delivers, lets time pass and restarts."""

    def __init__(
        self,
        folder: Path,
        *,
        runner: Runner | None = None,
        settings: TillSettings = SETTINGS,
        program: Program = COINS,
        delivery: type[Delivery] = Delivery,
        approvals: Approvals | None = None,
    ) -> None:
        self.clock = FakeClock()
        self.backend = new_backend(self.clock, program)
        self.settings = settings
        self._folder = folder
        (folder / "till.sqlite").write_bytes(_empty_journal())
        self._runner = runner or Immediate()
        self._delivery = delivery
        self._approvals = approvals
        self._open()

    def _open(self) -> None:
        self.journal = SqliteJournal(
            self._folder / "till.sqlite", self.settings.till, zone=self.settings.zone
        )
        self.connection = ConnectionWatch(self.clock)
        self.delivery = self._delivery(
            self.backend,
            self.journal,
            self.clock,
            self.connection,
            random.Random(7),
        )
        self.sender = Sender(self.delivery, self.journal, self.clock, self.connection, lambda: None)
        self.checkout = Checkout(
            self.backend, self.journal, self.clock, self.connection, self.settings.offline, self.settings.zone
        )
        lookup = MemberLookup(
            self.backend, self.journal, self.connection, UsedCodes(self.journal, self.clock)
        )
        refunds = Refunds(self.journal, self.backend, lookup, self.clock, self.settings.zone)
        self.housekeeping = Housekeeping(self.journal, self.clock)
        self.times = AnswerTimes(self.clock, self.settings.zone)
        self.health = open_health(
            TillParts(
                journal=self.journal,
                backend=self.backend,
                connection=self.connection,
                clock=self.clock,
                settings=self.settings,
                housekeeping=self.housekeeping,
                sender=self.sender,
                lookup=lookup,
                times=self.times,
            )
        )
        keys = OpenClaimKeys(lambda: None, self._folder)
        other_tills = OtherTills(
            keys, self.journal, self.backend, self.connection, self.clock, self.settings.currency
        )
        asked_first = AskedFirst(
            self.journal, self.backend, self.connection, self.clock, keys, pause=self._meanwhile
        )
        returning = Returning(
            self.journal, refunds, lookup, self.clock, self.settings, other_tills, asked_first
        )
        self.workshop = Workshop(
            lookup=lookup,
            checkout=self.checkout,
            status=StatusReader(self.journal, self.connection, self.clock, self.settings),
            queue=SalesQueue(self.journal, self.sender, self.clock),
            returns=returning,
            sender=self.sender,
            health=self.health.desk,
            sign_in=open_plain_door(self.journal, self.clock),
            undoing=Undoing(
                self.journal,
                self.backend,
                refunds,
                lookup,
                self.connection,
                self.clock,
                self.settings,
                returning.returned_there,
                asked_first,
            ),
            enrolments=Enrolments(
                self.backend,
                self.journal,
                lookup,
                self.connection,
                self.clock,
                self.settings,
                sending=lambda: None,
                pause=self._meanwhile,
            ),
            exchanges=Exchanging(
                self.journal, returning, refunds, self.checkout, lookup, self.clock, self.settings
            ),
            claims=Claims(
                self.backend,
                self.journal,
                lookup,
                self.connection,
                self.clock,
                self.settings,
                OpenClaimKeys(lambda: None, self._folder),
                draw_codes,
                sending=lambda: None,
            ),
            same_person=SamePerson(self.journal, self.clock, self.settings),
        )
        self.session = TillSession(
            self.settings, lambda: self.workshop, self._runner, self.clock, self._approvals
        )
        self.returns = ReturnSession(
            lambda: self.workshop, self._runner, self.clock, self.session.update_status
        )
        self.acts = LastActs()
        self.undo = UndoSession(lambda: self.workshop, self._runner, self.settings, self.session, self.acts)
        self.enrolling = EnrolSession(
            lambda: self.workshop, self._runner, self.clock, self.settings, self.session
        )

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self.session.view

    def open_for_business(self) -> Counter:
        """Fetch program and figures."""
        self.session.start()
        return self

    def close(self) -> None:
        """Close the database."""
        self.journal.close()

    def restart(self) -> None:
        """End the process, as a power cut does, and start again over the same folder."""
        self.journal.close()
        self._open()
        self.delivery.recover()
        self.open_for_business()

    def type(self, keys: str) -> None:
        """Press keys: digits, letters, and ``.`` for the decimal point."""
        for key in keys:
            if key == ".":
                self.session.press_point()
            else:
                self.session.type_character(key)

    def press_enter(self, times: int = 1) -> None:
        """Press Enter so many times."""
        for _ in range(times):
            self.session.confirm()

    def _meanwhile(self, seconds: float) -> None:
        """Let the sender work while somebody waits for what came of it."""
        self.deliver()
        self.clock.advance(seconds)

    def deliver(self) -> int:
        """Let the sender do what is due now, and the screen hear of it; return how many effects moved."""
        if not self.connection.online:
            self.delivery.probe()
        moved = deliver_due(self.delivery) if self.connection.online else 0
        self.session.update_status()
        return moved

    def drain(self, rounds: int = 400) -> None:
        """Let time pass and the sender work until nothing waits that can go by itself."""
        for _ in range(rounds):
            if not self.unfinished():
                return
            if not self.deliver():
                self.clock.advance(5)
        raise AssertionError(f"never finished: {self.unfinished()}")

    def rows(self) -> list[EffectRow]:
        """Return every effect of every sale and draft in the database, in order."""
        with self.journal._database.reading() as connection:
            sales = connection.execute("SELECT sale_id FROM sale ORDER BY opened_at, rowid").fetchall()
        ids = [str(row[0]) for row in sales]
        return [row for sale_id in ids for row in self.journal.effects_of(sale_id)]

    def unfinished(self) -> list[EffectRow]:
        """Return the effects that still move by themselves."""
        return [row for row in self.rows() if row.state in UNFINISHED]

    def kinds(self, state: EffectState | None = None) -> list[EffectKind]:
        """Return the kinds of all effects, or of those in one state."""
        return [row.effect.kind for row in self.rows() if state in {None, row.state}]


@cache
def _empty_journal() -> bytes:
    """Return the file of a journal just made: copying it is faster than making one safely each time."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "till.sqlite"
        SqliteJournal(path, "2").close()
        return path.read_bytes()


def with_currency(settings: TillSettings, currency: Currency) -> TillSettings:
    """Return these settings for a shop with another currency."""
    return replace(settings, currency=currency, unusual_bill=Money(settings.unusual_bill.minor, currency))
