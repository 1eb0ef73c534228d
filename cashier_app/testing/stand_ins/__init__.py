"""Vendors' loyalty systems in miniature, for tests and for trying a till out."""
