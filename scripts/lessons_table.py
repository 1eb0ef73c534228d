"""Print the table of docs/training.md: every lesson, what it teaches and stages, and how long it takes.

A test holds page and table together: python scripts/lessons_table.py --write
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent))

from cashier_app.demo.shop import load_shop
from cashier_app.documents.lesson_document import load_lessons
from cashier_app.domain.lesson import Code, HoldUp, HoldUpReceipt, Lesson, Network, Step
from cashier_app.domain.lesson_time import time_of
from cashier_app.practice_stage import lesson_people
from cashier_app.wording import Wording
from cashier_app.wording.lessons import lesson_filler

PAGE = Path(__file__).parent.parent / "docs" / "training.md"
BEGIN, END = "<!-- table: python scripts/lessons_table.py --write -->", "<!-- end of table -->"

_CODES = {
    Code.FRESH: "a code that changes",
    Code.STALE: "a code that is too old",
    Code.USED: "a code that was used",
    Code.SAME: "the code scanned before",
}


def table() -> str:
    """Return the table in Markdown, with what all lessons take together below."""
    lessons = load_lessons()
    program = load_shop().program
    wording = Wording.of("en_IN", ZoneInfo("Asia/Kolkata"), program.point_name)
    fill = lesson_filler(lesson_people(), program.currency, wording)
    lines = ["| | lesson | what is learnt | what is staged | minutes |", "| --- " * 5 + "|"]
    for lesson in lessons:
        staged = ", ".join(dict.fromkeys(_staged(lesson)))
        took = _minutes(time_of(lesson).total)
        lines.append(f"| {lesson.number} | {fill(lesson.title)} | {fill(lesson.goal)} | {staged} | {took} |")
    lines.append(f"| | all together | | | {_minutes(sum(time_of(one).total for one in lessons))} |")
    return "\n".join(lines)


def _minutes(milliseconds: int) -> str:
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02}"


def _staged(lesson: Lesson) -> Iterator[str]:
    if lesson.free_phones:
        yield "a phone number nobody has"
    for step in lesson.steps:
        yield from _staged_by(step)
        for hand in step.do:
            if isinstance(hand, HoldUp) and hand.code in _CODES:
                yield _CODES[hand.code]
            elif isinstance(hand, HoldUpReceipt):
                yield "the receipt of the sale"


def _staged_by(step: Step) -> Iterator[str]:
    stage = step.stage
    if stage is None:
        return
    if stage.unblock:
        yield "the member is unblocked"
    if stage.block:
        yield "the member is blocked"
    if stage.spend:
        yield "points spent at another till"
    if stage.same_member_minutes is not None:
        yield "a member served again is asked about"
    if stage.network is not None:
        yield from _of_network(stage.network)


def _of_network(network: Network) -> Iterator[str]:
    if network == Network():
        yield "all is well again"
    if network.down:
        yield "no connection"
    if network.delay_ms:
        yield "slow answers"
    if network.lose_answers:
        yield "an answer that is lost"
    if network.repeat_writes:
        yield "requests that come twice"
    if network.unavailable:
        yield "not now (503)"
    if network.captive_portal:
        yield "the sign-in page of a guest network"


def written(page: str) -> str:
    """Return the page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())
