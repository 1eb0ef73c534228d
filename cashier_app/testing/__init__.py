"""For whoever writes a loyalty backend: the tests it must pass, and vendors' systems to try it against."""
