"""The books of an Open Loyalty store in miniature: members, wallets, movements, documents."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Decimal

EARNS_AFTER_SECONDS = 1.0
TIER_GOAL = Decimal(10_000)
NOTHING = Decimal(0)

SWITCHES: dict[str, tuple[str, ...]] = {
    "cancelling a block": ("frees", "keeps", "is refused"),
    "names of movements": ("many times", "once", "hidden"),
    "earning": ("later", "at once", "never"),
    "unknown customers": ("refused", "unmatched"),
    "matching": ("at once", "later"),
    "movements are listed": ("at once", "later"),
    "phones": ("+", "digits", "national", "dialled"),
    "new members": ("inactive", "active"),
    "a 401 says": ("a number", "a text"),
    "tiers by": ("totalSpending", "activeUnits", "monthsSinceJoiningProgram"),
    "conversion coupon": ("on sale", "gone"),
    "currency": ("INR",),
    "earn rate": ("0.01",),
    "ratio": ("0.5",),
    "spoil": ("",),
}
"""What Open Loyalty leaves open or to its tenants, the usual first; one listed alone may be anything."""


class RefusedError(Exception):
    """The store refuses a request; `path` names what is wrong with it."""

    def __init__(self, status: int, message: str, path: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.path = path


@dataclass
class Transfer:
    """A movement of units."""

    id: str
    member_id: str
    type: str
    value: Decimal
    wallet: str
    comment: str = ""
    external_id: str = ""
    cancelled: bool = False
    listed: bool = True
    by_hand: bool = False
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Document:
    """A sale or a return; `due` is when it earns, on the monotonic clock."""

    id: str
    number: str
    type: str
    gross: Decimal
    member_id: str
    linked: str
    due: float
    matched: bool = True
    settled: bool = False
    earned: Decimal = NOTHING
    deducted: Decimal = NOTHING
    returned: Decimal = NOTHING
    request: dict[str, object] = field(default_factory=dict)


@dataclass
class Wallet:
    """Units of one wallet."""

    active: Decimal = NOTHING
    blocked: Decimal = NOTHING


@dataclass
class OwnMember:
    """A member of the store."""

    id: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    email: str = ""
    card: str = ""
    active: bool = True
    spent: Decimal = NOTHING
    labels: list[dict[str, str]] = field(default_factory=list)
    agreements: tuple[bool, bool, bool] = (False, False, False)
    wallets: dict[str, Wallet] = field(default_factory=lambda: {"default": Wallet(), "credit": Wallet()})


class Books:
    """Everything one store knows. Not safe from several threads."""

    def __init__(self) -> None:
        self.switched = {name: values[0] for name, values in SWITCHES.items()}
        self.members: dict[str, OwnMember] = {}
        self.transfers: list[Transfer] = []
        self.documents: list[Document] = []
        self.cancels = 0

    def join(self, member: OwnMember) -> OwnMember:
        """Put a member into the books; each phone, e-mail and card belongs to one."""
        for name, path in (("phone", "phone"), ("email", "email"), ("card", "loyaltyCardNumber")):
            value = getattr(member, name)
            if value and any(getattr(one, name) == value for one in self.members.values()):
                raise RefusedError(400, "This value is already used.", f"customer.{path}")
        self.members[member.id] = member
        return member

    def found(self, reference: str) -> OwnMember:
        """Return the member a path names: by id, ``email=``, ``phone=`` or ``loyaltyCardNumber=``."""
        how, given, value = reference.partition("=")
        names = {"email": "email", "phone": "phone", "loyaltyCardNumber": "card"}
        if not given:
            member = self.members.get(reference)
        elif how in names:
            member = next((one for one in self.members.values() if getattr(one, names[how]) == value), None)
        else:
            member = None
        if member is None:
            raise RefusedError(404, "Customer not found")
        return member

    def move(
        self, verb: str, member: OwnMember, points: Decimal, wallet: str, external_id: str, comment: str = ""
    ) -> Transfer:
        """Add, spend or block units."""
        if wallet not in member.wallets:
            raise RefusedError(400, "Wallet not found", "transfer.walletCode")
        if not member.active:
            raise RefusedError(400, "Customer is not active", "transfer.customer")
        once = self.switched["names of movements"] == "once"
        if external_id and once and any(one.external_id == external_id for one in self.transfers):
            raise RefusedError(400, "This value is already used.", "transfer.externalTransferId")
        units = member.wallets[wallet]
        if verb != "add" and units.active < points:
            raise RefusedError(400, "Not enough points")
        units.active += points if verb == "add" else -points
        units.blocked += points if verb == "block" else 0
        kind = {"add": "adding", "spend": "spending", "block": "blocked"}[verb]
        listed = self.switched["movements are listed"] == "at once"
        made = Transfer(new_id(), member.id, kind, points, wallet, comment, external_id, listed=listed)
        self.transfers.append(made)
        return made

    def cancel(self, transfer: Transfer) -> None:
        """Undo a movement."""
        behaviour = self.switched["cancelling a block"] if transfer.type == "blocked" else "frees"
        if transfer.cancelled or behaviour == "is refused":
            raise RefusedError(400, "Transfer cannot be cancelled")
        transfer.cancelled = True
        self.cancels += 1
        if behaviour == "keeps":
            return
        units = self.members[transfer.member_id].wallets[transfer.wallet]
        units.active += -transfer.value if transfer.type == "adding" else transfer.value
        units.blocked -= transfer.value if transfer.type == "blocked" else 0

    def register(self, document: Document) -> Document:
        """Take a sale or a return; its number is taken once."""
        if any(one.number == document.number for one in self.documents):
            raise RefusedError(400, "Document number must be unique", "transaction.header.documentNumber")
        member = self.members.get(document.member_id)
        if document.member_id and member is None:
            if self.switched["unknown customers"] == "refused":
                raise RefusedError(400, "Customer not found", "transaction.customerData.customerId")
            document.member_id = ""
        document.matched = bool(document.member_id) and self.switched["matching"] == "at once"
        if document.type == "return":
            self._take_back(document)
        elif member is not None:
            member.spent += document.gross
        self.documents.append(document)
        return document

    def assign(self, number: str, member_id: str) -> Document:
        """Give a sale that is nobody's to a member, who earns by it."""
        sale = next((one for one in self.documents if (one.number, one.type) == (number, "sell")), None)
        if sale is None:
            raise RefusedError(400, "Document not found", "assign.transactionDocumentNumber")
        member = self.members.get(member_id)
        if member is None:
            raise RefusedError(400, "Customer not found", "assign.customerId")
        if sale.member_id:
            raise RefusedError(400, "Transaction is already assigned", "assign.transactionDocumentNumber")
        sale.member_id, sale.matched = member_id, self.switched["matching"] == "at once"
        member.spent += sale.gross
        sale.settled, sale.due = False, self.due()
        self.settle(time.monotonic())
        return sale

    def settle(self, now: float) -> None:
        """Let everything happen that is due."""
        for one in self.documents:
            if one.due <= now and one.type == "sell" and not one.settled:
                self._award(one)
        if now == float("inf"):
            for one in self.documents:
                one.matched = bool(one.member_id)
            for transfer in self.transfers:
                transfer.listed = True

    def earns(self, gross: Decimal) -> Decimal:
        """Return what the campaign gives: fractions and all."""
        return gross * Decimal(self.switched["earn rate"])

    def due(self) -> float:
        """Return when a sale taken now earns."""
        waits = {"later": EARNS_AFTER_SECONDS, "at once": 0.0, "never": float("inf")}
        return time.monotonic() + waits[self.switched["earning"]]

    def kept_phone(self, e164: str) -> str:
        """Return a phone number as this tenant keeps them."""
        if not e164 or self.switched["phones"] == "+":
            return e164
        import phonenumbers

        number = phonenumbers.parse(e164)
        national = phonenumbers.national_significant_number(number)
        shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        dialled = "".join(sign for sign in shown if sign.isdigit())
        return {"digits": e164[1:], "national": national, "dialled": dialled}[self.switched["phones"]]

    def _award(self, sale: Document) -> None:
        sale.settled = True
        member = self.members.get(sale.member_id)
        if member is None:
            return
        sale.earned = self.earns(sale.gross)
        member.wallets["default"].active += sale.earned
        if sale.earned:
            made = Transfer(new_id(), member.id, "adding", sale.earned, "default", by_hand=True)
            self.transfers.append(made)

    def _take_back(self, document: Document) -> None:
        sale = next((one for one in self.documents if one.number == document.linked), None)
        if sale is None or sale.type != "sell":
            raise RefusedError(400, "Document not found", "transaction.header.linkedDocumentNumber")
        if sale.returned + document.gross > sale.gross:
            raise RefusedError(400, "More is returned than was sold", "transaction.items.0.grossValue")
        if not sale.settled:
            self._award(sale)
        sale.returned += document.gross
        gone = sale.earned * sale.returned / sale.gross if sale.gross else NOTHING
        total = sale.earned if sale.returned == sale.gross else gone.quantize(Decimal("0.01"), ROUND_FLOOR)
        document.deducted = total - sum(
            (one.deducted for one in self.documents if one.linked == sale.number), NOTHING
        )
        member = self.members.get(document.member_id or sale.member_id)
        if member is not None:
            member.wallets["default"].active -= document.deducted


def new_id() -> str:
    """Return an id of the vendor's form."""
    return str(uuid.uuid4())
