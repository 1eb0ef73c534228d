"""The close of the day: the report before it is made, the close, and what goes out; earlier ones as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from cashier_app.domain.day_close import ClosedDay, OpenDay
from cashier_app.domain.settlement import LONGEST_NAME
from cashier_app.domain.staff import Right
from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services.approval import Approval, ApprovalAsked, Approvals, Matter, TypedNames, approval_by
from cashier_app.services.till_view import Step, TillView
from cashier_app.wording import Wording
from cashier_app.wording.close_page import (
    after_closing,
    before_closing,
    close_page_words,
    earlier_title,
    export_words,
    handed_out,
    name_wanted,
    none_closed,
    not_printed,
    paying_words,
    pdf_words,
    reading_words,
    scan_refused,
    trouble_row,
)
from cashier_app.wording.close_sheet import CloseSheet
from cashier_app.wording.day_close import close_title, closed_sheet, open_sheet
from cashier_app.wording.sentences import Row, Sentence
from ui.asking import Asking
from ui.closing import Closing
from ui.key_words import Where
from ui.screens.close_buttons import GAP, CloseButtons, Stage, row_high
from ui.screens.close_files import EXPORT_ENDINGS, PDF_ENDINGS, ask_for_close_file
from ui.screens.drawer import Drawer
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.theme.typography import MEDIUM
from ui.widgets.button import ActionButton
from ui.widgets.closed_days import ClosedDays
from ui.widgets.note_box import NoteBox
from ui.widgets.sheet_view import SheetView
from ui.widgets.text import ElidedLabel

DEAD_SECONDS = 0.4
"""Enter does nothing for so long after a report has come: it was meant for what was there before."""

AT_ONCE = 50

PrintIt = Callable[[QWidget, str, Callable[[Callable[[CloseSheet], bool]], None]], None]
"""Asks for a printer by this title, and then calls back with what prints a sheet and says whether it went."""


class CloseDayPage(Drawer):
    """Covers part of the till. Everything that blocks goes through the runner.

    Args:
        closing: The closed days.
        approvals: Who may close: by PIN where people sign in, else by a typed name.
        print_it: Prints; see `PrintIt`.
    """

    where = Where.DAY_CLOSE
    ground = "bg"
    for_managers = True

    def __init__(
        self,
        closing: Closing,
        wording: Wording,
        *,
        runner: Runner,
        clock: Clock,
        motion: Motion,
        approvals: Approvals | None = None,
        print_it: PrintIt | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(motion, parent)
        self._closing, self._wording, self._clock = closing, wording, clock
        self._approvals = approvals or TypedNames()
        self._print = print_it or _by_dialog
        self._stage = Stage.BEFORE
        self._open: OpenDay | None = None
        self._shown: ClosedDay | None = None
        self._listed: list[ClosedDay] = []
        self._paying = False
        self._awake_at = 0.0
        self._asking = Asking(runner, self._busy_changed, lambda words: self._note(trouble_row(words)))
        self.note = NoteBox(self._panel)
        self.sheet = SheetView(self._panel)
        self.list = ClosedDays(self._panel)
        self.list.picked.connect(self._open_earlier)
        self._name_label = ElidedLabel(role="body", colour="ink2", parent=self._panel)
        self.name = QLineEdit(self._panel)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.buttons = CloseButtons(self._panel)
        self.buttons.connect(
            older=self.show_older,
            earlier=self.show_list,
            export=self.export,
            save=self.save,
            print_it=self.print_it,
            primary=self.open_row,
        )
        self.primary = self.buttons.primary
        self._label()
        self._show()

    # --- what the window asks of a drawer -----------------------------------------------------------

    def open_drawer(self) -> None:
        """Show the report as it would be now."""
        self.show_report()
        super().open_drawer()

    def close_drawer(self) -> None:
        """Go away; an answer that is still to come is not waited for."""
        self._asking.forget()
        super().close_drawer()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self._label()
        self._show_sheet()

    def follow(self, before: TillView, view: TillView) -> None:
        """Know whether a customer pays behind this page."""
        del before
        self._paying = view.step is Step.PAY

    def place_of_keys(self) -> Where:
        """Return what the keys mean now: letters belong to the name while it is typed."""
        return Where.DAY_CLOSE_FORM if self.name.hasFocus() else Where.DAY_CLOSE

    def first_focus(self) -> QWidget:
        """Return what Enter does, or the way out while it does nothing."""
        return self.primary if self.primary.isVisible() and self.primary.isEnabled() else self.close_button

    def refuse_scan(self) -> bool:
        """Say that a scan is not used here; return whether the page is open."""
        if self.isHidden():
            return False
        self._note(scan_refused(self._wording))
        return True

    def go_back(self) -> None:
        """Do what Esc does: from an earlier close to the list, to the report, to the till."""
        if self._stage is Stage.EARLIER:
            self.show_list()
        elif self._stage is Stage.LIST:
            self.show_report()
        else:
            self.close_drawer()

    def choose(self, character: str) -> None:
        """Do what has this letter."""
        self.buttons.press(character)

    def next_row(self) -> None:
        """Mark the row below, or scroll down."""
        self._move(1)

    def previous_row(self) -> None:
        """Mark the row above, or scroll up."""
        self._move(-1)

    def open_row(self) -> None:
        """Do what Enter does: close the day, open the marked close, or leave."""
        focus = self.focusWidget()
        if isinstance(focus, ActionButton) and focus is not self.primary and focus.isVisible():
            focus.click()
        elif self._stage is Stage.BEFORE:
            self.close_day()
        elif self._stage is not Stage.LIST and self._clock.monotonic() >= self._awake_at:
            self.close_drawer()

    # --- what is pressed ----------------------------------------------------------------------------

    def show_report(self) -> None:
        """Read the report as it would be now."""
        self._go(Stage.BEFORE)
        self._open = self._shown = None
        self.sheet.show_sheet(None)
        self._note(reading_words(self._wording))
        self._asking.ask(self._closing.preview, self._report_came)

    def close_day(self) -> None:
        """Close the day that is on show, once somebody who may has said so."""
        if self._open is None or self._asking.busy or self._clock.monotonic() < self._awake_at:
            return
        if self._paying:
            self._note(paying_words(self._wording))
        elif self._approvals.asks_pin:
            self._approvals.ask(ApprovalAsked(Right.CLOSE_DAY, Matter.DAY_CLOSE), self._allowed)
        else:
            approval = approval_by(self.name.text())
            if approval is None:
                self._note(name_wanted(self._wording))
                self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self._allowed(approval)

    def show_list(self) -> None:
        """List the days closed before."""
        self._go(Stage.LIST)
        self._listed = []
        self.list.show_days([], self._wording)
        self._note(None)
        self._asking.ask(lambda: self._closing.earlier(AT_ONCE), self._list_came)

    def show_older(self) -> None:
        """List those before the last one on show."""
        below = self._listed[-1].report.number if self._listed else 0
        self._asking.ask(lambda: self._closing.earlier(AT_ONCE, below), self._list_came)

    def print_it(self) -> None:
        """Ask for a printer, and print the close on show."""
        closed = self._shown
        if closed is None or self._asking.busy:
            return
        number, wording = closed.report.number, self._wording

        def chosen(printing: Callable[[CloseSheet], bool]) -> None:
            self._asking.ask(
                lambda: self._closing.for_paper(number, wording),
                lambda found: self._note(
                    handed_out(found[1], wording) if printing(found[0]) else not_printed(wording)
                ),
            )

        self._print(self, close_title(closed.report, wording), chosen)

    def save(self) -> None:
        """Ask for a file, and save the close on show as PDF."""
        if self._shown is not None:
            words = pdf_words(self._shown.report, self._wording)
            ask_for_close_file(
                self, words, PDF_ENDINGS, lambda path, kind: self.save_to(path, roll=kind == 1)
            )

    def export(self) -> None:
        """Ask for a file, and write the figures of the close on show to it."""
        if self._shown is not None:
            words = export_words(self._shown.report, self._wording)
            ask_for_close_file(self, words, EXPORT_ENDINGS, lambda path, _: self.save_to(path))

    def save_to(self, path: Path, *, roll: bool = False) -> None:
        """Write the close on show to a file, and say so."""
        closed, wording = self._shown, self._wording
        if closed is not None and not self._asking.busy:
            number = closed.report.number
            self._asking.ask(
                lambda: self._closing.save(number, path, wording, roll=roll),
                lambda copy: self._note(handed_out(copy, wording, path.name)),
            )

    # --- what comes back ----------------------------------------------------------------------------

    def _report_came(self, found: OpenDay) -> None:
        self._open = found
        self._awake_at = self._clock.monotonic() + DEAD_SECONDS
        self._note(before_closing(found, self._wording))
        self._show_sheet()
        self._show()
        if self.isVisible():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _allowed(self, approval: Approval | None) -> None:
        found = self._open
        if approval is None or found is None or self._stage is not Stage.BEFORE or self.isHidden():
            return
        self._asking.ask(lambda: self._closing.close(found.number, approval), self._was_closed)

    def _was_closed(self, closed: ClosedDay) -> None:
        self._open, self._shown = None, closed
        self._awake_at = self._clock.monotonic() + DEAD_SECONDS
        self._go(Stage.CLOSED)
        self._show_sheet()
        self._note(after_closing(closed, self._wording))
        self.primary.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list_came(self, found: list[ClosedDay]) -> None:
        self._listed += found
        self.buttons.older.setEnabled(len(found) == AT_ONCE)
        self.list.show_days(self._listed, self._wording)
        if self._listed:
            self.list.focus_on(len(self._listed) - max(1, len(found)))
        else:
            self._note(none_closed(self._wording))

    def _open_earlier(self, place: int) -> None:
        self._shown = self._listed[place]
        self._go(Stage.EARLIER)
        self._note(None)
        self._show_sheet()
        self.primary.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is shown ------------------------------------------------------------------------------

    def _go(self, stage: Stage) -> None:
        self._asking.forget()
        self._stage = stage
        self._label()
        self._show()

    def _label(self) -> None:
        words = close_page_words(self._wording)
        title = words.title
        if self._stage is Stage.LIST:
            title = earlier_title(self._wording)
        elif self._shown is not None and self._stage is not Stage.BEFORE:
            title = Sentence.of(close_title(self._shown.report, self._wording))
        self.say(title, words.back)
        self.buttons.say(words, self._stage)
        self._name_label.set_text(words.name.full)
        self.name.setAccessibleName(words.name.full)

    def _show(self) -> None:
        self.buttons.show_for(self._stage)
        by_name = self._stage is Stage.BEFORE and not self._approvals.asks_pin
        for field in (self.name, self._name_label):
            field.setVisible(by_name)
        self.sheet.setVisible(self._stage is not Stage.LIST)
        self.list.setVisible(self._stage is Stage.LIST)
        self._busy_changed()
        self.arrange()

    def _busy_changed(self) -> None:
        # A button that is disabled loses the focus, and the next Enter would press another one: what is under
        # way is not begun twice, but every button stays as it is.
        ready = self._stage is not Stage.BEFORE or self._open is not None
        if not ready and self.primary.hasFocus():
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.primary.setEnabled(ready)

    def _show_sheet(self) -> None:
        if self._stage is Stage.BEFORE and self._open is not None:
            self.sheet.show_sheet(open_sheet(self._open.report, self._wording))
        elif self._stage in {Stage.CLOSED, Stage.EARLIER} and self._shown is not None:
            self.sheet.show_sheet(closed_sheet(self._shown, self._wording))

    def _note(self, row: Row | None) -> None:
        self.note.show_row(row)
        self.arrange()

    def _move(self, step: int) -> None:
        if self._stage is Stage.LIST:
            self.list.mark(step)
        else:
            self.sheet.move_by(step)

    # --- places -------------------------------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        self.name.setFont(look.font("body_large", MEDIUM))
        self.arrange()

    def arrange_inside(self, inside: QRect) -> None:
        """Place note, report or list, name and buttons, px."""
        if "primary" not in self.__dict__:
            return  # asked by the base before all is made
        px = self._look.px
        gap, high, top = px(GAP), row_high(self._look), inside.top()
        if not self.note.isHidden():
            tall = self.note.high(inside.width())
            self.note.setGeometry(inside.left(), top, inside.width(), tall)
            top += tall + gap
        bottom = self.buttons.place(inside, self._look) - gap
        if not self.name.isHidden():
            bottom -= high
            label = min(inside.width() // 3, px(200))
            self._name_label.setGeometry(inside.left(), bottom, label, high)
            self.name.setGeometry(inside.left() + label, bottom, inside.width() - label, high)
            bottom -= gap
        room = QRect(inside.left(), top, inside.width(), max(1, bottom - top))
        self.sheet.setGeometry(room)
        self.list.setGeometry(room)


def _by_dialog(parent: QWidget, title: str, chosen: Callable[[Callable[[CloseSheet], bool]], None]) -> None:
    from ui.printing import ask_for_printer, print_sheet

    ask_for_printer(
        parent,
        title,
        lambda printer: chosen(lambda sheet: print_sheet(sheet, printer, printer.resolution()) > 0),
    )
