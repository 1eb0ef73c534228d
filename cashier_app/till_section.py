"""`[till]`: how this till behaves where shops differ."""

from __future__ import annotations

import msgspec

from cashier_app.errors import KnownError

MOST_MINUTES = 24 * 60


class TillSection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[till]`: how this till behaves where shops differ.

    Args:
        same_member_minutes: A member served again within so many minutes is asked about; 0 for never.
    """

    same_member_minutes: int = 10


def check_till(section: TillSection) -> None:
    """Check the section.

    Raises:
        KnownError: A value makes no sense; the sentence names it.
    """
    if not 0 <= section.same_member_minutes <= MOST_MINUTES:
        raise KnownError("till.same_member_minutes: minutes from 0 to 1440 are expected.")
