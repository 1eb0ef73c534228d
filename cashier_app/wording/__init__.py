"""Typed reasons, outcomes and amounts turned into sentences."""
