"""The lock, the question for a PIN and the staff in every state worth a picture."""

from __future__ import annotations

from cashier_app.domain.money import Money
from cashier_app.domain.staff import Right, StaffMember
from cashier_app.services.approval import ApprovalAsked, Matter, Reason
from cashier_app.services.desk import Desk, DeskSettings
from tests.fakes.runner import Immediate
from tests.fakes.shop import RUPEE
from tests.fakes.staff import ASHA, STAFF, VIKRAM, FakeSignIn, many, pin_of
from tests.ui.fake_till import StoppedClock
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
WORKING = ("cashier", "manager", "long-cashier")


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
        self.gate.begin()
        if start:
            self.desk.start()

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
        counter.sign_in_as({"cashier": ASHA, "manager": STAFF[2], "long-cashier": people[2]}[name])
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
