"""Buttons: a label, the key that does the same, and a state that shows on the down event."""

from enum import Enum

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.painting import (
    RIGHT,
    draw_focus_ring,
    draw_frame,
    draw_icon,
    draw_keycap,
    draw_line,
    keycap_size,
    painting,
    text_width,
)
from ui.theme.typography import MEDIUM, REGULAR, SEMIBOLD
from ui.widgets.painted_button import PaintedButton

_KEYCAP_FROM = 110  # px at 1x; narrower buttons show no keycap
_LARGE_FROM = 60  # px at 1x; lower buttons have no large words


class _Colours(Struct, frozen=True):
    """Tokens of one button in one state; an empty string is "nothing"."""

    fill: str
    text: str
    edge: str = ""
    width: int = 1
    keycap: str = ""  # the text's colour if empty
    keycap_edge: str = ""  # the keycap's colour if empty


class _Style(Struct, frozen=True):
    normal: _Colours
    hover: _Colours
    press: _Colours
    disabled: _Colours
    role: str
    weight: int
    padding: int  # px at 1x, at the left
    right: int  # px at 1x, at the right
    icon_gap: int = 10  # px at 1x
    centred: bool = False


_OFF = _Colours("sunken", "disabled", "line")
_KEY = _Colours("key", "ink", "edge")
_KEY_HOVER = _Colours("sunken", "ink", "edge")
_KEY_PRESS = _Colours("key_press", "ink", "edge")
_PICKED = _Colours("accent_tint", "accent_text", "accent", 2)


class ButtonKind(Enum):
    """What a button is for, and with it all its colours."""

    PRIMARY = _Style(
        _Colours("accent", "on_accent"),
        _Colours("accent_hover", "on_accent"),
        _Colours("accent_press", "on_accent"),
        _OFF,
        "button_large",
        SEMIBOLD,
        18,
        18,
    )
    SECONDARY = _Style(_KEY, _KEY_HOVER, _KEY_PRESS, _OFF, "button_second", SEMIBOLD, 14, 14)
    DANGER = _Style(
        _Colours("red", "on_red"),
        _Colours("red_hover", "on_red"),
        _Colours("red_press", "on_red"),
        _OFF,
        "button_large",
        SEMIBOLD,
        18,
        18,
    )
    CHOICE = _Style(
        _Colours("key", "ink", "edge", keycap_edge="edge"),
        _Colours("sunken", "ink", "edge", keycap_edge="edge"),
        _Colours("key_press", "ink", "edge", keycap_edge="edge"),
        _OFF,
        "button",
        MEDIUM,
        8,
        8,
        7,
        centred=True,
    )
    ROW = _Style(
        _Colours("surface", "ink", "edge"),
        _KEY_HOVER,
        _KEY_PRESS,
        _Colours("sunken", "ink2"),
        "body",
        MEDIUM,
        13,
        10,
        11,
    )
    PLAIN = _Style(
        _Colours("", "ink2"),
        _Colours("sunken", "ink"),
        _Colours("key_press", "ink"),
        _Colours("", "disabled"),
        "body",
        REGULAR,
        8,
        0,
    )
    ON_SOLID = _Style(
        _Colours("", "on_solid"),
        _Colours("", "on_solid", "on_solid2"),
        _Colours("", "on_solid2", "on_solid2"),
        _Colours("", "on_solid2"),
        "button",
        SEMIBOLD,
        10,
        10,
    )


