"""Print the table of docs/backends.md: what each kind of loyalty system can do, by its own `Capabilities`.

A test holds page and table together: python scripts/backends_table.py --write
"""

from __future__ import annotations

import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent))

import msgspec

from cashier_app.backends import registry
from cashier_app.domain.money import Currency
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.capabilities import Capabilities, Idempotency, Quoting, Reserving
from cashier_app.ports.clock import SystemClock
from cashier_app.testing.stand_ins.registry import PLACES

PAGE = Path(__file__).parent.parent / "docs" / "backends.md"
BEGIN, END = "<!-- table: python scripts/backends_table.py --write -->", "<!-- end of table -->"
IMPOSSIBLE = "impossible"


def table() -> str:
    """Return the table in Markdown, a column for each kind that the program brings along."""
    can = {registry.kind_of(name).title: capabilities_of(name) for name in registry.BUILT_IN}
    lines = [f"| | {' | '.join(can)} |", "| --- " * (len(can) + 1) + "|"]
    columns = [_cells(one) for one in can.values()]
    for row, cells in enumerate(zip(*columns, strict=True)):
        lines.append(f"| {_ROWS[row]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def capabilities_of(name: str) -> Capabilities:
    """Return what a kind can do with the settings its stand-in wants."""
    kind = registry.kind_of(name)
    module, _, stand_in = PLACES[name].partition(":")
    settings = msgspec.convert(dict(getattr(import_module(module), stand_in).settings), kind.settings)
    around = Surroundings(
        address="https://loyalty.example",
        currency=Currency("INR", 2),
        zone=ZoneInfo("Asia/Kolkata"),
        region="IN",
        store="Corner Shop",
        till="2",
        clock=SystemClock(),
    )
    can: Capabilities = kind.rules(settings, around).capabilities
    return can


_ROWS = (
    "members are found by",
    "what may be redeemed is said by",
    "less than the most",
    "points held until paid",
    "a repeat takes hold once",
    "sales earn",
    "a part of a sale comes back",
    "used points given back",
    "balance below zero after a return",
    "customers join",
    "balances corrected",
    "tiers",
    "store credit",
    "books compared sale by sale",
    "holds found again at the start",
    "sales without a member",
    "a sale claimed once, whichever till asks",
    "voucher codes",
    "offers for one member",
    "referral codes",
    "what a new member agreed to",
    "customers type for themselves",
    "two records of one person",
    "returns kept within the sale",
)


def _cells(can: Capabilities) -> list[str]:
    return [
        ", ".join(way.value for way in can.finds_by),
        "native: asked for each bill"
        if can.quoting is Quoting.VENDOR
        else "emulated: the till, by the program",
        "native" if can.variable_amounts else f"{IMPOSSIBLE}: only what is offered",
        _held(can),
        _repeated(can),
        _earned(can),
        "native" if can.partial_refund else f"{IMPOSSIBLE}: whole sales only",
        _either(can.restores_points),
        "may be" if can.negative_balance else "never: what is missing is noted",
        _joined(can),
        _either(can.adjusts),
        _either(can.tiers),
        _either(can.store_credit),
        _either(can.reads_ledger),
        "native" if can.lists_holds else "emulated: by the till's own notes",
        "native: told, linked later" if can.links_sales else "emulated: told late, once claimed",
        "native" if can.links_sales or can.knows_claims else f"{IMPOSSIBLE}: at the till that made it only",
        _vouchers(can),
        _either(can.personal_offers),
        _either(can.referrals),
        "native: version and language" if can.keeps_consent else "emulated: kept at the till",
        _either(can.invites),
        "native: asked for" if can.merges else "emulated: the manager's list",
        "native" if can.guards_returns else "emulated: by the till, for its own sales",
    ]


def _vouchers(can: Capabilities) -> str:
    if not can.vouchers:
        return IMPOSSIBLE
    return "native: free again when undone" if can.restores_vouchers else "native: used up, also when undone"


def _held(can: Capabilities) -> str:
    if can.reserving is Reserving.HARD:
        if can.hold is None:
            return "native: until given up"
        return f"native: {round(can.hold / timedelta(minutes=1))} min"
    return "emulated: balance read again before the payment"


def _repeated(can: Capabilities) -> str:
    if can.idempotency is Idempotency.KEY:
        return "native: by key"
    if can.idempotency is Idempotency.NATURAL_KEY:
        return "native: by its own number"
    if can.search_lag is None:
        return "emulated: in doubt a person decides"
    return "emulated: looked up first"


def _earned(can: Capabilities) -> str:
    if not can.earns:
        return IMPOSSIBLE
    return "native: a little later" if can.earns_later else "native: at once"


def _joined(can: Capabilities) -> str:
    if can.enrolling is None:
        return IMPOSSIBLE
    wanted = [field.value for field in can.enrolling.mandatory]
    if can.enrolling.one_of:
        wanted.append(" or ".join(field.value for field in can.enrolling.one_of))
    return f"native: {', '.join(wanted)}"


def _either(can: bool) -> str:  # noqa: FBT001 - a capability
    return "native" if can else IMPOSSIBLE


def written(page: str) -> str:
    """Return the page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())
