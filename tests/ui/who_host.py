"""A who column and a header in a window of a given size, and what must hold of any tree of widgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording import Wording
from tests.ui import sample_views
from ui.screens.frame import Frame
from ui.theme.look import Look
from ui.theme.metrics import Metrics
from ui.theme.tokens import LIGHT, Theme
from ui.widgets.header import Header
from ui.widgets.painted_button import PaintedButton
from ui.widgets.text import ElidedLabel
from ui.widgets.who_column import WhoColumn

SIZES = ((1024, 600), (1280, 720), (1280, 800), (1366, 768), (1920, 1080))


@dataclass(slots=True)
class Host:
    """The window and what is in it."""

    window: QWidget
    who: WhoColumn
    header: Header
    frame: Frame

    def show_view(self, view: TillView) -> None:
        """Show a snapshot in both, in the voice of its program."""
        program = view.program or sample_views.PROGRAM
        for part in (self.who, self.header):
            part.set_wording(wording_of(program.currency.code))
            part.show_view(view)


def wording_of(currency: str = "INR") -> Wording:
    """Return the voice of a sample shop."""
    program = sample_views.PROGRAM if currency == "INR" else sample_views.SOUQ
    locale = "en_IN" if currency == "INR" else "en_KW"
    return Wording.of(locale, sample_views.ZONE, program.point_name)


def make_host(
    size: tuple[int, int] = (1280, 800),
    theme: Theme = LIGHT,
    *,
    scale: float = 1.0,
    store: str = "Marigold Stores",
    training: bool = False,
) -> Host:
    """Return a window with both parts placed as the till places them."""
    metrics = Metrics.of(*size, scale)
    frame, look = Frame.of(metrics), Look(theme, metrics)
    window = QWidget()
    window.resize(*size)
    wording = wording_of()
    who = WhoColumn(wording, sample_views.REGION, lambda: sample_views.NOW, window)
    header = Header(wording, store, "2", lambda: sample_views.NOW, training=training, parent=window)
    who.setGeometry(frame.who)
    header.setGeometry(frame.header)
    for part in (who, header):
        part.set_look(look)
    # Qt tells a widget its size only when it is shown.
    window.show()
    return Host(window, who, header, frame)


def seen(root: QWidget) -> Iterator[QWidget]:
    """Yield every widget below the root that would be seen."""
    yield from (widget for widget in root.findChildren(QWidget) if widget.isVisibleTo(root))


def overlaps(root: QWidget) -> list[str]:
    """Return pairs of siblings that cover each other, the toast aside: it lies over the card on purpose."""
    found = []
    for parent in (root, *seen(root)):
        children = [
            child
            for child in parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if child.isVisibleTo(root) and child is not getattr(root, "toast", None)
        ]
        for index, first in enumerate(children):
            found += [
                f"{_named(first)} {first.geometry()} on {_named(second)} {second.geometry()}"
                for second in children[index + 1 :]
                if first.geometry().intersects(second.geometry())
            ]
    return found


def outside(root: QWidget) -> list[str]:
    """Return widgets that reach out of their parent."""
    found = []
    for widget in seen(root):
        parent = widget.parentWidget()
        if parent is not None and not parent.rect().contains(widget.geometry()):
            found.append(f"{_named(widget)} {widget.geometry()} in {parent.rect()}")
    return found


def cut_off(root: QWidget, names: set[QWidget]) -> list[str]:
    """Return labels and buttons that are cut off and are not names."""
    found = [
        label.text()
        for label in seen(root)
        if isinstance(label, ElidedLabel) and label not in names and label.is_elided()
    ]
    found += [
        label.text()
        for label in seen(root)
        if isinstance(label, QLabel)
        and label.wordWrap()
        and label.heightForWidth(label.width()) > label.height()
    ]
    return found


def too_small(root: QWidget, least: int = 48) -> list[str]:
    """Return enabled buttons that a finger would miss."""
    return [
        f"{_named(button)} {button.size()}"
        for button in seen(root)
        if isinstance(button, PaintedButton)
        and button.isEnabled()
        and not button.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        and min(button.width(), button.height()) < least
    ]


def rectangle_in(widget: QWidget, root: QWidget) -> QRect:
    """Return a widget's rectangle in the root's coordinates."""
    return QRect(widget.mapTo(root, widget.rect().topLeft()), widget.size())


def _named(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()[:30]!r}"
