"""Fuzz the parser of identifiers with a million texts: `make fuzz`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzz.identifiers import fuzz


def main() -> int:
    """Print what was found; exit code 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    before = time.monotonic()
    found = fuzz(options.count, options.seed)
    took = time.monotonic() - before
    print(f"{found.tried:,} texts from seed {options.seed} in {took:.0f} s, {len(found.wrong)} wrong")
    print(f"slowest: {found.slowest[0] * 1000:.1f} ms of processor time for {found.slowest[1][:80]!r}")
    for kind, count in found.kinds.most_common():
        print(f"  {count:>9,}  {kind}")
    for text, trouble in found.wrong:
        print(f"WRONG {trouble}: {text!r}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
