"""The burst detector, one example for each rule."""

from itertools import pairwise

import pytest

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

PASS, HOLD, SWALLOW = (Verdict.PASS,), (Verdict.HOLD,), (Verdict.SWALLOW,)
TOKEN = "LC1:PRYA7K2M4Q9XW3TB"


def keys(text: str, *, start: int = 1000, gap: int = 2) -> list[Key]:
    return [Key(character, start + i * gap) for i, character in enumerate(text)]


def feed(wedge: KeyboardWedge, stream: list[Key]) -> list[Answer]:
    return [answer for key in stream for answer in wedge.feed(key)]


def feed_held(wedge: KeyboardWedge, stream: list[Key]) -> None:
    assert feed(wedge, stream) == [Verdict.HOLD] * len(stream)


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
def test_a_burst_ended_by_a_terminator_is_one_scan_and_swallows_it(end: str) -> None:
    wedge = KeyboardWedge()
    stream = keys(TOKEN + end)
    feed_held(wedge, stream[:-1])
    assert wedge.feed(stream[-1]) == (Burst(TOKEN, None, tuple(stream)),)
    assert wedge.deadline is None


def test_a_burst_without_terminator_ends_with_silence() -> None:
    wedge = KeyboardWedge()
    stream = keys("123456")
    feed_held(wedge, stream)
    last = stream[-1].at_ms
    assert wedge.deadline == last + 121
    assert wedge.expire(last + 120) is None
    assert wedge.expire(last + 121) == Burst("123456", None, tuple(stream))


def test_six_characters_are_a_scan_and_five_are_not() -> None:
    five = keys("12345\r")
    assert feed(KeyboardWedge(), five)[-1] == Released(tuple(five))
    six = keys("123456\r")
    assert feed(KeyboardWedge(), six)[-1] == Burst("123456", None, tuple(six))


def test_the_mean_decides_not_the_single_gap() -> None:
    stalled = [
        Key(character, at) for character, at in zip("1234567\r", (0, 2, 4, 90, 92, 94, 96, 98), strict=True)
    ]
    burst = Burst("1234567", None, tuple(stalled[3:]), tuple(stalled[:3]))
    assert feed(KeyboardWedge(), stalled)[-1] == burst
    slow = keys("1234567\r", gap=36)
    assert not any(isinstance(answer, Burst) for answer in feed(KeyboardWedge(), slow))
    at_limit = keys("1234567\r", gap=35)
    assert isinstance(feed(KeyboardWedge(), at_limit)[-1], Burst)


def test_a_gap_above_the_longest_ends_the_burst() -> None:
    wedge = KeyboardWedge()
    head = keys("12345")
    feed_held(wedge, head)
    late = Key("6", head[-1].at_ms + 121)
    assert wedge.feed(late) == (Released(tuple(head)), Verdict.HOLD)


def test_a_single_typed_key_waits_forty_milliseconds() -> None:
    wedge = KeyboardWedge()
    key = Key("5", 1000)
    assert wedge.feed(key) == HOLD
    assert wedge.deadline == 1041
    assert wedge.expire(1040) is None
    assert wedge.expire(1041) == Released((key,))
    assert wedge.expire(9999) is None


def test_keys_that_go_on_with_typing_wait_for_a_moment_only() -> None:
    wedge = KeyboardWedge()
    typed = keys("12345", gap=100)
    assert wedge.feed(typed[0]) == HOLD
    for before, key in pairwise(typed):
        assert wedge.feed(key) == (Released((before,)), Verdict.HOLD)
    assert wedge.deadline == typed[-1].at_ms + 12


def test_what_follows_typing_is_a_scan_only_when_no_hand_is_so_fast() -> None:
    for gap, scans in ((11, 1), (12, 0)):
        wedge = KeyboardWedge()
        feed(wedge, keys("12345", gap=100))
        burst = keys(TOKEN + "\r", start=1500, gap=gap)
        answers = feed(wedge, burst)
        assert sum(isinstance(answer, Burst) for answer in answers) == scans


def test_a_stall_after_the_first_characters_costs_nothing() -> None:
    for head in range(1, 6):
        wedge = KeyboardWedge()
        first = keys(TOKEN[:head])
        feed_held(wedge, first)
        assert wedge.expire(first[-1].at_ms + 41) == Released(tuple(first))
        rest = keys(TOKEN[head:] + "\r", start=first[-1].at_ms + 120)
        assert feed(wedge, rest)[-1] == Burst(TOKEN, None, tuple(rest), tuple(first))


