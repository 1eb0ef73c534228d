"""Whatever is done in training, not a byte of the work folder changes and its backend is never asked."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from cashier_app.bootstrap import contract_backend
from cashier_app.demo.server import DemoServer
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from cashier_app.storage import opening, practice_mark
from cashier_app.training_shop import TrainingShop
from tests.end_to_end.beside_work import Training

EXAMPLES = settings(max_examples=8, stateful_step_count=14)
ACTS = ("sold", "sold to a member", "with points", "undone", "returned", "enrolled", "learned", "closed")
CONTROL = settings(max_examples=4, stateful_step_count=6, report_multiple_bugs=False)


@pytest.mark.expects_log("the sales database was damaged")
def test_random_training_leaves_work_untouched() -> None:
    Training.done.clear()
    run_state_machine_as_test(Training, settings=EXAMPLES)
    assert all(Training.done[act] for act in ACTS), Training.done


class GivenTheWorkFolder(Training):
    """A planted bug: training opened on the folder of the till that works."""

    def make_shop(self) -> TrainingShop:
        """Return training, where it must not be."""
        return TrainingShop(self.work.folder, self.work.config)


def test_training_refuses_the_work_folder() -> None:
    with pytest.raises(KnownError, match="real work"):
        run_state_machine_as_test(GivenTheWorkFolder, settings=CONTROL)


def test_without_the_refusal_the_changed_bytes_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practice_mark, "check_kind", lambda *_, **__: None)
    monkeypatch.setattr(opening, "_check_practice", lambda *_, **__: None)
    with pytest.raises(AssertionError, match="the folder of the till that works was changed"):
        run_state_machine_as_test(GivenTheWorkFolder, settings=CONTROL)


class AskingTheWorkBackend(TrainingShop):
    """A planted bug: training that asks the backend of the settings it was given."""

    address = ""

    def _make_backend(self) -> LoyaltyBackend:
        if self._server is None:
            self._server = DemoServer()
        return contract_backend(self.address, Secret("made-up-for-this-till"))


class GivenTheWorkBackend(Training):
    """Opens that training."""

    def make_shop(self) -> TrainingShop:
        """Return it."""
        made = AskingTheWorkBackend(self.folder / "practice", self.work.config)
        made.address = self.work.config.backend.address
        return made


def test_a_request_to_the_work_backend_is_found() -> None:
    with pytest.raises(AssertionError, match="the backend of the till that works was asked"):
        run_state_machine_as_test(GivenTheWorkBackend, settings=CONTROL)
