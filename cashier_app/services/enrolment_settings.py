"""How customers join at this till: what they are asked to agree to, and what they may be asked for."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.domain.enrolment import ConsentText, EnrolmentField

_POINTS = "{points}"


class Terms(Struct, frozen=True):
    """What customers are asked to agree to, in one language.

    Args:
        consent: The sentence the cashier says aloud; ``{points}`` stands for what the shop calls its points.
        full: All of the terms, for who wants to read them; empty where the shop has no longer text.
    """

    consent: ConsentText
    full: str = ""

    def with_points(self, points: str) -> Terms:
        """Return the same with the shop's name of its points; no other braces mean anything."""
        consent = self.consent
        said = ConsentText(consent.version, consent.language, consent.text.replace(_POINTS, points))
        return Terms(said, self.full.replace(_POINTS, points))


DEFAULT_VERSION = "1"
DEFAULT_TERMS = tuple(
    Terms(ConsentText(DEFAULT_VERSION, language, text))
    for language, text in (
        (
            "en",
            "May we keep your name and number, so that you collect {points} here? You can stop at any time.",
        ),
        (
            "hi",
            "क्या हम आपका नाम और नंबर रख सकते हैं, ताकि आप यहाँ {points} जमा कर सकें? आप इसे कभी भी बंद कर सकते हैं।",
        ),
        (
            "ar",
            "هل تسمح لنا بحفظ اسمك ورقمك لتجمع {points} هنا؟ يمكنك التوقف في أي وقت.",
        ),
        (
            "es",
            (
                "¿Podemos guardar su nombre y su número para que acumule {points} aquí? "
                "Puede dejarlo en cualquier momento."
            ),
        ),
        (
            "fr",
            (
                "Pouvons-nous garder votre nom et votre numéro, pour que vous cumuliez des {points} ici ? "
                "Vous pouvez arrêter à tout moment."
            ),
        ),
        (
            "de",
            (
                "Dürfen wir Ihren Namen und Ihre Nummer speichern, damit Sie hier {points} sammeln? "
                "Sie können jederzeit aufhören."
            ),
        ),
    )
)
"""What is asked where the shop has written nothing of its own."""


class EnrolmentSettings(Struct, frozen=True):
    """What a shop decides about customers who join.

    Args:
        terms: In each language; at least one.
        wants: Asked for where the backend takes it, though it does not insist.
        join_address: Where customers join by themselves, for a printed or shown code; empty for nowhere.
    """

    terms: tuple[Terms, ...] = DEFAULT_TERMS
    wants: frozenset[EnrolmentField] = frozenset({EnrolmentField.EMAIL, EnrolmentField.REFERRAL})
    join_address: str = ""

    def terms_for(self, locale: str, points: str) -> tuple[Terms, ...]:
        """Return the terms with the language of this locale, such as ``en_IN``, before all others."""
        language = locale.replace("-", "_").split("_", maxsplit=1)[0]
        first = sorted(self.terms, key=lambda terms: terms.consent.language != language)
        return tuple(terms.with_points(points) for terms in first)


USUAL_ENROLMENT = EnrolmentSettings()
