"""The two ways into Nector, each request and answer as it stands in the vendor's texts."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from math import ceil
from typing import Final
from uuid import uuid4

from cashier_app.backends.authorization import SecretHeaders, check_secret, no_authorization
from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.contract_values import plain_name
from cashier_app.backends.http_client import HttpClient, path_of
from cashier_app.backends.nector.identity import Named
from cashier_app.backends.nector.kind import NectorSettings
from cashier_app.backends.nector.messages import Envelope, ErrorAnswer
from cashier_app.backends.replies import Answered, Reply, Strange
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret

MINUTE: Final = 60.0
LIMIT_REACHED = "this till's share of the calls in a minute is used up"
MOST_ROWS = 100

_PLACES = {"custom checkout": "customcheckoutwebhook", "shiprocket": "shiprocketwebhook"}


class Pace:
    """Keeps within the calls a minute. A fifth is left to what a cashier waits for. Safe from any thread.

    Args:
        calls: In any minute.
        monotonic: Seconds of a clock nobody sets.
    """

    def __init__(self, calls: int, monotonic: Callable[[], float]) -> None:
        self._calls = calls
        self._monotonic = monotonic
        self._times: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, *, waited_for: bool) -> float:
        """Count a call and return 0, or return the seconds until one may be made."""
        most = self._calls if waited_for else max(self._calls * 4 // 5, 1)
        with self._lock:
            now = self._monotonic()
            while self._times and now - self._times[0] >= MINUTE:
                self._times.popleft()
            if len(self._times) < most:
                self._times.append(now)
                return 0.0
            return self._times[len(self._times) - most] + MINUTE - now


class MerchantApi:
    """The merchant API, with fresh reads only: Nector's cache may hold a balance from before a write."""

    def __init__(self, settings: NectorSettings, api_key: Secret, around: Surroundings) -> None:
        self._http = HttpClient(
            around.address,
            SecretHeaders(("x-apikey", "", api_key)),
            headers={"x-workspaceid": settings.workspace, "x-source": "unix"},
            clock=around.clock,
            authorities=around.authorities,
        )
        self._pace = Pace(settings.calls_a_minute, around.clock.monotonic)

    def lead(self, named: Named, seconds: float, *, waited_for: bool = True) -> Reply:
        """Read a customer by any of their names; a search needs some UUID in the path."""
        path = _path("leads", named.lead_id or str(uuid4()))
        return self._call("GET", path, None, seconds, named.query, waited_for=waited_for)

    def enrol(self, body: Mapping[str, object], seconds: float) -> Reply:
        """Make a customer."""
        return self._call("POST", _path("leads"), body, seconds)

    def move(self, body: Mapping[str, object], seconds: float) -> Reply:
        """Credit or debit coins."""
        return self._call("POST", _path("wallettransactions"), body, seconds, waited_for=False)

    def movements(self, lead_id: str, query: Mapping[str, str], seconds: float) -> Reply:
        """Read rows of a customer's ledger, the newest first."""
        asked = {
            "lead_id": lead_id,
            "limit": str(MOST_ROWS),
            "sort": "created_at",
            "sort_op": "DESC",
            **query,
        }
        return self._call("GET", _path("wallettransactions"), None, seconds, asked, waited_for=False)

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far Nector's clock is ahead of ours; None before it said."""
        return self._http.clock_ahead

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Give all calls this thread makes here one deadline."""
        return self._http.within(seconds)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
        seconds: float,
        query: Mapping[str, str] | None = None,
        *,
        waited_for: bool = True,
    ) -> Reply:
        wait = self._pace.take(waited_for=waited_for)
        if wait > 0:
            return Strange(429, LIMIT_REACHED, ceil(wait))
        return _consistent(self._http.call(method, path, body, seconds=seconds, query=query or None))


class CheckoutWebhook:
    """The checkout webhook. Its id, a part of the address, is the secret; nothing else proves who asks."""

    def __init__(self, settings: NectorSettings, webhook_id: Secret, around: Surroundings) -> None:
        check_secret(webhook_id)
        self._place = _PLACES[settings.checkout]
        self._country = settings.country
        self._webhook_id = webhook_id
        self._http = HttpClient(
            around.address,
            no_authorization(),
            headers={"x-source": "web"},
            clock=around.clock,
            authorities=around.authorities,
        )

    def call(
        self,
        action: str,
        named: Named,
        amount: Decimal,
        seconds: float,
        order_id: str = "",
        wallet: str = "coins",
    ) -> Reply:
        """Ask for what may be redeemed (`list`), redeem (`perform`) or undo (`revert`).

        Args:
            action: One of these words.
            named: By customer id or mobile number, the same one each time.
            amount: The whole bill, main unit; the same figure each time.
            seconds: For the whole call.
            order_id: The sale; with everything but `list`.
            wallet: ``coins`` or ``credits``.
        """
        who = {"customer_id": named.customer_id}
        if named.mobile:
            who = {"mobile": named.mobile, "country": self._country}
        order = {"reference_order_id": order_id} if order_id else {}
        body = {**who, "action": action, "amount": amount, "wallet_type": wallet, **order}
        path = path_of("api", "open", "integrations", self._place, self._webhook_id.reveal())
        return _consistent(self._http.post(path, body, seconds=seconds))

    @property
    def clock_ahead(self) -> timedelta | None:
        """Return how far Nector's clock is ahead of ours; None before it said."""
        return self._http.clock_ahead

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Give all calls this thread makes here one deadline."""
        return self._http.within(seconds)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()


def said(reply: Answered) -> str:
    """Return Nector's own words, plain text."""
    answer = read_answer(reply.body, ErrorAnswer)
    return plain_name(answer.data.message) if answer else ""


def knows_nobody(reply: Reply) -> bool:
    """Say whether a refusal means that there is no such customer: an answer, not a fault."""
    return isinstance(reply, Answered) and reply.status == 422 and "does not exist" in said(reply).lower()


def offers_nothing(reply: Reply) -> bool:
    """Say whether a refusal of `list` means that nothing may be redeemed, or that this is no member."""
    return isinstance(reply, Answered) and reply.status == 422 and "no discount" in said(reply).lower()


def _path(*parts: str) -> str:
    return path_of("api", "v2", "merchant", *parts)


def _consistent(reply: Reply) -> Reply:
    """Return a reply, or that it contradicts itself: the status stands in the answer once more."""
    if not isinstance(reply, Answered):
        return reply
    envelope = read_answer(reply.body, Envelope)
    if envelope is None:
        return reply
    code = envelope.meta.code
    return reply if code in {None, reply.status} else Strange(502, "an answer with two statuses")
