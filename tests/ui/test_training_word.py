"""The word TRAINING stands in the window whatever page covers the till's header, in every language.

A window that fills the screen has no title: there the word in the strip is all there is beside the stripes.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cashier_app.services.lesson_view import LessonView
from cashier_app.wording import Wording
from cashier_app.wording.coach import CoachWords, choosing_words, coach_words, locked_words
from cashier_app.wording.training_mark import TRAINING
from tests.ui.training_pages import OVER_PAGES, PAGES, page_classes, window_for
from tests.ui.training_states import FIRST, LESSONS, asking, stand_coach
from tests.ui.training_voices import VOICES
from ui.main_window import MainWindow
from ui.theme.tokens import DARK, LIGHT, Theme
from ui.training.coach_strip import CoachStrip

SMALLEST = (1024, 600)
LONGEST = max(LESSONS, key=lambda lesson: len(lesson.steps))
pytestmark = pytest.mark.qt_log_ignore("OpenType support missing", extend=True)


def in_lesson(wording: Wording, place: int = 1) -> CoachWords:
    """Return what the strip says in the middle of a lesson."""
    return coach_words(asking(place), wording, str, shows_codes=True)


def practising(
    qtbot: QtBot, words: CoachWords, *, size: tuple[int, int] = SMALLEST, theme: Theme = LIGHT, page: str = ""
) -> tuple[MainWindow, CoachStrip]:
    """Return a window of training, nothing over it yet, with its strip."""
    window = window_for(page, size=size, theme=theme, training=True)
    qtbot.addWidget(window)
    return window, stand_coach(window, words)


def faults(window: MainWindow, strip: CoachStrip, theme: Theme = LIGHT) -> list[str]:
    """Return why nobody can read the word."""
    QApplication.processEvents()
    mark, found = strip.mark, []
    if TRAINING not in mark.shown():
        found.append(f"it says {mark.shown()!r}")
    if not window.rect().contains(_place(mark, window)) or not mark.isVisible():
        return [*found, "it is not in the window"]
    corners = (mark.rect().topLeft(), mark.rect().center(), mark.rect().bottomRight())
    if any(not _is_of(strip, window.childAt(mark.mapTo(window, at))) for at in corners):
        found.append("something lies over it")
    colours = _colours(window.grab().toImage(), mark, window)
    if not {theme.train.lower(), theme.on_train.lower()} <= colours:
        found.append("it is not painted")
    return found


def _place(mark: QWidget, window: MainWindow) -> QPoint:
    return mark.mapTo(window, mark.rect().center())


def _is_of(strip: CoachStrip, widget: QWidget | None) -> bool:
    return widget is not None and (widget is strip or strip.isAncestorOf(widget))


def _colours(image: QImage, mark: QWidget, window: MainWindow) -> set[str]:
    corner = mark.mapTo(window, QPoint())
    return {
        image.pixelColor(corner.x() + x, corner.y() + y).name()
        for x in range(mark.width())
        for y in range(mark.height())
    }


def test_every_page_there_is_is_told_how_to_open() -> None:
    assert [name for name in page_classes() if name not in PAGES] == []


@pytest.mark.parametrize("language", VOICES)
@pytest.mark.parametrize("page", [*page_classes(), *OVER_PAGES])
def test_the_word_stands_under_every_page(qtbot: QtBot, page: str, language: str) -> None:
    window, strip = practising(qtbot, in_lesson(VOICES[language]), page=page)
    {**PAGES, **OVER_PAGES}[page](window)
    seen = {type(one).__name__ for one in window.findChildren(QWidget) if one.isVisible()}
    assert page in OVER_PAGES or page in seen, "it has opened"
    assert faults(window, strip) == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("language", VOICES)
@pytest.mark.parametrize("size", [SMALLEST, (1280, 800), (1920, 1080)], ids=str)
def test_the_word_stands_whatever_the_strip_says(
    qtbot: QtBot, size: tuple[int, int], language: str, theme: Theme
) -> None:
    wording = VOICES[language]
    last = len(LONGEST.steps) - 1
    said = {
        "in a lesson": in_lesson(wording, 0),
        "at the last of many steps": coach_words(
            LessonView(stage=asking(0).stage, lesson=LONGEST, place=last), wording, str, playing=True
        ),
        "no lesson": coach_words(LessonView(), wording, str, shows_codes=True, plays=True),
        "free play": coach_words(LessonView(), wording, str, plays=True, staged="Answers are lost."),
        "a lesson to begin": choosing_words(FIRST, wording, str),
        "who is learning": choosing_words(None, wording, str, known=False),
        "locked": locked_words(wording),
    }
    window, strip = practising(qtbot, said["locked"], size=size, theme=theme)
    found = {}
    for name, words in said.items():
        strip.show_words(words)
        found[name] = faults(window, strip, theme)
        if strip.count.isVisible() and strip.count.is_elided():
            found[name].append(f"the count is cut off: {strip.count.shown_text()}")
        if name == "in a lesson" and not strip.count.isVisible():
            found[name].append("nothing is counted")
    assert {name: faulty for name, faulty in found.items() if faulty} == {}


def test_a_page_that_covers_the_strip_would_be_found(qtbot: QtBot) -> None:
    window, strip = practising(qtbot, in_lesson(VOICES["English"]))
    assert faults(window, strip) == []
    window.ways.show_menu()
    page = window.drawers.top()
    assert page is not None
    page.setGeometry(window.rect())
    page.raise_()
    assert "something lies over it" in faults(window, strip)


def test_a_strip_that_does_not_say_it_would_be_found(qtbot: QtBot) -> None:
    window, strip = practising(qtbot, in_lesson(VOICES["English"]))
    strip.mark.hide()
    assert faults(window, strip) == ["it is not in the window"]
    strip.mark.show()
    strip.mark.setFixedWidth(20)
    assert faults(window, strip)[0] == "it says ''"
