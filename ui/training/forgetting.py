"""Forgetting what trainees did, and taking it back for as long as a toast offers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from cashier_app.ports.practice import LessonRun
from cashier_app.services.training_results import Loss, TrainingResults
from cashier_app.wording import Wording
from cashier_app.wording import trainer as words_of
from cashier_app.wording import trainer_run as run_words_of
from ui.accessibility import announce
from ui.asking import Asking
from ui.training.trainer import Books
from ui.widgets.toast import Toast

UNDO_MS = 10_000


class Forgetting(QObject):
    """What is gone is kept in memory until the toast goes.

    Args:
        books: Forget and restore on a worker.
        wording: Returns the page's voice.
    """

    forgotten = Signal()
    restored = Signal()

    def __init__(
        self, books: Books, asking: Asking, toast: Toast, wording: Callable[[], Wording], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._books, self._asking, self._toast, self._wording = books, asking, toast, wording
        self._gone: Sequence[LessonRun] = ()
        toast.acted.connect(self.take_back)
        toast.expired.connect(self.let_go)

    def can_take_back(self) -> bool:
        """Say whether something is kept."""
        return bool(self._gone)

    def forget(self, trainee: str, loss: Loss) -> None:
        """Forget one trainee's tries, or everything for an empty name; `loss` says how much that is."""
        self.let_go()
        self._asking.ask(lambda: self._books.forget(trainee), lambda gone: self._forgot(gone, loss))

    def take_back(self) -> None:
        """Write down again what was forgotten last."""
        gone, self._gone = self._gone, ()
        if gone:
            self._toast.hide()
            self._asking.ask(lambda: self._books.restore(gone), lambda _: self._came_back(gone))

    def let_go(self) -> None:
        """Keep nothing any more."""
        self._gone = ()

    def _forgot(self, gone: Sequence[LessonRun], loss: Loss) -> None:
        self._gone = gone
        wording = self._wording()
        words = run_words_of.forgotten_words(loss, wording)
        undo = words_of.trainer_words(wording).undo.full
        self._toast.show_words(words.full, short=words.short, action=undo, key="U", life_ms=UNDO_MS)
        announce(self._toast, words.full)
        self.forgotten.emit()

    def _came_back(self, gone: Sequence[LessonRun]) -> None:
        said = run_words_of.restored_words(TrainingResults((), gone).loss(), self._wording())
        self._toast.show_words(said.full, short=said.short)
        announce(self._toast, said.full)
        self.restored.emit()
