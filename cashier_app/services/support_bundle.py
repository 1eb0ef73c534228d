"""The file a shop gives to support: a few texts in a zip, each named before it is written.

What is in them is made by `support_opening`; here they are capped, listed and packed. The same texts give the
same bytes.
"""

from __future__ import annotations

import errno
import io
import re
import zipfile
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from cashier_app.errors import KnownError
from cashier_app.services.export_files import TRAINING, write_file

MOST_IN_FILE = 512 * 1024
MOST_IN_ALL = 4 * 1024 * 1024
ENDING = ".zip"
_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*(?:/[a-z0-9]+(?:[-.][a-z0-9]+)*)?")
_CUT = "(what is older was left out)\n"
_READABLE_BY_OWNER = 0o600 << 16
_UNIX = 3


class Purpose(StrEnum):
    """What a part of the file is for."""

    CONTENTS = "contents"
    VERSIONS = "versions"
    DOCTOR = "doctor"
    SETTINGS = "settings"
    CHOICES = "choices"
    QUEUE = "queue"
    DATABASE = "database"
    HEALTH = "health"
    CRASH = "crash"
    LOG = "log"


class SupportFile(Struct, frozen=True):
    """One part: its name inside the zip, what it is for, and what it says."""

    name: str
    purpose: Purpose
    content: bytes

    @property
    def size(self) -> int:
        """Return its size in bytes."""
        return len(self.content)


class SupportBundle(Struct, frozen=True):
    """Everything that would be written, and nothing else.

    Args:
        made_at: UTC.
        files: In the order they are listed.
        training: Whether nothing in it is real.
    """

    made_at: datetime
    files: tuple[SupportFile, ...]
    training: bool = False

    @property
    def size(self) -> int:
        """Return how many bytes its parts have; the file is smaller."""
        return sum(file.size for file in self.files)


def bundled(
    made_at: datetime, files: list[SupportFile], *, head: str, training: bool = False
) -> SupportBundle:
    """Return the bundle of these parts, the newest of each kept, with a list of them before them.

    Args:
        made_at: UTC.
        files: The most wanted first: what comes when there is no room is left out.
        head: What stands above the list.
        training: Whether nothing in it is real.

    Raises:
        ValueError: A part has a name that leads somewhere else, or two have one name.
    """
    mark = f"{TRAINING}\n\n" if training else ""
    names = [file.name for file in files]
    if len(set(names)) != len(names) or not all(map(_NAME.fullmatch, names)):
        raise ValueError("a part of the file for support has a name that is not right")
    kept: list[SupportFile] = []
    left = MOST_IN_ALL
    for file in files:
        content = newest(file.content, min(MOST_IN_FILE, left))
        if training and not file.name.endswith(".json"):
            content = mark.encode() + content
        part = SupportFile(file.name, file.purpose, content)
        if part.content or not file.content:
            kept.append(part)
            left -= part.size
    listed = "".join(f"{file.size:>9}  {file.name}\n" for file in kept)
    contents = SupportFile("contents.txt", Purpose.CONTENTS, f"{mark}{head}\n\n{listed}".encode())
    return SupportBundle(made_at, (contents, *kept), training)


def newest(content: bytes, most: int) -> bytes:
    """Return the end of a text, from the beginning of a line, with a note that there was more."""
    if len(content) <= most:
        return content
    room = most - len(_CUT)
    if room <= 0:
        return b""
    return _CUT.encode() + content[len(content) - room :].partition(b"\n")[2]


def packed(bundle: SupportBundle) -> bytes:
    """Return the zip; the same parts give the same bytes."""
    stamp = bundle.made_at.astimezone(UTC)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in bundle.files:
            entry = zipfile.ZipInfo(file.name, stamp.timetuple()[:6])
            entry.external_attr = _READABLE_BY_OWNER
            entry.create_system = _UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return target.getvalue()


def file_name(made_at: datetime, *, training: bool) -> str:
    """Return the name a bundle is offered under; nothing of the shop is in it."""
    mark = "training-" if training else ""
    return f"{mark}cashier-app-support-{made_at:%Y-%m-%d}{ENDING}"


def check_place(path: Path, *, replace: bool) -> None:
    """Check where a file would go, before the work is done.

    Raises:
        KnownError: The name does not end in .zip, or the file is there and may not be replaced.
    """
    if path.suffix.lower() != ENDING:
        raise KnownError(f"The file's name must end in {ENDING}.")
    if not replace and (path.exists() or path.is_symlink()):
        raise KnownError("This file is there already. It was left as it is.")


def write_bundle(path: Path, bundle: SupportBundle, *, replace: bool = False) -> None:
    """Write the file, whole or not at all, for its owner only to read.

    Raises:
        KnownError: The name does not end in .zip, the file is there already, or the disk refuses.
    """
    try:
        write_file(path, {ENDING: lambda: packed(bundle)}, replace=replace)
    except KnownError as error:
        cause = error.__cause__
        if isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise KnownError(
                "The disk is full: the file for support was not written. Free space first."
            ) from error
        raise
