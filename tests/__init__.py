"""The tests; shared stand-ins are in `tests.fakes`."""
