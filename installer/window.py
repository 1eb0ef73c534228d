"""The window, frozen: what `cashier-app` runs in the bundle."""

import sys

from ui.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
