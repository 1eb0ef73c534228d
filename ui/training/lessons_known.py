"""What is known of the lessons: all there are, who did what, and which one comes next."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.domain.lesson import Lesson
from cashier_app.ports.practice import LessonRun
from cashier_app.services.lesson_progress import Progress, next_lesson, progress_of


class LessonsKnown(Struct, frozen=True):
    """What a worker read, the newest run first, with runs in it that the book may not have yet."""

    lessons: tuple[Lesson, ...] = ()
    trainees: tuple[str, ...] = ()
    runs: tuple[LessonRun, ...] = ()

    def with_run(self, run: LessonRun) -> LessonsKnown:
        """Return the same with a run just finished: the book may not have it yet; it is done all the same."""
        runs = self.runs if run in self.runs else (run, *self.runs)
        return LessonsKnown(self.lessons, self.trainees, runs)

    def after(self, before: LessonsKnown) -> LessonsKnown:
        """Return what was read now, with what was known before and is not in the book yet."""
        kept = [run for run in before.runs if run not in self.runs and before.lessons]
        return LessonsKnown(self.lessons, self.trainees, (*kept, *self.runs))

    def ordered(self) -> list[Lesson]:
        """Return the lessons by their numbers."""
        return sorted(self.lessons, key=lambda lesson: lesson.number)

    def done(self, trainee: str) -> dict[str, Progress]:
        """Return how far somebody got, by lesson."""
        return progress_of(self.runs, trainee)

    def onward(self, trainee: str, finished: Lesson | None) -> Lesson | None:
        """Return the lesson that comes next, behind the one just finished; None where every one is done."""
        taught = [lesson for lesson in self.lessons if lesson.number > 0]
        return next_lesson(taught, self.done(trainee), finished.lesson_id if finished is not None else "")
