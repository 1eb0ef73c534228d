"""What a till must know of its shop before it can serve anybody."""

from __future__ import annotations

from datetime import tzinfo

from msgspec import Struct

from cashier_app.domain.identifier import IdentifierRules
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.offline_policy import NO_OFFLINE, OfflinePolicy
from cashier_app.services.enrolment_settings import USUAL_ENROLMENT, EnrolmentSettings


class TillSettings(Struct, frozen=True):
    """Settings of one till.

    Args:
        store: The shop's name as shown in the header.
        till: The till's number, first part of each sale number.
        currency: The shop's currency with the decimals it uses.
        locale: How amounts, dates and times are written, such as ``en_IN``.
        zone: The shop's time zone: where a day begins.
        rules: What codes and phone numbers look like here.
        unusual_bill: A bill above this must be confirmed by a second Enter.
        hours: 12 or 24; 0 where the region decides.
        offline: What may be redeemed while offline; nothing unless the shop says so.
        posts_at_once: How many members a long queue is posted for at the same time.
        training: Nothing here is real; the window says so everywhere.
        counts_expired: Whether points that expired count here: the program's, whoever serves its members.
        enrolment: What customers who join are asked, and what they agree to.
        voucher_prefixes: What the codes of vouchers begin with; empty where any that is nobody's may be one.
        same_member_minutes: A member served again within so many minutes is asked about; 0 for never.
    """

    store: str
    till: str
    currency: Currency
    locale: str
    zone: tzinfo
    rules: IdentifierRules
    unusual_bill: Money
    hours: int = 0
    training: bool = False
    offline: OfflinePolicy = NO_OFFLINE
    posts_at_once: int = 4
    counts_expired: bool = True
    enrolment: EnrolmentSettings = USUAL_ENROLMENT
    same_member_minutes: int = 0
    voucher_prefixes: tuple[str, ...] = ()
