"""The till may die at any request around a sale: everybody is made once, each sale counts for one, once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.enrolment import NewMember
from cashier_app.domain.sale import Effect, EffectKind, EffectState, ReturnReason
from cashier_app.ports.journal import EffectRow
from cashier_app.ports.loyalty import Idempotency
from cashier_app.services.delivery import Delivery
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.backend import Fault
from tests.fakes.effects import effect, sale, sale_id
from tests.fakes.post import Post

PHONE = "+919845077777"
JOINED = sale_id(90)
FAULTS = [None, Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.NOT_REACHED, Fault.BUSY]
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class PowerCut(BaseException):
    """The process is gone, here and now."""


class Case(Struct, frozen=True):
    """One unlucky day around the sales.

    Args:
        online: How many of the day's acts are made before the first is sent.
        deaths: At which requests the process ends, and whether they took hold before.
    """

    keyless: bool = False
    online: int = 8
    deaths: tuple[tuple[int, bool], ...] = ()
    faults: tuple[Fault | None, ...] = ()


_deaths = st.lists(
    st.tuples(st.integers(1, 14), st.booleans()), max_size=4, unique_by=lambda death: death[0]
).map(tuple)
CASES = st.builds(
    Case,
    keyless=st.booleans(),
    online=st.integers(0, 8),
    deaths=_deaths,
    faults=st.lists(st.sampled_from(FAULTS), max_size=8).map(tuple),
)


class Dying:
    """Ends the process at some requests: before they leave, or after they took hold unheard."""

    def __init__(self, deaths: Sequence[tuple[int, bool]]) -> None:
        self._deaths = dict(deaths)
        self._calls = 0

    def at(self, ask: Callable[Given, Answer]) -> Callable[Given, Answer]:
        """Return a request that may be the last."""

        def asked(*given: Given.args, **named: Given.kwargs) -> Answer:
            self._calls += 1
            after = self._deaths.pop(self._calls, None)
            if after is False:
                raise PowerCut
            answer = ask(*given, **named)
            if after is True:
                raise PowerCut
            return answer

        return asked


Act = Callable[[SqliteJournal], object]


def a_day(post: Post) -> list[Act]:
    """Return what is done at the till, each in one transaction, in the order it is done in."""
    at = post.clock.now()
    new = NewMember(key=JOINED, at=at, phone=PHONE, name="Asha Verma", agrees_to_terms=True)
    joins = replace(
        effect(EffectKind.ENROL, 90, member_id="", at=at),
        points=Decimal(0),
        identified_by=f"phone:{PHONE}",
        new_member=new,
    )
    unseen = [
        replace(effect(EffectKind.SALE, count, member_id="", at=at), identified_by=f"phone:{PHONE}")
        for count in (1, 2)
    ]
    nobodys = replace(effect(EffectKind.SALE, 3, member_id="", at=at), points=Decimal(0))
    linked = replace(effect(EffectKind.LINK, 3, at=at), points=Decimal(21))
    merges = replace(effect(EffectKind.MERGE, 91, at=at), other_member_id="m-2", points=Decimal(0))
    wrong, right = effect(EffectKind.SALE, 4, at=at), effect(EffectKind.SALE, 5, member_id="m-2", at=at)
    undone = replace(
        effect(EffectKind.CLAW_BACK, 4, at=at),
        points=Decimal(21),
        reason=ReturnReason.MOVED,
        original_key=wrong.key,
    )
    again = replace(sale(5, member_id="m-2"), moved_from=sale_id(4))
    return [
        lambda journal: journal.queue_act(JOINED, [joins], "enrolment"),
        lambda journal: journal.commit_sale(replace(sale(1), member_id=""), [unseen[0]]),
        lambda journal: journal.commit_sale(sale(3, member_id=""), [nobodys]),
        lambda journal: journal.queue_act(sale_id(3), [linked], "claim"),
        lambda journal: journal.queue_act(sale_id(91), [merges], "merge"),
        lambda journal: journal.commit_sale(sale(4), [wrong]),
        lambda journal: journal.commit_sale(again, [right], [undone]),
        lambda journal: journal.commit_sale(replace(sale(2), member_id=""), [unseen[1]]),
    ]


def lived(case: Case, delivery: type[Delivery] = Delivery) -> list[str]:
    """Let the day happen and everything go wrong that should, and say what is not as it must be."""
    with tempfile.TemporaryDirectory() as folder:
        post = Post(Path(folder), delivery)
        try:
            return _lived(case, post)
        finally:
            post.close()


def _lived(case: Case, post: Post) -> list[str]:
    backend, dying = post.backend, Dying(case.deaths)
    if case.keyless:
        lag, keys = timedelta(seconds=20), Idempotency.READ_BACK
        backend.can = replace(backend.can, idempotency=keys, key_life=timedelta(0), search_lag=lag)
        backend.forgets_keys = True
    for name in ("enrol", "link", "ask_to_merge", "apply"):
        setattr(backend, name, dying.at(getattr(backend, name)))
    backend.faults.extend(case.faults)
    acts = a_day(post)
    for place, act in enumerate(acts):
        act(post.journal)
        act(post.journal)  # pressed twice
        if place >= case.online:
            run(post)
    if not run(post):
        return ["it never came to rest"]
    return [*wrongs(post), *(f"{one.figure} is {one.kept}" for one in post.journal.figures_apart())]


def run(post: Post) -> bool:
    """Deliver until all is done, starting again after each death; say whether it came to rest."""
    for _ in range(40):
        try:
            post.drain()
        except PowerCut:
            post.restart()
        else:
            return True
    return False


def wrongs(post: Post) -> list[str]:
    """Return what the backend's own books say against it."""
    backend = post.backend
    wrong = [
        f"{kind} of {of[-2:]} took hold {count} times"
        for (of, kind), count in backend.took_hold.items()
        if count != 1
    ]
    if len(backend.joined) != 1:
        wrong.append(f"{len(backend.joined)} members were made")
    whose = {f"joined-{JOINED}": 42, "m-1": 1240 + 21, "m-2": 80 + 21}
    for member_id, points in whose.items():
        row = backend.members.get(member_id)
        if row is None or row.balance != points:
            wrong.append(f"{member_id} has {None if row is None else row.balance}, not {points}")
    if backend.merged != [("m-1", "m-2")]:
        wrong.append(f"asked to merge {backend.merged}")
    if backend.owners != {sale_id(3): "m-1"}:
        wrong.append(f"the claimed sale is of {backend.owners}")
    left = [row.effect.key for row in post.rows() if row.state is not EffectState.POSTED]
    return [*wrong, *(f"{key} is not posted" for key in left)]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(CASES)
