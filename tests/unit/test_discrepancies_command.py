"""`cashier-cli discrepancies`: what was given and not paid for."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from cashier_app.command_line.discrepancies import list_losses
from cashier_app.command_line.parser import parser
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.domain.sale import EffectKind, EffectState, effect_key
from cashier_app.storage.journal import SqliteJournal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale, sale_id


def test_losses_are_listed_with_their_sum(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / JOURNAL_FILE, "2")
    options = parser().parse_args(["discrepancies", "--demo", "--data", str(tmp_path)])
    assert list_losses(options).lines == ("Every discount was paid for with points.",)
    for count in (1, 2):
        used = [
            replace(effect(kind, count), offline=True) for kind in (EffectKind.RESERVE, EffectKind.CAPTURE)
        ]
        journal.commit_sale(sale(count), [*used, effect(EffectKind.SALE, count)])
        key = effect_key(sale_id(count), EffectKind.RESERVE)
        journal.move(key, EffectState.SENDING, answer="", at=START)
        journal.write_off(key, "balance_too_low", START)
    journal.close()
    report = list_losses(options)
    assert report.data["total_minor"] == 400_00
    assert report.lines[0] == "2-0001  ₹200.00  20 Nov 2:32\u202fpm  balance_too_low"
    assert report.lines[-1] == "Together ₹400.00"
