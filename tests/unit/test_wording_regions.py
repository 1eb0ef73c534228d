"""The facts kept about regions are Babel's, and figures written with them are what Babel writes."""

from __future__ import annotations

from datetime import UTC, datetime, time

import msgspec
import pytest
from babel import Locale
from babel.dates import format_time
from babel.localedata import locale_identifiers

from cashier_app import paths
from cashier_app.wording.figures import Figures
from cashier_app.wording.regions import FILE, Region, from_babel, region_of

TABLE = msgspec.json.decode((paths.resources() / FILE).read_bytes(), type=dict[str, Region])
TIMES = (time(0, 5), time(9, 30), time(12, 0), time(15, 59))


def test_the_table_says_of_every_region_what_babel_says() -> None:
    names = [name for name in locale_identifiers() if (Locale.parse(name).territory or "1").isalpha()]
    assert sorted(TABLE) == sorted(names)
    assert [name for name in names if TABLE[name] != from_babel(Locale.parse(name))] == []


def test_what_is_not_in_the_table_is_asked_of_babel() -> None:
    assert "de" not in TABLE
    assert region_of("de") == from_babel(Locale.parse("de"))
    assert region_of("en-IN") == TABLE["en_IN"]
    assert region_of("nowhere").point == "."


@pytest.mark.parametrize("locale", sorted(TABLE))
def test_the_time_of_day_is_written_as_babel_writes_it(locale: str) -> None:
    figures = Figures(locale, UTC)
    for at in TIMES:
        wanted = format_time(at, "short", locale=locale)
        shown = figures.time(datetime(2026, 11, 21, at.hour, at.minute, tzinfo=UTC))
        assert shown == wanted.translate(dict.fromkeys((0x061C, 0x200E, 0x200F)))
