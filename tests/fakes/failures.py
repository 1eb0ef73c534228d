"""Methods that fail as the world does."""

from __future__ import annotations

from collections.abc import Callable


def failing(error: Exception) -> Callable[..., object]:
    """Return a method that raises this error, whatever it is given."""

    def method(*_: object, **__: object) -> object:
        raise error

    return method
