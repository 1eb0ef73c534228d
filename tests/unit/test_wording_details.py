"""Reasons, problems, names and long values, word for word."""
# ruff: noqa: RUF001 - the true minus is part of the sentence

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.documents.program_document import program_value
from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import TakeAmount
from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.outcome import CodeTooOld
from cashier_app.domain.points import PointName
from cashier_app.domain.program import Program
from cashier_app.domain.quote import quote
from cashier_app.domain.reasons import LeftToPay, MorePoints, NeedsBill, WholeBalance, WholeSteps
from cashier_app.services.till_view import Choosing, Notice, NoticeKind, Serving, Step, TillView
from cashier_app.wording import Hours, Sentence, Wording, name_in_sentence, plain
from cashier_app.wording.before_bill import point_value
from cashier_app.wording.buttons import primary_label
from cashier_app.wording.pay_panel import pay_panel
from cashier_app.wording.people import masked_name
from cashier_app.wording.problems import notice_words, problem_card
from cashier_app.wording.reasons import limit_row, next_step_row
from cashier_app.wording.refusals import refusal_rows
from cashier_app.wording.reward_panel import reward_panel
from tests.fakes.shop import OCCASION, altered, gift, rupees
from tests.ui import sample_views as sample
from tests.unit.wording_shown import WORDING, card, lines, lower

SOUQ = Wording.of("en_KW", sample.ZONE, PointName("point", "points"), hours=Hours.TWENTY_FOUR)
NB = "\N{NO-BREAK SPACE}"


def test_an_amount_between_two_steps_says_the_step_below() -> None:
    document = program_value(sample.PROGRAM)
    rule = document["redemption"][0] | {"conversion": {"points": 50, "value": 50, "whole_blocks": True}}  # type: ignore[index]
    stepped = altered(sample.PROGRAM, redemption=[rule])
    view = _typed("120", stepped)
    assert lines(reward_panel(view, WORDING))[0] == "Nearest step below: ₹100"
    view = _typed("100", stepped)
    assert lines(reward_panel(view, WORDING))[0] == "In steps of ₹50, from ₹50 to ₹200"
    view = _typed("900", stepped)
    assert lines(reward_panel(view, WORDING))[0] == "Capped at ₹200 on bills under ₹2,500"


def _typed(units: str, program: Program) -> TillView:
    base = sample.partial()
    entry = replace(base.bill, units=units)
    choice = TakeAmount(entry.money)
    bill = bill_of(base.bill.money)
    answer = quote(program, sample.PRIYA, sample.PRIYAS_ACCOUNT, bill, choice, OCCASION)
    return replace(base, program=program, discount_entry=entry, choice=choice, quote=answer)


def test_an_old_balance_says_its_day() -> None:
    view = sample.offline()
    assert isinstance(view.person, Serving)
    old = replace(view.person.account, as_of=sample.NOW - timedelta(days=1))
    assert (
        str(card(replace(view, person=replace(view.person, account=old))).freshness) == "as of 19 Nov 14:32"
    )


def test_too_old() -> None:
    made_at = sample.NOW - timedelta(minutes=14, seconds=11)
    words = problem_card(CodeTooOld(made_at, 300), WORDING, sample.NOW)
    assert str(words.title) == "This code is too old"
    assert str(words.body) == (
        "It was made 14 minutes ago. A code lives 5 minutes. "
        "Ask the customer to open the card again. A screenshot does not work."
    )
    pay = pay_panel(sample.too_old(), WORDING)
    assert (str(pay.title), pay.hero, lower(pay)[0]) == (
        "Code too old",
        "Scan again",
        "Or type the phone number",
    )


@pytest.mark.parametrize(
    ("reason", "title", "body"),
    [
        (
            NotRecognised.PAYMENT_CARD,
            "This is not a loyalty code",
            "This is a payment card. It was not read.",
        ),
        (NotRecognised.BAD_PHONE, "Check the number", "9 digits, a phone here has 10"),
    ],
)
def test_unrecognised(reason: NotRecognised, title: str, body: str) -> None:
    words = problem_card(Unrecognised(reason, digits=9, expected=10), WORDING, sample.NOW)
    assert (str(words.title), str(words.body)) == (title, body)


def test_unusual_bill_and_changed_balance_come_first() -> None:
    high = replace(sample.offer(), bill=replace(sample.offer().bill, units="2360000"), confirm_bill=True)
    assert lines(reward_panel(high, WORDING))[0] == "₹23,60,000.00 is unusually high. Enter again to go on."
    view = sample.serving(
        sample.PRIYA, replace(sample.PRIYAS_ACCOUNT, balance=Decimal(120)), sample.offer().bill
    )
    changed = replace(view, balance_was=Decimal(1240))
    assert lines(reward_panel(changed, WORDING))[0] == "Balance is now 120 coins (was 1,240)"


