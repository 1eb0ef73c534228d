"""Receipts of training at a till that works: no points are credited on them, and nothing is taken back."""

from __future__ import annotations

from pathlib import Path

from cashier_app.bootstrap import open_till
from cashier_app.config import read_config
from cashier_app.demo.server import DemoServer
from cashier_app.domain.money import Money
from cashier_app.services.claims import Claimable, NotClaimable
from cashier_app.services.return_view import ReturnStep
from cashier_app.services.ticket import Ticket, new_sale_id
from cashier_app.training_shop import TrainingShop
from tests.end_to_end.beside_work import SETTINGS, Here


def test_a_receipt_of_training_is_worth_nothing_at_work(tmp_path: Path) -> None:
    shop = TrainingShop(tmp_path / "practice")
    try:
        workshop = shop.till.workshop()
        program = workshop.lookup.program()
        bill = Money(102_500, shop.till.settings.currency)
        ticket = Ticket(
            new_sale_id(), None, None, None, bill, None,
            program_version=program.version, claim_days=program.claim_days,
        )  # fmt: skip
        sale = workshop.checkout.commit(ticket)
        assert sale.number == "TRAIN2-0001"
        codes = workshop.claims.codes(sale)
        assert isinstance(workshop.claims.read(codes.receipt), Claimable), "in training it is good"
    finally:
        shop.till.close()

    with DemoServer() as server:
        token = tmp_path / "token"
        token.write_text(server.token.reveal() + "\n", encoding="ascii")
        token.chmod(0o600)
        settings = tmp_path / "till.toml"
        settings.write_text(SETTINGS.format(port=server.port, token=token.as_posix()), encoding="utf-8")
        till = open_till(read_config(settings), tmp_path / "work")
        try:
            claims = till.workshop().claims
            assert till.workshop().lookup.program().claim_days, "receipts of this till can be claimed"
            for code in (codes.receipt, codes.claim):
                assert isinstance(claims.read(code), NotClaimable), code[:8]
            returning = till.new_return(Here())
            for text in (sale.number, codes.receipt, codes.claim):
                returning.begin()
                returning.scan(text)
                assert returning.view.found is None
                assert returning.view.step is ReturnStep.FIND
                returning.back()
            assert server.ledger.movements(sale_id=sale.sale_id) == []
        finally:
            till.close()
