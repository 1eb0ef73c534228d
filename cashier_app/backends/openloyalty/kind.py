"""Open Loyalty, hosted edition, as a kind of backend: settings, what it can do, what it is told.

Importing this costs next to nothing; the adapter is imported where it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from cashier_app.backends.plain_backend import PlainRules
from cashier_app.domain.enrolment import Enrolling, EnrolmentField
from cashier_app.domain.member import Way
from cashier_app.domain.sale import Effect, EffectKind, SaleReturn, effect_key
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import BackendKind, SecretField, Surroundings
from cashier_app.ports.capabilities import Capabilities, Idempotency, Quoting, Reserving
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend

API_KEY = SecretField(
    "api key",
    "Permanent API key",
    "Open Loyalty admin panel, Settings, Administrators, the till's own administrator, API keys.",
    mandatory=False,
)
USER_NAME = SecretField(
    "user name",
    "User name",
    "Only where there is no API key: the administrator's user name.",
    mandatory=False,
    in_token_file=False,
)
PASSWORD = SecretField(
    "password",
    "Password",
    "Only where there is no API key: the administrator's password.",
    mandatory=False,
    in_token_file=False,
)

SEARCH_LAG = timedelta(seconds=60)
"""Open Loyalty says nothing of how soon its lists show what was written; points come about 1 s late."""

Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}\Z")]
OptionalId = Annotated[str, Meta(pattern=r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?\Z")]
Text = Annotated[str, Meta(min_length=1, max_length=120)]


class OpenLoyaltySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[backend.settings]` for Open Loyalty.

    Args:
        store_code: Names the program at Open Loyalty; stands in every address.
        program: The shop's program document, beside the settings file: limits of redemption, what sales are
            expected to earn, and what points are worth unless `conversion_reward` says it.
        holds_points: Block points between the offer and the payment. Only after the proof that cancelling a
            block frees them; see the probe's remarks.
        wallet_code: The wallet whose units are the program's points.
        store_credit_wallet: A wallet of money, in the main unit, that is shown; empty for none.
        tier_set: Id of the tier set whose progress is shown; empty: the tier's name alone.
        conversion_reward: Id of the conversion coupon reward whose ratio says what points are worth; empty:
            the program document says it.
        asks_what_bills_earn: Have the campaigns tried out on each bill before it is paid.
        passes_hold_card_numbers: Scanned wallet passes hold the loyalty card number.
        pass_prefix: What stands before that number in a pass, such as ``LC1:``.
        enrol_by: What a new member must have, as the tenant's settings ask for it.
        channel: Id of the sales channel sent with sales and new members; empty for none.
        category: Category of the one line a sale has; `item` its item number.
    """

    store_code: Code
    program: Annotated[str, Meta(min_length=1, max_length=200)]
    holds_points: bool = False
    wallet_code: Code = "default"
    store_credit_wallet: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{0,64}\Z")] = ""
    tier_set: OptionalId = ""
    conversion_reward: OptionalId = ""
    asks_what_bills_earn: bool = True
    passes_hold_card_numbers: bool = True
    pass_prefix: Annotated[str, Meta(max_length=32)] = ""
    enrol_by: Annotated[tuple[Literal["phone", "email", "number"], ...], Meta(max_length=3)] = ("phone",)
    channel: OptionalId = ""
    category: Text = "general"
    item: Text = "SALE"

    @property
    def asks_each_bill(self) -> bool:
        """Say whether Open Loyalty is asked about each bill."""
        return bool(self.conversion_reward) or self.asks_what_bills_earn


class OpenLoyaltyRules(PlainRules):
    """What is known of Open Loyalty from the settings alone."""

    def __init__(self, settings: OpenLoyaltySettings) -> None:
        if settings.store_credit_wallet == settings.wallet_code:
            raise KnownError(
                "backend.settings.store_credit_wallet: another wallet than wallet_code is expected."
            )
        self.settings = settings
        self._capabilities = _capabilities(settings)

    @property
    def capabilities(self) -> Capabilities:
        """Return what Open Loyalty can do with these settings."""
        return self._capabilities

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Cancel the block, spend the points, tell the sale.

        A crash after the first leaves the points free: they are spent by the next start. Points used offline
        were never blocked, and are spent at once.
        """
        planned: list[Effect] = []
        for effect in effects:
            match effect.kind:
                case EffectKind.RESERVE:
                    pass
                case EffectKind.CAPTURE:
                    if not effect.offline:
                        planned.append(_as(effect, EffectKind.RELEASE))
                    planned.append(_as(effect, EffectKind.REDEEM))
                case _:
                    planned.append(effect)
        return tuple(planned)

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Tell the return, by which Open Loyalty takes back what was earned; then give used points back."""
        back: list[Effect] = []
        if returned.paid.minor > 0:
            back.append(returned.effect(EffectKind.REFUND, returned.taken_back, EffectKind.SALE))
        if returned.restored > 0:
            back.append(returned.effect(EffectKind.RESTORE, returned.restored, EffectKind.REDEEM))
        return tuple(back)


def _as(effect: Effect, kind: EffectKind) -> Effect:
    return replace(effect, kind=kind, key=effect_key(effect.sale_id, kind))


def _capabilities(settings: OpenLoyaltySettings) -> Capabilities:
    fields = EnrolmentField
    named = {"phone": fields.PHONE, "email": fields.EMAIL, "number": fields.NUMBER}
    needed = tuple(named[one] for one in dict.fromkeys(settings.enrol_by))
    others = tuple(field for field in named.values() if field not in needed)
    passes = (Way.WALLET_CODE,) if settings.passes_hold_card_numbers else ()
    return Capabilities(
        reserving=Reserving.HARD if settings.holds_points else Reserving.NONE,
        hold=None,
        idempotency=Idempotency.READ_BACK,
        key_life=timedelta(0),
        search_lag=SEARCH_LAG,
        tiers=True,
        store_credit=bool(settings.store_credit_wallet),
        negative_balance=False,
        quoting=Quoting.VENDOR if settings.asks_each_bill else Quoting.LOCAL,
        finds_by=(*passes, Way.PHONE, Way.MEMBER_NUMBER),
        earns_later=True,
        enrolling=Enrolling(
            mandatory=(fields.NAME, *needed, fields.CONSENT_TO_TERMS),
            optional=(*others, fields.CONSENT_TO_MARKETING),
            one_of=() if needed else others,
        ),
        adjusts=True,
        tells_anonymous=True,
        links_sales=True,
        keeps_consent=True,
    )


def _open(
    settings: OpenLoyaltySettings, secrets: Mapping[str, Secret], around: Surroundings
) -> LoyaltyBackend:
    from cashier_app.backends.openloyalty.adapter import OpenLoyaltyBackend  # imports httpx: 100 to 200 ms

    return OpenLoyaltyBackend(settings, secrets, around)


KIND = BackendKind(
    name="openloyalty",
    title="Open Loyalty",
    settings=OpenLoyaltySettings,
    shop_settings=("store_code",),
    secrets=(API_KEY, USER_NAME, PASSWORD),
    know=(
        "The hosted edition 5.x, whose addresses carry a store code; the old open-source one is another.",
        "Points for a sale are worked out by your campaigns there, about a second later: they follow.",
        "What points are worth is said by your own program document, or by a conversion coupon reward.",
        "Rewards of its catalogue are not offered: buying one cannot be done exactly once.",
        "Points are held only once you have proved that cancelling a block frees them; the check says how.",
        "It knows no keys against doubling points: what is in doubt is looked up first, a minute later.",
    ),
    rules=lambda settings, _around: OpenLoyaltyRules(settings),
    open_backend=_open,
)
