"""The serial scanner in words: every state, short enough for a toast, and in any language."""

from __future__ import annotations

import gettext

import pytest
from msgspec.structs import replace

from cashier_app.ports.serial_scanner import SerialState, SerialStatus
from cashier_app.wording import Translator
from cashier_app.wording.serial_scanner import serial_sentence
from tests.unit.wording_shown import WORDING

IN_A_TOAST = 34


class Brackets(gettext.NullTranslations):
    """A language in which every message is itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"


@pytest.mark.parametrize("state", SerialState)
def test_every_state_has_a_plain_sentence_that_can_be_translated(state: SerialState) -> None:
    status = SerialStatus(state, "COM3", "dialout")
    said = serial_sentence(status, WORDING)
    assert said.full
    assert "!" not in said.full
    assert "COM3" not in said.full, "the port means nothing to a cashier"
    assert len(said.short) <= IN_A_TOAST or state is SerialState.OFF, "nobody is told of what they turned off"
    translated = serial_sentence(status, replace(WORDING, translator=Translator(Brackets(), "xx")))
    assert translated.full.startswith("[")
    assert translated.short.startswith("[")


def test_who_is_refused_is_told_which_group_to_join() -> None:
    refused = serial_sentence(SerialStatus(SerialState.REFUSED, "/dev/ttyUSB0", "dialout"), WORDING)
    assert "the group dialout" in refused.full
    elsewhere = serial_sentence(SerialStatus(SerialState.REFUSED, "COM3"), WORDING)
    assert "group" not in elsewhere.full
    hostile = serial_sentence(SerialStatus(SerialState.REFUSED, "x", "a\x1b[2J\n"), WORDING)
    assert hostile.full.isprintable()
