"""Every mistake of a settings file is named with its line and key, and none hides another."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.config import read_config
from cashier_app.config_check import Checked, check_settings
from cashier_app.documents import toml_places
from cashier_app.documents.toml_places import TomlPlaces
from cashier_app.errors import KnownError

GOOD = """# Till 2
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
kind = "square"

[backend.settings]
location = "L8GTM4Q1XYZ0A"
"""


def checked(text: str, *, partial: bool = False) -> Checked:
    return check_settings(text.encode(), partial=partial)


def told(text: str) -> list[str]:
    return [mistake.told() for mistake in checked(text).mistakes]


def changed(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after)


def test_a_right_file_has_no_mistakes() -> None:
    assert checked(GOOD) == Checked(())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (changed('region = "IN"', 'regoin = "IN"'), "line 5, store.regoin: there is no such key. Did"),
        (changed("decimals = 2", 'decimals = "2"'), "line 7, store.decimals: a whole number is expected."),
        (changed('till = "2"', "till = 2"), 'line 4, store.till: a text in "quotes" is expected.'),
        (changed('till = "2"', 'till = "TRAIN7"'), "line 4, store.till: numbers that begin with TRAIN"),
        (changed('"Asia/Kolkata"', '"Asia/Nowhere"'), "line 9, store.time_zone: 'Asia/Nowhere' is not"),
        (changed('region = "IN"', 'region = "ZZ"'), "line 5, store.region: 'ZZ' is not a region such as IN"),
        (changed('"square"', '"squere"'), "line 12, backend.kind: 'squere' is not installed."),
        (changed("location =", "locaton ="), "line 15, backend.settings.locaton: there is no such"),
        (changed("[backend.settings]", "[backend.settings]\norders=3"), "line 15, backend.settings.orders:"),
        (GOOD + "\n[staff]\nmanager_pin = 1\n", "line 18, staff.manager_pin: there is no such"),
        (GOOD + "\n[scanner]\nmean_gap_ms = 900\n", "line 18, scanner.mean_gap_ms: a number from 20 to 80"),
        (GOOD + '\n[staff]\nbadge = "no"\n', 'line 18, staff.badge: one of "off", "badge", "badge and'),
        (GOOD + "\n[[codes.patterns]]\nname = 1\n", "line 18, codes.patterns[1].name: a text"),
        (GOOD + '\n[camera]\nformats = "QR"\n', "line 18, camera.formats: a list, such as"),
        ("scanner = 3\n" + GOOD, "line 1, scanner: a table is expected: write [scanner]"),
        (GOOD + "\n[store]\n", "line 17: this is not TOML. Cannot declare"),
        ("[store\n", "line 1: this is not TOML."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_line_and_key(text: str, expected: str) -> None:
    assert any(one.startswith(expected) for one in told(text)), told(text)


def test_what_is_missing_is_named_where_it_is_missing() -> None:
    assert told(changed('currency = "INR"\n', "")) == ["line 2, store.currency: this is missing."]
    assert "backend: this is missing." in told(GOOD[: GOOD.index("[backend]")])
    assert told(changed('location = "L8GTM4Q1XYZ0A"\n', "")) == [
        "line 14, backend.settings.location: this is missing."
    ]


def test_no_mistake_hides_another() -> None:
    text = GOOD.replace('"IN"', '"ZZ"').replace('"2"', '"TOOLONGATILL"').replace('"INR"', '"inr"')
    text = text.replace("Asia/Kolkata", "Nowhere") + "\n[staff]\npin_digits = 5\nlock_after_seconds = 1\n"
    text += "\n[serial]\nbaud = 1\n\n[sound]\nlevel = 3\nvolume = 1\n\n[till]\nsame_member_minutes = -1\n"
    keys = [mistake.key for mistake in checked(text).mistakes]
    assert sorted(keys) == sorted(
        [
            *("store.region", "store.till", "store.currency", "store.time_zone", "staff.pin_digits"),
            *("staff.lock_after_seconds", "serial.baud", "sound.level", "sound.volume"),
            "till.same_member_minutes",
        ]
    )
    lines = [mistake.line for mistake in checked(text).mistakes]
    assert lines == sorted(lines, key=lambda line: line or 0)


def test_a_file_for_many_tills_may_leave_things_out() -> None:
    some = checked('[first_run]\nunattended = false\n\n[store]\nname = "Marigold"\n')
    assert some.mistakes == ()
    assert set(some.missing) == {
        *("store.till", "store.region", "store.currency", "store.decimals", "store.locale"),
        *("store.time_zone", "backend"),
    }
    assert checked('[store]\nname = "Marigold"\n', partial=True).mistakes == ()
    wrong = checked('[first_run]\nunattended = false\n[store]\nname = "M"\ntill = "a b"\n')
    assert [mistake.key for mistake in wrong.mistakes] == ["store.till"]


def test_where_nobody_is_asked_a_loyalty_system_left_out_is_a_mistake() -> None:
    head = "[first_run]\nunattended = true\n"
    without = checked(head + '[store]\nname = "M"\n')
    assert [(one.line, one.key) for one in without.mistakes] == [(None, "backend")]
    assert "never guessed" in without.mistakes[0].sentence
    assert "store.till" in without.missing
    assert without.unattended
    half = checked(head + '[backend]\nkind = "square"\n[backend.settings]\n')
    assert [(one.line, one.key) for one in half.mistakes] == [(5, "backend.settings.location")]
    assert checked(head + GOOD).mistakes == ()


@pytest.mark.parametrize("text", [b"\xff\xfe", b"[" * 5000, b"a = " + b"[" * 3000, b"a." * 3000 + b"a = 1"])
def test_hostile_files_are_refused_in_one_sentence(text: bytes) -> None:
    assert len(check_settings(text).mistakes) == 1 or all(
        one.sentence for one in check_settings(text).mistakes
    )


def test_no_more_than_fifty_mistakes_are_listed() -> None:
    text = GOOD + "\n[sound]\n" + "".join(f"what{n} = 1\n" for n in range(200))
    assert len(checked(text).mistakes) == 50


@given(st.sampled_from(GOOD.splitlines()), st.sampled_from(["", "x", '"', "= 3", "[a]", "3 = 4"]))
def test_whatever_the_till_refuses_the_check_names(line: str, instead: str) -> None:
    text = GOOD.replace(line, instead) if line else GOOD
    refused = False
    try:
        _read(text)
    except KnownError:
        refused = True
    # It names more than the till refuses at once: what a kind of backend wants is asked when it is opened.
    assert not refused or checked(text).mistakes


def _read(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "till.toml"
        file.write_text(text, encoding="utf-8")
        read_config(file)


PLACES = """
# a comment
[a]
b = 1

