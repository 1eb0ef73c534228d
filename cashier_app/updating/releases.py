"""Which versions there are, as the repository's signed list says, and the newest for this till."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cashier_app.services.release_notes import is_newer

LIST_NAME = "releases.json"
MAX_LIST_BYTES = 256 * 1024
_PATH = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._+-]{0,80}/){0,4}[A-Za-z0-9][A-Za-z0-9._+-]{0,120}")


class Release(Struct, frozen=True):
    """One file of one version.

    Args:
        kind: What it is for, such as ``deb-x86_64``.
        path: Its name at the repository.
    """

    version: Annotated[str, Meta(max_length=20)]
    kind: Annotated[str, Meta(max_length=40)]
    path: Annotated[str, Meta(max_length=200)]

    @property
    def file_name(self) -> str:
        """Return its name here."""
        return self.path.rpartition("/")[2]


class ReleaseList(Struct, frozen=True):
    """All of them."""

    releases: Annotated[tuple[Release, ...], Meta(max_length=2000)]


def newest(text: bytes, kind: str, version: str) -> Release | None:
    """Return the newest release of a kind above a version; None where there is none.

    Raises:
        msgspec.MsgspecError: The text is no list of releases.
        ValueError: It names a file in a way no file is named.
    """
    best: Release | None = None
    for release in msgspec.json.decode(text, type=ReleaseList).releases:
        if release.kind == kind and is_newer(release.version, best.version if best else version):
            best = release
    if best is not None and not _PATH.fullmatch(best.path):
        raise ValueError("a release is named in a way no file is")
    return best
