"""The window, frozen: what `cashier-app` runs in the bundle."""

import os
import sys
from pathlib import Path

if sys.platform == "linux":
    # Qt is to load the plugins it came with, whatever the desktop says.
    os.environ["QT_PLUGIN_PATH"] = str(Path(__file__).parent / "PySide6" / "Qt" / "plugins")

from cashier_app.standard_streams import prepare
from ui.__main__ import main

if __name__ == "__main__":
    prepare()
    sys.exit(main())
