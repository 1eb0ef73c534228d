"""The window, frozen: what `cashier-app` runs in the bundle."""

import os
import sys
from pathlib import Path


def run() -> int:
    """Look at the bundle's files where that is asked for, before they are loaded; then open the window."""
    # On macOS signing changes the files after they were built; there the signature tells of damage.
    if "--self-check" in sys.argv[1:] and sys.platform != "darwin" and not files_are_fine():
        return 1
    if sys.platform == "linux":
        # Qt is to load the plugins it came with, whatever the desktop says.
        os.environ["QT_PLUGIN_PATH"] = str(Path(__file__).parent / "PySide6" / "Qt" / "plugins")
    from cashier_app.standard_streams import prepare
    from ui.__main__ import main

    prepare()
    return main()


def files_are_fine() -> bool:
    """Say what is wrong with the files of this bundle; False when something is."""
    try:
        from cashier_app.bundle_files import damage_of, told
    except Exception as error:  # noqa: BLE001 - cut short it cannot be loaded either, and says so in many ways
        say(f"FAIL installation: {error}. Install the program again.")
        return False
    damage = damage_of(Path(sys.executable).parent)
    wrong = told(damage)
    for sentence in wrong:
        say(f"FAIL installation: {sentence}")
    if not wrong:
        fine = damage.known - len(damage.replaced)
        by_somebody = f"; replaced by somebody: {', '.join(damage.replaced)}" if damage.replaced else ""
        say(f"ok   installation: {fine} files are as they were built{by_somebody}")
    return not wrong


def say(line: str) -> None:
    """Print a line at once."""
    if sys.stdout is not None:  # a program with a window has none on Windows
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run())
