"""The sentences of the till, word for word, with the sums of the specification's pictures."""
# ruff: noqa: RUF001 - the true minus is part of the sentence

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from cashier_app.domain.identifier import NotRecognised, Unrecognised
from cashier_app.domain.member import Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import CodeTooOld
from cashier_app.domain.points import PointName
from cashier_app.domain.program import Conversion, Program, Redemption
from cashier_app.domain.quote import TakeAmount, quote
from cashier_app.domain.reasons import LeftToPay, MorePoints, NeedsBill, WholeBalance, WholeSteps
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.ports.journal import EffectRow, QueueCounts, UnsentSale
from cashier_app.services.till_view import (
    Choosing,
    Failed,
    LookingUp,
    NotFound,
    Notice,
    NoticeKind,
    Posting,
    Serving,
    Step,
    TillView,
)
from cashier_app.wording import Hours, Sentence, Tone, Wording, name_in_sentence, plain
from cashier_app.wording.buttons import escape_label, key_list, primary_label, scan_field
from cashier_app.wording.pay_panel import Fill, PayPanelWords, bill_label, pay_panel, spoken_bill
from cashier_app.wording.people import MemberCardWords, choosing_card, masked_name, member_card
from cashier_app.wording.problems import idle_card, looking_up_card, notice_words, problem_card
from cashier_app.wording.queue import queue_row, queue_words
from cashier_app.wording.reasons import limit_row, next_step_row, point_value, refusal_rows
from cashier_app.wording.reward_panel import RewardPanelWords, reward_panel
from cashier_app.wording.status import connection_banner, queue_badge, training_banner
from cashier_app.wording.today import last_sale, today_panel
from tests.ui import sample_views as sample

WORDING = Wording.of("en_IN", sample.ZONE, PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)
SOUQ = Wording.of("en_KW", sample.ZONE, PointName("point", "points"), hours=Hours.TWENTY_FOUR)
NB = "\N{NO-BREAK SPACE}"


def rupees(units: int) -> Money:
    return Money(units * 100, sample.RUPEE)


def lines(panel: RewardPanelWords) -> list[str]:
    return [row.sentence.full for row in panel.rows]


def lower(panel: PayPanelWords) -> tuple[str, str]:
    return str(panel.left or ""), str(panel.right or "")


def card(view: TillView, wording: Wording = WORDING) -> MemberCardWords:
    assert isinstance(view.person, Serving)
    return member_card(view.person, view, wording, sample.NOW)


def test_idle() -> None:
    view = sample.idle()
    pay = pay_panel(view, WORDING)
    assert (str(pay.title), pay.hero, pay.fill) == ("Next customer", "Ready", Fill.OFF)
    assert lower(pay) == ("All sales are posted", "")
    assert str(primary_label(view, WORDING)) == "Find member"
    assert escape_label(view, WORDING) is None
    assert scan_field(view, WORDING).hint.full == "Scan, or type phone or number"
    idle = idle_card(WORDING)
    assert (str(idle.title), str(idle.body)) == (
        "Scan a wallet code or card",
        "or type a phone or member number",
    )


def test_idle_while_sales_wait() -> None:
    two = replace(sample.idle(), connection=replace(sample.ONLINE, counts=QueueCounts(2, 0)))
    one = replace(sample.idle(), connection=replace(sample.ONLINE, counts=QueueCounts(1, 0)))
    stuck = replace(sample.idle(), connection=replace(sample.ONLINE, counts=QueueCounts(1, 1)))
    assert lower(pay_panel(two, WORDING))[0] == "2 sales will be posted"
    assert lower(pay_panel(one, WORDING))[0] == "1 sale will be posted"
    assert lower(pay_panel(stuck, WORDING))[0] == "1 sale needs attention"


