"""Random training beside the folder of a till that works: its sales wait, and its backend listens."""

from __future__ import annotations

import hashlib
import socket
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import ClassVar

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cashier_app.closing_opening import Format
from cashier_app.config import TillConfig, read_config
from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.demo.faults import FaultPlan
from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.enrolment import EnrolmentField
from cashier_app.domain.lesson import Lesson
from cashier_app.domain.sale import EffectKind, Sale
from cashier_app.errors import KnownError
from cashier_app.practice_stage import PracticeStage
from cashier_app.services.approval import approval_by
from cashier_app.services.enrol_steps import Begun
from cashier_app.services.return_view import ReturnStep
from cashier_app.services.till_session import TillSession
from cashier_app.services.till_view import Serving, ServingUnseen, Step
from cashier_app.services.undo_view import UndoStep
from cashier_app.storage.opening import open_journal
from cashier_app.training_shop import TrainingShop
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale
from tests.fakes.runner import Immediate

WAITING = 3
CODES = ("LC1:RAVI5N8C2H6ZD4KP", "LC1:PRYA7K2M4Q9XW3TB", "LC1:NOBODYKNOWSTHISX")
PHONES = ("9845012210", "9876543210", "9000000001")
FAULTS = (FaultPlan(down=True), FaultPlan(lose_answers=1), FaultPlan(unavailable=2), None)
_LISTEN_SECONDS = 0.05

SETTINGS = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "http://127.0.0.1:{port}"
token_file = "{token}"
"""


class Backend:
    """What stands where the work till's loyalty system is: it takes every connection, and counts them."""

    def __init__(self) -> None:
        self.asked = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(_LISTEN_SECONDS)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="work backend")
        self._thread.start()

    @property
    def port(self) -> int:
        """Return where it listens, on loopback."""
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        """Stop listening, once everybody who waits was counted."""
        self._ended.set()
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                taken, _ = self._socket.accept()
            except TimeoutError:
                if self._ended.is_set():
                    return
                continue
            self.asked += 1
            taken.close()


class Work:
    """The folder of a till that works, closed at the moment, with sales its backend was not told yet."""

    def __init__(self, folder: Path) -> None:
        self.backend = Backend()
        self.folder = folder / "work"
        self.folder.mkdir()
        token = folder / "token"
        token.write_text("made-up-for-this-till\n", encoding="ascii")
        token.chmod(0o600)
        settings = folder / "till.toml"
        settings.write_text(SETTINGS.format(port=self.backend.port, token=token.as_posix()), encoding="utf-8")
        self.config: TillConfig = read_config(settings)
        with closing(open_journal(self.folder / JOURNAL_FILE, "2", START)) as journal:
            for count in range(1, WAITING + 1):
                journal.commit_sale(sale(count), [effect(EffectKind.SALE, count)])
            journal.back_up(START)
        (self.folder / "preferences.json").write_bytes(msgspec.json.encode({"serial_device": "0403:6001:A1"}))
        self.before = self.hashes()

    def hashes(self) -> dict[str, str]:
        """Return every file of the folder, with the hash of its bytes."""
        return {
            str(one.relative_to(self.folder)): hashlib.sha256(one.read_bytes()).hexdigest()
            for one in sorted(self.folder.rglob("*"))
            if one.is_file()
        }


class Here(Immediate):
    """Does the work at once; what other threads say is left: nobody here waits for it."""

    def post(self, callback: Callable[[], None]) -> None:
        """Leave it."""


