"""Square Loyalty as a kind of backend: what it promises, and how it is opened.

Importing this costs next to nothing; the adapter is imported where it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from cashier_app.backends.plain_backend import PlainRules
from cashier_app.domain.enrolment import Enrolling, EnrolmentField
from cashier_app.domain.sale import Effect, EffectKind, SaleReturn, effect_key
from cashier_app.ports.backend_kind import BackendKind, SecretField, Surroundings
from cashier_app.ports.capabilities import Capabilities, Idempotency, Quoting, Reserving
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend

TOKEN = SecretField(
    "access token", "Access token", "Square Developer Console, your application, Credentials (or OAuth)."
)

KEY_LIFE = timedelta(hours=1)
"""How long a repeat is trusted to its key alone. Square publishes no figure; after this the books decide."""

SEARCH_LAG = timedelta(seconds=60)
"""Square publishes this for customer profiles; of rewards and events it says nothing."""

ISSUED = "issued_"
"""What stands before the id of a reward the member has paid for already, where it is offered."""

CAPABILITIES = Capabilities(
    reserving=Reserving.HARD,
    hold=None,
    idempotency=Idempotency.KEY,
    key_life=KEY_LIFE,
    search_lag=SEARCH_LAG,
    tiers=False,
    store_credit=False,
    negative_balance=True,
    variable_amounts=False,
    enrolling=Enrolling(
        mandatory=(EnrolmentField.PHONE,),
        optional=(
            EnrolmentField.NAME,
            EnrolmentField.EMAIL,
            EnrolmentField.NUMBER,
            EnrolmentField.BIRTHDAY,
        ),
    ),
    adjusts=True,
)

LocationId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,32}\Z")]


class SquareSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """`[backend.settings]` for Square.

    Args:
        location: Id of the shop's location at Square.
        orders: Have Square reckon what each reward takes off a bill; the token needs the ORDERS scopes.
        offer_issued: Ask at each bill for rewards the member has taken out already, and offer them: their
            points are locked until somebody does. Comes with `orders`. Where both are false, nothing is
            asked at a bill: the till reckons by the program alone.
        negative_balance: Whether taking earned points back may leave a balance below zero.
        version: The interface's, sent with every request.
    """

    location: LocationId
    orders: bool = False
    offer_issued: bool = True
    negative_balance: bool = True
    version: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")] = "2025-08-20"

    @property
    def asks_each_bill(self) -> bool:
        """Say whether Square is asked what may be redeemed on each bill."""
        return self.orders or self.offer_issued


class SquareRules(PlainRules):
    """What Square promises, and what it is told of a sale and a return."""

    def __init__(self, settings: SquareSettings) -> None:
        self.settings = settings
        self._capabilities = replace(
            CAPABILITIES,
            negative_balance=settings.negative_balance,
            quoting=Quoting.VENDOR if settings.asks_each_bill else Quoting.LOCAL,
        )

    @property
    def capabilities(self) -> Capabilities:
        """Return what Square can do."""
        return self._capabilities

    def plan(self, effects: Sequence[Effect]) -> tuple[Effect, ...]:
        """Return hold, redemption and points earned.

        A reward taken out before is redeemed without a hold of ours. A sale that earns nothing is not told:
        Square has no such thing as a sale. One of a member met offline stays, its points unknown so far.
        """
        planned: list[Effect] = []
        for effect in effects:
            if effect.kind is not EffectKind.SALE:
                planned.append(effect)
                continue
            if effect.reward_id.startswith(ISSUED):
                planned.append(_redeemed_as_it_is(effect))
            if effect.points > 0 or not effect.member_id:
                planned.append(effect)
        return tuple(planned)

    def plan_refund(self, returned: SaleReturn) -> tuple[Effect, ...]:
        """Return two corrections: earned points taken, then used points given."""
        back = returned.effect(EffectKind.CLAW_BACK, returned.taken_back, EffectKind.SALE)
        given = returned.effect(EffectKind.RESTORE, returned.restored, EffectKind.CAPTURE)
        return tuple(effect for effect in (back, given) if effect.points > 0)


def _redeemed_as_it_is(sale: Effect) -> Effect:
    return replace(
        sale,
        key=effect_key(sale.sale_id, EffectKind.CAPTURE),
        kind=EffectKind.CAPTURE,
        points=sale.points * 0,
        reservation=sale.reward_id.removeprefix(ISSUED),
    )


def _open(settings: SquareSettings, secrets: Mapping[str, Secret], around: Surroundings) -> LoyaltyBackend:
    from cashier_app.backends.square.adapter import SquareBackend  # imports httpx: 100 to 200 ms

    return SquareBackend(settings, secrets[TOKEN.name], around)


KIND = BackendKind(
    name="square",
    title="Square Loyalty",
    settings=SquareSettings,
    secrets=(TOKEN,),
    addresses=("https://connect.squareup.com", "https://connect.squareupsandbox.com"),
    know=(
        "Square holds points for a reward until it is redeemed or given up: a hold never ends by itself.",
        "Whole rewards only: Square knows no free number of points.",
        "Square has no tiers and no store credit; its promotions earn nothing on sales of this till.",
        "Members are found by phone, and by the reference of their customer profile: card or pass number.",
    ),
    rules=lambda settings, _surroundings: SquareRules(settings),
    open_backend=_open,
)
