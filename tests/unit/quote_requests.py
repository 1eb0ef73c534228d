"""Quote requests for one made-up program, read or refused."""

from __future__ import annotations

from datetime import datetime

import pytest

from cashier_app.documents.program_document import read_program_value
from cashier_app.documents.quote_request import QuoteRequest, read_quote_request
from cashier_app.documents.request_fields import RequestError
from cashier_app.domain.money import Currency

NOW = datetime(2026, 11, 21, 10, 0)  # noqa: DTZ001 - the shop's own time
INR = Currency("INR", 2)
PROGRAM: dict[str, object] = {
    "currency": "INR",
    "point_scale": 1,
    "earning": {"rules": [{"kind": "per_amount", "points": 1, "per": 100}]},
    "redemption": [{"conversion": {"points": 1, "value": 1}}],
    "rewards": [{"kind": "gift", "reward_id": "mug", "name": "Mug", "cost": 50}],
    "tiers": {"by": "spend", "levels": [{"name": "Silver"}, {"name": "Gold", "threshold": 1000}]},
}


def read(bill: object = 1000, **fields: object) -> QuoteRequest:
    """Return the request with this bill and these fields, read."""
    return read_quote_request({"program": PROGRAM, "bill": bill, **fields}, NOW, read_program_value)


def error(bill: object = 1000, **fields: object) -> RequestError:
    """Return why such a request is refused."""
    with pytest.raises(RequestError) as caught:
        read(bill, **fields)
    return caught.value
