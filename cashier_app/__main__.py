"""Run `cashier-cli`."""

import sys

from cashier_app.command_line.parser import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
