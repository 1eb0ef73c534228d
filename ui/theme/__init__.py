"""Tokens, type, icons and painting shared by all widgets."""
