"""An unknown scanner's settings are found from its test scans; what is wrong with one is said."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from msgspec.structs import replace

from cashier_app.device_sections import CameraSection, ScannerSection, SerialSection, check_devices
from cashier_app.domain.calibration import Calibration, NotCalibrated, Obstacle, Remark, Terminator
from cashier_app.domain.identifier import (
    IdentifierRules,
    NotRecognised,
    Origin,
    Unrecognised,
    parse_identifier,
)
from cashier_app.scanning.calibration import LONG_TEST, SHORT_TEST, TEST_TEXTS, RawKey, calibrate
from cashier_app.scanning.keyboard_wedge import WedgeSettings
from tests.fakes.unknown_scanner import COMPUTERS, UnknownScanner, any_scanner, read_back

CODES = ("LC1:mB44.10_x~z", "4006381333931", "x7Qq-00-aZ", "LC1:AZaz09-_:/?=.")
SCANNERS = 600

Found = Calibration | NotCalibrated


def chance(seed: int = 7) -> random.Random:
    return random.Random(seed)


def found(scanner: UnknownScanner, test: str = LONG_TEST, scans: int = 1) -> Found:
    return calibrate([scanner.scan(test, chance(seed)) for seed in range(scans)])


def misread(
    scanner: UnknownScanner, dice: random.Random, by: Callable[[Sequence[Sequence[RawKey]]], Found]
) -> str:
    """Return what went wrong between a calibration and the scanner's next code; empty if nothing."""
    answer = by([scanner.scan(dice.choice(TEST_TEXTS), dice)])
    if isinstance(answer, NotCalibrated):
        return f"{answer.why}"
    section = answer.found
    check_devices(section, CameraSection(), SerialSection())
    settings = WedgeSettings(section.prefix, section.suffix, section.mean_gap_ms)
    code = dice.choice(CODES)
    read = read_back(scanner.scan(code, dice, start_ms=50_000), settings, section.layout)
    return "" if read == [code] else f"{read} for {code} with {section}"


def failures(by: Callable[[Sequence[Sequence[RawKey]]], Found]) -> list[str]:
    dice = chance(20)
    wrong = []
    for _ in range(SCANNERS):
        scanner = any_scanner(dice)
        said = misread(scanner, dice, by)
        if said:
            wrong.append(f"{scanner}: {said}")
    return wrong


def test_every_scanner_reads_with_what_was_found() -> None:
    assert failures(calibrate) == []


def _planted(
    change: Callable[[Calibration], ScannerSection],
) -> Callable[[Sequence[Sequence[RawKey]]], Found]:
    def calibrate_wrongly(scans: Sequence[Sequence[RawKey]]) -> Found:
        answer = calibrate(scans)
        return answer if isinstance(answer, NotCalibrated) else replace(answer, found=change(answer))

    return calibrate_wrongly


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: replace(answer.found, prefix=""),
        lambda answer: replace(answer.found, suffix=""),
        lambda answer: replace(answer.found, mean_gap_ms=35),
        lambda answer: replace(answer.found, layout="us"),
        lambda answer: replace(answer.found, layout="computer"),
        lambda answer: replace(answer.found, mean_gap_ms=max(20, int(answer.mean_gap_ms))),
    ],
    ids=["prefix", "suffix", "default gap", "always us", "never us", "no margin"],
)
def test_a_planted_bug_is_caught(change: Callable[[Calibration], ScannerSection]) -> None:
    assert failures(_planted(change))


@pytest.mark.parametrize(("computer", "caps_lock"), COMPUTERS)
def test_positions_read_right_on_any_computer(computer: str, caps_lock: bool) -> None:  # noqa: FBT001
    answer = found(UnknownScanner(computer=computer, caps_lock=caps_lock))
    assert isinstance(answer, Calibration)
    assert answer.found.layout == "us"
    expected = {("us", False): [], ("us", True): [Remark.CAPS_LOCK]}
    assert list(answer.remarks) == expected.get((computer, caps_lock), [Remark.OTHER_LAYOUT_HERE])


def test_marks_end_and_pace_are_found() -> None:
    answer = found(UnknownScanner(prefix="\x02", suffix="$", end="\t", aim=True, gap_ms=45), scans=2)
    assert isinstance(answer, Calibration)
    assert (answer.found.prefix, answer.found.suffix, answer.terminator) == ("\x02", "$", Terminator.TAB)
    assert answer.remarks == (Remark.ANNOUNCES_KIND,)
    assert (answer.mean_gap_ms, answer.longest_gap_ms, answer.found.mean_gap_ms) == (45.0, 45, 35)
    assert (answer.scans, answer.is_sure) == (2, True)


@pytest.mark.parametrize(("gap", "allowed"), [(1, 20), (4, 20), (10, 20), (20, 30), (35, 50), (60, 80)])
def test_the_pace_has_room(gap: int, allowed: int) -> None:
    answer = found(UnknownScanner(gap_ms=gap))
    assert isinstance(answer, Calibration)
    assert answer.found.mean_gap_ms == allowed


def test_one_stall_in_the_shortest_code_is_allowed_for() -> None:
    scanner = UnknownScanner(gap_ms=4, stall_ms=110)
    answer = found(scanner)
    assert isinstance(answer, Calibration)
    settings = WedgeSettings(mean_gap_ms=answer.found.mean_gap_ms)
    assert read_back(scanner.scan("x7Q-00", chance(), start_ms=50_000), settings, "us") == ["x7Q-00"]


def test_nothing_after_a_code_is_remarked() -> None:
    answer = found(UnknownScanner(end=""))
    assert isinstance(answer, Calibration)
    assert (answer.terminator, answer.remarks) == (Terminator.NOTHING, (Remark.NOTHING_AFTER,))


