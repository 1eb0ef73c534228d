"""Whole screens: they render snapshots and send intents back."""
