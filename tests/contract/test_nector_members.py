"""Nector's members and currencies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app import backend_opening
from cashier_app.backends.nector.kind import API_KEY, KIND, WEBHOOK_ID
from cashier_app.config import read_config
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.enrolment import AlreadyMember, Enrolled, EnrolmentRefused
from cashier_app.domain.identifier import MemberNumber, WalletToken
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NoSuchMember,
    NotApplied,
    Refused,
    RetryLater,
    Unknown,
    Unreachable,
)
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_members import newcomer
from cashier_app.testing.suite_selling import served
from tests.contract.nector_shop import BILL, EXAMPLES, backend, opened, running, shop, stage_with

__all__ = ["backend", "running", "shop"]  # fixtures


class TestMembers:
    def test_a_tier_is_a_name(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        found = served(shop, backend)
        assert found.account.tier is None
        assert found.account.store_credit is None

    def test_store_credit_where_the_shop_has_it(self, running: RunningStandIn) -> None:
        stage = stage_with(running, credits=True)
        with opened(stage) as backend:
            found = served(stage, backend)
            assert found.account.store_credit == Money(0, BILL.currency)
            assert backend.capabilities.store_credit

    def test_a_known_customer_is_not_made_again(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        member_id = shop.add_member(ASHA)
        answer = backend.enrol(replace(newcomer(), phone=ASHA.phone))
        assert isinstance(answer, AlreadyMember)
        assert answer.found.member.member_id == member_id

    def test_an_e_mail_address_somebody_else_has(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        shop.add_member(Person("Nina Kurian", "+919845055598", email="nina@shop.example"))
        answer = backend.enrol(newcomer())
        assert isinstance(answer, EnrolmentRefused)
        assert answer.detail == "Lead already exists"

    def test_by_customer_id_an_e_mail_address_is_enough(self, running: RunningStandIn) -> None:
        stage = stage_with(running, identify_by="customer id")
        with opened(stage) as backend:
            answer = backend.enrol(replace(newcomer(), phone=""))
            assert isinstance(answer, Enrolled)
            found = backend.find(WalletToken("nina@shop.example"))
            assert isinstance(found, MemberFound)
            assert found.member == answer.found.member

    def test_a_member_met_offline_only(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        """What the sale earns is worked out once it is known whose it is."""
        till, found = PretendTill(backend), served(shop, backend)
        sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
        for known_by in (f"phone:{ASHA.phone}", f"number:{ASHA.number}", f"wallet:{ASHA.wallet_code}"):
            key = f"{uuid7()}-sale-1"
            unmet = replace(sale, member_id="", identified_by=known_by, points=Decimal(0), key=key)
            assert backend.reconcile(unmet) == NotApplied()
            outcome = backend.apply(unmet)
            assert isinstance(outcome, Applied)
            assert outcome.booked.points == 23
            assert isinstance(backend.reconcile(unmet), AlreadyApplied)
        nobody = replace(sale, member_id="", identified_by="phone:+919845000000")
        assert isinstance(backend.apply(nobody), Refused)
        assert backend.reconcile(nobody) == NotApplied()

    def test_by_mobile_nothing_else_finds_a_member(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        shop.add_member(ASHA)
        assert backend.find(MemberNumber(ASHA.number)) == NoSuchMember()


class TestCurrencies:
    @pytest.mark.parametrize(
        ("code", "decimals", "minor", "discount"),
        [("JPY", 0, 2360, 200), ("KWD", 3, 2_360_125, 200_000), ("INR", 2, 236_050, 20_000)],
    )
    def test_odd_currencies(
        self, running: RunningStandIn, tmp_path: Path, *, code: str, decimals: int, minor: int, discount: int
    ) -> None:
        currency = Currency(code, decimals)
        text = (EXAMPLES / "nector-program.toml").read_text(encoding="utf-8")
        own = text.replace('currency = "INR"', f'currency = {{ code = "{code}", decimals = {decimals} }}')
        for amount in ("100.00", "50.00", "200.00", "500.00"):
            own = own.replace(f'"{amount}"', f'"{amount[:-3]}"')
        (tmp_path / "nector-program.toml").write_text(own, encoding="utf-8")
        stage = stage_with(running, bill=Money(minor, currency), folder=tmp_path)
        with opened(stage) as backend:
            till, found = PretendTill(backend), served(stage, backend)
            ticket, effects = till.sell(found, stage.bill)
            assert ticket.quote is not None
            assert ticket.quote.discount == Money(discount, currency)
            assert stage.books(found.member.member_id).spendable == 1000 - 400 + effects[1].points
        assert running.failures() == []

    def test_a_program_of_another_currency_is_refused(self, running: RunningStandIn) -> None:
        stage = stage_with(running, bill=Money(5000, Currency("USD", 2)))
        with opened(stage) as backend:
            with pytest.raises(KnownError, match="of another currency"):
                backend.program()
            assert not backend.probe().works

    def test_the_example_opens(self) -> None:
        config = read_config(EXAMPLES / "nector-sandbox.toml")
        kind = backend_opening.kind_of(config)
        settings = backend_opening.settings_of(config, kind)
        around = backend_opening.surroundings_of(config, kind)
        secrets = {name: Secret("made-up-token") for name in (API_KEY.name, WEBHOOK_ID.name)}
        backend = kind.open_backend(settings, secrets, around)
        try:
            assert backend.program().version == "nector-1"
            assert backend.capabilities == backend_opening.rules_of(config).capabilities
        finally:
            backend.close()

    def test_without_the_program_nothing_is_asked(self, running: RunningStandIn, tmp_path: Path) -> None:
        stage = stage_with(running, folder=tmp_path)
        (tmp_path / "nector-program.toml").write_bytes((EXAMPLES / "nector-program.toml").read_bytes())
        with opened(stage) as backend:
            till, found = PretendTill(backend), served(stage, backend)
            redeem = till.planned(till.quoted(found, BILL))[0]
        (tmp_path / "nector-program.toml").unlink()
        with opened(stage) as backend:
            assert isinstance(backend.apply(redeem), RetryLater)
            assert isinstance(backend.reconcile(redeem), Unknown)
            assert isinstance(backend.refresh(found.member.member_id), Unreachable)
            assert isinstance(backend.options(found.member.member_id, bill_of(BILL)), Unreachable)
            assert isinstance(backend.enrol(newcomer()), RetryLater)
        assert stage.books(found.member.member_id).moves == 0

    def test_a_missing_secret_is_one_sentence(self, running: RunningStandIn) -> None:
        stage = stage_with(running)
        with pytest.raises(KnownError, match="no API key is stored"):
            KIND.open_backend(stage._settings, {}, stage._surroundings)
