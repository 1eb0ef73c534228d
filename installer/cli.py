"""The command line, frozen: what `cashier-cli` runs in the bundle."""

import sys

from cashier_app.own_program import KEY_STORE_SWITCH
from cashier_app.standard_streams import prepare

if __name__ == "__main__":
    prepare()
    if sys.argv[1:] == [KEY_STORE_SWITCH]:
        from cashier_app.security.key_store_helper import main as answer_once

        sys.exit(answer_once())
    from cashier_app.command_line.parser import main

    sys.exit(main())
