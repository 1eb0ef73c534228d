"""Enrolments, links and merges are delivered like sales: once, in order, and never silently given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from cashier_app.domain.enrolment import EnrolmentAnswer, EnrolmentField, EnrolmentRefused, NewMember
from cashier_app.domain.outcome import NotApplied, RefusedBecause
from cashier_app.domain.sale import Effect, EffectKind, EffectState, ReturnReason, effect_key
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import Idempotency
from cashier_app.services.deadlines import TOO_LATE
from cashier_app.services.member_effects import CANNOT_BE_TAKEN, PERSON_LOST, MemberEffects
from tests.fakes.backend import Fault
from tests.fakes.effects import effect, sale, sale_id
from tests.fakes.post import Post

PHONE = "+919845077777"
PRIYAS_PHONE = "+919845012210"
ENROL, LINK, MERGE, SALE = EffectKind.ENROL, EffectKind.LINK, EffectKind.MERGE, EffectKind.SALE


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    made = Post(tmp_path)
    yield made
    made.close()


def enrol(post: Post, count: int = 90, phone: str = PHONE) -> str:
    now = post.clock.now()
    new = NewMember(key=sale_id(count), at=now, phone=phone, name="Asha Verma", agrees_to_terms=True)
    bare = replace(effect(ENROL, count, member_id="", at=now), points=Decimal(0))
    made = replace(bare, identified_by=f"phone:{phone}", new_member=new)
    assert post.journal.queue_act(sale_id(count), [made], "enrolment")
    return made.key


def sell_unseen(post: Post, count: int, phone: str = PHONE) -> str:
    told = replace(effect(SALE, count, member_id="", at=post.clock.now()), identified_by=f"phone:{phone}")
    post.journal.commit_sale(replace(sale(count), member_id=""), [told])
    return told.key


def sell_to_nobody(post: Post, count: int = 1) -> str:
    told = replace(effect(SALE, count, member_id="", at=post.clock.now()), points=Decimal(0))
    post.journal.commit_sale(sale(count, member_id=""), [told])
    return told.key


def link(post: Post, count: int = 1, **whose: str) -> str:
    bare = effect(LINK, count, member_id=whose.get("member_id", ""), at=post.clock.now())
    made = replace(bare, points=Decimal(21), identified_by=whose.get("identified_by", ""))
    assert post.journal.queue_act(sale_id(count), [made], "claim")
    return made.key


def merge(post: Post, count: int = 91) -> str:
    made = replace(effect(MERGE, count, at=post.clock.now()), other_member_id="m-2", points=Decimal(0))
    assert post.journal.queue_act(sale_id(count), [made], "merge")
    return made.key


# Enrolments.
def test_a_new_member_is_made_once_and_served_by_the_id_they_got(post: Post) -> None:
    key, told = enrol(post), sell_unseen(post, 1)
    post.drain()
    row = post.row(key)
    assert row.state is EffectState.POSTED
    assert row.booked is not None
    member_id = row.booked.reference
    assert post.backend.members[member_id].balance == 21
    assert post.row(told).effect.member_id == member_id
    assert post.backend.sent == [key, told]
    assert list(post.backend.joined) == [sale_id(90)]


def test_somebody_who_was_a_member_before_is_found_and_nobody_is_made(post: Post) -> None:
    key, told = enrol(post, phone=PRIYAS_PHONE), sell_unseen(post, 1, PRIYAS_PHONE)
    post.drain()
    booked = post.row(key).booked
    assert booked is not None
    assert (booked.reference, booked.balance) == ("m-1", Decimal(1240))
    assert post.row(told).state is EffectState.POSTED
    assert post.backend.joined == {}
    assert post.backend.members["m-1"].balance == 1261


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.NOT_REACHED, Fault.BUSY])
@pytest.mark.parametrize("keyless", [False, True], ids=["keys", "no keys"])
def test_an_enrolment_in_doubt_is_asked_for_again_never_looked_up(
    post: Post, fault: Fault, *, keyless: bool
) -> None:
    if keyless:
        lag, keys = timedelta(seconds=20), Idempotency.READ_BACK
        can = replace(post.backend.can, idempotency=keys, key_life=timedelta(0), search_lag=lag)
        post.backend.can = can
    post.backend.look_up_answers.append(NotApplied())
    post.backend.faults.append(fault)
    key = enrol(post)
    post.drain()
    assert post.row(key).state is EffectState.POSTED
    assert len(post.backend.joined) == 1
    assert post.backend.sent == [key, key]
    assert post.backend.look_up_answers, "nobody looked it up"


def test_a_search_that_lags_is_given_time_before_somebody_is_asked_for_again(post: Post) -> None:
    post.backend.can = replace(post.backend.can, search_lag=timedelta(minutes=30))
    post.backend.faults.append(Fault.ANSWER_LOST)
    key = enrol(post)
    post.drain(rounds=6)
    assert post.backend.sent == [key]
    assert post.row(key).state is EffectState.UNKNOWN
    post.clock.advance(1800)
    post.drain()
    assert post.backend.sent == [key, key]


def test_a_refused_enrolment_waits_for_a_person_and_sales_behind_it_are_not_lost(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_new: NewMember) -> EnrolmentAnswer:
        return EnrolmentRefused(EnrolmentField.PHONE, "Not a phone.")

    monkeypatch.setattr(post.backend, "enrol", refuses)
    key, told = enrol(post), sell_unseen(post, 1)
    post.drain()
    assert (post.row(key).state, post.row(key).last_answer) == (EffectState.NEEDS_ATTENTION, "invalid")
    assert post.row(key).effect.new_member is not None, "whoever looks at it sees whom it is about"
    assert post.row(told).state is EffectState.NEEDS_ATTENTION
    assert post.journal.counts().needs_attention == 2
    monkeypatch.undo()
    post.delivery.look_up(key)
    assert post.row(key).state is EffectState.POSTED
    post.delivery.look_up(told)
    assert post.row(told).state is EffectState.POSTED


def test_a_person_asks_again_only_once_a_search_would_find_them(post: Post) -> None:
    post.backend.can = replace(post.backend.can, search_lag=timedelta(minutes=30))
    post.backend.faults.append(Fault.ANSWER_LOST)
    key = enrol(post)
    post.drain(rounds=1)
    post.journal.move(key, EffectState.NEEDS_ATTENTION, answer="", at=post.clock.now())
    post.delivery.look_up(key)
    assert post.backend.sent == [key]
    post.clock.advance(3600)
    post.delivery.look_up(key)
    assert post.row(key).state is EffectState.POSTED
    assert len(post.backend.joined) == 1


# Links.
@pytest.mark.parametrize("whose", [{"member_id": "m-1"}, {"identified_by": f"phone:{PRIYAS_PHONE}"}])
def test_a_link_goes_behind_the_sale_it_is_about(post: Post, whose: dict[str, str]) -> None:
    told, key = sell_to_nobody(post), link(post, **whose)
    post.drain()
    assert post.states() == [EffectState.POSTED, EffectState.POSTED]
    assert post.backend.order == [told, key]
    assert post.backend.members["m-1"].balance == 1261


def test_a_link_holds_up_none_of_its_members_sales(post: Post) -> None:
    key = link(post, 1, member_id="m-1")
    post.journal.commit_sale(sale(2), [effect(SALE, 2)])
    post.drain(rounds=5)
    assert post.row(effect_key(sale_id(2), SALE)).state is EffectState.POSTED
    assert (post.row(key).state, post.row(key).last_answer) == (EffectState.WAITING, "unknown_sale")
    post.backend.apply(replace(effect(SALE, 1, member_id=""), points=Decimal(0)))
    post.drain()
    assert post.row(key).state is EffectState.POSTED


def test_a_sale_nobody_ever_told_of_is_handed_to_a_person_after_a_day(post: Post) -> None:
    key = link(post, 1, member_id="m-1")
    post.drain(rounds=3)
    post.clock.advance(24 * 3600)
    post.drain()
    assert (post.row(key).state, post.row(key).last_answer) == (EffectState.NEEDS_ATTENTION, "unknown_sale")


def test_a_sale_that_is_somebodys_is_linked_to_nobody_else(post: Post) -> None:
    sell_to_nobody(post)
    post.drain()
    post.backend.owners[sale_id(1)] = "m-2"
    key = link(post, member_id="m-1")
    post.drain()
    assert (post.row(key).state, post.row(key).last_answer) == (
        EffectState.NEEDS_ATTENTION,
        RefusedBecause.ALREADY_LINKED.value,
    )
    assert post.backend.members["m-1"].balance == 1240


def test_sales_to_nobody_wait_for_none_but_themselves(post: Post) -> None:
    keys = [sell_to_nobody(post, count) for count in (1, 2, 3)]
    assert [row.effect.key for row in post.delivery.take()] == keys


# Merges, and what cannot be asked.
def test_a_merge_is_asked_for_once(post: Post) -> None:
    post.backend.faults.append(Fault.ANSWER_LOST)
    key = merge(post)
    post.drain()
    assert post.row(key).state is EffectState.POSTED
    assert post.backend.merged == [("m-1", "m-2")]


@pytest.mark.parametrize(
    ("make", "without"),
    [(merge, {"merges": False}), (link, {"links_sales": False}), (enrol, {"enrolling": None})],
)
def test_what_a_backend_cannot_take_is_on_the_managers_list(post: Post, make, without) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    post.backend.can = replace(post.backend.can, **without)
    key = make(post)
    post.drain()
    assert post.backend.sent == []
    assert (post.row(key).state, post.row(key).last_answer) == (EffectState.NEEDS_ATTENTION, CANNOT_BE_TAKEN)
    post.delivery.look_up(key)
    assert post.row(key).state is EffectState.NEEDS_ATTENTION
    assert post.journal.settle_by_hand(
        Settlement(key, Truth.TOOK_HOLD, "Meera", "done there by hand", post.clock.now())
    )
    assert post.journal.counts().needs_attention == 0
    assert post.journal.figures_apart() == []


def test_whoever_cannot_be_read_any_more_is_never_sent_as_nobody(post: Post) -> None:
    key = sell_unseen(post, 1)
    (row,) = post.rows()
    lost: EffectRow = replace(row, effect=replace(row.effect, identified_by=""), lost_person=True)
    post.delivery.deliver(lost)
    assert (post.row(key).state, post.row(key).last_answer) == (EffectState.NEEDS_ATTENTION, PERSON_LOST)
    assert post.backend.sent == []
    bare: Effect = effect(ENROL, 5, member_id="")
    assert MemberEffects(post.backend).hindrance(replace(row, effect=bare)) == PERSON_LOST


# Deadlines.
def undo(post: Post, reason: ReturnReason) -> str:
    back = replace(effect(EffectKind.CLAW_BACK, 1, at=post.clock.now()), points=Decimal(21), reason=reason)
    assert post.journal.queue_refund([replace(back, original_key=effect_key(sale_id(1), SALE))])
    return back.key


@pytest.mark.parametrize("reason", [ReturnReason.VOID, ReturnReason.MOVED])
def test_a_reversal_that_is_a_day_late_waits_for_a_person_who_sends_it(
    post: Post, reason: ReturnReason
) -> None:
    post.journal.commit_sale(sale(1), [effect(SALE, 1)])
    key = undo(post, reason)
    post.backend.silent = True
    post.drain(rounds=3)
    post.clock.advance(24 * 3600 - 1000)
    post.drain(rounds=2)
    assert post.row(key).state is EffectState.WAITING
    post.clock.advance(1200)
    post.drain(rounds=3)
    assert (post.row(key).state, post.row(key).last_answer) == (EffectState.NEEDS_ATTENTION, TOO_LATE)
    post.backend.silent = False
    post.delivery.look_up(key)
    assert post.backend.order == [effect_key(sale_id(1), SALE), key], "the sale first, then what undoes it"
    assert post.states() == [EffectState.POSTED, EffectState.POSTED]


def test_goods_that_came_back_may_be_late(post: Post) -> None:
    post.journal.commit_sale(sale(1), [effect(SALE, 1)])
    key = undo(post, ReturnReason.RETURN)
    post.backend.silent = True
    post.clock.advance(72 * 3600)
    post.drain(rounds=3)
    assert post.row(key).state is EffectState.WAITING


def test_a_reversal_in_time_is_left_alone_while_it_is_under_way(post: Post) -> None:
    post.journal.commit_sale(sale(1), [effect(SALE, 1)])
    post.drain()
    key = undo(post, ReturnReason.VOID)
    taken = post.delivery.take()
    post.clock.advance(25 * 3600)
    post.delivery.take(taken)
    assert post.row(key).state is EffectState.WAITING
    post.delivery.deliver(taken[0])
    assert post.row(key).state is EffectState.POSTED
