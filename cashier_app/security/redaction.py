"""Take persons, secrets and places out of free text, so that a log may leave the shop.

Nothing here knows what a name looks like. A text keeps what is known to be nobody's: words of the program's
own vocabulary, small numbers, recent times, names of our modules. Everything else is hidden.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from typing import Final

from cashier_app import paths

HIDDEN: Final = "(hidden)"
NUMBER: Final = "(number hidden)"
ADDRESS: Final = "(address hidden)"
MAIL: Final = "(e-mail hidden)"
PATH: Final = "(path hidden)"

Replace = Callable[[re.Match[str]], str]

_ALIKE = 8  # characters of the hash that stands for an id: enough to follow one through a file
_MOST_DIGITS = 3  # of a number that is kept; a PIN has four
_LONG_CHUNK = 16  # a long piece without spaces is hidden whole: half a token is still half a token
_MOST_IN_VERSION = 5  # a date of birth in short has six

_GAP = r"(?:[^\w\n]|_){0,3}"
"""What may stand between the digits of one number: people and programs group them by anything."""


def alike(text: str) -> str:
    """Return what stands for an id: the same for the same one, so that it can be followed, not looked up."""
    digest = hashlib.sha256(text.lower().encode()).hexdigest()
    return f"id-{digest[:_ALIKE]}"


def _version(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return found[0] if digits <= _MOST_IN_VERSION else NUMBER


def _always(words: str) -> Replace:
    return lambda _: words


PATTERNS: Final[dict[str, tuple[str, Replace]]] = {
    "address": (r"(?i:[a-z][a-z0-9+.\-]*://[^\s\"'<>]+)", _always(ADDRESS)),
    "mail": (r"[^\s@<>\"'(),;:=]{1,64}@[^\s@<>\"'(),;]+", _always(MAIL)),
    "path": (r"(?:(?<![\w.])(?:[A-Za-z]:)?[\\/]|~[\w.\-]*[\\/])[^\"'<>|:,;\n]*", _always(PATH)),
    "id": (
        r"(?<![\w-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-])",
        lambda found: alike(found[0]),
    ),
    "moment": (
        (
            r"(?<![\w-])20[2-9]\d-[01]\d-[0-3]\d"
            r"(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,6})?)?(?:Z|[+-][0-2]\d:?[0-5]\d)?)?(?![\w-])"
        ),
        lambda found: found[0],
    ),
    "host": (r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])", _always(ADDRESS)),
    "secret": (
        (
            r"(?i:(?<![^\W_])(?:token|password|passwd|pwd|passphrase|secret|api[_-]?key|authorization|cookie|pin)"
            r"[\"']?\s*[:=]\s*(?:(?:bearer|basic)\s+)?(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|[^\s\"',;]+)"
            r"|(?<![^\W_])(?:bearer|basic)\s+[^\s\"',;]+)"
        ),
        _always(HIDDEN),
    ),
    "clock": (r"(?<![\w:.,])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\w:]|[.,]\d)", lambda found: found[0]),
    "version": (r"(?<![\w.+])\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w]|\.\w|\s?[(\-]?\d)", _version),
    "number": (rf"\+?\(?\d(?:{_GAP}\d){{{_MOST_DIGITS},}}", _always(NUMBER)),
}
"""What is looked for before words are: how it looks, what stands in its place. The first that fits counts."""

_LETTER = r"[\w\u00a1-\u1fff\u2070-\U0010ffff]"  # \w knows no vowel signs
_CHUNK = rf"{_LETTER}(?:(?!(?<![^\W_])\d(?:{_GAP}\d){{{_MOST_DIGITS}}})[^\s=\"'(),;<>\[\]{{}}|])*"
"""A word and what hangs on it, up to a number that is not for others to see."""
_PIECE = re.compile(rf"{_LETTER}+")
_MARKS = re.compile(r"\(hidden\)(?:[^\w()\n]{1,3}\(hidden\))+")
_CLASS = re.compile(r"[A-Z][A-Za-z]*(?:Error|Exception|Warning|Timeout|Interrupt|Exit)")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*")
_SENTENCE_ENDS = re.compile(r"(?:^|[.:!?]\s+)\W*$")

_RECORD = re.compile(
    r"(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) "
    r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) (?P<logger>[\w. ]{1,80}): (?P<message>.*)"
)
_FRAME = re.compile(
    r"\s+File \"(?P<file>[^\"]{1,400})\", line (?P<line>\d{1,6}), in (?P<name>[A-Za-z_<][\w<>.]{0,80})"
)
_RAISED = re.compile(r"(?P<kind>[A-Za-z_][\w.]{0,120})(?:: (?P<message>.*))?")
_SAID_BETWEEN = (
    "Traceback (most recent call last):",
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_OURS = ("cashier_app", "ui")
_FILE_PART = re.compile(r"[a-z_][a-z0-9_]*(?:\.py)?")
_MODULE = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")


def vocabulary() -> frozenset[str]:
    """Return the words the program says itself, read from the file beside its other resources. Blocking."""
    text = (paths.resources() / "support" / "words.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


class Redactor:
    """Hides what may be somebody's, or secret, in texts.

    Args:
        words: What may stay, in small letters, or as it is written where it has capitals.
        known: Texts known to be this computer's or this shop's: hidden wherever they stand, whatever else is.
        till: The till's number: receipt numbers such as ``2-0418`` stay.
        patterns: What is looked for before words are.
    """

    def __init__(
        self,
        words: Collection[str],
        known: Iterable[str] = (),
        *,
        till: str = "",
        patterns: dict[str, tuple[str, Replace]] = PATTERNS,
    ) -> None:
        self._words = words
        self._patterns = patterns
        forms = [f"(?P<{name}>{form})" for name, (form, _) in patterns.items()]
        if till:
            forms.insert(0, rf"(?P<receipt>(?<![\w-]){re.escape(till)}-\d{{4,6}}(?![\w-]))")
        self._look = re.compile("|".join((*forms, f"(?P<chunk>{_CHUNK})")))
        longest_first = sorted({text for text in known if len(text) > 1}, key=len, reverse=True)
        self._known = (
            re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if longest_first else None
        )

    def text(self, text: str) -> str:
        """Return a text with everything hidden that is not known to be nobody's."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        shown = self._look.sub(self._replaced, text)
        return _MARKS.sub(HIDDEN, shown)

    def log(self, text: str) -> str:
        """Return a log with its times, levels, modules and stacks kept, and all its words looked at.

        Lines of source are left out: version and commit say them.
        """
        lines: list[str] = []
        in_stack = after_frame = False
        for line in text.splitlines():
            record, frame = _RECORD.fullmatch(line), _FRAME.fullmatch(line)
            if record is not None:
                in_stack = after_frame = False
                lines.append(
                    f"{record['when']} {record['level']} {self._logger(record['logger'])}: "
                    f"{self.text(record['message'])}"
                )
            elif line in _SAID_BETWEEN:
                in_stack, after_frame = True, False
                lines.append(line)
            elif in_stack and frame is not None:
                after_frame = True
                lines.append(self._frame(frame))
            elif (after_frame and line.startswith("    ")) or _is_marker(line):
                continue
            else:
                after_frame = False
                lines.append(self._raised(line) if in_stack else self.text(line))
        return "".join(f"{line}\n" for line in lines)

    def _replaced(self, found: re.Match[str]) -> str:
        kind = found.lastgroup
        if kind == "receipt":
            return found[0]
        if kind is not None and kind != "chunk":
            return self._patterns[kind][1](found)
        return self._chunk(found[0], starts=_begins_sentence(found.string, found.start()))

    def _chunk(self, chunk: str, *, starts: bool) -> str:
        """Return what stands between two spaces, or a mark; `starts` says that a sentence begins with it."""
        pieces = _PIECE.findall(chunk)
        bare = chunk.rstrip(".:!?…")
        if bare in self._words or HIDDEN.strip("()") == bare:
            return chunk
        many = sum(character.isdigit() for character in bare) > _MOST_DIGITS

        def kept(piece: str, *, starts: bool) -> bool:
            return self._holds(piece, starts=starts) and not (many and piece.isdigit())

        holds = [kept(piece, starts=starts and place == 0) for place, piece in enumerate(pieces)]
        glued = "@" in chunk or "://" in chunk or "." in bare or "\\" in chunk or "/" in bare
        if all(holds) and (not glued or self._is_ours(bare) or _is_small_number(bare)):
            return chunk
        if glued or len(chunk) >= _LONG_CHUNK:
            return HIDDEN + chunk[len(bare) :]
        return _PIECE.sub(
            lambda piece: piece[0] if kept(piece[0], starts=starts and not piece.start()) else HIDDEN, chunk
        )

    def _holds(self, piece: str, *, starts: bool) -> bool:
        """Say whether one word may stay."""
        if piece.isascii() and piece.isdigit():
            return len(piece) <= _MOST_DIGITS
        if piece in self._words or self._is_class(piece):
            return True
        if "_" in piece:
            return all(part in self._words for part in piece.split("_") if part)
        return starts and piece[:1].isupper() and piece[1:].islower() and piece.lower() in self._words

    def _is_class(self, name: str) -> bool:
        """Say whether this is what an error is called: a known one, or one made of words of ours."""
        if name in self._words:
            return len(_CAMEL.findall(name)) > 1
        parts = _CAMEL.findall(name)
        return _CLASS.fullmatch(name) is not None and all(
            part in self._words or part.lower() in self._words for part in parts
        )

    def _is_ours(self, chunk: str) -> bool:
        return chunk.split(".", 1)[0] in _OURS and _MODULE.fullmatch(chunk) is not None

    def _logger(self, name: str) -> str:
        return name if self._is_ours(name) or name in {"root", "httpx", "httpcore", "asyncio"} else HIDDEN

    def _frame(self, found: re.Match[str]) -> str:
        parts = re.split(r"[\\/]", found["file"])
        start = max((place for place, part in enumerate(parts) if part in _OURS), default=None)
        ours = start is not None and all(_FILE_PART.fullmatch(part) for part in parts[start:])
        file = "/".join(parts[start:]) if ours else parts[-1]
        # A stack that was forged in a message has no names of ours; those of libraries must be words.
        if not ours and not self._is_said(file.removesuffix(".py")):
            file = HIDDEN
        name = found["name"] if ours or self._is_said(found["name"]) else HIDDEN
        return f'  File "{file}", line {found["line"]}, in {name}'

    def _is_said(self, name: str) -> bool:
        return all(part in self._words for part in re.split(r"[_.<>]", name) if part)

    def _raised(self, line: str) -> str:
        found = _RAISED.fullmatch(line)
        if found is None or not self._is_class(found["kind"].rpartition(".")[2]):
            return self.text(line)
        kind = found["kind"].rpartition(".")[2]
        return kind if found["message"] is None else f"{kind}: {self.text(found['message'])}"


def _is_small_number(chunk: str) -> bool:
    return re.fullmatch(r"\d{1,3}%?", chunk) is not None


def _begins_sentence(text: str, place: int) -> bool:
    return _SENTENCE_ENDS.search(text[max(0, place - 40) : place]) is not None


def _is_marker(line: str) -> bool:
    """Say whether this only points at something in the line above."""
    marks = line.strip()
    return bool(marks) and not marks.strip("^~ ")
