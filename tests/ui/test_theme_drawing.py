import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.paths import resources
from ui.theme.icons import forget_icons, icon_names, icon_pixmap, mark_pixmap
from ui.theme.look import DEFAULT_LOOK, Look, spread_look
from ui.theme.metrics import Metrics
from ui.theme.painting import draw_frame, draw_training_frame, ink_box, keycap_size
from ui.theme.paragraph import Paragraph
from ui.theme.style import apply_theme, style_sheet
from ui.theme.tokens import DARK, LIGHT, high_contrast
from ui.theme.typography import SEMIBOLD, families, font, font_for_text
from ui.widgets.panel import Panel, PanelKind
from ui.widgets.text import PlainLabel

NAMES = """
qr-code barcode phone identification-card camera user user-plus users receipt arrow-u-up-left gift
lock arrow-line-up trend-up star hourglass-medium wallet clock timer paper-plane-tilt warning
prohibit cloud-slash wifi-high check-circle minus-circle info backspace keyboard list graduation-cap
floppy-disk database eye note speaker pencil-simple arrow-up arrow-down caret-left caret-right
"""
NAMED = NAMES.split()


def ink(image: QImage, colour: str = "#FFFFFF") -> list[tuple[int, int]]:
    ground = QColor(colour).rgb()
    return [
        (x, y) for y in range(image.height()) for x in range(image.width()) if image.pixel(x, y) != ground
    ]


def sheet(width: int, height: int, ratio: float = 1.0) -> QImage:
    image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#FFFFFF"))
    return image


# --- icons ------------------------------------------------------------------------------------------


def test_every_icon_of_the_specification_is_there() -> None:
    assert icon_names() == sorted(NAMED)


@pytest.mark.parametrize("path", sorted((resources() / "icons").glob("*.svg")), ids=lambda path: path.stem)
def test_an_icon_is_drawn_on_the_grid_and_carries_nothing_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text) < 1200
    assert not re.search("script|href|style|metadata|id=", text)
    if path.stem != "mark":
        assert 'viewBox="0 0 24 24"' in text
        assert 'stroke-width="1.5"' in text


@pytest.mark.parametrize("name", NAMED)
def test_an_icon_has_ink_in_the_asked_colour_and_keeps_off_the_rim(name: str, qapp: QApplication) -> None:
    picture = icon_pixmap(name, "#0A6346", 48, 2.0).toImage()
    assert picture.size().width() == 96
    inked = [(x, y) for x in range(96) for y in range(96) if picture.pixelColor(x, y).alpha() == 255]
    assert len(inked) > 100
    assert {picture.pixelColor(x, y).rgb() for x, y in inked} == {QColor("#0A6346").rgb()}
    assert all(2 <= x <= 93 and 2 <= y <= 93 for x, y in inked)


def test_a_missing_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon_pixmap("unicorn", "#000000", 24, 1.0)


def test_icons_are_kept_until_forgotten(qapp: QApplication) -> None:
    first = icon_pixmap("lock", "#000000", 24, 1.0)
    assert icon_pixmap("lock", "#000000", 24, 1.0) is first
    forget_icons()
    assert icon_pixmap("lock", "#000000", 24, 1.0) is not first


def test_the_mark_takes_the_colours_of_the_theme(qapp: QApplication) -> None:
    picture: QPixmap = mark_pixmap(DARK.accent, DARK.on_accent, 28, 1.0)
    assert picture.toImage().pixelColor(3, 14).name().upper() == DARK.accent
    assert picture.toImage().pixelColor(14, 14).name().upper() == DARK.on_accent


# --- type -------------------------------------------------------------------------------------------


def test_inter_comes_first(qapp: QApplication) -> None:
    assert families()[0] == "Inter"


@pytest.mark.parametrize("size", [17, 104])
def test_all_figures_are_equally_wide(size: int, qapp: QApplication) -> None:
    metrics = QFontMetricsF(font(size, SEMIBOLD))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_weights_differ(qapp: QApplication) -> None:
    widths = {QFontMetricsF(font(40, weight)).horizontalAdvance("Raghunathan") for weight in (400, 500, 600)}
    assert len(widths) == 3


def test_latin_text_keeps_its_font_and_arabic_gets_a_face_of_its_own(qapp: QApplication) -> None:
    base = font(24, SEMIBOLD)
    assert font_for_text("Priya Raghunathan ₹20", base) is base
    assert font_for_text("Ünï Ω Ж", base) is base
    other = font_for_text("عبد الرحمن", base)
    assert other.pixelSize() == 24
    assert other.families()[0] != "Inter" or other.styleStrategy() != base.styleStrategy()


def test_a_paragraph_stands_1_4_of_its_size_apart(qapp: QApplication) -> None:
    one = Paragraph("Read the number back.", font(20), 600)
    many = Paragraph("Read the number back to the customer. " * 4, font(20), 240)
    assert (one.line_count, one.height) == (1, 28)
    assert many.height == many.line_count * 28 > 100
    assert Paragraph("one\ntwo", font(20), 600).line_count == 2


