"""Notes which modules a run of tests imported, to compare them with what a bundle holds.

    CASHIER_MODULES_SEEN=/tmp/seen pytest -p tests.packaging.modules_seen tests/unit tests/ui
    python -m tests.packaging.modules_seen /tmp/seen

What only tests import is no part of a bundle: compared are modules of libraries that it has, and ours.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.packaging.bundle_files import BUNDLE, Bundle

FOLDER = "CASHIER_MODULES_SEEN"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down the modules of this process: under xdist there are several."""
    del session
    folder = Path(os.environ[FOLDER])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{uuid.uuid4()}.json").write_text(json.dumps(imported()), encoding="utf-8")


def imported() -> list[str]:
    """Return the modules of this process that came from files; Qt makes some of its own out of nothing."""
    files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    return sorted(name for name, file in files.items() if file and Path(file).exists())


def missing(seen: Iterable[str], bundle: Bundle) -> list[str]:
    """Return what was imported, belongs to something the bundle has, and is not in it."""
    ours_or_bundled = {name for name in seen if name.partition(".")[0] in bundle.packages}
    return sorted(name for name in ours_or_bundled if not bundle.has(name))


def main() -> int:
    """Print what a bundle lacks of what was seen; exit code 1 when there is something."""
    seen = {name for file in Path(sys.argv[1]).glob("*.json") for name in json.loads(file.read_text())}
    lacking = missing(seen, Bundle(BUNDLE))
    print(f"{len(seen)} modules were imported; not in the bundle: {', '.join(lacking) or 'none'}")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
