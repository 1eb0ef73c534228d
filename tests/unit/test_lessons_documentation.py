"""The page of training lists the lessons there are, with what they stage and how long they take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cashier_app.documents.lesson_document import load_lessons

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs" / "training.md").read_text(encoding="utf-8")


def test_the_table_is_what_the_lessons_say() -> None:
    printed = subprocess.run(
        [sys.executable, str(HERE / "scripts" / "lessons_table.py")],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    ).stdout
    assert printed.count("\n") == len(load_lessons()) + 3, "head, rule, lessons, sum"
    assert "{" not in printed
    assert printed.strip() in PAGE, "run: python scripts/lessons_table.py --write"
