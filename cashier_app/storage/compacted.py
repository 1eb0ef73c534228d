"""What stays of a sale whose details are forgotten: what it counted, so that it can be counted again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import asdict

from cashier_app.domain.counting import Movement, Place, till_of
from cashier_app.domain.figures import FIGURE_NAMES
from cashier_app.domain.sale import Sale
from cashier_app.storage.kept_acts import KeptAct
from cashier_app.storage.rollups import from_stored, in_units


class CountedThen(Struct, frozen=True, omit_defaults=True):
    """Figures of one day and hour; those that are zero are left out, points are in ten-thousandths."""

    day: date
    hour: int
    figures: dict[str, int]
    staff_id: str = ""


class CompactedSale(KeptAct, frozen=True):
    """A sale or an act as it is kept, with what it counted once its effects are gone.

    Args:
        counted: Of its own day first, then of its returns; None while its effects are there.
        member_key: Whose sale it was, unreadable: so that a later one is never their first.
    """

    counted: tuple[CountedThen, ...] | None = None
    member_key: str = ""


def compacted(sale: Sale, movements: Sequence[Movement], member_key: bytes) -> CompactedSale:
    """Return a sale or an act with what it counts by now, without what names anybody or was sold."""
    counted = []
    for movement in movements:
        units = zip(FIGURE_NAMES, in_units(movement.figures), strict=True)
        place = movement.place
        figures = {name: value for name, value in units if value}
        counted.append(CountedThen(place.day, place.hour, figures, place.staff_id))
    kept = asdict(sale) | {"member_id": "", "display_name": "", "program_version": "", "lines": ()}
    return CompactedSale(**kept, counted=tuple(counted), member_key=member_key.hex())


def movements_of(sale: CompactedSale) -> list[Movement]:
    """Return what a compacted sale or act counted."""
    till, subject = till_of(sale), sale.sale_id
    if sale.till:
        till, subject = sale.till, f"{sale.till}:{sale.sale_id}"
    way = "" if sale.way is None else sale.way.value
    movements = []
    for then in sale.counted or ():
        place = Place(then.day, then.hour, sale.bill.currency.code, then.staff_id, till, sale.tier, way)
        figures = from_stored([then.figures.get(name, 0) for name in FIGURE_NAMES])
        took = sale.took_tenths if figures.timed_sales else None
        movements.append(Movement(subject, sale.at, place, figures, took))
    return movements