def test_today() -> None:
    words = today_panel(sample.TODAY, WORDING)
    assert (str(words.title), str(words.since)) == ("Today at this till", "since 09:00")
    assert [(part.figure, str(part.label)) for part in words.figures] == [
        ("65%", "with a member"),
        ("17", "used coins"),
        ("842", "coins earned"),
    ]
    assert (str(words.base), str(words.best)) == ("41 of 63 sales", "Best this month 72%")
    sale = last_sale(sample.TODAY.last_sales[0], WORDING, sample.NOW)
    assert (sale.time, sale.amount, sale.spoken) == ("14:29", "₹2,160.00", "14:29, 2,160 rupees, posted")


def test_a_day_without_sales() -> None:
    none = replace(sample.TODAY.figures, sales=0, with_member=0, redeemed=0, best_share=None, since=None)
    words = today_panel(replace(sample.TODAY, figures=none), WORDING)
    assert str(words.base) == "No sales yet today"
    assert words.best is None


def test_looking_up() -> None:
    view = sample.lookup()
    assert isinstance(view.person, LookingUp)
    words = looking_up_card(view.person, WORDING)
    assert (str(words.title), str(words.body)) == ("Looking up…", "You can type the bill meanwhile")
    slow = looking_up_card(view.person, WORDING, slow=True)
    assert str(slow.body) == "Still trying… Esc to go on without"
    assert str(reward_panel(view, WORDING).subtitle) == "Waiting for the balance"
    assert scan_field(view, WORDING).shown == "+91 98450 ••210"
    assert (str(escape_label(view, WORDING)), str(primary_label(view, WORDING))) == ("Cancel", "Next")


def test_member_before_the_bill() -> None:
    view = sample.member()
    panel = reward_panel(view, WORDING)
    assert str(panel.title) == "Use coins"
    assert str(panel.subtitle) == "Up to ₹200.00 on a bill from ₹500"
    assert lines(panel) == ["1 coin is ₹1.00", "From ₹2,500: up to ₹250.00"]
    assert [choice.label.full for choice in panel.choices] == ["Max", "Other", "None"]
    assert not panel.choices_enabled
    assert not any(choice.chosen for choice in panel.choices)
    assert [str(part) for part in bill_label(view, WORDING)] == ["Bill", "Type amount"]
    pay = pay_panel(view, WORDING)
    assert (str(pay.title), pay.hero, pay.fill, lower(pay)) == ("To pay", "₹0.00", Fill.OFF, ("", ""))
    assert str(primary_label(view, WORDING)) == "Next"
    assert scan_field(view, WORDING).hint.full == "Scan another code to switch"


def test_the_member_card() -> None:
    words = card(sample.member())
    assert words.name == "Priya Raghunathan"
    assert str(words.way) == "+91 ••••• ••210 · wallet code"
    assert (str(words.balance_label), str(words.freshness)) == ("Balance", "just now")
    assert (words.balance, words.unit, str(words.worth)) == ("1,240", "coins", "worth ₹1,240.00")
    assert words.tier is not None
    assert (words.tier.name, words.tier.rank, words.tier.of) == ("Gold", 3, 4)
    assert str(words.tier.distance) == "₹4,760 to Platinum"
    assert words.tier.spoken == "72 percent of the way to Platinum"
    assert [note.sentence for note in words.notes] == [
        Sentence("80 coins lapse on Fri 27 Nov", "80 lapse Fri 27 Nov"),
        Sentence.of("Store credit ₹150.00"),
    ]
    assert [(row.name, str(row.takes), row.usable) for row in words.rewards] == [
        ("Free coffee", "120 coins", True),
        ("10% off", "needs 1,500", False),
        ("Tote bag", "needs 2,000", False),
    ]
    assert words.rewards[0].spoken == "Free coffee, 120 coins"
    assert words.rewards[1].spoken == "10 percent off, needs 1,500 coins, has 1,240"
    assert words.spoken == "Priya Raghunathan, Gold, 1,240 coins, worth 1,240 rupees, just now"


