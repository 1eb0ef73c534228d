"""The fields of one loyalty system in the form, and what was typed into them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from cashier_app.backend_setup import Draft, checked_secret
from cashier_app.errors import KnownError
from cashier_app.ports.credentials import Secret
from cashier_app.services.approval import Approval, Approvals, approval_by
from cashier_app.wording import Wording
from ui.backend_setup import BackendFacts, KindFacts
from ui.screens.backend_form import (
    BY,
    PASSPHRASE,
    draft_of,
    form_fields,
    new_passphrase_field,
    secret_fields,
)
from ui.widgets.form_fields import FormFields


class BackendFields:
    """Fills the form for one kind, and reads it.

    Args:
        form: Where they stand.
        approvals: Where nobody signs in, a name is typed here.
    """

    def __init__(self, form: FormFields, approvals: Approvals) -> None:
        self._form, self._approvals = form, approvals
        self.kind: KindFacts | None = None

    def fill(self, kind: KindFacts, facts: BackendFacts, wording: Wording, *, current: bool) -> None:
        """Show the fields of a kind: with what is set up where it is the `current` one, else empty."""
        self.kind = kind
        address, settings = (facts.address, facts.settings) if current else ("", {})
        by_name = not self._approvals.asks_pin
        fields = form_fields(kind, address, settings, wording, by_name=by_name)
        if facts.wants_passphrase:
            fields.append(new_passphrase_field(wording))
        self._form.show_fields(fields)

    def draft(self, refused: Callable[[str], None]) -> Draft | None:
        """Return what was typed; None where a secret makes no sense, once `refused` said why."""
        if self.kind is None:
            return None
        typed = self._form.typed()
        secrets: dict[str, Secret] = {}
        for name, field in secret_fields(self.kind):
            if not typed[name]:
                continue
            try:
                secrets[field.name] = checked_secret(field, typed[name])
            except KnownError as error:
                self._form.focus(name)
                refused(error.sentence)
                return None
        return draft_of(self.kind, typed, secrets)

    def approval(self) -> Approval | None:
        """Return the word of whoever typed a name; None without one."""
        return approval_by(self._form.typed().get(BY, ""))

    def new_passphrase(self) -> Secret | None:
        """Return the passphrase chosen for the secrets, if one was."""
        chosen = self._form.typed().get(PASSPHRASE, "")
        return Secret(chosen) if chosen else None

    def is_last_needed(self, field: QLineEdit) -> bool:
        """Return whether Enter in this field tries it out: what comes after it may stay empty."""
        return not self._approvals.asks_pin and field is self._form.edit(BY)
