"""The stand-ins there are, by the kind of backend they stand in for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from cashier_app.errors import KnownError
from cashier_app.testing.stand_ins.base import StandIn

PLACES = {
    "contract": "cashier_app.testing.stand_ins.contract:ContractStandIn",
    "openloyalty": "cashier_app.testing.stand_ins.openloyalty:OpenLoyaltyStandIn",
    "voucherify": "cashier_app.testing.stand_ins.voucherify:VoucherifyStandIn",
    "square": "cashier_app.testing.stand_ins.square:SquareStandIn",
    "nector": "cashier_app.testing.stand_ins.nector:NectorStandIn",
}


def stand_in_for(kind: str, secrets: Mapping[str, str] | None = None) -> StandIn:
    """Return the stand-in for a kind of backend, or one by its place, such as ``my_package.mine:MyStandIn``.

    Raises:
        KnownError: There is none, or it knows no such secret.
    """
    module, _, name = PLACES.get(kind, kind).partition(":")
    if not name:
        raise KnownError(f"There is no stand-in for {kind[:32]!r}. There are: {', '.join(PLACES)}.")
    try:
        found: type[StandIn] = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise KnownError(f"The stand-in {kind[:80]!r} cannot be loaded.", detail=str(error)) from error
    for one in secrets or {}:
        if one not in found.secret_names:
            raise KnownError(f"{one[:32]!r} is none of its secrets: {', '.join(found.secret_names)}.")
    return found(secrets)