def test_offer() -> None:
    view = sample.offer()
    panel = reward_panel(view, WORDING)
    assert (str(panel.subtitle), panel.discount) == ("200 of 1,240 coins", "−₹200.00")
    assert lines(panel) == ["Capped at ₹200 on bills under ₹2,500", "₹140 more on the bill unlocks ₹50 more"]
    assert [(choice.label, choice.key) for choice in panel.choices] == [
        (Sentence("Max ₹200", "Max"), "*"),
        (Sentence.of("Other"), ""),
        (Sentence.of("None"), "−"),
    ]
    assert panel.choices[0].spoken == "Use coins: maximum 200 rupees, selected, 1 of 3"
    pay = pay_panel(view, WORDING)
    assert (str(pay.context), pay.hero) == ("₹2,360.00 without coins", "₹2,160.00")
    assert lower(pay) == ("Earns 21 coins", "Balance after 1,061")
    assert (pay.spoken, spoken_bill(view, WORDING)) == ("To pay 2,160 rupees", "Bill, 2,360 rupees")
    assert panel.spoken == "Discount, 200 rupees"
    assert str(primary_label(view, WORDING)) == "Next: use coins"
    assert str(escape_label(view, WORDING)) == "Clear"


def test_reward_with_its_keys() -> None:
    view = sample.reward()
    assert [choice.key for choice in reward_panel(view, WORDING).choices] == ["", "0–9", "−"]
    assert primary_label(view, WORDING) == Sentence("Use 200 coins", "Use 200")
    assert str(escape_label(view, WORDING)) == "Back"
    keys = {words.key: words.sentence.full for words in key_list(view, WORDING)}
    assert keys == {
        "Enter": "Use 200 coins",
        "0–9": "Other amount",
        "← →": "One step less or more",
        "−": "No coins",
        "↓": "Other rewards",
        "Esc": "Back to the bill",
        "F3": "Another member",
        "F1": "All keys",
    }


def test_partial() -> None:
    panel = reward_panel(sample.partial(), WORDING)
    assert str(panel.subtitle) == "150 of 1,240 coins"
    assert (panel.discount, panel.discount_dim) == ("−₹150", ".00")
    assert lines(panel)[0] == "Any amount from ₹1 to ₹200 on this bill"
    assert [choice.chosen for choice in panel.choices] == [False, True, False]
    pay = pay_panel(sample.partial(), WORDING)
    assert (pay.hero, *lower(pay)) == ("₹2,210.00", "Earns 22 coins", "Balance after 1,112")
    assert str(primary_label(sample.partial(), WORDING)) == "Use 150 coins"


def test_an_amount_between_two_steps_says_the_step_below() -> None:
    stepped = replace(
        sample.PROGRAM,
        redemption=replace(
            sample.PROGRAM.redemption, conversion=Conversion(Decimal(50), 5000, whole_blocks=True)
        ),
    )
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
    answer = quote(program, sample.PRIYA, sample.PRIYAS_ACCOUNT, base.bill.money, choice)
    return replace(base, program=program, discount_entry=entry, choice=choice, quote=answer)


def test_no_points_chosen() -> None:
    panel = reward_panel(sample.no_points(), WORDING)
    assert str(panel.subtitle) == "No coins on this sale"
    assert panel.discount_tone is Tone.MUTED
    assert lines(panel)[0] == "Up to ₹200 on this bill"
    assert str(primary_label(sample.no_points(), WORDING)) == "Take payment"


def test_a_reward_is_taken_instead() -> None:
    panel = reward_panel(sample.other_reward(), WORDING)
    assert lines(panel) == ["Free coffee is taken instead"]
    assert str(primary_label(sample.other_reward(), WORDING)) == "Use 120 coins"
    paying = replace(sample.other_reward(), step=Step.PAY)
    assert [str(step.sentence) for step in reward_panel(paying, WORDING).steps] == [
        "Hand over Free coffee",
        "Then take",
    ]


