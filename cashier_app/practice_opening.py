"""What a trainee holds up, put together: members, their codes as drawn modules, and the printable sheet.

Nothing here is loaded before practice begins: drawing brings segno, zxing-cpp and numpy, printing fpdf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cashier_app.demo.passes import FOREIGN_GOODS, PassCodes, pass_holders, sheet_vouchers
from cashier_app.domain.lesson import HoldUp, TypePhone
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.points import PointName
from cashier_app.domain.practice_pass import PassHolder
from cashier_app.errors import KnownError
from cashier_app.printing.practice_layout import SheetPaper
from cashier_app.scanning import symbologies
from cashier_app.scanning.printed_codes import QUIET_MODULES, PrintedCode, printed_code
from cashier_app.wording.practice_pass import PassWords, kind_name, pass_words
from cashier_app.wording.practice_sheet import (
    PracticeSheet,
    SheetCell,
    SheetCode,
    SheetPass,
    VoucherFacts,
    caption,
    other_cells,
    practice_sheet,
    typed_line,
    voucher_cell,
)

if TYPE_CHECKING:
    from cashier_app.wording.speech import Wording

KINDS = (symbologies.QR_CODE, symbologies.AZTEC, symbologies.PDF417, symbologies.CODE_128)
"""The kinds of code a pass can show, in the order of their keys; bars hold the member number."""

ROTATING_KINDS = KINDS[:3]
"""Those that have room for a code that changes."""


class PracticeMaterial:
    """The passes of the practice shop. From any thread; drawing a code takes 1 to 5 ms.

    Args:
        used_in_lessons: Returns the members the lessons want, by id: their passes come first.
    """

    def __init__(self, used_in_lessons: Callable[[], Iterable[str]] = tuple) -> None:
        self._used_in_lessons = used_in_lessons

    @cached_property
    def _first(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._used_in_lessons()))

    @property
    def point_name(self) -> PointName:
        """Return what the practice shop calls its points."""
        return self.codes.point_name

    @cached_property
    def members(self) -> tuple[PassHolder, ...]:
        """Return everybody, those of the lessons first."""
        everybody = {member.member_id: member for member in pass_holders()}
        first = [everybody[name] for name in self._first if name in everybody]
        return (*first, *(one for one in everybody.values() if one not in first))

    @property
    def lesson_members(self) -> tuple[PassHolder, ...]:
        """Return the members of the lessons; everybody where no lesson named one."""
        count = sum(member.member_id in self._first for member in self.members)
        return self.members[:count] if count else self.members

    @cached_property
    def codes(self) -> PassCodes:
        """Return what makes the members' codes."""
        return PassCodes()

    def words(self, member: PassHolder, wording: Wording) -> PassWords:
        """Return what stands on a member's pass."""
        return pass_words(member, wording)

    def fixed_code(self, member: PassHolder, kind: str) -> PrintedCode:
        """Return a member's lasting code; bars hold the member number, which a laser line can read."""
        text = member.number if kind == symbologies.CODE_128 else self.codes.fixed(member.member_id)
        return printed_code(kind, text)

    def rotating_code(self, member_id: str, made_at: datetime, kind: str) -> PrintedCode:
        """Return the code a phone shows that made it at this time, UTC."""
        return printed_code(kind, self.codes.rotating(member_id, made_at))

    def code_of(self, text: str, kind: str) -> PrintedCode:
        """Return a text somebody else knows as a code."""
        return printed_code(kind, text)

    def stale_code(self, member_id: str, now: datetime, kind: str) -> PrintedCode:
        """Return a code that was made too long before `now`, UTC, for any till to take it."""
        return self.rotating_code(member_id, self.codes.stale_at(now), kind)

    def sheet(self, wording: Wording, store: str, now: datetime, *, everybody: bool = False) -> PracticeSheet:
        """Return the printable sheet as of `now`, UTC; the code that is good once counts from then."""
        members = self.members if everybody else self.lesson_members
        return practice_sheet(
            store,
            tuple(self._pass(member, wording) for member in members),
            self._others(wording, store, now),
            self._vouchers(wording, now),
            wording,
        )

    def _pass(self, member: PassHolder, wording: Wording) -> SheetPass:
        words = self.words(member, wording)
        codes = tuple(
            _sheet_code(
                self.fixed_code(member, kind),
                wording,
                words.number if kind == symbologies.CODE_128 else kind_name(kind, wording),
            )
            for kind in KINDS
        )
        return SheetPass(words, codes, typed_line(words, wording))

    def _others(self, wording: Wording, store: str, now: datetime) -> tuple[SheetCell, ...]:
        member = self.members[0]
        stale = self.stale_code(member.member_id, now, symbologies.QR_CODE)
        once = self.rotating_code(member.member_id, now, symbologies.QR_CODE)
        name = self.words(member, wording).name
        codes = (
            _sheet_code(stale, wording, name),
            _sheet_code(once, wording, name),
            _sheet_code(printed_code(symbologies.EAN_13, FOREIGN_GOODS), wording, FOREIGN_GOODS),
            _sheet_code(printed_code(symbologies.QR_CODE, _foreign_receipt(now)), wording),
        )
        return other_cells(codes, now, timedelta(seconds=self.codes.life_seconds), wording, store)

    def _vouchers(self, wording: Wording, now: datetime) -> tuple[SheetCell, ...]:
        cells = []
        for one in sheet_vouchers(now.astimezone(wording.figures.zone).date()):
            facts = VoucherFacts(
                one.gives, one.owner, _begins(one.first_day), _begins(one.last_day), one.is_good
            )
            code = _sheet_code(printed_code(symbologies.QR_CODE, one.code), wording, one.code)
            cells.append(voucher_cell(facts, code, wording))
        return tuple(cells)


