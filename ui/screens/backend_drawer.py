"""The loyalty system: what it can do here, trying it out, choosing another, entering its credentials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from cashier_app.backend_setup import Draft, TriedOut
from cashier_app.domain.staff import Right
from cashier_app.ports.clock import Clock
from cashier_app.ports.credentials import Secret
from cashier_app.ports.runner import Runner
from cashier_app.services.approval import Approval, ApprovalAsked, Approvals, Matter, TypedNames
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.backend_page import (
    busy_row,
    kinds_title,
    leave_row,
    locked_row,
    manager_wanted_row,
    page_words,
    reading_row,
    saved_row,
    scan_not_used_here,
    trouble_row,
    try_first_row,
    unlocked_row,
)
from cashier_app.wording.backends import may_be_kept
from cashier_app.wording.sentences import Row
from ui.accessibility import announce
from ui.asking import Asking
from ui.backend_setup import BackendFacts, BackendSetup, KindFacts
from ui.key_words import Where
from ui.screens.backend_buttons import BUTTON, BackendButtons, BackendPage
from ui.screens.backend_fields import BackendFields
from ui.screens.backend_form import BY, PASSPHRASE, passphrase_field
from ui.screens.backend_rows import kinds_words, last_try_rows, overview_rows, try_rows
from ui.screens.device_choice import DeviceChoice
from ui.screens.drawer import Drawer
from ui.theme.motion import Motion
from ui.widgets.form_fields import FormFields
from ui.widgets.row_list import RowList


class BackendDrawer(Drawer):
    """Everything that asks a disk, a key store or the network goes through the runner; nothing here waits.

    Args:
        setup: The loyalty system of this till.
        runner: Takes the blocking calls off this thread.
        clock: Says when something was tried.
        approvals: Where people sign in, the PIN of somebody who may; a typed name when not given.
    """

    page = BackendPage.OVERVIEW
    for_managers = True
    only_unlocks = False  # whether it goes once the passphrase was typed: nobody signed in yet

    def __init__(
        self,
        setup: BackendSetup,
        wording: Wording,
        *,
        runner: Runner,
        clock: Clock,
        motion: Motion,
        approvals: Approvals | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._approvals = approvals or TypedNames()
        self._setup, self._wording, self._clock = setup, wording, clock
        self._facts: BackendFacts | None = None
        self._tried: tuple[Draft, TriedOut] | None = None
        self._last: tuple[datetime, TriedOut] | None = None
        self._said: tuple[Row, ...] = ()
        self._leaving = False
        self._asking = Asking(runner, self._show_buttons, self._fail)
        self.close_button.clicked.disconnect()
        self.close_button.clicked.connect(self.go_back)
        self.rows = RowList(self._panel)
        self.choice = DeviceChoice(self._panel)
        self.choice.chosen.connect(self._choose_kind)
        self.choice.action.hide()
        self.form = FormFields(self._panel)
        self.form.changed.connect(self._typed)
        self.fields = BackendFields(self.form, self._approvals)
        self.results = RowList(self._panel)
        self.buttons = BackendButtons(self._panel)
        self.buttons.connect(
            check=self.try_now,
            another=lambda: self._show_page(BackendPage.KINDS),
            change=self._change,
            test=self.try_out,
            save=self.keep,
            open_up=self.unlock,
        )
        self._show_page(BackendPage.OVERVIEW)

    @property
    def where(self) -> Where:  # type: ignore[override]
        """Return what the keys mean: in a form they are typed."""
        on_form = self.page in {BackendPage.FORM, BackendPage.UNLOCK}
        return Where.BACKEND_FORM if on_form else Where.BACKEND

    # --- what the window asks ---------------------------------------------------------------------

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._show()

    def open_drawer(self) -> None:
        """Slide in and read what is set up; where it is locked, ask for the passphrase first."""
        self._tried = None
        self._show_page(BackendPage.UNLOCK if self.only_unlocks else BackendPage.OVERVIEW)
        if self._facts is None and not self.only_unlocks:
            self._said = (reading_row(self._wording),)
            self._show()
        super().open_drawer()
        if not self.only_unlocks:
            self._asking.ask(self._read, self._came)

    def close_drawer(self) -> None:
        """Go away; what was typed is forgotten at once."""
        if not self.isHidden():
            self.only_unlocks = False
            self._asking.forget()
            self.form.clear()
            self._show_page(BackendPage.OVERVIEW)
            super().close_drawer()

    def go_back(self) -> None:
        """Do what Esc does: a page back, then away. What was typed is given up only the second time."""
        match self.page:
            case BackendPage.FORM:
                if self.form.is_changed() and not self._leaving:
                    self._leaving = True
                    self._tell(leave_row(self._wording))
                    return
                self.form.clear()
                self._show_page(BackendPage.OVERVIEW)
            case BackendPage.KINDS:
                self._show_page(BackendPage.OVERVIEW)
            case BackendPage.OVERVIEW | BackendPage.UNLOCK:
                self.close_drawer()

    def refuse_scan(self) -> bool:
        """Say that a scan is not used here; return whether that is so."""
        if self.isHidden():
            return False
        self._tell(scan_not_used_here(self._wording))
        return True

    def first_focus(self) -> QWidget:
        """Return what a page begins with."""
        match self.page:
            case BackendPage.FORM | BackendPage.UNLOCK:
                return next(iter(self.form.stops()), self.close_button)
            case BackendPage.KINDS if self.choice.rows():
                return self.choice.first_focus()
            case _:
                return self.buttons.check

    # --- keys -------------------------------------------------------------------------------------

    def choose(self, character: str) -> None:
        """Take the kind with this digit, or press the button with this letter."""
        if self.page is BackendPage.KINDS:
            self.choice.choose(character)
            return
        self.buttons.press(character)

    def next_row(self) -> None:
        """Mark the kind below, or scroll."""
        self._move(+1)

    def previous_row(self) -> None:
        """Mark the kind above, or scroll."""
        self._move(-1)

    def open_row(self) -> None:
        """Do what Enter does: the next field, or what is marked."""
        focus = self.focusWidget()
        if isinstance(focus, QLineEdit):
            stops = self.form.stops()
            at = stops.index(focus) + 1 if focus in stops else len(stops)
            if self.page is BackendPage.UNLOCK:
                self.unlock()
            elif at < len(stops) and not self.fields.is_last_needed(focus):
                stops[at].setFocus(Qt.FocusReason.TabFocusReason)
            else:
                self.try_out()
        elif isinstance(focus, QAbstractButton) and focus.isEnabled():
            focus.click()

    # --- what is done -----------------------------------------------------------------------------

    def try_now(self) -> None:
        """Try out what is set up."""
        self._tell(busy_row(self._wording))
        self._asking.ask(self._setup.try_now, self._tried_now)

    def try_out(self) -> None:
        """Try out what was typed, keeping nothing."""
        draft = self.fields.draft(self._fail)
        if draft is not None and not self._asking.busy:
            self._tell(busy_row(self._wording))
            self._asking.ask(lambda: self._setup.try_out(draft), lambda tried: self._tried_out(draft, tried))

    def keep(self) -> None:
        """Keep what was tried out."""
        if self._tried is None or self._asking.busy:
            return
        if self._approvals.asks_pin:
            self._approvals.ask(ApprovalAsked(Right.SET_UP, Matter.BACKEND), self._keep_by)
            return
        approval = self.fields.approval()
        if approval is None:
            self.form.focus(BY)
            self._tell(manager_wanted_row(self._wording))
            return
        self._keep_by(approval)

    def _keep_by(self, approval: Approval | None) -> None:
        if approval is None or self._tried is None or self.page is not BackendPage.FORM:
            return
        draft, words = self._tried[0], self.fields.new_passphrase()
        self._asking.ask(lambda: self._setup.keep(draft, approval, words), lambda _: self._kept())

    def unlock(self) -> None:
        """Open the secrets with what was typed."""
        typed = next(iter(self.form.typed().values()), "")
        if typed and not self._asking.busy:
            self._asking.ask(lambda: self._setup.unlock(Secret(typed)), lambda _: self._unlocked())

    # --- what comes back --------------------------------------------------------------------------

    def _read(self) -> BackendFacts | None:
        return None if self._setup.locked() else self._setup.facts()

    def _came(self, facts: BackendFacts | None) -> None:
        if facts is None:
            self._show_page(BackendPage.UNLOCK)
            return
        self._facts = facts
        self._said = (trouble_row(facts.trouble),) if facts.trouble else self._last_said()
        self._show()

    def _tried_now(self, tried: TriedOut) -> None:
        self._last = (self._clock.now(), tried)
        self._said = self._last_said()
        announce(self.rows, self._said[0].sentence.full)
        self._show()

    def _last_said(self) -> tuple[Row, ...]:
        """Return what came of the last try of what is set up, with its time."""
        return last_try_rows(self._last, self._facts, self._clock.now(), self._wording)

    def _tried_out(self, draft: Draft, tried: TriedOut) -> None:
        if self._facts is None or self.page is not BackendPage.FORM:
            return
        here, wording = self._facts.here, self._wording
        self._tried = (draft, tried) if may_be_kept(tried.probed, here) else None
        self._tell(*try_rows(tried, here, wording))
        if self._tried is not None:
            named = self._approvals.asks_pin or self.fields.approval() is not None
            (self.buttons.save if named else self.form.edit(BY)).setFocus(Qt.FocusReason.TabFocusReason)

    def _kept(self) -> None:
        self.form.clear()
        if self._tried is not None:
            self._last = (self._clock.now(), self._tried[1])
        self._tried = None
        self._show_page(BackendPage.OVERVIEW)
        self._asking.ask(self._read, self._came_after_keeping)

    def _came_after_keeping(self, facts: BackendFacts | None) -> None:
        self._came(facts)
        self._tell(saved_row(self._wording))

    def _unlocked(self) -> None:
        self.form.clear()
        if self.only_unlocks:
            self.close_drawer()
            return
        self._said = (unlocked_row(self._wording),)
        self._show_page(BackendPage.OVERVIEW)
        self._asking.ask(self._read, self._came_unlocked)

    def _came_unlocked(self, facts: BackendFacts | None) -> None:
        self._came(facts)
        self._tell(unlocked_row(self._wording))

    # --- pages ------------------------------------------------------------------------------------

    def _show_page(self, page: BackendPage) -> None:
        self.page, self._leaving = page, False
        if page is BackendPage.UNLOCK:
            self.form.show_fields([passphrase_field(self._wording)])
            self._said = (locked_row(self._wording),)
        elif page is BackendPage.OVERVIEW and self._facts is not None and not self._facts.trouble:
            self._said = self._last_said()
        self._show()
        if not self.isHidden():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self) -> None:
        if self._facts is not None:
            self._fill(self._facts.kind(self._facts.current), current=True)

    def _choose_kind(self, name: str) -> None:
        if self._facts is not None:
            self._fill(self._facts.kind(name), current=name == self._facts.current)

    def _fill(self, kind: KindFacts, *, current: bool) -> None:
        facts = self._facts
        if facts is None:
            return
        self._tried = None
        self.fields.fill(kind, facts, self._wording, current=current)
        self._said = (try_first_row(self._wording), *(Row("info", Sentence.of(said)) for said in kind.know))
        self._show_page(BackendPage.FORM)

    def _typed(self, name: str) -> None:
        """Note that somebody typed: what was tried out is something else now."""
        self._leaving = False
        if (
            name not in {BY, PASSPHRASE}
            and self.page is BackendPage.FORM
            and (self._tried or self._asking.busy)
        ):
            self._asking.forget()
            self._tried = None
            self._tell(try_first_row(self._wording))

    # --- what is shown ----------------------------------------------------------------------------

    def _fail(self, sentence: str) -> None:
        self._tell(trouble_row(sentence))

    def _tell(self, *rows: Row) -> None:
        self._said = rows
        self._show()
        announce(self.results, rows[0].sentence.full)

    def _show(self) -> None:
        words, page = page_words(self._wording), self.page
        title = words.title
        if page is BackendPage.KINDS:
            title = kinds_title(self._wording)
            self._show_kinds()
        elif page is BackendPage.FORM and self.fields.kind is not None:
            title = Sentence.of(self.fields.kind.title)
        elif page is BackendPage.OVERVIEW and self._facts is not None:
            title = Sentence.of(self._facts.kind(self._facts.current).title)
        back = page in {BackendPage.KINDS, BackendPage.FORM}
        self.say(title, words.back if back else words.close)
        self.buttons.say(words)
        self.rows.show_rows(self._overview())
        self.results.show_rows(self._said)
        self._show_buttons()
        self.arrange()

    def _overview(self) -> Sequence[Row]:
        if self._facts is None:
            return self._said
        return overview_rows(self._facts, self._said, self._wording)

    def _show_kinds(self) -> None:
        if self._facts is None:
            return
        self.choice.show_words(kinds_words(self._facts, self._wording))
        self.choice.action.hide()

    def _show_buttons(self) -> None:
        page = self.page
        in_form = page in {BackendPage.FORM, BackendPage.UNLOCK}
        self.rows.setVisible(page is BackendPage.OVERVIEW)
        self.choice.setVisible(page is BackendPage.KINDS)
        self.form.setVisible(in_form)
        self.results.setVisible(in_form)
        known, tried = self._facts is not None, self._tried is not None
        self.buttons.show_for(page, known=known, busy=self._asking.busy, tried=tried)

    def arrange_inside(self, inside: QRect) -> None:
        """Place the page, px."""
        px = self._look.px
        body = inside.adjusted(0, 0, 0, -px(BUTTON + 12))
        self.rows.setGeometry(body)
        self.choice.setGeometry(inside)
        column = body.width() * 52 // 100
        self.form.setGeometry(body.left(), body.top(), column, body.height())
        left = body.left() + column + px(16)
        self.results.setGeometry(left, body.top(), body.right() - left + 1, body.height())
        self.buttons.place(inside, self._look)

    def _move(self, direction: int) -> None:
        if self.page is BackendPage.KINDS:
            self.choice.mark(direction)
        else:
            self.rows.move_by(direction)
