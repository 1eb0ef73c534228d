"""What a bundle says of itself: which version and commit it was built from, and what belongs into it."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from cashier_app import __version__
from cashier_app.paths import resources

STAMP_FILE = "build.json"
_COMMIT_SHOWN = 12


class BuildStamp(Struct, frozen=True):
    """Written into the bundle when it is built.

    Args:
        version: Of the program.
        commit: The whole id; empty where the source was no repository.
        changed: The source had changes that no commit holds.
        modules: All modules of ours, by name.
        libraries: What they import from others, as `module` or `module:name`.
        files: Our data files by their place in the bundle, with the SHA-256 of each.
    """

    version: str
    commit: str
    changed: bool
    modules: tuple[str, ...]
    libraries: tuple[str, ...]
    files: dict[str, str]


def read_stamp() -> BuildStamp | None:
    """Return the stamp of this bundle; None when run from source, or where it cannot be read."""
    try:
        return msgspec.json.decode((resources() / STAMP_FILE).read_bytes(), type=BuildStamp)
    except (OSError, msgspec.DecodeError):
        return None


def version_line() -> str:
    """Return name and version, with the commit where a bundle knows it."""
    stamp = read_stamp()
    if stamp is None or not stamp.commit:
        return f"cashier-app {__version__}"
    changed = ", with changes" if stamp.changed else ""
    return f"cashier-app {stamp.version} (commit {stamp.commit[:_COMMIT_SHOWN]}{changed})"
