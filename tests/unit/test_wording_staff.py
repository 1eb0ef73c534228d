"""People and PINs in words: initials of any script, waits, and that every state has something to say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from cashier_app.domain.money import Money
from cashier_app.domain.staff import Right, Role, StaffMember
from cashier_app.ports.staff import PinVerifier, StaffRecord
from cashier_app.services.approval import ApprovalAsked, Matter, Reason
from cashier_app.services.desk_view import DeskStage, DeskView, PinPrompt, Question, Trouble
from cashier_app.services.staff_ids import staff_id_for
from cashier_app.wording import Wording, staff_page
from cashier_app.wording.approvals import (
    ApprovalPage,
    approval_words,
    finish_payment_first,
    nobody_may,
    reason_words,
)
from cashier_app.wording.sentences import Row
from cashier_app.wording.staff import (
    cashier_badge,
    desk_note,
    initials,
    lock_words,
    pages_names,
    person_words,
    role_name,
)
from tests.fakes.shop import RUPEE
from tests.fakes.staff import ASHA, MEERA, SCRIPTS, STAFF, many
from tests.unit.test_wording_complete import BRACKETED, ICONS, texts, untranslated
from tests.unit.wording_shown import WORDING

PIN = PinVerifier(bytes(16), bytes(32), 8, 1, 1, "pepper")


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


def everything(wording: Wording) -> Iterator[object]:
    """Yield all that is said of staff, lock and approvals."""
    yield lock_words(DeskView(DeskStage.STARTING), wording)
    yield lock_words(DeskView(DeskStage.STARTING, sentence="X"), wording)
    for question in (Question.SIGN_IN, Question.SWITCH):
        for chosen in (None, ASHA):
            for trouble in (None, *Trouble):
                prompt = PinPrompt(
                    question,
                    STAFF,
                    chosen,
                    trouble=trouble,
                    wait_seconds=30,
                    by_badge=trouble is None,
                    busy=trouble is Trouble.FAILED,
                    can_cancel=question is Question.SWITCH,
                )
                yield lock_words(DeskView(DeskStage.LOCKED, ASHA, prompt), wording, sale_behind=True)
    for matter in Matter:
        for chosen, reason in ((None, None), (ASHA, None), (ASHA, Reason.GOODWILL)):
            asked = ApprovalAsked(Right.APPROVE, matter, reasons=tuple(Reason))
            prompt = PinPrompt(Question.APPROVAL, STAFF, chosen, asked=asked, reason=reason)
            yield approval_words(DeskView(DeskStage.OPEN, ASHA, prompt), wording)
    for member in STAFF:
        yield cashier_badge(member, wording)
        for record in (
            StaffRecord(member),
            StaffRecord(replace(member, active=False)),
            StaffRecord(member, PIN, bytes(32), 3),
            StaffRecord(member, PIN, None, 10, locked=True),
        ):
            yield staff_page.record_words(record, wording)
            yield staff_page.about_person(record, wording)
    for again in (False, True):
        yield staff_page.pin_title("Asha", again=again, wording=wording)
    yield staff_page.staff_words(wording)
    yield staff_page.nobody_yet(wording)
    yield (
        staff_page.switched_off(wording),
        staff_page.reading_staff(wording),
        staff_page.busy_saving(wording),
    )
    yield (staff_page.pins_differ(wording), staff_page.pin_hint(6, wording), staff_page.name_wanted(wording))
    yield (staff_page.pin_too_short(6, wording), staff_page.scan_not_used_staff(wording))
    for what in ("added", "pin", "reset", "left", "back"):
        yield staff_page.was_done("Asha", what, wording)
    yield (nobody_may(wording), finish_payment_first(wording), *pages_names(wording))
    yield tuple(staff_page.role_about(role, wording) for role in Role)


NAMES = re.compile("Asha|Vikram Rao|Meera|X")


def test_nothing_escapes_translation() -> None:
    seen = 0
    for said in everything(BRACKETED):
        for field, text in texts(said):
            if field not in {"name", "initials", "subject", "key", "icon"}:
                assert not untranslated(NAMES.sub("", text)), (field, text)
                seen += 1
    assert seen > 500


def test_no_sentence_has_an_open_place_and_every_icon_is_ours() -> None:
    for said in everything(WORDING):
        for field, text in texts(said):
            assert "{" not in text, (field, text)
            assert text == text.strip(), (field, text)
        for row in rows_of(said):
            assert (ICONS / f"{row.icon}.svg").exists(), row
            assert len(row.sentence.short) <= len(row.sentence.full)


def rows_of(said: object) -> Iterator[Row]:
    """Yield every row with an icon."""
    if isinstance(said, Row):
        yield said
    elif isinstance(said, tuple):
        for part in said:
            yield from rows_of(part)
    elif isinstance(said, Struct):
        for part in fields(said):
            yield from rows_of(getattr(said, part.name))


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
