"""The queue and the header, word for word."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.outcome import RefusedBecause
from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.journal import EffectRow, QueueCounts, SettledEffect, UnsentSale
from cashier_app.services.deadlines import TOO_LATE
from cashier_app.services.member_effects import CANNOT_BE_TAKEN, PERSON_LOST
from cashier_app.wording import Sentence, Tone
from cashier_app.wording.queue import queue_row, queue_words, settled_row
from cashier_app.wording.queue_effects import done_by_hand
from cashier_app.wording.status import connection_banner, queue_badge, training_banner
from tests.fakes.shop import rupees
from tests.ui import sample_views as sample
from tests.unit.wording_shown import WORDING


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
    (effect,) = row.effects
    assert (str(effect.what), str(effect.state), str(effect.tries)) == (
        "Use 120 coins",
        "Needs attention",
        "5 tries",
    )
    assert (str(effect.key), str(effect.answer)) == (
        "Key 01935f1c-7a40-capture-1",
        "No answer came, 14:31:08",
    )
    assert effect.following is None
    assert row.needs_person


def test_a_refused_sale_says_why() -> None:
    unsent = _stuck(EffectState.NEEDS_ATTENTION, EffectKind.CAPTURE, "balance_too_low", 1)
    row = queue_row(unsent, WORDING, sample.at(14, 32))
    assert (str(row.answer), str(row.tries)) == ("The balance is too low for it", "1 try")
    assert "sending again is safe" not in str(row.happened)


def test_what_was_refused_to_somebody_blocked_may_be_sent_again_later() -> None:
    row = queue_row(
        _stuck(EffectState.NEEDS_ATTENTION, EffectKind.SALE, "member_blocked", 1), WORDING, sample.at(14, 32)
    )
    assert str(row.happened).endswith(
        "refused. The member is blocked. It was not booked. "
        "Send it again once a manager has unblocked them; else settle it by hand."
    )


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


def test_a_due_sale_is_sent_next_and_a_late_one_says_how_late() -> None:
    unsent = _stuck(EffectState.WAITING, EffectKind.SALE, "try later", 3)
    assert str(queue_row(unsent, WORDING, sample.NOW + timedelta(seconds=41)).answer) == "Sent next"
    assert str(queue_row(unsent, WORDING, sample.NOW - timedelta(seconds=200)).answer) == "Next try in 4 min"


# What is done around the sales.
def _act(kind: EffectKind, answer: str, **more: object) -> UnsentSale:
    stuck = _stuck(EffectState.NEEDS_ATTENTION, kind, answer, 1)
    nothing = replace(stuck.sale, number="", display_name="", paid=rupees(0))
    (row,) = stuck.effects
    return UnsentSale(nothing, (replace(row, effect=replace(row.effect, points=Decimal(0), **more)),), "act")


def test_a_merge_nobody_can_be_asked_for_says_which_records() -> None:
    row = queue_row(_act(EffectKind.MERGE, CANNOT_BE_TAKEN, other_member_id="m-9"), WORDING, sample.NOW)
    assert (row.number, row.amount) == ("", "")
    assert (str(row.member), str(row.answer)) == (
        "Ask to join two records",
        "To be done there by hand",
    )
    assert str(row.happened) == (
        "Ask to join two records: m-9 into m-7. The loyalty system cannot be asked for it; "
        "join them there by hand, then settle it here."
    )
    assert row.needs_person


def test_a_refused_enrolment_says_who_and_why_and_never_a_number() -> None:
    new = NewMember(key="k", at=sample.NOW, phone="+919845012210", name="Asha Verma")
    unsent = _act(EffectKind.ENROL, RefusedBecause.INVALID.value, new_member=new)
    row = queue_row(unsent, WORDING, sample.NOW)
    assert (str(row.member), row.amount) == ("Asha V.", "New member")
    assert str(row.answer) == "The loyalty system does not take them with these particulars"
    assert str(row.happened) == (
        "New member: refused. The loyalty system does not take them with these particulars. "
        "It was not booked; settle it by hand."
    )
    assert "98450" not in f"{row}"
    nameless = _act(EffectKind.ENROL, PERSON_LOST)
    words = queue_row(nameless, WORDING, sample.NOW)
    assert (str(words.member), words.amount) == ("New member", "")


@pytest.mark.parametrize(
    ("kind", "answer", "said", "happened"),
    [
        (
            EffectKind.LINK,
            CANNOT_BE_TAKEN,
            "To be done there by hand",
            (
                "Give the sale to the member: the loyalty system cannot be asked for it. "
                "Do it there by hand, then settle it here."
            ),
        ),
        (
            EffectKind.ENROL,
            PERSON_LOST,
            "Whom it is for cannot be read any more",
            (
                "New member: whom it is for cannot be read any more, so it is never sent. "
                "Do it by hand if somebody asks, then settle it here."
            ),
        ),
        (
            EffectKind.CLAW_BACK,
            TOO_LATE,
            "Not posted within 24 hours",
            "Take back 0 coins: not posted within 24 hours. Look it up; what is not there is sent again.",
        ),
    ],
)
def test_what_is_never_sent_by_itself_says_what_a_person_does(
    kind: EffectKind, answer: str, said: str, happened: str
) -> None:
    row = queue_row(_act(kind, answer), WORDING, sample.NOW)
    assert (str(row.answer), str(row.happened)) == (said, happened)
    waits = replace(_act(kind, answer).effects[0], state=EffectState.WAITING)
    assert done_by_hand(waits, "", WORDING) is None


def test_what_was_settled_of_an_act_is_named_too() -> None:
    unsent = _act(EffectKind.MERGE, CANNOT_BE_TAKEN, other_member_id="m-9")
    word = Settlement(unsent.effects[0].effect.key, Truth.TOOK_HOLD, "Meera", "joined there", sample.NOW)
    row = settled_row(SettledEffect(word, unsent.sale, unsent.effects[0]), WORDING, sample.NOW)
    assert (row.number, row.amount, str(row.member)) == ("", "", "Ask to join two records")
