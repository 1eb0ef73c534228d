"""What goes out of a closed day: sheet, PDF, table and document, marked where they must be."""

from __future__ import annotations

import csv
import gettext
import io
import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from cashier_app.closing_opening import check_file, sheet_of, write_close
from cashier_app.domain.day_close import Correction, DayClose, digest, spans_of
from cashier_app.domain.day_close_check import Fault, Finding
from cashier_app.domain.figures import FIGURE_NAMES, NO_FIGURES, Split
from cashier_app.domain.member import Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.sale import EffectKind
from cashier_app.errors import KnownError
from cashier_app.printing import faces
from cashier_app.printing.close_pdf import Paper, close_pdf
from cashier_app.services.approval import Reason
from cashier_app.services.closing_export import as_csv, as_json
from cashier_app.services.day_closing import PaperCopy
from cashier_app.services.export_files import BYTE_ORDER_MARK
from cashier_app.storage.closing_contents import LISTED_MATTERS
from cashier_app.wording.close_lines import sheet_lines
from cashier_app.wording.close_names import fault_words, kind_name, matter_name, reason_name, way_name
from cashier_app.wording.close_sheet import CloseSheet, SheetList, SheetTable
from cashier_app.wording.day_close import close_row, closed_sheet, open_sheet
from cashier_app.wording.translator import Translator
from tests.fakes.day_closes import SINCE, UNTIL, busy_report, closed, empty_report, grand_totals, many_waiting
from tests.fakes.pdf_rectangles import paper_mm
from tests.fakes.shop import RUPEE
from tests.unit.wording_shown import WORDING

TRAINING = busy_report(training=True)


def paper(report: DayClose | None = None, count: int = 0) -> PaperCopy:
    return PaperCopy(closed(report), count, UNTIL + timedelta(days=1))


def sheet(report: DayClose | None = None, count: int = 0) -> CloseSheet:
    return sheet_of(paper(report, count), WORDING)


def table(found: CloseSheet, title: str) -> dict[str, tuple[str, ...]]:
    part = next(part for part in found.parts if part.title == title)
    assert isinstance(part, SheetTable)
    return {line.name: line.figures for line in part.lines}


def entries(found: CloseSheet, title: str) -> list[str]:
    part = next(part for part in found.parts if part.title == title and isinstance(part, SheetList))
    assert isinstance(part, SheetList)
    return [f"{entry.name}: {entry.detail}" for entry in part.entries]


# --- the sheet --------------------------------------------------------------------------------------


def test_issued_and_used_stand_apart_and_gross() -> None:
    found = sheet()
    earned, used = table(found, "Coins earned"), table(found, "Coins used")
    assert earned["Coins earned"] == ("1,284", "15,408")
    assert earned["Coins taken back"] == ("23", "276")
    assert earned["Earned, waiting"] == ("+46", "552")
    assert used["Coins used"] == ("3,030", "36,360")
    assert used["Coins given back"] == ("200", "2,400")
    assert not any("net" in line.lower().split() for line in sheet_lines(found))


def test_loyalty_is_never_mixed_into_takings() -> None:
    lines = " ".join(sheet_lines(sheet())).lower()
    for word in ("revenue", "tender", "cash ", "card payment", "money given back"):
        assert word not in lines
    assert lines.count("takings") == 1
    assert "not a record of takings" in lines
    assert table(sheet(), "Sales at the loyalty step")["Discount given"] == ("₹3,150.00", "₹37,800.00")


def test_every_act_is_named_with_who_and_why() -> None:
    found = sheet()
    (settled,) = entries(found, "Settled by hand")
    assert settled.startswith("2-0371, coins used: Sat 21 Nov 2026 18:01, not booked, never sent. ")
    assert settled.endswith("Meera Iyer: Customer paid the discount back")
    (lifted,) = entries(found, "Limits lifted")
    assert lifted.startswith("2-0402, coins used offline: Sat 21 Nov 2026 18:01, ")
    assert lifted.endswith("Meera Iyer (meera), ₹300.00, member known")
    (loss,) = entries(found, "Discounts not covered")
    assert loss == "2-0371  ₹120.00: Sat 21 Nov 2026 18:01, settled by hand"
    assert len(entries(found, "Sales not posted yet")) == 3


def test_nothing_is_said_to_be_nothing() -> None:
    lists = [part for part in sheet(empty_report()).parts if isinstance(part, SheetList)]
    assert [(part.entries, part.empty) for part in lists] == [((), "None.")] * 5


