"""The loyalty system of a till without settings, as the page of the till asks about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cashier_app import backend_setup
from cashier_app.backend_setup import Draft, TriedOut
from cashier_app.first_run_opening import FirstRun
from cashier_app.keeping_secrets import Keeper, wants_passphrase
from cashier_app.ports.credentials import Secret
from cashier_app.services.approval import Approval, ApprovalAsked
from cashier_app.services.first_run import Answers, BackendAnswer
from cashier_app.wording.backends import Here
from ui.backend_setup import BackendFacts, KindFacts

BY_FIRST_RUN = Approval("first start")


class NobodyYet:
    """Approvals at the first start: nobody can have signed in, so whoever is there may."""

    @property
    def asks_pin(self) -> bool:
        """Return true: no name is typed."""
        return True

    def ask(self, _: ApprovalAsked, answered: Callable[[Approval | None], None]) -> None:
        """Answer at once."""
        answered(BY_FIRST_RUN)


class BackendOfAnswers:
    """What `ui.backend_setup.BackendSetup` asks, of answers instead of a settings file.

    Args:
        first_run: Tries out and keeps.
        answers: Whole ones.
        titles: What the loyalty systems are called, by the names of their kinds.
    """

    def __init__(self, first_run: FirstRun, answers: Answers, titles: Mapping[str, str]) -> None:
        self._first_run, self._answers, self._titles = first_run, answers, titles
        self._keeper = Keeper(first_run.vault)
        self.kept: BackendAnswer | None = None
        self.passphrase: Secret | None = None

    def facts(self) -> BackendFacts:
        """Return what there is to choose, and what was answered before."""
        before, first_run = self._answers.backend, self._first_run
        kinds = tuple(
            KindFacts(
                kind.name,
                self._titles.get(kind.name, kind.title),
                kind.addresses,
                kind.know,
                backend_setup.setting_fields(kind),
                kind.secrets,
                first_run.stored(kind),
            )
            for kind, _ in first_run.kinds(self._answers)
        )
        known = before if before is not None and any(one.name == before.kind for one in kinds) else None
        return BackendFacts(
            kinds=kinds,
            current=known.kind if known else kinds[0].name,
            address=known.address if known else "",
            settings={name: _typed(value) for name, value in known.settings.items()} if known else {},
            here=Here(self._answers.currency or "", self._answers.time_zone or ""),
            wants_passphrase=wants_passphrase(first_run.vault()),
        )

    def try_now(self) -> TriedOut:
        """Try out what is set up; there is nothing yet."""
        raise NotImplementedError

    def try_out(self, draft: Draft) -> TriedOut:
        """Try out what was typed, keeping nothing."""
        return self._first_run.try_out(self._answers, draft)

    def keep(self, draft: Draft, by: Approval, passphrase: Secret | None) -> None:
        """Seal the secrets; the rest is an answer."""
        del by  # nobody can have signed in
        self.kept = self._first_run.keep_backend(self._answers, draft, passphrase)
        self.passphrase = passphrase or self.passphrase

    def locked(self) -> bool:
        """Say whether a passphrase is wanted: one was chosen before, and somebody stopped half-way."""
        return self._keeper.needs_passphrase()

    def unlock(self, passphrase: Secret) -> None:
        """Open the secrets."""
        self._keeper.unlock(passphrase)
        self.passphrase = passphrase


def _typed(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
