"""Voucherify's legacy loyalty as a kind of backend: its settings, and what follows from them alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from msgspec import Struct

from cashier_app.backends.plain_backend import PlainRules
from cashier_app.domain.enrolment import Enrolling, EnrolmentField
from cashier_app.domain.member import Way
from cashier_app.domain.money import MAX_DECIMALS
from cashier_app.domain.points import NO_POINTS
from cashier_app.domain.sale import TAKES_POINTS, Effect, EffectKind, SaleReturn
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import BackendKind, SecretField, Surroundings
from cashier_app.ports.capabilities import Capabilities, Idempotency, Quoting, Reserving
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend

APP_ID = SecretField(
    "application id",
    "Application ID",
    "Voucherify: Project settings, General, Application keys: the key made for this till.",
)
APP_TOKEN = SecretField("secret key", "Secret key", "Beside the application ID; shown once.")

ROLLBACK_LIFE = timedelta(days=85)
"""A redemption can be rolled back for three months; a week less, as a queue may hold it for a while."""

SEARCH_LAG = timedelta(seconds=60)
"""Balances are changed "in the background"; nobody says how long that takes."""

_WAYS = {"phone": Way.PHONE, "number": Way.MEMBER_NUMBER, "email": None}
_FIELDS = {
    "phone": EnrolmentField.PHONE,
    "number": EnrolmentField.NUMBER,
    "email": EnrolmentField.EMAIL,
}
_REWARD = re.compile(r"rew_[A-Za-z0-9]{1,60}")
_RATIO = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
MAX_POINTS = 10**9
_CAMPAIGN = re.compile(r"camp_[A-Za-z0-9]{1,60}")
_OTHERS = re.compile(r"(?:lprg|lmbr|lcrd|lcdef)_")
_V2 = "loyalty v2 is another system, which this till does not speak; only legacy loyalty (v1)."


class VoucherifySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What may stand in ``[backend.settings]``.

    Args:
        campaign: Id of the loyalty campaign, ``camp_…``.
        customer_id_is: What the shop uses as customers' `source_id`: ``phone`` (E.164), ``number`` or
            ``email``. Voucherify finds nobody by phone otherwise.
        hold_points: Hold points by a validation session until the customer has paid.
        hold_minutes: For how long, 1 to 60.
        show_tiers: Read the member's tier, one more request each time a member is found.
        loyalty_api: ``v1``; there is no other here.
        decimals: Of the smallest unit the project counts money in; -1 for those of ISO 4217.
        coin_reward: Id of the reward that pays with points, ``rew_…``: for an estimate before the bill is
            fixed, and for points used offline. Empty: neither.
        points_ratio: That many points …
        exchange_ratio: … are worth so much in the main unit, as the reward says it, such as ``1`` or ``0.5``.
    """

    campaign: str
    customer_id_is: str = "phone"
    hold_points: bool = True
    hold_minutes: int = 15
    show_tiers: bool = True
    loyalty_api: str = "v1"
    decimals: int = -1
    coin_reward: str = ""
    points_ratio: int = 0
    exchange_ratio: str = ""