def test_a_clock_that_was_set_back_is_said_and_makes_no_impossible_range() -> None:
    back = replace(busy_report(), since=UNTIL + timedelta(hours=2))
    facts = {fact.name: fact.value for fact in sheet(back).facts}
    assert facts["From"] == "the close before"
    assert facts["Until"] == "Sat 21 Nov 2026 21:01"
    [remark] = [one for one in sheet(back).remarks if "clock" in one]
    assert remark == (
        "The clock was set back: the close before says Sat 21 Nov 2026 23:01. "
        "Everything since is in this report."
    )
    since = (UNTIL, SINCE, None)
    for usual in (empty_report(), *(replace(busy_report(), since=one) for one in since)):
        assert not any("clock" in one for one in sheet(usual).remarks)
        assert "the close before" not in {fact.value for fact in sheet(usual).facts}


def test_a_clock_set_back_while_offline_is_said_beside_the_spell() -> None:
    [spell, *_] = busy_report().offline
    turned = replace(spell, since=UNTIL, until=UNTIL - timedelta(hours=1), seconds=60)
    (said,) = entries(sheet(replace(busy_report(), offline=(turned,))), "Loyalty system not reached")
    assert said.endswith(": the clock was set back meanwhile")


def test_cashiers_are_named_and_nobody_comes_last() -> None:
    assert list(table(sheet(), "By cashier")) == ["Asha Krishnamurthy", "विक्रम शर्मा", "Nobody signed in"]


def test_where_nobody_signs_in_there_is_no_table_of_cashiers() -> None:
    (span,) = busy_report().currencies
    alone = {split: parts for split, parts in span.by.items() if split is not Split.STAFF}
    report = replace(busy_report(), currencies=(replace(span, by={**alone, Split.STAFF: {"": NO_FIGURES}}),))
    assert "By cashier" not in [part.title for part in sheet(report).parts]


def test_a_second_currency_has_tables_of_its_own() -> None:
    dinar = Currency("KWD", 3)
    spans = spans_of([grand_totals(), grand_totals(dinar)], [])
    titles = [part.title for part in sheet(replace(busy_report(), currencies=spans)).parts]
    assert "Coins earned, INR" in titles
    assert "Coins earned, KWD" in titles


@pytest.mark.parametrize(
    ("report", "count", "marks"),
    [
        (busy_report(), 0, ()),
        (busy_report(), 2, ("COPY 2, Sun 22 Nov 2026 21:01",)),
        (TRAINING, 0, ("TRAINING: nothing here is real",)),
        (TRAINING, 1, ("TRAINING: nothing here is real", "COPY 1, Sun 22 Nov 2026 21:01")),
    ],
)
def test_copies_and_training_are_marked(report: DayClose, count: int, marks: tuple[str, ...]) -> None:
    assert sheet(report, count).marks == marks


def test_a_look_says_that_it_is_none() -> None:
    found = open_sheet(busy_report(0), WORDING)
    assert (found.marks, found.proof) == (("Not closed",), ())
    assert "proves nothing" in found.proof_note


def test_hash_and_chain_stand_below() -> None:
    proof = {fact.name: fact.value for fact in sheet().proof}
    sha256 = closed().sha256
    assert proof["SHA-256 of this report"] == sha256
    assert proof["Short form"].replace(" ", "") == sha256[:16]
    assert proof["Audit log before it, row 4,182"] == busy_report().chain.link
    assert "cashier-cli day verify" in sheet().proof_note


def test_what_damage_took_is_said() -> None:
    said = sheet(replace(busy_report(), lost=(10, 11))).remarks
    assert any("Damage took day close 10, 11" in remark for remark in said)


def test_a_thousand_that_wait_do_not_make_a_thousand_lines() -> None:
    part = next(
        part for part in sheet(many_waiting(busy_report())).parts if part.title == "Sales not posted yet"
    )
    assert isinstance(part, SheetList)
    assert (len(part.entries), part.more) == (40, "and 700 more")


def test_a_line_of_the_list_names_number_time_and_who() -> None:
    assert close_row(closed(), WORDING) == "Day close 12, Sat 21 Nov 2026 21:01, Meera Iyer (meera)"


