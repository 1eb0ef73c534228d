"""The keys of the manager's day, as its help lists them."""

from __future__ import annotations

from msgspec import Struct

from cashier_app.domain.period import PeriodKind
from cashier_app.wording.buttons import KeyWords
from cashier_app.wording.day import day_buttons
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording


class DayKeys(Struct, frozen=True):
    """Two lists of keys, each with its title."""

    days_title: str
    days: tuple[KeyWords, ...]
    figures_title: str
    figures: tuple[KeyWords, ...]

    @property
    def spoken(self) -> str:
        """Return all of it as a screen reader says it."""
        return ". ".join(
            [self.days_title, *map(_spoken, self.days), self.figures_title, *map(_spoken, self.figures)]
        )


def day_keys(wording: Wording, *, closes: bool, stores: bool, currencies: bool) -> DayKeys:
    """Return the keys of the page; what cannot be closed or chosen has none."""
    text, buttons = wording.text, day_buttons(wording)
    kinds = (("D", PeriodKind.DAY), ("W", PeriodKind.WEEK), ("M", PeriodKind.MONTH), ("R", PeriodKind.RANGE))
    return DayKeys(
        days_title=text("Days"),
        days=(
            *(KeyWords(key, buttons.periods[kind]) for key, kind in kinds),
            _key("\N{LEFTWARDS ARROW} \N{RIGHTWARDS ARROW}", text("Period before or after")),
            *((KeyWords("Z", buttons.close_day),) if closes else ()),
            _key("Esc", text("Back to the till")),
        ),
        figures_title=text("Figures"),
        figures=(
            _key("T", text("Chart or table")),
            _key("H", text("Chart by hour or by day")),
            _key("\N{UPWARDS ARROW} \N{DOWNWARDS ARROW}", text("Along the chart or the table")),
            _key("S", text("Split by something else")),
            _key("F", text("All figures, or the overview")),
            *((_key("O", text("Another store")),) if stores else ()),
            *((_key("C", text("Another currency")),) if currencies else ()),
            KeyWords("P", buttons.print),
            KeyWords("E", buttons.export),
        ),
    )


def _key(key: str, words: str) -> KeyWords:
    return KeyWords(key, Sentence.of(words))


def _spoken(words: KeyWords) -> str:
    return f"{words.key}: {words.sentence.full}"
