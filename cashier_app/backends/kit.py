"""All that an adapter needs, under one name that stays: for backends in packages of their own.

Importing this imports no HTTP library; `http_client` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from cashier_app.backends.amounts import (
    iso_decimals,
    main_text,
    main_units,
    minor_units,
    of_main_text,
    of_main_units,
    of_minor_units,
    points_of,
    whole_points,
)
from cashier_app.backends.authorization import (
    Authorization,
    RenewedToken,
    SecretHeaders,
    bearer,
    no_authorization,
)
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.paths import path_of
from cashier_app.backends.plain_backend import PlainBackend, PlainRules, PointsRules
from cashier_app.backends.replies import (
    Answered,
    NoAnswer,
    NotSent,
    Reply,
    Strange,
    answer_of,
    lookup_in,
    lookup_of,
    outcome_of,
    probed,
    reason_of,
    reconciled_of,
    unusable,
)
from cashier_app.documents.program_document import read_program_value
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.enrolment import (
    AlreadyMember,
    Consent,
    ConsentText,
    Enrolled,
    Enrolling,
    EnrolmentAnswer,
    EnrolmentField,
    EnrolmentRefused,
    NewMember,
)
from cashier_app.domain.identifier import Identifier, MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.invitation import (
    Invitation,
    InvitationOpen,
    InvitationOver,
    InvitationUsed,
)
from cashier_app.domain.member import Account, Member, TierStanding, Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    Booked,
    Lookup,
    MemberFound,
    NoSuchMember,
    NotApplied,
    Outcome,
    Pending,
    Reconciled,
    Refused,
    RefusedBecause,
    RetryLater,
    SeveralMembers,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.personal_offer import OfferKind, PersonalOffer
from cashier_app.domain.phone import mask_phone
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.domain.program import Program
from cashier_app.domain.sale import Effect, EffectKind, ReturnReason, SaleReturn, effect_key
from cashier_app.domain.vouchers import (
    ReferralKnown,
    ReferralUnknown,
    VoucherOffer,
    VoucherRefused,
    WhyNoVoucher,
)
from cashier_app.ports.backend_kind import BackendKind, Deadlines, NoSettings, SecretField, Surroundings
from cashier_app.ports.capabilities import Capabilities, Idempotency, Quoting, Reserving
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import HoldsRead, OpenHold

if TYPE_CHECKING:
    from cashier_app.backends.http_client import HttpClient

__all__ = [
    "Account",
    "Adjustment",
    "AlreadyApplied",
    "AlreadyMember",
    "Answered",
    "Applied",
    "Authorization",
    "BackendKind",
    "Booked",
    "Capabilities",
    "Consent",
    "ConsentText",
    "Currency",
    "Deadlines",
    "Effect",
    "EffectKind",
    "Enrolled",
    "Enrolling",
    "EnrolmentAnswer",
    "EnrolmentField",
    "EnrolmentRefused",
    "Found",
    "HoldsRead",
    "Idempotency",
    "Identifier",
    "Invitation",
    "InvitationOpen",
    "InvitationOver",
    "InvitationUsed",
    "Lookup",
    "Member",
    "MemberFound",
    "MemberNumber",
    "Money",
    "NewMember",
    "NoAnswer",
    "NoSettings",
    "NoSuchMember",
    "NotApplied",
    "NotSent",
    "OfferKind",
    "Offers",
    "OpenHold",
    "Outcome",
    "Pending",
    "PersonalOffer",
    "PhoneNumber",
    "PlainBackend",
    "PlainRules",
    "PointsRules",
    "Probed",
    "Program",
    "Quoting",
    "Reconciled",
    "ReferralKnown",
    "ReferralUnknown",
    "Refused",
    "RefusedBecause",
    "RenewedToken",
    "Reply",
    "Reserving",
    "RetryLater",
    "ReturnReason",
    "Right",
    "RightProbed",
    "SaleReturn",
    "Secret",
    "SecretField",
    "SecretHeaders",
    "SeveralMembers",
    "SignInNeeded",
    "Strange",
    "Surroundings",
    "TierStanding",
    "Unknown",
    "Unreachable",
    "VoucherOffer",
    "VoucherRefused",
    "WalletToken",
    "Way",
    "WhyNoVoucher",
    "answer_of",
    "bearer",
    "effect_key",
    "http_client",
    "iso_decimals",
    "lookup_in",
    "lookup_of",
    "main_text",
    "main_units",
    "mask_phone",
    "minor_units",
    "no_authorization",
    "of_main_text",
    "of_main_units",
    "of_minor_units",
    "outcome_of",
    "path_of",
    "plain_name",
    "points_of",
    "probed",
    "program_of",
    "reason_of",
    "reconciled_of",
    "unusable",
    "whole_points",
]


def http_client(
    around: Surroundings, authorization: Authorization, headers: Mapping[str, str] | None = None
) -> HttpClient:
    """Return the HTTP client for the backend's address. Imports httpx, which takes 100 to 200 ms.

    Raises:
        KnownError: The address or the authorities cannot be used.
    """
    from cashier_app.backends.http_client import HttpClient

    return HttpClient(
        around.address, authorization, headers=headers, clock=around.clock, authorities=around.authorities
    )


def program_of(document: Mapping[str, object], currency: Currency) -> Program:
    """Return the program a document's value describes, in the till's currency.

    Raises:
        ProgramError: It cannot be applied; the message names the part.
    """
    return replace(read_program_value({**document, "currency": currency.code}), currency=currency)