class VoucherifyRules(PlainRules):
    """What Voucherify promises with these settings, and its plan of a return.

    Raises:
        KnownError: The settings make no sense.
    """

    def __init__(self, settings: VoucherifySettings) -> None:
        _check(settings)
        self.settings = settings
        field = _FIELDS[settings.customer_id_is]
        way = _WAYS[settings.customer_id_is]
        known = (field, EnrolmentField.NAME)
        also = (EnrolmentField.PHONE, EnrolmentField.EMAIL, EnrolmentField.BIRTHDAY)
        self._capabilities = Capabilities(
            reserving=Reserving.HARD if settings.hold_points else Reserving.NONE,
            hold=timedelta(minutes=settings.hold_minutes) if settings.hold_points else None,
            idempotency=Idempotency.READ_BACK,
            key_life=timedelta(0),
            search_lag=SEARCH_LAG,
            tiers=settings.show_tiers,
            store_credit=False,
            negative_balance=False,
            quoting=Quoting.VENDOR,
            finds_by=(Way.WALLET_CODE,) if way is None else (Way.WALLET_CODE, way),
            earns_later=True,
            enrolling=Enrolling(mandatory=known, optional=tuple(one for one in also if one not in known)),
            adjusts=True,
            vouchers=True,
            knows_claims=True,
        )

    @property
    def capabilities(self) -> Capabilities:
        """Return what holds with these settings."""
        return self._capabilities

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return what undoes a whole sale, or moves the points of a part of it.

        A whole sale: its redemption is rolled back, which gives the points back and cancels the order, or its
        order is cancelled where nothing was redeemed; then what was earned is taken back, as far as that
        was not done already. A part, or a sale too old to be rolled back: two changes of the balance.
        """
        took = next((one for one in returned.effects if one.kind in TAKES_POINTS), None)
        back = []
        restored = returned.restored
        if returned.whole and returned.at - returned.sale.at < ROLLBACK_LIFE:
            # A rollback gives back everything: where the shop's rules do not, only the order is cancelled.
            rolled = took is not None and took.points == restored
            original = took.kind if took is not None and rolled else EffectKind.SALE
            back.append(returned.effect(EffectKind.REFUND, restored if rolled else NO_POINTS, original))
            restored = NO_POINTS if rolled else restored
        if restored > 0:
            kind = took.kind if took is not None else EffectKind.CAPTURE
            back.append(returned.effect(EffectKind.RESTORE, restored, kind))
        if returned.taken_back > 0:
            back.append(returned.effect(EffectKind.CLAW_BACK, returned.taken_back, EffectKind.SALE))
        return tuple(back)


def exchange_of(settings: VoucherifySettings) -> Decimal:
    """Return the amount the ratio's points are worth, in the main unit."""
    return Decimal(settings.exchange_ratio)


def _check(settings: VoucherifySettings) -> None:
    if settings.loyalty_api == "v2" or _OTHERS.match(settings.campaign):
        raise KnownError(f"backend.settings.campaign: {_V2}")
    if settings.loyalty_api != "v1":
        raise KnownError("backend.settings.loyalty_api: Expected v1.")
    if not _CAMPAIGN.fullmatch(settings.campaign):
        raise KnownError("backend.settings.campaign: Expected the id of a loyalty campaign, such as camp_….")
    if settings.customer_id_is not in _WAYS:
        raise KnownError("backend.settings.customer_id_is: Expected phone, number or email.")
    if settings.coin_reward and not _REWARD.fullmatch(settings.coin_reward):
        raise KnownError("backend.settings.coin_reward: Expected the id of a reward, such as rew_….")
    if settings.coin_reward and not 0 < settings.points_ratio <= MAX_POINTS:
        raise KnownError("backend.settings.points_ratio: Expected points above zero.")
    if settings.coin_reward and not (_RATIO.fullmatch(settings.exchange_ratio) and exchange_of(settings)):
        raise KnownError('backend.settings.exchange_ratio: Expected an amount above zero, such as "0.5".')
    if not -1 <= settings.decimals <= MAX_DECIMALS:
        raise KnownError("backend.settings.decimals: Expected 0 to 4, or -1.")
    if not 1 <= settings.hold_minutes <= 60:
        raise KnownError("backend.settings.hold_minutes: Expected 1 to 60.")


def _open(
    settings: VoucherifySettings, secrets: Mapping[str, Secret], surroundings: Surroundings
) -> LoyaltyBackend:
    from cashier_app.backends.voucherify.adapter import VoucherifyBackend  # imports httpx

    return VoucherifyBackend(settings, secrets[APP_ID.name], secrets[APP_TOKEN.name], surroundings)


KIND = BackendKind(
    name="voucherify",
    title="Voucherify (legacy loyalty, v1)",
    settings=VoucherifySettings,
    shop_settings=("campaign",),
    secrets=(APP_ID, APP_TOKEN),
    addresses=(
        "https://api.voucherify.io",
        "https://us1.api.voucherify.io",
        "https://as1.api.voucherify.io",
    ),
    know=(
        "Organisations that joined Voucherify lately have loyalty v2 only, which this till does not speak.",
        "Voucherify finds customers by phone only where the phone number is their source_id.",
        "Amounts carry no currency: the project's must be the till's.",
        "Points of a sale are booked a little later.",
    ),
    rules=lambda settings, _surroundings: VoucherifyRules(settings),
    open_backend=_open,
)
