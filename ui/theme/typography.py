"""Fonts: Inter with tabular figures, and a face of the right script for names in other scripts."""

import sys
from functools import cache, lru_cache
from importlib import import_module

from PySide6.QtGui import QFont, QFontDatabase

REGULAR = 400
MEDIUM = 500
SEMIBOLD = 600

_FALLBACKS = {
    "win32": ("Segoe UI",),
    "darwin": (".AppleSystemUIFont", "Helvetica Neue"),
}
_LINUX_FALLBACKS = ("Noto Sans", "DejaVu Sans")

_DISPLAY_FROM = 32  # px; Inter's axis of optical size ends here, at its display cut

_System = QFontDatabase.WritingSystem

_ARABIC = ("Noto Sans Arabic", "Segoe UI", "Geeza Pro", "Noto Naskh Arabic", "DejaVu Sans")

# First code point, last code point, writing system, faces we would rather have than whatever comes first.
_SCRIPTS: tuple[tuple[int, int, QFontDatabase.WritingSystem, tuple[str, ...]], ...] = (
    (0x0530, 0x058F, _System.Armenian, ("Noto Sans Armenian", "Segoe UI", "Mshtakan")),
    (0x0590, 0x05FF, _System.Hebrew, ("Noto Sans Hebrew", "Segoe UI", "Arial Hebrew")),
    (0x0600, 0x06FF, _System.Arabic, _ARABIC),
    (0x0750, 0x077F, _System.Arabic, _ARABIC),
    (0x0900, 0x097F, _System.Devanagari, ("Noto Sans Devanagari", "Nirmala UI", "Kohinoor Devanagari")),
    (0x0980, 0x09FF, _System.Bengali, ("Noto Sans Bengali", "Nirmala UI", "Kohinoor Bangla")),
    (0x0A00, 0x0A7F, _System.Gurmukhi, ("Noto Sans Gurmukhi", "Nirmala UI", "Gurmukhi MN")),
    (0x0A80, 0x0AFF, _System.Gujarati, ("Noto Sans Gujarati", "Nirmala UI", "Kohinoor Gujarati")),
    (0x0B00, 0x0B7F, _System.Oriya, ("Noto Sans Oriya", "Nirmala UI", "Oriya MN")),
    (0x0B80, 0x0BFF, _System.Tamil, ("Noto Sans Tamil", "Nirmala UI", "Tamil MN")),
    (0x0C00, 0x0C7F, _System.Telugu, ("Noto Sans Telugu", "Nirmala UI", "Kohinoor Telugu")),
    (0x0C80, 0x0CFF, _System.Kannada, ("Noto Sans Kannada", "Nirmala UI", "Kannada MN")),
    (0x0D00, 0x0D7F, _System.Malayalam, ("Noto Sans Malayalam", "Nirmala UI", "Malayalam MN")),
    (0x0D80, 0x0DFF, _System.Sinhala, ("Noto Sans Sinhala", "Nirmala UI", "Sinhala MN")),
    (0x0E00, 0x0E7F, _System.Thai, ("Noto Sans Thai", "Leelawadee UI", "Thonburi")),
    (0x0E80, 0x0EFF, _System.Lao, ("Noto Sans Lao", "Leelawadee UI", "Lao MN")),
    (0x1000, 0x109F, _System.Myanmar, ("Noto Sans Myanmar", "Myanmar Text", "Myanmar MN")),
    (0x10A0, 0x10FF, _System.Georgian, ("Noto Sans Georgian", "Segoe UI", "Helvetica Neue")),
    (0x1780, 0x17FF, _System.Khmer, ("Noto Sans Khmer", "Leelawadee UI", "Khmer MN")),
    (0x3040, 0x30FF, _System.Japanese, ("Noto Sans CJK JP", "Yu Gothic UI", "Hiragino Sans")),
    (0x3400, 0x9FFF, _System.SimplifiedChinese, ("Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC")),
    (0xAC00, 0xD7AF, _System.Korean, ("Noto Sans CJK KR", "Malgun Gothic", "Apple SD Gothic Neo")),
    (0xFB50, 0xFDFF, _System.Arabic, _ARABIC),
    (0xFE70, 0xFEFF, _System.Arabic, _ARABIC),
)
_FIRST_OTHER_SCRIPT = 0x0530  # below: Latin, Greek and Cyrillic, which Inter has


@cache
def families() -> tuple[str, ...]:
    """Return the families to ask for, Inter first; the first call loads Inter's file (about 30 ms)."""
    system = _FALLBACKS.get(sys.platform, _LINUX_FALLBACKS)
    inter = _load_packaged("Inter")
    return (inter, *system) if inter else system


def _load_packaged(family: str) -> str | None:
    """Load a family from its font package, if that is installed, and return its name to Qt."""
    try:
        package = import_module("fontpkg_" + family.lower().replace(" ", "_"))
    except ImportError:
        return None
    upright = [path for path in sorted((package.ROOT / "files").glob("*.ttf")) if "Italic" not in path.name]
    if not upright:
        return None
    loaded = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(upright[0])))
    return loaded[0] if loaded else None


def font(size_px: int, weight: int = REGULAR, letter_spacing_percent: float = 0) -> QFont:
    """Return a font of `size_px` px with tabular figures; letter spacing is in percent of the size."""
    return QFont(_font(size_px, weight, letter_spacing_percent))


@lru_cache(maxsize=256)
def _font(size_px: int, weight: int, letter_spacing_percent: float) -> QFont:
    made = QFont(list(families()))
    made.setPixelSize(max(1, size_px))
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # The weight alone does not reach a variable file loaded by the application on every platform.
    made.setVariableAxis(QFont.Tag("wght"), weight)
    if size_px >= _DISPLAY_FROM:
        made.setVariableAxis(QFont.Tag("opsz"), _DISPLAY_FROM)
    # A style sheet cannot set this feature, and figures that change at every key must not wander.
    made.setFeature(QFont.Tag("tnum"), 1)
    if letter_spacing_percent:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, size_px * letter_spacing_percent / 100)
    return made


def font_for_text(text: str, base: QFont) -> QFont:
    """Return `base`, or a copy that asks first for a face of the script the text is written in.

    Left to itself Qt shapes such text with Inter first, logs a warning for each family that lacks the
    script, and may end at an ugly face.
    """
    system = _script_of(text)
    if system is None:
        return base
    chosen = QFont(base)
    face = _face_for(system)
    if face is None:
        # Nothing here can shape this script: empty boxes are all there is. Searching and logging each
        # installed family for them took 18 ms a label.
        chosen.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
        return chosen
    chosen.setFamilies([face, *families()])
    # Absolute letter spacing would tear joined scripts apart.
    chosen.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 100)
    return chosen


def _script_of(text: str) -> QFontDatabase.WritingSystem | None:
    if text.isascii():
        return None
    for character in text:
        point = ord(character)
        if point >= _FIRST_OTHER_SCRIPT:
            for first, last, system, _ in _SCRIPTS:
                if first <= point <= last:
                    return system
    return None


@cache
def _face_for(system: QFontDatabase.WritingSystem) -> str | None:
    installed = [name for name in QFontDatabase.families(system) if name not in families()[:1]]
    wanted = next((faces for _, _, which, faces in _SCRIPTS if which == system), ())
    sans = [name for name in installed if "Mono" not in name and "Serif" not in name]
    if wanted and wanted[0] not in installed and (packaged := _load_packaged(wanted[0])):
        return packaged
    return next((name for name in (*wanted, *sans, *installed) if name in installed), None)
