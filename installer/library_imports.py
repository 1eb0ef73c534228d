"""Everything our modules import from others, early or late, read out of their source.

The bundle imports all of it in its self-check: what is imported by name inside a function would otherwise be
missed only in the shop. Standard library only.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from bundle_contents import PACKAGES, ROOT

ONLY_ON = {
    **dict.fromkeys(("winreg", "msvcrt", "_winapi"), ("win32",)),
    **dict.fromkeys(("AVFoundation", "Foundation", "objc"), ("darwin",)),
    **dict.fromkeys(("fcntl", "grp", "pwd", "resource", "termios"), ("linux", "darwin")),
}
"""Modules not every system has, and those that do; they are wanted there and nowhere else."""


def library_imports(modules: list[str], root: Path = ROOT, platform: str = sys.platform) -> list[str]:
    """Return what is imported from libraries and Python, as `module` or `module:name`, sorted.

    Args:
        modules: Ours, by name.
        root: Where their packages are.
        platform: A value of `sys.platform`.

    Raises:
        SystemExit: Something imported is not installed here, and does not belong to another system.
    """
    found = {name for module in modules for name in _imports_of(_source(module, root))}
    wanted = sorted(name for name in found if platform in ONLY_ON.get(name.partition(":")[0], (platform,)))
    missing = sorted({name.partition(":")[0] for name in wanted if not _is_installed(name.partition(":")[0])})
    if missing:
        sys.exit(f"Imported by us and not installed here: {', '.join(missing)}.")
    return wanted


def _imports_of(file: Path) -> Iterator[str]:
    for node in _executed(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if _is_foreign(alias.name))
            case ast.ImportFrom(module=str(module), names=names, level=0) if _is_foreign(module):
                yield from (f"{module}:{alias.name}" for alias in names)
            case ast.Call(func=called, args=[ast.Constant(value=str(name)), *_]):
                if _name_of(called) == "import_module" and _is_foreign(name):
                    yield name
            case _:
                pass


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes but those under `if TYPE_CHECKING`, which never run."""
    for child in ast.iter_child_nodes(tree):
        if (
            isinstance(child, ast.If)
            and isinstance(child.test, ast.Name)
            and child.test.id == "TYPE_CHECKING"
        ):
            for other in child.orelse:
                yield other
                yield from _executed(other)
            continue
        yield child
        yield from _executed(child)


def _name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _is_foreign(module: str) -> bool:
    return module.partition(".")[0] not in {*PACKAGES, "__future__"}


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _source(module: str, root: Path) -> Path:
    path = root.joinpath(*module.split("."))
    package = path / "__init__.py"
    return package if package.is_file() else path.with_suffix(".py")
