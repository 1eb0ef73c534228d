"""What a lesson may know of the till: one frozen reading of its state machines, never of what is painted.

The choices below are those of the services, word for word; a test holds them to it.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import get_args

from msgspec import Struct

from cashier_app.domain.member import Way
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.reasons import Limit, Refusal


class At(StrEnum):
    """Where the sale is."""

    IDLE = "idle"
    LOOKING_UP = "looking up"
    CHOOSING = "choosing"
    PROBLEM = "problem"
    BILL = "bill"
    REWARD = "reward"
    PAY = "pay"
    DONE = "done"
    CLAIM = "claim"


class Typing(StrEnum):
    """Where typed keys go."""

    SCAN = "scan"
    MEMBERS = "members"
    BILL = "bill"
    DISCOUNT = "discount"
    MANAGER = "manager"
    VOUCHER = "voucher"
    NOTHING = "nothing"


class Problem(StrEnum):
    """Why nobody is served."""

    NOT_FOUND = "not found"
    CODE_TOO_OLD = "code too old"
    CODE_AHEAD = "code ahead"
    CODE_USED = "code used"
    NOT_A_CODE = "not a code"
    SEVERAL_CODES = "several codes"
    NO_CODE = "no code"
    FAILED = "failed"


class Chosen(StrEnum):
    """What is to be used on the bill."""

    MAXIMUM = "maximum"
    OTHER = "other"
    NOTHING = "nothing"
    REWARD = "reward"


class Posted(StrEnum):
    """How far the loyalty system has got with a sale."""

    POSTING = "posting"
    POSTED = "posted"
    WAITING = "waiting"
    NEEDS_ATTENTION = "needs attention"
    NOTHING_TO_POST = "nothing to post"


class Remarked(StrEnum):
    """The passing remark made last."""

    SCAN_NOT_USED = "scan not used"
    ALREADY_HERE = "already here"
    SWITCH_OFFERED = "switch offered"
    SWITCHED = "switched"
    BACK_ONLINE = "back online"
    NOT_A_LOYALTY_CODE = "not a loyalty code"
    CODE_RAN_OUT = "code ran out"
    BILL_NOT_READ = "bill not read"
    JOINED = "joined"
    WILL_JOIN = "will join"
    CLAIMED = "claimed"
    VOUCHER_DROPPED = "voucher dropped"
    ONE_VOUCHER = "one voucher"
    JOIN_ASKED = "join asked"


class Page(StrEnum):
    """What lies on top of the window."""

    TILL = "till"
    QUEUE = "queue"
    RETURN = "return"
    ENROL = "enrol"
    UNDO = "undo"
    DAY = "day"
    MENU = "menu"
    HELP = "help"
    LOCK = "lock"
    PIN = "pin"
    OTHER = "other"


class ReturnAt(StrEnum):
    """Where a return is."""

    FIND = "find"
    AMOUNT = "amount"
    EXCHANGE = "exchange"
    CONFIRM = "confirm"
    DONE = "done"


class EnrolAt(StrEnum):
    """Where an enrolment is."""

    FORM = "form"
    CONSENT = "consent"
    FOUND = "found"


class UndoAt(StrEnum):
    """Where the question before a sale is undone is."""

    CLOSED = "closed"
    LOOKING = "looking"
    SALE = "sale"
    WHOM = "whom"
    MOVE = "move"
    CANNOT = "cannot"


LIMITS = frozenset(str(kind.__struct_config__.tag) for kind in get_args(Limit))
"""Why there is not more, as the program's reasons are called."""

REFUSALS = frozenset(str(kind.__struct_config__.tag) for kind in get_args(Refusal))
"""Why there is nothing at all."""


