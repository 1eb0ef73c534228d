"""Three stores with four tills each tell one PostgreSQL ledger of their weeks, which are then shown.

Everything is made up and gone afterwards: the server is our own, started here and ended here. What the tills
tell goes through the same code as in a shop: a journal for each, its line, and the ledger's roles.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cashier_app.domain.acts import Act, ActKind  # noqa: E402
from cashier_app.domain.counting import utc_offset_of  # noqa: E402
from cashier_app.domain.outcome import Booked  # noqa: E402
from cashier_app.domain.sale import EffectState  # noqa: E402
from scripts.demo import has_display  # noqa: E402
from tests.fakes.chain_till import INDIA, ChainTill  # noqa: E402
from tests.fakes.ledgers import Ledger  # noqa: E402
from tests.fakes.postgres_server import (  # noqa: E402
    MANAGER,
    NOT_FOUND,
    TILL,
    PostgresServer,
    binaries,
    temporary_folder,
)

STORES = ("Jayanagar", "Malleswaram", "Whitefield")
TILLS = ("1", "2", "3", "4")
DAYS = 21
BUSY_HOURS = (9, 10, 11, 11, 12, 13, 13, 17, 18, 18, 18, 19, 19, 20)
SETTINGS = """
[store]
name = "{store}"
till = "{till}"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"
hours = 24

[backend]
address = "{backend}"
token_file = "{token}"

[ledger]
url = "{url}"
figures_url = "{figures_url}"
"""


def main() -> int:
    """Make the chain, show it, and clean up."""
    if binaries() is None:
        print(NOT_FOUND)
        return 2
    server = PostgresServer(temporary_folder())
    folder = Path(tempfile.mkdtemp(prefix="cashier-chain-"))
    try:
        print(f"Starting PostgreSQL, and {len(STORES)} stores with {len(TILLS)} tills each ...", flush=True)
        server.create()
        server.start()
        server.make_template()
        server.new_database("chain")
        chain = Ledger(server, "chain")
        _sell_and_tell(folder, chain)
        with _loyalty(folder) as backend:
            return _show(folder, _settings(folder, chain, backend))
    except KeyboardInterrupt:
        return 130
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _sell_and_tell(folder: Path, chain: Ledger) -> None:
    chance = random.Random(2026)  # noqa: S311 - made-up sales
    members = {store: tuple(f"member-{store}-{number}" for number in range(2500)) for store in STORES}
    places = [(store, till) for store in STORES for till in TILLS]
    told = 0
    for store, number in places:
        till = ChainTill(folder / store / number, store, number, chance, members[store])
        try:
            # Nothing here must outlive a power cut, and a chain's weeks are written in seconds.
            till.journal.database.connection().execute("PRAGMA synchronous=OFF")
            till.delivery(chain.line()).prepare()
            for day in reversed(range(DAYS)):
                _one_day(till, chance, datetime.now(INDIA).date() - timedelta(days=day))
            told += till.journal.ledger_queue().waiting
            till.deliver(chain.line())
        finally:
            till.journal.close()
        print(f"  {store}, till {number}: {len(till.sold)} sales", flush=True)
    print(f"{told} movements are in the ledger.\n", flush=True)


def _one_day(till: ChainTill, chance: random.Random, day: date) -> None:
    weekend = day.weekday() >= 5
    times = sorted(
        datetime.combine(day, time(chance.choice(BUSY_HOURS), chance.randrange(60)), INDIA).astimezone(UTC)
        for _ in range(chance.randint(18, 26) * (2 if weekend else 1))
    )
    times = [at for at in times if at < datetime.now(UTC)]
    if not times:
        return
    for at in times:
        till.sell(at)
        if chance.random() < 0.08:
            _enrol(till, chance, at)
    if chance.random() < 0.7:
        till.take_back(times[-1])
    # All that the backend of then had to say: the window's own knows nothing of these members.
    while due := till.journal.due(times[-1] + timedelta(days=3650), 1000):
        for row in due:
            _post(till, row.effect.key, times[-1])


def _enrol(till: ChainTill, chance: random.Random, at: datetime) -> None:
    key = f"enrolled-{chance.getrandbits(64):x}"
    till.journal.count_act(Act(key, ActKind.ENROLLED, at, utc_offset_of(at, INDIA), "INR", till.number))


def _post(till: ChainTill, key: str, at: datetime) -> None:
    till.journal.move(key, EffectState.SENDING, answer="", at=at)
    till.journal.move(key, EffectState.POSTED, answer="", at=at, booked=Booked(f"made-up-{key[-12:]}"))


def _settings(folder: Path, chain: Ledger, backend: str) -> Path:
    socket = f"@:{chain.server.port}/{chain.name}?host={chain.server.folder}"
    file = folder / "till.toml"
    file.write_text(
        SETTINGS.format(
            store=STORES[0],
            till=TILLS[0],
            backend=backend,
            token=folder / "token",
            url=f"postgresql://{TILL}{socket}",
            figures_url=f"postgresql://{MANAGER}{socket}",
        ),
        encoding="utf-8",
    )
    return file


@contextmanager
def _loyalty(folder: Path) -> Iterator[str]:
    """Run the reference loyalty server, so that a window has somebody to ask; yield its address."""
    command = [sys.executable, "-m", "cashier_app", "demo-server", "--token-file", str(folder / "token")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    output = process.stdout
    try:
        yield output.readline().strip() if output is not None else ""
    finally:
        process.terminate()
        reader = Thread(target=output.read if output is not None else int)
        reader.start()
        process.wait()
        reader.join()


def _show(folder: Path, settings: Path) -> int:
    own = ["--config", str(settings), "--data", str(folder / STORES[0] / TILLS[0])]
    if has_display():
        print("Press Ctrl+D in the window for the day of the whole chain.", flush=True)
        return subprocess.call([sys.executable, "-m", "ui", *own], cwd=ROOT)  # noqa: S603 - our own program
    print("There is no display here: the last seven days of the chain, and of each store.", flush=True)
    since = str(datetime.now(INDIA).date() - timedelta(days=6))
    for scope in ((), *(("--store", store) for store in STORES)):
        print(f"\n=== {scope[1] if scope else 'All stores'} ===", flush=True)
        command = [sys.executable, "-m", "cashier_app", "stats", "--from", since, *scope, *own]
        code = subprocess.call(command, cwd=ROOT)  # noqa: S603 - our own program
        if code:
            return code
    address = f"postgresql://{MANAGER}@:{_port_and_rest(settings)}"
    return subprocess.call([sys.executable, "-m", "cashier_app", "ledger", "check", address], cwd=ROOT)  # noqa: S603


def _port_and_rest(settings: Path) -> str:
    line = next(one for one in settings.read_text().splitlines() if one.startswith("figures_url"))
    return line.partition("@:")[2].rstrip('"')


if __name__ == "__main__":
    # Ended by anybody, it cleans up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.setdefault("PYTHONUTF8", "1")
    sys.exit(main())
