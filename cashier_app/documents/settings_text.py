"""A settings file as text: tables in a fixed order, with a line at the top that says where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

HEAD = (
    "Settings of this till. Check it after changes: cashier-cli config check",
    "Secrets and PINs never stand here; the till keeps them sealed in its data folder.",
)
_FIRST = ("first_run", "store", "backend")


def settings_text(tables: Mapping[str, object]) -> str:
    """Return TOML that says what the tables say; what is None, and empty tables, are left out.

    Args:
        tables: By their names: texts, whole numbers, truth values, lists and tables of those.
    """
    import tomlkit

    document = tomlkit.document()
    for line in HEAD:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    for name in sorted(tables, key=_place):
        value = tables[name]
        if isinstance(value, Mapping):
            if value:
                document.add(name, _table(value))
        elif value is not None:
            document.add(name, value)
    return _text(document)


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def _table(values: Mapping[str, object]) -> Table:
    import tomlkit

    table = tomlkit.table()
    plain = {name: value for name, value in values.items() if not isinstance(value, Mapping)}
    inner = {name: value for name, value in values.items() if isinstance(value, Mapping)}
    for name, value in plain.items():
        if value is not None:
            table.add(name, value)
    for name, tables in inner.items():
        if tables:
            table.add(name, _table(tables))
    return table


def _text(document: TOMLDocument) -> str:
    import tomlkit

    return tomlkit.dumps(document)
