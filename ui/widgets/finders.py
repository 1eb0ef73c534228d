"""The finders of all cards: what the camera does is shown in each, and one of them is to be seen, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ui.widgets.finder_content import NO_CAMERA_ON, FinderContent

if TYPE_CHECKING:  # loaded before Qt is
    from ui.widgets.finder import Finder
    from ui.widgets.idle_card import FindActions


class HasFinder(Protocol):
    """A card with a finder and the buttons beside it."""

    finder: Finder
    find_actions: FindActions


class Finders:
    """Keeps the finders alike; cards are made late and catch up when they come."""

    def __init__(self) -> None:
        self._cards: list[HasFinder] = []
        self._content, self._on = NO_CAMERA_ON, False

    def add(self, card: HasFinder) -> None:
        """Take in the finder of another card."""
        self._cards.append(card)
        self._show_on(card)

    def seen(self) -> Finder | None:
        """Return the finder that is to be seen now, or None."""
        return next((card.finder for card in self._cards if card.finder.isVisible()), None)

    def show(self, content: FinderContent, *, on: bool) -> None:
        """Show what the camera does, and at the buttons whether it is on."""
        if (content, on) == (self._content, self._on):
            return
        self._content, self._on = content, on
        for card in self._cards:
            self._show_on(card)
        finder = self.seen()
        if finder is not None and (content.sentence or content.line):
            from ui.accessibility import announce

            announce(finder, content.spoken)

    def forget_picture(self) -> None:
        """Show no picture any more."""
        for card in self._cards:
            card.finder.show_picture(None)

    def _show_on(self, card: HasFinder) -> None:
        card.finder.show_content(self._content)
        card.find_actions.show_camera_on(self._on)
