"""The kinds of backend there are: those this program brings along, and those of other installed packages."""

from __future__ import annotations

import logging
import re
from importlib import import_module
from importlib.metadata import entry_points

from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import ENTRY_POINTS, BackendKind

logger = logging.getLogger(__name__)

BUILT_IN = {
    "contract": "cashier_app.backends.contract_kind:KIND",
    "openloyalty": "cashier_app.backends.openloyalty.kind:KIND",
    "voucherify": "cashier_app.backends.voucherify.kind:KIND",
    "square": "cashier_app.backends.square.kind:KIND",
    "nector": "cashier_app.backends.nector.kind:KIND",
}
"""What the program brings along: a table, since a frozen or stale installation loses entry points."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def kind_of(name: str) -> BackendKind:
    """Return the kind of this name. Reads what is installed: for a worker.

    Raises:
        KnownError: There is none, or its package is broken; one sentence.
    """
    if name in BUILT_IN:
        return _built_in(name)
    found = [entry for entry in entry_points(group=ENTRY_POINTS) if entry.name == name]
    if not found:
        raise KnownError(f"backend.kind: {name[:32]!r} is not installed. There are: {', '.join(names())}.")
    try:
        kind = found[0].load()
    except Exception as error:
        logger.exception("the backend %s of %s cannot be loaded", name, found[0].value)
        raise KnownError(f"The backend {name!r} is installed but cannot be loaded.") from error
    if not isinstance(kind, BackendKind) or kind.name != name:
        raise KnownError(f"The backend {name!r} is installed but is no backend of this till's version.")
    return kind


def names() -> tuple[str, ...]:
    """Return the names of all kinds, those brought along first. Reads what is installed: for a worker."""
    others = {entry.name for entry in entry_points(group=ENTRY_POINTS) if _NAME.fullmatch(entry.name)}
    return (*BUILT_IN, *sorted(others - BUILT_IN.keys()))


def _built_in(name: str) -> BackendKind:
    module, _, place = BUILT_IN[name].partition(":")
    kind: BackendKind = getattr(import_module(module), place)
    return kind
