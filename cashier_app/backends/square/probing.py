"""Tries out what the token may do: one harmless read for each right."""

from __future__ import annotations

from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.replies import Answered, probed
from cashier_app.backends.square.client import SquareClient, read
from cashier_app.backends.square.kind import SquareSettings
from cashier_app.backends.square.messages import LocationsRead, ProgramRead, PromotionsRead
from cashier_app.backends.square.programs import InForce, SquarePrograms
from cashier_app.backends.square.values import told_amount
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.errors import KnownError

_NOBODYS_PHONE = "+12025550100"
_NOBODY = "nobody-nobody-nobody"
_WRITES = "The rights to write (LOYALTY_WRITE, CUSTOMERS_WRITE) cannot be tried without writing."


def probe_square(
    client: SquareClient, programs: SquarePrograms, settings: SquareSettings, currency: Currency
) -> Probed:
    """Return what works. Nothing is written; the bill reckoned for trial is kept nowhere."""
    program, in_force = _program(client, programs)
    rights = [program]
    search = {"query": {"mappings": [{"phone_number": _NOBODYS_PHONE}]}, "limit": 1}
    rights.append(probed(Right.FIND, client.post("loyalty", "accounts", "search", body=search)))
    search = {"query": {"filter": {"reference_id": {"exact": _NOBODY}}}, "limit": 1}
    profiles = probed(Right.FIND, client.post("customers", "search", body=search))
    if profiles.found is not Found.WORKS:  # said once where both ways of finding members work
        rights.append(profiles)
    rights.append(probed(Right.ACCOUNT, client.account(_NOBODY)))
    rights.append(probed(Right.REWARDS, client.post("loyalty", "rewards", "search", body={"limit": 1})))
    rights.append(probed(Right.LEDGER, client.post("loyalty", "events", "search", body={"limit": 1})))
    location, zone = _location(client, settings, currency)
    rights.append(location)
    if settings.orders:
        line = {
            "name": "Trial",
            "quantity": "1",
            "base_price_money": told_amount(Money(1, currency)),
        }
        order = {"order": {"location_id": settings.location, "line_items": [line]}}
        rights.append(probed(Right.SALES, client.post("orders", "calculate", body=order)))
    return Probed(
        tuple(rights),
        currency=currency.code if in_force else "",
        time_zone=zone,
        clock_ahead=client.clock_ahead,
        remarks=(*_remarks(client, in_force), _WRITES),
    )


def _program(client: SquareClient, programs: SquarePrograms) -> tuple[RightProbed, InForce | None]:
    reply = client.get("loyalty", "programs", "main")
    if read(reply, ProgramRead) is None:
        return probed(Right.PROGRAM, reply, there=frozenset()), None
    try:
        in_force = programs.read()
    except KnownError as error:
        found = Found.REFUSED if "refuses" in error.sentence else Found.UNFIT
        return RightProbed(Right.PROGRAM, found, error.sentence[:200]), None
    count = len(in_force.program.rewards)
    return RightProbed(Right.PROGRAM, Found.WORKS, f"{count} rewards"), in_force


def _location(client: SquareClient, settings: SquareSettings, currency: Currency) -> tuple[RightProbed, str]:
    reply = client.get("locations")
    answer = read(reply, LocationsRead)
    if answer is None:
        return probed(Right.LOCATION, reply), ""
    here = next((one for one in answer.locations if one.id == settings.location), None)
    if here is None:
        return RightProbed(Right.LOCATION, Found.NOT_THERE, "the account has no such location"), ""
    if here.currency not in {None, currency.code}:
        detail = f"it counts in {here.currency}, this till in {currency.code}"
        return RightProbed(Right.LOCATION, Found.UNFIT, detail[:200]), here.timezone or ""
    return RightProbed(Right.LOCATION, Found.WORKS, plain_name(here.name or "")), here.timezone or ""


def _remarks(client: SquareClient, in_force: InForce | None) -> tuple[str, ...]:
    if in_force is None:
        return ()
    said: list[str] = []
    if in_force.hidden:
        said.append(
            "Rewards for certain goods only, or that take off less than this till can count, are not "
            f"offered: {len(in_force.hidden)}."
        )
    rules = in_force.answer.accrual_rules or ()
    if any(rule.accrual_type not in {"SPEND", "VISIT"} for rule in rules):
        said.append("Points for certain goods or categories are not earned at this till.")
    if any(
        rule.spend_data
        and (rule.spend_data.excluded_category_ids or rule.spend_data.excluded_item_variation_ids)
        for rule in rules
    ):
        said.append("Goods that the program leaves out earn at this till: it does not know them.")
    reply = client.get("loyalty", "programs", in_force.answer.id, "promotions", query={"status": "ACTIVE"})
    promotions = read(reply, PromotionsRead)
    if isinstance(reply, Answered) and promotions and promotions.loyalty_promotions:
        said.append("Promotions run at Square; sales at this till earn nothing by them.")
    return tuple(said)
