"""What the window's keys do: an act for each intent, and a way back for what a stalling scanner typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from cashier_app.domain.amount_entry import AmountEntry
from cashier_app.domain.identifier import MAX_LENGTH
from cashier_app.services.till_view import Target, TillView
from ui.key_words import Intent
from ui.till import Till
from ui.wedge_filter import TakeBack

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.screens.day_page import DayPage
    from ui.screens.enrol_screen import EnrolScreen
    from ui.screens.queue_drawer import QueueDrawer
    from ui.screens.return_screen import ReturnScreen


_LONGEST_TEXT = 4 * MAX_LENGTH  # what is longer was not typed into a field of ours


class TakesKeys(Protocol):
    """What lies on top: a drawer, the lock, or the question for a PIN."""

    def choose(self, character: str) -> None:
        """Take what has this digit or letter."""

    def delete(self) -> None:
        """Take the last typed character back."""

    def go_back(self) -> None:
        """Do what Esc does."""

    def next_row(self) -> None:
        """Mark the row below."""

    def previous_row(self) -> None:
        """Mark the row above."""

    def open_row(self) -> None:
        """Do what Enter does."""


def key_handlers(window: MainWindow, till: Till) -> dict[Intent, Callable[[str], None]]:
    """Return what to call for each intent, with the character typed or an empty text."""
    ways = window.ways

    def plain(act: Callable[[], None]) -> Callable[[str], None]:
        return lambda _: act()

    def of_queue(act: Callable[[QueueDrawer], None]) -> Callable[[str], None]:
        return lambda _: act(window.queue)

    def of_top(act: Callable[[TakesKeys], None]) -> Callable[[str], None]:
        return lambda _: window.act_on_top(act)

    def turn(direction: int) -> Callable[[str], None]:
        def act(_: str) -> None:
            if window.gate is not None:
                window.gate.turn_page(direction)
            else:
                window.drawers.act(lambda drawer: drawer.turn_page(direction))

        return act

    def of_return(act: Callable[[ReturnScreen], None]) -> Callable[[str], None]:
        return lambda _: act(window.drawers.returning)

    def of_day(act: Callable[[DayPage], None]) -> Callable[[str], None]:
        return lambda _: act(window.drawers.day)

    def of_enrolment(act: Callable[[EnrolScreen], None]) -> Callable[[str], None]:
        return lambda _: act(ways.enrolment.screen) if ways.enrolment else None

    return {
        Intent.TYPE_CHARACTER: till.type_character,
        Intent.PRESS_POINT: plain(till.press_point),
        Intent.DELETE: plain(till.delete),
        Intent.CONFIRM: plain(window.screen_of_till.confirm),
        Intent.BACK: plain(till.back),
        Intent.CLEAR_ALL: plain(till.clear_all),
        Intent.TAKE_MAXIMUM: plain(till.take_maximum),
        Intent.TAKE_NOTHING: plain(till.take_nothing),
        Intent.LESS: plain(till.less),
        Intent.MORE: plain(till.more),
        Intent.MARK_NEXT: plain(till.mark_next),
        Intent.MARK_PREVIOUS: plain(till.mark_previous),
        Intent.PICK_MARKED: plain(till.pick_marked),
        Intent.ADD_VOUCHER: plain(till.add_voucher),
        Intent.WITHOUT_MEMBER: plain(till.without_member),
        Intent.ANOTHER_MEMBER: plain(ways.another_member),
        Intent.UNDO: plain(ways.undo_last),
        Intent.MOVE_SALE: plain(ways.move_asked),
        Intent.REFRESH_ACCOUNT: plain(till.refresh_account),
        Intent.SHOW_HELP: plain(ways.show_help),
        Intent.SHOW_QUEUE: plain(ways.show_queue),
        Intent.SHOW_MENU: plain(ways.show_menu),
        Intent.CLOSE_DRAWER: of_top(lambda drawer: drawer.go_back()),
        Intent.FULL_SCREEN: plain(window.switch_full_screen),
        Intent.SWITCH_KEYPAD: plain(window.switch_keypad),
        Intent.SWITCH_CAMERA: plain(window.camera_requested.emit),
        Intent.PASTE: plain(window.paste),
        Intent.NEXT_ROW: of_top(lambda drawer: drawer.next_row()),
        Intent.PREVIOUS_ROW: of_top(lambda drawer: drawer.previous_row()),
        Intent.NEXT_TAB: of_queue(lambda queue: queue.next_tab()),
        Intent.PREVIOUS_TAB: of_queue(lambda queue: queue.previous_tab()),
        Intent.OPEN_ROW: of_top(lambda drawer: drawer.open_row()),
        Intent.CHOOSE: lambda character: window.act_on_top(lambda top: top.choose(character)),
        Intent.LOOK_UP_NOW: of_queue(lambda queue: queue.look_up_now()),
        Intent.SEND_AGAIN: of_queue(lambda queue: queue.send_again()),
        Intent.SEND_ALL_NOW: of_queue(lambda queue: queue.send_all_now()),
        Intent.SETTLE_BY_HAND: of_queue(lambda queue: queue.settle_by_hand()),
        Intent.COMPARE: of_queue(lambda queue: queue.open_compare()),
        Intent.EXPORT: of_queue(lambda queue: queue.export()),
        Intent.SHOW_RETURN: plain(ways.show_return),
        Intent.PRINT_CLAIM: plain(ways.print_claim),
        Intent.SAME_PERSON: plain(till.same_person),
        Intent.NEW_MEMBER: ways.new_member,
        Intent.SHOW_TERMS: of_enrolment(lambda screen: screen.read_terms()),
        Intent.NEXT_LANGUAGE: of_enrolment(lambda screen: screen.next_language()),
        Intent.SHOW_DAY: plain(ways.show_day),
        Intent.NEXT_PERIOD: of_day(lambda page: page.next_period()),
        Intent.PREVIOUS_PERIOD: of_day(lambda page: page.previous_period()),
        Intent.DELETE_TYPED: of_top(lambda drawer: drawer.delete()),
        Intent.AMOUNT_INSTEAD: of_return(lambda screen: screen.amount_instead()),
        Intent.TAKE_RECEIPT: of_return(lambda screen: screen.accept_receipt()),
        Intent.SWITCH_CASHIER: plain(window.switch_cashier),
        Intent.NEXT_PAGE: turn(+1),
        Intent.PREVIOUS_PAGE: turn(-1),
    }


def undo_point(till: Till) -> TakeBack:
    """Return what deletes the characters of a scanner that stalled, back to what stands typed now."""
    before = _typed(till.view)

    def take_back() -> None:
        for _ in range(_LONGEST_TEXT):
            length = _typed(till.view)
            if length[0] is not before[0] or length[1] <= before[1]:
                return
            till.delete()

    return take_back


def _typed(view: TillView) -> tuple[Target, int]:
    """Return where the keys go and how many characters stand there."""
    match view.target:
        case Target.BILL:
            entry: AmountEntry | None = view.bill
        case Target.DISCOUNT:
            entry = view.discount_entry
        case _:
            return view.target, len(view.entry)
    if entry is None:
        return view.target, 0
    return view.target, len(entry.units) + (0 if entry.decimals is None else 1 + len(entry.decimals))
