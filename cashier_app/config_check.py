"""Every mistake of a settings file, each with its line and key.

Types and names are looked at key by key. What types cannot say is asked of the program's own checks, again
and again with what they complained of put right, so that one mistake does not hide the next.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Literal, Union, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo, fields, replace

from cashier_app.config import (
    BackendSection,
    StoreSection,
    TillConfig,
    check_config,
    check_region,
    till_settings,
)
from cashier_app.documents.toml_places import Place, TomlPlaces
from cashier_app.errors import KnownError

MOST_MISTAKES = 50
_NOT_IN_FILES = frozenset({"folder"})
_SECRET = re.compile(r"(^|_)(pin|pins|password|passphrase|secret|token|key|credential)s?($|_)")
_KEYS = re.compile(r"([a-z_]+(?:\.[a-z_]+)+)(?: and ([a-z_]+(?:\.[a-z_]+)+))?")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_RIGHT_STORE = StoreSection("A shop", "1", "IN", "INR", 2, "en_IN", "Asia/Kolkata")
_RIGHT_BACKEND = BackendSection(address="https://loyalty.example")


class Mistake(Struct, frozen=True):
    """One thing that is not right.

    Args:
        line: From 1; None where the file says nothing about it.
        key: Such as ``store.till``; empty for the file itself.
        sentence: What is expected, one sentence without the key.
    """

    line: int | None
    key: str
    sentence: str

    def told(self) -> str:
        """Return it in one line."""
        place = f"line {self.line}" if self.line is not None else ""
        head = ", ".join(part for part in (place, self.key) if part)
        return f"{head}: {self.sentence}" if head else self.sentence


class Checked(Struct, frozen=True):
    """What came of a check.

    Args:
        mistakes: In the order of their lines.
        missing: Keys that are asked at the first start, in a file that need not say everything.
        unattended: Nobody is asked: what is missing is guessed there.
    """

    mistakes: tuple[Mistake, ...]
    missing: tuple[str, ...] = ()
    unattended: bool = False


def refusal_of(path: Path, text: bytes, *, partial: bool = False) -> KnownError | None:
    """Return what is wrong first with a settings file, as one sentence; None for nothing.

    Args:
        path: The file, to be named.
        text: What stands in it.
        partial: As `check_settings` takes it.
    """
    mistakes = check_settings(text, partial=partial).mistakes
    if not mistakes:
        return None
    return KnownError(f"{path}, {mistakes[0].told()} Run: cashier-cli config check {path}")


def check_settings(text: bytes, *, partial: bool = False) -> Checked:
    """Return every mistake of a settings file, 50 at most. Loads numbering plans: not for the first frame.

    Args:
        text: What stands in it.
        partial: Whether what is missing is asked later; so it is in any file with ``[first_run]``.
    """
    try:
        read = text.decode("utf-8")
        table = tomllib.loads(read)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return Checked((Mistake(line, "", "this is not UTF-8 text. Save it as UTF-8."),))
    except RecursionError:
        return Checked((_TOO_DEEP,))
    except ValueError as error:
        return Checked((_syntax(str(error)),))
    try:
        return _checked(table, TomlPlaces(read), partial=partial)
    except RecursionError:  # what reads may still be too deep to be looked at
        return Checked((_TOO_DEEP,))


def _checked(table: Mapping[str, object], places: TomlPlaces, *, partial: bool) -> Checked:
    found = [*_of_table(TillConfig, table, ()), *_of_kind(table)]
    missing = [place for place, what in found if what == _MISSING]
    wrong = [(place, what) for place, what in found if what != _MISSING]
    later = partial or "first_run" in table
    unattended = _says_unattended(table)
    if not later:
        wrong += [(place, "this is missing.") for place in missing]
    elif unattended:
        wrong += [(place, _NEVER_GUESSED) for place in missing if place[0] == "backend"]
        missing = [place for place in missing if place[0] != "backend"]
    wrong += _out_of_range(table, [place for place, _ in found])
    told = sorted(
        (Mistake(_line(places, place), _name(place), what) for place, what in wrong[:MOST_MISTAKES]),
        key=lambda mistake: (mistake.line or 0, mistake.key),
    )
    names = tuple(_name(place) for place in missing) if later else ()
    return Checked(tuple(told), names, unattended)


def _says_unattended(table: Mapping[str, object]) -> bool:
    section = table.get("first_run")
    return isinstance(section, dict) and section.get("unattended") is True


_TOO_DEEP = Mistake(None, "", "The file is nested too deep.")
_MISSING = "missing"
_NEVER_GUESSED = "this is missing; where nobody is asked (first_run.unattended) it is never guessed."
Found = tuple[Place, str]


def _syntax(complaint: str) -> Mistake:
    at = _AT_LINE.search(complaint)
    said = _AT_LINE.sub("", complaint).replace("(at end of document)", "").strip().rstrip(".")
    return Mistake(int(at[1]) if at else None, "", f"this is not TOML. {said}.")


# --- names and types --------------------------------------------------------------------------------


def _of_table(kind: type[Struct], table: Mapping[str, object], at: tuple[str | int, ...]) -> Iterator[Found]:
    known = {
        one.encode_name: one for one in fields(kind) if not (kind is TillConfig and one.name in _NOT_IN_FILES)
    }
    for name in table:
        if name not in known:
            yield (*at, name), _unknown(name, [*known])
    for name, field in known.items():
        if name in table:
            yield from _of_value(field, table[name], (*at, name))
        elif field.required:
            inner = field.type
            if (
                isinstance(inner, type)
                and issubclass(inner, Struct)
                and any(one.required for one in fields(inner))
            ):
                yield from _of_table(inner, {}, (*at, name))
            else:
                yield (*at, name), _MISSING


def _of_kind(table: Mapping[str, object]) -> Iterator[Found]:
    """Look at what the kind of backend wants to know besides."""
    from cashier_app.backends import registry

    backend = table.get("backend")
    if not isinstance(backend, dict):
        return
    settings, kind = backend.get("settings", {}), backend.get("kind", "contract")
    if not isinstance(settings, dict) or not isinstance(kind, str):
        return
    try:
        wanted = registry.kind_of(kind).settings
    except KnownError:
        return  # said where the values are looked at
    yield from _of_table(wanted, settings, ("backend", "settings"))


def _of_value(field: FieldInfo, value: object, at: tuple[str | int, ...]) -> Iterator[Found]:
    inner = field.type
    if isinstance(inner, type) and issubclass(inner, Struct):
        if isinstance(value, dict):
            yield from _of_table(inner, value, at)
        else:
            yield at, f"a table is expected: write [{_name(at)}] on a line of its own."
        return
    element = get_args(inner)[0] if get_origin(inner) is tuple else None
    if isinstance(element, type) and issubclass(element, Struct):
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            yield at, f"tables are expected: write [[{_name(at)}]] before each."
            return
        for place, one in enumerate(value):
            yield from _of_table(element, one, (*at, place))
        return
    try:
        msgspec.convert(value, inner)
    except (msgspec.ValidationError, ValueError):
        yield at, f"{_expected(inner)} is expected."


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, 1, 0.6)
    if near:
        return f"there is no such key. Did you mean {near[0]}?"
    if _SECRET.search(name.lower()):
        return "there is no such key. PINs and secrets never stand in a settings file."
    return f"there is no such key. There are: {', '.join(sorted(known))}."


def _expected(wanted: object) -> str:
    origin = get_origin(wanted)
    if origin is Literal:
        return "one of " + ", ".join(_shown(one) for one in get_args(wanted))
    if origin in {Union, UnionType}:
        return " or ".join(_expected(one) for one in get_args(wanted) if one is not type(None))
    if origin in {tuple, list}:
        return "a list, such as [" + _example(get_args(wanted)[0]) + "],"
    if origin is dict:
        return "a table"
    names = {str: 'a text in "quotes"', int: "a whole number", bool: "true or false"}
    return names.get(wanted, "another kind of value") if isinstance(wanted, type) else "another kind of value"


def _example(wanted: object) -> str:
    return "16, 13" if wanted is int else '"one", "two"'


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


# --- what types cannot say ----------------------------------------------------------------------------


def _out_of_range(table: Mapping[str, object], wrong: list[Place]) -> list[Found]:
    """Return what the program's own checks complain of, with what has the wrong type left out."""
    config = _readable(table, wrong)
    found: list[Found] = []
    for _ in range(MOST_MISTAKES):
        try:
            check_config(config)
            check_region(till_settings(config))
            _check_kind(config, table)
        except KnownError as error:
            keys, said = _keys_and_rest(error.sentence)
            found.append((keys[0].split(".") if keys else (), said))
            better = config
            for key in keys:
                better = _put_right(better, key)
            for section in {key.partition(".")[0] for key in keys} if better == config else ():
                better = _begin_anew(better, section)
            if better == config:
                break
            config = better
        else:
            break
    return found


