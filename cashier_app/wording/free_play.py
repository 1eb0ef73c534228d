"""Free play in words: what goes wrong now, what may, and what was asked of the practice loyalty system."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

from msgspec import Struct

from cashier_app.domain.free_play import (
    MOST_CLOCK_MINUTES,
    MOST_DELAY_MS,
    MOST_JITTER_MS,
    MOST_LOST,
    MOST_REFUSED,
    Preset,
    Trouble,
)
from cashier_app.domain.member import Member
from cashier_app.ports.free_play import Asked
from cashier_app.wording.sentences import Sentence, name_in_sentence
from cashier_app.wording.speech import Wording


class Dial(Enum):
    """What can be set by a slider, by the name of its field."""

    DELAY = "delay_ms"
    JITTER = "jitter_ms"
    LOST = "lost_percent"
    AWAY = "away_percent"
    LIMITED = "limited_percent"
    CLOCK = "clock_minutes"


_LIMITS = {
    Dial.DELAY: (0, MOST_DELAY_MS, 100),
    Dial.JITTER: (0, MOST_JITTER_MS, 100),
    Dial.LOST: (0, MOST_LOST, 1),
    Dial.AWAY: (0, MOST_REFUSED, 1),
    Dial.LIMITED: (0, MOST_REFUSED, 1),
    Dial.CLOCK: (-MOST_CLOCK_MINUTES, MOST_CLOCK_MINUTES, 1),
}


class Switch(Enum):
    """What is on or off, by the name of its field."""

    DOWN = "down"
    PORTAL = "portal"


class DialWords(Struct, frozen=True):
    """One slider.

    Args:
        least: The value at its left end, `most` at its right; in the unit of its field.
        step: For an arrow key; a page key goes five of them.
        value: What is set, in words.
        spoken: Its name for screen readers; the value follows by itself.
    """

    label: Sentence
    least: int
    most: int
    step: int
    value: str
    spoken: str


class FreePlayWords(Struct, frozen=True):
    """The page.

    Args:
        trouble: All that goes wrong now, in one line.
        asked: What was asked of the loyalty system, and what waits at the till.
        spend: The button that lets the member served spend points elsewhere; `block` blocks or frees them.
        nobody: Why these two do nothing now; empty where they do.
    """

    title: Sentence
    close: Sentence
    presets: dict[Preset, Sentence]
    dials: dict[Dial, DialWords]
    switches: dict[Switch, Sentence]
    lose_next: Sentence
    spend: Sentence
    block: Sentence
    nobody: str
    trouble: Sentence
    asked: Sentence


def free_play_words(
    trouble: Trouble, asked: Asked, waiting: int, serving: Member | None, wording: Wording
) -> FreePlayWords:
    """Return the page as it stands; `waiting` sales are in the till's queue."""
    text = wording.text
    blocked = serving is not None and serving.blocked_since is not None
    name = name_in_sentence(serving.name) if serving is not None else ""
    return FreePlayWords(
        title=Sentence.of(text("Free play: let things go wrong"), text("Free play")),
        close=Sentence.of(text("To the till")),
        presets=preset_words(wording),
        dials={dial: _dial(dial, trouble, wording) for dial in Dial},
        switches={
            Switch.DOWN: Sentence.of(text("Network down")),
            Switch.PORTAL: Sentence.of(text("Guest network's sign-in page"), text("Sign-in page")),
        },
        lose_next=Sentence.of(text("Lose the next answer"), text("Lose next")),
        spend=Sentence.of(
            text("{name} spends half elsewhere", name=name) if name else text("Points spent elsewhere"),
            text("Spent elsewhere"),
        ),
        block=Sentence.of(
            (text("Free {name}", name=name) if blocked else text("Block {name}", name=name))
            if name
            else text("Block the member"),
            text("Free") if blocked else text("Block"),
        ),
        nobody="" if name else text("Scan a member first: the last two are about whoever is served."),
        trouble=trouble_words(trouble, wording),
        asked=asked_words(asked, waiting, wording),
    )


def preset_words(wording: Wording) -> dict[Preset, Sentence]:
    """Return what the ready-made days are called."""
    text = wording.text
    return {
        Preset.ALL_WELL: Sentence.of(text("All well")),
        Preset.SATURDAY_NOON: Sentence.of(text("Saturday noon"), text("Saturday")),
        Preset.BAD_MOBILE: Sentence.of(text("Bad mobile network"), text("Bad network")),
        Preset.BACKEND_RESTARTS: Sentence.of(text("Loyalty system restarts"), text("Restarts")),
    }


def trouble_words(trouble: Trouble, wording: Wording) -> Sentence:
    """Return what goes wrong now, the worst first, and how much more there is where it is much."""
    parts = _parts(trouble, wording)
    if not parts:
        return Sentence.of(wording.text("All well"))
    return Sentence.of(_first(parts, 3, wording), _first(parts, 1, wording))


