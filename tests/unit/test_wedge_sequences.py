"""Ten thousand people typing, ten thousand codes scanned: none taken for the other, nothing lost or doubled.

Each rule of the detector has a control: without it the same sequences must come out wrong.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from cashier_app.scanning.keyboard_wedge import (
    Answer,
    Burst,
    Key,
    KeyboardWedge,
    Released,
    Verdict,
    WedgeSettings,
)
from tests.fakes.key_presses import LAYOUTS
from tests.fakes.typing_scanner import TypingScanner
from tests.fakes.wedge_desk import Desk, MakeWedge, people, scanners

PEOPLE, SCANNERS = 10_000, 10_000


def test_no_person_is_taken_for_a_scanner_and_every_key_comes_out_once_and_soon() -> None:
    tally = people(PEOPLE, seed=5)
    print(
        f"people: {tally.sequences} sequences, {tally.keys} keys, {tally.wrong} wrong; "
        f"waited ms: median {tally.delay(0.5)}, p99 {tally.delay(0.99)}, longest {max(tally.delays)}"
    )
    assert (tally.sequences, tally.wrong) == (PEOPLE, 0)
    assert tally.delay(0.5) <= 41
    assert tally.delay(0.99) <= 70
    # Five keys in step with the slowest scanner are the most that can wait for a sixth.
    assert max(tally.delays) <= 5 * 35 + 6


def test_keys_that_wait_behind_a_busy_moment_are_still_a_persons() -> None:
    tally = people(PEOPLE // 5, seed=6, freezes=True)
    assert (tally.sequences, tally.wrong) == (PEOPLE // 5, 0)


def test_no_scan_is_lost_or_garbled() -> None:
    tally = scanners(SCANNERS, seed=7)
    print(
        f"scanners: {tally.sequences} codes, {tally.keys} keys, {tally.wrong} wrong, "
        f"{tally.taken_back} stalled within their first characters"
    )
    assert (tally.sequences, tally.wrong) == (SCANNERS, 0)
    assert tally.taken_back > 100, "stalls within the first characters were among them"


def test_the_traces_hold_what_they_should() -> None:
    scanner = TypingScanner(Random(7))
    traces = [scanner.trace() for _ in range(2000)]
    gaps = [after.at_ms - before.at_ms for trace in traces for before, after in pairwise(trace.presses)]
    assert set(range(1, 41)) <= set(gaps)
    assert 110 < max(gaps) <= 120
    assert {trace.aim for trace in traces} == {None, "]Q1", "]z0", "]L2", "]C0"}
    assert sum(trace.settings.mean_gap_ms > 35 for trace in traces) > 50
    assert sum(bool(trace.settings.prefix) for trace in traces) > 100
    assert sum(bool(trace.settings.suffix) for trace in traces) > 100
    texts = "".join(press.text for trace in traces for press in trace.presses)
    assert all(letter in texts for letter in "ößà²ñòşйψ"), "layouts' own letters are what was typed"
    assert len(LAYOUTS) == 9


# --- planted bugs ----------------------------------------------------------------------------------


class SingleGaps(KeyboardWedge):
    """Each gap must be short, instead of their mean."""

    def _is_fast(self) -> bool:
        keys = [*self._let_go, *self._held]
        return all(b.at_ms - a.at_ms <= self._settings.mean_gap_ms for a, b in pairwise(keys))


class AnyLength(KeyboardWedge):
    """Two fast keys are a scan."""

    def _is_machine(self) -> bool:
        return len(self._let_go) + len(self._held) >= 2 and self._is_fast()


class AnyPace(KeyboardWedge):
    """Six keys are a scan however slow."""

    def _is_fast(self) -> bool:
        return not self._after_typing


class NothingTakenBack(KeyboardWedge):
    """What was let go is forgotten."""

    def _let_them_go(self) -> Released:
        return self._release()


class TerminatorPasses(KeyboardWedge):
    """The Enter of a burst goes on to the window."""

    def feed(self, key: Key) -> tuple[Answer, ...]:
        *before, answer = super().feed(key)
        if isinstance(answer, Burst) and key.character == "\r":
            burst = Burst(answer.text, answer.aim, answer.keys[:-1], answer.let_go)
            return (*before, burst, Verdict.PASS)
        return (*before, answer)


class SecondTerminatorPasses(KeyboardWedge):
    """Only one terminator is swallowed."""

    def _start(self, key: Key) -> Verdict:
        self._ended_ms = None
        return super()._start(key)


class PrefixMeansNothing(KeyboardWedge):
    """Neither prefix nor AIM identifier makes a burst certain."""

    def _announces_itself(self) -> bool:
        return False


class SuffixMeansNothing(KeyboardWedge):
    """The suffix stays in the text."""

    def __init__(self, settings: WedgeSettings) -> None:
        super().__init__(WedgeSettings(settings.prefix, "", settings.mean_gap_ms))


class KeysWaitForSilence(KeyboardWedge):
    """Every key waits as long as a scanner may stall."""

    @property
    def deadline(self) -> int | None:
        return self._held[-1].at_ms + 121 if self._held else None


@pytest.mark.parametrize("planted", [AnyLength, AnyPace])
def test_a_person_is_taken_for_a_scanner_without_the_rule(planted: MakeWedge) -> None:
    assert people(500, seed=5, make=planted).wrong > 0


@pytest.mark.parametrize(
    "planted",
    [
        SingleGaps,
        NothingTakenBack,
        TerminatorPasses,
        SecondTerminatorPasses,
        PrefixMeansNothing,
        SuffixMeansNothing,
    ],
)
def test_scans_are_lost_or_garbled_without_the_rule(planted: MakeWedge) -> None:
    assert scanners(500, seed=7, make=planted).wrong > 0


def test_without_time_stamps_a_busy_moment_makes_people_scanners() -> None:
    assert people(2000, seed=6, freezes=True, by_arrival=True).wrong > 0


def test_without_key_positions_layouts_garble_codes() -> None:
    assert scanners(200, seed=7, by_position=False).wrong > 50


def test_without_calibrated_settings_slow_scanners_are_lost() -> None:
    assert scanners(500, seed=7, calibrated=False).wrong > 0


def test_a_detector_that_waits_for_silence_is_too_slow() -> None:
    assert people(500, seed=5, make=KeysWaitForSilence).delay(0.5) > 41


# --- NFC readers that type -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "prefix", "postfix", "delay_ms"),
    [
        (WedgeSettings(), "", "\r", 10),  # data, then KBPostfix as Enter
        (WedgeSettings(prefix="~"), "~", "\r", 30),  # KBPrefix=~
        (WedgeSettings(prefix="{A}", suffix="{}"), "{A}", "{}", 20),  # pass type before the data, no Enter
        (WedgeSettings(mean_gap_ms=60), "", "\t", 55),  # KBDelayMS=55 with the setting that goes with it
        (WedgeSettings(prefix="\x02", suffix="\x03"), "\x02", "\x03", 80),  # slow, but announced
        (WedgeSettings(), "]Q1", "\n", 35),
    ],
)
def test_a_reader_that_types_passes_is_a_scanner(
    settings: WedgeSettings, prefix: str, postfix: str, delay_ms: int
) -> None:
    token = "LC1:PRYA7K2M4Q9XW3TB"
    desk = Desk(KeyboardWedge(settings))
    for press in TypingScanner(Random(0)).scan(prefix + token, delay_ms, end=postfix):
        desk.press(press.as_key())
    desk.finish()
    assert [burst.text for burst in desk.results if isinstance(burst, Burst)] == [token]
    assert desk.typed == []


def test_a_reader_slower_than_the_setting_is_left_to_calibration() -> None:
    desk = Desk(KeyboardWedge())
    for press in TypingScanner(Random(0)).scan("LC1:PRYA7K2M4Q9XW3TB", 55):
        desk.press(press.as_key())
    desk.finish()
    assert desk.results == []
