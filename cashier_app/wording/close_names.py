"""Names of what stands in a report of a day, and what may be wrong with one."""

from __future__ import annotations

from cashier_app.domain.day_close_check import Fault, Finding
from cashier_app.domain.member import Way
from cashier_app.domain.sale import EffectKind
from cashier_app.services.approval import Matter, Reason
from cashier_app.wording.sentences import name_in_sentence
from cashier_app.wording.speech import Wording


def kind_name(kind: str, wording: Wording) -> str:
    """Return what an effect settled by hand would have done."""
    words = {
        EffectKind.SALE.value: wording.text("sale"),
        EffectKind.CAPTURE.value: wording.text("{points} used", points=wording.points_name),
        EffectKind.REDEEM.value: wording.text("{points} used", points=wording.points_name),
        EffectKind.RELEASE.value: wording.text("hold to be let go"),
        EffectKind.RESERVE.value: wording.text("hold"),
        EffectKind.REFUND.value: wording.text("return"),
        EffectKind.CLAW_BACK.value: wording.text("{points} to take back", points=wording.points_name),
        EffectKind.RESTORE.value: wording.text("{points} to give back", points=wording.points_name),
        EffectKind.ENROL.value: wording.text("new member"),
        EffectKind.LINK.value: wording.text("sale given to a member"),
        EffectKind.MERGE.value: wording.text("two records to join"),
    }
    return words.get(kind, "")


def matter_name(matter: str, wording: Wording) -> str:
    """Return what somebody allowed."""
    words = {
        Matter.OFFLINE_POINTS.value: wording.text("{points} used offline", points=wording.points_name),
        Matter.REFUND.value: wording.text("return"),
        Matter.BACKEND.value: wording.text("change of the loyalty system"),
    }
    return words.get(matter, name_in_sentence(matter))


def reason_name(reason: str, wording: Wording) -> str:
    """Return why somebody allowed it."""
    words = {
        Reason.MEMBER_KNOWN.value: wording.text("member known"),
        Reason.MEMBER_ASKS.value: wording.text("member asks"),
        Reason.MISTAKE_AT_TILL.value: wording.text("mistake at the till"),
        Reason.GOODWILL.value: wording.text("goodwill"),
        Reason.SYSTEM_DOWN.value: wording.text("loyalty system down"),
    }
    return words.get(reason, name_in_sentence(reason))


def way_name(part: str, wording: Wording) -> str:
    """Return how members were identified."""
    words = {
        Way.WALLET_CODE.value: wording.text("Wallet code"),
        Way.PHONE.value: wording.text("Phone"),
        Way.MEMBER_NUMBER.value: wording.text("Member number"),
        "": wording.text("Without a member"),
    }
    return words.get(part, name_in_sentence(part))


def fault_words(finding: Finding, wording: Wording) -> str:
    """Say what is wrong with a closed day."""
    n = wording.figures.count(finding.number)
    words = {
        Fault.MISSING: wording.text("Day close {number} is missing.", number=n),
        Fault.LOST: wording.text("Damage took day close {number}; the audit log says so.", number=n),
        Fault.CHANGED: wording.text("Day close {number} was changed: its SHA-256 is another.", number=n),
        Fault.UNREADABLE: wording.text("Day close {number} cannot be read.", number=n),
        Fault.OTHER_NUMBER: wording.text("Day close {number} says inside that it is another.", number=n),
        Fault.NOT_IN_LOG: wording.text("Day close {number} is not in the audit log.", number=n),
        Fault.OTHER_IN_LOG: wording.text("The audit log knows another day close {number}.", number=n),
        Fault.OTHER_HEAD: wording.text("Day close {number} stands elsewhere in the audit log.", number=n),
        Fault.OTHER_SPAN: wording.text(
            "Day close {number} does not begin where the one before ends.", number=n
        ),
        Fault.FIGURES: wording.text("The figures of day close {number} are not what came between.", number=n),
    }
    return words[finding.fault]
