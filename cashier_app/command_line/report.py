"""How a command answers: figures for people, or one JSON object for programs."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import cast

from msgspec import Struct
from msgspec.structs import fields, replace

from cashier_app.domain.money import Money
from cashier_app.services.export_files import TRAINING

EXIT_OK = 0
EXIT_BAD_INPUT = 2

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


class Report(Struct, frozen=True):
    """What a command found.

    Args:
        data: Printed with ``--json``.
        lines: Printed without.
        code: The process's exit code.
        content: Printed as it is instead of both, for tables with row ends of their own.
    """

    data: Mapping[str, Plain]
    lines: tuple[str, ...]
    code: int = EXIT_OK
    content: bytes = b""

    def of_training(self) -> Report:
        """Return the same, marked: nothing in it is real. A table that marks itself is left as it is."""
        if not (self.data or self.lines or self.content):
            return self
        content = self.content
        if content and TRAINING.encode() not in content:
            content = f"{TRAINING}\r\n".encode() + content
        data: dict[str, Plain] = {"training": True, "mark": TRAINING, **self.data}
        return replace(self, data=data, lines=(TRAINING, *self.lines), content=content)

    def text(self, *, as_json: bool, encoding: str = "utf-8") -> str:
        """Return what to print; what `encoding` cannot write is escaped in JSON, else a question mark."""
        text = (
            json.dumps(self.data, ensure_ascii=False)
            if as_json
            else "\n".join(printable(line) for line in self.lines)
        )
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return json.dumps(self.data) if as_json else text.encode(encoding, "replace").decode(encoding)
        return text


def plain(value: object) -> Plain:
    """Return a domain value as plain JSON data: money with minor units, points and decimals as text."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return value
        case Decimal():
            return format(value, "f")
        case Money(minor, currency):
            return {"minor": minor, "currency": currency.code, "decimals": currency.decimals}
        case datetime() | date() | time():
            return value.isoformat()
        case tuple() | list():
            return [plain(item) for item in cast("list[object]", list(value))]
        case dict():
            return {str(key): plain(item) for key, item in cast("dict[object, object]", value).items()}
        case Struct():
            found: dict[str, Plain] = {"kind": value.__class__.__name__}
            found |= {field.name: plain(getattr(value, field.name)) for field in fields(value)}
            return found
        case _:
            raise TypeError(f"{value.__class__.__name__} has no plain form")


def printable(line: str) -> str:
    """Return a line that cannot steer the terminal, whatever a backend or a code put in it."""
    # Spaces that do not break, or are as wide as a figure, are unprintable for Python.
    return "".join(c if c.isprintable() else " " if unicodedata.category(c) == "Zs" else "�" for c in line)
