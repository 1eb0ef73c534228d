"""Secrets in the operating system's own key store, asked in a helper process with a time limit.

A key store may show a prompt nobody answers and then blocks for ever; a thread cannot be stopped, a process
can. Only stores that encrypt are allowed: another package may have installed one that keeps plain text.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from cashier_app.errors import KnownError
from cashier_app.own_program import key_store_helper
from cashier_app.ports.credentials import Secret

SERVICE = "cashier-app"
TIME_LIMIT_SECONDS = 5.0
MAX_TOKEN_BYTES = 4096
MAX_ANSWER_BYTES = 16 * MAX_TOKEN_BYTES
NO_STORE = "This system has no key store that encrypts. Use a passphrase or a token file."
NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows a console program started from a window would flash one of its own."""
NOT_ASKED = "The system's key store cannot be asked. Use a token file."


class NoKeyStoreError(KnownError):
    """This system has no key store that encrypts."""

    def __init__(self) -> None:
        super().__init__(NO_STORE)


class KeyStore:
    """The system's key store."""

    def __init__(self, command: tuple[str, ...] = (), time_limit: float = TIME_LIMIT_SECONDS) -> None:
        self._command = command or key_store_helper()
        self._time_limit = time_limit

    def read(self, name: str) -> Secret | None:
        """Return a secret, or None when none is stored under this name.

        Raises:
            KnownError: There is no store that encrypts, it is locked, or it does not answer.
        """
        value = self._ask({"do": "read", "name": name}).get("value")
        return None if value is None else Secret(value)

    def write(self, name: str, secret: Secret) -> None:
        """Store a secret.

        Raises:
            KnownError: There is no store that encrypts, it is locked, refuses or does not answer.
        """
        self._ask({"do": "write", "name": name, "value": secret.reveal()})

    def remove(self, name: str) -> None:
        """Forget a secret; nothing happens where there is none.

        Raises:
            KnownError: There is no store that encrypts, it is locked, refuses or does not answer.
        """
        self._ask({"do": "remove", "name": name})

    def describe(self) -> str:
        """Return the name of the store in use.

        Raises:
            KnownError: There is none that encrypts, or it does not answer.
        """
        return str(self._ask({"do": "describe"}).get("value"))

    def _ask(self, question: dict[str, str]) -> dict[str, str | None]:
        asked = json.dumps({"service": SERVICE, **question}).encode()
        problem = ""
        try:
            answer = subprocess.run(  # noqa: S603 - our own program, no shell
                self._command,
                input=asked,
                capture_output=True,
                timeout=self._time_limit,
                check=False,
                creationflags=NO_WINDOW,
            )
        except subprocess.TimeoutExpired:
            problem = "The system's key store does not answer. Unlock it, or use a token file."
        except OSError:
            problem = NOT_ASKED
        else:
            return _checked(answer.stdout)
        # Raised out here because the exceptions above carry what was asked or answered, and so the secret.
        raise KnownError(problem)


class TokenFile:
    """One secret in a file that only its owner can read.

    Args:
        not_for: Names of what the token never stands for.
    """

    def __init__(self, path: Path, not_for: Collection[str] = ()) -> None:
        self._path = path
        self._not_for = not_for

    def read(self, name: str) -> Secret | None:
        """Return the token in the file; None for what it does not stand for.

        Raises:
            KnownError: It cannot be read, others could read it, or it is no token.
        """
        if name in self._not_for:
            return None
        try:
            mode = self._path.stat().st_mode
            if sys.platform != "win32" and mode & 0o077:
                raise KnownError(f"Others may read {self._path.name}. Allow only its owner (mode 600).")
            with self._path.open("rb") as file:
                text = file.read(MAX_TOKEN_BYTES + 1)
        except (OSError, ValueError) as error:
            raise KnownError(f"The token file {self._path.name} cannot be read.") from error
        token = text.strip()
        if not token or len(text) > MAX_TOKEN_BYTES or not (token.isascii() and token.decode().isprintable()):
            raise KnownError(f"The token file {self._path.name} does not hold a token.")
        return Secret(token.decode())

    def write(self, _: str, secret: Secret) -> None:
        """Write the token so that only its owner can read it.

        Raises:
            KnownError: It is no token, or the file cannot be written.
        """
        token = secret.reveal()
        if not token or not (token.isascii() and token.isprintable()) or len(token) >= MAX_TOKEN_BYTES:
            raise KnownError("This is no token: printable letters, digits and signs are expected.")
        try:
            self._path.touch(mode=0o600, exist_ok=True)
            self._path.chmod(0o600)
            self._path.write_text(token + "\n", encoding="ascii")
        except (OSError, ValueError) as error:
            raise KnownError(f"The token file {self._path.name} cannot be written.") from error

    def remove(self, _: str) -> None:
        """Delete the file.

        Raises:
            KnownError: It cannot be deleted.
        """
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise KnownError(f"The token file {self._path.name} cannot be deleted.") from error

    def describe(self) -> str:
        """Return the name of the file."""
        return f"token file {self._path.name}"


def _checked(text: bytes) -> dict[str, str | None]:
    answer: object = None
    with suppress(ValueError, RecursionError):
        answer = json.loads(text) if len(text) <= MAX_ANSWER_BYTES else None
    if not isinstance(answer, dict) or not all(isinstance(part, str | None) for part in answer.values()):
        raise KnownError(NOT_ASKED)
    if answer.get("problem") == NO_STORE:
        raise NoKeyStoreError
    if answer.get("problem"):
        raise KnownError(str(answer["problem"]))
    return answer
