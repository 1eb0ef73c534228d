"""The letters on a touch screen: which keys there are, page by page, in the scripts customers use."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

_LATIN = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ACCENTS = ("àáâäãåæçđ", "èéêëíîïñ", "óôöøúüß")
_SIGNS = ("1234567890", "@.-_+'&/()", "#,:;!?")
# InScript, the layout of the Indian standard IS 13194; the second page is what Shift types there.
_DEVANAGARI = ("ौैाीूबहगदजड", "ोे्िुपरकतचट", "ंमनवलसय़")
_DEVANAGARI_MORE = ("औऐआईऊभङघधझढ", "ओएअइउफऋखथछठ", "ँणळश\u200dषञ")
_ARABIC = ("ضصثقفغعهخحج", "شسيبلاتنمكط", "ئءؤرىةوزظ")
_ARABIC_MORE = ("أإآدذ", "ًٌٍَُِّْ", "لاڤپچگ")


class LetterPage(Struct, frozen=True):
    """Three rows of keys.

    Args:
        rows: The keys of each row; capitals are made of them where the script has any.
        name: What the key that leads here shows.
    """

    name: str
    rows: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _page(name: str, rows: tuple[str, str, str]) -> LetterPage:
    first, second, third = (tuple(row) for row in rows)
    return LetterPage(name, (first, second, third))


LETTERS: Final = _page("ABC", _LATIN)
SIGNS: Final = _page("123", _SIGNS)
ACCENTS: Final = _page("éüñ", _ACCENTS)
_OTHER: Final = {
    "hi": (_page("हिन्दी", _DEVANAGARI), _page("औभ", _DEVANAGARI_MORE)),
    "mr": (_page("मराठी", _DEVANAGARI), _page("औभ", _DEVANAGARI_MORE)),
    "ar": (_page("عربي", _ARABIC), _page("أدذ", _ARABIC_MORE)),
}
_REGIONS: Final = {"IN": "hi", "NP": "hi"} | dict.fromkeys(
    ("AE", "BH", "DZ", "EG", "IQ", "JO", "KW", "LB", "LY", "MA", "OM", "QA", "SA", "SY", "TN", "YE"), "ar"
)


def pages_beside_latin(locale: str) -> tuple[LetterPage, ...]:
    """Return the pages of the other script of a locale such as ``en_IN``; accents where there is none."""
    language, _, region = locale.replace("-", "_").partition("_")
    other = _OTHER.get(language) or _OTHER.get(_REGIONS.get(region, ""))
    return other or (ACCENTS,)
