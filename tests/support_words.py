"""Write the words a log may show: `python -m tests.support_words`.

They are those the program says itself: in log lines, in the sentences of its errors, in what the doctor
answers, and what the system and SQLite say when something fails. Whoever reads the list sees that no word in
it names anybody.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import apsw

ROOT = Path(__file__).parents[1]
WORDS = ROOT / "resources" / "support" / "words.txt"
HEAD = "# What a log that leaves the shop may say, one word a line. Made by: python -m tests.support_words\n"
WHOLE = (
    "cashier_app/examining", "cashier_app/data_folder.py", "cashier_app/staff_opening.py",
    "cashier_app/wording/local_state.py", "cashier_app/system_libraries.py", "cashier_app/security",
    "cashier_app/ports/local_state.py", "cashier_app/domain/outcome.py",
    "cashier_app/storage/support_rows.py",
)  # fmt: skip
"""Where every text in the source is one that may be shown."""

LOGGED = {"debug", "info", "warning", "error", "exception", "critical"}
NOT_OF = ("demo", "testing", "lesson", "training", "practice")
"""Modules with persons in them."""

OF_THE_SYSTEM = """
database disk image is malformed file is not a database locked unable to open attempt to write a readonly
no such table column index constraint failed unique check foreign key out of memory full schema has changed
after before tries try retry again later bad gateway internal error too many requests unprocessable forbidden
certificate verify failed self signed hostname mismatch expired unable to get local issuer handshake
unexpected EOF SSL TLS connection refused reset by peer timed out name resolution temporary failure in
service not known read write operation pool connect server disconnected without sending a response status
code line column char expecting value delimiter property enclosed quotes codec decode encode byte
position invalid start continuation utf ascii type object has no attribute argument missing required
positional keyword unexpected got an multiple values index out of range list tuple dict key string
integer float division zero maximum recursion depth exceeded expected array dictionary field unsupported
operand types for instance return module import name cannot such file directory permission denied space
left device resource unavailable broken pipe interrupted system call already exists is not thread lock
event loop closed None True False HTTP HTTPS URL JSON TOML SQL SQLite Python Qt PySide6 Linux Windows
macOS Debian Ubuntu x86_64 aarch64 arm64 amd64 CPython USB COM GB MB MiB KiB ms UTC GET POST PUT Errno
GNU PRETTY zxing apsw wal shm tmp cert certs issuer peer ok FAIL note utf8 v1 v2 v3 v4 str int bytes bool
s n KiB OpenSSL Babel Essentials phonenumbers msgspec httpx pyzbar cpp bookworm x86 yes
"""
RAISING = (
    "apsw", "asyncio", "babel.core", "binascii", "builtins", "codecs", "concurrent.futures", "configparser",
    "cryptography.exceptions", "csv", "decimal", "h11", "httpcore", "httpx", "importlib.metadata", "json",
    "keyring.errors", "msgspec", "PIL", "phonenumbers", "psycopg", "securesystemslib.exceptions", "serial",
    "socket", "ssl", "subprocess", "threading", "tomllib", "tuf.api.exceptions", "zipfile", "zoneinfo",
)  # fmt: skip
"""Whose errors may stand in a log."""

NEVER = {
    "asha", "rao", "meera", "nair", "vikram", "shah", "nila", "das", "mira", "rose", "mark", "frank", "grace",
    "faith", "hope", "joy", "may", "june", "april", "august", "grant", "rich", "penny", "bob", "dean", "gene",
    "guy", "jack", "jay", "pat", "ray", "rob", "sue", "victor", "will",
}  # fmt: skip
"""Words of the program that are names of people as well."""


def words() -> list[str]:
    """Return the list as it should be."""
    found = {word for text in texts() for word in _words_of(text)} | set(OF_THE_SYSTEM.split())
    found |= set(error_names())
    return sorted(word for word in found if word.lower() not in NEVER)


def texts() -> Iterator[str]:
    """Yield everything the program, the system and SQLite say."""
    for file in (*ROOT.glob("cashier_app/**/*.py"), *ROOT.glob("ui/**/*.py")):
        place = file.relative_to(ROOT).as_posix()
        if any(part in place for part in NOT_OF):
            continue
        whole = place.startswith(WHOLE)
        yield place.removesuffix(".py").replace("/", " ").replace("_", " ")
        tree = ast.parse(file.read_text(encoding="utf-8"))
        yield from _said_in(tree, whole=whole)
    for number in range(1, 134):
        yield f"Errno: then {os.strerror(number)}"  # its first word keeps its capital, too
        yield os.strerror(number)
    for name in dir(apsw):
        if name.startswith("SQLITE_IOERR") or name.endswith("Error"):
            yield name.replace("_", " ").lower()


def error_names() -> Iterator[str]:
    """Yield what errors of Python and of the libraries are called, as written; none of them is anybody."""
    for library in RAISING:
        for found in vars(import_module(library)).values():
            if isinstance(found, type) and issubclass(found, BaseException):
                name = found.__name__
                if sum(letter.isupper() for letter in name) > 1 and name.isalpha():
                    yield name


def log_lines() -> Iterator[str]:
    """Yield what stands in the source as the message of a log line."""
    for file in (*ROOT.glob("cashier_app/**/*.py"), *ROOT.glob("ui/**/*.py")):
        if any(part in file.relative_to(ROOT).as_posix() for part in NOT_OF):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if _is_log(node) and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def _is_log(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOGGED
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"logger", "log"}
    )


def _said_in(tree: ast.Module, *, whole: bool) -> Iterator[str]:
    comments = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (_is_log(node) or _called(node).endswith("Error")):
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _constants(argument)
        elif whole and isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in comments:
                yield node.value
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and whole:
            yield node.name.replace("_", " ")


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _constants(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _words_of(text: str) -> Iterator[str]:
    starts = True
    for found in re.finditer(r"[A-Za-z]+|[.:!?]", text):
        word = found[0]
        if not word.isalpha():
            starts = True
            continue
        if len(word) == 1 and word not in "aI":
            continue
        shouted_or_named = not word.islower() and not starts
        yield word if shouted_or_named else word.lower()
        starts = False


if __name__ == "__main__":
    WORDS.parent.mkdir(parents=True, exist_ok=True)
    WORDS.write_text(HEAD + "".join(f"{word}\n" for word in words()), encoding="utf-8")
