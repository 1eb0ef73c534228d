"""The contrast of every pair of colours that is ever seen together, as the specification states it."""

import pytest

from ui.theme.tokens import DARK, LIGHT, Theme, contrast, high_contrast

TEXT = 4.5
EDGE = 3.0

# Foreground, background, ratio in the light theme, ratio in the dark theme, least ratio.
PAIRS = [
    ("ink", "bg", 15.9, 16.9, TEXT),
    ("ink", "surface", 17.8, 15.3, TEXT),
    ("ink2", "bg", 8.1, 10.9, TEXT),
    ("ink2", "surface", 9.1, 9.9, TEXT),
    ("ink2", "sunken", 7.5, 8.7, TEXT),
    ("ink3", "bg", 5.4, 7.3, TEXT),
    ("ink3", "surface", 6.0, 6.6, TEXT),
    ("ink3", "sunken", 4.9, 5.8, TEXT),
    ("ink", "accent_tint", 15.0, 12.3, TEXT),
    ("ink", "amber_tint", 15.7, 12.6, TEXT),
    ("on_accent", "accent", 6.6, 7.6, TEXT),
    ("on_accent", "accent_hover", 8.6, 9.0, TEXT),
    ("on_accent", "accent_press", 11.8, 5.5, TEXT),
    ("accent_text", "surface", 7.3, 9.6, TEXT),
    ("accent_text", "accent_tint", 6.2, 7.8, TEXT),
    ("accent_text", "bg", 6.5, 10.6, TEXT),
    ("on_solid", "solid", 17.8, 16.9, TEXT),
    ("on_solid2", "solid", 10.4, 8.2, TEXT),
    ("on_done", "done", 6.6, 7.6, TEXT),
    ("on_done2", "done", 5.2, 5.9, TEXT),
    ("amber_text", "amber_tint", 7.0, 8.9, TEXT),
    ("amber_text", "surface", 7.9, 10.9, TEXT),
    ("red_text", "red_tint", 6.7, 8.1, TEXT),
    ("red_text", "surface", 8.1, 9.1, TEXT),
    ("on_red", "red", 7.0, 7.2, TEXT),
    ("on_red", "red_hover", 9.0, 8.8, TEXT),
    ("on_red", "red_press", 12.0, 5.4, TEXT),
    ("on_train", "train", 8.5, 6.0, TEXT),
    ("train_text", "train_tint", 8.1, 8.3, TEXT),
    ("edge", "surface", 3.8, 4.2, EDGE),
    ("edge", "bg", 3.4, 4.7, EDGE),
    ("edge", "sunken", 3.1, 3.7, EDGE),
    ("amber_edge", "amber_tint", 3.2, 4.6, EDGE),
    ("red_edge", "red_tint", 4.5, 5.1, EDGE),
    ("focus", "bg", 15.9, 16.9, EDGE),
    ("focus", "surface", 17.8, 15.3, EDGE),
    ("accent", "bar_bg", 5.1, 5.9, EDGE),
    ("train", "bg", 7.7, 3.1, EDGE),
]


@pytest.mark.parametrize(("front", "back", "light", "dark", "least"), PAIRS)
def test_a_pair_has_the_stated_contrast(
    front: str, back: str, light: float, dark: float, least: float
) -> None:
    for theme, stated in ((LIGHT, light), (DARK, dark)):
        measured = contrast(theme.colour(front), theme.colour(back))
        assert measured == pytest.approx(stated, abs=0.06)
        assert measured >= least


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_pairs_hold_in_high_contrast(theme: Theme) -> None:
    strong = high_contrast(theme)
    for front, back, _, _, least in PAIRS:
        assert contrast(strong.colour(front), strong.colour(back)) >= least, (front, back)


def test_high_contrast_gives_hairlines_the_contrast_of_a_control() -> None:
    for theme in (LIGHT, DARK):
        strong = high_contrast(theme)
        assert contrast(strong.line, strong.surface) >= EDGE
        assert contrast(strong.edge, strong.surface) >= TEXT


def test_every_token_is_a_colour() -> None:
    for theme in (LIGHT, DARK):
        for token in set(Theme.__slots__) - {"name", "dark", "high_contrast", "scrim"}:
            value = theme.colour(token)
            assert len(value) == 7
            assert int(value[1:], 16) >= 0


def test_an_unknown_token_is_an_error() -> None:
    with pytest.raises(AttributeError):
        LIGHT.colour("blue")
