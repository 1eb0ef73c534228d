"""Puts together what takes goods back at this till, and what sells others in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cashier_app.claim_opening import open_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from cashier_app.keeping_secrets import Keeper
    from cashier_app.ports.clock import Clock
    from cashier_app.ports.loyalty import LoyaltyBackend
    from cashier_app.services.asked_first import AskedFirst
    from cashier_app.services.checkout import Checkout
    from cashier_app.services.connection import ConnectionWatch
    from cashier_app.services.exchanging import Exchanging
    from cashier_app.services.lookup import MemberLookup
    from cashier_app.services.refunds import Refunds
    from cashier_app.services.returning import Returning
    from cashier_app.services.till_settings import TillSettings
    from cashier_app.storage.journal import SqliteJournal


class OpenedReturns(NamedTuple):
    """What plans returns, what the return screen asks, and what sells others in their place."""

    refunds: Refunds
    returning: Returning
    exchanges: Exchanging
    asked_first: AskedFirst


def open_returns(
    journal: SqliteJournal,
    backend: LoyaltyBackend,
    checkout: Checkout,
    lookup: MemberLookup,
    connection: ConnectionWatch,
    clock: Clock,
    settings: TillSettings,
    keeper: Keeper | None,
    sending: Callable[[], None],
) -> OpenedReturns:
    """Return what takes goods back at this till; `keeper` is None for a till without secrets."""
    from cashier_app.services.asked_first import AskedFirst
    from cashier_app.services.claimed_elsewhere import ClaimedElsewhere
    from cashier_app.services.exchanging import Exchanging
    from cashier_app.services.other_tills import OtherTills
    from cashier_app.services.refunds import Refunds
    from cashier_app.services.returning import Returning

    keys = open_keys(keeper, journal.database.path.parent)
    claimed = ClaimedElsewhere(backend, connection, keys)
    refunds = Refunds(journal, backend, lookup, clock, settings.zone, claimed)
    other_tills = OtherTills(keys, journal, backend, connection, clock, settings.currency)
    asked_first = AskedFirst(journal, backend, connection, clock, keys, sending)
    returning = Returning(journal, refunds, lookup, clock, settings, other_tills, asked_first)
    exchanges = Exchanging(journal, returning, refunds, checkout, lookup, clock, settings)
    return OpenedReturns(refunds, returning, exchanges, asked_first)