def test_what_would_be_acted_on_waits_for_a_stall() -> None:
    wedge = KeyboardWedge()
    key = Key("L", 1000, command=True)
    assert wedge.feed(key) == HOLD
    assert wedge.deadline == 1121
    assert feed(wedge, keys(TOKEN[1:] + "\r", start=1120))[-1].text == TOKEN  # type: ignore[union-attr]


def test_enter_and_shortcuts_wait_no_longer_than_a_digit() -> None:
    for character in ("\r", "", "\x16"):
        wedge = KeyboardWedge()
        assert wedge.feed(Key(character, 1000, command=True)) == HOLD
        assert wedge.deadline == 1041


def test_what_is_surely_a_machine_is_never_replayed_without_a_text() -> None:
    wedge = KeyboardWedge()
    commands = [Key("", 1000 + 2 * i) for i in range(8)]
    feed_held(wedge, commands)
    assert wedge.expire(1200) == Burst("", None, tuple(commands))


def test_changed_settings_count_from_the_next_key_on() -> None:
    wedge = KeyboardWedge()
    key = Key("1", 1000)
    wedge.feed(key)
    assert wedge.change(WedgeSettings(prefix="\x02")) == Released((key,))
    assert wedge.change(WedgeSettings(prefix="\x02")) is None
    stream = keys("\x0242\r", start=1010)
    assert feed(wedge, stream)[-1] == Burst("42", None, tuple(stream))


def test_enter_after_fast_typing_comes_out_behind_the_digits() -> None:
    wedge = KeyboardWedge()
    one, two, enter = Key("1", 1000), Key("2", 1030), Key("\r", 1065)
    assert feed(wedge, [one, two, enter]) == [Verdict.HOLD, Verdict.HOLD, Released((one, two, enter))]


@pytest.mark.parametrize("character", ["\r", "\t", "", "\x13", "\x08", "\x1b", "\x1d"])
def test_keys_that_type_nothing_wait_as_well_and_go_into_a_burst(character: str) -> None:
    key = Key(character, 1000)
    wedge = KeyboardWedge()
    assert wedge.feed(key) == HOLD
    assert wedge.expire(1041) == Released((key,))
    wedge = KeyboardWedge()
    stream = [key, *keys("123456\r", start=1002)]
    assert feed(wedge, stream)[-1] == Burst(character + "123456", None, tuple(stream))


def test_shift_does_not_disturb_a_burst() -> None:
    wedge = KeyboardWedge()
    shift = Key("", 1001, modifier=True)
    stream = keys("lc1:AB\r")
    feed_held(wedge, stream[:1])
    assert wedge.feed(shift) == PASS
    assert feed(wedge, stream[1:])[-1] == Burst("lc1:AB", None, tuple(stream))


def test_an_arrow_between_typed_keys_keeps_its_place() -> None:
    wedge = KeyboardWedge()
    letter, arrow = Key("a", 1000), Key("", 1020)
    assert feed(wedge, [letter, arrow]) == [Verdict.HOLD, Verdict.HOLD]
    assert wedge.expire(1500) == Released((letter, arrow))


def test_no_command_key_gets_out_of_a_burst() -> None:
    wedge = KeyboardWedge()
    stream = [*keys("123"), Key("\x13", 1006), Key("", 1008), *keys("456\r", start=1010)]
    answers = feed(wedge, stream)
    assert answers[:-1] == [Verdict.HOLD] * (len(stream) - 1)
    assert answers[-1] == Burst("123\x13456", None, tuple(stream))


@pytest.mark.parametrize(
    "identifier", ["]Q1", "]Q3", "]z0", "]L2", "]C0", "]C1", "]E0", "]A0", "]I0", "]F0", "]d1"]
)
def test_an_aim_identifier_is_certain_at_once_and_goes_on_with_the_text(identifier: str) -> None:
    stream = keys(identifier + "7\r")
    burst = feed(KeyboardWedge(), stream)[-1]
    assert burst == Burst("7", identifier, tuple(stream))
    assert isinstance(burst, Burst)
    assert burst.announced == f"{identifier}7"


