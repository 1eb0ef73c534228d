"""Pages that customers of the demo shop fill in on their own phones; plain HTML without a script."""

from __future__ import annotations

import html
import secrets
import uuid
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from msgspec import Struct

from cashier_app.demo.joining import Joining
from cashier_app.demo.ledger import Ledger, Write, fingerprint, stamp
from cashier_app.demo.messages import AgreementBody, ConsentBody, EnrolBody
from cashier_app.domain.phone import to_e164

LIFE = timedelta(minutes=10)
MAX_NAME = 200
MAX_FIELDS = 8
REGION = "IN"
OWN_TEXT = AgreementBody(
    version="marigold-1",
    language="en",
    text="Marigold Stores keeps my name, my phone number and what I buy, to keep my coins and pay them out."
    " I can leave at any time at the counter; everything is then deleted.",
)


class Page(Struct, frozen=True):
    """What a customer is shown: an HTTP status, and the body of a page in HTML."""

    status: int
    html: str


class Asked(Struct, frozen=True):
    """An invitation as it stands.

    Args:
        member_id: Who joined by it; empty for nobody yet.
    """

    invitation_id: str
    token: str
    until: datetime
    consent: AgreementBody
    member_id: str


class Invitations:
    """Makes pages, shows them, and takes what was typed: each once, for ten minutes."""

    def __init__(self, ledger: Ledger, joining: Joining) -> None:
        self._ledger = ledger
        self._joining = joining

    def make(self, consent: AgreementBody | None) -> Asked:
        """Make a page for one customer."""
        text = consent or OWN_TEXT
        until = self._ledger.clock.now() + LIFE
        # What nobody sent is of no use a day later.
        self._ledger.execute(
            "DELETE FROM invitations WHERE member_id IS NULL AND expires_at < ?",
            (stamp(until - timedelta(days=1)),),
        )
        made = Asked(f"inv-{uuid.uuid4().hex}", secrets.token_urlsafe(24), until, text, "")
        self._ledger.execute(
            "INSERT INTO invitations (invitation_id, token, expires_at, consent_version, consent_language,"
            " consent_text) VALUES (?, ?, ?, ?, ?, ?)",
            (made.invitation_id, made.token, stamp(until), text.version, text.language, text.text),
        )
        return made

    def find(self, invitation_id: str) -> Asked | None:
        """Return an invitation by its id."""
        return self._read("invitation_id", invitation_id)

    def is_over(self, asked: Asked) -> bool:
        """Say whether the time of an invitation is up."""
        return self._ledger.clock.now() >= asked.until

    def page(self, token: str) -> Page:
        """Return the page of a token."""
        asked = self._read("token", token)
        if asked is None:
            return Page(404, _message("This page does not exist", "Ask at the counter for a new code."))
        if asked.member_id:
            return Page(410, _message("All done", "This page was sent already. Welcome!"))
        if self.is_over(asked):
            return Page(
                410, _message("Too late", "This page has run out. Ask at the counter for a new code.")
            )
        return Page(200, _form(asked, {}, ""))

    def send(self, token: str, body: bytes) -> Page:
        """Take what a customer typed: they are a member then, or told what is missing."""
        shown = self.page(token)
        asked = self._read("token", token)
        if shown.status != 200 or asked is None:
            return shown
        typed = _fields(body)
        if typed is None or not secrets.compare_digest(typed.get("page", ""), asked.token):
            return Page(400, _message("That was not this page", "Ask at the counter for a new code."))
        name = " ".join(typed.get("name", "").split())
        phone = to_e164(typed.get("phone", ""), REGION)
        if not name or len(name) > MAX_NAME or not name.isprintable():
            return Page(422, _form(asked, typed, "Type your name."))
        if phone is None:
            return Page(422, _form(asked, typed, "Type your whole phone number."))
        if typed.get("agreed") != "yes":
            return Page(422, _form(asked, typed, "Tick the box to join."))
        self._join(asked, name, phone)
        return self._welcome(token, name)

    def _welcome(self, token: str, name: str) -> Page:
        asked = self._read("token", token)
        if asked is None or not asked.member_id:
            return Page(
                410, _message("Too late", "This page has run out. Ask at the counter for a new code.")
            )
        return Page(
            200,
            _message(f"Welcome, {name.split(maxsplit=1)[0]}", "The till knows you now. Put your phone away."),
        )

    def _join(self, asked: Asked, name: str, phone: str) -> None:
        now = self._ledger.clock.now()
        consent = ConsentBody(version=asked.consent.version, language=asked.consent.language, at=now)
        key = asked.invitation_id.removeprefix("inv-")
        body = EnrolBody(sale_id=key, name=name, phone=phone, at=now, consent=consent)
        write = Write(f"{key}-enrol-1", "enrol", key, fingerprint(asked.invitation_id.encode()))
        with self._ledger.transaction():
            left = self._ledger.rows(
                "SELECT 1 FROM invitations WHERE invitation_id = ? AND member_id IS NULL",
                (asked.invitation_id,),
            )
            if not left:
                return  # the same page, sent twice at once
            done = self._joining.joined(write, body)
            self._ledger.execute(
                "UPDATE invitations SET member_id = ? WHERE invitation_id = ?",
                (str(done.answer["member_id"]), asked.invitation_id),
            )

    def _read(self, by: str, value: str) -> Asked | None:
        sql = (
            "SELECT invitation_id, token, expires_at, consent_version, consent_language, consent_text,"
            " coalesce(member_id, '') FROM invitations WHERE "
        )
        where = {"invitation_id": "invitation_id = ?", "token": "token = ?"}[by]
        rows = self._ledger.rows(sql + where, (value,))
        if not rows:
            return None
        invitation_id, token, until, version, language, text, member_id = rows[0]
        consent = AgreementBody(version=version, language=language, text=text)
        return Asked(invitation_id, token, datetime.fromisoformat(until), consent, member_id)


