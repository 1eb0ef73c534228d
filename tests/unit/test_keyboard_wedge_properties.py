"""The burst detector, whatever is typed and scanned in whatever mixture."""

import string
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from cashier_app.scanning.keyboard_wedge import (
    Answer,
    Burst,
    Key,
    KeyboardWedge,
    Overlong,
    Released,
    Verdict,
    WedgeSettings,
)

VISIBLE = string.ascii_letters + string.digits + string.punctuation + " "
# A bracket could announce an AIM identifier, which is stripped; there are examples for that.
PLAIN = VISIBLE.replace("]", "")


def timed(characters: str, gaps: list[int], start: int = 1000) -> list[Key]:
    times = accumulate(gaps, initial=start)
    return [Key(character, at) for character, at in zip(characters, times, strict=False)]


class Window:
    """What the window does with the answers, keeping account of every key."""

    def __init__(self, settings: WedgeSettings | None = None, *, timer: bool) -> None:
        self.wedge = KeyboardWedge(settings)
        self.timer = timer
        self.held: list[Key] = []
        self.handed_on: list[Key] = []
        self.results: list[Burst | Overlong] = []

    def press(self, key: Key) -> Answer:
        """Feed one key, with a timer at each deadline or with a timer that never comes."""
        if self.timer and self.wedge.deadline is not None and self.wedge.deadline <= key.at_ms:
            self._take(self.wedge.expire(self.wedge.deadline))
        *overdue, answer = self.wedge.feed(key)
        for each in overdue:
            self._take(each)
        if answer is Verdict.PASS:
            assert key.modifier or not self.held, "nothing overtakes what is kept back"
            self.handed_on += [] if key.modifier else [key]
        elif answer is not Verdict.SWALLOW:
            self.held.append(key)
            self._take(answer)
        assert (self.wedge.deadline is None) == (not self.held)
        return answer

    def finish(self) -> None:
        """Wait until nothing is kept back."""
        if self.wedge.deadline is not None:
            self._take(self.wedge.expire(self.wedge.deadline))
        assert not self.held
        assert self.wedge.deadline is None

    def _take(self, answer: Answer | None) -> None:
        assert answer is not None, "nothing waits longer than its deadline"
        if isinstance(answer, Verdict):
            return
        assert [id(key) for key in answer.keys] == [id(key) for key in self.held], "all of it, once"
        self.held.clear()
        if isinstance(answer, Released):
            self.handed_on += answer.keys
        else:
            taken = len(answer.let_go)
            assert tuple(self.handed_on[len(self.handed_on) - taken :]) == answer.let_go, "the last ones"
            del self.handed_on[len(self.handed_on) - taken :]
            self.results.append(answer)


@st.composite
def scans(draw: st.DrawFn) -> list[Key]:
    """A scanner's burst: fast, with one stall at most, ended by Enter, Tab or nothing."""
    text = draw(st.text(PLAIN, min_size=6, max_size=60))
    gaps = draw(st.lists(st.integers(0, 33), min_size=len(text), max_size=len(text)))
    stall_at = draw(st.integers(1, len(text) - 2))
    spare = 35 * (len(text) - 1) - sum(gaps[: len(text) - 1])
    gaps[stall_at] = min(120, gaps[stall_at] + draw(st.integers(0, 80)), gaps[stall_at] + spare)
    return timed(text + draw(st.sampled_from(["", "\r", "\t"])), gaps)


@given(scans(), st.booleans())
def test_a_fast_burst_is_recognised_whole(stream: list[Key], timer: bool) -> None:  # noqa: FBT001 - drawn
    window = Window(timer=timer)
    for key in stream:
        window.press(key)
    window.finish()
    text = "".join(key.character for key in stream).rstrip("\r\t")
    assert [burst.text for burst in window.results if isinstance(burst, Burst)] == [text]
    assert window.handed_on == []


@st.composite
def typing(draw: st.DrawFn) -> list[Key]:
    """A person: any keys, each pair of gaps above 60 ms in the mean, single ones down to 0 ms."""
    short = st.integers(0, 60)
    pairs = draw(st.lists(st.tuples(short, st.integers(0, 400), st.booleans()), min_size=1, max_size=30))
    gaps = []
    for quick, extra, swap in pairs:
        pair = [quick, 121 - quick + extra]
        gaps += pair[::-1] if swap else pair
    characters = draw(st.text(VISIBLE + "\r\t\x08", min_size=len(gaps), max_size=len(gaps)))
    return timed(characters, gaps)


@given(typing(), st.booleans())
def test_typing_is_handed_on_unchanged_and_in_order(stream: list[Key], timer: bool) -> None:  # noqa: FBT001
    window = Window(timer=timer)
    answers = [window.press(key) for key in stream]
    window.finish()
    assert Verdict.SWALLOW not in answers
    assert window.results == []
    assert [id(key) for key in window.handed_on] == [id(key) for key in stream]


@st.composite
def mixtures(draw: st.DrawFn) -> list[Key]:
    """Anything: letters, commands, modifiers, repetitions, at any pace, even with a clock that steps back."""
    gap = st.one_of(st.integers(0, 5), st.integers(0, 45), st.integers(0, 130), st.integers(-3, 3000))
    character = st.one_of(
        st.sampled_from(VISIBLE), st.sampled_from(["\r", "\n", "\t", "\x02", "\x03", "", "]Q1"])
    )
    pressed = draw(st.lists(st.tuples(character, gap, st.integers(0, 19)), max_size=120))
    stream: list[Key] = []
    now = 5000
    for characters, pause, dice in pressed:
        now += pause
        stream += [
            Key(one, now, auto_repeat=dice == 0, modifier=one == "" and dice < 10)
            for one in characters or [""]
        ]
    return stream


@given(
    mixtures(),
    st.booleans(),
    st.sampled_from(
        [
            WedgeSettings(),
            WedgeSettings(prefix="\x02", suffix="\x03"),
            WedgeSettings(prefix="]", suffix="00"),
            WedgeSettings(mean_gap_ms=80, fewest_characters=3, most_characters=8, longest_ms=300),
        ]
    ),
)
def test_no_key_is_lost_or_doubled(stream: list[Key], timer: bool, settings: WedgeSettings) -> None:  # noqa: FBT001
    window = Window(settings, timer=timer)
    for key in stream:
        window.press(key)
    window.finish()
    places = {id(key): place for place, key in enumerate(stream)}
    order = [places[id(key)] for key in window.handed_on]
    assert all(before < after for before, after in pairwise(order))
