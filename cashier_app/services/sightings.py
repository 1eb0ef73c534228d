"""What a camera sees, frame after frame, as presentations: a code held up once is taken once.

A camera reports the same code fifteen times a second for as long as it lies there, and the text of a rotating
code changes meanwhile. What counts is whether somebody shows something, not how often it was seen.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cashier_app.domain.identifier import (
    IdentifierRules,
    Origin,
    Parsed,
    Unrecognised,
    WalletToken,
    names_same,
    parse_identifier,
    without_aim,
)
from cashier_app.services.till_view import Step, TillView

SAME_FOR_SECONDS = 3.0
"""A code seen again within this time after its last sighting was never taken away."""

GONE_AFTER_SECONDS = 1.0
"""The same while nobody is served: the customer may come back."""

SEVERAL_FOR_SECONDS = 0.6
"""How long two codes are still in view after a frame that showed both: the next may have missed one."""

_SELLING = {Step.LOOKING_UP, Step.CHOOSING, Step.BILL, Step.REWARD, Step.PAY}


class Presented(Struct, frozen=True):
    """Somebody shows a code.

    Args:
        text: What it says.
        ours: Whether it can name a member.
    """

    text: str
    ours: bool


class SeveralInView(Struct, frozen=True):
    """Several codes are in view; none was taken."""

    count: int


class Sightings:
    """Decides which sighting is a presentation. One thread only; times are monotonic seconds.

    Args:
        rules: What this shop's codes look like.
    """

    def __init__(self, rules: IdentifierRules) -> None:
        self._rules = rules
        # Of what was taken last: what it is, and only what tells its text from another. No text is kept.
        self._taken: tuple[Parsed, int] | None = None
        self._seen_at = float("-inf")
        self._several_at = float("-inf")

    def see(self, texts: Sequence[str], at: float, view: TillView) -> Presented | SeveralInView | None:
        """Take the texts one frame showed; None where they are no news.

        Args:
            texts: At least one.
            at: When the frame arrived.
            view: What the till shows, before anything is done about them.
        """
        different = list(dict.fromkeys(texts))
        if len(different) > 1:
            self._several_at = at
            if any(self._is_taken(self._parsed(text)) for text in different):
                self._seen_at = at
            return SeveralInView(len(different))
        if self.several_in_view(at):
            return None
        text = different[0]
        parsed = self._parsed(text)
        if self._is_taken(parsed) and self._is_same_presentation(text, at, view):
            self._seen_at = at
            return None
        self._taken, self._seen_at = (parsed, hash(without_aim(text))), at
        return Presented(text, not isinstance(parsed, Unrecognised))

    def several_in_view(self, now: float) -> bool:
        """Say whether more than one code is to be seen."""
        return now - self._several_at < SEVERAL_FOR_SECONDS

    def look_again(self, now: float) -> None:
        """Go on after a pause in which nothing was looked at: what lay there lies there still."""
        self._seen_at = max(self._seen_at, now)

    def _parsed(self, text: str) -> Parsed:
        return parse_identifier(text, self._rules, Origin.SCANNED)

    def _is_taken(self, parsed: Parsed) -> bool:
        return self._taken is not None and _same(self._taken[0], parsed)

    def _is_same_presentation(self, text: str, at: float, view: TillView) -> bool:
        if view.step in _SELLING:
            return True
        changed = self._taken is not None and self._taken[1] != hash(without_aim(text))
        if changed and view.step is Step.PROBLEM:
            # The code was refused, and the customer has opened the card again.
            return False
        return at - self._seen_at < (GONE_AFTER_SECONDS if view.step is Step.IDLE else SAME_FOR_SECONDS)


def _same(one: Parsed, other: Parsed) -> bool:
    """Say whether two codes are one customer's, although a rotating code changed in between."""
    if names_same(one, other):
        return True
    if not (isinstance(one, WalletToken) and isinstance(other, WalletToken)):
        return False
    # A rotating code the till does not understand still names the member before the part that changes.
    both = one.is_rotating and other.is_rotating and not (one.changing or other.changing)
    return both and one.token.rpartition(":")[0] == other.token.rpartition(":")[0]
