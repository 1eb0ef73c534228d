"""What the menu behind F10 holds at this till: a table, to which later parts add their line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cashier_app.domain.staff import Right
from cashier_app.services.till_view import Step
from cashier_app.wording.menu import Colours, Entry, MenuFacts, SoundLevel

if TYPE_CHECKING:
    from ui.devices import Devices
    from ui.main_window import MainWindow

_NEXT_SOUND: Final[dict[SoundLevel, SoundLevel]] = {"normal": "quiet", "quiet": "off", "off": "normal"}
_NEXT_COLOURS: Final[dict[Colours, Colours]] = {"system": "light", "light": "dark", "dark": "system"}


def menu_entries(window: MainWindow) -> dict[Entry, Callable[[], None]]:
    """Return what works, and what it does."""
    ways = window.ways
    entries = {
        Entry.HELP: ways.show_help,
        Entry.QUEUE: ways.show_queue,
        Entry.KEYPAD: window.switch_keypad,
        Entry.FULL_SCREEN: window.switch_full_screen,
        **_of_the_sale(window),
    }
    if ways.enrolment is not None:
        entries[Entry.NEW_MEMBER] = ways.new_member
    if window.drawers.takes_returns:
        entries[Entry.RETURN] = ways.show_return
    if ways.day is not None and window.may(Right.SEE_FIGURES):
        entries[Entry.DAY] = ways.show_day
    if ways.closed_days is not None and window.may(Right.SEE_FIGURES):
        entries[Entry.CLOSE_DAY] = ways.show_close_day
    devices = ways.devices
    if devices is not None:
        entries |= {
            Entry.DEVICES: ways.show_devices,
            Entry.SOUND: lambda: _next_sound(devices),
            Entry.COLOURS: lambda: devices.use_colours(_NEXT_COLOURS[devices.colours()]),
        }
    if ways.backend is not None and window.may(Right.SET_UP):
        entries[Entry.BACKEND] = ways.show_backend
    if ways.staff is not None and window.may(Right.MANAGE_STAFF):
        entries[Entry.STAFF] = ways.show_staff
    if ways.support is not None:
        entries[Entry.SUPPORT] = ways.show_support
    entries[Entry.LICENCES] = ways.show_licences
    entries |= _of_training(window)
    if window.view.cashier is not None:
        entries[Entry.CASHIER] = window.switch_cashier
    return entries


def _of_training(window: MainWindow) -> dict[Entry, Callable[[], None]]:
    """Return what is new and the way to training, or in training to its lessons."""
    entries = {}
    if window.news is not None:
        entries[Entry.NEWS] = window.news.show
    if window.practice is not None and window.may(Right.TRAIN):
        entries[Entry.TRAINING] = window.practice.open
    if window.lessons is not None:
        entries[Entry.LESSONS] = window.lessons
    if window.leaving is not None:  # a window that fills the screen has no other way out by touch
        entries[Entry.END_TRAINING] = lambda: _close(window)
    return entries


def _close(window: MainWindow) -> None:
    window.close()


def _of_the_sale(window: MainWindow) -> dict[Entry, Callable[[], None]]:
    """Return what can be done about the last sale."""
    entries, ways = {}, window.ways
    if ways.undo is not None:
        entries[Entry.UNDO] = ways.undo_last
    if window.view.step is Step.DONE and window.view.receipt is not None:
        entries[Entry.RECEIPT] = ways.print_claim
    return entries


def menu_facts(window: MainWindow) -> MenuFacts:
    """Return what the switches say now."""
    counts, devices = window.view.connection.counts, window.ways.devices
    return MenuFacts(
        unsent=counts.waiting + counts.needs_attention,
        sound=devices.facts().sound if devices else "normal",
        colours=devices.colours() if devices else "system",
        keypad=window.screen_of_till.shows_keypad(),
        full_screen=window.isFullScreen(),
        cashier=window.view.cashier.name if window.view.cashier else "",
    )


def _next_sound(devices: Devices) -> None:
    devices.use_sound(_NEXT_SOUND[devices.facts().sound])
    devices.hear()
