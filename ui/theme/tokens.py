"""Colours, steps and radii of the two themes. Knows no Qt: colours are hex strings."""

from msgspec import Struct
from msgspec.structs import replace

AMOUNT_STEPS = (124, 112, 104, 96, 88, 80, 72, 64, 56, 48, 44, 40, 36, 32)  # what an amount may take

RADIUS_PANEL = 14
RADIUS_CONTROL = 10
RADIUS_FIELD = 12
RADIUS_KEYCAP = 6

EDGE_HAIRLINE = 1
EDGE_ACTIVE = 3
RING_WIDTH = 3
RING_GAP = 2


class Theme(Struct, frozen=True, kw_only=True):
    """The colours of one appearance, "#RRGGBB"; `scrim` alone carries alpha and is "#AARRGGBB"."""

    name: str
    dark: bool
    bg: str
    surface: str
    sunken: str
    key: str
    key_press: str
    line: str
    edge: str
    ink: str
    focus: str
    ink2: str
    ink3: str
    disabled: str
    accent: str
    accent_hover: str
    accent_press: str
    on_accent: str
    accent_tint: str
    accent_text: str
    solid: str
    on_solid: str
    on_solid2: str
    done: str
    on_done: str
    on_done2: str
    amber_tint: str
    amber_edge: str
    amber_text: str
    red_tint: str
    red_edge: str
    red_text: str
    red: str
    red_hover: str
    red_press: str
    on_red: str
    train: str
    on_train: str
    train_tint: str
    train_text: str
    bar_bg: str
    scrim: str
    high_contrast: bool = False

    def colour(self, token: str) -> str:
        """Return the hex value of the token with this name; an unknown name is an AttributeError."""
        return str(getattr(self, token))


LIGHT = Theme(
    name="light",
    dark=False,
    bg="#F2F3EF",
    surface="#FFFFFF",
    sunken="#E8EAE4",
    key="#FFFFFF",
    key_press="#D5DAD1",
    line="#D8DCD3",
    edge="#7C867F",
    ink="#111A15",
    focus="#111A15",
    ink2="#414B45",
    ink3="#5C665F",
    disabled="#8D958F",
    accent="#0B6A4C",
    accent_hover="#08573E",
    accent_press="#05402D",
    on_accent="#FFFFFF",
    accent_tint="#E0F0E7",
    accent_text="#0A6346",
    solid="#111A15",
    on_solid="#FFFFFF",
    on_solid2="#BFC9C2",
    done="#0B6A4C",
    on_done="#FFFFFF",
    on_done2="#D3EADF",
    amber_tint="#FFF0CC",
    amber_edge="#B57A00",
    amber_text="#744700",
    red_tint="#FCE6E2",
    red_edge="#C0392B",
    red_text="#9A2117",
    red="#A8281C",
    red_hover="#8C1F15",
    red_press="#6B160E",
    on_red="#FFFFFF",
    train="#6427B0",
    on_train="#FFFFFF",
    train_tint="#EFE6FB",
    train_text="#5A209F",
    bar_bg="#DFE3DB",
    scrim="#6E111A15",
)

DARK = Theme(
    name="dark",
    dark=True,
    bg="#0E1311",
    surface="#171E1A",
    sunken="#212924",
    key="#1D2521",
    key_press="#334039",
    line="#2C3630",
    edge="#76827B",
    ink="#F0F4F0",
    focus="#F0F4F0",
    ink2="#BEC8C1",
    ink3="#98A49C",
    disabled="#6C7771",
    accent="#43C492",
    accent_hover="#5AD3A4",
    accent_press="#2FA678",
    on_accent="#04221A",
    accent_tint="#12332A",
    accent_text="#5FD8AA",
    solid="#F0F4F0",
    on_solid="#0E1311",
    on_solid2="#414B45",
    done="#43C492",
    on_done="#04221A",
    on_done2="#06382A",
    amber_tint="#382A0B",
    amber_edge="#C08A1E",
    amber_text="#F6C95F",
    red_tint="#421A15",
    red_edge="#E5746A",
    red_text="#FFA79D",
    red="#F08277",
    red_hover="#F59A91",
    red_press="#D9685C",
    on_red="#2A0704",
    train="#7C3FD0",
    on_train="#FFFFFF",
    train_tint="#2C1B47",
    train_text="#CBB0FF",
    bar_bg="#2A332E",
    scrim="#96000000",
)


def high_contrast(theme: Theme) -> Theme:
    """Return the variant for systems set to high contrast: hairlines become edges, tints become surface.

    What was told apart by its tint is then told apart by a 2 px edge; painters ask `theme.high_contrast`.
    """
    return replace(
        theme,
        name=f"{theme.name}-contrast",
        line=theme.edge,
        edge=theme.ink2,
        accent_tint=theme.surface,
        amber_tint=theme.surface,
        red_tint=theme.surface,
        train_tint=theme.surface,
        high_contrast=True,
    )


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio of two "#RRGGBB" colours, 1.0 to 21.0."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        # The two branches of the sRGB curve, with the constants of WCAG 2.1.
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
