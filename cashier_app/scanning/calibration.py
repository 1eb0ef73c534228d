"""Finding out how an unknown scanner types: it scans a test code, and the keys are compared with the text.

The test texts hold what comes out wrong when something is set wrongly: letters that other keyboards have
elsewhere, both cases, all digits, the punctuation of codes, and doubled characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Final

from msgspec import Struct

from cashier_app.device_sections import ScannerSection
from cashier_app.domain.calibration import (
    LONGEST_GAP_MS,
    MOST_MARKS,
    SLOWEST_MEAN_MS,
    Calibration,
    NotCalibrated,
    Obstacle,
    Remark,
    Terminator,
)
from cashier_app.scanning import symbologies

LONG_TEST: Final = "AZQWMYI azqwmyi 0123456789 0077 :;/-_?=.+@#~]"
"""For QR, Aztec and PDF417."""

SHORT_TEST: Final = "aZ-Qw:Ym/00?=_~@."
"""For Code 128, where each character takes room."""

TEST_TEXTS: Final = (LONG_TEST, SHORT_TEST)

_TERMINATORS: Final = {"\r": Terminator.ENTER, "\t": Terminator.TAB, "\n": Terminator.LINE_FEED}
_FEWEST_KEYS: Final = 6
_LEAST_MEAN_MS, _STEP_MS = 20, 5
_SLOW_FROM_MS: Final = 60
_TYPING_FROM_MS: Final = 40  # a mean above it, with a pause: fingers rather than a machine that stalled
_STEADY: Final = 1.6  # the longest gap of a machine, in medians
_ALIKE: Final = 0.5
_PART: Final = 0.2
_SAME_IN_ALL_LAYOUTS: Final = 0.15


class RawKey(Struct, frozen=True):
    r"""One key going down, before anybody made sense of it.

    Args:
        at_ms: When, in ms on the operating system's event clock.
        by_position: What a US keyboard types with it; the same as `typed` where positions are not known.
        typed: What it types in this computer's layout: Enter ``\r``, Tab ``\t``, Ctrl+B ``\x02``.
        modifier: Whether it is Shift, Ctrl, Alt, AltGr or a lock key.
    """

    at_ms: int
    by_position: str
    typed: str
    modifier: bool = False

    def __repr__(self) -> str:
        # Keys may spell a phone number, and what is shown may end in a log.
        return f"RawKey(at_ms={self.at_ms})"


class _Reading(Struct, frozen=True):
    """One scan, read one way."""

    layout: str
    text: str


class _Scan(Struct, frozen=True):
    """One scan that held a test text, cut into its parts."""

    layout: str
    prefix: str
    announced: bool
    suffix: str
    terminator: Terminator
    gaps: tuple[int, ...]
    remarks: frozenset[Remark]


def calibrate(scans: Sequence[Sequence[RawKey]]) -> Calibration | NotCalibrated:
    """Return the settings with which all these scans of a test code read right, or why there are none.

    Args:
        scans: The keys of each scan, in order. More than one makes the answer surer.
    """
    if not scans:
        return NotCalibrated(Obstacle.NOTHING_SCANNED)
    parts: list[_Scan] = []
    for keys in scans:
        part = _examine([key for key in keys if not key.modifier])
        if isinstance(part, NotCalibrated):
            return part
        parts.append(part)
    return _together(parts)


def _together(parts: list[_Scan]) -> Calibration | NotCalibrated:
    """Return the settings that fit all scans."""
    last = parts[-1]
    if any((part.prefix, part.suffix) != (last.prefix, last.suffix) for part in parts):
        return NotCalibrated(Obstacle.MARKS_DIFFER, gaps=last.gaps)
    # A scan with the computer's Caps Lock on may fit both layouts less well than its neighbours.
    if any(part.layout != last.layout for part in parts):
        return NotCalibrated(Obstacle.GARBLED, gaps=last.gaps)
    mean = max(_mean(part.gaps) for part in parts)
    longest = max(max(part.gaps) for part in parts)
    remarks = set().union(*(part.remarks for part in parts))
    if mean > _SLOW_FROM_MS:
        remarks.add(Remark.SLOW)
    return Calibration(
        found=ScannerSection(
            prefix=last.prefix,
            suffix=last.suffix,
            mean_gap_ms=_allowed_mean(mean, longest, known_by_prefix=last.prefix != ""),
            layout="us" if last.layout == "us" else "computer",
        ),
        terminator=last.terminator,
        gaps=tuple(part.gaps for part in parts),
        mean_gap_ms=round(mean),
        longest_gap_ms=longest,
        remarks=tuple(remark for remark in Remark if remark in remarks),
        scans=len(parts),
    )


def _allowed_mean(mean: float, longest: int, *, known_by_prefix: bool) -> int:
    """Return the mean gap to allow, ms: a quarter more, and room for one stall in the shortest code.

    No more than that: what is allowed to a scanner is taken from people who type fast. A prefix makes a scan
    certain at any pace, so that nothing need be taken from them.
    """
    shortest_code = (mean * (_FEWEST_KEYS - 2) + longest) / (_FEWEST_KEYS - 1)
    wanted = max(mean * 1.25 + _STEP_MS, shortest_code + _STEP_MS)
    most = ScannerSection().mean_gap_ms if known_by_prefix else SLOWEST_MEAN_MS
    return min(max(_LEAST_MEAN_MS, ceil(wanted / _STEP_MS) * _STEP_MS), most)


def _examine(keys: list[RawKey]) -> _Scan | NotCalibrated:
    """Take one scan apart."""
    if not keys:
        return NotCalibrated(Obstacle.NOTHING_SCANNED)
    gaps = tuple(max(0, after.at_ms - before.at_ms) for before, after in pairwise(keys))
    readings = _readings(keys)
    holds_test = any(test in reading.text for reading in readings for test in TEST_TEXTS)
    too_slow = _judge_pace(gaps, holds_test=holds_test)
    if too_slow is not None:
        return too_slow
    for reading in readings:
        found = _take_apart(reading, readings, gaps)
        if found is not None:
            return found
    why = [_why_not(reading, gaps) for reading in readings]
    # What is nearest to the text says most about what is wrong.
    return min(why, key=lambda each: _BY_NEARNESS.index(each.why))


def _judge_pace(gaps: tuple[int, ...], *, holds_test: bool) -> NotCalibrated | None:
    """Return why these keys cannot be a scanner's by their times alone."""
    if len(gaps) < _FEWEST_KEYS - 1:
        return NotCalibrated(Obstacle.BY_HAND, gaps=gaps)
    mean, longest = _mean(gaps), max(gaps)
    if mean > SLOWEST_MEAN_MS:
        steady = longest <= _STEADY * max(1.0, median(gaps))
        why = Obstacle.TOO_SLOW if steady and holds_test else Obstacle.BY_HAND
        return NotCalibrated(why, round(mean), gaps)
    if longest > LONGEST_GAP_MS:
        why = Obstacle.BY_HAND if mean > _TYPING_FROM_MS else Obstacle.STOPS
        return NotCalibrated(why, longest, gaps)
    return None