def test_pay() -> None:
    view = sample.pay()
    panel = reward_panel(view, WORDING)
    assert [(step.number, str(step.sentence), step.amount) for step in panel.steps] == [
        ("1", "Take off at your till", "−₹200.00"),
        ("2", "Then take", "₹2,160.00"),
    ]
    assert str(panel.footer) == "Coins are held until 14:42. Esc gives them back."
    pay = pay_panel(view, WORDING)
    assert (str(pay.title), str(pay.context)) == ("Take payment", "Bill ₹2,360.00 − ₹200.00")
    assert (pay.hero, pay.fill) == ("₹2,160.00", Fill.SOLID)
    assert lower(pay) == ("Earns 21 coins", "Balance after 1,061")
    assert str(primary_label(view, WORDING)) == "Paid, finish sale"
    assert str(escape_label(view, WORDING)) == "Back"


def test_hold_over() -> None:
    view = replace(sample.pay(), hold_over=True, held_until=None)
    assert lower(pay_panel(view, WORDING))[0] == "Hold ended. Enter holds again."
    assert str(reward_panel(view, WORDING).footer) == "Hold ended. Enter holds again."
    assert primary_label(view, WORDING) == Sentence("Hold coins again", "Hold again")


def test_done() -> None:
    view = sample.done()
    pay = pay_panel(view, WORDING)
    assert (str(pay.title), pay.hero, str(pay.context)) == ("Done", "+21 coins", "Paid ₹2,160.00")
    assert lower(pay) == ("New balance 1,061 coins", "Clears in 6 s")
    assert (pay.fill, pay.icon) == (Fill.DONE, "check-circle")
    panel = reward_panel(view, WORDING)
    assert (str(panel.title), str(panel.subtitle), panel.discount) == ("Coins used", "200 coins", "−₹200.00")
    assert lines(panel) == ["Posted as 2-0418 at 14:32:41", "200 used, 21 earned"]
    words = card(view)
    assert (words.balance, str(words.worth)) == ("1,061", "worth ₹1,061.00")
    assert words.notes[0].sentence.full == "+21 earned, −200 used"
    assert not any(row.usable for row in words.rewards)
    assert str(primary_label(view, WORDING)) == "Next customer"
    assert scan_field(view, WORDING).hint.full == "Scan the next customer"


def test_posting() -> None:
    view = sample.posting()
    assert lower(pay_panel(view, WORDING))[0] == "Posting…"
    assert lines(reward_panel(view, WORDING))[0] == "Posting…"


def test_done_offline() -> None:
    view = sample.done_offline()
    pay = pay_panel(view, WORDING)
    assert (str(pay.title), pay.hero) == ("Done, will be posted", "About +23 coins")
    assert lower(pay) == ("Coins will follow. Nothing to do.", "Clears in 8 s")
    assert pay.fill is Fill.AMBER
    panel = reward_panel(view, WORDING)
    assert (str(panel.subtitle), panel.discount) == ("None", "₹0.00")
    assert lines(panel) == [
        "Saved on this till as 2-0418 at 14:32:41",
        "3 sales wait. They post by themselves",
        "About 23 coins for this sale",
    ]
    assert card(view).notes[0].sentence.full == "+23 coins when we are online"


def test_done_without_a_member() -> None:
    view = sample.done()
    assert view.finished is not None
    finished = replace(view.finished, posting=Posting.NOTHING_TO_POST, earned=Decimal(0), balance=None)
    pay = pay_panel(replace(view, finished=finished), WORDING)
    assert (pay.hero, pay.hero_is_word, str(pay.context)) == ("₹2,160.00", False, "Paid")
    assert lower(pay)[0] == "Without a member"


def test_blocked() -> None:
    view = sample.blocked()
    panel = reward_panel(view, WORDING)
    assert str(panel.subtitle) == "Not possible"
    assert lines(panel) == ["This member is blocked since 12 Nov", "The sale goes on without loyalty"]
    assert (panel.discount, str(panel.nothing), panel.choices) == ("₹0.00", "No coins on this sale", ())
    words = card(view)
    assert str(words.blocked) == "Blocked"
    assert str(words.blocked_body) == "No coins may be used or earned. Only a manager can change this."
    assert str(words.worth) == "worth ₹860.00, not usable"
    assert (words.rewards, words.notes) == ((), ())
    assert lower(pay_panel(view, WORDING)) == ("Earns nothing", "")
    assert str(primary_label(view, WORDING)) == "Take payment"


