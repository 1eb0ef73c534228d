"""The addresses of one store at Open Loyalty, with the deadlines of the till."""

from __future__ import annotations

from contextlib import AbstractContextManager

from cashier_app.backends.http_client import HttpClient, Query, path_of
from cashier_app.backends.replies import Reply
from cashier_app.ports.backend_kind import Deadlines

PAGE = 50
"""Most entries a list gives at once."""


class Store:
    """Speaks to one store. Safe from any thread.

    Args:
        http: Reaches the tenant.
        code: The store's.
        deadlines: For what a cashier waits for, and for the rest.
    """

    def __init__(self, http: HttpClient, code: str, deadlines: Deadlines) -> None:
        self._http = http
        self._code = code
        self.deadlines = deadlines

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Give all calls this thread makes here one deadline."""
        return self._http.within(seconds)

    def get(self, *parts: str, query: Query | None = None) -> Reply:
        """Read something of the store; inside `within`, or for at most the longer deadline."""
        path = path_of("api", self._code, *parts)
        return self._http.get(path, seconds=self.deadlines.post, query=query)

    def post(self, *parts: str, body: object = None) -> Reply:
        """Write something; as `get`."""
        return self._http.post(path_of("api", self._code, *parts), body, seconds=self.deadlines.post)

    def list(self, *parts: str, newest_first: str, page: int = 1, **filters: str) -> Reply:
        """Read one page of a list, 50 entries.

        Args:
            parts: Of the address.
            newest_first: The field that orders it.
            page: From 1.
            filters: Exact values by field; a double underscore stands for a colon.
        """
        query: list[tuple[str, str | int | float | bool | None]] = [
            (name.replace("__", ":"), value) for name, value in filters.items()
        ]
        query += [(f"_orderBy[{newest_first}]", "desc"), ("_itemsOnPage", PAGE), ("_page", page)]
        return self.get(*parts, query=query)
