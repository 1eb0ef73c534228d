"""Holding, giving back and committing, with the world failing at each step."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.domain.bill import bill_of
from cashier_app.domain.choice import Choice, TakeMaximum, TakeNothing
from cashier_app.domain.identifier import PhoneNumber
from cashier_app.domain.member import Account, Member, Way
from cashier_app.domain.money import Money
from cashier_app.domain.outcome import (
    Applied,
    Booked,
    Outcome,
    Pending,
    Refused,
    RefusedBecause,
    RetryLater,
    SignInNeeded,
    Unknown,
)
from cashier_app.domain.quote import quote
from cashier_app.domain.sale import EffectKind, EffectState, SaleState
from cashier_app.errors import KnownError
from cashier_app.services.ticket import Ticket, new_sale_id
from tests.fakes.backend import HOLD, Fault
from tests.fakes.counter import Counter
from tests.fakes.shop import COINS, DEVIKA, OCCASION, PRIYA, RUPEE

BILL = Money(236000, RUPEE)


def ticket(counter: Counter, member: Member = PRIYA, choice: Choice | None = None) -> Ticket:
    account = Account(Decimal(1240), counter.clock.now())
    offer = quote(COINS, member, account, bill_of(BILL), choice or TakeMaximum(), OCCASION)
    return Ticket(new_sale_id(), member, None, Way.WALLET_CODE, BILL, offer)


def held(one: Ticket, outcome: Outcome) -> Ticket:
    assert isinstance(outcome, Applied)
    return replace(one, reservation=outcome.booked.reference, held_until=outcome.booked.expires_at)


def states(counter: Counter) -> list[tuple[EffectKind, EffectState]]:
    return [(row.effect.kind, row.state) for row in counter.rows()]


# Holding.
def test_points_are_held_and_the_hold_is_written_first(counter: Counter) -> None:
    one = ticket(counter)
    outcome = counter.checkout.hold(one)
    assert held(one, outcome).held_until == counter.clock.now() + HOLD
    assert states(counter) == [(EffectKind.RESERVE, EffectState.POSTED)]
    assert [hold.points for hold in counter.backend.open_holds()] == [Decimal(200)]


def test_a_lost_answer_is_looked_up_and_holds_once(counter: Counter) -> None:
    counter.backend.faults.append(Fault.ANSWER_LOST)
    assert isinstance(counter.checkout.hold(ticket(counter)), Applied)
    assert len(counter.backend.open_holds()) == 1
    assert counter.connection.online


def test_a_lost_request_is_sent_once_more_with_the_same_key(counter: Counter) -> None:
    counter.backend.faults.append(Fault.REQUEST_LOST)
    assert isinstance(counter.checkout.hold(ticket(counter)), Applied)
    assert len(counter.backend.sent) == 2
    assert len(set(counter.backend.sent)) == 1
    assert len(counter.backend.open_holds()) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "online", "sign_in"),
    [
        (Fault.NOT_REACHED, RetryLater, False, False),
        (Fault.BUSY, RetryLater, True, False),
        (Fault.SIGN_IN, SignInNeeded, True, True),
        (Fault.REFUSED, Refused, True, False),
    ],
)
def test_what_certainly_did_not_take_hold_leaves_nothing_to_release(
    counter: Counter,
    fault: Fault,
    kind: type[Outcome],
    online: bool,  # noqa: FBT001
    sign_in: bool,  # noqa: FBT001
) -> None:
    counter.backend.faults.append(fault)
    assert isinstance(counter.checkout.hold(ticket(counter)), kind)
    assert states(counter) == [(EffectKind.RESERVE, EffectState.DROPPED)]
    assert counter.journal.drafts() == []
    assert counter.connection.online is online
    assert counter.connection.sign_in_needed is sign_in


def test_a_hold_in_doubt_is_given_back_once_it_is_known(counter: Counter) -> None:
    counter.backend.faults.append(Fault.ANSWER_LOST)
    counter.backend.look_ups_lost = 1
    assert isinstance(counter.checkout.hold(ticket(counter)), Unknown)
    assert len(counter.backend.open_holds()) == 1
    assert not counter.connection.online
    counter.drain()
    assert counter.backend.open_holds() == []
    assert states(counter) == [
        (EffectKind.RESERVE, EffectState.POSTED),
        (EffectKind.RELEASE, EffectState.POSTED),
    ]


def test_a_hold_not_decided_yet_is_given_back(counter: Counter) -> None:
    counter.backend.faults.append(Fault.PENDING)
    assert isinstance(counter.checkout.hold(ticket(counter)), Pending)
    assert counter.connection.online
    counter.drain()
    assert counter.backend.open_holds() == []


def test_a_doubtful_hold_that_never_was_is_dropped_with_its_release(counter: Counter) -> None:
    counter.backend.faults.extend([Fault.REQUEST_LOST, Fault.REQUEST_LOST])
    assert isinstance(counter.checkout.hold(ticket(counter)), Unknown)
    counter.drain()
    assert states(counter) == [
        (EffectKind.RESERVE, EffectState.DROPPED),
        (EffectKind.RELEASE, EffectState.DROPPED),
    ]


def test_the_balance_below_the_offer_is_a_refusal_with_the_account(counter: Counter) -> None:
    counter.backend.members["m-1"].balance = Decimal(120)
    outcome = counter.checkout.hold(ticket(counter))
    assert isinstance(outcome, Refused)
    assert outcome.because is RefusedBecause.BALANCE_TOO_LOW
    assert outcome.account is not None
    assert outcome.account.balance == Decimal(120)


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(minutes=-16), timedelta(days=400)])
def test_a_wrong_clock_neither_ends_a_hold_nor_prolongs_it(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, wrong_by: timedelta
) -> None:
    one = ticket(counter)
    until = counter.clock.now() + HOLD + wrong_by
    booked = Applied(Booked("hold-x", expires_at=until))
    monkeypatch.setattr(counter.backend, "apply", lambda _: booked)
    assert held(one, counter.checkout.hold(one)).held_until == counter.clock.now() + HOLD


def test_a_hold_without_an_end_has_none(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counter.backend, "apply", lambda _: Applied(Booked("hold-x")))
    one = ticket(counter)
    assert held(one, counter.checkout.hold(one)).held_until is None


# Giving back.
def test_what_was_held_is_given_back(counter: Counter) -> None:
    one = ticket(counter)
    one = held(one, counter.checkout.hold(one))
    counter.checkout.give_back(one, "went back")
    counter.drain()
    assert counter.backend.open_holds() == []


def test_a_hold_that_ended_by_itself_needs_no_release(counter: Counter) -> None:
    one = ticket(counter)
    one = held(one, counter.checkout.hold(one))
    counter.clock.advance(HOLD.total_seconds())
    counter.checkout.give_back(one, "went back")
    counter.drain()
    assert states(counter)[1] == (EffectKind.RELEASE, EffectState.DROPPED)


# A journal that cannot write.
class FullDisk:
    """Lets a journal's writing methods fail while it is full."""

    def __init__(self, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full: set[str] = set()
        for name in ("open_draft", "reservation_made", "abandon_draft", "commit_sale"):
            monkeypatch.setattr(counter.journal, name, self._guarded(name, getattr(counter.journal, name)))

    def _guarded(self, name: str, real: object) -> object:
        def method(*args: object, **more: object) -> object:
            if name in self.full:
                raise KnownError("The disk is full. This was not saved.")
            return real(*args, **more)  # type: ignore[operator]

        return method


@pytest.fixture
def disk(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    return FullDisk(counter, monkeypatch)


def test_nothing_is_asked_for_that_cannot_be_written_down(counter: Counter, disk: FullDisk) -> None:
    disk.full = {"open_draft"}
    with pytest.raises(KnownError):
        counter.checkout.hold(ticket(counter))
    assert counter.backend.sent == []


@pytest.mark.parametrize(
    ("full", "fault"),
    [
        ("reservation_made", None),
        ("reservation_made", Fault.ANSWER_LOST),
        ("reservation_made", Fault.REFUSED),
        ("reservation_made", Fault.PENDING),
        ("abandon_draft", Fault.ANSWER_LOST),
        ("abandon_draft", Fault.REFUSED),
        ("abandon_draft", Fault.PENDING),
    ],
)
def test_a_hold_whose_outcome_could_not_be_written_is_given_back_with_the_next_sale(
    counter: Counter, disk: FullDisk, full: str, fault: Fault | None
) -> None:
    counter.backend.faults.append(fault)
    counter.backend.look_ups_lost = int(fault is Fault.ANSWER_LOST)
    disk.full = {full}
    with pytest.raises(KnownError):
        counter.checkout.hold(ticket(counter))
    disk.full = set()
    counter.backend.faults.clear()
    next_one = ticket(counter)
    counter.checkout.commit(held(next_one, counter.checkout.hold(next_one)))
    counter.drain()
    assert counter.backend.open_holds() == []
    assert counter.journal.drafts() == []
    assert counter.backend.taken == {next_one.sale_id: Decimal(200)}


def test_a_hold_that_could_not_be_given_back_is_with_the_next_sale(counter: Counter, disk: FullDisk) -> None:
    one = ticket(counter)
    one = held(one, counter.checkout.hold(one))
    disk.full = {"abandon_draft"}
    with pytest.raises(KnownError):
        counter.checkout.give_back(one, "went back")
    counter.checkout.commit(ticket(counter, choice=TakeNothing()))
    assert len(counter.backend.open_holds()) == 1
    disk.full = set()
    counter.checkout.commit(ticket(counter, choice=TakeNothing()))
    counter.drain()
    assert counter.backend.open_holds() == []


def test_a_hold_that_meets_a_bug_is_given_back_later(counter: Counter) -> None:
    counter.backend.faults.append(Fault.BUG)
    with pytest.raises(ZeroDivisionError):
        counter.checkout.hold(ticket(counter))
    counter.checkout.commit(ticket(counter, choice=TakeNothing()))
    counter.drain()
    assert counter.journal.drafts() == []


# Committing.
def test_a_sale_takes_the_points_and_earns(counter: Counter) -> None:
    one = ticket(counter)
    one = held(one, counter.checkout.hold(one))
    sale = counter.checkout.commit(one)
    assert sale.number == "2-0001"
    assert (sale.points_used, sale.points_expected) == (Decimal(200), Decimal(21))
    assert (sale.discount, sale.paid) == (Money(20000, RUPEE), Money(216000, RUPEE))
    assert sale.display_name == "Priya R."
    assert counter.checkout.commit(one) == sale, "committing again is the same sale"
    counter.drain()
    assert counter.backend.members["m-1"].balance == Decimal(1061)
    assert counter.kinds() == [EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.SALE]


def test_points_are_taken_before_the_sale_earns(counter: Counter) -> None:
    one = ticket(counter)
    counter.checkout.commit(held(one, counter.checkout.hold(one)))
    counter.drain()
    assert [key[37:] for key in counter.backend.order] == ["reserve-1", "capture-1", "sale-1"]


@pytest.mark.parametrize(
    ("member", "choice", "effects"),
    [(PRIYA, TakeNothing(), [EffectKind.SALE]), (DEVIKA, TakeMaximum(), [])],
)
def test_effects_are_only_what_happens(
    counter: Counter, member: Member, choice: Choice, effects: list[EffectKind]
) -> None:
    counter.checkout.commit(ticket(counter, member, choice))
    assert counter.kinds() == effects


def test_a_sale_without_a_member_has_no_effect(counter: Counter) -> None:
    sale = counter.checkout.commit(Ticket(new_sale_id(), None, None, None, BILL, None))
    assert (sale.paid, sale.discount.minor, sale.member_id) == (BILL, 0, "")
    assert counter.rows() == []
    assert counter.journal.sale(sale.sale_id) == (sale, SaleState.COMMITTED)


def test_somebody_seen_only_offline_is_told_by_what_was_scanned(counter: Counter) -> None:
    phone = PhoneNumber("+919845012210")
    counter.checkout.commit(Ticket(new_sale_id(), None, phone, Way.PHONE, BILL, None))
    (row,) = counter.rows()
    assert row.effect.identified_by == "phone:+919845012210"
    assert row.effect.member_id == ""


def test_keys_are_made_from_the_sale_once(counter: Counter) -> None:
    counter.backend.faults.extend([None, Fault.BUSY, Fault.ANSWER_LOST, Fault.REQUEST_LOST])
    one = ticket(counter)
    counter.checkout.commit(held(one, counter.checkout.hold(one)))
    counter.drain()
    assert set(counter.backend.sent) == {
        f"{one.sale_id}-{kind.value}-1" for kind in (EffectKind.RESERVE, EffectKind.CAPTURE, EffectKind.SALE)
    }
    assert len(counter.backend.sent) > 3
