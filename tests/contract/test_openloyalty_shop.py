"""Open Loyalty's own traps: its errors, what it leaves open, odd currencies, answers that cannot be right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from cashier_app.backends.openloyalty import writes
from cashier_app.backends.openloyalty.adapter import HOLDS, PROVE_HOLDS
from cashier_app.backends.openloyalty.kind import KIND, PASSWORD, USER_NAME
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeNothing
from cashier_app.domain.enrolment import AlreadyMember, Enrolled, EnrolmentField, EnrolmentRefused
from cashier_app.domain.identifier import MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.offers import Offers
from cashier_app.domain.outcome import (
    AlreadyApplied,
    Applied,
    MemberFound,
    NoSuchMember,
    NotApplied,
    Pending,
    Refused,
    RefusedBecause,
    RetryLater,
    Unknown,
    Unreachable,
)
from cashier_app.domain.probe import Found, Right
from cashier_app.domain.sale import Effect, EffectKind
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stage import HASTE, StandInStage
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.stand_ins.openloyalty_answers import CHANNEL, CONVERSION, TIER_SET
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_members import newcomer
from cashier_app.testing.suite_selling import served
from tests.contract.openloyalty_shop import BILL, NOBODY, stage_with

INR = Currency("INR", 2)
Open = Callable[..., tuple[StandInStage, LoyaltyBackend]]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningStandIn]:
    with RunningStandIn("openloyalty") as stand_in:
        yield stand_in


@pytest.fixture
def shop(running: RunningStandIn) -> Iterator[Open]:
    """Open a shop with these settings; whatever it was sent must have been as Open Loyalty wants it."""
    opened: list[LoyaltyBackend] = []

    def opener(**settings: object) -> tuple[StandInStage, LoyaltyBackend]:
        stage = stage_with(running, **settings)  # type: ignore[arg-type]
        opened.append(stage.open())
        return stage, opened[-1]

    yield opener
    for backend in opened:
        backend.close()
    assert running.failures() == []


def ask(running: RunningStandIn, path: str, query: dict[str, str] | None = None) -> dict[str, object]:
    """Read what the stand-in keeps, as any other client would."""
    headers = {"X-AUTH-TOKEN": running.secrets["api key"]}
    answer = httpx.get(
        f"{running.address}/api/default/{path}", headers=headers, params=query, trust_env=False
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    found: dict[str, object] = answer.json()
    return found


def spoil(running: RunningStandIn, method: str, path: str, value: object) -> None:
    running.switch("spoil", json.dumps({"method": method, "path": path, "with": value}))


def sale_of(till: PretendTill, stage: StandInStage, found: MemberFound) -> Effect:
    return till.planned(till.quoted(found, stage.bill, TakeNothing()))[-1]


class TestFinding:
    @pytest.mark.parametrize("form", ["+", "digits", "national", "dialled"])
    def test_numbers_kept_in_any_form(self, running: RunningStandIn, shop: Open, form: str) -> None:
        stage, backend = shop()
        running.switch("phones", form)
        member_id = stage.add_member(ASHA)
        for _ in range(2):
            found = backend.find(PhoneNumber(ASHA.phone))
            assert isinstance(found, MemberFound), found
            assert found.member.member_id == member_id
            assert found.member.masked_phone.endswith("501")
            assert "98450" not in found.member.masked_phone

    def test_capital_letters_matter_on_cards(self, shop: Open) -> None:
        stage, backend = shop()
        stage.add_member(replace(ASHA, number="nc-7.a_B"))
        assert isinstance(backend.find(MemberNumber("nc-7.a_B")), MemberFound)
        assert backend.find(MemberNumber("NC-7.A_B")) == NoSuchMember()

    def test_what_no_card_can_have_is_asked_of_nobody(self, shop: Open) -> None:
        stage, backend = shop()
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False))
        for number in ("LC1:x", "a b", "../..", "é1", "x" * 65):
            assert backend.find(WalletToken(number)) == NoSuchMember()
        assert stage.befallen() == 0

    def test_somebody_put_to_rest_is_blocked(self, shop: Open) -> None:
        stage, backend = shop()
        found = backend.refresh(stage.add_member(replace(ASHA, blocked=True)))
        assert isinstance(found, MemberFound)
        assert found.member.blocked_since is not None

    def test_fractions_of_points_are_kept_to_the_last(self, shop: Open) -> None:
        stage, backend = shop()
        points = Decimal("42.123456789012")
        found = backend.refresh(stage.add_member(replace(ASHA, points=points)))
        assert isinstance(found, MemberFound)
        assert found.account.balance == points
        assert PretendTill(backend).quoted(found, BILL).points <= points

    @pytest.mark.parametrize(
        ("by", "points", "expected"),
        [
            ("totalSpending", "10", TierStanding("Silver", 1, 2, "Gold", Money(1_000_000, INR), 0)),
            ("activeUnits", "6250", TierStanding("Silver", 1, 2, "Gold", None, 625, Decimal(3750))),
            ("monthsSinceJoiningProgram", "10", TierStanding("Silver", 1, 2, "Gold", progress=0)),
            ("activeUnits", "10000", TierStanding("Gold", 1, 1)),
        ],
    )
    def test_tiers_and_how_far_the_next_is(
        self, running: RunningStandIn, shop: Open, by: str, points: str, expected: TierStanding
    ) -> None:
        stage, backend = shop(tier_set=TIER_SET)
        running.switch("tiers by", by)
        found = backend.refresh(stage.add_member(replace(ASHA, points=Decimal(points))))
        assert isinstance(found, MemberFound)
        assert found.account.tier == expected

    def test_without_a_tier_set_or_its_answer_the_name_is_known(self, shop: Open) -> None:
        for tier_set in ("", NOBODY):
            stage, backend = shop(tier_set=tier_set)
            found = backend.refresh(stage.add_member(ASHA))
            assert isinstance(found, MemberFound)
            assert found.account.tier == TierStanding("Silver", 1, 1)

    def test_a_wallet_of_money_is_shown(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop(store_credit_wallet="credit")
        member_id = stage.add_member(replace(ASHA, points=Decimal(5)))
        spoil(
            running,
            "GET",
            "/wallet",
            {"items": [{"account": {"activeUnits": 120.505}}]},
        )
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound)
        assert found.account.store_credit == Money(12050, INR)
        assert backend.capabilities.store_credit
        assert backend.program().tender.store_credit is None

    def test_another_wallet_for_points(self, shop: Open) -> None:
        stage, backend = shop(wallet_code="credit")
        found = backend.refresh(stage.add_member(replace(ASHA, points=Decimal(5))))
        assert isinstance(found, MemberFound)
        assert found.account.balance == 0
        stage, backend = shop(wallet_code="stamps")
        assert isinstance(backend.refresh(stage.add_member(ASHA)), Unreachable)


HOSTILE = {
    "another currency": {"currency": "USD"},
    "another store": {"storeCode": "elsewhere"},
    "another member": {"customerId": NOBODY, "phone": "+919845000001", "loyaltyCardNumber": "X"},
    "an id that climbs": {"customerId": "../../points"},
    "no account": {"defaultAccount": None},
    "a balance as text": {"defaultAccount": {"activePoints": "a lot"}},
    "a balance beyond counting": {"defaultAccount": {"activePoints": 1e300}},
    "a trillion": {"defaultAccount": {"activePoints": 10**12}},
}


class TestHostileAnswers:
    @pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
    def test_a_member_that_cannot_be_right(self, running: RunningStandIn, shop: Open, value: object) -> None:
        stage, backend = shop()
        member_id = stage.add_member(ASHA)
        spoil(running, "GET", "/member/", value)
        for found in (
            backend.refresh(member_id),
            backend.find(PhoneNumber(ASHA.phone)),
            backend.find(MemberNumber(ASHA.number)),
        ):
            assert isinstance(found, Unreachable), found
            assert ASHA.phone[-6:] not in found.reason

    def test_anonymised_members_are_nobody(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        member_id = stage.add_member(ASHA)
        spoil(running, "GET", "/member/", {"anonymized": True})
        assert backend.refresh(member_id) == NoSuchMember()

    def test_marks_that_turn_text_round_are_left_out(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop(tier_set=TIER_SET)
        member_id = stage.add_member(ASHA)
        spoil(running, "GET", "/tierSet/", {"currentTierName": "Sil\u202ever", "nextTierName": "\x07Gold"})
        found = backend.refresh(member_id)
        assert isinstance(found, MemberFound)
        assert found.account.tier is not None
        assert (found.account.tier.name, found.account.tier.next_name) == ("Silver", "Gold")

    @pytest.mark.parametrize("value", [{"transferId": None}, {"transferId": "../x"}, {"transferId": 7}])
    def test_a_movement_without_an_id_is_in_doubt(
        self, running: RunningStandIn, shop: Open, value: object
    ) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        spoil(running, "POST", "/points/block", value)
        assert isinstance(till.send(till.hold(till.quoted(found, BILL))), Unknown)

    @pytest.mark.parametrize(
        "value",
        [
            {"items": [{"value": 1}]},
            {"items": [{"transferId": None}]},
            {"items": [{"value": 1e300}]},
            {"items": {}},
            {"items": None},
        ],
    )
    def test_a_list_of_movements_that_cannot_be_right(
        self, running: RunningStandIn, shop: Open, value: object
    ) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        hold = till.hold(till.quoted(found, BILL))
        till.post(hold)
        spoil(running, "GET", "/points", value)
        assert isinstance(till.look_up(hold), Unknown)

    @pytest.mark.parametrize(
        "value",
        [
            {"items": [{"grossValue": 1}]},
            {"items": [{"currency": "USD"}]},
            {"items": [{"customerId": NOBODY}]},
            {"items": [{"header": {"documentNumber": "another"}}]},
            {"items": [{"header": None}]},
            {"items": [{"transactionId": None}]},
            {"items": None},
        ],
    )
    def test_a_sale_that_is_not_ours(self, running: RunningStandIn, shop: Open, value: object) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        sale = sale_of(till, stage, found)
        till.post(sale)
        spoil(running, "GET", "/transaction", value)
        assert isinstance(till.look_up(sale), Unknown)
        # A second post is refused for its number, and what it is refused for is not ours to be sure of.
        assert isinstance(till.send(sale), Unknown)

    @pytest.mark.parametrize("ratio", ["0", "-1", "1e-30", "1e30"])
    def test_a_worth_that_cannot_be_right_offers_nothing(
        self, running: RunningStandIn, shop: Open, ratio: str
    ) -> None:
        stage, backend = shop(conversion_reward=CONVERSION)
        member_id = stage.add_member(ASHA)
        running.switch("ratio", ratio)
        offers = backend.options(member_id, bill_of(BILL))
        assert isinstance(offers, Offers)
        assert offers.redemption == ()


class TestErrors:
    """The vendor's table, row by row; 401, 403, 429, 5xx and time-outs are the suite's."""

    @pytest.mark.parametrize("says", ["a number", "a text"])
    def test_401_in_either_form(self, running: RunningStandIn, shop: Open, says: str) -> None:
        stage, _ = shop()
        running.switch("a 401 says", says)
        backend = stage.open(wrong_secrets=True)
        assert isinstance(backend.find(PhoneNumber(ASHA.phone)), Unreachable)
        assert {one.found for one in backend.probe().rights} == {Found.REFUSED}
        backend.close()

    def test_not_enough_points(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        redeem = till.planned(till.quoted(found, BILL))[0]
        stage.use_points(found.member.member_id, "5999.5")
        assert till.send(redeem) == Refused(RefusedBecause.BALANCE_TOO_LOW, "Not enough points")

    def test_a_number_used_before_is_the_same_sale(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        sale = sale_of(till, stage, found)
        assert isinstance(till.send(sale), Applied)
        assert isinstance(till.send(sale), AlreadyApplied)
        assert stage.books(found.member.member_id).sales == 1

    def test_a_return_of_a_sale_nobody_knows(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        ticket, effects = till.sell(found, BILL, TakeNothing())
        refund = backend.plan_refund(till.returned(ticket, effects, Decimal(0)))[0]
        outcome = till.send(replace(refund, original_key="another-sale"))
        assert isinstance(outcome, Refused)
        assert outcome.because is RefusedBecause.UNKNOWN_SALE

    @pytest.mark.parametrize("status", [404, 422])
    def test_a_refusal_is_a_refusal(self, shop: Open, status: int) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=status))
        outcome = till.send(sale_of(till, stage, found))
        assert isinstance(outcome, Refused), outcome

    @pytest.mark.parametrize("takes_hold", [True, False])
    @pytest.mark.parametrize("status", [400, 404, 409, 422])
    def test_a_refusal_of_what_took_hold_is_found_out(
        self, shop: Open, status: int, *, takes_hold: bool
    ) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        hold = till.hold(till.quoted(found, BILL))
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=status, takes_hold=takes_hold))
        outcome = till.send(hold)
        if takes_hold:
            assert isinstance(outcome, AlreadyApplied), outcome
        else:
            assert isinstance(outcome, Unknown if status == 409 else Refused), outcome

    def test_a_wrong_store_code_is_found_when_trying_out(self, shop: Open) -> None:
        stage, backend = shop(store_code="elsewhere")
        probed = backend.probe()
        rights = {one.right: one.found for one in probed.rights}
        assert rights[Right.PROGRAM] is Found.NOT_THERE
        assert rights[Right.FIND] is Found.NOT_THERE
        assert not probed.works
        till = PretendTill(backend)
        sale = Effect(
            "k", EffectKind.SALE, "s", NOBODY, Decimal(1), stage.bill, stage.bill, stage.bill, _now(), ""
        )
        assert isinstance(till.send(sale), Unknown)

    def test_another_currency_or_channel_is_found_when_trying_out(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        _, backend = shop(channel=CHANNEL)
        assert backend.probe().works
        running.switch("currency", "USD")
        assert {one.right for one in backend.probe().rights if one.found is Found.STRANGE} == {Right.PROGRAM}
        _, backend = shop(channel=NOBODY)
        lost = [one.right for one in backend.probe().rights if one.found is Found.NOT_THERE]
        assert lost == [Right.LOCATION]

    def test_trying_out_says_how_holds_are_proved(self, shop: Open) -> None:
        assert PROVE_HOLDS in shop()[1].probe().remarks
        assert HOLDS in shop(holds_points=True)[1].probe().remarks


def _now() -> datetime:
    return datetime.now(UTC)


class TestWhatIsLeftOpen:
    @pytest.mark.parametrize("behaviour", ["keeps", "is refused"])
    def test_points_are_never_taken_twice_where_a_block_stays(
        self, running: RunningStandIn, shop: Open, monkeypatch: pytest.MonkeyPatch, behaviour: str
    ) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        ticket = till.held(till.quoted(found, BILL))
        running.switch("cancelling a block", behaviour)
        release, redeem, sale = till.planned(ticket)
        assert isinstance(till.send(release), Applied if behaviour == "keeps" else Refused)
        # What is shown may be late: it is believed only when it stays so.
        assert isinstance(till.send(redeem), RetryLater)
        monkeypatch.setattr(writes, "SETTLES_WITHIN", 0.0)
        assert till.send(redeem) == Refused(RefusedBecause.OTHER, writes.STILL_BLOCKED)
        till.post(sale)
        books = stage.books(found.member.member_id)
        assert books.held == ticket.points
        assert books.spendable + books.held - stage.points == Decimal("11.8")

    def test_blocks_of_other_tills_are_no_obstacle(self, shop: Open) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        till.post(till.hold(till.quoted(found, BILL)))
        ticket = till.held(till.quoted(found, BILL))
        for effect in till.planned(ticket):
            till.post(effect)
        assert stage.books(found.member.member_id).held == ticket.points

    def test_a_movement_that_is_listed_late_is_looked_for_a_minute_long(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        stage, backend = shop(holds_points=True)
        running.switch("movements are listed", "later")
        till, found = PretendTill(backend), served(stage, backend)
        hold = till.hold(till.quoted(found, BILL))
        till.post(hold)
        assert till.look_up(hold) == NotApplied()
        stage.settle()
        assert isinstance(till.look_up(hold), AlreadyApplied)
        assert backend.capabilities.search_lag == timedelta(seconds=60)

    def test_a_movement_behind_many_others_is_found(self, shop: Open) -> None:
        stage, backend = shop(holds_points=True)
        till, found = PretendTill(backend), served(stage, backend)
        hold = till.hold(till.quoted(found, BILL))
        till.post(hold)
        for _ in range(120):
            stage.use_points(found.member.member_id, "1")
        assert isinstance(till.look_up(hold), AlreadyApplied)
        assert till.look_up(replace(hold, key=f"{hold.key}0")) == NotApplied()

    def test_a_sale_that_is_assigned_later(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        running.switch("matching", "later")
        till, found = PretendTill(stage.open(deadlines=HASTE)), served(stage, backend)
        sale = sale_of(till, stage, found)
        assert till.send(sale) == Pending()
        assert till.look_up(sale) == Pending()
        # One that stays without its member comes before a person at last.
        assert isinstance(backend.reconcile(replace(sale, at=_now() - timedelta(minutes=5))), Unknown)
        stage.settle()
        assert isinstance(till.look_up(sale), AlreadyApplied)
        till.backend.close()

    @pytest.mark.parametrize("customers", ["refused", "unmatched"])
    def test_a_sale_of_nobody(self, running: RunningStandIn, shop: Open, customers: str) -> None:
        stage, backend = shop()
        running.switch("unknown customers", customers)
        till, found = PretendTill(stage.open(deadlines=HASTE)), served(stage, backend)
        outcome = till.send(replace(sale_of(till, stage, found), member_id=NOBODY))
        assert isinstance(outcome, Refused if customers == "refused" else Pending), outcome
        till.backend.close()

    def test_new_members_are_activated_only_where_they_are_ours(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        for behaviour in ("inactive", "active"):
            _, backend = shop()
            running.switch("new members", behaviour)
            answer = backend.enrol(newcomer())
            assert isinstance(answer, Enrolled), answer
            assert answer.found.member.blocked_since is None
        stage, backend = shop()
        stage.add_member(Person("Nina Kurian", newcomer().phone, blocked=True))
        known = backend.enrol(replace(newcomer(), number=""))
        assert isinstance(known, AlreadyMember), known
        assert known.found.member.blocked_since is not None

    def test_activation_that_is_lost_is_done_by_the_next_attempt(self, shop: Open) -> None:
        stage, backend = shop()
        new = newcomer()
        stage.stage(StagedFault(trouble=Trouble.LOST_ANSWER, path="/activate"))
        assert isinstance(backend.enrol(new), Unknown)
        again = backend.enrol(new)
        assert isinstance(again, Enrolled), again
        assert again.found.member.blocked_since is None


class TestJoining:
    def test_the_customer_agrees_to_what_the_customer_agrees_to(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        _, backend = shop(channel=CHANNEL)
        answer = backend.enrol(newcomer())
        assert isinstance(answer, Enrolled)
        kept = ask(running, f"member/{answer.found.member.member_id}")
        assert [kept[f"agreement{place}"] for place in (1, 2, 3)] == [True, False, False]
        assert (kept["firstName"], kept["lastName"]) == ("Nina", "Kurian")
        refused = backend.enrol(
            replace(newcomer(), key="k2", phone="+919845055598", email="", number="", agrees_to_terms=False)
        )
        assert refused == EnrolmentRefused(
            EnrolmentField.CONSENT_TO_TERMS, "Validation failed; This value should be true."
        )

    def test_a_card_of_somebody_else_is_not_handed_over(self, shop: Open) -> None:
        stage, backend = shop()
        stage.add_member(Person("Ben Thomas", "+919845055502", newcomer().number))
        answer = backend.enrol(newcomer())
        assert isinstance(answer, EnrolmentRefused)
        assert answer.field is EnrolmentField.NUMBER

    @pytest.mark.parametrize(
        "kept", [{"customerId": NOBODY}, {"phone": "+12025550123", "email": "x@y.example"}]
    )
    def test_a_record_of_somebody_else_is_nobodys(
        self, running: RunningStandIn, shop: Open, kept: dict[str, str]
    ) -> None:
        stage, backend = shop()
        if "phone" in kept:
            stage.add_member(Person("Ben Thomas", newcomer().phone))
        spoil(running, "GET", "/member/", kept)
        assert isinstance(backend.enrol(newcomer()), Unknown)

    def test_somebody_known_by_e_mail_is_a_member(self, shop: Open) -> None:
        stage, backend = shop()
        stage.add_member(Person("Nina Kurian", "+919845055502", email=newcomer().email))
        assert isinstance(backend.enrol(newcomer()), AlreadyMember)


class TestEarning:
    def test_points_come_a_second_later_and_are_waited_for(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        running.switch("earning", "later")
        till, found = PretendTill(backend), served(stage, backend)
        booked = till.post(sale_of(till, stage, found))
        assert booked.points == Decimal("23.6")
        assert backend.capabilities.earns_later

    def test_points_that_do_not_come_are_not_waited_for_longer(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        stage, backend = shop()
        running.switch("earning", "never")
        till, found = PretendTill(stage.open(deadlines=HASTE)), served(stage, backend)
        sale = sale_of(till, stage, found)
        assert till.post(sale).points is None
        stage.settle()
        looked_up = till.look_up(sale)
        assert isinstance(looked_up, AlreadyApplied)
        assert looked_up.booked.points == Decimal("23.6")
        till.backend.close()

    def test_an_old_sale_waits_for_nothing(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        running.switch("earning", "never")
        till, found = PretendTill(backend), served(stage, backend)
        began = _now()
        assert till.post(replace(sale_of(till, stage, found), at=_now() - timedelta(hours=1))).points is None
        assert _now() - began < timedelta(seconds=0.7)

    def test_what_a_bill_would_earn_is_asked_and_told(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        member_id = stage.add_member(ASHA)
        offers = backend.options(member_id, bill_of(BILL))
        assert isinstance(offers, Offers)
        assert offers.earns == Decimal("23.6")
        assert offers.redemption == backend.program().redemption
        for value in ({"effects": [{"wallet": "stamps"}]}, {"effects": [{"type": "give_reward"}]}):
            spoil(running, "POST", "/simulate", value)
            offers = backend.options(member_id, bill_of(BILL))
            assert isinstance(offers, Offers)
            assert offers.earns == 0
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=403, writes_only=False))
        offers = backend.options(member_id, bill_of(BILL))
        assert isinstance(offers, Offers)
        assert offers.earns is None

    def test_campaigns_tell_more_than_the_document(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop()
        running.switch("earn rate", "0.03")
        till, found = PretendTill(backend), served(stage, backend)
        ticket, _ = till.sell(found, BILL)
        assert ticket.quote is not None
        assert ticket.quote.earns == Decimal("35.4")
        earned = stage.books(found.member.member_id).spendable - stage.points + ticket.points
        assert earned == ticket.quote.earns

    def test_the_rate_of_a_conversion_coupon_keeps_the_documents_limits(
        self, running: RunningStandIn, shop: Open
    ) -> None:
        stage, backend = shop(conversion_reward=CONVERSION)
        running.switch("ratio", "0.25")
        ticket = PretendTill(backend).quoted(served(stage, backend), BILL)
        assert ticket.points == 4720
        assert ticket.quote is not None
        assert ticket.quote.discount == Money(118000, INR)
        running.switch("conversion coupon", "gone")
        offers = backend.options(stage.add_member(Person("Ben", "+919845055502")), bill_of(BILL))
        assert isinstance(offers, Offers)
        assert offers.redemption == ()


class TestSales:
    def test_what_a_sale_says(self, running: RunningStandIn, shop: Open) -> None:
        stage, backend = shop(channel=CHANNEL, category="food", item="TILL")
        till, found = PretendTill(backend), served(stage, backend)
        ticket, effects = till.sell(found, BILL)
        sale = effects[-1]
        kept = ask(running, "transaction", {"header:documentNumber": sale.key})
        told = kept["items"][0]["told"]["transaction"]  # type: ignore[index]
        assert told["header"]["documentNumber"] == sale.key
        assert told["header"]["purchasedAt"].endswith("+05:30")
        assert told["header"]["labels"] == [{"key": "till", "value": "2"}]
        assert told["customerData"] == {"customerId": found.member.member_id}
        assert [(one["sku"], one["category"], one["quantity"]) for one in told["items"]] == [
            ("TILL", "food", 1)
        ]
        # After the points: what they paid for earns nothing.
        assert Decimal(told["items"][0]["grossValue"]) == Decimal("1180.00")
        assert ticket.points == 2360

    def test_a_member_met_offline_is_found_before_the_sale_is_told(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        told = replace(sale_of(till, stage, found), member_id="", identified_by=f"phone:{ASHA.phone}")
        assert isinstance(till.send(told), Applied)
        assert isinstance(till.look_up(told), AlreadyApplied)
        nobody = replace(told, key="k2", identified_by="number:NOBODY")
        assert till.send(nobody) == Refused(RefusedBecause.INVALID, "nobody is known by this")
        stage.stage(StagedFault(trouble=Trouble.STATUS, status=500, writes_only=False))
        assert isinstance(till.send(replace(told, key="k3")), RetryLater)

    @pytest.mark.parametrize(
        ("bill", "per", "paid"),
        [
            (Money(5000, Currency("JPY", 0)), "100", "5000"),
            (Money(12345, Currency("KWD", 3)), "100.000", "12.345"),
            (Money(236050, Currency("INR", 2)), "100.00", "2360.50"),
        ],
        ids=["JPY", "KWD", "INR"],
    )
    def test_odd_currencies(
        self, running: RunningStandIn, tmp_path: Path, bill: Money, per: str, paid: str
    ) -> None:
        document = (
            f'version = "1"\ncurrency = "{bill.currency.code}"\npoint_scale = 4\n'
            f'[[earning.rules]]\nkind = "per_amount"\npoints = 1\nper = "{per}"\n'
            '[[redemption]]\nconversion = { points = 1, value = "1" }\nmaximum_percent = 50\n'
        )
        (tmp_path / "program.toml").write_text(document)
        stage = stage_with(running, bill=bill, folder=tmp_path, program="program.toml", holds_points=True)
        backend = stage.open()
        try:
            till, found = PretendTill(backend), served(stage, backend)
            _, effects = till.sell(found, bill, TakeNothing())
            kept = ask(running, "transaction", {"header:documentNumber": effects[-1].key})
            gross = kept["items"][0]["grossValue"]  # type: ignore[index]
            assert Decimal(str(gross)) == Decimal(paid)
            earned = stage.books(found.member.member_id).spendable - stage.points
            assert earned == Decimal(paid) / 100
            ticket, effects = till.sell(found, bill)
            assert ticket.points > 0
            before = stage.books(found.member.member_id)
            earns = ticket.quote.earns if ticket.quote else Decimal(0)
            for effect in backend.plan_refund(till.returned(ticket, effects, earns)):
                till.post(effect)
            after = stage.books(found.member.member_id)
            assert abs(after.spendable - before.spendable - ticket.points + earns) <= Decimal("0.0001")
        finally:
            backend.close()

    def test_nothing_is_told_of_a_return_that_points_had_paid(self, shop: Open) -> None:
        stage, backend = shop()
        till, found = PretendTill(backend), served(stage, backend)
        ticket, effects = till.sell(found, BILL)
        returned = till.returned(ticket, effects, Decimal(0))
        none = replace(returned, paid=Money(0, INR))
        assert [one.kind for one in backend.plan_refund(none)] == [EffectKind.RESTORE]


class TestSignIn:
    def opened(self, running: RunningStandIn, password: str = "") -> LoyaltyBackend:
        stage = stage_with(running)
        around: Surroundings = stage._surroundings
        secrets = {
            USER_NAME.name: Secret(running.secrets[USER_NAME.name]),
            PASSWORD.name: Secret(password or running.secrets[PASSWORD.name]),
        }
        return KIND.open_backend(stage._settings, secrets, around)

    @pytest.mark.parametrize("end", ["ended", "refresh too"])
    def test_a_session_is_begun_and_renewed(
        self, running: RunningStandIn, monkeypatch: pytest.MonkeyPatch, end: str
    ) -> None:
        monkeypatch.setattr("cashier_app.backends.openloyalty.session.LEAST_SECONDS", 0.0)
        backend = self.opened(running)
        member_id = running.add_member(ASHA)
        assert isinstance(backend.refresh(member_id), MemberFound)
        running.switch("sessions", end)
        assert isinstance(backend.refresh(member_id), MemberFound)
        backend.close()

    def test_a_wrong_password_is_not_tried_again_and_again(self, running: RunningStandIn) -> None:
        backend = self.opened(running, "made-up")
        running.stage(
            StagedFault(trouble=Trouble.STATUS, status=401, writes_only=False, path="login", times=9)
        )
        member_id = running.add_member(ASHA)
        for _ in range(3):
            found = backend.refresh(member_id)
            assert isinstance(found, Unreachable)
            assert "made-up" not in found.reason
        assert running.befallen() == 1
        backend.close()

    def test_without_any_secret_there_is_one_sentence(self, running: RunningStandIn) -> None:
        stage = stage_with(running)
        with pytest.raises(KnownError, match="neither a permanent API key"):
            KIND.open_backend(stage._settings, {}, stage._surroundings)


def test_settings_that_make_no_sense_are_one_sentence(running: RunningStandIn, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"backend\.settings\.store_credit_wallet"):
        stage_with(running, store_credit_wallet="default").open()
    with pytest.raises(KnownError, match="counts in another currency"):
        stage_with(running, bill=Money(5000, Currency("USD", 2))).open()
    with pytest.raises(KnownError):
        stage_with(running, folder=tmp_path).open()


def test_a_plan_never_asks_for_what_is_not_there(shop: Open) -> None:
    _, backend = shop()
    effect = Effect("k", EffectKind.CLAW_BACK, "s", NOBODY, Decimal(1), BILL, BILL, BILL, _now(), "")
    with pytest.raises(ValueError, match="never told"):
        backend.apply(effect)
    with pytest.raises(ValueError, match="member id"):
        backend.refresh("../admin")
