"""The till without a face knows no Qt: nor do its unit tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT_TESTS = sorted(Path(__file__).parent.glob("*.py"))
QT = {"PySide6", "shiboken6", "pytestqt", "ui"}
QT_FIXTURES = {"qtbot", "qapp", "qtlog", "qtmodeltester"}

IMPORT_EVERYTHING = """
import importlib, pkgutil, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "ui"}:
            raise AssertionError(f"{name} is imported")
        return None

sys.meta_path.insert(0, NoQt())
import cashier_app

names = [found.name for found in pkgutil.walk_packages(cashier_app.__path__, "cashier_app.")]
for name in names:
    importlib.import_module(name)
assert not {"PySide6", "shiboken6"} & set(sys.modules)
print(len(names))
"""


def test_no_module_of_the_till_imports_qt() -> None:
    # Only a fresh process tells: pytest-qt has imported Qt into this one.
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    modules = [path for path in (ROOT / "cashier_app").rglob("*.py") if path.parent != ROOT / "cashier_app"]
    assert int(done.stdout) >= len([path for path in modules if path.name != "__init__.py"])


@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda path: path.stem)
def test_no_unit_test_imports_qt(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg in QT_FIXTURES]
            assert not names, path.name
        assert not [name for name in names if name.partition(".")[0] in QT], path.name