def _readings(keys: list[RawKey]) -> list[_Reading]:
    """Return the keys read by position, which is what scanners press, and as this computer typed them."""
    return [
        _Reading("us", "".join(key.by_position for key in keys)),
        _Reading("computer", "".join(key.typed for key in keys)),
    ]


def _take_apart(
    reading: _Reading, readings: list[_Reading], gaps: tuple[int, ...]
) -> _Scan | NotCalibrated | None:
    """Return the parts of a scan that holds a test text as it should be, else None."""
    body = reading.text.rstrip("".join(_TERMINATORS))
    for test in TEST_TEXTS:
        before, exact, after = body.partition(test)
        if not exact:
            continue
        if test in after:
            return NotCalibrated(Obstacle.TWICE, gaps=gaps)
        aim = symbologies.from_aim_identifier(before[-symbologies.AIM_LENGTH :])
        prefix = before[: -symbologies.AIM_LENGTH] if aim else before
        if not (_may_be_set(prefix) and _may_be_set(after)):
            return NotCalibrated(Obstacle.MARKS_UNUSABLE, gaps=gaps)
        ended = reading.text[len(body) : len(body) + 1]
        return _Scan(
            layout=reading.layout,
            prefix=prefix,
            announced=aim is not None,
            suffix=after,
            terminator=_TERMINATORS.get(ended, Terminator.NOTHING),
            gaps=gaps,
            remarks=frozenset(
                _remarks(reading, readings, announced=aim is not None, ended=bool(ended or after))
            ),
        )
    return None


def _may_be_set(marks: str) -> bool:
    """Tell whether the settings can hold these marks, and the burst detector can find them.

    An AIM identifier that stands before the prefix, or a letter for the kind of code, changes from code to
    code: with one kind of code it cannot be told from a prefix, with two it is seen by `_together`.
    """
    ends_early = any(terminator in marks for terminator in _TERMINATORS)
    starts_with_kind = symbologies.from_aim_identifier(marks) is not None
    return marks.isascii() and len(marks) <= MOST_MARKS and not ends_early and not starts_with_kind


