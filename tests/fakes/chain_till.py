"""A till of a chain with made-up sales, returns and answers, on a real journal."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from cashier_app.domain.acts import Act, ActKind
from cashier_app.domain.counting import utc_offset_of
from cashier_app.domain.member import Way
from cashier_app.domain.money import Currency, Money
from cashier_app.domain.outcome import Booked
from cashier_app.domain.sale import Effect, EffectKind, EffectState, Sale, effect_key
from cashier_app.domain.settlement import Settlement, Truth
from cashier_app.ports.ledger import SharedLedger
from cashier_app.services.ledger_delivery import LedgerDelivery
from cashier_app.storage.journal import SqliteJournal

INDIA = ZoneInfo("Asia/Kolkata")
RUPEE, DIRHAM = Currency("INR", 2), Currency("AED", 2)
STAFF, TIERS = ("", "meera", "arjun"), ("", "Silver", "Gold")


class ChainTill:
    """One till; `chance` decides what sells, so the same seed makes the same days.

    Args:
        members: Names of the members that come in.
    """

    def __init__(
        self, folder: Path, store: str, number: str, chance: random.Random, members: tuple[str, ...] = ()
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.store = store
        self.number = number
        self.chance = chance
        self.members = members or tuple(f"member-{count}" for count in range(12))
        self.journal = self.opened()
        self.sold: list[tuple[Sale, list[Effect]]] = []
        self.returned: dict[str, int] = {}

    def opened(self) -> SqliteJournal:
        """Return a new journal on this till's database."""
        return SqliteJournal(self.folder / "till.sqlite", self.number, zone=INDIA)

    def reopen(self, before: Callable[[], None] = lambda: None) -> None:
        """Close the program and start it again; `before` is done in between."""
        self.journal.close()
        before()
        self.journal = self.opened()

    def delivery(self, ledger: SharedLedger) -> LedgerDelivery:
        """Return what takes this till's line to a ledger."""
        return LedgerDelivery(ledger, self.journal, self.store, self.number)

    def deliver(self, ledger: SharedLedger) -> None:
        """Deliver all that waits, and close the connection."""
        delivery = self.delivery(ledger)
        try:
            while delivery.step():
                pass
        finally:
            delivery.close()

    def sell(self, at: datetime, *, currency: Currency = RUPEE, offset: int | None = None) -> Sale:
        """Commit one made-up sale, with or without a member, perhaps with points used."""
        chance = self.chance
        member = chance.choice(self.members) if chance.random() < 0.7 else ""
        used = Decimal(chance.randint(1, 2000)) / 4 if member and chance.random() < 0.4 else Decimal(0)
        bill = chance.randint(100, 500_000)
        discount = min(bill, int(used * 100))
        sale = Sale(
            sale_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            number="",
            member_id=member,
            display_name="Priya R." if member else "",
            way=chance.choice(list(Way)) if member else None,
            bill=Money(bill, currency),
            discount=Money(discount, currency),
            paid=Money(bill - discount, currency),
            points_used=used,
            points_expected=Decimal(bill // 1000) if member else Decimal(0),
            at=at,
            program_version="7",
            staff_id=chance.choice(STAFF),
            tier=chance.choice(TIERS) if member else "",
            took_tenths=chance.choice((None, chance.randint(20, 400))),
            offline=chance.random() < 0.1,
            utc_offset=utc_offset_of(at, INDIA) if offset is None else offset,
        )
        kinds = ([EffectKind.CAPTURE] if used else []) + ([EffectKind.SALE] if member else [])
        effects = [self._effect(sale, kind) for kind in kinds]
        sale = self.journal.commit_sale(sale, effects)
        self.sold.append((sale, effects))
        return sale

    def answer(self, at: datetime) -> None:
        """Let the backend answer one effect that waits: booked, refused, or refused and settled by hand."""
        due = self.journal.due(at + timedelta(days=3650), 1000)
        if not due:
            return
        effect = self.chance.choice(due).effect
        self.journal.move(effect.key, EffectState.SENDING, answer="", at=at)
        if self.chance.random() < 0.7:
            booked = Booked("made-up", points=effect.points + self.chance.randint(0, 3))
            self.journal.move(effect.key, EffectState.POSTED, answer="", at=at, booked=booked)
            return
        self.journal.move(effect.key, EffectState.NEEDS_ATTENTION, answer="refused", at=at)
        if self.chance.random() < 0.6:
            truth = self.chance.choice(list(Truth))
            self.journal.settle_by_hand(Settlement(effect.key, truth, "Meera", "asked them", at))

    def take_back(self, at: datetime) -> None:
        """Take goods of one sale back, in part or whole."""
        if not self.sold:
            return
        sale, effects = self.chance.choice(self.sold)
        count = self.returned.get(sale.sale_id, 0) + 1
        self.returned[sale.sale_id] = count
        part = sale.bill.minor if self.chance.random() < 0.5 else max(1, sale.bill.minor // 3)
        refund = self._refund(sale, effects, count, part, at)
        if effects:
            self.journal.queue_refund(refund)
        else:
            self.journal.note_return(refund[0])

    def lift_limit(self, at: datetime) -> None:
        """Do something that is counted besides sales."""
        kind = self.chance.choice(list(ActKind))
        points = Decimal(self.chance.randint(1, 50)) if kind is ActKind.LAPSED else Decimal(0)
        key = f"act-{self.chance.getrandbits(64):x}"
        self.journal.count_act(
            Act(key, kind, at, 330, "INR", self.number, self.chance.choice(STAFF), points=points)
        )

    def live(self, at: datetime, events: int) -> datetime:
        """Let so many things happen, minutes apart; return when the last of them was over."""
        for _ in range(events):
            at += timedelta(minutes=self.chance.randint(1, 90))
            often = (self.sell,) * 5 + (self.answer,) * 4
            what = self.chance.choice((*often, self.take_back, self.lift_limit))
            what(at)
        return at

    def _effect(self, sale: Sale, kind: EffectKind) -> Effect:
        return Effect(
            key=effect_key(sale.sale_id, kind),
            kind=kind,
            sale_id=sale.sale_id,
            member_id=sale.member_id,
            points=sale.points_expected if kind is EffectKind.SALE else sale.points_used,
            bill=sale.bill,
            discount=sale.discount,
            paid=sale.paid,
            at=sale.at,
            program_version="7",
            staff_id=sale.staff_id,
            utc_offset=sale.utc_offset,
        )

    def _refund(self, sale: Sale, effects: list[Effect], count: int, part: int, at: datetime) -> list[Effect]:
        wanted = [(EffectKind.CLAW_BACK, sale.points_expected), (EffectKind.RESTORE, sale.points_used)]
        kinds = [(kind, points) for kind, points in wanted if points] or [(EffectKind.REFUND, Decimal(0))]
        currency = sale.bill.currency
        return [
            Effect(
                key=effect_key(sale.sale_id, kind, count),
                kind=kind,
                sale_id=sale.sale_id,
                member_id=sale.member_id,
                points=points if part == sale.bill.minor else min(points, Decimal(1)),
                bill=Money(part, currency),
                discount=Money(0, currency),
                paid=Money(part, currency),
                at=at,
                program_version="7",
                original_key=effects[-1].key if effects else "",
                staff_id="meera",
                utc_offset=utc_offset_of(at, INDIA),
            )
            for kind, points in (kinds if effects else [(EffectKind.REFUND, Decimal(0))])
        ]
