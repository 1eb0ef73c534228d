"""What may lie over the till, each made when it is first wanted: the first frame has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict, TypeVar

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QWidget

from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from ui.screens.till import Place, TillScreen
from ui.theme.look import Look
from ui.theme.motion import Motion
from ui.till import Queue, Returns
from ui.wedge_filter import WedgeFilter

if TYPE_CHECKING:
    from cashier_app.services.approval import Approvals
    from cashier_app.wording.menu import Entry, MenuFacts
    from ui.backend_setup import BackendSetup
    from ui.closing import Closing
    from ui.day import DayBooks, DayPlace
    from ui.devices import Devices
    from ui.enrolling import Enrolling
    from ui.gate import Gate
    from ui.help_panel import HelpPanel
    from ui.screens.backend_drawer import BackendDrawer
    from ui.screens.close_day_page import CloseDayPage
    from ui.screens.day_page import DayPage
    from ui.screens.devices_drawer import DevicesDrawer
    from ui.screens.drawer import Drawer
    from ui.screens.enrol_screen import EnrolScreen
    from ui.screens.licences_page import LicencesPage
    from ui.screens.menu_drawer import MenuDrawer
    from ui.screens.news_page import NewsPage
    from ui.screens.queue_drawer import QueueDrawer
    from ui.screens.return_screen import ReturnScreen
    from ui.screens.staff_drawer import StaffDrawer
    from ui.screens.support_page import SupportPage
    from ui.screens.undo_dialog import UndoDialog
    from ui.staff_setup import StaffSetup
    from ui.support import Support
    from ui.training.cover import TrainingCover
    from ui.undoing import Undos
    from ui.widgets.header import Header

AnyDrawer = TypeVar("AnyDrawer", bound="Drawer")


class AtWork(TypedDict):
    """What every page is given that works in the background."""

    runner: Runner
    motion: Motion
    parent: QWidget


class WithApprovals(AtWork):
    """What a page is given besides that asks for somebody's word, and when it was given."""

    clock: Clock
    approvals: Approvals


