"""The composition root: what a window or a command works with, put together from its settings.

Nothing slow happens here until it is needed: a till is put together in microseconds, and its database, its
backend and the demo shop's server are opened by the first worker that asks for the workshop. The window's
first frame waits for none of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app import backend_opening, staff_opening
from cashier_app.config import TillConfig, till_settings
from cashier_app.data_folder import check_kind, mark_practice
from cashier_app.device_sections import DeviceSettings
from cashier_app.domain.points import PointName
from cashier_app.errors import KnownError
from cashier_app.figures_opening import figures_source
from cashier_app.keeping_secrets import Keeper, credentials_of
from cashier_app.ledger_opening import OpenLedger, ledger_of, no_ledger
from cashier_app.ports.clock import Clock, SystemClock
from cashier_app.ports.runner import Runner
from cashier_app.preferences import PreferencesFile
from cashier_app.services.desk_settings import DeskSettings
from cashier_app.services.last_act import LastActs
from cashier_app.services.lazy_queue import LazyQueue
from cashier_app.services.till_settings import TillSettings
from cashier_app.staff_section import desk_settings
from cashier_app.storage.folder_lock import FolderLock

if TYPE_CHECKING:
    from cashier_app.closing_opening import LazyClosing
    from cashier_app.ports.credentials import Secret
    from cashier_app.ports.figures import FiguresSource
    from cashier_app.ports.local_state import LocalState, Recovery
    from cashier_app.ports.loyalty import BackendRules, LoyaltyBackend
    from cashier_app.services.approval import Approvals
    from cashier_app.services.day_closing import DayClosing
    from cashier_app.services.desk import Desk
    from cashier_app.services.enrolling import EnrolSession
    from cashier_app.services.reconciliation import Reconciliation
    from cashier_app.services.return_session import ReturnSession
    from cashier_app.services.sign_in import SignIn
    from cashier_app.services.staff_office import StaffOffice
    from cashier_app.services.till_session import TillSession
    from cashier_app.services.undo_session import UndoSession
    from cashier_app.services.workshop import Workshop
    from cashier_app.storage.journal import SqliteJournal
    from cashier_app.wording.speech import Wording
    from cashier_app.workshop_opening import OpenedWorkshop

DEFAULT_POINT_NAME = PointName("point", "points")


class Till:
    """One till, put together: settings at once, everything that may wait on first use.

    Args:
        folder: The data folder; this process alone works in it until `close`.
        make_backend: Opens the loyalty backend; called by a worker, again while it raises `KnownError`.
        close_backend: Ends what `make_backend` started besides the backend itself.
        address: Where the backend is; unsent sales are kept from any other. Empty where it means nothing.
        kind: Which kind of backend that is.
        shop: Says whose books at that address are meant; called by a worker. See `backend_opening.shop_of`.
        devices: What the settings file says about scanners, camera and sound.
        rules: Makes what is known of the backend before it is open, called by a worker; the reference
            contract's when not given.
        keeper: Where its secrets are kept; None for a till that has none.
        staff: How its people sign in.
        door: Makes what checks PINs once the journal is open; see `staff_opening`.
        ledger: Makes what tells the ledger a store's tills share; see `ledger_opening`.
        figures: Makes what the manager's figures are read from; this till's own journal when not given.

    Raises:
        KnownError: The folder cannot be used, another process works in it, or it is one of practice and this
            is a till that works, or the other way round.
    """

    def __init__(
        self,
        settings: TillSettings,
        folder: Path,
        make_backend: Callable[[], LoyaltyBackend],
        *,
        clock: Clock | None = None,
        close_backend: Callable[[], None] = lambda: None,
        address: str = "",
        kind: str = "contract",
        devices: DeviceSettings | None = None,
        shop: Callable[[], str] = lambda: "",
        rules: Callable[[], BackendRules] | None = None,
        keeper: Keeper | None = None,
        staff: DeskSettings | None = None,
        door: Callable[[SqliteJournal, Clock], SignIn] = staff_opening.open_plain_door,
        ledger: OpenLedger = no_ledger,
        figures: Callable[[], FiguresSource] | None = None,
    ) -> None:
        self.settings = settings
        self.folder = folder
        self.devices = devices or DeviceSettings()
        self.preferences = PreferencesFile(folder)
        self.clock = clock or SystemClock()
        self._make_backend = make_backend
        self._close_backend = close_backend
        self._address = address
        self._kind = kind
        self._shop = shop
        self._rules = rules or _contract_rules
        self.keeper = keeper
        self.staff = staff or DeskSettings()
        self._door = door
        self._ledger = ledger
        self._figures = figures
        if settings.training:
            mark_practice(folder)
        else:
            check_kind(folder, training=False)
        self._lock = FolderLock(folder)
        self._opening = threading.Lock()
        self._opened: OpenedWorkshop | None = None
        self._changed: Callable[[], None] = lambda: None
        self.acts = LastActs()

    def wording(self) -> Wording:
        """Return the till's voice; the point name follows once the program is known."""
        from cashier_app.wording.figures import Hours
        from cashier_app.wording.speech import Wording

        hours = {12: Hours.TWELVE, 24: Hours.TWENTY_FOUR}.get(self.settings.hours, Hours.BY_REGION)
        return Wording.of(self.settings.locale, self.settings.zone, DEFAULT_POINT_NAME, hours=hours)

    def new_session(self, runner: Runner, approvals: Approvals | None = None) -> TillSession:
        """Return the till's state machine, kept up to date from other threads through the runner.

        `approvals` is the `Desk` where people sign in, or what stands before it; else names are typed.
        """
        from cashier_app.services.till_session import TillSession

        session = TillSession(self.settings, self.workshop, runner, self.clock, approvals)
        self._changed = lambda: runner.post(session.update_status)
        return session

    def new_desk(self, runner: Runner, engaged: Callable[[], bool] = lambda: False) -> Desk:
        """Return who is at the till; `engaged` says whether it must not be locked now. See `Desk`."""
        from cashier_app.services.desk import Desk

        return Desk(self.staff, lambda: self.workshop().sign_in, runner, self.clock, engaged)

    def staff_office(self) -> StaffOffice:
        """Return what changes who works here. Blocking, see `workshop`.

        Raises:
            KnownError: The database cannot be used, or its secrets are locked.
        """
        opened = self._still_open()
        secrets = staff_opening.secrets_for_pins(self.keeper, self.folder) if self.keeper else None
        return staff_opening.open_office(opened.journal, secrets, self.clock, self.staff.pin_digits)

    def new_return(self, runner: Runner, staff_id: Callable[[], str] = str) -> ReturnSession:
        """Return what takes goods back at this till, by who is there; made when first wanted."""
        from cashier_app.services.return_session import ReturnSession

        return ReturnSession(self.workshop, runner, self.clock, self._notify, staff_id)

    def new_enrolment(
        self, runner: Runner, session: TillSession, staff_id: Callable[[], str] = str
    ) -> EnrolSession:
        """Return what makes customers members at this till; the session serves them then."""
        from cashier_app.services.enrolling import EnrolSession
        from cashier_app.services.noted_joining import NotesJoining

        noted = NotesJoining(session, self.acts, self.clock)
        return EnrolSession(self.workshop, runner, self.clock, self.settings, noted, staff_id)

    def new_undo(
        self, runner: Runner, session: TillSession, staff_id: Callable[[], str] = str
    ) -> UndoSession:
        """Return what undoes sales and moves them to other members; the session's screen is cleared then."""
        from cashier_app.services.undo_session import UndoSession

        return UndoSession(self.workshop, runner, self.settings, session, self.acts, staff_id)

    def queue(self) -> LazyQueue:
        """Return the queue, opened with the workshop by the first worker that asks it."""
        return LazyQueue(self.workshop, self._reconciliation)

    def figures_source(self) -> FiguresSource:
        """Return what the manager's figures are read from, on a connection of its own; not opened yet."""
        from cashier_app.figures_opening import till_figures

        return self._figures() if self._figures else till_figures(self.settings, self.folder)

    def day_closing(self) -> LazyClosing:
        """Return what closes the day, opened with the workshop by the first worker that asks it."""
        from cashier_app.closing_opening import LazyClosing

        return LazyClosing(self._day_closing)

    def _day_closing(self) -> DayClosing:
        from cashier_app.closing_opening import open_closing

        return open_closing(self._still_open().journal, self.settings, self.clock)

    def _reconciliation(self) -> Reconciliation:
        from cashier_app.services.reconciliation import Reconciliation

        opened = self._still_open()
        look_up = opened.workshop.sender.look_up
        return Reconciliation(opened.backend, opened.journal, self.clock, look_up)

    def workshop(self) -> Workshop:
        """Return the blocking services, opening them at the first call. For worker threads.

        Raises:
            KnownError: The database cannot be used; the next call tries again.
        """
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened.workshop

    def _still_open(self) -> OpenedWorkshop:
        self.workshop()
        with self._opening:
            opened = self._opened
        if opened is None:
            raise KnownError("The till is being closed.")
        return opened

    def recovery(self) -> Recovery | None:
        """Return what was rescued when the workshop was opened, or None. Blocking, see `workshop`."""
        self.workshop()
        return self._opened.journal.recovery if self._opened else None

    def local_state(self) -> LocalState | None:
        """Return room, backups and damage of the data folder; None before the workshop is open. Blocking."""
        return self._opened.journal.local_state() if self._opened else None

    def close(self) -> None:
        """End the sender after the request it is in, then close everything and let the folder go."""
        with self._opening:
            if self._opened is not None:
                self._opened.health.ask_to_stop()
                self._opened.workshop.sender.stop()
                self._opened.close()
                self._opened = None
        self._close_backend()
        self._lock.release()

    def _open(self) -> OpenedWorkshop:
        from cashier_app.workshop_opening import WorkshopParts, open_workshop

        return open_workshop(
            WorkshopParts(
                settings=self.settings,
                folder=self.folder,
                clock=self.clock,
                make_backend=self._make_backend,
                rules=self._rules,
                address=self._address,
                kind=self._kind,
                shop=self._shop,
                keeper=self.keeper,
                door=self._door,
                ledger=self._ledger,
                changed=self._notify,
            )
        )

    def _notify(self) -> None:
        self._changed()


