"""The page of loyalty systems says what each kind declares."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cashier_app.backends import registry

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs" / "backends.md").read_text(encoding="utf-8")


def test_the_table_is_what_the_kinds_declare() -> None:
    printed = subprocess.run(
        [sys.executable, str(HERE / "scripts" / "backends_table.py")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.count("\n") > 15
    assert printed.strip() in PAGE, "run: python scripts/backends_table.py --write"


def test_every_kind_but_our_own_has_a_section() -> None:
    headings = [line.removeprefix("## ") for line in PAGE.splitlines() if line.startswith("## ")]
    for name in registry.BUILT_IN:
        title = registry.kind_of(name).title
        assert name == "contract" or any(title.startswith(heading) for heading in headings), title


def test_every_command_of_the_page_is_one() -> None:
    from cashier_app.command_line.parser import parser

    options = parser()
    for line in PAGE.splitlines():
        if line.startswith("cashier-cli backend "):
            command = line.partition("#")[0].split()[1:]
            assert options.parse_args(command).command
