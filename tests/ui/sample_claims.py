"""Views of sales made without a member: their code, and the card on which they are claimed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.claim_code import claim_until
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import MemberFound
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import Sale
from cashier_app.scanning.printed_codes import bar_code, qr_code
from cashier_app.services.claims import NotClaimable, Offer, WhyNotClaimed
from cashier_app.services.receipt_codes import ReceiptCodes
from cashier_app.services.till_view import (
    ClaimShown,
    Finished,
    Posting,
    Step,
    Target,
    TillView,
    WhoClaims,
    WithoutMember,
)
from tests.fakes.shop import ANIL, MEERA, RUPEE
from tests.ui.sample_shop import ANILS_ACCOUNT, MEERAS_ACCOUNT, NOW, OFFLINE, id_of, nobody

RECEIPT = "CL1:" + "AB7QK2M4ZP6XWJ5T3RNGYHCLUEVDFISO" * 5
SOLD_AT = NOW - timedelta(days=1, hours=2)
SALE = Sale(
    sale_id=id_of("2-0418"),
    number="2-0418",
    member_id="",
    display_name="",
    way=None,
    bill=Money(102_500, RUPEE),
    discount=Money(0, RUPEE),
    paid=Money(102_500, RUPEE),
    points_used=NO_POINTS,
    points_expected=NO_POINTS,
    at=SOLD_AT,
    program_version="7",
    utc_offset=330,
    claim_until=claim_until(SOLD_AT, 14, 330),
)


def done_claimable() -> TillView:
    """Finished without a member: the code is on show."""
    view = nobody(WithoutMember(), Step.DONE, Target.SCAN)
    sale = replace(SALE, at=NOW, claim_until=claim_until(NOW, 14, 330))
    codes = ReceiptCodes(
        sale_id=sale.sale_id,
        receipt=RECEIPT,
        rows=qr_code(RECEIPT).rows,
        number=sale.number,
        bars=bar_code(sale.number).rows[0],
        claim="2-0418-594201",
        days=14,
    )
    finished = Finished(sale, Posting.POSTED, NO_POINTS, posted_at=NOW)
    return replace(view, bill=AmountEntry(RUPEE, "1025"), finished=finished, receipt=codes, clears_after=6)


def claim_read() -> TillView:
    """The receipt is being read."""
    return replace(_claim(ClaimShown(None)), busy=True)


def claim_asked() -> TillView:
    """The receipt was scanned: who is it for?"""
    return _claim(ClaimShown(SALE))


def claim_for_member() -> TillView:
    """The member was scanned: Enter credits it."""
    return _claim(ClaimShown(SALE, WhoClaims("Priya Raghunathan", "Gold"), Offer(Decimal(10), about=False)))


def claim_offline() -> TillView:
    """Offline, for somebody this till has not met."""
    who = WhoClaims("", seen_as="+919845012210", fresh=False)
    view = _claim(ClaimShown(SALE, who, Offer(Decimal(10), about=True)))
    return replace(view, connection=OFFLINE)


def claim_several() -> TillView:
    """Two members answer to the number."""
    found = (MemberFound(ANIL, ANILS_ACCOUNT), MemberFound(MEERA, MEERAS_ACCOUNT))
    return replace(_claim(ClaimShown(SALE, several=found)), target=Target.MEMBERS)


def claim_nobody() -> TillView:
    """Nobody has the number that was typed."""
    return _claim(ClaimShown(SALE, WhoClaims("", missing="+919845000000")))


def claim_used() -> TillView:
    """The sale counts for somebody already."""
    return _claim(ClaimShown(SALE, refused=NotClaimable(WhyNotClaimed.CLAIMED, SALE)))


def claim_foreign() -> TillView:
    """A receipt of another shop."""
    return _claim(ClaimShown(None, refused=NotClaimable(WhyNotClaimed.FOREIGN)))


def _claim(shown: ClaimShown) -> TillView:
    return replace(nobody(shown, Step.CLAIM, Target.SCAN), clears_after=60)


STATES = {
    "done-claimable": done_claimable,
    "claim-read": claim_read,
    "claim-asked": claim_asked,
    "claim-for-member": claim_for_member,
    "claim-offline": claim_offline,
    "claim-several": claim_several,
    "claim-nobody": claim_nobody,
    "claim-used": claim_used,
    "claim-foreign": claim_foreign,
}
