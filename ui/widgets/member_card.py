"""The member card: who is served, what they have, and what else they could take."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget

from cashier_app.wording.people import MemberCardWords, TierWords
from cashier_app.wording.sentences import Sentence
from ui.theme.painting import RIGHT
from ui.theme.typography import MEDIUM, REGULAR
from ui.widgets.big_text import WordText
from ui.widgets.member_parts import MemberHead, NoteRow
from ui.widgets.panel import PanelKind
from ui.widgets.progress import ProgressBar
from ui.widgets.reward_rows import RewardRowContent, RewardRows
from ui.widgets.text import ElidedLabel
from ui.widgets.tier_badge import TierBadge
from ui.widgets.who_card import Flow, WhoCard

_MOST_NOTES = 3


class MemberCard(WhoCard):
    """Who is served. Rows go when there is no height for them: rewards first, then notes."""

    reward_picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown: object = None
        self._note_count = 0
        self._has_tier = False
        self._has_worth = False
        self.head = MemberHead(self)
        self.balance_label = ElidedLabel(role="body", colour="ink2", parent=self)
        self.freshness = ElidedLabel(role="body", align=RIGHT, parent=self)
        self.figure = WordText(role="balance", spacing=-1, parent=self)
        self.worth = ElidedLabel(role="body_large", weight=MEDIUM, colour="ink2", parent=self)
        self.tier = TierBadge(self)
        self.distance = ElidedLabel(role="body", colour="ink2", align=RIGHT, parent=self)
        self.bar = ProgressBar(parent=self)
        self.notes = [NoteRow(self) for _ in range(_MOST_NOTES)]
        self.rewards = RewardRows(self)
        self.rewards.picked.connect(self.reward_picked)

    def show_member(self, words: MemberCardWords, rewards: tuple[RewardRowContent, ...]) -> None:
        """Show a member with the account; the same again does nothing."""
        if (words, rewards) == self._shown:
            return
        self._shown = (words, rewards)
        warning = None
        if words.blocked is not None and words.blocked_body is not None:
            warning = (words.blocked, words.blocked_body)
        self.set_kind(PanelKind.STOPPED if warning else PanelKind.PLAIN)
        self.head.show_person(words.name, words.way_icon, words.way, warning)
        self._fill_balance(words)
        if words.tier is not None:
            self._fill_tier(words.tier)
        self._has_tier = words.tier is not None
        for row, note in zip(self.notes, words.notes, strict=False):
            row.show_row(note)
        self._note_count = len(words.notes)
        self.rewards.show_rows(words.rewards_label.full, rewards)
        self.setAccessibleName(words.spoken)
        self.arrange()

    def arrange(self) -> None:
        """Put every part in its place, as far as there is height."""
        inset = self.sized(10, 14, 8)
        place = QRect(inset, inset, max(1, self.width() - 2 * inset), 1)
        compact = self.look.metrics.compact or self.look.metrics.tight
        head = self.head.place(place, compact=self.look.metrics.compact)
        side = inset + self.sized(12, 16, 14)
        flow = Flow(side, max(1, self.width() - 2 * side), inset + head)
        self._place_balance(flow)
        self._place_tier(flow, shown=self._has_tier)
        end = self.height() - self.sized(10, 14, 8)
        self._place_notes(flow, end, self._note_count)
        self.rewards.place(flow, end, compact=compact)

    def _fill_balance(self, words: MemberCardWords) -> None:
        self.balance_label.set_text(words.balance_label.full)
        self.freshness.set_text(words.freshness.full)
        self.freshness.set_colour("ink3" if words.fresh else "amber_text")
        self.freshness.set_role("body", REGULAR if words.fresh else MEDIUM)
        self.figure.set_text(words.balance, words.unit)
        worth = words.worth or Sentence.of("")
        self.worth.set_text(worth.full, worth.short)
        self._has_worth = bool(worth.full)

    def _fill_tier(self, tier: TierWords) -> None:
        self.tier.set_tier(tier.name, tier.rank, tier.of)
        self.distance.set_text(tier.distance.full, tier.distance.short)
        self.bar.set_fraction(tier.progress / 1000, spoken=tier.spoken)

    def _place_balance(self, flow: Flow) -> None:
        line = flow.take(self.sized(22, 24), self.sized(8, 16, 5))
        fresh = min(self.freshness.sizeHint().width(), line.width())
        self.balance_label.setGeometry(line.adjusted(0, 0, -fresh, 0))
        self.freshness.setGeometry(line.adjusted(line.width() - fresh, 0, 0, 0))
        figure = flow.take(self.sized(48, 58, 46), self.sized(1, 2, 0))
        # Its ink starts at its edge; small text keeps a little air there, which a column must share.
        self.figure.setGeometry(figure.adjusted(self.look.px(2), 0, 0, 0))
        self.worth.setVisible(self._has_worth)
        if self._has_worth:
            self.worth.setGeometry(flow.take(self.sized(22, 24), self.sized(2, 3)))

    def _place_tier(self, flow: Flow, *, shown: bool) -> None:
        for part in (self.tier, self.distance, self.bar):
            part.setVisible(shown)
        if not shown:
            return
        line = flow.take(self.look.px(32), self.sized(13, 23, 8))
        gap = self.look.px(12)
        badge = min(self.tier.sizeHint().width(), line.width())
        wanted = self.distance.sizeHint().width()
        badge = max(min(badge, line.width() - gap - wanted), min(badge, line.width() // 2))
        self.tier.setGeometry(line.x(), line.y(), badge, line.height())
        self.distance.setGeometry(line.adjusted(badge + gap, 0, 0, 0))
        self.bar.setGeometry(flow.take(self.look.px(16), self.sized(4, 3, 1)))

    def _place_notes(self, flow: Flow, end: int, wanted: int) -> None:
        height, gap = self.look.px(24), self.sized(4, 10, 2)
        for index, row in enumerate(self.notes):
            lead = self.sized(8, 16, 5) if index == 0 else gap
            shown = index < wanted and flow.at + lead + height <= end
            row.setVisible(shown)
            if shown:
                row.place(flow.take(height, lead), self.look)
