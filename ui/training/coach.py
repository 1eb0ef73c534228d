"""The coach: joins lessons to the window, the strip below the till and the page of lessons."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal

from cashier_app.domain.lesson import HoldUp, HoldUpReceipt, Lesson, TypePin
from cashier_app.domain.money import Currency
from cashier_app.errors import KnownError
from cashier_app.lesson_opening import LessonRoom
from cashier_app.ports.practice import LessonPerson
from cashier_app.ports.runner import Runner
from cashier_app.services.lesson_view import LessonStage, LessonView
from cashier_app.wording.coach import CoachAct, CoachWords, coach_words, help_keys, locked_words, with_staged
from cashier_app.wording.lessons import lesson_filler
from cashier_app.wording.lessons_page import Extra
from cashier_app.wording.sentences import Sentence
from ui.main_window import MainWindow
from ui.training.coach_keys import CoachKeys
from ui.training.coach_strip import CoachStrip
from ui.training.demonstration import Demonstration, Pace
from ui.training.hands import Hands, Steps
from ui.training.holding_up import HoldsUp
from ui.training.watching import Watching

logger = logging.getLogger(__name__)

TICK_MS = 250
_REMARK_MS = 6_000


class Teaching(Struct, frozen=True):
    """What lessons need besides the window.

    Args:
        room: Player, facts, practice and book.
        currency: What the lessons' amounts are counted in.
        pins: Reads the PINs of the practice shop's staff, by staff id; for workers.
    """

    room: LessonRoom
    currency: Currency
    pins: Callable[[], Mapping[str, str]] = dict


class Coach(QObject):
    """Shows the lesson, hands on what is asked of it, and plays lessons by itself.

    Args:
        window: The practice till's.
        runner: Takes what may wait off this thread.
        pace: How slowly a lesson is shown.
    """

    finished = Signal(object)  # the LessonView of a lesson just done, or shown to its end
    left = Signal()  # a lesson was left

    def __init__(self, window: MainWindow, teaching: Teaching, runner: Runner, *, pace: Pace) -> None:
        super().__init__(window)
        self._window, self._teaching, self._runner, self._pace = window, teaching, runner, pace
        self.room = teaching.room
        self.hands = Hands(window, pace.finger_ms)
        self.watching = Watching(window, self.room.facts)
        self.holds_up: HoldsUp | None = None
        self.open_lessons: Callable[[], None] | None = None
        self.extras: dict[Extra, Callable[[], None]] = {}
        self.more: dict[CoachAct, Callable[[], None]] = {}  # what others do when it is asked for
        self.staged: Callable[[], str] = str
        """Says what somebody lets go wrong without a lesson; empty while nothing does."""
        self.people: Mapping[str, LessonPerson] = {}
        self.showing: Demonstration | None = None
        self._hint_last = False
        self._held_up = False
        self.choosing: Callable[[], CoachWords | None] = lambda: None
        """Says what stands in the strip while the page of lessons is open, else None."""
        self._before = self.room.player.view
        self.strip = CoachStrip(self._words(), window)
        self.strip.asked.connect(lambda act: self.act((act,)))
        window.stand_on(self.strip)
        self.strip.show()
        self.keys = CoachKeys(window, self.act)
        window.help.more = lambda: help_keys(self.strip.words())
        self.room.player.subscribe(self._follow)
        window.view_shown.connect(self.refresh)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        runner.run(self.room.practice.people, self._know, self._failed)

    # --- lessons ------------------------------------------------------------------------------------

    def begin(self, lesson: Lesson, trainee: str) -> None:
        """Begin a lesson."""
        self._stop_showing()
        self._clear_window()
        self.room.player.begin(lesson, trainee)

    def show(
        self,
        lesson: Lesson,
        *,
        before: Callable[[], Steps] | None = None,
        took: Callable[[str], Steps] | None = None,
    ) -> Demonstration:
        """Play a lesson by itself, with captions; nothing of it is recorded. See `Demonstration`."""
        self._stop_showing()
        pins = self._teaching.pins
        made = Demonstration(
            lesson, self.room, self.hands, self._runner, self._pace, pins, self, before=before, took=took
        )
        self.showing = made
        made.ended.connect(self._shown)
        made.start()
        self.refresh()
        return made

    def leave(self) -> None:
        """Leave the lesson, and whatever is shown of it."""
        self._stop_showing()
        self._stop_asking()
        self.room.player.leave()

    def close(self) -> None:
        """Stop the clock, and whatever is shown."""
        self._clock.stop()
        if self.showing is not None:
            self.showing.stop()
            self.showing = None

    # --- what is asked of it ------------------------------------------------------------------------

    def act(self, acts: Sequence[CoachAct]) -> bool:
        """Do the first of these that can be done now; say whether one could."""
        offered = {one.act for one in self.strip.words().acts}
        wanted = next((act for act in acts if act in offered), None)
        if wanted is None:
            return False
        {
            CoachAct.HINT: self._hint,
            CoachAct.SHOW_CODE: self._show_code,
            CoachAct.SCAN: self._scan,
            CoachAct.AGAIN: self._again,
            CoachAct.LEAVE: self._leave_for_lessons,
            CoachAct.LESSONS: self._leave_for_lessons,
            **self.more,
        }[wanted]()
        return True

    def _hint(self) -> None:
        self.room.player.ask_hint()
        self._hint_last = True  # also where it stood there before a mistake took its place
        self.refresh()

    def _again(self) -> None:
        self._clear_window()
        self.room.player.again()

    def _clear_window(self) -> None:
        """Let nothing lie over the till that the last try left there."""
        self._stop_asking()
        self._window.drawers.close()

    def _stop_asking(self) -> None:
        """Take the question for a PIN away: what it was asked for is over."""
        gate = self._window.gate
        if gate is not None and not gate.covers():
            gate.desk.cancel()

    def _leave_for_lessons(self) -> None:
        self.leave()
        self.left.emit()
        if self.open_lessons is not None:
            self.open_lessons()

    def _scan(self) -> None:
        held_up = self._wanted_code()
        if held_up is not None:
            self._with_text(held_up, self.hands.burst)

    def _show_code(self) -> None:
        held_up, holds_up = self._wanted_code(), self.holds_up
        if isinstance(held_up, HoldUp) and holds_up is not None:
            self._held_up = True
            self._with_text(held_up, lambda text: holds_up.hold_up(held_up, text))
        elif held_up is None and Extra.MATERIAL in self.extras:
            self.extras[Extra.MATERIAL]()

    def _wanted_code(self) -> HoldUp | HoldUpReceipt | None:
        step = self.room.player.view.step
        return step.held_up if step is not None else None

    def _with_text(self, held_up: HoldUp | HoldUpReceipt, then: Callable[[str], None]) -> None:
        place = self.room.player.view.place

        def came(text: str) -> None:
            # Whoever was quicker has scanned it by now.
            if self.room.player.view.place == place and self._wanted_code() == held_up:
                then(text)

        self._runner.run(lambda: self.room.practice.text_of(held_up), came, self._failed)

    # --- what it shows ------------------------------------------------------------------------------

    def refresh(self, _: object = None) -> None:
        """Say what is true now, in the voice of the till."""
        self.strip.show_words(self._words())

    def sentence(self, text: str) -> str:
        """Return a lesson's sentence in the voice of the till, its places filled in."""
        wording = self._window.screen_of_till.wording()
        return lesson_filler(self.people, self._teaching.currency, wording)(text)

    def _words(self) -> CoachWords:
        gate = self._window.gate
        if gate is not None and gate.covers() and not self._wants_pin():
            return locked_words(self._window.screen_of_till.wording())
        chosen = self.choosing()
        if chosen is not None:
            return with_staged(chosen, self.staged())
        return coach_words(
            self.room.player.view,
            self._window.screen_of_till.wording(),
            self.sentence,
            playing=self.showing is not None,
            hint_last=self._hint_last,
            shows_codes=self._shows_codes(),
            plays=CoachAct.FREE_PLAY in self.more,
            staged=self.staged(),
        )

    def _wants_pin(self) -> bool:
        """Return whether signing in is what the step is about."""
        step = self.room.player.view.step
        return step is not None and any(isinstance(hand, TypePin) for hand in step.do)

    def _shows_codes(self) -> bool:
        if self.room.player.view.stage is LessonStage.NONE:
            return Extra.MATERIAL in self.extras
        return self.holds_up is not None and isinstance(self._wanted_code(), HoldUp)

    def _follow(self, view: LessonView) -> None:
        before, self._before = self._before, view
        if view.remarks > before.remarks or view.place != before.place:
            self._hint_last = False
        if view.hint and not before.hint:
            self._hint_last = True
        if self._held_up and (view.place != before.place or view.stage is not before.stage):
            self._put_away()
        self.refresh()
        if view.stage is LessonStage.FINISHED and before.stage is not LessonStage.FINISHED:
            self.finished.emit(view)

    def _tick(self) -> None:
        self.watching.look()
        self.room.player.tick()
        self.refresh()

    def _put_away(self) -> None:
        self._held_up = False
        if self.holds_up is not None:
            self.holds_up.put_away()

    def _know(self, people: Mapping[str, LessonPerson]) -> None:
        self.people = people
        self.refresh()

    def _shown(self, fault: str) -> None:
        if fault:
            logger.warning("a lesson could not be shown to its end: %s", fault)
        self.showing = None
        self.refresh()

    def _stop_showing(self) -> None:
        if self.showing is not None:
            self.showing.stop()
            self.showing = None
            self.refresh()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            logger.error("the practice shop failed the coach", exc_info=error)
            return
        self._window.screen_of_till.who.remark(Sentence.of(error.sentence), life_ms=_REMARK_MS)
