"""What the window asks about support, so that tests can put another there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from cashier_app.examining.finding import Finding
from cashier_app.services.support_bundle import SupportBundle


class SupportLook(Struct, frozen=True):
    """What the doctor found, and the file that would be written."""

    findings: tuple[Finding, ...]
    bundle: SupportBundle


class Support(Protocol):
    """Every method blocks: for worker threads.

    Raises:
        KnownError: From every method; the sentence says what and what to do.
    """

    def look(self, scripts: Mapping[str, bool]) -> SupportLook:
        """Look at this till, given which scripts the fonts hold. Some seconds; nothing is sent or changed."""

    def save(self, path: Path, bundle: SupportBundle, *, replace: bool) -> None:
        """Write the file."""