class Training(RuleBasedStateMachine):
    """Random training by the till's own sessions, over HTTP to its own server, with crashes in between."""

    done: ClassVar[Counter[str]] = Counter()
    """What all runs did together: that they did anything."""

    def __init__(self) -> None:
        super().__init__()
        self._scratch = tempfile.TemporaryDirectory(prefix="training-beside-work-")
        self.folder = Path(self._scratch.name)
        self.work = Work(self.folder)
        self.shop: TrainingShop | None = None
        self.session: TillSession | None = None
        self.last: Sale | None = None

    def make_shop(self) -> TrainingShop:
        """Return the training that is tried."""
        return TrainingShop(self.folder / "practice", self.work.config)

    @initialize()
    def open(self) -> None:
        """Open training, or open it again."""
        self.shop = self.make_shop()
        self.session = self.shop.till.new_session(Here())
        self.session.start()

    @rule(code=st.sampled_from(CODES), bill=st.integers(1, 9999), points=st.booleans())
    def sell(self, code: str, bill: int, points: bool) -> None:  # noqa: FBT001 - drawn
        """Sell to whoever holds up this code; a sale may stop anywhere."""
        session = self._session
        session.clear_all()
        session.scan(code)
        self._type(str(bill))
        if points:
            session.take_maximum()
        self._confirm(3)
        finished = session.view.finished
        if session.view.step is Step.DONE and finished is not None:
            assert finished.sale.number.startswith("TRAIN2-")
            self.done["sold to a member"] += 1
            self.done["with points"] += finished.sale.points_used > 0
            self.last = finished.sale

    @rule(bill=st.integers(1, 9999), steps=st.integers(0, 3))
    def sell_to_nobody(self, bill: int, steps: int) -> None:
        """Sell without a member, or only begin to."""
        session = self._session
        session.clear_all()
        session.without_member()
        self._type(str(bill))
        self._confirm(steps)
        self.done["sold"] += session.view.step is Step.DONE

    @rule(phone=st.sampled_from(PHONES), enrols=st.booleans())
    def type_a_phone(self, phone: str, enrols: bool) -> None:  # noqa: FBT001 - drawn
        """Look a number up; enrol whoever it is."""
        session = self._session
        session.clear_all()
        self._type(phone)
        session.confirm()
        can = session.view.can
        if enrols and can is not None and can.enrolling is not None:
            form = self._shop.till.new_enrolment(Here(), session)
            form.begin(Begun(phone=phone, looked_up=True, letter="K"), can, "coins")
            form.put(EnrolmentField.NAME, "Kavya Iyer")
            form.confirm()
            form.confirm()
            self.done["enrolled"] += isinstance(session.view.person, Serving | ServingUnseen)
            form.drop()

    @rule()
    def undo(self) -> None:
        """Undo the last sale."""
        undo = self._shop.till.new_undo(Here(), self._session)
        undo.begin_last()
        self.done["undone"] += undo.view.step is UndoStep.SALE
        undo.confirm()
        undo.back()

    @rule(amount=st.integers(1, 500))
    def take_back(self, amount: int) -> None:
        """Take goods of the last sale back."""
        returning = self._shop.till.new_return(Here())
        returning.begin(self.last)
        for digit in str(amount):
            returning.type(digit)
        for _ in range(2):
            returning.confirm()
        self.done["returned"] += returning.view.step is ReturnStep.DONE

    @rule(plan=st.sampled_from(FAULTS))
    def trouble(self, plan: FaultPlan | None) -> None:
        """Let the network of training fail, or come back."""
        self._shop.till.workshop().lookup.program()
        server = self._shop.server
        if plan is None:
            server.faults.clear()
        else:
            server.faults.stage(plan)

    @rule(lesson=st.sampled_from(load_lessons()))
    def learn(self, lesson: Lesson) -> None:
        """Stage a lesson and every step of it, as the engine does."""
        if self._session.view.step is Step.PAY:
            self._session.clear_all()
        stage = PracticeStage(self._shop)
        stage._pause.set()  # a till that cannot post is not waited for
        with suppress(KnownError):
            stage.prepare(lesson)
            self.done["learned"] += 1
        for step in lesson.steps:
            if step.stage is not None:
                with suppress(KnownError):
                    stage.stage(step.stage)
        stage.clear()

    @rule(kind=st.sampled_from(Format))
    def close_the_day(self, kind: Format) -> None:
        """Close the day and write it to a file."""
        closing_of_day = self._shop.till.day_closing()
        approval = approval_by("Nila Das")
        assert approval is not None
        with suppress(KnownError):
            found = closing_of_day.preview()
            closing_of_day.close(found.number, approval)
            path = self.folder / f"close{kind.value}"
            closing_of_day.save(found.number, path, self._shop.till.wording())
            self.done["closed"] += 1

    @rule()
    def export_and_post(self) -> None:
        """Write the queue to a file, and try all of it now."""
        queue = self._shop.till.queue()
        queue.export(self.folder / "queue.csv")
        queue.send_all_now()

    @rule(damage=st.sampled_from(["none", "database", "mark"]))
    @precondition(lambda self: self.shop is not None)
    def end_and_open_again(self, damage: str) -> None:
        """End in the middle of whatever it is, lose a file, and begin again."""
        self.done["crashed in payment"] += self._session.view.step is Step.PAY
        self._shop.till.close()
        self.shop = None
        practice = self.folder / "practice"
        lost = {"database": JOURNAL_FILE, "mark": "TRAINING.txt"}.get(damage)
        if lost is not None:
            (practice / lost).unlink(missing_ok=True)
        self.open()

    @invariant()
    def work_is_untouched(self) -> None:
        """Hold every byte of the work folder, and nobody ever asked its backend."""
        assert self.work.hashes() == self.work.before, "the folder of the till that works was changed"
        assert self.work.backend.asked == 0, "the backend of the till that works was asked"

    def teardown(self) -> None:
        """Close everything, and look once more."""
        try:
            if self.shop is not None:
                self.shop.till.close()
        finally:
            self.work.backend.close()
        try:
            self.work_is_untouched()
        finally:
            self._scratch.cleanup()

    @property
    def _shop(self) -> TrainingShop:
        assert self.shop is not None
        return self.shop

    @property
    def _session(self) -> TillSession:
        assert self.session is not None
        return self.session

    def _confirm(self, times: int) -> None:
        for _ in range(times):
            if self._session.view.step is not Step.DONE:
                self._session.confirm()

    def _type(self, text: str) -> None:
        for character in text:
            self._session.type_character(character)
