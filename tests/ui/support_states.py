"""The page of support in every state worth a picture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cashier_app.errors import KnownError
from cashier_app.examining.finding import Finding, State
from cashier_app.services.support_bundle import Purpose, SupportBundle, SupportFile, bundled, write_bundle
from ui.main_window import MainWindow
from ui.support import SupportLook

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
SIZES = {
    "versions.json": (Purpose.VERSIONS, 191),
    "doctor.json": (Purpose.DOCTOR, 3_843),
    "settings.json": (Purpose.SETTINGS, 1_751),
    "choices.json": (Purpose.CHOICES, 84),
    "queue.json": (Purpose.QUEUE, 9_140),
    "database.json": (Purpose.DATABASE, 1_246),
    "health.json": (Purpose.HEALTH, 24_101),
    "last-crash.txt": (Purpose.CRASH, 1_729),
    "logs/till.log": (Purpose.LOG, 412_000),
    "logs/till.log.1": (Purpose.LOG, 524_288),
    "logs/till.log.2": (Purpose.LOG, 524_288),
}
WELL = (Finding("program", "cashier-app 0.1.0 on Python 3.11.7"), Finding("queue", "nothing waits"))
UNWELL = (
    *WELL,
    Finding(
        "permissions",
        "Other users of this computer can read the data folder. Run: chmod 700 '/home/till/points'",
        State.NOTE,
    ),
    Finding("queue", "3 effects need a person: open the queue with F7 and settle what it shows", State.NOTE),
    Finding(
        "updates",
        "Version 0.2.0 is ready. An administrator installs it, then the till is started again: sudo apt "
        "install /home/till/.local/share/cashier-app/updates/files/cashier-app_0.2.0_amd64.deb",
        State.NOTE,
    ),
    Finding("backend", "The loyalty system does not answer. Check the network and its address.", State.FAIL),
)
STATES = ("support", "support-looking", "support-findings", "support-saved", "support-trouble")


class FakeSupport:
    """Answers at once with what a test gives it, and writes for real."""

    def __init__(self, findings: tuple[Finding, ...] = WELL, *, training: bool = False) -> None:
        self.findings = findings
        self.training = training
        self.refusal: KnownError | None = None
        self.scripts: list[Mapping[str, bool]] = []

    def look(self, scripts: Mapping[str, bool]) -> SupportLook:
        self.scripts.append(scripts)
        self._refuse()
        return SupportLook(self.findings, self._bundle())

    def save(self, path: Path, bundle: SupportBundle, *, replace: bool) -> None:
        self._refuse()
        write_bundle(path, bundle, replace=replace)

    def _bundle(self) -> SupportBundle:
        files = [SupportFile(name, purpose, b"x" * size) for name, (purpose, size) in SIZES.items()]
        return bundled(NOW, files, head="What cashier-app wrote for support.", training=self.training)

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal


def open_in(window: MainWindow, name: str) -> None:
    """Bring a window that is shown into one of the states."""
    support = FakeSupport(UNWELL if name == "support-findings" else WELL)
    window.ways.support = support
    if name == "support-trouble":
        support.refusal = KnownError("The data folder cannot be written. Check its permissions.")
    window.ways.show_support()
    page = window.drawers.support_page(support)
    match name:
        case "support-looking":
            page.show_busy()
        case "support-saved":
            page.show_saved("cashier-app-support-2026-11-22.zip")
