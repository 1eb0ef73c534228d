"""Open Loyalty's members: found, joined, and who may sign in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.backends.openloyalty.kind import KIND, PASSWORD, USER_NAME
from cashier_app.domain.enrolment import AlreadyMember, Enrolled, EnrolmentField, EnrolmentRefused
from cashier_app.domain.identifier import MemberNumber, PhoneNumber, WalletToken
from cashier_app.domain.member import TierStanding
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import MemberFound, NoSuchMember, Unknown, Unreachable
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.testing.people import Person
from cashier_app.testing.pretend_till import PretendTill
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stand_ins.faults import StagedFault, Trouble
from cashier_app.testing.stand_ins.openloyalty_answers import CHANNEL, TIER_SET
from cashier_app.testing.suite_finding import ASHA
from cashier_app.testing.suite_members import newcomer
from tests.contract.openloyalty_shop import BILL, INR, NOBODY, Open, ask, running, shop, spoil, stage_with

__all__ = ["running", "shop"]  # fixtures


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
