"""Write `resources/regions.json` anew, after Babel was updated."""

from __future__ import annotations

from pathlib import Path

import msgspec
from babel import Locale
from babel.localedata import locale_identifiers

from cashier_app.wording.regions import FILE, from_babel

FOLDER = Path(__file__).parent.parent / "resources"


def main() -> None:
    """Write one line for every locale of Babel that has a region."""
    table = {}
    for name in sorted(locale_identifiers()):
        locale = Locale.parse(name)
        if locale.territory and locale.territory.isalpha():
            table[name] = from_babel(locale)
    lines = (f"{msgspec.json.encode(n).decode()}:{msgspec.json.encode(r).decode()}" for n, r in table.items())
    (FOLDER / FILE).write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
