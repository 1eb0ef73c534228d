"""What a stand-in's answers are compared with, and what there is nothing to compare with."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from cashier_app.errors import KnownError
from cashier_app.testing.stand_ins.documented import DocumentedApp, StrictBodies, Undocumented
from cashier_app.testing.stand_ins.registry import stand_in_for

PLACE = "/things/{status}"


def asked(app: DocumentedApp | Undocumented, path: str) -> int:
    async def ask() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop") as client:
            return (await client.get(path)).status_code

    return asyncio.run(ask())


def documented(tmp_path: Path, described: list[str]) -> tuple[DocumentedApp, Starlette]:
    async def answer(request: Request) -> JSONResponse:
        return JSONResponse({}, request.path_params["status"])

    app = Starlette(routes=[Route("/things/{status:int}", answer), Route("/others/{status:int}", answer)])
    status = {"name": "status", "in": "path", "required": True, "schema": {"type": "string"}}
    operation = {"parameters": [status], "responses": {one: {"description": one} for one in described}}
    document = {
        "openapi": "3.0.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {PLACE: {"get": operation}},
    }
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document))
    return DocumentedApp(app, path, "", b"{}"), app


@pytest.mark.parametrize(
    ("described", "status", "fails"),
    [
        (["200"], 200, 0),
        (["200"], 422, 0),  # no error at all is described: nothing to compare with
        (["200"], 201, 1),
        (["200", "404"], 422, 1),
        (["200", "default"], 422, 0),
    ],
)
def test_an_answer_the_document_does_not_describe(
    tmp_path: Path, described: list[str], status: int, fails: int
) -> None:
    app, _ = documented(tmp_path, described)
    assert asked(app, f"/things/{status}") == status
    assert len(app.failures) == fails


def test_paths_the_document_leaves_out_only_where_the_stand_in_says_so(tmp_path: Path) -> None:
    app, inner = documented(tmp_path, ["200"])
    assert asked(app, "/others/200") == 400
    assert len(app.failures) == 1
    assert asked(Undocumented(app, inner, ("/others/",)), "/others/200") == 200
    assert len(app.failures) == 1


def test_a_figure_sent_as_text_is_no_figure() -> None:
    schema = {"type": "object", "properties": {"amount": {"$ref": "#/components/schemas/Amount"}}}
    body = {"content": {"application/json": {"schema": schema}}}
    document = {
        "openapi": "3.0.0",
        "paths": {"/things/{id}": {"post": {"requestBody": body}}, "/things/all": {"get": {}}},
        "components": {"schemas": {"Amount": {"type": "number"}}},
    }
    bodies = StrictBodies(document, "/api")
    assert bodies.wrong_with("POST", "/api/things/7", b'{"amount": 20}') == ""
    assert "number" in bodies.wrong_with("POST", "/api/things/7", b'{"amount": "20"}')
    assert bodies.wrong_with("POST", "/api/things/7", b"{") == "the body is no JSON"
    assert bodies.wrong_with("GET", "/api/things/all", b"") == ""


def test_a_secret_a_stand_in_does_not_know_is_refused_without_its_value() -> None:
    with pytest.raises(KnownError, match="'acess token' is none of its secrets: access token") as refused:
        stand_in_for("square", {"acess token": "made-up"})
    assert "made-up" not in f"{refused.value}{refused.value.detail}"
    assert stand_in_for("square", {"access token": "made-up"}).secrets == {"access token": "made-up"}
