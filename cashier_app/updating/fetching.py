"""Read from a repository: capped, under one deadline, stopped at once, and held while somebody is served."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import httpx
from tuf.api.exceptions import DownloadError, DownloadHTTPError, DownloadLengthMismatchError
from tuf.ngclient.fetcher import FetcherInterface

READ_SECONDS = 5.0
"""A server that says nothing for so long is gone."""

_HELD_SECONDS = 0.5
_OK = 200

Within = Callable[[float], AbstractContextManager[None]]
"""Gives the calls of this thread so many seconds."""


class StoppedError(DownloadError):
    """The till is being closed."""


class Patience:
    """When to read and when not: set by the window, obeyed by the worker."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._quiet = threading.Event()
        self._quiet.set()

    def be_quiet(self, *, quiet: bool) -> None:
        """Say whether nobody is served now. From any thread."""
        if quiet:
            self._quiet.set()
        else:
            self._quiet.clear()

    def stop(self) -> None:
        """End what is under way, and whatever comes. From any thread."""
        self._stopped.set()
        self._quiet.set()

    def wait(self, seconds: float) -> bool:
        """Wait so long; return whether it was stopped."""
        return self._stopped.wait(seconds)

    def hold(self) -> None:
        """Wait until nobody is served.

        Raises:
            StoppedError: The till is being closed.
        """
        while not self._quiet.wait(_HELD_SECONDS):
            pass
        if self._stopped.is_set():
            raise StoppedError("the till is being closed")


class Fetcher(FetcherInterface):
    """What TUF reads through.

    Args:
        client: Follows no redirect, sends nothing of ours, and takes its deadline from `within`.
        folder: Where a file lies while it is read: beside its later place, not in memory.
    """

    def __init__(self, client: httpx.Client, within: Within, patience: Patience, folder: Path) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._client, self._within, self._patience, self._folder = client, within, patience, folder

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Give all that is read here by this thread so many seconds."""
        return self._within(seconds)

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """Yield a file with what stands at an address, of so many bytes at most."""
        length = 0
        with tempfile.TemporaryFile(dir=self._folder) as kept:
            for chunk in self.fetch(url):
                length += len(chunk)
                if length > max_length:
                    raise DownloadLengthMismatchError(f"more than {max_length} bytes")
                kept.write(chunk)
            kept.seek(0)
            yield kept

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            with self._opened(url) as reply:
                if reply.status_code != _OK:
                    raise DownloadHTTPError(f"HTTP {reply.status_code}", reply.status_code)
                chunks = reply.iter_raw()
                while True:
                    self._patience.hold()
                    with self._within(READ_SECONDS):
                        chunk = next(chunks, None)
                    if chunk is None:
                        return
                    yield chunk
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise DownloadError(repr(error)) from error

    @contextmanager
    def _opened(self, url: str) -> Iterator[httpx.Response]:
        self._patience.hold()
        with self._within(READ_SECONDS):
            reply = self._client.send(self._client.build_request("GET", url), stream=True)
        try:
            yield reply
        finally:
            reply.close()