def test_a_scanner_set_to_this_computers_keyboard() -> None:
    answer = found(UnknownScanner(keyboard="de", computer="de"))
    assert isinstance(answer, Calibration)
    assert answer.found.layout == "computer"
    assert answer.remarks == (Remark.COMPUTER_LAYOUT,)


def test_without_positions_the_letters_count() -> None:
    answer = found(UnknownScanner(positions=False))
    assert isinstance(answer, Calibration)
    assert (answer.found.layout, answer.remarks) == ("us", ())


# --- why not ---------------------------------------------------------------------------------------


def typed(text: str, gaps: Sequence[int]) -> list[RawKey]:
    at, keys = 1000, []
    for place, character in enumerate(text):
        keys.append(RawKey(at, character, character))
        at += gaps[place % len(gaps)]
    return keys


def fast(text: str) -> list[RawKey]:
    return typed(text + "\r", [5])


def obstacle(keys: list[RawKey]) -> tuple[Obstacle, int]:
    answer = calibrate([keys])
    assert isinstance(answer, NotCalibrated)
    return answer.why, answer.count


@pytest.mark.parametrize("test", TEST_TEXTS)
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (str.upper, Obstacle.CAPITALS),
        (str.lower, Obstacle.SMALL_LETTERS),
        (str.swapcase, Obstacle.CASE_SWAPPED),
        (lambda text: text[: len(text) // 2], Obstacle.ONLY_PART),
        (lambda text: text[len(text) // 2 :], Obstacle.ONLY_PART),
        (lambda text: text.replace("00", "0"), Obstacle.DROPPED),
        (lambda text: text.replace("m", "mm"), Obstacle.DOUBLED),
        (lambda text: text.replace("m", "~"), Obstacle.OTHER_LAYOUT),
        (lambda text: text.replace("00", "01"), Obstacle.GARBLED),
        (lambda text: text + "\r" + text, Obstacle.TWICE),
        (lambda _: "https://example.com/member/8812", Obstacle.OTHER_CODE),
        (lambda _: "4006381333931", Obstacle.OTHER_CODE),
        (lambda text: "x" * 17 + text, Obstacle.MARKS_UNUSABLE),
        (lambda text: "é" + text, Obstacle.MARKS_UNUSABLE),
        (lambda text: "]Q1x" + text, Obstacle.MARKS_UNUSABLE),
    ],
)
def test_what_is_wrong_is_named(test: str, change: Callable[[str], str], why: Obstacle) -> None:
    assert obstacle(fast(change(test)))[0] is why


def test_how_many_is_counted() -> None:
    assert obstacle(fast(LONG_TEST.replace("0", ""))) == (Obstacle.DROPPED, 3)
    assert obstacle(fast(LONG_TEST.replace("7", "77"))) == (Obstacle.DOUBLED, 3)


def test_capitals_by_position_are_the_scanners() -> None:
    shouting = UnknownScanner(computer="fr").scan(LONG_TEST.swapcase(), chance())
    assert obstacle(shouting)[0] is Obstacle.CASE_SWAPPED


@pytest.mark.parametrize("keyboard", ["de", "fr", "gb", "es", "tr"])
def test_a_scanner_set_to_another_countrys_keyboard(keyboard: str) -> None:
    assert obstacle(UnknownScanner(keyboard=keyboard).scan(LONG_TEST, chance()))[0] is Obstacle.OTHER_LAYOUT
    assert obstacle(UnknownScanner(keyboard=keyboard).scan(SHORT_TEST, chance()))[0] is Obstacle.OTHER_LAYOUT


def test_nothing_and_nearly_nothing() -> None:
    assert calibrate([]) == NotCalibrated(Obstacle.NOTHING_SCANNED)
    assert obstacle([])[0] is Obstacle.NOTHING_SCANNED
    assert obstacle([RawKey(5, "", "", modifier=True)])[0] is Obstacle.NOTHING_SCANNED
    assert obstacle(typed("abc", [9]))[0] is Obstacle.BY_HAND


def test_people_are_not_calibrated() -> None:
    dice = chance()
    for _ in range(300):
        mean = 60_000 / (dice.randint(60, 160) * 5)
        gaps = [max(1, round(dice.lognormvariate(0, 0.5) * mean)) for _ in LONG_TEST]
        why, _ = obstacle(typed(LONG_TEST, gaps))
        assert why is Obstacle.BY_HAND


def test_a_machine_that_is_too_slow_or_stops() -> None:
    assert obstacle(typed(LONG_TEST, [99])) == (Obstacle.TOO_SLOW, 99)
    stopped = [5] * len(LONG_TEST)
    stopped[10] = 400
    assert obstacle(typed(LONG_TEST, stopped)) == (Obstacle.STOPS, 400)


def test_marks_that_change_with_the_kind_of_code() -> None:
    scans = [
        UnknownScanner(prefix="s").scan(LONG_TEST, chance()),
        UnknownScanner(prefix="j").scan(SHORT_TEST, chance()),
    ]
    answer = calibrate(scans)
    assert isinstance(answer, NotCalibrated)
    assert answer.why is Obstacle.MARKS_DIFFER


def test_the_test_texts_are_nobodys_code() -> None:
    for test in TEST_TEXTS:
        for origin in Origin:
            parsed = parse_identifier(test, IdentifierRules("IN"), origin)
            assert parsed == Unrecognised(NotRecognised.NOT_OURS)


def test_keys_are_not_shown() -> None:
    assert "7" not in repr(RawKey(1, "7", "7"))
