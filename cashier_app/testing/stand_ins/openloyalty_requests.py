"""What a till may send to Open Loyalty, as strictly as is known of the interface."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct
from starlette.requests import Request

_Text = Annotated[str, Meta(min_length=1, max_length=255)]
_Uuid = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]
_Card = Annotated[str, Meta(pattern=r"^[0-9A-Za-z._-]+\Z")]
_Phone = Annotated[str, Meta(pattern=r"^\+?[0-9]+\Z")]
_Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\Z")]


class Strict(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A request; a field nobody knows is a fault."""


class Label(Strict, frozen=True):
    """A mark."""

    key: _Text
    value: str


class Transfer(Strict, frozen=True):
    """Points to move."""

    customer: _Uuid
    points: Decimal
    wallet_code: _Text = "default"
    comment: str = ""
    external_transfer_id: Annotated[str, Meta(max_length=255)] = ""
    labels: tuple[Label, ...] = ()


class TransferRequest(Strict, frozen=True):
    """The body that moves points."""

    transfer: Transfer


class Header(Strict, frozen=True):
    """The head of a document."""

    document_number: _Text
    document_type: Literal["sell", "return"]
    purchased_at: _Moment
    purchase_place: str = ""
    linked_document_number: str = ""
    labels: tuple[Label, ...] = ()


class Item(Strict, frozen=True):
    """A line of a document."""

    sku: _Text
    name: _Text
    gross_value: Decimal
    category: _Text
    quantity: Annotated[int, Meta(ge=1)] = 1
    maker: str = ""


class CustomerData(Strict, frozen=True):
    """Whose document it is."""

    customer_id: _Uuid = ""


class Transaction(Strict, frozen=True):
    """A sale or a return."""

    header: Header
    items: Annotated[tuple[Item, ...], Meta(min_length=1)]
    customer_data: CustomerData = CustomerData()
    channel_id: _Uuid = ""


class TransactionRequest(Strict, frozen=True):
    """The body that tells one."""

    transaction: Transaction


class Assign(Strict, frozen=True):
    """Which sale is whose; the member is named in one way."""

    transaction_document_number: _Text
    customer_id: _Uuid = ""
    customer_phone_number: str = ""
    customer_loyalty_card_number: str = ""


class AssignRequest(Strict, frozen=True):
    """The body that gives a sale to a member."""

    assign: Assign


class Customer(Strict, frozen=True):
    """A new member."""

    agreement1: bool
    agreement2: bool
    agreement3: bool
    first_name: str = ""
    last_name: str = ""
    phone: _Phone | None = None
    email: str | None = None
    loyalty_card_number: _Card | None = None
    channel_id: _Uuid = ""
    labels: tuple[Label, ...] = ()


class CustomerRequest(Strict, frozen=True):
    """The body that makes one."""

    customer: Customer


class SimulatedItem(Strict, frozen=True):
    """A line of a sale to try out."""

    sku: _Text
    name: _Text
    qty: Annotated[int, Meta(ge=1)]
    gross_value: Decimal
    category: _Text


class SimulatedSale(Strict, frozen=True):
    """A sale to try out."""

    document_number: _Text
    document_type: Literal["sell"]
    purchased_at: _Moment
    items: Annotated[tuple[SimulatedItem, ...], Meta(min_length=1)]


class SimulatedCustomer(Strict, frozen=True):
    """Whose sale it would be."""

    id: _Uuid


class Simulate(Strict, frozen=True):
    """What to try out."""

    trigger: Literal["transaction", "return_transaction"]
    customer: SimulatedCustomer
    transaction: SimulatedSale


class SimulateRequest(Strict, frozen=True):
    """The body that tries it out."""

    simulate: Simulate


class Login(Strict, frozen=True):
    """The body that signs in."""

    username: str
    password: str


class Refresh(Struct, frozen=True, forbid_unknown_fields=True):
    """The body that goes on with a session."""

    refresh_token: str


def check_query(request: Request) -> None:
    """Check paging and order.

    Raises:
        ValueError: They are not as the interface wants them.
    """
    query = request.query_params
    for name, most in (("_page", 500), ("_itemsOnPage", 50)):
        value = query.get(name, "1")
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
            raise ValueError(f"{name} is out of bounds")
    paged = request.url.path.endswith(("/points", "/member")) and request.method == "GET"
    if paged and not any(name.startswith("_orderBy[") for name in query):
        raise ValueError("a list without an order")
    known = {"_page", "_itemsOnPage", "member:id", "header:documentNumber", "available"}
    for name in query:
        if name not in known and not name.startswith("_orderBy["):
            raise ValueError(f"no such filter: {name}")
