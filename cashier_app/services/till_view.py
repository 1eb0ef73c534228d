"""What the till screen shows: one frozen snapshot per moment, rendered by the window."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.choice import Choice
from cashier_app.domain.identifier import Unrecognised
from cashier_app.domain.member import Account, Member, Way
from cashier_app.domain.money import Money
from cashier_app.domain.occasion import Occasion
from cashier_app.domain.offline_policy import NO_OFFLINE, OfflineAnswer, OfflinePolicy, OfflineRecord, Proof
from cashier_app.domain.outcome import CodeAhead, CodeTooOld, CodeUsed, MemberFound
from cashier_app.domain.sale import Sale
from cashier_app.ports.journal import DayFigures, QueueCounts, SaleLine
from cashier_app.ports.local_state import Recovery

if TYPE_CHECKING:
    from cashier_app.domain.offers import Offers
    from cashier_app.domain.program import Program
    from cashier_app.domain.quote import Quote
    from cashier_app.domain.staff import StaffMember
    from cashier_app.ports.capabilities import Capabilities
    from cashier_app.services.claims import NotClaimable, Offer
    from cashier_app.services.pasted_bill import PastedBill
    from cashier_app.services.receipt_codes import ReceiptCodes
    from cashier_app.services.voucher_view import VoucherShown


class Step(StrEnum):
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


class Target(StrEnum):
    """Where typed keys go: the one panel that wears the ink frame."""

    SCAN = "scan"
    MEMBERS = "members"
    BILL = "bill"
    DISCOUNT = "discount"
    MANAGER = "manager"
    VOUCHER = "voucher"
    NOTHING = "nothing"


# Who is at the till.
class Nobody(Struct, frozen=True):
    """Nobody yet."""


class LookingUp(Struct, frozen=True):
    """A look-up is under way; `shown` is what may be shown of the scan or number."""

    shown: str
    way: Way


class Choosing(Struct, frozen=True):
    """Several members share a phone; `marked` is the index Enter takes."""

    shown: str
    found: tuple[MemberFound, ...]
    marked: int


class Serving(Struct, frozen=True):
    """A member is served.

    Args:
        fresh: False when the account is what was known before the network went.
        proof: How sure the till is that it is they.
        record: What this till knows of redemptions offline; None until it was read, and while online.
    """

    member: Member
    account: Account
    way: Way
    fresh: bool
    proof: Proof = Proof.TYPED
    record: OfflineRecord | None = None


class ServingUnseen(Struct, frozen=True):
    """Somebody identified while offline whom this till has not met: found when the sale is posted."""

    shown: str
    way: Way


class WithoutMember(Struct, frozen=True):
    """A sale without a member."""


class NotFound(Struct, frozen=True):
    """The backend knows nobody by this; `shown` may be read back to the customer."""

    shown: str
    way: Way


class SeveralCodes(Struct, frozen=True):
    """A picture showed more than one code."""

    count: int


class NoCode(Struct, frozen=True):
    """A picture showed no code."""


class Failed(Struct, frozen=True):
    """Something in the world failed; one sentence says what."""

    sentence: str


# A sale made without a member.
class WhoClaims(Struct, frozen=True):
    """Who a sale may be for, as may be shown.

    Args:
        name: Empty for somebody nobody can look up now.
        seen_as: What they were found by, then.
        missing: What nobody was found by.
        fresh: Whether the backend said just now what they have.
    """

    name: str
    tier: str = ""
    seen_as: str = ""
    missing: str = ""
    fresh: bool = True


class ClaimShown(Struct, frozen=True):
    """A sale made without a member, and who it may be for.

    Args:
        sale: None until the receipt was read, and for one that says nothing.
        who: None until somebody was scanned or typed.
        offer: What it earns for them.
        looked_for: What somebody is being looked up by.
        refused: Why it cannot be claimed.
        several: Who answers to the phone number, to be chosen from.
    """

    sale: Sale | None
    who: WhoClaims | None = None
    offer: Offer | None = None
    looked_for: str = ""
    refused: NotClaimable | None = None
    several: tuple[MemberFound, ...] = ()


Problem = NotFound | CodeTooOld | CodeAhead | CodeUsed | Unrecognised | SeveralCodes | NoCode | Failed
Person = Nobody | LookingUp | Choosing | Serving | ServingUnseen | WithoutMember | ClaimShown | Problem


class Posting(StrEnum):
    """How far the backend has got with the sale just finished."""

    POSTING = "posting"
    POSTED = "posted"
    WAITING = "waiting"
    NEEDS_ATTENTION = "needs attention"
    NOTHING_TO_POST = "nothing to post"


class Finished(Struct, frozen=True):
    """The sale just committed.

    Args:
        earned: Points the backend booked, or those expected until it answers.
        balance: Balance the backend answered; None until then.
        posted_at: When the backend had all of it, UTC.
    """

    sale: Sale
    posting: Posting
    earned: Decimal
    balance: Decimal | None = None
    posted_at: datetime | None = None


class NoticeKind(StrEnum):
    """A passing remark; never something that must not be missed."""

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


class Notice(Struct, frozen=True):
    """A remark for the toast. `sequence` grows with each, so that the window shows each once."""

    sequence: int
    kind: NoticeKind
    name: str = ""
    count: int = 0


class Connection(Struct, frozen=True):
    """Whether the backend answers, since when not (UTC), what waits, and whether it refuses our token.

    Args:
        oldest_unsent: When the oldest sale not posted was made, UTC.
    """

    online: bool
    offline_since: datetime | None
    counts: QueueCounts
    sign_in_needed: bool = False
    oldest_unsent: datetime | None = None


class Today(Struct, frozen=True):
    """Figures and last sales beside the keypad and in the idle panel.

    Args:
        undone: Ids of those of the last sales that were undone or moved to another member.
        recovery: A damaged database that was set right within the last day, or None.
        short_of_space: Whether the disk is nearly full.
    """

    figures: DayFigures
    last_sales: tuple[SaleLine, ...]
    recovery: Recovery | None = None
    short_of_space: bool = False
    undone: frozenset[str] = frozenset()


class BillOffers(Struct, frozen=True):
    """What the backend offers on one bill of the member served."""

    bill: Money
    offers: Offers


class TillView(Struct, frozen=True):
    """Everything the till screen needs, and nothing it must work out.

    Args:
        target: Where typed keys go.
        entry: What stands typed in the scan field: a number, a voucher's code, or a manager's name.
        bill: The bill as typed.
        occasion: When and where this is, in the shop's own time, to the minute.
        discount_entry: The smaller discount as typed; None unless one is being typed.
        marked_reward: The other reward marked by the arrow keys, as `alternatives` names it; empty for none.
        busy: A hold or a commit is under way: Enter waits.
        held_until: End of the reservation, UTC; None when nothing is held, or it does not end by itself.
        hold_over: The reservation ran out while paying.
        balance_was: The balance before the backend changed it under the quote.
        trouble: One sentence about what failed here and now, such as a full disk; empty when nothing did.
        confirm_bill: The bill is unusually high and Enter must be pressed again.
        offline_policy: What the shop allows while offline.
        offline: What that comes to for the member served; None while the account is fresh.
        can: What the backend can do; None until that is known.
        offers: What a backend that quotes by itself said last, and of which bill.
        pasted: A bill that came with its lines; it holds while its amount stands in `bill`.
        cashier: Who is signed in; None where nobody has to, or is.
        here_before: Minutes since the member served was served last, while it is asked whether they are the
            same customer; None where that is not asked.
        offline_accepted: The sale being paid, or just finished, uses points that are confirmed later.
        voucher: What is known of a voucher the customer brought, for this bill.
        receipt: What the receipt of the sale just finished carries, where a member may claim it or its goods
            may come back.
        clears_after: Seconds after which the screen clears by itself; None when it does not.
    """

    step: Step
    target: Target
    person: Person
    entry: str
    bill: AmountEntry
    choice: Choice
    connection: Connection
    today: Today
    occasion: Occasion
    program: Program | None = None
    quote: Quote | None = None
    discount_entry: AmountEntry | None = None
    marked_reward: str = ""
    busy: bool = False
    held_until: datetime | None = None
    hold_over: bool = False
    balance_was: Decimal | None = None
    trouble: str = ""
    confirm_bill: bool = False
    finished: Finished | None = None
    notice: Notice | None = None
    clears_after: int | None = None
    offline_policy: OfflinePolicy = NO_OFFLINE
    offline: OfflineAnswer | None = None
    offline_accepted: bool = False
    can: Capabilities | None = None
    offers: BillOffers | None = None
    cashier: StaffMember | None = None
    here_before: int | None = None
    pasted: PastedBill | None = None
    receipt: ReceiptCodes | None = None
    voucher: VoucherShown | None = None

    @property
    def is_holding(self) -> bool:
        """Say whether points are held while the customer pays, also where a hold does not end by itself."""
        holds = self.can is not None and self.can.holds_points
        used = self.quote is not None and self.quote.points_used > 0
        endless = self.step is Step.PAY and holds and used and not self.offline_accepted
        return not self.hold_over and (self.held_until is not None or endless)

    @property
    def lacks_offers(self) -> bool:
        """Say whether the backend is still to be asked what may be redeemed on this bill."""
        served = isinstance(self.person, Serving) and self.person.fresh
        quotes = self.can is not None and self.can.quotes
        return served and quotes and (self.offers is None or self.offers.bill != self.bill.money)
