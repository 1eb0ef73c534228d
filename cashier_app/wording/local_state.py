"""What became of the till's own files, in words: one sentence for the window, a few lines for the doctor."""

from __future__ import annotations

from cashier_app.ports.local_state import LocalState, Recovery
from cashier_app.wording.sentences import Sentence
from cashier_app.wording.speech import Wording


def recovery_sentence(recovery: Recovery, wording: Wording) -> Sentence:
    """Return what the cashier is told once after a damaged database was set right."""
    n = recovery.rescued
    rescued = wording.plural("{n} sale was rescued", "{n} sales were rescued", n, n=str(n))
    if recovery.lost:
        lost = wording.plural("{n} is lost", "{n} are lost", len(recovery.lost), n=str(len(recovery.lost)))
        message = wording.text(
            "The sales database was damaged: {rescued}, {lost}. Call support.", rescued=rescued, lost=lost
        )
    elif recovery.lost_rows:
        message = wording.text(
            "The sales database was damaged and set right: {rescued}. Look at those that need attention.",
            rescued=rescued,
        )
    else:
        message = wording.text("The sales database was damaged and set right: {rescued}.", rescued=rescued)
    return Sentence.of(message)


def space_sentence(wording: Wording) -> Sentence:
    """Return what the cashier is told when the disk is nearly full."""
    return Sentence.of(wording.text("The disk is nearly full. Free space soon, or sales cannot be saved."))


def local_state_lines(state: LocalState) -> list[str]:
    """Return what the doctor prints."""
    made = state.last_backup_at
    lines = [f"last backup {made.isoformat(timespec='seconds')}" if made else "no backup yet"]
    reserve = "32 MiB kept for a full disk" if state.reserve_kept else "no reserve for a full disk"
    lines.append(f"{reserve}, {state.free_bytes // 10**6} MB free")
    if state.short_of_space:
        lines.append("the disk is nearly full")
    if state.damaged_rows:
        lines.append(f"{state.damaged_rows} rows are damaged: restart the till, it sets them right")
    recovery = state.recovery
    if recovery is not None:
        lost = f", lost: {', '.join(recovery.lost)}" if recovery.lost else ""
        lines.append(
            f"damaged at {recovery.at.isoformat(timespec='seconds')} ({recovery.damage.value}): "
            f"{recovery.rescued} sales rescued, {recovery.lost_rows} rows lost{lost}; "
            f"kept aside: {', '.join(recovery.aside) or 'nothing'}"
        )
    return lines