class Facts(Struct, frozen=True):
    """The till at one moment. Money in minor units, points exact; "lately" is since the lesson began.

    Args:
        at: Where the sale is.
        typing: Where typed keys go.
        typed: How many characters stand in the scan field.
        page: What lies on top.
        member: Id of the member served or shown as done; empty for nobody.
        way: How they were identified.
        without_member: The sale is made without one.
        unseen: Somebody is served whom nobody can look up now.
        fresh: The account is what the backend said just now.
        blocked: The member may not earn or redeem.
        balance: Points of the member served, before the sale.
        several: How many members answer to what was asked; 0 when nobody is to be chosen.
        here_before: The till asks whether it is the customer who was just here.
        problem: Why nobody is served.
        failed: One sentence about what failed here is shown.
        scans: How many codes were scanned lately, used or not.
        remark: The passing remark made last.
        remarks: How many were made since the program began.
        bill: As typed, or pasted.
        discount: What comes off for points or a reward.
        to_pay: What is left to pay.
        points_used: Points the offer, or the sale under way, takes.
        chosen: What is to be used on the bill; None without an offer.
        limit: Why there is not more, one of `LIMITS`; empty for no reason.
        refusal: Why there is nothing at all, one of `REFUSALS`.
        holding: Points are held while the customer pays.
        busy: A hold or a commit is under way, or somebody is being let join.
        unusual_bill: The till asks whether the bill is right.
        balance_changed: The backend changed the balance under the offer.
        offline_points: The sale uses points that are confirmed later.
        sales: How many sales were finished lately.
        sale_member: Whose the newest of them is; empty for nobody's.
        sale_bill: Its bill.
        sale_discount: What was taken off it.
        sale_points: Points used on it.
        sale_posting: How far the loyalty system has got with it.
        claimable: A member may still claim it.
        claimed: Sales claimed lately.
        enrolled: Customers who joined lately.
        returned: Times goods came back lately.
        undone: Sales undone lately.
        moved: Sales moved to another member lately.
        moved_to: Whom the last one was moved to.
        online: The backend answers.
        sign_in_needed: It refuses the till's credentials.
        waiting: Sales and acts that post by themselves.
        needs_attention: Those that need a person.
        return_at: Where a return is; None while that page is closed.
        return_found: The sale that comes back was found.
        return_refused: It cannot come back.
        return_money: What is to be given back, or was.
        enrol_at: Where an enrolment is; None while that page is closed.
        enrol_fields: How many text fields of the form are filled in, the phone number not counted.
        enrol_phone: The phone number is whole, and nobody's as far as is known.
        undo_at: Where the question before a sale is undone is.
        claim_read: The receipt of a claim was read.
        claim_member: Who it is claimed for is known.
        claim_refused: It cannot be claimed.
    """

    at: At = At.IDLE
    typing: Typing = Typing.SCAN
    typed: int = 0
    page: Page = Page.TILL

    member: str = ""
    way: Way | None = None
    without_member: bool = False
    unseen: bool = False
    fresh: bool = True
    blocked: bool = False
    balance: Decimal = NO_POINTS
    several: int = 0
    here_before: bool = False
    problem: Problem | None = None
    failed: bool = False
    scans: int = 0
    remark: Remarked | None = None
    remarks: int = 0

    bill: int = 0
    discount: int = 0
    to_pay: int = 0
    points_used: Decimal = NO_POINTS
    chosen: Chosen | None = None
    limit: str = ""
    refusal: str = ""
    holding: bool = False
    busy: bool = False
    unusual_bill: bool = False
    balance_changed: bool = False
    offline_points: bool = False

    sales: int = 0
    sale_member: str = ""
    sale_bill: int = 0
    sale_discount: int = 0
    sale_points: Decimal = NO_POINTS
    sale_posting: Posted | None = None
    claimable: bool = False
    claimed: int = 0
    enrolled: int = 0
    returned: int = 0
    undone: int = 0
    moved: int = 0
    moved_to: str = ""

    online: bool = True
    sign_in_needed: bool = False
    waiting: int = 0
    needs_attention: int = 0

    return_at: ReturnAt | None = None
    return_found: bool = False
    return_refused: bool = False
    return_money: int = 0
    enrol_at: EnrolAt | None = None
    enrol_fields: int = 0
    enrol_phone: bool = False
    undo_at: UndoAt = UndoAt.CLOSED
    claim_read: bool = False
    claim_member: bool = False
    claim_refused: bool = False
