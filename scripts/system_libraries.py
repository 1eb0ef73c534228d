"""Say which system libraries the window lacks on this computer; runs before anything is installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cashier_app.system_libraries import main

if __name__ == "__main__":
    sys.exit(main())
