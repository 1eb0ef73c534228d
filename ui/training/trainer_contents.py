"""What the trainer's view shows at each place: title, table or rows, and what the rows stand for."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from cashier_app.ports.practice import LessonRun
from cashier_app.services.training_results import Loss, Order, TrainingResults
from cashier_app.wording import trainer as words_of
from cashier_app.wording import trainer_run as run_words_of
from cashier_app.wording.sentences import Row, Sentence
from cashier_app.wording.trainer_run import RunWords
from ui.training.result_model import ResultRows
from ui.training.trainer_rows import Voice, find_rows, people_rows, run_rows


class Shown(Enum):
    """What the page shows."""

    PEOPLE = "people"
    TRIES = "tries"
    RUN = "run"
    FIND_TRAINEE = "find trainee"
    FIND_LESSON = "find lesson"
    FORGET = "forget"


LISTS = frozenset({Shown.PEOPLE, Shown.TRIES})
FINDING = frozenset({Shown.FIND_TRAINEE, Shown.FIND_LESSON})


_PEOPLE_ORDERS = (Order.LAST, Order.TRAINEE, Order.FINISHED, Order.TIME, Order.MISTAKES, Order.HINTS)
_ORDERS = {Shown.PEOPLE: _PEOPLE_ORDERS, Shown.TRIES: (*_PEOPLE_ORDERS, Order.LESSON)}


class Orders:
    """What each list is ordered by."""

    def __init__(self) -> None:
        self._chosen: dict[Shown, tuple[Order, bool]] = {}

    def of(self, shown: Shown) -> tuple[Order, bool]:
        """Return what a list is ordered by, and whether the other way round."""
        return self._chosen.get(shown, (Order.LAST, False))

    def take(self, shown: Shown, order: Order) -> None:
        """Order a list by this; by this already, the other way round."""
        before, turned = self.of(shown)
        self._chosen[shown] = (order, not turned if order is before else False)

    def after(self, shown: Shown) -> Order:
        """Return the order that follows a list's own."""
        orders = _ORDERS.get(shown, _PEOPLE_ORDERS)
        return orders[(orders.index(self.of(shown)[0]) + 1) % len(orders)]


class Place(Struct, frozen=True):
    """Where the page is.

    Args:
        trainee: Whose tries are wanted; None for everybody's.
        lesson_id: Of which lesson; empty for all.
        typed: What is looked for.
        run: The try that is open.
        order: What a list is ordered by; `turned` the other way round.
    """

    shown: Shown
    trainee: str | None = None
    lesson_id: str = ""
    typed: str = ""
    run: LessonRun | None = None
    order: Order = Order.LAST
    turned: bool = False

    def is_filtered(self) -> bool:
        """Say whether one trainee or one lesson was chosen."""
        return self.trainee is not None or bool(self.lesson_id)

    def is_inner(self) -> bool:
        """Say whether Esc leads to another place of the page, and not away."""
        return self.shown not in LISTS or (self.shown is Shown.TRIES and self.is_filtered())


class Contents(Struct, frozen=True):
    """What is shown.

    Args:
        title: None for the page's own.
        people: Whom the rows of the table stand for; or `runs`, the tries; or `found`, with None for all.
        sure: What the button says that cannot be taken for another.
    """

    title: Sentence | None = None
    about: Sentence | None = None
    table: ResultRows | None = None
    people: tuple[str, ...] = ()
    runs: tuple[LessonRun, ...] = ()
    found: tuple[str | None, ...] = ()
    rows: tuple[Row, ...] = ()
    run: RunWords | None = None
    sure: Sentence | None = None


def contents_of(results: TrainingResults, place: Place, voice: Voice) -> Contents:
    """Return what a place of the page shows."""
    made = _contents(results, place, voice)
    if made.table is None or made.table.count:
        return made
    filtered = place.is_filtered() or place.shown in FINDING
    nothing = words_of.nothing_yet(voice.wording, filtered=filtered)
    return Contents(made.title, made.about, made.table, rows=nothing)


def _contents(results: TrainingResults, place: Place, voice: Voice) -> Contents:
    wording = voice.wording
    match place.shown:
        case Shown.PEOPLE:
            names, table = people_rows(results, place.order, voice, turned=place.turned)
            return Contents(None, words_of.summary(results, wording), table, people=names)
        case Shown.TRIES:
            only = results.only(place.trainee, place.lesson_id)
            runs, table = run_rows(results, only.runs, place.order, voice, turned=place.turned)
            return Contents(None, words_of.summary(only, wording), table, runs=runs)
        case Shown.FIND_TRAINEE | Shown.FIND_LESSON:
            lessons = place.shown is Shown.FIND_LESSON
            found, table = find_rows(results, place.typed, voice, lessons=lessons)
            return Contents(words_of.search_title(place.typed, wording), table=table, found=found)
        case Shown.FORGET:
            loss = loss_of(results, place.trainee)
            asked = run_words_of.forget_words(loss, place.trainee or "", wording)
            return Contents(asked.title, rows=asked.rows, sure=asked.sure)
        case _ if place.run is not None:
            run = run_words_of.run_words(place.run, results, voice.fill, wording, voice.now)
            return Contents(run.title, run.about, run=run)
        case _:
            return Contents()


def loss_of(results: TrainingResults | None, trainee: str | None) -> Loss:
    """Return what would be forgotten of one trainee, or of everybody."""
    return Loss(0, 0, 0) if results is None else results.loss(trainee or None)
