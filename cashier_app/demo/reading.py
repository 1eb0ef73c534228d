"""Requests of the loyalty contract read and checked, and answers of it written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cashier_app.demo.ledger import Document, Write, fingerprint, stamp
from cashier_app.demo.messages import KEY_PATTERN
from cashier_app.demo.messages import Request as Body
from cashier_app.strict_json import MalformedJsonError, load_strictly

MAX_BODY = 64 * 1024
EPOCH = datetime.fromtimestamp(0, UTC)
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
SALE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
KEY = re.compile(KEY_PATTERN)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TITLES = {
    400: "Malformed request", 401: "Not signed in", 404: "Not found", 405: "No such method", 409: "Refused",
    410: "Too old", 413: "Too large", 415: "Not JSON", 422: "Invalid request",
}  # fmt: skip

AnyBody = TypeVar("AnyBody", bound=Body)


class Problem(Exception):  # noqa: N818 - an answer on its way out, the framework's way of ending a request
    """A refusal (RFC 9457): status, the contract's stable code, words for people, and further members."""

    def __init__(self, status: int, code: str, detail: str, more: Document | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.document: Document = {
            "title": _TITLES.get(status, "Refused"),
            "status": status,
            "code": code,
            "detail": detail[:200],
        } | (more or {})


async def read_write(request: Request, kind: type[AnyBody], effect: str) -> tuple[AnyBody, Write]:
    """Return a write's body and key, the key checked against sale and effect."""
    keys = request.headers.getlist("idempotency-key")
    if len(keys) != 1 or not KEY.fullmatch(keys[0]):
        raise Problem(422, "invalid", "Idempotency-Key must be <sale id>-<effect>-<n>, given once")
    body, value = await read_body(request, kind)
    sale_id = str(getattr(body, "sale_id", ""))
    if keys[0].rpartition("-")[0] != f"{sale_id}-{effect}":
        raise Problem(409, "wrong_key", "the key belongs to another sale or effect", {"key": keys[0]})
    canonical = msgspec.json.encode(value, order="deterministic")
    return body, Write(keys[0], effect, sale_id, fingerprint(request.url.path.encode(), canonical))


async def read_body(request: Request, kind: type[AnyBody]) -> tuple[AnyBody, object]:
    """Return a checked body, and the plain value it was read from."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(415, "not_json", "send application/json")
    try:
        value = load_strictly(await read_bytes(request))
    except MalformedJsonError as error:
        raise Problem(400, "malformed", str(error)) from error
    if _has_null(value):
        raise Problem(422, "invalid", "what is not known is left out, never null")
    try:
        body = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Problem(422, "invalid", str(error)) from error
    try:
        for one in (body, getattr(body, "consent", None)):
            stamp(getattr(one, "at", EPOCH))
    except OverflowError as error:
        raise Problem(409, "not_allowed", "a time beyond the calendar") from error
    return body, value


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_null(one) for one in value.values())
    return value is None


async def read_bytes(request: Request) -> bytes:
    """Return the body, refusing more than 64 KiB before it is all here."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Problem(413, "too_large", "a request is at most 64 KiB")
    return bytes(body)


def part_of(request: Request, name: str, pattern: re.Pattern[str]) -> str:
    """Return a part of the address; a `Problem` where it is not of this form."""
    value = str(request.path_params[name])
    if not pattern.fullmatch(value):
        raise Problem(422, "invalid", f"{name} is not of the right form")
    return value


def page_of(request: Request) -> tuple[str | None, str]:
    """Return what a page of the books begins behind, None for the beginning, and from which day on."""
    given = request.query_params
    after, since = given.get("after"), given.get("since")
    if set(given) - {"after", "since"} or any(len(given.getlist(name)) > 1 for name in given):
        raise Problem(422, "invalid", "give after and since at most once, and nothing else")
    if after is not None and not ID.fullmatch(after):
        raise Problem(422, "invalid", "after is not of the right form")
    if since is not None and not _is_day(since):
        raise Problem(422, "invalid", "since is a day such as 2026-11-21")
    return after, since or ""


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False


async def answer_problem(_: Request, error: Exception) -> Response:
    """Answer what was refused."""
    assert isinstance(error, Problem)  # noqa: S101 - registered for nothing else
    return json_answer(error.document, error.status)


async def answer_http(_: Request, error: Exception) -> Response:
    """Answer what the framework refused: no such path, no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    code = {404: "no_such_path", 405: "no_such_method"}.get(error.status_code, "refused")
    return json_answer(
        Problem(error.status_code, code, error.detail).document, error.status_code, error.headers
    )


def json_answer(document: object, status: int = 200, headers: object = None) -> Response:
    """Return an answer; from 400 on it is a problem document."""
    media_type = "application/json" if status < 400 else "application/problem+json"
    return Response(msgspec.json.encode(document), status, headers, media_type=media_type)  # type: ignore[arg-type]
