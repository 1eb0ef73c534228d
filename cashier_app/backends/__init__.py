"""Loyalty backends, one module each."""
