"""How requests prove who sends them: secret headers, put on at the last moment and shown nowhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret


class Authorization(Protocol):
    """Gives the secret headers of each request. Safe from any thread."""

    def headers(self) -> Mapping[str, str]:
        """Return the headers, secrets in them; at once."""

    def renew(self, refused: Mapping[str, str], seconds: float) -> bool:
        """Get new secrets after a 401; say whether the request may be sent once more.

        Blocking. Asked from several threads it renews once: whoever comes with headers that are not those of
        now is told to repeat, and nobody waits for another thread longer than `seconds`.
        """


class SecretHeaders:
    """Fixed headers, such as an API key's.

    Args:
        values: Name of each header, what stands before the secret, and the secret.

    Raises:
        KnownError: A secret cannot be put into a header.
    """

    def __init__(self, *values: tuple[str, str, Secret]) -> None:
        for _, _, secret in values:
            check_secret(secret)
        self._values = values

    def headers(self) -> Mapping[str, str]:
        """Return the headers."""
        return {name: f"{before}{secret.reveal()}" for name, before, secret in self._values}

    def renew(self, refused: Mapping[str, str], seconds: float) -> bool:  # noqa: ARG002 - protocol
        """Say that nothing newer can be had."""
        return False


def bearer(token: Secret) -> SecretHeaders:
    """Return the header of a bearer token (RFC 6750)."""
    return SecretHeaders(("Authorization", "Bearer ", token))


def no_authorization() -> SecretHeaders:
    """Return no headers, for an address that holds the secret itself."""
    return SecretHeaders()


class RenewedToken:
    """A token that runs out, such as one of OAuth, got again by whoever is refused first.

    Args:
        fetch: Asks for a new token; None when it is not to be had. Blocking, with an end of its own; called
            by one thread at a time.
        first: The token of before, if one is known; else the first request is refused, and fetches one.
        header: The header's name, and what stands in it before the token.
    """

    def __init__(
        self,
        fetch: Callable[[], Secret | None],
        first: Secret | None = None,
        header: tuple[str, str] = ("Authorization", "Bearer "),
    ) -> None:
        self._fetch = fetch
        self._token = first
        self._name, self._before = header
        self._lock = threading.Lock()

    def headers(self) -> Mapping[str, str]:
        """Return the header, or none before a token is known."""
        token = self._token
        return {} if token is None else {self._name: f"{self._before}{token.reveal()}"}

    def renew(self, refused: Mapping[str, str], seconds: float) -> bool:
        """Get a new token, unless another thread has meanwhile."""
        if not self._lock.acquire(timeout=max(seconds, 0.0)):
            return False
        try:
            if self.headers() != refused:
                return True
            token = self._fetch()
            if token is None or (self._token is not None and token.reveal() == self._token.reveal()):
                return False
            if not can_be_sent(token):
                return False  # whoever gave it out answers strangely; it is not the shop's to mend
            self._token = token
            return True
        finally:
            self._lock.release()


def check_secret(secret: Secret) -> None:
    """Check that a secret can stand in a header.

    Raises:
        KnownError: It is empty or has characters no header can have.
    """
    if not can_be_sent(secret):
        raise KnownError("The backend's token is empty or has characters a token cannot have.")


def can_be_sent(secret: Secret) -> bool:
    """Say whether a secret can stand in a header."""
    value = secret.reveal()
    return bool(value) and value.isascii() and value.isprintable() and " " not in value
