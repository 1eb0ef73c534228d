"""What is said of programs that are not one way to pay with points, word for word."""
# ruff: noqa: RUF001 - the true minus is part of the sentence

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.choice import TakeAmount, TakeReward
from cashier_app.domain.member import TierStanding
from cashier_app.domain.money import Money
from cashier_app.domain.program.conditions import Weekday
from cashier_app.domain.reasons import (
    CappedInPeriod,
    CappedPercent,
    KeptPoints,
    Limit,
    LinesCovered,
    NeedsDiscount,
    NotForTier,
    NotInStore,
    NotNow,
    NotYet,
    Period,
    Refusal,
    UsedUp,
)
from cashier_app.services.till_view import Serving, Step, TillView
from cashier_app.wording.buttons import key_list, primary_label
from cashier_app.wording.people import tier_words
from cashier_app.wording.reasons import limit_row
from cashier_app.wording.refusals import lock_words, refusal_rows
from cashier_app.wording.reward_panel import reward_panel
from tests.fakes.shop import PRIYA, RUPEE, altered, rupees
from tests.ui import sample_programs as programs
from tests.ui.sample_shop import GOLD, PRIYAS_ACCOUNT, in_rupees, serving
from tests.unit.wording_shown import WORDING, card, lines

WEEK = tuple(Weekday)


@pytest.mark.parametrize(
    ("limit", "full", "short"),
    [
        (
            CappedInPeriod(Period.DAY, points=Decimal(500), used_points=Decimal(150)),
            "150 of 500 coins used today",
            "150 of 500 coins used today",
        ),
        (CappedInPeriod(Period.WEEK, points=Decimal(1)), "At most 1 coin a week", "At most 1 coin"),
        (
            CappedInPeriod(Period.EVER, discount=rupees(500), used_discount=rupees(80)),
            "₹80 of ₹500 taken off before",
            "₹80 of ₹500 taken off before",
        ),
        (
            LinesCovered(rupees(400), rupees(140)),
            "₹140 of this bill cannot take coins",
            "₹140 cannot take coins",
        ),
        (KeptPoints(Decimal(50)), "50 coins must stay in the account", "50 coins must stay"),
        (
            CappedPercent(Decimal("12.5"), of_lines=True),
            "Capped at 12.5% of what coins may pay",
            "Capped at 12.5%",
        ),
    ],
)
def test_limits(limit: Limit, full: str, short: str) -> None:
    sentence = limit_row(limit, WORDING).sentence
    assert (sentence.full, sentence.short) == (full, short)


@pytest.mark.parametrize(
    ("refusal", "row", "lock"),
    [
        (NotNow(WEEK[1:2]), "On Tuesdays only", "on Tuesdays"),
        (
            NotNow(WEEK[:5], time(16), time(18)),
            "On Mondays to Fridays only, 16:00 to 18:00",
            "on Mondays to Fridays",
        ),
        (NotNow((WEEK[5], WEEK[6])), "On Saturdays and Sundays only", "on Saturdays and Sundays"),
        (NotNow((), None, time(11, 30)), "Only before 11:30", "before 11:30"),
        (NotNow(WEEK, time(20)), "Only from 20:00", "from 20:00"),
        (NotYet(date(2026, 12, 1)), "From 1 Dec", "from 1 Dec"),
        (NotForTier(("Gold", "Platinum")), "For Gold and Platinum", "Gold or Platinum only"),
        (NotInStore(("Hill Road",)), "At Hill Road only", "in other stores"),
        (UsedUp(Period.DAY), "All that is allowed today is used", "used today"),
        (UsedUp(Period.EVER), "All that is allowed was used before", "used"),
        (NeedsDiscount(rupees(50), rupees(40)), "At least ₹50 at once, ₹40 here", "from ₹50"),
    ],
)
def test_refusals(refusal: Refusal, row: str, lock: str) -> None:
    assert refusal_rows(refusal, WORDING)[0].sentence.full == row
    assert lock_words(refusal, WORDING)[0] == lock


def test_on_the_day_itself_a_lock_says_the_hours() -> None:
    refusal = NotNow(WEEK[:5], time(16), time(18))
    assert lock_words(refusal, WORDING, today=Weekday.FRIDAY)[0] == "16:00 to 18:00"
    assert lock_words(refusal, WORDING, today=Weekday.SUNDAY)[0] == "on Mondays to Fridays"


def takes(view: TillView) -> list[tuple[str, str, bool]]:
    return [(row.name, str(row.takes), row.icon != "lock") for row in card(view).rewards]


def test_other_rules_stand_beside_the_rewards_with_what_each_gives_or_needs() -> None:
    view = programs.other_rules()
    assert lines(reward_panel(view, WORDING))[0] == "Capped at ₹200 on bills under ₹2,500"
    assert takes(view) == [
        ("Double value", "₹150 off", True),
        ("Happy day", "on Tuesdays", False),
        ("₹2 for 1", "16:00 to 18:00", False),
    ]
    before = serving(PRIYA, PRIYAS_ACCOUNT, in_rupees(""), program=programs.SEVERAL_RULES)
    assert takes(before)[0] == ("Double value", "1 coin is ₹2.00", True)
    assert card(before).rewards[0].spoken == "Double value, 1 coin is ₹2.00"
    assert card(view).rewards[0].spoken == "Double value, 150 rupees off"


def test_the_rule_chosen_is_the_one_explained() -> None:
    panel = reward_panel(programs.rule_chosen(), WORDING)
    assert (panel.discount, str(panel.subtitle)) == ("−₹150.00", "75 of 1,240 coins")
    assert lines(panel) == ["Capped at ₹150 a bill", "Nothing more to unlock on this bill"]


