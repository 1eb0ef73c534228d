"""The window, frozen: what `cashier-app` runs in the bundle."""

import os
import sys
from pathlib import Path

if sys.platform == "linux":
    # Qt is to load the plugins it came with, whatever the desktop says.
    os.environ["QT_PLUGIN_PATH"] = str(Path(__file__).parent / "PySide6" / "Qt" / "plugins")

from cashier_app.standard_streams import prepare
from ui.__main__ import main


def files_are_fine() -> bool:
    """Say what is wrong with the files of this bundle, before any library that may be cut short is loaded."""
    from cashier_app.bundle_files import damage_of, told

    damage = damage_of(Path(sys.executable).parent)
    lines = [f"FAIL installation: {sentence}" for sentence in told(damage)]
    if not lines:
        lines = [f"ok   installation: {damage.known} files are as they were built"]
        if damage.replaced:
            lines[0] += f", but replaced by somebody: {', '.join(damage.replaced)}"
    if sys.stdout is not None:
        sys.stdout.write("\n".join((*lines, "")))
        sys.stdout.flush()
    return not told(damage)


if __name__ == "__main__":
    prepare()
    # On macOS signing changes the files after they were built; there the signature tells of damage.
    if "--self-check" in sys.argv[1:] and sys.platform != "darwin" and not files_are_fine():
        sys.exit(1)
    sys.exit(main())
