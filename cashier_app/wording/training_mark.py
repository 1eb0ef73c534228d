"""The one mark of training: in the till's language, and always also with the word TRAINING."""

from __future__ import annotations

from cashier_app.wording.speech import Wording

TRAINING = "TRAINING"
"""What every window, print and export of training says, whatever the language."""


def with_mark(said: str) -> str:
    """Return a text with the word; one that has it is left as it is."""
    return said if TRAINING in said else f"{TRAINING}: {said}"


def training_line(wording: Wording) -> str:
    """Return the mark of a print."""
    return with_mark(wording.text("TRAINING: nothing here is real"))


def training_word(wording: Wording) -> str:
    """Return the mark where there is room for one word."""
    return with_mark(wording.text("TRAINING"))


def training_title(title: str, wording: Wording) -> str:
    """Return the title of a window of training; one that is marked is left as it is."""
    return title if TRAINING in title else with_mark(wording.text("TRAINING: {title}", title=title))


def training_name(name: str) -> str:
    """Return the name of a file of training."""
    return name if name.startswith("training-") else f"training-{name}"
