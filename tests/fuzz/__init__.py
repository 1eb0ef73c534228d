"""Inputs made from good ones by changing them, in numbers that a test suite has no time for."""
