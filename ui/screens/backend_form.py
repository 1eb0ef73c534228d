"""The form of one loyalty system: which fields it has, and what was typed as a draft."""

from __future__ import annotations

from collections.abc import Mapping

from cashier_app.backend_setup import LONGEST_SECRET, Draft, SettingField
from cashier_app.domain.settlement import LONGEST_NAME
from cashier_app.ports.backend_kind import SecretField
from cashier_app.ports.credentials import Secret
from cashier_app.wording import Wording
from cashier_app.wording.backend_page import form_words, optional, setting_label
from ui.backend_setup import KindFacts
from ui.widgets.form_fields import FieldWords

ADDRESS, BY, PASSPHRASE = "address", "by", "passphrase"
_SETTING, _SECRET = "setting ", "secret "


def form_fields(
    kind: KindFacts, address: str, settings: Mapping[str, str], wording: Wording, *, by_name: bool = True
) -> list[FieldWords]:
    """Return address, settings, secrets and, by name, who confirms; what is stored is never in a field."""
    words = form_words(wording)
    usual = next(iter(kind.addresses), "")
    needed = [_setting(field, settings, wording) for field in kind.settings if field.mandatory]
    others = [_setting(field, settings, wording) for field in kind.settings if not field.mandatory]
    hidden = [
        FieldWords(
            name,
            secret.label if secret.mandatory else optional(secret.label, wording),
            secret.where,
            words.stored if secret.name in kind.stored else "",
            hidden=True,
            longest=LONGEST_SECRET + 64,
        )
        for name, secret in secret_fields(kind)
    ]
    return [
        FieldWords(ADDRESS, words.address, inside=usual or "https://", text=address),
        *needed,
        *hidden,
        *([FieldWords(BY, words.by, longest=LONGEST_NAME)] if by_name else []),
        *others,
    ]


def _setting(setting: SettingField, settings: Mapping[str, str], wording: Wording) -> FieldWords:
    label, said = setting_label(setting.name, wording), settings.get(setting.name, "")
    return FieldWords(
        _SETTING + setting.name,
        label if setting.mandatory else optional(label, wording),
        setting.about,
        form_words(wording).several if setting.choices else setting.default,
        (said or setting.default) if setting.choices else said,
        setting.choices,
    )


def passphrase_field(wording: Wording) -> FieldWords:
    """Return the one field that unlocks."""
    return FieldWords(PASSPHRASE, form_words(wording).passphrase, hidden=True, longest=1024)


def new_passphrase_field(wording: Wording) -> FieldWords:
    """Return the field of a new passphrase, for a computer without a key store."""
    words = form_words(wording)
    return FieldWords(PASSPHRASE, words.new_passphrase, words.why_passphrase, hidden=True, longest=1024)


def secret_fields(kind: KindFacts) -> list[tuple[str, SecretField]]:
    """Return the names of the fields of secrets."""
    return [(_SECRET + secret.name, secret) for secret in kind.secrets]


def draft_of(kind: KindFacts, typed: Mapping[str, str], secrets: Mapping[str, Secret]) -> Draft:
    """Return what was typed."""
    settings = {setting.name: typed[_SETTING + setting.name] for setting in kind.settings}
    return Draft(kind.name, typed[ADDRESS], settings, secrets)
