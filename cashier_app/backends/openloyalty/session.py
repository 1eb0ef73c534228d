"""A session of Open Loyalty by user name and password, for tenants that give out no permanent key."""

from __future__ import annotations

import time
from collections.abc import Mapping

from cashier_app.backends.authorization import Authorization, RenewedToken, SecretHeaders, no_authorization
from cashier_app.backends.contract_messages import read_answer
from cashier_app.backends.http_client import HttpClient
from cashier_app.backends.openloyalty.kind import API_KEY, PASSWORD, USER_NAME
from cashier_app.backends.openloyalty.messages import TokenAnswer
from cashier_app.backends.replies import Answered, Reply
from cashier_app.errors import KnownError
from cashier_app.ports.backend_kind import Surroundings
from cashier_app.ports.credentials import Secret

NO_SECRETS = "Open Loyalty: neither a permanent API key nor a user name with its password is stored."

LEAST_SECONDS = 5.0
"""Between two sign-ins: the tenant allows 20 a minute to everybody together."""


class SignIn:
    """Signs in, later by the refresh token, again by the password where that is refused.

    Args:
        around: The till.
        user_name: Of an administrator made for the till.
        password: Theirs.
    """

    def __init__(self, around: Surroundings, user_name: Secret, password: Secret) -> None:
        self._http = HttpClient(
            around.address, no_authorization(), clock=around.clock, authorities=around.authorities
        )
        # The call that was refused has spent a part of its own time already.
        self._seconds = around.deadlines.find / 4
        self._user_name = user_name
        self._password = password
        self._refresh = ""
        self._last: float | None = None

    def token(self) -> Secret | None:
        """Return a new token, or None: refused, not answered, or asked for a moment ago. Blocking."""
        now = time.monotonic()
        if self._last is not None and now - self._last < LEAST_SECONDS:
            return None
        self._last = now
        if self._refresh:
            asked = {"refresh_token": self._refresh}
            token = self._read(self._http.post("/api/token/refresh", asked, seconds=self._seconds))
            if token is not None:
                return token
            self._refresh = ""
        asked = {"username": self._user_name.reveal(), "password": self._password.reveal()}
        return self._read(self._http.post("/api/admin/login_check", asked, seconds=self._seconds))

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def _read(self, reply: Reply) -> Secret | None:
        if not isinstance(reply, Answered) or not reply.is_success:
            return None
        answer = read_answer(reply.body, TokenAnswer)
        if answer is None:
            return None
        self._refresh = answer.refresh_token
        return Secret(answer.token)


def authorization_of(
    secrets: Mapping[str, Secret], around: Surroundings
) -> tuple[Authorization, SignIn | None]:
    """Return how requests are authorised: by the permanent key where there is one, else by a session.

    Raises:
        KnownError: There is neither, or the key cannot be used.
    """
    if API_KEY.name in secrets:
        return SecretHeaders(("X-AUTH-TOKEN", "", secrets[API_KEY.name])), None
    if USER_NAME.name not in secrets or PASSWORD.name not in secrets:
        raise KnownError(NO_SECRETS)
    sign_in = SignIn(around, secrets[USER_NAME.name], secrets[PASSWORD.name])
    return RenewedToken(sign_in.token), sign_in