def _check_kind(config: TillConfig, table: Mapping[str, object]) -> None:
    if "backend" in table:
        from cashier_app import backend_opening

        backend_opening.rules_of(config)


def _readable(table: Mapping[str, object], wrong: list[Place]) -> TillConfig:
    """Return the settings with everything left out that has the wrong type or name."""
    rest = msgspec.json.decode(msgspec.json.encode(table))
    for place in sorted(wrong, key=lambda place: [str(part) for part in place], reverse=True):
        _leave_out(rest, place)
    store, backend = rest.setdefault("store", {}), rest.setdefault("backend", {})
    for name, value in msgspec.to_builtins(_RIGHT_STORE).items():
        store.setdefault(name, value)
    if "settings" in {str(place[1]) for place in wrong if place[0] == "backend" and len(place) > 1}:
        # Half of what a kind wants says nothing about the rest.
        backend |= {"settings": {}, "kind": _RIGHT_BACKEND.kind, "address": _RIGHT_BACKEND.address}
    if not backend:
        backend["address"] = _RIGHT_BACKEND.address
    for _ in range(MOST_MISTAKES):
        try:
            return msgspec.convert(rest, TillConfig)
        except msgspec.ValidationError as error:
            top = re.search(r"\$\.([a-z_]+)", str(error))
            if top is None or rest.pop(top[1], None) is None:
                break
    return TillConfig(_RIGHT_STORE, _RIGHT_BACKEND)


