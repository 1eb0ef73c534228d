"""When effects are sent and in which order, whatever the clock and the connection do."""

from __future__ import annotations

import pytest

from cashier_app.domain.sale import EffectKind, EffectState
from cashier_app.errors import KnownError
from tests.fakes.backend import Fault
from tests.fakes.committed import commit, row
from tests.fakes.counter import Counter
from tests.fakes.delivering import deliver_due
from tests.fakes.effects import effect, sale
from tests.fakes.failures import failing


# The clock.
@pytest.mark.parametrize("days", [-400, 400, -0.1])
def test_setting_the_clock_stops_no_sale(counter: Counter, days: float) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    counter.clock.jump(days * 86400)
    assert deliver_due(counter.delivery) == 1
    assert row(counter).state is EffectState.POSTED


def test_a_clock_set_while_the_program_was_off_stops_no_sale(counter: Counter) -> None:
    commit(counter)
    counter.clock.jump(-400 * 86400)
    counter.restart()
    assert counter.deliver() == 1


def test_sales_keep_their_order_whatever_the_clock_says(counter: Counter) -> None:
    first = commit(counter, 1)
    counter.clock.jump(-400 * 86400)
    second = effect(EffectKind.SALE, 2, at=counter.clock.now())
    counter.journal.commit_sale(sale(2, at=counter.clock.now()), [second])
    counter.drain()
    assert counter.backend.order == [first, second.key]


def test_a_sale_made_while_the_clock_was_wrong_does_not_wait_for_that_time(counter: Counter) -> None:
    counter.clock.jump(400 * 86400)
    late = effect(EffectKind.SALE, 1, at=counter.clock.now())
    counter.journal.commit_sale(sale(1, at=counter.clock.now()), [late])
    counter.clock.jump(-400 * 86400)
    assert deliver_due(counter.delivery) == 1


def test_a_clock_set_while_the_disk_was_full_is_minded_later(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    counter.clock.jump(-400 * 86400)
    with monkeypatch.context() as disk:
        disk.setattr(counter.journal, "make_due", failing(KnownError("The disk is full.")))
        with pytest.raises(KnownError):
            deliver_due(counter.delivery)
    assert deliver_due(counter.delivery) == 1


# The order.
def test_effects_of_one_account_keep_their_order(counter: Counter) -> None:
    keys = [commit(counter, count) for count in range(1, 6)]
    counter.backend.faults.extend([Fault.ANSWER_LOST, None, Fault.BUSY, Fault.PENDING, Fault.REQUEST_LOST])
    counter.drain()
    assert counter.backend.order == keys


def test_one_account_in_trouble_holds_up_no_other(counter: Counter) -> None:
    commit(counter, 1)
    commit(counter, 2, "m-2")
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    assert row(counter, 2).state is EffectState.POSTED


def test_a_backend_that_asks_to_wait_is_left_alone_altogether(counter: Counter) -> None:
    for count, member in enumerate(["m-1", "m-2", "m-3"], start=1):
        commit(counter, count, member)
    counter.backend.busy_seconds = 600
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    counter.restart()
    for _ in range(599):
        counter.clock.advance(1)
        counter.journal.make_due()
        counter.deliver()
    assert len(counter.backend.sent) == 1
    counter.clock.advance(2)
    assert counter.deliver() == 3


@pytest.mark.parametrize("days", [-400, 400])
def test_a_wait_asked_for_before_the_clock_was_set_ends_soon(counter: Counter, days: float) -> None:
    commit(counter)
    counter.backend.busy_seconds = 600
    counter.backend.faults.append(Fault.BUSY)
    deliver_due(counter.delivery)
    counter.clock.jump(days * 86400)
    counter.restart()
    assert counter.deliver() == 1


def test_sending_stops_when_asked_to(counter: Counter) -> None:
    commit(counter)
    assert deliver_due(counter.delivery, lambda: True) == 0
    assert counter.backend.sent == []


@pytest.mark.parametrize("fault", [Fault.NOT_REACHED, Fault.SIGN_IN])
def test_the_rest_is_not_sent_into_the_void(counter: Counter, fault: Fault) -> None:
    for count, member in enumerate(["m-1", "m-2", "m-3"], start=1):
        commit(counter, count, member)
    counter.backend.faults.append(fault)
    assert deliver_due(counter.delivery) == 1
    assert len(counter.backend.sent) == 1


# The connection.
def test_the_queue_goes_at_once_when_the_backend_is_back(counter: Counter) -> None:
    commit(counter)
    counter.backend.silent = True
    for _ in range(12):
        deliver_due(counter.delivery)
        counter.clock.advance(300)
    online = [counter.connection.online]
    counter.delivery.probe()
    online.append(counter.connection.online)
    counter.backend.silent = False
    counter.delivery.probe()
    online.append(counter.connection.online)
    assert online == [False, False, True]
    assert deliver_due(counter.delivery) == 1


def test_being_reachable_is_not_being_signed_in(counter: Counter) -> None:
    commit(counter)
    counter.backend.faults.append(Fault.SIGN_IN)
    deliver_due(counter.delivery)
    counter.connection.silent()
    counter.delivery.probe()
    needed = [counter.connection.sign_in_needed]
    counter.clock.advance(60)
    deliver_due(counter.delivery)
    needed.append(counter.connection.sign_in_needed)
    assert counter.connection.online
    assert needed == [True, False]