def test_refused() -> None:
    panel = reward_panel(sample.refused(), WORDING)
    assert str(panel.subtitle) == "Needs 100 coins, has 80"
    assert lines(panel) == ["Coins can be used from 100 on", "This sale earns 11. 9 more coins to go"]
    assert str(card(sample.refused()).worth) == "worth ₹80.00 from 100 coins"
    assert lower(pay_panel(sample.refused(), WORDING)) == ("Earns 11 coins", "Balance after 91")


def test_a_bill_that_is_too_small() -> None:
    view = sample.serving(sample.PRIYA, sample.PRIYAS_ACCOUNT, replace(sample.offer().bill, units="360"))
    panel = reward_panel(view, WORDING)
    assert lines(panel) == [
        "Needs a bill of ₹500 or more. ₹140 to go",
        "₹140 more on the bill unlocks ₹200 off",
    ]
    assert str(panel.nothing) == "No coins on this sale"


def test_offline() -> None:
    view = sample.offline()
    panel = reward_panel(view, WORDING)
    assert str(panel.subtitle) == "Not while offline"
    assert lines(panel) == ["Coins cannot be used until we are online", "Coins for this sale will follow"]
    assert lower(pay_panel(view, WORDING)) == ("Earns about 23 coins, posted later", "")
    words = card(view)
    assert (str(words.freshness), words.fresh) == ("as of 14:02", False)
    assert [str(row.takes) for row in words.rewards] == ["when online", "needs 1,500", "needs 2,000"]


def test_an_old_balance_says_its_day() -> None:
    view = sample.offline()
    assert isinstance(view.person, Serving)
    old = replace(view.person.account, as_of=sample.NOW - timedelta(days=1))
    assert (
        str(card(replace(view, person=replace(view.person, account=old))).freshness) == "as of 19 Nov 14:32"
    )


def test_the_header() -> None:
    banner = connection_banner(sample.OFFLINE, WORDING, sample.NOW)
    assert banner is not None
    assert banner.sentence == Sentence(
        "Offline since 14:02. Sales are saved and posted later.", "Offline since 14:02"
    )
    badge = queue_badge(sample.OFFLINE, WORDING)
    assert badge is not None
    assert (str(badge.sentence), badge.spoken) == ("2 waiting", "2 sales waiting. Opens the queue, F7")
    assert connection_banner(sample.ONLINE, WORDING, sample.NOW) is None
    assert queue_badge(sample.ONLINE, WORDING) is None
    assert training_banner(WORDING).spoken == "TRAINING: nothing here is real, no coins move"
    stuck = queue_badge(replace(sample.ONLINE, counts=QueueCounts(2, 1)), WORDING)
    assert stuck is not None
    assert (str(stuck.sentence), stuck.tone) == ("1 needs attention", Tone.STOP)


def test_not_found() -> None:
    view = sample.not_found()
    words = problem_card(NotFound("+91 98450 12210", Way.PHONE), WORDING, sample.NOW)
    assert str(words.title) == "No member found"
    assert str(words.body) == "+91 98450 12210 is not known here. Read the number back to the customer."
    pay = pay_panel(view, WORDING, enrols=True)
    assert (str(pay.title), pay.hero) == ("Not found", "New here?")
    assert lower(pay)[0] == "Ask: would you like to collect coins?"
    assert str(primary_label(view, WORDING, enrols=True)) == "Add as member"
    assert str(primary_label(view, WORDING)) == "Find member"


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


