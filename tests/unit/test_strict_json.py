"""JSON from outside is read strictly: how deep it may be, whatever its texts hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier_app.strict_json import MAX_DEPTH, MalformedJsonError, load_strictly


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    """Return brackets within brackets."""
    return (opening * depth + closing * depth).encode()


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":[', "]}"), ('[{"]]":', ":1}]")])
def test_nesting_is_counted_whatever_the_brackets(opening: str, closing: str) -> None:
    each = 1 if opening == "[" else 2
    with pytest.raises(MalformedJsonError, match="too deep"):
        load_strictly(nested(MAX_DEPTH // each + 1, opening, closing))


def test_the_deepest_allowed_is_read() -> None:
    assert load_strictly(nested(MAX_DEPTH)) == json.loads(nested(MAX_DEPTH))
    assert load_strictly(b'{"a":' * (MAX_DEPTH - 1) + b"{}" + b"}" * (MAX_DEPTH - 1))


@pytest.mark.parametrize("text", [b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'["' + b"[" * 100 + b'"'])
def test_hostile_nesting_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedJsonError):
        load_strictly(text)


@given(
    st.recursive(
        st.text(alphabet='[]{}"\\,:a', max_size=8) | st.integers(-9, 9),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text('[]"\\', max_size=3), inner, max_size=3)
        ),
        max_leaves=80,
    )
)
def test_brackets_within_texts_do_not_count(value: object) -> None:
    """Anything JSON of little depth is read, however many brackets its texts hold."""
    assert load_strictly(json.dumps([value, *[[] for _ in range(MAX_DEPTH)]]).encode())