def _first(parts: list[str], most: int, wording: Wording) -> str:
    """Return the first few, and how many more there are."""
    said, more = wording.joined(parts[:most]), len(parts) - most
    return (
        wording.text("{trouble} and {n} more", trouble=said, n=wording.figures.count(more))
        if more > 0
        else said
    )


def asked_words(asked: Asked, waiting: int, wording: Wording) -> Sentence:
    """Return what was asked of the loyalty system, what of it failed, and what waits at the till."""
    count, plural = wording.figures.count, wording.plural
    parts = (
        plural("{n} request", "{n} requests", asked.asked, n=count(asked.asked)),
        wording.text("{n} failed", n=count(asked.failed)),
        plural("{n} sale waits", "{n} sales wait", waiting, n=count(waiting)),
    )
    return Sentence.of(wording.joined(parts), wording.joined(parts[1:]))


def spent_words(points: str, name: str, wording: Wording) -> Sentence:
    """Return what is said once points were spent elsewhere; `points` are in words."""
    return Sentence.of(
        wording.text(
            "{name} just spent {points} at another till", name=name_in_sentence(name), points=points
        ),
        wording.text("{points} spent elsewhere", points=points),
    )


def blocked_words(name: str, wording: Wording, *, blocked: bool) -> Sentence:
    """Return what is said once a member was blocked, or that was ended."""
    who = name_in_sentence(name)
    return Sentence.of(
        wording.text("{name} is blocked from now on", name=who)
        if blocked
        else wording.text("{name} is free again", name=who)
    )


def lost_words(wording: Wording) -> Sentence:
    """Return what is said once the next answer is to be lost."""
    return Sentence.of(wording.text("The next answer will be lost"))


def scan_not_used_play(wording: Wording) -> Sentence:
    """Return the remark about a scan while the page is open."""
    return Sentence.of(wording.text("Scan not used: close this page first"), wording.text("Scan not used"))


def _parts(trouble: Trouble, wording: Wording) -> list[str]:
    """Return everything that goes wrong, the worst first."""
    text, count, percent, plural = (
        wording.text,
        wording.figures.count,
        wording.figures.percent,
        wording.plural,
    )
    away, limited, lost, n = (
        trouble.away_percent,
        trouble.limited_percent,
        trouble.lost_percent,
        trouble.lose_next,
    )
    parts = (
        trouble.down and text("network down"),
        trouble.portal and text("sign-in page of a guest network"),
        away and text("{n} answered \u201cnot now\u201d", n=percent(away)),
        limited and text("{n} answered \u201ctoo many\u201d", n=percent(limited)),
        lost and text("{n} of the answers lost", n=percent(lost)),
        n and plural("the next answer lost", "the next {n} answers lost", n, n=count(n)),
        _slow(trouble, wording),
        trouble.clock_minutes and text("code clock {time}", time=_clock(trouble.clock_minutes, wording)),
        trouble.blocked
        and plural("{n} member blocked", "{n} members blocked", trouble.blocked, n=count(trouble.blocked)),
    )
    return [part for part in parts if isinstance(part, str) and part]


def _slow(trouble: Trouble, wording: Wording) -> str:
    if not (trouble.delay_ms or trouble.jitter_ms):
        return ""
    slow = wording.text("answers take {time}", time=seconds(trouble.delay_ms, wording))
    if not trouble.jitter_ms:
        return slow
    around = seconds(trouble.jitter_ms, wording)
    return wording.text("{slow}, give or take {time}", slow=slow, time=around)


def seconds(milliseconds: int, wording: Wording) -> str:
    """Return a short time such as ``0.8 s`` or ``2 s``."""
    number = wording.figures.points(Decimal(milliseconds).scaleb(-3).quantize(Decimal("0.1")).normalize())
    return wording.text("{n} s", n=number)


def _clock(minutes: int, wording: Wording) -> str:
    count = wording.figures.count
    if minutes > 0:
        return wording.text("{n} min fast", n=count(minutes))
    return wording.text("{n} min slow", n=count(-minutes)) if minutes else wording.text("right")


def _dial(dial: Dial, trouble: Trouble, wording: Wording) -> DialWords:
    text, percent = wording.text, wording.figures.percent
    value = int(getattr(trouble, dial.value))
    least, most, step = _LIMITS[dial]
    label, spoken, said = "", "", percent(value)
    match dial:
        case Dial.DELAY:
            label = spoken = text("An answer takes")
            said = seconds(value, wording) if value else text("at once")
        case Dial.JITTER:
            label, spoken = text("Give or take"), text("Answers longer or shorter by")
            said = seconds(value, wording) if value else text("steady")
        case Dial.LOST:
            label, spoken = text("Answers lost"), text("Share of answers lost")
        case Dial.AWAY:
            label, spoken = text("Not now (503)"), text("Share of requests answered: not now")
        case Dial.LIMITED:
            label, spoken = text("Too many (429)"), text("Share of requests answered: too many")
        case Dial.CLOCK:
            label, spoken = text("Clock for codes"), text("The loyalty system's clock for wallet codes")
            said = _clock(value, wording)
    return DialWords(Sentence.of(label), least, most, step, said, spoken)
