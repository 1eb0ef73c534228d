"""A key store in a file, as far as the till knows one; it counts what it is asked and may refuse."""

from __future__ import annotations

import json
from pathlib import Path

from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret


class FileKeyStore:
    """Keeps what it is given in a file, so that other processes see it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.asked: list[str] = []
        self.problem: KnownError | None = None

    def items(self) -> dict[str, str]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}

    def read(self, name: str) -> Secret | None:
        self._ask(f"read {name}")
        value = self.items().get(name)
        return None if value is None else Secret(value)

    def write(self, name: str, secret: Secret) -> None:
        self._ask(f"write {name}")
        self._keep({**self.items(), name: secret.reveal()})

    def remove(self, name: str) -> None:
        self._ask(f"remove {name}")
        self._keep({key: value for key, value in self.items().items() if key != name})

    def describe(self) -> str:
        self._ask("describe")
        return "made up"

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.problem is not None:
            raise self.problem

    def _keep(self, items: dict[str, str]) -> None:
        # Whole or not at all, as a key store does.
        fresh = self._file.with_suffix(".fresh")
        fresh.write_text(json.dumps(items))
        fresh.replace(self._file)
