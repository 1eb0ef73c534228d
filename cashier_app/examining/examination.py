"""Everything the doctor looks at, in the order it is told."""

from __future__ import annotations

from msgspec.structs import replace

from cashier_app.examining import outside, program, shop
from cashier_app.examining.finding import Check, Finding, Patient, State, look_at

SLOW_SECONDS = 12.0
"""For what has limits of its own: the loyalty system is asked twice, the key store for 5 s."""

CHECKS = (
    Check(("program", "operating system"), program.program),
    Check(("packages",), program.packages),
    Check(("system libraries",), program.libraries),
    Check(("fonts",), program.fonts),
    Check(("display",), program.display),
    Check(("scanner",), program.scanner),
    Check(("cameras",), program.cameras),
    Check(("serial scanners",), program.serial_scanners),
    Check(("printers",), program.printers),
    Check(("settings",), shop.settings),
    Check(("data folder", "permissions"), shop.folder),
    Check(("training folder",), shop.training),
    Check(("database", "audit log", "queue", "backups"), shop.database, SLOW_SECONDS),
    Check(("sales database",), shop.local_state, SLOW_SECONDS),
    Check(("key store",), shop.secrets, SLOW_SECONDS),
    Check(("staff",), shop.staff, SLOW_SECONDS),
    Check(("updates",), shop.updates),
    Check(("certificates",), outside.certificates),
    Check(("backend", "clock"), outside.backend, SLOW_SECONDS),
)


def examine(patient: Patient) -> list[Finding]:
    """Look at everything. Blocking: a few seconds, and never longer than `SLOW_SECONDS`."""
    return _once(look_at(patient, CHECKS))


def _once(findings: list[Finding]) -> list[Finding]:
    """Tell settings that cannot be read once, not at each thing that would need them."""
    said = {one.words for one in findings if one.name == "settings" and not one.fine}
    return [
        replace(one, words="not looked at: see the settings", state=State.NOTE)
        if one.words in said and one.name != "settings"
        else one
        for one in findings
    ]
