"""All that is needed to say something: the language, the figures, and what the shop calls its points."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.domain.points import PointName
from cashier_app.wording.figures import CurrencyDisplay, Figures, Hours
from cashier_app.wording.sentences import plain
from cashier_app.wording.translator import Translator


class Wording(Struct, frozen=True):
    """A voice: one language, one region's figures, one shop's point name."""

    translator: Translator
    figures: Figures
    point_name: PointName

    @classmethod
    def of(
        cls,
        locale: str,
        zone: tzinfo,
        point_name: PointName,
        translator: Translator | None = None,
        *,
        currency_display: CurrencyDisplay = CurrencyDisplay.SIGN,
        hours: Hours = Hours.BY_REGION,
    ) -> Wording:
        """Return the wording of a locale such as ``en_IN``; its language is looked up unless one is given."""
        figures = Figures(locale, zone, currency_display=currency_display, hours=hours)
        clean = PointName(plain(point_name.singular), plain(point_name.plural))
        return cls(translator or Translator.for_locale(locale), figures, clean)

    def with_point_name(self, point_name: PointName) -> Wording:
        """Return the same voice with the point name of another program."""
        return replace(self, point_name=PointName(plain(point_name.singular), plain(point_name.plural)))

    def text(self, message: str, /, **values: str) -> str:
        """Return a message in this language; the literal is found by ``pybabel extract -k text``."""
        return self.translator.text(message, **values)

    def plural(self, singular: str, plural: str, n: int, /, **values: str) -> str:
        """Return a message whose form depends on `n`."""
        return self.translator.plural(singular, plural, n, **values)

    @property
    def points_name(self) -> str:
        """Return the plural point name, such as ``coins``."""
        return self.point_name.plural

    @property
    def points_capital(self) -> str:
        """Return the plural point name for the start of a sentence, such as ``Coins``."""
        name = self.point_name.plural
        return name[:1].upper() + name[1:]

    def unit(self, points: Decimal) -> str:
        """Return the point name that goes with this many."""
        return self.point_name.singular if abs(points) == 1 else self.point_name.plural

    def points(self, points: Decimal) -> str:
        """Return points with their name, such as ``1,240 coins``."""
        return self.text("{number} {unit}", number=self.figures.points(points), unit=self.unit(points))

    def signed_points(self, points: Decimal) -> str:
        """Return points with sign and name, such as ``+21 coins``."""
        number = self.figures.signed_points(points)
        return self.text("{number} {unit}", number=number, unit=self.unit(points))

    def joined(self, parts: Iterable[str]) -> str:
        """Return short texts as one spoken line; empty ones are left out."""
        return self.text(", ").join(part for part in parts if part)

    @staticmethod
    def form_for(points: Decimal) -> int:
        """Return the number that chooses the plural form for this many points; parts of one are plural."""
        whole = int(points)
        return abs(whole) if whole == points else 2

    def age(self, seconds: float) -> str:
        """Return a length of time in its largest whole unit, such as ``45 min``, ``3 h`` or ``2 days``."""
        passed = max(int(seconds), 0)
        if passed < 60:
            return self.text("{n} s", n=self.figures.count(passed))
        if passed < 3600:
            return self.text("{n} min", n=self.figures.count(passed // 60))
        if passed < 86400:
            return self.text("{n} h", n=self.figures.count(passed // 3600))
        days = passed // 86400
        return self.plural("{n} day", "{n} days", days, n=self.figures.count(days))