def test_long_values() -> None:
    view = sample.long_values()
    panel = reward_panel(view, WORDING)
    assert panel.subtitle == Sentence("1,23,456 of 1,08,64,250 coins", "1,23,456 of 1,08,64,250")
    assert panel.discount == "−₹1,23,456.00"
    assert lines(panel) == ["Capped at ₹1,23,456 a bill", "Nothing more to unlock on this bill"]
    pay = pay_panel(view, WORDING)
    assert (pay.hero, *lower(pay)) == ("₹97,53,087.00", "Earns 97,530 coins", "Balance after 1,08,38,324")
    assert primary_label(view, WORDING).short == "Use 1,23,456"
    words = card(view)
    assert words.notes[0].sentence.short == "12,00,000 lapse Fri 27 Nov"
    assert words.tier is not None
    assert str(words.tier.distance) == "Top tier"


def test_three_decimals_and_a_right_to_left_name() -> None:
    view = sample.arabic_three_decimals()
    panel = reward_panel(view, SOUQ)
    assert str(panel.subtitle) == "4,750 of 18,402 points"
    assert panel.discount == f"−KWD{NB}4.750"
    assert lines(panel)[0] == "Capped at 20% of the bill"
    assert panel.rows[1].sentence.short == f"KWD{NB}1.250 more gives KWD{NB}0.250"
    assert panel.choices[0].label == Sentence("Max 4.750", "Max")
    pay = pay_panel(view, SOUQ)
    assert (pay.hero, str(pay.context)) == (f"KWD{NB}19.000", f"KWD{NB}23.750 without points")
    assert lower(pay) == ("Earns 190 points", "Balance after 13,842")
    words = card(view, SOUQ)
    assert words.name == "عبد الرحمن بن محمد الخليلي"
    assert words.spoken.startswith("\u2068عبد الرحمن بن محمد الخليلي\u2069, Pearl, 18,402 points")
    assert words.tier is not None
    assert str(words.tier.distance) == "41.250 to Coral"


def test_reasons_the_pictures_do_not_show() -> None:
    assert limit_row(WholeBalance(Decimal(120)), WORDING).sentence.full == "All 120 coins of the balance"
    assert limit_row(LeftToPay(rupees(1)), WORDING).sentence.full == "At least ₹1 must be paid"
    steps = limit_row(WholeSteps(rupees(50), Decimal(40)), WORDING).sentence
    assert steps.full == "In steps of ₹50. 40 coins stay"
    one = limit_row(WholeSteps(rupees(50), Decimal(1)), WORDING).sentence
    assert one.full == "In steps of ₹50. 1 coin stays"
    more = next_step_row(MorePoints(Decimal(20), rupees(100)), WORDING, from_nothing=True).sentence
    assert more.full == "20 more coins unlock ₹100 off"
    beside = next_step_row(MorePoints(Decimal(20), rupees(50)), WORDING).sentence
    assert beside.full == "20 more coins unlock ₹50 more"
    single = next_step_row(MorePoints(Decimal(1), rupees(100)), WORDING, from_nothing=True).sentence
    assert single.full == "1 more coin unlocks ₹100 off"
    bill = refusal_rows(NeedsBill(rupees(500), rupees(140)), WORDING)[0].sentence
    assert bill == Sentence("Needs a bill of ₹500 or more. ₹140 to go", "₹140 to go")


@pytest.mark.parametrize(
    ("conversion", "scale", "words"),
    [
        ({"points": 1, "value": 1}, 0, "1 coin is ₹1.00"),
        ({"points": 100, "value": 1}, 0, "1 coin is ₹0.01"),
        ({"points": 100, "value": 10, "whole_blocks": True}, 0, "100 coins are ₹10.00"),
        ({"points": 3, "value": 1}, 0, "3 coins are ₹1.00"),
        ({"points": 7, "value": 3}, 0, "7 coins are ₹3.00"),
        ({"points": 1, "value": "0.005"}, 0, "200 coins are ₹1.00"),
        ({"points": 8, "value": "0.025", "whole_blocks": True}, 0, "16 coins are ₹0.05"),
        ({"points": 1, "value": "0.25"}, 2, "1 coin is ₹0.25"),
        ({"points": 500, "percent": 10, "whole_blocks": True}, 0, "500 coins are 10% off"),
        ({"points": 1, "percent": "2.5", "whole_blocks": True}, 0, "1 coin is 2.5% off"),
    ],
)
def test_what_a_point_is_worth(conversion: dict[str, object], scale: int, words: str) -> None:
    program = altered(sample.PROGRAM, point_scale=scale, redemption=[{"conversion": conversion}])
    assert point_value(program, program.redemption[0], WORDING) == words


