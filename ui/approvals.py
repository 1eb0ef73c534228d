"""Where the window's pages get approvals: by PIN once a gate stands there, else from a typed name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cashier_app.services.approval import Approval, ApprovalAsked
    from ui.gate import Gate


class HasGate(Protocol):
    """The window: its gate comes behind the first frame."""

    @property
    def gate(self) -> Gate | None:
        """Return the gate, if there is one by now."""


class GateApprovals:
    """`cashier_app.services.approval.Approvals` for pages; asks whatever gate there is when it is asked."""

    def __init__(self, window: HasGate) -> None:
        self._window = window

    @property
    def asks_pin(self) -> bool:
        """Say whether approvals come from PINs here, not from a typed name."""
        gate = self._window.gate
        return gate is not None and gate.asks_pin

    def ask(self, asked: ApprovalAsked, answered: Callable[[Approval | None], None]) -> None:
        """Ask somebody with the right to allow something; `answered` is called once, with None for no."""
        gate = self._window.gate
        if gate is None:
            answered(None)
        else:
            gate.ask(asked, answered)
