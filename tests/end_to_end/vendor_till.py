"""The real window over a vendor's stand-in: a till of its example's settings, served by keys alone."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from PySide6.QtTest import QTest

from cashier_app.bootstrap import open_till
from cashier_app.config import read_config
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.domain.sale import Effect, EffectState
from cashier_app.ports.journal import EffectRow
from cashier_app.services.return_view import ReturnStep, ReturnView
from cashier_app.services.till_view import Posting, Serving, Step, TillView
from cashier_app.storage.journal import SqliteJournal
from cashier_app.testing.people import Books, Person
from cashier_app.testing.running import RunningStandIn
from cashier_app.testing.stand_ins.registry import stand_in_for
from tests.ui.till_host import Hands
from ui.accessibility import install_roles
from ui.application import build_window
from ui.background import Background
from ui.theme.motion import STILL

EXAMPLES = Path(__file__).parents[2] / "examples"
CONTRACT = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
kind = "contract"
address = "http://127.0.0.1:8122"
token_file = "/tmp/contract-token"
"""
TOKEN = "made-up-for-this-till"
PATIENCE_MS = 15_000
Photograph = Callable[[str], None]


class VendorTill:
    """One stand-in, one till, one window. A context manager.

    Args:
        kind: Name of the backend kind.
        folder: Where the settings, the token and the till's data go.
        person: The one member.
        photograph: Called with the name of each moment worth a picture.
        settings: Lines of the example's settings that stand otherwise: what they say, by their names.
    """

    def __init__(
        self,
        kind: str,
        folder: Path,
        person: Person,
        photograph: Photograph = lambda _: None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.person, self._folder, self.photograph = person, folder, photograph
        # A token file holds one secret: all that are asked for are the same.
        secrets = dict.fromkeys(stand_in_for(kind).secret_names, TOKEN)
        self.stand_in = RunningStandIn(kind, secrets=secrets)
        self.stand_in.reset()
        self.member_id = self.stand_in.add_member(person)
        config = _settings(kind, folder, self.stand_in.address, settings or {})
        install_roles()
        self._background = Background()
        self._till = open_till(read_config(config), folder / "data")
        self.session = self._till.new_session(self._background)
        self.window = build_window(self._till, self.session, self._background, motion=STILL)
        self.hands = Hands(self.window)
        self.window.screen_of_till.show_keypad(True)

    def open(self, size: tuple[int, int] = (1280, 800)) -> Self:
        """Show the window and wait until the till knows the program."""
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()
        self.session.start()
        self.wait(lambda: self.view.program is not None, "the program")
        return self

    @property
    def view(self) -> TillView:
        """Return the snapshot on show."""
        return self.session.view

    @property
    def returning(self) -> ReturnView:
        """Return the snapshot of the return screen."""
        return self.window.drawers.returning._view

    def books(self) -> Books:
        """Return what the vendor's books say of the member, once it has done all it does later."""
        self.stand_in.settle()
        return self.stand_in.books(self.member_id)

    def effects(self) -> list[EffectRow]:
        """Return all effects in the till's journal."""
        journal = SqliteJournal(self._folder / "data" / JOURNAL_FILE, "2")
        try:
            return [row for line in journal.recent(10) for row in journal.effects_of(line.sale.sale_id)]
        finally:
            journal.close()

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Let the window work until this holds.

        Raises:
            AssertionError: It never does.
        """
        for _ in range(PATIENCE_MS // 10):
            if until():
                return
            QTest.qWait(10)
        raise AssertionError(f"waited in vain for {what}, at {self.view.step}: {self.view.trouble}")

    def serve(self, bill: str, *keys: str) -> None:
        """Sell for this much to the member; the keys lead from the typed bill to the payment."""
        self.hands.type(self.person.phone.removeprefix("+91").removeprefix("+1") or self.person.number)
        if not isinstance(self.view.person, Serving):
            self.hands.press("Enter")
        self.wait(lambda: isinstance(self.view.person, Serving), "the member")
        self.photograph("member")
        self.hands.type(bill)
        self.photograph("offer")
        for key in keys:
            self.hands.press(key)
            if self.view.busy:
                self.photograph("asking")
            self.wait(lambda: not self.view.busy, "the vendor's word")
        self.wait(lambda: self.view.step is Step.PAY, "the payment")
        self.photograph("pay")
        self.hands.press("Enter")
        self.wait(lambda: self.view.step is Step.DONE, "the sale")
        self.wait(self._posted, "the books")
        self.photograph("done")

    def give_back(self, amount: str = "") -> None:
        """Return an amount of the sale just made, or all of it."""
        self.hands.press("F4")
        self.wait(lambda: self.returning.step is ReturnStep.AMOUNT, "the receipt")
        later = self.view.can is not None and self.view.can.earns_later
        self.wait(lambda: later or self.returning.balance is not None, "the balance")
        self.hands.type(amount)
        self.photograph("return")
        self.hands.press("Enter")
        assert self.returning.step is ReturnStep.CONFIRM
        self.hands.press("Enter")
        self.wait(lambda: self.returning.step is ReturnStep.DONE, "the return")
        self.wait(lambda: all(row.state is EffectState.POSTED for row in self.effects()), "the books")
        self.photograph("returned")

    def sent(self) -> list[Effect]:
        """Return what the vendor was told, in order."""
        return [row.effect for row in self.effects()]

    def close(self) -> None:
        """Close the window, the till and the stand-in."""
        self.window.closing.answer()
        self.window.close()
        self._background.close()
        self._till.close()
        self.window.deleteLater()
        self.stand_in.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _posted(self) -> bool:
        finished = self.view.finished
        return finished is not None and finished.posting is Posting.POSTED


def _settings(kind: str, folder: Path, address: str, changed: Mapping[str, str]) -> Path:
    """Copy the example's settings beside its program, some of them otherwise; return the file."""
    place = folder / "settings"
    place.mkdir()
    token = place / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    config = place / f"{kind}-sandbox.toml"
    with suppress(FileNotFoundError):
        shutil.copy(EXAMPLES / f"{kind}-program.toml", place)
    text = CONTRACT if kind == "contract" else (EXAMPLES / config.name).read_text(encoding="utf-8")
    backend = tomllib.loads(text)["backend"]
    said = {**backend.get("settings", {}), **backend}
    for name, value in {"address": address, "token_file": str(token), **changed}.items():
        if isinstance(said[name], bool):
            text = text.replace(f"{name} = {str(said[name]).lower()}", f"{name} = {value}")
        else:
            text = text.replace(f'{name} = "{said[name]}"', f'{name} = "{value}"')
    config.write_text(text, encoding="utf-8")
    return config
