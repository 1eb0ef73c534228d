"""What is new in a version, read as plain text out of the changelog, and whether somebody has seen it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

MAX_BYTES = 512 * 1024
MOST_LINES, LONGEST_LINE = 400, 800
"""What a page shows: more would hold a window up, and nobody reads it."""

_MORE = "…"
UNRELEASED = "Unreleased"
_RELEASE = re.compile(r"## \[(?P<version>[^\]]{1,40})\](?: - (?P<day>\d{4}-\d\d-\d\d))?")
_LINK = re.compile(r"\[([^\]]{1,200})\]\([^)]{1,400}\)")
_MARKS = re.compile(r"\*\*|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)")


class NoteGroup(Struct, frozen=True):
    """What is new in one part of the program.

    Args:
        kind: Whether it was added, changed or fixed.
        version: Where it came with an earlier version that nobody was shown; else empty.
    """

    kind: str
    part: str
    lines: tuple[str, ...]
    version: str = ""


class ReleaseNotes(Struct, frozen=True):
    """One version of the changelog; `day` is when it was published, empty where it was not yet."""

    version: str
    day: str
    groups: tuple[NoteGroup, ...]


def read_notes(changelog: str) -> tuple[ReleaseNotes, ...]:
    """Return the versions of a changelog in the form of Keep a Changelog, the newest first, without marks."""
    found: list[ReleaseNotes] = []
    version, day, body = "", "", list[str]()
    for line in changelog[:MAX_BYTES].splitlines():
        heading = _RELEASE.fullmatch(line.strip())
        if heading is None:
            body.append(line)
            continue
        if version:
            found.append(ReleaseNotes(version, day, tuple(_groups(body))))
        version, day, body = heading["version"], heading["day"] or "", []
    if version:
        found.append(ReleaseNotes(version, day, tuple(_groups(body))))
    return tuple(found)


def notes_of(releases: Sequence[ReleaseNotes], version: str) -> ReleaseNotes | None:
    """Return what is new in a version; where it has no heading yet, what is to be published."""
    by_version = {release.version: release for release in releases}
    return by_version.get(version) or by_version.get(UNRELEASED)


def notes_since(releases: Sequence[ReleaseNotes], seen: str, version: str) -> ReleaseNotes | None:
    """Return what is new in a version, and after it what came with those between it and the one last seen.

    As much of it as a page can show.
    """
    notes = notes_of(releases, version)
    if notes is None:
        return None
    skipped = [one for one in releases if is_newer(one.version, seen) and is_newer(version, one.version)]
    skipped.sort(key=lambda one: _parts(one.version) or (), reverse=True)
    groups = tuple(replace(group, version=one.version) for one in skipped for group in one.groups)
    return replace(notes, groups=tuple(_as_shown((*notes.groups, *groups))))


def _as_shown(groups: Sequence[NoteGroup]) -> Iterator[NoteGroup]:
    left = MOST_LINES
    for group in groups:
        if not left:
            return
        lines = [
            line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}{_MORE}"
            for line in group.lines[:left]
        ]
        left -= len(lines)
        if not left:
            lines.append(_MORE)
        yield replace(group, lines=tuple(lines))


def to_be_shown(seen: str, version: str) -> bool:
    """Say whether somebody who saw the notes of one version is to be shown those of another: it is newer.

    Nobody is at a first start, where none was seen; nor where an earlier version was put back.
    """
    before, now = _parts(seen), _parts(version)
    return bool(seen) and before is not None and now is not None and now > before


def is_newer(version: str, than: str) -> bool:
    """Say whether a version is above another; one that is no version is above none."""
    this, other = _parts(version), _parts(than)
    return this is not None and other is not None and this > other


def _parts(version: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", version)
    return None if match is None else (int(match[1]), int(match[2]), int(match[3]))


def _groups(lines: Sequence[str]) -> Iterator[NoteGroup]:
    kind, part, told = "", "", list[str]()
    for line in [*lines, "### "]:
        text = line.strip()
        if text.startswith("### ") or text == "###" or (text.startswith("**") and text.endswith("**")):
            if told:
                yield NoteGroup(kind, part, tuple(told))
            told = []
            if text.startswith("**"):
                part = _plain(text)
            else:
                kind, part = _plain(text.removeprefix("###").strip()), ""
        elif text.startswith("- "):
            told.append(_plain(text[2:]))
        elif text and told and line.startswith(" "):
            told[-1] = f"{told[-1]} {_plain(text)}"


def _plain(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()
