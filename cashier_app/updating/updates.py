"""Ask a repository for a new version, verify all it says, and keep the file: whole or not at all."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from tuf.api import exceptions as tuf_errors
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.updater import Updater

from cashier_app.errors import KnownError
from cashier_app.ports.local_state import LEAST_FREE_BYTES
from cashier_app.services.release_notes import is_newer
from cashier_app.updating.fetching import Fetcher, StoppedError
from cashier_app.updating.releases import LIST_NAME, MAX_LIST_BYTES, Release, newest

if TYPE_CHECKING:
    from tuf.api._payload import TargetFile

READY_FILE = "ready.json"
METADATA_FOLDER, FILES_FOLDER = "metadata", "files"
MAX_FILE_BYTES = 1024**3
METADATA_SECONDS, FILE_SECONDS = 30.0, 3600.0
_PART = "unfinished.part"
_MAX_READY_BYTES = 4096
_BLOCK = 1024 * 1024

UNREACHABLE = "The update address cannot be reached. Nothing was changed."
NOT_SIGNED = "What the update address says is not signed by the keys this till trusts. It was refused."
TOO_OLD = "The update address shows less than this till has seen before. It was refused."
EXPIRED = (
    "What the update address says has run out, or this computer's clock is wrong. "
    "It was refused; check the clock."
)
NOT_THE_FILE = "What came from the update address is not what was signed. It was not kept."
NOT_UPDATES = (
    "The update address answers with something else than updates, perhaps a sign-in page. It was refused."
)
NO_ROOM = "There is not enough room on the disk for the new version. Nothing was changed."
CANNOT_KEEP = "The new version cannot be kept. Check the data folder's permissions and its room."


class UnreachableError(KnownError):
    """Nobody answers: nothing is said of it but to who asked."""


class Ready(Struct, frozen=True):
    """A new version that lies here, verified.

    Args:
        file: Its name in the folder of files.
        size: Bytes.
        sha256: Hex digits.
    """

    version: str
    kind: str
    file: str
    size: int
    sha256: str


class Updates:
    """One till's view of a repository. Blocking, for one worker at a time.

    Args:
        folder: All of it is kept here; made when missing.
        address: The repository: ``metadata/`` and ``targets/`` lie below.
        root: The keys trusted at first; the repository may name newer ones, signed by these.
        kind: Which files are for this computer, such as ``deb-x86_64``.
        version: The one that runs.
    """

    def __init__(
        self, folder: Path, address: str, root: bytes, fetcher: Fetcher, *, kind: str, version: str
    ) -> None:
        self._folder, self._root, self._fetcher = folder, root, fetcher
        self._address = address.rstrip("/")
        self._kind, self._version = kind, version

    def check(self) -> Release | None:
        """Return the newest version above this one; None where there is none.

        Raises:
            KnownError: Nobody answers, or the answer is refused; nothing was changed.
        """
        with _said(), self._fetcher.within(METADATA_SECONDS):
            return self._newest(self._client())

    def fetch(self) -> Ready | None:
        """Bring the newest version above this one here and verify it; None where there is none.

        Raises:
            KnownError: As with `check`, or there is no room; what lay here is still there.
        """
        with _said():
            client = self._client()
            with self._fetcher.within(METADATA_SECONDS):
                release = self._newest(client)
                found = client.get_targetinfo(release.path) if release else None
            if release is None:
                # What was brought here once is what runs by now.
                self._keep_only("")
                return None
            if found is None:
                raise KnownError(NOT_THE_FILE, detail=f"{release.path} is listed and not signed")
            there = ready_in(self._folder, self._version)
            if there is not None and _is(there, release, found):
                self._keep_only(there.file)
                return there
            return self._kept(client, release, found)

    def _client(self) -> Updater:
        for folder in (self._metadata, self._files):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._metadata.glob("tmp*"):
            left.unlink()
        return Updater(
            str(self._metadata),
            f"{self._address}/metadata/",
            str(self._files),
            f"{self._address}/targets/",
            fetcher=self._fetcher,
            config=UpdaterConfig(max_root_rotations=32, snapshot_max_length=512_000),
            bootstrap=self._root,
        )

    @property
    def _metadata(self) -> Path:
        return self._folder / METADATA_FOLDER

    @property
    def _files(self) -> Path:
        return self._folder / FILES_FOLDER

    def _newest(self, client: Updater) -> Release | None:
        client.refresh()
        target = client.get_targetinfo(LIST_NAME)
        if target is None:
            return None
        if target.length > MAX_LIST_BYTES:
            raise KnownError(NOT_UPDATES, detail="the list of releases is too long")
        path = Path(client.download_target(target, str(self._folder / LIST_NAME)))
        try:
            return newest(path.read_bytes(), self._kind, self._version)
        except (msgspec.MsgspecError, ValueError) as error:
            raise KnownError(NOT_UPDATES, detail=repr(error)) from error

    def _kept(self, client: Updater, release: Release, target: TargetFile) -> Ready:
        if target.length > MAX_FILE_BYTES or "sha256" not in target.hashes:
            raise KnownError(NOT_THE_FILE, detail="it is too large, or signed without SHA-256")
        # Twice: once while it is read, once while it is put in place. Sales need room, too.
        if shutil.disk_usage(self._folder).free < 2 * target.length + LEAST_FREE_BYTES:
            raise KnownError(NO_ROOM)
        part = self._files / _PART
        with self._fetcher.within(FILE_SECONDS):
            client.download_target(target, str(part))
        final = self._files / release.file_name
        _sync(part)
        part.replace(final)
        ready = Ready(
            release.version, release.kind, release.file_name, target.length, target.hashes["sha256"]
        )
        fresh = self._folder / f"{READY_FILE}.new"
        fresh.write_bytes(msgspec.json.encode(ready))
        _sync(fresh)
        fresh.replace(self._folder / READY_FILE)
        self._keep_only(final.name)
        return ready

    def _keep_only(self, name: str) -> None:
        for old in self._files.iterdir():
            if old.name != name:
                old.unlink()


def ready_in(folder: Path, version: str) -> Ready | None:
    """Return the version above this one that lies in a folder, whole; None where none does. Blocking."""
    with suppress(OSError, msgspec.MsgspecError, ValueError):
        with (folder / READY_FILE).open("rb") as opened:
            ready = msgspec.json.decode(opened.read(_MAX_READY_BYTES), type=Ready)
        file = folder / FILES_FOLDER / Path(ready.file).name
        whole = file.stat().st_size == ready.size and _sha256(file) == ready.sha256
        if whole and is_newer(ready.version, version):
            return ready
    return None


def _is(ready: Ready, release: Release, target: TargetFile) -> bool:
    there = (ready.version, ready.file, ready.size, ready.sha256)
    return there == (release.version, release.file_name, target.length, target.hashes.get("sha256"))


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sync(file: Path) -> None:
    with file.open("r+b") as opened:
        os.fsync(opened.fileno())


@contextmanager
def _said() -> Iterator[None]:
    """Turn what TUF refuses into one sentence; the newest cause first, as they are kinds of each other."""
    logging.getLogger("tuf").setLevel(logging.ERROR)
    try:
        yield
    except StoppedError as error:
        raise UnreachableError(UNREACHABLE, detail="the till is being closed") from error
    except (tuf_errors.DownloadLengthMismatchError, tuf_errors.LengthOrHashMismatchError) as error:
        raise KnownError(NOT_THE_FILE, detail=str(error)) from error
    except tuf_errors.DownloadError as error:
        raise UnreachableError(UNREACHABLE, detail=str(error)) from error
    except tuf_errors.ExpiredMetadataError as error:
        raise KnownError(EXPIRED, detail=str(error)) from error
    except tuf_errors.BadVersionNumberError as error:
        raise KnownError(TOO_OLD, detail=str(error)) from error
    except tuf_errors.UnsignedMetadataError as error:
        raise KnownError(NOT_SIGNED, detail=str(error)) from error
    except tuf_errors.RepositoryError as error:
        raise KnownError(NOT_UPDATES, detail=str(error)) from error
    except OSError as error:
        raise KnownError(CANNOT_KEEP, detail=repr(error)) from error
