"""What is said when something fails, takes a moment, or wants a person."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cashier_app.ports.local_state import Damage, Recovery
from cashier_app.services.till_view import Failed, Step, TillView
from cashier_app.wording import Tone
from cashier_app.wording.buttons import escape_label, key_list, primary_label
from cashier_app.wording.pay_panel import pay_panel
from cashier_app.wording.problems import problem_card
from cashier_app.wording.reward_panel import reward_panel
from cashier_app.wording.status import connection_banner
from cashier_app.wording.trouble import trouble_row
from tests.ui import sample_views as sample
from tests.unit.wording_shown import WORDING, lines

FULL = "The disk is full. This was not saved. Free space, then try again."


@pytest.mark.parametrize(
    ("sentence", "title", "body"),
    [
        (FULL, "The disk is full", "This was not saved. Free space, then try again."),
        (
            "The picture could not be opened.",
            "The picture could not be opened",
            "Nobody was looked up. Scan again, or type the number.",
        ),
    ],
)
def test_what_failed_is_said_in_its_own_words(sentence: str, title: str, body: str) -> None:
    view = replace(sample.failed(), person=Failed(sentence))
    words = problem_card(Failed(sentence), WORDING, sample.NOW)
    assert (str(words.title), str(words.body)) == (title, body)
    assert (str(pay_panel(view, WORDING).title), pay_panel(view, WORDING).hero) == (
        "Not looked up",
        "Try again",
    )


@pytest.mark.parametrize(
    "make", [sample.offer, sample.reward, sample.pay, sample.done, sample.lookup, sample.member]
)
def test_trouble_is_told_unchanged_at_every_step_of_a_sale(make: Callable[[], TillView]) -> None:
    row = reward_panel(replace(make(), trouble=FULL), WORDING).trouble
    assert row is not None
    assert (row.sentence.full, row.tone) == (FULL, Tone.STOP)
    assert reward_panel(make(), WORDING).trouble is None


def test_enter_says_what_it_waits_for() -> None:
    said = [
        (str(primary_label(view, WORDING)), str(escape_label(view, WORDING)))
        for view in (
            sample.holding(),
            sample.saving(),
            replace(sample.hold_over(), busy=True),
            replace(sample.offline(), step=Step.REWARD, busy=True),
            sample.disk_full(),
        )
    ]
    assert said == [
        ("Holding 200 coins…", "Cancel"),
        ("Saving…", "Back"),
        ("Holding 200 coins…", "Cancel"),
        ("Holding…", "Cancel"),
        ("Try again to finish", "Back"),
    ]
    assert [words.key for words in key_list(sample.holding(), WORDING)] == ["Esc", "F1"]
    assert [words.key for words in key_list(sample.saving(), WORDING)] == ["F1"]


def test_only_what_moved_is_told_after_a_sale() -> None:
    def told(view: TillView) -> str:
        return lines(reward_panel(view, WORDING))[-1]

    done = sample.done()
    assert done.finished is not None
    sale = replace(done.finished.sale, points_used=Decimal(0))
    assert told(done) == "200 used, 21 earned"
    assert told(replace(done, finished=replace(done.finished, sale=sale))) == "21 earned"
    assert told(replace(done, finished=replace(done.finished, earned=Decimal(0)))) == "200 used"


def test_a_new_sign_in_is_wanted_and_nothing_is_lost() -> None:
    words = connection_banner(sample.sign_in_wanted().connection, WORDING, sample.NOW)
    assert words is not None
    assert words.sentence.full == (
        "The loyalty system wants a new sign-in. Sales are saved and posted later."
    )
    assert words.tone is Tone.WAIT


def _idle(recovery: Recovery | None = None, *, short_of_space: bool = False) -> TillView:
    view = sample.idle()
    return replace(view, today=replace(view.today, recovery=recovery, short_of_space=short_of_space))


def test_the_idle_screen_tells_of_a_rescue_and_of_a_nearly_full_disk() -> None:
    rescued = Recovery(sample.NOW, Damage.ROW_CHANGED, rescued=41, lost_rows=0, aside=("till.db.damaged",))
    lost = replace(rescued, lost_rows=2, lost=("2-0007",))
    told = trouble_row(_idle(rescued), WORDING)
    assert told is not None
    assert told.tone is Tone.WAIT
    assert str(told.sentence) == "The sales database was damaged and set right: 41 sales were rescued."
    worse = trouble_row(_idle(lost, short_of_space=True), WORDING)
    assert worse is not None
    assert worse.tone is Tone.STOP
    assert str(worse.sentence).endswith("1 is lost. Call support.")
    full = trouble_row(_idle(short_of_space=True), WORDING)
    assert full is not None
    assert str(full.sentence).startswith("The disk is nearly full.")


def test_a_sale_is_not_disturbed_by_it() -> None:
    selling = sample.offer()
    view = replace(selling, today=replace(selling.today, short_of_space=True))
    assert trouble_row(view, WORDING) is None
    assert trouble_row(_idle(), WORDING) is None
