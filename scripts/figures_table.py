"""Print the tables of docs/figures.md: every figure, by the definitions the screen shows on hover.

A test holds page and tables together: python scripts/figures_table.py --write
"""

from __future__ import annotations

import sys
from datetime import UTC
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from cashier_app.domain.points import PointName
from cashier_app.wording.figure_definitions import GROUPS, figure_words, in_shop_words
from cashier_app.wording.figure_values import Unit
from cashier_app.wording.speech import Wording

PAGE = Path(__file__).parent.parent / "docs" / "figures.md"
BEGIN, END = "<!-- table: python scripts/figures_table.py --write -->", "<!-- end of table -->"
_COLUMNS = "| figure | what it means | worked out | in | key |\n| --- | --- | --- | --- | --- |"
_UNITS = {
    Unit.COUNT: "number",
    Unit.MONEY: "money",
    Unit.POINTS: "points",
    Unit.SHARE: "percent",
    Unit.TENTHS: "seconds",
    Unit.SECONDS: "minutes",
}


def tables() -> str:
    """Return the tables in Markdown, one for each group."""
    wording = Wording.of("en", UTC, PointName("point", "points"))
    lines: list[str] = []
    for group in GROUPS:
        lines += [f"### {in_shop_words(group.title, wording)}", "", _COLUMNS]
        for one in group.figures:
            words = figure_words(one.key, wording)
            cells = (words.name, words.sentence, words.base or "counted", _UNITS[one.unit], f"`{words.key}`")
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def written(page: str) -> str:
    """Return the page with the tables as they are now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(tables())
