"""The lock, the question for a PIN and the staff in every state worth a picture."""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.domain.money import Money
from cashier_app.domain.staff import Right, StaffMember
from cashier_app.services.approval import ApprovalAsked, Matter, Reason
from cashier_app.services.desk import Desk
from cashier_app.services.desk_settings import DeskSettings
from tests.fakes.runner import Immediate
from tests.fakes.shop import RUPEE
from tests.fakes.staff import ASHA, STAFF, VIKRAM, FakeSignIn, many, pin_of
from tests.ui.fake_devices import FakeDevices
from tests.ui.fake_staff_setup import FakeStaffSetup, some_staff
from tests.ui.fake_till import FakeTill, StoppedClock
from ui.gate import Gate
from ui.main_window import MainWindow
from ui.screens.till import Place

STATES = (
    "lock",
    "lock-nine",
    "lock-thirty",
    "lock-one",
    "lock-badges",
    "lock-starting",
    "lock-unreadable",
    "lock-pin",
    "lock-pin-long-name",
    "lock-wrong",
    "lock-wait",
    "lock-locked-out",
    "lock-demo",
    "lock-switch",
    "cashier",
    "manager",
    "long-cashier",
    "pin",
    "pin-why",
    "pin-who",
    "pin-who-many",
    "pin-wrong",
    "pin-page",
    "menu-manager",
    "menu-cashier",
    "staff",
    "staff-many",
    "staff-nobody",
    "staff-person",
    "staff-leaving",
    "staff-add",
    "staff-pin",
    "staff-pin-again",
)
OFFLINE = ApprovalAsked(
    Right.APPROVE,
    Matter.OFFLINE_POINTS,
    subject="sale",
    amount=Money(200_00, RUPEE),
    limit=Money(150_00, RUPEE),
    reasons=(Reason.MEMBER_KNOWN, Reason.GOODWILL, Reason.SYSTEM_DOWN),
)
_PEOPLE: dict[str, tuple[StaffMember, ...]] = {
    "lock-nine": many(9),
    "lock-thirty": many(30),
    "lock-one": (ASHA,),
    "lock-pin-long-name": many(9),
    "long-cashier": many(4),
    "pin-who-many": many(30),
}
WORKING = ("cashier", "manager", "long-cashier", "menu-manager", "menu-cashier")


class Counter:
    """A window with a desk: people, their PINs, and a clock that goes on when told."""

    def __init__(
        self,
        window: MainWindow,
        *people: StaffMember,
        settings: DeskSettings | None = None,
        expected: bool = True,
        training: bool = False,
        told: dict[str, str] | None = None,
        clock: StoppedClock | None = None,
        start: bool = True,
    ) -> None:
        self.window, self.clock = window, clock or StoppedClock()
        self.sign_in = FakeSignIn(*people)
        self.paying = False
        self.runner = Immediate()
        self.desk = Desk(
            settings or DeskSettings(), lambda: self.sign_in, self.runner, self.clock, lambda: self.paying
        )
        place = Place("Marigold Stores", "2", "IN")
        self.gate = Gate(
            window,
            self.desk,
            place=place,
            clock=self.clock,
            expected=expected,
            training=training,
            told=told,
        )
        window.gate = self.gate
        self.gate.cashier_changed.connect(self._tell_till)
        self.gate.begin()
        if start:
            self.desk.start()

    def _tell_till(self, cashier: StaffMember | None) -> None:
        till = self.window._till
        if isinstance(till, FakeTill):
            till.show(replace(till.view, cashier=cashier))

    def sign_in_as(self, member: StaffMember) -> None:
        """Open the lock as somebody."""
        self.desk.choose(member.staff_id)
        for digit in pin_of(member):
            self.desk.type_digit(digit)
        self.desk.enter()


def open_in(window: MainWindow, name: str) -> Counter:
    """Bring a window that is shown into one of the states."""
    people = _PEOPLE.get(name, STAFF)
    if name == "lock-starting":
        return Counter(window, start=False)
    told = {one.staff_id: pin_of(one) for one in people} if name == "lock-demo" else {}
    settings = DeskSettings(badges=name == "lock-badges")
    counter = Counter(
        window, *people, settings=settings, told=told, training=name == "lock-demo", start=False
    )
    if name == "lock-unreadable":
        from cashier_app.errors import KnownError

        counter.sign_in.error = KnownError(
            "The staff cannot be read: the disk reports an error. Restart the till."
        )
    counter.desk.start()
    if name.startswith("lock"):
        _lock(counter, name)
    elif name in WORKING:
        as_who = {"manager": STAFF[2], "menu-manager": STAFF[2], "long-cashier": people[2]}
        counter.sign_in_as(as_who.get(name, ASHA))
        if name.startswith("menu"):
            window.ways.staff = FakeStaffSetup()
            window.ways.devices = FakeDevices(window)
            window.ways.show_menu()
    elif name.startswith("staff"):
        _staff(counter, name)
    else:
        _ask(counter, name)
    return counter


def _lock(counter: Counter, name: str) -> None:
    desk, sign_in = counter.desk, counter.sign_in
    if name == "lock-switch":
        counter.sign_in_as(ASHA)
        desk.switch()
    elif name in {
        "lock-pin",
        "lock-wrong",
        "lock-wait",
        "lock-locked-out",
        "lock-demo",
        "lock-pin-long-name",
    }:
        person = sign_in.staff[2 if name == "lock-pin-long-name" else 0]
        if name == "lock-wait":
            sign_in.waits[person.staff_id] = 30
        if name == "lock-locked-out":
            sign_in.locked.add(person.staff_id)
        desk.choose(person.staff_id)
        tries = name in {"lock-wrong", "lock-wait", "lock-locked-out"}
        for _ in range(6 if tries else 3):
            desk.type_digit("0")
        if tries:
            desk.enter()


def _staff(counter: Counter, name: str) -> None:
    counter.sign_in_as(STAFF[2])
    setup = some_staff()
    if name == "staff-nobody":
        setup = FakeStaffSetup()
    elif name == "staff-many":
        setup = FakeStaffSetup(*many(30))
    counter.window.ways.staff = setup
    counter.window.ways.show_staff()
    drawer = counter.window.drawers.staff_page(setup, counter.gate)
    if name in {"staff-person", "staff-leaving"}:
        drawer.choose("1")
        if name == "staff-leaving":
            drawer.choose("3")
    elif name in {"staff-add", "staff-pin", "staff-pin-again"}:
        drawer.start_adding()
        drawer.form.edit("name").setText("Priti Kulkarni")
        if name != "staff-add":
            drawer.open_row()
            drawer.open_row()
            for _ in range(4 if name == "staff-pin" else 6):
                drawer.choose("0")
            if name == "staff-pin-again":
                drawer.open_row()
                drawer.choose("0")


def _ask(counter: Counter, name: str) -> None:
    desk = counter.desk
    counter.sign_in_as(counter.sign_in.staff[0] if name == "pin-who-many" else ASHA)
    if name == "pin-page":
        counter.window.ask_right(Right.MANAGE_STAFF, lambda: None)
        return
    desk.ask(OFFLINE, lambda _: None)
    if name.startswith("pin-who"):
        return
    desk.choose(VIKRAM.staff_id)
    if name == "pin-why":
        return
    desk.choose_reason(Reason.MEMBER_KNOWN)
    for _ in range(4):
        desk.type_digit("0")
    if name == "pin-wrong":
        desk.type_digit("0")
        desk.type_digit("0")
        desk.enter()
