"""The book of lessons: what is written is read again, and a broken file says so in one sentence."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cashier_app.errors import KnownError
from cashier_app.ports.practice import Ended, LessonBook, LessonRun, StepTaken
from cashier_app.storage.lesson_book import BOOK_FILE, LONGEST_TRAINEE, SqliteLessonBook

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def run(
    minutes: int, trainee: str = "Asha", lesson: str = "first-scan", *, ended: Ended = Ended.FINISHED
) -> LessonRun:
    """Return a run that began so many minutes after nine."""
    steps = (
        StepTaken("scan", 3000 + minutes, ("not-her", "not-her"), 1),
        StepTaken("bill", 2000 - minutes, done=ended is Ended.FINISHED),
    )
    return LessonRun(trainee, lesson, START + timedelta(minutes=minutes), ended, steps)


@pytest.fixture
def book(tmp_path: Path) -> LessonBook:
    return SqliteLessonBook(tmp_path)


def test_runs_are_read_as_they_were_written_the_newest_first(book: LessonBook) -> None:
    runs = [run(0), run(1, "Nila"), run(2, lesson="phone-number", ended=Ended.LEFT)]
    for one in runs:
        book.write(one)
    assert list(book.runs()) == runs[::-1]
    assert list(book.runs(trainee="Nila")) == [runs[1]]
    assert list(book.runs("phone-number")) == [runs[2]]
    assert list(book.runs("phone-number", "Nila")) == []
    assert list(book.runs(limit=1)) == [runs[2]]
    assert book.trainees() == ["Asha", "Nila"]


def test_the_last_finished_run_of_each_lesson(book: LessonBook) -> None:
    for one in (run(0), run(1), run(2, ended=Ended.LEFT), run(3, "Nila"), run(4, lesson="phone-number")):
        book.write(one)
    assert book.finished("Asha") == {"first-scan": run(1), "phone-number": run(4, lesson="phone-number")}
    assert book.finished("Nobody") == {}


def test_the_best_is_of_steps_done_alone_without_a_mistake(book: LessonBook) -> None:
    clean = StepTaken("scan", 5000)
    for step in (
        clean,
        StepTaken("scan", 10, ("not-her",)),
        StepTaken("scan", 20, hints=1),
        StepTaken("scan", 30, done=False),
        StepTaken("scan", 0),
    ):
        book.write(LessonRun("Asha", "first-scan", START, Ended.FINISHED, (step,)))
    assert book.best() == {("first-scan", "scan"): 5000}


def test_one_trainee_or_all_are_forgotten_and_can_be_restored(book: LessonBook, tmp_path: Path) -> None:
    for one in (run(0), run(1, "Nila"), run(2)):
        book.write(one)
    gone = book.runs(trainee="Asha")
    book.reset("Asha")
    assert book.trainees() == ["Nila"]
    book.restore(gone)
    assert list(book.runs()) == [run(2), run(1, "Nila"), run(0)]
    book.reset()
    assert list(book.runs()) == []
    assert b"Nila" not in (tmp_path / BOOK_FILE).read_bytes()


def test_restoring_is_all_or_nothing(book: LessonBook) -> None:
    broken = LessonRun("Asha", "x", START, Ended.LEFT, (StepTaken("a", -1),))
    with pytest.raises(KnownError):
        book.restore([run(0), broken])
    assert list(book.runs()) == []


def test_a_name_is_one_line_of_sane_length(book: LessonBook) -> None:
    book.write(run(0, "Asha\n\u202eRao" + "x" * 200))
    [name] = book.trainees()
    assert name.startswith("Asha Raox")
    assert len(name) == LONGEST_TRAINEE
    book.write(run(1, ""))
    assert book.trainees() == [name]


def test_it_survives_the_program(tmp_path: Path) -> None:
    SqliteLessonBook(tmp_path).write(run(0))
    assert list(SqliteLessonBook(tmp_path).runs()) == [run(0)]


def test_many_threads_write_at_once(book: LessonBook) -> None:
    threads = [threading.Thread(target=book.write, args=(run(count),)) for count in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.runs()) == 8


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at" * 20, b"\0" * 4096])
def test_a_broken_file_is_said_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / BOOK_FILE).write_bytes(content)
    with pytest.raises(KnownError) as caught:
        SqliteLessonBook(tmp_path).runs()
    assert caught.value.sentence.startswith("The book of lessons in the practice folder cannot be used.")
    assert (tmp_path / BOOK_FILE).read_bytes() == content


def test_a_book_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    book = SqliteLessonBook(tmp_path)
    book.write(run(0))
    connection = apsw.Connection(str(tmp_path / BOOK_FILE))
    connection.pragma("user_version", 9)
    connection.close()
    with pytest.raises(KnownError, match="newer version"):
        book.write(run(1))


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnownError):
        SqliteLessonBook(tmp_path / "none").write(run(0))


NAMES = st.text(st.characters(categories=["L", "N", "M", "P"]), min_size=1, max_size=30)
STEPS = st.builds(
    StepTaken,
    NAMES,
    st.integers(0, 10**9),
    st.lists(NAMES, max_size=3).map(tuple),
    st.integers(0, 9),
    st.booleans(),
)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(NAMES, NAMES, st.sampled_from(Ended), st.lists(STEPS, max_size=5).map(tuple)), max_size=6
    )
)
def test_whatever_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, written: list[tuple[str, str, Ended, tuple[StepTaken, ...]]]
) -> None:
    book = SqliteLessonBook(tmp_path_factory.mktemp("book"))
    runs = [
        LessonRun(trainee, lesson, START + timedelta(seconds=count), ended, steps)
        for count, (trainee, lesson, ended, steps) in enumerate(written)
    ]
    for one in runs:
        book.write(one)
    assert [one.steps for one in book.runs()] == [one.steps for one in runs[::-1]]
    assert [one.ended for one in book.runs()] == [one.ended for one in runs[::-1]]
