"""A vendor's system made from nothing but its published OpenAPI document.

It answers every documented operation with an example of the document, or with something its schema allows. It
refuses, and counts, every request that the document would not let through. It knows nothing of what an
operation means: a till's requests must be right whatever comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
from openapi_core import OpenAPI
from openapi_core.contrib.starlette import StarletteOpenAPIRequest
from openapi_core.exceptions import OpenAPIError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from cashier_app.demo.serving import HOST, QuietServer, listen
from cashier_app.testing.stand_ins.documented import StrictBodies, read_document

DEEPEST = 8
TEXTS = {
    "date-time": "2026-11-21T10:00:00Z",
    "date": "2026-11-21",
    "uuid": "0c1b6f0a-52a9-4c1e-9d86-3c1f3b5b7a10",
    "email": "asha@shop.example",
    "uri": "https://shop.example/",
}
JSON = "application/json"


@dataclass
class DocumentMock:
    """Serves one document.

    Args:
        document: OpenAPI 3, JSON or YAML.
        prefix: What stands before the document's paths.
        instead: Answers by method and path as the document writes it, such as ``GET /leads/{id}``, for
            operations whose answers it does not describe.
    """

    document: Path
    prefix: str = ""
    instead: Mapping[str, object] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._spec = read_document(self.document, self.prefix)
        self._bodies = StrictBodies(self._spec, self.prefix)
        self._openapi = OpenAPI.from_dict(self._spec, base_uri=self.document.resolve().as_uri())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        body = await request.body()
        answer = self._answer(request, body)
        await answer(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        named = f"{request.method} {request.url.path.removeprefix(self.prefix)}"
        wrong = self._bodies.wrong_with(request.method, request.url.path, body)
        try:
            self._openapi.validate_request(StarletteOpenAPIRequest(request, body))
        except OpenAPIError as error:
            wrong = f"{error} {error.__cause__ or ''} {wrong}"
        if wrong:
            self.rejected.append(f"{named}: {wrong}"[:500])
            return JSONResponse({}, 400)
        operation = self._operation(request)
        self.asked.append(operation)
        if operation in self.instead:
            return Response(msgspec.json.encode(self.instead[operation]), media_type=JSON)
        method, _, path = operation.partition(" ")
        return self._documented(self._spec["paths"][path][method.lower()])

    def _operation(self, request: Request) -> str:
        """Return the method and the document's path, the one with the fewest parameters that fits."""
        steps = request.url.path.removeprefix(self.prefix).split("/")
        fits = [
            path
            for path, item in self._spec["paths"].items()
            if request.method.lower() in item and _fits(path.split("/"), steps)
        ]
        return f"{request.method} {min(fits, key=lambda path: path.count('{'))}"

    def _documented(self, operation: Mapping[str, Any]) -> Response:
        responses = operation["responses"]
        good = sorted(str(status) for status in responses if str(status).startswith("2"))
        status = good[0] if good else "default"
        described = self._at(responses.get(status) or responses.get(int(status)))
        content = described.get("content", {})
        kind = next((kind for kind in content if "json" in kind), None)
        code = int(status) if status.isdigit() else 200
        if kind is None:
            return Response(status_code=code) if code == 204 else JSONResponse({}, code)
        media = content[kind]
        if "example" in media:
            return JSONResponse(media["example"], code)
        if media.get("examples"):
            return JSONResponse(self._at(next(iter(media["examples"].values()))).get("value"), code)
        return JSONResponse(self._like(media.get("schema", {}), 0), code)

    def _at(self, node: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return what a reference stands for."""
        while isinstance(node, dict) and "$ref" in node:
            found: Any = self._spec
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def _like(self, schema: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON, one case each
        """Return something a schema allows; what is not required is there as well, to a depth."""
        schema = self._at(schema)
        for known in ("example", "default", "const"):
            if known in schema:
                return schema[known]
        if schema.get("enum"):
            return schema["enum"][0]
        if "allOf" in schema:
            return self._all_of([self._like(part, depth) for part in schema["allOf"]])
        for choice in ("oneOf", "anyOf"):
            if choice in schema:
                return self._like(schema[choice][0], depth)
        kinds = schema.get("type", "object" if "properties" in schema else "")
        return self._of_kind(kinds[0] if isinstance(kinds, list) else kinds, schema, depth)

    def _of_kind(self, kind: str, schema: Mapping[str, Any], depth: int) -> Any:  # noqa: ANN401 - any JSON
        match kind:
            case "object":
                required = schema.get("required", [])
                properties = schema.get("properties", {})
                wanted = [name for name in properties if depth < DEEPEST or name in required]
                return {name: self._like(properties[name], depth + 1) for name in wanted}
            case "array":
                return [self._like(schema.get("items", {}), depth + 1)] if depth < DEEPEST else []
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return False
            case "string":
                text = TEXTS.get(schema.get("format", ""), "text")
                return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 10**6)]
        return {}

    def _all_of(self, parts: list[Any]) -> Any:  # noqa: ANN401 - any JSON
        objects = [part for part in parts if isinstance(part, dict)]
        return {name: value for part in objects for name, value in part.items()} if objects else parts[0]


@contextmanager
def served(mock: DocumentMock) -> Iterator[str]:
    """Serve a mock on loopback; give its address."""
    listener = listen(0)
    server = QuietServer(mock)
    thread = Thread(target=server.run, args=([listener],), name="document mock")
    thread.start()
    try:
        assert server.ready.wait(10)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.end()
        thread.join()


def _fits(pattern: list[str], steps: list[str]) -> bool:
    return len(pattern) == len(steps) and all(
        one.startswith("{") or one == step for one, step in zip(pattern, steps, strict=True)
    )
