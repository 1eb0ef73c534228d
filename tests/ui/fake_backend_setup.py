"""A loyalty system to set up that notes what it is asked, and answers what a test wants."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from cashier_app import backend_setup
from cashier_app.backend_setup import Draft, TriedOut
from cashier_app.backends.registry import kind_of
from cashier_app.domain.probe import Found, Probed, Right, RightProbed
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.services.approval import Approval
from cashier_app.wording.backends import Here
from tests.fakes.backend import CAPABILITIES
from ui.backend_setup import BackendFacts, KindFacts

WORKS = Probed(
    tuple(RightProbed(right, Found.WORKS) for right in (Right.PROGRAM, Right.FIND, Right.ACCOUNT)),
    program_name="Corner Points",
    currency="INR",
    time_zone="Asia/Kolkata",
    clock_ahead=timedelta(seconds=2),
)
REFUSED = Probed(
    (
        RightProbed(Right.PROGRAM, Found.WORKS),
        RightProbed(Right.FIND, Found.REFUSED, "LOYALTY_READ is missing"),
        RightProbed(Right.ACCOUNT, Found.UNREACHABLE),
    ),
    currency="USD",
    time_zone="America/New_York",
    clock_ahead=timedelta(minutes=7),
    remarks=("Loyalty is not switched on at this location.",),
)


def kind_facts(name: str, stored: frozenset[str] = frozenset()) -> KindFacts:
    """Return a kind of this program, as the page knows it."""
    kind = kind_of(name)
    fields = backend_setup.setting_fields(kind)
    return KindFacts(kind.name, kind.title, kind.addresses, kind.know, fields, kind.secrets, stored)


class FakeBackendSetup:
    """Square is set up; others can be chosen."""

    def __init__(self) -> None:
        self.now = BackendFacts(
            kinds=(
                kind_facts("contract"),
                kind_facts("square", frozenset({"access token"})),
            ),
            current="square",
            address="",
            settings={"location": "L8GTM4Q1XYZ0A"},
            here=Here("INR", "Asia/Kolkata"),
            can=kind_of("square").rules(_square(), None).capabilities,
        )
        self.answer = TriedOut(WORKS, CAPABILITIES)
        self.problem: KnownError | None = None
        self.drafts: list[Draft] = []
        self.kept: list[tuple[Draft, Approval]] = []
        self.passphrase = ""
        self.chosen: Secret | None = None

    def facts(self) -> BackendFacts:
        return self.now

    def try_now(self) -> TriedOut:
        return self._answered()

    def try_out(self, draft: Draft) -> TriedOut:
        self.drafts.append(draft)
        return self._answered()

    def keep(self, draft: Draft, by: Approval, passphrase: Secret | None) -> None:
        self._answered()
        self.kept.append((draft, by))
        self.chosen = passphrase
        self.now = replace(self.now, current=draft.kind, address=draft.address)

    def locked(self) -> bool:
        return bool(self.passphrase)

    def unlock(self, passphrase: Secret) -> None:
        if passphrase.reveal() != self.passphrase:
            raise KnownError("This is not the till's passphrase.")
        self.passphrase = ""

    def _answered(self) -> TriedOut:
        if self.problem is not None:
            raise self.problem
        return self.answer


def _square() -> object:
    return kind_of("square").settings(location="L8GTM4Q1XYZ0A")
