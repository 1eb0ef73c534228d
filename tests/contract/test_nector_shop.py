"""What is Nector's own: its errors, what it leaves open tried both ways, what its channels disagree on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from uuid6 import uuid7

from cashier_app import backend_opening
from cashier_app.backends.nector.kind import API_KEY, KIND, KNOWN_CUSTOMER, WEBHOOK_ID
from cashier_app.config import read_config
from cashier_app.domain.adjustment import Adjustment
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.enrolment import AlreadyMember, Enrolled, EnrolmentRefused
from cashier_app.domain.identifier import MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NoSuchMember,
    NotApplied,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Found
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.suite_finding import ASHA, replace_points
from cashier_app.testing.suite_members import newcomer
from cashier_app.testing.suite_selling import served
from tests.contract.nector_shop import BILL, EXAMPLES, stage_with

LOST = StagedFault(trouble=Trouble.LOST_ANSWER, takes_hold=True)
MERCHANT, WEBHOOK = "/api/v2/merchant", "/integrations/"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("nector") as stand_in:
        yield stand_in


@pytest.fixture
def shop(running: RunningStandIn) -> Iterator[StandInStage]:
    stage = stage_with(running)
    yield stage
    assert running.failures() == []


@contextmanager
def opened(stage: StandInStage) -> Iterator[LoyaltyBackend]:
    backend = stage.open()
    try:
        yield backend
    finally:
        backend.close()


@pytest.fixture
def backend(shop: StandInStage) -> Iterator[LoyaltyBackend]:
    with opened(shop) as backend:
        yield backend


def failing(status: int, path: str, *, writes_only: bool = False, times: int = 1) -> StagedFault:
    return StagedFault(trouble=Trouble.STATUS, status=status, path=path, writes_only=writes_only, times=times)


class TestErrors:
    """Every row of the vendor's table of errors."""

    def test_a_read_only_key_cannot_write(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        effects = till.planned(till.quoted(found, BILL))
        running.switch("key", "read only")
        assert isinstance(till.send(effects[0]), Applied)
        assert till.send(effects[1]) == SignInNeeded()

    @pytest.mark.parametrize("status", [401, 403])
    def test_wrong_keys(self, shop: StandInStage, backend: LoyaltyBackend, status: int) -> None:
        found = served(shop, backend)
        shop.stage(failing(status, MERCHANT))
        assert isinstance(backend.refresh(found.member.member_id), Unreachable)

    @pytest.mark.parametrize("status", [400, 422])
    def test_a_refused_write_is_for_a_person(
        self, shop: StandInStage, backend: LoyaltyBackend, status: int
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
        shop.stage(failing(status, MERCHANT, writes_only=True))
        outcome = till.send(sale)
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.INVALID

    @pytest.mark.parametrize("code", ["404", "400"])
    def test_a_wrong_webhook_id_is_the_shops_to_mend(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend, code: str
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        running.switch("wrong webhook id", code)
        with httpx.Client(trust_env=False) as client:
            path = f"{running.address}/api/open/integrations/customcheckoutwebhook/wrong"
            assert client.post(path, json={"action": "list"}).status_code == int(code)
        shop.stage(failing(int(code), f"{WEBHOOK}", times=2))
        assert till.send(redeem) == SignInNeeded()
        asked = backend.options(found.member.member_id, bill_of(BILL))
        assert isinstance(asked, Unreachable)

    def test_no_discount_is_an_answer(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        found = served(shop, backend)
        small = bill_of(Money(49900, BILL.currency))
        offers = backend.options(found.member.member_id, small)
        assert isinstance(offers, Offers)
        assert offers.redemption == ()

    def test_what_was_agreed_is_no_longer_offered(self, shop: StandInStage, backend: LoyaltyBackend) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        shop.use_points(found.member.member_id, "800")
        outcome = till.send(redeem)
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.BALANCE_TOO_LOW
        shop.stage(failing(422, "/perform"))
        shop.use_points(found.member.member_id, "-800")
        outcome = till.send(redeem)
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.NOT_ALLOWED
        assert shop.books(found.member.member_id).moves == 0

    @pytest.mark.parametrize("trouble", [Trouble.LOST_ANSWER, Trouble.STATUS, Trouble.MALFORMED])
    def test_nothing_is_performed_where_list_fails(
        self, shop: StandInStage, backend: LoyaltyBackend, trouble: Trouble
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        shop.stage(StagedFault(trouble=trouble, path="/list", writes_only=False))
        assert isinstance(till.send(redeem), RetryLater)
        assert shop.books(found.member.member_id).moves == 0

    def test_over_sixty_calls_a_minute(self, running: RunningStandIn, shop: StandInStage) -> None:
        running.switch("limit", "on")
        shop.add_member(ASHA)
        with opened(shop) as backend:
            answers = [backend.find(PhoneNumber(ASHA.phone)) for _ in range(61)]
        assert all(isinstance(one, MemberFound) for one in answers[:60])
        assert answers[60] == Unreachable("an answer that was not expected (429)")

    def test_the_till_keeps_within_its_share(self, running: RunningStandIn) -> None:
        stage = stage_with(running, calls_a_minute=5)
        with opened(stage) as backend:
            till, found = PretendTill(backend), served(stage, backend)
            sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
            for _ in range(3):
                backend.refresh(found.member.member_id)
            outcome = till.send(sale)
            assert isinstance(outcome, RetryLater)
            assert outcome.reached
            assert 0 < outcome.seconds <= 60
            assert isinstance(backend.refresh(found.member.member_id), MemberFound)
            assert isinstance(backend.refresh(found.member.member_id), Unreachable)


class TestLeftOpen:
    """What the vendor does not publish, both ways."""

    @pytest.mark.parametrize("names", ["yes", "no"])
    @pytest.mark.parametrize("figures", ["text", "numbers"])
    def test_a_lost_perform_is_found_in_the_ledger(
        self, running: RunningStandIn, shop: StandInStage, names: str, figures: str
    ) -> None:
        running.switch("ledger names the order", names)
        running.switch("figures", figures)
        with opened(shop) as backend:
            till, found = PretendTill(backend), served(shop, backend)
            redeem = till.planned(till.quoted(found, BILL))[0]
            shop.stage(LOST)
            assert isinstance(till.send(redeem), Unknown)
        with opened(shop) as another:  # a till that was started again remembers nothing
            looked_up = PretendTill(another).look_up(redeem)
        assert isinstance(looked_up, AlreadyApplied), looked_up
        assert looked_up.booked.points == redeem.points

    def test_two_alike_that_name_nothing_need_a_person(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("ledger names the order", "no")
        till, found = PretendTill(backend), served(shop, backend)
        till.sell(found, BILL)
        again = backend.refresh(found.member.member_id)
        assert isinstance(again, MemberFound)
        second = till.planned(till.quoted(again, BILL))[0]
        shop.stage(LOST)
        assert isinstance(till.send(second), Unknown)
        assert isinstance(till.look_up(second), AlreadyApplied)  # the first is known to be the other sale's
        with opened(shop) as another:
            assert isinstance(another.reconcile(second), Unknown)

    @pytest.mark.parametrize("answers", ["item", "flat", "bare"])
    def test_forms_of_what_was_written(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend, answers: str
    ) -> None:
        """An answer that does not say what was done is looked up, and found."""
        running.switch("write answers", answers)
        till, found = PretendTill(backend), served(shop, backend)
        for effect in till.planned(till.quoted(found, BILL)):
            outcome = till.send(effect)
            assert isinstance(outcome, Unknown if answers == "bare" else Applied), outcome
            assert isinstance(till.look_up(effect), AlreadyApplied)
        assert shop.books(found.member.member_id).moves == 2

    @pytest.mark.parametrize("again", ["performed", "refused"])
    def test_a_known_order_again(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend, again: str
    ) -> None:
        """Looked up first, nothing depends on it; without, only the vendor could keep it to once."""
        running.switch("a known order again", again)
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        till.post(redeem)
        assert isinstance(till.look_up(redeem), AlreadyApplied)
        unsafe = till.send(redeem)
        assert isinstance(unsafe, Refused if again == "refused" else Applied)

    def test_a_known_hash_refused_again(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("a known hash again", "refused")
        till, found = PretendTill(backend), served(shop, backend)
        sale = till.planned(till.quoted(found, BILL, TakeNothing()))[0]
        till.post(sale)
        assert isinstance(till.send(sale), Unknown)
        assert isinstance(till.look_up(sale), AlreadyApplied)

    def test_a_ledger_that_filters_nothing(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("filter by hash", "no")
        till, found = PretendTill(backend), served(shop, backend)
        redeem, sale = till.planned(till.quoted(found, BILL))
        till.post(redeem)
        assert till.look_up(sale) == NotApplied()
        till.post(sale)
        assert isinstance(till.look_up(sale), AlreadyApplied)

    @pytest.mark.parametrize("overdrawing", ["refused", "allowed"])
    @pytest.mark.parametrize("below_zero", [False, True])
    def test_a_debt_only_where_the_shop_allows_it(
        self, running: RunningStandIn, *, overdrawing: str, below_zero: bool
    ) -> None:
        stage = stage_with(running, below_zero=below_zero)
        running.switch("overdrawing", overdrawing)
        with opened(stage) as backend:
            member_id = stage.add_member(replace_points(ASHA, 10))
            outcome = backend.adjust(correction(member_id, -20))
            if below_zero and overdrawing == "allowed":
                assert isinstance(outcome, Applied)
            else:
                assert isinstance(outcome, Refused)
                assert outcome.because is RefusedBecause.BALANCE_TOO_LOW
            assert stage.books(member_id).spendable == (-10 if isinstance(outcome, Applied) else 10)

    def test_a_refusal_that_tells_no_balance_leaves_the_ledgers(
        self, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        member_id = shop.add_member(replace_points(ASHA, 30))
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound)
        assert found.account.balance == 30

    def test_the_webhook_alone_cannot_tell_nobody_from_nothing(self, running: RunningStandIn) -> None:
        stage = stage_with(running, merchant_key="none")
        member_id = stage.add_member(replace_points(ASHA, 30))
        with opened(stage) as backend:
            assert backend.refresh(member_id) == NoSuchMember()
            running.switch("refusals tell the balance", "yes")
            assert isinstance(backend.refresh(member_id), MemberFound)

    def test_perform_that_takes_something_else_is_booked_as_it_was(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("perform takes", "twice as much")
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        assert till.post(redeem).points == 2 * redeem.points

    def test_the_webhook_alone_after_a_restart_needs_a_person(self, running: RunningStandIn) -> None:
        stage = stage_with(running, merchant_key="none")
        with opened(stage) as backend:
            till, found = PretendTill(backend), served(stage, backend)
            redeem = till.planned(till.quoted(found, BILL))[0]
            stage.stage(LOST)
            assert isinstance(till.send(redeem), Unknown)
            assert isinstance(till.look_up(redeem), AlreadyApplied)
        with opened(stage) as another:
            another.refresh(found.member.member_id)
            assert isinstance(another.reconcile(redeem), Unknown)


class TestHostile:
    @pytest.mark.parametrize("offers", ["two", "of another bill", "absurd"])
    def test_offers_nobody_can_take(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend, offers: str
    ) -> None:
        found = served(shop, backend)
        running.switch("offers", offers)
        assert isinstance(backend.options(found.member.member_id, bill_of(BILL)), Unreachable)

    def test_a_key_that_is_told_no_ids(self, running: RunningStandIn, shop: StandInStage) -> None:
        member_id = shop.add_member(ASHA)
        running.switch("key", "reduced")
        with opened(shop) as backend:
            assert isinstance(backend.refresh(member_id), MemberFound)
        by_ledger = stage_with(running, checkout="none")
        by_ledger.add_member(ASHA)
        running.switch("key", "reduced")
        with opened(by_ledger) as backend:
            assert isinstance(backend.find(PhoneNumber(ASHA.phone)), Unreachable)

    def test_a_number_of_another_country_is_nobodys_here(
        self, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        shop.add_member(ASHA)
        assert backend.find(PhoneNumber("+19845055501")) == NoSuchMember()

    def test_secrets_and_numbers_are_said_nowhere(
        self, running: RunningStandIn, shop: StandInStage, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("DEBUG")
        with opened(shop) as backend:
            till, found = PretendTill(backend), served(shop, backend)
            effects = till.planned(till.quoted(found, BILL))
            said = [repr(found), repr(backend), repr(backend.probe()), repr(effects)]
            for status in (400, 404, 500):
                shop.stage(failing(status, "/", times=5))
                said.append(repr(backend.find(PhoneNumber(ASHA.phone))))
                said.append(repr(backend.options(found.member.member_id, bill_of(BILL))))
                said += [repr(till.send(one)) for one in effects]
                said.append(repr(backend.probe()))
            assert shop.befallen() == 15
        said.append(caplog.text)
        for secret in (*running.secrets.values(), ASHA.phone[-10:]):
            assert not any(secret in text for text in said)


class TestChannels:
    def test_balances_that_differ_are_told_when_trying_out(self, running: RunningStandIn) -> None:
        stage = stage_with(running)
        stage.add_member(replace_points(ASHA, 1000))
        for known in (ASHA.phone, "9845055501", "custom_website-MC20001"):
            running.switch("webhook balance", "500 more")
            with with_known(stage, running, known) as backend:
                remarks = " ".join(backend.probe().remarks)
            assert "1000 coins, the webhook 1500" in remarks
            assert known not in remarks
            running.switch("webhook balance", "same")
            with with_known(stage, running, known) as backend:
                assert len(backend.probe().remarks) == 1

    def test_a_ledger_of_another_account_never_says_that_nothing_was_taken(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        till, found = PretendTill(backend), served(shop, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        assert backend.reconcile(redeem) == NotApplied()
        running.switch("webhook balance", "500 more")
        assert isinstance(backend.reconcile(redeem), Unknown)
        shop.stage(failing(422, MERCHANT))  # a plain 422: no lead, as far as the till can tell
        assert isinstance(backend.reconcile(redeem), Unknown)
        assert isinstance(backend.reconcile(replace(redeem, member_id=shop.unknown_member_id)), Unknown)

    def test_somebody_nobody_knows_cannot_be_compared(self, running: RunningStandIn) -> None:
        stage = stage_with(running)
        with with_known(stage, running, "+919845012345") as backend:
            probed = backend.probe()
        assert probed.works
        assert "not compared" in probed.remarks[1]

    def test_the_balance_is_the_one_of_who_takes_the_coins(
        self, running: RunningStandIn, shop: StandInStage, backend: LoyaltyBackend
    ) -> None:
        running.switch("webhook balance", "500 more")
        member_id = shop.add_member(replace_points(ASHA, 1000))
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound)
        assert found.account.balance == 1500

    def test_the_webhook_is_sent_no_key(self, running: RunningStandIn) -> None:
        """The control: the stand-in would remember it."""
        stage_with(running)
        path = f"/api/open/integrations/customcheckoutwebhook/{running.secrets['webhook id']}"
        with httpx.Client(base_url=running.address, trust_env=False) as client:
            client.post(path, json={"action": "list"}, headers={"x-apikey": "made-up", "x-source": "web"})
            client.post(path, json={"action": "list", "amount": "20"}, headers={"x-source": "web"})
        assert len(running.failures()) == 2

    def test_trying_out_a_webhook_that_is_wrong(self, shop: StandInStage, running: RunningStandIn) -> None:
        backend = shop.open(wrong_secrets=True)
        try:
            found = {one.right.value: one.found for one in backend.probe().rights}
        finally:
            backend.close()
        assert found["find members"] is Found.REFUSED
        assert found["read rewards"] is Found.NOT_THERE
        running.reset()


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


def correction(member_id: str, points: int) -> Adjustment:
    return Adjustment(str(uuid7()), member_id, Decimal(points), "Typed twice", "Meera", datetime.now(UTC))


@contextmanager
def with_known(stage: StandInStage, running: RunningStandIn, known: str) -> Iterator[LoyaltyBackend]:
    names = {**running.secrets, KNOWN_CUSTOMER.name: known}
    secrets = {name: Secret(value) for name, value in names.items()}
    assert {API_KEY.name, WEBHOOK_ID.name} <= set(secrets)
    backend = KIND.open_backend(stage._settings, secrets, stage._surroundings)
    try:
        yield backend
    finally:
        backend.close()
