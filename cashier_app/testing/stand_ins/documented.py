"""Checks a stand-in against its vendor's own OpenAPI document: every request, and every answer of its own.

Needs openapi-core, which comes with the extra ``testing``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openapi_core import Config, OpenAPI
from openapi_core.contrib.starlette import StarletteOpenAPIRequest, StarletteOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_schema_validator import OAS30WriteValidator, OAS31Validator
from openapi_spec_validator.readers import read_from_filename
from referencing import Registry, Specification
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cashier_app.testing.stand_ins.read_twice import again_given, body_of

_HERE = "urn:the-vendors-document"


@dataclass
class DocumentedApp:
    """Lets through what the document allows, answers 400 to the rest, and remembers each failure.

    Args:
        document: OpenAPI 3, JSON or YAML.
        prefix: What stands before the document's paths, such as ``/api``.
        error_body: JSON the vendor would answer 400 with.
    """

    app: ASGIApp
    document: Path
    prefix: str
    error_body: bytes
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        described = read_document(self.document, self.prefix)
        self._bodies = StrictBodies(described, self.prefix)
        self._openapi = OpenAPI.from_dict(
            described,
            base_uri=self.document.resolve().as_uri(),
            config=Config(extra_media_type_deserializers={"application/problem+json": json.loads}),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await body_of(receive)
        request = StarletteOpenAPIRequest(Request(scope), body)
        where = f"{scope['method']} {scope['path']}"
        wrong = self._bodies.wrong_with(scope["method"], scope["path"], body)
        try:
            self._openapi.validate_request(request)
        except OpenAPIError as error:
            wrong = _said(error)
        if wrong:
            self.failures.append(f"{where}: the request is not as documented: {wrong}")
            answer = Response(self.error_body, 400, media_type="application/json")
            await answer(scope, receive, send)
            return
        collected = _Collected()
        await self.app(scope, again_given(body, receive), collected)
        try:
            self._openapi.validate_response(request, StarletteOpenAPIResponse(collected.response()))
        except OpenAPIError as error:
            if not _tells_no_errors(error, collected.status):
                self.failures.append(
                    f"{where}: the answer {collected.status} is not as documented: {_said(error)}"
                )
        await _sent(collected, send)


class StrictBodies:
    """Checks the types in JSON bodies of requests as they are: openapi-core takes ``"20"`` for a number.

    Args:
        described: A document, from `read_document`.
        prefix: What stands before its paths.
    """

    def __init__(self, described: dict[str, Any], prefix: str) -> None:
        self._described = described
        self._prefix = prefix
        resource = Specification.OPAQUE.create_resource(described)
        self._registry: Any = Registry().with_resource(_HERE, resource)
        is_30 = str(described.get("openapi", "")).startswith("3.0")
        self._validator: Any = OAS30WriteValidator if is_30 else OAS31Validator

    def wrong_with(self, method: str, path: str, body: bytes) -> str:
        """Return what is wrong with a body; empty where nothing is, or where there is nothing to say."""
        named = self._documented(method, path)
        if named is None or not body:
            return ""
        try:
            value = json.loads(body)
        except ValueError:
            return "the body is no JSON"
        steps = ("paths", named, method.lower(), "requestBody", "content", "application/json", "schema")
        place = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
        found = self._validator({"$ref": f"{_HERE}#/{place}"}, registry=self._registry).iter_errors(value)
        return "; ".join(f"{one.json_path}: {one.message}" for one in found)[:600]

    def _documented(self, method: str, path: str) -> str | None:
        """Return the document's path whose operation says what JSON it takes, the most exact that fits."""
        steps = path.removeprefix(self._prefix).split("/")
        fits = [
            named
            for named, item in self._described.get("paths", {}).items()
            if "schema"
            in item.get(method.lower(), {})
            .get("requestBody", {})
            .get("content", {})
            .get("application/json", {})
            and _fits(named.split("/"), steps)
        ]
        return min(fits, key=lambda named: named.count("{"), default=None)


def _fits(named: list[str], steps: list[str]) -> bool:
    return len(named) == len(steps) and all(
        one.startswith("{") or one == step for one, step in zip(named, steps, strict=True)
    )


@dataclass
class Undocumented:
    """Lets paths through that the document leaves out; all others are checked.

    Args:
        documented: Checks.
        app: Answers what is not checked.
        beginnings: How paths begin that the document leaves out.
    """

    documented: ASGIApp
    app: ASGIApp
    beginnings: tuple[str, ...]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        unchecked = scope["type"] == "http" and scope["path"].startswith(self.beginnings)
        await (self.app if unchecked else self.documented)(scope, receive, send)


def read_document(path: Path, prefix: str = "") -> dict[str, Any]:
    """Return an OpenAPI document that describes this very server, wherever the vendor's is."""
    document: dict[str, Any] = dict(read_from_filename(str(path))[0])
    document["servers"] = [{"url": prefix or "/"}]
    for item in document.get("paths", {}).values():
        item.pop("servers", None)
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("servers", None)
    return document


def _tells_no_errors(error: OpenAPIError, status: int) -> bool:
    """Say whether an error answer has nothing to agree with, for the document describes none."""
    if status < 400 or not isinstance(error, ResponseNotFound):
        return False
    described = [str(name) for name in error.availableresponses]
    return not any(name == "default" or name.startswith(("4", "5")) for name in described)


async def _sent(collected: _Collected, send: Send) -> None:
    for message in collected.messages:
        await send(message)


class _Collected:
    """An answer before anybody gets it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.status = 0

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)
        if message["type"] == "http.response.start":
            self.status = message["status"]

    def response(self) -> Response:
        body = b"".join(one.get("body", b"") for one in self.messages if one["type"] == "http.response.body")
        headers = self.messages[0].get("headers", [])
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
        return Response(body, self.status, named, media_type=named.get("content-type"))


def _said(error: Exception) -> str:
    """Return what the checker says, its causes included, without the values of secrets in headers."""
    parts = [str(error)]
    cause: BaseException | None = error
    while cause is not None:
        parts += [one.message for one in getattr(cause, "schema_errors", ())]
        cause = cause.__cause__
    return "; ".join(part for part in parts if part)[:600]
