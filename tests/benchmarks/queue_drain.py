"""A queue drained by the till, against a bare loop of the same posts with the same HTTP library.

Both in turn, over the same server 30 ms away, as many at once. The till also writes every move to disk, twice
for each post, and keeps each member's order.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import httpx
from msgspec.structs import replace

from cashier_app import bootstrap, data_folder, demo_shop
from cashier_app.backends.contract_values import effect_request
from cashier_app.config import till_settings
from cashier_app.demo.faults import FaultPlan
from cashier_app.domain.sale import Effect, EffectKind, effect_key
from cashier_app.services.ticket import new_sale_id
from tests.benchmarks.goal import Goal
from tests.faults.queue_shop import LATENCY_MS, QueueShop
from tests.faults.queue_till import Cashier, Queue

LEAST_SHARE = 0.7
LEAST_A_SECOND = 20.0
MEMBERS = 40
ROUNDS = 5
SALES = {4: 240, 1: 80}
"""How many sales a round drains, by how many go at once."""


def measure() -> list[Goal]:
    """Return the till's seconds as a share of the bare loop's, and milliseconds for each sale."""
    goals = []
    for at_once, sales in SALES.items():
        with tempfile.TemporaryDirectory() as name, QueueShop(Path(name), MEMBERS) as shop:
            till, bare = _interleaved(Path(name) / "till", shop, at_once, sales)
        rate, bare_rate = sales / median(till), sales / median(bare)
        detail = f"median of {ROUNDS} rounds of {sales}: {rate:.0f} a second, bare {bare_rate:.0f}"
        print(f"queue drain, {at_once} at once: {detail}, {rate / bare_rate:.2f} of the bare loop")
        goals.append(
            Goal(f"queue drain / bare posts, {at_once} at once", bare_rate / rate, 1 / LEAST_SHARE, detail)
        )
        if at_once > 1:
            goals.append(Goal("ms for each sale drained", 1000 / rate, 1000 / LEAST_A_SECOND, detail))
    return goals


def _interleaved(folder: Path, shop: QueueShop, at_once: int, sales: int) -> tuple[list[float], list[float]]:
    """Return seconds of each round of the till, and of the bare loop."""
    config = demo_shop.DEMO_CONFIG
    settings = till_settings(replace(config, backend=replace(config.backend, posts_at_once=at_once)))
    till = bootstrap.Till(settings, folder, lambda: bootstrap.contract_backend(shop.address, shop.token))
    drained, bare = [], []
    try:
        cashier = Cashier(till, MEMBERS)
        with closing(Queue(till)) as queue:
            for _ in range(ROUNDS):
                shop.stage(FaultPlan(down=True))
                sold = [cashier.sell()[0] for _ in range(sales)]
                shop.stage(FaultPlan(delay_ms=LATENCY_MS))
                drained.append(_drain(till, queue))
                bare.append(_post(shop, _same_again(till, sold), at_once))
    finally:
        till.close()
    return drained, bare


def _drain(till: bootstrap.Till, queue: Queue) -> float:
    till.workshop().lookup.program()  # whoever serves notices that the network is back, and wakes the sender
    started = time.perf_counter()
    queue.wait_for(lambda waiting: waiting == 0)
    return time.perf_counter() - started


def _same_again(till: bootstrap.Till, sold: Sequence[str]) -> list[Effect]:
    """Return the effects of these sales as those of other sales: the server has not seen them."""
    journal = data_folder.existing_journal(till.folder, till.settings.till)
    try:
        effects = [journal.effects_of(sale_id)[0].effect for sale_id in sold]
    finally:
        journal.close()
    anew = [replace(effect, sale_id=new_sale_id()) for effect in effects]
    return [replace(effect, key=effect_key(effect.sale_id, EffectKind.SALE)) for effect in anew]


def _post(shop: QueueShop, effects: Sequence[Effect], at_once: int) -> float:
    """Post these with nothing around it; return the seconds that took."""
    requests = [(*effect_request(effect), effect.key) for effect in effects]
    left: Iterator[tuple[str, bytes, str]] = iter(requests)
    taking = threading.Lock()
    refused: list[int] = []

    def work() -> None:
        with httpx.Client(base_url=shop.address, trust_env=False) as client:
            while True:
                with taking:
                    request = next(left, None)
                if request is None:
                    return
                path, body, key = request
                headers = {
                    "Authorization": f"Bearer {shop.token.reveal()}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": key,
                }
                answer = client.post(path, content=body, headers=headers)
                if answer.status_code != httpx.codes.OK or answer.json()["key"] != key:
                    refused.append(answer.status_code)

    hands = [threading.Thread(target=work) for _ in range(at_once)]
    started = time.perf_counter()
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    taken = time.perf_counter() - started
    if refused:
        raise ValueError(f"the server refused {len(refused)} posts: {refused[0]}")
    return taken