class _Brackets(gettext.NullTranslations):
    """A language in which every message is itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"[{msgid1 if n == 1 else msgid2}]"


BRACKETED = msgspec.structs.replace(WORDING, translator=Translator(_Brackets(), "xx"))


def test_everything_but_names_and_figures_can_be_translated() -> None:
    found = closed_sheet(closed(TRAINING), BRACKETED)
    said = [found.title, found.about, found.proof_note, *found.marks, *found.remarks]
    said += [fact.name for fact in (*found.facts, *found.proof)]
    for part in found.parts:
        said.append(part.title)
        if isinstance(part, SheetTable):
            said += [*part.heads, *filter(None, (part.corner, part.note))]
            said += [line.name for line in part.lines if not part.corner]
        else:
            said += [part.empty, *(entry.detail for entry in part.entries)]
    assert [text for text in said if "[" not in text] == []


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_words(fault: Fault) -> None:
    assert "day close 7" in fault_words(Finding(7, fault), WORDING).lower()


def test_everything_that_can_be_named_has_a_name() -> None:
    assert all(kind_name(kind.value, WORDING) for kind in EffectKind)
    assert all(way_name(way.value, BRACKETED).startswith("[") for way in Way)
    assert all(reason_name(reason.value, BRACKETED).startswith("[") for reason in Reason)
    listed = [matter_name(matter, BRACKETED) for matter in LISTED_MATTERS]
    assert all(name.startswith("[") for name in listed)
    assert (kind_name("new kind", WORDING), way_name("new way", WORDING)) == ("", "new way")
    assert matter_name("bill above <b>the limit</b>", WORDING) == "bill above <b>the limit</b>"


def test_lines_for_a_terminal_hold_no_marks_of_direction() -> None:
    report = replace(busy_report(store="سوق البحر"), names={"asha": "محمد علي"})
    assert not re.search("[\u2066-\u2069]", "".join(sheet_lines(sheet(report))))


# --- PDF --------------------------------------------------------------------------------------------


def latin(report: DayClose) -> DayClose:
    """Return a report that needs one face only, so that its text can be read back."""
    return replace(report, names={"asha": "Asha Krishnamurthy", "vikram": "Vikram Sharma"})


def shown_words(document: bytes) -> list[str]:
    """Return what uncompressed pages say, one text for each page, by the tables of their own faces."""
    tables = [dict(_pairs(found)) for found in re.findall(rb"beginbfchar(.*?)endbfchar", document, re.DOTALL)]
    codes = {code: character for found in tables for code, character in found.items()}
    pages = re.findall(rb"stream\n(.*?)\nendstream", document, re.DOTALL)
    texts = []
    for page in pages:
        if b" Tf" in page and b"BT" in page:
            strings = re.findall(rb"\((?:[^()\\]|\\.)*\)", page, re.DOTALL)
            texts.append("".join(_decoded(string[1:-1], codes) for string in strings))
    return texts


def _pairs(found: bytes) -> list[tuple[int, str]]:
    return [
        (int(code, 16), bytes.fromhex(to.decode()).decode("utf-16-be"))
        for code, to in re.findall(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", found)
    ]


def _decoded(string: bytes, codes: dict[int, str]) -> str:
    raw = re.sub(
        rb"\\(.)", lambda found: {b"n": b"\n", b"r": b"\r"}.get(found[1], found[1]), string, flags=re.DOTALL
    )
    pairs = zip(raw[::2], raw[1::2], strict=False)
    return "".join(codes.get(high << 8 | low, "?") for high, low in pairs)


@pytest.mark.parametrize(("kind", "size"), [(Paper.A4, (210.0, 297.0)), (Paper.ROLL, (80.0, None))])
def test_every_page_says_that_it_is_training_and_a_copy(
    kind: Paper, size: tuple[float, float | None]
) -> None:
    document = close_pdf(sheet(latin(TRAINING), 2), kind, compressed=False)
    wide, high = paper_mm(document)
    assert wide == pytest.approx(size[0], abs=0.1)
    assert size[1] is None or high == pytest.approx(size[1], abs=0.1)
    pages = shown_words(document)
    assert len(pages) == (1 if kind is Paper.ROLL else document.count(b"/Type /Page\n"))
    for page in pages:
        assert "TRAINING: nothing here is real" in page
        assert "COPY 2" in page


@pytest.mark.parametrize("kind", Paper)
def test_a_pdf_holds_every_figure_of_the_sheet_it_has_room_for(kind: Paper) -> None:
    found = sheet(latin(busy_report()))
    text = "".join(shown_words(close_pdf(found, kind, compressed=False)))
    for part in found.parts:
        if isinstance(part, SheetTable) and not part.narrow:
            for line in part.lines:
                assert all(figure in text for figure in line.figures), line
    assert closed(latin(busy_report())).sha256 in text
    assert "Customer paid the discount back".replace(" ", "") in text.replace(" ", "")


@pytest.mark.parametrize("kind", Paper)
def test_nothing_leaves_the_page(kind: Paper) -> None:
    hostile = Correction("2-1", "sale", "not booked", "W" * 60, "x" * 200, UNTIL)
    report = replace(busy_report(store="<b>Shop</b> & \u202eSons \U0001f600"), corrections=(hostile,) * 30)
    document = close_pdf(sheet(report, 1), kind, compressed=False)
    wide, _ = paper_mm(document)
    lefts = [float(found) for found in re.findall(rb"BT\s+([\d.]+) [\d.]+ Td", document)]
    assert lefts
    assert max(lefts) < wide / 25.4 * 72


def test_a_roll_is_as_long_as_what_stands_on_it() -> None:
    short, long = (
        paper_mm(close_pdf(sheet(one), Paper.ROLL, compressed=False))[1]
        for one in (empty_report(), many_waiting(busy_report()))
    )
    assert short < 400 < long


def test_characters_nobody_has_become_squares() -> None:
    assert faces.printable("a\U0001f600b\u2066c\u2069") == f"a{faces.UNKNOWN}bc"
    assert faces.printable("प्रिया محمد ₹") == "प्रिया محمد ₹"


# --- table and document -----------------------------------------------------------------------------


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode().removeprefix(BYTE_ORDER_MARK))))


def test_the_table_holds_every_figure_and_its_total() -> None:
    found = rows(as_csv(paper()))
    whole = {row["name"]: (row["value"], row["total"]) for row in found if row["section"] == "figures"}
    assert list(whole) == list(FIGURE_NAMES)
    assert whole["earned"] == ("1284", "15408")
    assert whole["discount"] == ("3150.00", "37800.00")
    asha = [row for row in found if row["section"] == "figures by staff" and row["part"] == "asha"]
    assert {row["name"]: row["value"] for row in asha}["used"] == "1900"
    facts = {row["name"]: row["value"] for row in found if row["section"] == "report"}
    assert facts["sha256"] == closed().sha256


def test_a_limit_that_was_lifted_stands_in_the_table_with_what_was_asked_for() -> None:
    lifted = replace(busy_report().overrides[0], limit=Money(150_00, RUPEE))
    found = rows(as_csv(paper(replace(busy_report(), overrides=(lifted,)))))
    values = {row["name"]: row["value"] for row in found if row["section"] == "limit lifted"}
    assert (values["asked for"], values["limit"]) == ("300.00", "150.00")


def test_amounts_have_the_decimals_of_their_currency() -> None:
    (span,) = busy_report().currencies
    for decimals, written in ((0, "315000"), (3, "315.000")):
        report = replace(busy_report(), currencies=(replace(span, decimals=decimals),))
        assert {row["value"] for row in rows(as_csv(paper(report))) if row["name"] == "discount"} >= {written}


def test_the_table_is_no_program_for_a_spreadsheet() -> None:
    formula = '=HYPERLINK("http://x")'
    report = replace(
        busy_report(store=formula),
        closed_by="@SUM(A1)",
        corrections=(Correction(formula, "sale", "not booked", "+1", "-1", UNTIL),),
        first_day=None,
        last_day=None,
        since=None,
    )
    cells = [cell for row in rows(as_csv(paper(report))) for cell in row.values()]
    numbers = re.compile(r"-?\d+(\.\d+)?")
    assert not [cell for cell in cells if cell[:1] in "=+@\t\r" and cell]
    assert not [cell for cell in cells if cell.startswith("-") and not numbers.fullmatch(cell)]
    assert f"'{formula}" in cells


def test_the_mark_for_spreadsheets_is_asked_for() -> None:
    assert as_csv(paper()).startswith(b"section,")
    assert as_csv(paper(), byte_order_mark=True).startswith(b"\xef\xbb\xbfsection,")


def test_table_and_document_say_that_they_are_training_and_copies() -> None:
    marks = [row["value"] for row in rows(as_csv(paper(TRAINING, 3))) if row["name"] == "mark"]
    assert marks[0] == "TRAINING: nothing here is real"
    assert marks[1].startswith("COPY 3, 2026-11-22T")
    assert json.loads(as_json(paper(TRAINING, 3)))["marks"] == marks
    assert json.loads(as_json(paper()))["marks"] == []


def test_the_document_carries_the_very_text_that_is_hashed() -> None:
    found = json.loads(as_json(paper()))
    assert digest(found["canonical"]) == found["sha256"]
    assert json.loads(found["canonical"]) == found["report"]
    assert Decimal(found["report"]["currencies"][0]["figures"]["earned"]) == 1284


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    for name in ("close.pdf", "close.csv", "close.json"):
        write_close(tmp_path / name, paper(), WORDING, roll=True)
    assert (tmp_path / "close.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(KnownError, match="left as it is"):
        write_close(tmp_path / "close.pdf", paper(), WORDING, replace=False)
    for path, words in (
        (tmp_path / "close.txt", "must end in"),
        (tmp_path / "no" / "close.pdf", "no such folder"),
    ):
        with pytest.raises(KnownError, match=words):
            check_file(path)


def test_a_closed_sheet_needs_no_copy() -> None:
    assert closed_sheet(closed(), WORDING).marks == ()
