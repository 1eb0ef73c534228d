"""`[first_run]`: what the first start does with a settings file that does not answer everything."""

from __future__ import annotations

import msgspec


class FirstRunSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[first_run]`: for files made for many tills; a PIN or another secret never stands in one.

    Args:
        unattended: Nobody is there to ask: what the file does not say is guessed from the system, and the
            till opens at once. The loyalty system is never guessed.
    """

    unattended: bool = False