def open_till(config: TillConfig, folder: Path, passphrase_descriptor: int | None = None) -> Till:
    """Return the till of a real shop.

    Args:
        config: What its settings file says.
        folder: Its data folder.
        passphrase_descriptor: An open file to read the passphrase of its secrets from, where they have one.

    Raises:
        KnownError: The folder cannot be used, or another process works in it.
    """
    keeper = Keeper(lambda: credentials_of(config, folder, passphrase_descriptor))
    return Till(
        till_settings(config),
        folder,
        lambda: backend_opening.open_backend(config, keeper.credentials()),
        address=config.backend.address,
        kind=config.backend.kind,
        shop=lambda: backend_opening.shop_of(config),
        devices=DeviceSettings(config.scanner, config.camera, config.serial, config.sound),
        rules=lambda: backend_opening.rules_of(config),
        keeper=keeper,
        staff=desk_settings(config.staff),
        door=staff_opening.till_door(keeper, config.staff),
        ledger=ledger_of(config, folder, keeper),
        figures=lambda: figures_source(config, folder, keeper),
    )


def backend_of(
    config: TillConfig, folder: Path | None = None, passphrase_descriptor: int | None = None
) -> LoyaltyBackend:
    """Return the loyalty backend of these settings, with its secrets read. Blocking.

    Raises:
        KnownError: A secret is missing, the key store cannot be asked, or a setting makes no sense.
    """
    return backend_opening.open_backend(config, credentials_of(config, folder, passphrase_descriptor))


def contract_backend(address: str, token: Secret) -> LoyaltyBackend:
    """Return the adapter of the reference contract. Imports httpx, which takes 100 to 200 ms."""
    from cashier_app.backends.contract import ContractBackend  # after the first frame

    return ContractBackend(address, token)


def _contract_rules() -> BackendRules:
    from cashier_app.backends.contract_kind import ContractRules

    return ContractRules()
