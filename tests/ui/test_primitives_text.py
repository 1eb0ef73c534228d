import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.pictures import colour_at, inked_columns, picture
from ui.theme.look import DEFAULT_LOOK, Look
from ui.theme.metrics import Metrics
from ui.theme.painting import text_outline, text_width
from ui.theme.tokens import DARK, LIGHT
from ui.theme.typography import SEMIBOLD, font
from ui.widgets.big_text import AmountText, WordText
from ui.widgets.text import ElidedLabel, PlainLabel


@pytest.mark.parametrize("text", ["<b>x</b>", "Marks & Co", "a<br>b", "&lt;"])
def test_a_label_shows_its_text_as_it_is(text: str, qtbot: QtBot) -> None:
    label = PlainLabel(text)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == text
    assert QAccessible.queryAccessibleInterface(label).text(QAccessible.Text.Name) == text


def test_a_label_takes_colour_and_font_from_its_look(qtbot: QtBot) -> None:
    label = PlainLabel("Balance", role="title", colour="ink2")
    qtbot.addWidget(label)
    label.set_look(Look(DARK, Metrics.of(1920, 1080)))
    assert label.palette().windowText().color().name().upper() == DARK.ink2
    assert label.font().pixelSize() == 30
    label.set_colour("amber_text")
    assert label.palette().windowText().color().name().upper() == DARK.amber_text


def test_wrapped_text_asks_for_the_height_it_paints(qtbot: QtBot) -> None:
    label = PlainLabel("Ask the customer to open the card again. A screenshot does not work.", wrap=True)
    qtbot.addWidget(label)
    label.resize(200, label.heightForWidth(200))
    assert label.hasHeightForWidth()
    assert label.heightForWidth(200) > label.heightForWidth(600)
    rows = [
        y
        for y in range(label.height())
        if any(QColor(picture(label).pixel(x, y)).lightness() < 200 for x in range(0, 200, 3))
    ]
    assert rows[-1] < label.height() - 1


def test_a_label_that_fits_is_whole_and_has_no_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("Priya Raghunathan")
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    assert not label.is_elided()
    assert label.toolTip() == ""


def test_a_long_name_elides_and_is_whole_in_tooltip_and_to_screen_readers(qtbot: QtBot) -> None:
    name = "Venkatanarasimharajuvaripeta <b>Anuradha</b>"
    label = ElidedLabel(name, role="title")
    qtbot.addWidget(label)
    label.resize(160, 40)
    label.show()
    assert label.is_elided()
    assert label.shown_text().endswith("…")
    label.grab()  # what was painted can be pointed at
    assert "&lt;b&gt;" in label.toolTip()
    assert label.accessibleName() == name
    assert label.minimumSizeHint().width() == 1
    label.resize(900, 40)
    label.grab()
    assert label.toolTip() == ""


