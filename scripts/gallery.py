"""Render the sheet of our widgets in both themes: python scripts/gallery.py FOLDER [--ratio 1.5]."""

import argparse
import os
import sys
from datetime import UTC
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from cashier_app.domain.points import PointName
from cashier_app.ports.serial_scanner import SerialState, SerialStatus
from cashier_app.scanning.printed_codes import screen_codes
from cashier_app.wording import Sentence, Wording
from cashier_app.wording.devices import DeviceFacts, devices_words
from cashier_app.wording.returns import return_card, return_sum
from tests.ui import return_states
from tests.ui.camera_host import preview
from tests.ui.sample_shop import NOW
from ui.theme.icons import icon_names
from ui.theme.look import Look, spread_look
from ui.theme.metrics import Metrics
from ui.theme.painting import draw_training_frame, fill_background
from ui.theme.style import apply_theme
from ui.theme.tokens import DARK, LIGHT, Theme, high_contrast
from ui.theme.typography import MEDIUM, SEMIBOLD
from ui.widgets.badge import Badge, BadgeKind
from ui.widgets.big_text import FIGURE_SPACING, AmountText, WordText
from ui.widgets.button import ActionButton, ButtonKind
from ui.widgets.camera_picture import CameraPicture
from ui.widgets.code_view import CodeView
from ui.widgets.device_card import DeviceCard
from ui.widgets.finder import Finder
from ui.widgets.finder_content import FinderContent, FinderShape
from ui.widgets.gap_strip import GapStrip
from ui.widgets.icon_view import IconView, MarkView
from ui.widgets.key_list import KeyList
from ui.widgets.keycap import Keycap
from ui.widgets.keypad import Keypad, KeypadKey
from ui.widgets.painted_button import PaintedButton
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.progress import ProgressBar, TimerBar
from ui.widgets.return_card import ReturnCard
from ui.widgets.return_panel import ReturnSum
from ui.widgets.text import ElidedLabel, PlainLabel
from ui.widgets.tier_badge import TierBadge
from ui.widgets.toast import Toast

_STATES = ("Normal", "Pointer over", "Keyboard focus", "Pressed", "Disabled")
_KEYS = [
    ("Enter", Sentence.of("Use 200 coins")),
    ("0–9", Sentence.of("Other amount")),  # noqa: RUF001  # printed on keys
    ("−", Sentence.of("No coins")),  # noqa: RUF001  # printed on keys
    ("↓", Sentence.of("Other rewards")),
]


