"""Whether this till is touched."""

from __future__ import annotations

from PySide6.QtGui import QInputDevice


def has_touch_screen() -> bool:
    """Return whether a touch screen is connected."""
    touch = QInputDevice.DeviceType.TouchScreen
    return any(device.type() == touch for device in QInputDevice.devices())
