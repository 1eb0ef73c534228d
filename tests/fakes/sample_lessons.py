"""One short lesson of each kind the shipped ones are: the facts, stages and hands each needs, as TOML."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "sample_lessons"

SAMPLES = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml"))}
"""By the name of their files."""
