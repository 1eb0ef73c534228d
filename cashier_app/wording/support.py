"""The page of support, in words: what the doctor found, what goes into the file, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from cashier_app.services.support_bundle import Purpose
from cashier_app.wording.sentences import Sentence, Tone, plain

if TYPE_CHECKING:
    from cashier_app.services.support_bundle import SupportBundle
    from cashier_app.wording.speech import Wording

_KILO = 1024
FINE, FAIL = "ok", "fail"


class PartWords(Struct, frozen=True):
    """One part of the file: its name, what it is for, and its size."""

    name: str
    purpose: Sentence
    size: str


class FindingLine(Struct, frozen=True):
    """One thing the doctor found that somebody should look at; the sentence is the doctor's own."""

    name: str
    icon: str
    sentence: str
    tone: Tone


class SupportWords(Struct, frozen=True):
    """The whole page.

    Args:
        promise: What is left out, and that nothing is sent.
        note: What is happening, or became of it.
    """

    title: Sentence
    close: Sentence
    promise: Sentence
    findings_title: Sentence
    parts_title: Sentence
    total: str
    parts: tuple[PartWords, ...]
    findings: tuple[FindingLine, ...]
    note: Sentence
    note_tone: Tone
    save: Sentence
    again: Sentence


class SupportNews(Struct, frozen=True):
    """What is happening on the page.

    Args:
        busy: The till is being looked at.
        saved: Name of the file that was written; empty for none.
        trouble: What went wrong, as a sentence.
    """

    busy: bool = False
    saved: str = ""
    trouble: str = ""


class SaveSupportWords(Struct, frozen=True):
    """The system's dialog that asks for a place."""

    title: str
    kind: str


class Found(Protocol):
    """What the doctor found, as far as the page says it; see `examining.finding.Finding`."""

    @property
    def name(self) -> str:
        """Return what was looked at."""

    @property
    def words(self) -> str:
        """Return the sentence."""

    @property
    def state(self) -> str:
        """Return ``ok``, ``note`` or ``fail``."""


def support_words(
    bundle: SupportBundle | None, found: Sequence[Found], news: SupportNews, wording: Wording
) -> SupportWords:
    """Return the page; without a bundle it is still being looked at, or could not be."""
    findings = tuple(_line(one) for one in found if one.state != FINE)
    note, tone = _note(news, findings, known=bundle is not None, wording=wording)
    return SupportWords(
        title=Sentence.of(wording.text("Support")),
        close=Sentence.of(wording.text("Close")),
        promise=Sentence.of(
            wording.text(
                "Names, phone numbers, codes, receipts and secrets are left out or hidden. "
                "Nothing is sent: you save a file and decide who gets it."
            ),
            wording.text("No names, no secrets. Nothing is sent: you save a file."),
        ),
        findings_title=Sentence.of(wording.text("To look at")),
        parts_title=Sentence.of(wording.text("What goes into the file")),
        total="" if bundle is None else size_words(bundle.size, wording),
        parts=()
        if bundle is None
        else tuple(
            PartWords(file.name, purpose_sentence(file.purpose, wording), size_words(file.size, wording))
            for file in bundle.files
        ),
        findings=findings,
        note=note,
        note_tone=tone,
        save=Sentence.of(wording.text("Save the file"), wording.text("Save")),
        again=Sentence.of(wording.text("Look again")),
    )


def save_support_words(wording: Wording) -> SaveSupportWords:
    """Return what the dialog says that asks where the file goes."""
    return SaveSupportWords(wording.text("Save the file for support"), wording.text("Zip file"))


def purpose_sentence(purpose: Purpose, wording: Wording) -> Sentence:
    """Return what a part is for."""
    words = {
        Purpose.CONTENTS: wording.text("this list"),
        Purpose.VERSIONS: wording.text("which program this is"),
        Purpose.DOCTOR: wording.text("what this computer has and lacks"),
        Purpose.SETTINGS: wording.text("settings that name nobody"),
        Purpose.CHOICES: wording.text("what was chosen at this till"),
        Purpose.QUEUE: wording.text("what waits to be posted: kinds, ages, refusals"),
        Purpose.DATABASE: wording.text("whether the database holds, and its backups"),
        Purpose.HEALTH: wording.text("times offline and answer times, 30 days"),
        Purpose.CRASH: wording.text("the last time the program failed"),
        Purpose.LOG: wording.text("what the program wrote down, redacted"),
    }
    return Sentence.of(words[purpose])


def size_words(size: int, wording: Wording) -> str:
    """Return a size in bytes, as somebody reads it."""
    if size < _KILO:
        return wording.text("{n} bytes", n=wording.figures.count(size))
    return wording.text("{n} KiB", n=wording.figures.count(-(-size // _KILO)))


def listed_lines(bundle: SupportBundle, wording: Wording) -> list[str]:
    """Return the list the command line shows."""
    from cashier_app.services.export_files import TRAINING

    rows = [
        f"{file.size:>9}  {file.name:<18}  {purpose_sentence(file.purpose, wording).full}"
        for file in bundle.files
    ]
    head = [TRAINING] if bundle.training else []
    return [*head, *rows, f"{bundle.size:>9}  bytes in all, before they are packed"]


def _line(found: Found) -> FindingLine:
    stops = found.state == FAIL
    words = plain(found.words)
    return FindingLine(
        name=plain(found.name).capitalize(),
        icon="warning" if stops else "info",
        sentence=words[:1].upper() + words[1:],
        tone=Tone.STOP if stops else Tone.WAIT,
    )


def _note(
    news: SupportNews, findings: Sequence[FindingLine], *, known: bool, wording: Wording
) -> tuple[Sentence, Tone]:
    if news.trouble:
        return Sentence.of(plain(news.trouble)), Tone.STOP
    if news.busy or not known:
        return Sentence.of(wording.text("The till is looked at. This takes some seconds.")), Tone.PLAIN
    if news.saved:
        saved = wording.text("Saved as {name}. It was sent nowhere.", name=plain(news.saved))
        return Sentence.of(saved, wording.text("Saved. It was sent nowhere.")), Tone.GOOD
    if not findings:
        return Sentence.of(wording.text("Nothing is wrong with this installation.")), Tone.GOOD
    said = wording.plural(
        "{n} thing to look at.",
        "{n} things to look at.",
        len(findings),
        n=wording.figures.count(len(findings)),
    )
    worst = Tone.STOP if any(finding.tone is Tone.STOP for finding in findings) else Tone.WAIT
    return Sentence.of(said), worst
