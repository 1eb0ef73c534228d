"""The header: whose till this is, whether the backend answers, what waits, and the time."""

from collections.abc import Callable
from datetime import datetime
from math import ceil

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cashier_app.services.till_view import TillView
from cashier_app.wording.places import till_label
from cashier_app.wording.sentences import Tone, plain
from cashier_app.wording.speech import Wording
from cashier_app.wording.status import (
    BadgeWords,
    connection_badge,
    connection_banner,
    menu_name,
    queue_badge,
    training_banner,
)
from ui.accessibility import announce, install_roles
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import RIGHT, text_width, training_frame_width
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.badge import Badge, BadgeKind
from ui.widgets.icon_view import IconView, MarkView
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import ElidedLabel

_BADGES = {Tone.WAIT: BadgeKind.AMBER, Tone.STOP: BadgeKind.RED}
_BANNERS = {Tone.WAIT: (PanelKind.AMBER, "amber_text"), Tone.STOP: (PanelKind.RED, "red_text")}
_TRAINING = (PanelKind.TRAINING, "train_text")
_MINUTE = 60
_SIDE = 12
_MENU_OVERHANG = 14
_CASHIER_WIDTH = 190  # px at 1x; a longer name is cut off
_TEXT_FROM = 40  # past the icon


class Banner(Panel):
    """One sentence in the header that stays as long as it is true."""

    accessible_role = QAccessible.Role.AlertMessage

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(PanelKind.AMBER, radius="control", parent=parent)
        self.set_edge_width(1)
        self.icon = IconView(size=20, parent=self)
        self.words = ElidedLabel(role="body", weight=MEDIUM, parent=self)
        self._short = ""

    def show_words(self, words: BadgeWords, kind: PanelKind, ink: str) -> None:
        """Say something else."""
        self.set_kind(kind)
        self.icon.set_icon(words.icon, ink)
        self.words.set_colour(ink)
        self.words.set_text(words.sentence.full, words.sentence.short)
        self._short = words.sentence.short
        self.setAccessibleName(words.spoken)

    def least_width(self) -> int:
        """Return the width in which the short form is whole, px."""
        return ceil(text_width(self._short, self.words.font())) + self.look.px(_TEXT_FROM + _SIDE)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        super().set_look(look)
        spread_look(self, look)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = self.look.px
        self.icon.setGeometry(px(_SIDE), 0, px(20), self.height())
        left = px(_TEXT_FROM)
        self.words.setGeometry(left, 0, max(1, self.width() - left - px(_SIDE)), self.height())


