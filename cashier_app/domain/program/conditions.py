"""When a rule holds, and which lines of a bill it looks at."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cashier_app.domain.program.figures import Rate

MAX_NAMES = 500
"""Most names in one list of categories, items, stores, kinds of payment, tiers or tags."""

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], Meta(max_length=MAX_NAMES)]


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class When(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Conditions that must all hold; an empty list asks nothing.

    Args:
        tiers: Tiers of which the member must hold one.
        starts: First day, in the shop's own time.
        ends: Last day, inclusive.
        weekdays: Days of the week.
        from_time: Time of day from which the rule holds.
        until_time: Time of day before which it holds; one not after `from_time` runs past midnight.
        stores: Names of stores.
        paid_with: Kinds of payment, such as ``card``.
        member_tags: Tags of which the member must carry one.
        except_member_tags: Tags of which the member must carry none.
    """

    tiers: Names = ()
    starts: date | None = None
    ends: date | None = None
    weekdays: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    from_time: time | None = None
    until_time: time | None = None
    stores: Names = ()
    paid_with: Names = ()
    member_tags: Names = ()
    except_member_tags: Names = ()


ALWAYS = When()


class Share(StrEnum):
    """Whether a part counts."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    ONLY = "only"


class Lines(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which lines of the bill count.

    Args:
        only_categories: Where this or `only_items` is given, a line must be in one of them.
        only_items: Item numbers that count.
        except_categories: Lines in one of them do not count, even where another list names them.
        except_items: Item numbers that do not count.
        discounted: Whether lines already sold below their price count.
    """

    only_categories: Names = ()
    only_items: Names = ()
    except_categories: Names = ()
    except_items: Names = ()
    discounted: Share = Share.INCLUDED


ALL_LINES = Lines()


class Needs(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What else must be on the bill, whatever it costs and whatever is redeemed on it.

    Args:
        lines: Lines that are looked for.
        quantity: Items, or kilograms and the like, on them together.
    """

    lines: Lines
    quantity: Rate = Rate(1)


class Part(StrEnum):
    """Whether tax or stored value counts."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
