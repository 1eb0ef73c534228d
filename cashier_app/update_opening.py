"""Updates put together: the settings' address and keys, this computer's kind, and the till's folder."""

from __future__ import annotations

import logging
import platform
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from cashier_app import __version__
from cashier_app.errors import KnownError
from cashier_app.own_program import is_frozen
from cashier_app.paths import resources
from cashier_app.updates_section import UpdatesSection, root_path

if TYPE_CHECKING:
    from cashier_app.updating.fetching import Patience
    from cashier_app.updating.updates import Ready, Updates
    from cashier_app.wording.speech import Wording

logger = logging.getLogger(__name__)

FOLDER = "updates"
SHIPPED_ROOT = "update-root.json"
FIRST_SECONDS, EVERY_SECONDS, AGAIN_SECONDS = 10 * 60.0, 6 * 3600.0, 3600.0
"""After the start, after an answer, and where nobody answered."""

MAX_ROOT_BYTES = 512_000
OFF = "Updates are switched off at this till. Set enabled and address in [updates] of its settings file."
NO_ROOT = "The keys that updates are checked with are missing. Name them by updates.root_file."
LOOKING_ALREADY = "This till is asking for updates already. Try again in a moment."
_MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}
_OWNED_BY_PACKAGES = ("/usr/", "/opt/")


def kind_here() -> str:
    """Return which files are for this computer, such as ``deb-x86_64``; ``source-…`` where none is."""
    machine = platform.machine().lower()
    if not is_frozen():
        kind = "source"
    elif sys.platform == "win32":
        kind = "windows"
    elif sys.platform == "darwin":
        kind = "macos"
    else:
        kind = "deb" if sys.executable.startswith(_OWNED_BY_PACKAGES) else "folder"
    return f"{kind}-{_MACHINES.get(machine, machine)}"


@contextmanager
def open_updates(
    section: UpdatesSection,
    settings_folder: Path,
    data_folder: Path,
    patience: Patience | None = None,
    *,
    kind: str = "",
    version: str = __version__,
) -> Iterator[Updates]:
    """Open what asks for new versions; one process at a time. Blocking, for a worker.

    Raises:
        KnownError: It is switched off, the keys are missing, or somebody asks already.
    """
    import httpx

    from cashier_app.backends.deadline import Deadline, DeadlineTransport
    from cashier_app.backends.trust import tls_context
    from cashier_app.updating.fetching import Fetcher, Patience
    from cashier_app.updating.updates import Updates

    if not (section.enabled and section.address):
        raise KnownError(OFF)
    root = first_root(section, settings_folder)
    folder = data_folder / FOLDER
    deadline = Deadline()
    authorities = settings_folder / section.ca_file if section.ca_file else None
    context = tls_context(authorities) if section.address.startswith("https:") else None
    with (
        _alone(folder),
        httpx.Client(
            transport=DeadlineTransport(deadline, context),
            headers={"Accept-Encoding": "identity", "User-Agent": "cashier-app"},
            follow_redirects=False,
            trust_env=False,
        ) as client,
    ):
        fetcher = Fetcher(client, deadline.within, patience or Patience(), folder)
        yield Updates(folder, section.address, root, fetcher, kind=kind or kind_here(), version=version)


class UpdateWatch:
    """Asks at quiet times, on a thread of its own; a till without network hears nothing of it.

    Args:
        open_them: Opens what asks; see `open_updates`.
        told: Called on that thread once a new version lies here.
    """

    def __init__(
        self,
        open_them: Callable[[Patience], Iterator[Updates]],
        told: Callable[[Ready], None],
        *,
        first: float = FIRST_SECONDS,
        every: float = EVERY_SECONDS,
        again: float = AGAIN_SECONDS,
    ) -> None:
        from cashier_app.updating.fetching import Patience

        self.patience = Patience()
        self._open, self._told = contextmanager(open_them), told
        self._first, self._every, self._again = first, every, again
        self._thread = threading.Thread(target=self._run, name="updates", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End within the few seconds one read may take."""
        self.patience.stop()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        pause = self._first
        while not self.patience.wait(pause):
            pause = self._every if self._ask() else self._again

    def _ask(self) -> bool:
        """Ask once; return whether there was an answer, whatever it was."""
        from cashier_app.updating.fetching import StoppedError
        from cashier_app.updating.updates import UnreachableError

        try:
            self.patience.hold()
            with self._open(self.patience) as updates:
                ready = updates.fetch()
            if ready is not None:
                self._told(ready)
        except StoppedError:
            return False
        except KnownError as error:
            logger.info("no update: %s %s", error.sentence, error.detail)
            return not isinstance(error, UnreachableError)
        except Exception:
            logger.exception("asking for updates met a bug and goes on")
        return True


def first_root(section: UpdatesSection, settings_folder: Path) -> bytes:
    """Return the keys trusted at first. Blocking.

    Raises:
        KnownError: They are not where the settings say, or none are shipped.
    """
    path = root_path(section, settings_folder)
    try:
        with (path or resources() / SHIPPED_ROOT).open("rb") as opened:
            return opened.read(MAX_ROOT_BYTES)
    except OSError as error:
        raise KnownError(NO_ROOT, detail=repr(error)) from error


class ReadyHere(Struct, frozen=True):
    """A new version that lies here, verified: its file, and what somebody has to do with it, in English."""

    version: str
    file: Path
    what_to_do: str


def find_ready(data_folder: Path, wording: Wording | None = None) -> ReadyHere | None:
    """Return the version above this one that lies in a data folder, None where none does. Reads all of it.

    Args:
        data_folder: The till's.
        wording: The voice that says what to do; English when not given.
    """
    if not (data_folder / FOLDER).is_dir():
        return None
    from datetime import UTC

    from cashier_app.domain.points import PointName
    from cashier_app.updating.updates import FILES_FOLDER, ready_in
    from cashier_app.wording.speech import Wording
    from cashier_app.wording.updates import what_to_do

    ready = ready_in(data_folder / FOLDER, __version__)
    if ready is None:
        return None
    file = (data_folder / FOLDER / FILES_FOLDER / ready.file).absolute()
    voice = wording or Wording.of("en", UTC, PointName("point", "points"))
    return ReadyHere(ready.version, file, what_to_do(ready.kind, file, voice))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    from cashier_app.storage.folder_lock import FolderLock, InUseError

    try:
        lock = FolderLock(folder)
    except InUseError as error:
        raise KnownError(LOOKING_ALREADY) from error
    try:
        yield
    finally:
        lock.release()
