"""From the bytes of a serial port to scans, whatever chunks they come in."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cashier_app.domain.identifier import IdentifierRules, Origin, Unrecognised, parse_identifier
from cashier_app.ports.serial_scanner import Overlong, ScannedText, SerialRead, Unmarked
from cashier_app.scanning.serial_framing import LONGEST_SCAN, MOST_WITHOUT_PAUSE, SerialFramer, SerialFraming

CODE = "LC1:PRYA7K2M4Q9XW3TB"
PAUSE = None
Piece = bytes | None
MakeFramer = Callable[[], SerialFramer]


def framed(*pieces: Piece, framing: SerialFraming | None = None) -> list[SerialRead]:
    """Return what comes of these pieces; `PAUSE` stands for 50 ms of silence."""
    framer = SerialFramer(framing)
    return [read for piece in pieces for read in _given(framer, piece)]


def _given(framer: SerialFramer, piece: Piece) -> list[SerialRead]:
    return framer.pause() if piece is PAUSE else framer.feed(piece)


def texts(*pieces: Piece, framing: SerialFraming | None = None) -> list[str]:
    reads = framed(*pieces, framing=framing)
    assert all(isinstance(read, ScannedText) for read in reads)
    return [read.text for read in reads if isinstance(read, ScannedText)]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\n\r", b"\x03", b"\x03\r\n"])
@pytest.mark.parametrize("start", [b"", b"\x02"])
def test_each_way_to_frame_a_scan(start: bytes, end: bytes) -> None:
    assert texts(start + CODE.encode() + end) == [CODE]


def test_silence_ends_a_scan_that_nothing_else_ends() -> None:
    assert texts(CODE.encode()) == []
    assert texts(CODE.encode(), PAUSE, PAUSE) == [CODE]


def test_two_scans_in_one_chunk_are_two_and_the_start_of_a_third_waits() -> None:
    assert texts(b"one\rtwo\r\nthr", b"ee\n") == ["one", "two", "three"]


def test_half_a_scan_is_lost_with_its_connection() -> None:
    framer = SerialFramer()
    assert framer.feed(b"LC1:PRYA7K2M") == []
    after = SerialFramer()
    assert after.feed(b"4Q9XW3TB\r") == [ScannedText("4Q9XW3TB")], "a new connection begins with nothing"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Müller".encode(), "Müller"),
        ("Müller".encode("iso-8859-1"), "Müller"),
        (b"caf\xc3", "cafÃ"),  # UTF-8 cut off is not UTF-8
        (b"\xed\xa0\x80", "í\xa0\x80"),  # nor is half a surrogate
        (b"\xc0\xafetc", "À¯etc"),  # nor a slash written longer than it has to be
        ("日本".encode(), "日本"),
        (b"\xff\xfe\x00", "ÿþ\x00"),
    ],
)
def test_text_is_utf8_where_it_can_be_else_latin_1(data: bytes, text: str) -> None:
    assert texts(data + b"\r") == [text]


@pytest.mark.parametrize(
    "data", [b"LC1:\x00PRYA7K2M4Q9XW3TB", b"LC1:PRYA7K2M\x024Q9XW3TB", b"\x1b[2JLC1:PRYA7K2M4Q9XW3TB"]
)
def test_control_characters_are_left_for_the_parser_to_refuse(data: bytes) -> None:
    (text,) = texts(data + b"\r")
    assert text == data.decode()
    assert isinstance(parse_identifier(text, IdentifierRules("IN"), Origin.SCANNED), Unrecognised)


def test_the_aim_identifier_is_left_for_the_parser_to_use() -> None:
    assert texts(b"\x02]Q1LC1:PRYA7K2M4Q9XW3TB\x03") == ["]Q1LC1:PRYA7K2M4Q9XW3TB"]


def test_letters_before_a_scan_are_taken_off_and_a_bare_tag_is_refused() -> None:
    passes = SerialFraming(prefixes=("A", "G"), suffix="$")
    assert texts(b"A" + CODE.encode() + b"$\r\n", b"GAbc1234\r", framing=passes) == [CODE, "Abc1234"]
    assert framed(b"004A2B3C4D5E680\r\n", framing=passes) == [Unmarked()]
    assert framed(b"9845012210\r\n", framing=passes) == [Unmarked()], "never a phone number"
    assert framed(b"A\r\n", framing=passes) == []


def test_the_longest_prefix_counts() -> None:
    assert texts(b"ABcode\r", framing=SerialFraming(prefixes=("A", "AB"))) == ["code"]


def test_more_than_4_kib_is_dropped_until_a_pause_and_said_once() -> None:
    longest = b"x" * LONGEST_SCAN
    assert texts(longest + b"\r") == ["x" * LONGEST_SCAN]
    assert framed(longest + b"x", b"yy\rLC1:TAIL\r", b"z\r", PAUSE, b"good\r") == [
        Overlong(),
        ScannedText("good"),
    ]


def test_a_flood_with_ends_in_it_is_dropped_until_a_pause_too() -> None:
    flood = b"A\r" * (MOST_WITHOUT_PAUSE // 2)
    reads = framed(flood, b"B\r", b"C\r" * 5000, PAUSE, b"good\r")
    assert reads == [*[ScannedText("A")] * (MOST_WITHOUT_PAUSE // 2), Overlong(), ScannedText("good")]


def test_pauses_count_a_flood_anew() -> None:
    reads = framed(*[b"A\r" * 1000, PAUSE] * 40)
    assert reads == [ScannedText("A")] * 40_000


def test_there_is_no_pause_to_wait_for_while_nothing_came() -> None:
    framer = SerialFramer()
    assert not framer.awaits_pause
    framer.feed(b"abc\r")
    assert framer.awaits_pause
    framer.pause()
    assert not framer.awaits_pause


# --- any chunks, the same scans ----------------------------------------------------------------------


def chunked(data: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return [data[begin:end] for begin, end in pairwise(places)]


def outcome(make: MakeFramer, chunks: list[bytes]) -> list[SerialRead]:
    framer = make()
    reads = [read for chunk in chunks for read in framer.feed(chunk)]
    return reads + framer.pause()


def splits_do_not_matter(make: MakeFramer, data: bytes, cuts: list[int]) -> bool:
    return outcome(make, chunked(data, cuts)) == outcome(make, [data])


STREAMS = st.lists(
    st.one_of(
        st.sampled_from(
            [b"\r", b"\n", b"\r\n", b"\x02", b"\x03", b"]Q1", b"A", b"0", "ü".encode(), b"\xfc", b"\x00"]
        ),
        st.binary(max_size=12),
        st.integers(4000, 4200).map(lambda size: b"x" * size),
    ),
    max_size=24,
).map(b"".join)
CUTS = st.lists(st.integers(0, 1 << 20), max_size=12)


@given(STREAMS, CUTS)
@example(b"LC1:PRYA\r\nLC1:RAVI\r\n", [4, 9])
@example(b"x" * 4096 + b"\rabc\r", [4096, 4097])
def test_any_split_of_the_stream_gives_the_same_scans(data: bytes, cuts: list[int]) -> None:
    assert splits_do_not_matter(SerialFramer, data, cuts)


@given(STREAMS, CUTS)
def test_any_split_gives_the_same_scans_with_prefixes(data: bytes, cuts: list[int]) -> None:
    assert splits_do_not_matter(lambda: SerialFramer(SerialFraming(("A", "0"), "x")), data, cuts)


@given(st.integers(1, 700), CUTS)
def test_any_split_of_a_flood_gives_the_same_scans(length: int, cuts: list[int]) -> None:
    line = b"A" * length + b"\r"
    flood = line * (MOST_WITHOUT_PAUSE // len(line) + 3)
    assert splits_do_not_matter(SerialFramer, flood, cuts)


class FlushesAtChunkEnds(SerialFramer):
    """The planted bug: what a read returned is taken for a whole scan."""

    def feed(self, data: bytes) -> list[SerialRead]:
        return super().feed(data) + super().pause()


def test_a_framer_that_flushes_at_chunk_ends_is_caught() -> None:
    caught: list[tuple[bytes, list[int]]] = []

    @given(STREAMS, CUTS)
    def search(data: bytes, cuts: list[int]) -> None:
        if not splits_do_not_matter(FlushesAtChunkEnds, data, cuts):
            caught.append((data, cuts))

    search()
    assert caught, "the property must find the planted bug by itself"
