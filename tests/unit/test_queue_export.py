"""The queue as a file: what support needs, no person in it, and no formula."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cashier_app.domain.sale import Effect, EffectKind, EffectState
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.errors import KnownError
from cashier_app.ports.journal import EffectRow, SettledEffect, UnsentSale
from cashier_app.services.export_files import harmless
from cashier_app.services.queue_export import ExportLine, as_csv, as_json, export_lines, write_export
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale

PHONE, NAME = "+919845012210", "Priya R."


def row(made: Effect, state: EffectState, answer: str = "no answer") -> EffectRow:
    return EffectRow(1, made, state, 3, START + timedelta(seconds=40), START, answer, None)


def lines(answer: str = "no answer") -> list[ExportLine]:
    waiting = replace(effect(EffectKind.SALE, 1, member_id=""), identified_by=f"phone:{PHONE}")
    stuck, done = effect(EffectKind.CAPTURE, 2), effect(EffectKind.SALE, 2)
    word = Settlement(stuck.key, Truth.NOT_BOOKED, "Manager Asha", "told Priya on the phone", START)
    second = replace(sale(2), number="2-0002")
    return export_lines(
        [
            UnsentSale(replace(sale(1), number="2-0001"), (row(waiting, EffectState.WAITING, answer),)),
            UnsentSale(
                second, (row(stuck, EffectState.DROPPED), row(done, EffectState.NEEDS_ATTENTION, "other"))
            ),
        ],
        [SettledEffect(word, second, row(stuck, EffectState.DROPPED))],
    )


def test_each_effect_once_with_what_support_needs() -> None:
    found = lines()
    assert [(line.sale_number, line.effect, line.state, line.settled) for line in found] == [
        ("2-0001", "sale", "waiting", ""),
        ("2-0002", "capture", "dropped", "not booked"),
        ("2-0002", "sale", "needs attention", ""),
    ]
    assert found[1].key == effect(EffectKind.CAPTURE, 2).key
    assert (found[0].attempts, found[0].paid_minor, found[0].currency) == (3, 216000, "INR")


def test_no_person_is_in_the_file() -> None:
    for content in (as_json(lines()), as_csv(lines())):
        text = content.decode()
        for secret in (PHONE, PHONE[3:], NAME, "Priya", "Asha", "on the phone", "m-1"):
            assert secret not in text


def test_json_and_csv_say_the_same() -> None:
    document = json.loads(as_json(lines()))["effects"]
    table = list(csv.DictReader(io.StringIO(as_csv(lines()).decode())))
    assert [{name: str(value) for name, value in one.items()} for one in document] == table


def test_the_mark_is_an_option() -> None:
    assert as_csv([], byte_order_mark=True).startswith(b"\xef\xbb\xbfsale_number")
    assert as_csv([]).startswith(b"sale_number")


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "  =", "\xa0="]
)
def test_formulas_are_defused(start: str) -> None:
    assert harmless(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"
    assert harmless("2-0418") == "2-0418"


@given(st.text())
def test_no_answer_of_a_backend_becomes_a_formula(answer: str) -> None:
    table = csv.reader(io.StringIO(as_csv(lines(answer)).decode("utf-8", "surrogatepass")))
    for cells in list(table)[1:]:
        assert len(cells) == len(ExportLine.__struct_fields__)
        for cell in cells:
            assert not cell.lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))


def test_files(tmp_path: Path) -> None:
    for name in ("queue.csv", "queue.JSON"):
        path = tmp_path / name
        write_export(path, lines())
        assert path.stat().st_size > 500
        assert path.stat().st_mode & 0o077 == 0, "only for its owner"
    with pytest.raises(KnownError, match="there already"):
        write_export(tmp_path / "queue.csv", [], replace=False)
    with pytest.raises(KnownError, match=r"\.csv or \.json"):
        write_export(tmp_path / "queue.exe", lines())
    with pytest.raises(KnownError, match="could not be written"):
        write_export(tmp_path / "nowhere" / "queue.csv", lines())
    with pytest.raises(KnownError, match="could not be written"):
        write_export(Path("bad\0.csv"), lines(), replace=True)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(KnownError, match="could not be written"):
        write_export(tmp_path / "folder.csv", lines())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.csv", "queue.JSON", "queue.csv"]
