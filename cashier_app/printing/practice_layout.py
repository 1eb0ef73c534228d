"""Where everything on the sheet of practice passes stands: marks in millimetres, for PDF and printer alike.

Codes of one card are at least `CLEAR` apart and those of two cards further: a scanner held a hand's breadth
away sees one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.wording.practice_sheet import PracticeSheet, SheetCell, SheetCode, SheetPass

CLEAR: Final = 20.0
"""The least distance between two codes, mm, the larger of that across and that down."""

INK, GREY, WHITE = "#111A15", "#4E5852", "#FFFFFF"
TRAIN, SHOP, EDGE = "#6427B0", "#B4420F", "#B9C0B8"

_MARGIN = 12.0
_BAND = 10.0
_BODY_TOP = 41.0
_FOOT = 10.0
_GAP = 6.0
_STRIP = 17.0
_PAD = 6.0
_CODES_TOP = 33.0
_CAPTION = 4.2
_LEAN = 5.0
# mm of one module by kind: what a plain laser printer prints sharply and a cheap scanner still resolves.
_MODULE: Final = {"QR Code": 1.5, "Aztec": 1.6, "PDF417": 0.5, "Code 128": 0.5, "EAN-13": 0.5}
_WIDEST = 38.0  # mm; a code with more modules takes smaller ones
_BARS_HIGH = 15.0
_BELOW = _CAPTION + 3.5  # mm under a code
_WORDS_ONLY = 38.0  # mm high: a cell without a code


class SheetPaper(Enum):
    """What the sheet is printed on, as width and height in mm."""

    A4 = (210.0, 297.0)
    LETTER = (215.9, 279.4)

    @property
    def width(self) -> float:
        """Return the width, mm."""
        return self.value[0]

    @property
    def high(self) -> float:
        """Return the height, mm."""
        return self.value[1]


class Side(Enum):
    """Where a text stands in its room."""

    LEFT = "L"
    RIGHT = "R"
    MIDDLE = "C"


class Area(Struct, frozen=True):
    """A filled or outlined box with round corners, mm; an empty colour is none."""

    left: float
    top: float
    width: float
    high: float
    fill: str = ""
    edge: str = ""
    radius: float = 0.0


class Stripe(Struct, frozen=True):
    """A filled shape; its corners are mm."""

    corners: tuple[tuple[float, float], ...]
    fill: str


class Words(Struct, frozen=True):
    """A text in its room, mm; it is set smaller until it fits, on as many lines as there is height for."""

    left: float
    top: float
    width: float
    high: float
    text: str
    points: float
    colour: str = INK
    bold: bool = False
    side: Side = Side.LEFT


class Code(Struct, frozen=True):
    """A code; left and top of its first module and the side of one, mm; `bars` is how high a bar is, or 0."""

    left: float
    top: float
    module: float
    bars: float
    code: SheetCode

    @property
    def width(self) -> float:
        """Return how wide its modules are together, mm."""
        return self.module * len(self.code.rows[0])

    @property
    def high(self) -> float:
        """Return how high it is, mm."""
        return self.bars or self.module * len(self.code.rows)


Mark: TypeAlias = "Area | Stripe | Words | Code"


def sheet_pages(sheet: PracticeSheet, paper: SheetPaper) -> list[list[Mark]]:
    """Return what stands on each page, from back to front."""
    bodies: list[tuple[str, str, list[Mark]]] = [
        (sheet.title, sheet.steps, list(_passes(sheet.passes[at : at + 2], paper)))
        for at in range(0, len(sheet.passes), 2)
    ]
    for title, cells in ((sheet.others_title, sheet.others), (sheet.vouchers_title, sheet.vouchers)):
        bodies += [
            (title, sheet.others_steps, list(_cells(cells[at : at + 6], paper)))
            for at in range(0, len(cells), 6)
        ]
    return [
        [*_frame(sheet, title, steps, paper, sheet.page(number, len(bodies))), *body]
        for number, (title, steps, body) in enumerate(bodies, start=1)
    ]


def texts_of(pages: Sequence[Sequence[Mark]]) -> Iterator[str]:
    """Yield every text on the pages."""
    for page in pages:
        yield from (mark.text for mark in page if isinstance(mark, Words))


def _frame(sheet: PracticeSheet, title: str, steps: str, paper: SheetPaper, page: str) -> Iterator[Mark]:
    """Yield head and foot: nobody may take a page of this for a real one."""
    width = paper.width - 2 * _MARGIN
    yield from _band(_MARGIN - 4, paper.width - _MARGIN)
    yield Words(
        _MARGIN + 24, _MARGIN - 4, width - 48, _BAND, sheet.marked, 13, WHITE, bold=True, side=Side.MIDDLE
    )
    yield Words(_MARGIN, 20, width * 0.62, 9, title, 20, bold=True)
    yield Words(
        _MARGIN + width * 0.62, 20, width * 0.38, 9, sheet.store, 13, SHOP, bold=True, side=Side.RIGHT
    )
    yield Words(_MARGIN, 29.6, width, 8.8, steps, 9, GREY)
    foot = paper.high - _FOOT
    yield Words(_MARGIN, foot, width * 0.8, 5, f"{sheet.mark} · {sheet.foot}", 8.5, GREY)
    yield Words(_MARGIN + width * 0.8, foot, width * 0.2, 5, page, 8.5, GREY, side=Side.RIGHT)


def _band(top: float, right: float) -> Iterator[Mark]:
    """Yield the violet head, striped at both ends."""
    ends = (_MARGIN, _MARGIN + 2 * _LEAN, right - 4 * _LEAN, right - 2 * _LEAN)
    for start, width in (
        *((left, _LEAN) for left in ends),
        (_MARGIN + 4 * _LEAN, right - _MARGIN - 9 * _LEAN),
    ):
        low, high = top + _BAND, top
        corners = (
            (start, low), (start + width, low), (start + width + _LEAN, high), (start + _LEAN, high)
        )  # fmt: skip
        yield Stripe(corners, TRAIN)


def _passes(passes: Sequence[SheetPass], paper: SheetPaper) -> Iterator[Mark]:
    high = (paper.high - _BODY_TOP - _FOOT - 3 - _GAP) / 2
    for place, one in enumerate(passes):
        yield from _card(one, _BODY_TOP + place * (high + _GAP), high, paper.width - 2 * _MARGIN)


def _card(one: SheetPass, top: float, high: float, width: float) -> Iterator[Mark]:
    """Yield a member's card with its four codes, one to each corner."""
    left, words = _MARGIN, one.words
    inner = width - 2 * _PAD
    yield Area(left, top, width, high, fill=WHITE, edge=EDGE, radius=3.5)
    yield Area(left, top, width, _STRIP, fill=SHOP, radius=3.5)
    yield Area(left, top + _STRIP / 2, width, _STRIP / 2, fill=SHOP)
    yield Words(left + _PAD, top + 1.5, inner * 0.7, _STRIP - 3, words.name, 17, WHITE, bold=True)
    right = left + _PAD + inner * 0.7 + 4
    yield Words(right, top + 2, inner * 0.3 - 4, 7.5, words.points, 14, WHITE, bold=True, side=Side.RIGHT)
    yield Words(right, top + 9.2, inner * 0.3 - 4, 5.5, words.tier, 10, WHITE, side=Side.RIGHT)
    yield Words(left + _PAD, top + 18.5, inner * 0.62, 6, words.good_for[0], 12, bold=True)
    more = " · ".join(words.good_for[1:])
    yield Words(left + _PAD, top + 24.5, inner, 4.8, more, 9.5, GREY)
    yield Words(
        left + _PAD + inner * 0.62, top + 18.5, inner * 0.38, 6, one.typed, 9.5, GREY, side=Side.RIGHT
    )
    for place, code in enumerate(one.codes):
        across = left + width * (0.25 if place % 2 == 0 else 0.75)
        if place > 1:
            yield from _code_at_foot(code, across, top + high, _WIDEST)
        else:
            yield from _code(code, across, top + _CODES_TOP, high - _CODES_TOP - _BELOW - _BARS_HIGH - CLEAR)


