"""Faces for PDF documents: Inter, and where a text is written in another script one that has it.

Joined and stacked scripts are shaped where `uharfbuzz` is installed; without it their letters stand side by
side, in order. Only faces a document needs are loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fpdf import FPDF

FACE: Final = "Inter"
UNKNOWN: Final = "\N{WHITE SQUARE}"
_PACKAGES: Final = {
    FACE: "fontpkg_inter",
    "Noto Sans Arabic": "fontpkg_noto_sans_arabic",
    "Noto Sans Devanagari": "fontpkg_noto_sans_devanagari",
    "Noto Sans Tamil": "fontpkg_noto_sans_tamil",
}
_UNPRINTED: Final = dict.fromkeys((0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0x061C))
_OTHER_SPACES: Final = {0x202F: " ", 0x2009: " "}


def load_faces(page: FPDF, texts: Iterable[str]) -> None:
    """Give a document the faces its texts need, Inter first."""
    wanted = {character for text in texts for character in text}
    page.add_font(FACE, "", _file(FACE))
    missing = {character for character in wanted if ord(character) not in _covered(FACE)}
    others = []
    for face in list(_PACKAGES)[1:]:
        if any(ord(character) in _covered(face) for character in missing):
            page.add_font(face, "", _file(face))
            others.append(face)
    if others:
        page.set_fallback_fonts(others, exact_match=False)
    if find_spec("uharfbuzz") is not None:
        page.set_text_shaping(True, features={"tnum": True})
    page.set_font(FACE, size=10)


def close_faces(page: FPDF) -> None:
    """Let go of the files of a document's faces."""
    from fpdf.fonts import TTFFont

    for face in page.fonts.values():
        if isinstance(face, TTFFont):
            face.close()


def printable(text: str) -> str:
    """Return a text every character of which some face has; others become a square.

    Marks that isolate names of another direction are not printed: the document orders each line by itself.
    """
    spaced = text.translate(_UNPRINTED).translate(_OTHER_SPACES)
    return "".join(character if _is_covered(ord(character)) else UNKNOWN for character in spaced)


def _is_covered(point: int) -> bool:
    return point in _covered(FACE) or any(point in _covered(face) for face in _PACKAGES)


@cache
def _covered(face: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(_file(face), lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _file(face: str) -> Path:
    folder: Path = import_module(_PACKAGES[face]).ROOT / "files"
    return next(file for file in sorted(folder.glob("*.ttf")) if "Italic" not in file.name)
