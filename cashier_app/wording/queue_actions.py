"""What the queue's drawer says after a press: asked, exported."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.wording.sentences import Sentence, name_in_sentence
from cashier_app.wording.speech import Wording


class ExportWords(Struct, frozen=True):
    """The question for a file, the two kinds of file, and what is said when it is written."""

    title: Sentence
    table: Sentence
    document: Sentence
    done: Sentence


def export_words(wording: Wording, file: str = "") -> ExportWords:
    """Return the words around an export."""
    return ExportWords(
        title=Sentence.of(wording.text("Export the queue, without names and phone numbers")),
        table=Sentence.of(wording.text("Table")),
        document=Sentence.of(wording.text("JSON document")),
        done=Sentence.of(wording.text("Exported to {file}", file=name_in_sentence(file))),
    )


def asked_words(time: str, wording: Wording) -> Sentence:
    """Say that the loyalty system is being asked."""
    return Sentence.of(wording.text("Asked at {time}. The answer comes into the row.", time=time))
