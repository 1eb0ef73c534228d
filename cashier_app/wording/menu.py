"""The menu behind F10, in words: what there is to open or to switch, each with what holds now."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum, auto
from typing import Literal

from msgspec import Struct

from cashier_app.wording.sentences import Sentence, name_in_sentence
from cashier_app.wording.speech import Wording

SoundLevel = Literal["off", "quiet", "normal"]
Colours = Literal["system", "light", "dark"]


class Entry(Enum):
    """What the menu can hold, in its order."""

    DEVICES = auto()
    NEW_MEMBER = auto()
    RETURN = auto()
    DAY = auto()
    BACKEND = auto()
    HELP = auto()
    QUEUE = auto()
    SOUND = auto()
    COLOURS = auto()
    KEYPAD = auto()
    FULL_SCREEN = auto()
    STAFF = auto()
    CASHIER = auto()
    CLOSE_DAY = auto()
    UNDO = auto()
    TRAINING = auto()
    LESSONS = auto()
    END_TRAINING = auto()
    RECEIPT = auto()
    NEWS = auto()
    SUPPORT = auto()
    LICENCES = auto()


class MenuFacts(Struct, frozen=True):
    """What the switches of the menu say now; `cashier` is the name of who is at the till."""

    unsent: int = 0
    sound: SoundLevel = "normal"
    colours: Colours = "system"
    keypad: bool = True
    full_screen: bool = False
    cashier: str = ""


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
    """Return a page with the key that opens it, or a switch with what holds now."""
    page = _pages(wording).get(entry)
    if page is not None:
        icon, label, key = page
        return EntryWords(entry, icon, Sentence.of(label), key)
    match entry:
        case Entry.QUEUE:
            label = wording.text("Sales not posted yet")
            return EntryWords(
                entry, "paper-plane-tilt", Sentence.of(label), wording.figures.count(facts.unsent)
            )
        case Entry.CASHIER:
            who = Sentence.of(wording.text("Lock or change cashier"), wording.text("Change cashier"))
            return EntryWords(entry, "user", who, name_in_sentence(facts.cashier) or "F12")
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
    raise ValueError(entry)


def _pages(wording: Wording) -> dict[Entry, tuple[str, str, str]]:
    """Return icon, label and key of every page that has nothing to say but its name."""
    return {
        Entry.NEW_MEMBER: ("user-plus", wording.text("New member"), "F2"),
        Entry.RETURN: ("arrow-u-up-left", wording.text("Return"), "F4"),
        Entry.UNDO: ("arrow-u-up-left", wording.text("Undo the last sale"), "F9"),
        Entry.RECEIPT: ("receipt", wording.text("Print the receipt code"), "P"),
        Entry.DAY: ("trend-up", wording.text("Day and health"), "Ctrl+D"),
        Entry.CLOSE_DAY: ("floppy-disk", wording.text("Close the day"), ""),
        Entry.DEVICES: ("barcode", wording.text("Scanner and camera"), ""),
        Entry.BACKEND: ("star", wording.text("Loyalty system"), ""),
        Entry.HELP: ("info", wording.text("Keys and help"), "F1"),
        Entry.NEWS: ("star", wording.text("What is new"), ""),
        Entry.SUPPORT: ("note", wording.text("Support"), ""),
        Entry.LICENCES: ("identification-card", wording.text("Licences"), ""),
        Entry.STAFF: ("users", wording.text("Staff"), ""),
        Entry.TRAINING: ("graduation-cap", wording.text("Open training"), ""),
        Entry.LESSONS: ("graduation-cap", wording.text("Lessons"), "Ctrl+L"),
        Entry.END_TRAINING: ("prohibit", wording.text("End training"), ""),
    }