class ActionButton(PaintedButton):
    """A button that paints itself: words, an icon for rows and choices, a detail, and a keycap.

    Words are shown as they are; "&" is no mnemonic. A choice or a checked row changes only through
    `set_selected`: the view decides, not the click.

    Args:
        words: The label, also the accessible name.
        kind: What it is for.
        key: The keycap's words, such as "Enter"; none if empty.
        short: A shorter label, taken before anything is cut off.
        icon: An icon name; rows only.
        detail: Words at the right in front of the keycap; rows only.
        parent: The owning widget.
    """

    def __init__(
        self,
        words: str = "",
        *,
        kind: ButtonKind = ButtonKind.SECONDARY,
        key: str = "",
        short: str = "",
        icon: str = "",
        detail: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._kind = kind
        self._words, self._short = words, short
        self._key, self._icon, self._detail = key, icon, detail
        self._selected = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        if kind is ButtonKind.CHOICE:
            self.setCheckable(True)  # with exclusion: a radio button to screen readers
            self.setAutoExclusive(True)

    def words(self) -> str:
        """Return the whole label."""
        return self._words

    def key(self) -> str:
        """Return the keycap's words."""
        return self._key

    def kind(self) -> ButtonKind:
        """Return what the button is for."""
        return self._kind

    def is_selected(self) -> bool:
        """Return whether this choice or row is the one taken."""
        return self._selected

    def set_words(self, words: str, short: str = "") -> None:
        """Show another label; `short` is taken before anything is cut off."""
        self._words, self._short = words, short
        self.setAccessibleName(words)
        self.refresh()

    def set_key(self, key: str) -> None:
        """Show another keycap, or none for an empty string."""
        self._key = key
        self.refresh()

    def set_kind(self, kind: ButtonKind) -> None:
        """Take the colours of another kind."""
        if kind is not self._kind:
            self._kind = kind
            self.refresh()

    def set_icon(self, name: str) -> None:
        """Show another icon, or none for an empty string."""
        self._icon = name
        self.refresh()

    def set_detail(self, words: str) -> None:
        """Show other words at the right."""
        self._detail = words
        self.refresh()

    def set_selected(self, selected: bool) -> None:  # noqa: FBT001  # a setter, like Qt's
        """Mark this choice or row as the one taken."""
        self._selected = selected
        if self.isCheckable():
            exclusive = self.autoExclusive()
            self.setAutoExclusive(False)  # or the last choice could not be let go
            self.setChecked(selected)
            self.setAutoExclusive(exclusive)
        self.update()

    def shown_words(self) -> str:
        """Return the label that fits now: the words, or their short form."""
        return self._label_for(self._content_box(QRectF(self.rect())))

    def has_room(self) -> bool:
        """Return whether the shown label is whole."""
        box = self._content_box(QRectF(self.rect()))
        return self._room_for_label(box) + 0.5 >= text_width(self._label_for(box), self._label_font())

    def sizeHint(self) -> QSize:
        """Return the wanted size, px."""
        look, style = self._look, self._style()
        width = look.px(style.padding) + look.px(style.right) + text_width(self._words, self._label_font())
        width += self._icon_space() + self._right_space(with_key=True)
        return QSize(round(width) + 1, look.metrics.choice_height)

    def minimumSizeHint(self) -> QSize:
        """Return the least size, px."""
        return QSize(self._look.px(48), self._look.px(48))

    def nextCheckState(self) -> None:  # noqa: N802  # Qt override
        """Do nothing: a click only says what is wanted, `set_selected` shows what is."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole widget."""
        colours = self._colours_now()
        radius = self._look.metrics.radius_control
        with painting(self) as painter:
            box = QRectF(self.rect())
            if self.shows_ring():
                on_solid = self._kind is ButtonKind.ON_SOLID
                box = draw_focus_ring(painter, box, radius, self._look, "on_solid" if on_solid else "focus")
                radius -= self._look.px(2)
            draw_frame(
                painter,
                box,
                radius,
                fill=self._look.colour(colours.fill) if colours.fill else None,
                edge=self._look.colour(colours.edge) if colours.edge else None,
                width=self._look.px(colours.width),
            )
            if self._style().centred:
                self._paint_centred(painter, self._content_box(box), colours)
            else:
                self._paint_spread(painter, self._content_box(box), colours)

    def _style(self) -> _Style:
        return self._kind.value

    def _colours_now(self) -> _Colours:
        style = self._style()
        if not self.isEnabled():
            return style.disabled
        if self.isDown():
            return style.press
        if self._selected:
            return _PICKED
        return style.hover if self.shows_hover() else style.normal

    # --- where things are -------------------------------------------------------------------------

    def _content_box(self, box: QRectF) -> QRectF:
        """Return where label and keycap may be: the same place with and without the focus ring."""
        left, right = self._look.px(self._style().padding), self._look.px(self._style().right)
        return QRectF(left, box.top(), self.width() - left - right, box.height())

    def _label_font(self) -> QFont:
        style, role = self._style(), self._style().role
        if role == "button_large" and self.height() < self._look.px(_LARGE_FROM):
            role = "button_second"  # beside others of this height, the size of theirs
        return self._look.font(role, SEMIBOLD if self._selected else style.weight)

    def _icon_name(self) -> str:
        return "check-circle" if self._selected and self._style().centred else self._icon

    def _icon_space(self) -> float:
        return self._look.px(20 + self._style().icon_gap) if self._icon_name() else 0

    def _key_shown(self) -> bool:
        wide = self.width() >= self._look.px(_KEYCAP_FROM) or self._kind is ButtonKind.PLAIN
        return bool(self._key) and wide

    def _right_space(self, *, with_key: bool) -> float:
        space = 0.0
        if self._detail:
            space += text_width(self._detail, self._look.font("body", REGULAR)) + self._look.px(10)
        if self._key and with_key:
            space += keycap_size(self._key, self._look).width() + self._key_gap()
        return space

    def _key_gap(self) -> int:
        return self._look.px(8 if self._style().centred else 10)

    def _room_for_label(self, box: QRectF) -> float:
        return box.width() - self._icon_space() - self._right_space(with_key=self._key_shown())

    def _label_for(self, box: QRectF) -> str:
        room = self._room_for_label(box)
        if self._short and text_width(self._words, self._label_font()) > room + 0.5:
            return self._short
        return self._words

    # --- painting ---------------------------------------------------------------------------------

    def _paint_spread(self, painter: QPainter, box: QRectF, colours: _Colours) -> None:
        """Paint the label at the left; detail and keycap at the right."""
        look, ink = self._look, self._look.colour(colours.text)
        right = box.right()
        if self._key_shown():
            size = keycap_size(self._key, look)
            self._paint_keycap(painter, QPointF(right - size.width(), box.center().y()), colours)
            right -= size.width() + self._key_gap()
        if self._detail:
            font = look.font("body", REGULAR)
            width = text_width(self._detail, font)
            place = QRectF(right - width, box.top(), width, box.height())
            tone = look.colour("ink3" if not self.isEnabled() else "ink2")
            draw_line(painter, place, self._detail, font, tone, RIGHT)
            right -= width + look.px(10)
        left = box.left() + self._paint_icon(painter, box.left(), box.center().y(), colours)
        place = QRectF(left, box.top(), right - left, box.height())
        draw_line(painter, place, self._label_for(box), self._label_font(), ink)

    def _paint_centred(self, painter: QPainter, box: QRectF, colours: _Colours) -> None:
        """Paint icon, label and keycap together in the middle."""
        look = self._look
        label, font = self._label_for(box), self._label_font()
        gap = self._key_gap()
        width = min(text_width(label, font), self._room_for_label(box))
        key = keycap_size(self._key, look).width() + gap if self._key_shown() else 0
        icon = self._icon_space()
        left = box.center().x() - (icon + width + key) / 2
        left += self._paint_icon(painter, left, box.center().y(), colours)
        draw_line(
            painter, QRectF(left, box.top(), width, box.height()), label, font, look.colour(colours.text)
        )
        if key:
            self._paint_keycap(painter, QPointF(left + width + gap, box.center().y()), colours)

    def _paint_icon(self, painter: QPainter, left: float, middle: float, colours: _Colours) -> float:
        name = self._icon_name()
        if not name:
            return 0
        side = self._look.px(20)
        draw_icon(painter, QRectF(left, middle - side / 2, side, side), name, colours.text, self._look)
        return self._icon_space()

    def _paint_keycap(self, painter: QPainter, at: QPointF, colours: _Colours) -> None:
        ink = self._look.colour(colours.keycap or colours.text)
        edge = self._look.colour(colours.keycap_edge) if colours.keycap_edge else None
        draw_keycap(painter, at, self._key, self._look, ink=ink, edge=edge)
