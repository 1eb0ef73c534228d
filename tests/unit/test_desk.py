"""Who is at the till, intent by intent."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cashier_app.domain.money import Currency, Money
from cashier_app.domain.staff import Right, Role, StaffMember
from cashier_app.errors import KnownError
from cashier_app.services.approval import Approval, ApprovalAsked, Matter, Reason, signature
from cashier_app.services.desk import Desk
from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.desk_steps import BUG_SENTENCE
from cashier_app.services.desk_view import DeskStage, DeskView, PinPrompt, Question, Trouble
from tests.fakes.clock import FakeClock
from tests.fakes.runner import SteppedRunner
from tests.fakes.staff import ASHA, MEERA, STAFF, VIKRAM, FakeSignIn

INR = Currency("INR", 2)
ASKED = ApprovalAsked(
    Right.APPROVE,
    Matter.OFFLINE_POINTS,
    "sale-1",
    Money(15000, INR),
    Money(10000, INR),
    (Reason.MEMBER_KNOWN, Reason.GOODWILL),
)


class Bench:
    """A desk, whoever works there, and a till that may be engaged."""

    def __init__(self, settings: DeskSettings | None = None, *people: StaffMember) -> None:
        self.sign_in = FakeSignIn(*people)
        self.runner = SteppedRunner()
        self.clock = FakeClock()
        self.paying = False
        self.seen: list[DeskView] = []
        self.desk = Desk(
            settings or DeskSettings(), lambda: self.sign_in, self.runner, self.clock, lambda: self.paying
        )
        self.desk.subscribe(self.seen.append)

    def started(self) -> Bench:
        self.desk.start()
        self.runner.run_all()
        return self

    def enter(self, staff_id: str, pin: str = "") -> None:
        self.desk.choose(staff_id)
        for digit in pin or self.sign_in.pins[staff_id]:
            self.desk.type_digit(digit)
        self.desk.enter()
        self.runner.run_all()

    def pass_time(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            self.desk.tick()
            self.runner.run_all()

    @property
    def prompt(self) -> PinPrompt:
        prompt = self.desk.view.prompt
        assert prompt is not None
        return prompt


def signed_in(settings: DeskSettings | None = None) -> Bench:
    bench = Bench(settings).started()
    bench.enter("asha")
    assert bench.desk.view == DeskView(DeskStage.OPEN, ASHA)
    return bench


def test_nobody_sells_before_the_staff_were_read() -> None:
    bench = Bench()
    assert bench.seen == [DeskView(DeskStage.STARTING)]
    assert not bench.desk.view.may(Right.SELL)
    assert bench.desk.badge("A-MEMBER-CODE"), "a scan must not reach the till meanwhile"
    bench.started()
    assert bench.desk.view.stage is DeskStage.LOCKED
    assert bench.prompt == PinPrompt(Question.SIGN_IN, STAFF)
    assert not bench.desk.view.may(Right.SELL)


def test_where_nobody_works_nobody_signs_in() -> None:
    bench = Bench()
    bench.sign_in.staff = ()
    bench.started()
    assert bench.desk.view == DeskView(DeskStage.OFF)
    assert all(bench.desk.view.may(right) for right in Right)
    assert not bench.desk.asks_pin
    assert not bench.desk.badge("A-MEMBER-CODE")
    answers: list[Approval | None] = []
    bench.desk.ask(ASKED, answers.append)
    assert answers == [None]
    bench.sign_in.staff = STAFF  # a manager was added beside the running till
    bench.paying = True
    bench.pass_time(61)
    assert bench.desk.view.stage is DeskStage.OFF
    bench.paying = False
    bench.pass_time(61)
    assert bench.desk.view.stage is DeskStage.LOCKED


def test_staff_that_cannot_be_read_are_said_and_read_again() -> None:
    bench = Bench()
    bench.sign_in.error = KnownError("The disk reports an error.")
    bench.started()
    assert bench.desk.view == DeskView(DeskStage.STARTING, sentence="The disk reports an error.")
    bench.sign_in.error = None
    bench.pass_time(3)
    assert bench.desk.view.stage is DeskStage.LOCKED
    assert not bench.desk.view.sentence


def test_a_right_pin_opens_and_its_digits_are_in_no_snapshot() -> None:
    bench = Bench(None, replace(ASHA, staff_id="asha")).started()
    bench.sign_in.pins["asha"] = "938174625093"
    bench.enter("asha")
    assert bench.desk.view == DeskView(DeskStage.OPEN, ASHA)
    assert bench.desk.view.staff_id == "asha"
    assert bench.desk.view.may(Right.SELL)
    assert not bench.desk.view.may(Right.APPROVE)
    assert not any("93817462" in repr(view) for view in bench.seen)
    assert "93817462" not in repr(vars(bench.desk))


def test_digits_are_taken_one_by_one_and_given_back() -> None:
    bench = Bench().started()
    bench.desk.type_digit("1")
    assert bench.prompt.typed == 0, "whose PIN is it?"
    bench.desk.choose("asha")
    for text in ("1", "x", "٣", "12", "", "2"):
        bench.desk.type_digit(text)
    assert bench.prompt.typed == 2
    bench.desk.delete()
    assert bench.prompt.typed == 1
    bench.desk.delete()
    bench.desk.delete()
    assert bench.prompt.typed == 0
    for _ in range(20):
        bench.desk.type_digit("7")
    assert bench.prompt.typed == 12
    bench.desk.choose("vikram")
    assert (bench.prompt.typed, bench.prompt.chosen) == (0, VIKRAM)
    bench.desk.cancel()
    assert bench.prompt.chosen is None


def test_a_pin_that_is_too_short_is_no_try() -> None:
    bench = Bench(DeskSettings(pin_digits=4)).started()
    bench.enter("meera", "91605")
    assert bench.prompt.trouble is Trouble.TOO_SHORT
    assert bench.prompt.least == 6
    assert not [one for one in bench.sign_in.asked if one[0] == "signed in"]
    bench.desk.choose("asha")
    assert bench.prompt.least == 4


def test_wrong_is_wrong_and_nothing_more() -> None:
    bench = Bench().started()
    bench.enter("asha", "000001")
    assert bench.prompt == PinPrompt(Question.SIGN_IN, STAFF, ASHA, trouble=Trouble.NOT_RIGHT)
    bench.desk.type_digit("1")
    assert bench.prompt.trouble is None


def test_a_wait_is_counted_down() -> None:
    bench = Bench().started()
    bench.sign_in.waits["asha"] = 3
    bench.enter("asha")
    assert (bench.prompt.trouble, bench.prompt.wait_seconds) == (Trouble.WAIT, 3)
    bench.pass_time(2)
    assert bench.prompt.wait_seconds == 1
    bench.pass_time(1)
    assert (bench.prompt.trouble, bench.prompt.wait_seconds) == (None, 0)


def test_locked_out_is_said() -> None:
    bench = Bench().started()
    bench.sign_in.locked.add("asha")
    bench.enter("asha")
    assert bench.prompt.trouble is Trouble.LOCKED_OUT


def test_what_the_world_does_is_one_sentence_and_a_bug_is_another(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench().started()
    bench.sign_in.error = KnownError("The disk is full.")
    bench.enter("asha")
    assert (bench.prompt.trouble, bench.prompt.sentence) == (Trouble.FAILED, "The disk is full.")
    bench.sign_in.error = ValueError("a bug")
    with caplog.at_level("ERROR"):
        bench.enter("asha")
    assert bench.prompt.sentence == BUG_SENTENCE


def test_an_answer_that_comes_after_going_back_opens_nothing() -> None:
    bench = signed_in()
    bench.desk.switch()
    bench.desk.choose("meera")
    for digit in bench.sign_in.pins["meera"]:
        bench.desk.type_digit(digit)
    bench.desk.enter()
    assert bench.prompt.busy
    for intent in (bench.desk.enter, bench.desk.delete, lambda: bench.desk.type_digit("1")):
        intent()
    assert bench.prompt.busy
    bench.desk.cancel()
    bench.runner.run_all()
    assert bench.desk.view == DeskView(DeskStage.OPEN, ASHA)


def test_two_minutes_of_nothing_lock() -> None:
    bench = signed_in()
    bench.pass_time(119)
    bench.desk.touched()
    bench.pass_time(119)
    assert bench.desk.view.stage is DeskStage.OPEN
    bench.pass_time(1)
    assert bench.desk.view.stage is DeskStage.LOCKED
    assert bench.desk.view.on_duty == ASHA, "whose sale may stand behind it"
    assert bench.desk.view.staff_id == ""
    assert not bench.prompt.can_cancel
    bench.desk.cancel()
    assert bench.desk.view.stage is DeskStage.LOCKED


def test_never_while_a_customer_pays() -> None:
    bench = signed_in()
    bench.paying = True
    bench.pass_time(200)
    assert bench.desk.view == DeskView(DeskStage.OPEN, ASHA, lock_due=True)
    bench.desk.switch()
    assert bench.desk.view.prompt is None
    bench.paying = False
    bench.pass_time(1)
    assert bench.desk.view.stage is DeskStage.LOCKED


def test_a_refund_locks() -> None:
    bench = signed_in()
    bench.desk.refunded()
    assert bench.desk.view.stage is DeskStage.LOCKED
    bench.desk.refunded()
    assert bench.desk.view.stage is DeskStage.LOCKED


def test_a_managers_page_locks_after_five_minutes() -> None:
    bench = signed_in(DeskSettings(lock_after_seconds=30))
    bench.desk.show_manager_page(shown=True)
    bench.pass_time(299)
    assert bench.desk.view.stage is DeskStage.OPEN
    bench.pass_time(1)
    assert bench.desk.view.stage is DeskStage.LOCKED
    bench.enter("asha")
    bench.pass_time(30)
    assert bench.desk.view.stage is DeskStage.LOCKED, "the page is not on show any more"


def test_half_a_pin_is_not_left_for_the_next() -> None:
    bench = Bench().started()
    bench.desk.choose("asha")
    bench.desk.type_digit("5")
    bench.pass_time(120)
    assert (bench.prompt.chosen, bench.prompt.typed) == (None, 0)


def test_the_cashier_is_changed_without_the_till_standing_still() -> None:
    bench = signed_in()
    bench.desk.switch()
    bench.runner.run_all()
    assert (bench.prompt.question, bench.prompt.can_cancel) == (Question.SWITCH, True)
    assert bench.desk.view.may(Right.SELL)
    bench.enter("vikram")
    assert bench.desk.view == DeskView(DeskStage.OPEN, VIKRAM)
    assert ("switched", "vikram") in bench.sign_in.asked


def test_whoever_has_left_is_locked_out_and_a_new_role_holds_at_once() -> None:
    bench = signed_in()
    bench.sign_in.staff = (replace(ASHA, role=Role.SUPERVISOR), VIKRAM, MEERA)
    bench.pass_time(61)
    assert bench.desk.view.may(Right.APPROVE)
    bench.desk.touched()
    bench.sign_in.staff = (VIKRAM, MEERA)
    bench.pass_time(61)
    assert bench.desk.view.stage is DeskStage.LOCKED
    assert bench.prompt.people == (VIKRAM, MEERA)
    bench.sign_in.staff = ()
    bench.pass_time(61)
    assert bench.desk.view.stage is DeskStage.OFF


def test_an_approval_names_who_the_limit_and_the_reason() -> None:
    bench = signed_in()
    answers: list[Approval | None] = []
    bench.desk.ask(ASKED, answers.append)
    assert (bench.prompt.people, bench.prompt.chosen) == ((VIKRAM, MEERA), None)
    bench.desk.choose_reason(Reason.SYSTEM_DOWN)
    assert bench.prompt.reason is None, "not among the choices"
    bench.desk.choose_reason(Reason.GOODWILL)
    bench.enter("vikram")
    assert answers == [
        Approval("Vikram Rao (vikram)", "vikram", Reason.GOODWILL, Money(10000, INR)),
    ]
    assert bench.desk.view == DeskView(DeskStage.OPEN, ASHA), "she stays at the till"


def test_whoever_is_on_duty_types_their_pin_again() -> None:
    bench = Bench().started()
    bench.enter("meera")
    answers: list[Approval | None] = []
    bench.desk.ask(replace(ASKED, reasons=()), answers.append)
    assert bench.prompt.chosen == MEERA
    assert answers == []
    bench.desk.enter()
    assert bench.prompt.trouble is Trouble.TOO_SHORT
    bench.enter("meera")
    assert [one.staff_id for one in answers if one] == ["meera"]


@pytest.mark.parametrize("how", ["cancel", "lock", "idle", "another"])
def test_an_approval_is_answered_once_however_it_ends(how: str) -> None:
    bench = signed_in()
    answers: list[Approval | None] = []
    bench.desk.ask(ASKED, answers.append)
    match how:
        case "cancel":
            bench.desk.cancel()
        case "lock":
            bench.desk.lock()
        case "idle":
            bench.pass_time(120)
        case _:
            bench.desk.ask(ASKED, lambda _: None)
    assert answers == [None]


def test_an_approval_nobody_can_give_is_answered_at_once() -> None:
    bench = Bench(None, ASHA).started()
    bench.enter("asha")
    answers: list[Approval | None] = []
    bench.desk.ask(ASKED, answers.append)
    assert answers == [None]


def test_badges_choose_whose_pin_is_typed() -> None:
    bench = Bench(DeskSettings(badges=True)).started()
    bench.sign_in.badges["BADGE-0001"] = "asha"
    assert bench.prompt.by_badge
    assert bench.desk.badge("BADGE-0001")
    bench.runner.run_all()
    assert (bench.prompt.chosen, bench.desk.view.stage) == (ASHA, DeskStage.LOCKED)
    assert bench.desk.badge("BADGE-0009")
    bench.runner.run_all()
    assert bench.prompt.trouble is Trouble.NOT_RIGHT


def test_a_badge_alone_signs_in_where_the_shop_says_so() -> None:
    bench = Bench(DeskSettings(badges=True, badge_alone=True)).started()
    bench.sign_in.badges["BADGE-0001"] = "asha"
    bench.desk.badge("BADGE-0001")
    assert bench.desk.badge("BADGE-0002"), "one at a time"
    bench.runner.run_all()
    assert bench.desk.view == DeskView(DeskStage.OPEN, ASHA)
    assert not bench.desk.badge("A-MEMBER-CODE"), "scans are the till's again"


def test_a_badge_never_approves_by_itself() -> None:
    bench = signed_in(DeskSettings(badges=True, badge_alone=True))
    bench.sign_in.badges |= {"BADGE-0003": "meera", "BADGE-0001": "asha"}
    answers: list[Approval | None] = []
    bench.desk.ask(ASKED, answers.append)
    bench.desk.badge("BADGE-0003")
    bench.runner.run_all()
    assert (bench.prompt.chosen, answers) == (MEERA, [])
    bench.desk.badge("BADGE-0001")
    bench.runner.run_all()
    assert (bench.prompt.trouble, answers) == (Trouble.MAY_NOT, [])


def test_without_badges_a_scan_is_said_to_be_none() -> None:
    bench = Bench().started()
    assert bench.desk.badge("BADGE-0001")
    assert bench.prompt.trouble is Trouble.NO_BADGES


def test_the_demo_shop_opens_with_its_cashier() -> None:
    bench = Bench(DeskSettings(on_duty="vikram")).started()
    assert bench.desk.view == DeskView(DeskStage.OPEN, VIKRAM)


def test_a_signature_has_the_length_of_a_name() -> None:
    assert signature(ASHA) == "Asha (asha)"
    long = signature(StaffMember("a" * 32, "Maharajadhiraja " * 4, Role.CASHIER))
    assert len(long) <= 60
    assert long.endswith(f"({'a' * 32})")
