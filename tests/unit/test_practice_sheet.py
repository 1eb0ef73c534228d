"""The sheet of practice passes: every code reads back, alone, and is what it says it is."""

from __future__ import annotations

import importlib.util
import sys
from datetime import timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from cashier_app.command_line.parser import main
from cashier_app.demo.codes import Names, Stale, read_code
from cashier_app.demo.members import load_seed, load_seed_file
from cashier_app.demo.shop import load_shop
from cashier_app.domain.claim_code import is_receipt_code
from cashier_app.domain.identifier import (
    MemberNumber,
    NotRecognised,
    Origin,
    PhoneNumber,
    Unrecognised,
    WalletToken,
    parse_identifier,
)
from cashier_app.domain.practice_pass import Redeems
from cashier_app.errors import KnownError
from cashier_app.practice_opening import KINDS, PracticeMaterial, lesson_members, write_sheet
from cashier_app.printing.practice_layout import (
    CLEAR,
    Area,
    Code,
    Mark,
    SheetPaper,
    Stripe,
    Words,
    sheet_pages,
)
from cashier_app.printing.practice_pdf import practice_pdf
from cashier_app.scanning.decoders import decode
from cashier_app.wording import Translator, Wording
from tests.unit.practice_sheets import (
    FORMATS,
    MEMBERS,
    NOW,
    PER_MM,
    RULES,
    WORDING,
    codes_on,
    field_of,
    material,
    pages,
    rendered_pages,
    sheet,
)

SEED = {member.member_id: member for member in load_seed()}
PAPERS = pytest.mark.parametrize("paper", SheetPaper)
SHOP = load_shop()


@cache
def document(paper: SheetPaper) -> bytes:
    return practice_pdf(sheet(), paper, compressed=False)


@cache
def pictures(paper: SheetPaper) -> list[np.ndarray]:
    return rendered_pages(document(paper), paper)


def read(picture: np.ndarray) -> list[tuple[str, str]]:
    return [(symbol.symbology, symbol.text) for symbol in decode(picture, FORMATS)]


# --- what the codes say -----------------------------------------------------------------------------


def test_each_pass_is_its_member_by_every_code() -> None:
    assert [one.words.member_id for one in sheet().passes] == list(MEMBERS)
    for one in sheet().passes:
        seed = SEED[one.words.member_id]
        assert [code.kind for code in one.codes] == list(KINDS)
        for code in one.codes:
            found = parse_identifier(code.text, RULES, Origin.SCANNED)
            if code.kind == "Code 128":
                assert found == MemberNumber(seed.number)
            else:
                assert isinstance(found, WalletToken)
                named = read_code(found.token, NOW, SHOP.code_key, SHOP.code_life_seconds)
                assert named == Names(seed.token)
        phone, number = one.words.typed
        assert parse_identifier(phone, RULES) == PhoneNumber(seed.phone)
        assert parse_identifier(number, RULES) == MemberNumber(seed.number)
        assert phone in one.typed
        assert number in one.typed


def test_the_other_codes_are_what_they_are_called() -> None:
    stale, once, goods, receipt, *explained = sheet().others
    life = SHOP.code_life_seconds
    assert stale.code is not None
    assert once.code is not None
    assert goods.code is not None
    assert receipt.code is not None
    assert isinstance(read_code(stale.code.text, NOW, SHOP.code_key, life), Stale)
    assert isinstance(read_code(once.code.text, NOW + timedelta(seconds=life), SHOP.code_key, life), Names)
    assert "15:05" in once.title, "until when, by the clock of the shop"
    refused = parse_identifier(f"]E0{goods.code.text}", RULES, Origin.SCANNED)
    assert refused == Unrecognised(NotRecognised.PRODUCT_CODE)
    assert parse_identifier(goods.code.text, RULES, Origin.SCANNED) == refused, "without its kind as well"
    assert is_receipt_code(receipt.code.text)
    assert [cell.code for cell in explained] == [None, None]


def test_all_vouchers_are_there_with_their_days() -> None:
    assert [cell.code and cell.code.text for cell in sheet().vouchers] == [
        voucher.code for voucher in load_seed_file().vouchers
    ]
    bodies = [cell.body for cell in sheet().vouchers]
    assert sum("Over since" in body for body in bodies) == 1
    assert sum("Not good before" in body for body in bodies) == 1
    assert sum("Only for" in body for body in bodies) == 2


