"""JSON from outside is read strictly: how deep it may be, whatever its texts hold."""

import json
from decimal import Decimal

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


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (b"NaN", ""),
        (b'{"a": [1, {"b": -Infinity}]}', "a[1].b"),
        (b'{"a": {"b": 1, "c": 2, "b": 3}, "d": NaN}', "a.b"),
        (b'{"a": 1, "b": [[7, ' + b"1" * 5000 + b"]]}", "b[0][1]"),
        (b'[{"x": 1}, {"\\ud800": 1, "\\ud800": 2}]', "[1].\\ud800"),
        (b'{"a": NaN', ""),
    ],
)
def test_what_is_no_figure_and_a_key_given_twice_are_named_by_their_path(text: bytes, path: str) -> None:
    with pytest.raises(MalformedJsonError) as error:
        load_strictly(text)
    assert error.value.path == path


@pytest.mark.parametrize(
    ("text", "where"), [(b'{"a": 1,}', "character 9"), (b"x", "character 1"), (b"[1] 2", "character 5")]
)
def test_what_is_no_json_is_told_with_its_place(text: bytes, where: str) -> None:
    with pytest.raises(MalformedJsonError, match=where):
        load_strictly(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("401.0", 401), ("-0.50", Decimal("-0.50")), ("1e2", 100), ("-2.00", -2), ("1e30", Decimal("1e30"))],
)
def test_figures_are_exact(text: str, value: object) -> None:
    found = load_strictly(text.encode())
    assert (type(found), str(found)) == (type(value), str(value))


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
