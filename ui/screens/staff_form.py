"""The form that adds somebody to the staff: a name and a role, and what that role may do."""

from __future__ import annotations

from collections.abc import Mapping

from cashier_app.domain.settlement import LONGEST_NAME, one_line
from cashier_app.domain.staff import Role
from cashier_app.wording import Sentence, Wording
from cashier_app.wording import staff_page as words_of
from cashier_app.wording.sentences import Row
from ui.widgets.form_fields import FieldWords

NAME, ROLE = "name", "role"


def adding_fields(wording: Wording, *, first: bool) -> list[FieldWords]:
    """Return the fields; the first one who works here is a manager."""
    words = words_of.staff_words(wording)
    titles = {role: title for title, role in words_of.role_choices(wording).items()}
    roles = [role for role in Role if not first or role is Role.MANAGER]
    return [
        FieldWords(NAME, words.name, longest=LONGEST_NAME),
        FieldWords(ROLE, words.role, choices=tuple(titles[role] for role in roles)),
    ]


def role_rows(typed: Mapping[str, str], wording: Wording, *, first: bool) -> tuple[Row, ...]:
    """Return what the role chosen may do."""
    about = words_of.role_about(_role(typed, wording), wording)
    return (Row("user", Sentence.of(about)), *(words_of.nobody_yet(wording)[1:] if first else ()))


def who_is_added(typed: Mapping[str, str], wording: Wording) -> tuple[str, Role] | None:
    """Return name and role, or None while the name says nothing."""
    name = one_line(typed[NAME])
    return (name, _role(typed, wording)) if any(sign.isalnum() for sign in name) else None


def _role(typed: Mapping[str, str], wording: Wording) -> Role:
    return words_of.role_choices(wording)[typed[ROLE]]