def _fields(body: bytes) -> dict[str, str] | None:
    """Return what a form sent, or None where it is no form of ours."""
    try:
        found = parse_qs(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError:
        return None
    return {name: values[0] for name, values in found.items() if len(values) == 1}


_STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:26em;margin:2em auto;padding:0 1em}"
    "label{display:block;margin:1em 0 .25em}input[type=text],input[type=tel]{font:inherit;width:100%;"
    "box-sizing:border-box;padding:.6em}button{font:inherit;padding:.8em 1.6em;margin-top:1.2em;width:100%}"
    ".wrong{border-left:4px solid #b3261e;padding-left:.7em}.text{white-space:pre-wrap}"
)


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style><h1>{html.escape(title)}</h1>{body}</html>"
    )


def _message(title: str, text: str) -> str:
    return _document(title, f"<p>{html.escape(text)}</p>")


def _form(asked: Asked, typed: dict[str, str], wrong: str) -> str:
    name, phone = (html.escape(typed.get(field, "")[:MAX_NAME]) for field in ("name", "phone"))
    said = f'<p class="wrong" role="alert">{html.escape(wrong)}</p>' if wrong else ""
    language = html.escape(asked.consent.language)
    body = (
        f'{said}<form method="post" autocomplete="on">'
        f'<input type="hidden" name="page" value="{html.escape(asked.token)}">'
        f'<label for="name">Your name</label><input type="text" id="name" name="name" required'
        f' maxlength="{MAX_NAME}" autocomplete="name" value="{name}">'
        f'<label for="phone">Your phone number</label><input type="tel" id="phone" name="phone" required'
        f' maxlength="24" autocomplete="tel" value="{phone}">'
        f'<p class="text" lang="{language}">{html.escape(asked.consent.text)}</p>'
        '<label><input type="checkbox" name="agreed" value="yes" required> I agree</label>'
        "<button>Join</button></form>"
    )
    return _document("Join Marigold Stores", body)
