"""The menu behind F10, in words: what there is to open or to switch, each with what holds now."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum, auto
from typing import Literal, assert_never

from msgspec import Struct

from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording

SoundLevel = Literal["off", "quiet", "normal"]
Colours = Literal["system", "light", "dark"]


class Entry(Enum):
    """What the menu can hold, in its order."""

    DEVICES = auto()
    RETURN = auto()
    BACKEND = auto()
    HELP = auto()
    QUEUE = auto()
    SOUND = auto()
    COLOURS = auto()
    KEYPAD = auto()
    FULL_SCREEN = auto()


class MenuFacts(Struct, frozen=True):
    """What the switches of the menu say now."""

    unsent: int = 0
    sound: SoundLevel = "normal"
    colours: Colours = "system"
    keypad: bool = True
    full_screen: bool = False


class EntryWords(Struct, frozen=True):
    """One line of the menu: what it is, and at its right what holds now or the key that does the same."""

    entry: Entry
    icon: str
    label: Sentence
    detail: str = ""


class MenuWords(Struct, frozen=True):
    """The whole menu."""

    title: Sentence
    close: Sentence
    entries: tuple[EntryWords, ...]


def menu_words(works: Collection[Entry], facts: MenuFacts, wording: Wording) -> MenuWords:
    """Return the menu with the entries that work at this till."""
    return MenuWords(
        title=Sentence.of(wording.text("Menu")),
        close=Sentence.of(wording.text("Close")),
        entries=tuple(_entry(entry, facts, wording) for entry in Entry if entry in works),
    )


def sound_words(level: SoundLevel, wording: Wording) -> str:
    """Return how loud the till is."""
    words = {"off": wording.text("Off"), "quiet": wording.text("Quiet"), "normal": wording.text("Normal")}
    return words[level]


def _entry(entry: Entry, facts: MenuFacts, wording: Wording) -> EntryWords:
    match entry:
        case Entry.RETURN:
            return EntryWords(entry, "arrow-u-up-left", Sentence.of(wording.text("Return")), "F4")
        case Entry.DEVICES:
            return EntryWords(entry, "barcode", Sentence.of(wording.text("Scanner and camera")))
        case Entry.BACKEND:
            return EntryWords(entry, "star", Sentence.of(wording.text("Loyalty system")))
        case Entry.HELP:
            return EntryWords(entry, "info", Sentence.of(wording.text("Keys and help")), "F1")
        case Entry.QUEUE:
            label = Sentence.of(wording.text("Sales not posted yet"))
            return EntryWords(entry, "paper-plane-tilt", label, wording.figures.count(facts.unsent))
        case Entry.SOUND:
            return EntryWords(
                entry, "speaker", Sentence.of(wording.text("Sound")), sound_words(facts.sound, wording)
            )
        case Entry.COLOURS:
            said = {
                "system": wording.text("As the system"),
                "light": wording.text("Light"),
                "dark": wording.text("Dark"),
            }
            return EntryWords(entry, "eye", Sentence.of(wording.text("Colours")), said[facts.colours])
        case Entry.KEYPAD:
            shown = wording.text("Keypad") if facts.keypad else wording.text("List of keys")
            return EntryWords(entry, "keyboard", Sentence.of(wording.text("Right column")), shown)
        case Entry.FULL_SCREEN:
            state = wording.text("On") if facts.full_screen else wording.text("Off")
            return EntryWords(entry, "arrow-line-up", Sentence.of(wording.text("Full screen")), state)
    assert_never(entry)