def test_sentences_of_the_world_failing_pass_unchanged() -> None:
    sentence = "The disk is full. This sale was not saved. Free space, then Enter tries again."
    assert str(problem_card(Failed(sentence), WORDING, sample.NOW).body) == sentence
    assert lines(reward_panel(replace(sample.offer(), trouble=sentence), WORDING))[0] == sentence


def test_two_members() -> None:
    view = sample.two_members()
    assert isinstance(view.person, Choosing)
    words = choosing_card(view.person, WORDING)
    assert (str(words.title), str(words.body)) == (
        "2 members, 1 phone",
        "Ask for the first name. Press 1 or 2.",
    )
    first = words.members[0]
    assert (first.key, first.name, str(first.number)) == ("1", "Anil K•••••", "Member ••4471")
    assert (first.last_visit, str(first.balance), first.marked) == ("19 Nov", "320 coins", True)
    assert first.spoken == "1, Anil K, Silver, 320 coins, 19 Nov"
    assert words.members[1].last_visit == "2 Nov"
    pay = pay_panel(view, WORDING)
    assert (str(pay.title), pay.hero, lower(pay)[0]) == ("Which one?", "1 or 2", "Ask for the first name")
    assert str(primary_label(view, WORDING)) == "Choose Anil"
    three = replace(view.person, found=(*view.person.found, view.person.found[0]))
    assert str(choosing_card(three, WORDING).body) == "Ask for the first name. Press 1 to 3."


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
    more = next_step_row(MorePoints(Decimal(20), rupees(100)), WORDING).sentence
    assert more.full == "20 more coins unlock ₹100 off"
    single = next_step_row(MorePoints(Decimal(1), rupees(100)), WORDING).sentence
    assert single.full == "1 more coin unlocks ₹100 off"
    bill = refusal_rows(NeedsBill(rupees(500), rupees(140)), WORDING)[0].sentence
    assert bill == Sentence("Needs a bill of ₹500 or more. ₹140 to go", "₹140 to go")


@pytest.mark.parametrize(
    ("conversion", "scale", "words"),
    [
        (Conversion(Decimal(1), 100), 0, "1 coin is ₹1.00"),
        (Conversion(Decimal(100), 100), 0, "1 coin is ₹0.01"),
        (Conversion(Decimal(100), 1000, whole_blocks=True), 0, "100 coins are ₹10.00"),
        (Conversion(Decimal(3), 100), 0, "3 coins are ₹1.00"),
        (Conversion(Decimal(1), 25), 2, "1 coin is ₹0.25"),
    ],
)
def test_what_a_point_is_worth(conversion: Conversion, scale: int, words: str) -> None:
    program = replace(sample.PROGRAM, point_scale=scale, redemption=Redemption(conversion))
    assert point_value(program, WORDING) == words


@pytest.mark.parametrize(
    ("kind", "words", "key"),
    [
        (NoticeKind.SCAN_NOT_USED, "Scan not used: finish this sale first", "Esc"),
        (NoticeKind.ALREADY_HERE, "Already here", ""),
        (NoticeKind.SWITCH_OFFERED, "Ravi K. scanned. Switch?", "F3"),
        (NoticeKind.SWITCHED, "Member is now Ravi K.", "F9"),
        (NoticeKind.BACK_ONLINE, "Online again. 3 sales are being posted", ""),
        (NoticeKind.NOT_A_LOYALTY_CODE, "This is not a loyalty code", "Esc"),
    ],
)
def test_toasts(kind: NoticeKind, words: str, key: str) -> None:
    toast = notice_words(Notice(1, kind, "Ravi K.", 3), WORDING)
    assert (str(toast.sentence), toast.key) == (words, key)


def _stuck(state: EffectState, kind: EffectKind, answer: str, attempts: int) -> UnsentSale:
    sale = replace(
        sample.TODAY.last_sales[0].sale, at=sample.at(13, 47), paid=rupees(1860), display_name="Meera K."
    )
    effect = Effect(
        key="01935f1c-7a40-capture-1",
        kind=kind,
        sale_id=sale.sale_id,
        member_id="m-7",
        points=Decimal(120),
        bill=rupees(1980),
        discount=rupees(120),
        paid=rupees(1860),
        at=sale.at,
        program_version="7",
    )
    tried, following = sample.at(14, 31, 8), sample.NOW + timedelta(seconds=40)
    return UnsentSale(sale, (EffectRow(1, effect, state, attempts, following, tried, answer, None),))