def _remarks(reading: _Reading, readings: list[_Reading], *, announced: bool, ended: bool) -> set[Remark]:
    remarks = set()
    if announced:
        remarks.add(Remark.ANNOUNCES_KIND)
    if not ended:
        remarks.add(Remark.NOTHING_AFTER)
    typed = readings[-1].text
    if reading.layout == "us" and typed != reading.text:
        same_letters = typed.swapcase() == reading.text
        remarks.add(Remark.CAPS_LOCK if same_letters else Remark.OTHER_LAYOUT_HERE)
    if reading.layout == "computer":
        remarks.add(Remark.COMPUTER_LAYOUT)
    return remarks


# --- what went wrong ----------------------------------------------------------------------------------

_BY_NEARNESS: Final = (
    Obstacle.CAPITALS,
    Obstacle.SMALL_LETTERS,
    Obstacle.CASE_SWAPPED,
    Obstacle.TWICE,
    Obstacle.ONLY_PART,
    Obstacle.DROPPED,
    Obstacle.DOUBLED,
    Obstacle.OTHER_LAYOUT,
    Obstacle.GARBLED,
    Obstacle.OTHER_CODE,
)


def _why_not(reading: _Reading, gaps: tuple[int, ...]) -> NotCalibrated:
    """Return what is nearest to the truth about a reading that holds no test text as it should be."""
    body = reading.text.rstrip("".join(_TERMINATORS))
    case = _case_change(body)
    if case is not None:
        return NotCalibrated(case, gaps=gaps)
    damages = [_damage(body, test) for test in TEST_TEXTS]
    why, count = min(damages, key=lambda damage: _BY_NEARNESS.index(damage[0]))
    return NotCalibrated(why, count, gaps)


def _case_change(body: str) -> Obstacle | None:
    """Return how capitals and small letters changed, if nothing else did."""
    for test in TEST_TEXTS:
        if test.upper() in body:
            return Obstacle.CAPITALS
        if test.lower() in body:
            return Obstacle.SMALL_LETTERS
        if test.swapcase() in body:
            return Obstacle.CASE_SWAPPED
    return None


def _damage(body: str, test: str) -> tuple[Obstacle, int]:
    """Return what became of a test text, with the number of characters it concerns."""
    matcher = SequenceMatcher(None, test, body, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    kept = sum(block.size for block in blocks)
    if len(blocks) == 1 and _PART * len(test) <= kept < len(test) and _touches_end(blocks[0], test, body):
        return Obstacle.ONLY_PART, kept
    if kept >= _ALIKE * len(test):
        lost, more, changed = _changes(matcher, test, body)
        if not changed and lost and not more:
            return Obstacle.DROPPED, lost
        if not changed and more and not lost:
            return Obstacle.DOUBLED, more
    if _is_substituted(body, test):
        return Obstacle.OTHER_LAYOUT, 0
    if kept >= _ALIKE * len(test):
        return Obstacle.GARBLED, len(test) - kept
    return Obstacle.OTHER_CODE, 0


def _touches_end(block: Match, test: str, body: str) -> bool:
    """Tell whether the one part that came is the beginning or the end of the text, with marks at most."""
    alone = block.b <= MOST_MARKS and len(body) - block.b - block.size <= MOST_MARKS
    return alone and (block.a == 0 or block.a + block.size == len(test))


def _changes(matcher: SequenceMatcher[str], test: str, body: str) -> tuple[int, int, bool]:
    """Return how many characters were lost, how many came twice, and whether any changed otherwise.

    What stands before and after the text are marks, not changes.
    """
    lost = more = 0
    changed = False
    for kind, start, end, body_start, body_end in matcher.get_opcodes():
        outside = (start == end == 0) or start == end == len(test)
        if kind == "delete":
            lost += end - start
        elif kind == "insert" and not outside:
            around = {test[start - 1 : start], test[start : start + 1]}
            doubled = set(body[body_start:body_end]) <= around
            more += body_end - body_start
            changed = changed or not doubled
        elif kind == "replace":
            changed = True
    return lost, more, changed


def _is_substituted(body: str, test: str) -> bool:
    """Tell whether every character of the text became one other character, always the same: a layout."""
    for offset in range(min(len(body) - len(test), MOST_MARKS) + 1):
        side_by_side = list(zip(test, body[offset : offset + len(test)], strict=True))
        always_the_same = len(set(side_by_side)) == len(set(test))
        # Every layout leaves some keys alone; an unrelated text may be consistent by chance.
        alike = sum(before == after for before, after in side_by_side)
        if always_the_same and alike >= _SAME_IN_ALL_LAYOUTS * len(test):
            return True
    return False


def _mean(gaps: tuple[int, ...]) -> float:
    return sum(gaps) / len(gaps)
