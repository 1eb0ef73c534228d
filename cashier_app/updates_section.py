"""`[updates]`: whether this till asks for new versions, and whom it believes."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from cashier_app.errors import KnownError

_EXPECTED = "updates.address: an https address without a user name, a question mark or a # is expected."


class UpdatesSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[updates]`: where this till asks for new versions; nowhere unless it says so.

    Args:
        enabled: Whether it asks at all.
        address: https address of the repository, or http on this computer.
        root_file: The keys trusted at first, beside the settings file or with its whole path; those shipped
            with the program when empty.
        ca_file: Certificates the address' is checked with; the system's own when empty.
    """

    enabled: bool = False
    address: str = ""
    root_file: str = ""
    ca_file: str = ""


def check_updates(section: UpdatesSection) -> None:
    """Check what the types cannot.

    Raises:
        KnownError: A value makes no sense; the sentence names it.
    """
    if not section.address:
        if section.enabled:
            raise KnownError(_EXPECTED)
        return
    try:
        parts = urlsplit(section.address)
        local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
        right = (
            bool(parts.hostname)
            and parts.port != 0
            and (parts.scheme == "https" or local)
            and parts.username is None
            and not (parts.query or parts.fragment)
        )
    except ValueError:
        right = False
    if not right:
        raise KnownError(_EXPECTED)


def root_path(section: UpdatesSection, beside: Path) -> Path | None:
    """Return the file of keys trusted at first; None for those shipped with the program."""
    return beside / Path(section.root_file).expanduser() if section.root_file else None
