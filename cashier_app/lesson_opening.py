"""What plays lessons at a practice till, put together: the world around it, the book, facts and player."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.demo_shop import DemoShop
from cashier_app.ports.practice import LessonBook, Practice
from cashier_app.ports.runner import Runner
from cashier_app.practice_stage import PracticeStage
from cashier_app.services.lesson_facts import LessonFacts
from cashier_app.services.lesson_player import LessonPlayer
from cashier_app.services.till_session import TillSession


class LessonRoom(Struct, frozen=True):
    """Everything lessons need besides a window.

    Args:
        facts: Follows the till already; returns, enrolments, undoing and pages are subscribed by the window.
        player: Hears of every reading; `tick` is for the window's clock.
        practice: For workers only, like `book`.
    """

    facts: LessonFacts
    player: LessonPlayer
    practice: Practice
    book: LessonBook


def open_lesson_room(shop: DemoShop, session: TillSession, runner: Runner) -> LessonRoom:
    """Return what plays lessons with this session; nothing is opened yet."""
    from cashier_app.storage.lesson_book import SqliteLessonBook  # behind the first frame

    practice, book = PracticeStage(shop), SqliteLessonBook(shop.till.folder)
    facts = LessonFacts(shop.till.clock)
    player = LessonPlayer(practice, book, session, facts, runner, shop.till.clock)
    session.subscribe(facts.see_till)
    facts.subscribe(player.see)
    return LessonRoom(facts, player, practice, book)
