"""The letters on a touch screen: which keys there are, page by page, and what stands above them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from cashier_app.services.till_view import Target, TillView
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording

_LATIN = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ACCENTS = ("àáâäãåæçđ", "èéêëíîïñ", "óôöøúüß")
_SIGNS = ("1234567890", "@.-_+'&/()", "#,:;!?")
# InScript, the layout of the Indian standard IS 13194; the second page is what Shift types there.
_DEVANAGARI = ("ौैाीूबहगदजड", "ोे्िुपरकतचट", "ंमनवलसय़")
_DEVANAGARI_MORE = ("औऐआईऊभङघधझढ", "ओएअइउफऋखथछठ", "ँणळश\u200dषञ")
_ARABIC = ("ضصثقفغعهخحج", "شسيبلاتنمكط", "ئءؤرىةوزظ")
_ARABIC_MORE = ("أإآدذ", "ًٌٍَُِّْ", "لاڤپچگ")


class LetterPage(Struct, frozen=True):
    """Three or four rows of keys.

    Args:
        rows: The keys of each row; capitals are made of them where the script has any.
        name: What the key that leads here shows.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]


class PromptWords(Struct, frozen=True):
    """Above the letter keys: what is typed, and what about it."""

    title: Sentence
    aside: Sentence
    line: Sentence


def _page(name: str, rows: tuple[str, ...]) -> LetterPage:
    return LetterPage(name, tuple(tuple(row) for row in rows))


LETTERS: Final = _page("ABC", _LATIN)
SIGNS: Final = _page("123", _SIGNS)
CODES: Final = _page("ABC", ("1234567890", *_LATIN))
"""For what mixes letters and digits, as vouchers do."""
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


def letter_key_names(wording: Wording) -> tuple[str, str, str]:
    """Return the names of the keys for a space, to delete and for capitals."""
    return wording.text("Space"), wording.text("Delete"), wording.text("Capitals")


def till_prompt(view: TillView, wording: Wording) -> PromptWords:
    """Return what stands above the letter keys of the till: for a voucher's code, or a manager's name."""
    bill = wording.text("Bill {bill}", bill=wording.figures.money(view.bill.money))
    if view.target is Target.VOUCHER:
        title, line = wording.text("Voucher code"), wording.text("As it stands on the voucher")
    else:
        title, line = wording.text("Manager's name"), wording.text("A manager must confirm this")
    return PromptWords(Sentence.of(title), Sentence.of(bill), Sentence.of(line))
