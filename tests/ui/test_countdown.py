"""The countdown starts with the view, begins again at every key, and counts only what is to clear."""

from __future__ import annotations

from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from tests.ui import sample_views
from tests.ui.fake_till import StoppedClock
from ui.countdown import Countdown


class Heard:
    def __init__(self) -> None:
        self.clock = StoppedClock()
        self.countdown = Countdown(self.clock)
        self.told: list[tuple[int, int]] = []
        self.ended = 0
        self.countdown.ticked.connect(lambda left, total, _: self.told.append((left, total)))
        self.countdown.ran_out.connect(self._end)

    def _end(self) -> None:
        self.ended += 1

    def at(self, seconds: float) -> None:
        self.clock.seconds = seconds
        self.countdown.tick()


def test_runs_out_once(qtbot: QtBot) -> None:
    heard = Heard()
    heard.countdown.follow(sample_views.done())
    heard.at(2.5)
    assert heard.told[-1] == (4, 6)
    heard.at(6.0)
    heard.at(7.0)
    assert (heard.ended, heard.told[-1]) == (1, (0, 0))


def test_nothing_is_counted_without_seconds(qtbot: QtBot) -> None:
    heard = Heard()
    heard.countdown.follow(sample_views.pay())
    heard.at(10_000)
    assert (heard.ended, set(heard.told)) == (0, {(0, 0)})


def test_a_key_begins_again(qtbot: QtBot) -> None:
    heard = Heard()
    heard.countdown.follow(sample_views.done())
    heard.at(5.0)
    heard.countdown.begin_again()
    heard.at(10.0)
    assert heard.ended == 0
    heard.at(11.0)
    assert heard.ended == 1


def test_news_about_the_connection_do_not_begin_again(qtbot: QtBot) -> None:
    heard = Heard()
    view = sample_views.done()
    heard.countdown.follow(view)
    heard.at(5.0)
    heard.countdown.follow(replace(view, connection=sample_views.OFFLINE))
    heard.at(6.0)
    assert heard.ended == 1


def test_the_next_view_counts_anew(qtbot: QtBot) -> None:
    heard = Heard()
    heard.countdown.follow(replace(sample_views.member(), clears_after=120))
    heard.at(119.0)
    heard.countdown.follow(replace(sample_views.offer(), clears_after=300))
    heard.at(200.0)
    assert heard.ended == 0


def test_the_answer_begins_again_but_done_never_stays_longer_than_ten_seconds(qtbot: QtBot) -> None:
    heard = Heard()
    heard.countdown.follow(replace(sample_views.posting(), clears_after=10))
    heard.at(2.0)
    heard.countdown.follow(sample_views.done())
    heard.at(7.9)
    assert heard.ended == 0, "six seconds from the answer"
    heard.at(8.0)
    assert heard.ended == 1
    late = Heard()
    late.countdown.follow(replace(sample_views.posting(), clears_after=10))
    late.at(9.0)
    late.countdown.follow(sample_views.done())
    late.at(10.0)
    assert late.ended == 1