def test_everything_around_a_sale_takes_hold_once(case: Case) -> None:
    assert lived(case) == []


@pytest.mark.parametrize("keyless", [False, True], ids=["keys", "no keys"])
@pytest.mark.parametrize("after", [False, True], ids=["before it leaves", "after it took hold"])
def test_a_power_cut_at_each_request(*, keyless: bool, after: bool) -> None:
    for call in range(1, 10):
        assert lived(Case(keyless, deaths=((call, after),))) == [], call


class SendsAnew(Delivery):
    """A planted bug: what is asked for again gets a name of its own."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        key = f"{effect.key[:-1]}{row.attempts + 2}"
        super()._send(row, replace(effect, key=key))

    def _reconcile(self, row: EffectRow) -> None:
        self._send_again(row)


class EnrolsAnew(Delivery):
    """A planted bug: an enrolment in doubt is made as another one, which the phone does not give away."""

    def _send(self, row: EffectRow, effect: Effect) -> None:
        new = effect.new_member
        if new is not None and row.attempts:
            effect = replace(effect, new_member=replace(new, key=f"{new.key}x", phone=""))
        super()._send(row, effect)


class TakesDoubtForDone(Delivery):
    """A planted bug: what a dead process left behind counts as done."""

    def recover(self) -> None:
        for row in self._journal.interrupted():
            self._move(row, EffectState.POSTED, "surely")
        super().recover()


class OvertakesItself(Delivery):
    """A planted bug: everything that waits is sent, whatever is before it."""

    def take(self, under_way: Sequence[EffectRow] = ()) -> list[EffectRow]:  # type: ignore[override]
        super().take(under_way)
        connection = self._journal.database.connection()  # type: ignore[attr-defined]
        ids = connection.execute("SELECT DISTINCT sale_id FROM effect ORDER BY sequence DESC").fetchall()
        rows = [row for (one,) in ids for row in self._journal.effects_of(str(one))]
        return [row for row in rows if row.state in {EffectState.WAITING, EffectState.UNKNOWN}]


@pytest.mark.parametrize("bug", [SendsAnew, EnrolsAnew, TakesDoubtForDone, OvertakesItself])
def test_a_planted_bug_is_caught(bug: type[Delivery]) -> None:
    quickly = settings(max_examples=200, deadline=None, phases=[Phase.generate])
    try:
        find(CASES, lambda case: bool(lived(case, bug)), settings=quickly)
    except NoSuchExample:
        pytest.fail("the check would not notice")
