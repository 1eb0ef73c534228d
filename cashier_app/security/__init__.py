"""Credentials and what must never be logged."""