@pytest.mark.parametrize(
    ("member_id", "redeems", "said"),
    [
        ("mem-rahul", Redeems.TOO_FEW, "80 coins, 20 too few to redeem"),
        ("mem-step-below", Redeems.TOO_FEW, "99 coins, 1 too few to redeem"),
        ("mem-step-on", Redeems.ENOUGH, "100 coins, enough to redeem"),
        ("mem-zero", Redeems.NOTHING_YET, "No coins yet"),
        ("mem-devika", Redeems.NOTHING_BLOCKED, "Blocked: uses and earns nothing"),
        ("mem-priya", Redeems.MORE_THAN_A_BILL_TAKES, "1,240 coins, more than one bill takes"),
    ],
)
def test_a_pass_says_what_it_is_good_for(member_id: str, redeems: Redeems, said: str) -> None:
    (member,) = (one for one in material().members if one.member_id == member_id)
    assert member.redeems is redeems
    assert material().words(member, WORDING).good_for[0] == said


def test_more_is_said_where_there_is_more() -> None:
    words = {one.member_id: " / ".join(material().words(one, WORDING).good_for) for one in material().members}
    assert "80 coins lapse on Friday / ₹150.00 store credit" in words["mem-priya"]
    assert "Same phone number as Meera Kamath" in words["mem-anil"]
    assert "600 coins have lapsed" in words["mem-lapsed"]
    assert "Platinum earns 2 times as much" in words["mem-platinum"]


# --- where they stand -------------------------------------------------------------------------------


def box_of(mark: Code, grown: float = 0) -> tuple[float, float, float, float]:
    return (
        mark.left - grown,
        mark.top - grown,
        mark.left + mark.width + grown,
        mark.top + mark.high + grown,
    )


def apart(one: Code, other: Code) -> float:
    """Return the larger of the distances across and down, mm."""
    a, b = box_of(one), box_of(other)
    return max(b[0] - a[2], a[0] - b[2], b[1] - a[3], a[1] - b[3])


@PAPERS
def test_codes_lie_apart_and_clear_of_everything(paper: SheetPaper) -> None:
    for page in pages(paper):
        codes = codes_on(page)
        for one, other in combinations(codes, 2):
            assert apart(one, other) >= CLEAR - 0.01
        for code in codes:
            quiet = code.module * code.code.quiet
            left, top, right, bottom = box_of(code, min(quiet, 1.8))
            assert left >= 12
            assert right <= paper.width - 12
            for mark in page:
                if isinstance(mark, Words) and mark.text:
                    beside = mark.left >= right or mark.left + mark.width <= left
                    assert beside or mark.top >= bottom - 0.01 or mark.top + mark.high <= top, mark
            sides = box_of(code, quiet)
            assert sides[0] >= 12
            assert sides[2] <= paper.width - 12


@PAPERS
def test_no_module_is_finer_than_a_cheap_scanner_resolves(paper: SheetPaper) -> None:
    assert all(code.module >= 0.5 for page in pages(paper) for code in codes_on(page))


@PAPERS
def test_training_stands_on_every_page_and_under_every_code(paper: SheetPaper) -> None:
    for page in pages(paper):
        texts = [mark for mark in page if isinstance(mark, Words)]
        assert sum("TRAINING" in mark.text for mark in texts) >= 2 + len(codes_on(page))
        for code in codes_on(page):
            (under,) = (
                mark
                for mark in texts
                if mark.text == code.code.caption and 0 < mark.top - code.top - code.high < 3
                and mark.left < code.left + code.width / 2 < mark.left + mark.width
            )  # fmt: skip
            assert "TRAINING" in under.text


def test_training_is_said_in_every_language() -> None:
    class Backwards(Translator):
        def text(self, message: str, /, **values: str) -> str:
            return super().text(message, **values)[::-1]

    other = Wording(Backwards(), WORDING.figures, WORDING.point_name)
    made = sheet_pages(material().sheet(other, "Marigold Stores", NOW), SheetPaper.A4)
    for page in made:
        assert any("TRAINING" in mark.text for mark in page if isinstance(mark, Words))


@PAPERS
def test_everything_stands_on_the_paper(paper: SheetPaper) -> None:
    def corners(mark: Mark) -> list[tuple[float, float]]:
        match mark:
            case Stripe():
                return list(mark.corners)
            case Code():
                return [(mark.left, mark.top), (mark.left + mark.width, mark.top + mark.high)]
            case Words() | Area():
                return [(mark.left, mark.top), (mark.left + mark.width, mark.top + mark.high)]

    for page in pages(paper):
        for mark in page:
            for x, y in corners(mark):
                assert 8 - 0.01 <= x <= paper.width - 8 + 0.01
                assert 8 - 0.01 <= y <= paper.high - 4.9


# --- what a scanner reads -----------------------------------------------------------------------------


