"""What is said of points used while offline."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.domain.offline_policy import OfflineDenied, WhyNotOffline
from cashier_app.services.till_view import Step, Target
from cashier_app.wording.buttons import key_list, primary_label, scan_field
from cashier_app.wording.reward_panel import reward_panel
from tests.ui.sample_offers import offline
from tests.ui.sample_offline import (
    FLOOR,
    offline_allowed,
    offline_done,
    offline_manager,
    offline_member,
    offline_pay,
    offline_too_old,
    with_policy,
)
from tests.ui.sample_shop import NOW
from tests.unit.wording_shown import WORDING, card, lines


def test_the_offer_says_how_much_and_on_which_balance() -> None:
    panel = reward_panel(offline_allowed(), WORDING)
    assert lines(panel) == ["Up to ₹150 while offline, confirmed later", "Balance as of 14:02"]
    assert card(offline_allowed()).freshness.full == "as of 14:02"


def test_the_programs_own_limit_is_said_where_it_is_lower() -> None:
    view = with_policy(
        offline(), replace(FLOOR, per_redemption=900_00, open_at_till=900_00, manager_over=900_00)
    )
    assert lines(reward_panel(view, WORDING))[0] == "Up to ₹200 while offline, confirmed later"


def test_before_a_bill_the_allowance_is_said() -> None:
    assert lines(reward_panel(offline_member(), WORDING))[0] == "Up to ₹150 while offline, confirmed later"


def test_a_manager_is_announced_then_asked() -> None:
    assert lines(reward_panel(with_policy(offline()), WORDING))[1] == "A manager must confirm this"
    asking = offline_manager()
    assert lines(reward_panel(asking, WORDING))[0] == "A manager types their name, then Enter"
    assert primary_label(asking, WORDING).full == "Confirm ₹150 off"
    assert scan_field(replace(asking, entry=""), WORDING).hint.full == "Manager's name"
    assert [words.sentence.full for words in key_list(asking, WORDING)][:2] == [
        "Confirm ₹150 off",
        "Manager's name",
    ]
    assert all(not choice.key for choice in reward_panel(asking, WORDING).choices)


def test_paying_and_done_say_that_it_is_confirmed_later() -> None:
    footer = reward_panel(offline_pay(), WORDING).footer
    assert footer is not None
    assert footer.full == "Coins are confirmed once online. The discount stays."
    assert lines(reward_panel(offline_done(), WORDING))[-1] == "150 used, confirmed later. About 22 earned"


@pytest.mark.parametrize(
    ("because", "said"),
    [
        (WhyNotOffline.DENIED, "Coins cannot be used until we are online"),
        (WhyNotOffline.NOT_PROVEN, "While offline, coins need a scanned code"),
        (WhyNotOffline.BALANCE_TOO_OLD, "Coins only when online: the balance is too old"),
        (WhyNotOffline.USED_BEFORE, "Coins were used offline before. Again once online"),
        (WhyNotOffline.TILL_IS_FULL, "Coins only when online: this till has given enough"),
    ],
)
def test_each_reason_has_its_sentence(because: WhyNotOffline, said: str) -> None:
    view = replace(offline(), offline=OfflineDenied(because))
    assert lines(reward_panel(view, WORDING))[0] == said


def test_the_day_is_said_from_which_a_member_may_again() -> None:
    view = replace(offline(), offline=OfflineDenied(WhyNotOffline.AFTER_A_LOSS, NOW))
    assert lines(reward_panel(view, WORDING))[0] == "Coins only when online until 20 Nov"


def test_too_old_a_balance_shows_no_offer() -> None:
    view = offline_too_old()
    assert not reward_panel(view, WORDING).choices
    assert primary_label(view, WORDING).full == "Take payment"


def test_a_typed_amount_keeps_the_allowance_in_sight() -> None:
    view = offline_allowed()
    typed = replace(
        view, step=Step.REWARD, target=Target.DISCOUNT, discount_entry=replace(view.bill, units="40")
    )
    assert lines(reward_panel(typed, WORDING))[1] == "Up to ₹150 while offline, confirmed later"
