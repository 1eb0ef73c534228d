"""Devices and decoding: from a picture or a burst of keys to text."""
