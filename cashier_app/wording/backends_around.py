"""What a loyalty system can do around a sale, in words."""

from __future__ import annotations

from cashier_app.ports.capabilities import Capabilities
from cashier_app.wording.sentences import Row, Sentence, Tone
from cashier_app.wording.speech import Wording


def around_rows(can: Capabilities, wording: Wording) -> tuple[Row, ...]:
    """Return what a loyalty system can and cannot do before and after a sale."""
    text = wording.text
    pairs = (
        (
            can.links_sales,
            text("It knows sales without a member, and gives them to one later."),
            text("It is not told of sales without a member; they are claimed by telling them late."),
        ),
        (
            can.links_sales or can.knows_claims,
            text("A sale is claimed once, whichever till asks."),
            text("A sale is claimed at the till that made it: it could not tell two tills apart."),
        ),
        (
            can.vouchers,
            text("Voucher codes are checked and used there."),
            text("It has no voucher codes a till could check."),
        ),
        (
            can.personal_offers,
            text("Offers for one member, such as for a birthday, are shown."),
            text("It tells of no offers for one member alone."),
        ),
        (
            can.referrals,
            text("Referral codes are checked there."),
            text("Referral codes are not checked."),
        ),
        (
            can.keeps_consent,
            text("It keeps what new members agreed to: the text's version and language."),
            text("What new members agreed to is kept at this till only."),
        ),
        (
            can.invites,
            text("Customers can type their own particulars on their phone."),
            text("New members are typed in at the till."),
        ),
        (
            can.merges,
            text("It takes requests to join two records of one person."),
            text("Two records of one person are put on the manager's list."),
        ),
        (
            can.guards_returns,
            text("It never takes back more of a sale than was sold, whichever till asks."),
            text("Only this till knows what came back of its sales."),
        ),
    )
    return tuple(
        Row("check-circle", Sentence.of(yes), Tone.GOOD)
        if able
        else Row("minus-circle", Sentence.of(no), Tone.MUTED)
        for able, yes, no in pairs
    )
