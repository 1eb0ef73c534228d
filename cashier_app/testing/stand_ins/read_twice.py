"""Reading a request's body before whoever answers it does."""

from __future__ import annotations

from starlette.types import Message, Receive


async def body_of(receive: Receive) -> bytes:
    """Return a request's body."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


def again_given(body: bytes, receive: Receive) -> Receive:
    """Return a way to receive a body that was read already."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
