"""One piece of work at a time, the newest wish next, and no answer to what nobody wants any more."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from cashier_app.errors import KnownError
from ui.latest import Latest


class ByHand:
    """Runs work when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[
            tuple[Callable[[], object], Callable[[object], None], Callable[[BaseException], None]]
        ] = []

    def run(
        self,
        work: Callable[[], object],
        done: Callable[[object], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.waiting.append((work, done, failed))

    def post(self, callback: Callable[[], None]) -> None:
        callback()

    def go(self) -> None:
        work, done, failed = self.waiting.pop(0)
        try:
            answer = work()
        except KnownError as error:
            failed(error)
        else:
            done(answer)


def test_only_the_newest_wish_is_answered_and_one_runs_at_a_time() -> None:
    runner, answers = ByHand(), []
    latest: Latest[int] = Latest(runner, answers.append, lambda _: None)
    for number in range(5):
        latest.ask(lambda number=number: number)
        assert len(runner.waiting) == 1
    assert latest.busy
    runner.go()
    assert answers == []
    runner.go()
    assert answers == [4]
    assert not latest.busy
    assert runner.waiting == []


def test_what_is_forgotten_is_not_answered() -> None:
    runner, answers = ByHand(), []
    latest: Latest[int] = Latest(runner, answers.append, lambda _: None)
    latest.ask(lambda: 1)
    latest.forget()
    runner.go()
    assert answers == []
    latest.ask(lambda: 2)
    runner.go()
    assert answers == [2]


def test_trouble_is_one_sentence_and_old_trouble_is_none() -> None:
    runner, said = ByHand(), []

    def fail() -> int:
        raise KnownError("No.")

    latest: Latest[int] = Latest(runner, lambda _: None, said.append)
    latest.ask(fail)
    latest.ask(lambda: 1)
    runner.go()
    assert said == []
    runner.go()
    latest.ask(fail)
    runner.go()
    assert said == ["No."]


@given(st.lists(st.sampled_from(["ask", "go", "forget"]), max_size=40))
def test_at_rest_the_last_wish_is_answered_unless_forgotten(steps: list[str]) -> None:
    runner, answers = ByHand(), []
    latest: Latest[int] = Latest(runner, answers.append, lambda _: None)
    wanted: int | None = None
    for number, step in enumerate(steps):
        if step == "ask":
            latest.ask(lambda number=number: number)
            wanted = number
        elif step == "forget":
            latest.forget()
            wanted = None if wanted not in answers else wanted
        elif runner.waiting:
            runner.go()
        assert len(runner.waiting) <= 1
    while runner.waiting:
        runner.go()
    assert wanted is None or answers[-1] == wanted
    assert answers == sorted(set(answers))
