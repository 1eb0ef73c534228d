"""The application's palette, font and style sheet: what Qt paints itself rather than our widgets."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme.look import DEFAULT_LOOK
from ui.theme.metrics import Metrics
from ui.theme.tokens import Theme
from ui.theme.typography import font

_Role = QPalette.ColorRole

_ROLES = {
    _Role.Window: "bg",
    _Role.WindowText: "ink",
    _Role.Base: "surface",
    _Role.AlternateBase: "sunken",
    _Role.Text: "ink",
    _Role.PlaceholderText: "ink3",
    _Role.Button: "key",
    _Role.ButtonText: "ink",
    _Role.BrightText: "red_text",
    _Role.Highlight: "accent",
    _Role.HighlightedText: "on_accent",
    _Role.Accent: "accent",
    _Role.Link: "accent_text",
    _Role.LinkVisited: "accent_text",
    _Role.ToolTipBase: "solid",
    _Role.ToolTipText: "on_solid",
    _Role.Light: "line",
    _Role.Midlight: "line",
    _Role.Mid: "edge",
    _Role.Dark: "edge",
    _Role.Shadow: "edge",
}
_DISABLED_ROLES = (_Role.WindowText, _Role.Text, _Role.ButtonText)

# Selectors by type and property only: a bare "QWidget {...}" would draw every label as a box.
_SHEET = """
QToolTip {{ background: {solid}; color: {on_solid}; border: 1px solid {edge}; padding: {pad4}px {pad8}px; }}
QLineEdit {{
  background: {surface}; color: {ink}; border: 1px solid {edge}; border-radius: {radius_field}px;
  padding: 0 {pad16}px; selection-background-color: {accent}; selection-color: {on_accent};
  placeholder-text-color: {ink3};
}}
QLineEdit:focus, QLineEdit[active="true"] {{ border: {active}px solid {ink}; padding: 0 {pad14}px; }}
QLineEdit:disabled {{ background: {sunken}; color: {disabled}; border-color: {line}; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[scrolled="true"] {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: {pad12}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {pad12}px; margin: 0; }}
QScrollBar::handle {{ background: {edge}; border-radius: {pad4}px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: {pad48}px; }}
QScrollBar::handle:horizontal {{ min-width: {pad48}px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QMenu {{ background: {surface}; color: {ink}; border: 1px solid {edge}; padding: {pad8}px 0; }}
QMenu::item {{ padding: {pad12}px {pad24}px; }}
QMenu::item:selected {{ background: {sunken}; color: {ink}; }}
QMenu::item:disabled {{ color: {disabled}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: {pad8}px 0; }}
QTableView {{
  background: {surface}; color: {ink}; border: none; gridline-color: {line};
  selection-background-color: {accent_tint}; selection-color: {ink};
}}
QHeaderView::section {{
  background: {surface}; color: {ink2}; border: none; border-bottom: 1px solid {edge}; padding: {pad8}px;
}}
"""


def apply_theme(app: QApplication, theme: Theme, metrics: Metrics | None = None) -> None:
    """Give the whole application a theme: palette first, then font, then the sheet.

    Painted widgets get theirs by `spread_look`; both belong to one change of theme.
    """
    apply_colours(app, theme, metrics)
    apply_sheet(app, theme, metrics)


def apply_colours(app: QApplication, theme: Theme, metrics: Metrics | None = None) -> None:
    """Give the application a theme's palette, and its font: all that the till's own screen needs."""
    measures = metrics or DEFAULT_LOOK.metrics
    app.setPalette(_palette(theme))
    app.setFont(font(measures.body))


def apply_sheet(app: QApplication, theme: Theme, metrics: Metrics | None = None) -> None:
    """Give the application a theme's sheet, which dresses tooltips and what scrolls."""
    app.setStyleSheet(style_sheet(theme, metrics or DEFAULT_LOOK.metrics))


def style_sheet(theme: Theme, metrics: Metrics) -> str:
    """Return the application's style sheet; it sets colours and borders, never fonts."""
    pads = {f"pad{step}": metrics.px(step) for step in (4, 8, 12, 14, 16, 24, 48)}
    tokens = {name: getattr(theme, name) for name in theme.__struct_fields__}
    return _SHEET.format(**tokens, **pads, radius_field=metrics.radius_field, active=metrics.px(3))


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(theme.colour(token)))
    for role in _DISABLED_ROLES:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    return palette
