"""Roles for painted widgets and announcements: what a screen reader is told beyond names.

A widget that paints itself is only "client" to a screen reader. One that has an attribute
`accessible_role` is given that role instead; its name and description are those set on the widget.
"""

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


@cache
def install_roles() -> None:
    """Let widgets name their own role; a second call does nothing. Needs the application."""
    QAccessible.installFactory(_interface_for)


def _interface_for(_class_name: str, thing: QObject) -> QAccessibleInterface | None:
    role = getattr(thing, "accessible_role", None)
    if role is None or not isinstance(thing, QWidget):
        return None
    # No name here: the interface then answers with the widget's own, also after it changed.
    return QAccessibleWidget(thing, role, "")


def announce(widget: QWidget, words: str, *, assertive: bool = False) -> None:
    """Have a screen reader say words now (assertive) or when it has finished what it says (polite)."""
    if not words or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, words)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
    QAccessible.updateAccessibility(event)
