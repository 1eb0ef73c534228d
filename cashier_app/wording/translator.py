"""Translation of the till's own sentences: an object passed in, never installed for the whole process."""

from __future__ import annotations

import gettext
from io import BytesIO
from pathlib import Path

from cashier_app import paths

DOMAIN = "cashier-app"
SOURCE_LANGUAGE = "en"


class Translator:
    """Sentences of one language. Cashier and customer may each have their own.

    Args:
        catalogue: The translations; None for the English source texts.
        language: Which language they are in, such as ``hi``.
    """

    def __init__(
        self, catalogue: gettext.NullTranslations | None = None, language: str = SOURCE_LANGUAGE
    ) -> None:
        self._catalogue = catalogue or gettext.NullTranslations()
        self.language = language

    @classmethod
    def for_locale(cls, locale: str, folder: Path | None = None) -> Translator:
        """Return the translator nearest to a locale such as ``pt_BR``; English where there is none."""
        folder = folder or paths.resources() / "translations"
        wanted = locale.replace("-", "_")
        for language in dict.fromkeys((wanted, wanted.split("_", maxsplit=1)[0])):
            catalogue = _read_catalogue(folder / language / "LC_MESSAGES")
            if catalogue is not None:
                return cls(catalogue, language)
        return cls()

    def text(self, message: str, /, **values: str) -> str:
        """Return the message in this language with its ``{places}`` filled in."""
        return _fill(self._catalogue.gettext(message), message, values)

    def plural(self, singular: str, plural: str, n: int, /, **values: str) -> str:
        """Return the form of the message this language has for `n`, with its ``{places}`` filled in."""
        source = singular if n == 1 else plural
        return _fill(self._catalogue.ngettext(singular, plural, n), source, values)


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Return the languages there are, the source language first: none is named that has no sentences."""
    folder = folder or paths.resources() / "translations"
    files = (f"{DOMAIN}.mo", f"{DOMAIN}.po")
    found = {
        one.name
        for one in (folder.iterdir() if folder.is_dir() else ())
        if any((one / "LC_MESSAGES" / file).is_file() for file in files)
    }
    return (SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE}))


def _fill(translated: str, source: str, values: dict[str, str]) -> str:
    try:
        return translated.format_map(values)
    except (KeyError, IndexError, ValueError, AttributeError):
        # A translation that names a place we do not have must never stop a sale.
        return source.format_map(values)


def _read_catalogue(folder: Path) -> gettext.GNUTranslations | None:
    compiled, source = folder / f"{DOMAIN}.mo", folder / f"{DOMAIN}.po"
    if compiled.is_file():
        with compiled.open("rb") as stream:
            return gettext.GNUTranslations(stream)
    if not source.is_file():
        return None
    # A checkout has only the texts; Babel is imported here because a compiled catalogue does not need it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as stream:
        catalogue = read_po(stream, domain=DOMAIN)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)
