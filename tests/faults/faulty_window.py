"""The till's own window playing its tour while each first request about an effect goes wrong.

Run with one argument, the fault; the last line printed is the tour's.
"""

from __future__ import annotations

import sys

from cashier_app import bootstrap
from cashier_app.backends.contract import ContractBackend
from cashier_app.ports.backend_kind import Deadlines
from cashier_app.ports.credentials import Secret
from cashier_app.ports.loyalty import LoyaltyBackend
from tests.faults import misbehaviour as bad
from tests.faults.proxy import Behaviour, FaultProxy, Request, honest
from ui.__main__ import main as open_till

FAULTS: dict[str, Behaviour] = {
    "slow loris": bad.drip(bad.HEAD + b"Content-Length: 9999\r\n\r\n", b" "),
    "5xx": bad.SERVER_ERRORS["500"],
}
PATIENT_ENOUGH = Deadlines(find=1.5, post=1.5)
SLOW_SEARCH = bad.delayed(0.3)


def main(fault: str) -> int:
    """Play the tour behind the proxy; each effect's first request meets the fault, each search is slow."""
    seen: set[str] = set()

    def plan(request: Request) -> Behaviour:
        if request.path == "/v1/members/find":
            return SLOW_SEARCH
        if not request.is_about_an_effect or request.key in seen:
            return honest
        seen.add(request.key)
        return FAULTS[fault]

    proxies: list[FaultProxy] = []

    def backend(address: str, token: Secret) -> LoyaltyBackend:
        # One proxy for the one backend of the demo shop; it ends with the process.
        proxies.append(FaultProxy(int(address.rpartition(":")[2]), plan).__enter__())
        return ContractBackend(proxies[-1].base_url, token, deadlines=PATIENT_ENOUGH)

    bootstrap.contract_backend = backend
    code = open_till(["--demo", "--tour"])
    for proxy in proxies:
        proxy.__exit__()
    return code if seen else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