def lesson_members() -> tuple[str, ...]:
    """Return the ids of all members some lesson wants, in the order of the lessons.

    Raises:
        KnownError: A lesson cannot be used.
    """
    from cashier_app.documents.lesson_document import load_lessons

    wanted: list[str] = []
    for lesson in load_lessons():
        wanted += lesson.members
        wanted += [
            hand.member for step in lesson.steps for hand in step.do if isinstance(hand, HoldUp | TypePhone)
        ]
    return tuple(dict.fromkeys(wanted))


def practice_wording(wording: Wording, material: PracticeMaterial) -> Wording:
    """Return a till's voice with the practice shop's name for points, which a till learns later."""
    return wording.with_point_name(material.point_name)


def sheet_pdf(sheet: PracticeSheet, paper: SheetPaper) -> bytes:
    """Return the sheet as PDF. Blocking, a second or two."""
    from cashier_app.printing.practice_pdf import practice_pdf

    return practice_pdf(sheet, paper)


def write_sheet(path: Path, sheet: PracticeSheet, paper: SheetPaper) -> None:
    """Write the sheet to a file, over one that is there. Blocking.

    Raises:
        KnownError: The file cannot be written.
    """
    made = sheet_pdf(sheet, paper)
    try:
        path.write_bytes(made)
    except OSError as error:
        raise KnownError(f"{path.name} could not be written: {error.strerror or error}.") from error


def _sheet_code(code: PrintedCode, wording: Wording, detail: str = "") -> SheetCode:
    return SheetCode(
        code.kind,
        kind_name(code.kind, wording),
        code.text,
        code.rows,
        QUIET_MODULES[code.kind],
        caption(wording, detail),
    )


def _begins(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _foreign_receipt(now: datetime) -> str:
    """Return a receipt's code as a till wrote it whose key nobody here has."""
    from cashier_app.domain.claim_code import PROOF_BYTES, ReceiptFacts, receipt_code

    rupee = Currency("INR", 2)
    facts = ReceiptFacts(
        store="Another shop",
        till="1",
        number="1-0001",
        sale_id="019aa0aa-0000-7000-8000-000000000001",
        at=now.replace(microsecond=0) - timedelta(hours=1),
        bill=Money(45_000, rupee),
        discount=Money(0, rupee),
        paid=Money(45_000, rupee),
    )
    return receipt_code(facts, lambda _: bytes(range(1, PROOF_BYTES + 1)))
