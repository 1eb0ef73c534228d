"""Everything by which something leaves the program, found in its source: files, prints and windows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from cashier_app.paths import resources

ROOT = resources().parent

FILES = frozenset(
    {
        "write_file",
        "write_bytes",
        "write_text",
        "csv_table",
        "json_document",
        "FPDF",
        "QPdfWriter",
        "print_sheet",
        "print_slip",
        "print_day",
        "printf",
    }
)
WINDOWS = frozenset(
    {
        "QColorDialog",
        "QDialog",
        "QErrorMessage",
        "QFileDialog",
        "QFontDialog",
        "QInputDialog",
        "QMainWindow",
        "QMdiSubWindow",
        "QMessageBox",
        "QPageSetupDialog",
        "QPrintDialog",
        "QPrintPreviewDialog",
        "QProgressDialog",
        "QRasterWindow",
        "QSplashScreen",
        "QWindow",
        "QWizard",
    }
)
FLAGS = frozenset({"Window", "Dialog", "Tool", "Sheet", "SubWindow"})
"""Of `Qt.WindowType`: what makes a widget a window of its own."""


def outlets(names: frozenset[str], root: Path = ROOT) -> set[str]:
    """Return where one of these is called, as ``ui/printing.py:ask_for_printer``; or subclassed."""
    found: set[str] = set()
    for folder in ("cashier_app", "ui"):
        for file in sorted((root / folder).rglob("*.py")):
            place = file.relative_to(root).as_posix()
            found |= {f"{place}:{where}" for where in outlets_in(file.read_text(encoding="utf-8"), names)}
    return found


def outlets_in(source: str, names: frozenset[str]) -> set[str]:
    """Return the functions and classes of one module in which one of these is called or subclassed."""
    return {where for where, name in _uses(ast.parse(source), "") if name in names}


def _uses(node: ast.AST, where: str) -> Iterator[tuple[str, str]]:
    for child in ast.iter_child_nodes(node):
        inside = where
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = f"{where}.{child.name}" if where else child.name
        if isinstance(child, ast.ClassDef):
            for base in child.bases:
                yield inside, _name(base)
        if isinstance(child, ast.Call):
            yield where, _name(child.func)
        if isinstance(child, ast.Attribute) and child.attr in FLAGS and _name(child.value) == "WindowType":
            yield where, child.attr
        yield from _uses(child, inside)


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
