"""The part of the contract around a sale: members who join or are two, links, vouchers, invitations."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cashier_app.demo.booking import Bookings
from cashier_app.demo.invitations import Asked, Invitations, Page
from cashier_app.demo.joining import Joining
from cashier_app.demo.ledger import Declined, Document, Ledger, Write, Written, stamp
from cashier_app.demo.linking import Linking
from cashier_app.demo.messages import EnrolBody, InviteBody, LinkBody, MergeBody, ReferralBody, VoucherBody
from cashier_app.demo.reading import (
    ID,
    SALE_ID,
    Problem,
    json_answer,
    part_of,
    read_body,
    read_bytes,
    read_write,
)
from cashier_app.demo.shop import MemberRow

PAGES = "/join/"
"""Below this, customers without a token are answered."""

_GUARDS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class AroundApi:
    """The routes, over one ledger.

    Args:
        answer: Makes the answer to a write.
        refuse: Makes the problem for what was declined.
        tell: Makes a member with their account, as the contract has them.
    """

    def __init__(
        self,
        ledger: Ledger,
        bookings: Bookings,
        answer: Callable[[Write, Written, int], Response],
        refuse: Callable[[Declined], Problem],
        tell: Callable[[MemberRow], Document],
    ) -> None:
        self._ledger = ledger
        self._bookings = bookings
        self._joining = Joining(ledger, bookings.shop)
        self._linking = Linking(ledger, bookings)
        self._invitations = Invitations(ledger, self._joining)
        self._answer, self._refuse, self._tell = answer, refuse, tell

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/v1/members", self._enrol, methods=["POST"]),
            Route("/v1/sales/{sale_id}/member", self._link, methods=["POST"]),
            Route("/v1/merges", self._merge, methods=["POST"]),
            Route("/v1/vouchers/check", self._voucher, methods=["POST"]),
            Route("/v1/referrals/check", self._referral, methods=["POST"]),
            Route("/v1/invitations", self._invite, methods=["POST"]),
            Route("/v1/invitations/{invitation_id}", self._invitation, methods=["GET"]),
            Route(PAGES + "{token}", self._page, methods=["GET", "POST"]),
        ]

    async def _enrol(self, request: Request) -> Response:
        body, write = await read_write(request, EnrolBody, "enrol")
        written = self._joining.enrol(write, body)
        existing = not isinstance(written, Declined) and "existing" in written.answer
        return self._answer(write, written, 200 if existing else 201)

    async def _link(self, request: Request) -> Response:
        sale_id = part_of(request, "sale_id", SALE_ID)
        body, write = await read_write(request, LinkBody, "link")
        if (body.member_id is None) == (body.identified_by is None):
            raise Problem(422, "invalid", "name the member by exactly one of member_id, identified_by")
        if body.sale_id != sale_id:
            raise Problem(409, "wrong_key", "the address names another sale", {"key": write.key})
        return self._answer(write, self._linking.link(write, body), 200)

    async def _merge(self, request: Request) -> Response:
        body, write = await read_write(request, MergeBody, "merge")
        return self._answer(write, self._joining.merge(write, body), 200)

    async def _voucher(self, request: Request) -> Response:
        body, _ = await read_body(request, VoucherBody)
        return self._checked(self._bookings.vouchers.check(body))

    async def _referral(self, request: Request) -> Response:
        body, _ = await read_body(request, ReferralBody)
        return self._checked(self._joining.referral(body))

    async def _invite(self, request: Request) -> Response:
        body, _ = await read_body(request, InviteBody)
        made = self._invitations.make(body.consent)
        url = str(request.base_url.replace(path=PAGES + made.token))
        return json_answer(self._told(made) | {"url": url}, 201)

    async def _invitation(self, request: Request) -> Response:
        asked = self._invitations.find(part_of(request, "invitation_id", ID))
        if asked is None:
            raise Problem(404, "no_such_invitation", "no page was made under this id")
        row = self._ledger.member(asked.member_id) if asked.member_id else None
        return json_answer(self._told(asked) | ({"found": self._tell(row)} if row else {}))

    async def _page(self, request: Request) -> Response:
        token = str(request.path_params["token"])
        if request.method == "GET":
            return _html(self._invitations.page(token))
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/x-www-form-urlencoded" or not _same_site(request):
            return _html(Page(415, "<!doctype html><title>Not this page</title><p>Not this page"))
        return _html(self._invitations.send(token, await read_bytes(request)))

    def _told(self, asked: Asked) -> Document:
        state = "used" if asked.member_id else "over" if self._invitations.is_over(asked) else "open"
        return {"invitation_id": asked.invitation_id, "state": state, "until": stamp(asked.until)}

    def _checked(self, found: Document | Declined) -> Response:
        if isinstance(found, Declined):
            raise self._refuse(found)
        return json_answer(found)


def _same_site(request: Request) -> bool:
    """Say whether a form was sent from a page of this very server, as far as the browser says."""
    fetched = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "")
    # A page without a referrer sends ``null``; its hidden field still proves where it came from.
    own = origin in {"", "null", str(request.base_url).rstrip("/")}
    return fetched in {"same-origin", "none"} and own


def _html(page: Page) -> Response:
    return Response(page.html, page.status, dict(_GUARDS), media_type="text/html")