c = [
  1,  # [d]
  2,
]
text = '''
[d]
e = 1
'''
[a.d]
e.f = 2
[[list]]
g = 1
[[list]]

# another
g = 2
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("a",), 3),
        (("a", "b"), 4),
        (("a", "c"), 6),
        (("a", "text"), 10),
        (("a", "d"), 14),
        (("a", "d", "e", "f"), 15),
        (("list",), 16),
        (("list", 0, "g"), 17),
        (("list", 1), 18),
        (("list", 1, "g"), 21),
        (("list", 2), None),
        (("nothing",), None),
    ],
)
def test_a_key_is_found_where_it_is_first_said(place: tuple[str | int, ...], line: int | None) -> None:
    assert TomlPlaces(PLACES).line_of(place) == line


def test_a_line_ends_where_toml_says_and_nowhere_else() -> None:
    text = 'a = "one\u2028two\u0085three"\r\nb = 1\n'
    assert TomlPlaces(text).line_of(("b",)) == 2


def test_a_file_made_to_take_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_places, "MOST_READ", 100_000)
    long = "a = [\n" + "1,\n" * 5_000 + "]\n"
    found = [mistake for mistake in checked(long + GOOD).mistakes if mistake.key == "a"]
    assert [mistake.sentence[:21] for mistake in found] == ["there is no such key."]


@given(
    st.lists(
        st.sampled_from(["", "# x", 'k{n} = "v"', "k{n} = [\n1,\n2]", "k{n} = '''\na = 1\n'''"]), max_size=12
    )
)
def test_lines_are_those_of_the_text(parts: list[str]) -> None:
    lines: list[str] = []
    expected: dict[str, int] = {}
    for n, part in enumerate(parts):
        if part.startswith("k"):
            expected[f"k{n}"] = len(lines) + 1
        lines += part.replace("{n}", str(n)).split("\n")
    places = TomlPlaces("\n".join(lines) + "\n")
    assert {key: places.line_of((key,)) for key in expected} == expected
