"""The till's own page of the loyalty system, opened at the form of one kind, beside the steps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from cashier_app.ports.clock import SystemClock
from cashier_app.ports.runner import Runner
from cashier_app.wording import Wording
from cashier_app.wording.first_run_pages import passphrase_wanted
from ui.backend_setup import BackendFacts
from ui.screens.backend_buttons import BackendPage
from ui.screens.backend_drawer import BackendDrawer
from ui.screens.backend_form import PASSPHRASE
from ui.theme.motion import STILL
from ui.wizard.backend_of_answers import BackendOfAnswers, NobodyYet


class BackendForm(BackendDrawer):
    """Closes when what was tried out is kept. It has all of the window but the steps."""

    kept = Signal()
    ground = "bg"

    def __init__(
        self,
        setup: BackendOfAnswers,
        wording: Wording,
        *,
        kind: str,
        runner: Runner,
        parent: QWidget | None = None,
    ) -> None:
        self._wanted = kind
        super().__init__(
            setup,
            wording,
            runner=runner,
            clock=SystemClock(),
            motion=STILL,
            approvals=NobodyYet(),
            parent=parent,
        )

    def panel_width(self) -> int:
        """Take all there is."""
        return self.width()

    def go_back(self) -> None:
        """Go back to where a kind is chosen; what was typed is given up only the second time."""
        if self.page is BackendPage.FORM and self.form.is_changed() and not self._leaving:
            super().go_back()
        else:
            self.close_drawer()

    def keep(self) -> None:
        """Keep what was tried out, under a passphrase where this computer needs one."""
        wanted = self._facts is not None and self._facts.wants_passphrase
        if wanted and self._tried is not None and not self.form.typed().get(PASSPHRASE):
            self.form.focus(PASSPHRASE)
            self._tell(passphrase_wanted(self._wording))
            return
        super().keep()

    def _fail(self, sentence: str) -> None:
        """Say it, with the focus in the form: what was disabled meanwhile gave it to the way out."""
        super()._fail(sentence)
        stops = self.form.stops()
        if stops and self.focusWidget() not in stops:
            stops[-1 if self._tried is not None else 0].setFocus(Qt.FocusReason.TabFocusReason)

    def _came(self, facts: BackendFacts | None) -> None:
        super()._came(facts)
        if facts is not None:
            self._facts = facts
            self._fill(facts.kind(self._wanted), current=self._wanted == facts.current)

    def _kept(self) -> None:
        self.form.clear()
        self.close_drawer()
        self.kept.emit()
