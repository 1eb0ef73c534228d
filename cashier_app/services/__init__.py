"""Use cases: look up, quote, check out, deliver."""
