"""What the work till says while training is open in a window of its own."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from cashier_app.services.till_view import Connection
from cashier_app.wording.sentences import Sentence, Tone
from cashier_app.wording.speech import Wording


class TrainingStage(Enum):
    """How far the training is that the till has started."""

    OPENING = "opening"
    OPEN = "open"
    ENDING = "ending"


class CoverWords(Struct, frozen=True):
    """The page over the till.

    Args:
        state: What of the real sales somebody should know; `tone` says how much it matters.
        front: What Enter does; `can_front` says whether it does already.
    """

    title: Sentence
    body: str
    state: Sentence
    tone: Tone
    end: Sentence
    front: Sentence
    can_front: bool


def cover_words(stage: TrainingStage, connection: Connection, wording: Wording) -> CoverWords:
    """Return the words of the page."""
    text = wording.text
    body = text("This till waits behind it. What was sold before goes on being posted.")
    title = text("Training is open in its own window")
    end = Sentence.of(text("End training"), text("End"))
    if stage is TrainingStage.OPENING:
        title = text("Training is being opened")
    elif stage is TrainingStage.ENDING:
        title = text("Training is asked to end")
        body = text("In the middle of something it asks whoever is learning first.")
        end = Sentence.of(text("End now"), text("End"))
    state, tone = _state(connection, wording)
    front = Sentence.of(text("Bring it to the front"), text("To the front"))
    return CoverWords(
        Sentence.of(title), body, state, tone, end, front, can_front=stage is not TrainingStage.OPENING
    )


def sale_first(wording: Wording) -> Sentence:
    """Return what is said where a sale is under way."""
    return Sentence.of(
        wording.text("Finish or clear this sale first, then open training"),
        wording.text("Finish or clear this sale first"),
    )


def training_died(wording: Wording) -> Sentence:
    """Return what is said when training ended by a fault."""
    return Sentence.of(
        wording.text("Training ended by itself. Nothing of it was real."),
        wording.text("Training ended by itself"),
    )


def training_not_opened(wording: Wording) -> Sentence:
    """Return what is said when training ended before its window was seen: another may have its folder."""
    return Sentence.of(
        wording.text("Training could not be opened. Look whether it is open already."),
        wording.text("Training could not be opened"),
    )


def leave_words(wording: Wording) -> tuple[Sentence, Sentence]:
    """Return the question before training closes in the middle of something, and the answer that closes."""
    asked = Sentence.of(
        wording.text("Something is under way here. Closed now, it is given up; nothing of it was real."),
        wording.text("Something is under way here"),
    )
    return asked, Sentence.of(wording.text("Close training"))


def _state(connection: Connection, wording: Wording) -> tuple[Sentence, Tone]:
    counts, count = connection.counts, wording.figures.count
    if counts.needs_attention:
        n = counts.needs_attention
        said = wording.plural("{n} real sale needs attention", "{n} real sales need attention", n, n=count(n))
        return Sentence.of(said), Tone.STOP
    if connection.sign_in_needed:
        return Sentence.of(
            wording.text("The loyalty system wants a new sign-in. Sales are saved and posted later."),
            wording.text("New sign-in wanted"),
        ), Tone.WAIT
    if counts.waiting:
        n = counts.waiting
        said = wording.plural("{n} real sale will be posted", "{n} real sales will be posted", n, n=count(n))
        return Sentence.of(said), Tone.PLAIN if connection.online else Tone.WAIT
    return Sentence.of(wording.text("All real sales are posted")), Tone.GOOD