@pytest.mark.parametrize(
    ("kind", "words", "key"),
    [
        (NoticeKind.SCAN_NOT_USED, "Scan not used: finish this sale first", ""),
        (NoticeKind.ALREADY_HERE, "Already here", ""),
        (NoticeKind.SWITCH_OFFERED, "Ravi K. scanned. Switch?", "F3"),
        (NoticeKind.SWITCHED, "Member is now Ravi K.", "F9"),
        (NoticeKind.BACK_ONLINE, "Online again. 3 sales are being posted", ""),
        (NoticeKind.NOT_A_LOYALTY_CODE, "This is not a loyalty code", ""),
    ],
)
def test_toasts(kind: NoticeKind, words: str, key: str) -> None:
    toast = notice_words(Notice(1, kind, "Ravi K.", 3), WORDING)
    assert (str(toast.sentence), toast.key) == (words, key)


def test_names_from_outside_stay_plain() -> None:
    assert plain("Priya\n\tR\x00\x1b[31m") == "Priya R [31m"
    assert plain("abc\u202edcba\u2069") == "abcdcba"
    assert plain("<b>x</b> & {value}") == "<b>x</b> & {value}"
    assert name_in_sentence("Priya") == "Priya"
    assert name_in_sentence("\u2069نورة") == "\u2068نورة\u2069"
    assert plain("क्‍ष") == "क्‍ष"


def test_masked_names_tell_two_people_apart_and_no_more() -> None:
    assert masked_name("Anil Kamath") == "Anil K•••••"
    assert masked_name("Meera") == "Meera"
    assert masked_name("  ") == ""


def test_another_point_name_is_used_everywhere() -> None:
    stars = WORDING.with_point_name(PointName("star", "stars"))
    assert str(reward_panel(sample.offer(), stars).title) == "Use stars"
    assert pay_panel(sample.done(), stars).hero == "+21 stars"
    assert stars.points(Decimal(1)) == "1 star"
    assert stars.points(Decimal("0.5")) == "0.5 stars"


def test_a_share_of_the_bill_is_said_before_the_bill() -> None:
    empty = replace(sample.arabic_three_decimals().bill, units="", decimals=None)
    view = sample.serving(sample.ABDULRAHMAN, sample.ABDULRAHMANS_ACCOUNT, empty, program=sample.SOUQ)
    panel = reward_panel(view, SOUQ)
    assert str(panel.subtitle) == f"Up to KWD{NB}18.402"
    assert lines(panel) == [f"1 point is KWD{NB}0.001", "At most 20% of the bill"]


def test_a_reward_that_needs_a_larger_bill_says_from_which() -> None:
    program = altered(sample.PROGRAM, rewards=[{**gift("coffee", "Free coffee", 120), "minimum_bill": 3000}])
    view = sample.serving(sample.PRIYA, sample.PRIYAS_ACCOUNT, sample.offer().bill, program=program)
    row = card(view).rewards[0]
    assert (str(row.takes), row.usable) == ("from ₹3,000", False)
    assert row.spoken == "Free coffee, on a bill from 3,000 rupees"


def test_a_card_by_member_number_without_a_phone() -> None:
    nameless = replace(sample.PRIYA, masked_phone="")
    view = sample.serving(nameless, sample.PRIYAS_ACCOUNT, sample.offer().bill, way=Way.MEMBER_NUMBER)
    assert str(card(view).way) == "MB4410 · member number"
    bare = sample.serving(replace(nameless, number=""), sample.PRIYAS_ACCOUNT, sample.offer().bill)
    assert str(card(bare).way) == "wallet code"


def test_nothing_left_to_pay() -> None:
    free = altered(sample.PROGRAM, redemption=[{"conversion": {"points": 1, "value": 1}}])
    bill = replace(sample.offer().bill, units="500")
    view = sample.serving(sample.PRIYA, sample.PRIYAS_ACCOUNT, bill, program=free, step=Step.REWARD)
    assert lines(reward_panel(view, WORDING))[0] == "The bill is fully covered"
    paying = replace(view, step=Step.PAY)
    assert str(pay_panel(paying, WORDING).title) == "Nothing left to pay"
    assert lower(pay_panel(paying, WORDING)) == ("Earns nothing", "Balance after 740")


def test_a_member_without_a_name_can_still_be_chosen() -> None:
    view = sample.two_members()
    assert isinstance(view.person, Choosing)
    nameless = replace(view.person.found[0], member=replace(sample.ANIL, name=""))
    choosing = replace(view.person, found=(nameless, *view.person.found[1:]))
    assert str(primary_label(replace(view, person=choosing), WORDING)) == "Choose"
