"""The header in words: whether the backend answers, what waits, and that training is training."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from cashier_app.services.till_view import Connection
from cashier_app.wording.ages import age_tone
from cashier_app.wording.sentences import Sentence, Tone
from cashier_app.wording.speech import Wording
from cashier_app.wording.training_mark import training_word, with_mark


class BadgeWords(Struct, frozen=True):
    """A badge or banner: an icon, words, and what a screen reader says."""

    icon: str
    sentence: Sentence
    tone: Tone
    spoken: str


def menu_name(wording: Wording) -> str:
    """Return what a screen reader says of the menu in the header."""
    return wording.text("Menu, F10")


def connection_banner(connection: Connection, wording: Wording, now: datetime) -> BadgeWords | None:
    """Return the banner in the header while something is wrong with the connection, else None."""
    if connection.sign_in_needed:
        full = wording.text("The loyalty system wants a new sign-in. Sales are saved and posted later.")
        return BadgeWords("lock", Sentence.of(full, wording.text("New sign-in wanted")), Tone.WAIT, full)
    if connection.online:
        return None
    if connection.offline_since is None:
        full = wording.text("Offline. Sales are saved and posted later.")
        brief = wording.text("Offline")
    else:
        time = wording.figures.moment(connection.offline_since, now)
        full = wording.text("Offline since {time}. Sales are saved and posted later.", time=time)
        brief = wording.text("Offline since {time}", time=time)
    return BadgeWords("cloud-slash", Sentence.of(full, brief), Tone.WAIT, full)


def connection_badge(connection: Connection, wording: Wording) -> BadgeWords:
    """Return the badge that says whether the till is online."""
    if connection.online:
        words = wording.text("Online")
        return BadgeWords("wifi-high", Sentence.of(words), Tone.PLAIN, words)
    words = wording.text("Offline")
    return BadgeWords("cloud-slash", Sentence.of(words), Tone.WAIT, words)


def queue_badge(connection: Connection, wording: Wording, now: datetime | None = None) -> BadgeWords | None:
    """Return the badge of the queue, None while all is posted; with `now`, UTC, it says a late one's age."""
    waiting, stuck = connection.counts.waiting, connection.counts.needs_attention
    oldest, age = connection.oldest_unsent, ""
    tone = Tone.MUTED
    if now is not None and oldest is not None:
        tone = age_tone(oldest, now)
        if tone is not Tone.MUTED:
            age = wording.text("oldest {age}", age=wording.age((now - oldest).total_seconds()))
    count = wording.figures.count
    if stuck:
        words = wording.plural("{n} needs attention", "{n} need attention", stuck, n=count(stuck))
        said = wording.plural("{n} sale needs attention", "{n} sales need attention", stuck, n=count(stuck))
        return BadgeWords("warning", _with_age(words, age, wording), Tone.STOP, _opens(said, age, wording))
    if not waiting:
        return None
    words = wording.plural("{n} waiting", "{n} waiting", waiting, n=count(waiting))
    said = wording.plural("{n} sale waiting", "{n} sales waiting", waiting, n=count(waiting))
    if tone is Tone.MUTED:
        tone = Tone.PLAIN if connection.online else Tone.WAIT
    icon = "warning" if tone is Tone.STOP else "clock"
    return BadgeWords(icon, _with_age(words, age, wording), tone, _opens(said, age, wording))


def _with_age(words: str, age: str, wording: Wording) -> Sentence:
    return Sentence.of(wording.joined((words, age)), words)


def _opens(said: str, age: str, wording: Wording) -> str:
    return wording.text("{what}. Opens the queue, F7", what=wording.joined((said, age)))


def training_banner(wording: Wording) -> BadgeWords:
    """Return the banner that no training screen is ever without."""
    said = wording.text("TRAINING: nothing here is real, no {points} move", points=wording.points_name)
    full = with_mark(said)
    return BadgeWords("graduation-cap", Sentence.of(full, training_word(wording)), Tone.PLAIN, full)
