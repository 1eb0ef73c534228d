"""Faults on purpose: every suite counts what was lost, doubled or invented, and must catch a planted bug."""
