"""The windows of practice material with everything at once, and what a camera sees of them."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QRegion
from PySide6.QtWidgets import QWidget

from cashier_app.ports.clock import Clock
from cashier_app.ports.runner import Runner
from cashier_app.practice_opening import PracticeMaterial
from tests.fakes.runner import Immediate
from tests.unit.practice_sheets import MEMBERS, WORDING
from ui.theme.look import Look
from ui.theme.metrics import Metrics
from ui.theme.tokens import LIGHT, Theme
from ui.training.passes import PassesWindow
from ui.training.phone import PhoneWindow

SCREENS = ((1024, 600), (1920, 1080))
STORE = "Marigold Stores"


@cache
def material() -> PracticeMaterial:
    return PracticeMaterial(lambda: MEMBERS)


def look_of(screen: tuple[int, int] = (1280, 800), theme: Theme = LIGHT) -> Look:
    return Look(theme, Metrics.of(*screen))


def passes(look: Look | None = None, runner: Runner | None = None) -> PassesWindow:
    """Return the window of passes, shown."""
    made = PassesWindow(material(), WORDING, STORE, runner or Immediate())
    made.set_look(look or look_of())
    made.open_beside()
    return made


def phone(clock: Clock, look: Look | None = None, runner: Runner | None = None) -> PhoneWindow:
    """Return the practice phone, shown."""
    made = PhoneWindow(material(), WORDING, STORE, runner or Immediate(), clock)
    made.set_look(look or look_of())
    made.open_beside()
    return made


def grabbed(window: QWidget, ratio: float = 1.0) -> NDArray[np.uint8]:
    """Return what the window shows on a screen of this ratio: height x width x BGR."""
    image = QImage(window.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#808080"))
    window.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    data = np.frombuffer(image.constBits(), np.uint8)
    return data.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width(), :3].copy()
