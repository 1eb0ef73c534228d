"""The sheet of practice passes as tests look at it: its words, its rules, and its pages as pictures."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from cashier_app.config import till_settings
from cashier_app.demo_shop import DEMO_CONFIG
from cashier_app.domain.points import PointName
from cashier_app.practice_opening import PracticeMaterial
from cashier_app.printing.practice_layout import Code, Mark, SheetPaper, sheet_pages
from cashier_app.wording import Hours, Wording
from cashier_app.wording.practice_sheet import PracticeSheet

RULES = till_settings(DEMO_CONFIG).rules
WORDING = Wording.of("en_IN", ZoneInfo("Asia/Kolkata"), PointName("coin", "coins"), hours=Hours.TWENTY_FOUR)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MEMBERS = ("mem-priya", "mem-rahul", "mem-long", "mem-tamil", "mem-arabic", "mem-devika")
FORMATS = ("QR Code", "Aztec", "PDF417", "Code 128", "EAN-13")
FIELD_MM = (70.0, 52.0)
"""What a hand scanner sees a hand's breadth away: 38 by 29 degrees at 10 cm."""

DOTS_PER_INCH = 300
PER_MM = DOTS_PER_INCH / 25.4

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_RECTANGLE = re.compile(rb"(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re")

Picture = NDArray[np.uint8]


@cache
def material() -> PracticeMaterial:
    return PracticeMaterial(lambda: MEMBERS)


@cache
def sheet() -> PracticeSheet:
    return material().sheet(WORDING, "Marigold Stores", NOW)


@cache
def pages(paper: SheetPaper) -> list[list[Mark]]:
    return sheet_pages(sheet(), paper)


def codes_on(page: list[Mark]) -> list[Code]:
    return [mark for mark in page if isinstance(mark, Code)]


def rendered_pages(document: bytes, paper: SheetPaper, per_mm: float = PER_MM) -> list[Picture]:
    """Return the rectangles of each page of an uncompressed PDF in black on white."""
    found = [text for text in _STREAM.findall(document) if b" re\n" in text or b" re " in text]
    pictures = []
    for text in found:
        page = np.full((round(paper.high * per_mm), round(paper.width * per_mm)), 255, np.uint8)
        for left, top, width, high in (map(float, box) for box in _RECTANGLE.findall(text)):
            across = slice(round(left * per_mm), round((left + width) * per_mm))
            down = slice(round(top * per_mm), round((top + high) * per_mm))
            page[down, across] = 0
        pictures.append(page)
    return pictures


def field_of(page: Picture, code: Code, field: tuple[float, ...] = FIELD_MM) -> Picture:
    """Return what a scanner sees that is held over the middle of a code; `field` is width and height, mm."""
    middle = code.left + code.width / 2, code.top + code.high / 2
    left, top = (round((at - size / 2) * PER_MM) for at, size in zip(middle, field, strict=True))
    right, bottom = (round((at + size / 2) * PER_MM) for at, size in zip(middle, field, strict=True))
    return np.ascontiguousarray(page[max(0, top) : bottom, max(0, left) : right])
