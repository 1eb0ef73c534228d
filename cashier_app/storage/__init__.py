"""The till's own database."""
