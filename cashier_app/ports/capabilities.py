"""What a backend can do: values that services read, so that none of them ever asks for a vendor's name."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from msgspec import Struct

from cashier_app.domain.enrolment import Enrolling
from cashier_app.domain.member import Way


class Reserving(StrEnum):
    """Whether points can be held between the quote and the payment.

    `SOFT`: the backend notes an intention that keeps nobody else from using the points. The till then does as
    with `NONE`: it reads the balance again before the money is taken, and takes the points after.
    """

    HARD = "hard"
    SOFT = "soft"
    NONE = "none"


class Idempotency(StrEnum):
    """What keeps a repeated effect from taking hold twice."""

    KEY = "key"
    NATURAL_KEY = "natural key"
    READ_BACK = "read back"


class Quoting(StrEnum):
    """Who says what may be redeemed on a bill: the till by the program, or the backend for each bill."""

    LOCAL = "local"
    VENDOR = "vendor"


EVERY_WAY = (Way.WALLET_CODE, Way.PHONE, Way.MEMBER_NUMBER)


class Capabilities(Struct, frozen=True):
    """What a backend can do; services read this, never a vendor's name.

    Args:
        reserving: Whether points can be held, and `hold` for how long; None where a hold never ends.
        idempotency: What makes repeating safe, and `key_life` how long it does; nothing for `READ_BACK`.
        search_lag: How long after a call ended what it did may still be missing from a look-up; None where
            effects cannot be looked up at all.
        tiers: Whether accounts carry a tier.
        store_credit: Whether accounts carry store credit.
        negative_balance: Whether a claw-back may take a balance below zero.
        reads_ledger: Whether its own books of one sale can be read, by `ledger`.
        quoting: Who quotes; where the backend does, the till asks `options` once the bill is fixed.
        variable_amounts: Whether less than the most may be redeemed; False where only what is offered may.
        finds_by: What members can be found by.
        earns: Whether sales earn points through this backend.
        earns_later: Whether what a sale earned is booked some time after it was taken: "points will follow".
        partial_refund: Whether a part of a sale can be returned; False where only the whole can.
        restores_points: Whether points used on a sale can be given back.
        enrolling: What it wants to know of new members; None where it takes none.
        adjusts: Whether balances can be corrected, by `adjust`.
        lists_holds: Whether it can list the holds it still keeps, by `list_holds`.
        tells_lapsed: Whether it tells which points expired, by `lapsed`.
        tells_anonymous: Whether it is told of sales without a member: a `SALE` that names nobody.
        links_sales: Whether such a sale can be given to a member afterwards, by `link`.
        keeps_consent: Whether it keeps the version of the text a new member agreed to.
        merges: Whether it takes requests to join two records of one person, by `ask_to_merge`.
        vouchers: Whether voucher codes can be checked, by `check_voucher`, and used: effects name them.
        restores_vouchers: Whether the voucher of a whole sale that is undone may be used again.
        referrals: Whether referral codes can be checked, by `check_referral`.
        invites: Whether a customer can be given a page to type their particulars on, by `invite`.
        personal_offers: Whether accounts carry offers for one member.
        guards_returns: Whether it refuses to take back more of a sale than was sold, over all tills.
        knows_claims: Whether it says of a sale by its key alone whose it is, when `reconcile` is asked for a
            `SALE` that names nobody; and gives a sale claimed late to nobody else.
    """

    reserving: Reserving
    hold: timedelta | None
    idempotency: Idempotency
    key_life: timedelta
    search_lag: timedelta | None
    tiers: bool
    store_credit: bool
    negative_balance: bool
    reads_ledger: bool = False
    quoting: Quoting = Quoting.LOCAL
    variable_amounts: bool = True
    finds_by: tuple[Way, ...] = EVERY_WAY
    earns: bool = True
    earns_later: bool = False
    partial_refund: bool = True
    restores_points: bool = True
    enrolling: Enrolling | None = None
    adjusts: bool = False
    lists_holds: bool = False
    tells_lapsed: bool = False
    tells_anonymous: bool = False
    links_sales: bool = False
    keeps_consent: bool = False
    merges: bool = False
    vouchers: bool = False
    restores_vouchers: bool = False
    referrals: bool = False
    invites: bool = False
    personal_offers: bool = False
    guards_returns: bool = False
    knows_claims: bool = False

    @property
    def quotes(self) -> bool:
        """Say whether the backend is asked what may be redeemed on a bill."""
        return self.quoting is Quoting.VENDOR

    @property
    def holds_points(self) -> bool:
        """Say whether points can be held so that nobody else can use them."""
        return self.reserving is Reserving.HARD
