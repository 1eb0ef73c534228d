"""Nector as a kind of backend: what it promises by its settings, and how it is opened.

Nector has two ways in, and shops are often given only one of them: the *merchant API* (members, balances, the
ledger) and the *checkout webhook* (what may be redeemed on a bill, redeem, undo). The settings say which
there are. Importing this costs next to nothing; the adapter is imported where it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cashier_app.backends.plain_backend import PlainRules
from cashier_app.domain.enrolment import Enrolling, EnrolmentField
from cashier_app.domain.member import Way
from cashier_app.domain.sale import Effect, EffectKind, SaleReturn
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import BackendKind, SecretField, Surroundings
from cashier_app.ports.capabilities import EVERY_WAY, Capabilities, Idempotency, Quoting, Reserving
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend

API_KEY = SecretField("api key", "API key", "merchant.nector.io, Developer, API keys.", mandatory=False)
WEBHOOK_ID = SecretField(
    "webhook id",
    "Webhook id",
    "merchant.nector.io, Integration, Custom Checkout (or Shiprocket): the last part of its address.",
    mandatory=False,
)
KNOWN_CUSTOMER = SecretField(
    "known customer",
    "A customer to compare with",
    "The mobile number, or the customer id, of somebody whose balance you know; asked only when trying out.",
    mandatory=False,
    in_token_file=False,
)

SEARCH_LAG = timedelta(seconds=30)
"""Nector publishes no figure. It calls 30 s the longest a checkout call may sensibly take: until then one
that was given up may still take hold."""

Prefix = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]{0,31}-?\Z")]


class NectorSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[backend.settings]` of Nector.

    Args:
        program: The shop's own program document, beside the settings file: what coins earn, and an estimate
            of what they pay for until Nector is asked for the bill.
        workspace: Id of the workspace, which goes with the API key.
        merchant_key: What the API key may do.
        checkout: Which checkout webhook there is.
        identify_by: What the webhook knows customers by; `list`, `perform` and `revert` all name the same.
        phone_form: How Nector stores mobile numbers: ten digits of the shop's own country (``9876543210``),
            with the country's code (``919876543210``), or with ``+`` as well.
        country: Three small letters that go with a mobile number.
        number_prefix: What stands before a member number to make Nector's customer id of it; empty where
            member numbers are referral codes.
        new_prefix: What stands before the customer id of those who join at the till.
        probe_amount: A bill in the main unit, not below the smallest coins are taken on, by which the webhook
            is asked for a balance before there is a bill.
        credits: Whether the shop uses Nector's second wallet, store credit.
        below_zero: Whether taking earned coins back may leave a debt.
        calls_a_minute: This till's share of the 60 calls that Nector allows a shop's API key.
    """

    program: Annotated[str, Meta(min_length=1, max_length=200)]
    workspace: Annotated[str, Meta(pattern=r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?\Z")] = ""
    merchant_key: Literal["full", "read only", "none"] = "full"
    checkout: Literal["custom checkout", "shiprocket", "none"] = "custom checkout"
    identify_by: Literal["mobile", "customer id"] = "mobile"
    phone_form: Literal["national", "international", "plus"] = "national"
    country: Annotated[str, Meta(pattern=r"^[a-z]{3}\Z")] = "ind"
    number_prefix: Prefix = "custom_website-"
    new_prefix: Prefix = "till-"
    probe_amount: Annotated[int, Meta(ge=1, le=10**9)] = 10_000
    credits: bool = False
    below_zero: bool = False
    calls_a_minute: Annotated[int, Meta(ge=4, le=100_000)] = 60

    @property
    def has_merchant(self) -> bool:
        """Say whether there is an API key."""
        return self.merchant_key != "none"

    @property
    def writes(self) -> bool:
        """Say whether the API key may write: earn, correct, enrol."""
        return self.merchant_key == "full"

    @property
    def has_checkout(self) -> bool:
        """Say whether there is a checkout webhook."""
        return self.checkout != "none"


class NectorRules(PlainRules):
    """What is known of Nector from the settings alone."""

    def __init__(self, settings: NectorSettings) -> None:
        if not (settings.has_merchant or settings.has_checkout):
            raise KnownError("backend.settings: Nector needs merchant_key, checkout or both.")
        if settings.has_merchant and not settings.workspace:
            raise KnownError("backend.settings.workspace: the id that goes with the API key is expected.")
        self.settings = settings
        self._capabilities = _capabilities(settings)

    @property
    def capabilities(self) -> Capabilities:
        """Return what Nector can do with these settings."""
        return self._capabilities

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Redeem, then credit what was earned; nothing for what this shop's keys do not allow.

        There is no call that tells Nector of a sale: one that earns nothing is not told. A member met offline
        only is told even so, for what the sale earns is known once they are found.
        """
        may = self.settings
        return tuple(
            effect
            for effect in effects
            if (effect.kind is EffectKind.REDEEM and (may.has_checkout or may.writes))
            or (effect.kind is EffectKind.SALE and may.writes and (effect.points > 0 or not effect.member_id))
        )

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Give used coins back, then take earned ones back, so that the balance bears it.

        `REFUND` has the webhook undo the whole redemption; a share of it is given back in the ledger, which
        the webhook cannot do.
        """
        may, used = self.settings, _redeemed(returned)
        back: list[Effect] = []
        if may.has_checkout and returned.whole and 0 < returned.restored == used:
            back.append(returned.effect(EffectKind.REFUND, returned.restored, EffectKind.REDEEM))
        elif may.writes and returned.restored > 0:
            back.append(returned.effect(EffectKind.RESTORE, returned.restored, EffectKind.REDEEM))
        if may.writes and returned.taken_back > 0:
            back.append(returned.effect(EffectKind.CLAW_BACK, returned.taken_back, EffectKind.SALE))
        return tuple(back)


def _redeemed(returned: SaleReturn) -> object:
    return next((one.points for one in returned.effects if one.kind is EffectKind.REDEEM), None)


def _capabilities(may: NectorSettings) -> Capabilities:
    by_phone = may.identify_by == "mobile" or not may.has_checkout
    return Capabilities(
        reserving=Reserving.NONE,
        hold=None,
        idempotency=Idempotency.READ_BACK,
        key_life=timedelta(0),
        search_lag=SEARCH_LAG,
        tiers=may.has_merchant,
        store_credit=may.credits and may.has_merchant,
        negative_balance=may.below_zero,
        quoting=Quoting.VENDOR if may.has_checkout else Quoting.LOCAL,
        variable_amounts=not may.has_checkout,
        finds_by=_finds_by(may),
        earns=may.writes,
        partial_refund=may.writes,
        restores_points=may.has_checkout or may.writes,
        enrolling=_enrolling(by_phone=by_phone) if may.writes else None,
        adjusts=may.writes,
    )


def _finds_by(may: NectorSettings) -> tuple[Way, ...]:
    if not may.has_checkout:
        return EVERY_WAY
    if may.identify_by == "mobile":
        # The merchant API masks mobile numbers: found by anything else, the webhook could not be told who.
        return (Way.PHONE,)
    return EVERY_WAY if may.has_merchant else (Way.WALLET_CODE, Way.MEMBER_NUMBER)


def _enrolling(*, by_phone: bool) -> Enrolling:
    fields = EnrolmentField
    if by_phone:
        return Enrolling(mandatory=(fields.PHONE, fields.NAME), optional=(fields.EMAIL, fields.BIRTHDAY))
    return Enrolling(
        mandatory=(fields.NAME,), optional=(fields.BIRTHDAY,), one_of=(fields.PHONE, fields.EMAIL)
    )


def _open(
    settings: NectorSettings, secrets: Mapping[str, Secret], surroundings: Surroundings
) -> LoyaltyBackend:
    from cashier_app.backends.nector.adapter import NectorBackend  # imports httpx: 100 to 200 ms

    wanted = {API_KEY: settings.has_merchant, WEBHOOK_ID: settings.has_checkout}
    for field, is_needed in wanted.items():
        if is_needed and field.name not in secrets:
            raise KnownError(f"Nector: no {field.label} is stored.")
    return NectorBackend(settings, secrets, surroundings)


KIND = BackendKind(
    name="nector",
    title="Nector",
    settings=NectorSettings,
    shop_settings=("workspace",),
    secrets=(API_KEY, WEBHOOK_ID, KNOWN_CUSTOMER),
    addresses=("https://platform.nector.io",),
    know=(
        "Nector decides for each bill how many coins may be used; the till cannot take fewer.",
        "Nothing is held between the offer and the payment: coins are taken when the sale is paid.",
        "Nector knows no keys against doubling. What is in doubt is looked up first, half a minute later.",
        "Coins for a purchase are worked out by your own program document and credited by the till.",
        "Without a key that may write, sales earn nothing and returns of a part of a sale are not possible.",
        "With the checkout webhook alone, what is still in doubt when the till restarts needs a person.",
        "Undoing orders in the Nector dashboard does not undo what this till credited.",
    ),
    rules=lambda settings, _surroundings: NectorRules(settings),
    open_backend=_open,
)
