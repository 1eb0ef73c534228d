"""Write the manual pages of both commands from what their parsers know.

By hand: argparse-manpage is published as source only, and would be built from packages nobody pinned.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

SUMMARIES = {
    "cashier-app": "the loyalty till",
    "cashier-cli": "the loyalty till without its window",
}
_MORE = {
    "cashier-app": r""".SH FILES
.TP
.I ~/.config/cashier\-app/till.toml
the till's settings
.TP
.I ~/.local/share/cashier\-app/
its sales, posted and not yet posted, and their backups
.TP
.I /etc/cashier\-app/till.toml
answers to the questions of the first run, where whoever looks after many tills has put them
.SH EXIT STATUS
0 when the window was closed, 1 when the self\-check found something broken, 2 when something is missing or
not as it should be; a sentence says what.
.SH SEE ALSO
.BR cashier\-cli (1),
.I /usr/share/doc/cashier\-app/README.Debian
""",
    "cashier-cli": r""".SH EXIT STATUS
0 when all is well, 1 when the answer needs a person, 2 when something is missing or not as it should be; a
sentence says what.
.SH SEE ALSO
.BR cashier\-app (1)
""",
}


def pages(version: str, epoch: int) -> dict[str, str]:
    """Return each command's page; the day on it is that of the epoch, in seconds since 1970, UTC."""
    from cashier_app.command_line.parser import parser as command_line
    from ui.__main__ import _parser as window

    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    return {made.prog: page(made, version, day) for made in (window(), command_line())}


def page(parser: argparse.ArgumentParser, version: str, day: str) -> str:
    """Return one command's page in the language of man(7)."""
    name = _safe(parser.prog)
    lines = [
        f'.TH {name.upper()} 1 {_safe(day)} "cashier\\-app {_safe(version)}" "cashier\\-app"',
        *(".SH NAME", f"{name} \\- {_safe(SUMMARIES[parser.prog])}"),
        *(".SH SYNOPSIS", *_usage(parser)),
        *(".SH DESCRIPTION", _safe(parser.description or "")),
    ]
    options = list(_options(parser))
    lines += [".SH OPTIONS", *options] if options else []
    commands = list(_commands(parser))
    lines += [".SH COMMANDS"] if commands else []
    for command, help_text in commands:
        lines += [
            f".SS {_quoted(command.prog)}",
            _safe(help_text),
            ".PP",
            *_usage(command),
            *_options(command),
        ]
    return "\n".join(lines) + "\n" + _MORE[parser.prog]


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[argparse.ArgumentParser, str]]:
    """Yield each command that can be typed, and what it does; not those that only lead to others."""
    for action in parser._actions:  # noqa: SLF001 - argparse shows what it knows in no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            helps = {chosen.dest: chosen.help or "" for chosen in action._choices_actions}  # noqa: SLF001
            for name, command in action.choices.items():
                below = list(_commands(command))
                yield from below or [(command, helps.get(name, ""))]


def _usage(parser: argparse.ArgumentParser) -> list[str]:
    words = " ".join(parser.format_usage().removeprefix("usage:").split())
    rest = words.removeprefix(parser.prog).replace("[-h] ", "").replace("[-h]", "").strip()
    return [f".B {_safe(parser.prog)}", *([_safe(rest)] if rest else [])]


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    formatter = argparse.HelpFormatter(parser.prog, width=10_000)
    for action in parser._actions:  # noqa: SLF001
        is_shown = action.help is not argparse.SUPPRESS and not isinstance(
            action,
            argparse._HelpAction | argparse._SubParsersAction,  # noqa: SLF001
        )
        if is_shown:
            shown = formatter._format_action_invocation(action)  # noqa: SLF001
            said = formatter._expand_help(action) if action.help else ""  # noqa: SLF001
            yield ".TP"
            yield f".B {_safe(shown)}"
            yield _safe(said)


def _safe(text: str) -> str:
    """Return text as roff shows it: nothing in it is a request, and a hyphen is one that can be copied."""
    one_line = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", one_line)


def _quoted(text: str) -> str:
    return f'"{_safe(text)}"'