class Sheet(QWidget):
    """A page that things are put on by coordinates, and that paints its own ground."""

    def __init__(self, look: Look, *, training: bool = False) -> None:
        super().__init__()
        self.look = look
        self.training = training
        self.resize(look.metrics.width, look.metrics.height)

    def put(self, widget: QWidget, left: int, top: int, width: int, height: int) -> None:
        """Place a widget, px."""
        widget.setParent(self)
        widget.setGeometry(QRect(left, top, width, height))

    def caption(self, words: str, left: int, top: int) -> None:
        """Write what a row shows."""
        self.put(PlainLabel(words, role="body", weight=MEDIUM, colour="ink2"), left, top, 128, 30)

    def paintEvent(self, _event: QEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        fill_background(painter, self, self.look)
        if self.training:
            draw_training_frame(painter, self.rect(), self.look)
        painter.end()


def show_state(button: QPushButton, state: str) -> None:
    """Bring a button into one of the states by the events that lead there."""
    if state == "Pointer over":
        here = QPointF(5, 5)
        QApplication.sendEvent(button, QEnterEvent(here, here, here))
    elif state == "Keyboard focus":
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.sendEvent(button, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
        keep_ring(button)
    elif state == "Pressed":
        button.setDown(True)
    elif state == "Disabled":
        button.setEnabled(False)


def keep_ring(button: QPushButton) -> None:
    """Draw the ring although only one widget of a window can have the focus."""
    if isinstance(button, PaintedButton):
        button.shows_ring = lambda: True  # type: ignore[method-assign]


def components(sheet: Sheet) -> None:
    """Lay out buttons, badges, messages, toasts and bars."""
    for index, state in enumerate(_STATES):
        left = 158 + index * 221
        sheet.put(PlainLabel(state, role="body", colour="ink2"), left, 18, 200, 26)
        rows: list[QPushButton] = [
            ActionButton("Use 200", kind=ButtonKind.PRIMARY, key="Enter"),
            ActionButton("Back", kind=ButtonKind.SECONDARY, key="Esc"),
            ActionButton("Undo", kind=ButtonKind.DANGER, key="Enter"),
            KeypadKey("5"),
        ]
        for row, button in enumerate(rows):
            sheet.put(button, left, 48 + row * 73, 209, 60)
            show_state(button, state)
    for row, words in enumerate(("Primary", "Secondary", "Danger", "Keypad")):
        sheet.caption(words, 28, 63 + row * 73)
    choices(sheet)
    badges(sheet)
    messages(sheet)


def choices(sheet: Sheet) -> None:
    """Lay out fields' frames and choices."""
    sheet.caption("Frames", 28, 378)
    for index, kind in enumerate((PanelKind.FRAMED, PanelKind.PLAIN, PanelKind.OFF)):
        left = 158 + index * 369
        sheet.put(Panel(kind), left, 359, 357, 68)
        sheet.put(PlainLabel("Bill", role="label", weight=SEMIBOLD), left + 22, 378, 60, 30)
        amount = AmountText("₹2,360.00")
        amount.set_amount("₹2,360.00", tail=".00" if index == 0 else "", caret=index == 0)
        sheet.put(amount, left + 90, 363, 245, 60)
    sheet.caption("Choice", 28, 453)
    for index in range(6):
        words, key = (("Max ₹200", "*"), ("Other", "0–9"), ("None", "−"))[index % 3]  # noqa: RUF001  # as printed
        button = ActionButton(words, kind=ButtonKind.CHOICE, key=key)
        sheet.put(button, 158 + index * 184, 440, 175, 56)
        button.setAutoExclusive(False)
        button.set_selected(index == 0)
        button.setEnabled(index < 3)  # the second half is the disabled set


def badges(sheet: Sheet) -> None:
    """Lay out badges and keycaps."""
    sheet.caption("Badges", 28, 510)
    left = 158
    for words, icon, kind in (
        ("Online", "wifi-high", BadgeKind.BARE),
        ("Offline", "cloud-slash", BadgeKind.AMBER),
        ("2 waiting", "clock", BadgeKind.QUIET),
        ("1 needs attention", "warning", BadgeKind.RED),
        ("TRAINING", "graduation-cap", BadgeKind.TRAINING),
    ):
        badge = Badge(words, icon=icon, kind=kind)
        badge.set_look(sheet.look)
        sheet.put(badge, left, 500, badge.sizeHint().width(), 50)
        left += badge.width() + 11
    tier = TierBadge()
    tier.set_look(sheet.look)
    tier.set_tier("Gold", 3, 4)
    sheet.put(tier, left, 509, tier.sizeHint().width(), 32)
    left = 1064
    for words in ("Enter", "Esc", "F9", "↓"):
        keycap = Keycap(words, colour="ink")
        keycap.set_look(sheet.look)
        sheet.put(keycap, left, 512, keycap.sizeHint().width(), 26)
        left += keycap.width() + 10


def messages(sheet: Sheet) -> None:
    """Lay out messages, toasts, bars and icons."""
    sheet.caption("Messages", 28, 565)
    for index, (kind, icon, token, words) in enumerate(
        (
            (PanelKind.HEAD, "check-circle", "accent_text", "Held: 200 coins until 14:42"),
            (PanelKind.AMBER, "cloud-slash", "amber_text", "Offline since 14:02"),
            (PanelKind.RED, "prohibit", "red_text", "Blocked since 12 Nov"),
        )
    ):
        left = 158 + index * 369
        panel = Panel(kind, radius="control")
        panel.set_edge_width(1)
        sheet.put(panel, left, 554, 357, 52)
        sheet.put(IconView(icon, colour=token, size=20), left + 17, 570, 20, 20)
        colour = "ink" if kind is PanelKind.HEAD else token
        sheet.put(ElidedLabel(words, role="body", weight=MEDIUM, colour=colour), left + 48, 565, 290, 30)
    sheet.caption("Toasts", 28, 632)
    for index, (words, action, key) in enumerate(
        (
            ("Scan not used: finish this sale first", "Close", "Esc"),
            ("Member is now Ravi K.", "Change back", "F9"),
        )
    ):
        toast = Toast()
        toast.set_look(sheet.look)
        sheet.put(toast, 158 + index * 553, 619, 541, 56)
        toast.show_words(words, action=action, key=key, life_ms=0)
    sheet.caption("Progress", 28, 684)
    for index, (fraction, mark) in enumerate(((0.72, None), (0.65, 0.72), (0.05, None))):
        bar = ProgressBar("Way to the next tier")
        bar.set_fraction(fraction, mark=mark)
        sheet.put(bar, 158 + index * 369, 691, 357, 16)
    sheet.caption("Icons", 28, 720)
    for index, name in enumerate(icon_names()):
        sheet.put(IconView(name, colour="ink", size=22), 158 + index * 30, 724, 22, 22)


def till_parts(sheet: Sheet) -> None:
    """Lay out the larger parts: amounts, keypad, key list, rows, timer."""
    sheet.put(MarkView(), 24, 18, 28, 28)
    sheet.put(PlainLabel("Marigold Stores", role="body_large", weight=SEMIBOLD), 64, 18, 200, 28)
    sheet.put(Panel(PanelKind.PLAIN), 24, 64, 372, 712)
    sheet.put(Panel(PanelKind.HEAD, radius="control"), 38, 78, 344, 82)
    sheet.put(ElidedLabel("Priya Raghunathan", role="title", weight=SEMIBOLD), 54, 90, 312, 34)
    sheet.put(ElidedLabel("عبد الرحمن بن محمد", role="title", weight=SEMIBOLD), 54, 122, 312, 34)
    sheet.put(WordText("1,240", unit="coins", role="balance", spacing=FIGURE_SPACING), 54, 180, 312, 60)
    sheet.put(
        ElidedLabel("worth ₹1,240.00", role="body_large", colour="ink2", weight=MEDIUM), 54, 242, 312, 28
    )
    rows = (("Free coffee", "gift", "120 coins", "↓", True), ("10% off", "lock", "needs 1,500", "", False))
    for index, (words, icon, detail, key, usable) in enumerate(rows):
        row = ActionButton(words, kind=ButtonKind.ROW, icon=icon, detail=detail, key=key)
        row.setEnabled(usable)
        sheet.put(row, 54, 300 + index * 60, 312, 52)
    sheet.put(WordText("Ready", colour="ink3"), 54, 420, 312, 100)
    sheet.put(WordText("About +23 coins"), 54, 520, 312, 100)
    sheet.put(TimerBar(fill="amber_edge", track="bar_bg"), 54, 650, 312, 4)
    fills = ((PanelKind.PLAIN, "ink"), (PanelKind.SOLID, "on_solid"), (PanelKind.DONE, "on_done"))
    for index, (kind, colour) in enumerate((*fills, (PanelKind.AMBER, "ink"))):
        sheet.put(Panel(kind), 416, 64 + index * 181, 540, 170)
        amounts = ("₹2,160.00", "−₹98,76,543.00", "₹118.00", "KWD 19.000")  # noqa: RUF001  # the true minus
        amount = AmountText(amounts[index], role="hero", colour=colour)
        sheet.put(amount, 440, 74 + index * 181, 492, 150)
    keypad = Keypad()
    sheet.put(keypad, 976, 64, 280, 460)
    keys = KeyList()
    keys.set_keys(_KEYS)
    sheet.put(keys, 976, 536, 280, 240)


def finders(sheet: Sheet) -> None:
    """Lay out the finder: without a camera, over a picture, and what it says."""
    picture = CameraPicture(preview(1))
    sentence = "The camera is unplugged. Plug it in again, or type the phone number."
    contents = (
        FinderContent(),
        FinderContent(FinderShape.LOOKING, line="The camera is starting"),
        FinderContent(FinderShape.LOOKING, sentence=sentence),
        FinderContent(FinderShape.LOOKING),
        FinderContent(FinderShape.LOOKING, line="Hold the code 15 cm away"),
        FinderContent(FinderShape.READ),
        FinderContent(FinderShape.REFUSED, line="This is not a loyalty code"),
        FinderContent(FinderShape.SEVERAL, line="2 codes in view. Show one."),
    )
    for index, content in enumerate(contents):
        finder = Finder()
        sheet.put(finder, 24 + index % 4 * 310, 24 + index // 4 * 320, 290, 296)
        finder.show_content(content)
        if index > 2:
            finder.show_picture(picture)


def devices(sheet: Sheet) -> None:
    """Lay out what the page of devices is made of: cards, codes to scan, what was measured."""
    facts = DeviceFacts(
        camera="Logitech HD Pro Webcam C920",
        camera_on=True,
        serial="1FC9:0A41",
        status=SerialStatus(SerialState.MISSING),
    )
    wording = Wording.of("en_IN", UTC, PointName("coin", "coins"))
    for index, words in enumerate(devices_words(facts, wording).cards):
        card = DeviceCard()
        card.show_words(words)
        sheet.put(card, 24 + index % 2 * 392, 24 + index // 2 * 160, 376, 148)
    for place, code in zip(((24, 360, 222), (258, 360, 530)), screen_codes(), strict=True):
        view = CodeView()
        view.show_code(code)
        sheet.put(view, place[0], place[1], place[2], 222)
    for index, (gaps, allowed) in enumerate(
        (((4,) * 40, 20), ((45, 48, 44, 80) * 10, 65), ((95, 130) * 20, 0))
    ):
        strip = GapStrip()
        strip.show_gaps(gaps, allowed, ("{n} ms in the mean is allowed", "{n} ms ends a code"), "")
        sheet.put(strip, 820, 24 + index * 220, 420, 200)


def returns(sheet: Sheet) -> None:
    """Lay out what the return is made of: the card, the list to choose from, the sum."""
    wording = Wording.of("en_IN", UTC, PointName("coin", "coins"))
    for index, name in enumerate(("return-part", "return-whole-only", "return-waiting")):
        view = return_states.STATES[name]()
        if view.found is None:
            continue
        card, total = ReturnCard(), ReturnSum()
        sheet.put(card, 24 + index * 416, 24, 392, 460)
        card.show_words(return_card(view, view.found, wording, NOW))
        sheet.put(total, 24 + index * 416, 508, 392, 230)
        total.show_words(return_sum(view, view.found, wording), framed=index == 0)


def render(name: str, sheet: Sheet, folder: Path, ratio: float) -> None:
    """Paint a sheet into FOLDER/NAME.png."""
    spread_look(sheet, sheet.look)
    size = sheet.size() * ratio
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    sheet.render(image)
    image.save(str(folder / f"{name}.png"))
    print(folder / f"{name}.png")


def main() -> None:
    """Render all sheets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ratio", type=float, default=1.0, help="device pixel ratio")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    themes: list[Theme] = [LIGHT, DARK, high_contrast(LIGHT)]
    for theme in themes:
        look = Look(theme, Metrics.of(1280, 800))
        apply_theme(app, theme, look.metrics)
        first = Sheet(look)
        components(first)
        render(f"components-{theme.name}", first, arguments.folder, arguments.ratio)
        second = Sheet(look, training=theme is DARK)
        till_parts(second)
        render(f"parts-{theme.name}", second, arguments.folder, arguments.ratio)
        third = Sheet(look)
        finders(third)
        render(f"finders-{theme.name}", third, arguments.folder, arguments.ratio)
        fourth = Sheet(look)
        devices(fourth)
        render(f"devices-{theme.name}", fourth, arguments.folder, arguments.ratio)
        fifth = Sheet(look)
        returns(fifth)
        render(f"returns-{theme.name}", fifth, arguments.folder, arguments.ratio)


if __name__ == "__main__":
    main()
