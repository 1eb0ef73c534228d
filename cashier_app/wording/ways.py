"""How somebody is found, and chosen among several, in a picture and in words."""

from __future__ import annotations

from cashier_app.domain.member import Way
from cashier_app.wording.speech import Wording

WAY_ICONS = {Way.WALLET_CODE: "qr-code", Way.PHONE: "phone", Way.MEMBER_NUMBER: "identification-card"}


def choice_keys(count: int, wording: Wording) -> str:
    """Return which digits choose, such as ``1 or 2`` or ``1 to 4``."""
    if count == 2:
        return wording.text("{first} or {last}", first="1", last="2")
    return wording.text("{first} to {last}", first="1", last=wording.figures.count(min(count, 9)))
