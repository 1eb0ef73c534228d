"""The sentences of the till, word for word, with the sums of the specification's pictures."""
# ruff: noqa: RUF001 - the true minus is part of the sentence

from decimal import Decimal

from msgspec.structs import replace

from cashier_app.domain.member import Way
from cashier_app.ports.journal import QueueCounts
from cashier_app.services.till_view import Choosing, LookingUp, NotFound, Posting, Step
from cashier_app.wording import Sentence, Tone
from cashier_app.wording.buttons import escape_label, key_list, primary_label, scan_field
from cashier_app.wording.pay_panel import Fill, bill_label, pay_panel, spoken_bill
from cashier_app.wording.people import choosing_card
from cashier_app.wording.problems import idle_card, looking_up_card, problem_card
from cashier_app.wording.reward_panel import reward_panel
from cashier_app.wording.today import last_sale, today_panel
from tests.ui import sample_views as sample
from tests.unit.wording_shown import WORDING, card, lines, lower


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
        ("17", "paid with coins"),
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


def test_a_sale_that_needs_a_person_promises_no_points() -> None:
    pay = pay_panel(sample.done_stuck(), WORDING)
    paid = pay_panel(sample.done_offline(), WORDING)
    assert str(pay.title) == "Done, needs attention"
    assert pay.hero == str(paid.context).removeprefix("Paid ")
    assert str(pay.context) == "Paid"


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
