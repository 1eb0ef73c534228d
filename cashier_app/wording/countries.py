"""Countries, currencies and time zones to choose from, by the names people know them by. Loads Babel."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from msgspec import Struct

from cashier_app.wording.speech import Wording

_UNKNOWN = "001"
_MAIN_ZONES = {
    "AC": "Atlantic/St_Helena",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "FM": "Pacific/Pohnpei",
    "RU": "Europe/Moscow",
    "TA": "Atlantic/St_Helena",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
    "XK": "Europe/Belgrade",
}
"""Where most people live, of countries whose zones IANA lists from the east or the north, or under another
country: CLDR's primary zones, and the zone of the largest city where CLDR names none."""


class Named(Struct, frozen=True):
    """Something with a code that programs know and a name that people know."""

    code: str
    name: str


def country_name(code: str, wording: Wording) -> str:
    """Return the name of a country by its ISO letters; the letters where it has none."""
    return str(_language(wording).territories.get(code, code))


def countries(wording: Wording) -> tuple[Named, ...]:
    """Return every country whose phone numbers can be read, by name. Loads the numbering plans."""
    from cashier_app.domain.phone import is_region

    names = _language(wording).territories
    found = (Named(code, str(name)) for code, name in names.items() if len(code) == 2 and is_region(code))
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def currency_of(region: str) -> str:
    """Return the ISO letters of a country's currency; US dollars where it has none of its own."""
    from babel.numbers import get_territory_currencies

    return next(iter(get_territory_currencies(region)), "USD")


def decimals_of(currency: str) -> int:
    """Return how many decimals amounts of a currency have, by CLDR."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


def currencies(wording: Wording) -> tuple[Named, ...]:
    """Return the currencies somebody pays with today, by name."""
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    names = _language(wording).currencies
    used = {
        code for region in get_global("territory_currencies") for code in get_territory_currencies(region)
    }
    found = (Named(code, str(names.get(code, code))) for code in used)
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def currency_name(code: str, wording: Wording) -> str:
    """Return a currency's name; its letters where it has none."""
    return str(_language(wording).currencies.get(code, code))


@cache
def zones_by_country() -> dict[str, tuple[str, ...]]:
    """Return the time zones of each country, its first one first."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found.setdefault(country, []).append(zone)
    return {country: _main_first(country, zones) for country, zones in found.items()}


def _main_first(country: str, zones: list[str]) -> tuple[str, ...]:
    return tuple(sorted(zones, key=lambda zone: zone != _MAIN_ZONES.get(country)))


def country_of_zone(zone: str) -> str:
    """Return the country a time zone is named after; empty for none, such as UTC."""
    return next((country for country, zones in zones_by_country().items() if zone in zones), "")


def zones_of(region: str) -> tuple[str, ...]:
    """Return the time zones to choose from: those of the country first, then all others."""
    main = (_MAIN_ZONES[region],) if region in _MAIN_ZONES else ()
    own = zones_by_country().get(region, main)
    others = sorted({zone for zones in zones_by_country().values() for zone in zones} - set(own))
    return (*own, *others, "UTC")


def zone_in(region: str, so_far: str) -> str:
    """Return the time zone of a country that was just chosen: the one so far where it is one of its own."""
    return so_far if so_far in zones_by_country().get(region, ()) else zones_of(region)[0]


def matching(choices: tuple[Named, ...], typed: str) -> tuple[Named, ...]:
    """Return what begins with, or holds, what somebody typed: names that begin so first, then codes."""
    wanted = _folded(typed)
    if not wanted:
        return choices
    first = [one for one in choices if one.code.casefold() == wanted]
    begins = [one for one in choices if _folded(one.name).startswith(wanted)]
    holds = [one for one in choices if wanted in _folded(one.name) or one.code.casefold().startswith(wanted)]
    return tuple(dict.fromkeys((*first, *begins, *holds)))


def _folded(text: str) -> str:
    from unicodedata import combining, normalize

    spread = normalize("NFKD", text.replace("_", " ").casefold())
    return "".join(sign for sign in spread if not combining(sign)).strip()


def _language(wording: Wording):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Babel is loaded here
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        return Locale.parse(wording.translator.language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")
