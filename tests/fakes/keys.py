"""The keys of the till, how to come to each step, and how to read what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from msgspec import Struct

from cashier_app.domain.choice import Choice
from cashier_app.domain.money import Money
from cashier_app.errors import KnownError
from cashier_app.services.till_view import Choosing, NoticeKind, Serving, Step, TillView
from tests.fakes.counter import PRIYAS_CODE, SHARED_PHONE, STRANGERS_CODE, Counter
from tests.fakes.runner import SteppedRunner

CARD = "4111111111111111"
PRODUCT = "8901030865398"


def name(counter: Counter) -> str:
    person = counter.view.person
    return person.member.name if isinstance(person, Serving) else type(person).__name__


def serve(counter: Counter, code: str = PRIYAS_CODE, bill: str = "2360") -> None:
    counter.session.scan(code)
    counter.type(bill)


def serve_slowly(slow: Counter, runner: SteppedRunner, code: str = PRIYAS_CODE, bill: str = "2360") -> None:
    """Serve a member whose answer comes before the bill is typed."""
    slow.session.scan(code)
    runner.run_all()
    slow.type(bill)


def pay(counter: Counter, code: str = PRIYAS_CODE, bill: str = "2360") -> None:
    serve(counter, code, bill)
    counter.press_enter(2)
    assert step(counter) is Step.PAY


def sell(counter: Counter, code: str = PRIYAS_CODE, bill: str = "2360") -> None:
    pay(counter, code, bill)
    counter.press_enter()
    assert step(counter) is Step.DONE


def discount(counter: Counter) -> Money | None:
    return counter.view.quote.discount if counter.view.quote else None


def notice(counter: Counter) -> NoticeKind | None:
    return counter.view.notice.kind if counter.view.notice else None


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Struct):
        for field in value.__struct_fields__:
            yield from texts_in(getattr(value, field))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts_in(part)


def step(counter: Counter) -> Step:
    return counter.view.step


def choice(counter: Counter) -> Choice:
    return counter.view.choice


def balance_was(counter: Counter) -> Decimal | None:
    return counter.view.balance_was


Key = Callable[[Counter], None]
KEYS: dict[str, Key] = {
    "digit": lambda counter: counter.type("5"),
    "point": lambda counter: counter.session.press_point(),
    "backspace": lambda counter: counter.session.delete(),
    "enter": lambda counter: counter.session.confirm(),
    "esc": lambda counter: counter.session.back(),
    "esc held": lambda counter: counter.session.clear_all(),
    "maximum": lambda counter: counter.session.take_maximum(),
    "nothing": lambda counter: counter.session.take_nothing(),
    "other": lambda counter: counter.session.start_discount_entry(),
    "less": lambda counter: counter.session.less(),
    "more": lambda counter: counter.session.more(),
    "down": lambda counter: counter.session.mark_next(),
    "up": lambda counter: counter.session.mark_previous(),
    "space": lambda counter: counter.session.pick_marked(),
    "F3": lambda counter: counter.session.another_member(),
    "F5": lambda counter: counter.session.refresh_account(),
    "F8": lambda counter: counter.session.without_member(),
    "choose 1": lambda counter: counter.session.choose(0),
    "letter": lambda counter: counter.type("a"),
    "coffee": lambda counter: counter.session.pick_reward("coffee"),
    "expire": lambda counter: counter.session.expire(),
}


def at_idle(counter: Counter) -> None:
    assert step(counter) is Step.IDLE


def at_bill(counter: Counter) -> None:
    serve(counter)


def at_reward(counter: Counter) -> None:
    serve(counter)
    counter.press_enter()


def at_partial(counter: Counter) -> None:
    at_reward(counter)
    counter.type("150")


def at_pay(counter: Counter) -> None:
    pay(counter)


def at_choosing(counter: Counter) -> None:
    counter.type(SHARED_PHONE)
    assert step(counter) is Step.CHOOSING


def at_done(counter: Counter) -> None:
    sell(counter)


def at_problem(counter: Counter) -> None:
    counter.session.scan(STRANGERS_CODE)
    assert step(counter) is Step.PROBLEM


def at_empty_bill(counter: Counter) -> None:
    counter.session.scan(PRIYAS_CODE)


def summary(view: TillView) -> dict[str, object]:
    person: object = view.person
    if isinstance(person, Serving):
        person = person.member.name
    elif isinstance(person, Choosing):
        person = f"{person.marked + 1} of Choosing"
    else:
        person = type(person).__name__
    point = "" if view.bill.decimals is None else "." + view.bill.decimals
    return {
        "step": view.step,
        "target": view.target,
        "person": person,
        "entry": view.entry,
        "bill": view.bill.units + point,
        "choice": view.choice,
        "discount": view.quote.discount if view.quote else None,
        "marked": view.marked_reward,
    }


def no_picture() -> list[str]:
    raise KnownError("This is no picture.")