class ConnectionBadge(Badge):
    """Says whether the backend answers; nothing to be pressed."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(kind=BadgeKind.BARE, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class Header(QWidget):
    """One line at the top of every screen; the banner comes inside it, so that nothing below moves.

    Args:
        wording: The cashier's voice.
        store: The shop's name, cut off with an ellipsis where it has no room.
        till: The till's number; gives way to a banner in the compact layout.
        now: The time of day, UTC.
        training: Whether the training banner is always shown.
    """

    queue_requested = Signal()
    menu_requested = Signal()
    cashier_requested = Signal()  # lock, or change who is at the till

    def __init__(
        self,
        wording: Wording,
        store: str,
        till: str,
        now: Callable[[], datetime],
        *,
        training: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        install_roles()
        self._wording, self._now, self._training = wording, now, training
        self._look = DEFAULT_LOOK
        self._view: TillView | None = None
        self.mark = MarkView(parent=self)
        self.store = ElidedLabel(plain(store), role="body_large", weight=SEMIBOLD, parent=self)
        self.till = ElidedLabel(till_label(till, wording), role="body", colour="ink2", parent=self)
        self.banner = Banner(self)
        self.connection = ConnectionBadge(self)
        self.queue = Badge(parent=self)
        self.queue.clicked.connect(self.queue_requested)
        self.cashier = Badge(kind=BadgeKind.BARE, parent=self)
        self.cashier.clicked.connect(self.cashier_requested)
        self.clock = ElidedLabel(role="body_large", weight=MEDIUM, colour="ink2", align=RIGHT, parent=self)
        self.menu = Badge(icon="list", kind=BadgeKind.BARE, spoken=menu_name(wording), parent=self)
        self.menu.clicked.connect(self.menu_requested)
        for part in (self.banner, self.connection, self.queue, self.cashier):
            part.hide()
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.timeout.connect(self._tick)
        self._show_time()

    def show_view(self, view: TillView) -> None:
        """Show the connection and the queue of a snapshot; nothing is touched while they stay as they are."""
        before, self._view = self._view, view
        seen = before is not None and before.connection == view.connection
        if before is not None and seen and before.cashier == view.cashier:
            return
        self._show_cashier(view)
        self._show_banner(view)
        self._show_badges(view)
        self._arrange()

    def set_wording(self, wording: Wording) -> None:
        """Speak with another voice."""
        self._wording = wording
        self.menu.setAccessibleName(menu_name(wording))
        self._show_time()
        if self._view is not None:
            view, self._view = self._view, None
            self.show_view(view)

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)
        if self._view is not None:
            self._show_queue(self._view)
            self._show_cashier(self._view)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Start the clock."""
        super().showEvent(event)
        self._tick()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the clock: nobody sees it."""
        self._minute.stop()
        super().hideEvent(event)

    # --- what is said -----------------------------------------------------------------------------

    def _show_banner(self, view: TillView) -> None:
        trouble = connection_banner(view.connection, self._wording, self._now())
        if self._training:
            self.banner.show_words(training_banner(self._wording), *_TRAINING)
        elif trouble is not None:
            if self.banner.isHidden():
                announce(self.banner, trouble.spoken)
            self.banner.show_words(trouble, *_BANNERS.get(trouble.tone, _BANNERS[Tone.WAIT]))
        self.banner.setVisible(self._training or trouble is not None)

    def _show_badges(self, view: TillView) -> None:
        connection = connection_badge(view.connection, self._wording)
        # The banner says the same with more words; in training it is taken.
        said = connection_banner(view.connection, self._wording, self._now()) is not None
        self.connection.setVisible(self._training or not said)
        kind = _BADGES.get(connection.tone, BadgeKind.BARE)
        self.connection.set_badge(
            connection.sentence.full, icon=connection.icon, kind=kind, spoken=connection.spoken
        )
        self._show_queue(view)

    def _show_cashier(self, view: TillView) -> None:
        # In the compact layout there is no room: the menu says who it is.
        shown = view.cashier if not self._look.metrics.compact else None
        self.cashier.setVisible(shown is not None)
        if shown is not None:
            from cashier_app.wording.staff import cashier_badge  # many shops have nobody signed in

            words = cashier_badge(shown, self._wording)
            self.cashier.set_badge(
                words.sentence.full, icon=words.icon, kind=BadgeKind.BARE, spoken=words.spoken
            )

    def _show_queue(self, view: TillView) -> None:
        queue = queue_badge(view.connection, self._wording, self._now())
        self.queue.setVisible(queue is not None)
        if queue is not None:
            kind = _BADGES.get(queue.tone, BadgeKind.QUIET)
            # Beside a banner there is room for the age only in the regular layout.
            brief = self._look.metrics.compact and not self.banner.isHidden()
            words = queue.sentence.short if brief else queue.sentence.full
            self.queue.set_badge(words, icon=queue.icon, kind=kind, spoken=queue.spoken)

    def _show_time(self) -> None:
        self.clock.set_text(self._wording.figures.time(self._now()))

    def _tick(self) -> None:
        self._show_time()
        if self._view is not None:
            self._show_queue(self._view)  # its age goes on, also while nothing happens
        now = self._now()
        rest = _MINUTE - now.second - now.microsecond / 1_000_000
        # A little after the minute: a timer that comes early would show the old minute for another one.
        self._minute.start(round(rest * 1000) + 50)
        self._arrange()

    # --- places -----------------------------------------------------------------------------------

    def _arrange(self) -> None:
        metrics, px = self._look.metrics, self._look.px
        height, side = self.height(), metrics.side_margin
        right = self._place_right(self.width() - side, height)
        mark = self.mark.sizeHint().width()
        self.mark.setGeometry(side, (height - mark) // 2, mark, mark)
        left = side + mark + px(10 if metrics.compact else 12)
        banner = not self.banner.isHidden()
        self.till.setVisible(not (banner and (metrics.compact or self._training)))
        left = self._place_names(left, right, height)
        if banner:
            high = metrics.banner_height
            gap = px(12 if metrics.compact else 20)
            top = (height - high) // 2
            if self._training:
                # The striped frame lies over the window's edge: the banner stays clear of it.
                top = max(top, training_frame_width(self._look) + px(2))
                high = min(high, height - 2 * top)
            self.banner.setGeometry(QRect(left + gap, top, max(1, right - left - 2 * gap), high))

    def _place_right(self, right: int, height: int) -> int:
        """Put menu, clock, queue and connection from the right and return where they begin, px."""
        px = self._look.px
        # As wide as a finger: its icon, not its edge, stands at the margin.
        self.menu.setGeometry(right - px(48 - _MENU_OVERHANG), 0, px(48), height)
        right -= px(48 - _MENU_OVERHANG)
        width = self.clock.sizeHint().width()
        self.clock.setGeometry(right - width, 0, width, height)
        right -= width + px(10 if self._look.metrics.compact else 12)
        for badge in (self.cashier, self.connection, self.queue):
            if not badge.isHidden():
                width = badge.sizeHint().width()
                if badge is self.cashier:
                    width = min(width, px(_CASHIER_WIDTH))
                badge.setGeometry(right - width, 0, width, height)
                right -= width + px(4)
        return right

    def _place_names(self, left: int, right: int, height: int) -> int:
        """Put store and till at the left and return where they end, px."""
        px = self._look.px
        till = 0 if self.till.isHidden() else self.till.sizeHint().width() + px(12)
        # A banner that is cut off says nothing: a long shop name gives way to it.
        least = 0 if self.banner.isHidden() else self.banner.least_width() + px(40)
        room = max(px(80), right - left - till - least)
        store = min(self.store.sizeHint().width(), room)
        self.store.setGeometry(left, 0, store, height)
        left += store
        if till:
            self.till.setGeometry(left + px(12), 0, till - px(12), height)
        return left + till
