"""People and PINs in words: initials of any script, waits, and that every state has something to say."""

from __future__ import annotations

import pytest

from cashier_app.domain.money import Money
from cashier_app.domain.staff import Right, Role, StaffMember
from cashier_app.services.approval import ApprovalAsked, Matter, Reason
from cashier_app.services.desk_view import DeskStage, DeskView, PinPrompt, Question, Trouble
from cashier_app.services.staff_ids import staff_id_for
from cashier_app.wording.approvals import ApprovalPage, approval_words, reason_words
from cashier_app.wording.staff import cashier_badge, desk_note, initials, lock_words, person_words, role_name
from tests.fakes.shop import RUPEE
from tests.fakes.staff import ASHA, MEERA, SCRIPTS, STAFF, many
from tests.unit.wording_shown import WORDING


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Asha", "A"),
        ("Vikram Rao", "VR"),
        ("ana maria souza", "AS"),
        ("Дарья Кузнецова", "ДК"),
        ("Ωμέγα", "Ω"),
        ("श्रीमती अनुराधा", ""),
        ("عمر بن عبد العزيز", ""),
        ("李小明", ""),
        ("  ", ""),
        ("4711", ""),
        ("Asha 李", ""),
    ],
)
def test_initials_only_where_a_script_has_capitals(name: str, shown: str) -> None:
    assert initials(name) == shown


@pytest.mark.parametrize("person", SCRIPTS)
def test_a_person_always_has_a_mark(person: StaffMember) -> None:
    words = person_words(person, WORDING)
    assert bool(words.icon) != bool(words.initials)
    assert words.name in words.spoken


def test_hostile_names_stay_plain() -> None:
    words = person_words(StaffMember("x", "<b>A\u202esha</b>\n\x00", Role.CASHIER), WORDING)
    assert words.name == "<b>Asha</b>"


def test_only_more_than_a_cashier_is_said_in_the_header() -> None:
    assert cashier_badge(ASHA, WORDING).sentence.full == "Asha"
    assert cashier_badge(MEERA, WORDING).sentence.full == "Meera, manager"


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_name(role: Role) -> None:
    assert role_name(role, WORDING)


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("chosen", [None, ASHA])
def test_every_trouble_says_something(trouble: Trouble, chosen: StaffMember | None) -> None:
    prompt = PinPrompt(
        Question.SIGN_IN, STAFF, chosen, trouble=trouble, wait_seconds=30, sentence="The disk is full."
    )
    row = desk_note(DeskView(DeskStage.LOCKED, prompt=prompt), WORDING)
    assert row is not None
    assert row.sentence.full


@pytest.mark.parametrize(("seconds", "said"), [(1, "1 s"), (120, "120 s"), (121, "3 min"), (3600, "60 min")])
def test_a_wait_is_never_said_too_short(seconds: int, said: str) -> None:
    prompt = PinPrompt(Question.SIGN_IN, STAFF, ASHA, trouble=Trouble.WAIT, wait_seconds=seconds)
    row = desk_note(DeskView(DeskStage.LOCKED, prompt=prompt), WORDING)
    assert row is not None
    assert row.sentence.full == f"Too many wrong PINs. Wait {said}."


def test_who_was_there_last_is_marked() -> None:
    prompt = PinPrompt(Question.SIGN_IN, STAFF)
    words = lock_words(DeskView(DeskStage.LOCKED, MEERA, prompt), WORDING)
    assert words.marked == 2
    assert words.can_confirm
    assert not lock_words(DeskView(DeskStage.LOCKED, None, prompt), WORDING).can_confirm


@pytest.mark.parametrize("typed", [0, 5, 6, 12])
def test_enter_waits_for_enough_digits(typed: int) -> None:
    prompt = PinPrompt(Question.SIGN_IN, STAFF, ASHA, typed=typed)
    words = lock_words(DeskView(DeskStage.LOCKED, None, prompt), WORDING)
    assert words.can_confirm is (typed >= 6)
    assert words.digits == (typed, max(typed, 6))


@pytest.mark.parametrize("matter", Matter)
def test_every_matter_is_a_question(matter: Matter) -> None:
    asked = ApprovalAsked(Right.APPROVE, matter, amount=Money(200_00, RUPEE), limit=Money(150_00, RUPEE))
    prompt = PinPrompt(Question.APPROVAL, STAFF, asked=asked, can_cancel=True)
    words = approval_words(DeskView(DeskStage.OPEN, ASHA, prompt), WORDING)
    assert words.title.full.endswith("?")
    assert [value.full for _, value in words.lines] == ["₹200.00", "₹150.00"]


def test_one_thing_after_the_other_is_asked() -> None:
    asked = ApprovalAsked(Right.APPROVE, Matter.REFUND, reasons=(Reason.GOODWILL,))
    pages = [
        PinPrompt(Question.APPROVAL, STAFF, asked=asked),
        PinPrompt(Question.APPROVAL, STAFF, MEERA, asked=asked),
        PinPrompt(Question.APPROVAL, STAFF, MEERA, asked=asked, reason=Reason.GOODWILL),
    ]
    shown = [approval_words(DeskView(DeskStage.OPEN, ASHA, prompt), WORDING).page for prompt in pages]
    assert shown == [ApprovalPage.WHO, ApprovalPage.WHY, ApprovalPage.PIN]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason) -> None:
    assert reason_words(reason, WORDING)


def test_nothing_asked_has_no_words() -> None:
    with pytest.raises(ValueError, match="nothing is asked"):
        approval_words(DeskView(DeskStage.OPEN, ASHA), WORDING)


@pytest.mark.parametrize(
    ("name", "taken", "made"),
    [
        ("Meera Nair", (), "meera"),
        ("Meera Joshi", ("meera",), "meera2"),
        ("Meera", ("meera", "meera2"), "meera3"),
        ("José", (), "jose"),
        ("अनुराधा", (), "staff1"),
        ("李小明 x", ("staff1",), "staff2"),
        ("O'Brien", (), "o"),
        ("x" * 60, (), "x" * 24),
    ],
)
def test_ids_are_made_of_names(name: str, taken: tuple[str, ...], made: str) -> None:
    assert staff_id_for(name, taken) == made


def test_ids_never_repeat() -> None:
    taken: list[str] = []
    for person in many(30):
        taken.append(staff_id_for(person.name, taken))
    assert len(set(taken)) == 30