def test_each_locked_reward_has_its_own_reason() -> None:
    view = programs.used_today()
    assert lines(reward_panel(view, WORDING))[0] == "180 of 300 coins used today"
    assert [what for _, what, _ in takes(view)] == ["used today", "Platinum only", "from 1 Dec"]


# Points for rewards only.
def test_a_catalogue_says_what_can_be_had_and_how_far_the_next_reward_is() -> None:
    panel = reward_panel(programs.catalogue(), WORDING)
    assert (str(panel.title), str(panel.subtitle), panel.discount) == ("Use coins", "1 reward to choose", "")
    assert lines(panel) == [
        "↓ chooses a reward, Enter goes on without",
        "This sale earns 23. 237 more coins to 10% off",
    ]
    assert (str(panel.nothing), panel.choices) == ("No reward chosen", ())
    words = card(programs.catalogue())
    assert (str(words.worth), str(words.rewards_label)) == ("260 coins to 10% off", "Rewards")


def test_a_catalogue_before_the_bill_and_out_of_reach() -> None:
    before = reward_panel(programs.catalogue_before_bill(), WORDING)
    assert str(before.subtitle) == "1 reward to choose"
    assert lines(before) == ["Coins are for rewards only", "260 more coins to 10% off"]
    few = reward_panel(programs.catalogue_out_of_reach(), WORDING)
    assert str(few.subtitle) == "No reward on this bill"
    assert lines(few)[-1] == "This sale earns 23. 7 more coins to Free coffee"


def test_a_chosen_reward_says_so_and_how_to_give_it_back() -> None:
    view = programs.catalogue_chosen()
    panel = reward_panel(view, WORDING)
    assert lines(panel) == [
        "Free coffee is taken",
        "This sale earns 23. 357 more coins to 10% off",
        "Space gives the reward back",
    ]
    assert primary_label(view, WORDING).full == "Use 120 coins"
    assert [words.key for words in key_list(view, WORDING)] == ["Enter", "↓", "Esc", "F3", "F1"]
    handed = [str(step.sentence) for step in reward_panel(replace(view, step=Step.PAY), WORDING).steps]
    assert handed == ["Hand over Free coffee", "Then take"]


def test_a_catalogue_while_offline_says_that() -> None:
    view = programs.catalogue()
    assert isinstance(view.person, Serving)
    panel = reward_panel(replace(view, person=replace(view.person, fresh=False)), WORDING)
    assert str(panel.subtitle) == "Not while offline"


def test_points_that_are_only_collected_are_not_offered_for_use() -> None:
    panel = reward_panel(programs.collect_only(), WORDING)
    assert (str(panel.title), str(panel.subtitle)) == ("Collect coins", "Collected, not used at the till")
    assert (lines(panel), str(panel.nothing)) == (["This sale earns 23 coins"], "Nothing to choose")
    assert primary_label(programs.collect_only(), WORDING).full == "Take payment"
    words = card(programs.collect_only())
    assert (words.worth, words.rewards) == (None, ())
    before = reward_panel(programs.collect_only_before_bill(), WORDING)
    assert lines(before) == ["Type the bill to see what it earns"]


# What was chosen and cannot be given.
def test_a_chosen_reward_that_the_bill_no_longer_takes_says_why() -> None:
    program = altered(programs.CATALOGUE, redemption=[{"conversion": {"points": 1, "value": 1}}])
    coffee = replace(program.rewards[0], minimum_bill=300_000)
    program = replace(program, rewards=(coffee,))
    view = serving(
        PRIYA,
        PRIYAS_ACCOUNT,
        in_rupees("2360"),
        program=program,
        choice=TakeReward("coffee"),
        step=Step.REWARD,
    )
    assert lines(reward_panel(view, WORDING)) == ["Needs a bill of ₹3,000 or more. ₹640 to go"]


def test_an_amount_below_the_least_says_the_least() -> None:
    rule = {"conversion": {"points": 1, "value": 1}, "starting_discount": 50}
    program = altered(programs.COLLECT_ONLY, redemption=[rule])
    view = serving(
        PRIYA,
        PRIYAS_ACCOUNT,
        in_rupees("2360"),
        program=program,
        choice=TakeAmount(rupees(20)),
        step=Step.REWARD,
    )
    typed = replace(view, discount_entry=in_rupees("20"))
    assert lines(reward_panel(typed, WORDING))[0] == "At least ₹50 at once"


# Tiers.
@pytest.mark.parametrize(
    ("tier", "name", "distance"),
    [
        (GOLD, "Gold", "₹4,760 to Platinum"),
        (replace(GOLD, missing=None, missing_points=Decimal(30)), "Gold", "30 coins to Platinum"),
        (replace(GOLD, missing=None, missing_visits=1), "Gold", "1 visit to Platinum"),
        (replace(GOLD, missing=None), "Gold", "Next: Platinum"),
        (TierStanding("", 0, 2, "Silver", Money(100, RUPEE), progress=5), "No tier yet", "₹1 to Silver"),
        (TierStanding("Gold", 2, 2), "Gold", "Top tier"),
    ],
)
def test_tiers_by_spend_points_and_visits(tier: TierStanding, name: str, distance: str) -> None:
    words = tier_words(tier, WORDING)
    assert (words.name, str(words.distance)) == (name, distance)


def test_a_gift_balance_is_shown() -> None:
    account = replace(PRIYAS_ACCOUNT, gift_balance=rupees(75), lapses=None)
    view = serving(PRIYA, account, in_rupees("2360"))
    assert [str(note.sentence) for note in card(view).notes] == [
        "Gift balance ₹75.00",
        "Store credit ₹150.00",
    ]
