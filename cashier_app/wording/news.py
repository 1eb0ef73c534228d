"""What is new in this version, in words: for the page after an update and for `cashier-cli whats-new`."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.services.release_notes import NoteGroup, ReleaseNotes
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording

_BULLET = "\N{BULLET} "


class NewsPart(Struct, frozen=True):
    """One heading of the page and what stands below it."""

    heading: str
    text: str


class NewsWords(Struct, frozen=True):
    """The page of what is new."""

    title: Sentence
    close: Sentence
    go_on: Sentence
    parts: tuple[NewsPart, ...]


def news_words(version: str, notes: ReleaseNotes | None, wording: Wording) -> NewsWords:
    """Return the page; the notes themselves are in the language they were written in."""
    parts = tuple(_part(group, wording) for group in notes.groups) if notes is not None else ()
    if not parts:
        parts = (NewsPart("", wording.text("There are no notes on this version here.")),)
    return NewsWords(
        title=Sentence.of(
            wording.text("What is new in version {version}", version=version), wording.text("What is new")
        ),
        close=Sentence.of(wording.text("Close")),
        go_on=Sentence.of(wording.text("Go on")),
        parts=parts,
    )


def news_lines(version: str, notes: ReleaseNotes | None, wording: Wording) -> list[str]:
    """Return the same for a terminal."""
    words = news_words(version, notes, wording)
    lines = [words.title.full]
    for part in words.parts:
        lines += ["", *([part.heading] if part.heading else []), *part.text.splitlines()]
    return lines


def _part(group: NoteGroup, wording: Wording) -> NewsPart:
    kinds = {
        "Added": wording.text("Added"),
        "Changed": wording.text("Changed"),
        "Fixed": wording.text("Fixed"),
        "Removed": wording.text("Removed"),
        "Security": wording.text("Security"),
        "Deprecated": wording.text("Going away"),
    }
    kind = kinds.get(group.kind, group.kind)
    heading = ": ".join(text for text in (group.version, kind, group.part) if text)
    return NewsPart(heading, "\n".join(f"{_BULLET}{line}" for line in group.lines))