class Pages(QObject):
    """Makes each page when it is first wanted, once, in the till's voice and look.

    Args:
        window: What the drawers cover.
        screen: The till behind, whose voice and look they take.
        queued: The sales not posted yet.
        wedge: Gives its keys to the page that checks scanners.
        entries: Reads what the menu holds, and what each entry does.
        facts: Reads what the switches of the menu say.
        view: Reads the snapshot on show.
        returns: Makes what takes goods back; None where this window takes none.
        place: Whose till this is.
        training: Whether nothing here is real.
        approvals: Where pages get the word of somebody who may.
    """

    def __init__(
        self,
        window: QWidget,
        screen: TillScreen,
        queued: Queue,
        *,
        runner: Runner,
        clock: Clock,
        motion: Motion,
        wedge: WedgeFilter,
        entries: Callable[[], Mapping[Entry, Callable[[], None]]],
        facts: Callable[[], MenuFacts],
        view: Callable[[], TillView],
        returns: Callable[[], Returns] | None = None,
        place: Place,
        training: bool = False,
        approvals: Approvals,
    ) -> None:
        super().__init__(window)
        self._approvals = approvals
        self._window, self._screen, self._queued = window, screen, queued
        self._runner, self._clock, self._motion = runner, clock, motion
        self._wedge, self._entries, self._facts, self._view = wedge, entries, facts, view
        self._returns, self._place, self._training = returns, place, training
        self._made: list[Drawer] = []
        self._covered: QRect | None = None

    @cached_property
    def queue(self) -> QueueDrawer:
        """Return the drawer of unsent sales."""
        from ui.screens.queue_drawer import QueueDrawer

        return self._dressed(QueueDrawer(self._queued, self._screen.wording(), **self._with_approvals()))

    @cached_property
    def help(self) -> HelpPanel:
        """Return the drawer of keys."""
        from ui.help_panel import HelpPanel

        return self._dressed(HelpPanel(self._motion, self._screen.wording(), self._window))

    @cached_property
    def menu(self) -> MenuDrawer:
        """Return the menu."""
        from ui.screens.menu_drawer import MenuDrawer

        return self._dressed(
            MenuDrawer(
                self._entries,
                self._facts,
                self._screen.wording(),
                motion=self._motion,
                parent=self._window,
            )
        )

    @property
    def takes_returns(self) -> bool:
        """Return whether goods can come back in this window."""
        return self._returns is not None

    @cached_property
    def returning(self) -> ReturnScreen:
        """Return the page of goods that come back."""
        from ui.screens.return_screen import ReturnPlace, ReturnScreen

        if self._returns is None:
            raise ValueError("this window takes no goods back")
        made = ReturnScreen(
            self._returns(),
            self._screen.wording(),
            ReturnPlace(
                self._place.till,
                self._view().bill.currency,
                self._clock.now,
                self._screen.shows_keypad,
                training=self._training,
            ),
            motion=self._motion,
            parent=self._window,
        )
        self._listen_to(made.header)
        return self._dressed(made)

    def enrol_screen(self, enrolling: Enrolling) -> EnrolScreen:
        """Return the page of a new member."""
        from ui.enrolling import EnrolPlace
        from ui.screens.enrol_screen import EnrolScreen

        def make() -> EnrolScreen:
            place = EnrolPlace(
                self._place.store,
                self._place.till,
                self._place.region,
                self._screen.wording().figures.locale,
                self._clock.now,
                self._screen.shows_keypad,
                training=self._training,
            )
            made = EnrolScreen(
                enrolling, self._screen.wording(), place, motion=self._motion, parent=self._window
            )
            made.header.cashier_requested.connect(self._screen.cashier_requested)
            return made

        return self._once(EnrolScreen, make)

    def undo_dialog(self, undos: Undos, clock: Clock) -> UndoDialog:
        """Return the question before a sale is undone."""
        from cashier_app.domain.phone import group_typed_digits
        from ui.screens.undo_dialog import UndoDialog, UndoPlace

        def group(typed: str) -> str:
            digits = typed.removeprefix("+").isdigit()
            return group_typed_digits(typed, self._place.region) if digits else typed

        place = UndoPlace(clock.now, group)
        return self._dressed(
            UndoDialog(undos, self._screen.wording(), place, clock=clock, parent=self._window)
        )

    def devices_page(self, devices: Devices) -> DevicesDrawer:
        """Return the page of scanners, camera and sound."""
        from ui.raw_scans import RawScans
        from ui.screens.devices_drawer import DevicesDrawer

        return self._once(
            DevicesDrawer,
            lambda: DevicesDrawer(
                devices, RawScans(self._wedge, self), self._screen.wording(), **self._at_work()
            ),
        )

    def backend_page(self, setup: BackendSetup) -> BackendDrawer:
        """Return the page of the loyalty system."""
        from ui.screens.backend_drawer import BackendDrawer

        return self._once(
            BackendDrawer,
            lambda: BackendDrawer(setup, self._screen.wording(), **self._with_approvals()),
        )

    def day_page(self, books: DayBooks, place: DayPlace) -> DayPage:
        """Return the manager's day."""
        from ui.screens.day_page import DayPage

        def make() -> DayPage:
            made = DayPage(books, self._screen.wording(), place, **self._at_work())
            self._listen_to(made.header)
            return made

        return self._once(DayPage, make)

    @property
    def day(self) -> DayPage:
        """Return the manager's day, once it was opened."""
        from ui.screens.day_page import DayPage

        page = self._kept(DayPage)
        if page is None:
            raise ValueError("the day was not opened yet")
        return page

    def staff_page(self, staff: StaffSetup, gate: Gate | None) -> StaffDrawer:
        """Return the page of the staff."""
        from ui.screens.staff_drawer import StaffDrawer

        return self._once(
            StaffDrawer,
            lambda: StaffDrawer(
                staff,
                self._screen.wording(),
                runner=self._runner,
                motion=self._motion,
                acting=gate.acting if gate else lambda: None,
                changed=gate.staff_changed if gate else lambda _: None,
                parent=self._window,
            ),
        )

    def support_page(self, support: Support) -> SupportPage:
        """Return the page of support."""
        from ui.screens.support_page import SupportPage

        return self._once(
            SupportPage,
            lambda: SupportPage(support, self._screen.wording(), **self._at_work()),
        )

    def close_day_page(self, closing: Closing) -> CloseDayPage:
        """Return the close of the day."""
        from ui.screens.close_day_page import CloseDayPage

        return self._once(
            CloseDayPage,
            lambda: CloseDayPage(closing, self._screen.wording(), **self._with_approvals()),
        )

    def news_page(self) -> NewsPage:
        """Return the page of what is new."""
        from ui.screens.news_page import NewsPage

        return self._once(NewsPage, lambda: NewsPage(self._motion, self._window))

    def licences_page(self) -> LicencesPage:
        """Return the page of licences."""
        from ui.screens.licences_page import LicencesPage

        return self._once(
            LicencesPage,
            lambda: LicencesPage(self._screen.wording(), **self._at_work()),
        )

    def training_cover(self) -> TrainingCover:
        """Return what covers the till while training is open."""
        from ui.training.cover import TrainingCover

        return self._once(
            TrainingCover,
            lambda: TrainingCover(self._screen.wording(), self._place, self._clock.now, self._window),
        )

    def page_closed(self) -> None:
        """Do what follows once a page has closed: whoever opens them knows."""

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        for drawer in self._made:
            drawer.set_wording(wording)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        for drawer in self._made:
            drawer.set_look(look)

    def set_geometry(self, rect: QRect) -> None:
        """Cover the window, or what of it is not the foot's; px."""
        self._covered = rect
        for drawer in self._made:
            drawer.setGeometry(rect)

    def take_in(self, drawer: Drawer) -> None:
        """Let a drawer that was made elsewhere be opened and closed here."""
        self._dressed(drawer)

    def _at_work(self) -> AtWork:
        return {"runner": self._runner, "motion": self._motion, "parent": self._window}

    def _with_approvals(self) -> WithApprovals:
        return {**self._at_work(), "clock": self._clock, "approvals": self._approvals}

    def _kept(self, kind: type[AnyDrawer]) -> AnyDrawer | None:
        return next((drawer for drawer in self._made if isinstance(drawer, kind)), None)

    def _once(self, kind: type[AnyDrawer], make: Callable[[], AnyDrawer]) -> AnyDrawer:
        kept = self._kept(kind)
        return self._dressed(make()) if kept is None else kept

    def _listen_to(self, header: Header) -> None:
        header.queue_requested.connect(self._screen.queue_requested)
        header.menu_requested.connect(self._screen.menu_requested)
        header.cashier_requested.connect(self._screen.cashier_requested)

    def _dressed(self, drawer: AnyDrawer) -> AnyDrawer:
        drawer.set_look(self._screen.look())
        drawer.setGeometry(self._covered or self._window.rect())
        drawer.closed.connect(self.page_closed)
        self._made.append(drawer)
        return drawer
