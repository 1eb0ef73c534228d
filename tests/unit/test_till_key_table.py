"""The key table: what each key does at each step."""

from __future__ import annotations

import pytest

from cashier_app.domain.choice import TakeAmount, TakeMaximum, TakeNothing, TakeReward
from cashier_app.services.till_view import Step, Target
from tests.fakes.counter import Counter
from tests.fakes.keys import (
    KEYS,
    Key,
    at_bill,
    at_choosing,
    at_done,
    at_empty_bill,
    at_idle,
    at_partial,
    at_pay,
    at_problem,
    at_reward,
    summary,
)
from tests.fakes.shop import rupees

# Keys that do nothing at a step leave everything as it is.
IDLE_AGAIN: dict[str, object] = {"step": Step.IDLE, "target": Target.SCAN, "bill": "", "entry": ""}
NO_CHANGE: dict[str, object] = {}
AT_REWARD: dict[str, object] = {"step": Step.REWARD, "target": Target.DISCOUNT}
BILL_KEPT: dict[str, object] = {**IDLE_AGAIN, "bill": "2360"}
AT_PAY: dict[str, object] = {"step": Step.PAY, "target": Target.NOTHING}

TABLE: dict[Key, dict[str, dict[str, object]]] = {
    at_idle: {
        "digit": {"entry": "5"},
        "point": {"entry": "."},
        "letter": {"entry": "a"},
        "F8": {"step": Step.BILL, "target": Target.BILL, "person": "WithoutMember"},
    },
    at_empty_bill: {
        "digit": {"bill": "5"},
        "point": {"bill": "."},
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "F3": IDLE_AGAIN,
        "expire": IDLE_AGAIN,
    },
    at_bill: {
        "digit": {"bill": "23605", "discount": rupees(250)},
        "point": {"bill": "2360."},
        "backspace": {"bill": "236", "discount": rupees(0)},
        "enter": {"step": Step.REWARD, "target": Target.DISCOUNT},
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "maximum": {**AT_PAY, "discount": rupees(200)},
        "nothing": {**AT_PAY, "choice": TakeNothing(), "discount": rupees(0)},
        "other": {**AT_REWARD, "choice": TakeAmount(rupees(0)), "discount": rupees(0)},
        "down": {"marked": "coffee"},
        "up": {"marked": "tenth"},
        "F3": BILL_KEPT,
        "coffee": {"discount": rupees(0), "choice": TakeReward("coffee"), "marked": "coffee"},
        "expire": IDLE_AGAIN,
    },
    at_reward: {
        "digit": {"discount": rupees(5), "choice": TakeAmount(rupees(5))},
        "point": {"discount": rupees(0), "choice": TakeAmount(rupees(0))},
        "enter": {**AT_PAY, "discount": rupees(200)},
        "esc": {"step": Step.BILL, "target": Target.BILL},
        "esc held": IDLE_AGAIN,
        "maximum": {**AT_PAY, "discount": rupees(200)},
        "nothing": {**AT_PAY, "choice": TakeNothing(), "discount": rupees(0)},
        "other": {"discount": rupees(0), "choice": TakeAmount(rupees(0))},
        "less": {"discount": rupees(199), "choice": TakeAmount(rupees(199))},
        "down": {"marked": "coffee"},
        "up": {"marked": "tenth"},
        "F3": BILL_KEPT,
        "coffee": {"discount": rupees(0), "choice": TakeReward("coffee"), "marked": "coffee"},
        "expire": IDLE_AGAIN,
    },
    at_partial: {
        "digit": {"discount": rupees(200), "choice": TakeAmount(rupees(1505))},
        "point": NO_CHANGE,
        "backspace": {"discount": rupees(15), "choice": TakeAmount(rupees(15))},
        "enter": {**AT_PAY, "discount": rupees(150)},
        "esc": {"step": Step.BILL, "target": Target.BILL, "choice": TakeMaximum(), "discount": rupees(200)},
        "esc held": IDLE_AGAIN,
        "maximum": {**AT_PAY, "choice": TakeMaximum(), "discount": rupees(200)},
        "nothing": {**AT_PAY, "choice": TakeNothing(), "discount": rupees(0)},
        "other": {"discount": rupees(0), "choice": TakeAmount(rupees(0))},
        "less": {"discount": rupees(149), "choice": TakeAmount(rupees(149))},
        "more": {"discount": rupees(151), "choice": TakeAmount(rupees(151))},
        "down": {"marked": "coffee"},
        "up": {"marked": "tenth"},
        "F3": BILL_KEPT,
        "coffee": {"discount": rupees(0), "choice": TakeReward("coffee"), "marked": "coffee"},
        "expire": IDLE_AGAIN,
    },
    at_pay: {
        "enter": {"step": Step.DONE, "target": Target.SCAN},
        "esc": {"step": Step.REWARD, "target": Target.DISCOUNT},
        "esc held": IDLE_AGAIN,
    },
    at_choosing: {
        "digit": NO_CHANGE,
        "enter": {"step": Step.BILL, "target": Target.BILL, "person": "Anil Kamath"},
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "down": {"person": "2 of Choosing"},
        "up": {"person": "2 of Choosing"},
        "choose 1": {"step": Step.BILL, "target": Target.BILL, "person": "Anil Kamath"},
        "F8": {"step": Step.BILL, "target": Target.BILL, "person": "WithoutMember"},
        "expire": IDLE_AGAIN,
    },
    at_problem: {
        "digit": {**IDLE_AGAIN, "entry": "5"},
        "point": {**IDLE_AGAIN, "entry": "."},
        "letter": {**IDLE_AGAIN, "entry": "a"},
        "backspace": IDLE_AGAIN,
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "F8": {"step": Step.BILL, "target": Target.BILL, "person": "WithoutMember"},
        "expire": IDLE_AGAIN,
    },
    at_done: {
        "digit": {**IDLE_AGAIN, "entry": "5"},
        "point": {**IDLE_AGAIN, "entry": "."},
        "letter": {**IDLE_AGAIN, "entry": "a"},
        "enter": IDLE_AGAIN,
        "esc": IDLE_AGAIN,
        "esc held": IDLE_AGAIN,
        "F8": {"step": Step.BILL, "target": Target.BILL, "person": "WithoutMember", "bill": ""},
        "expire": IDLE_AGAIN,
    },
}

CLEAN = {"person": "Nobody", "choice": TakeMaximum(), "discount": None, "marked": ""}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("place", TABLE, ids=lambda place: place.__name__)
def test_the_key_table(counter: Counter, place: Key, key: str) -> None:
    place(counter)
    expected = summary(counter.view)
    changes = TABLE[place].get(key, NO_CHANGE)
    if changes.get("step") is Step.IDLE and "person" not in changes:
        expected.update(CLEAN)
    if changes.get("person") == "WithoutMember":
        expected.update(CLEAN)
    if changes.get("person") == "Anil Kamath":
        expected["discount"] = rupees(0)
    expected.update(changes)
    KEYS[key](counter)
    assert summary(counter.view) == expected
