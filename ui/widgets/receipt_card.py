"""The card beside a finished sale without a member: the code that lets one claim it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cashier_app.scanning.printed_codes import PrintedCode
from cashier_app.scanning.symbologies import QR_CODE
from cashier_app.wording.claims import ReceiptCardWords
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.code_view import CodeView
from ui.widgets.text import ElidedLabel, PlainLabel
from ui.widgets.who_card import WhoCard

_LEAST_CODE = 120  # px at 1x; smaller ones are hard to scan from a screen


class ReceiptCard(WhoCard):
    """A title, the QR code, the short code under it, how long it is good, and the button that prints it."""

    print_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._words: ReceiptCardWords | None = None
        self.title = ElidedLabel(role="label", weight=SEMIBOLD, parent=self)
        self.code = CodeView(self)
        self.claim = ElidedLabel(role="label_large", weight=SEMIBOLD, parent=self)
        self.body = PlainLabel(colour="ink2", weight=MEDIUM, wrap=True, parent=self)
        self.print_button = ActionButton(kind=ButtonKind.SECONDARY, key="P", parent=self)
        self.print_button.clicked.connect(self.print_requested)

    def show_words(self, words: ReceiptCardWords) -> None:
        """Show another code; the same again does nothing."""
        if words == self._words:
            return
        self._words = words
        self.title.set_text(words.title.full, words.title.short)
        self.claim.set_text(words.code)
        self.body.set_text(words.body.full)
        self.code.show_code(PrintedCode(QR_CODE, words.receipt, words.rows))
        self.print_button.set_words(words.print_label.full, words.print_label.short)
        self.setAccessibleName(words.title.full)
        self.setAccessibleDescription(words.spoken)
        self.arrange()

    def arrange(self) -> None:
        """Put the words round the code, which takes what they leave."""
        flow, px = self.flow(), self.look.px
        button, claim, gap = self.sized(48, 56), self.sized(30, 36), px(8)
        body = max(1, self.body.heightForWidth(flow.width))
        self.title.setGeometry(flow.take(self.sized(26, 30)))
        end = self.height() - self.padding()
        room = end - button - gap - body - gap - claim - gap - (flow.at + gap)
        side = max(px(_LEAST_CODE), min(room, flow.width))
        tile = flow.take(side, gap)
        tile.setLeft(tile.left() + (tile.width() - side) // 2)
        tile.setWidth(side)
        self.code.setGeometry(tile)
        self.claim.setGeometry(flow.take(claim, gap))
        self.body.setGeometry(flow.take(body, px(2)))
        self.print_button.setGeometry(flow.left, end - button, flow.width, button)
