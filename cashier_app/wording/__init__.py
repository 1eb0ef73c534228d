"""Typed reasons, outcomes and amounts turned into sentences."""

from cashier_app.wording.figures import CurrencyDisplay, Figures, Hours, TypedAmount
from cashier_app.wording.sentences import Row, Sentence, Tone, name_in_sentence, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.translator import Translator

__all__ = [
    "CurrencyDisplay",
    "Figures",
    "Hours",
    "Row",
    "Sentence",
    "Tone",
    "Translator",
    "TypedAmount",
    "Wording",
    "name_in_sentence",
    "plain",
]