@pytest.mark.parametrize("text", ["]q1234567", "]?1234567", "]Q-234567", "x]Q1234567"])
def test_what_only_looks_like_an_aim_identifier_stays_in_the_text(text: str) -> None:
    stream = keys(text + "\r")
    assert feed(KeyboardWedge(), stream)[-1] == Burst(text, None, tuple(stream))


def test_a_certain_burst_may_be_slow() -> None:
    stream = [*keys("]Q1"), *keys("AB1\r", start=1100, gap=110)]
    assert feed(KeyboardWedge(), stream)[-1] == Burst("AB1", "]Q1", tuple(stream))


def test_prefix_and_suffix_are_stripped_and_the_enter_after_them_swallowed() -> None:
    wedge = KeyboardWedge(WedgeSettings(prefix="\x02", suffix="\x03"))
    stream = keys("\x02]C042\x03\r\n")
    answers = feed(wedge, stream)
    assert answers[-3:] == [Burst("42", "]C0", tuple(stream[:-2])), Verdict.SWALLOW, Verdict.SWALLOW]


def test_a_prefix_alone_is_given_back() -> None:
    wedge = KeyboardWedge(WedgeSettings(prefix="\x02"))
    key = Key("\x02", 1000)
    assert wedge.feed(key) == HOLD
    assert wedge.deadline == 1121
    assert wedge.expire(1121) == Released((key,))


def test_a_prefix_and_enter_without_a_text_are_given_back() -> None:
    stream = keys("\x02\r")
    assert feed(KeyboardWedge(WedgeSettings(prefix="\x02")), stream)[-1] == Released(tuple(stream))


def test_without_its_suffix_a_burst_is_still_a_machines() -> None:
    wedge = KeyboardWedge(WedgeSettings(suffix="\x03"))
    stream = keys("12345678")
    feed_held(wedge, stream)
    assert wedge.expire(2000) == Burst("12345678", None, tuple(stream))


def test_a_prefix_begins_a_burst_even_right_behind_typing() -> None:
    wedge = KeyboardWedge(WedgeSettings(prefix="~"))
    feed(wedge, [Key("1", 900), Key("2", 990)])
    stream = keys("~42\r")
    *_, begun, _, _, burst = feed(wedge, stream)
    assert (begun, burst) == (Verdict.HOLD, Burst("42", None, tuple(stream)))


def test_the_tail_of_typing_that_only_begins_like_a_prefix_is_not_a_scan() -> None:
    wedge = KeyboardWedge(WedgeSettings(prefix="{BAR}"))
    feed(wedge, keys("1234", start=600, gap=100))
    stream = keys("{1234567\r", gap=30)
    assert not any(isinstance(answer, Burst) for answer in feed(wedge, stream))


def test_the_tail_of_typing_that_looks_like_an_aim_identifier_is_not_a_scan() -> None:
    wedge = KeyboardWedge(WedgeSettings(prefix="]]"))
    feed(wedge, keys("1234", start=600, gap=100))
    stream = keys("]Q17\r", gap=30)
    assert not any(isinstance(answer, Burst) for answer in feed(wedge, stream))


@pytest.mark.parametrize("ending", ["\r\n", "\r\t", "\r\r"])
def test_a_second_terminator_presses_no_button(ending: str) -> None:
    wedge = KeyboardWedge()
    assert feed(wedge, keys("123456" + ending))[-1] is Verdict.SWALLOW


def test_an_enter_well_after_the_burst_is_the_cashiers() -> None:
    wedge = KeyboardWedge()
    stream = keys("123456\r")
    feed(wedge, stream)
    enter = Key("\r", stream[-1].at_ms + 36)
    assert wedge.feed(enter) == HOLD
    assert wedge.expire(enter.at_ms + 41) == Released((enter,))


def test_two_scans_back_to_back_are_two() -> None:
    answers = feed(KeyboardWedge(), keys("123456\r") + keys("ABCDEF\r", start=1016))
    assert [answer.text for answer in answers if isinstance(answer, Burst)] == ["123456", "ABCDEF"]


def test_a_head_let_go_by_a_late_call_is_taken_back() -> None:
    wedge = KeyboardWedge()
    stream = keys("123456789\r")
    feed_held(wedge, stream[:1])
    assert wedge.expire(1500) == Released((stream[0],))
    assert feed(wedge, stream[1:])[-1] == Burst("123456789", None, tuple(stream[1:]), (stream[0],))


