"""Made-up days of several tills and stores, delivered in made-up order: every way of counting them agrees."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.fakes.chain_till import DIRHAM, ChainTill
from tests.fakes.ledger_truth import wrongs
from tests.fakes.ledgers import Ledger, new_ledger
from tests.fakes.postgres_server import PostgresServer

NEAR_MIDNIGHT = datetime(2026, 10, 31, 17, 55, tzinfo=UTC)
"""Half an hour before midnight, and before a new month, in the shop."""

TILLS = (("Jayanagar", "1"), ("Jayanagar", "2"), ("Malleswaram", "1"))

Step = tuple[str, int, int]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("live", "live", "live", "foreign", "deliver", "deliver", "begin anew", "one step")),
        st.integers(0, len(TILLS) - 1),
        st.integers(1, 12),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=12, phases=(Phase.explicit, Phase.generate))
@given(seed=st.integers(0, 2**32), steps=STEPS, before=st.booleans())
def test_every_way_of_counting_made_up_days_agrees(
    postgres: PostgresServer, seed: int, steps: list[Step], *, before: bool
) -> None:
    with new_ledger(postgres) as ledger, tempfile.TemporaryDirectory() as folder:
        tills = [
            ChainTill(Path(folder) / f"{store}-{number}", store, number, random.Random(seed + place))
            for place, (store, number) in enumerate(TILLS)
        ]
        try:
            if not before:
                for till in tills:
                    till.delivery(ledger.line()).prepare()
            _live_through(ledger, tills, steps)
            for till in tills:
                till.deliver(ledger.line())
            assert wrongs(ledger, tills) == []
            assert wrongs(ledger, tills, "AED") == []
        finally:
            for till in tills:
                till.journal.close()


def _live_through(ledger: Ledger, tills: list[ChainTill], steps: list[Step]) -> None:
    at = [NEAR_MIDNIGHT + timedelta(minutes=place) for place in range(len(tills))]
    for what, place, much in steps:
        till = tills[place]
        match what:
            case "live":
                at[place] = till.live(at[place], much)
            case "foreign":
                # A till carried to another zone: the shop's clock of that moment says the day.
                till.sell(at[place], currency=DIRHAM, offset=(-600, 240, 345, 840)[much % 4])
            case "deliver":
                till.deliver(ledger.line())
            case "one step":
                line = ledger.line()
                delivery = till.delivery(line)
                delivery.step()
                delivery.close()
            case _:
                if till.journal.feed_state() is not None:
                    till.journal.begin_feed(_line(till, much), till.store, till.number)


def _line(till: ChainTill, much: int) -> str:
    return f"00000000-0000-4000-8000-{till.chance.getrandbits(40) + much:012x}"
