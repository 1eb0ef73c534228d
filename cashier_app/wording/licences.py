"""The page of licences, in words: the parts, and the texts of one. Those are in the language they came in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from cashier_app.wording.sentences import Sentence, plain

if TYPE_CHECKING:
    from cashier_app.licences import Licences, LicenceText, LicensedPart
    from cashier_app.wording.speech import Wording

_FULL_LINE = 90
_RULE = "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * 12


class PartLine(Struct, frozen=True):
    """One part: what it is called, its version, and its licence."""

    name: str
    version: str
    licence: str


class LicencesWords(Struct, frozen=True):
    """The list of all parts.

    Args:
        about: The label of the row that tells of all together; empty for no such row.
    """

    title: Sentence
    close: Sentence
    intro: Sentence
    about: str
    parts: tuple[PartLine, ...]


class LicenceWords(Struct, frozen=True):
    """The texts of one part."""

    title: Sentence
    back: Sentence
    intro: Sentence
    text: str


def licences_words(found: Licences | None, wording: Wording) -> LicencesWords:
    """Return the list; `found` is None while it is read."""
    if found is None:
        intro = wording.text("The list is read.")
    elif found.about:
        intro = wording.text("This program and what it is made of. Open a row to read its licence.")
    else:
        intro = wording.text(
            "This runs from source: these are all packages installed here. Open a row to read its licence."
        )
    parts = found.parts if found is not None else ()
    return LicencesWords(
        title=Sentence.of(wording.text("Licences")),
        close=Sentence.of(wording.text("Close")),
        intro=Sentence.of(intro),
        about=wording.text("About these parts, and how to replace them") if found and found.about else "",
        parts=tuple(PartLine(plain(one.name), plain(one.version), plain(one.licence)) for one in parts),
    )


def about_words(found: Licences, wording: Wording) -> LicenceWords:
    """Return what is to be known of all parts together."""
    return LicenceWords(
        Sentence.of(wording.text("About these parts")), _back(wording), Sentence.of(""), _flowing(found.about)
    )


def _flowing(text: str) -> str:
    """Return a text with the lines of a paragraph joined: a page has other widths than a file."""
    lines: list[str] = []
    before = ""
    for line in text.splitlines():
        if len(before) > _FULL_LINE and line and not line.startswith((" ", "=")):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        before = line
    return "\n".join(lines)


def licence_words(
    part: LicensedPart, texts: Sequence[LicenceText] | None, trouble: str, wording: Wording
) -> LicenceWords:
    """Return the texts of a part.

    Args:
        part: Which.
        texts: What it came with; None while that is read.
        trouble: Why it cannot be read; empty where it can.
        wording: The voice.
    """
    name, licence, source = plain(part.name), plain(part.licence), plain(part.source)
    said = wording.text("Licence: {licence}", licence=licence)
    if source:
        said = wording.text("Licence: {licence}. Source: {source}", licence=licence, source=source)
    if trouble:
        text = trouble
    elif texts is None:
        text = wording.text("The text is read.")
    elif not texts:
        text = wording.text("No text came with this part.")
    elif len(texts) == 1:
        text = texts[0].text
    else:
        text = "\n\n\n".join(f"{_RULE} {plain(one.name)} {_RULE}\n\n{one.text}" for one in texts)
    return LicenceWords(
        Sentence.of(f"{name} {plain(part.version)}", name), _back(wording), Sentence.of(said), text
    )


def _back(wording: Wording) -> Sentence:
    return Sentence.of(wording.text("Back"))