def test_the_tail_of_a_scan_cut_by_a_late_call_is_not_a_scan() -> None:
    wedge = KeyboardWedge()
    stream = keys("123456789ABC\r")
    feed_held(wedge, stream[:6])
    assert isinstance(wedge.expire(5000), Burst)
    assert not any(isinstance(answer, Burst) for answer in feed(wedge, stream[6:]))


def test_keys_marked_as_repeats_inside_a_burst_count() -> None:
    stream = [
        Key(key.character, key.at_ms, auto_repeat=i in {1, 5}) for i, key in enumerate(keys("1122334\r"))
    ]
    assert feed(KeyboardWedge(), stream)[-1] == Burst("1122334", None, tuple(stream))


def test_a_key_held_down_is_never_a_scan() -> None:
    wedge = KeyboardWedge()
    first = Key("0", 1000)
    repeats = [Key("0", 1500 + 30 * i, auto_repeat=True) for i in range(40)]
    answers = feed(wedge, [first, *repeats])
    assert answers == [Verdict.HOLD, Released((first,)), *[Verdict.PASS] * 40]


def test_keys_queued_behind_a_freeze_are_judged_by_their_stamps() -> None:
    typed = keys("12345678\r", gap=150)
    assert not any(isinstance(answer, Burst) for answer in feed(KeyboardWedge(), typed))


def test_too_many_characters_are_refused_and_the_rest_dropped() -> None:
    wedge = KeyboardWedge()
    stream = keys("7" * 400 + "\r", gap=1)
    answers = feed(wedge, stream)
    refused = [answer for answer in answers if isinstance(answer, Overlong)]
    assert len(refused) == 1
    assert answers[-1] is Verdict.SWALLOW
    assert len(refused[0].keys) + answers.count(Verdict.SWALLOW) == len(stream)
    assert wedge.feed(Key("1", stream[-1].at_ms + 121)) == HOLD


def test_256_characters_are_not_too_many() -> None:
    stream = keys("7" * 256 + "\r", gap=1)
    assert feed(KeyboardWedge(), stream)[-1] == Burst("7" * 256, None, tuple(stream))


def test_a_long_code_of_a_slow_scanner_is_taken_whole() -> None:
    stream = keys("7" * 200 + "\r", gap=35)
    assert feed(KeyboardWedge(), stream)[-1] == Burst("7" * 200, None, tuple(stream))


def test_a_stream_without_end_is_refused() -> None:
    wedge = KeyboardWedge()
    answers = feed(wedge, keys("7" * 300, gap=30))
    assert sum(isinstance(answer, Overlong) for answer in answers) == 1
    assert not any(isinstance(answer, Burst | Released) for answer in answers)


def test_slow_typing_behind_a_prefix_is_given_back_after_two_seconds() -> None:
    wedge = KeyboardWedge(WedgeSettings(prefix="~"))
    stream = keys("~" + "7" * 25, gap=100)
    answers = feed(wedge, stream)
    assert Released(tuple(stream[:21])) in answers
    assert not any(isinstance(answer, Overlong) for answer in answers)


def test_a_clock_that_falls_back_to_zero_holds_nothing_for_ever() -> None:
    before, after = Key("1", 2**32 - 5), Key("2", 3)
    wedge = KeyboardWedge()
    wedge.feed(before)
    assert wedge.expire(20) == Released((before,))
    wedge = KeyboardWedge()
    wedge.feed(before)
    assert wedge.feed(after) == (Released((before,)), Verdict.HOLD)


def test_slower_scanners_can_be_allowed_for() -> None:
    stream = keys("123456\r", gap=50)
    assert not any(isinstance(answer, Burst) for answer in feed(KeyboardWedge(), stream))
    patient = KeyboardWedge(WedgeSettings(mean_gap_ms=55))
    assert feed(patient, stream)[-1] == Burst("123456", None, tuple(stream))


def test_what_was_scanned_or_typed_is_in_no_representation() -> None:
    burst = feed(KeyboardWedge(), keys("987654\r"))[-1]
    assert repr(burst) == "Burst(6 characters, aim=None)"
    for answer in (burst, Released(tuple(keys("987654"))), Overlong(tuple(keys("987654")))):
        assert "9" not in repr(answer)
