"""From the book of lessons to what a trainer looks at, and to the files that leave the page."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cashier_app.domain.points import PointName
from cashier_app.ports.practice import Ended
from cashier_app.printing.close_pdf import close_pdf
from cashier_app.services.training_results import (
    Loss,
    Mark,
    Order,
    TrainingResults,
    read_results,
    runs_by,
    trainees_by,
)
from cashier_app.wording.close_sheet import SheetList
from cashier_app.wording.figures import Hours
from cashier_app.wording.speech import Wording
from cashier_app.wording.trainer import (
    NOTHING,
    duration,
    nothing_yet,
    order_words,
    people_columns,
    people_row,
    run_columns,
    run_row,
    summary,
)
from cashier_app.wording.trainer_file import HEADER, MOST_PRINTED, results_csv, results_json, results_sheet
from cashier_app.wording.trainer_run import forget_words, forgotten_words, run_words
from tests.fakes.training_runs import (
    ARABIC,
    HOSTILE,
    LONGEST,
    NOW,
    FakeLessonBook,
    best_of,
    few_runs,
    lesson,
    lessons,
    many_runs,
    run,
)

WORDING = Wording.of("en_IN", ZoneInfo("Asia/Kolkata"), PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)


def fill(source: str) -> str:
    """Return a sentence of a lesson as it is: these have no places."""
    return source


@pytest.fixture
def results() -> TrainingResults:
    return read_results(FakeLessonBook(few_runs()), lessons(4))


# --- who did what -------------------------------------------------------------------------------------


def test_each_trainee_is_one_row_with_a_mark_for_each_lesson(results: TrainingResults) -> None:
    asha, vikram, other = results.trainees
    assert asha.trainee == "Asha Rao"
    assert asha.marks == (Mark.FINISHED, Mark.FINISHED, Mark.NOT_BEGUN, Mark.NOT_BEGUN)
    assert (asha.finished, asha.tries, asha.left, asha.mistakes, asha.hints) == (2, 2, 0, 3, 3)
    assert asha.milliseconds == 32_000 + 119_500
    assert vikram.marks == (Mark.FINISHED, Mark.NOT_BEGUN, Mark.LEFT, Mark.NOT_BEGUN)
    assert (vikram.finished, vikram.left) == (1, 1)
    assert other.marks == (Mark.NOT_BEGUN,) * 4  # the lesson is not here any more; the try still counts
    assert other.tries == 1


def test_what_is_only_watched_is_no_lesson_to_be_done() -> None:
    results = TrainingResults((lesson(0, "Watch four customers"), lesson(1)), (run(),))
    assert [one.number for one in results.lessons] == [1]
    assert results.trainees[0].marks == (Mark.FINISHED,)


def test_a_lesson_left_and_finished_later_is_finished() -> None:
    tries = (run(minutes_ago=1), run(left=True, minutes_ago=5))
    assert TrainingResults(lessons(1), tries).trainees[0].marks == (Mark.FINISHED,)


def test_tries_are_filtered_by_trainee_and_by_lesson(results: TrainingResults) -> None:
    assert results.of() == results.runs
    assert {one.trainee for one in results.of("Asha Rao")} == {"Asha Rao"}
    assert [one.trainee for one in results.of(lesson_id="lesson-1")] == ["Asha Rao", "Vikram Shah"]
    assert len(results.of("Vikram Shah", "lesson-1")) == 1
    assert results.of("Nobody") == ()
    one = results.only("Vikram Shah")
    assert [row.trainee for row in one.trainees] == ["Vikram Shah"]
    assert one.best == results.best


def test_the_best_of_a_lesson_is_the_shortest_without_mistake_or_hint(results: TrainingResults) -> None:
    assert results.best_of_lesson == {"lesson-1": 32_000, "lesson-of-before": 3_000}
    quicker = TrainingResults(lessons(1), (*few_runs(), run(seconds=(1, 1), left=True), run(seconds=(30, 1))))
    assert quicker.best_of_lesson["lesson-1"] == 31_000


def test_steps_stand_in_the_lessons_order_beside_the_shops_best(results: TrainingResults) -> None:
    helped = results.of("Asha Rao", "lesson-2")[0]
    steps = results.steps(helped)
    # Lesson 2 has six steps, four were recorded.
    assert [step.name for step in steps] == [f"step-{place}" for place in range(1, 7)]
    assert [step.taken is None for step in steps] == [False] * 4 + [True] * 2
    (known, times), *_ = steps[0].mistakes
    assert times == 2
    assert not isinstance(known, str)
    assert known.name == "not-her"
    assert steps[2].mistakes == (("gone-from-the-lesson", 1),)
    assert steps[1].best == 15_500
    assert steps[0].best is None
    assert [(step.name, step.step) for step in results.steps(results.runs[-1])] == [("step-1", None)]


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("turned", [False, True])
def test_rows_are_ordered_and_none_is_lost(order: Order, *, turned: bool, results: TrainingResults) -> None:
    people = trainees_by(results.trainees, order, turned=turned)
    assert sorted(one.trainee for one in people) == sorted(one.trainee for one in results.trainees)
    runs = runs_by(results, results.runs, order, turned=turned)
    assert sorted(map(repr, runs)) == sorted(map(repr, results.runs))


def test_orders_begin_with_what_a_trainer_looks_for(results: TrainingResults) -> None:
    def names(order: Order, *, turned: bool = False) -> list[str]:
        return [one.trainee for one in trainees_by(results.trainees, order, turned=turned)]

    assert names(Order.TRAINEE) == [HOSTILE, "Asha Rao", "Vikram Shah"]
    assert names(Order.TRAINEE, turned=True) == ["Vikram Shah", "Asha Rao", HOSTILE]
    assert names(Order.FINISHED) == ["Asha Rao", "Vikram Shah", HOSTILE]
    assert names(Order.MISTAKES)[0] == "Asha Rao"
    assert names(Order.HINTS)[0] == "Asha Rao"
    assert names(Order.TIME, turned=True)[0] == HOSTILE
    assert names(Order.LAST)[-1] == HOSTILE
    by_lesson = runs_by(results, results.runs, Order.LESSON)
    assert [one.lesson_id for one in by_lesson][:2] == ["lesson-1"] * 2
    assert by_lesson[-1].lesson_id == "lesson-of-before"
    assert runs_by(results, results.runs, Order.MISTAKES)[0].mistakes == 3
    assert runs_by(results, results.runs, Order.HINTS)[0].hints == 3
    assert runs_by(results, results.runs, Order.TIME)[0].milliseconds == 119_500
    assert runs_by(results, results.runs, Order.FINISHED)[-1].ended is Ended.LEFT
    assert runs_by(results, results.runs, Order.TRAINEE)[0].trainee == HOSTILE
    assert runs_by(results, results.runs, Order.LAST, turned=True)[0].trainee == HOSTILE


def test_what_would_be_forgotten_is_counted(results: TrainingResults) -> None:
    assert results.loss() == Loss(trainees=3, runs=5, finished=4)
    assert results.loss("Vikram Shah") == Loss(trainees=1, runs=2, finished=1)
    assert results.loss("Nobody") == Loss(0, 0, 0)


# --- in words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [(0, "0:00"), (499, "0:00"), (500, "0:01"), (59_600, "1:00"), (92_000, "1:32"), (7_510_000, "2:05:10")],
)
def test_times_are_minutes_and_seconds(milliseconds: int, said: str) -> None:
    assert duration(milliseconds, WORDING) == said


def test_rows_have_a_cell_for_each_column(results: TrainingResults) -> None:
    asha = people_row(results.trainees[0], 4, WORDING, NOW)
    assert len(asha) == len(people_columns(WORDING, 4))
    assert asha == ("Asha Rao", "2 of 4 finished", "2 of 4", "2:32", "3", "3", "14:58")
    vikram = people_row(results.trainees[1], 4, WORDING, NOW)
    assert vikram[1] == "1 of 4 finished, 1 begun"
    left = run_row(results.of("Vikram Shah", "lesson-3")[0], results, fill, WORDING, NOW)
    assert len(left) == len(run_columns(WORDING))
    assert left == ("Vikram Shah", "3. Bill and redemption", "1:01", "0", "1", "Not finished", "14:10")
    before = run_row(results.runs[-1], results, fill, WORDING, NOW)
    assert before[1] == "lesson-of-before"
    assert before[-1] == "21 Nov 13:00"
    assert summary(results, WORDING).full == "3 trainees, 5 tries, 1 not finished"


def test_one_try_says_each_step_each_mistake_and_the_shops_best(results: TrainingResults) -> None:
    words = run_words(results.of("Asha Rao", "lesson-2")[0], results, fill, WORDING, NOW)
    assert words.title.full == "Asha Rao: 2. Phone number"
    assert words.about.full == "14:54, Finished, 2:00, 3 mistakes, 3 hints"
    first, second, third, *_, last = words.steps
    assert first.say == "1. Priya holds up her code: scan it."
    assert [note.sentence.full for note in first.notes] == [
        "2 times: That is somebody else. Press Esc and scan her code.",
        "1 hint",
    ]
    assert (second.time, second.best, second.share) == ("0:16", "0:16", 15.5 / 64)
    assert third.notes[0].sentence.full == "gone-from-the-lesson"
    assert third.share == 1
    assert (last.time, last.share, last.notes[-1].sentence.full) == (NOTHING, None, "Not reached")
    assert "shop's best 0:16" in second.spoken
    left = run_words(results.of("Vikram Shah", "lesson-3")[0], results, fill, WORDING, NOW)
    assert "Not finished" in left.about.full
    assert left.steps[1].notes[-1].sentence.full == "Left here"
    best = run_words(results.of("Vikram Shah", "lesson-1")[0], results, fill, WORDING, NOW)
    assert "shop's best 0:32" in best.about.full


def test_forgetting_says_first_what_is_lost(results: TrainingResults) -> None:
    one = forget_words(results.loss("Vikram Shah"), "Vikram Shah", WORDING)
    assert one.title.full == "Forget what Vikram Shah did?"
    assert one.rows[0].sentence.full == "Vikram Shah: 2 tries, 1 lesson finished"
    assert one.sure.full == "Forget 2 tries"
    everybody = forget_words(results.loss(), "", WORDING)
    assert everybody.rows[0].sentence.full == "3 trainees, 5 tries, 4 lessons finished"
    assert everybody.sure.full == "Forget everything"
    assert (
        forgotten_words(results.loss(), WORDING).full == "Forgotten: 3 trainees, 5 tries, 4 lessons finished"
    )


def test_an_empty_book_has_words_too() -> None:
    empty = TrainingResults(lessons(), ())
    assert empty.trainees == ()
    assert summary(empty, WORDING).full == "0 trainees, 0 tries"
    assert nothing_yet(WORDING, filtered=False)[0].sentence.full.startswith("Nobody")
    assert len(nothing_yet(WORDING, filtered=True)) == 1
    assert {order_words(order, WORDING).full for order in Order} & {"Latest first", "By name"}


# --- files --------------------------------------------------------------------------------------------


def table(results: TrainingResults) -> list[dict[str, str]]:
    text = results_csv(results, fill).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_a_row_for_each_try_and_step_and_says_training_in_each(
    results: TrainingResults,
) -> None:
    rows = table(results)
    assert tuple(rows[0]) == ("TRAINING", *HEADER)
    assert {row["TRAINING"] for row in rows} == {"TRAINING: nothing here is real"}
    assert sum(row["rows"] == "try" for row in rows) == 5
    first = rows[0]
    assert (first["trainee"], first["lesson"], first["title"]) == ("Asha Rao", "lesson-1", "First scan")
    assert (first["begun_at"], first["ended"], first["seconds"]) == (
        "2026-11-22T09:28:00+00:00",
        "finished",
        "32.000",
    )
    helped = [row for row in rows if row["lesson"] == "lesson-2" and row["rows"] == "step"]
    assert helped[0]["which"] == "2 x That is somebody else. Press Esc and scan her code."
    assert (helped[0]["mistakes"], helped[0]["hints"], helped[0]["best_seconds"]) == ("2", "1", "")
    assert [row["ended"] for row in helped] == ["done"] * 4 + ["not reached"] * 2
    assert helped[-1]["seconds"] == ""


def test_no_name_is_a_formula_in_a_spreadsheet(results: TrainingResults) -> None:
    names = {row["trainee"] for row in table(results)}
    assert f"'{HOSTILE}" in names
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table(results) for cell in row.values())


def test_the_document_says_the_same(results: TrainingResults) -> None:
    found = json.loads(results_json(results, fill))
    assert found["training"] is True
    assert "TRAINING" in found["mark"]
    assert found["trainees"][0]["finished"] == ["lesson-1", "lesson-2"]
    assert found["trainees"][1]["begun"] == ["lesson-3"]
    assert len(found["runs"]) == 5
    assert sum(Decimal(step["seconds"]) for step in found["runs"][0]["steps"] if step["seconds"]) == Decimal(
        32
    )


def test_the_sheet_is_marked_and_tells_every_try(results: TrainingResults) -> None:
    sheet = results_sheet(results, "Marigold Stores", fill, WORDING, NOW)
    assert sheet.marks == ("TRAINING: nothing here is real",)
    people, steps, tries = sheet.parts
    assert [line.name for line in people.lines] == ["Asha Rao", "Vikram Shah", HOSTILE]
    assert len(steps.lines) == 4
    entries = tries.entries
    assert len(entries) == 5
    assert "2 times: That is somebody else." in entries[1].detail
    assert "2026" in entries[0].detail
    one = results_sheet(results.only("Vikram Shah"), "Shop", fill, WORDING, NOW, trainee="Vikram Shah")
    assert any(fact.value == "Vikram Shah" for fact in one.facts)
    nothing = results_sheet(TrainingResults(lessons(), ()), "Shop", fill, WORDING, NOW)
    assert nothing.remarks


def test_a_sheet_of_very_many_tries_says_how_many_it_leaves_out() -> None:
    of = lessons(3)
    sheet = results_sheet(TrainingResults(of, many_runs(200, of)), "Shop", fill, WORDING, NOW)
    tries = sheet.parts[-1]
    assert isinstance(tries, SheetList)
    assert len(tries.entries) == MOST_PRINTED
    assert tries.more == "100 more tries stand in the exported table only."


def test_the_pdf_has_room_for_long_names_and_other_scripts() -> None:
    of = lessons(3)
    runs = many_runs(14, of)
    book = TrainingResults(of, runs, best_of(runs))
    assert {LONGEST, ARABIC} <= {one.trainee for one in book.trainees}
    made = close_pdf(results_sheet(book, "Marigold Stores", fill, WORDING, NOW), compressed=False)
    assert made.startswith(b"%PDF")
    pages = made.count(b"/Type /Page\n")
    assert pages >= 2
    # White on a black bar at the top of each page: the mark.
    assert made.count(b" re f") >= pages