def _leave_out(table: object, place: Place) -> None:
    holder = table
    for name in place[:-1]:
        holder = holder.get(name) if isinstance(holder, dict) else _at(holder, name)
    if isinstance(holder, dict):
        holder.pop(place[-1], None)
    elif isinstance(holder, list):
        holder.clear()


def _at(holder: object, name: str | int) -> object:
    return holder[name] if isinstance(holder, list) and isinstance(name, int) and name < len(holder) else None


def _keys_and_rest(sentence: str) -> tuple[list[str], str]:
    """Return the keys a sentence of the checks begins with, and the rest of it."""
    found = _KEYS.match(sentence)
    if found is None:
        return [], sentence
    head, _, rest = sentence.partition(": ")
    return [key for key in found.groups() if key], rest if head and rest else sentence


def _put_right(config: TillConfig, key: str) -> TillConfig:
    section, _, name = key.partition(".")
    before: object = getattr(config, section, None)
    if not isinstance(before, Struct):
        return config
    if section == "backend" and name.startswith(("settings", "kind")):
        # What a kind wants is known of that kind only: nothing more is said of it.
        return replace(config, backend=_RIGHT_BACKEND)
    right = getattr(_begin_anew(config, section), section)
    if not hasattr(right, name):
        return replace(config, **{section: right})
    return replace(config, **{section: replace(before, **{name: getattr(right, name)})})


def _begin_anew(config: TillConfig, section: str) -> TillConfig:
    before: object = getattr(config, section, None)
    if not isinstance(before, Struct):
        return config
    right: Struct = {"store": _RIGHT_STORE, "backend": _RIGHT_BACKEND}.get(section) or type(before)()
    return replace(config, **{section: right})


# --- places -------------------------------------------------------------------------------------------


def _line(places: TomlPlaces, place: Place) -> int | None:
    """Return where a key stands, or the table it is missing from."""
    for length in range(len(place), 0, -1):
        line = places.line_of(place[:length])
        if line is not None:
            return line
    return None


def _name(place: Place) -> str:
    """Return a place as people read it: ``codes.patterns[2].form``, counted from 1."""
    said = ""
    for part in place:
        said += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if said else part
    return said