def test_a_sale_that_needs_attention() -> None:
    unsent = _stuck(EffectState.NEEDS_ATTENTION, EffectKind.CAPTURE, "looked up often, never answered", 5)
    row = queue_row(unsent, WORDING, sample.at(14, 32))
    assert (str(row.state), str(row.when), row.amount) == (
        "Needs attention",
        "13:47, 45 min old",
        "₹1,860.00",
    )
    assert (str(row.member), str(row.answer), str(row.tries)) == ("Meera K.", "No answer came", "5 tries")
    assert str(row.happened).startswith("Use 120 coins: sent, but no answer.")
    assert str(row.happened).endswith("Nothing is lost; sending again is safe, it carries the same key.")
    assert (str(row.key), str(row.last_try)) == ("Key 01935f1c-7a40-capture-1", "Last try 14:31:08")
    assert row.needs_person


def test_a_refused_sale_says_why() -> None:
    unsent = _stuck(EffectState.NEEDS_ATTENTION, EffectKind.CAPTURE, "balance_too_low", 1)
    row = queue_row(unsent, WORDING, sample.at(14, 32))
    assert (str(row.answer), str(row.tries)) == ("The balance is too low for it", "1 try")
    assert "sending again is safe" not in str(row.happened)


def test_a_waiting_sale() -> None:
    row = queue_row(_stuck(EffectState.WAITING, EffectKind.SALE, "try later", 3), WORDING, sample.NOW)
    assert (str(row.state), str(row.answer), str(row.tries)) == ("Waiting", "Next try in 40 s", "3 tries")
    assert not row.needs_person


def test_a_sale_half_posted() -> None:
    unsent = _stuck(EffectState.SENDING, EffectKind.SALE, "", 1)
    parts = [replace(unsent.effects[0], state=EffectState.POSTED)] * 2
    half = replace(
        unsent, effects=(*parts, unsent.effects[0]), sale=replace(unsent.sale, at=sample.NOW, display_name="")
    )
    row = queue_row(half, WORDING, sample.NOW)
    assert (str(row.state), str(row.when), str(row.answer)) == (
        "Sending",
        "14:32, now",
        "2 of 3 parts posted",
    )
    assert str(row.member) == "No member"


def test_the_queue_around_its_rows() -> None:
    words = queue_words(QueueCounts(3, 1), WORDING)
    assert (str(words.all), str(words.needs_attention), str(words.waiting)) == (
        "All 4",
        "Needs attention 1",
        "Waiting 3",
    )
    assert str(words.note) == "Sales post by themselves, oldest first. You can go on selling."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (2700, "45 min"),
        (3 * 3600, "3 h"),
        (86400, "1 day"),
        (2 * 86400, "2 days"),
        (-5, "0 s"),
    ],
)
def test_ages(seconds: int, words: str) -> None:
    assert WORDING.age(seconds) == words


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
    coffee = replace(sample.PROGRAM.rewards[0], minimum_bill=300000)
    program = replace(sample.PROGRAM, rewards=(coffee,))
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
    free = replace(sample.PROGRAM, redemption=Redemption(Conversion(Decimal(1), 100)))
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


def test_a_due_sale_is_sent_next_and_a_late_one_says_how_late() -> None:
    unsent = _stuck(EffectState.WAITING, EffectKind.SALE, "try later", 3)
    assert str(queue_row(unsent, WORDING, sample.NOW + timedelta(seconds=41)).answer) == "Sent next"
    assert str(queue_row(unsent, WORDING, sample.NOW - timedelta(seconds=200)).answer) == "Next try in 4 min"