def test_the_short_form_comes_before_eliding(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.set_text("80 coins lapse on Fri 27 Nov", "80 lapse Fri 27 Nov")
    label.resize(190, 24)
    assert label.shown_text() == "80 lapse Fri 27 Nov"
    assert not label.is_elided()
    assert label.accessibleName() == "80 coins lapse on Fri 27 Nov"
    label.resize(60, 24)
    assert label.is_elided()


@pytest.mark.parametrize("text", ["Anuradha", "عبد الرحمن"])
def test_text_in_any_script_stands_at_the_left(text: str, qtbot: QtBot) -> None:
    label = ElidedLabel(text, role="title")
    qtbot.addWidget(label)
    label.resize(400, 40)
    columns = inked_columns(picture(label))
    assert columns[0] < 8
    assert columns[-1] < 200


AMOUNTS = ["₹0.00", "₹2,160.00", "₹98,76,543.00", "−₹1,23,456.00", "KWD 19.000", "₹9,87,65,43,210.00"]  # noqa: RUF001  # the true minus


@pytest.mark.parametrize("text", AMOUNTS)
@pytest.mark.parametrize("role", ["figure", "hero"])
@pytest.mark.parametrize(("width", "height"), [(492, 150), (372, 84), (240, 60)])
def test_an_amount_fits_whole_and_keeps_its_right_edge(
    text: str, role: str, width: int, height: int, qtbot: QtBot
) -> None:
    amount = AmountText(role=role)
    qtbot.addWidget(amount)
    amount.resize(width, height)
    amount.set_amount(text)
    image = picture(amount)
    columns = inked_columns(image)
    assert columns[0] >= 0
    assert columns[-1] in {width - 2, width - 1}
    left_free = columns[0]
    assert left_free > 0 or amount.fitting_font().pixelSize() < 104
    assert not any(QColor(image.pixel(x, 0)).lightness() < 128 for x in range(width))


def test_an_amount_takes_the_largest_step_that_fits(qtbot: QtBot) -> None:
    amount = AmountText(role="hero")
    qtbot.addWidget(amount)
    amount.resize(492, 150)
    amount.set_amount("₹2,160.00")
    assert amount.fitting_font().pixelSize() == 104
    amount.set_amount("₹98,76,543.00")
    assert amount.fitting_font().pixelSize() in DEFAULT_LOOK.metrics.steps_down(104)
    assert amount.fitting_font().pixelSize() < 104
    amount.resize(492, 60)
    assert amount.fitting_font().pixelSize() == 56
    amount.resize(492, 40)
    assert amount.fitting_font().pixelSize() == 36


def test_what_was_not_typed_is_dim_and_a_caret_stands_before_it(qtbot: QtBot) -> None:
    amount = AmountText()
    qtbot.addWidget(amount)
    amount.resize(300, 80)
    amount.set_amount("₹2,360.00", tail=".00", caret=True)
    image = picture(amount)
    colours = {colour_at(image, x, y) for x in range(300) for y in range(80)}
    assert {LIGHT.ink, LIGHT.ink3, LIGHT.accent} <= colours
    caret = [x for x in range(300) if colour_at(image, x, 24) == LIGHT.accent]
    assert len(caret) == 3
    assert inked_columns(image)[-1] >= 298
    amount.set_amount("₹2,360.00")
    plain = picture(amount)
    assert LIGHT.accent not in {colour_at(plain, x, 24) for x in range(300)}


def test_the_caret_stands_at_the_end_when_all_was_typed(qtbot: QtBot) -> None:
    amount = AmountText()
    qtbot.addWidget(amount)
    amount.resize(300, 80)
    amount.set_amount("KWD 23.750", caret=True)
    image = picture(amount)
    assert [x for x in range(300) if colour_at(image, x, 24) == LIGHT.accent] == [
        297,
        298,
        299,
    ]


def test_a_tail_that_is_not_the_ending_is_ignored(qtbot: QtBot) -> None:
    amount = AmountText()
    qtbot.addWidget(amount)
    amount.resize(300, 80)
    amount.set_amount("₹2,360.50", tail=".00")
    image = picture(amount)
    assert LIGHT.ink3 not in {colour_at(image, x, 40) for x in range(300)}
    assert amount.accessibleName() == "₹2,360.50"


def test_a_word_starts_at_the_left_edge_and_its_unit_fits_too(qtbot: QtBot) -> None:
    word = WordText("1,240", unit="coins", role="balance")
    qtbot.addWidget(word)
    word.resize(312, 60)
    columns = inked_columns(picture(word))
    assert columns[0] in {0, 1}
    assert word.accessibleName() == "1,240 coins"
    word.set_text("1,08,64,25,000", "Sammelpunkte")
    assert inked_columns(picture(word))[-1] < 311
    assert word.fitting_font().pixelSize() < 48


def test_a_word_with_a_descender_is_not_cut_off(qtbot: QtBot) -> None:
    word = WordText("Ready gy")
    qtbot.addWidget(word)
    word.resize(500, 60)
    image = picture(word)
    assert not any(QColor(image.pixel(x, 59)).lightness() < 128 for x in range(500))


def test_big_text_paints_nothing_when_empty(qtbot: QtBot, qapp: QApplication) -> None:
    for widget in (AmountText(), WordText()):
        qtbot.addWidget(widget)
        widget.resize(200, 60)
        assert inked_columns(picture(widget)) == []


@pytest.mark.parametrize("size", [20, 44, 104])
@pytest.mark.parametrize(("letter", "shapes"), [("1", 1), ("D", 2), ("4", 2), ("K", 1)])
def test_strokes_that_overlap_are_one_shape(letter: str, shapes: int, size: int, qapp: QApplication) -> None:
    # Each shape is an edge between ink and white; a stroke laid over another would be one more.
    outline = text_outline(letter, font(size, SEMIBOLD))
    assert len(outline.toSubpathPolygons()) == shapes


@pytest.mark.parametrize("role", ["figure", "hero"])
def test_letters_of_a_currency_do_not_run_into_each_other(role: str, qtbot: QtBot) -> None:
    amount = AmountText(role=role)
    qtbot.addWidget(amount)
    amount.resize(492, 150)
    amount.set_amount("KWD 19.000")
    outline = text_outline("KWD 19.000", amount.fitting_font()).simplified()
    # K, W, D and its inside, 1, 9 and its inside, the point, three noughts with theirs.
    assert len(outline.toSubpathPolygons()) == 14


@pytest.mark.parametrize("text", ["17", "65%", "842", "Ready", "+21 coins", "1 or 2"])
@pytest.mark.parametrize("words", ["with a member", "paid with coins", "All sales are posted", "17"])
def test_big_and_small_words_begin_at_one_edge(text: str, words: str, qtbot: QtBot) -> None:
    word, label = WordText(text), ElidedLabel(words)
    starts = []
    for widget in (word, label):
        qtbot.addWidget(widget)
        widget.resize(400, 90)
        starts.append(inked_columns(picture(widget))[0])
    assert abs(starts[0] - starts[1]) <= 1, starts


def test_the_white_beside_the_caret_is_the_same_at_both_sides(qtbot: QtBot) -> None:
    amount = AmountText()
    qtbot.addWidget(amount)
    amount.resize(300, 80)
    amount.set_amount("₹2,360.00", tail=".00", caret=True)
    image = picture(amount)
    columns = inked_columns(image)
    caret = [x for x in range(300) if colour_at(image, x, 24) == LIGHT.accent]
    before = max(x for x in columns if x < caret[0])
    after = min(x for x in columns if x > caret[-1])
    assert abs((caret[0] - before) - (after - caret[-1])) <= 1


def test_a_hyphen_is_not_as_wide_as_a_figure(qapp: QApplication) -> None:
    made = font(18)
    assert text_width("2-0418", made) < text_width("280418", made) - 2
    assert text_width("2–9", made) > text_width("2-9", made)  # noqa: RUF001  # a range keeps its dash
