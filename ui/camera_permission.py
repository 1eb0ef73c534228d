"""Asking the system for the camera, where it wants to be asked: on the main thread, before it is opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, Qt


def when_answered(context: QObject, then: Callable[[bool], None]) -> None:
    """Call back with whether the camera may be used: at once, or when the person has answered.

    Args:
        context: While it lives the answer is wanted.
        then: Called on the main thread.
    """
    application, permission = QCoreApplication.instance(), QCameraPermission()
    if application is None:
        raise RuntimeError("there is no application to ask with")
    status = application.checkPermission(permission)
    if status is Qt.PermissionStatus.Undetermined:
        application.requestPermission(
            permission, context, lambda answered: then(answered.status() is Qt.PermissionStatus.Granted)
        )
        return
    then(status is Qt.PermissionStatus.Granted)
