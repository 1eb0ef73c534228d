"""Turns what `msgspec` says of a document into the part, what stands there, and what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

import msgspec
import msgspec.inspect
from msgspec import Struct

from cashier_app.documents.problems import DOCUMENT, MISSING, SHOWN, ProgramError, Words, shown

_PATH = re.compile(r" - at `\$\.?([^`]*)`\Z")
_ODD_KEY = re.compile(r" - at `key` in `\$\.?([^`]*)`\Z")
_STEP = re.compile(r"[^.\[\]]+")
_MISSING = re.compile(r"Object missing required field `(\w+)`\Z")
_UNKNOWN = "Object contains unknown field"
_FIGURES = {"Amount": "an amount", "Points": "points", "ExactPoints": "points", "Rate": "a number above zero"}
_SIMPLE: dict[type, str] = {
    msgspec.inspect.BoolType: "true or false",
    msgspec.inspect.DateType: "a date such as 2026-11-21",
    msgspec.inspect.TimeType: "a time of day such as 18:30",
}
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}\Z")


def refused(error: msgspec.ValidationError, value: object, kind: type[Struct]) -> ProgramError:
    """Return what is wrong with `value`, which `msgspec` would not convert to `kind`."""
    sentence = str(error)
    if odd_key := _ODD_KEY.search(sentence):
        return ProgramError(odd_key[1] or DOCUMENT, Words("a table with a key that is no text"), "text")
    found = _PATH.search(sentence)
    path = found[1] if found else ""
    complaint = sentence[: found.start()] if found else sentence
    there, wanted = _followed(path, value, type_of(kind))
    if missing := _MISSING.match(complaint):
        return ProgramError(joined(path, missing[1]), MISSING, described(_inside(wanted, missing[1], there)))
    if complaint.startswith(_UNKNOWN):
        # A key may be chosen to look like the end of such a sentence; then no path can be trusted.
        known = known_fields(wanted, there)
        if isinstance(there, Mapping) and known and not set(there) <= set(known):
            return unknown_field(path, there, known)
        return ProgramError(DOCUMENT, Words("a table with a strange key"), "known fields")
    said = complaint.removeprefix("Expected ")
    # `msgspec` names types in backquotes; what figures say of themselves is in our own words already.
    expected = said if said != complaint and "`" not in said else described(wanted)
    return ProgramError(path or DOCUMENT, there, expected)


def _followed(
    path: str, there: object, wanted: msgspec.inspect.Type | None
) -> tuple[object, msgspec.inspect.Type | None]:
    for step in _STEP.findall(path):
        wanted = _inside(wanted, step, there)
        there = _at(there, step)
    return there, wanted


def unknown_field(path: str, table: Mapping[Any, object], known: list[str]) -> ProgramError:
    """Return that a table holds a field it may not hold, with the known fields that look like it."""
    name = next((key for key in table if key not in known), "")
    alike = get_close_matches(name[:SHOWN], known) if isinstance(name, str) else []
    expected = f"one of the known fields, such as {' or '.join(alike)}" if alike else "no field of this name"
    key = name if isinstance(name, str) and _PLAIN_KEY.match(name) else shown(name)
    return ProgramError(joined(path, key), table.get(name), expected)


def joined(path: str, name: str) -> str:
    """Return the path of a field below `path`."""
    return f"{path}.{name}" if path else name


@cache
def type_of(kind: type[Struct]) -> msgspec.inspect.Type:
    """Return what `msgspec` knows of a type."""
    return msgspec.inspect.type_info(kind)


def known_fields(wanted: msgspec.inspect.Type | None, there: object) -> list[str]:
    """Return the names of the fields a table of this type may have."""
    struct = _struct(wanted, there)
    if struct is None:
        return []
    tag = [struct.tag_field] if struct.tag_field else []
    return [*tag, *(field.encode_name for field in struct.fields)]


def described(wanted: msgspec.inspect.Type | None) -> str:
    """Return in words what a type takes."""
    match wanted:
        case msgspec.inspect.StrType():
            return _text(wanted)
        case msgspec.inspect.IntType(ge=ge, le=le):
            least = "a whole number" if ge is None else f"a whole number from {ge}"
            return least if le is None else f"{least} to {le}"
        case msgspec.inspect.EnumType(cls=choices):
            return "one of " + ", ".join(str(choice.value) for choice in choices)
        case msgspec.inspect.LiteralType(values=values):
            return "one of " + ", ".join(map(str, values))
        case msgspec.inspect.VarTupleType(max_length=most):
            return "a list" if most is None else f"a list of at most {most}"
        case msgspec.inspect.TupleType(item_types=items):
            return f"a list of {len(items)}"
        case msgspec.inspect.UnionType(types=types):
            return described(next(each for each in types if not isinstance(each, msgspec.inspect.NoneType)))
        case msgspec.inspect.CustomType(cls=figure):
            return _FIGURES.get(figure.__name__, "a number")
        case _:
            return _SIMPLE.get(type(wanted), "a table")


def _text(wanted: msgspec.inspect.StrType) -> str:
    if wanted.pattern is not None:
        return "1 to 64 letters, digits, hyphens and underscores"
    least = f"{wanted.min_length} to " if wanted.min_length else "at most "
    return "text" if wanted.max_length is None else f"text of {least}{wanted.max_length} characters"


def _struct(wanted: msgspec.inspect.Type | None, there: object) -> msgspec.inspect.StructType | None:
    if isinstance(wanted, msgspec.inspect.UnionType):
        structs = [each for each in wanted.types if isinstance(each, msgspec.inspect.StructType)]
        if len(structs) > 1:
            kind = _at(there, str(structs[0].tag_field))
            structs = [each for each in structs if each.tag == kind]
        return structs[0] if structs else None
    return wanted if isinstance(wanted, msgspec.inspect.StructType) else None


def _inside(wanted: msgspec.inspect.Type | None, step: str, there: object) -> msgspec.inspect.Type | None:
    if isinstance(wanted, msgspec.inspect.VarTupleType):
        return wanted.item_type
    if isinstance(wanted, msgspec.inspect.TupleType):
        return wanted.item_types[0]
    if isinstance(wanted, msgspec.inspect.UnionType):
        tags = [
            each.tag
            for each in wanted.types
            if isinstance(each, msgspec.inspect.StructType) and each.tag_field == step
        ]
        if tags:
            return msgspec.inspect.LiteralType(tuple(str(tag) for tag in tags))
    struct = _struct(wanted, there)
    fields = struct.fields if struct else ()
    return next((field.type for field in fields if field.encode_name == step), None)


def _at(there: object, step: str) -> object:
    if isinstance(there, Mapping):
        return there.get(step)
    if isinstance(there, list | tuple) and step.isdigit() and int(step) < len(there):
        return there[int(step)]
    return None