# --- frames -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize(("width", "device"), [(1, (1, 1, 1, 2)), (2, (2, 2, 3, 4)), (3, (3, 3, 4, 6))])
def test_an_edge_covers_whole_device_pixels(
    ratio: float, width: int, device: tuple[int, int, int, int], qapp: QApplication
) -> None:
    image = sheet(101, 61, ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_frame(painter, QRectF(7, 5, 80, 40), 10, edge=QColor("#000000"), width=width)
    painter.end()
    middle = image.height() // 2
    shades = [QColor(image.pixel(x, middle)).red() for x in range(image.width() // 2)]
    assert set(shades) == {0, 255}
    assert shades.count(0) == device[[1.0, 1.25, 1.5, 2.0].index(ratio)]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75])
@pytest.mark.parametrize("at", [(3, 3), (4, 7), (5, 2), (7, 9)])
def test_no_edge_of_a_panel_falls_outside_its_clip(ratio: float, at: tuple[int, int], qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(100, 80)
    panel = Panel(PanelKind.OFF, parent=ground)
    panel.setGeometry(*at, 61, 43)
    image = sheet(100, 80, ratio)
    ground.render(image)
    line = QColor(LIGHT.line).rgb()
    x, y = round((at[0] + 30) * ratio), round((at[1] + 21) * ratio)
    across = [image.pixel(column, y) for column in range(image.width())]
    down = [image.pixel(x, row) for row in range(image.height())]
    assert across.count(line) == 2
    assert down.count(line) == 2


def test_the_fill_does_not_shine_out_round_a_thick_edge(qapp: QApplication) -> None:
    image = sheet(60, 60)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_frame(painter, QRectF(5, 5, 50, 50), 14, fill=QColor("#FF0000"), edge=QColor("#000000"), width=3)
    painter.end()
    outside = QColor(image.pixel(8, 8))  # inside the box, outside its round corner
    assert outside.red() == outside.green() == outside.blue()


def test_the_training_frame_is_striped_and_hollow(qapp: QApplication) -> None:
    image = sheet(200, 120)
    painter = QPainter(image)
    draw_training_frame(painter, QRectF(0, 0, 200, 120), DEFAULT_LOOK)
    painter.end()
    rim = {image.pixelColor(x, 3).name().upper() for x in range(20, 180)}
    assert LIGHT.train in rim
    assert LIGHT.on_train in rim
    assert image.pixelColor(100, 60).name().upper() == "#FFFFFF"
    assert len(ink(image.copy(20, 20, 160, 80))) == 0


def test_ink_is_measured_from_the_outlines(qapp: QApplication) -> None:
    box = ink_box("₹2,160.00", font(104, SEMIBOLD))
    image = sheet(700, 200)
    painter = QPainter(image)
    painter.setFont(font(104, SEMIBOLD))
    painter.drawText(50, 120, "₹2,160.00")
    painter.end()
    columns = [x for x, _ in ink(image)]
    assert abs(min(columns) - (50 + box.left())) <= 1
    assert abs(max(columns) + 1 - (50 + box.right())) <= 1


def test_keycaps_are_as_high_as_specified(qapp: QApplication) -> None:
    assert keycap_size("Enter", DEFAULT_LOOK).height() == 26
    assert keycap_size("*", DEFAULT_LOOK).width() < keycap_size("Esc", DEFAULT_LOOK).width()


# --- the application --------------------------------------------------------------------------------


def test_the_sheet_names_no_font_and_no_bare_widget(qapp: QApplication) -> None:
    text = style_sheet(LIGHT, Metrics.of(1280, 800))
    assert "font" not in text
    assert not re.search(r"(^|})\s*(QWidget|\*)\s*{", text)


def test_a_theme_reaches_palette_placeholder_and_disabled_text(qapp: QApplication) -> None:
    try:
        apply_theme(qapp, DARK)
        palette = qapp.palette()
        assert palette.window().color().name().upper() == DARK.bg
        assert palette.placeholderText().color().name().upper() == DARK.ink3
        disabled = palette.color(palette.ColorGroup.Disabled, palette.ColorRole.Text)
        assert disabled.name().upper() == DARK.disabled
        assert qapp.font().families()[0] == families()[0]
    finally:
        apply_theme(qapp, LIGHT)


def test_a_look_is_passed_down_the_tree(qtbot: QtBot) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    plain = QWidget(top)
    label = PlainLabel("Bill", parent=plain)
    spread_look(top, Look(DARK, Metrics.of(1920, 1080)))
    assert label.palette().windowText().color().name().upper() == DARK.ink
    assert label.font().pixelSize() == Metrics.of(1920, 1080).body


def test_tints_get_an_edge_in_high_contrast(qtbot: QtBot) -> None:
    panel = Panel(PanelKind.HEAD)
    qtbot.addWidget(panel)
    panel.resize(60, 60)
    panel.set_look(Look(high_contrast(LIGHT), Metrics.of(1280, 800)))
    image = sheet(60, 60)
    panel.render(image)
    assert image.pixelColor(30, 0).name().upper() == high_contrast(LIGHT).edge
