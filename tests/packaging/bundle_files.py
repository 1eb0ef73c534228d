"""The built bundle as a test sees it: its programs, its modules, its files."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent.parent.parent / "dist" / "cashier-app"
_SUFFIXES = {".py", ".pyc", ".so", ".pyd"}


class Bundle:
    """A bundle's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.window = folder / "cashier-app"
        self.command_line = folder / "cashier-cli"
        self.internal = folder / "_internal"

    @cached_property
    def modules(self) -> frozenset[str]:
        """The names of all modules in it, those of Python too."""
        files = (file.relative_to(self.internal) for file in self.internal.rglob("*"))
        return frozenset(_name(file) for file in files if file.suffix in _SUFFIXES)

    @cached_property
    def packages(self) -> frozenset[str]:
        """The first parts of their names, without Python's: ours, and what distributions bring."""
        return frozenset(name.partition(".")[0] for name in self.modules) - sys.stdlib_module_names

    def has(self, module: str) -> bool:
        """Say whether a module is in it."""
        return module in self.modules


def _name(file: Path) -> str:
    folders = list(file.parts[:-1])
    if folders and folders[0].startswith("python3"):
        folders = []  # Python's own extension modules
    name = file.name.partition(".")[0]
    return ".".join(folders if name == "__init__" else [*folders, name])
