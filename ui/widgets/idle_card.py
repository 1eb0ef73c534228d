"""The idle card: where to hold a code, and what else can be done before anybody is known."""

from functools import cached_property

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cashier_app.wording.find_member import FindActionWords
from cashier_app.wording.problems import MessageCardWords
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.painting import CENTRE
from ui.theme.typography import SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.finder import Finder
from ui.widgets.text import ElidedLabel
from ui.widgets.who_card import Flow, WhoCard


class FindActions(QWidget):
    """The buttons for those who have no code: only what works now."""

    camera_requested = Signal()
    paste_requested = Signal()
    without_member_requested = Signal()
    new_member_requested = Signal()

    def __init__(self, words: FindActionWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._look = DEFAULT_LOOK
        self.camera = ActionButton(
            words.camera.full, kind=ButtonKind.ROW, key="F6", icon="camera", parent=self
        )
        self.paste = ActionButton(
            words.paste.full,
            short=words.paste.short,
            kind=ButtonKind.ROW,
            key="Ctrl+V",
            icon="note",
            parent=self,
        )
        self._new_members = False
        self.without_member = ActionButton(
            words.without_member.full, kind=ButtonKind.ROW, key="F8", icon="receipt", parent=self
        )
        self.camera.clicked.connect(self.camera_requested)
        self.paste.clicked.connect(self.paste_requested)
        self.without_member.clicked.connect(self.without_member_requested)

    @cached_property
    def new_member(self) -> ActionButton:
        """Return the button that adds a member, made when there is anybody to add to."""
        made = ActionButton(
            self._words.new_member.full, kind=ButtonKind.ROW, key="F2", icon="user-plus", parent=self
        )
        made.set_look(self._look)
        made.clicked.connect(self.new_member_requested)
        QWidget.setTabOrder(self.camera, made)
        QWidget.setTabOrder(made, self.without_member)
        return made

    def set_look(self, look: Look) -> None:
        """Take over new colours and measures."""
        self._look = look
        spread_look(self, look)

    def offers_new_member(self) -> bool:
        """Return whether adding a member is offered."""
        return self._new_members

    def offer_new_member(self, offered: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Offer to add a member in the place of pasting, which its key does all the same."""
        if offered is not self._new_members:
            self._new_members = offered
            self.paste.setVisible(not offered)
            self.new_member.setVisible(offered)

    def show_camera_on(self, on: bool) -> None:  # noqa: FBT001 - a setter, like Qt's
        """Mark the camera's button as switched on, or not."""
        if on == self.camera.is_selected():
            return
        self.camera.set_selected(on)
        self.camera.set_detail(self._words.camera_on.full if on else "")
        self.camera.setAccessibleName(self._words.camera_spoken if on else self._words.camera.full)

    def place(
        self, flow: Flow, height: int, gap: int, lead: int, *, paste: bool = True, camera: bool = True
    ) -> None:
        """Take rows of this height, `gap` apart, `lead` below the last thing; two of them may be left out."""
        second = self.new_member if self._new_members else self.paste
        self.paste.setVisible(paste and not self._new_members)
        if self._new_members:
            self.new_member.setVisible(paste)
        self.camera.setVisible(camera)
        shown = ((self.camera, camera), (second, paste), (self.without_member, True))
        rows = [row for row, wanted in shown if wanted]
        self.setGeometry(flow.take(len(rows) * (height + gap) - gap, lead))
        for index, row in enumerate(rows):
            row.setGeometry(0, index * (height + gap), self.width(), height)


class IdleCard(WhoCard):
    """A finder, two lines that say how, and the actions."""

    def __init__(
        self, words: MessageCardWords, actions: FindActionWords, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self.finder = Finder(self)
        self.title = ElidedLabel(words.title.full, role="label", weight=SEMIBOLD, align=CENTRE, parent=self)
        self.body = ElidedLabel(words.body.full, colour="ink2", align=CENTRE, parent=self)
        self.find_actions = FindActions(actions, self)
        self.setAccessibleName(words.title.full)

    def arrange(self) -> None:
        """Give the finder what the words and buttons leave."""
        flow = self.flow()
        button, gap = self.sized(48, 56), self.look.px(8)
        lead, between, title, body = self.sized(14, 24), self.sized(14, 28), self.sized(24, 28), 24
        words = lead + title + self.look.px(body)
        buttons = 3 * button + 2 * gap
        rest = self.height() - 2 * self.padding() - words - between - buttons
        self.finder.setGeometry(flow.take(max(self.look.px(96), min(rest, flow.width))))
        # The words belong to the finder: what is left over stands above the buttons.
        self.title.setGeometry(flow.take(title, lead))
        self.body.setGeometry(flow.take(self.look.px(body)))
        bottom = self.height() - self.padding() - buttons
        self.find_actions.place(flow, button, gap, max(self.look.px(8), bottom - flow.at))
