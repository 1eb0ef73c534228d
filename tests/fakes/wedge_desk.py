"""What a window does with the answers of the burst detector, keeping account of every key and its delay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from msgspec import Struct

from cashier_app.scanning.keyboard_wedge import (
    Answer,
    Burst,
    Key,
    KeyboardWedge,
    Overlong,
    Released,
    Verdict,
    WedgeSettings,
)
from tests.fakes.human_typist import HumanTypist
from tests.fakes.typing_scanner import TypingScanner

MakeWedge = Callable[[WedgeSettings], KeyboardWedge]
Stamp = Callable[[Key, int], Key]
"""Returns the key as the detector sees it: pressed at its own time, come in at this one, ms."""


class Desk:
    """Feeds a detector as a window does: a timer for its deadlines, keys that come late after a freeze."""

    def __init__(self, wedge: KeyboardWedge) -> None:
        self._wedge = wedge
        self._held: list[Key] = []
        self.typed: list[Key] = []
        self.delays: list[int] = []
        self.results: list[Burst | Overlong] = []
        self.swallowed: list[Key] = []

    def press(self, key: Key) -> None:
        """Feed one key, after the deadlines before it."""
        self.wait_until(key.at_ms)
        *earlier, answer = self._wedge.feed(key)
        for each in earlier:
            self._take(each, key.at_ms)
        if answer is Verdict.PASS:
            assert key.modifier or not self._held, "nothing overtakes what is kept back"
            if not key.modifier:
                self.typed.append(key)
                self.delays.append(0)
        elif answer is Verdict.SWALLOW:
            self.swallowed.append(key)
        else:
            self._held.append(key)
            self._take(answer, key.at_ms)

    def press_late(self, key: Key) -> None:
        """Feed a key that waited while the window did nothing: no deadline came before it."""
        *earlier, answer = self._wedge.feed(key)
        for each in earlier:
            self._take(each, key.at_ms)
        if answer is Verdict.PASS:
            self.typed += [] if key.modifier else [key]
        elif answer is Verdict.SWALLOW:
            self.swallowed.append(key)
        else:
            self._held.append(key)
            self._take(answer, key.at_ms)

    def wait_until(self, now_ms: int) -> None:
        """Let time pass."""
        while (deadline := self._wedge.deadline) is not None and deadline <= now_ms:
            ended = self._wedge.expire(deadline)
            assert ended is not None, "nothing waits longer than its deadline"
            self._take(ended, deadline)

    def finish(self) -> None:
        """Wait until nothing is kept back."""
        self.wait_until(2**62)
        assert not self._held, "nothing is kept for ever"

    def _take(self, answer: Answer, now_ms: int) -> None:
        if isinstance(answer, Verdict):
            return
        keys = [key for key in answer.keys if not key.modifier]
        assert [id(key) for key in keys] == [id(key) for key in self._held[: len(keys)]], "in order, once"
        del self._held[: len(keys)]
        if isinstance(answer, Released):
            self.typed += keys
            self.delays += [now_ms - key.at_ms for key in keys]
            return
        taken = len(answer.let_go)
        kept = len(self.typed) - taken
        assert [id(key) for key in self.typed[kept:]] == [id(key) for key in answer.let_go], "the last ones"
        del self.typed[kept:]
        self.results.append(answer)


class Tally(Struct, kw_only=True):
    """What came of many sequences.

    Args:
        wrong: People taken for a scanner or not handed on once and in order; codes lost or garbled.
        delays: How long each key of a person waited, ms.
    """

    sequences: int = 0
    keys: int = 0
    wrong: int = 0
    taken_back: int = 0
    delays: list[int] = []

    def delay(self, share: float) -> int:
        """Return the delay in ms that this share of keys stayed within."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0


def people(
    count: int, *, seed: int, make: MakeWedge = KeyboardWedge, freezes: bool = False, by_arrival: bool = False
) -> Tally:
    """Let people type, and count.

    With `freezes` the window does nothing for 300 ms somewhere in each sequence. `by_arrival` is a planted
    bug: the detector is told when a key came in, not when it was pressed.
    """
    chance, tally = Random(seed), Tally()
    typist = HumanTypist(chance)
    for _ in range(count):
        keys = [press.as_key() for press in typist.sequence()]
        desk = Desk(make(WedgeSettings()))
        frozen_from = chance.choice(keys).at_ms if freezes else 2**62
        _type(desk, keys, frozen_from, by_arrival=by_arrival)
        tally.sequences += 1
        tally.keys += len(keys)
        tally.delays += desk.delays
        wanted = [(key.character, key.source) for key in keys if not key.modifier]
        got = [(key.character, key.source) for key in desk.typed]
        tally.wrong += bool(desk.results) or got != wanted
    return tally


def _type(desk: Desk, keys: Sequence[Key], frozen_from: int, *, by_arrival: bool) -> None:
    thawed = frozen_from + 300
    for key in keys:
        if frozen_from <= key.at_ms < thawed:
            seen = thawed if by_arrival else key.at_ms
            desk.press_late(Key(key.character, seen, key.auto_repeat, key.modifier, source=key.source))
        else:
            desk.press(key)
    desk.finish()


def scanners(
    count: int,
    *,
    seed: int,
    make: MakeWedge = KeyboardWedge,
    by_position: bool = True,
    calibrated: bool = True,
) -> Tally:
    """Let scanners type. `calibrated` False is a planted bug: settings are never taken over."""
    chance, tally = Random(seed), Tally()
    scanner = TypingScanner(chance)
    for _ in range(count):
        trace = scanner.trace()
        desk = Desk(make(trace.settings if calibrated else WedgeSettings()))
        for press in trace.presses:
            desk.press(press.as_key(by_position=by_position))
        desk.finish()
        tally.sequences += 1
        tally.keys += len(trace.presses)
        texts = [(burst.text, burst.aim) for burst in desk.results if isinstance(burst, Burst)]
        tally.taken_back += sum(bool(burst.let_go) for burst in desk.results)
        tally.wrong += texts != [(trace.text, trace.aim)] or bool(desk.typed)
    return tally
