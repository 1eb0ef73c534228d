"""A sale without a member in the demo shop, claimed by its receipt: the till as it is put together."""

from __future__ import annotations

from pathlib import Path

from cashier_app.demo_shop import DemoShop
from cashier_app.domain.money import Money
from cashier_app.services.claim_terms import claim_for
from cashier_app.services.claims import Claimable, Claimed, NotClaimable
from cashier_app.services.ticket import Ticket, new_sale_id


def test_a_sale_of_the_demo_shop_is_claimed_once(tmp_path: Path) -> None:
    demo = DemoShop(tmp_path)
    try:
        workshop = demo.till.workshop()
        program = workshop.lookup.program()
        assert program.claim_days == 14
        bill = Money(102_500, demo.till.settings.currency)
        ticket = Ticket(
            new_sale_id(), None, None, None, bill, None,
            program_version=program.version, claim_days=program.claim_days,
        )  # fmt: skip
        sale = workshop.checkout.commit(ticket)
        codes = workshop.claims.codes(sale)
        member = workshop.lookup.refresh("mem-priya")
        for code in (codes.receipt, codes.claim):
            found = workshop.claims.read(code)
            assert isinstance(found, Claimable)
            assert found.sale == sale
        assert isinstance(workshop.claims.credit(found, claim_for(None, member)), Claimed)  # type: ignore[arg-type]
        again = workshop.claims.read(codes.receipt)
        assert isinstance(again, NotClaimable)
    finally:
        demo.till.close()
