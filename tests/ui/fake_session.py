"""A session that shows a view and notes what it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

View = TypeVar("View")


class FakeSession(Generic[View]):
    """What the sessions of the pages have in common.

    Attributes:
        asked: Each call, by its name and what it was given.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.asked: list[tuple[object, ...]] = []
        self._listeners: list[Callable[[View], None]] = []

    def subscribe(self, listener: Callable[[View], None]) -> None:
        """Show the listener this view, and every new one."""
        self._listeners.append(listener)
        listener(self.view)

    def show(self, view: View) -> None:
        """Show another view."""
        self.view = view
        for listener in self._listeners:
            listener(view)

    def type(self, character: str) -> None:
        """Note it."""
        self.asked.append(("type", character))

    def delete(self) -> None:
        """Note it."""
        self.asked.append(("delete",))

    def confirm(self) -> None:
        """Note it."""
        self.asked.append(("confirm",))

    def back(self) -> None:
        """Note it."""
        self.asked.append(("back",))

    def hush(self) -> None:
        """Note it."""
        self.asked.append(("hush",))
