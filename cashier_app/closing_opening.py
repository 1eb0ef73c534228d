"""Putting the close of a day together: for the window, for the command line, and as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app import __version__
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.errors import KnownError
from cashier_app.ports.day_closings import Letterhead

if TYPE_CHECKING:
    from cashier_app.domain.day_close import ClosedDay, OpenDay
    from cashier_app.ports.clock import Clock
    from cashier_app.services.approval import Approval
    from cashier_app.services.day_closing import DayClosing, PaperCopy
    from cashier_app.services.till_settings import TillSettings
    from cashier_app.storage.journal import SqliteJournal
    from cashier_app.wording.close_sheet import CloseSheet
    from cashier_app.wording.speech import Wording


class Format(Enum):
    """What a close can be saved as: the ending of the file's name."""

    PDF = ".pdf"
    CSV = ".csv"
    JSON = ".json"


class LazyClosing:
    """The closed days as the window has them; opened with the till by the first worker that asks.

    Every method blocks, and raises what `DayClosing` and `write_close` raise.
    """

    def __init__(self, closing: Callable[[], DayClosing]) -> None:
        self._closing = closing

    def preview(self) -> OpenDay:
        """Return the report as it would be now, and the number it would get."""
        return self._closing().preview()

    def close(self, number: int, approval: Approval) -> ClosedDay:
        """Close the day; pressed twice, it returns the close that was made."""
        return self._closing().close(number, approval)

    def earlier(self, limit: int = 50, below: int = 0) -> list[ClosedDay]:
        """Return closes, the newest first."""
        return self._closing().earlier(limit, below)

    def for_paper(self, number: int, wording: Wording) -> tuple[CloseSheet, int]:
        """Return what is to be printed, and which copy that is; it is noted as going out."""
        copy = self._closing().hand_out(number, "printed")
        return sheet_of(copy, wording), copy.count

    def save(self, number: int, path: Path, wording: Wording, *, roll: bool = False) -> int:
        """Write a close to a .pdf, .csv or .json file, and return which copy that is."""
        kind = check_file(path)
        copy = self._closing().hand_out(number, kind.value.removeprefix("."))
        write_close(path, copy, wording, roll=roll, byte_order_mark=kind is Format.CSV)
        return copy.count


def open_closing(journal: SqliteJournal, settings: TillSettings, clock: Clock) -> DayClosing:
    """Return what closes the day of an open journal."""
    from cashier_app.services.day_closing import DayClosing
    from cashier_app.storage.day_closings import SqliteDayClosings

    return DayClosing(
        SqliteDayClosings(journal.database, settings.till, journal.reserve), clock, letterhead(settings)
    )


@contextmanager
def closing_beside(folder: Path, settings: TillSettings, clock: Clock) -> Iterator[DayClosing]:
    """Open what closes the day of a data folder, also while a till works in it.

    Raises:
        KnownError: There are no sales yet, or they cannot be read.
    """
    from cashier_app.storage.journal import SqliteJournal

    path = folder / JOURNAL_FILE
    if not path.is_file():
        raise KnownError("This till has no sales yet.")
    journal = SqliteJournal(path, settings.till, zone=settings.zone)
    try:
        yield open_closing(journal, settings, clock)
    finally:
        journal.close()


def letterhead(settings: TillSettings) -> Letterhead:
    """Return what each report says of this till."""
    return Letterhead(
        store=settings.store,
        till=settings.till,
        currency=settings.currency,
        zone=settings.zone,
        training=settings.training,
        made_with=__version__,
    )


def sheet_of(copy: PaperCopy, wording: Wording) -> CloseSheet:
    """Return what stands on the paper; every one but the first says that it is a copy."""
    from cashier_app.wording.day_close import CopyMark, closed_sheet

    return closed_sheet(copy.closed, wording, CopyMark(copy.count, copy.at) if copy.count else None)


def check_file(path: Path, *, replace: bool = True) -> Format:
    """Return what a file is to be, before anything is noted of it.

    Raises:
        KnownError: Its name ends otherwise, it is there and may not be replaced, or its folder is not there.
    """
    found = next((kind for kind in Format if kind.value == path.suffix.lower()), None)
    if found is None:
        raise KnownError("The file's name must end in .pdf, .csv or .json.")
    if path.exists() and not replace:
        raise KnownError("This file is there already. It was left as it is.")
    if not path.absolute().parent.is_dir():
        raise KnownError("There is no such folder. Choose another place.")
    return found


def write_close(
    path: Path,
    copy: PaperCopy,
    wording: Wording,
    *,
    roll: bool = False,
    byte_order_mark: bool = False,
    replace: bool = True,
) -> None:
    """Write a close to a file, whole or not at all: a .pdf, a .csv or a .json. Blocking, for a worker thread.

    Raises:
        KnownError: The name ends otherwise, the file is there and may not be replaced, or the disk refuses.
    """
    from cashier_app.services.closing_export import as_csv, as_json
    from cashier_app.services.export_files import write_file

    def pdf() -> bytes:
        from cashier_app.printing.close_pdf import Paper, close_pdf

        return close_pdf(sheet_of(copy, wording), Paper.ROLL if roll else Paper.A4)

    contents: dict[str, Callable[[], bytes]] = {
        Format.PDF.value: pdf,
        Format.CSV.value: lambda: as_csv(copy, byte_order_mark=byte_order_mark),
        Format.JSON.value: lambda: as_json(copy),
    }
    write_file(path, contents, replace=replace)