@PAPERS
def test_every_code_reads_and_none_of_its_neighbours(paper: SheetPaper) -> None:
    assert len(pictures(paper)) == len(pages(paper))
    seen = 0
    for page, picture in zip(pages(paper), pictures(paper), strict=True):
        for code in codes_on(page):
            assert read(field_of(picture, code)) == [(code.code.kind, code.code.text)]
            seen += 1
    assert seen == 4 * len(MEMBERS) + 4 + 6


def test_a_neighbour_in_view_would_be_noticed() -> None:
    """The control: whoever sees the whole page sees several members."""
    texts = {text for _, text in read(pictures(SheetPaper.A4)[0])}
    assert len(texts) > 2
    assert any("RAHU" in text for text in texts)


# --- what a camera reads ------------------------------------------------------------------------------


@cache
def photographer() -> ModuleType:
    path = Path(__file__).parents[2] / "scripts" / "make_photographs.py"
    spec = importlib.util.spec_from_file_location("photographs_of_paper", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["photographs_of_paper"] = made
    spec.loader.exec_module(made)
    return made


def photograph(picture: np.ndarray, module: float, kind: str, condition: str) -> np.ndarray:
    """Take a photograph of a piece of paper with one code on it, as a phone or webcam would."""
    camera = photographer()
    chance = np.random.default_rng([7, *condition.encode(), *kind.encode()])
    width, height = camera.SCREEN
    scale = min(width / picture.shape[1], height / picture.shape[0])
    drawn = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = np.full((height, width), 255, np.uint8)
    top = (height - drawn.shape[0]) // 2
    paper[top : top + drawn.shape[0], : drawn.shape[1]] = drawn
    shown = camera.Screen(paper, module * scale, (width / 2, height / 2))
    shot = camera.Shot("paper", condition, kind, ("",), (kind,))
    light = cv2.GaussianBlur(camera.background("wood", chance), (0, 0), 5)
    light, glass = camera.lay_phone(light, shown, camera.placed(shot, shown, chance))
    taken = camera.exposed(camera.spoil(light, glass, condition, chance), condition, chance)
    kept = cv2.imdecode(np.frombuffer(camera.encoded(taken), np.uint8), cv2.IMREAD_COLOR)
    assert kept is not None
    return kept


@pytest.mark.parametrize("condition", ["blur", "perspective", "low light", "tilted"])
def test_photographs_of_the_printed_codes_read(condition: str) -> None:
    page, picture = pages(SheetPaper.LETTER)[0], pictures(SheetPaper.LETTER)[0]
    for code in codes_on(page)[:4]:
        taken = photograph(field_of(picture, code), code.module * PER_MM, code.code.kind, condition)
        assert read(taken) == [(code.code.kind, code.code.text)], code.code.kind


# --- the document and its command -----------------------------------------------------------------------


@pytest.mark.parametrize("paper", SheetPaper)
def test_the_document_is_of_its_paper(paper: SheetPaper) -> None:
    made = document(paper)
    box = f"/MediaBox [0 0 {paper.width / 25.4 * 72:.2f} {paper.high / 25.4 * 72:.2f}]"
    assert box.encode() in made
    assert made.count(b"/Type /Page\n") == len(pages(paper))


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    few = PracticeMaterial(lambda: ["mem-ravi"]).sheet(WORDING, "Marigold Stores", NOW)
    with pytest.raises(KnownError, match=r"^sheet\.pdf could not be written"):
        write_sheet(tmp_path / "missing" / "sheet.pdf", few, SheetPaper.A4)


def test_everybody_is_there_on_request() -> None:
    everybody = material().sheet(WORDING, "Marigold Stores", NOW, everybody=True)
    assert {one.words.member_id for one in everybody.passes} == set(SEED)
    assert [one.words.member_id for one in everybody.passes][: len(MEMBERS)] == list(MEMBERS)


def test_without_a_lesson_that_names_somebody_everybody_is_there() -> None:
    assert {one.member_id for one in PracticeMaterial().lesson_members} == set(SEED)


def test_lessons_name_members_of_the_shop() -> None:
    assert set(lesson_members()) <= set(SEED)
    assert "mem-priya" in lesson_members()


def test_the_command_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "sheet.pdf"
    assert main(["training", "sheet", str(path), "--paper", "letter"]) == 0
    assert path.read_bytes().startswith(b"%PDF")
    said = capsys.readouterr().out
    assert said.startswith("sheet.pdf written: ")
    assert main(["training", "sheet", str(path)]) == 2, "nothing is written over unasked"
    assert "already there" in capsys.readouterr().err
    assert main(["training", "sheet", str(path), "--replace", "--json"]) == 0
