"""The reference contract as a kind of backend: what it promises, and how it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cashier_app.backends.plain_backend import PlainRules
from cashier_app.domain.enrolment import Enrolling, EnrolmentField
from cashier_app.ports.backend_kind import BackendKind, NoSettings, SecretField, Surroundings
from cashier_app.ports.capabilities import Capabilities, Idempotency, Reserving
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend

TOKEN = SecretField("token", "Bearer token", "The operator of the loyalty system gives it out.")

CAPABILITIES = Capabilities(
    reserving=Reserving.HARD,
    hold=timedelta(minutes=15),
    idempotency=Idempotency.KEY,
    key_life=timedelta(days=90),
    search_lag=timedelta(0),
    tiers=True,
    store_credit=True,
    negative_balance=True,
    reads_ledger=True,
    adjusts=True,
    lists_holds=True,
    tells_lapsed=True,
    enrolling=Enrolling(
        mandatory=(EnrolmentField.PHONE, EnrolmentField.NAME),
        optional=(
            EnrolmentField.NUMBER,
            EnrolmentField.EMAIL,
            EnrolmentField.BIRTHDAY,
            EnrolmentField.CONSENT_TO_TERMS,
            EnrolmentField.CONSENT_TO_MARKETING,
            EnrolmentField.REFERRAL,
        ),
    ),
    tells_anonymous=True,
    links_sales=True,
    keeps_consent=True,
    merges=True,
    vouchers=True,
    restores_vouchers=True,
    referrals=True,
    invites=True,
    personal_offers=True,
    guards_returns=True,
    knows_claims=True,
)


class ContractRules(PlainRules):
    """What the contract promises; effects and returns are told as the till has them."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what the contract promises."""
        return CAPABILITIES


def _open(_: NoSettings, secrets: Mapping[str, Secret], surroundings: Surroundings) -> LoyaltyBackend:
    from cashier_app.backends.contract import ContractBackend  # imports httpx: 100 to 200 ms

    return ContractBackend(
        surroundings.address,
        secrets[TOKEN.name],
        deadlines=surroundings.deadlines,
        clock=surroundings.clock,
        authorities=surroundings.authorities,
    )


KIND = BackendKind(
    name="contract",
    title="Reference contract",
    settings=NoSettings,
    secrets=(TOKEN,),
    rules=lambda _settings, _surroundings: ContractRules(),
    open_backend=_open,
)
