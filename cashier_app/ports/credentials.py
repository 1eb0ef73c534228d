"""Where secrets come from."""

from __future__ import annotations

from typing import Protocol


class Secret:
    """A secret that does not show itself: not in a repr, a log, a traceback of values or a comparison."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"


class Credentials(Protocol):
    """The store of secrets."""

    def read(self, name: str) -> Secret | None:
        """Return a secret, or None when none is stored under this name. At most 5 s.

        Raises:
            KnownError: The store cannot be asked; the sentence says why and what to do.
        """

    def write(self, name: str, secret: Secret) -> None:
        """Store a secret. At most 5 s.

        Raises:
            KnownError: The store cannot be asked or refuses.
        """

    def remove(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none. At most 5 s.

        Raises:
            KnownError: The store cannot be asked or refuses.
        """

    def describe(self) -> str:
        """Return which store is used, for the diagnosis; never a secret."""