def _code(code: SheetCode, across: float, top: float, room: float) -> Iterator[Mark]:
    """Yield a code no higher than `room`, mm, with its caption, in the middle of `across`."""
    module = min(_MODULE[code.kind], min(room, _WIDEST) / len(code.rows))
    made = Code(0, top, module, _BARS_HIGH if len(code.rows) == 1 else 0, code)
    placed = replace(made, left=across - made.width / 2)
    yield placed
    width = max(placed.width, 62)
    yield Words(
        across - width / 2, top + placed.high + 1.8, width, _CAPTION, code.caption, 8.5, TRAIN,
        side=Side.MIDDLE,
    )  # fmt: skip


def _code_at_foot(code: SheetCode, across: float, bottom: float, room: float) -> Iterator[Mark]:
    """Yield a code whose caption ends above `bottom`, mm."""
    made, _ = _code(code, across, 0, room)
    if isinstance(made, Code):
        yield from _code(code, across, bottom - _BELOW - made.high, room)


def _cells(cells: Sequence[SheetCell], paper: SheetPaper) -> Iterator[Mark]:
    width = (paper.width - 2 * _MARGIN - _GAP) / 2
    high = (paper.high - _BODY_TOP - _FOOT - 3 - 2 * _GAP) / 3
    for place, cell in enumerate(cells):
        left = _MARGIN + place % 2 * (width + _GAP)
        top = _BODY_TOP + place // 2 * (high + _GAP)
        yield from _cell(cell, left, top, width, high if cell.code else _WORDS_ONLY)


def _cell(cell: SheetCell, left: float, top: float, width: float, high: float) -> Iterator[Mark]:
    inner = width - 2 * _PAD
    yield Area(left, top, width, high, fill=WHITE, edge=EDGE, radius=3.5)
    yield Area(left + _PAD, top, 12, 1.6, fill=SHOP)
    yield Words(left + _PAD, top + 5, inner, 6, cell.title, 12, bold=True)
    room = 12.5 if cell.code else high - 15
    yield Words(left + _PAD, top + 11.8, inner, room, cell.body, 9.5, GREY)
    if cell.code is not None:
        yield from _code_at_foot(cell.code, left + width / 2, top + high, high - 27.5 - _BELOW)
